"""Drains one workspace: claims what is due, sends it, tells the outcome. No decisions: those are the core's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from adapters.delivery.courier import Courier, DeliveryFailed, DeliveryUnknown, Paced, Preparing
from adapters.logs import report
from bot.app import Bot
from bot.i18n import N_
from bot.inbound import Actor, HomeLost, Left, Loss
from bot.messages import Direct, Home, Post, Receipt
from bot.outbox.rules import Lane, State

SLICE = timedelta(seconds=30)
"""How long one drain goes on before others get their turn."""

FRESH = timedelta(seconds=15)
"""How long after a claim its posts may be begun: a lease is 30 s and a send ends within 10, so each ends in time."""

BATCH = 50
RETRY = timedelta(seconds=60)
"""When a post is tried again whose courier broke."""

OUTCOMES: dict[State, str] = {"planned": "retry", "parked": "parked", "dropped": "dropped", "sent": "not changed"}
"""How the log names what became of a post that was not delivered. An edit that fails leaves what stands."""

log = structlog.get_logger(__name__)


def _never() -> bool:
    return False


async def drain(
    bot: Bot,
    courier: Courier,
    workspace: int,
    worker: str,
    now: Callable[[], datetime],
    stopping: Callable[[], bool] = _never,
) -> int:
    """Send what is due in the workspace until nothing is, or the slice is over. Returns how many posts were delivered.

    0 at once where another worker holds the lane. ``stopping`` is asked between two posts.
    """
    started = now()
    lane = await asyncio.to_thread(bot.open_lane, workspace, worker, started)
    if lane is None:
        return 0
    if lane.since is not None and isinstance(courier, Paced):
        courier.taken_over(workspace, lane.since)
    run = _Run(bot, courier, now, until=started + SLICE, stopping=stopping)
    try:
        await run.all(lane)
    finally:
        if not run.fenced:
            await asyncio.to_thread(bot.close_lane, lane, now())
    return run.delivered


class _Run:
    """One drain's progress: what it delivered, whether another worker has the lane, whether the platform is on hold."""

    def __init__(
        self, bot: Bot, courier: Courier, now: Callable[[], datetime], until: datetime, stopping: Callable[[], bool]
    ) -> None:
        self._bot = bot
        self._courier = courier
        self._now = now
        self._until = until
        self._stopping = stopping
        self.delivered = 0
        self.fenced = False
        self.held = False

    async def all(self, lane: Lane) -> None:
        while not self._over():
            claimed = self._now()
            waiting = await asyncio.to_thread(self._bot.claim, lane, claimed, BATCH, begun=False)
            if not waiting:
                return
            while waiting:
                if self._over() or self._now() >= claimed + FRESH:
                    await self._put_back(waiting)
                    break
                wave = _wave(waiting, self._courier.at_once)
                gone = {post.key for post in wave}
                waiting = tuple(post for post in waiting if post.key not in gone)
                await self._send(lane, wave)

    def _over(self) -> bool:
        return self.held or self.fenced or self._stopping() or self._now() >= self._until

    async def _send(self, lane: Lane, wave: Sequence[Post]) -> None:
        """Side by side: prepare them, keep the intent for those that can be sent, send these."""
        prepared = await asyncio.gather(*(self._prepare(post) for post in wave))
        await self._keep_all([outcome for outcome in prepared if outcome.is_known])
        ready = [outcome.post for outcome in prepared if not outcome.is_known]
        if not ready:
            return
        begun = await asyncio.to_thread(self._bot.begin, lane, ready, self._now())
        await self._keep_all(await asyncio.gather(*(self._post(post) for post in begun)))
        ours = {post.key for post in begun}
        await self._put_back([post for post in ready if post.key not in ours])

    async def _prepare(self, post: Post) -> _Outcome:
        with self._outcome_of(post) as outcome:
            if isinstance(self._courier, Preparing):
                outcome.receipt = await self._courier.prepare(post, outcome.started)
        return outcome

    async def _post(self, post: Post) -> _Outcome:
        with self._outcome_of(post) as outcome:
            outcome.receipt = await self._courier.send(post, outcome.started)
            outcome.ended = self._now()
        return outcome

    @contextmanager
    def _outcome_of(self, post: Post) -> Iterator[_Outcome]:
        outcome = _Outcome(post, self._now())
        try:
            yield outcome
        except DeliveryFailed as failure:
            outcome.failure = _Failure(
                failure.reason,
                failure.retry_at,
                hold_until=failure.hold_until,
                lost=failure.lost,
                left=failure.left,
            )
        except DeliveryUnknown as unknown:
            outcome.failure = _Failure(unknown.reason, unknown.look_at, doubtful=True)
        except Exception as bug:
            incident = report(bug, "send", workspace=post.workspace, key=post.key)
            # Nobody knows how far the courier came: the next try has to look whether the message stands.
            reason = N_("something went wrong on our side") + f" ({incident})"
            outcome.failure = _Failure(reason, self._now() + RETRY, doubtful=True)

    async def _keep_all(self, outcomes: Sequence[_Outcome]) -> None:
        stand = [(outcome.post, outcome.receipt) for outcome in outcomes if outcome.receipt is not None]
        if stand:
            kept = await asyncio.to_thread(self._bot.sent_all, stand, self._now())
            self.fenced |= not kept
            self.delivered += len(stand) if kept else 0
            for outcome in outcomes:
                if outcome.receipt is not None:
                    said, post = "sent" if kept else "fenced", outcome.post
                    ms = _ms((outcome.ended or outcome.started) - outcome.started)
                    log.info("send", outcome=said, workspace=post.workspace, key=post.key, ms=ms)
        for outcome in outcomes:
            if outcome.failure is not None:
                await self._failed(outcome.post, outcome.failure)

    async def _failed(self, post: Post, why: _Failure) -> None:
        became = await asyncio.to_thread(
            self._bot.failed,
            post,
            why.reason,
            self._now(),
            why.retry_at,
            doubtful=why.doubtful,
            hold_until=why.hold_until,
        )
        self.fenced |= became is None
        self.held |= why.hold_until is not None
        gone = _gone(post, why)
        if became is not None and gone is not None:
            await asyncio.to_thread(self._bot.handle, gone, self._now())
        outcome = OUTCOMES.get(became, became) if became is not None else "fenced"
        doubt = {"doubtful": True} if why.doubtful else {}
        log.warning("send", outcome=outcome, reason=why.reason, workspace=post.workspace, key=post.key, **doubt)

    async def _put_back(self, posts: Sequence[Post]) -> None:
        """Posts that were claimed and not tried: due again at once, without any doubt about them."""
        for post in () if self.fenced else posts:
            now = self._now()
            if not await asyncio.to_thread(self._bot.failed, post, "not tried yet", now, now):
                self.fenced = True
                return


