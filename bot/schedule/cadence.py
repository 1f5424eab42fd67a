"""How often a group meets: slots, days off, and the local days they make. Pure arithmetic on dates, no instants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from bot.guides.rules import Every as Every
from bot.schedule.calendar import holiday_name

DAY = timedelta(days=1)
WEEK = timedelta(days=7)

LAST = -1
"""The place of the last such weekday of a month."""

PLACES = (1, 2, 3, 4, LAST)

MissedReason = Literal["skip", "pause", "holiday"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A day of the week, 0 for Monday, and a wall time in the group's zone; and how often.

    ``nth``: which one of the month, 1 to 4 or LAST; only where it is monthly.
    """

    weekday: int
    at: time
    every: Every = "weekly"
    nth: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"a weekday is a number from 0 to 6, not {self.weekday}")
        if (self.nth in PLACES) != (self.every == "monthly"):
            raise ValueError(f"a {self.every} slot cannot be number {self.nth} of the month")


@dataclass(frozen=True, slots=True)
class Off:
    """Days without a meeting: from ``first`` until ``until``, the first day on again. None: not known yet."""

    first: date
    until: date | None
    reason: Literal["skip", "pause"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a group meets. Each slot comes with the first day on which it holds; a move appends one.

    A slot holds until one that was appended later does. The first holds from ``start`` at the latest.
    ``territory``: the country whose public holidays are free ("DE"), or None.
    """

    zone: str
    start: date
    slots: tuple[tuple[date, Slot], ...]
    off: tuple[Off, ...] = ()
    territory: str | None = None

    def __post_init__(self) -> None:
        if not self.slots:
            raise ValueError("a schedule has at least one slot")
        if len({slot.every for _, slot in self.slots}) > 1:
            raise ValueError("a group keeps its rhythm when it moves")

    @property
    def slot(self) -> Slot:
        """The newest slot."""
        return self.slots[-1][1]

    @property
    def every(self) -> Every:
        """How often the group meets."""
        return self.slot.every


def dates(schedule: Schedule) -> Iterator[tuple[date, time, MissedReason | None]]:
    """The days of the slot, on or after the start, and why there is no meeting on one. Ends only after the first day of
    a pause without an end.

    Weekly: at most one day per ISO week. Every two weeks: likewise, and a move keeps to the weeks that were agreed.
    Monthly: at most one meeting per calendar month; a public holiday puts it off by a week, since a month is long.
    """
    match schedule.every:
        case "weekly":
            days = _weekly(schedule)
        case "fortnightly":
            days = _fortnightly(schedule)
        case "monthly":
            days = _monthly(schedule)
    for day, at, put_off in days:
        off, ends = _off(schedule, day)
        yield day, at, "holiday" if put_off else off
        if ends and not put_off:
            return


_Days = Iterator[tuple[date, time, bool]]
"""Days of the slot with their time; True for a day whose meeting is put off to the one that follows."""


def _weekly(schedule: Schedule) -> _Days:
    windows = _windows(schedule)
    monday = _monday(schedule.start)
    while True:
        for since, until, slot in windows:
            day = monday + slot.weekday * DAY
            # The first slot that holds in this week has it, off or not: a move never makes two meetings of one week.
            if since <= day < until:
                yield day, slot.at, False
                break
        monday += WEEK


def _fortnightly(schedule: Schedule) -> _Days:
    first: date | None = None
    for since, until, slot in _windows(schedule):
        if first is None:
            first = since + (slot.weekday - since.weekday()) % 7 * DAY
        else:
            # In the week in which it would have been, or the next one where that day is over.
            due = first + max(0, -((first - since) // (2 * WEEK))) * 2 * WEEK
            first = _monday(due) + slot.weekday * DAY
            first += WEEK if first < since else 0 * DAY
        day = first
        while day < until:
            yield day, slot.at, False
            day += 2 * WEEK


def _monthly(schedule: Schedule) -> _Days:
    windows = _windows(schedule)
    month = schedule.start.replace(day=1)
    while True:
        for since, until, slot in windows:
            nominal = _of_month(month, slot)
            day = _after_holidays(schedule, nominal)
            # As in a week: the first slot that holds has the month.
            if since <= day < until:
                if since <= nominal < day:
                    yield nominal, slot.at, True
                yield day, slot.at, False
                break
        month = (month + 31 * DAY).replace(day=1)


def _of_month(month: date, slot: Slot) -> date:
    """The slot's day in the month that begins on this day."""
    assert slot.nth is not None
    if slot.nth == LAST:
        end = (month + 31 * DAY).replace(day=1) - DAY
        return end - (end.weekday() - slot.weekday) % 7 * DAY
    return month + (slot.weekday - month.weekday()) % 7 * DAY + (slot.nth - 1) * WEEK


def _after_holidays(schedule: Schedule, day: date) -> date:
    """The day, or the same weekday of a following week where it is a public holiday; before the next month's."""
    weeks = (day + weeks * WEEK for weeks in range(4))
    return next((one for one in weeks if holiday_name(one, schedule.territory) is None), day)


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _windows(schedule: Schedule) -> tuple[tuple[date, date, Slot], ...]:
    """The slots with the first day on which each holds and the first on which it no longer does; newest last."""
    until = date.max
    windows: list[tuple[date, date, Slot]] = []
    for valid_from, slot in reversed(schedule.slots):
        if (since := max(valid_from, schedule.start)) < until:
            windows.append((since, until, slot))
        until = min(until, valid_from)
    return tuple(reversed(windows))


def _off(schedule: Schedule, day: date) -> tuple[MissedReason | None, bool]:
    """Why there is no meeting on the day, and whether there is none ever after."""
    for off in schedule.off:
        if off.first <= day and off.until is None:
            return off.reason, True
    for off in schedule.off:
        if off.until is not None and off.first <= day < off.until:
            return off.reason, False
    return ("holiday" if holiday_name(day, schedule.territory) else None), False
