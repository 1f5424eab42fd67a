"""What Slack's own client shows of payloads and views, and what it sends when somebody types, presses or submits. Pure.

The plays speak of "ana" and of "dm-ana"; to Slack these are ``U0ANA`` and ``D0ANA``. Nothing that a person may have
sent is refused here, as a real client would: the core must hold against more than Slack lets through.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from adapters.gallery.page import slack_id
from adapters.slack.forms import ANSWERS
from adapters.slack.render import Payload

JSON = dict[str, Any]

TEAM = {"id": "T0DEMO", "domain": "demo"}
_NAMED = re.compile(r"(?<![\w.%+@-])@(\w+)")


# ── ids ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def play_id(person: str) -> str:
    """ "ana" of ``U0ANA``."""
    return person.removeprefix("U0").lower()


def channel(conversation: str) -> str:
    """Slack's id of a conversation of the plays."""
    return f"D0{conversation[3:].upper()}" if conversation.startswith("dm-") else conversation


def conversation(channel: str) -> str:
    """The plays' id of one of Slack's conversations."""
    return f"dm-{channel[2:].lower()}" if channel.startswith("D0") else channel


# ── what is sent ─────────────────────────────────────────────────────────────────────────────────────────────────────


def slash_command(person: str, where: str, text: str, known: Collection[str]) -> JSON:
    """With ``should_escape``: @ana becomes <@U0ANA|ana>, and what looks like markup is none."""
    typed = re.sub(r"\A/circle(?!\S)", "", text.strip(), flags=re.IGNORECASE).strip()
    return {
        "team_id": TEAM["id"],
        "channel_id": where,
        "user_id": person,
        "command": "/circle",
        "text": "".join(_escaped(typed, known)),
        "response_url": "https://hooks.slack.example/1",
        "trigger_id": "1",
    }


def _escaped(text: str, known: Collection[str]) -> Iterator[str]:
    for number, part in enumerate(_NAMED.split(text)):
        if number % 2 and slack_id(part) in known:
            yield f"<@{slack_id(part)}|{part}>"
        else:
            at = "@" if number % 2 else ""
            yield at + part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def block_actions(person: str, where: str, pressed: JSON, message: str | None, *, ephemeral: bool) -> JSON:
    """``message`` is None where a button is sent that nobody was shown."""
    container = {"type": "message", "channel_id": where, "is_ephemeral": ephemeral}
    return _interaction("block_actions", person) | {
        "container": container | ({} if message is None else {"message_ts": message}),
        "channel": {"id": where, "name": "directmessage" if where.startswith("D") else "privategroup"},
        "response_url": "https://hooks.slack.example/2",
        "actions": [{key: value for key, value in pressed.items() if key != "url"}],
    }


def view_submission(person: str, shown: Mapping[str, Any], values: Mapping[str, Any]) -> JSON:
    """The view filled in with values as the plays have them."""
    inputs = {block["block_id"]: block["element"] for block in shown["blocks"] if block["type"] == "input"}
    assert set(values) <= set(inputs), f"the form has no {set(values) - set(inputs)}"
    state = {
        name: {element["action_id"]: {"type": element["type"], **_filled(element, values[name])}}
        for name, element in inputs.items()
    }
    return _interaction("view_submission", person) | {"view": {**shown, "id": "V1", "state": {"values": state}}}


def _interaction(kind: str, person: str) -> JSON:
    return {"type": kind, "team": TEAM, "user": {"id": person, "team_id": TEAM["id"]}, "trigger_id": "1"}


def _filled(element: Mapping[str, Any], value: Any) -> JSON:
    match element["type"]:
        case "plain_text_input":
            return {"value": value or None}
        case "static_select" | "radio_buttons":
            return {"selected_option": {"value": str(value)} if value else None}
        case "checkboxes" | "multi_static_select" if isinstance(value, list | tuple):
            return {"selected_options": [{"value": str(one)} for one in value]}
        case "checkboxes":
            return {"selected_options": element["options"] if value else []}
        case "users_select":
            return {"selected_user": slack_id(value[0]) if value else None}
        case "multi_users_select":
            return {"selected_users": [slack_id(person) for person in value]}
        case "datepicker":
            return {"selected_date": value or None}
        case "timepicker":
            return {"selected_time": value or None}
        case kind:
            raise NotImplementedError(f"nobody in the plays can fill in a {kind}")


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────


def text(payloads: Sequence[Payload]) -> str:
    """The words of a message, as they are after Slack has taken its escapes back."""
    said = "\n".join(payload.text for payload in payloads)
    return said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def unseen(payloads: Sequence[Payload]) -> list[str]:
    """Words that are only in the text for notifications and screen readers, and in no block."""
    shown = "".join(said for payload in payloads for said in _strings(payload.blocks))
    named = (word for word in re.findall(r"\w+", text(payloads)) if not word.isdigit())
    return [word for word in named if word not in shown and slack_id(word) not in shown]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key in ("text", "elements", "rows", "title", "chart", "user_id"):
                yield from _strings(inner)


def buttons(blocks: Sequence[Mapping[str, Any]]) -> list[JSON]:
    """Those that send something, in order; a link only opens its page."""
    rows = (block["elements"] for block in blocks if block["type"] == "actions")
    return [button for row in rows for button in row if "url" not in button]


def form(shown: Mapping[str, Any]) -> JSON:
    """A modal as the plays have forms."""
    fields = [_field(block) for block in shown["blocks"] if block["type"] == "input"]
    around = [block for block in shown["blocks"] if block["type"] != "input"]
    return {"title": _title(shown), "token": shown["callback_id"], "intro": around, "fields": fields}


def _title(shown: Mapping[str, Any]) -> str:
    """A title that is too long stands in full at the top."""
    title, first = str(shown["title"]["text"]), shown["blocks"][0]
    if title.endswith("…") and first["type"] == "header":
        return str(first["text"]["text"])
    return title


def _field(block: Mapping[str, Any]) -> JSON:
    element = block["element"]
    groups = element.get("option_groups", [])
    options = element.get("options", []) + [option for group in groups for option in group["options"]]
    return {
        "id": block["block_id"],
        "label": block["label"]["text"],
        "hint": block.get("hint", {}).get("text", ""),
        "required": not block["optional"],
        "options": [{"value": option["value"], "label": option["text"]["text"]} for option in options],
        "value": _initial(element),
    }


def _initial(element: Mapping[str, Any]) -> Any:
    """What is in it before anybody touches it."""
    match element["type"]:
        case "checkboxes" | "multi_static_select" if element["action_id"] == ANSWERS:
            return [option["value"] for option in element.get("initial_options", [])]
        case "checkboxes":
            return bool(element.get("initial_options"))
        case "users_select":
            return [play_id(element["initial_user"])] if "initial_user" in element else []
        case "multi_users_select":
            return [play_id(person) for person in element.get("initial_users", [])]
        case "static_select" | "radio_buttons":
            return element.get("initial_option", {"value": ""})["value"]
        case "datepicker":
            return element.get("initial_date", "")
        case "timepicker":
            return element.get("initial_time", "")
        case _:
            return element.get("initial_value", "")
