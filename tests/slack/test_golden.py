"""How everything the bot says looks in Slack, as Block Kit JSON to read, to compare, or to paste into its builder."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.gallery.examples import EXAMPLES
from adapters.gallery.page import in_slack
from adapters.slack.render import done_view, home_view, message_payloads, view
from bot.forms import Form
from bot.messages import Message
from bot.spoken import words
from tests.golden.files import Golden
from tests.slack.lint import payload_problems, view_problems

METADATA = '{"c":"C0CIRCLE7","m":"1796731200.000100","k":"group"}'


def drawn(name: str) -> dict[str, Any]:
    example = in_slack(EXAMPLES[name])
    if isinstance(example, Form):
        return {"view": view(example, metadata=METADATA)}
    shown: dict[str, Any] = {
        "messages": [{"text": one.text.split("\n"), "blocks": one.blocks} for one in message_payloads(example)]
    }
    return shown | ({"view": home_view(example)} if name.startswith("home.home") else {})


GOLDEN = Golden("slack", drawn)


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_looks_as_it_did(name: str) -> None:
    GOLDEN.check(name)


def test_every_file_belongs_to_an_example() -> None:
    GOLDEN.check_names()


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
