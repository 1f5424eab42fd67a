"""What goes on after a platform has had its answer: what breaks there is logged and breaks nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

from adapters.logs import report

ENDING = 8.0
"""Seconds that what is under way may take when the process ends."""

T = TypeVar("T")


class UnderWay:
    """Work that nobody waits for."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(self, work: Coroutine[Any, Any, T], event: str) -> asyncio.Task[T | None]:
        """The work, begun. ``event``: how the log names it, should it break; then it comes to None."""
        task = asyncio.create_task(guarded(work, event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Let what is under way come to its end."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=ENDING)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)


async def guarded(work: Awaitable[T], event: str, **ids: object) -> T | None:
    """What the work comes to; None where it broke, which is logged as ``event`` with the ids."""
    try:
        return await work
    except Exception as bug:
        report(bug, event, **ids)
        return None
