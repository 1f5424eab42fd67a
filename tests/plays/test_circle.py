"""A circle lives through its weeks."""

from __future__ import annotations

from datetime import timedelta

from tests.plays.stage import Human, Stage, instant


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
