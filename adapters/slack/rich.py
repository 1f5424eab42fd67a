"""Spans as Slack's rich text: paragraphs, quotes, lists, labelled values and small print. Pure.

Rich text and not mrkdwn: in rich text bold is a property and a mention an element, so what a person typed
(``<!channel>``, ``*``, ``@here``, a backtick) is text by construction, and there is nothing to escape. Small print is a
context block, which takes no rich text: plain text there, and rich text where it has a link, a mention or code.
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from adapters.drawing import NOTHING, Json, chunks, clean, cut, line, reachable, some
from adapters.slack.text import cost
from bot.markup import Bold, Code, Italic, Link, Mention, Plain, Span, Spans, plain

MOST_PIECE = 3000
"""What one paragraph, item or quote may take before it goes on in another; Slack allows a section as much."""

MOST_BLOCK = 6000
"""What the pieces of one block may take together, so that two blocks always fit into a message."""

PERSON = re.compile(r"[UW][A-Z0-9]+", re.ASCII)
"""A person's id at Slack. One that is none would make Slack refuse the whole message."""


# ── spans ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _element(span: Span) -> Json:
    match span:
        case Plain(text):
            return _text(text)
        case Bold(text):
            return _text(text, "bold")
        case Italic(text):
            return _text(text, "italic")
        case Code(text):
            return _text(text, "code")
        case Link(text, url):
            link = {"type": "link", "url": url, "text": clean(text) if clean(text).strip() else url}
            # Slack refuses a message for an address that it does not take: then the address is said.
            return link if reachable(url) and cost(link) <= MOST_PIECE else _text(f"{text} ({url})" if text else url)
        case Mention(person, name):
            return {"type": "user", "user_id": person} if PERSON.fullmatch(person) else _text(name or person)
        case _:
            assert_never(span)


def _text(text: str, style: str = "") -> Json:
    element: Json = {"type": "text", "text": clean(text)}
    return element | ({"style": {style: True}} if style else {})


def pieces(spans: Spans) -> list[list[Json]]:
    """The spans as elements; more than one piece when they are too long for one. Blank spans have none."""
    out: list[list[Json]] = [[]]
    room = MOST_PIECE
    for element in map(_element, spans):
        for part in _parts(element):
            taken = cost(part)
            if taken > room:
                out.append([])
                room = MOST_PIECE
            out[-1].append(part)
            room -= taken
    return [piece for piece in out if not _blank(piece)]


def _blank(piece: list[Json]) -> bool:
    return not any(element["type"] == "user" or element["text"].strip() for element in piece)


def _parts(element: Json) -> Iterator[Json]:
    if element["type"] != "text":
        yield element
    elif element["text"]:
        room = MOST_PIECE - cost(element | {"text": ""})
        yield from (element | {"text": part} for part in chunks(element["text"], room, _taken))


def _taken(c: str) -> int:
    return 2 if c > "\uffff" or c in '"\\\n' else 1


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _section(elements: list[Json]) -> Json:
    return {"type": "rich_text_section", "elements": elements}


def _rich(elements: list[Json]) -> Json:
    return {"type": "rich_text", "elements": elements}


def paragraphs(spans: Spans) -> list[Json]:
    return [_rich([_section(piece)]) for piece in pieces(spans)]


def quotes(spans: Spans) -> list[Json]:
    return [_rich([{"type": "rich_text_quote", "elements": piece}]) for piece in pieces(spans)]


def small_print(spans: Spans) -> list[Json]:
    if any(isinstance(span, Code | Link | Mention) for span in spans):
        return paragraphs(spans)
    text = clean(plain(spans)).strip()
    parts = chunks(text, MOST_PIECE - 100, _taken)
    return [note(part) for part in parts if part.strip()]


def note(text: str) -> Json:
    """One line of the renderer's own in small print, or of a text that fits into one."""
    return {"type": "context", "elements": [{"type": "plain_text", "text": cut(text, MOST_PIECE), "emoji": False}]}


def facts(rows: Iterable[tuple[str, Spans]]) -> list[Json]:
    """A line each: the label in bold, then the value."""
    sections: list[Json] = []
    for label, value in rows:
        said = some(value) or (Plain(NOTHING),)
        sections += map(_section, pieces((*((Bold(f"{line(label)}: "),) if label.strip() else ()), *said)))
    return [_rich(group) for group in _grouped(sections)]


def items(entries: Iterable[Spans], ordered: bool) -> list[Json]:
    """A list. An item that is too long goes on in a paragraph, and the numbers after it where they were."""
    drawn: list[Json] = []
    for number, entry in enumerate(entries):
        first, *rest = pieces(entry) or [[_text(NOTHING)]]
        drawn += [_item(first, number, ordered), *map(_section, rest)]
    return [_rich(_joined(group)) for group in _grouped(drawn)]


def _item(elements: list[Json], number: int, ordered: bool) -> Json:
    numbered: Json = {"style": "ordered", "offset": number} if ordered else {"style": "bullet"}
    return {"type": "rich_text_list", **numbered, "indent": 0, "elements": [_section(elements)]}


def _joined(entries: list[Json]) -> list[Json]:
    """Neighbouring items as one list."""
    out: list[Json] = []
    for entry in entries:
        if out and entry["type"] == out[-1]["type"] == "rich_text_list":
            out[-1] = out[-1] | {"elements": [*out[-1]["elements"], *entry["elements"]]}
        else:
            out.append(entry)
    for entry in out:
        if entry.get("offset") == 0:
            del entry["offset"]
    return out


def _grouped(elements: Iterable[Json]) -> Iterator[list[Json]]:
    group: list[Json] = []
    room = MOST_BLOCK
    for element in elements:
        if group and cost(element) > room:
            yield group
            group, room = [], MOST_BLOCK
        group.append(element)
        room -= cost(element)
    if group:
        yield group
