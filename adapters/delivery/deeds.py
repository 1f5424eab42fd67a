"""What people do, handed to the core a few at a time, and what it leads to delivered. Knows no platform.

A platform waits three seconds for an acknowledgement, and whoever acknowledges shares a processor with the core: so
what is done side by side is limited, and many deeds at once are followed by one look at what is due.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from adapters.logs import report
from bot.actions import parse_token
from bot.app import Bot
from bot.i18n import Translator
from bot.inbound import Command, Inbound, Press, Submission
from bot.markup import fill
from bot.messages import Message, Reply, Text
from bot.verbs import VERBS

AT_ONCE = 4
"""Deeds side by side: with more, their threads keep the loop from acknowledging what comes in."""

Acted = Command | Press | Submission


class Deeds:
    """Shared by every platform of a process."""

    def __init__(self, bot: Bot, now: Callable[[], datetime], poke: Callable[[int], None]) -> None:
        self._bot = bot
        self._now = now
        self._poke = poke
        self._side_by_side = asyncio.Semaphore(AT_ONCE)
        self._wanted = False
        self._looking = False

    async def do(self, event: Inbound) -> Reply:
        """What the core says to it."""
        async with self._side_by_side:
            return await asyncio.to_thread(self._bot.handle, event, self._now())

    async def deliver(self) -> None:
        """Wake who delivers, for what has fallen due. While somebody looks already, that one looks once more."""
        self._wanted = True
        if self._looking:
            return
        self._looking = True
        try:
            while self._wanted:
                self._wanted = False
                for workspace in (await asyncio.to_thread(self._bot.plan, self._now())).workspaces:
                    self._poke(workspace)
        except Exception as bug:
            # It stands in the outbox: late, not lost.
            report(bug, "deliver")
        finally:
            self._looking = False


def verb_of(happened: Acted) -> str:
    """What was asked for, where it is one of ours: anything else is somebody's own words."""
    if isinstance(happened, Command):
        name = (happened.text.split() or ["home"])[0].lower()
    else:
        meant = parse_token(happened.token)
        name = meant.verb if meant else ""
    return name if name in VERBS or name in ("help", "run", "mend") else "unknown"


def apology(t: Translator, incident: str) -> Message:
    """For a bug, to whoever met it."""
    said = t("Something went wrong on our side. Please try again; if it stays so, tell us this id: `{incident}`")
    return Message((Text(fill(said, incident=incident)),))
