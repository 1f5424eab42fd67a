"""Groups that meet every two weeks or once a month: their days, whatever holidays, breaks, moves and clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.schedule.calendar import holiday_name, wall
from bot.schedule.rules import LAST, Missed, Off, Rhythm, Schedule, Slot, closes, days_off, meetings, moments

QUICK = settings(max_examples=150, deadline=None)
ZONES = st.sampled_from(sorted(available_timezones()))
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
TERRITORIES = st.sampled_from([None, "DE", "JP", "IR", "US", "SE"])
TWO_WEEKS = st.builds(Slot, st.integers(0, 6), TIMES, st.just("fortnightly"))
MONTHS = st.builds(Slot, st.integers(0, 6), TIMES, st.just("monthly"), st.sampled_from([1, 2, 3, 4, LAST]))
OFF = st.builds(
    lambda first, length, reason: Off(first, first + timedelta(days=length), reason),
    st.dates(date(2026, 1, 1), date(2027, 6, 30)),
    st.integers(1, 90),
    st.sampled_from(["skip", "pause"]),
)
TUESDAY = Slot(1, time(18), "monthly", 2)


def on(slot: Slot, start: date, *off: Off, zone: str = "Europe/Berlin", territory: str | None = None) -> Schedule:
    return Schedule(zone, start, ((start, slot),), off, territory)


def days(schedule: Schedule, n: int) -> list[str]:
    return [f"{meeting.day:%d.%m.}" for meeting in meetings(schedule, range(1, n + 1))]


# ── every two weeks ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_group_of_every_two_weeks_meets_every_two_weeks() -> None:
    assert days(on(Slot(0, time(10), "fortnightly"), date(2026, 10, 14)), 4) == ["19.10.", "02.11.", "16.11.", "30.11."]


def test_skipping_one_of_every_two_weeks_means_the_next_one_two_weeks_later() -> None:
    skip = Off(date(2026, 11, 2), date(2026, 11, 3), "skip")
    schedule = on(Slot(0, time(10), "fortnightly"), date(2026, 10, 14), skip)
    assert days(schedule, 3) == ["19.10.", "16.11.", "30.11."]
    assert days_off(schedule, range(1, 4)) == (Missed(date(2026, 11, 2), "skip", ""),)


@pytest.mark.parametrize(
    ("since", "weekday", "expected"),
    [
        (date(2026, 10, 20), 3, ["19.10.", "05.11.", "19.11."]),  # in the week in which it would have been
        (date(2026, 10, 29), 3, ["19.10.", "05.11.", "19.11."]),
        (date(2026, 11, 2), 1, ["19.10.", "03.11.", "17.11."]),  # on the day itself, to the day after
        (date(2026, 11, 3), 0, ["19.10.", "02.11.", "16.11."]),
    ],
)
def test_a_move_keeps_to_the_weeks_that_were_agreed(since: date, weekday: int, expected: list[str]) -> None:
    first, then = Slot(0, time(10), "fortnightly"), Slot(weekday, time(15), "fortnightly")
    schedule = Schedule("UTC", date(2026, 10, 19), ((date(2026, 10, 19), first), (since, then)))
    assert days(schedule, 3) == expected


def test_a_move_to_a_day_that_is_over_comes_a_week_later_and_not_three() -> None:
    wednesday, monday = Slot(2, time(10), "fortnightly"), Slot(0, time(10), "fortnightly")
    schedule = Schedule("UTC", date(2026, 10, 7), ((date(2026, 10, 7), wednesday), (date(2026, 10, 20), monday)))
    assert days(schedule, 3) == ["07.10.", "26.10.", "09.11."]


@QUICK
@given(ZONES, DAYS, TWO_WEEKS)
def test_no_fortnight_is_doubled_or_missed_in_any_zone(zone: str, start: date, slot: Slot) -> None:
    found = meetings(on(slot, start, zone=zone), range(1, 13))
    assert [meeting.number for meeting in found] == list(range(1, 13))
    assert 0 <= (found[0].day - start).days < 7
    assert all(after.day - before.day == timedelta(days=14) for before, after in pairwise(found))


@QUICK
@given(DAYS, TWO_WEEKS, st.lists(st.tuples(st.integers(0, 90), TWO_WEEKS), min_size=1, max_size=4))
def test_moves_never_bring_two_fortnightly_meetings_close_together(
    start: date, first: Slot, moves: list[tuple[int, Slot]]
) -> None:
    later = sorted(((start + timedelta(days=after), slot) for after, slot in moves), key=lambda move: move[0])
    schedule = Schedule("America/New_York", start, ((start, first), *later))
    found = meetings(schedule, range(13))
    assert all(timedelta(days=8) <= after.day - before.day for before, after in pairwise(found))
    for meeting in found:
        _, slot = [each for each in schedule.slots if each[0] <= meeting.day][-1]
        assert (meeting.day.weekday(), meeting.at) == (slot.weekday, slot.at)
    last = max((since for since, _ in schedule.slots), default=start)
    settled = [meeting.day for meeting in found if meeting.day >= last]
    assert all(after - before == timedelta(days=14) for before, after in pairwise(settled))


# ── once a month ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("nth", "weekday", "expected"),
    [
        (1, 1, ["01.12.", "05.01.", "02.02."]),
        (2, 1, ["10.11.", "08.12.", "12.01."]),
        (4, 4, ["27.11.", "25.12.", "22.01."]),
        (LAST, 4, ["27.11.", "25.12.", "29.01."]),
        (LAST, 6, ["29.11.", "27.12.", "31.01."]),
    ],
)
def test_a_monthly_group_meets_on_the_same_weekday_of_each_month(nth: int, weekday: int, expected: list[str]) -> None:
    assert days(on(Slot(weekday, time(18), "monthly", nth), date(2026, 11, 4)), 3) == expected


def test_a_skipped_month_keeps_the_place_in_the_guide() -> None:
    skip = Off(date(2026, 12, 8), date(2026, 12, 9), "skip")
    found = meetings(on(TUESDAY, date(2026, 11, 1), skip), range(1, 4))
    assert [(meeting.number, meeting.day.month) for meeting in found] == [(1, 11), (2, 1), (3, 2)]


def test_a_break_of_a_season_leaves_out_its_months() -> None:
    pause = Off(date(2026, 7, 1), date(2026, 9, 1), "pause")
    assert days(on(TUESDAY, date(2026, 6, 1), pause), 3) == ["09.06.", "08.09.", "13.10."]


def test_a_month_whose_day_is_a_public_holiday_has_its_meeting_a_week_later() -> None:
    # 2 April 2027 is a Friday after Easter week; Good Friday is 26 March, the fourth and last Friday of the month.
    schedule = on(Slot(4, time(16), "monthly", LAST), date(2027, 2, 1), territory="DE")
    assert days(schedule, 3) == ["26.02.", "02.04.", "30.04."]
    assert days_off(schedule, range(1, 4)) == (Missed(date(2027, 3, 26), "holiday", "Good Friday"),)


def test_two_holidays_in_a_row_put_a_month_off_by_two_weeks() -> None:
    # In Germany the last Friday of 2026 and the first of 2027 are Christmas and New Year's Day.
    assert days(on(Slot(4, time(16), "monthly", LAST), date(2026, 12, 1), territory="DE"), 2) == ["08.01.", "29.01."]


def test_a_meeting_that_was_put_off_can_be_skipped() -> None:
    skip = Off(date(2027, 4, 2), date(2027, 4, 3), "skip")
    schedule = on(Slot(4, time(16), "monthly", LAST), date(2027, 2, 1), skip, territory="DE")
    assert days(schedule, 2) == ["26.02.", "30.04."]


def test_the_hour_of_a_monthly_meeting_stays_when_the_clocks_change() -> None:
    found = meetings(on(TUESDAY, date(2026, 10, 1)), range(2))
    assert [meeting.starts for meeting in found] == [
        datetime(2026, 10, 13, 16, tzinfo=UTC),
        datetime(2026, 11, 10, 17, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("since", "then", "expected"),
    [
        (date(2026, 11, 11), Slot(3, time(9), "monthly", 3), ["10.11.", "17.12."]),  # this month has had its meeting
        (date(2026, 11, 5), Slot(3, time(9), "monthly", 3), ["19.11.", "17.12."]),
        (date(2026, 11, 5), Slot(0, time(9), "monthly", 1), ["07.12.", "04.01."]),  # its day is over in this month
    ],
)
def test_a_move_never_makes_two_meetings_in_one_month(since: date, then: Slot, expected: list[str]) -> None:
    schedule = Schedule("UTC", date(2026, 11, 1), ((date(2026, 11, 1), TUESDAY), (since, then)))
    assert days(schedule, 2) == expected


@QUICK
@given(ZONES, DAYS, MONTHS)
def test_no_month_is_doubled_or_missed_in_any_zone(zone: str, start: date, slot: Slot) -> None:
    found = meetings(on(slot, start, zone=zone), range(1, 13))
    months = [meeting.day.year * 12 + meeting.day.month for meeting in found]
    assert all(after - before == 1 for before, after in pairwise(months))
    assert all(meeting.day.weekday() == slot.weekday for meeting in found)
    for meeting in found:
        week, after = (meeting.day.day - 1) // 7 + 1, meeting.day + timedelta(days=7)
        assert after.month != meeting.day.month if slot.nth == LAST else week == slot.nth
        assert wall(meeting.starts, zone).date() - meeting.day in (timedelta(0), timedelta(days=1))


@QUICK
@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), TWO_WEEKS | MONTHS, st.lists(OFF, max_size=4), TERRITORIES)
def test_what_falls_out_takes_no_number(start: date, slot: Slot, off: list[Off], territory: str | None) -> None:
    schedule = on(slot, start, *off, territory=territory)
    found, missed = meetings(schedule, range(1, 10)), days_off(schedule, range(1, 10))
    assert [meeting.number for meeting in found] == list(range(1, 10))
    for meeting in found:
        assert meeting.day.weekday() == slot.weekday
        assert not any(each.first <= meeting.day < each.until for each in off if each.until)
        assert holiday_name(meeting.day, territory) is None
    together = [meeting.day for meeting in found] + [each.day for each in missed]
    assert len(set(together)) == len(together)
    assert all((each.name != "") == (each.reason == "holiday") for each in missed)


@QUICK
@given(DAYS, MONTHS, st.lists(st.tuples(st.integers(0, 150), MONTHS), min_size=1, max_size=4), TERRITORIES)
def test_moves_double_no_month(start: date, first: Slot, moves: list[tuple[int, Slot]], territory: str | None) -> None:
    later = sorted(((start + timedelta(days=after), slot) for after, slot in moves), key=lambda move: move[0])
    schedule = Schedule("Australia/Lord_Howe", start, ((start, first), *later), (), territory)
    found = meetings(schedule, range(12))
    assert all(before.day < after.day for before, after in pairwise(found))
    for meeting in found:
        _, slot = [each for each in schedule.slots if each[0] <= meeting.day][-1]
        assert (meeting.day.weekday(), meeting.at) == (slot.weekday, slot.at)


def test_a_checkin_of_a_month_is_open_for_a_week() -> None:
    schedule, rhythm = on(TUESDAY, date(2026, 11, 1)), Rhythm(1, 9, 48, None, 120)
    assert closes(schedule, rhythm, 1) == datetime(2026, 11, 18, 17, tzinfo=UTC)
    assert closes(schedule, rhythm, 9) == datetime(2027, 7, 21, 16, tzinfo=UTC)
    prompt = next(moment for moment in moments(schedule, rhythm) if moment.kind == "prompt")
    assert prompt.at == datetime(2026, 11, 8, 17, tzinfo=UTC)


def test_a_checkin_of_a_month_closes_even_in_a_break_without_an_end() -> None:
    schedule = on(TUESDAY, date(2026, 11, 1), Off(date(2026, 11, 12), None, "pause"))
    assert closes(schedule, Rhythm(1, 9, 2, None, 120), 1) == datetime(2026, 11, 18, 17, tzinfo=UTC)


@pytest.mark.parametrize("made", [("monthly", None), ("monthly", 5), ("weekly", 2), ("fortnightly", 1)])
def test_a_slot_that_cannot_be_is_rejected(made: tuple[str, int | None]) -> None:
    with pytest.raises(ValueError, match="cannot be number"):
        Slot(1, time(18), *made)  # type: ignore[arg-type]


def test_a_group_keeps_its_rhythm() -> None:
    weekly = Slot(1, time(18))
    with pytest.raises(ValueError, match="keeps its rhythm"):
        Schedule("UTC", date(2026, 1, 1), ((date(2026, 1, 1), TUESDAY), (date(2026, 2, 1), weekly)))
