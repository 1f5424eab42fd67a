"""A guide as a message or on paper: everything that a session holds, for those who write guides or read them there."""

from __future__ import annotations

from collections.abc import Mapping

from bot.guides.rules import ROLES, Every, Guide, Part, Session
from bot.i18n import Translator, translator
from bot.markup import Bold, Plain, Spans, fill, join, literal
from bot.messages import Block, Heading, List, Message, Text


def preview(guide: Guide, session: Session) -> Message:
    """All of one session in one message, in the order in which it is lived."""
    t = translator(guide.language)
    version = t("version {n}").format(n=guide.version)
    footer = f"{guide.id}, {version} · {', '.join(guide.authors)} · {guide.licence}"
    blocks: list[Block] = [
        Heading(literal(f"{guide.title} · {session_name(t, session.number, guide.every)}: {session.title}")),
        Text(session.purpose),
    ]
    for name, content in sections(t, guide, session):
        blocks += [Heading(literal(name)), *content]
    return Message((*blocks, Text(literal(footer), "quiet")))


def session_name(t: Translator, number: int, every: Every) -> str:
    """What a session is called on paper: "Week 3" or, where not every week has one, "Meeting 3"."""
    if not number:
        return t("Set-up meeting")
    return t("Week {n}").format(n=number) if every == "weekly" else t("Meeting {n}").format(n=number)


def sections(t: Translator, guide: Guide, session: Session) -> tuple[tuple[str, tuple[Block, ...]], ...]:
    """The parts of a session with their names, as far as there are any, in the order in which they are lived."""
    before = t("Preparation, for the mentor") if guide.kind == "pair" else t("Before you meet")
    found: tuple[tuple[str, tuple[Block, ...]], ...] = (
        (before, session.preparation),
        (t("Preparation, for whoever leads"), session.facilitator_preparation),
        (t("Prompt"), session.prompt),
        (t("Agenda, {n} minutes").format(n=guide.minutes), _parts(t, session.agenda)),
        (t("Exercise"), session.exercise),
        (t("Reading"), session.reading),
        (t("Task"), session.task),
        (t("To think about"), _line(session.reflection)),
        (t("Quiz"), _quiz(guide, session)),
        (t("The answers"), _answers(guide, session)),
        (t("Steps, for the mentee"), _parts(t, session.steps)),
        (t("Check-in question"), _questions(t, guide, session)),
        (t("If you missed it"), _line(session.missed)),
        (t("Next small step"), session.next_step),
        (t("Tip for whoever leads"), session.tip),
        (t("What is often difficult"), session.challenge),
        (t("Short edition, {n} minutes").format(n=guide.short_minutes), _parts(t, session.short)),
    )
    return tuple((name, blocks) for name, blocks in found if blocks)


def to_study(t: Translator, guide: Guide) -> frozenset[str]:
    """The parts of a session that have a sheet of their own, by their names: what each reads alone, where the group has
    the rest before it."""
    return frozenset((t("Reading"), t("Quiz"), t("The answers")) if guide.training else ())


def cover(t: Translator, guide: Guide) -> tuple[tuple[str, tuple[Block, ...]], ...]:
    """The parts of what is said about a guide as a whole, as far as there are any."""
    found = (
        (t("For whom"), guide.for_whom),
        (t("Not for"), guide.not_for),
        (t("Roles"), guide.roles),
        (t("What to prepare"), guide.prepare),
        (t("What to expect"), guide.expect),
        (t("Welcome"), guide.welcome),
        (t("At the end"), guide.closing),
        (t("Sources"), guide.sources),
    )
    return tuple((name, blocks) for name, blocks in found if blocks)


def rhythm(t: Translator, guide: Guide) -> str:
    """How often and how long, for somebody who holds the guide in their hands."""
    often = {
        "weekly": t("{n} meetings, one a week, {minutes} minutes each"),
        "fortnightly": t("{n} meetings, one every two weeks, {minutes} minutes each"),
        "monthly": t("{n} meetings, one a month, {minutes} minutes each"),
    }[guide.every]
    if guide.kind == "solo":
        often = t("{n} parts, {minutes} minutes each, at your own pace")
    return often.format(n=len(guide.sessions), minutes=guide.minutes)


def size(t: Translator, guide: Guide) -> str:
    """How many people it is for."""
    match guide.kind:
        case "solo":
            return t("one person")
        case "pair":
            return t("two people")
        case "circle":
            return t("{least} to {most} people").format(least=guide.at_least, most=guide.at_most)


def _line(text: str) -> tuple[Block, ...]:
    return (Text(literal(text)),) if text else ()


def _quiz(guide: Guide, session: Session) -> tuple[Block, ...]:
    asked = [one for one in guide.quiz if one.session == session.number]
    return tuple(
        block
        for number, one in enumerate(asked, 1)
        for block in (
            Text((Bold(f"{number}. {one.question}"),)),
            List(tuple(literal(text) for _, text in one.choices)),
        )
    )


def _answers(guide: Guide, session: Session) -> tuple[Block, ...]:
    lines = tuple((Bold(one.right), Plain(f" {one.why}")) for one in guide.quiz if one.session == session.number)
    return (List(lines, ordered=True),) if lines else ()


def _parts(t: Translator, parts: tuple[Part, ...]) -> tuple[Block, ...]:
    return (List(tuple(_part(t, part) for part in parts)),) if parts else ()


def _part(t: Translator, part: Part) -> Spans:
    return join([fill(t("**{n} min**"), n=part.minutes), part.text], " ")


def _questions(t: Translator, guide: Guide, session: Session) -> tuple[Block, ...]:
    """One question for all, or one for each role, where a role has its own."""
    if not session.role_questions:
        return _line(session.question)
    names = {"mentor": t("Mentor"), "mentee": t("Mentee")}
    return tuple(
        Text((Bold(f"{names.get(role, role)}:"), Plain(f" {session.question_for(role)}"))) for role in ROLES[guide.kind]
    )


def on_paper(t: Translator) -> Mapping[str, str]:
    """The words around a guide where it is printed, or read as pages."""
    return {
        "to_content": t("To the content"),
        "where": t("Where you are"),
        "all_guides": t("All guides"),
        "language": t("Language"),
        "title": t("Guides and library"),
        "lead": t("Each guide says what a group does in each of its meetings. Every page prints."),
        "guides": t("Guides"),
        "library": t("Library"),
        "meetings": t("The meetings"),
        "everything": t("Everything on one page, to print"),
        "others": t("Other meetings"),
        "read_on": t("Read on"),
        "version": t("Version"),
    }
