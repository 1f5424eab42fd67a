"""The clock: the only reader of the time, and the tick that wakes the core. What is due is decided by the database.

APScheduler holds one interval job in memory. Its job stores are never used: two processes on one store fire every job
twice, and its cron trigger fires twice in the autumn overlap. Ticking twice is the same as once for the core.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.logs import report
from bot.app import Bot

log = structlog.get_logger(__name__)


def utcnow() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


class Ticker:
    """Every few seconds: plan what is due, and poke each workspace that has work."""

    def __init__(self, bot: Bot, poke: Callable[[int], None], seconds: float, now: Callable[[], datetime]) -> None:
        self._bot = bot
        self._poke = poke
        self._now = now
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        # A tick that is late or overlaps is worth one tick: the core plans everything that is due by then.
        self._scheduler.add_job(
            self.tick, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None, id="tick"
        )

    async def start(self) -> None:
        """Tick at once, then at the interval."""
        await self.tick()
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """One tick. A failing one is logged; the next one tries again."""
        started = self._now()
        try:
            wake = await asyncio.to_thread(self._bot.plan, started)
        except Exception as bug:
            report(bug, "tick")
            return
        for workspace in wake.workspaces:
            self._poke(workspace)
        ms = round((self._now() - started).total_seconds() * 1000)
        log.debug("tick", outcome="planned", workspaces=len(wake.workspaces), ms=ms)
