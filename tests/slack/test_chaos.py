"""Senders killed with -9 while Slack loses its answers: everything is said once, or a human hears that it may not be.

The processes are real and so is the SDK; the time is simulated, so that minutes of waiting take none.
"""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from random import Random  # noqa: TID251  # made from a fixed seed: every run has the same chances
from typing import Literal

import pytest
from aiohttp import web

from adapters.delivery.deeds import Deeds
from adapters.delivery.pace import Pace
from adapters.slack import listen
from adapters.slack.events import Events
from adapters.slack.installations import web_client
from adapters.slack.interact import Interactions
from adapters.slack.profiles import Profiles
from adapters.slack.send import BUDGETS
from adapters.slack.speaking import Voices
from bot.groups import store as groups
from bot.guides.rules import Guides
from bot.outbox import store as outbox
from bot.outbox.rules import LEASE, Row
from bot.storage import Store
from tests.core.office import Office, office
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.world import SCOPES
from tests.processes import processes
from tests.slack import sender

START = datetime(2026, 12, 2, 12, tzinfo=UTC)
CHANNELS = 60
LOST = 0.05

RECEIPTS = "metadata.message:read"
LEAST = tuple(scope for scope in SCOPES if scope != RECEIPTS and not scope.endswith(":history"))

Knows = Literal["receipts", "history", "nothing"]
GRANTED: dict[Knows, tuple[str, ...]] = {
    "receipts": (*LEAST, RECEIPTS),
    "history": (*LEAST, "channels:history", "groups:history", "im:history", "mpim:history"),
    "nothing": LEAST,
}


@dataclass
class Chaos:
    """Sixty circles, their posts, the fake Slack, and one sender after the other."""

    core: Office
    fake: FakeSlack
    keys: frozenset[str]
    chance: Random
    # Without a lock: a sender that is killed while it holds one would take it to the grave.
    clock: object = field(default_factory=lambda: processes.Value("d", 0.0, lock=False))
    kills: int = 0
    _workers: count[int] = field(default_factory=count)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.clock.value)  # type: ignore[attr-defined]

    def later(self, by: timedelta) -> None:
        self.clock.value += by.total_seconds()  # type: ignore[attr-defined]

    def begins(self) -> tuple[ForkServerProcess, Connection]:
        mine, theirs = processes.Pipe()
        url = self.core.store.engine.url.render_as_string(hide_password=False).replace("+pg8000", "")
        where = sender.Office(url, self.fake.url, self.fake.token, self.core.workspace, START)
        name = f"worker {next(self._workers)}"
        process = processes.Process(target=sender.work, args=(where, name, self.clock, theirs))
        process.start()
        theirs.close()
        return process, mine

    async def kills_after(self, calls: int) -> None:
        """A sender works until Slack has been called so many times more, and a moment longer."""
        process, idle = self.begins()
        wanted = len(self.fake.server.calls) + calls
        nothing = asyncio.create_task(self.until_idle(idle))
        enough = asyncio.create_task(self.fake.until(lambda: len(self.fake.server.calls) >= wanted, 60))
        await asyncio.wait((enough, nothing), return_when=asyncio.FIRST_COMPLETED)
        # At any step of what a call leads to: composing, keeping, sending, hearing the answer.
        await asyncio.sleep(self.chance.random() / 50)
        self.kills += not nothing.done()
        process.kill()
        await asyncio.to_thread(process.join)
        assert process.exitcode == -signal.SIGKILL
        enough.cancel()
        await asyncio.gather(enough, nothing, return_exceptions=True)
        idle.close()
        self.later(LEASE + timedelta(seconds=1))

    async def until_idle(self, idle: Connection) -> None:
        await asyncio.to_thread(idle.recv)

    async def ends(self) -> None:
        """The last sender works until nothing is to come any more; whenever it has nothing to do, it gets later."""
        process, idle = self.begins()
        while True:
            await self.until_idle(idle)
            await self.fake.settled()
            following = await asyncio.to_thread(self.core.bot.plan, self.now())
            if following.next is None and not any(row.state == "sending" for row in self.rows()):
                break
            self.later(max(following.next - self.now(), LEASE) if following.next else LEASE)
            idle.send("later")
        process.kill()
        await asyncio.to_thread(process.join)
        idle.close()

    def listener(self) -> tuple[web.Application, Interactions]:
        """What ``circlet web`` does about Slack's events: signed requests, through Bolt, to the core."""
        client = web_client(self.fake.token, self.fake.url)
        voices = Voices(sender.OneToken(self.core.workspace, client), Pace(BUDGETS, self.now), self.core.bot, self.now)
        profiles = Profiles(self.now)
        events = Events(self.core.bot, voices, profiles, self.now)
        handlers = Interactions(Deeds(self.core.bot, self.now, lambda _: None), voices, profiles, events)
        app = web.Application()
        listen.add_routes(app, listen.build_app(handlers), self.fake.signing_secret)
        return app, handlers

    def rows(self) -> tuple[Row, ...]:
        with self.core.store.begin() as connection:
            return tuple(outbox.find(connection, self.core.workspace, self.keys).values())

    def said(self) -> Counter[str]:
        """How often each key stands in Slack."""
        return Counter(
            key
            for channel in self.fake.channels.values()
            for message in channel.messages.values()
            if message.metadata and (key := message.metadata["event_payload"]["key"]) in self.keys
        )


