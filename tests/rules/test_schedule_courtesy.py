"""Private messages come at decent hours, and a nudge never a third time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.schedule.calendar import holiday_name, to_utc, wall
from bot.schedule.courtesy import APART, Courtesy, ladder, polite

BERLIN = Courtesy("Europe/Berlin", territory="DE")
QUICK = settings(max_examples=150, deadline=None)


def berlin(day: int, at: time, month: int = 12) -> datetime:
    return to_utc(date(2026, month, day), at, "Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (berlin(7, time(10)), berlin(7, time(10))),
        (berlin(7, time(8)), berlin(7, time(8))),
        (berlin(7, time(7, 59)), berlin(7, time(8))),
        (berlin(7, time(17, 59)), berlin(7, time(17, 59))),
        (berlin(7, time(18)), berlin(8, time(8))),
        (berlin(11, time(18)), berlin(14, time(8))),  # Friday evening
        (berlin(12, time(10)), berlin(14, time(8))),  # Saturday
        (berlin(24, time(19)), berlin(28, time(8))),  # Christmas, then a weekend
    ],
)
def test_a_message_waits_for_a_decent_hour(at: datetime, expected: datetime) -> None:
    assert polite(at, BERLIN) == expected


def test_quiet_hours_of_the_day_end_on_the_same_day() -> None:
    nights = Courtesy("Europe/Berlin", time(9), time(17))
    assert polite(berlin(7, time(10)), nights) == berlin(7, time(17))
    assert polite(berlin(7, time(3)), nights) == berlin(7, time(3))
    assert polite(berlin(12, time(3)), nights) == berlin(14, time(17))


def test_equal_quiet_hours_are_none() -> None:
    never = Courtesy("Europe/Berlin", time(8), time(8))
    assert polite(berlin(7, time(3)), never) == berlin(7, time(3))
    assert polite(berlin(12, time(3)), never) == berlin(14, time(8))


def test_the_hours_are_those_of_the_person() -> None:
    tokyo = Courtesy("Asia/Tokyo")
    assert polite(berlin(7, time(10)), tokyo) == datetime(2026, 12, 7, 23, tzinfo=UTC)


def test_quiet_hours_that_end_in_a_gap_end_after_it() -> None:
    owl = Courtesy("Europe/Berlin", time(20), time(2, 30), frozenset({5, 6}))
    assert polite(berlin(29, time(1), 3), owl) == berlin(29, time(3, 30), 3)


@pytest.mark.parametrize("workdays", [frozenset[int](), frozenset({1, 7})])
def test_somebody_works_some_day_of_the_week(workdays: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        Courtesy("Europe/Berlin", workdays=workdays)


@pytest.mark.parametrize(
    ("asked", "deadline", "expected"),
    [
        # a circle of Monday 10:00, prompted at 8:00
        (berlin(8, time(10)), berlin(14, time(8)), [berlin(10, time(10)), berlin(11, time(10))]),
        # Wednesday: Saturday becomes Monday, and Monday Tuesday, so that they are a day apart
        (berlin(10, time(10)), berlin(16, time(8)), [berlin(14, time(8)), berlin(15, time(10))]),
        # Thursday
        (berlin(11, time(10)), berlin(17, time(8)), [berlin(14, time(8)), berlin(15, time(10))]),
        # Friday: asked on a Saturday
        (berlin(12, time(10)), berlin(18, time(8)), [berlin(14, time(10)), berlin(16, time(10))]),
        (berlin(8, time(10)), None, [berlin(10, time(10)), berlin(14, time(8))]),
        # a holiday: 25 December is a Friday
        (berlin(22, time(10)), berlin(28, time(8)), [berlin(24, time(10))]),
        (berlin(8, time(10)), berlin(10, time(10)), [berlin(9, time(10))]),
        (berlin(8, time(10)), berlin(9, time(8)), []),
        (berlin(8, time(10)), berlin(7, time(8)), []),
        # an evening circle: what would be said at 19:00 is said next morning
        (berlin(8, time(19)), berlin(14, time(17)), [berlin(11, time(8)), berlin(14, time(8))]),
    ],
)
def test_nudges_come_two_and_four_days_after_the_ask(
    asked: datetime, deadline: datetime | None, expected: list[datetime]
) -> None:
    assert list(ladder(asked, BERLIN, deadline)) == expected


def test_a_nudge_keeps_the_wall_time_of_the_ask_when_clocks_change() -> None:
    first, _ = ladder(berlin(23, time(10), 10), Courtesy("Europe/Berlin", workdays=frozenset(range(7))), None)
    assert first == berlin(25, time(10), 10)


INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
COURTESIES = st.builds(
    Courtesy,
    st.sampled_from(sorted(available_timezones())),
    st.times(),
    st.times(),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.sampled_from([None, "DE", "JP", "US", "IR", "SE"]),
)


def good(at: datetime, courtesy: Courtesy) -> bool:
    local = wall(at, courtesy.zone)
    start, end, now = courtesy.quiet_from, courtesy.quiet_to, local.time()
    quiet = start <= now < end if start <= end else not end <= now < start
    return local.weekday() in courtesy.workdays and not quiet and holiday_name(local.date(), courtesy.territory) is None


@QUICK
@given(INSTANTS, COURTESIES)
def test_a_polite_moment_is_a_good_one_never_earlier_and_stays(at: datetime, courtesy: Courtesy) -> None:
    moment = polite(at, courtesy)
    assert moment >= at
    assert good(moment, courtesy)
    assert polite(moment, courtesy) == moment
    assert moment == at or not good(at, courtesy)


@QUICK
@given(INSTANTS, COURTESIES, st.none() | st.integers(-48, 24 * 14))
def test_a_ladder_is_short_spaced_polite_and_in_time(at: datetime, courtesy: Courtesy, hours: int | None) -> None:
    deadline = None if hours is None else at + timedelta(hours=hours)
    nudges = ladder(at, courtesy, deadline)
    assert len(nudges) <= 2
    assert all(after - before >= APART for before, after in pairwise((at, *nudges)))
    assert all(good(nudge, courtesy) for nudge in nudges)
    assert deadline is None or all(nudge < deadline for nudge in nudges)
    assert deadline is not None or len(nudges) == 2
