"""A circle lives through its weeks."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from tests.plays.stage import Human, Stage, instant, wall


def test_a_circle_begins_when_three_have_said_yes(stage: Stage, five: tuple[Human, ...]) -> None:
    ana, ben, chloe, dan, eva = five
    ana.types('create "North" @ana @ben @chloe @dan @eva --guide peer-circle --on mon 10:00 --start 2026-12-07')
    ana.sees("I have asked Ben, Chloe, Dan, Eva", "every Monday at 10:00 (Europe/Berlin)", "Monday 7 December 2026")
    ben.sees("Ana invites you to the circle North.").presses("Yes, I'm in").sees("One more yes and it begins.")
    assert not stage.has_conversation("North")
    chloe.presses("Yes, I'm in").sees("It is on its way.")
    assert stage.has_conversation("North")
    dan.presses("No, thanks").sees("Nothing more will come from it.")
    ana.sees("Dan would rather not join North this time.")
    eva.presses("Yes, I'm in")
    ana.goes_to("North").sees("Eva has joined North.")


def test_twelve_weeks_pass_and_every_week_arrives_once(stage: Stage, circle: tuple[Human, ...]) -> None:
    ana, ben, *_ = circle
    stage.until("2027-03-15T12:00:00Z")
    for week in range(13):
        said = f"Week {week}:" if week else "Set-up week:"
        prompts = [m for m in ana.messages("North") if m["text"].startswith(said)]
        assert len(prompts) == 1, said
        assert instant(prompts[0]["at"]) == instant("2026-12-07T07:00:00Z") + timedelta(weeks=week)
    assert len(ben.got("North · one minute")) == 13
    assert len(ana.got("North: the last week", "North")) == 1


def test_the_home_is_opened_with_a_welcome_that_names_everybody(stage: Stage, circle: tuple[Human, ...]) -> None:
    ben = circle[1].goes_to("North")
    opening = ben.messages()[0]["text"]
    assert opening.startswith("North\nAna, Ben, Chloe")
    assert "Ana looks after the circle." in opening
    assert "Monday 7 December 2026" in opening
    ben.sees("Dan has joined North. Welcome!", "Eva has joined North. Welcome!")


def test_the_prompt_says_when_and_offers_the_agenda(stage: Stage, circle: tuple[Human, ...]) -> None:
    ben = circle[1].goes_to("North")
    stage.until("2026-12-07T07:00:00Z")
    ben.sees("Set-up week:", "We meet: Mon 7 Dec, 10:00 (Europe/Berlin), 60 min")
    ben.presses("Agenda").is_told("10:00 · ").is_not_told("For whoever leads")
    ben.presses("Only 20 minutes?").is_told("Takes: 20 minutes")
    circle[0].goes_to("North").presses("Agenda").is_told("For whoever leads")
    circle[2].goes_to("North").sees_not("Takes: 20 minutes")


def test_the_last_week_closes_and_begins_again_with_the_same_people(stage: Stage, circle: tuple[Human, ...]) -> None:
    ana, ben, *_ = circle
    stage.until("2027-03-02T09:30:00Z")
    ben.goes_to("North").sees("North: the last week").presses("Again, with a new goal")
    ben.has_open("Start a circle", name="North", weekday="0", time="10:00", zone="Europe/Berlin")
    ben.has_open("Start a circle", people=["ana", "chloe", "dan", "eva"], join=True)
    ben.fills(name="North again").is_told("I have asked Ana, Chloe, Dan, Eva")
    ana.goes_to("").sees("Ben invites you to the circle North again.")
    stage.until("2027-03-20T09:00:00Z")
    ana.types("checkin").is_told("The last check-in is closed.")
    heard = len(ben.messages("")), len(ana.messages("North"))
    stage.until("2027-09-01T09:00:00Z")
    assert heard == (len(ben.messages("")), len(ana.messages("North")))
    ana.goes_to("North").types("skip").is_told("North has come to its end.")


def test_ten_in_new_york_stays_ten_when_the_clocks_change(begin) -> None:
    stage: Stage = begin("2026-10-01T14:00:00Z")
    people = [stage.person(name, "America/New_York") for name in ("Ana", "Ben", "Chloe")]
    ana = people[0]
    ana.types('create "Hudson" @ana @ben @chloe --on mon 10:00 --start 2026-10-05 --holidays none')
    for human in people[1:]:
        human.presses("Yes, I'm in")
    stage.until("2027-01-20T00:00:00Z")
    prompts = [instant(m["at"]) for m in ana.messages("Hudson") if "We meet: " in m["text"]]
    assert [wall(at, "America/New_York") for at in prompts] == ["Mon 08:00"] * 13
    assert {later - at for at, later in pairwise(prompts)} == {
        timedelta(days=7),
        timedelta(days=7, hours=1),
    }
    asked = ana.got("Hudson · one minute")
    # Columbus Day, Thanksgiving and the like are days off for a person even where their circle meets.
    assert {at.astimezone(prompts[0].tzinfo) >= prompt for at, prompt in zip(asked, prompts, strict=True)} == {True}
    assert {wall(at, "America/New_York") for at in asked} == {"Tue 10:00"}


def test_an_evening_circle_on_the_date_line_keeps_its_day(begin) -> None:
    stage: Stage = begin("2026-12-01T00:00:00Z")
    people = [stage.person(name, "Pacific/Kiritimati") for name in ("Ana", "Ben", "Chloe")]
    people[0].types('create "Dawn" @ana @ben @chloe --on wed 1:00 --start 2026-12-09')
    for human in people[1:]:
        human.presses("Yes, I'm in")
    stage.until("2027-01-09T00:00:00Z")
    prompts = [instant(m["at"]) for m in people[0].messages("Dawn") if "We meet: " in m["text"]]
    assert [wall(at, "Pacific/Kiritimati") for at in prompts] == ["Tue 23:00"] * 4
    assert {wall(at, "Pacific/Kiritimati")[-5:] for at in people[1].got("Dawn · one minute")} == {"08:00"}


def test_everything_stands_as_it_was_after_a_restart(begin) -> None:
    stage: Stage = begin()
    ana, ben, chloe = stage.people("Ana", "Ben", "Chloe")
    ana.types('create "North" @ana @ben @chloe --on mon 10:00 --start 2026-12-07')
    ben.presses("Yes, I'm in")
    stage = begin()
    ana, ben, chloe = stage.people("Ana", "Ben", "Chloe")
    chloe.presses("Yes, I'm in").sees("It is on its way.")
    stage.until("2026-12-08T09:00:00Z")
    said = ben.screen(), ana.screen("North")
    stage = begin()
    ana, ben, chloe = stage.people("Ana", "Ben", "Chloe")
    stage.passes(minutes=1)
    assert (ben.screen(), ana.screen("North")) == said
    ben.presses("Check in").fills(met="met", rating="4").sees("Thank you, your check-in for Set-up week is in.")
    stage = begin()
    ana, ben, chloe = stage.people("Ana", "Ben", "Chloe")
    stage.until("2026-12-22T00:00:00Z")
    assert len(ana.got("We meet: ", "North")) == 3
    assert not ben.got("A line about Set-up week")


def test_the_prompts_know_no_other_circle(stage: Stage, circle: tuple[Human, ...]) -> None:
    ana = circle[0]
    fay = stage.person("Fay")
    fay.types('create "South" @fay @ben @chloe --on mon 10:00 --start 2026-12-07')
    circle[1].presses("Yes, I'm in")
    circle[2].presses("Yes, I'm in")
    stage.until("2026-12-07T08:00:00Z")
    assert len(ana.got("We meet: ", "North")) == len(fay.got("We meet: ", "South")) == 1
    members = {one["name"]: one["members"] for one in stage.get("/api/state")["conversations"]}
    assert members["South"] == ["ben", "chloe", "fay"]
