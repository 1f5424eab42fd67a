"""Which meeting times may suit a group: near the present one, and within everybody's working hours. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.schedule.courtesy import Courtesy, is_quiet
from bot.schedule.rules import FRIDAY, HOUR, Slot, to_utc, wall

WORK_FROM = time(8)
WORK_TO = time(18)
"""Between these nobody is asked to be there earlier or later, whatever their quiet hours."""

MOST = 6
MOST_ON_A_DAY = 2
APART = timedelta(hours=2)
"""The least distance of two that are proposed on one day: a slot an hour later suits hardly anybody better."""

_STEP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A slot in the group's zone, and the ``Person.id``s of those for whom it lies outside their working hours."""

    slot: Slot
    outside: tuple[int, ...]


def proposals(
    present: Slot, zone: str, minutes: int, people: Mapping[int, Courtesy], today: date
) -> tuple[Proposal, ...]:
    """Up to six slots, in the order of the week: those that suit most, and of these the nearest to the present one.

    Where a slot suits everybody, none is proposed that does not. Judged in the week after ``today``.
    """
    found: list[Proposal] = []
    for slot in _candidates(present):
        outside = (one for one, hours in people.items() if not _suits(slot, zone, minutes, hours, today))
        found.append(Proposal(slot, tuple(sorted(outside))))
    least = min((len(one.outside) for one in found), default=0)
    ranked = sorted((one for one in found if not least == 0 < len(one.outside)), key=lambda one: _rank(one, present))
    chosen: list[Proposal] = []
    for one in ranked:
        if len(chosen) < MOST and _adds(one.slot, [other.slot for other in chosen]):
            chosen.append(one)
    return tuple(sorted(chosen, key=lambda one: (one.slot.weekday, one.slot.at)))


def next_start(slot: Slot, zone: str, today: date) -> datetime:
    """When it begins on the first such weekday after today."""
    return to_utc(today + timedelta(days=(slot.weekday - today.weekday() - 1) % 7 + 1), slot.at, zone)


def _candidates(present: Slot) -> Iterator[Slot]:
    for weekday in range(FRIDAY + 1):
        for hour in range(24):
            slot = replace(present, weekday=weekday, at=time(hour, present.at.minute))
            if slot != present:
                yield slot


def _rank(one: Proposal, present: Slot) -> tuple[int, timedelta, int, time]:
    """The fewest outside first; then a day away counts as much as an hour."""
    days, hours = abs(one.slot.weekday - present.weekday), _between(one.slot.at, present.at)
    return len(one.outside), days * HOUR + hours, one.slot.weekday, one.slot.at


def _adds(slot: Slot, others: list[Slot]) -> bool:
    same_day = [other.at for other in others if other.weekday == slot.weekday]
    return len(same_day) < MOST_ON_A_DAY and all(_between(slot.at, at) >= APART for at in same_day)


def _between(one: time, other: time) -> timedelta:
    day = date.min
    return abs(datetime.combine(day, one) - datetime.combine(day, other))


def _suits(slot: Slot, zone: str, minutes: int, hours: Courtesy, today: date) -> bool:
    """Whether all of the meeting lies in somebody's working hours, outside their quiet hours, on a day they work."""
    starts = next_start(slot, zone, today)
    ends = starts + timedelta(minutes=minutes)
    moments = [starts + n * _STEP for n in range(-(-timedelta(minutes=minutes) // _STEP))]
    return wall(ends, hours.zone).time() <= WORK_TO and all(_works(wall(at, hours.zone), hours) for at in moments)


def _works(local: datetime, hours: Courtesy) -> bool:
    return (
        local.weekday() in hours.workdays and WORK_FROM <= local.time() < WORK_TO and not is_quiet(local.time(), hours)
    )
