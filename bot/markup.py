"""Spans: the only formatted text there is. Values are never markup; only our own templates are.

A template may hold ``**bold**``, ``_italic_``, `` `code` `` and ``{placeholders}``. It is taken apart first and filled
afterwards, so that what a person typed ("<!channel>", "**", "{name}") stays what they typed on every platform.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import assert_never


@dataclass(frozen=True, slots=True)
class Plain:
    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    text: str


@dataclass(frozen=True, slots=True)
class Italic:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A person. ``person`` is their id on the platform, ``name`` the words for renderers that cannot mention.

    ``workspace``: where they can be mentioned; 0 is wherever this is said. See ``heard_in``.
    """

    person: str
    name: str
    workspace: int = field(default=0, compare=False)


Span = Plain | Bold | Italic | Code | Link | Mention
Spans = tuple[Span, ...]
Value = str | int | Span | Spans

_PIECE = re.compile(
    r"\*\*(?P<bold>.+?)\*\*|(?<!\w)_(?P<italic>[^_]+?)_(?!\w)|`(?P<code>[^`]+)`|\{(?P<name>\w+)\}", re.DOTALL
)


def fill(template: str, **values: Value) -> Spans:
    """The template's spans with its placeholders filled in. Raises KeyError for a placeholder without a value."""
    return _merged(_pieces(template, values))


def _pieces(template: str, values: dict[str, Value]) -> list[Span]:
    out: list[Span] = []
    end = 0
    for match in _PIECE.finditer(template):
        out.append(Plain(template[end : match.start()]))
        end = match.end()
        match match.lastgroup:
            case "bold":
                out += [_bold(span) for span in _pieces(match["bold"], values)]
            case "italic":
                out += [Italic(span_text(span)) for span in _pieces(match["italic"], values)]
            case "code":
                out += [Code("".join(span_text(span) for span in _pieces(match["code"], values)))]
            case _:
                out += _spans(values[match["name"]])
    out.append(Plain(template[end:]))
    return out


def _bold(span: Span) -> Span:
    return span if isinstance(span, Mention | Link | Code) else Bold(span_text(span))


def _spans(value: Value) -> Spans:
    if isinstance(value, tuple):
        return value
    if isinstance(value, str | int):
        return (Plain(str(value)),)
    return (value,)


def _merged(spans: list[Span]) -> Spans:
    """Neighbours of one kind joined, empty ones gone: one way to write each text, so that golden files are stable."""
    out: list[Span] = []
    for span in spans:
        match span, out[-1] if out else None:
            case ((Plain("") | Bold("") | Italic("") | Code("")), _):
                continue
            case Plain(text), Plain(before):
                out[-1] = Plain(before + text)
            case Bold(text), Bold(before):
                out[-1] = Bold(before + text)
            case Italic(text), Italic(before):
                out[-1] = Italic(before + text)
            case _:
                out.append(span)
    return tuple(out)


def literal(text: str) -> Spans:
    """A value as spans: exactly its characters, nothing in it is markup."""
    return (Plain(text),) if text else ()


def join(parts: list[Spans], separator: str) -> Spans:
    """The parts with the separator between them."""
    out: list[Span] = []
    for index, part in enumerate(parts):
        out += [*([Plain(separator)] if index else []), *part]
    return _merged(out)


def heard_in(spans: Spans, workspace: int) -> Spans:
    """The spans as they are said in a workspace: who cannot be mentioned there is named."""
    if all(not isinstance(span, Mention) or span.workspace in (0, workspace) for span in spans):
        return spans
    known = (isinstance(span, Mention) and span.workspace not in (0, workspace) for span in spans)
    return _merged([Plain(span_text(span)) if there else span for span, there in zip(spans, known, strict=True)])


def span_text(span: Span) -> str:
    """The words of one span."""
    match span:
        case Plain(text) | Bold(text) | Italic(text) | Code(text):
            return text
        case Link(text, url):
            return text or url
        case Mention(_, name):
            return name
        case _:
            assert_never(span)


def plain(spans: Spans) -> str:
    """The words of the spans, without any markup."""
    return "".join(span_text(span) for span in spans)
