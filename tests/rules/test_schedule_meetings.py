"""Meetings: the group's own day and hour, whatever clocks, holidays, pauses and moves do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.schedule.calendar import holiday_name, territory_of, to_utc, wall
from bot.schedule.rules import Meeting, Missed, Off, Schedule, Slot, days_off, meetings

ZONES = st.sampled_from(sorted(available_timezones()))
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
SLOTS = st.builds(Slot, st.integers(0, 6), TIMES)
QUICK = settings(max_examples=150, deadline=None)


def weekly(zone: str, start: date, slot: Slot, *off: Off, territory: str | None = None) -> Schedule:
    return Schedule(zone, start, ((start, slot),), off, territory)


def days(schedule: Schedule, numbers: range) -> list[date]:
    return [meeting.day for meeting in meetings(schedule, numbers)]


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        ("America/New_York", date(2026, 10, 26), time(10), "2026-10-26T14:00"),
        ("America/New_York", date(2026, 11, 2), time(10), "2026-11-02T15:00"),
        ("America/New_York", date(2027, 3, 8), time(10), "2027-03-08T15:00"),
        ("America/New_York", date(2027, 3, 15), time(10), "2027-03-15T14:00"),
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),  # twice: the first
        ("America/New_York", date(2027, 3, 14), time(2, 30), "2027-03-14T07:30"),  # never: 03:30
        ("Europe/Berlin", date(2026, 3, 23), time(10), "2026-03-23T09:00"),
        ("Europe/Berlin", date(2026, 3, 30), time(10), "2026-03-30T08:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:30"),  # never: 03:30
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),  # twice: the first
        ("Australia/Sydney", date(2026, 9, 28), time(10), "2026-09-28T00:00"),
        ("Australia/Sydney", date(2026, 10, 5), time(10), "2026-10-04T23:00"),
        ("Australia/Lord_Howe", date(2026, 9, 28), time(10), "2026-09-27T23:30"),
        ("Australia/Lord_Howe", date(2026, 10, 5), time(10), "2026-10-04T23:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:45"),  # never: 02:45
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-04T14:45"),  # twice: the first
        ("Pacific/Kiritimati", date(2026, 12, 7), time(10), "2026-12-06T20:00"),
        ("Pacific/Pago_Pago", date(2026, 12, 7), time(18), "2026-12-08T05:00"),
    ],
)
def test_a_wall_time_is_the_instant_at_which_clocks_read_it(zone: str, day: date, at: time, utc: str) -> None:
    assert to_utc(day, at, zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "at", "reads"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), time(3, 30)),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), time(2, 45)),
        ("Antarctica/Troll", date(2026, 3, 29), time(1, 30), time(3, 30)),
    ],
)
def test_an_hour_that_does_not_exist_moves_forward_by_the_gap(zone: str, day: date, at: time, reads: time) -> None:
    assert wall(to_utc(day, at, zone), zone).time() == reads


def test_the_first_of_two_hours_is_taken_even_when_the_second_is_asked_for() -> None:
    assert to_utc(date(2026, 10, 25), time(2, 30, fold=1), "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_an_unknown_zone_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        to_utc(date(2026, 1, 1), time(10), "Europe/Atlantis")


def test_a_circle_meets_every_week_from_its_first_slot_on() -> None:
    schedule = weekly("Europe/Berlin", date(2026, 10, 14), Slot(0, time(10)))
    assert meetings(schedule, range(2)) == (
        Meeting(0, date(2026, 10, 19), time(10), datetime(2026, 10, 19, 8, tzinfo=UTC)),
        Meeting(1, date(2026, 10, 26), time(10), datetime(2026, 10, 26, 9, tzinfo=UTC)),
    )


def test_a_start_on_the_day_of_the_slot_is_the_first_meeting() -> None:
    assert days(weekly("UTC", date(2026, 10, 19), Slot(0, time(10))), range(1, 2)) == [date(2026, 10, 19)]


def test_a_skipped_week_keeps_the_place_in_the_guide() -> None:
    skip = Off(date(2026, 10, 26), date(2026, 11, 2), "skip")
    schedule = weekly("UTC", date(2026, 10, 19), Slot(0, time(10)), skip)
    assert [(m.number, m.day.day) for m in meetings(schedule, range(1, 4))] == [(1, 19), (2, 2), (3, 9)]
    assert days_off(schedule, range(1, 4)) == (Missed(date(2026, 10, 26), "skip", ""),)


def test_a_pause_ends_by_itself_on_its_first_day_on() -> None:
    pause = Off(date(2026, 10, 20), date(2026, 11, 9), "pause")
    schedule = weekly("UTC", date(2026, 10, 19), Slot(0, time(10)), pause)
    assert days(schedule, range(2)) == [date(2026, 10, 19), date(2026, 11, 9)]
    assert [missed.day.day for missed in days_off(schedule, range(2))] == [26, 2]


def test_after_a_pause_without_an_end_no_meeting_is_set() -> None:
    schedule = weekly("UTC", date(2026, 10, 19), Slot(0, time(10)), Off(date(2026, 10, 27), None, "pause"))
    assert days(schedule, range(12)) == [date(2026, 10, 19), date(2026, 10, 26)]
    assert days_off(schedule, range(12)) == (Missed(date(2026, 11, 2), "pause", ""),)


def test_a_public_holiday_shifts_the_calendar_and_is_named() -> None:
    schedule = weekly("Europe/Berlin", date(2026, 3, 30), Slot(0, time(10)), territory="DE")
    assert days(schedule, range(2)) == [date(2026, 3, 30), date(2026, 4, 13)]
    assert days_off(schedule, range(2)) == (Missed(date(2026, 4, 6), "holiday", "Easter Monday"),)


def test_a_group_without_a_territory_meets_on_holidays() -> None:
    assert days(weekly("Europe/Berlin", date(2026, 4, 6), Slot(0, time(10))), range(1)) == [date(2026, 4, 6)]


def test_days_off_after_the_last_meeting_are_not_told() -> None:
    schedule = weekly("Europe/Berlin", date(2026, 3, 30), Slot(0, time(10)), territory="DE")
    assert days_off(schedule, range(1)) == ()


def moved(start: date, before: Slot, on: date, after: Slot) -> Schedule:
    return Schedule("UTC", start, ((start, before), (on, after)))


@pytest.mark.parametrize(
    ("on", "after", "expected"),
    [
        (date(2026, 10, 21), Slot(3, time(9)), [19, 29]),  # this week has had its meeting
        (date(2026, 10, 21), Slot(0, time(9)), [19, 26]),
        (date(2026, 10, 24), Slot(2, time(9)), [19, 28]),
        (date(2026, 10, 19), Slot(3, time(9)), [22, 29]),  # before this week's meeting
        (date(2026, 10, 26), Slot(6, time(9)), [19, 1]),  # the rest of the new week is long
    ],
)
def test_a_move_never_makes_two_meetings_in_one_week(on: date, after: Slot, expected: list[int]) -> None:
    schedule = moved(date(2026, 10, 19), Slot(0, time(10)), on, after)
    assert [day.day for day in days(schedule, range(2))] == expected


def test_a_move_to_a_day_that_is_over_leaves_the_week_without_a_meeting() -> None:
    schedule = moved(date(2026, 10, 19), Slot(3, time(10)), date(2026, 10, 28), Slot(1, time(10)))
    assert days(schedule, range(2)) == [date(2026, 10, 22), date(2026, 11, 3)]
    assert days_off(schedule, range(2)) == ()


def test_a_later_decision_overrules_a_move_that_was_to_come() -> None:
    start = date(2026, 10, 19)
    slots = ((start, Slot(0, time(10))), (date(2026, 11, 2), Slot(3, time(9))), (date(2026, 10, 26), Slot(4, time(9))))
    found = days(Schedule("UTC", start, slots), range(4))
    assert [day.day for day in found] == [19, 30, 6, 13]


def test_a_slot_that_is_older_than_the_start_makes_no_meeting_before_it() -> None:
    schedule = Schedule("UTC", date(2026, 10, 21), ((date(2026, 9, 1), Slot(0, time(10))),))
    assert days(schedule, range(1)) == [date(2026, 10, 26)]


def test_the_newest_slot_is_the_slot() -> None:
    assert moved(date(2026, 10, 19), Slot(0, time(10)), date(2026, 11, 2), Slot(3, time(9))).slot == Slot(3, time(9))


def test_a_schedule_without_a_slot_and_an_eighth_weekday_are_rejected() -> None:
    with pytest.raises(ValueError, match="at least one slot"):
        Schedule("UTC", date(2026, 1, 1), ())
    with pytest.raises(ValueError, match="0 to 6"):
        Slot(7, time(10))


@pytest.mark.parametrize(
    ("zone", "territory"),
    [
        ("Europe/Berlin", "DE"),
        ("Asia/Calcutta", "IN"),
        ("US/Eastern", "US"),
        ("UTC", None),
        ("Etc/GMT+2", None),
        ("Nowhere/Land", None),
    ],
)
def test_a_zone_lies_in_a_country(zone: str, territory: str | None) -> None:
    assert territory_of(zone) == territory


def test_holidays_are_named_in_english_and_an_unknown_country_has_none() -> None:
    assert holiday_name(date(2026, 12, 25), "DE") == "Christmas Day"
    assert holiday_name(date(2026, 12, 25), "DE", "de") == "Erster Weihnachtstag"
    assert holiday_name(date(2026, 12, 25), "GB", "de") == "Christmas Day"
    assert holiday_name(date(2026, 12, 24), "DE") is None
    assert holiday_name(date(2026, 12, 25), "ZZ") is None
    assert holiday_name(date(2026, 12, 25), None) is None


@QUICK
@given(ZONES, DAYS, SLOTS)
def test_no_week_is_doubled_or_missed_in_any_zone(zone: str, start: date, slot: Slot) -> None:
    found = meetings(weekly(zone, start, slot), range(1, 13))
    assert [meeting.number for meeting in found] == list(range(1, 13))
    assert 0 <= (found[0].day - start).days < 7
    assert all(meeting.day.weekday() == slot.weekday for meeting in found)
    assert all(after.day - before.day == timedelta(days=7) for before, after in pairwise(found))
    assert all(after.starts > before.starts for before, after in pairwise(found))


def exists(day: date, at: time, zone: str) -> bool:
    """Whether clocks in the zone ever read this, found by looking at them rather than by asking zoneinfo backwards."""
    near = datetime.combine(day, at, UTC)
    quarters = (near + timedelta(minutes=15 * step) for step in range(-64, 65))
    return any(wall(instant, zone).replace(tzinfo=None) == datetime.combine(day, at) for instant in quarters)


@QUICK
@given(ZONES, DAYS, st.integers(0, 6), st.times().map(lambda at: time(at.hour, at.minute // 15 * 15)))
def test_the_hour_never_changes_unless_it_does_not_exist(zone: str, start: date, weekday: int, at: time) -> None:
    assume(zone != "localtime")
    for meeting in meetings(weekly(zone, start, Slot(weekday, at)), range(30)):
        local = wall(meeting.starts, zone).replace(tzinfo=None)
        asked = datetime.combine(meeting.day, at)
        assert local == asked if exists(meeting.day, at, zone) else asked < local <= asked + timedelta(hours=2)


OFF = st.builds(
    lambda first, length, reason: Off(first, first + timedelta(days=length), reason),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.integers(0, 60),
    st.sampled_from(["skip", "pause"]),
)


@QUICK
@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    SLOTS,
    st.lists(OFF, max_size=4),
    st.sampled_from([None, "DE", "JP", "IR", "US", "SE"]),
)
def test_days_off_take_no_number(start: date, slot: Slot, off: list[Off], territory: str | None) -> None:
    schedule = weekly("Europe/Berlin", start, slot, *off, territory=territory)
    found, missed = meetings(schedule, range(1, 13)), days_off(schedule, range(1, 13))
    assert [meeting.number for meeting in found] == list(range(1, 13))
    for meeting in found:
        assert not any(each.first <= meeting.day < each.until for each in off if each.until)
        assert holiday_name(meeting.day, territory) is None
    together = sorted([meeting.day for meeting in found] + [each.day for each in missed])
    assert all(after - before == timedelta(days=7) for before, after in pairwise(together))
    assert all((each.name != "") == (each.reason == "holiday") for each in missed)


@QUICK
@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    SLOTS,
    st.lists(st.tuples(st.integers(0, 70), SLOTS), min_size=1, max_size=4),
)
def test_moves_double_no_week_and_hold_from_their_day_on(
    start: date, first: Slot, moves: list[tuple[int, Slot]]
) -> None:
    later = sorted(((start + timedelta(days=after), slot) for after, slot in moves), key=lambda move: move[0])
    schedule = Schedule("America/New_York", start, ((start, first), *later))
    found = meetings(schedule, range(13))
    weeks = [meeting.day.isocalendar()[:2] for meeting in found]
    assert len(set(weeks)) == len(weeks)
    assert all(before.day < after.day for before, after in pairwise(found))
    for meeting in found:
        _, slot = [each for each in schedule.slots if each[0] <= meeting.day][-1]
        assert Slot(meeting.day.weekday(), meeting.at) == slot
