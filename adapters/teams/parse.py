"""Teams' activities as inbound values, verified and acknowledged elsewhere. Values in, values out.

Activities are plain Bot Framework JSON. What Teams cannot have sent is a ``BadPayload``. Texts lose control characters
and are at most as long as the core reads; a mention of somebody is ``<@id>``, one of the bot is left out. A person's id
is the directory's (``aadObjectId``), the same in every conversation; only where Teams does not tell it, the "29:…" of
this bot. Whom an id of a text or of a people picker means is asked of ``people``, by the id as it came.

A dialog tells where it was opened, but everybody can write what they like into what they send: the conversation is the
activity's own, of which the data may only name the thread.
https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-and-group-conversations
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from adapters.drawing import clean, cut
from bot.actions import MAX_TOKEN
from bot.commands import LONGEST
from bot.errors import BotError
from bot.i18n import language_of_locale, languages
from bot.inbound import Actor, Command, Place, Press, Submission

Payload = Mapping[str, Any]
People = Mapping[str, Actor]
"""Those who are meant by ids, as they came in the activity."""

NOBODY: People = {}
MOST_VALUES = 50
MOST_PEOPLE = 50
LONGEST_ID = 600
"""Conversations of meetings and threads have long ids."""

_AT = re.compile(r"<at(?:\s[^>]*)?>(?P<name>.*?)</at>", re.IGNORECASE | re.DOTALL)
_INPUT = re.compile(r"(?P<kind>[fpm])\d*\.(?P<field>.+)", re.DOTALL)
_CALL = re.compile(r"\A[/@]?circlet?(?!\w)[:,]?\s*", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b\u200c\u200e\u200f\u2060\ufeff]")
_THREAD = ";messageid="
_PEOPLE_ID = re.compile(r"[^\s,<>|@]+")


class BadPayload(BotError):
    """Something that Teams does not send. The text names the part, never what was in it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the roster says of somebody; what it leaves out is taken from what they sent."""

    name: str = ""
    zone: str | None = None
    language: str | None = None


# ── who and where ────────────────────────────────────────────────────────────────────────────────────────────────────


def person_id(account: Payload) -> str:
    """Of ``from``, of a member or of a mention."""
    for key in ("aadObjectId", "objectId", "id"):
        if isinstance(found := account.get(key), str) and found:
            return _id(found, key)
    raise BadPayload("an account without an id")


def actor(activity: Payload, workspace: int, profile: Profile | None = None) -> Actor:
    """Whoever sent it."""
    sender = _mapping(activity.get("from"), "from")
    known = profile or Profile()
    name = known.name or sender.get("name")
    return Actor(
        workspace,
        person_id(sender),
        name if isinstance(name, str) else "",
        known.zone or zone(activity),
        known.language or language(activity),
    )


def zone(activity: Payload) -> str | None:
    """The time zone of the device that it was sent from."""
    told = [activity.get("localTimezone"), *(info.get("timezone") for info in _entities(activity, "clientInfo"))]
    return next((one for one in told if isinstance(one, str) and _is_zone(one)), None)


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name).key)
    except (KeyError, ValueError, OSError):
        return False


def language(activity: Payload) -> str | None:
    """ "de" of "de-DE"; with its region where the bot speaks it so."""
    told = [activity.get("locale"), *(info.get("locale") for info in _entities(activity, "clientInfo"))]
    tags = (language_of_locale(one, languages()) for one in told if isinstance(one, str))
    return next((tag for tag in tags if tag), None)


def place(activity: Payload) -> Place:
    """Where it happened; the message only where somebody acted in one of the bot's, never the root of a thread."""
    conversation = _mapping(activity.get("conversation"), "conversation")
    where = _id(conversation.get("id"), "conversation.id")
    kind = conversation.get("conversationType")
    direct = kind == "personal" or (kind is None and not conversation.get("isGroup"))
    data = _data(activity) if is_action(activity) else {}
    message = _optional(activity.get("replyToId")) if is_action(activity) else None
    if _is_dialog(activity):
        opened = data.get("c")
        if isinstance(opened, str) and opened.partition(_THREAD)[0] == where.partition(_THREAD)[0]:
            where = _id(opened, "value.data.c")
        message = message or _optional(data.get("m"))
    return Place(where, "direct" if direct else "group", message)


