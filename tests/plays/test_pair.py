"""A reverse-mentoring pair: ten weeks, each with the mentor's preparation and the executive's small steps."""

from __future__ import annotations

from datetime import timedelta

from tests.plays.stage import Human, Stage, instant, wall

Pair = tuple[Human, Human, Human]
BERLIN = "Europe/Berlin"


def test_a_pair_begins_when_both_have_said_yes(stage: Stage) -> None:
    olga, mia, chef = stage.people("Olga", "Mia", "Max")
    olga.types("pair @mia @max --guide reverse-mentoring --on tue 16:00 --start 2026-12-08")
    olga.is_told("I have asked Mia, Max. It begins as soon as both have said yes.")
    mia.sees("Olga would like you to be the mentor in a reverse-mentoring pair.").presses("Yes, I'm in")
    mia.is_told("One more yes and it begins.")
    assert not stage.has_conversation("Mia & Max")
    chef.sees("Olga would like you to be the mentee in a reverse-mentoring pair.").presses("Yes, I'm in")
    assert stage.members("Mia & Max") == ["max", "mia"]
    mia.goes_to("Mia & Max").sees("every Tuesday at 16:00 (Europe/Berlin), 45 minutes").sees_not("looks after")


def test_a_no_to_a_pair_is_told_to_the_organiser_once(stage: Stage) -> None:
    olga, mia, chef = stage.people("Olga", "Mia", "Max")
    olga.types("pair @mia @max --on tue 16:00 --start 2026-12-08")
    mia.presses("Yes, I'm in")
    chef.presses("No, thanks")
    olga.sees("Max would rather not join Mia & Max this time.").sees_not("it takes have said yes")
    olga.presses("Start another pair").has_open("Start a reverse-mentoring pair")


def test_ten_weeks_pass_with_preparation_prompt_steps_and_check_ins(stage: Stage, pair: Pair) -> None:
    _, mia, chef = pair
    stage.until("2027-02-28T09:00:00Z")
    for week in range(1, 11):
        meeting = instant("2026-12-08T15:00:00Z") + timedelta(weeks=week - 1)
        prompts = [m for m in mia.messages("Mia & Max") if m["text"].startswith(f"Week {week}:")]
        assert [instant(m["at"]) for m in prompts] == [meeting - timedelta(hours=2)]
        prepared = [m for m in mia.messages("") if m["text"].startswith(f"Prepare Week {week}:")]
        # Two days before a Tuesday is a Sunday; the card comes on the Friday before, unless that is a holiday.
        at = "Mon 08:00" if week in (4, 5) else "Fri 16:00"
        assert [wall(instant(m["at"]), BERLIN) for m in prepared] == [at], week
        assert all(instant(m["at"]) < meeting for m in prepared)
        steps = [m for m in chef.messages("") if m["text"].startswith(f"Week {week}:")]
        assert [instant(m["at"]) for m in steps] == [meeting - timedelta(hours=2)], week
        assert 1 <= steps[0]["text"].count(" min · ") <= 3
    assert not [m for m in chef.messages("") if m["text"].startswith("Prepare")]
    assert not [m for m in mia.messages("") if m["text"].startswith("Week ")]
    assert len(mia.got("Mia & Max · one minute")) == len(chef.got("Mia & Max · one minute")) == 10
    assert len(mia.got("Mia & Max: the last week", "Mia & Max")) == 1


def test_each_of_the_two_is_asked_their_own_question(stage: Stage, pair: Pair) -> None:
    olga, mia, chef = pair
    stage.until("2026-12-09T15:00:00Z")
    mia.sees("Which sentence of your agreement will be the hardest for you to use?")
    chef.sees("What would have to happen by week 10 for you to call this time well spent?")
    chef.sees_not("hardest for you to use")
    mia.presses("Check in").fills(met="met", rating="4", step="Showed the search", share=False)
    chef.presses("Check in").fills(met="met", rating="5", step="Posted something", share=True)
    chef.goes_to("Mia & Max").sees("Posted something", "1 more has checked in.").sees_not("Showed the search")
    olga.types("status").is_told("Week 1: 2 of 2 have checked in.")
    olga.is_not_told("Showed the search").is_not_told("Posted something")


