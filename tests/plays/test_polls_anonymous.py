"""Anonymous polls: nobody sees who chose what, not by watching the message, not in the database."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.polls.store import poll_votes, polls
from tests.plays.stage import Human, Stage, say_yes

NOTHING = "Nothing is shown: fewer than 5 answers, or answers so much alike that they would give somebody away."
ASK = 'poll "Shall we go on?" "Yes" "No" --anonymous'


@pytest.fixture
def asked(circle: tuple[Human, ...]) -> tuple[Human, ...]:
    for human in circle:
        human.goes_to("North")
    circle[0].types(ASK)
    return circle


def result(human: Human) -> str:
    return next(one["text"] for one in human.messages() if one["text"].startswith("The poll “Shall we go on?”"))


def test_while_it_is_open_the_message_says_only_how_many_have_answered(asked: tuple[Human, ...]) -> None:
    ana, ben, chloe, *_ = asked
    ben.sees("Anonymous: nobody sees what you choose. The result comes when the poll closes.")
    before = [one["text"] for one in ana.messages() if "Shall we go on?\n" in one["text"]]
    ben.presses("No")
    chloe.presses("Yes")
    after = [one["text"] for one in ana.messages() if "Shall we go on?\n" in one["text"]]
    assert [text.replace("2 of 5", "0 of 5") for text in after] == before
    # Another choice by the same person is nothing that anybody could notice.
    ben.presses("Yes")
    assert [one["text"] for one in ana.messages() if "Shall we go on?\n" in one["text"]] == after


def test_with_five_answers_the_sums_are_shown_at_the_end(stage: Stage, asked: tuple[Human, ...]) -> None:
    ana, ben, *others = asked
    for human in (ana, *others[:2]):
        human.presses("Yes")
    for human in (ben, others[2]):
        human.presses("No")
    stage.until("2026-12-09T17:00:00Z")
    assert result(ana).endswith("Yes was chosen most, 3 of 5.")
    ana.sees("Result: Yes: 3 and No: 2")
    ana.sees_not("Ben:", "No: Ben", "Yes: Ana")


def test_with_four_answers_nothing_is_shown_and_why(stage: Stage, asked: tuple[Human, ...]) -> None:
    ana, ben, chloe, dan, _ = asked
    for human in (ben, dan):
        human.presses("No")
    for human in (ana, chloe):
        human.presses("Yes")
    stage.until("2026-12-09T17:00:00Z")
    assert result(ana).endswith(NOTHING)
    ana.sees("4 of 5 answered.").sees_not("Result:", "chosen most")
    with stage.store.begin() as connection:
        assert connection.execute(select(polls.c.result)).scalar_one() == [[], 4, 5]


def test_where_all_but_one_chose_the_same_nothing_is_shown(stage: Stage, asked: tuple[Human, ...]) -> None:
    ana, ben, *others = asked
    ben.presses("No")
    for human in (ana, *others):
        human.presses("Yes")
    stage.until("2026-12-09T17:00:00Z")
    assert result(ana).endswith(NOTHING)
    ana.sees_not("Result:", "chosen most")
    with stage.store.begin() as connection:
        assert connection.execute(select(polls.c.result)).scalar_one() == [[], 5, 5]


def test_in_the_database_votes_are_sealed_and_gone_when_it_is_closed(stage: Stage, asked: tuple[Human, ...]) -> None:
    ana, ben, *_ = asked
    ben.presses("No")
    ana.presses("Yes")
    with stage.store.begin() as connection:
        kept = list(connection.execute(select(poll_votes.c.chosen)).scalars())
    assert len({len(text) for text in kept}) == 1
    assert all(len(text) > 50 and "01" not in text.split("=")[0][:2] for text in kept)
    ben.presses("No")
    ana.presses("Close the poll now").is_told(NOTHING)
    with stage.store.begin() as connection:
        assert not list(connection.execute(select(poll_votes)))
        assert connection.execute(select(polls.c.result)).scalar_one() == [[], 2, 5]


def test_who_leaves_takes_their_vote_along(stage: Stage, asked: tuple[Human, ...]) -> None:
    ana, ben, *others = asked
    for human in (ana, ben, *others):
        human.presses("Yes")
    ben.types("leave")
    ana.sees("4 of 4 have answered.")
    with stage.store.begin() as connection:
        assert len(list(connection.execute(select(poll_votes)))) == 4
    stage.until("2026-12-09T17:00:00Z")
    ana.sees_not("Result:")
    assert result(ana).endswith(NOTHING)


def test_everybody_can_read_who_sees_what(asked: tuple[Human, ...]) -> None:
    ana, ben, *_ = asked
    ben.presses("Who sees my vote?").is_told("Nobody sees what you choose: not North, not whoever asked")
    ben.is_told("With fewer than 5 answers nothing is shown, nor where all, or all but one, chose the same.")
    ben.presses("And of my checkpoint answers?").is_told("Your answers are encrypted")
    ana.types('poll "Tea?" "Yes" "No"')
    ben.presses("Who sees my vote?").is_told("sees what you choose, with your name.")


def test_whoever_asks_a_few_hears_before_that_nothing_can_be_shown(stage: Stage) -> None:
    ana, ben, chloe = stage.people("Ana", "Ben", "Chloe")
    ana.types('create "Small" @ana @ben @chloe --guide peer-circle --on mon 10:00 --start 2026-12-07')
    say_yes((ben, chloe))
    nothing = "With fewer than 5 answers an anonymous poll shows nothing; an open one does. Small has 3 people."
    ana.types("poll")
    assert nothing in str(ana.form or ana.reply)
    ana.types(ASK).is_told(nothing)
    ana.types('poll "Tea?" "Yes" "No"').is_not_told("With fewer than 5")
