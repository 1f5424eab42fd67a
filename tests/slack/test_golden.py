"""How everything the bot says looks in Slack, as Block Kit JSON to read, to compare, or to paste into Slack's builder.

A change of words or looks shows here as a difference of files. Look at it, and where it is meant, write them anew:
``CIRCLET_WRITE_GOLDEN=1 pytest tests/slack/test_golden.py``.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from adapters.gallery.examples import EXAMPLES
from adapters.gallery.page import in_slack
from adapters.slack.render import done_view, home_view, message_payloads, view
from bot.messages import Form, Message, words
from tests.slack.lint import payload_problems, view_problems

FOLDER = Path(__file__).parent.parent / "golden" / "slack"
WRITE = bool(os.environ.get("CIRCLET_WRITE_GOLDEN"))
METADATA = '{"c":"C0CIRCLE7","m":"1796731200.000100","k":"group"}'


def file_of(name: str) -> Path:
    return FOLDER / f"{re.sub('[^a-z0-9]+', '-', name.replace('_', '-').lower()).strip('-')}.json"


def drawn(name: str) -> dict[str, Any]:
    example = in_slack(EXAMPLES[name])
    if isinstance(example, Form):
        return {"view": view(example, metadata=METADATA)}
    shown: dict[str, Any] = {
        "messages": [{"text": one.text.split("\n"), "blocks": one.blocks} for one in message_payloads(example)]
    }
    return shown | ({"view": home_view(example)} if name.startswith("home.home") else {})


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_looks_as_it_did(name: str) -> None:
    file = file_of(name)
    now = json.dumps(drawn(name), ensure_ascii=False, indent=1) + "\n"
    if WRITE:
        file.parent.mkdir(exist_ok=True)
        file.write_text(now)

    assert file.exists(), f"{file.name} is new: CIRCLET_WRITE_GOLDEN=1 pytest tests/slack/test_golden.py"
    assert file.read_text() == now


def test_every_file_belongs_to_an_example() -> None:
    names = {file_of(name) for name in EXAMPLES}
    kept = set(FOLDER.glob("*.json"))
    if WRITE:
        for file in kept - names:
            file.unlink()
        return

    assert len(names) == len(EXAMPLES)
    assert kept == names


@pytest.mark.parametrize("name", EXAMPLES)
def test_slack_would_take_it(name: str) -> None:
    example = in_slack(EXAMPLES[name])
    if isinstance(example, Form):
        assert view_problems(view(example, metadata=METADATA)) == []
        return

    assert [problem for payload in message_payloads(example) for problem in payload_problems(payload)] == []
    assert view_problems(home_view(example)) == []
    assert view_problems(done_view(example)) == []


@pytest.mark.parametrize("name", [name for name, example in EXAMPLES.items() if isinstance(example, Message)])
def test_the_text_of_a_message_is_all_its_words(name: str) -> None:
    example = EXAMPLES[name]
    assert isinstance(example, Message)
    (payload,) = message_payloads(example)

    assert payload.text == words(example).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
