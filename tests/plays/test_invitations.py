"""Nobody is in a group by somebody else's click."""

from __future__ import annotations

from tests.plays.stage import Human, Stage, say_yes

CREATE = 'create "North" {people} --guide peer-circle --on mon 10:00 --start 2026-12-07'
ALL = "@ana @ben @chloe @dan @eva"


def test_an_invitation_says_what_with_whom_and_when_and_offers_two_equal_answers(
    stage: Stage, five: tuple[Human, ...]
) -> None:
    ana, ben, *_ = five
    ana.types(CREATE.format(people=ALL))
    ben.sees(
        "Ana invites you to the circle North.",
        "Asked as well: Chloe, Dan, Eva",
        "Meets: every Monday at 10:00 (Europe/Berlin), 60 minutes",
        "What is said in the group stays there. You can leave at any time with one click.",
    )
    assert ben.can_press("Yes, I'm in")
    assert ben.can_press("No, thanks")
    ben.types("").is_told("North waits for your answer.")


def test_a_no_is_taken_and_the_organiser_may_ask_somebody_else(stage: Stage, five: tuple[Human, ...]) -> None:
    ana, ben, *_ = five
    fay = stage.person("Fay")
    ana.types(CREATE.format(people="@ana @ben @chloe @dan"))
    ben.presses("No, thanks").is_told("All right, you are not in North. Nothing more will come from it.")
    assert ben.reply["kind"] == "replace"
    ana.sees("Ben would rather not join North this time.", "1 of the 3 it takes have said yes; still to answer: 2.")
    ana.presses("Invite somebody else").has_open("Invite").fills(people=["fay"])
    ana.is_told("I have asked Fay to join North.")
    fay.sees("Ana invites you to the circle North.")
    stage.until("2026-12-20T09:00:00Z")
    assert len(ben.messages()) == 1


def test_a_no_may_become_a_yes(stage: Stage, five: tuple[Human, ...]) -> None:
    ana, ben, chloe, *_ = five
    ana.types(CREATE.format(people="@ana @ben @chloe"))
    ben.presses("No, thanks").presses("I've changed my mind").is_told("You're in North. One more yes and it begins.")
    chloe.presses("Yes, I'm in")
    assert stage.has_conversation("North")


def test_pressing_yes_twice_is_one_yes(stage: Stage, five: tuple[Human, ...]) -> None:
    ana, ben, chloe, *_ = five
    ana.types(CREATE.format(people="@ana @ben @chloe"))
    token = ben.token("Yes, I'm in")
    ben.presses_copied(token).presses_copied(token).is_told("One more yes and it begins.")
    chloe.presses("Yes, I'm in")
    assert ben.presses_copied(token).reply["kind"] == "say"
    assert not ben.goes_to("North").got("Ben has joined")


def test_no_after_yes_points_to_leaving(stage: Stage, five: tuple[Human, ...]) -> None:
    ana, ben, *_ = five
    ana.types(CREATE.format(people="@ana @ben @chloe"))
    no = ben.token("No, thanks")
    ben.presses("Yes, I'm in").presses_copied(no)
    ben.is_told("You are in North already. You can leave it with one click.")


def test_somebody_who_says_yes_late_joins_the_running_circle(stage: Stage, five: tuple[Human, ...]) -> None:
    ana, ben, chloe, dan, eva = five
    ana.types(CREATE.format(people=ALL))
    say_yes([ben, chloe])
    stage.until("2026-12-16T09:00:00Z")
    eva.presses("Yes, I'm in").is_told("You're in North. It is on its way.")
    eva.goes_to("North").sees("Set-up week:", "Eva has joined North. Welcome!")
    stage.until("2026-12-22T10:00:00Z")
    eva.goes_to("").sees("North · one minute")
    assert not dan.got("North · one minute")


def test_a_group_that_is_full_says_so(stage: Stage, five: tuple[Human, ...]) -> None:
    ana, ben, *_ = five
    fay, gus = stage.people("Fay", "Gus")
    ana.types(CREATE.format(people=ALL + " @fay"))
    ana.types("invite @gus").is_told("North would have 7 people; this guide is for at most 6.")
    ben.presses("No, thanks")
    ana.types("invite @gus").is_told("I have asked Gus to join North.")
    say_yes([*five[2:], fay, gus])
    ben.presses("I've changed my mind").is_told("North is full meanwhile.")


