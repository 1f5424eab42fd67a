"""Whoever looks after a group asks it something: open polls, one choice or several."""

from __future__ import annotations

import pytest

from tests.plays.stage import Human, Stage

WHEN = 'poll "When shall we meet?" "Mon 10" "Tue 16" "Thu 9"'


@pytest.fixture
def asked(stage: Stage, circle: tuple[Human, ...]) -> tuple[Human, ...]:
    """Ana has asked North when to meet; everybody looks at the circle's conversation."""
    for human in circle:
        human.goes_to("North")
    circle[0].types(WHEN).is_told("“When shall we meet?” is on its way to North.")
    return circle


def only(human: Human, text: str) -> str:
    """The one message here with this text."""
    found = [one["text"] for one in human.messages() if text in one["text"]]
    assert len(found) == 1, human.screen()
    return str(found[0])


def test_the_question_stands_in_the_circle_with_a_button_for_every_option(asked: tuple[Human, ...]) -> None:
    _, ben, *_ = asked
    # Friday, ten in the morning: the third working day after it is Wednesday.
    ben.sees("When shall we meet?", "Open until Wed 9 Dec, 18:00 (Europe/Berlin)", "0 of 5 have answered.")
    ben.sees("Your name is shown with what you choose.")
    assert all(ben.can_press(option) for option in ("Mon 10", "Tue 16", "Thu 9"))


def test_votes_show_in_the_message_as_a_chart_with_the_names_behind_each_option(asked: tuple[Human, ...]) -> None:
    _ana, ben, chloe, dan, eva = asked
    ben.presses("Tue 16").is_told("Your vote: Tue 16.")
    chloe.presses("Tue 16")
    dan.presses("Mon 10")
    said = only(eva, "When shall we meet?\n")
    assert "So far: Mon 10: 1, Tue 16: 2 and Thu 9: 0" in said
    assert "Tue 16: Ben and Chloe" in said
    assert "Mon 10: Dan" in said
    assert "3 of 5 have answered." in said
    eva.sees_not("Your vote")


def test_a_change_of_mind_counts_once(asked: tuple[Human, ...]) -> None:
    _, ben, *_ = asked
    ben.presses("Tue 16").presses("Tue 16").presses("Thu 9").is_told("Your vote: Thu 9.")
    ben.sees("Mon 10: 0, Tue 16: 0 and Thu 9: 1", "1 of 5 have answered.")


def test_it_closes_by_itself_and_says_so_once(stage: Stage, asked: tuple[Human, ...]) -> None:
    _ana, ben, chloe, dan, _eva = asked
    for human in (ben, chloe):
        human.presses("Tue 16")
    dan.presses("Mon 10")
    stage.until("2026-12-09T16:59:00Z")
    ben.sees_not("is closed")
    stage.until("2026-12-09T17:00:00Z")
    closed = only(ben, "The poll “When shall we meet?” is closed.")
    assert "Tue 16 was chosen most, 2 of 3." in closed
    result = only(ben, "Result:")
    assert "Closed on Wed 9 Dec, 18:00 (Europe/Berlin). 3 of 5 answered." in result
    assert "Tue 16: Ben and Chloe" in result
    assert not ben.can_press("Mon 10")
    stage.passes(days=3)
    assert len(ben.got("is closed")) == 1


def test_the_facilitator_closes_it_and_nobody_votes_any_more(asked: tuple[Human, ...]) -> None:
    ana, ben, chloe, *_ = asked
    late = ben.token("Mon 10")
    chloe.presses("Thu 9")
    closes = ana.token("Close the poll now")
    chloe.presses_copied(closes).is_told("Only the facilitator can do that; in North that is Ana.")
    ana.presses("Close the poll now").is_told("Thu 9 was chosen most, 1 of 1.")
    ben.sees("The poll “When shall we meet?” is closed.")
    ben.presses_copied(late).is_told("This poll is closed.")
    ana.presses_copied(closes).is_told("Thu 9 was chosen most")
    assert len(ben.got("The poll “When shall we meet?” is closed.")) == 1


def test_the_panel_offers_to_ask_and_to_close(asked: tuple[Human, ...]) -> None:
    ana, ben, *_ = asked
    ana.goes_to("").types("").presses("Look after it")
    ana.presses("Close “When shall we meet?”").is_told("Nobody has answered.")
    ben.sees("The poll “When shall we meet?” is closed.", "Nobody has answered.")
    ana.types("").presses("Look after it").presses("Ask the group").has_open("Ask the group")


def test_several_may_be_chosen_and_none_is_an_answer(stage: Stage, circle: tuple[Human, ...]) -> None:
    ana, ben, chloe, dan, _ = (human.goes_to("North") for human in circle)
    ana.types('poll "What shall we read?" "Essays" "Poems" "Papers" --multiple --until fri 12:00')
    ben.sees("• Essays", "• Poems", "• Papers", "Open until Fri 11 Dec, 12:00 (Europe/Berlin)")
    ben.presses("Choose").has_open("Your vote", chosen=[]).fills(chosen=["0", "2"])
    ben.is_told("Your vote: Essays and Papers.")
    chloe.presses("Choose").fills(chosen=["2"])
    dan.presses("Choose").fills(chosen=[]).is_told("Noted: none of them.")
    ana.sees("Essays: 1, Poems: 0 and Papers: 2", "Papers: Ben and Chloe", "3 of 5 have answered.")
    ben.presses("Choose").has_open("Your vote", chosen=["0", "2"]).fills(chosen=["1"])
    ana.sees("Essays: 0, Poems: 1 and Papers: 1")
    stage.until("2026-12-11T11:00:00Z")
    ana.sees("Poems and Papers were chosen most, 1 of 3 each.")


