"""What must be true of every payload for Slack: its limits, as the fake has them, and that nothing typed is markup.

The fake refuses what Slack is known to refuse. Here is what it cannot see: the inside of rich text, the weight of a
whole message, blank texts, control characters, and mrkdwn, which our renderer never writes.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.slack.render import Payload
from tests.fakes.slack.limits import problems

MOST_WEIGHT = 13_000
"""Slack refuses somewhat more than this, containers and all: https://github.com/slackapi/bolt-js/issues/2509."""

STYLES = ({"bold": True}, {"italic": True}, {"code": True})
INLINE = {
    "text": {"type", "text", "style"},
    "link": {"type", "url", "text", "style"},
    "user": {"type", "user_id", "style"},
}


def payload_problems(payload: Payload) -> list[str]:
    """Of one message."""
    found = [*problems(payload.blocks), *_all(payload.blocks, "blocks")]
    weight = len(json.dumps(payload.blocks, ensure_ascii=False, separators=(",", ":"))) + 100 * len(payload.blocks)
    if weight > MOST_WEIGHT:
        found.append(f"blocks weigh {weight}")
    if not payload.text.strip() or len(payload.text) > 40_000:
        found.append(f"text has {len(payload.text)} characters")
    if "<" in payload.text or ">" in payload.text:
        found.append("text is not escaped")
    return [*found, *_characters(payload.text, "text")]


def view_problems(view: Mapping[str, Any]) -> list[str]:
    """Of a modal or an App Home."""
    found = [*problems(view), *_all(view, "view")]
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    if len(set(inputs)) < len(inputs):
        found.append("two inputs have one id")
    if not view["blocks"]:
        found.append("a view shows something")
    return found


def _all(value: Any, where: str) -> Iterator[str]:
    """Everything in it, however deep."""
    if isinstance(value, str):
        yield from _characters(value, where)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _all(inner, f"{where}[{number}]")
    elif isinstance(value, Mapping):
        yield from _one(value, where)
        for key, inner in value.items():
            yield from _all(inner, f"{where}.{key}")


def _one(value: Mapping[str, Any], where: str) -> Iterator[str]:
    match value.get("type"):
        case "mrkdwn" | "markdown":
            yield f"{where}: nothing is written in markup"
        case "plain_text" if not value["text"].strip():
            yield f"{where}: blank"
        case "plain_text" if value.get("emoji") is not False:
            yield f"{where}: :smile: would become a picture"
        case "rich_text":
            yield from _rich(value, where)
        case _:
            pass


def _rich(block: Mapping[str, Any], where: str) -> Iterator[str]:
    if set(block) != {"type", "elements"} or not block["elements"]:
        yield f"{where}: rich text of {sorted(block)}"
    for number, element in enumerate(block["elements"]):
        at = f"{where}.elements[{number}]"
        match element:
            case {"type": "rich_text_section" | "rich_text_quote", "elements": list(inline), **rest} if not rest:
                yield from _inline(inline, at)
            case {"type": "rich_text_list", "style": "bullet" | "ordered", "indent": 0, "elements": list(items)}:
                if not items or set(element) - {"type", "style", "indent", "offset", "elements"}:
                    yield f"{at}: a list of {sorted(element)}"
                for item in items:
                    if item["type"] != "rich_text_section":
                        yield f"{at}: an item of type {item['type']}"
                    yield from _inline(item["elements"], at)
            case _:
                yield f"{at}: {element.get('type')}"


def _inline(elements: list[Any], where: str) -> Iterator[str]:
    if not elements:
        yield f"{where}: empty"
    for element in elements:
        known = INLINE.get(element["type"], set())
        if set(element) - known:
            yield f"{where}: {element['type']} with {sorted(element)}"
        if element["type"] != "user" and not element["text"]:
            yield f"{where}: an empty {element['type']}"
        if "style" in element and element["style"] not in STYLES:
            yield f"{where}: style {element['style']}"
    if sum(len(element.get("text", "")) for element in elements) > 3000:
        yield f"{where}: more than 3000 characters"


def _characters(text: str, where: str) -> Iterator[str]:
    # What is printable holds none, and is soon told.
    if not text.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in text):
        yield f"{where}: control characters"
