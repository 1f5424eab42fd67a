"""The local chat's JSON as inbound values. Values in, values out; each problem is a BadRequest that names the field."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from bot.actions import parse_token
from bot.errors import BotError
from bot.inbound import Actor, Command, Place, Press, Submission

MOST_CHARACTERS = 4000
MOST_VALUES = 50
LONGEST_ID = 200
FURTHEST = timedelta(days=5 * 366)
"""How far the clock goes in one step: five years, leap days and all."""

DIRECT = "dm-"
"""What the id of a private conversation with the bot begins with; the person's id follows."""

Body = Mapping[str, object]
People = Mapping[str, Actor]
"""Everybody who can act or be meant, by their id."""


class BadRequest(BotError):
    """Input that cannot be used. The text names the field and says what would do."""


# ── what is asked of the core ────────────────────────────────────────────────────────────────────────────────────────


def body(raw: bytes) -> Body:
    """The JSON object of a request."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadRequest("body: not JSON") from None
    if not isinstance(data, dict):
        raise BadRequest(f"body: a JSON object is needed, not {_kind(data)}")
    return data


def person(value: object, people: People) -> Actor:
    """The person as whom something is done or seen."""
    name = _identifier(value, "as")
    if name not in people:
        raise BadRequest(f"as: no such person {_shown(name)}")
    return people[name]


def conversation(data: Body) -> str:
    return _identifier(data.get("conversation"), "conversation")


def command(data: Body, people: People) -> Command:
    """``/circle`` in front may be left out. ``@ana`` becomes a mention where ana is a person, else it stays."""
    actor, place = person(data.get("as"), people), _place(data, None)
    typed = _text(data.get("text"), "text").strip()
    text = re.sub(r"\A/circle(?!\S)", "", typed, flags=re.IGNORECASE).strip()
    marked, mentioned = mark_mentions(text, people)
    return Command(actor, place, marked, mentioned)


def press(data: Body, people: People) -> Press:
    return Press(person(data.get("as"), people), _place(data, data.get("message")), _token(data))


def submission(data: Body, people: People) -> Submission:
    """Values as the core takes them: texts, or tuples of people's ids. ``mentioned`` are those people."""
    actor, place, token = person(data.get("as"), people), _place(data, data.get("message")), _token(data)
    given = data.get("values", {})
    if not isinstance(given, dict):
        raise BadRequest(f"values: an object of values by field id is needed, not {_kind(given)}")
    if len(given) > MOST_VALUES:
        raise BadRequest(f"values: at most {MOST_VALUES}, these are {len(given)}")
    values = {_identifier(key, "values"): _value(value, f"values.{key}", people) for key, value in given.items()}
    lists = (values[key] for key, value in given.items() if isinstance(value, list))
    chosen = dict.fromkeys(name for named in lists for name in named)
    return Submission(actor, place, token, values, tuple(people[name] for name in chosen))


def shown(typed: Command) -> str:
    """The command as its author sees it in the conversation."""
    text = re.sub(r"<@([^<>]+)>", r"@\1", typed.text)
    return f"/circle {text}".rstrip()


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Advance:
    by: timedelta


@dataclass(frozen=True, slots=True)
class To:
    at: datetime


@dataclass(frozen=True, slots=True)
class Next:
    """To the next moment at which anything is due."""


Move = Advance | To | Next

_DURATION = TypeAdapter(timedelta)


def move(data: Body) -> Move:
    """How the clock is to be moved: forward, by at most five years; how far a ``to`` is from now the clock checks."""
    asked = [name for name in ("advance", "to", "next") if name in data]
    match asked:
        case ["advance"]:
            return Advance(_duration(data["advance"]))
        case ["to"]:
            return To(_moment(data["to"]))
        case ["next"]:
            if data["next"] is not True:
                raise BadRequest("next: only true is possible")
            return Next()
        case _:
            raise BadRequest('body: exactly one of "advance", "to" and "next" is needed')


def _duration(value: object) -> timedelta:
    problem = f'advance: an ISO 8601 duration such as "P7D" or "PT1H" is needed, not {_shown(value)}'
    if not isinstance(value, str) or not re.match(r"[+-]?P", value):
        raise BadRequest(problem)
    try:
        by = _DURATION.validate_python(value)
    except (ValidationError, OverflowError):
        raise BadRequest(problem) from None
    if by < timedelta(0):
        raise BadRequest("advance: the clock only goes forward")
    if by > FURTHEST:
        raise BadRequest("advance: at most five years at once")
    return by


