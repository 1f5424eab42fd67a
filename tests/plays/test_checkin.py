"""Checking in: a person's words are theirs, and nobody is nagged."""

from __future__ import annotations

import pytest

from tests.plays.conftest import Remember
from tests.plays.stage import Human, Stage, wall

TUESDAY = "2026-12-08T09:00:00Z"  # the day after the first meeting, at ten in Berlin
Circle = tuple[Human, ...]


@pytest.fixture
def asked(stage: Stage, circle: Circle, remember: Remember) -> Circle:
    """The circle on the day after its first meeting, when everybody has just been asked."""
    remember("asked", lambda: stage.until(TUESDAY))
    return circle


def test_a_check_in_is_one_message_that_becomes_the_thanks(stage: Stage, asked: Circle) -> None:
    ben = asked[1]
    before = len(ben.messages())
    ben.presses("Check in").has_open("Check-in: Set-up week", met="", rating="", step="", share=False)
    ben.fills(met="met", rating="4", step="Asked Dora for coffee")
    ben.is_told("Thank you, your check-in for Set-up week is in. See you Mon 14 Dec, 10:00.")
    ben.is_told("Your step: Asked Dora for coffee").is_told("Only you can see this.")
    assert ben.reply["kind"] == "replace"
    assert len(ben.messages()) == before


def test_only_the_first_question_must_be_answered(stage: Stage, asked: Circle) -> None:
    ben = asked[1]
    ben.presses("Check in").fills(rating="3").is_shown("met", "Did you meet? Choose one.")
    ben.fills(rating="9", met="met").is_shown("rating", "From 1 to 5, please.")
    ben.fills(rating="", step="x" * 601).is_shown("step", "At most 600 characters; this has 601.")
    ben.fills(step="").sees("Thank you")


def test_one_tap_is_enough_and_more_can_be_added(stage: Stage, asked: Circle) -> None:
    ben = asked[1]
    ben.presses("We met as planned").is_told("Thank you")
    ben.presses("Add how it was").has_open("Check-in: Set-up week", met="met")
    ben.fills(rating="5", obstacle="Time").is_told("In the way: Time")
    ben.presses("Change").has_open("Check-in: Set-up week", met="met", rating="5", obstacle="Time")


def test_what_is_shared_stands_in_the_home_in_one_message_with_the_count_of_the_others(
    stage: Stage, asked: Circle
) -> None:
    ana, ben, chloe, dan, _ = asked
    ben.presses("We met as planned")
    ana.goes_to("North").sees_not("Check-ins:")
    chloe.presses("Check in").fills(met="met", rating="2", step="Wrote to Ida", obstacle="Courage", share=True)
    ana.sees("Check-ins: Set-up week\nChloe\nWrote to Ida\nIn the way: Courage\n1 more has checked in.")
    ana.sees_not("2/5")
    dan.presses("Check in").fills(met="absent", rating="1", step="Secret")
    ana.sees("2 more have checked in.").sees_not("Secret")
    assert len(ana.got("Check-ins: Set-up week")) == 1


def test_taking_a_share_back_takes_the_words_out_of_the_home(stage: Stage, asked: Circle) -> None:
    ana, ben, *_ = asked
    ben.presses("Check in").fills(met="met", step="Called Ida", share=True).is_told("Shared with your group.")
    ana.goes_to("North").sees("Called Ida")
    ben.presses("Change").fills(share=False).is_told("Only you can see this.")
    ana.sees_not("Called Ida").sees("1 has checked in.")


def test_a_check_in_can_be_changed_until_the_next_prompt_and_not_after(stage: Stage, asked: Circle) -> None:
    ben = asked[1]
    ben.presses("We met as planned")
    stage.until("2026-12-14T06:59:00Z")
    ben.presses("Add how it was").fills(rating="4").is_told("How it was: 4/5")
    ben.presses("Change")
    stage.until("2026-12-14T07:00:00Z")
    ben.fills(rating="1").is_told("This check-in is closed: the next week has begun.")
    ben.presses_copied(ben.token("Change")).is_told("This check-in is closed")
    ben.types("checkin").is_told("The last check-in is closed. The next one opens with the next meeting.")


def test_before_the_first_meeting_there_is_nothing_to_check_in_about(stage: Stage, circle: Circle) -> None:
    circle[1].types("checkin").is_told("You can check in after your first meeting (Mon 7 Dec, 10:00).")


def test_somebody_silent_hears_twice_more_and_then_never_again(stage: Stage, asked: Circle) -> None:
    ana, ben, chloe, dan, eva = asked
    for human in (ana, chloe, dan, eva):
        human.presses("We met as planned")
    stage.until("2026-12-14T06:59:00Z")
    nudges = ben.got("with North? One tap is enough.") + ben.got("Last call for Set-up week")
    assert [wall(at, "Europe/Berlin") for at in nudges] == ["Thu 10:00", "Fri 10:00"]
    for human in (chloe, dan, eva):
        assert not human.got("One tap is enough"), human.id
    stage.until("2026-12-14T08:00:00Z")
    hints = ana.got("Ben has not checked in. I have asked and will leave it there; a short word from you may do more.")
    assert [wall(at, "Europe/Berlin") for at in hints] == ["Mon 08:00"]
    stage.until("2026-12-15T08:00:00Z")
    assert len(ben.got("Set-up week")) == 3