def test_without_enough_words_a_form_asks_for_them(stage: Stage, circle: tuple[Human, ...]) -> None:
    ana, ben, *_ = circle
    ana.types("poll").has_open("Ask the group", question="", options="", day="2026-12-09", time="18:00")
    ana.fills(question="Tea or coffee?", options="Tea").is_shown("options", "A poll has 2 to 10 options; these are 1.")
    ana.fills(options="Tea\n\n  Coffee  \n", day="2026-12-03").is_shown("day", "That is over already.")
    ana.fills(day="2026-12-08", time="12:00").is_told("“Tea or coffee?” is on its way to North.")
    ben.goes_to("North").sees("Tea or coffee?", "Open until Tue 8 Dec, 12:00").presses("Coffee")
    ben.is_told("Your vote: Coffee.")
    ana.types('poll "Where?" --multiple').has_open("Ask the group", question="Where?", multiple=True)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('poll "Where?" "Here" "here"', "“here” is there twice."),
        ('poll "Where?" "Here" "There" --until yesterday', "I need a day, a time or both, for example: fri 17:00"),
        ('poll "Where?" "Here" "There" --until 2026-12-01', "That is over already."),
        ('poll "Where?" "Here" "There" --until 2027-12-01', "A poll is open for at most 60 days."),
        (f'poll "{"x" * 151}" "Here" "There"', "At most 150 characters; this has 151."),
        (f'poll "Where?" "Here" "{"y" * 76}"', "An option has at most 75 characters; this one has 76"),
        ('poll "Where?" ' + " ".join(f'"{n}"' for n in range(11)), "A poll has 2 to 10 options; these are 11."),
    ],
)
def test_what_cannot_be_asked_is_told_with_a_form_to_go_on(circle: tuple[Human, ...], typed: str, told: str) -> None:
    circle[0].types(typed).is_told(told).presses("Go on in a form")
    assert circle[0].form["title"] == "Ask the group"
    assert not circle[1].goes_to("North").got("Open until")


def test_only_who_leads_asks_and_only_who_is_in_votes(stage: Stage, asked: tuple[Human, ...]) -> None:
    ana, ben, *_ = asked
    token = ben.token("Mon 10")
    ben.types('poll "And me?" "Yes" "No"').is_told("Only the facilitator can do that; in North that is Ana.")
    fay = stage.person("Fay")
    unknown = "I know no poll of yours like this."
    fay.presses_copied(token).is_told(unknown)
    fay.presses_copied("vote:999:0").is_told(unknown)
    fay.presses_copied("secrecy:1").is_told(unknown)
    ben.presses_copied(token.replace(":0", ":7")).is_told("I can't read this button any more.")
    ana.sees("0 of 5 have answered.")


def test_the_same_question_twice_is_one_poll(asked: tuple[Human, ...]) -> None:
    ana, *_ = asked
    ana.types(WHEN).is_told("“When shall we meet?” is on its way to North.")
    assert len(ana.got("When shall we meet?\n")) == 1
    for n in range(4):
        ana.types(f'poll "Question {n}?" "Yes" "No"')
    ana.types('poll "One too many?" "Yes" "No"').is_told("North has 5 polls open already.")


def test_who_leaves_takes_their_vote_along(stage: Stage, asked: tuple[Human, ...]) -> None:
    ana, ben, chloe, dan, _ = asked
    for human in (ben, chloe, dan):
        human.presses("Tue 16")
    ben.types("leave").is_told("You have left")
    ana.sees("Tue 16: Chloe and Dan", "2 of 4 have answered.")
    stage.loses(chloe)
    ana.sees("Tue 16: Dan", "1 of 3 have answered.")
    ana.presses("Close the poll now")
    dan.types("leave")
    # What was decided stays decided.
    ana.sees("Result: Mon 10: 0, Tue 16: 1 and Thu 9: 0", "Tue 16: Dan", "1 of 3 answered.")


def test_the_words_of_a_question_are_never_markup(circle: tuple[Human, ...]) -> None:
    ana, ben, *_ = circle
    ana.goes_to("North").types('poll "<!channel> **now** {name}?" "*a* _b_ `c`" "<@U1|x> & co"')
    ben.goes_to("North").sees("<!channel> **now** {name}?").presses("*a* _b_ `c`").is_told("*a* _b_ `c`")
    ben.sees("*a* _b_ `c`: Ben")


def test_a_pair_asks_too_and_both_may(pair: tuple[Human, Human, Human]) -> None:
    _, mia, chef = pair
    home = mia.types("poll Which tool next? “Chat” “Charts” --until tomorrow").is_told("“Which tool next?”")
    assert home.is_told("It closes on Sat 5 Dec, 18:00")
    chef.goes_to("Mia & Max").sees("Which tool next?").presses("Charts").presses("Close the poll now")
    mia.goes_to("Mia & Max").sees("Charts was chosen most, 1 of 1.")
