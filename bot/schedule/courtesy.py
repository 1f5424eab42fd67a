"""When a person may be written to in private: never in their quiet hours, nor on a day off. Reads no clock.

A prompt in the group's conversation is not asked here; it comes at the group's own hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.schedule.calendar import holiday_name, to_utc, wall

QUIET_FROM = time(18)
QUIET_TO = time(8)
WORKDAYS = frozenset({0, 1, 2, 3, 4})
NUDGE_DAYS = (2, 4)
"""Days after the ask. There is no third nudge: the facilitator is told instead."""
APART = timedelta(hours=20)
"""The least distance of two private messages about one question: a day, less what quiet hours may move them."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Courtesy:
    """A person's hours. Quiet from ``quiet_from`` up to but excluding ``quiet_to``, past midnight where it is later;
    none when they are equal. ``workdays``: 0 is Monday. ``territory``: whose public holidays are days off, or None."""

    zone: str
    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO
    workdays: frozenset[int] = WORKDAYS
    territory: str | None = None

    def __post_init__(self) -> None:
        if not self.workdays or not self.workdays <= frozenset(range(7)):
            raise ValueError("a person works on at least one day of the week, numbered from 0 to 6")


def polite(at: datetime, courtesy: Courtesy) -> datetime:
    """``at`` where that is polite, otherwise the end of the quiet hours on the first good day after it (the same day
    where they end later on it). UTC. Ends because no country has a holiday on every one of a weekday."""
    local = wall(at, courtesy.zone)
    if _fine(local, courtesy):
        return at
    day = local.date()
    while True:
        landing = to_utc(day, courtesy.quiet_to, courtesy.zone)
        # Asked again, because where clocks change quiet hours may end at a time that does not exist.
        if landing > at and _fine(wall(landing, courtesy.zone), courtesy):
            return landing
        day += _DAY


def ladder(ask: datetime, courtesy: Courtesy, deadline: datetime | None) -> tuple[datetime, ...]:
    """When to nudge a person who was asked at ``ask`` and stays silent: at most twice, politely, well apart and before
    the deadline. Where the next good moment is too late, an earlier one is taken; where there is none, fewer nudges.

    A circle of Monday 10:00 asks on Tuesday; Saturday is off and Monday 8:00 too late: Thursday and Friday, 10:00.
    """
    nudges: list[datetime] = []
    for days in NUDGE_DAYS:
        nudge = _nudge(ask, days, nudges[-1] if nudges else ask, courtesy, deadline)
        if nudge is None:
            break
        nudges.append(nudge)
    return tuple(nudges)


def _nudge(
    ask: datetime, days: int, before: datetime, courtesy: Courtesy, deadline: datetime | None
) -> datetime | None:
    """The polite moment nearest to ``days`` after the ask, at the wall time of the ask where it can be."""
    local = wall(ask, courtesy.zone)
    day = local.date() + timedelta(days=days)
    while (nudge := _polite_on(day, local.time(), courtesy)) < before + APART:
        day += _DAY
    if deadline is None or nudge < deadline:
        return nudge
    while nudge >= deadline:
        day -= _DAY
        nudge = _polite_on(day, local.time(), courtesy)
        if nudge < before + APART:
            return None
    return nudge


def _polite_on(day: date, at: time, courtesy: Courtesy) -> datetime:
    return polite(to_utc(day, at, courtesy.zone), courtesy)


def _fine(local: datetime, courtesy: Courtesy) -> bool:
    return (
        local.weekday() in courtesy.workdays
        and not is_quiet(local.time(), courtesy)
        and holiday_name(local.date(), courtesy.territory) is None
    )


def is_quiet(at: time, courtesy: Courtesy) -> bool:
    """Whether a local time of the day lies in the person's quiet hours."""
    if courtesy.quiet_from <= courtesy.quiet_to:
        return courtesy.quiet_from <= at < courtesy.quiet_to
    return at >= courtesy.quiet_from or at < courtesy.quiet_to
