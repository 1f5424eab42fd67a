"""What exists in the fake: teams, people, conversations, messages, tokens; and how one finds it. No HTTP here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import yaml

from tests.fakes.slack.views import Modals

Json = dict[str, Any]
Kind = Literal["public", "private", "im", "mpim"]

APP_ID = "A0CIRCLET"
_APP = yaml.safe_load((Path(__file__).parents[3] / "adapters/slack/manifest.yaml").read_text(encoding="utf-8"))
SCOPES: tuple[str, ...] = tuple(_APP["oauth_config"]["scopes"]["bot"])
EVENTS: tuple[str, ...] = tuple(_APP["settings"]["event_subscriptions"]["bot_events"])
METADATA = tuple(one["event_type"] for one in _APP["settings"]["event_subscriptions"]["metadata_subscriptions"])
"""What the app may do and hears of, by its manifest, unless a test says otherwise."""


def utcnow() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 – Slack has a clock of its own


class Refusal(Exception):
    """The Web API's way of saying no: a short code, and what it adds to it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def answer(self) -> Json:
        return {"ok": False, "error": self.error, **self.more}


@dataclass(slots=True)
class User:
    id: str
    team: str
    name: str
    real_name: str
    tz: str = "Europe/Berlin"
    locale: str = "en-US"
    title: str = ""
    email: str = ""
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False

    def shown(self, *, email: bool = False, locale: bool = False) -> Json:
        profile = {"real_name": self.real_name, "display_name": self.name, "title": self.title}
        profile |= {"real_name_normalized": self.real_name, "display_name_normalized": self.name}
        found: Json = {"id": self.id, "team_id": self.team, "name": self.name, "real_name": self.real_name}
        found |= {"deleted": self.deleted, "is_bot": self.is_bot, "is_admin": self.is_admin, "is_owner": False}
        found |= {"is_restricted": self.is_restricted, "is_ultra_restricted": False, "is_app_user": False, "updated": 0}
        found |= {"profile": profile | ({"email": self.email} if email else {})}
        if not self.deleted:
            found |= {"tz": self.tz, "tz_label": self.tz, "tz_offset": 0}
        return found | ({"locale": self.locale} if locale else {})


@dataclass(slots=True)
class Message:
    ts: str
    channel: str
    team: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    bot_id: str | None = None
    only_for: str | None = None
    """An ephemeral message: who sees it."""
    edits: int = 0
    thread_ts: str | None = None

    def shown(self, *, metadata: bool = False) -> Json:
        found: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text, "team": self.team}
        if self.bot_id:
            found |= {"bot_id": self.bot_id, "app_id": APP_ID, "blocks": self.blocks}
        if self.edits:
            found["edited"] = {"user": self.user, "ts": self.ts}
        if self.thread_ts:
            found["thread_ts"] = self.thread_ts
        if metadata and self.metadata is not None:
            found["metadata"] = self.metadata
        return found


@dataclass(slots=True)
class Channel:
    id: str
    team: str
    name: str
    kind: Kind
    members: dict[str, None]
    """In the order of joining."""
    creator: str = ""
    archived: bool = False
    deleted: bool = False
    general: bool = False
    topic: str = ""
    purpose: str = ""
    messages: dict[str, Message] = field(default_factory=dict)

    def shown(self, viewer: str) -> Json:
        found: Json = {"id": self.id, "is_im": self.kind == "im", "is_mpim": self.kind == "mpim", "created": 0}
        found |= {"is_archived": self.archived, "context_team_id": self.team, "is_org_shared": False}
        if self.kind == "im":
            other = next((member for member in self.members if member != viewer), viewer)
            return found | {"user": other, "is_user_deleted": self.archived}
        found |= {"name": self.name, "name_normalized": self.name, "creator": self.creator, "is_general": self.general}
        found |= {"is_channel": self.kind == "public", "is_group": self.kind == "private"}
        found |= {"is_private": self.kind != "public", "is_member": viewer in self.members}
        found |= {"topic": {"value": self.topic}, "purpose": {"value": self.purpose}}
        return found


