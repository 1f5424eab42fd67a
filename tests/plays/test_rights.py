"""A token is an address, never a permission: who may do what, and who cannot even find out what there is."""

from __future__ import annotations

from bot.inbound import Actor, Command, Place, Press
from bot.messages import Say
from bot.spoken import words
from tests.plays.stage import Human, Stage, say_yes

Circle = tuple[Human, ...]
UNKNOWN = "I know no group of yours by that name. It may have ended, or you have left it."
NOT_FOR_YOU = "This invitation is not for you, or is no longer open."
LEAD = ("skip", "move mon 9:00", "status", "nudge", "preview", "facilitator @ben", "invite @fay")


def test_only_the_facilitator_commands_and_the_others_learn_who_that_is(stage: Stage, circle: Circle) -> None:
    ben = circle[1]
    stage.person("Fay")
    stage.until("2026-12-08T09:00:00Z")
    for typed in LEAD:
        ben.types(typed).is_told("Only the facilitator can do that; in North that is Ana.")
    ben.goes_to("North").sees_not("does not meet", "now meets", "is now the facilitator")


def test_a_member_of_no_group_is_told_how_to_come_to_one(stage: Stage, circle: Circle) -> None:
    fay = stage.person("Fay")
    for typed in ("agenda", "roster", "goal Mine", "checkin", "leave", "pause", "resume", *LEAD):
        fay.types(typed).is_told("You are not in a circle or pair yet. Start one with /circle create, or ask to")


