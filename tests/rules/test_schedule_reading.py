"""Typed words: what is understood, and that nothing is guessed."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.schedule.calendar import zone_names
from bot.schedule.reading import (
    read_date,
    read_hours,
    read_slot,
    read_time,
    read_weekday,
    read_zone,
    zone_suggestions,
)
from bot.schedule.rules import LAST

TODAY = date(2026, 12, 7)  # a Monday


@pytest.mark.parametrize(
    ("text", "weekday"),
    [("mon", 0), ("Monday", 0), (" MONDAYS ", 0), ("Tues.", 1), ("weds", 2), ("thur", 3), ("Sun", 6)]
    + [("Mo", 0), ("dienstags", 1), ("Donnerstag", 3), ("Sonnabend", 5), ("so.", 6)]
    + [(text, None) for text in ("", "m", "mondayss", "someday", "mon tue")],
)
def test_a_weekday_is_read(text: str, weekday: int | None) -> None:
    assert read_weekday(text) == weekday


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("10", time(10)),
        ("0", time(0)),
        ("10:00", time(10)),
        ("10.30", time(10, 30)),
        ("9:05", time(9, 5)),
        ("4pm", time(16)),
        ("4:30 PM", time(16, 30)),
        ("4:30 p.m.", time(16, 30)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("16h", time(16)),
        ("16h30", time(16, 30)),
        ("18 Uhr", time(18)),
        *((text, None) for text in ("", "24", "24:00", "10:60", "13pm", "0am", "10:5", "1000", "ten", "-1", "10:00:0")),
    ],
)
def test_a_time_is_read(text: str, at: time | None) -> None:
    assert read_time(text) == at


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("mon 10:00", (None, 0, time(10))),
        ("10:00 mon", (None, 0, time(10))),
        ("2nd tue 18:00", (2, 1, time(18))),
        ("second Tuesday at 6pm", (2, 1, time(18))),
        ("18:00 second Tuesday", (2, 1, time(18))),
        ("last friday of the month 16:00", (LAST, 4, time(16))),
        ("zweiter Dienstag 18 Uhr", (2, 1, time(18))),
        ("letzter Freitag im Monat um 16:00", (LAST, 4, time(16))),
        ("1. mo 9", (1, 0, time(9))),
        ("second tuesday", (2, 1, None)),
        ("4 fri", (None, 4, time(4))),
        ("fifth friday 16:00", (None, None, None)),
        ("every second tuesday 18:00", (None, None, None)),  # the second of the month, or every other one?
        ("jeden zweiten Dienstag 18:00", (None, None, None)),
        ("tue", (None, 1, None)),
        ("", (None, None, None)),
    ],
)
def test_a_slot_is_read_as_far_as_it_is_clear(text: str, slot: tuple[int | None, int | None, time | None]) -> None:
    assert read_slot(text) == slot


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-07", date(2026, 12, 7)),
        ("2027-1-4", date(2027, 1, 4)),
        ("7.12.2026", date(2026, 12, 7)),
        ("07. 12. 2026", date(2026, 12, 7)),
        ("Today", TODAY),
        ("tomorrow", date(2026, 12, 8)),
        ("monday", date(2026, 12, 14)),
        ("Tue", date(2026, 12, 8)),
        ("sunday", date(2026, 12, 13)),
        *((text, None) for text in ("", "7/12/2026", "12/7/2026", "2026-02-30", "30.2.2026", "7.12.26", "soon")),
        ("2206-12-07", None),
        ("9999-12-31", None),
    ],
)
def test_a_date_is_read(text: str, day: date | None) -> None:
    assert read_date(text, TODAY) == day


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 6))
@settings(max_examples=50, deadline=None)
def test_a_weekday_is_the_next_one_after_today(today: date, weekday: int) -> None:
    name = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[weekday]
    day = read_date(name, today)
    assert day is not None
    assert day.weekday() == weekday
    assert timedelta(days=1) <= day - today <= timedelta(days=7)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("18:00-8:00", (time(18), time(8))),
        ("18-8", (time(18), time(8))),
        ("6pm-8am", (time(18), time(8))),
        ("18:00 \u2013 8:00", (time(18), time(8))),
        ("18:00\u20148", (time(18), time(8))),
        ("6 pm to 8 am", (time(18), time(8))),
        *((text, None) for text in ("", "18", "18-", "-8", "18-8-9", "25-8", "evening-morning")),
    ],
)
def test_hours_are_read(text: str, hours: tuple[time, time] | None) -> None:
    assert read_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Europe / Berlin", "Europe/Berlin"),
        ("america/new york", "America/New_York"),
        ("berlin", "Europe/Berlin"),
        ("New  York", "America/New_York"),
        ("S\u00e3o Paulo", "America/Sao_Paulo"),
        ("St. Johns", "America/St_Johns"),
        ("Port au Prince", "America/Port-au-Prince"),
        ("calcutta", "Asia/Kolkata"),
        ("US/Eastern", "America/New_York"),
        ("istanbul", "Europe/Istanbul"),
        ("utc", "UTC"),
        ("Etc/GMT+2", "Etc/GMT+2"),
        *((text, None) for text in ("", "eastern", "gmt+2", "EST", "CET", "localtime", "Factory", "Atlantis", "../x")),
    ],
)
def test_a_zone_is_read(text: str, zone: str | None) -> None:
    assert read_zone(text) == zone


def test_every_zone_can_be_named_in_any_case_and_what_is_kept_can_be_named_again() -> None:
    for name, kept in zone_names().items():
        assert read_zone(name) == read_zone(name.upper().replace("_", " ")) == kept == read_zone(kept)
    assert set(zone_names().values()) <= available_timezones()


@pytest.mark.parametrize(
    ("text", "first"),
    [("Europe/Berln", "Europe/Berlin"), ("berlni", "Europe/Berlin"), ("new yrok", "America/New_York")],
)
def test_a_slip_of_the_finger_is_met_with_the_nearest_zones(text: str, first: str) -> None:
    assert zone_suggestions(text)[0] == first


def test_an_ambiguous_name_is_met_with_all_it_could_mean() -> None:
    assert {"America/New_York", "America/Toronto"} <= set(zone_suggestions("eastern"))


@given(st.text(max_size=80) | st.from_regex(r"[0-9:.\-apmh /]{0,12}", fullmatch=True))
@settings(max_examples=100, deadline=None)
def test_no_text_is_too_odd_to_be_answered(text: str) -> None:
    read_weekday(text)
    read_time(text)
    read_date(text, TODAY)
    read_hours(text)
    assert read_zone(text) is None or read_zone(text) in available_timezones()
    assert len(zone_suggestions(text)) <= 3
