"""Skips, breaks, moves, holidays: the calendar shifts and the place in the guide is kept."""

from __future__ import annotations

from tests.plays.stage import Human, Stage, instant, say_yes, wall

Circle = tuple[Human, ...]


def prompts(human: Human, name: str = "North") -> list[tuple[str, str]]:
    """Every prompt that stands: its week and the day it went out."""
    found = [m for m in human.messages(name) if "We meet: " in m["text"]]
    return [(m["text"].partition(":")[0], m["at"][:10]) for m in found]


# ── skip ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_skip_before_the_cut_off_lets_nothing_out_and_keeps_the_place(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    stage.until("2026-12-13T09:00:00Z")
    ana.types("skip").is_told("North does not meet on Mon 14 Dec.").is_told("Next: Week 1 on Mon 21 Dec, 10:00")
    ben.goes_to("North").sees("North does not meet on Mon 14 Dec.")
    stage.until("2026-12-21T08:00:00Z")
    assert prompts(ana) == [("Set-up week", "2026-12-07"), ("Week 1", "2026-12-21")]
    assert len(ben.goes_to("").got("North · one minute")) == 1


def test_a_skip_after_the_prompt_changes_it_in_place_and_the_week_comes_again(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    stage.until("2026-12-14T07:30:00Z")
    ben.goes_to("North").sees("We meet: Mon 14 Dec, 10:00")
    ana.types("skip")
    ben.sees("Not this time: we meet on Mon 21 Dec, 10:00 (Europe/Berlin), with the same step.")
    edited = [m for m in ben.messages() if m["text"].startswith("Week 1:")]
    assert len(edited) == 1
    assert edited[0]["edited"]
    stage.until("2026-12-21T08:00:00Z")
    assert prompts(ana)[-1] == ("Week 1", "2026-12-21")


def test_a_skip_names_any_coming_meeting(stage: Stage, circle: Circle) -> None:
    ana, *_ = circle
    ana.types("skip 2026-12-21").is_told("North does not meet on Mon 21 Dec.")
    stage.until("2027-01-04T08:00:00Z")
    assert prompts(ana) == [
        ("Set-up week", "2026-12-07"),
        ("Week 1", "2026-12-14"),
        ("Week 2", "2026-12-28"),
        ("Week 3", "2027-01-04"),
    ]


def test_a_skip_on_a_day_without_a_meeting_names_the_days_that_have_one(stage: Stage, circle: Circle) -> None:
    ana, *_ = circle
    ana.types("skip 2026-12-16").is_told("There is no meeting on that day. The next ones: Mon 7 Dec, Mon 14 Dec")
    ana.is_told("You typed: /circle skip 2026-12-16")
    ana.presses("Go on in a form").has_open("Skip a meeting", date="2026-12-07").fills(date="2026-12-14")
    ana.is_told("North does not meet on Mon 14 Dec.")
    ana.types("skip someday").is_told("There is no meeting on that day.")


def test_the_meeting_that_has_begun_cannot_be_skipped_any_more(stage: Stage, circle: Circle) -> None:
    stage.until("2026-12-07T09:30:00Z")
    circle[0].types("skip").is_told("North does not meet on Mon 14 Dec.")
    circle[0].types("skip 2026-12-07").is_told("There is no meeting on that day.")


# ── breaks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_break_until_a_day_ends_by_itself_with_the_same_week(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    stage.until("2026-12-15T10:00:00Z")
    ana.types("pause until 2027-01-11").is_told("North takes a break and is back on Mon 11 Jan.")
    ben.goes_to("North").sees("North takes a break and is back on Mon 11 Jan.", "Your place in the guide is kept.")
    stage.until("2027-01-18T08:00:00Z")
    assert prompts(ana)[2:] == [("Week 2", "2027-01-11"), ("Week 3", "2027-01-18")]
    assert not ben.got("A line about Week 1", "")


def test_an_open_break_lasts_until_somebody_resumes(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    ana.types("pause").is_told("North takes a break.").is_not_told("is back on")
    stage.until("2027-02-10T08:00:00Z")
    assert prompts(ana) == []
    ana.types("").is_told("no meeting is set")
    ana.types("resume").is_told("North goes on.").is_told("Next: Set-up week on Mon 15 Feb, 10:00")
    ben.goes_to("North").sees("North goes on.")
    stage.until("2027-02-15T08:00:00Z")
    assert prompts(ana) == [("Set-up week", "2027-02-15")]
    ana.types("resume").is_told("North is not on a break.")


def test_resume_takes_back_a_skip_that_is_still_to_come(stage: Stage, circle: Circle) -> None:
    ana, *_ = circle
    ana.types("skip 2026-12-14")
    ana.types("resume").is_told("North goes on.")
    stage.until("2026-12-14T08:00:00Z")
    assert prompts(ana)[-1] == ("Week 1", "2026-12-14")


def test_a_break_of_ones_own_is_quiet_and_ends_by_itself(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    ben.types("pause until 2026-12-21").is_told("You hear nothing from North until Mon 21 Dec; then you are back by")
    ana.goes_to("North").sees_not("takes a break")
    stage.until("2026-12-21T08:30:00Z")
    assert not ben.got("North · one minute")
    assert not ana.got("Ben has not checked in", "")
    ana.goes_to("").types("nudge").is_not_told("Ben")
    stage.until("2026-12-22T09:00:00Z")
    assert len(ben.got("North · one minute")) == 1


def test_a_facilitator_can_take_a_break_alone(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    ana.types("pause me").is_told("You hear nothing from North until you resume.")
    ben.goes_to("North").sees_not("takes a break")
    ana.presses("I'm back").is_told("Welcome back to North.")
    ana.types("pause me until 2027-01-11").is_told("until Mon 11 Jan")
    ana.types("resume").is_told("Welcome back to North.")


def test_a_break_with_a_day_that_is_no_day_or_past_is_explained(stage: Stage, circle: Circle) -> None:
    ana, *_ = circle
    ana.types("pause until whenever").is_told("I need the first day back, for example 2026-12-21.")
    ana.types("pause until 2020-01-01").is_told("I need the first day back")
    ana.presses("Go on in a form").has_open("Take a break", who="all").fills(who="me", until="2026-12-21")
    ana.is_told("You hear nothing from North until Mon 21 Dec")


# ── move ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_move_keeps_the_place_and_never_doubles_a_week(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    stage.until("2026-12-08T12:00:00Z")
    ana.types("move thu 15:00").is_told("North now meets every Thursday at 15:00 (Europe/Berlin).")
    ana.is_told("Next: Week 1 on Thu 17 Dec, 15:00")
    ben.goes_to("North").sees("North now meets every Thursday at 15:00")
    stage.until("2027-01-16T09:00:00Z")
    found = prompts(ana)
    assert [week for week, _ in found] == ["Set-up week", *(f"Week {n}" for n in range(1, 6))]
    assert found[1:3] == [("Week 1", "2026-12-17"), ("Week 2", "2026-12-24")]
    times = [instant(m["at"]) for m in ana.messages("North") if "We meet: Thu" in m["text"]]
    assert {wall(at, "Europe/Berlin") for at in times} == {"Thu 13:00"}


def test_a_move_after_the_prompt_changes_it_in_place(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    stage.until("2026-12-14T08:00:00Z")
    ana.types("move wed 10:00")
    ben.goes_to("North").sees("Not this time: we meet on Wed 16 Dec, 10:00")
    stage.until("2026-12-16T08:00:00Z")
    assert prompts(ana)[-1] == ("Week 1", "2026-12-16")
    ana.types("move mon 9:00")
    stage.until("2026-12-21T08:00:00Z")
    assert [week for week, _ in prompts(ana)].count("Week 1") == 1


def test_a_later_hour_on_the_same_day_changes_the_prompt_in_place_and_sends_no_second(
    stage: Stage, circle: Circle
) -> None:
    ana, *_ = circle
    stage.until("2026-12-14T08:00:00Z")
    ana.types("move mon 16:00").is_told("Next: Week 1 on Mon 14 Dec, 16:00")
    stage.until("2026-12-14T18:00:00Z")
    ana.goes_to("North").sees("We meet: Mon 14 Dec, 16:00").sees_not("We meet: Mon 14 Dec, 10:00")
    assert [week for week, _ in prompts(ana)].count("Week 1") == 1


def test_moving_to_where_it_is_already_is_no_move(stage: Stage, circle: Circle) -> None:
    circle[0].types("move monday 10am").is_told("North meets at that time already.")
    circle[1].goes_to("North").sees_not("now meets")


# ── holidays ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_public_holiday_shifts_the_calendar_and_is_announced_where_one_looks(begin) -> None:
    stage: Stage = begin("2026-12-17T09:00:00Z")
    ana, ben, chloe = stage.people("Ana", "Ben", "Chloe")
    ana.types('create "Friday" @ana @ben @chloe --on fri 10:00 --start 2026-12-18')
    say_yes([ben, chloe])
    ana.presses("Look after it").is_told("Fri 25 Dec: Christmas Day, no meeting")
    stage.until("2027-01-08T09:00:00Z")
    assert prompts(ana, "Friday") == [("Set-up week", "2026-12-18"), ("Week 1", "2027-01-08")]


def test_who_wants_no_holidays_meets_on_them(begin) -> None:
    stage: Stage = begin("2026-12-17T09:00:00Z")
    ana, ben, chloe = stage.people("Ana", "Ben", "Chloe")
    ana.types('create "Friday" @ana @ben @chloe --on fri 10:00 --start 2026-12-18 --holidays none')
    say_yes([ben, chloe])
    stage.until("2026-12-25T09:00:00Z")
    assert prompts(ana, "Friday")[-1] == ("Week 1", "2026-12-25")
    stage.until("2026-12-27T09:00:00Z")
    # The meeting may be on a holiday; a private message is not.
    assert len(ben.got("Friday · one minute")) == 1