def test_a_nudge_can_be_answered_and_everything_else_shows_it(stage: Stage, circle: Circle) -> None:
    ben = circle[1]
    stage.until("2026-12-10T09:00:00Z")
    ben.sees("A line about Set-up week with North? One tap is enough.").presses("We met as planned")
    ben.sees_not("One tap is enough", "How was Set-up week")
    stage.until("2026-12-14T06:59:00Z")
    assert not ben.got("Last call")


def test_nobody_is_asked_in_their_quiet_hours_nor_on_their_days_off(stage: Stage, circle: Circle) -> None:
    _, ben, chloe, dan, eva = circle
    chloe.types("zone Asia/Tokyo")
    dan.types("zone America/Los_Angeles")
    eva.types("quiet 9:00-14:00")
    stage.until("2026-12-28T00:00:00Z")
    zones = {ben: "Europe/Berlin", chloe: "Asia/Tokyo", dan: "America/Los_Angeles", eva: "Europe/Berlin"}
    for human, zone in zones.items():
        asked = [wall(at, zone) for at in human.got("North · one minute") + human.got("with North")]
        assert len(asked) >= 8, human.id
        for at in asked:
            day, _, hour = at.partition(" ")
            assert day not in ("Sat", "Sun"), (human.id, at)
            polite = "08:00" <= hour < "18:00" if human is not eva else hour < "09:00" or hour >= "14:00"
            assert polite, (human.id, at)


def test_the_facilitator_can_bring_a_nudge_forward_but_not_make_a_third(stage: Stage, asked: Circle) -> None:
    ana, ben, chloe, dan, eva = asked
    for human in (ana, chloe, dan):
        human.presses("We met as planned")
    stage.until("2026-12-08T13:00:00Z")
    ana.types("nudge").is_told("A nudge is on its way to Ben, Eva.")
    assert len(ben.got("One tap is enough")) == len(eva.got("One tap is enough")) == 1
    ana.types("nudge").is_told("Ben hears from me on Wed 9 Dec, 10:00; sooner would not be polite.")
    assert not ben.got("Last call")
    stage.until("2026-12-09T09:00:00Z")
    assert len(ben.got("Last call")) == 1
    ana.types("nudge").is_told("have heard from me as often as I allow myself. A word from you would do more.")
    stage.until("2026-12-14T06:59:00Z")
    assert len(ben.got("Set-up week")) == 3


def test_a_nudge_wanted_in_the_evening_waits_for_the_morning(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    stage.until("2026-12-08T20:00:00Z")
    ana.types("nudge").is_told("Ben hears from me on Wed 9 Dec, 08:00; sooner would not be polite.")
    stage.until("2026-12-09T08:00:00Z")
    assert [wall(at, "Europe/Berlin") for at in ben.got("One tap is enough")] == ["Wed 08:00"]


def test_there_is_nothing_to_nudge_about_before_the_request_or_when_all_have_answered(
    stage: Stage, circle: Circle
) -> None:
    ana = circle[0]
    ana.types("nudge").is_told("There is no check-in open to nudge about.")
    stage.until("2026-12-07T10:00:00Z")
    ana.types("nudge").is_told("The check-in request goes out on the day after the meeting")
    stage.until(TUESDAY)
    for human in circle:
        human.presses("We met as planned")
    ana.types("nudge").is_told("Everybody in North has checked in.")


def test_somebody_who_came_late_does_not_stop_the_nudge_for_the_others(stage: Stage, five: Circle) -> None:
    ana, ben, chloe, dan, _ = five
    ana.types('create "North" @ana @ben @chloe @dan --on mon 10:00 --start 2026-12-07')
    ben.presses("Yes, I'm in")
    chloe.presses("Yes, I'm in")
    stage.until("2026-12-09T09:00:00Z")
    dan.presses("Yes, I'm in")
    ana.types("nudge").is_told("A nudge is on its way to Ana, Ben, Chloe.")


def test_status_shows_who_met_and_answered_and_no_ones_words(stage: Stage, circle: Circle) -> None:
    ana, ben, chloe, *_ = circle
    ana.types("status").is_told("The first meeting is still to come.")
    stage.until(TUESDAY)
    ben.presses("Check in").fills(met="met", step="Private words", obstacle="Private worries", share=True)
    chloe.presses("It did not take place")
    ana.types("status").is_told("Set-up week: 2 of 5 have checked in.")
    ana.is_told("Ben | yes | yes | 1 week").is_told("Chloe | no | yes | 1 week").is_told("Dan | not known | not yet")
    ana.is_not_told("Private")
    stage.until("2026-12-15T09:00:00Z")
    ben.presses("We met as planned")
    ana.types("status").is_told("Ben | yes | yes | 2 weeks").is_told("Chloe | not known | not yet | 1 week")


def test_home_says_that_a_check_in_waits_and_does_it(stage: Stage, asked: Circle) -> None:
    ben = asked[1]
    ben.types("")
    ben.presses("Check in").fills(met="met", rating="5").is_told("Thank you")
    ben.types("").is_not_told('"Check in"')
