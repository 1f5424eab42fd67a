"""Checkpoints and what happens to groups meanwhile: people come late and leave, pairs do not meet, calendars move."""

from __future__ import annotations

from tests.plays.conftest import START
from tests.plays.stage import Human, Stage, say_yes

Pair = tuple[Human, Human, Human]
Circle = tuple[Human, ...]
HIDDEN = "Fewer than 5 people, one group only, or answers too much alike to show without giving somebody away."

LONG = True  # its tables meet PostgreSQL in tests/core


# ── coming and leaving ───────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_says_yes_after_the_others_were_asked_is_asked_too(stage: Stage) -> None:
    ana, ben, chloe, dan = stage.people("Ana", "Ben", "Chloe", "Dan")
    ana.types(f'create "North" @ana @ben @chloe @dan --guide peer-circle --on mon 10:00 --start {START}')
    say_yes([ben, chloe])
    stage.passes(hours=2)
    ben.sees("Before you begin")
    dan.sees_not("Before you begin").presses("Yes, I'm in")
    stage.passes(hours=1)
    dan.sees("Before you begin").presses("Answer").fills(**{"q_first-step": "2"}).is_told("Thank you")
    stage.passes(days=5)
    assert [len(human.got("A few questions now")) for human in (ana, ben, chloe)] == [1, 1, 1]
    assert not dan.got("your view is still missing")


def test_whoever_has_left_still_sees_what_they_answered(stage: Stage, pair: Pair) -> None:
    _, mia, _ = pair
    stage.until("2026-12-04T16:00:00Z")
    mia.presses("Answer").fills(q_explain="4", q_hope="To be heard").is_told("Thank you")
    mia.types("leave")
    mia.types("results").is_told("My answers in Mia & Max").is_told("4 of 5").is_told("To be heard")
    mia.is_not_told("Change my answers")
    mia.types("results all").is_not_told("Results: ")
    stage.person("Nora").types("results").is_told("You are not in a circle or pair yet.")


def test_whoever_has_moved_on_finds_their_former_answers_from_the_present_ones(stage: Stage, pair: Pair) -> None:
    olga, mia, _ = pair
    (kit,) = stage.people("Kit")
    stage.until("2026-12-04T16:00:00Z")
    mia.presses("Answer").fills(q_explain="4").is_told("Thank you")
    mia.types("leave")
    olga.types("pair @mia @kit --guide reverse-mentoring --on wed 16:00 --start 2027-01-13")
    say_yes([mia, kit])
    mia.types("results").is_told("My answers in Mia & Kit").is_not_told("4 of 5")
    mia.presses("My answers in Mia & Max").is_told("4 of 5")


# ── a form that was drawn before ─────────────────────────────────────────────────────────────────────────────────────


def test_a_form_that_is_older_than_an_answer_does_not_take_it_back(stage: Stage, pair: Pair) -> None:
    _, mia, _ = pair
    stage.until("2026-12-04T16:00:00Z")
    mia.presses("Answer")
    old = {**mia.form, "fields": list(mia.form["fields"])}
    mia.fills(q_explain="4", q_hope="To be heard").is_told("Thank you")

    mia.form = old
    mia.fills(**{"q_explain": "", "q_hope": "", "q_speak-up": "2"}).is_told("Thank you")

    mia.types("results").is_told("4 of 5").is_told("2 of 5").is_told("To be heard")


def test_an_answer_is_taken_back_in_a_form_that_shows_it(stage: Stage, pair: Pair) -> None:
    _, mia, _ = pair
    stage.until("2026-12-04T16:00:00Z")
    mia.presses("Answer").fills(**{"q_explain": "4", "q_hope": "To be heard"}).is_told("Thank you")
    mia.types("results").presses("Change my answers").has_open("Before you begin", q_hope="To be heard")
    mia.fills(q_hope="").is_told("Thank you")
    mia.types("results").is_told("4 of 5").is_not_told("To be heard")


