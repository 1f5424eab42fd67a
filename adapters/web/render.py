"""Messages, forms and replies as the local chat's JSON. Values in, values out: no database, no server, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never

from bot.forms import (
    Choice,
    DateInput,
    Field,
    Form,
    MultiChoice,
    Option,
    PeopleInput,
    Scale,
    TextInput,
    TimeInput,
    YesNo,
)
from bot.i18n import Translator, plain_language, translator
from bot.markup import Bold, Code, Italic, Link, Mention, Plain, Span, Spans
from bot.messages import (
    Ask,
    Block,
    Button,
    Chart,
    Divider,
    Facts,
    Heading,
    LinkButton,
    List,
    Message,
    Progress,
    Table,
    Text,
)
from bot.spoken import words

JSON = dict[str, object]
"""One JSON object, as ``json.dumps`` takes it."""

BOT = "circlet"
"""The author of the bot's own messages. No person may have this id."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message ready to be kept: its words and its blocks. Whom its forms offer is filled in when it is read."""

    text: str
    blocks: tuple[JSON, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as it stands in a conversation. ``seen_by`` is the only person who sees it, None for all members."""

    id: str
    conversation: str
    at: datetime
    author: str
    seen_by: str | None
    drawn: Drawn
    edited: bool


def draw(message: Message) -> Drawn:
    t = translator(message.language)
    return Drawn(words(message), tuple(block_json(t, block) for block in message.blocks))


def instant(at: datetime) -> str:
    """ISO 8601 in UTC, whole seconds, with a Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def entry_json(entry: Entry, people: Iterable[Option]) -> JSON:
    """``people`` are those whom forms in the message offer."""
    blocks = [_offering(block, people) for block in entry.drawn.blocks]
    return {
        "id": entry.id,
        "at": instant(entry.at),
        "author": entry.author,
        "text": entry.drawn.text,
        "blocks": blocks,
        "actions": [{"token": token, "label": label} for token, label in actions(entry.drawn.blocks)],
        "private": entry.seen_by is not None,
        "edited": entry.edited,
    }


def actions(blocks: Iterable[JSON]) -> Iterator[tuple[str, str]]:
    """Token and label of every button and every ask, in order."""
    for block in blocks:
        if block["type"] in ("button", "ask"):
            yield str(block["token"]), str(block["label"])


def asks(blocks: Iterable[JSON], token: str) -> bool:
    """Whether one of the blocks carries the form that is sent back with this token."""
    return any(block["type"] == "ask" and block["token"] == token for block in blocks)


# ── spans and blocks ─────────────────────────────────────────────────────────────────────────────────────────────────


def span_json(span: Span) -> JSON:
    match span:
        case Plain(text):
            return {"kind": "plain", "text": text}
        case Bold(text):
            return {"kind": "bold", "text": text}
        case Italic(text):
            return {"kind": "italic", "text": text}
        case Code(text):
            return {"kind": "code", "text": text}
        case Link(text, url):
            return {"kind": "link", "text": text or url, "url": url}
        case Mention(person, name):
            return {"kind": "mention", "text": name, "person": person}
        case _:
            assert_never(span)


def spans_json(spans: Spans) -> list[JSON]:
    return [span_json(span) for span in spans]


def block_json(t: Translator, block: Block) -> JSON:
    match block:
        case Text(spans, tone):
            return {"type": "text", "tone": tone, "spans": spans_json(spans)}
        case Heading(spans):
            return {"type": "heading", "spans": spans_json(spans)}
        case Facts(rows):
            return {"type": "facts", "rows": [{"label": label, "spans": spans_json(value)} for label, value in rows]}
        case List(items, ordered):
            return {"type": "list", "ordered": ordered, "items": [spans_json(item) for item in items]}
        case Table(caption, columns, rows):
            cells = [[spans_json(cell) for cell in row] for row in rows]
            return {"type": "table", "caption": caption, "columns": list(columns), "rows": cells}
        case Chart():
            return _chart(t, block)
        case Progress(label, value, total):
            shown = t("{value} of {total}").format(value=value, total=total)
            return {"type": "progress", "label": label, "value": value, "total": total, "words": shown}
        case Button(label, action, style):
            return {"type": "button", "label": label, "token": action.token, "style": style}
        case LinkButton(label, url):
            return {"type": "link", "label": label, "url": url}
        case Ask(label, form, style):
            return {
                "type": "ask",
                "label": label,
                "token": form.action.token,
                "style": style,
                "form": form_json(form, ()),
            }
        case Divider():
            return {"type": "divider"}
        case _:
            assert_never(block)


def _chart(t: Translator, chart: Chart) -> JSON:
    return {
        "type": "chart",
        "kind": chart.kind,
        "title": chart.title,
        "x_label": chart.x_label,
        "y_label": chart.y_label,
        "categories": list(chart.categories),
        "series": [{"name": series.name, "values": list(series.values)} for series in chart.series],
        "words": chart.words,
        "language": plain_language(t.language),
    }


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def form_json(form: Form, people: Iterable[Option]) -> JSON:
    return {
        "token": form.action.token,
        "title": form.title,
        "intro": spans_json(form.intro),
        "submit": form.submit,
        "fields": [_offering_field(field_json(field), people) for field in form.fields],
    }


def field_json(field: Field) -> JSON:
    """Every field has the same first keys; what only its kind has comes after. Nothing chosen yet is an empty text."""
    match field:
        case TextInput():
            return _field(field, "longtext" if field.long else "text", field.value, limit=field.limit)
        case Choice():
            return _field(field, "choice", field.value, options=_options(field.options))
        case MultiChoice():
            return _field(field, "multichoice", list(field.value), options=_options(field.options))
        case Scale(low=low, high=high, value=value):
            steps = tuple(Option(str(step), str(step)) for step in range(low, high + 1))
            return _field(
                field,
                "scale",
                "" if value is None else str(value),
                options=_options(steps),
                low=low,
                high=high,
                low_label=field.low_label,
                high_label=field.high_label,
            )
        case PeopleInput():
            return _field(field, "people", list(field.value), most=field.most)
        case DateInput():
            return _field(field, "date", field.value)
        case TimeInput():
            return _field(field, "time", field.value)
        case YesNo():
            return _field(field, "yesno", field.value)
        case _:
            assert_never(field)


def _field(field: Field, kind: str, value: object, **more: object) -> JSON:
    return {
        "id": field.id,
        "kind": kind,
        "label": field.label,
        "required": False if isinstance(field, YesNo) else field.required,
        "hint": field.hint,
        "options": [],
        "value": value,
        **more,
    }


def _options(options: Iterable[Option]) -> list[JSON]:
    return [{"value": option.value, "label": option.label} for option in options]


def _offering(block: JSON, people: Iterable[Option]) -> JSON:
    """The block, its form's people fields offering these people. Kept blocks name nobody, so newcomers appear too."""
    match block:
        case {"type": "ask", "form": {"fields": [*fields], **form}}:
            return {**block, "form": {**form, "fields": [_offering_field(field, people) for field in fields]}}
        case _:
            return block


def _offering_field(field: JSON, people: Iterable[Option]) -> JSON:
    return {**field, "options": _options(people)} if field["kind"] == "people" else field


# ── replies ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def said(kind: str, entry: Entry, people: Iterable[Option]) -> JSON:
    """A reply that put words on the page: kind "say" or "replace"."""
    return {"kind": kind, "conversation": entry.conversation, "message": entry_json(entry, people)}


def opened(form: Form, people: Iterable[Option]) -> JSON:
    return {"kind": "form", **form_json(form, people)}


def errors(problems: Mapping[str, str]) -> JSON:
    return {"kind": "errors", "errors": dict(problems)}


NOTHING: JSON = {"kind": "none"}
