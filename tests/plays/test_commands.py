"""Every command typed right, typed in part, typed wrong; and each by button and form."""

from __future__ import annotations

import pytest

from bot.verbs import GRAMMARS
from tests.plays.conftest import Remember
from tests.plays.stage import Human, Stage, say_yes

Circle = tuple[Human, ...]
AFTER = "2026-12-08T09:00:00Z"


# ── typed right ──────────────────────────────────────────────────────────────────────────────────────────────────────

ASKING = (
    ("", "Hello Ana"),
    ("help", "What you can ask me"),
    ("help move", "/circle move <weekday> <time>"),
    ("agenda", "Week 1: Decide what your twelve weeks are for"),
    ("agenda 3", "Week 3:"),
    ("agenda week 3", "Week 3:"),
    ("preview 2", "Preview: Week 2:"),
    ("roster", "5 people are in."),
    ("/circle ROSTER", "5 people are in."),
    ("status", "0 of 5 have checked in."),
    ("settings", "Your settings"),
)

DOING = (
    ("goal Write more", "Your goal in North is kept."),
    ("nudge", "A nudge is on its way to Ana, Ben, Chloe, Dan, Eva."),
    ("quiet 18:00-8:00", "Quiet hours: 18:00 to 08:00"),
    ("zone Europe/Paris", "Time zone: Europe/Paris"),
    ("language en", "Language: English"),
    ("reminders on", "Reminder an hour before a meeting: yes"),
    ("invite @fay", "I have asked Fay to join North."),
    ("skip", "North does not meet on Mon 14 Dec."),
    ("skip 21.12.2026", "North does not meet on Mon 21 Dec."),
    ("pause", "North takes a break."),
    ("pause until 2027-01-11", "North takes a break and is back on Mon 11 Jan."),
    ("resume", "North goes on."),
    ("pause me until monday", "You hear nothing from North until Mon 14 Dec"),
    ("resume", "Welcome back to North."),
    ("move wed 9", "North now meets every Wednesday at 09:00"),
    ("move 4pm friday", "North now meets every Friday at 16:00"),
    ("facilitator @ben", "Ben is now the facilitator of North."),
    ("facilitator @ben until 2026-12-18", "Ben looks after North until Fri 18 Dec."),
    ("facilitator @chloe 2026-12-18", "Chloe looks after North until Fri 18 Dec."),
    ("leave", "You have left North."),
    ('create "South" @ana @ben @chloe --on tue 9:00', "I have asked Ben, Chloe."),
    ("pair @ben @chloe --on tue 16:00 --zone Asia/Tokyo", "I have asked Ben, Chloe."),
)


@pytest.fixture
def begun(stage: Stage, circle: Circle, remember: Remember) -> Human:
    """Ana, the facilitator, the day after the first meeting; Fay is in no circle."""

    def pass_on() -> None:
        stage.person("Fay")
        stage.until(AFTER)

    remember("begun", pass_on)
    return circle[0]


def test_a_command_typed_right_does_what_it_says(begun: Human) -> None:
    for typed, told in (*ASKING, *DOING):
        begun.types(typed).is_told(told)
        assert begun.reply["kind"] == "say", typed


def test_help_lists_every_command_with_what_it_does(stage: Stage) -> None:
    ana = stage.person("Ana").types("help")
    for grammar in GRAMMARS:
        ana.is_told(f"/circle {grammar.usage} – {grammar.summary}".replace('"', '\\"'))
    ana.types("help skip").presses("Do it with a form").is_told("You are not in a circle or pair yet.")


# ── typed in part ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_circle_typed_in_part_opens_the_form_with_what_is_known(begun: Human) -> None:
    begun.types('create "South" @ana @ben').has_open("Start a circle", name="South", people=["ana", "ben"])
    begun.types("create").has_open("Start a circle", name="", people=[], weekday="0", time="10:00", start="2026-12-14")
    begun.types("create --on fri 4pm --zone Asia/Tokyo --start 7.1.2027 @ben")
    begun.has_open("Start a circle", weekday="4", time="16:00", zone="Asia/Tokyo", start="2027-01-07", join=False)


def test_other_commands_typed_in_part_open_their_form_with_what_is_known(begun: Human) -> None:
    begun.types("pair @ben").has_open("Start a reverse-mentoring pair", mentor=["ben"], mentee=[])
    begun.types("move fri").has_open("Move the meeting", weekday="4", time="10:00")
    begun.types("move").has_open("Move the meeting", weekday="0", time="10:00")
    begun.types("goal").has_open("Your goal", text="")
    begun.types("checkin").has_open("Check-in: Set-up week", met="")
    begun.types("invite").has_open("Invite", people=[])
    begun.types("facilitator").has_open("Facilitator", person=[])
    begun.types("facilitator until 2026-12-18").has_open("Facilitator", until="2026-12-18")
    begun.types("quiet").has_open("Your quiet hours", **{"from": "18:00", "to": "08:00"})
    begun.types("zone").has_open("Your time zone", zone="Europe/Berlin")
    begun.types("language").has_open("Your language", language="en")


