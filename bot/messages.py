"""What the bot says: neutral messages, forms, replies and posts, as frozen values.

A renderer takes a message apart with ``match`` and ends in ``assert_never``, so a new block fails the type checker on
every platform until it is drawn there. No limit of any platform is known here; renderers own those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from bot.actions import Action
from bot.markup import Spans, plain


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. A quiet one is small print: still true, less urgent. A quote is somebody's own words."""

    spans: Spans
    tone: Literal["body", "quiet", "quote"] = "body"


@dataclass(frozen=True, slots=True)
class Heading:
    spans: Spans


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, a row each."""

    rows: tuple[tuple[str, Spans], ...]


@dataclass(frozen=True, slots=True)
class List:
    items: tuple[Spans, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as long as ``columns``. ``caption`` says in words what the table shows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Spans, ...], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One value per category of its chart; None where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars or lines. ``words`` say the same as the picture, for everybody who does not see it."""

    kind: Literal["bar", "line"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    words: str
    x_label: str = ""
    y_label: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far along: ``value`` of ``total``, with a label that says of what."""

    label: str
    value: int
    total: int


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    action: Action
    style: Literal["plain", "primary", "danger"] = "plain"


@dataclass(frozen=True, slots=True)
class LinkButton:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Divider:
    pass


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class TextInput:
    """One line, or several. ``limit`` is the most characters that are kept."""

    id: str
    label: str
    value: str = ""
    required: bool = False
    hint: str = ""
    long: bool = False
    limit: int = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several options, as a list to open."""

    id: str
    label: str
    options: tuple[Option, ...]
    value: str = ""
    required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """A whole number from ``low`` to ``high``, one tap."""

    id: str
    label: str
    low: int
    high: int
    low_label: str = ""
    high_label: str = ""
    value: int | None = None
    required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PeopleInput:
    """People of the workspace, by their platform ids; at most ``most`` of them."""

    id: str
    label: str
    value: tuple[str, ...] = ()
    required: bool = False
    hint: str = ""
    most: int = 1


@dataclass(frozen=True, slots=True)
class DateInput:
    """A calendar day, ISO 8601."""

    id: str
    label: str
    value: str = ""
    required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TimeInput:
    """A wall time, ``HH:MM``."""

    id: str
    label: str
    value: str = ""
    required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class YesNo:
    """A tick: "yes" or "no"."""

    id: str
    label: str
    value: bool = False
    hint: str = ""


Field = TextInput | Choice | Scale | PeopleInput | DateInput | TimeInput | YesNo


@dataclass(frozen=True, slots=True)
class Form:
    """Sent back as a Submission with the token of ``action``."""

    action: Action
    title: str
    fields: tuple[Field, ...]
    submit: str
    intro: Spans = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A button that carries its form, so that a platform which can shows the form in place and skips the opening press.

    Pressing ``form.action`` opens the same form where it cannot.
    """

    label: str
    form: Form
    style: Literal["plain", "primary"] = "plain"


Block = Text | Heading | Facts | List | Table | Chart | Progress | Button | LinkButton | Ask | Divider


@dataclass(frozen=True, slots=True)
class Message:
    blocks: tuple[Block, ...]


# ── replies ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Say:
    """Answer where the person is; private: only they see it."""

    message: Message
    private: bool = True


@dataclass(frozen=True, slots=True)
class Replace:
    """The message that the person acted in becomes this one. Where they acted in none, it is said privately."""

    message: Message


@dataclass(frozen=True, slots=True)
class OpenForm:
    form: Form


@dataclass(frozen=True, slots=True)
class FixForm:
    """The form stays open with what was typed; ``problems`` by field id ("" is about the whole form)."""

    problems: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Silence:
    """It was noted, and there is nothing to say."""


Reply = Say | Replace | OpenForm | FixForm | Silence


# ── posts: what goes out by itself ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Home:
    """A group's own conversation. None until the adapter has made it; ``members`` are the platform ids it is for."""

    group: int
    conversation: str | None
    title: str
    kind: Literal["circle", "pair"]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Direct:
    """A private message to one person."""

    person: str


Address = Home | Direct


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a post stands: the platform's ids of its conversation and message."""

    conversation: str
    message: str


@dataclass(frozen=True, slots=True)
class Post:
    """One leased row of the outbox with its words.

    ``lane_token`` fences it: the outcome counts only while the lane that claimed it is still held. ``edits`` is set
    when the post already stands and its words have changed. ``doubtful``: an earlier try, which began at ``tried``, may
    have arrived; look first. ``unheard``: the platform tells of posts in such a conversation by itself, told of others
    since, and has had the time to tell of this one, and did not: it can be taken as not posted.
    """

    key: str
    workspace: int
    address: Address
    message: Message
    lane_token: int
    edits: Receipt | None = None
    doubtful: bool = False
    tried: datetime | None = None
    unheard: bool = False


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def words(message: Message) -> str:
    """All of a message as plain words, a line each: for search, notifications, screen readers and tests."""
    return "\n".join(line for block in message.blocks if (line := _block_words(block)))


def _block_words(block: Block) -> str:
    match block:
        case Text(spans, _) | Heading(spans):
            return plain(spans)
        case Facts(rows):
            return "\n".join(f"{label}: {plain(value)}" for label, value in rows)
        case List(items, ordered):
            return "\n".join(f"{f'{n}.' if ordered else '•'} {plain(item)}" for n, item in enumerate(items, 1))
        case Table(caption, columns, rows):
            lines = (" | ".join(plain(cell) for cell in row) for row in rows)
            return "\n".join((caption, " | ".join(columns), *lines))
        case Chart():
            return f"{block.title}: {block.words}"
        case Progress(label, value, total):
            return f"{label}: {value}/{total}"
        case Button(label) | LinkButton(label) | Ask(label):
            return f"[{label}]"
        case Divider():
            return ""
        case _:
            assert_never(block)


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)


def prefilled(form: Form, values: Mapping[str, str | tuple[str, ...]]) -> Form:
    """The form with what somebody has typed already; a value that does not fit its field is left out."""
    return replace(form, fields=tuple(_prefilled(field, values.get(field.id)) for field in form.fields))


def _prefilled(field: Field, value: str | tuple[str, ...] | None) -> Field:
    if not value:
        return field
    match field, value:
        case PeopleInput(), tuple():
            return replace(field, value=value)
        case TextInput(), str():
            return replace(field, value=value)
        case DateInput(), str() if _DAY.fullmatch(value):
            return replace(field, value=value)
        case TimeInput(), str() if _TIME.fullmatch(value):
            return replace(field, value=value)
        case Choice(options=options), str() if value in {option.value for option in options}:
            return replace(field, value=value)
        case Scale(low=low, high=high), str() if value.isdecimal() and low <= int(value) <= high:
            return replace(field, value=int(value))
        case YesNo(), str():
            return replace(field, value=value == "yes")
        case _:
            return field
