"""Spans as rich text: paragraphs, quotes, lists, labelled values, small print and headings. Pure.

RichTextBlock and not TextBlock: a TextRun is never read as Markdown, so what a person typed (``**``, ``<at>``, a
bracket) is text by construction. Only a heading without any such sign is a TextBlock, which alone can tell a screen
reader that it is a heading. Every line is a block of its own, since clients differ in what a line break in a run is.
https://adaptivecards.io/explorer/TextRun.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from microsoft_teams.cards import (
    Action,
    CardElement,
    Column,
    ColumnSet,
    Container,
    OpenUrlAction,
    RichTextBlock,
    Spacing,
    TextBlock,
    TextRun,
)

from adapters.drawing import NOTHING, Json, chunks, clean, cut, line, reachable
from adapters.teams.text import FUNCTION, inert, is_plain, taken, weight
from bot.markup import Bold, Code, Italic, Link, Mention, Plain, Span, Spans, literal, plain

MOST_PIECE = 20_000
"""What a block may weigh before the paragraph goes on in another, perhaps in another message."""

MOST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks as a whole."""

    size: Literal["Small", "Medium", "Large"] | None = None
    weight: Literal["Bolder"] | None = None
    color: Literal["Attention"] | None = None
    subtle: bool | None = None


BODY = Look()
QUIET = Look(size="Small", subtle=True)
HEADING = Look(size="Medium", weight="Bolder")
STRONG = Look(weight="Bolder")
PROBLEM = Look(size="Small", weight="Bolder", color="Attention")


def dump(part: CardElement | Action) -> Json:
    """An element or an action as it goes over the wire."""
    shown: Json = _whole(part.model_dump(by_alias=True, exclude_none=True))
    return shown


def _whole(value: Any) -> Any:
    """The typed classes make floats of numbers; lengths and widths are whole."""
    if isinstance(value, float) and value == value // 1:
        return int(value)
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return {key: _whole(inner) for key, inner in value.items()} if isinstance(value, dict) else value


# ── spans ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _runs(span: Span, text: str, look: Look) -> Iterator[TextRun]:
    """The text as the span has it, in parts that a block has room for; a client's functions do not work over two."""
    room = MOST_PIECE - weight(dump(_run(span, "", look)))
    start = 0
    for end in (*(function.start() + 1 for function in FUNCTION.finditer(text)), len(text)):
        yield from (_run(span, part, look) for part in chunks(text[start:end], room, taken) if part)
        start = end


def _run(span: Span, text: str, look: Look) -> TextRun:
    run = TextRun(
        text=text,
        size=look.size,
        weight="Bolder" if isinstance(span, Bold | Mention) else look.weight,
        color=look.color,
        is_subtle=look.subtle,
    )
    match span:
        case Code():
            run.font_type = "Monospace"
        case Italic():
            run.italic = True
        case Link(_, url) if _leads(span):
            run.select_action = OpenUrlAction(url=url)
        case Plain() | Bold() | Link() | Mention():
            pass
        case _:
            assert_never(span)
    return run


def _text(span: Span) -> str:
    """A person is named and not notified; an address that leads nowhere is said."""
    match span:
        case Plain(text) | Bold(text) | Italic(text) | Code(text):
            return clean(text)
        case Link(text, url):
            said = line(text)
            return (said or url) if _leads(span) else clean(f"{said} ({url})" if said else url)
        case Mention(person, name):
            return line(name) or line(person)
        case _:
            assert_never(span)


def _leads(link: Link) -> bool:
    return reachable(link.url) and weight(link.url) <= MOST_PIECE // 2


def _lines(spans: Spans, look: Look) -> Iterator[list[TextRun]]:
    """The spans line by line; what is too long for a block goes on in another."""
    current: list[TextRun] = []
    room = MOST_PIECE
    for span in spans:
        for number, text in enumerate(_text(span).split("\n")):
            if number:
                yield current
                current, room = [], MOST_PIECE
            for run in _runs(span, text, look):
                took = weight(dump(run))
                if current and took > room:
                    yield current
                    current, room = [], MOST_PIECE
                current.append(run)
                room -= took
    yield current


def rich(spans: Spans, look: Look = BODY) -> list[RichTextBlock]:
    """A block for each line. Blank lines are the space between paragraphs."""
    out: list[RichTextBlock] = []
    gap = True
    for runs in _lines(spans, look):
        if not any(str(run.text).strip() for run in runs):
            gap = True
            continue
        inlines: list[CardElement] = [*runs]
        out.append(RichTextBlock(inlines=inlines, spacing=None if gap else "None"))
        gap = False
    return out


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def paragraphs(spans: Spans, look: Look = BODY, spacing: Spacing | None = None) -> list[CardElement]:
    """With a ``spacing``: so far from what stands before them."""
    found = rich(spans, look)
    if spacing and found:
        found[0].spacing = spacing
    return [*found]


def note(text: str) -> CardElement:
    """One line of the renderer's own in small print."""
    (block,) = rich(literal(inert(cut(line(text), MOST_NOTE))), QUIET)
    return block


def heading(spans: Spans) -> list[CardElement]:
    text = line(plain(spans))
    leads = any(isinstance(span, Link) or (isinstance(span, Mention) and not line(span.name)) for span in spans)
    if text and weight(text) <= MOST_PIECE and not leads and is_plain(text):
        return [TextBlock(text=text, size="Medium", weight="Bolder", wrap=True, style="heading")]
    return list(rich(spans, HEADING))


def quotes(spans: Spans) -> list[CardElement]:
    """Set off by a background; a long one in several parts."""
    parts: list[list[CardElement]] = [[]]
    room = MOST_PIECE
    for block in rich(spans):
        took = weight(dump(block))
        if parts[-1] and took > room:
            parts.append([])
            room = MOST_PIECE
        parts[-1].append(block)
        room -= took
    return [Container(style="emphasis", items=part) for part in parts if part]


def facts(rows: Iterable[tuple[str, Spans]]) -> list[CardElement]:
    """A line each: the label in bold, then the value."""
    out: list[CardElement] = []
    for label, value in rows:
        said = value if rich(value) else (Plain(NOTHING),)
        name = (Bold(f"{line(label)}: "),) if line(label) else ()
        out += _close(rich((*name, *said)), first=not out)
    return out


def _close(blocks: Sequence[RichTextBlock], *, first: bool) -> Sequence[RichTextBlock]:
    """The same, nearer to what stands before them."""
    if blocks and not first:
        blocks[0].spacing = "Small"
    return blocks


def items(entries: Sequence[Spans], ordered: bool) -> list[CardElement]:
    """A list with its signs in a column, so that long items stay in line."""
    width = f"{8 * len(str(len(entries))) + 14}px" if ordered else "14px"
    out: list[CardElement] = []
    for number, entry in enumerate(entries, 1):
        sign = f"{number}." if ordered else "•"
        for part in rich(entry) or rich(literal(NOTHING)):
            part.spacing = None
            columns = [
                Column(width=width, items=paragraphs(literal(sign))),
                Column(width="stretch", items=[part]),
            ]
            out.append(ColumnSet(columns=columns, spacing="Small"))
            sign = ""
    return out
