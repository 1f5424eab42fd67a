"""Messages and forms as Block Kit: payloads of messages, modals, App Home. Values in, values out; limits are kept here.

Everything that people typed stands in rich text or plain text (``rich.py`` says why), and in ``text``, which Slack
would read as markup, it is escaped. What does not fit is never cut silently: a long message goes on in the next one, a
long view ends in "… 12 more", and what Slack cannot draw (``charts.py``, ``forms.py``) is said in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from adapters.drawing import CUT, Drawn, Json, clean, cut, drawn, line, more, progress, reachable, said, size
from adapters.slack import charts, rich
from adapters.slack.forms import field_blocks
from adapters.slack.packing import MOST_BYTES, MOST_IN_VIEW, bounded, continued, packed
from adapters.slack.text import bytes_of, escaped, plain_text
from bot.actions import MAX_TOKEN
from bot.forms import Form
from bot.i18n import Translator, translator
from bot.markup import Bold, Link, Mention, Spans, literal, plain
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

MOST_HEADING = 150
MOST_TITLE = 24
MOST_BUTTON = 75
MOST_BUTTONS = 25
MOST_ACTIONS = 5000
MOST_TEXT = 39_000
MOST_PROBLEM = 2000

OPENS_LINK = "open-link"
"""The ``action_id`` of a link button. Slack tells of its press too, and wants nothing but the acknowledgement."""

IN_VALUE = "~"
"""How an ``action_id`` begins when the token is in ``value``, because with its number it would be too long."""

Pressable = Button | LinkButton | Ask


@dataclass(frozen=True, slots=True)
class Payload:
    """What ``chat.postMessage`` takes. ``text`` is all the words, for notifications and screen readers."""

    text: str
    blocks: list[Json]


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def message_payloads(message: Message) -> tuple[Payload, ...]:
    """At least one. More when Slack would not take it as one; then each says that there is more before and after."""
    t = translator(message.language)
    parts = packed(_draw(t, message.blocks, native=True))
    return tuple(
        Payload(_notified(said(part)), continued(t, part, number, len(parts))) for number, part in enumerate(parts, 1)
    )


def _notified(text: str) -> str:
    return cut(escaped(text), MOST_TEXT) if clean(text).strip() else CUT


def home_view(message: Message) -> Json:
    """The App Home, for ``views.publish``."""
    return {"type": "home", "blocks": _in_view(message)}


def done_view(message: Message, *, metadata: str = "") -> Json:
    """A modal that says something and asks nothing, in place of a form that was sent."""
    return _modal("Circlet", _in_view(message)) | {"private_metadata": metadata}


def loading_view() -> Json:
    """A modal to open while the form is still on its way: a trigger lives three seconds. Whose it is nobody knows yet,
    so it says what needs no language."""
    return _modal("Circlet", rich.paragraphs(literal(CUT)))


def _in_view(message: Message) -> list[Json]:
    t = translator(message.language)
    return bounded(t, list(_draw(t, message.blocks, native=False))) or rich.paragraphs(literal(CUT))


def _modal(title: str, blocks: list[Json]) -> Json:
    return {"type": "modal", "title": plain_text(title, MOST_TITLE), "blocks": blocks}


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def view(form: Form, *, metadata: str = "") -> Json:
    """The form as a modal. ``metadata`` comes back with what is sent: where the form belongs to."""
    t = translator(form.language)
    blocks: list[Json] = []
    for text, most in ((form.title, MOST_TITLE), (form.submit, MOST_TITLE)):
        blocks += _heading(literal(text)) if size(line(text)) > most else []
    blocks = bounded(t, [Drawn(block) for block in (*blocks, *rich.paragraphs(form.intro))], MOST_IN_VIEW // 2)
    room = MOST_BYTES - sum(map(bytes_of, blocks))
    for index, field in enumerate(form.fields):
        added = field_blocks(t, field)
        room -= sum(map(bytes_of, added))
        if len(blocks) + len(added) > MOST_IN_VIEW - 1 or room < 0:
            left = form.fields[index:]
            blocks.append(rich.note(more(t, len(left), (one.label for one in left))))
            break
        blocks += added
    return _modal(form.title, blocks or rich.paragraphs(literal(CUT))) | {
        "callback_id": form.action.token,
        "private_metadata": metadata,
        "submit": plain_text(form.submit, MOST_TITLE),
    }


def view_errors(problems: Mapping[str, str], fields: Sequence[str]) -> dict[str, str]:
    """For ``response_action: errors``: a reason by ``block_id``. ``fields`` are the ids of the view's inputs, in order.

    Slack shows errors at inputs only: what is about the whole form, or about a field that is not there, stands at the
    first one. Empty where there is no input at all.
    """
    found: dict[str, list[str]] = {}
    for name, problem in problems.items():
        if fields:
            found.setdefault(name if name in fields else fields[0], []).append(problem)
    return {name: cut(" ".join(map(line, reasons)), MOST_PROBLEM) or CUT for name, reasons in found.items()}


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _draw(t: Translator, blocks: Iterable[Block], native: bool) -> Iterator[Drawn]:
    """The blocks in order, neighbouring buttons together. ``native``: tables and charts, which views cannot have."""
    tokens: dict[str, int] = {}
    for pressable, group in groupby(blocks, lambda block: isinstance(block, Pressable)):
        if pressable:
            yield from _actions([block for block in group if isinstance(block, Pressable)], tokens)
        else:
            for block in group:
                yield from drawn(_block(t, block, native), block)


def _block(t: Translator, block: Block, native: bool) -> list[Json]:
    match block:
        case Text():
            return _text(block)
        case Heading(spans):
            return _heading(spans)
        case Facts(rows):
            return rich.facts(rows)
        case List(items, ordered):
            return rich.items(items, ordered)
        case Table():
            return charts.table(block, native)
        case Chart():
            return charts.chart(t, block, native)
        case Progress():
            return rich.paragraphs(progress(block))
        case Divider():
            return [{"type": "divider"}]
        case Button() | LinkButton() | Ask():
            return [part.piece for part in _actions([block], {})]
        case _:
            assert_never(block)


def _text(block: Text) -> list[Json]:
    match block.tone:
        case "body":
            return rich.paragraphs(block.spans)
        case "quote":
            return rich.quotes(block.spans)
        case "quiet":
            return rich.small_print(block.spans)
        case _:
            assert_never(block.tone)


def _heading(spans: Spans) -> list[Json]:
    """A header has plain text only, and little: what is longer, leads somewhere or has no name is a bold paragraph."""
    text = line(plain(spans))
    more_than_words = any(
        isinstance(span, Link) or (isinstance(span, Mention) and not span.name.strip()) for span in spans
    )
    if size(text) <= MOST_HEADING and not more_than_words:
        return [{"type": "header", "text": plain_text(text, MOST_HEADING)}] if text else []
    return rich.paragraphs(tuple(span if isinstance(span, Link | Mention) else Bold(plain((span,))) for span in spans))


# ── buttons ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _actions(buttons: Sequence[Pressable], tokens: dict[str, int]) -> Iterator[Drawn]:
    """Buttons side by side. ``tokens`` counts how often each was seen: Slack wants every id once in a message."""
    row: list[tuple[Json, Pressable]] = []
    taken = 0
    for button in buttons:
        if isinstance(button, LinkButton) and not reachable(button.url):
            yield from _row(row)
            row, taken = [], 0
            yield from drawn(rich.paragraphs((Link(button.label, button.url),)), button)
            continue
        element = _button(button, tokens)
        length = bytes_of(element)
        if row and (len(row) == MOST_BUTTONS or taken + length > MOST_ACTIONS):
            yield from _row(row)
            row, taken = [], 0
        row.append((element, button))
        taken += length
    yield from _row(row)


def _row(row: list[tuple[Json, Pressable]]) -> Iterator[Drawn]:
    """A label that is too long for its button stands in full above."""
    for _, button in row:
        if size(line(button.label)) > MOST_BUTTON:
            yield from map(Drawn, rich.small_print(literal(button.label)))
    if row:
        elements = [element for element, _ in row]
        yield Drawn({"type": "actions", "elements": elements}, tuple(button for _, button in row))


def _button(button: Pressable, tokens: dict[str, int]) -> Json:
    element: Json = {"type": "button", "text": plain_text(button.label, MOST_BUTTON)}
    match button:
        case LinkButton(_, url):
            return element | _ids(OPENS_LINK, tokens) | {"url": url}
        case Button(_, action, style):
            element |= _ids(action.token, tokens)
        case Ask(_, form, style):
            element |= _ids(form.action.token, tokens)
        case _:
            assert_never(button)
    return element | ({} if style == "plain" else {"style": style})


def _ids(token: str, tokens: dict[str, int]) -> Json:
    tokens[token] = count = tokens.get(token, 0) + 1
    if count == 1:
        return {"action_id": token}
    numbered = f"{token}#{count}"
    if len(numbered) <= MAX_TOKEN:
        return {"action_id": numbered}
    tokens[IN_VALUE] = again = tokens.get(IN_VALUE, 0) + 1
    return {"action_id": f"{IN_VALUE}{again}", "value": token}
