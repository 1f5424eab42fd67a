"""What the renderers of all platforms do alike: plain characters, notes between parts, charts in words. Pure.

Lengths are counted in UTF-16 units, of which an emoji has two. No platform says how it counts; no way of counting
characters that it could use finds more.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import isfinite
from typing import Any

from bot.i18n import Translator
from bot.markup import Mention, Plain, Span, Spans, literal, span_text
from bot.messages import Block, Chart, Message, Progress, Series, Table
from bot.spoken import words

Json = dict[str, Any]
"""One JSON object, as a platform's own library takes it."""

NOTHING = "–"
"""Shown where there is a place for a value and no value."""

CUT = "…"
CELLS = 10
MOST_NAMED = 1500
MOST_ADDRESS = 2500
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Unicode's categories Cc, but for the new line, and Cs."""

_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>\"\\]+", re.IGNORECASE)


# ── characters ───────────────────────────────────────────────────────────────────────────────────────────────────────


def clean(text: str) -> str:
    """The text without control characters and halves of characters; new lines stay, a tab becomes a space."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def line(text: str) -> str:
    """The text in one line."""
    return " ".join(clean(text).split())


def size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """At most this long; what was cut off is marked by an ellipsis. The caller says it elsewhere, if it matters."""
    if size(text) <= most:
        return text
    kept = text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    return kept.rstrip(" \n\u200d") + CUT


def some(spans: Spans) -> Spans:
    """The spans if there is anything to see of them; somebody without a name is still shown by their id."""
    shown = (span_text(span) or (span.person if isinstance(span, Mention) else "") for span in spans)
    return spans if any(clean(text).strip() for text in shown) else ()


def chunks(text: str, most: int, taken: Callable[[str], int]) -> Iterator[str]:
    """The text in parts that take at most so much, divided between words where there are any.

    ``taken``: how much a character takes, never more than ``most``.
    """
    ends = list(accumulate(map(taken, text)))
    start, before = 0, 0
    while ends and ends[-1] - before > most:
        end = bisect_right(ends, before + most)
        space = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
        end = space + 1 if space > start else end
        yield text[start:end]
        start, before = end, ends[end - 1]
    yield text[start:]


def reachable(url: str) -> bool:
    """Whether a platform takes this as the address of a link."""
    return bool(_ADDRESS.fullmatch(url)) and url.isprintable() and size(url) <= MOST_ADDRESS


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Drawn:
    """One piece of the platform's, and the neutral blocks that begin in it; none where it only goes on with one."""

    piece: Json
    begins: tuple[Block, ...] = ()


def drawn(pieces: Iterable[Json], source: Block) -> list[Drawn]:
    """The source's pieces, of which the first begins it."""
    return [Drawn(piece, () if index else (source,)) for index, piece in enumerate(pieces)]


def said(parts: Iterable[Drawn]) -> str:
    """The words of what begins in these pieces."""
    return words(Message(tuple(block for part in parts for block in part.begins)))


def before_part(t: Translator, number: int, of: int) -> str:
    """What stands above message ``number`` of so many; nothing above the first."""
    return t("… continued ({number}/{of})").format(number=number, of=of) if number > 1 else ""


def after_part(t: Translator, number: int, of: int) -> str:
    """What stands below message ``number`` of so many; nothing below the last."""
    return t("… continued in the next message ({number}/{of})").format(number=number, of=of) if number < of else ""


def more(t: Translator, n: int, names: Iterable[str] = ()) -> str:
    """ "… 12 more: …", with as many of their names as fit."""
    named = "; ".join(filter(None, map(line, names)))
    if not named:
        return t.count("… {n} more", "… {n} more", n).format(n=n)
    return cut(t.count("… {n} more: {names}", "… {n} more: {names}", n).format(n=n, names=named), MOST_NAMED)


# ── tables, charts, progress ─────────────────────────────────────────────────────────────────────────────────────────


def row_as_line(columns: tuple[str, ...], row: tuple[Spans, ...]) -> Spans:
    """Every value with the name of its column."""
    parts: list[Span] = []
    for index, value in enumerate(row):
        name = line(columns[index]) if index < len(columns) else ""
        before = f"{' · ' if index else ''}{name}{': ' if name else ''}"
        parts += [Plain(before), *(some(value) or (Plain(NOTHING),))]
    return tuple(parts)


def figure(t: Translator, series: Series, index: int) -> str:
    """A value of a chart in words."""
    known = series.values[index] if index < len(series.values) else None
    return t.number(known) if known is not None and isfinite(known) else NOTHING


def as_table(t: Translator, chart: Chart) -> Table:
    """The values of a chart; its title and its words are the caption."""
    names = (chart.x_label or NOTHING, *(series.name or NOTHING for series in chart.series))
    rows = tuple(
        (literal(category), *(literal(figure(t, series, index)) for series in chart.series))
        for index, category in enumerate(chart.categories)
    )
    return Table(": ".join(part for part in (line(chart.title), chart.words) if part), names, rows)


def progress(block: Progress) -> Spans:
    """A bar of little boxes, and how far along."""
    cells = max(1, min(block.total, CELLS))
    done = max(0, min(cells, block.value * cells // max(1, block.total)))
    bar = "▰" * done + "▱" * (cells - done)
    label = f"{line(block.label)}  " if line(block.label) else ""
    return (Plain(f"{label}{bar}  {block.value}/{block.total}"),)


def distinct(labels: Sequence[str], most: int) -> bool:
    """Whether a picture can tell them apart and show each in full."""
    return len(set(labels)) == len(labels) and all(short(label, most) for label in labels)


def short(text: str, most: int) -> bool:
    """Whether there is something to show, in one line and in full."""
    return bool(text) and text == line(text) and size(text) <= most
