"""How everything the bot says looks in the local chat, as JSON files to read and to compare.

A change of words or looks shows here as a difference of files. Look at it, and where it is meant, write them anew:
``CIRCLET_WRITE_GOLDEN=1 pytest tests/golden``.
"""

from __future__ import annotations

import inspect
import json
import os
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest

from adapters.gallery.examples import EXAMPLES
from adapters.web.render import block_json, draw, form_json
from bot.messages import (
    Ask,
    Block,
    Button,
    Chart,
    Divider,
    Facts,
    Form,
    Heading,
    LinkButton,
    List,
    Message,
    Progress,
    Table,
    Text,
)

HERE = Path(__file__).parent
FEATURES = sorted(file.parent.name for file in (HERE.parent.parent / "bot").glob("*/words.py"))
WRITE = bool(os.environ.get("CIRCLET_WRITE_GOLDEN"))


def file_of(name: str) -> Path:
    return HERE / "web" / f"{re.sub('[^a-z0-9]+', '-', name.replace('_', '-').lower()).strip('-')}.json"


def drawn(example: Message | Form) -> object:
    if isinstance(example, Form):
        return form_json(example, ())
    seen = draw(example)
    return {"text": seen.text.split("\n"), "blocks": list(seen.blocks)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_looks_as_it_did(name: str) -> None:
    file = file_of(name)
    now = json.dumps(drawn(EXAMPLES[name]), ensure_ascii=False, indent=1) + "\n"
    if WRITE:
        file.parent.mkdir(exist_ok=True)
        file.write_text(now)

    assert file.exists(), f"{file.name} is new: CIRCLET_WRITE_GOLDEN=1 pytest tests/golden"
    assert file.read_text() == now


def test_every_file_belongs_to_an_example() -> None:
    names = {file_of(name) for name in EXAMPLES}
    kept = set((HERE / "web").glob("*.json"))
    if WRITE:
        for file in kept - names:
            file.unlink()
        return

    assert len(names) == len(EXAMPLES)
    assert kept == names


def speaking() -> Iterator[str]:
    """Every public function of a words module that makes a message or a form."""
    for feature in FEATURES:
        words = import_module(f"bot.{feature}.words")
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
        assert block_json(block)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_placeholder_is_left_and_no_value_has_become_markup(name: str) -> None:
    shown = json.dumps(drawn(EXAMPLES[name]), ensure_ascii=False)

    assert not re.search(r"\{[a-z_]+\}", shown)
    for value in ("<!channel>", "Tuesday_club"):
        for piece in re.findall(rf'"kind": "(\w+)", "text": "[^"]*{re.escape(value)}', shown):
            assert piece in ("plain", "bold", "mention", "code")
