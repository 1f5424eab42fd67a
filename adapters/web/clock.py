"""The simulated clock: moves time forward and plays every moment at which something is due, in order.

It reads no real clock. Each step's time is kept before the step, so that a kill in the middle loses no moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from adapters.delivery.drain import drain
from adapters.web import board
from adapters.web.parse import FURTHEST, Advance, BadRequest, Move, Next, To
from adapters.web.render import instant
from adapters.web.send import Subscribers, WebCourier
from bot.app import Bot
from bot.storage import Store

WORKER = "local-chat"
"""The same in every process: after a kill the next one need not wait for a lease that only the clock would end."""

MOST_STEPS = 20_000
"""How many moments one move plays at most; a program of a hundred groups has far fewer in five years."""

LEAST_STEP = timedelta(seconds=1)
"""A moment that stays due, such as a post that keeps failing, must not hold up the clock."""

ROUNDS = 20
"""How often one moment is looked at again for what its own posts led to."""


@dataclass(frozen=True, slots=True)
class Played:
    """Where the clock stands, and how many messages were delivered or edited on the way."""

    now: datetime
    messages: int


class SimulatedClock:
    """One local chat's time. Moves are played one after the other."""

    def __init__(self, bot: Bot, store: Store, workspace: int, courier: WebCourier, subscribers: Subscribers) -> None:
        self._bot = bot
        self._store = store
        self._workspace = workspace
        self._courier = courier
        self._subscribers = subscribers
        self._lock = asyncio.Lock()
        self._resumed = False

    async def now(self) -> datetime:
        return await asyncio.to_thread(self._read)

    async def settle(self) -> int:
        """Deliver what is due now. Returns how many messages that were."""
        async with self._lock:
            messages, _ = await self._play(await self.now())
            return messages

    async def move(self, move: Move) -> Played:
        """Raises BadRequest where the target is behind, too far, or where nothing is to come."""
        async with self._lock:
            start = await self.now()
            match move:
                case Advance(by):
                    return await self._advance(start, _later(start, by))
                case To(at):
                    return await self._advance(start, _checked(start, at))
                case Next():
                    return await self._next(start)
                case _:
                    assert_never(move)

    async def _next(self, start: datetime) -> Played:
        messages, due = await self._play(start)
        if due is None:
            raise BadRequest("next: nothing is due any more, whatever the time")
        target = await self._set(max(due, start + LEAST_STEP))
        more, _ = await self._play(target)
        return Played(target, messages + more)

    async def _advance(self, start: datetime, target: datetime) -> Played:
        now, messages = start, 0
        for _ in range(MOST_STEPS):
            played, due = await self._play(now)
            messages += played
            if due is None or due > target or now == target:
                break
            now = await self._set(min(max(due, now + LEAST_STEP), target))
        else:
            return Played(now, messages)
        # Nothing is due between there and the target.
        return Played(await self._set(target) if now < target else now, messages)

    async def _play(self, now: datetime) -> tuple[int, datetime | None]:
        """Deliver all that is due now, and what comes of it. Returns how many messages, and when the next is due."""
        messages = 0
        for _ in range(ROUNDS):
            wake = await asyncio.to_thread(self._bot.plan, now)
            if self._workspace not in wake.workspaces and self._resumed:
                break
            # The first time a process looks, an earlier one may have left a message half-way.
            self._resumed = True
            delivered = await drain(self._bot, self._courier, self._workspace, WORKER, _standing(now))
            messages += delivered
            if not delivered:
                break
        return messages, wake.next

    async def _set(self, at: datetime) -> datetime:
        at = _whole(at)
        await asyncio.to_thread(self._keep, at)
        self._subscribers.moved(instant(at))
        return at

    def _read(self) -> datetime:
        with self._store.begin() as connection:
            return board.read_clock(connection, self._workspace)

    def _keep(self, at: datetime) -> None:
        with self._store.begin() as connection:
            board.set_clock(connection, self._workspace, at)


def _standing(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def _whole(at: datetime) -> datetime:
    """Up to the whole second: what the page shows is what is, so that going there again is not going back."""
    return at if at.microsecond == 0 else at.replace(microsecond=0) + timedelta(seconds=1)


def _later(start: datetime, by: timedelta) -> datetime:
    try:
        return _whole(start + by)
    except OverflowError:
        raise BadRequest("advance: the calendar ends there") from None


def _checked(start: datetime, at: datetime) -> datetime:
    if at < start:
        raise BadRequest(f"to: the clock only goes forward, and it is {instant(start)}")
    if at - start > FURTHEST:
        raise BadRequest(f"to: at most five years at once, and it is {instant(start)}")
    return _whole(at)
