"""The forms of polls: to ask, to look for a new time, to tick. Values in, forms out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.actions import action
from bot.forms import Choice, DateInput, Field, Form, MultiChoice, Option, TextInput, TimeInput, YesNo
from bot.groups.rules import Group
from bot.groups.words import slot as slot_words
from bot.i18n import Translator
from bot.markup import literal
from bot.people.rules import Person
from bot.polls.rules import LEAST_OPTIONS, LONGEST_OPTION, LONGEST_QUESTION, MOST_OPTIONS, Poll, lines, slot_value
from bot.polls.slots import Proposal, next_start
from bot.polls.words import People, is_small, labels, names_of, question, shows_nothing, slot_name
from bot.schedule.rules import Slot, wall

Values = Mapping[str, str | tuple[str, ...]]


def poll_form(
    t: Translator,
    group: Group | None,
    choice: tuple[Choice, ...],
    values: Values,
    closes: datetime,
    zone: str,
    *,
    sealed: bool,
) -> Form:
    """A question with its options, as far as they are known. ``sealed``: it can be anonymous."""
    options = "\n".join(lines(values.get("options", "")))
    asked = values.get("question", "")
    small = shows_nothing(t, group) if group is not None and is_small(group) else ""
    seen = t("Nobody sees who chose what. The result comes at the end, and only if enough have answered.")
    secret = (
        YesNo(
            "anonymous",
            t("Anonymous"),
            values.get("anonymous") == "yes",
            hint=small or seen,
        ),
    )
    return Form(
        action("poll", *([group.id] if group else [])),
        t("Ask the group"),
        (
            *choice,
            TextInput(
                "question",
                t("Your question"),
                asked if isinstance(asked, str) else "",
                required=True,
                limit=LONGEST_QUESTION,
            ),
            TextInput(
                "options",
                t("What can be chosen, one a line"),
                options,
                required=True,
                hint=t("{least} to {most} options, each of at most {n} characters.").format(
                    least=LEAST_OPTIONS, most=MOST_OPTIONS, n=LONGEST_OPTION
                ),
                long=True,
                limit=MOST_OPTIONS * (LONGEST_OPTION + 1),
            ),
            YesNo("multiple", t("More than one can be chosen"), values.get("multiple") == "yes"),
            *(secret if sealed else ()),
            *_closing(t, closes, zone),
        ),
        t("Ask"),
    )


def slots_form(
    t: Translator,
    group: Group,
    found: Sequence[Proposal],
    people: People,
    values: Values,
    closes: datetime,
) -> Form:
    """Times that may suit everybody, ticked, and room for others."""
    options = tuple(Option(slot_value(one.slot), _proposed(t, one, people)) for one in found)
    typed = lines(values.get("slots", ""))
    ticked = () if typed else tuple(option.value for option in options)
    return Form(
        action("slots", group.id),
        t("Find a new time"),
        (
            *((MultiChoice("chosen", t("Times to ask about"), options, ticked),) if options else ()),
            TextInput(
                "slots",
                t("Other times, one a line"),
                "\n".join(typed),
                hint=t("For example: tue 16:00"),
                long=True,
                limit=MOST_OPTIONS * 40,
            ),
            *_closing(t, closes, group.schedule.zone),
        ),
        t("Ask"),
        literal(_why(t, group, found)),
    )


def _proposed(t: Translator, one: Proposal, people: People) -> str:
    if not one.outside:
        return slot_name(t, one.slot)
    said = t("{slot} · outside the hours of {names}")
    return said.format(slot=slot_name(t, one.slot), names=names_of(t, one.outside, people))


def _why(t: Translator, group: Group, found: Sequence[Proposal]) -> str:
    """How these times were found."""
    now = t("{group} meets {when} ({zone}).").format(
        group=group.name, when=slot_words(t, group.schedule.slot), zone=group.schedule.zone
    )
    if any(one.outside for one in found):
        said = t("{now} No time is within everybody's working hours; these are for most, and near the present one.")
    else:
        said = t(
            "{now} The times below are near that one, within everybody's working hours (8:00 to 18:00 where they are) "
            "and outside their quiet hours."
        )
    return said.format(now=now)


def _closing(t: Translator, closes: datetime, zone: str) -> tuple[Field, ...]:
    there = wall(closes, zone)
    return (
        DateInput("day", t("Closes on"), there.date().isoformat(), required=True),
        TimeInput("time", t("At ({zone})").format(zone=zone), f"{there:%H:%M}", required=True),
    )


def tick_form(t: Translator, poll: Poll, group: Group, person: Person, chosen: Sequence[int], now: datetime) -> Form:
    """Whatever suits somebody, with what they chose before; times also in their own zone."""
    names = [
        _with_theirs(t, label, slot, group, person, now)
        for label, slot in zip(labels(t, poll), poll.slots or (None,) * poll.size, strict=True)
    ]
    return Form(
        action("tick", poll.id),
        t("Tick what suits you") if poll.slots else t("Your vote"),
        (
            MultiChoice(
                "chosen",
                question(t, poll),
                tuple(Option(str(n), name) for n, name in enumerate(names)),
                tuple(str(n) for n in chosen),
                hint=t("As many as you like. Nothing ticked means: none of them."),
            ),
        ),
        t("Send"),
    )


def _with_theirs(t: Translator, label: str, slot: Slot | None, group: Group, person: Person, now: datetime) -> str:
    if slot is None:
        return label
    starts = next_start(slot, group.schedule.zone, group.today(now))
    here, there = wall(starts, group.schedule.zone), wall(starts, person.zone)
    if here.replace(tzinfo=None) == there.replace(tzinfo=None):
        return label
    theirs = t("{day} {time}").format(day=t.weekday(there.weekday()), time=t.time(there.time()))
    return t("{slot} · for you {theirs}").format(slot=label, theirs=theirs)