@dataclass(slots=True)
class Token:
    value: str
    kind: Literal["bot", "app"]
    scopes: frozenset[str]
    team: str | None
    """None: an app token, or one for all teams of an organisation."""
    enterprise: str | None = None
    expires: float | None = None
    revoked: bool = False
    gone: bool = False
    """The app was uninstalled or the workspace closed."""


@dataclass(slots=True)
class Team:
    id: str
    name: str
    bot: str
    bot_id: str
    enterprise: str | None = None
    homes: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class World:
    """All of it, over all teams. Ids of people and conversations are unique over teams, as Slack's nearly are."""

    clock: Callable[[], datetime]
    subscriptions: set[str] = field(default_factory=lambda: set(EVENTS))
    metadata_subscriptions: set[str] = field(default_factory=lambda: set(METADATA))
    """The event types of metadata that the app hears of."""
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    outgoing: list[tuple[str, Json]] = field(default_factory=list)
    """Events not yet on their way: (team, event)."""
    modals: Modals = field(init=False)
    _count: int = 0
    _last: int = 0

    def __post_init__(self) -> None:
        self.modals = Modals(self.seconds, self.new_id)

    def seconds(self) -> float:
        return self.clock().timestamp()

    def new_id(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count:07X}"

    def new_ts(self) -> str:
        """Of a message: later than every one before."""
        self._last = max(self._last + 1, int(self.seconds() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def add_team(self, id: str, name: str, enterprise: str | None = None) -> Team:
        bot = User(f"U{id[1:]}BOT", id, "circlet", "Circlet", is_bot=True)
        self.users[bot.id] = bot
        self.teams[id] = Team(id, name, bot.id, f"B{id[1:]}BOT", enterprise)
        return self.teams[id]

    def add_channel(
        self, team: str, name: str, kind: Kind, members: Iterable[str], id: str = "", by: str = ""
    ) -> Channel:
        made = Channel(
            id or self.new_id({"im": "D", "mpim": "G"}.get(kind, "C")), team, name, kind, dict.fromkeys(members), by
        )
        if made.id in self.channels:
            raise ValueError(f"there is a conversation {made.id} already")
        self.channels[made.id] = made
        return made

    def conversation_of(self, team: str, members: Iterable[str]) -> Channel:
        """The direct or group message of exactly these people; made when there is none."""
        wanted = dict.fromkeys(members)
        kind: Kind = "im" if len(wanted) <= 2 else "mpim"
        for channel in self.channels.values():
            if channel.kind == kind and channel.team == team and channel.members.keys() == wanted.keys():
                return channel
        names = "--".join(self.users[one].name for one in wanted)
        return self.add_channel(team, "" if kind == "im" else f"mpdm-{names}-1", kind, wanted)

    def teams_of(self, token: Token) -> frozenset[str]:
        if token.team is not None:
            return frozenset({token.team})
        if token.enterprise is None:
            return frozenset()
        return frozenset(team.id for team in self.teams.values() if team.enterprise == token.enterprise)

    def emit(self, team: str, kind: str, /, **event: Any) -> None:
        """Something happened that the app may have subscribed to."""
        if kind in self.subscriptions:
            self.outgoing.append((team, {"type": kind, **event, "event_ts": self.new_ts()}))

    def emit_metadata(self, message: Message) -> None:
        """Only to an app with the right to read metadata, and only from conversations that it belongs to."""
        team = self.teams[message.team]
        allowed = any(
            team.id in self.teams_of(token) and "metadata.message:read" in token.scopes and not token.gone
            for token in self.tokens.values()
        )
        if message.metadata is None or not allowed or team.bot not in self.channels[message.channel].members:
            return
        kind = message.metadata["event_type"]
        if kind not in self.metadata_subscriptions:
            return
        self.emit(
            team.id,
            "message_metadata_posted",
            app_id=APP_ID,
            bot_id=message.bot_id,
            user_id=message.user,
            team_id=team.id,
            channel_id=message.channel,
            metadata=message.metadata,
            message_ts=message.ts,
        )