# ── typed wrong ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_unknown_command_gets_the_nearest_right_one_to_do_with_a_click(begun: Human) -> None:
    begun.types("agendaa 3").is_told("I don't know the command agendaa.").is_told("Did you mean /circle agenda 3?")
    begun.is_told("You typed: /circle agendaa 3")
    begun.presses("Yes, do that").is_told("Week 3:")
    begun.types("invit @ben @fay").is_told("Did you mean /circle invite @Ben @Fay?").presses("Yes, do that")
    begun.is_told("I have asked Fay to join North.")


def test_nonsense_gets_help_and_nothing_is_lost(begun: Human) -> None:
    begun.types("xyzzy plugh").is_told("I don't know the command xyzzy.").is_told("You typed: /circle xyzzy plugh")
    begun.is_not_told("Did you mean").presses("Help").is_told("What you can ask me")


def test_a_wrong_option_is_named_and_mended_with_a_click(begun: Human) -> None:
    begun.types('create "South" @ana @ben @chloe --on tue 9:00 --zon Asia/Tokyo').is_told("I don't know --zon here.")
    begun.is_told('/circle create \\"South\\" @Ana @Ben @Chloe --on tue 9:00 --zone Asia/Tokyo?')
    begun.presses("Yes, do that").is_told("I have asked Ben, Chloe.").is_told("09:00 (Asia/Tokyo)")


def test_a_long_command_comes_back_whole(begun: Human) -> None:
    name = "North and everything that lies further up, " * 20
    begun.types(f'create "{name}" @ana --qqq 3').is_told("I don't know --qqq here.").is_told(name)


def test_a_name_that_nobody_has_is_not_taken_for_something_else(begun: Human) -> None:
    begun.types('create "South" @ana @bne @chloe --on tue 9:00').is_told("I know nobody here called @bne.")
    begun.types("invite @bne").is_told("I know nobody here called @bne.").is_told("You typed: /circle invite @bne")


def test_words_too_many_or_a_lonely_quotation_mark_are_named(begun: Human) -> None:
    begun.types("roster please").is_told("I don't know what to do with please here.").is_told("/circle roster")
    begun.types('create "South @ana').is_told('A quotation mark \\" is open: each needs a second one.')
    begun.types("roster @ben").is_told("I don't know what to do with @Ben here.")


WRONG = (
    ("agenda 13", "This guide has the weeks 0 to 12."),
    ("agenda soon", "This guide has the weeks 0 to 12."),
    ("move someday 10:00", "Which day of the week? For example: mon 10:00"),
    ("move mon 25:00", "At what time? For example: 10:00"),
    ("facilitator @fay", "Name one person who is in North."),
    ("facilitator @ben until 2020-01-01", "I need a day from today on, for example 2026-12-18."),
    ('create "South" @ana --on tue 9:00', "A circle takes at least 3 people."),
    ('create "South" @ana @ben @chloe --on tuesdy 9:00', "Which day of the week?"),
    ('create "South" @ana @ben @chloe --on tue 9:00 --start 2020-01-01', "is in the past."),
    ('create "South" @ana @ben @chloe --on tue 9:00 --start 7/12', "I can't read that day."),
    ('create "South" @ana @ben @chloe --on tue 9:00 --zone Mars', "I don't know the time zone “Mars”."),
    ('create "South" @ana @ben @chloe --on tue 9:00 --guide chess', "There is no guide “chess” for this."),
    ('create "South" @ana @ben @chloe --on tue 9:00 --holidays ZZ', "I know no public holidays of “ZZ”."),
    (f'create "{"S" * 81}" @ana @ben @chloe --on tue 9:00', "A name has at most 80 characters."),
)


def test_a_command_that_cannot_be_carried_out_says_why_and_changes_nothing(begun: Human) -> None:
    before = begun.stage.person("Ben").screen(), begun.screen("North")
    for typed, told in WRONG:
        begun.types(typed).is_told(told)
    begun.stage.passes(minutes=1)
    assert before == (begun.stage.person("Ben").screen(), begun.screen("North"))
    begun.types("roster").is_told("Ana | facilitator")


def test_a_form_goes_on_with_what_was_typed(begun: Human) -> None:
    begun.types('create "South" @ana @ben @chloe --on tue 9:00 --zone Mars').is_told("--zone Mars")
    begun.presses("Go on in a form")
    begun.has_open("Start a circle", name="South", people=["ana", "ben", "chloe"], weekday="1", time="09:00")
    begun.has_open("Start a circle", zone="Mars").fills().is_shown("zone", "I don't know the time zone “Mars”.")
    begun.fills(zone="Europe/Paris").is_told("I have asked Ben, Chloe.").is_told("09:00 (Europe/Paris)")


def test_several_mistakes_are_told_at_once(begun: Human) -> None:
    begun.types('create "South" @ana --on xyz --zone Mars --start never')
    for problem in ("at least 3 people", "Which day of the week?", "time zone “Mars”", "I can't read that day."):
        begun.is_told(problem)


