"""What the bot says: neutral messages, replies and posts, as frozen values.

A renderer takes a message apart with ``match`` and ends in ``assert_never``, so a new block fails the type checker on
every platform until it is drawn there. No limit of any platform is known here; renderers own those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.actions import Action
from bot.forms import Form
from bot.i18n import ENGLISH
from bot.markup import Spans


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
    """``language``: of whoever it is said to, for the renderer's own words and numbers. ``said_in`` sets it."""

    blocks: tuple[Block, ...]
    language: str = field(default=ENGLISH, compare=False)


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
    """The form stays open with what was typed; ``problems`` by field id ("" is about the whole form).

    ``form`` is the same form once more, for a platform that keeps none of what it shows; None where it cannot be asked
    again.
    """

    problems: Mapping[str, str]
    form: Form | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Silence:
    """It was noted, and there is nothing to say."""


Reply = Say | Replace | OpenForm | FixForm | Silence


# ── posts: what goes out by itself ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Home:
    """A group's own conversation. None until the adapter has made it; ``members`` are the platform ids it is for.

    ``welcome``: who else may be there, and need not: those who are invited, and whoever founded the group.
    """

    group: int
    conversation: str | None
    title: str
    kind: Literal["circle", "pair"]
    members: tuple[str, ...]
    welcome: tuple[str, ...] = field(default=(), compare=False)


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
    since, and has had the time to tell of this one, and did not: it can be taken as not posted. ``repeatable``: where
    nobody can ever find out whether it arrived, twice is better than never.
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
    repeatable: bool = False
