"""Speaks in Slack to somebody who waits for it, at the pace that posts keep to as well. Decides nothing.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.delivery.pace import Pace, Use
from adapters.slack.installations import Tokens
from adapters.slack.refusals import code_of
from bot.app import Bot

LONGEST_WAIT = 10.0
"""Seconds that an answer waits when Slack asks for patience; somebody is looking at their screen."""

TURN = timedelta(seconds=3)
"""How long an answer waits for its turn. Then it goes first all the same: Slack takes a few too many now and then."""

TRIES = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Voice:
    """The client of a workspace. ``hold`` keeps until when Slack wants to hear nothing there, for everybody."""

    client: AsyncWebClient
    workspace: int
    pace: Pace
    hold: Callable[[int, datetime], None]
    now: Callable[[], datetime]

    async def ask(self, call: Callable[[], Awaitable[T]], *uses: Use) -> T:
        """The call in its turn, and again when Slack asks for a little patience. Raises what it raises otherwise."""
        if uses:
            await self.pace.soon(*uses, patience=TURN)
        for _ in range(TRIES - 1):
            try:
                return await call()
            except SlackApiError as refusal:
                wait = retry_after(refusal)
                if wait is None:
                    raise
                await asyncio.to_thread(self.hold, self.workspace, self.now() + timedelta(seconds=wait))
                if wait > LONGEST_WAIT:
                    raise
                await asyncio.sleep(wait)
        return await call()

    def into(self, channel: str) -> tuple[Use, Use]:
        """What a message into a conversation uses."""
        return posting(self.workspace, channel)

    def method(self, tier: str, name: str) -> Use:
        return calling(self.workspace, tier, name)


class Voices:
    """The voices of all workspaces: they share the tokens, and one pace."""

    def __init__(self, tokens: Tokens, pace: Pace, bot: Bot, now: Callable[[], datetime]) -> None:
        self.tokens = tokens
        self._pace = pace
        self._bot = bot
        self._now = now

    async def of(self, workspace: int) -> Voice:
        """Raises DeliveryFailed where no token is left."""
        client = await self.tokens.client(workspace)
        return Voice(client, workspace, self._pace, self._bot.hold, self._now)


def posting(workspace: int, channel: str) -> tuple[Use, Use]:
    return ("channel", f"{workspace}:{channel}"), ("workspace", str(workspace))


def calling(workspace: int, tier: str, method: str) -> Use:
    return tier, f"{workspace}:{method}"


def retry_after(refusal: SlackApiError) -> float | None:
    """Seconds until Slack wants to hear from us again; None where it said nothing of the kind."""
    if code_of(refusal) != "ratelimited":
        return None
    named = getattr(refusal.response, "headers", {}).get("Retry-After", "1")
    return float(named) if str(named).isdecimal() else 1.0
