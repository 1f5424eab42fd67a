"""What Slack tells of by itself: a home opened, a profile changed, a channel lost, a post stands. Decides nothing.

https://docs.slack.dev/reference/events
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog

from adapters.slack.answer import FAILURES, code
from adapters.slack.profiles import Profiles
from adapters.slack.render import home_view
from adapters.slack.speaking import Voice, Voices
from bot.app import Bot
from bot.inbound import Actor, Changed, HomeLost, Inbound, Left, Loss
from bot.messages import Receipt

Json = Mapping[str, Any]

LOST: dict[str, Loss] = {
    "channel_left": "removed",
    "group_left": "removed",
    "member_left_channel": "removed",
    "channel_archive": "archived",
    "group_archive": "archived",
    "channel_deleted": "deleted",
    "group_deleted": "deleted",
}
"""Events after which a conversation can no longer be written to."""

RECEIPT = "message_metadata_posted"
"""Slack's word that a post stands. It is kept before it is acknowledged: what is acknowledged never comes again."""

EVENTS = frozenset({"app_home_opened", RECEIPT, "user_change", *LOST})
"""All that is listened to; what becomes of an installation is in ``oauth``."""

log = structlog.get_logger(__name__)


class Events:
    """What happened in Slack, handed to the core."""

    def __init__(self, bot: Bot, voices: Voices, profiles: Profiles, now: Callable[[], datetime]) -> None:
        self._bot = bot
        self._voices = voices
        self._profiles = profiles
        self._now = now

    async def happened(self, body: Json, team: str, enterprise: str | None) -> bool:
        """Whether it may have led to something to be sent. Raises DeliveryFailed where no token can speak there.

        ``enterprise``: the organisation of ours in which it happened; not always the one that the event begins with.
        """
        event: Json = body["event"]
        kind = str(event["type"])
        if kind not in EVENTS:
            return False
        workspace = await self._voices.tokens.workspace(team, team, enterprise)
        if kind == "app_home_opened":
            return await self._opened(event, workspace)
        if kind == RECEIPT:
            return await self._posted(body, event, workspace)
        told = self._changed(event, workspace) if kind == "user_change" else self._lost(body, event, workspace)
        if told is None:
            return False
        await asyncio.to_thread(self._bot.handle, told, self._now())
        log.info("event", kind=kind, outcome="told", workspace=workspace)
        return True

    async def publish(self, voice: Voice, actor: Actor) -> None:
        """Show somebody their home as it is now."""
        message = await asyncio.to_thread(self._bot.home, actor, self._now())
        try:
            await voice.ask(
                lambda: voice.client.views_publish(user_id=actor.person, view=home_view(message)),
                voice.method("tier 4", "views.publish"),
            )
        except FAILURES as problem:
            log.warning("home", outcome="refused", reason=code(problem), workspace=actor.workspace)

    async def _opened(self, event: Json, workspace: int) -> bool:
        if event.get("tab", "home") == "home":
            voice = await self._voices.of(workspace)
            await self.publish(voice, await self._profiles.actor(voice, event["user"]))
        return False

    async def _posted(self, body: Json, event: Json, workspace: int) -> bool:
        """One of our posts stands. What another app writes into its metadata is no receipt of ours."""
        key = (event.get("metadata") or {}).get("event_payload", {}).get("key")
        if event.get("app_id") != body.get("api_app_id") or not isinstance(key, str):
            return False
        receipt = Receipt(str(event["channel_id"]), str(event["message_ts"]))
        await asyncio.to_thread(self._bot.arrived, workspace, key, receipt, self._now())
        return True

    def _changed(self, event: Json, workspace: int) -> Inbound | None:
        user: Json = event["user"]
        if user.get("is_bot"):
            return None
        actor = self._profiles.keep(workspace, user).actor
        return Left(actor) if user.get("deleted") else Changed(actor)

    def _lost(self, body: Json, event: Json, workspace: int) -> Inbound | None:
        """Of a conversation that the bot can no longer write to; that another person left one is their own affair."""
        kind, conversation = str(event["type"]), event.get("channel")
        if not isinstance(conversation, str):
            return None
        if kind == "member_left_channel" and event.get("user") not in _ourselves(body):
            return None
        return HomeLost(workspace, conversation, LOST[kind])


def team_of(body: Json, named: str | None) -> str:
    """The workspace in which it happened. ``named``: as Bolt reads it, which finds none for some organisations."""
    user = body.get("user")
    own = user.get("team_id") if isinstance(user, Mapping) else None
    return str(named or body.get("team_id") or own or "")


def _ourselves(body: Json) -> set[str]:
    """The bot's own ids in the workspaces that this event is for."""
    return {str(one["user_id"]) for one in body.get("authorizations") or () if one.get("is_bot") and "user_id" in one}