# ── not met, moved ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_pair_is_not_asked_how_it_fits_before_it_has_met(stage: Stage, pair: Pair) -> None:
    _, mia, chef = pair
    stage.until("2026-12-09T16:00:00Z")
    mia.presses("Check in").fills(met="not_held")
    stage.until("2026-12-15T12:00:00Z")
    mia.sees_not("A first impression")
    stage.until("2026-12-16T16:00:00Z")
    chef.presses("Check in").fills(met="met")
    stage.until("2026-12-21T12:00:00Z")
    for human in (mia, chef):
        assert len(human.got("A first impression")) >= 1
        human.sees("How do the two of you get on?", "Nobody else sees what you answer, nor any figure of it.")


def test_a_skip_moves_the_poll_of_half_a_year_later_and_the_groups_own_day_is_said(stage: Stage, pair: Pair) -> None:
    olga, mia, _ = pair
    mia.types("followup on").is_told("on Tuesday 10 August 2027, I ask Mia & Max once more")
    olga.types("skip")
    mia.types("followup on").is_told("on Tuesday 17 August 2027, I ask Mia & Max once more")
    olga.types("skip 2026-12-22")
    stage.until("2027-08-23T12:00:00Z")
    assert not mia.got("Half a year has passed.")
    # At four in the afternoon where they are, in summer as in winter.
    stage.until("2027-08-24T13:55:00Z")
    assert not mia.got("Half a year has passed.")
    stage.until("2027-08-24T14:05:00Z")
    assert len(mia.got("Half a year has passed.")) == 1


# ── circles together ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_circles_of_a_program_are_told_together_and_neither_alone(stage: Stage) -> None:
    olga, *others = stage.people("Olga", "Ana", "Ben", "Chloe", "Dan", "Eva", "Finn", "Gil")
    for name, day, people in (("North", "mon", others[:4]), ("South", "mon", others[4:])):
        named = " ".join(f"@{human.id}" for human in people)
        olga.types(f'create "{name}" {named} --guide peer-circle --on {day} 10:00 --start {START}')
        say_yes(people)
    stage.until("2027-01-20T12:00:00Z")
    for human, value in zip(others, (1, 2, 3, 4, 2, 3, 5), strict=True):
        human.presses("Answer").fills(**{"q_worth-it": str(value)}).is_told("Thank you")
    stage.until("2027-01-29T12:00:00Z")
    olga.types("results midpoint").is_told("2 circles, all together.").is_told("mean 2.9 (n = 7)")
    others[1].types("results midpoint").is_told("Only who runs the program sees its figures")


def test_ideas_are_as_many_as_somebody_has_and_one_list_in_the_program(stage: Stage, pair: Pair) -> None:
    olga, mia, _ = pair
    stage.until("2027-01-07T16:00:00Z")
    mia.presses("Answer").fills(
        **{"q_challenge-ideas": "\n".join(f"Idea {n}" for n in range(14)), "n_challenge-ideas": True}
    ).is_told("Thank you")
    stage.until("2027-02-11T16:00:00Z")
    mia.presses("Answer").fills(**{"q_challenge-ideas": "A later one", "n_challenge-ideas": True})
    stage.until("2027-02-28T12:00:00Z")
    olga.types("results all").is_told("Mia: Idea 13").is_told("Mia: A later one")


def test_how_a_pair_fits_is_in_no_figure(stage: Stage, pair: Pair) -> None:
    olga, mia, _ = pair
    stage.until("2026-12-10T16:00:00Z")
    mia.presses("Answer").fills(q_match="bad")
    mia.presses("Who sees my answers?").is_told("Whether the two of you are a good fit is in no figure at all.")
    stage.until("2026-12-20T12:00:00Z")
    olga.types("results all").is_not_told("A first impression").is_not_told("good fit")
    olga.types("results fit").is_not_told("good fit")
