"""A form that was sent and cannot be taken, as a view to open again. Pure.

Needed only where the answer came too late for Slack's own way of showing errors, the acknowledgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

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
    """The view with what was typed, and with each problem beneath its field."""
    values: Mapping[str, Any] = (shown.get("state") or {}).get("values") or {}
    blocks: list[Json] = []
    for block in shown["blocks"]:
        if block["type"] != "input":
            blocks.append(dict(block))
            continue
        element = block["element"]
        typed = values.get(block["block_id"], {}).get(element["action_id"], {})
        blocks.append({**block, "element": _holding(element, typed)})
        if problem := errors.get(block["block_id"]):
            said = {"type": "plain_text", "text": f"⚠ {problem}", "emoji": False}
            blocks.append({"type": "context", "elements": [said]})
    return {name: shown[name] for name in KEPT if shown.get(name)} | {"blocks": blocks}


def _holding(element: Mapping[str, Any], typed: Mapping[str, Any]) -> Json:
    said, begins = HELD.get(element["type"], ("value", "initial_value"))
    rest = {name: value for name, value in element.items() if name != begins}
    return rest | ({begins: typed[said]} if typed.get(said) else {})
