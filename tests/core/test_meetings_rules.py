"""How a calendar changes: skip, pause, resume and move, and what they leave alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.meetings.rules import (
    begun,
    change_from,
    coming,
    meeting_of,
    moved,
    on_a_break,
    paused,
    resumed,
    skipped,
)
from bot.schedule.rules import Off, Rhythm, Schedule, Slot, meetings

START = date(2026, 12, 7)
WEEK = timedelta(days=7)
MONDAYS = Schedule("Europe/Berlin", START, ((START, Slot(0, time(10))),))
RHYTHM = Rhythm(0, 12, 2, None, 60)

some_day = st.integers(-10, 200).map(lambda n: START + timedelta(days=n))
some_end = st.none() | some_day


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """A calendar to which people did this and that."""
    schedule = MONDAYS
    for _ in range(draw(st.integers(0, 4))):
        day = draw(some_day)
        match draw(st.sampled_from(["skip", "pause", "move", "resume"])):
            case "skip":
                schedule = skipped(schedule, day)
            case "pause":
                until = draw(st.none() | st.integers(1, 60).map(lambda n, first=day: first + timedelta(days=n)))
                schedule = paused(schedule, day, until)
            case "move":
                schedule = moved(schedule, day, Slot(draw(st.integers(0, 6)), time(draw(st.integers(0, 23)))))
            case "resume":
                schedule = resumed(schedule, day) or schedule
    return schedule


def days(schedule: Schedule) -> list[date]:
    return [meeting.day for meeting in meetings(schedule, RHYTHM.numbers)]


def test_a_skip_moves_everything_by_a_week_and_keeps_the_place_in_the_guide() -> None:
    after = meetings(skipped(MONDAYS, START + WEEK), RHYTHM.numbers)

    assert [(m.number, m.day) for m in after[:3]] == [(0, START), (1, START + 2 * WEEK), (2, START + 3 * WEEK)]
    assert len(after) == 13


def test_resuming_takes_back_a_skip_that_is_still_to_come() -> None:
    assert resumed(skipped(MONDAYS, START + WEEK), START) == MONDAYS
    assert resumed(skipped(MONDAYS, START), START + WEEK) is None


def test_a_pause_ends_on_the_day_somebody_resumes() -> None:
    schedule = resumed(paused(MONDAYS, START + WEEK, None), START + 3 * WEEK)

    assert schedule is not None
    assert schedule.off == (Off(START + WEEK, START + 3 * WEEK, "pause"),)
    assert days(schedule)[:2] == [START, START + 3 * WEEK]


def test_a_second_pause_takes_the_place_of_the_first_and_leaves_skips_alone() -> None:
    skip = skipped(MONDAYS, START + 5 * WEEK)
    first = paused(skip, START + WEEK, None)

    second = paused(first, START + 2 * WEEK, START + 3 * WEEK)

    assert set(second.off) == {
        Off(START + 5 * WEEK, START + 5 * WEEK + timedelta(days=1), "skip"),
        Off(START + WEEK, START + 2 * WEEK, "pause"),
        Off(START + 2 * WEEK, START + 3 * WEEK, "pause"),
    }


def test_a_change_can_touch_today_until_its_meeting_has_begun() -> None:
    assert change_from(MONDAYS, RHYTHM, datetime(2026, 12, 14, 8, 59, tzinfo=UTC)) == START + WEEK
    assert change_from(MONDAYS, RHYTHM, datetime(2026, 12, 14, 9, tzinfo=UTC)) == START + WEEK + timedelta(days=1)


def test_a_break_is_a_pause_and_not_a_skip() -> None:
    assert on_a_break(paused(MONDAYS, START, None), START + 99 * WEEK)
    assert not on_a_break(paused(MONDAYS, START, START + WEEK), START + WEEK)
    assert not on_a_break(paused(MONDAYS, START + WEEK, None), START)
    assert not on_a_break(skipped(MONDAYS, START), START)


@given(schedules(), some_day)
def test_a_skipped_day_has_no_meeting(schedule: Schedule, day: date) -> None:
    assert day not in days(skipped(schedule, day))


@given(schedules(), some_day, some_end)
def test_in_a_pause_there_are_no_meetings(schedule: Schedule, first: date, until: date | None) -> None:
    after = paused(schedule, first, until)

    assert not [day for day in days(after) if first <= day and (until is None or day < until)]


@given(schedules(), some_day)
def test_after_resuming_nothing_is_off_from_that_day_on(schedule: Schedule, day: date) -> None:
    after = resumed(schedule, day)

    if after is None:
        assert all(off.until is not None and off.until <= day for off in schedule.off)
        return
    assert all(off.until is not None and off.until <= day for off in after.off)
    assert resumed(after, day) is None
    assert len(days(after)) == 13


@given(schedules(), some_day, some_end)
def test_a_change_leaves_the_meetings_before_it_alone(schedule: Schedule, first: date, until: date | None) -> None:
    before = [day for day in days(schedule) if day < first]

    assert [day for day in days(paused(schedule, first, until)) if day < first] == before
    assert [day for day in days(skipped(schedule, first)) if day < first] == before
    assert [day for day in days(resumed(schedule, first) or schedule) if day < first] == before


@given(schedules(), st.integers(-30, 300).map(lambda n: datetime(2026, 12, 7, 9, tzinfo=UTC) + timedelta(days=n)))
def test_every_meeting_has_begun_or_is_to_come(schedule: Schedule, now: datetime) -> None:
    past, future = begun(schedule, RHYTHM, now), coming(schedule, RHYTHM, now)

    assert past + future == meetings(schedule, RHYTHM.numbers)
    for meeting in past + future:
        assert meeting_of(schedule, RHYTHM, meeting.number) == meeting
    assert meeting_of(schedule, RHYTHM, 99) is None