def test_when_too_few_have_said_yes_at_the_start_those_who_did_are_told_once(
    stage: Stage, five: tuple[Human, ...]
) -> None:
    ana, ben, chloe, *_ = five
    ana.types(CREATE.format(people=ALL))
    ben.presses("Yes, I'm in")
    stage.until("2026-12-07T08:59:00Z")
    ben.sees_not("was to begin")
    stage.until("2026-12-20T09:00:00Z")
    said = "North was to begin now, but only 2 of the 3 it takes have said yes. It begins as soon as they are there"
    assert len(ben.got(said)) == len(ana.got(said)) == 1
    assert not chloe.got("was to begin")


def test_a_circle_that_is_complete_late_begins_at_its_next_slot_with_the_first_week(
    stage: Stage, five: tuple[Human, ...]
) -> None:
    ana, ben, chloe, *_ = five
    ana.types(CREATE.format(people=ALL))
    ben.presses("Yes, I'm in")
    stage.until("2026-12-17T09:00:00Z")
    chloe.presses("Yes, I'm in").is_told("Monday 21 December 2026")
    ana.goes_to("North").sees("First meeting: Monday 21 December 2026")
    stage.until("2026-12-21T07:00:00Z")
    ana.sees("Set-up week:").sees_not("Week 1:")


def test_the_third_yes_an_hour_before_the_meeting_still_brings_the_prompt(
    stage: Stage, five: tuple[Human, ...]
) -> None:
    ana, ben, chloe, *_ = five
    ana.types(CREATE.format(people=ALL))
    ben.presses("Yes, I'm in")
    stage.until("2026-12-07T08:00:00Z")
    chloe.presses("Yes, I'm in")
    ana.goes_to("North").sees("Set-up week:", "We meet: Mon 7 Dec, 10:00")


def test_the_one_who_is_asked_to_facilitate_learns_it_before_saying_yes(stage: Stage, five: tuple[Human, ...]) -> None:
    ana, ben, chloe, dan, _ = five
    ana.types(CREATE.format(people="@ben @chloe @dan") + " --facilitator @ben")
    ana.is_told("You organise this circle and are not in it yourself.")
    ben.sees("You would also be its facilitator: a few minutes a week, and I do the remembering.")
    chloe.sees_not("You would also be its facilitator")
    say_yes([ben, chloe, dan])
    ben.goes_to("North").sees("Ben looks after the circle.")
    ana.presses("Take part myself").is_told("You're in North.")
    ben.sees("Ana has joined North. Welcome!")


def test_a_facilitator_who_declines_leaves_the_circle_to_a_volunteer(stage: Stage, five: tuple[Human, ...]) -> None:
    ana, ben, chloe, dan, eva = five
    ana.types(CREATE.format(people="@ben @chloe @dan @eva") + " --facilitator @ben")
    ben.presses("No, thanks")
    say_yes([chloe, dan, eva])
    chloe.goes_to("North").sees_not("looks after the circle")
    ana.types("status").is_told("The first meeting is still to come.")
    ana.types("facilitator @dan").is_told("Dan is now the facilitator of North.")


def test_inviting_those_who_are_in_or_nobody_is_explained(stage: Stage, circle: tuple[Human, ...]) -> None:
    ana = circle[0]
    ana.types("invite @ben").is_told("They are in North already.")
    ana.types("invite").has_open("Invite").fills().is_shown("people", "Name somebody, like @ana.")
    fay = stage.person("Fay")
    ana.fills(people=["fay"]).is_told("I have asked Fay to join North.")
    fay.presses("Yes, I'm in")
    ana.goes_to("North").sees("Fay has joined North. Welcome!")


def test_answering_elsewhere_changes_the_invitation_too(stage: Stage, five: tuple[Human, ...]) -> None:
    ana, ben, *_ = five
    ana.types(CREATE.format(people=ALL))
    ben.types("").presses("Yes, I'm in")
    stage.passes(minutes=1)
    ben.sees_not("Ana invites you to the circle North.")
    assert len(ben.got("You're in North.")) == 2
