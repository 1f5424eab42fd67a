"""A new meeting time: what is proposed, who could come, and one press that moves the group there."""

from __future__ import annotations

import pytest

from tests.plays.stage import Human, Stage, say_yes


@pytest.fixture
def asked(circle: tuple[Human, ...]) -> tuple[Human, ...]:
    """Ana asks about three times, until Tuesday at noon."""
    for human in circle:
        human.goes_to("North")
    circle[0].types('poll slot "tue 16:00" "Thursday, 9:00" "wed 14" --until tue 12:00').is_told("is on its way")
    return circle


def offered(human: Human, field: str) -> list[str]:
    found = next(one for one in human.form["fields"] if one["id"] == field)
    return [option["label"] for option in found["options"]]


def test_a_form_proposes_times_that_are_near_and_suit_everybody(circle: tuple[Human, ...]) -> None:
    ana, ben, *_ = circle
    ana.types("poll slot").has_open("Find a new time", slots="", day="2026-12-09", time="18:00")
    assert offered(ana, "chosen") == [
        "Monday 09:00",
        "Monday 11:00",
        "Tuesday 08:00",
        "Tuesday 10:00",
        "Wednesday 10:00",
        "Thursday 10:00",
    ]
    assert "North meets every Monday at 10:00 (Europe/Berlin)." in str(ana.form["intro"])
    ana.fills(chosen=["1 10:00"], slots="fri 15:00\nsomeday").is_shown("slots", "I can't read “someday”.")
    ana.fills(chosen=["1 10:00"], slots="fri 15:00").is_told("“Which meeting times would suit you?” is on its way")
    ben.goes_to("North").sees("Which meeting times would suit you?", "• Tuesday 10:00", "• Friday 15:00")


def test_times_may_be_typed_without_quotation_marks(circle: tuple[Human, ...]) -> None:
    ana, *_ = circle
    ana.types("poll slot tue 16:00, thu 9").has_open("Find a new time", slots="tue 16:00\nthu 9", chosen=[])
    ana.types("poll slot machines or cards?").has_open("Ask the group", question="slot machines or cards?")


def test_the_panel_has_a_button_for_it(circle: tuple[Human, ...]) -> None:
    ana, ben, *_ = circle
    ana.types("").presses("Look after it").presses("Find a new time").has_open("Find a new time")
    ben.types("poll slot").is_told("Only the facilitator can do that; in North that is Ana.")


def test_the_circle_moves_to_the_time_that_suits_most(stage: Stage, asked: tuple[Human, ...]) -> None:
    ana, ben, chloe, dan, eva = asked
    ben.presses("Tick what suits me").has_open("Tick what suits you", chosen=[])
    assert offered(ben, "chosen") == ["Tuesday 16:00", "Wednesday 14:00", "Thursday 09:00"]
    ben.fills(chosen=["0", "2"]).is_told("Your vote: Tuesday 16:00 and Thursday 09:00.")
    chloe.presses("Tick what suits me").fills(chosen=["0"])
    dan.presses("Tick what suits me").fills(chosen=["2"])
    ana.presses("Tick what suits me").fills(chosen=["0"])
    eva.presses("Tick what suits me").fills(chosen=[])
    eva.sees("Tuesday 16:00: 3", "Thursday 09:00: Ben and Dan", "5 of 5 have answered.")
    stage.until("2026-12-08T11:00:00Z")
    eva.sees("The poll “Which meeting times would suit you?” is closed.", "Tuesday 16:00 was chosen most, 3 of 5.")
    assert not eva.can_press("Move to Tuesday 16:00")
    ana.goes_to("").sees("These times suit most. Who could come:", "Tuesday 16:00: Ana, Ben and Chloe (3 of 5)")
    ana.sees("Thursday 09:00: Ben and Dan (2 of 5)", "Nothing changes unless you press one; then North is told.")
    ana.presses("Move to Tuesday 16:00").is_told("Tuesday at 16:00")
    eva.sees("Tuesday at 16:00")
    ana.presses("Move to Tuesday 16:00").is_told("North meets at that time already.")
    eva.goes_to("").types("roster")
    ana.types("agenda").is_told("Tue 15 Dec, 16:00")


def test_nobody_but_who_leads_moves_it(stage: Stage, asked: tuple[Human, ...]) -> None:
    ana, ben, *_ = asked
    ben.presses("Tick what suits me").fills(chosen=["0"])
    ana.presses("Close the poll now").is_told("Tuesday 16:00: Ben (1 of 5)")
    moves = ana.token("Move to Tuesday 16:00")
    ben.presses_copied(moves).is_told("Only the facilitator can do that; in North that is Ana.")
    stage.person("Fay").presses_copied(moves).is_told("I know no poll of yours like this.")
    ana.presses("Move to Tuesday 16:00")
    ben.sees("Tuesday at 16:00")


def test_a_time_that_suits_nobody_can_be_asked_anew(stage: Stage, asked: tuple[Human, ...]) -> None:
    ana, ben, *_ = asked
    ben.presses("Tick what suits me").fills(chosen=[])
    stage.until("2026-12-08T11:00:00Z")
    ben.sees("None of the choices suits anybody.")
    ana.goes_to("").presses("Ask with other times").has_open("Find a new time")


def test_in_several_zones_everybody_reads_their_own_hours(begin) -> None:
    stage: Stage = begin()
    ana, ben, chloe = stage.person("Ana"), stage.person("Ben", "America/New_York"), stage.person("Chloe")
    ana.types('create "Wide" @ana @ben @chloe --on mon 15:00 --start 2026-12-07')
    say_yes([ben, chloe])
    ana.types("poll slot").has_open("Find a new time")
    assert offered(ana, "chosen") == [
        "Monday 14:00",
        "Monday 16:00",
        "Tuesday 15:00",
        "Tuesday 17:00",
        "Wednesday 15:00",
        "Thursday 15:00",
    ]
    ana.fills(chosen=["1 15:00", "3 15:00"])
    ben.goes_to("Wide").sees("They are in Europe/Berlin").presses("Tick what suits me")
    assert offered(ben, "chosen")[0] == "Tuesday 15:00 · for you Tuesday 09:00"
    chloe.goes_to("Wide").presses("Tick what suits me")
    assert offered(chloe, "chosen")[0] == "Tuesday 15:00"


def test_where_no_hour_suits_everybody_it_says_whom_it_does_not(begin) -> None:
    stage: Stage = begin()
    ana, ben, chloe = stage.person("Ana"), stage.person("Ben", "Australia/Sydney"), stage.person("Chloe")
    ana.types('create "Far" @ana @ben @chloe --on mon 9:00 --start 2026-12-07')
    say_yes([ben, chloe])
    ana.types("poll slot").has_open("Find a new time")
    assert all("outside the hours of Ben" in label for label in offered(ana, "chosen"))
    assert "No time is within everybody's working hours" in str(ana.form["intro"])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('poll slot "tue 16:00"', "I need 2 to 10 different times; these are 1."),
        ('poll slot "tue 16:00" "soon"', "I can't read “soon”."),
        ('poll slot "tue 16:00" "wed 9" --anonymous', "A poll for a meeting time shows who could come"),
    ],
)
def test_what_cannot_be_asked_is_told_with_a_form_to_go_on(circle: tuple[Human, ...], typed: str, told: str) -> None:
    circle[0].types(typed).is_told(told).presses("Go on in a form").has_open("Find a new time")
