"""Dispatches drains on one machine: an in-process set of workspaces that have work.

It may lose anything at any time: what is due stands in the database, and the next tick of the clock pokes again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from adapters.logs import report

GRACE_SECONDS = 12.0
"""How long stop() waits for the posts that are on their way: a send ends within 10 s."""

Drain = Callable[[int, Callable[[], bool]], Awaitable[int]]
"""Drains a workspace; asks the second argument between posts whether to stop."""


class Engine:
    """``poke`` says that a workspace has work, ``run`` works until ``stop``.

    One drain per workspace at a time, several workspaces at once. A poke during a drain leads to one more after it.
    """

    def __init__(self, drain: Drain, concurrency: int = 8) -> None:
        self._drain = drain
        self._concurrency = concurrency
        self._waiting: dict[int, None] = {}  # in the order of the first poke
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()
        self._stopping = False

    def poke(self, workspace: int) -> None:
        """There is work in this workspace. Call it on the event loop's thread; costs nothing when said twice."""
        self._waiting[workspace] = None
        self._changed.set()

    async def run(self) -> None:
        """Work until stop() is called; then posts that are on their way are finished, and nothing new begins."""
        while not self._stopping:
            self._changed.clear()
            self._begin()
            await self._changed.wait()
        await self._finish()

    def stop(self) -> None:
        """Ask run() to end."""
        self._stopping = True
        self._changed.set()

    async def idle(self) -> None:
        """Wait until nothing is waiting or being drained."""
        while self._busy or (self._waiting and not self._stopping):
            await asyncio.wait(self._busy.values()) if self._busy else await asyncio.sleep(0)

    def _begin(self) -> None:
        for workspace in tuple(self._waiting):
            if len(self._busy) >= self._concurrency:
                return
            if workspace not in self._busy:
                del self._waiting[workspace]
                self._busy[workspace] = asyncio.create_task(self._work(workspace))

    async def _work(self, workspace: int) -> None:
        try:
            if await self._drain(workspace, lambda: self._stopping):
                # It may have ended because its slice was over: once more finds nothing, or goes on at once.
                self._waiting.setdefault(workspace)
        except Exception as bug:
            # The next tick pokes this workspace again; the others must not notice.
            report(bug, "drain", workspace=workspace)
        finally:
            del self._busy[workspace]
            self._changed.set()

    async def _finish(self) -> None:
        if self._busy:
            _, late = await asyncio.wait(self._busy.values(), timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
