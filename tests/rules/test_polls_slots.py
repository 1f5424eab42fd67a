"""Which meeting times are proposed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.polls.slots import MOST, WORK_FROM, WORK_TO, next_start, proposals
from bot.schedule.courtesy import Courtesy, is_quiet
from bot.schedule.rules import Slot, wall

FRIDAY = date(2026, 12, 4)
MONDAY = Slot(0, time(10))
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "Pacific/Kiritimati", "UTC")


def shown(present: Slot, minutes: int, *hours: Courtesy, zone: str = "Europe/Berlin") -> list[str]:
    found = proposals(present, zone, minutes, dict(enumerate(hours, 1)), FRIDAY)
    return [f"{DAYS[one.slot.weekday]} {one.slot.at:%H:%M} {list(one.outside)}" for one in found]


def test_the_nearest_to_the_present_one_that_suit_all() -> None:
    assert shown(MONDAY, 60, Courtesy("Europe/Berlin"), Courtesy("Europe/Madrid")) == [
        "Mon 09:00 []",
        "Mon 11:00 []",
        "Tue 08:00 []",
        "Tue 10:00 []",
        "Wed 10:00 []",
        "Thu 10:00 []",
    ]


def test_quiet_hours_and_days_off_are_left_alone() -> None:
    late = Courtesy("Europe/Berlin", time(16), time(12), frozenset({2, 3}))

    assert shown(MONDAY, 60, Courtesy("Europe/Berlin"), late) == [
        "Wed 12:00 []",
        "Wed 14:00 []",
        "Thu 12:00 []",
        "Thu 14:00 []",
    ]


def test_a_long_meeting_ends_within_working_hours() -> None:
    assert all(
        " 1" not in one or int(one[4:6]) <= 15 for one in shown(Slot(2, time(15)), 180, Courtesy("Europe/Berlin"))
    )


def test_where_nothing_suits_all_it_is_said_whom_it_does_not() -> None:
    found = shown(MONDAY, 60, Courtesy("Europe/Berlin"), Courtesy("Australia/Sydney"), Courtesy("Europe/Paris"))

    assert len(found) == MOST
    assert all(one.endswith("[2]") for one in found)


@given(
    st.integers(0, 4),
    st.integers(0, 23),
    st.sampled_from((30, 60, 90)),
    st.sampled_from(ZONES),
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=4),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_what_is_said_to_suit_somebody_lies_in_their_working_hours(
    weekday: int, hour: int, minutes: int, zone: str, zones: list[str], today: date
) -> None:
    present = Slot(weekday, time(hour))
    people = {n: Courtesy(one) for n, one in enumerate(zones)}

    found = proposals(present, zone, minutes, people, today)

    assert len(found) <= MOST
    assert present not in {one.slot for one in found}
    for one in found:
        starts = next_start(one.slot, zone, today)
        for person in people.keys() - set(one.outside):
            begins, ends = (wall(at, people[person].zone) for at in (starts, starts + timedelta(minutes=minutes)))
            assert begins.date() == ends.date()
            assert WORK_FROM <= begins.time() < ends.time() <= WORK_TO
            assert begins.weekday() in people[person].workdays
            assert not is_quiet(begins.time(), people[person])


@pytest.mark.parametrize(("today", "starts"), [("2026-12-04", "2026-12-07"), ("2026-12-07", "2026-12-14")])
def test_a_slot_is_judged_on_its_next_day(today: str, starts: str) -> None:
    expected = datetime.fromisoformat(starts).replace(hour=9, tzinfo=UTC)

    assert next_start(MONDAY, "Europe/Berlin", date.fromisoformat(today)) == expected
