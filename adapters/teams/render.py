"""Messages and forms as Adaptive Cards 1.5: activities to send, dialogs to open. Values in, values out, within limits.

Everything that people typed stands where Teams reads no markup (``rich.py`` says why). What does not fit is never cut
silently: a long message goes on in the next one, a dialog ends in "… 12 more", and what Teams cannot draw is said in
words. Nobody is notified by a card: people are named in bold.

A button sends ``{"t": token}``; a form ``{"t": token, "s": 1}`` and its inputs. In a dialog the data also tells where
it was opened, ``"c"`` the conversation and ``"m"`` the message. A button whose deed begins with a form opens a dialog.

No card carries ``refresh``: those in a group's home (prompt, agenda, what was shared, changes of the calendar) are the
same for everybody, and whatever is one person's own is said in their personal chat.
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import assert_never

from microsoft_teams.cards import (
    CardElement,
)

from adapters.drawing import CUT, Drawn, Json, cut, drawn, line, progress, said, size
from adapters.teams import charts, rich
from adapters.teams.asking import Surface, form_content, whole
from adapters.teams.buttons import Pressable, actions
from adapters.teams.packing import bounded, continued, packed
from adapters.teams.rich import dump
from adapters.teams.text import inert
from bot.forms import Form, prefilled
from bot.i18n import Translator, translator
from bot.inbound import Place
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

CARD = "application/vnd.microsoft.card.adaptive"
MOST_TITLE = 60
MOST_SUMMARY = 300


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def activities(message: Message, *, here: bool = False) -> list[Json]:
    """At least one. More when Teams would not take it as one; then each says that there is more before and after."""
    t = translator(message.language)
    parts = packed(_draw(t, message.blocks, Surface(here=here)))
    return [activity(whole(continued(t, part, number, len(parts))), said(part)) for number, part in enumerate(parts, 1)]


def card(message: Message, *, here: bool = False) -> list[Json]:
    """The cards of these activities."""
    return [one["attachments"][0]["content"] for one in activities(message, here=here)]


def activity(content: Json, words: str) -> Json:
    """A message with one card and no text, which Teams would send apart. ``words`` are for the notification."""
    summary = cut(line(words), MOST_SUMMARY) or CUT
    return {"type": "message", "summary": summary, "attachments": [attachment(content)]}


def attachment(content: Json) -> Json:
    return {"contentType": CARD, "content": content}


def said_dialog(message: Message, *, place: Place | None = None) -> Json:
    """A dialog that says something and asks nothing, in place of a form that was sent."""
    t = translator(message.language)
    elements = bounded(t, list(_draw(t, message.blocks, _in_dialog(place))))
    return _dialog("Circlet", whole(elements or [dump(rich.note(CUT))]), "medium")


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def form_card(
    form: Form,
    problems: Mapping[str, str] = {},
    values: Mapping[str, str | tuple[str, ...]] = {},
    *,
    here: bool = False,
) -> Json:
    """The form in place, with what was typed and what is wrong with it."""
    surface = Surface(here=here)
    return form_content(prefilled(form, values), problems, surface, title="heading")


def dialog(
    form: Form,
    problems: Mapping[str, str] = {},
    values: Mapping[str, str | tuple[str, ...]] = {},
    *,
    place: Place | None = None,
) -> Json:
    """What ``task/continue`` takes. ``place``: where it was opened; it comes back with what is sent."""
    long = size(line(form.title)) > MOST_TITLE
    content = form_content(prefilled(form, values), problems, _in_dialog(place), title="heading" if long else "none")
    return _dialog(form.title, content, "medium" if len(form.fields) <= 2 else "large")


def _dialog(title: str, content: Json, height: str) -> Json:
    return {
        "title": inert(cut(line(title), MOST_TITLE)) or CUT,
        "height": height,
        "width": "medium",
        "card": attachment(content),
    }


def _in_dialog(place: Place | None) -> Surface:
    if place is None:
        return Surface(dialog=True)
    message = (("m", place.message),) if place.message is not None else ()
    return Surface(dialog=True, here=place.kind == "group", origin=(("c", place.conversation), *message))


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _draw(t: Translator, blocks: Iterable[Block], surface: Surface) -> Iterator[Drawn]:
    """The blocks in order, neighbouring buttons together. A divider is a line above what follows it."""
    divided = False
    asked = 0
    for pressable, group in groupby(blocks, lambda block: isinstance(block, Pressable)):
        found: list[Drawn] = []
        if pressable:
            buttons = [block for block in group if isinstance(block, Pressable)]
            found = list(actions(buttons, surface, asked))
            asked += sum(isinstance(button, Ask) for button in buttons)
            yield from _below(found, divided)
            divided = divided and not found
            continue
        for block in group:
            found = drawn(map(dump, _block(t, block)), block)
            yield from _below(found, divided)
            divided = isinstance(block, Divider) or (divided and not found)


def _below(parts: list[Drawn], divided: bool) -> list[Drawn]:
    if not divided or not parts:
        return parts
    first, *rest = parts
    return [replace(first, piece=first.piece | {"separator": True, "spacing": "Medium"}), *rest]


def _block(t: Translator, block: Block) -> list[CardElement]:
    match block:
        case Text():
            return _text(block)
        case Heading(spans):
            return rich.heading(spans)
        case Facts(rows):
            return rich.facts(rows)
        case List(items, ordered):
            return rich.items(items, ordered)
        case Table():
            return charts.table(block)
        case Chart():
            return charts.chart(t, block)
        case Progress():
            return rich.paragraphs(progress(block))
        case Divider() | Button() | LinkButton() | Ask():
            return []
        case _:
            assert_never(block)


def _text(block: Text) -> list[CardElement]:
    match block.tone:
        case "body":
            return rich.paragraphs(block.spans)
        case "quote":
            return rich.quotes(block.spans)
        case "quiet":
            return rich.paragraphs(block.spans, rich.QUIET)
        case _:
            assert_never(block.tone)
