"""Checkpoints: asked by themselves, in private, politely; answered in the chat; nobody is exposed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from tests.plays.conftest import Remember
from tests.plays.stage import Human, Stage, say_yes, wall

Pair = tuple[Human, Human, Human]
Circle = tuple[Human, ...]
BERLIN = "Europe/Berlin"
MENTORS = ("Ada", "Bea", "Cem", "Dea", "Eli", "Fay", "Gil", "Hal")
MENTEES = ("Ira", "Jan", "Kit", "Leo", "Max", "Ned", "Oda", "Pia")
START, MIDDLE, END = "2026-12-04T16:00:00Z", "2027-01-07T16:00:00Z", "2027-02-11T16:00:00Z"

HIDDEN = "Fewer than 5 people, one group only, or answers too much alike to show without giving somebody away."
"""The same words whatever the reason is."""

LONG = True  # its tables meet PostgreSQL in tests/core


# ── one pair, one circle ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_start_is_asked_before_the_first_meeting_in_private_and_each_role_its_own(stage: Stage, pair: Pair) -> None:
    olga, mia, chef = pair
    stage.until("2026-12-07T15:00:00Z")
    mia.sees("Before you begin", "Mia & Max · 4 questions, until")
    mia.presses("Answer").has_open("Before you begin")
    assert any("disagree with somebody who has much more power" in one["label"] for one in mia.form["fields"])
    chef.presses("Answer").has_open("Before you begin")
    assert not any("disagree" in one["label"] for one in chef.form["fields"])
    chef.fills(**{"q_with-ease": "2"}).is_told("Thank you.")
    olga.sees_not("Before you begin")
    mia.goes_to("Mia & Max").sees_not("Before you begin")


def test_a_half_answered_poll_keeps_what_was_given_and_reminds_only_of_the_rest(stage: Stage, circle: Circle) -> None:
    ben = circle[1]
    stage.until("2027-01-20T10:00:00Z")
    ben.sees("Half-way").presses("Answer").has_open("Half-way").fills(**{"q_first-step": "4"})
    ben.is_told("5 questions are still open.")
    stage.until("2027-01-22T10:00:00Z")
    ben.sees("Half-way in North: 5 questions are still open. What you have given is kept.")
    ben.presses("Answer").has_open("Half-way", **{"q_first-step": "4"})
    ben.fills(**{"q_worth-it": "5"}).is_told("4 questions are still open.")
    ben.presses("Change my answers").has_open("Half-way", **{"q_first-step": "4", "q_worth-it": "5"})


def test_somebody_silent_is_reminded_twice_at_most_and_only_at_polite_hours(stage: Stage, circle: Circle) -> None:
    _, ben, chloe, *_ = circle
    chloe.types("zone America/Los_Angeles")
    stage.until("2027-01-29T12:00:00Z")
    for human, zone in ((ben, BERLIN), (chloe, "America/Los_Angeles")):
        asked = [at for at in human.got("Half-way") if at.isoformat() > "2027-01-19"]
        assert len(asked) == 3, human.id
        for at in asked:
            day, _, hour = wall(at, zone).partition(" ")
            assert day not in ("Sat", "Sun"), (human.id, day)
            assert "08:00" <= hour < "18:00", (human.id, hour)


def test_whoever_has_answered_hears_no_more_of_it(stage: Stage, pair: Pair) -> None:
    _, mia, _ = pair
    stage.until(START)
    mia.presses("Answer").fills(**{"q_explain": "3", "q_speak-up": "2", "q_the-whole-picture": "1"}).is_told(
        "Thank you"
    )
    stage.until("2026-12-12T12:00:00Z")
    assert len(mia.got("Before you begin")) == 1


def test_an_answer_can_be_changed_until_the_poll_closes_and_not_after(stage: Stage, pair: Pair) -> None:
    _, mia, _ = pair
    stage.until(START)
    mia.presses("Answer").fills(**{"q_explain": "3"})
    mia.types("results").is_told("3 of 5")
    stage.until("2026-12-10T10:00:00Z")
    mia.presses("Change my answers").has_open("Before you begin", **{"q_explain": "3"})
    mia.fills(**{"q_explain": "4"}).is_told("Thank you.")
    mia.types("results").is_told("4 of 5").is_not_told("3 of 5")
    mia.types("checkpoint")
    stage.until("2026-12-20T12:00:00Z")
    mia.fills(**{"q_explain": "5"}).is_told("closed")
    mia.types("results").is_told("4 of 5")


def test_a_skipped_week_moves_the_middle_and_nobody_is_asked_twice(stage: Stage, pair: Pair) -> None:
    olga, mia, _ = pair
    olga.types("skip")
    stage.until("2027-03-20T12:00:00Z")
    middle = mia.got("Half of the way lies behind you")
    assert [at.date().isoformat() for at in middle] == ["2027-01-14"]
    assert len(mia.got("What has moved, and what was it worth?")) == 1


def test_a_person_on_a_break_is_left_in_peace(stage: Stage, circle: Circle) -> None:
    ben = circle[1]
    ben.types("pause me until 2027-01-29")
    stage.until("2027-01-28T12:00:00Z")
    assert not ben.got("Half of the way")


def test_half_a_year_later_only_where_somebody_who_looks_after_it_wants_that(stage: Stage, pair: Pair) -> None:
    olga, mia, _ = pair
    mia.types("followup on").is_told("on Tuesday 10 August 2027, I ask Mia & Max once more what has stayed.")
    olga.types("followup off").is_told("I will not ask Mia & Max again after the end.")
    olga.types("followup on")
    stage.until("2027-08-12T12:00:00Z")
    mia.sees("Half a year has passed. What has stayed?").presses("Answer").fills(**{"q_still-there": "4"})
    mia.is_told("Thank you")
    stage.until("2027-09-30T12:00:00Z")
    assert len(mia.got("Your answers to Half a year later are kept.")) == 1


def test_what_others_can_see_is_one_press_away_and_says_who_reads_ones_own_words(stage: Stage, pair: Pair) -> None:
    olga, mia, _ = pair
    stage.until(START)
    mia.presses("Who sees my answers?").is_told("What others can see of my answers")
    mia.is_told("A figure is made of at least 5 people of more than one group.")
    mia.is_told("Only you will read this.")
    mia.types("privacy").is_told("Olga, who set this up, will read it without your name.")
    olga.types("privacy").is_told("What others can see of my answers")


def test_nobody_else_can_answer_and_what_makes_no_sense_is_said_at_its_field(stage: Stage, pair: Pair) -> None:
    olga, mia, chef = pair
    stage.until(START)
    mia.presses("Answer")
    token = mia.form["token"]
    olga.presses_copied(token).is_told("Only those who are in Mia & Max are asked.")
    stranger = stage.person("Nora")
    stranger.presses_copied(token).is_told("I know no group of yours by that name.")
    stage.until(MIDDLE)
    chef.presses("Answer").fills(q_help="x" * 1001).is_shown("q_help", "At most 1000 characters; this has 1001.")


# ── a good fit? ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_not_a_good_fit_is_told_to_the_organiser_only_with_consent_and_never_who(stage: Stage, pair: Pair) -> None:
    olga, mia, chef = pair
    stage.until("2026-12-10T16:00:00Z")
    mia.sees("A first impression").presses("Answer").fills(q_match="bad")
    mia.is_told("Nobody is told, unless you want it.")
    olga.sees_not("re-match")
    mia.presses("Tell Olga").is_told("Who said so stays between us.")
    stage.passes(hours=12)
    assert not olga.got("re-match"), "the minute of the press would say whose wish it is"
    stage.until("2026-12-11T09:00:00Z")
    olga.sees("Pair 1, Mia & Max, would like to talk about a re-match.")
    told = next(message["text"] for message in olga.messages() if "re-match" in message["text"])
    assert "asked" not in told
    assert told.count("Mia") == told.count("Max") == 1
    chef.presses("Answer").fills(q_match="bad")
    chef.presses("Tell Olga")
    stage.passes(days=4)
    assert len(olga.got("re-match")) == 1
    chef.sees_not("Mia would")


def test_a_good_fit_offers_nothing_to_tell(stage: Stage, pair: Pair) -> None:
    _, mia, chef = pair
    stage.until("2026-12-10T16:00:00Z")
    mia.presses("Answer").fills(q_match="good").is_not_told("Tell Olga")
    chef.presses("Answer").fills(q_match="bad")
    token = chef.token("Tell Olga")
    mia.presses_copied(token).is_told("Only somebody for whom the pair is not a good fit can ask for that.")


# ── a program of eight pairs ─────────────────────────────────────────────────────────────────────────────────────────

Program = tuple[Human, tuple[Human, ...], tuple[Human, ...]]


@pytest.fixture
def program(stage: Stage, remember: Remember) -> Program:
    """Eight pairs that Olga has set up, all on Tuesdays at four, from 8 December."""
    olga, *others = stage.people("Olga", *MENTORS, *MENTEES)
    mentors, mentees = tuple(others[:8]), tuple(others[8:])

    def found() -> None:
        for mentor, mentee in zip(mentors, mentees, strict=True):
            olga.types(f"pair @{mentor.id} @{mentee.id} --guide reverse-mentoring --on tue 16:00 --start 2026-12-08")
            say_yes([mentor, mentee])

    remember("program", found)
    return olga, mentors, mentees


@pytest.fixture
def half_way(stage: Stage, remember: Remember, program: Program) -> Program:
    """Five weeks later: the middle has just been asked for."""
    remember("program half-way", lambda: stage.until(MIDDLE))
    return program


def answer(people: Iterable[Human], question: str, values: Sequence[int], **more: str) -> None:
    for human, value in zip(people, values, strict=True):
        human.goes_to("").presses("Answer").fills(**{f"q_{question}": str(value), **more}).is_told("Thank you")


def test_eight_pairs_from_start_to_end_show_a_change_with_its_n_and_nobody(stage: Stage, program: Program) -> None:
    olga, mentors, mentees = program
    olga.types("results all").is_told("Nothing to show about these:")
    stage.until(START)
    answer(mentors, "explain", (1, 2, 2, 3, 2, 3, 1, 2))
    answer(mentees, "with-ease", (1, 1, 2, 2, 3, 2, 1, 4))
    stage.until("2026-12-20T12:00:00Z")
    olga.types("results baseline")
    olga.is_told("Mentors: the start is told together with the end, of those who answer both.")
    stage.until(MIDDLE)
    answer(mentors, "explain", (2, 3, 3, 3, 3, 4, 2, 3), **{"q_help": "Guard our time"})
    answer(mentees, "with-ease", (2, 2, 3, 3, 4, 3, 2, 4))
    stage.until("2027-01-22T12:00:00Z")
    olga.sees("Reverse mentoring: the figures of Half-way can be seen now.")
    olga.presses("Results of the program").is_told("Results: ")
    olga.is_told("Mentors: Middle 2.9 (n = 8).").is_not_told("Start 2.0")
    stage.until(END)
    answer(mentors, "explain", (3, 4, 3, 4, 4, 5, 3, 4))
    answer(mentees, "with-ease", (3, 3, 3, 4, 4, 4, 2, 5))
    stage.until("2027-02-28T12:00:00Z")
    olga.types("results all").is_told("Mentors: Start 2.0 (n = 8), Middle 2.9 (n = 8) and End 3.8 (n = 8).")
    olga.is_told("Change of the 8 who answered both: +1.8 (+1.3 to +2.2).")
    olga.is_told("between Start and End")
    olga.is_told("Mentees: Start 2.0 (n = 8), Middle 2.9 (n = 8) and End 3.5 (n = 8).")
    olga.types("results final").is_told("Mentors: mean 3.8 (n = 8)")
    mentors[0].types("results").is_told("1 of 5").is_told("2 of 5").is_told("3 of 5").is_not_told("n = 8")
    mentors[0].types("results all").is_told("Only who runs the program sees its figures")


def test_somebody_who_leaves_in_the_middle_cannot_be_subtracted(stage: Stage, program: Program) -> None:
    olga, mentors, mentees = program
    stage.until(START)
    answer(mentors, "explain", (1, 2, 2, 3, 2, 3, 1, 5))
    stage.until("2027-01-08T12:00:00Z")
    mentors[7].types("leave").is_told("You have left")
    stage.until(END)
    answer(mentors[:7], "explain", (3, 4, 4, 3, 4, 4, 3))
    stage.until("2027-02-28T12:00:00Z")
    olga.types("results all").is_told("Mentors: Start 2.0 (n = 7) and End 3.6 (n = 7).")
    olga.is_not_told("(n = 8)")
    assert not mentees[0].got("n = 7")


def test_with_few_answers_nothing_is_shown_and_it_says_why(stage: Stage, half_way: Program) -> None:
    olga, mentors, _ = half_way
    answer(mentors[:4], "worth-it", (5, 4, 2, 3))
    stage.until("2027-01-25T12:00:00Z")
    olga.types("results midpoint").is_told(f"Mentors and Mentees: nothing is shown here. {HIDDEN}")
    olga.is_not_told("mean")


def test_answers_that_are_nearly_all_alike_are_not_shown(stage: Stage, half_way: Program) -> None:
    olga, mentors, _ = half_way
    for human in mentors:
        human.presses("Answer").fills(**{"q_in-the-way": "time"})
    stage.until("2027-01-25T12:00:00Z")
    olga.types("results midpoint").is_told(f"Mentors and Mentees: nothing is shown here. {HIDDEN}")
    olga.is_not_told("meetings are called off")


def test_a_change_of_mind_counts_until_the_poll_closes_and_figures_never_change_after(
    stage: Stage, half_way: Program
) -> None:
    olga, mentors, _ = half_way
    answer(mentors, "speak-up", (1, 1, 2, 2, 3, 3, 4, 4))
    mentors[0].presses("Change my answers").fills(**{"q_speak-up": "5"}).is_told("Thank you")
    stage.until("2027-01-25T12:00:00Z")
    olga.types("results midpoint").is_told("Mentors: mean 3.0 (n = 8)")
    mentors[1].types("leave")
    mentors[2].types("leave")
    stage.passes(days=9)
    olga.types("results midpoint").is_told("Mentors: mean 3.0 (n = 8)")


def test_words_are_read_by_those_who_were_named_only_and_ideas_with_a_name_where_that_is_wanted(
    stage: Stage, half_way: Program
) -> None:
    olga, mentors, mentees = half_way
    for number, human in enumerate(mentors):
        human.presses("Answer").fills(
            **{"q_help": f"Wish {number}", "q_challenge-ideas": f"Idea {number}", "n_challenge-ideas": number == 3}
        )
    mentees[0].presses("Answer").fills(**{"q_help": "Only I wrote this as a mentee"})
    stage.until("2027-01-25T12:00:00Z")
    olga.types("results midpoint").is_told("Wish 0").is_told("Dea: Idea 3").is_told("Idea 5")
    olga.is_not_told("Ada: ").is_not_told("Only I wrote this as a mentee")


def test_a_circle_of_five_is_never_shown_alone(stage: Stage, circle: Circle) -> None:
    ana, *others = circle
    stage.until("2027-01-20T10:00:00Z")
    answer(circle, "worth-it", (1, 2, 3, 4, 5))
    stage.until("2027-01-29T12:00:00Z")
    ana.types("results midpoint").is_told(f"Participants: nothing is shown here. {HIDDEN}")
    others[0].types("results midpoint").is_told("Only who runs the program sees its figures")
