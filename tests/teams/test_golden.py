"""How everything the bot says looks in Teams, as Adaptive Cards to read, to compare, or to paste into the designer."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.gallery.examples import EXAMPLES
from adapters.gallery.page import in_teams
from adapters.teams.render import activities, activity, dialog, form_card, said_dialog
from bot.forms import Form
from bot.inbound import Place
from bot.messages import Message
from bot.spoken import words
from tests.golden.files import Golden
from tests.plays import teams_client as client
from tests.teams.lint import activity_problems, dialog_problems

OPENED = Place("19:circle7@thread.tacv2;messageid=1796731200000", "group", "1796731200001")


def drawn(name: str) -> dict[str, Any]:
    """A form as the dialog that it opens as; in place it is the same but for its action."""
    example = in_teams(EXAMPLES[name])
    return {"dialog": dialog(example, place=OPENED)} if isinstance(example, Form) else {"messages": activities(example)}


GOLDEN = Golden("teams", drawn)


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_looks_as_it_did(name: str) -> None:
    GOLDEN.check(name)


def test_every_file_belongs_to_an_example() -> None:
    GOLDEN.check_names()


@pytest.mark.parametrize("name", EXAMPLES)
def test_teams_would_take_it(name: str) -> None:
    example = in_teams(EXAMPLES[name])
    if isinstance(example, Form):
        assert dialog_problems(dialog(example)) == []
        assert dialog_problems(dialog(example, place=OPENED)) == []
        assert activity_problems(activity(form_card(example, here=True), example.title)) == []
        return

    assert [problem for one in activities(example) for problem in activity_problems(one)] == []
    assert dialog_problems(said_dialog(example, place=OPENED)) == []


@pytest.mark.parametrize("name", [name for name, example in EXAMPLES.items() if isinstance(example, Message)])
def test_a_card_says_all_the_words_of_its_message(name: str) -> None:
    example = EXAMPLES[name]
    assert isinstance(example, Message)
    (card,) = client.cards(activities(example))

    assert client.unseen(words(example), client.text(card["body"])) == []
