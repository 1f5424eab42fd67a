"""A form that comes back: what was typed, and what is wrong beneath each field, and never more than a view may hold."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.again import MARK, again
from adapters.slack.render import view, view_errors
from bot.actions import action
from bot.forms import Form, TextInput
from bot.markup import literal
from tests.slack.lint import view_problems


def shown(count: int, hint: str = "") -> dict[str, Any]:
    fields = tuple(TextInput(f"f{number}", f"Field {number}", hint=hint) for number in range(count))
    return view(Form(action("goal", 1), "Goal", fields, "Send", literal("Say")), metadata="{}")


def sent(form: dict[str, Any], typed: str) -> dict[str, Any]:
    """As it comes back from Slack."""
    blocks = [block for block in form["blocks"] if block["type"] == "input"]
    values = {one["block_id"]: {one["element"]["action_id"]: _state(one["element"], typed)} for one in blocks}
    return {**form, "state": {"values": values}}


def _state(element: dict[str, Any], typed: str) -> dict[str, Any]:
    return {"type": element["type"], "value": typed}


def beneath(form: dict[str, Any]) -> list[str]:
    return [block.get("hint", {}).get("text", "") for block in form["blocks"] if block["type"] == "input"]


TYPED = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=300)
"""What a person can put into a field."""


@given(st.integers(1, 90), st.text(max_size=3000), st.text(max_size=200), TYPED)
def test_every_form_comes_back_as_slack_takes_it(count: int, problem: str, hint: str, typed: str) -> None:
    form = shown(count, hint)
    names = [block["block_id"] for block in form["blocks"] if block["type"] == "input"]
    problems = view_errors(dict.fromkeys(names, problem), names)
    back = again(sent(form, typed), problems)
    assert view_problems(back) == []
    assert len(back["blocks"]) == len(form["blocks"])


def test_the_reasons_of_an_earlier_time_are_gone_and_hints_stay() -> None:
    form = shown(2, "In few words")
    first = again(sent(form, "x"), {"f0": "Too long"})
    assert beneath(first) == [f"{MARK}Too long\nIn few words", "In few words"]
    second = again(sent(first, "x"), {"f1": "Too short"})
    assert beneath(second) == ["In few words", f"{MARK}Too short\nIn few words"]
    assert beneath(again(sent(shown(1), "x"), {"f0": "No"})) == [f"{MARK}No"]
    assert second["blocks"][1]["element"]["initial_value"] == "x"
