"""Slack's payloads as inbound values, verified and acknowledged elsewhere. Values in, values out.

What Slack cannot have sent is a ``BadPayload``. Texts lose control characters and are at most as long as the core
reads; a mention is ``<@U123>``. Where a form belongs to comes back in the view's ``private_metadata``, as
``{"c": conversation, "m": message or null, "k": "group" or "direct"}``.
https://docs.slack.dev/interactivity/implementing-slash-commands and …/reference/interaction-payloads
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.drawing import clean, cut
from adapters.slack.forms import ANSWERS
from adapters.slack.render import IN_VALUE, OPENS_LINK
from adapters.slack.rich import PERSON
from bot.actions import MAX_TOKEN
from bot.commands import LONGEST, mentions
from bot.errors import BotError
from bot.inbound import Actor, Command, Place, PlaceKind, Press, Submission

Payload = Mapping[str, Any]

PEOPLE = frozenset({"users_select", "multi_users_select"})

_NUMBER = re.compile(r"#\d+$", re.ASCII)
_MARKED = re.compile(r"<(?P<mark>[@#!]?)(?P<what>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


class BadPayload(BotError):
    """Something that Slack does not send. The text names the part, never what was in it."""


# ── what is asked of the core ────────────────────────────────────────────────────────────────────────────────────────


def command(payload: Payload, actor: Actor, mentioned: tuple[Actor, ...] = ()) -> Command:
    """``/circle …``. One character more than the core reads is kept of a text that is too long, so that it says so."""
    where = _id(payload.get("channel_id"), "channel_id")
    return Command(actor, Place(where, _kind(where)), _typed(payload), mentioned)


def press(payload: Payload, actor: Actor) -> Press:
    """A button, in a message, in a modal or in the App Home; the last has no conversation, so its place has none."""
    pressed = _pressed(payload)
    token = str(pressed.get("action_id"))
    carried = pressed.get("value")
    if token.startswith(IN_VALUE) and isinstance(carried, str):
        token = carried
    return Press(actor, _place(payload), _NUMBER.sub("", token)[:MAX_TOKEN])


def submission(payload: Payload, actor: Actor, mentioned: tuple[Actor, ...] = ()) -> Submission:
    """A form that was sent. Its token is the view's ``callback_id``."""
    view = _mapping(payload.get("view"), "view")
    token = _id(view.get("callback_id"), "view.callback_id")
    values = {name: _value(state, element) for name, element, state in _states(payload)}
    return Submission(actor, _origin(view), token, values, mentioned)


def user_ids(payload: Payload) -> tuple[str, ...]:
    """Everybody who is named in a command or chosen in a form, once, in order: for these the edge looks up profiles."""
    if "view" not in payload:
        return tuple(person for person in mentions(_typed(payload)) if PERSON.fullmatch(person))
    chosen = (_value(state, element) for _, element, state in _states(payload) if state.get("type") in PEOPLE)
    return tuple(dict.fromkeys(person for value in chosen if isinstance(value, tuple) for person in value))


def fields(payload: Payload) -> tuple[str, ...]:
    """The ids of the view's inputs in order: where ``render.view_errors`` may put a reason."""
    blocks = _mapping(payload.get("view"), "view").get("blocks")
    listed = blocks if isinstance(blocks, list) else []
    inputs = (block for block in listed if isinstance(block, Mapping) and block.get("type") == "input")
    return tuple(str(block["block_id"]) for block in inputs if "block_id" in block)


def opens_link(payload: Payload) -> bool:
    """Whether the press was of a link button, which the browser has answered already. Never raises."""
    match payload.get("actions"):
        case [{"action_id": str(pressed)}, *_]:
            return _NUMBER.sub("", pressed) == OPENS_LINK
        case _:
            return False


def _pressed(payload: Payload) -> Payload:
    pressed = payload.get("actions")
    if not isinstance(pressed, list) or not pressed:
        raise BadPayload("actions: missing")
    first = _mapping(pressed[0], "actions[0]")
    if first.get("type") != "button":
        raise BadPayload("actions[0]: not a button")
    _id(first.get("action_id"), "actions[0].action_id")
    return first


