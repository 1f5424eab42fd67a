"""Every message and form in every language that the bot speaks, on every platform: longer words must fit too."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module

import pytest

import adapters.gallery
from adapters.gallery.examples import EXAMPLES
from adapters.gallery.page import in_slack, in_teams
from adapters.slack.render import MOST_BUTTON, MOST_TITLE, home_view, message_payloads, view
from adapters.teams.render import activities, dialog
from adapters.web.render import draw, form_json
from bot.forms import Form
from bot.i18n import ENGLISH, languages, translator
from bot.messages import Ask, Button, Message
from bot.spoken import words
from tests.slack.lint import payload_problems, view_problems
from tests.teams.lint import activity_problems, dialog_problems

OTHERS = tuple(tag for tag in languages() if tag != ENGLISH)
Examples = Mapping[str, Message | Form]


@lru_cache(maxsize=8)
def examples(tag: str) -> Examples:
    """The examples in a language: their modules once more, with another translator."""
    own = {name: module for name, module in sys.modules.items() if name.startswith("adapters.gallery.")}
    for name in own:
        del sys.modules[name]
    try:
        import_module("adapters.gallery.cast").T = translator(tag)  # type: ignore[attr-defined]
        spoken: Examples = import_module("adapters.gallery.examples").EXAMPLES
    finally:
        for name, module in own.items():
            sys.modules[name] = module
            setattr(adapters.gallery, name.rpartition(".")[2], module)
    return spoken


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_platform_would_take_it(tag: str, name: str) -> None:
    example = examples(tag)[name]
    slack, teams = in_slack(example), in_teams(example)
    if isinstance(example, Form):
        assert isinstance(slack, Form)
        assert isinstance(teams, Form)
        assert form_json(example, ())
        assert view_problems(view(slack)) == []
        assert dialog_problems(dialog(teams)) == []
        return
    assert isinstance(slack, Message)
    assert isinstance(teams, Message)
    assert draw(example).blocks
    assert [problem for one in message_payloads(slack) for problem in payload_problems(one)] == []
    assert view_problems(home_view(slack)) == []
    assert [problem for one in activities(teams) for problem in activity_problems(one)] == []


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_is_cut_that_has_room_in_english(tag: str, name: str) -> None:
    """Titles and submits of forms, and buttons, have little room in Slack."""
    for english, there in zip(short(EXAMPLES[name]), short(examples(tag)[name]), strict=True):
        (most, before), (_, now) = english, there
        assert len(now) <= most or len(before) > most, f"{len(now)} characters of {most}: {now}"


def short(example: Message | Form) -> list[tuple[int, str]]:
    if isinstance(example, Form):
        return [(MOST_TITLE, example.title), (MOST_TITLE, example.submit)]
    found: list[tuple[int, str]] = []
    for block in example.blocks:
        if isinstance(block, Button):
            found.append((MOST_BUTTON, block.label))
        if isinstance(block, Ask):
            found += [(MOST_BUTTON, block.label), *short(block.form)]
    return found


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_placeholder_is_left_and_no_sentence_ends_twice(tag: str, name: str) -> None:
    example = examples(tag)[name]
    shown = words(example) if isinstance(example, Message) else repr(example)

    assert not re.search(r"\{[a-z_]+\}", shown)
    assert not re.search(r"(?<!\.)\.\.(?!\.)", shown), shown