def test_a_stranger_with_a_copied_button_learns_nothing(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    mallory = stage.person("Mallory")
    stage.until("2026-12-08T09:00:00Z")
    ana.types("")
    tokens = {message["token"] for message in ana.actions() + ben.actions() + ana.goes_to("North").actions()}
    public = {token for token in tokens if ":" not in token or token.startswith("article:")}
    assert len(tokens - public) > 8
    for token in tokens - public:
        mallory.presses_copied(token)
        assert mallory.reply["kind"] == "say", token
        answers_an_invitation = token.partition(":")[0] in ("accept", "decline")
        assert mallory.reply["message"]["text"] == (NOT_FOR_YOU if answers_an_invitation else UNKNOWN), token
    ana.types("roster").is_told("5 people are in.")
    ana.types("status").is_told("0 of 5 have checked in.")


def test_a_stranger_with_a_copied_form_changes_nothing(stage: Stage, circle: Circle) -> None:
    ben = circle[1]
    mallory = stage.person("Mallory")
    stage.until("2026-12-08T09:00:00Z")
    ben.presses("Check in")
    mallory.form = ben.form
    mallory.fills(met="met", rating="1", share=True).is_told(UNKNOWN)
    circle[0].types("status").is_told("0 of 5 have checked in.")


def test_a_group_that_is_not_yours_and_one_that_does_not_exist_get_the_same_answer(
    stage: Stage, circle: Circle
) -> None:
    mallory = stage.person("Mallory")
    group = circle[0].group()
    verbs = ("agenda", "roster", "goal", "skip", "leave", "status", "comeback", "accept", "join", "volunteer", "again")
    for verb in verbs:
        theirs, none = (mallory.presses_copied(f"{verb}:{number}").reply for number in (group, "99999"))
        assert theirs["kind"] == none["kind"] == "say"
        assert theirs["message"]["text"] == none["message"]["text"], verb


def test_an_invitation_is_answered_by_the_one_it_was_for(stage: Stage, five: Circle) -> None:
    ana, ben, *_ = five
    ana.types('create "North" @ana @ben @chloe --on mon 10:00 --start 2026-12-07')
    mallory = stage.person("Mallory")
    mallory.presses_copied(ben.token("Yes, I'm in")).is_told("This invitation is not for you, or is no longer open.")
    ana.types("roster").is_told("1 person is in.")


def test_a_second_workspace_cannot_reach_the_groups_of_the_first(stage: Stage, circle: Circle) -> None:
    group = circle[0].group()
    other = stage.bot.workspace("web", "other", "Other")
    # The same platform id as the facilitator's, in another workspace.
    twin = Actor(other, "ana", "Ana", "Europe/Berlin", "en")
    place = Place("dm-ana", "direct")

    def said(event: Command | Press) -> str:
        reply = stage.bot.handle(event, stage.now)
        assert isinstance(reply, Say)
        return words(reply.message)

    for verb in ("agenda", "roster", "status", "skip", "leave", "comeback", "accept", "goal", "again", "manage"):
        there, nowhere = (said(Press(twin, place, f"{verb}:{number}")) for number in (group, "99999"))
        assert there == nowhere, verb
    home = Place(stage.conversation("North"), "group")
    assert "You are not in a circle or pair yet." in said(Command(twin, home, "roster"))
    foreign = Actor(stage.workspace, "ben", "Ben")
    made = said(Command(twin, place, 'create "Theft" <@ana> <@ben> <@chloe> --on mon 10:00', (foreign,)))
    assert "One of these people is not here any more." in made
    circle[0].types("roster").is_told("5 people are in.")


def test_a_stand_in_leads_until_the_day_and_then_it_goes_back_by_itself(stage: Stage, circle: Circle) -> None:
    ana, ben, chloe, *_ = circle
    ana.types("facilitator @ben until 2026-12-18")
    chloe.goes_to("North").sees("Ben looks after North until Fri 18 Dec. After that it goes back by itself.")
    ben.sees("You look after North now. Thank you!").types("status").is_told("North: status")
    ana.types("status").is_told("North: status")
    chloe.types("skip").is_told("in North that is Ben.")
    stage.until("2026-12-19T09:00:00Z")
    ben.types("status").is_told("Only the facilitator can do that; in North that is Ana.")
    ana.types("roster").is_told("Ana | facilitator")


def test_handing_over_for_good_ends_the_old_right(stage: Stage, circle: Circle) -> None:
    ana, ben, chloe, dan, _ = circle
    ana.types("facilitator @ben")
    ben.sees("You look after North now.").types("facilitator @chloe")
    chloe.sees("You look after North now.")
    ben.types("skip").is_told("in North that is Chloe.")
    dan.goes_to("North").sees("Ben is now the facilitator of North.", "Chloe is now the facilitator of North.")
    # Who set the circle up may always step in.
    ana.types("status").is_told("North: status")


def test_an_organiser_outside_sees_the_state_and_keeps_no_goal(stage: Stage, five: Circle) -> None:
    ana, ben, chloe, dan, _ = five
    ana.types('create "North" @ben @chloe @dan --on mon 10:00 --start 2026-12-07')
    say_yes([ben, chloe, dan])
    stage.until("2026-12-08T09:00:00Z")
    ana.types("status").is_told("0 of 3 have checked in.")
    ana.types("goal Mine").is_told("You organise North without being in it, so there is no goal to keep.")
    ana.types("checkin").is_told("Only those who are in North check in.")
    ana.types("leave").is_told("You are not in North.")
    assert not stage.members("North").count("ana")


def test_a_button_that_makes_no_sense_is_answered_kindly(stage: Stage) -> None:
    fay = stage.person("Fay")
    for token in ("nonsense", "agenda:1:2:3:4", "run", "mend", "checkin", "attended:x:y:z", "%20", "mend:mend"):
        fay.presses_copied(token)
        assert fay.reply["kind"] == "say", token


def test_nobody_reads_the_check_in_of_another_through_the_form(stage: Stage, circle: Circle) -> None:
    _, ben, chloe, *_ = circle
    stage.until("2026-12-08T09:00:00Z")
    ben.presses("Check in").fills(met="met", step="Mine alone")
    chloe.presses_copied(ben.token("Change")).has_open("Check-in: Set-up week", met="", step="")