def test_a_command_too_long_to_read_says_so(stage: Stage) -> None:
    ana = stage.person("Ana")
    ana.types("help " + "x" * 3990).is_told("What you can ask me")
    answer = stage.bot.handle(stage.command("ana", "goal " + "x" * 5000), stage.now)
    assert "too long" in str(answer)


# ── by button and form ───────────────────────────────────────────────────────────────────────────────────────────────


def test_home_shows_my_groups_this_weeks_step_and_a_button_for_everything(begun: Human) -> None:
    begun.types("").is_told("Hello Ana").is_told("This week: Set-up week: Set up your circle")
    begun.is_told("Next meeting: Mon 14 Dec, 10:00 (Europe/Berlin)").is_told("Weeks done: 1/13")
    for label, told in (
        ("Agenda", "Takes: 60 minutes"),
        ("Roster", "5 people are in."),
        ("Settings", "Your settings"),
        ("Help", "What you can ask me"),
        ("Look after it", "Look after North"),
    ):
        begun.presses(label).is_told(told)
    begun.presses("Set my goal").has_open("Your goal").fills(text="Write more").is_told("is kept.")
    begun.types("").presses("Check in").has_open("Check-in: Set-up week")
    begun.presses("Start a circle").has_open("Start a circle")
    begun.presses("Start a pair").has_open("Start a reverse-mentoring pair")


def test_whoever_looks_after_a_circle_has_a_button_for_everything(begun: Human, stage: Stage) -> None:
    begun.types("").presses("Look after it")
    begun.presses("Status").is_told("North: status")
    begun.presses("Preview the week").is_told("Preview: Week 1:")
    begun.presses("Skip a meeting").has_open("Skip a meeting", date="2026-12-14").fills(date="2026-12-21")
    begun.is_told("North does not meet on Mon 21 Dec.")
    begun.presses("Take a break").has_open("Take a break", who="all", until="").fills(until="2027-01-11")
    begun.is_told("North takes a break and is back on Mon 11 Jan.")
    begun.presses("Resume").is_told("North goes on.")
    begun.presses("Move").has_open("Move the meeting", weekday="0", time="10:00").fills(weekday="3", time="15:00")
    begun.is_told("North now meets every Thursday at 15:00")
    begun.presses("Invite").has_open("Invite").fills(people=["fay"]).is_told("I have asked Fay to join North.")
    begun.presses("Facilitator").has_open("Facilitator").fills(person=["ben"], until="2026-12-18")
    begun.is_told("Ben looks after North until Fri 18 Dec. After that it goes back by itself.")
    begun.presses("Nudge").is_told("A nudge is on its way")


def test_a_circle_is_created_by_form_alone(stage: Stage, five: Circle) -> None:
    ana, ben, chloe, *_ = five
    ana.types("").is_told("You are in no circle or pair yet.").presses("Start a circle")
    ana.fills(people=["ben"], name="").is_shown("name", "A circle needs a name.")
    ana.is_shown("people", "A circle takes at least 3 people.")
    ana.fills(name="North", people=["ben", "chloe"], weekday="3", time="16:30").is_told("every Thursday at 16:30")
    say_yes([ben, chloe])
    assert stage.members("North") == ["ana", "ben", "chloe"]


# ── more than one group ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def twice(stage: Stage, begun: Human) -> Human:
    """Ana facilitates North and South."""
    begun.types('create "South" @ana @ben @chloe --on thu 9:00')
    say_yes([stage.person("Ben"), stage.person("Chloe")])
    return begun


def test_somebody_in_two_groups_is_asked_which_one(twice: Human) -> None:
    twice.types("roster").is_told("You are in more than one group. Which one do you mean?")
    twice.presses("South").is_told("3 people are in.")
    twice.types("agenda 3").presses("South").is_told("Week 3:")
    twice.types("skip").presses("South").has_open("Skip a meeting", date="2026-12-10")


def test_in_a_groups_home_that_group_is_meant(twice: Human) -> None:
    twice.goes_to("South").types("roster").is_told("3 people are in.")
    twice.goes_to("North").types("roster").is_told("5 people are in.")


def test_the_question_which_group_keeps_what_was_typed(stage: Stage, twice: Human) -> None:
    north, south = twice.options("goal Write more", "Your goal")
    twice.has_open("Your goal", text="Write more").fills(group=south).is_told("Your goal in South is kept.")
    twice.types("pause me until 2027-01-11").has_open("Take a break", who="me", until="2027-01-11")
    twice.fills(group=north).is_told("You hear nothing from North until Mon 11 Jan")
    twice.types("move fri 16:00").has_open("Move the meeting", weekday="4", time="16:00").fills(group=south)
    twice.is_told("South now meets every Friday at 16:00")
    twice.types("invite @dan").has_open("Invite", people=["dan"]).fills(group=south).is_told("I have asked Dan")
