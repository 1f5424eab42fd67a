"""Leaving is one click and asks no reason."""

from __future__ import annotations

from tests.plays.stage import Human, Stage, say_yes

Circle = tuple[Human, ...]
Pair = tuple[Human, Human, Human]


def test_leaving_is_one_click_and_the_home_is_told(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    ben.types("").presses("Leave").is_told("You have left North. Nobody will ask you why.")
    ana.goes_to("North").sees("Ben has left North. All the best!").sees_not("who would like to?")
    members = {one["name"]: one["members"] for one in stage.get("/api/state")["conversations"]}
    assert "ben" not in members["North"]
    ben.types("agenda").is_told("You are not in a circle or pair yet.")


def test_leaving_survives_every_job(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    stage.until("2026-12-07T10:00:00Z")
    ben.types("leave")
    heard = len(ben.messages())
    stage.until("2027-01-20T09:00:00Z")
    assert len(ben.messages()) == heard
    ana.types("roster").is_told("4 people are in.")
    assert "ben" not in stage.members("North")
    ana.goes_to("").sees_not("Ben has not checked in")


def test_coming_back_is_one_click_too(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    ben.types("leave")
    stage.until("2026-12-09T09:00:00Z")
    ben.presses("Come back").is_told("You are back in North. Good to see you.")
    assert ben.reply["kind"] == "replace"
    ana.goes_to("North").sees("Ben has joined North. Welcome!")
    stage.until("2026-12-15T09:00:00Z")
    ben.sees("North · one minute")


def test_nobody_comes_back_into_a_full_circle(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    fay, gus = stage.people("Fay", "Gus")
    ben.types("leave")
    ana.types("invite @fay @gus")
    say_yes([fay, gus])
    ben.presses("Come back").is_told("North is full meanwhile.")


def test_when_the_facilitator_leaves_the_first_who_volunteers_takes_over(stage: Stage, circle: Circle) -> None:
    ana, ben, chloe, *_ = circle
    ana.types("leave")
    ben.goes_to("North").sees(
        "Ana has left North. All the best!",
        "The circle has no facilitator now. It takes a few minutes a week; who would like to?",
    )
    chloe.goes_to("North")
    ben.presses("I'll do it").is_told("You look after North now. Thank you!")
    chloe.sees("Ben is now the facilitator of North.")
    chloe.presses("I'll do it").is_told("Ben looks after it already. Thank you all the same!")
    ben.types("skip").is_told("Everybody here can see it.").sees("North does not meet on Mon 7 Dec.")


def test_a_circle_of_one_has_come_to_its_end(stage: Stage, five: Circle) -> None:
    ana, ben, chloe, *_ = five
    ana.types('create "North" @ana @ben @chloe --on mon 10:00 --start 2026-12-07')
    say_yes([ben, chloe])
    stage.until("2026-12-08T09:30:00Z")
    ana.types("leave")
    chloe.goes_to("North").sees_not("come to its end")
    ben.types("leave").is_not_told("Come back")
    chloe.sees("With this, the group has come to its end. Thank you for the weeks together.")
    heard = len(chloe.messages()), len(chloe.messages(""))
    stage.until("2027-01-10T09:00:00Z")
    assert heard == (len(chloe.messages()), len(chloe.messages("")))


def test_a_pair_ends_when_one_leaves_and_nothing_more_is_asked(stage: Stage, pair: Pair) -> None:
    olga, mia, chef = pair
    stage.until("2026-12-09T16:00:00Z")
    chef.types("leave").is_told("You have left Mia & Max.").is_not_told("Come back")
    mia.goes_to("Mia & Max").sees("Max has left Mia & Max. All the best!", "the group has come to its end")
    heard = [len(mia.messages()), len(mia.messages("")), len(olga.messages()), len(chef.messages())]
    stage.until("2026-12-23T09:00:00Z")
    assert heard == [len(mia.messages()), len(mia.messages("")), len(olga.messages()), len(chef.messages())]


def test_who_leaves_before_it_begins_makes_room_and_the_organiser_knows(stage: Stage, five: Circle) -> None:
    ana, ben, chloe, *_ = five
    ana.types('create "North" @ana @ben @chloe @dan --on mon 10:00 --start 2026-12-07')
    ben.presses("Yes, I'm in").presses("Leave").is_told("You have left North.")
    ana.sees("Ben would rather not join North this time.", "1 of the 3 it takes have said yes; still to answer: 2.")
    chloe.presses("Yes, I'm in").is_told("One more yes and it begins.")
    ben.presses("Come back").is_told("You are back in North.")


def test_somebody_whose_account_is_closed_is_gone_everywhere(stage: Stage, circle: Circle) -> None:
    ana, ben, chloe, *_ = circle
    stage.until("2026-12-08T09:30:00Z")
    stage.loses(ben)
    ana.goes_to("North").sees("Ben has left North. All the best!")
    ana.types("roster").is_told("4 people are in.").is_not_told("Ben")
    stage.until("2026-12-15T12:00:00Z")
    ana.goes_to("").sees_not("Ben has not checked in").sees("North · one minute")
    ana.types("status").is_not_told("Could not be delivered")
    assert len(chloe.got("North · one minute")) == 2


def test_an_invitation_to_a_closed_account_waits_for_nobody(stage: Stage, five: Circle) -> None:
    ana, ben, *_ = five
    ana.types('create "North" @ana @ben @chloe @dan --on mon 10:00 --start 2026-12-07')
    stage.loses(ben)
    ana.types("roster").is_told("Invited, not answered yet: Chloe and Dan")
    ana.types("invite @ben").is_not_told("I have asked Ben")
