"""Groups that meet once a month: founded, moved, skipped, and never told of weeks that they do not have."""

from __future__ import annotations

import pytest

from tests.plays.stage import Human, Stage, instant, say_yes

EIGHT = ("Ana", "Ben", "Chloe", "Dan", "Eva", "Fay", "Gus", "Hal")
NAMED = "@ana @ben @chloe @dan @eva @fay @gus @hal"

LONG = True


@pytest.fixture
def ring(stage: Stage) -> tuple[Human, ...]:
    """Eight who meet on the second Tuesday of each month at six, from 8 December; Ana facilitates."""
    people = stage.people(*EIGHT)
    people[0].types(f'create "Ring" {NAMED} --guide monthly-circle --on second tue 18:00 --start 2026-12-07')
    say_yes(people[1:])
    return people


def prompts(stage: Stage, human: Human) -> list[str]:
    return [m["at"][:16] for m in human.messages("Ring") if "We meet: " in m["text"]]


def test_a_monthly_circle_is_told_when_it_meets_and_in_months(stage: Stage, ring: tuple[Human, ...]) -> None:
    ana, ben, *_ = ring
    ben.goes_to("Ring").sees("on the second Tuesday of each month at 18:00 (Europe/Berlin), 120 minutes")
    stage.until("2026-12-06T18:00:00Z")
    assert prompts(stage, ben) == ["2026-12-06T17:00"]  # two days before, at the same hour
    ben.goes_to("Ring").sees("Meeting 1: ").sees_not("Week 1")
    ben.goes_to("").types("").is_told("This month").is_told("Meetings done")
    ana.goes_to("").types("").is_told("Meeting 1: ")


def test_a_year_of_a_monthly_circle_keeps_the_hour_and_the_weekday(stage: Stage, ring: tuple[Human, ...]) -> None:
    stage.until("2027-04-30T18:00:00Z")
    assert prompts(stage, ring[0]) == [
        "2026-12-06T17:00",
        "2027-01-10T17:00",
        "2027-02-07T17:00",
        "2027-03-07T17:00",
        "2027-04-11T16:00",  # the clocks have changed; in Berlin it is six all the same
    ]


def test_a_check_in_of_a_month_closes_after_a_week(stage: Stage, ring: tuple[Human, ...]) -> None:
    ben = ring[1]
    stage.until("2026-12-10T09:00:00Z")  # in the morning after quiet hours
    ben.goes_to("").sees("How was Meeting 1?")
    stage.until("2026-12-17T09:00:00Z")
    assert len(ben.got("with Ring", "")) == 2
    ben.types("checkin").is_told("The last check-in is closed. The next one opens with the next meeting.")


def test_a_skipped_month_keeps_the_place(stage: Stage, ring: tuple[Human, ...]) -> None:
    ana = ring[0]
    ana.types("skip 2027-01-12").is_told("Ring does not meet on Tue 12 Jan.")
    stage.until("2027-02-10T09:00:00Z")
    assert prompts(stage, ana) == ["2026-12-06T17:00", "2027-02-07T17:00"]
    ana.goes_to("Ring").sees("Meeting 2: ").sees_not("Meeting 3: ")


def test_a_month_whose_day_is_a_holiday_meets_a_week_later(stage: Stage) -> None:
    people = stage.people(*EIGHT)
    people[0].types(
        f'create "Ring" {NAMED} --guide monthly-circle --on last fri 16:00 --start 2027-03-01 --holidays DE'
    ).is_told("on the last Friday of each month at 16:00").is_told("Friday 2 April 2027")


def test_a_monthly_circle_moves_to_another_day_of_the_month(stage: Stage, ring: tuple[Human, ...]) -> None:
    ana, ben, *_ = ring
    ana.types("move third thu 17:00").is_told("Ring now meets on the third Thursday of each month at 17:00")
    ana.is_told("Next: Meeting 1 on Thu 17 Dec, 17:00")
    ben.goes_to("Ring").sees("Ring now meets on the third Thursday of each month at 17:00 (Europe/Berlin).")
    ana.types("move mon 10:00").is_told("It meets once a month. On which day? For example: second tue 18:00")


def test_a_monthly_circle_moves_with_a_form_too(stage: Stage, ring: tuple[Human, ...]) -> None:
    ana = ring[0]
    ana.types("move").has_open("Move the meeting", nth="2", weekday="1", time="18:00")
    ana.fills(nth="-1", weekday="4").is_told("Ring now meets on the last Friday of each month at 18:00")


@pytest.mark.parametrize(
    ("guide", "on", "told"),
    [
        ("monthly-circle", "tue 18:00", "It meets once a month. On which day? For example: second tue 18:00"),
        ("peer-circle", "second tue 18:00", "Which day of the week? For example: mon 10:00"),
        ("monthly-circle", "every second tue 18:00", "It meets once a month. On which day?"),
        ("monthly-circle", "second tue", "At what time? For example: 10:00"),
    ],
)
def test_a_day_that_does_not_fit_the_guide_is_asked_about(stage: Stage, guide: str, on: str, told: str) -> None:
    ana, *_ = stage.people(*EIGHT)
    ana.types(f'create "Ring" {NAMED} --guide {guide} --on {on} --start 2026-12-07').is_told(told)


def test_the_form_asks_which_one_of_the_month(stage: Stage) -> None:
    ana, *others = stage.people(*EIGHT)
    ana.types("").presses("Start a circle").has_open("Start a circle")
    people = [one.id for one in others]
    asked = {"name": "Ring", "people": people, "guide": "monthly-circle", "weekday": "1", "time": "18:00"}
    ana.fills(**asked, start="2026-12-07").is_shown("nth", "It meets once a month.")
    ana.fills(**asked, start="2026-12-07", nth="2").is_told("on the second Tuesday of each month at 18:00")


def test_again_asks_for_the_same_day_of_the_month(stage: Stage, ring: tuple[Human, ...]) -> None:
    stage.until("2027-10-01T09:00:00Z")
    ring[0].goes_to("Ring").presses("Again, with a new goal")
    ring[0].has_open("Start a circle", guide="monthly-circle", nth="2", weekday="1", time="18:00")
    assert stage.now >= instant("2027-10-01T09:00:00Z")
