"""Who and what there is in a fake organisation: people, teams with channels, chats, and every message in them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]
Kind = Literal["personal", "groupChat", "channel"]

THREAD = ";messageid="


@dataclass(slots=True)
class User:
    key: str
    name: str
    zone: str = "Europe/Berlin"
    locale: str = "en-GB"
    # Whether the app is theirs, so that it may write to them.
    reachable: bool = True
    # Their organisation, where rosters tell of it.
    tenant: str = ""

    @property
    def id(self) -> str:
        return f"29:{self.key}"

    @property
    def aad(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"https://people.example/{self.key}"))

    @property
    def email(self) -> str:
        return f"{self.key}@example.com"

    @property
    def account(self) -> Json:
        """As an activity names somebody."""
        return {"id": self.id, "name": self.name, "aadObjectId": self.aad}

    @property
    def member(self) -> Json:
        """As a roster does."""
        told = {**self.account, "email": self.email, "userPrincipalName": self.email, "userRole": "user"}
        return told | ({"tenantId": self.tenant} if self.tenant else {})


@dataclass(slots=True)
class Room:
    """A conversation without its threads. ``bot``: the app is installed there."""

    id: str
    kind: Kind
    members: list[str]
    team: str | None = None
    name: str = ""
    bot: bool = True


@dataclass(slots=True)
class Said:
    """A message that stands. ``by``: a person's key, or None for the bot. ``shown``: what single people see instead."""

    id: str
    conversation: str
    by: str | None
    activity: Json
    updates: int = 0
    shown: dict[str, Json] = field(default_factory=dict)

    def cards(self, user: str | None = None) -> list[Json]:
        if user in self.shown:
            return [self.shown[user]]
        found = self.activity.get("attachments") or []
        return [one["content"] for one in found if one["contentType"].endswith("card.adaptive")]

    def words(self, user: str | None = None) -> str:
        """All that can be read in it, a line each."""
        text = [str(self.activity["text"])] if self.activity.get("text") else []
        return "\n".join([*text, *(line for card in self.cards(user) for line in words(card))])


class World:
    """The organisation."""

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant
        self.users: dict[str, User] = {}
        self.rooms: dict[str, Room] = {}
        self.messages: list[Said] = []
        self._count = count(1_764_838_000_001)

    def add_user(self, key: str, name: str, **more: Any) -> User:
        self.users[key] = User(key, name, **{"tenant": self.tenant, **more})
        return self.users[key]

    def add_room(self, id: str, kind: Kind, members: list[str], **more: Any) -> Room:
        self.rooms[id] = Room(id, kind, members, **more)
        return self.rooms[id]

    def room(self, conversation: str) -> Room | None:
        return self.rooms.get(conversation.partition(THREAD)[0])

    def user(self, id: str) -> User | None:
        """By any of somebody's ids."""
        return next((user for user in self.users.values() if id in (user.key, user.id, user.aad)), None)

    def chat_of(self, user: User) -> Room:
        """Somebody's own chat with the bot, as Teams makes it when it is first needed."""
        id = f"a:chat-{user.key}"
        return self.rooms.get(id) or self.add_room(id, "personal", [user.key])

    def next_id(self) -> str:
        return str(next(self._count))

    def say(self, conversation: str, by: str | None, activity: Json, id: str | None = None) -> Said:
        said = Said(id or self.next_id(), conversation, by, copy.deepcopy(activity))
        self.messages.append(said)
        return said

    def find(self, conversation: str, id: str) -> Said | None:
        base = conversation.partition(THREAD)[0]
        ours = (one for one in self.messages if one.id == id and one.conversation.partition(THREAD)[0] == base)
        return next(ours, None)


def words(part: object) -> Iterator[str]:
    """Every text of a card, in its order; of a closed part too."""
    if isinstance(part, list):
        for one in part:
            yield from words(one)
    if not isinstance(part, dict):
        return
    if part.get("type") == "RichTextBlock":
        runs = part.get("inlines") or []
        yield "".join(run if isinstance(run, str) else str(run.get("text", "")) for run in runs)
        return
    for name in ("text", "title", "label", "value", "altText", "errorMessage", "placeholder"):
        if isinstance(part.get(name), str) and part[name]:
            yield part[name]
    for name, inner in part.items():
        if isinstance(inner, dict | list) and name not in ("data", "fallback"):
            yield from words(inner)


def actions(part: object) -> Iterator[Json]:
    """Every action of a card; of what unfolds too."""
    if isinstance(part, list):
        for one in part:
            yield from actions(one)
    if isinstance(part, dict):
        if str(part.get("type", "")).startswith("Action."):
            yield part
        for name, inner in part.items():
            if name not in ("data", "fallback"):
                yield from actions(inner)
