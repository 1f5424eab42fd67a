"""Slots, meetings and the moments around them. All instants are aware UTC; reads no clock and stores nothing.

Days and hours are kept as the group's own (weekday, wall time, zone) and become instants only here, and late: so a
change of the clocks moves no meeting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, pairwise
from typing import Literal, get_args

from bot.schedule.cadence import LAST as LAST
from bot.schedule.cadence import Every as Every
from bot.schedule.cadence import MissedReason, dates
from bot.schedule.cadence import Off as Off
from bot.schedule.cadence import Schedule as Schedule
from bot.schedule.cadence import Slot as Slot
from bot.schedule.calendar import holiday_name as holiday_name
from bot.schedule.calendar import is_territory as is_territory
from bot.schedule.calendar import territory_of as territory_of
from bot.schedule.calendar import to_utc as to_utc
from bot.schedule.calendar import wall as wall

FRIDAY = 4
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Meeting:
    """``number`` is the place in the guide, ``day`` and ``at`` are the group's, ``starts`` the instant they make."""

    number: int
    day: date
    at: time
    starts: datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """A day of the slot on which there is no meeting. ``name`` is the holiday's; empty for a skip or a pause."""

    day: date
    reason: MissedReason
    name: str


PollKind = Literal["baseline", "fit", "midpoint", "final"]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the guide says about time, for sessions ``first`` to ``last``. ``prepare_days_before`` None: no card."""

    first: int
    last: int
    prompt_hours_before: int
    prepare_days_before: int | None
    minutes: int
    asks: tuple[tuple[PollKind, int], ...] = ()
    """The checkpoints, each with the session around which it is asked."""

    @property
    def numbers(self) -> range:
        return range(self.first, self.last + 1)


MomentKind = Literal[
    "prepare", "baseline", "prompt", "reminder", "checkin", "fit", "midpoint", "hint", "closing", "final"
]
_ORDER = {kind: place for place, kind in enumerate(get_args(MomentKind))}


@dataclass(frozen=True, slots=True)
class Moment:
    """Something falls due ``at`` this instant, about session ``number``; at ``expires`` it is stale and not sent.
    ``day`` is the meeting's own."""

    kind: MomentKind
    number: int
    at: datetime
    expires: datetime
    day: date


def meetings(schedule: Schedule, numbers: range) -> tuple[Meeting, ...]:
    """A meeting for each number, in order, as often as the group meets. Days off take no number. Ends early at a pause
    without an end."""
    return tuple(_meeting(schedule, held) for held in _held(schedule, numbers))


def days_off(schedule: Schedule, numbers: range) -> tuple[Missed, ...]:
    """The days that fell out before the last of the meetings. Of a pause without an end only the first one is told."""
    missed: list[Missed] = []
    left = len(numbers)
    for day, _, off in dates(schedule):
        if left == 0:
            break
        if off is None:
            left -= 1
            continue
        name = (holiday_name(day, schedule.territory) or "") if off == "holiday" else ""
        missed.append(Missed(day, off, name))
    return tuple(missed)


_Held = tuple[int, date, time]


def _meeting(schedule: Schedule, held: _Held) -> Meeting:
    number, day, at = held
    return Meeting(number, day, at, to_utc(day, at, schedule.zone))


def _held(schedule: Schedule, numbers: range) -> Iterator[_Held]:
    """The meetings as local days and hours: arithmetic on dates only, because every tick asks every group."""
    places = iter(numbers)
    for day, at, off in dates(schedule):
        if off is None:
            number = next(places, None)
            if number is None:
                return
            yield number, day, at


_REMIND_BEFORE = HOUR
_PROMPT_STALE = DAY
HINT_AFTER = 5 * DAY  # after the day of the check-in
HINT_STALE = 3 * DAY
_CLOSING_STALE = 14 * DAY
POLL_OPEN = 7 * DAY
_BASELINE_BEFORE = timedelta(days=4)
_POLL_AFTER = timedelta(days=2)  # a day after the check-in, so that nobody is asked two things at once
_CHECKIN_OPEN = 7 * DAY  # the last one, and each where the next meeting is further away than that by rule
_CHECKIN_OPEN_AT_LEAST = DAY  # when a move brings two meetings close together

_TRAIL = DAY + HINT_AFTER + 2 * DAY
"""No moment is later than this after the meeting's day; two days are for the zone and a change of the clocks."""


def closes(schedule: Schedule, rhythm: Rhythm, number: int) -> datetime | None:
    """When check-in ``number`` can no longer be changed: at the next prompt, or a week after the last check-in; never
    sooner than a day after it was asked. A group that meets less often than every week has a week for each.
    None while the next meeting of a weekly group, or this one, is not set."""
    for held, following in _pairs(schedule, rhythm):
        if held[0] == number:
            return _closes(schedule, rhythm, held, following)
    return None


def moments(schedule: Schedule, rhythm: Rhythm) -> tuple[Moment, ...]:
    """Everything that falls due, ever, by time, session and kind (in the order of ``MomentKind``)."""
    return _sorted(
        _moment(schedule, rhythm, held, following, kind, at)
        for held, following in _pairs(schedule, rhythm)
        for kind, at in _instants(schedule, rhythm, held)
    )