# ── what is asked of the core ────────────────────────────────────────────────────────────────────────────────────────


def is_action(activity: Payload) -> bool:
    """A button or a form, not words. Never raises."""
    match activity:
        case {"type": "invoke", "name": "adaptiveCard/action" | "task/fetch" | "task/submit"}:
            return True
        case {"type": "message", "value": Mapping()}:
            return True
        case _:
            return False


def is_submission(activity: Payload) -> bool:
    """A form that was sent; every other action is a press. Never raises."""
    if not is_action(activity) or fetches(activity):
        return False
    try:
        return _data(activity).get("s") in (1, "1", True)
    except BadPayload:
        return False


def fetches(activity: Payload) -> bool:
    """A button that opens a dialog. Never raises."""
    return activity.get("type") == "invoke" and activity.get("name") == "task/fetch"


def command(activity: Payload, actor: Actor, people: People = NOBODY) -> Command:
    """What somebody wrote. One character more than the core reads is kept of a text that is too long, so that it says
    so. ``/circle agenda``, ``circle agenda`` and ``/agenda`` all mean ``agenda``."""
    text = "".join(_said(activity, people)).strip()
    asked = _CALL.sub("", text, count=1)
    named = (people[one] for one in mentioned_ids(activity) if one in people)
    return Command(actor, place(activity), asked.removeprefix("/")[: LONGEST + 1], tuple(dict.fromkeys(named)))


def press(activity: Payload, actor: Actor) -> Press:
    """A button of a card or of a dialog."""
    return Press(actor, place(activity), _token(activity))


def submission(activity: Payload, actor: Actor, people: People = NOBODY) -> Submission:
    """A form that was sent, in place or in a dialog."""
    picked = {name: value for kind, name, value in _inputs(activity) if kind == "p"}
    meant = {name: tuple(people[one].person if one in people else one for one in ids) for name, ids in picked.items()}
    values = {**typed_values(activity), **meant}
    named = (people[one] for one in mentioned_ids(activity) if one in people)
    return Submission(actor, place(activity), _token(activity), values, tuple(dict.fromkeys(named)))


def mentioned_ids(activity: Payload) -> tuple[str, ...]:
    """Everybody but the bot who is named in a text or chosen in a form, once, in order, by the ids as they came."""
    if is_action(activity):
        chosen = [one for kind, _, ids in _inputs(activity) if kind == "p" for one in ids]
        return tuple(dict.fromkeys(chosen))[:MOST_PEOPLE]
    bot = _bot(activity)
    told = [person for _, person in _mentions(activity) if person != bot]
    return tuple(dict.fromkeys(told))[:MOST_PEOPLE]


def typed_values(activity: Payload) -> Mapping[str, str | tuple[str, ...]]:
    """The values of a form by field, as they were typed: to show them again, too."""
    return {name: value for _, name, value in _inputs(activity)}


def _inputs(activity: Payload) -> Iterator[tuple[str, str, str | tuple[str, ...]]]:
    """The kind, the field and the value of every input: "p" a people picker, "m" several choices, "f" all others."""
    named = ((_INPUT.fullmatch(str(name)), value) for name, value in _data(activity).items())
    found = [(field, value) for field, value in named if field]
    if len(found) > MOST_VALUES:
        raise BadPayload("value: too many inputs")
    for field, value in found:
        name, read = clean(field["field"])[:MAX_TOKEN], _value(value)
        match field["kind"]:
            case "p":
                yield "p", name, tuple(dict.fromkeys(_PEOPLE_ID.findall(read)))[:MOST_PEOPLE]
            case "m":
                yield "m", name, tuple(dict.fromkeys(map(_one, filter(None, read.split(",")))))[:MOST_VALUES]
            case kind:
                yield kind, name, read


# ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _said(activity: Payload, people: People) -> Iterator[str]:
    """The text as it was typed: Teams' escapes undone, people as ``<@id>``, the bot left out."""
    text = activity.get("text") or ""
    if not isinstance(text, str):
        raise BadPayload("text: not a text")
    bot = _bot(activity)
    left = list(_mentions(activity))
    end = 0
    for found in _AT.finditer(text):
        yield _plain(text[end : found.start()])
        end = found.end()
        meant = next((one for one in left if one[0] == _name(found["name"])), None)
        if meant is None:
            yield f"@{_plain(found['name'])}"
            continue
        left.remove(meant)
        if meant[1] == bot:
            yield " "
        else:
            yield f"<@{people[meant[1]].person}>" if meant[1] in people else f"@{_plain(found['name'])}"
    yield _plain(text[end:])


def _plain(text: str) -> str:
    return _INVISIBLE.sub("", clean(html.unescape(text).replace("\xa0", " ")))


def _name(text: str) -> str:
    return " ".join(_plain(text).split()).casefold()


def _mentions(activity: Payload) -> Iterator[tuple[str, str]]:
    """The words of each mention in the text, and the id of whom it means."""
    for entity in _entities(activity, "mention"):
        mentioned, text = entity.get("mentioned"), entity.get("text")
        if isinstance(mentioned, Mapping) and isinstance(person := mentioned.get("id"), str):
            inner = _AT.fullmatch(text.strip()) if isinstance(text, str) else None
            name = inner["name"] if inner else mentioned.get("name")
            yield _name(name if isinstance(name, str) else ""), person


def _bot(activity: Payload) -> str:
    recipient = activity.get("recipient")
    return str(recipient.get("id", "")) if isinstance(recipient, Mapping) else ""


def _entities(activity: Payload, kind: str) -> Iterator[Payload]:
    listed = activity.get("entities")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, Mapping) and str(one.get("type", "")).lower() == kind.lower():
            yield one


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_dialog(activity: Payload) -> bool:
    return activity.get("type") == "invoke" and str(activity.get("name", "")).startswith("task/")


def _data(activity: Payload) -> Payload:
    """What a button or a form sent: ``action.data`` of an Execute, ``data`` of a dialog, else the value itself."""
    value = _mapping(activity.get("value"), "value")
    if activity.get("type") != "invoke":
        return value
    if _is_dialog(activity):
        return _mapping(value.get("data"), "value.data")
    return _mapping(_mapping(value.get("action"), "value.action").get("data"), "value.action.data")


def _token(activity: Payload) -> str:
    token = _data(activity).get("t")
    if not isinstance(token, str) or not token or not token.isprintable():
        raise BadPayload("value: no token")
    return token[: MAX_TOKEN + 1]


def _value(value: object) -> str:
    """Teams sends texts, whatever the input."""
    if value is None:
        return ""
    if not isinstance(value, str | int | float | bool):
        raise BadPayload("value: an input is not a text")
    return cut(clean(str(value)), LONGEST)


def _one(value: str) -> str:
    """One of several choices, as ``forms.in_several`` wrote it."""
    return value.replace("%2C", ",").replace("%25", "%")


def _optional(value: object) -> str | None:
    return _id(value, "a message's id") if isinstance(value, str) and value else None


def _mapping(value: object, what: str) -> Payload:
    if not isinstance(value, Mapping):
        raise BadPayload(f"{what}: missing, or not an object")
    return value


def _id(value: object, what: str) -> str:
    if not isinstance(value, str) or not value or len(value) > LONGEST_ID or not value.isprintable():
        raise BadPayload(f"{what}: not an id")
    return value
