"""What Slack refuses in a message or a view: Block Kit's limits. Pure; every finding names where it is.

slack_sdk's models miss some of these (51 blocks, a field of 2,001 characters, an input without submit, ids twice), and
have no classes for charts. https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.fakes.slack.data import chart, table
from tests.fakes.slack.elements import IN_ACTIONS, IN_INPUT, IN_SECTION, Json, element, image, string, text

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
LONGEST_TEXT = 40_000
LARGEST_VIEW = 250_000

_ANYWHERE = frozenset({"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"})
_ALLOWED = {
    "message": _ANYWHERE | {"table", "data_visualization", "markdown", "file", "context_actions"},
    "modal": _ANYWHERE,
    "home": _ANYWHERE,
}
_PROPERTIES: Mapping[str, frozenset[str]] = {
    "section": frozenset({"text", "fields", "accessory", "expand"}),
    "header": frozenset({"text"}),
    "divider": frozenset(),
    "context": frozenset({"elements"}),
    "actions": frozenset({"elements"}),
    "input": frozenset({"label", "element", "dispatch_action", "hint", "optional"}),
    "image": frozenset({"image_url", "slack_file", "alt_text", "title"}),
    "table": frozenset({"rows", "column_settings"}),
    "data_visualization": frozenset({"title", "chart"}),
    "rich_text": frozenset({"elements"}),
    "markdown": frozenset({"text"}),
}
_VIEW_PROPERTIES = {
    "modal": frozenset(
        {"type", "title", "blocks", "submit", "close", "private_metadata", "callback_id", "clear_on_close"}
        | {"notify_on_close", "external_id", "submit_disabled"}
    ),
    "home": frozenset({"type", "blocks", "private_metadata", "callback_id", "external_id"}),
}


def problems(payload: Sequence[Json] | Mapping[str, Any]) -> list[str]:
    """All that Slack would refuse in a view (a mapping with its type) or in the blocks of a message (a sequence)."""
    if isinstance(payload, Mapping):
        return list(_view(payload))
    return list(_blocks(payload, "message"))


def _view(view: Mapping[str, Any]) -> Iterator[str]:
    kind = view.get("type")
    if kind not in ("modal", "home"):
        yield f"view.type must be modal or home, is {kind!r}"
        return
    if extra := sorted(set(view) - _VIEW_PROPERTIES[kind]):
        yield f"view has unsupported properties: {', '.join(extra)}"
    if kind == "modal":
        yield from text(view.get("title"), "view.title", 24)
    for name in ("submit", "close"):
        if name in view:
            yield from text(view[name], f"view.{name}", 24)
    for name, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if name in view:
            yield from string(view[name], f"view.{name}", most)
    blocks = view.get("blocks")
    yield from _blocks(blocks, kind)
    asks = isinstance(blocks, list) and any(isinstance(b, Mapping) and b.get("type") == "input" for b in blocks)
    if kind == "modal" and asks and "submit" not in view:
        yield "view.submit is required when there are input blocks"
    if len(json.dumps(view, ensure_ascii=False).encode()) > LARGEST_VIEW:
        yield f"view must be smaller than {LARGEST_VIEW} bytes"


def _listed(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _blocks(blocks: Any, surface: str) -> Iterator[str]:
    if not _listed(blocks):
        yield "blocks must be a list"
        return
    if len(blocks) > MOST_BLOCKS[surface]:
        yield f"blocks must be at most {MOST_BLOCKS[surface]}, are {len(blocks)}"
    for number, block in enumerate(blocks):
        yield from _block(block, f"blocks[{number}]", surface)
    known = [block for block in blocks if isinstance(block, Mapping)]
    kinds = Counter(str(block.get("type")) for block in known)
    if kinds["table"] > 1:
        yield "only one table is allowed in a message"
    if kinds["data_visualization"] > 2:
        yield "only two data_visualization blocks are allowed in a message"
    for name, ids in (
        ("block_id", [b["block_id"] for b in known if "block_id" in b]),
        ("action_id", _action_ids(known)),
    ):
        for value, count in Counter(map(str, ids)).items():
            if count > 1:
                yield f"{name} must be unique: {value[:80]!r} appears {count} times"


def _action_ids(blocks: Sequence[Json]) -> list[object]:
    """Of buttons and the like. Inputs are told apart by their blocks, so theirs may repeat."""
    inner: list[object] = [block.get("accessory") for block in blocks]
    for block in blocks:
        if block.get("type") == "actions" and isinstance(block.get("elements"), list):
            inner += block["elements"]
    return [e["action_id"] for e in inner if isinstance(e, Mapping) and "action_id" in e]


def _block(block: object, where: str, surface: str) -> Iterator[str]:
    if not isinstance(block, Mapping):
        yield f"{where} must be a block"
        return
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in _ALLOWED[surface]:
        yield f"{where}: a {surface} has no block of type {kind!r}"
        return
    where = f"{where} ({kind})"
    known = _PROPERTIES.get(kind)
    if known is not None and (extra := sorted(set(block) - known - {"type", "block_id"})):
        yield f"{where} has unsupported properties: {', '.join(extra)}"
    if "block_id" in block:
        yield from string(block["block_id"], f"{where}.block_id", 255, 1)
    yield from _of_kind(kind, block, where, surface)


def _of_kind(kind: str, block: Json, where: str, surface: str) -> Iterator[str]:
    match kind:
        case "section":
            yield from _section(block, where, surface)
        case "header":
            yield from text(block.get("text"), f"{where}.text", 150)
        case "markdown":
            yield from string(block.get("text"), f"{where}.text", 12_000, 1)
        case "actions":
            yield from _elements(block, where, 25, surface)
        case "context":
            yield from _context(block, where)
        case "input":
            yield from text(block.get("label"), f"{where}.label", 2000)
            if "hint" in block:
                yield from text(block["hint"], f"{where}.hint", 2000)
            yield from element(block.get("element"), f"{where}.element", IN_INPUT, surface)
        case "image":
            yield from image(block, where)
            if "title" in block:
                yield from text(block["title"], f"{where}.title", 2000)
        case "table":
            yield from table(block, where)
        case "data_visualization":
            yield from chart(block, where)
        case "rich_text":
            if not _listed(block.get("elements")) or not block["elements"]:
                yield f"{where}.elements must not be empty"
        case _:
            pass


def _section(block: Json, where: str, surface: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield f"{where} needs text or fields"
    if "text" in block:
        yield from text(block["text"], f"{where}.text", 3000, ("mrkdwn", "plain_text"))
    if "fields" in block:
        fields = block["fields"]
        if not isinstance(fields, list) or not 1 <= len(fields) <= 10:
            yield f"{where}.fields must be 1 to 10 fields"
        else:
            for number, field in enumerate(fields):
                yield from text(field, f"{where}.fields[{number}]", 2000, ("mrkdwn", "plain_text"))
    if "accessory" in block:
        yield from element(block["accessory"], f"{where}.accessory", IN_SECTION, surface)


def _elements(block: Json, where: str, most: int, surface: str) -> Iterator[str]:
    inner = block.get("elements")
    if not isinstance(inner, list) or not 1 <= len(inner) <= most:
        yield f"{where}.elements must be 1 to {most} elements"
        return
    for number, value in enumerate(inner):
        yield from element(value, f"{where}.elements[{number}]", IN_ACTIONS, surface)


def _context(block: Json, where: str) -> Iterator[str]:
    inner = block.get("elements")
    if not isinstance(inner, list) or not 1 <= len(inner) <= 10:
        yield f"{where}.elements must be 1 to 10 elements"
        return
    for number, value in enumerate(inner):
        if isinstance(value, Mapping) and value.get("type") == "image":
            yield from image(value, f"{where}.elements[{number}]")
        else:
            yield from text(value, f"{where}.elements[{number}]", 3000, ("mrkdwn", "plain_text"))