def due(schedule: Schedule, rhythm: Rhythm, after: datetime, until: datetime) -> tuple[Moment, ...]:
    """The moments later than ``after`` and not later than ``until``, in the order of ``moments``."""
    lead, first, last = _lead(rhythm), after.date(), until.date()
    found: list[Moment] = []
    for held, following in _pairs(schedule, rhythm):
        if held[1] - lead > last:
            break
        if held[1] + _TRAIL >= first:
            found += (
                _moment(schedule, rhythm, held, following, kind, at)
                for kind, at in _instants(schedule, rhythm, held)
                if after < at <= until
            )
    return _sorted(found)


def next_moment(schedule: Schedule, rhythm: Rhythm, after: datetime) -> datetime | None:
    """When something falls due next, later than ``after``; None when nothing ever does."""
    lead, first = _lead(rhythm), after.date()
    best: datetime | None = None
    for held in _held(schedule, rhythm.numbers):
        if best is not None and held[1] - lead > best.date():
            break
        if held[1] + _TRAIL >= first:
            later = [at for _, at in _instants(schedule, rhythm, held) if at > after]
            best = min(later if best is None else [best, *later], default=None)
    return best


def current(schedule: Schedule, rhythm: Rhythm, now: datetime) -> int | None:
    """The session the group is in: the last one prompted, and the last of all for ever after. None before the first."""
    found: int | None = None
    for held in _held(schedule, rhythm.numbers):
        if held[1] - _lead(rhythm) > now.date() or _prompt(schedule, rhythm, held) > now:
            break
        found = held[0]
    return found


def upcoming(schedule: Schedule, rhythm: Rhythm, now: datetime) -> Meeting | None:
    """The next meeting that has not begun, or None after the last and in a pause without an end."""
    for held in _held(schedule, rhythm.numbers):
        if held[1] + 2 * DAY >= now.date():
            meeting = _meeting(schedule, held)
            if meeting.starts > now:
                return meeting
    return None


def _pairs(schedule: Schedule, rhythm: Rhythm) -> Iterator[tuple[_Held, _Held | None]]:
    """Each meeting and the one after it, as far as it is set."""
    for held, following in pairwise(chain(_held(schedule, rhythm.numbers), (None,))):
        if held is not None:
            yield held, following


def _lead(rhythm: Rhythm) -> timedelta:
    """No moment is earlier than this before the meeting's day; four days are for a weekend, the zone and the clocks."""
    asks = _BASELINE_BEFORE.days if rhythm.asks else 0
    return timedelta(days=max(rhythm.prepare_days_before or 0, rhythm.prompt_hours_before // 24 + 1, asks) + 4)


def _instants(schedule: Schedule, rhythm: Rhythm, held: _Held) -> Iterator[tuple[MomentKind, datetime]]:
    number, day, at = held
    zone = schedule.zone
    if rhythm.prepare_days_before is not None:
        yield "prepare", to_utc(_working_day(day - timedelta(days=rhythm.prepare_days_before)), at, zone)
    yield "prompt", _prompt(schedule, rhythm, held)
    yield "reminder", to_utc(day, at, zone) - _REMIND_BEFORE
    checkin = to_utc(day + DAY, at, zone)
    yield "checkin", checkin
    yield "hint", to_utc(day + DAY + HINT_AFTER, at, zone)
    if number == rhythm.last:
        yield "closing", checkin
    for kind, session in rhythm.asks:
        if session == number:
            asked = _working_day(day - _BASELINE_BEFORE) if kind == "baseline" else day + _POLL_AFTER
            yield kind, to_utc(asked, at, zone)


def _working_day(day: date) -> date:
    """The day itself, or the Friday before a weekend: preparation that waits until Monday comes too late for Monday."""
    return day - timedelta(days=max(0, day.weekday() - FRIDAY))


def _prompt(schedule: Schedule, rhythm: Rhythm, held: _Held) -> datetime:
    local = datetime.combine(held[1], held[2]) - timedelta(hours=rhythm.prompt_hours_before)
    return to_utc(local.date(), local.time(), schedule.zone)


def _closes(schedule: Schedule, rhythm: Rhythm, held: _Held, following: _Held | None) -> datetime | None:
    number, day, at = held
    checkin = to_utc(day + DAY, at, schedule.zone)
    week = checkin + _CHECKIN_OPEN
    if number == rhythm.last:
        return week
    if schedule.every != "weekly":
        ends = week if following is None else min(week, _prompt(schedule, rhythm, following))
        return max(ends, checkin + _CHECKIN_OPEN_AT_LEAST)
    if following is None:
        return None
    return max(_prompt(schedule, rhythm, following), checkin + _CHECKIN_OPEN_AT_LEAST)


def _moment(
    schedule: Schedule, rhythm: Rhythm, held: _Held, following: _Held | None, kind: MomentKind, at: datetime
) -> Moment:
    starts = to_utc(held[1], held[2], schedule.zone)
    match kind:
        case "prepare" | "reminder":
            expires = starts
        case "prompt":
            expires = starts + _PROMPT_STALE
        case "checkin":
            # While the next meeting is not set the answer stays open; the question itself must go stale some day.
            expires = _closes(schedule, rhythm, held, following) or at + _CHECKIN_OPEN
        case "hint":
            expires = at + HINT_STALE
        case "closing":
            expires = at + _CLOSING_STALE
        case "baseline" | "fit" | "midpoint" | "final":
            expires = at + POLL_OPEN
    return Moment(kind, held[0], at, expires, held[1])


def _sorted(found: Iterator[Moment] | list[Moment]) -> tuple[Moment, ...]:
    return tuple(sorted(found, key=lambda moment: (moment.at, moment.number, _ORDER[moment.kind])))
