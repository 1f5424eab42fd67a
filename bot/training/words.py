"""What is said of trainings: what there is, how far one is, the end. Sessions: ``lessons``. Values in, messages out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.actions import action
from bot.groups.rules import Group
from bot.guides.rules import Guide, Session
from bot.i18n import Translator
from bot.markup import fill, join, literal
from bot.messages import Block, Button, Divider, Facts, Heading, LinkButton, List, Message, Progress, Text
from bot.training.rules import (
    Certificate,
    Course,
    first_left,
    is_through,
    left,
    questions,
    unanswered,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A guide that somebody takes alone. ``certificate``: once it is complete. ``sealed``: what they write about
    themselves can be kept so that only they can read it; else they are not asked."""

    guide: Guide
    course: Course
    certificate: Certificate | None = None
    sealed: bool = True

    @property
    def has_begun(self) -> bool:
        return bool(self.course.read)

    @property
    def is_complete(self) -> bool:
        return left(self.guide, self.course).nothing


# ── what there is ────────────────────────────────────────────────────────────────────────────────────────────────────


def all_of(t: Translator, taken: Sequence[Taken]) -> Message:
    """Everything that one can take alone."""
    blocks: list[Block] = [
        Heading(literal(t("Learn at your own pace"))),
        Text(literal(t("Only you see how far you are and what you answer."))),
    ]
    for one in taken:
        blocks += [
            Divider(),
            Text(fill("**{title}**", title=literal(one.guide.title))),
            Text(one.guide.summary),
            Text(literal(_pace(t, one)), "quiet"),
            Button(_open_label(t, one), action("train", one.guide.id)),
        ]
    return Message(tuple(blocks))


def _pace(t: Translator, one: Taken) -> str:
    if one.is_complete:
        return t("You have completed this.")
    n = len(one.guide.sessions)
    if one.has_begun:
        through = sum(is_through(one.guide, one.course, session) for session in one.guide.sessions)
        return t("{n} of {all} sessions done.").format(n=through, all=n)
    said = t.count("{n} session, about {minutes} minutes", "{n} sessions, about {minutes} minutes each", n)
    return said.format(n=n, minutes=one.guide.minutes)


def _open_label(t: Translator, one: Taken) -> str:
    if one.is_complete:
        return t("Look at “{title}”").format(title=one.guide.title)
    said = t("Go on with “{title}”") if one.has_begun else t("Begin “{title}”")
    return said.format(title=one.guide.title)


def overview(t: Translator, one: Taken) -> Message:
    """A training as a whole: how far one is in it, and every session."""
    guide, course = one.guide, one.course
    blocks: list[Block] = [Heading(literal(guide.title)), Text(guide.summary)]
    if not one.has_begun:
        blocks += guide.welcome
    through = sum(is_through(guide, course, session) for session in guide.sessions)
    blocks += [
        Divider(),
        Progress(t("Sessions done"), through, len(guide.sessions)),
        List(tuple(literal(_line(t, one, session)) for session in guide.sessions), ordered=guide.first == 1),
    ]
    if one.is_complete:
        blocks += [Divider(), *guide.closing, *to_certificate(t, one)]
    else:
        blocks.append(Text(literal(_what_is_left(t, one)), "quiet"))
        label = t("Go on") if one.has_begun else t("Begin")
        blocks.append(Button(label, action("lesson", guide.id, first_left(guide, course)), "primary"))
    blocks += [
        Button(t("Session {n}").format(n=session.number), action("lesson", guide.id, session.number))
        for session in guide.sessions
        if one.has_begun
    ]
    return Message(tuple(blocks))


def to_certificate(t: Translator, one: Taken) -> list[Block]:
    return [Button(t("My certificate"), action("certificate", one.guide.id), "primary")] if one.certificate else []


def _line(t: Translator, one: Taken, session: Session) -> str:
    """ "A first call: read, task done, quiz 2 of 3" """
    guide, course, number = one.guide, one.course, session.number
    asked = len(questions(guide, number))
    parts = [t("read")] if number in course.read else []
    if session.task and number in course.done:
        parts.append(t("task done"))
    if asked and number in course.read:
        right = asked - len(unanswered(guide, course, number))
        parts.append(t("quiz {n} of {all}").format(n=right, all=asked))
    return f"{session.title}: {t.list(parts)}" if parts else session.title


def _what_is_left(t: Translator, one: Taken) -> str:
    rest = left(one.guide, one.course)
    parts = [
        t.count("{n} session to read", "{n} sessions to read", rest.sessions).format(n=rest.sessions),
        t.count("{n} task to do", "{n} tasks to do", rest.tasks).format(n=rest.tasks),
        t.count("{n} question to answer right", "{n} questions to answer right", rest.questions).format(
            n=rest.questions
        ),
    ]
    there = [part for part, n in zip(parts, (rest.sessions, rest.tasks, rest.questions), strict=True) if n]
    said = t("Until your certificate: {what}.") if one.guide.training else t("Still to do: {what}.")
    return said.format(what=t.list(there))


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def completed(t: Translator, one: Taken) -> str:
    """What is said in the moment in which the last thing was done."""
    if one.certificate is not None:
        return t("That was the last step. Your certificate is on its way to you.")
    return t("That was the last step. You are prepared.")


def certificate(t: Translator, one: Certificate, address: str) -> Message:
    """``address``: of the page that prints; "" where there is none."""
    blocks: list[Block] = [
        Heading(literal(t("Certificate: {title}").format(title=one.title))),
        Text(
            fill(
                t("**{name}** has completed this training on {day}."),
                name=literal(one.name),
                day=t.long_day(one.issued),
            )
        ),
        Text(literal(t("What you have learned:"))),
        List(tuple(literal(title) for title in one.learned)),
    ]
    if one.number:
        blocks.append(Facts(((t("Number"), join([fill("`{n}`", n=one.number)], "")),)))
    if address:
        blocks += [
            Text(literal(t("Whoever has the address or the number can see that it is true.")), "quiet"),
            LinkButton(t("Open the page to print"), address),
        ]
    elif one.number:
        said = t("For a page to print, give this number to whoever runs Circlet: they make it in a minute.")
        blocks.append(Text(literal(said), "quiet"))
    else:
        said = t("It has no number, because nobody has given Circlet a key yet. Ask me again when there is one.")
        blocks.append(Text(literal(said), "quiet"))
    return Message(tuple(blocks))


def on_paper(t: Translator, one: Certificate) -> Mapping[str, str]:
    """The words of the printed page."""
    return {
        "certificate": t("Certificate"),
        "has_completed": t("has completed the training"),
        "learned": t("What was learned"),
        "on": t("Completed on"),
        "day": t.long_day(one.issued),
        "number": t("Number"),
        "verify": t("Whoever runs Circlet in this organisation can confirm the number."),
    }


def offer(t: Translator, group: Group, one: Taken, role: str) -> Message:
    """To somebody whose pair is about to begin: a short preparation of their own."""
    said = (
        t("You are going to mentor in **{group}**. This gets you ready before you first meet.")
        if role == "mentor"
        else t("Before you first meet in **{group}**, this gets you ready.")
    )
    begun = t("Go on") if one.has_begun else t("Begin")
    return Message(
        (
            Heading(literal(one.guide.title)),
            Text(fill(said, group=literal(group.name))),
            Text(literal(_pace(t, one)), "quiet"),
            Button(begun, action("train", one.guide.id), "primary"),
        )
    )
