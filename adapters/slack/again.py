"""A form that was sent and cannot be taken, as a view to open again. Pure.

Needed only where the answer came too late for Slack's own way of showing errors, the acknowledgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.drawing import cut, line

Json = dict[str, Any]

MARK = "⚠ "
MOST_HINT = 2000

KEPT = ("type", "title", "submit", "close", "callback_id", "private_metadata")

HELD = {
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
}
"""By kind of element: where a sent form says what was put in, and where a new one says what to begin with."""


def again(shown: Mapping[str, Any], errors: Mapping[str, str]) -> Json:
    """The view with what was typed, and with each problem beneath its field; not those of an earlier time."""
    values: Mapping[str, Any] = (shown.get("state") or {}).get("values") or {}
    blocks: list[Json] = []
    for block in shown["blocks"]:
        if block["type"] != "input":
            blocks.append(dict(block))
            continue
        element = block["element"]
        typed = values.get(block["block_id"], {}).get(element["action_id"], {})
        rest = {name: value for name, value in block.items() if name != "hint"}
        hint = _hint(block, errors.get(block["block_id"], ""))
        blocks.append(rest | {"element": _holding(element, typed)} | ({"hint": hint} if hint else {}))
    return {name: shown[name] for name in KEPT if shown.get(name)} | {"blocks": blocks}


def _hint(block: Mapping[str, Any], problem: str) -> Json | None:
    """What stands beneath the field: the problem, and the hint that was there before any.

    A block of its own for each problem could be more than a view has room for.
    """
    said = str((block.get("hint") or {}).get("text") or "")
    if said.startswith(MARK):
        said = said.partition("\n")[2]
    shown = "\n".join(part for part in (MARK + line(problem) if problem else "", said) if part)
    return {"type": "plain_text", "text": cut(shown, MOST_HINT), "emoji": False} if shown else None


def _holding(element: Mapping[str, Any], typed: Mapping[str, Any]) -> Json:
    said, begins = HELD.get(element["type"], ("value", "initial_value"))
    rest = {name: value for name, value in element.items() if name != begins}
    return rest | ({begins: typed[said]} if typed.get(said) else {})
