"""How fast a platform may be spoken to: budgets over time, shared by everything in a process that sends.

The rules take the time as an argument; only ``Pace`` waits. Another process has a ledger of its own: who takes a lane
over from it counts the short windows as used up until then. What it used of the longer ones, and what it says to people
who wait for an answer, is not known here: where that was too much the platform says so, and that is kept with the lane.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Window:
    """At most so many in any stretch of so many seconds."""

    most: int
    seconds: float


Use = tuple[str, str]
"""What is used: the name of a budget ("channel"), and whose it is: a workspace ("3"), or something in it ("3:C017")."""

SHORT = 2.0
"""Windows of so many seconds, or fewer, are waited for after another process. A minute of quiet would be too dear."""


class Ledger:
    """Who used what when. A budget is one window or several, which hold all at once; an unknown one has no limit."""

    def __init__(self, budgets: Mapping[str, Sequence[Window]]) -> None:
        self._budgets = budgets
        self._used: dict[Use, deque[datetime]] = {}
        self._elsewhere: dict[str, datetime] = {}

    def used_up(self, workspace: str, until: datetime) -> None:
        """Somebody else may have used all of the workspace's short windows, up to this moment."""
        self._elsewhere[workspace] = max(until, self._elsewhere.get(workspace, until))

    def free_at(self, uses: Sequence[Use], now: datetime) -> datetime:
        """When all of these may be used once more: now, or later."""
        return max((self._free_at(use, now) for use in uses), default=now)

    def take(self, uses: Sequence[Use], now: datetime) -> None:
        """Note that these are used now. What no window looks back to is forgotten."""
        for use in uses:
            if windows := self._budgets.get(use[0], ()):
                used = self._used.setdefault(use, deque(maxlen=max(window.most for window in windows)))
                used.append(now)
        if len(self._used) > MANY:
            self._forget(now)

    def _free_at(self, use: Use, now: datetime) -> datetime:
        used = self._used.get(use, ())
        elsewhere = self._elsewhere.get(use[1].partition(":")[0])
        free = now
        for window in self._budgets.get(use[0], ()):
            if len(used) >= window.most:
                free = max(free, used[-window.most] + timedelta(seconds=window.seconds))
            if elsewhere is not None and window.seconds <= SHORT:
                free = max(free, elsewhere + timedelta(seconds=window.seconds))
        return free

    def _forget(self, now: datetime) -> None:
        self._used = {use: used for use, used in self._used.items() if used[-1] + self._longest(use) > now}

    def _longest(self, use: Use) -> timedelta:
        return timedelta(seconds=max(window.seconds for window in self._budgets[use[0]]))


MANY = 10_000
"""So many budgets in use are looked through for those that nobody needs any more."""


class Pace:
    """Waits until one may go on. For the event loop's thread only. ``on`` False: nobody ever waits."""

    def __init__(
        self,
        budgets: Mapping[str, Sequence[Window]],
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        *,
        on: bool = True,
    ) -> None:
        self._ledger = Ledger(budgets)
        self._now = now
        self._sleep = sleep
        self._on = on

    async def turn(self, *uses: Use, patience: timedelta) -> datetime | None:
        """Wait until all of these may be used, and use them; where that is not within ``patience``, say when it is.

        Nothing is used then. None: it is one's turn.
        """
        ends = self._now() + patience
        while self._on:
            now = self._now()
            free = self._ledger.free_at(uses, now)
            if free <= now:
                self._ledger.take(uses, now)
                return None
            if free > ends:
                return free
            await self._sleep((free - now).total_seconds())
        return None

    async def soon(self, *uses: Use, patience: timedelta) -> None:
        """The same, but who has waited for ``patience`` goes on all the same: somebody waits, or the rest stands.

        It is noted as used, so that others wait the longer.
        """
        if await self.turn(*uses, patience=patience) is not None:
            self._ledger.take(uses, self._now())

    def used_up(self, workspace: int, until: datetime) -> None:
        """Another process has spoken in this workspace until then: see ``Ledger.used_up``."""
        self._ledger.used_up(str(workspace), until)