def test_the_executive_may_say_in_one_tap_that_they_had_to_cancel(stage: Stage, pair: Pair) -> None:
    _, mia, chef = pair
    stage.until("2026-12-09T15:00:00Z")
    chef.presses("I had to cancel").is_told("Thank you, your check-in for Week 1 is in.")
    mia.presses("Check in").fills(met="mentor_cancelled").is_told("I had to cancel")


def test_cancellations_of_the_executive_are_counted_and_the_second_is_hinted(stage: Stage, pair: Pair) -> None:
    olga, mia, chef = pair
    for day in ("2026-12-09", "2026-12-16"):
        stage.until(f"{day}T15:00:00Z")
        mia.presses("My mentee had to cancel")
        chef.presses("I had to cancel")
        olga.sees_not("had to cancel")
    stage.until("2026-12-23T09:00:00Z")
    olga.sees("The mentee had to cancel 2 meetings.", "offer a 15-minute slot, and ask the assistant to guard it")
    assert len(olga.got("had to cancel")) == 1
    olga.types("status").is_told("The mentee had to cancel 2 meetings.")


def test_both_of_a_pair_look_after_it(stage: Stage, pair: Pair) -> None:
    _, mia, chef = pair
    chef.types("move wed 9:00").is_told("Mia & Max now meets every Wednesday at 09:00 (Europe/Berlin).")
    mia.types("skip").is_told("Mia & Max does not meet on Wed 9 Dec.")
    mia.types("facilitator @mia").is_told("A pair looks after itself and needs no facilitator.")
    mia.types("invite @olga").is_told("A pair stays two. Start another pair with /circle pair.")


def test_a_pair_outside_the_reporting_line_only(stage: Stage) -> None:
    olga, mia, ida, chef = stage.people("Olga", "Mia", "Ida", "Max")
    stage.manages(chef, ida)
    stage.manages(ida, mia)
    olga.types("pair @mia @max --on tue 16:00 --start 2026-12-08")
    olga.is_told("Mia and Max are in one reporting line. A pair works outside it, so that both can speak freely.")
    assert not mia.messages()
    assert not chef.messages()
    olga.types("pair @max @mia --on tue 16:00 --start 2026-12-08").is_told("in one reporting line")
    olga.presses("Go on in a form").has_open("Start a reverse-mentoring pair", mentor=["max"], mentee=["mia"])
    olga.fills(mentor=["olga"]).is_told("I have asked Mia.")


def test_a_pair_is_two_different_people(stage: Stage) -> None:
    olga, mia, _ = stage.people("Olga", "Mia", "Max")
    olga.types("pair @mia --on tue 16:00").is_told("A pair is two people: first the mentor, then the mentee.")
    olga.types("pair @mia @max @olga --on tue 16:00").is_told("A pair is two people")
    olga.types("pair").has_open("Start a reverse-mentoring pair", mentor=[], mentee=[], weekday="0", time="10:00")
    olga.fills(mentor=["mia"]).is_shown("mentee", "Name one person.")
    olga.fills(mentee=["mia"]).is_shown("mentee", "Mentor and mentee are two different people.")
    olga.fills(mentee=["max"]).is_told("I have asked Mia, Max.")
    assert mia.messages()


def test_the_mentor_who_starts_the_pair_has_said_yes_by_that(stage: Stage) -> None:
    mia, chef = stage.people("Mia", "Max")
    mia.types("pair @mia @max --on tue 16:00 --start 2026-12-08").is_told("I have asked Max.")
    chef.presses("Yes, I'm in").is_told("It is on its way.")
    assert stage.has_conversation("Mia & Max")


def test_again_with_a_new_goal_asks_both_of_a_pair_anew(stage: Stage, pair: Pair) -> None:
    _, mia, chef = pair
    stage.until("2027-02-12T09:00:00Z")
    chef.goes_to("Mia & Max").presses("Again, with a new goal")
    chef.has_open("Start a reverse-mentoring pair", mentor=["mia"], mentee=["max"], weekday="1", time="16:00")
    chef.fills().is_told("I have asked Mia.")
    mia.sees("Max would like you to be the mentor in a reverse-mentoring pair.")
