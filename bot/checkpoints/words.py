"""What is said around a checkpoint: the questions, the thanks, a re-match, what came of it. Values in, messages out.
What somebody has answered themselves is in ``own``, what is told of everybody's answers in ``telling``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.actions import action
from bot.checkpoints.asking import Asked, seen_by_others
from bot.checkpoints.forms import form
from bot.checkpoints.telling import everything, one_poll
from bot.checkpoints.terms import title
from bot.checkpoints.waves import Program
from bot.groups.rules import Group
from bot.groups.words import note
from bot.i18n import Translator
from bot.markup import Spans, fill, literal
from bot.messages import Ask, Block, Button, Heading, Message, Text

# ── asking, thanking ─────────────────────────────────────────────────────────────────────────────────────────────────


def request(t: Translator, asked: Asked) -> Message:
    """In private, when a poll opens."""
    n = len(asked.items)
    return Message(
        (
            Heading(literal(title(t, asked.poll))),
            Text(_why(t, asked)),
            Text(
                fill(
                    t.count(
                        "{group} · {n} question, until {when}. {seen}",
                        "{group} · {n} questions, until {when}. {seen}",
                        n,
                    ),
                    group=literal(asked.group.name),
                    n=str(n),
                    when=t.moment(asked.closes, asked.zone),
                    seen=literal(seen_by_others(t, asked.items)),
                ),
                "quiet",
            ),
            *_buttons(t, asked, t("Answer")),
        )
    )


def _why(t: Translator, asked: Asked) -> Spans:
    return literal(
        {
            "baseline": t("A few questions now, and the same ones later: so you can see what these weeks have moved."),
            "fit": t("How do the two of you get on? This is only for you."),
            "midpoint": t("Half of the way lies behind you. How is it going?"),
            "final": t("The weeks are over. What has moved, and what was it worth?"),
            "followup": t("Half a year has passed. What has stayed?"),
        }[asked.poll]
    )


def _buttons(t: Translator, asked: Asked, label: str) -> list[Block]:
    return [
        Ask(label, form(t, asked), "primary"),
        Button(t("Who sees my answers?"), action("privacy", asked.group.id, asked.poll)),
    ]


def nudge(t: Translator, asked: Asked, n: int) -> Message:
    """The first or the last reminder; half-answered, it says how many questions are left."""
    left = asked.missing if asked.given else 0
    if left:
        said = t.count(
            "**{poll}** in {group}: {left} question is still open. What you have given is kept.",
            "**{poll}** in {group}: {left} questions are still open. What you have given is kept.",
            left,
        )
    elif n == 1:
        said = t("**{poll}** in {group}: your view is still missing. It takes two minutes.")
    else:
        said = t("My last reminder about **{poll}** in {group}. Leave it out if you like; I won't ask again.")
    words = {"poll": literal(title(t, asked.poll)), "group": literal(asked.group.name), "left": literal(str(left))}
    return note(fill(said, **words), *_buttons(t, asked, t("Answer")))


def thanks(t: Translator, asked: Asked, *, may_tell: bool = False) -> Message:
    """What the request becomes once something is answered. ``may_tell``: there is somebody who can help with a pair
    that does not fit, without learning who said so."""
    blocks: list[Block] = [
        Text(fill(t("Thank you. Your answers to **{poll}** are kept."), poll=literal(title(t, asked.poll))))
    ]
    if asked.missing and asked.open:
        said = t.count("{n} question is still open.", "{n} questions are still open.", asked.missing)
        blocks.append(Text(literal(said.format(n=asked.missing)), "quiet"))
    blocks += _unfit(t, asked, may_tell=may_tell)
    if asked.open:
        until = t("You can change it until {when}.").format(when=t.moment(asked.closes, asked.zone))
        blocks.append(Text(literal(until), "quiet"))
        blocks.append(Ask(t("Change my answers"), form(t, asked)))
    else:
        blocks.append(Text(literal(t("It is closed now and can no longer be changed.")), "quiet"))
    blocks.append(Button(t("Who sees my answers?"), action("privacy", asked.group.id, asked.poll)))
    blocks.append(Button(t("My answers"), action("results", asked.group.id)))
    return Message(tuple(blocks))


def _unfit(t: Translator, asked: Asked, *, may_tell: bool) -> list[Block]:
    """To somebody for whom the pair is no good fit: what would be told to whom, if they want that."""
    bad = any(item.kind == "fit" and asked.given.get(item.key) == "bad" for item in asked.items)
    if not bad:
        return []
    if not may_tell:
        said = t("Nobody is told. If you like, talk to each other, or to somebody outside whom you trust.")
        return [Text(literal(said))]
    said = t(
        "Nobody is told, unless you want it. Then {name} hears that this pair would like to talk about a re-match, and "
        "not which of you said so."
    )
    return [
        Text(fill(said, name=literal(asked.organiser))),
        Button(t("Tell {name}").format(name=asked.organiser), action("rematch", asked.group.id), "primary"),
    ]


def rematch_noted(t: Translator, group: Group, organiser: str) -> Message:
    said = t(
        "{name} hears on the next working day that **{group}** would like to talk about a re-match. Who said so stays "
        "between us."
    )
    return note(fill(said, name=literal(organiser), group=literal(group.name)))


def rematch(t: Translator, group: Group, number: int) -> Message:
    """To the organiser. Nothing in it tells which of the two it was, or what was answered. ``number``: the pair's
    within the program."""
    said = t("Pair {n}, **{group}**, would like to talk about a re-match.")
    return Message(
        (
            Text(fill(said, n=str(number), group=literal(group.name))),
            Text(
                literal(
                    t(
                        "Talk to each of them alone, soon and without asking whose wish it was. Two people who do not "
                        "fit have done nothing wrong."
                    )
                )
            ),
        )
    )


# ── the half-year poll ───────────────────────────────────────────────────────────────────────────────────────────────


def followup_set(t: Translator, group: Group, day: date | None) -> Message:
    """``day``: the group's own, as its calendar is now."""
    if day is None:
        return note(fill(t("I will not ask **{group}** again after the end."), group=literal(group.name)))
    said = t("Half a year after its end, on {day}, I ask **{group}** once more what has stayed.")
    return note(
        fill(said, group=literal(group.name), day=t.long_day(day)),
        Button(t("Rather not"), action("followup", group.id, "off")),
    )


def published(t: Translator, group: Group, program: str, poll: str) -> Message:
    """To whoever set a program up, when figures can be seen that could not be seen before. ``program``: its guide."""
    said = t("**{program}**: the figures of **{poll}** can be seen now. Once shown, they stay as they are.")
    show = Button(t("Results of the program"), action("results", group.id, "all"), "primary")
    return note(fill(said, program=literal(program), poll=literal(title(t, poll))), show)


# ── what everybody answered ──────────────────────────────────────────────────────────────────────────────────────────


def which_program(t: Translator, programs: Sequence[tuple[str, int]], poll: str) -> Message:
    """``programs``: (guide's title, a group of it)."""
    buttons = (Button(title_, action("results", group, poll)) for title_, group in programs)
    return note(literal(t("You run more than one program. Which one do you mean?")), *buttons)


def overview(t: Translator, program: Program) -> Message:
    """How a whole program moves: start, middle, end."""
    return Message(everything(t, program))


def results(t: Translator, program: Program, poll: str) -> Message:
    """One poll of a whole program, question by question."""
    return Message(one_poll(t, program, poll))