@asynccontextmanager
async def chaos(store: Store, guides: Guides, posts: int, knows: Knows) -> AsyncIterator[Chaos]:
    core = office(store, guides, "T1", staff=("U1", "U2", "U3"))
    async with FakeSlack(scopes=GRANTED[knows], clock=lambda: here.now()) as fake:
        keys = _queued(core, fake, posts)
        here = Chaos(core, fake, keys, Random(f"{knows} {posts}"))
        fake.faults.lose_answers(share=LOST)
        listener, handlers = here.listener()
        runner = web.AppRunner(listener, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        fake.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        try:
            yield here
            await fake.settled()
            await handlers.idle()
        finally:
            await runner.cleanup()


def _queued(core: Office, fake: FakeSlack, posts: int) -> frozenset[str]:
    """So many posts to sixty circles; every sixth has no channel yet."""
    bot = fake.teams["T1"].bot
    keys: list[str] = []
    for number in range(CHANNELS):
        at = fake.world.add_channel("T1", f"at-{number}", "private", ("U1", "U2", "U3", bot)) if number % 6 else None
        with core.store.begin() as connection:
            group = groups.create(connection, core.group(f"Circle {number}", at.id if at else None), START)
        mine = range(posts // CHANNELS + (number < posts % CHANNELS))
        core.queue(group, *mine, at=START - timedelta(minutes=1))
        keys += [core.key(group, one) for one in mine]
    assert len(keys) == posts
    return frozenset(keys)


@pytest.mark.parametrize("knows", ["receipts", "history", "nothing"])
def test_nothing_is_said_twice_and_what_may_be_missing_is_listed(store: Store, guides: Guides, knows: Knows) -> None:
    posts, kills = 1_000, 24

    async def scene() -> None:
        async with asyncio.timeout(120), chaos(store, guides, posts, knows) as here:
            for _ in range(kills):
                await here.kills_after(posts * 9 // 10 // kills)
            await here.ends()
            judge(here, knows)
            assert here.kills >= kills * 5 // 6
            assert here.fake.faults.happened["lose"] >= posts * LOST / 2

    asyncio.run(scene())


def judge(here: Chaos, knows: Knows) -> None:
    said, rows = here.said(), here.rows()
    assert [key for key, times in said.items() if times > 1] == []
    states = Counter(row.state for row in rows)
    if knows != "nothing":
        assert (len(said), states) == (len(here.keys), {"sent": len(here.keys)})
        return
    parked = {row.key for row in rows if row.state == "parked"}
    assert states == {"sent": len(here.keys) - len(parked), "parked": len(parked)}
    assert here.keys - said.keys() <= parked
    with here.core.store.begin() as connection:
        about = {row.group for row in rows if row.state == "parked" and row.group is not None}
        listed = {row.key for one in about for row in outbox.undelivered(connection, here.core.workspace, one)}
    assert listed & here.keys == parked