def _moment(value: object) -> datetime:
    problem = f'to: a UTC instant such as "2026-12-07T09:00:00Z" is needed, not {_shown(value)}'
    if not isinstance(value, str):
        raise BadRequest(problem)
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise BadRequest(problem)
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRequest(problem) from None


# ── mentions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

# An at sign that begins a word, and all that could be a person's id after it; ana@example.com is no mention.
_MENTION = re.compile(r"<@(?P<marked>[^<>\s]+)>|(?<![\w.%+@-])@(?P<typed>[\w.-]++)(?!@)")


def mark_mentions(text: str, people: People) -> tuple[str, tuple[Actor, ...]]:
    """The text with ``@ana`` as ``<@ana>``, and who is meant, in the order of their first mention."""
    meant: dict[str, Actor] = {}

    def mark(found: re.Match[str]) -> str:
        for name in (found["marked"],) if found["marked"] else _names(found["typed"]):
            if name in people:
                meant[name] = people[name]
                rest = "" if found["marked"] else found["typed"][len(name) :]
                return f"<@{name}>{rest}"
        return found[0]

    return _MENTION.sub(mark, text), tuple(meant.values())


def _names(typed: str) -> Iterator[str]:
    """What an @ may mean, the longest first: all of it, then without the punctuation that may end a sentence."""
    for end in range(len(typed), 0, -1):
        if not re.search(r"\w", typed[end:]):
            yield typed[:end]


# ── fields ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _place(data: Body, message: object) -> Place:
    where = conversation(data)
    origin = None if message is None else _identifier(message, "message")
    return Place(where, "direct" if where.startswith(DIRECT) else "group", origin)


def _token(data: Body) -> str:
    token = _identifier(data.get("token"), "token", longest=None)
    if parse_token(token) is None:
        raise BadRequest("token: not the token of a button or a form")
    return token


def _identifier(value: object, field: str, longest: int | None = LONGEST_ID) -> str:
    if value is None:
        raise BadRequest(f"{field}: missing")
    if not isinstance(value, str):
        raise BadRequest(f"{field}: a text is needed, not {_kind(value)}")
    if not value or not value.isprintable() or (longest is not None and len(value) > longest):
        raise BadRequest(f"{field}: {_shown(value)} is not an id")
    return value


def _text(value: object, field: str) -> str:
    if value is None:
        raise BadRequest(f"{field}: missing")
    if not isinstance(value, str):
        raise BadRequest(f"{field}: a text is needed, not {_kind(value)}")
    kept = clean(value)
    if len(kept) > MOST_CHARACTERS:
        raise BadRequest(f"{field}: at most {MOST_CHARACTERS} characters, these are {len(kept)}")
    return kept


def clean(text: str) -> str:
    """The text without control characters and halves of characters; new lines and tabs stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def _value(value: object, field: str, people: People) -> str | tuple[str, ...]:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return _number(value, field)
        case str():
            return _text(value, field)
        case list():
            return _chosen(value, field, people)
        case {"chosen": list(options), **rest} if not rest:
            return _ticked(options, field)
        case _:
            needed = 'a text, number, true, false, a list of people or {"chosen": [options]} is needed'
            raise BadRequest(f"{field}: {needed}, not {_kind(value)}")


def _number(value: float, field: str) -> str:
    if not math.isfinite(value) or abs(value) > 1e15:
        raise BadRequest(f"{field}: not a number that can be used")
    return str(int(value)) if value == int(value) else str(value)


def _chosen(value: list[object], field: str, people: People) -> tuple[str, ...]:
    if len(value) > MOST_VALUES:
        raise BadRequest(f"{field}: at most {MOST_VALUES} people, these are {len(value)}")
    names = tuple(_identifier(name, f"{field}[{index}]") for index, name in enumerate(value))
    for index, name in enumerate(names):
        if name not in people:
            raise BadRequest(f"{field}[{index}]: no such person {_shown(name)}")
    return tuple(dict.fromkeys(names))


def _ticked(options: list[object], field: str) -> tuple[str, ...]:
    """Options have no list to be looked up in: whether there is such a one is the form's own question."""
    if len(options) > MOST_VALUES:
        raise BadRequest(f"{field}: at most {MOST_VALUES} options, these are {len(options)}")
    return tuple(dict.fromkeys(_identifier(one, f"{field}.chosen[{index}]") for index, one in enumerate(options)))


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "an object"


def _shown(value: object) -> str:
    """What was given, short enough to be repeated."""
    if not isinstance(value, str):
        return _kind(value)
    return repr(value if len(value) <= 60 else f"{value[:60]}…")
