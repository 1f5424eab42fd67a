"""How everything the bot says looks in the local chat, as JSON files to read and to compare."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from importlib import import_module
from typing import get_type_hints

import pytest

from adapters.gallery.examples import EXAMPLES
from adapters.settings import ROOT
from adapters.web.render import block_json, draw, form_json
from bot.forms import Form
from bot.i18n import ENGLISH, translator
from bot.messages import (
    Ask,
    Block,
    Button,
    Chart,
    Divider,
    Facts,
    Heading,
    LinkButton,
    List,
    Message,
    Progress,
    Table,
    Text,
)
from tests.golden.files import Golden

BOT = ROOT / "bot"
SPEAKING = sorted(
    (file.parent.name, file.stem)
    for name in ("words", "forms", "own", "calendar", "facilitating", "lessons")
    for file in BOT.glob(f"*/{name}.py")
)


def drawn(name: str) -> object:
    example = EXAMPLES[name]
    if isinstance(example, Form):
        return form_json(example, ())
    seen = draw(example)
    return {"text": seen.text.split("\n"), "blocks": list(seen.blocks)}


GOLDEN = Golden("web", drawn)


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_looks_as_it_did(name: str) -> None:
    GOLDEN.check(name)


def test_every_file_belongs_to_an_example() -> None:
    GOLDEN.check_names()


def speaking() -> Iterator[str]:
    """Every public function of a words module, or of one of forms, that makes a message or a form."""
    for feature, module in SPEAKING:
        words = import_module(f"bot.{feature}.{module}")
        for name, function in inspect.getmembers(words, inspect.isfunction):
            if function.__module__ != words.__name__ or name.startswith("_"):
                continue
            if get_type_hints(function)["return"] in (Message, Form):
                yield f"{feature}.{name}"


def test_everything_the_bot_can_say_has_an_example() -> None:
    assert {name.partition(":")[0] for name in EXAMPLES} == set(speaking())


def blocks(example: Message | Form) -> tuple[Block, ...]:
    return example.blocks if isinstance(example, Message) else ()


def test_the_examples_show_every_kind_of_block_that_the_bot_uses() -> None:
    shown = {type(block) for example in EXAMPLES.values() for block in blocks(example)}

    # A link button and a line of plain text in a list are drawn in the platforms' own tests.
    assert shown >= {Text, Heading, Facts, List, Table, Chart, Progress, Button, Ask, Divider} - {LinkButton}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_button_and_form_has_a_token_that_a_platform_can_carry(name: str) -> None:
    """Drawing makes the tokens, and a token that does not fit raises."""
    for block in blocks(EXAMPLES[name]):
        assert block_json(translator(ENGLISH), block)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_placeholder_is_left_and_no_value_has_become_markup(name: str) -> None:
    shown = json.dumps(drawn(name), ensure_ascii=False)

    assert not re.search(r"\{[a-z_]+\}", shown)
    for value in ("<!channel>", "Tuesday_club"):
        for piece in re.findall(rf'"kind": "(\w+)", "text": "[^"]*{re.escape(value)}', shown):
            assert piece in ("plain", "bold", "mention", "code")
