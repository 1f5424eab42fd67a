"""A circle mentor stands behind circles: asked first, told in counts, free to stop."""

from __future__ import annotations

import pytest

from tests.plays.stage import Human, Stage, wall

SECRET = "I asked my manager for Fridays off."


@pytest.fixture
def zoe(stage: Stage, circle: tuple[Human, ...]) -> Human:
    """Somebody outside of the circle."""
    del circle
    return stage.person("Zoe")


def supports(ana: Human, zoe: Human) -> None:
    ana.types("mentor @zoe")
    zoe.presses("Yes, I will")


def test_who_is_asked_sees_nothing_before_their_yes_and_the_circle_hears_of_it(
    circle: tuple[Human, ...], zoe: Human
) -> None:
    ana, ben, *_ = circle
    ana.types("mentor @zoe").is_told("I am asking Zoe.")
    zoe.sees("Ana asks whether you would support North as its circle mentor.")
    zoe.types("supported").is_told("None at the moment.")
    ben.goes_to("North").sees_not("Zoe")
    zoe.presses("Yes, I will").is_told("Thank you. You support North from now on.")
    ben.sees("Zoe supports you as circle mentor from now on", "never who, or what anybody wrote")
    zoe.types("").is_told("You support:").is_told("Looked after by")


def test_a_circle_mentor_sees_counts_and_never_words_or_who_was_silent(
    stage: Stage, circle: tuple[Human, ...], zoe: Human
) -> None:
    ana, ben, chloe, *_ = circle
    supports(ana, zoe)
    stage.until("2026-12-08T12:00:00Z")
    for human in (ben, chloe):
        human.goes_to("").presses("Check in").fills(met="met", step=SECRET, share="yes")
    zoe.types("supported").is_told("2 of 5, about Set-up week").is_told("1 of 1")
    stage.until("2026-12-16T12:00:00Z")
    zoe.sees("In North 3 people have not checked in about Set-up week.", "Ana looks after it and has heard from me.")
    zoe.sees_not(SECRET, "Ben", "Chloe", "Dan", "Eva")
    zoe.presses("How it is going").is_not_told(SECRET).is_not_told("Ben")
    assert [wall(at, "Europe/Berlin") for at in zoe.got("have not checked in")] == ["Mon 08:00"]


def test_nobody_hears_a_hint_when_everybody_has_checked_in(stage: Stage, circle: tuple[Human, ...], zoe: Human) -> None:
    supports(circle[0], zoe)
    stage.until("2026-12-08T12:00:00Z")
    for human in circle:
        human.goes_to("").presses("Check in").fills(met="met")
    stage.until("2026-12-16T12:00:00Z")
    zoe.sees_not("checked in about")


def test_a_no_is_told_to_who_asked_and_to_nobody_else(circle: tuple[Human, ...], zoe: Human) -> None:
    ana, ben, *_ = circle
    ana.types("mentor @zoe")
    zoe.presses("No, thanks").is_told("That is all right.")
    ana.sees("Zoe cannot support North just now.")
    ben.goes_to("North").sees_not("Zoe")
    zoe.presses_copied(f"support:{ana.group()}:yes").is_told("This has been answered already.")
    ana.types("mentor @zoe")
    zoe.presses("Yes, I will").is_told("You support North from now on.")


def test_a_circle_mentor_can_stop_at_any_time(stage: Stage, circle: tuple[Human, ...], zoe: Human) -> None:
    ana, ben, *_ = circle
    supports(ana, zoe)
    zoe.types("supported").presses("Stop supporting North").is_told("You do not support North any more.")
    ben.goes_to("North").sees("Zoe does not support you as circle mentor any more.")
    zoe.presses_copied(f"supported:{ana.group()}").is_told("I know no circle that you support by that name.")
    stage.until("2026-12-16T12:00:00Z")
    zoe.sees_not("checked in about")


def test_whoever_looks_after_the_circle_can_end_it(circle: tuple[Human, ...], zoe: Human) -> None:
    ana, *_ = circle
    supports(ana, zoe)
    ana.types("").presses("Look after it").presses("Circle mentor").is_told("Zoe supports you.")
    ana.presses("End it with Zoe").is_told("Zoe does not support North any more, and has been told.")
    zoe.sees("North goes on without a circle mentor.")
    zoe.types("supported").is_told("None at the moment.")


def test_only_who_leads_may_ask_and_only_somebody_who_stands_outside(
    stage: Stage, circle: tuple[Human, ...], zoe: Human
) -> None:
    ana, ben, *_ = circle
    ben.types("mentor @zoe").is_told("Only the facilitator can do that")
    ana.types("mentor @ben").is_told("Ben is in North. A circle mentor stands outside it.")
    stage.manages(zoe, ben)
    ana.types("mentor @zoe").is_told("Somebody in North reports to Zoe.")


def test_nobody_supports_a_circle_that_did_not_ask_them(circle: tuple[Human, ...], zoe: Human) -> None:
    group = circle[0].group()
    for token in (f"support:{group}:yes", f"support:{group}:stop", f"supported:{group}"):
        zoe.presses_copied(token).is_told("I know no circle that you support by that name.")


def test_a_pair_has_no_circle_mentor(pair: tuple[Human, Human, Human]) -> None:
    olga, *_ = pair
    olga.types("mentor @olga").is_told("A pair is two people: a count would say who.")


def test_supporting_several_circles_shows_them_together(stage: Stage, circle: tuple[Human, ...], zoe: Human) -> None:
    ana, ben, *_ = circle
    supports(ana, zoe)
    ben.types('create "South" @ben @chloe @dan @eva --guide peer-circle --on tue 10:00 --start 2026-12-08')
    ben.types("").presses("Look after it").presses("Circle mentor").presses("Ask somebody").fills(person=["zoe"])
    zoe.goes_to("").presses("Yes, I will")
    zoe.types("supported").is_told("North").is_told("South").is_told("waiting for people to say yes")
