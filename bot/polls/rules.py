"""What a poll is, when it closes, and what of its votes may be shown. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.counts import APART, LEAST, told
from bot.schedule.reading import read_date, read_slot, read_time
from bot.schedule.rules import FRIDAY, Slot, to_utc, wall

LEAST_OPTIONS = 2
MOST_OPTIONS = 10
LONGEST_QUESTION = 150
LONGEST_OPTION = 75
MOST_OPEN = 5
"""Polls that a group may have open at once; more would be a survey."""

CLOSES_AT = time(18)
"""When a poll closes of which only the day was said."""

WORKING_DAYS_OPEN = 3
LONGEST_OPEN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each option was chosen, by how many who answered, of how many who were asked. No ``counts``: they would
    give somebody away, and are not kept either."""

    counts: tuple[int, ...]
    answers: int
    asked: int

    @property
    def most_chosen(self) -> tuple[int, ...]:
        """The options that were chosen most often; none where none was chosen."""
        most = max(self.counts, default=0)
        return tuple(n for n, count in enumerate(self.counts) if count == most and most > 0)


@dataclass(frozen=True, slots=True)
class Poll:
    """A question to a group. Its choices are ``options``, or ``slots`` where it looks for a meeting time.

    ``author`` is the ``Person.id`` of who asked. ``result`` is kept when it is closed, and does not change any more.
    """

    id: int
    workspace: int
    group: int
    author: int
    question: str
    options: tuple[str, ...]
    slots: tuple[Slot, ...]
    several: bool
    anonymous: bool
    closes: datetime
    result: Tally | None = None

    @property
    def size(self) -> int:
        """How many choices there are."""
        return len(self.slots or self.options)

    def is_open(self, now: datetime) -> bool:
        """Whether votes are taken. One that is over may not have been counted yet."""
        return self.result is None and now < self.closes


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person chose: numbers of options, in order. Empty: they looked, and none of them is for them."""

    person: int
    chosen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A poll as it may be shown now. ``voters``: who chose each option; empty in an anonymous one."""

    poll: Poll
    tally: Tally
    voters: tuple[tuple[int, ...], ...]
    closed: bool

    @property
    def shown(self) -> Shown:
        if not self.poll.anonymous:
            return "numbers"
        return "numbers" if self.closed and self.tally.counts else "nothing"


Shown = Literal["numbers", "nothing"]


def _kept_from(tally: Tally, votes: Sequence[Vote]) -> Tally:
    """What may be known of an anonymous poll, ever: as at a checkpoint nothing of fewer than five answers, nor where
    all, or all but one, chose the same, or the same thing among others. Of a closed one there are no ``votes``."""
    few = tally.answers < LEAST or max(tally.counts, default=0) > tally.answers - APART
    alike = bool(votes) and told([str(vote.chosen) for vote in votes]) is None
    return replace(tally, counts=()) if few or alike else tally


def standing(poll: Poll, votes: Iterable[Vote], here: Collection[int], now: datetime) -> Standing:
    """The poll with the votes of those who are ``here``. A vote goes with whoever leaves, until the poll is closed."""
    counted = [vote for vote in votes if poll.result is not None or vote.person in here]
    voters = tuple(tuple(sorted(v.person for v in counted if n in v.chosen)) for n in range(poll.size))
    tally = poll.result or Tally(tuple(len(persons) for persons in voters), len(counted), len(here))
    closed = not poll.is_open(now)
    if not poll.anonymous:
        return Standing(poll, tally, voters, closed)
    return Standing(poll, _kept_from(tally, counted), ((),) * poll.size, closed)


def best(tally: Tally) -> tuple[int, ...]:
    """The options that somebody chose, the most chosen first, at equal numbers in their order."""
    return tuple(sorted((n for n, count in enumerate(tally.counts) if count), key=lambda n: (-tally.counts[n], n)))


# ── what was typed ───────────────────────────────────────────────────────────────────────────────────────────────────


def lines(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """The options of a command, or those of a form, one a line; without those that are empty."""
    given = value.splitlines() if isinstance(value, str) else value
    return tuple(text for text in (" ".join(one.split()) for one in given) if text)


def twins(options: Iterable[str]) -> str | None:
    """An option that is there twice, whatever its capitals."""
    seen: set[str] = set()
    for option in options:
        if option.casefold() in seen:
            return option
        seen.add(option.casefold())
    return None


def slot_like(present: Slot, text: str) -> Slot | None:
    """A slot in the rhythm of the present one: "tue 16:00", and where that is monthly "second tue 16:00" as well."""
    nth, weekday, at = read_slot(text.replace(",", " "))
    if weekday is None or at is None:
        return None
    if present.every != "monthly":
        return Slot(weekday, at, present.every) if nth is None else None
    return Slot(weekday, at, present.every, present.nth if nth is None else nth)


def is_slot(text: str) -> bool:
    """Whether a day and a time can be read."""
    _, weekday, at = read_slot(text)
    return weekday is not None and at is not None


def slot_value(slot: Slot) -> str:
    """A slot as the value of an option: "1 16:00", or "1 16:00 2" for the second of the month."""
    return " ".join((str(slot.weekday), f"{slot.at:%H:%M}", *([str(slot.nth)] if slot.nth is not None else [])))


def slot_of(value: str, present: Slot) -> Slot | None:
    """The slot of an option's value; None for what is none."""
    try:
        weekday, at, *nth = value.split()
        return Slot(int(weekday), time.fromisoformat(at), present.every, int(nth[0]) if nth else None)
    except ValueError:
        return None


def read_closing(text: str, now: datetime, zone: str) -> datetime | None:
    """A day and a time in the zone, or one of them: "fri 17:00", "2026-12-11", "17:00", which may be tomorrow."""
    today = wall(now, zone).date()
    words = " ".join(text.replace(",", " ").split())
    first, _, last = words.rpartition(" ")
    day, at = read_date(first, today), read_time(last)
    if day is not None and at is not None:
        return to_utc(day, at, zone)
    if (day := read_date(words, today)) is not None:
        return to_utc(day, CLOSES_AT, zone)
    if (at := read_time(words)) is None:
        return None
    return next(moment for n in (0, 1, 2) if (moment := to_utc(today + timedelta(days=n), at, zone)) > now)


def usual_closing(now: datetime, zone: str) -> datetime:
    """When a poll closes of which nothing was said: at the end of the third working day after today."""
    return to_utc(_working_days_later(wall(now, zone).date(), WORKING_DAYS_OPEN), CLOSES_AT, zone)


def _working_days_later(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() <= FRIDAY
    return day
