"""What falls due around the meetings: nothing is lost, nothing comes twice, whatever the tick does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.schedule.calendar import to_utc, wall
from bot.schedule.rules import (
    LAST,
    Moment,
    Off,
    Rhythm,
    Schedule,
    Slot,
    closes,
    current,
    due,
    meetings,
    moments,
    next_moment,
    upcoming,
)

CIRCLE = Rhythm(1, 3, 2, None, 60)
PAIR = Rhythm(0, 1, 2, 2, 45)
START = date(2026, 10, 12)
BERLIN = Schedule("Europe/Berlin", START, ((START, Slot(0, time(10))),))
QUICK = settings(max_examples=100, deadline=None)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_week_of_a_circle_on_monday_at_ten() -> None:
    first = [moment for moment in moments(BERLIN, CIRCLE) if moment.number == 1]
    assert first == [
        Moment("prompt", 1, utc("2026-10-12T06:00"), utc("2026-10-13T08:00"), date(2026, 10, 12)),
        Moment("reminder", 1, utc("2026-10-12T07:00"), utc("2026-10-12T08:00"), date(2026, 10, 12)),
        Moment("checkin", 1, utc("2026-10-13T08:00"), utc("2026-10-19T06:00"), date(2026, 10, 12)),
        Moment("hint", 1, utc("2026-10-18T08:00"), utc("2026-10-21T08:00"), date(2026, 10, 12)),
    ]


def test_the_last_week_ends_with_a_closing_and_a_week_for_the_answers() -> None:
    last = [moment for moment in moments(BERLIN, CIRCLE) if moment.number == 3]
    assert last[2:4] == [
        Moment("checkin", 3, utc("2026-10-27T09:00"), utc("2026-11-03T09:00"), date(2026, 10, 26)),
        Moment("closing", 3, utc("2026-10-27T09:00"), utc("2026-11-10T09:00"), date(2026, 10, 26)),
    ]


def test_a_pair_prepares_two_days_before_at_the_hour_of_the_meeting() -> None:
    thursdays = Schedule("Europe/Berlin", START, ((START, Slot(3, time(10))),))
    cards = [moment for moment in moments(thursdays, PAIR) if moment.kind == "prepare"]
    assert [card.at for card in cards] == [utc("2026-10-13T08:00"), utc("2026-10-20T08:00")]


def test_preparation_that_would_fall_on_a_weekend_comes_on_the_friday_before() -> None:
    cards = [moment for moment in moments(BERLIN, PAIR) if moment.kind == "prepare"]
    assert [card.at for card in cards] == [utc("2026-10-09T08:00"), utc("2026-10-16T08:00")]
    assert [card.expires for card in cards] == [utc("2026-10-12T08:00"), utc("2026-10-19T08:00")]


def test_a_prompt_for_an_early_meeting_comes_the_evening_before() -> None:
    early = Schedule("Europe/Berlin", START, ((START, Slot(0, time(1))),))
    assert moments(early, CIRCLE)[0].at == utc("2026-10-11T21:00")


def test_the_prompt_keeps_its_wall_time_on_the_night_the_clocks_change() -> None:
    sunday = date(2026, 3, 29)
    schedule = Schedule("Europe/Berlin", sunday, ((sunday, Slot(6, time(4))),))
    prompt, reminder, *_ = moments(schedule, Rhythm(1, 1, 4, None, 60))
    assert wall(prompt.at, "Europe/Berlin").time() == time(0)  # three hours before, by a stop-watch
    assert reminder.at == utc("2026-03-29T01:00")


def test_a_checkin_closes_at_the_next_prompt_however_far_away() -> None:
    skip = Off(date(2026, 10, 19), date(2026, 10, 26), "skip")
    schedule = Schedule("Europe/Berlin", START, BERLIN.slots, (skip,))
    assert closes(schedule, CIRCLE, 1) == utc("2026-10-26T07:00")


def test_a_checkin_stays_open_while_the_next_meeting_is_not_set() -> None:
    paused = Schedule("Europe/Berlin", START, BERLIN.slots, (Off(date(2026, 10, 19), None, "pause"),))
    assert closes(paused, CIRCLE, 1) is None
    assert closes(paused, CIRCLE, 2) is None
    checkin = next(moment for moment in moments(paused, CIRCLE) if moment.kind == "checkin")
    assert checkin.expires == checkin.at + timedelta(days=7)


def test_the_last_checkin_closes_even_in_a_pause() -> None:
    paused = Schedule("Europe/Berlin", START, BERLIN.slots, (Off(date(2026, 10, 27), None, "pause"),))
    assert closes(paused, CIRCLE, 3) == utc("2026-11-03T09:00")
    assert closes(paused, CIRCLE, 4) is None


def test_a_move_to_the_day_after_leaves_a_day_for_the_checkin() -> None:
    slots = ((START, Slot(6, time(10))), (date(2026, 10, 19), Slot(0, time(10))))
    schedule = Schedule("UTC", START, slots)
    assert [meeting.day.day for meeting in meetings(schedule, range(1, 3))] == [18, 19]
    assert closes(schedule, CIRCLE, 1) == utc("2026-10-20T10:00")


def test_a_pause_without_an_end_ends_the_moments() -> None:
    paused = Schedule("Europe/Berlin", START, BERLIN.slots, (Off(START, None, "pause"),))
    assert moments(paused, CIRCLE) == ()
    assert next_moment(paused, CIRCLE, utc("2026-01-01T00:00")) is None
    assert upcoming(paused, CIRCLE, utc("2026-01-01T00:00")) is None


@pytest.mark.parametrize(
    ("now", "session", "meeting"),
    [
        ("2026-10-12T05:59:59", None, 1),
        ("2026-10-12T06:00:00", 1, 1),
        ("2026-10-12T08:00:00", 1, 2),
        ("2026-10-19T05:59:59", 1, 2),
        ("2026-10-19T06:00:00", 2, 2),
        ("2026-10-26T08:59:59", 3, 3),
        ("2026-10-26T09:00:00", 3, None),
        ("2027-10-26T09:00:00", 3, None),
    ],
)
def test_a_session_begins_with_its_prompt(now: str, session: int | None, meeting: int | None) -> None:
    assert current(BERLIN, CIRCLE, utc(now)) == session
    coming = upcoming(BERLIN, CIRCLE, utc(now))
    assert (coming and coming.number) == meeting


def test_a_window_holds_its_end_and_not_its_beginning() -> None:
    six, seven = utc("2026-10-12T06:00"), utc("2026-10-12T07:00")
    assert [moment.kind for moment in due(BERLIN, CIRCLE, six, seven)] == ["reminder"]
    assert [moment.kind for moment in due(BERLIN, CIRCLE, six - timedelta(seconds=1), six)] == ["prompt"]
    assert due(BERLIN, CIRCLE, six, six) == ()


def test_the_beginning_and_the_end_of_time_are_fine_as_a_window() -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert due(BERLIN, CIRCLE, first, last) == moments(BERLIN, CIRCLE)
    assert next_moment(BERLIN, CIRCLE, first) == utc("2026-10-12T06:00")
    assert next_moment(BERLIN, CIRCLE, last) is None


TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
PLACES = st.sampled_from([1, 2, 3, 4, LAST])
SLOTS = {
    "weekly": st.builds(Slot, st.integers(0, 6), TIMES),
    "fortnightly": st.builds(Slot, st.integers(0, 6), TIMES, st.just("fortnightly")),
    "monthly": st.builds(Slot, st.integers(0, 6), TIMES, st.just("monthly"), PLACES),
}
RHYTHMS = st.builds(
    lambda first, length, hours, prepare: Rhythm(first, first + length - 1, hours, prepare, 60),
    st.integers(0, 1),
    st.integers(1, 13),
    st.integers(0, 50),
    st.none() | st.integers(1, 6),
)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    start = draw(st.dates(date(2025, 1, 1), date(2029, 12, 31)))
    slots = SLOTS[draw(st.sampled_from(sorted(SLOTS)))]
    ahead = st.integers(0, 80).map(lambda after: start + timedelta(days=after))
    moves = sorted(draw(st.lists(st.tuples(ahead, slots), max_size=3)), key=lambda move: move[0])
    off = [
        Off(first, None if length is None else first + timedelta(days=length), "pause")
        for first, length in draw(st.lists(st.tuples(ahead, st.none() | st.integers(0, 30)), max_size=2))
    ]
    zone = draw(st.sampled_from(sorted(available_timezones())))
    return Schedule(zone, start, ((start, draw(slots)), *moves), tuple(off), draw(st.sampled_from([None, "DE", "JP"])))


@QUICK
@given(schedules(), RHYTHMS, st.data())
def test_windows_lose_nothing_and_give_nothing_twice(schedule: Schedule, rhythm: Rhythm, data: st.DataObject) -> None:
    every = moments(schedule, rhythm)
    start = datetime.combine(schedule.start, time(), UTC)
    anywhere = st.integers(-20 * 1440, 200 * 1440).map(lambda minutes: start + timedelta(minutes=minutes))
    cut = anywhere | st.sampled_from([moment.at for moment in every]) if every else anywhere
    cuts = [start - timedelta(days=30), *sorted(data.draw(st.lists(cut, max_size=12))), start + timedelta(days=4000)]
    assert sum((due(schedule, rhythm, after, until) for after, until in pairwise(cuts)), ()) == every
    for after in cuts:
        assert next_moment(schedule, rhythm, after) == min((m.at for m in every if m.at > after), default=None)


@QUICK
@given(schedules(), RHYTHMS)
def test_every_session_has_its_moments_and_none_is_stale_before_it_is_due(schedule: Schedule, rhythm: Rhythm) -> None:
    every = moments(schedule, rhythm)
    found = meetings(schedule, rhythm.numbers)
    assert len({(moment.kind, moment.number) for moment in every}) == len(every)
    assert [m.number for m in every if m.kind == "checkin"] == [meeting.number for meeting in found]
    assert all(moment.expires > moment.at for moment in every)
    for meeting in found:
        end = closes(schedule, rhythm, meeting.number)
        assert end is None or end > meeting.starts
        if schedule.every != "weekly":
            assert end is not None
            assert end <= to_utc(meeting.day + timedelta(days=8), meeting.at, schedule.zone) + timedelta(hours=26)


@QUICK
@given(schedules(), RHYTHMS)
def test_a_prompt_keeps_its_wall_time_in_every_zone(schedule: Schedule, rhythm: Rhythm) -> None:
    found = {meeting.number: meeting for meeting in meetings(schedule, rhythm.numbers)}
    for moment in moments(schedule, rhythm):
        if moment.kind == "prompt":
            meeting = found[moment.number]
            asked = datetime.combine(meeting.day, meeting.at) - timedelta(hours=rhythm.prompt_hours_before)
            local = wall(moment.at, schedule.zone).replace(tzinfo=None)
            # A gap is the only place where clocks, read back, say something else; and then it is later.
            gap = (asked + timedelta(hours=3), asked - timedelta(hours=3))
            after, before = (to_utc(at.date(), at.time(), schedule.zone) for at in gap)
            assert local == asked or (asked < local and after - before < timedelta(hours=6))


@QUICK
@given(schedules(), RHYTHMS, st.integers(-5000, 5000))
def test_the_session_and_the_next_meeting_agree_with_the_calendar(
    schedule: Schedule, rhythm: Rhythm, hours: int
) -> None:
    now = datetime.combine(schedule.start, time(), UTC) + timedelta(hours=hours)
    prompted = [m.number for m in moments(schedule, rhythm) if m.kind == "prompt" and m.at <= now]
    assert current(schedule, rhythm, now) == max(prompted, default=None)
    coming = [meeting for meeting in meetings(schedule, rhythm.numbers) if meeting.starts > now]
    assert upcoming(schedule, rhythm, now) == (coming[0] if coming else None)
