"""What a person chooses for themselves: zone, quiet hours, language, reminders; and what they type stays theirs."""

from __future__ import annotations

from typing import Any

from tests.plays.stage import Human, Stage, wall

Circle = tuple[Human, ...]


def test_settings_show_what_holds_and_change_it_in_forms(stage: Stage) -> None:
    ana = stage.person("Ana")
    ana.types("settings").is_told("Time zone: Europe/Berlin").is_told("Quiet hours: 18:00 to 08:00")
    ana.is_told("Language: English").is_told("Reminder an hour before a meeting: no")
    ana.presses("Time zone").has_open("Your time zone", zone="Europe/Berlin").fills(zone="new york")
    ana.is_told("Kept. This is how I treat you now:").is_told("Time zone: America/New_York")
    ana.presses("Quiet hours").fills(**{"from": "20:00", "to": "7:30"}).is_told("Quiet hours: 20:00 to 07:30")
    ana.presses("Language").fills(language="en").is_told("Language: English")
    ana.presses("Remind me an hour before").is_told("Reminder an hour before a meeting: yes")
    ana.presses("No more reminders").is_told("Reminder an hour before a meeting: no")


def test_settings_are_typed_too(stage: Stage) -> None:
    ana = stage.person("Ana")
    ana.types("zone Asia/Tokyo").is_told("Time zone: Asia/Tokyo")
    ana.types("quiet 6pm to 9am").is_told("Quiet hours: 18:00 to 09:00")
    ana.types("quiet 0:00-0:00").is_told("Quiet hours: none")
    ana.types("language en").is_told("Language: English")
    ana.types("reminders on").is_told("Reminder an hour before a meeting: yes")
    ana.types("reminders off").is_told("Reminder an hour before a meeting: no")


def test_what_cannot_be_read_is_said_and_kept(stage: Stage) -> None:
    ana = stage.person("Ana")
    ana.types("zone Europe/Berln").is_told("I don't know the time zone “Europe/Berln”. Perhaps: Europe/Berlin")
    ana.presses("Go on in a form").has_open("Your time zone", zone="Europe/Berln").fills(zone="berlin")
    ana.is_told("Time zone: Europe/Berlin")
    ana.types("quiet evenings").is_told("From when until when? For example: 18:00-8:00")
    ana.types("language fr").is_told("I speak: English (en)")
    ana.types("reminders maybe").is_told("On or off? For example: reminders on")
    ana.types("zone").has_open("Your time zone").fills(zone="Atlantis").is_shown("zone", "I don't know the time zone")


def test_a_reminder_comes_an_hour_before_to_those_who_want_it(stage: Stage, circle: Circle) -> None:
    ana, ben, chloe, *_ = circle
    ben.types("reminders on")
    stage.until("2026-12-07T09:00:00Z")
    said = "In an hour: Set-up week: Set up your circle with North, at 10:00."
    assert [wall(at, "Europe/Berlin") for at in ben.got(said)] == ["Mon 09:00"]
    assert not ana.got("In an hour")
    assert not chloe.got("In an hour")
    ben.presses("No more reminders")
    stage.until("2026-12-14T09:00:00Z")
    assert len(ben.got("In an hour")) == 1


def test_everybody_reads_times_in_their_own_zone(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    ben.types("zone Asia/Tokyo")
    ben.types("").is_told("Next meeting: Mon 7 Dec, 18:00 (Asia/Tokyo)")
    ana.types("").is_told("Next meeting: Mon 7 Dec, 10:00 (Europe/Berlin)")
    ana.types("roster").is_told("Ben | participant | 18:00 · Asia/Tokyo")


def test_a_goal_is_ones_own_until_it_is_shown(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    ben.types("goal Learn to ask for help").is_told("Your goal in North is kept.").is_told("Only you can read it.")
    ana.types("roster").is_not_told("Learn to ask")
    ben.presses("Change it").has_open("Your goal", text="Learn to ask for help", shared=False).fills(shared=True)
    ben.is_told("Your group can read it in the roster.")
    ana.types("roster").is_told("Learn to ask for help")
    ben.types("goal Ask twice a week").is_told("Your group can read it in the roster.")
    ben.types("").is_told("Your goal: Ask twice a week")
    ben.types("goal").has_open("Your goal", text="Ask twice a week").fills(text=" ").is_shown("text", "few words")
    ben.types("goal " + "x" * 1001).is_told("That is longer than 1000 characters. What is the heart of it?")


TYPED = (
    "<!channel> everybody",
    "**bold** _thin_ `code` {name} {text}",
    "<@ana> and &lt;b&gt; <b>hi</b> <script>",
    "\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd",
    "  [link](https://example.com) *a* ~b~  ",
    "she said \"now\" -- and 'never' --zone",
)


def literally(drawn: Any, typed: str) -> bool:
    """Whether the text stands somewhere in the blocks as exactly that: a plain span, or a platform's plain element."""
    if isinstance(drawn, list):
        return any(literally(inner, typed) for inner in drawn)
    elements = ({"type": kind, "text": typed} for kind in ("text", "raw_text", "TextRun"))
    plain = [{"kind": "plain", "text": typed}, *elements]
    return drawn in plain or (isinstance(drawn, dict) and literally(list(drawn.values()), typed))


def test_what_a_member_types_is_never_markup(stage: Stage, circle: Circle) -> None:
    ana, ben, *_ = circle
    stage.until("2026-12-08T09:00:00Z")
    for typed in TYPED:
        ben.types("checkin").fills(met="met", step=typed, obstacle=typed, share=True)
        ben.types("goal").fills(text=typed, shared=True)
        shared = next(m for m in ana.messages("North") if m["text"].startswith("Check-ins:"))
        assert literally(shared["blocks"], typed.strip())
        ana.types("roster")
        assert literally(ana.reply["message"]["blocks"], typed.strip())


def test_a_typed_goal_keeps_every_letter(stage: Stage, circle: Circle) -> None:
    ben = circle[1]
    ben.types('goal Read "Flow"  with @chloe -- twice --zone\nand write')
    ben.types("goal").has_open("Your goal", text='Read "Flow"  with @Chloe -- twice --zone\nand write')


def test_four_thousand_characters_are_too_many_and_none_is_lost(stage: Stage, circle: Circle) -> None:
    ben = circle[1]
    stage.until("2026-12-08T09:00:00Z")
    ben.presses("Check in").fills(met="met", step="ä" * 4000)
    ben.is_shown("step", "At most 600 characters; this has 4000.")
    ben.types("goal " + "ä" * 3990).is_told("That is longer than 1000 characters.").is_told("ä" * 3990)


def test_a_circle_may_have_any_name(stage: Stage) -> None:
    ana, ben, chloe = stage.people("Ana", "Ben", "Chloe")
    name = "<!here> **N** {group} & `x`"
    ana.types(f'create "{name}" @ana @ben @chloe --on mon 10:00 --start 2026-12-07')
    ben.sees(f"Ana invites you to the circle {name}.").presses("Yes, I'm in")
    chloe.presses("Yes, I'm in")
    assert stage.has_conversation(name)
    stage.until("2026-12-10T09:00:00Z")
    ben.sees(f"A line about Set-up week with {name}? One tap is enough.")
    ana.types("skip").is_told(f"{name} does not meet on Mon 14 Dec.")
