"""How a group's calendar changes. Pure: a schedule in, a schedule out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.schedule.rules import Meeting, Off, Rhythm, Schedule, Slot, meetings, wall

SOON = 6
"""How many coming meetings are named where somebody has to choose one."""


def coming(schedule: Schedule, rhythm: Rhythm, now: datetime) -> tuple[Meeting, ...]:
    """The meetings that have not begun."""
    return tuple(meeting for meeting in meetings(schedule, rhythm.numbers) if meeting.starts > now)


def begun(schedule: Schedule, rhythm: Rhythm, now: datetime) -> tuple[Meeting, ...]:
    """The meetings that have begun or are over, oldest first."""
    return tuple(meeting for meeting in meetings(schedule, rhythm.numbers) if meeting.starts <= now)


def meeting_of(schedule: Schedule, rhythm: Rhythm, number: int) -> Meeting | None:
    """The meeting of a session; None where it is not set (an open pause) or the guide has no such session."""
    return next((meeting for meeting in meetings(schedule, rhythm.numbers) if meeting.number == number), None)


def change_from(schedule: Schedule, rhythm: Rhythm, now: datetime) -> date:
    """The first day that a change made now can touch: today, or tomorrow where today's meeting has begun."""
    today = wall(now, schedule.zone).date()
    started = any(meeting.day == today for meeting in begun(schedule, rhythm, now))
    return today + timedelta(days=1) if started else today


def skipped(schedule: Schedule, day: date) -> Schedule:
    """Without the meeting on this day; the circle keeps its place in the guide."""
    return replace(schedule, off=(*schedule.off, Off(day, day + timedelta(days=1), "skip")))


def paused(schedule: Schedule, first: date, until: date | None) -> Schedule:
    """Without meetings from ``first`` until ``until``, the first day on again. Ends other pauses; skips stay."""
    skips = tuple(off for off in schedule.off if off.reason == "skip")
    pauses = tuple(off for off in schedule.off if off.reason == "pause")
    before = resumed(replace(schedule, off=pauses), first)
    return replace(schedule, off=(*skips, *(before.off if before else pauses), Off(first, until, "pause")))


def resumed(schedule: Schedule, day: date) -> Schedule | None:
    """Meetings take place again from this day: pauses end, skips still to come are taken back. None: nothing to end."""
    kept = [off for off in schedule.off if off.until is not None and off.until <= day]
    ended = [
        replace(off, until=day) for off in schedule.off if (off.until is None or off.until > day) and off.first < day
    ]
    return replace(schedule, off=(*kept, *ended)) if len(kept) < len(schedule.off) else None


def moved(schedule: Schedule, since: date, slot: Slot) -> Schedule:
    """On another slot from this day on."""
    return replace(schedule, slots=(*schedule.slots, (since, slot)))


def on_a_break(schedule: Schedule, day: date) -> bool:
    """Whether the group pauses on this day."""
    pauses = (off for off in schedule.off if off.reason == "pause")
    return any(off.first <= day and (off.until is None or day < off.until) for off in pauses)