@dataclass(frozen=True, slots=True)
class _Failure:
    reason: str
    retry_at: datetime | None
    doubtful: bool = False
    hold_until: datetime | None = None
    lost: Loss | None = None
    left: bool = False


@dataclass(slots=True)
class _Outcome:
    """What became of a post so far: where it stands, why it does not, or neither yet."""

    post: Post
    started: datetime
    ended: datetime | None = None
    receipt: Receipt | None = None
    failure: _Failure | None = None

    @property
    def is_known(self) -> bool:
        return self.receipt is not None or self.failure is not None


def _gone(post: Post, why: _Failure) -> HomeLost | Left | None:
    """What the failure tells of: no event did, or it was missed. The core does about it what it would have done."""
    match post.address:
        case Home(conversation=str(conversation)) if why.lost is not None:
            return HomeLost(post.workspace, conversation, why.lost)
        case Direct(person) if why.left:
            return Left(Actor(post.workspace, person, ""))
        case _:
            return None


def _wave(waiting: Sequence[Post], most: int) -> list[Post]:
    """The next posts, one to each conversation, so that what is said in one keeps its order."""
    wave: list[Post] = []
    places: set[int | str] = set()
    for post in waiting:
        place = post.address.group if isinstance(post.address, Home) else post.address.person
        if place not in places and len(wave) < most:
            wave.append(post)
        places.add(place)
    return wave


def _ms(took: timedelta) -> int:
    return round(took / timedelta(milliseconds=1))