# ── places ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _origin(view: Payload) -> Place:
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
    except (TypeError, ValueError, RecursionError):
        kept = {}
    match kept:
        case {"c": str(where), "k": ("group" | "direct") as kind, **rest}:
            message = rest.get("m")
            return Place(clean(where), kind, clean(message) if isinstance(message, str) else None)
        case _:
            return Place("", "direct")


def _place(payload: Payload) -> Place:
    container = _mapping(payload.get("container", {}), "container")
    channel = _mapping(payload.get("channel") or {}, "channel")
    where = container.get("channel_id") or channel.get("id")
    if where is None:
        return _origin(_mapping(payload.get("view", {}), "view"))
    message = container.get("message_ts")
    known = _id(where, "container.channel_id")
    return Place(known, _kind(known), None if message is None else _id(message, "container.message_ts"))


def _kind(conversation: str) -> PlaceKind:
    """Direct messages with one person have ids of their own kind; those of several are groups."""
    return "direct" if conversation.startswith("D") else "group"


# ── texts and values ─────────────────────────────────────────────────────────────────────────────────────────────────


def _typed(payload: Payload) -> str:
    text = payload.get("text") or ""
    if not isinstance(text, str):
        raise BadPayload("text: not a text")
    return as_typed(text)[: LONGEST + 1]


def as_typed(text: str) -> str:
    """What the person saw: Slack's escapes undone, links and channels as they were written, people as ``<@U123>``."""
    spoken = clean(_MARKED.sub(_unmarked, text))
    return spoken.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _unmarked(found: re.Match[str]) -> str:
    mark, what, label = found["mark"], found["what"], found["label"]
    match mark:
        case "@":
            return f"<@{what}>"
        case "#":
            return f"#{label or what}"
        case "!":
            return label or f"@{what.partition('^')[0]}"
        case _:
            return label or what


def _states(payload: Payload) -> Iterator[tuple[str, str, Payload]]:
    """The id of every input, of its element, and the state of that: each has one."""
    view = _mapping(payload.get("view"), "view")
    values = _mapping(_mapping(view.get("state") or {}, "view.state").get("values") or {}, "view.state.values")
    for name, elements in values.items():
        for element, state in _mapping(elements, "view.state.values").items():
            yield str(name), str(element), _mapping(state, "view.state.values")


def _value(state: Payload, element: str) -> str | tuple[str, ...]:
    """Of an unticked list Slack says no more than of an unticked yes: the ``element``'s id tells them apart."""
    if element == ANSWERS and state.get("type") in ("checkboxes", "multi_static_select"):
        return _ticked(state.get("selected_options"))
    match state:
        case {"type": "plain_text_input"}:
            return _text(state.get("value"))
        case {"type": "static_select" | "radio_buttons"}:
            chosen = state.get("selected_option")
            return _text(chosen.get("value")) if isinstance(chosen, Mapping) else ""
        case {"type": "checkboxes"}:
            return "yes" if state.get("selected_options") else "no"
        case {"type": "users_select"}:
            return _people([state.get("selected_user")])
        case {"type": "multi_users_select"}:
            return _people(state.get("selected_users"))
        case {"type": "datepicker"}:
            return _text(state.get("selected_date"))
        case {"type": "timepicker"}:
            return _text(state.get("selected_time"))
        case _:
            raise BadPayload("view.state.values: no such element")


def _ticked(chosen: object) -> tuple[str, ...]:
    listed = chosen if isinstance(chosen, list) else []
    return tuple(dict.fromkeys(_text(one.get("value")) for one in listed if isinstance(one, Mapping)))


def _people(chosen: object) -> tuple[str, ...]:
    listed = chosen if isinstance(chosen, list) else []
    return tuple(dict.fromkeys(person for person in listed if isinstance(person, str) and PERSON.fullmatch(person)))


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadPayload("view.state.values: not a text")
    return cut(clean(value), LONGEST)


def _mapping(value: object, what: str) -> Payload:
    if not isinstance(value, Mapping):
        raise BadPayload(f"{what}: missing, or not an object")
    return value


def _id(value: object, what: str) -> str:
    if not isinstance(value, str) or not value or len(value) > MAX_TOKEN or not value.isprintable():
        raise BadPayload(f"{what}: not an id")
    return value
