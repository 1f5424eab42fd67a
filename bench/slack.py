"""Slack's adapter against the fake Slack: requests that come in, posts that go out, and the pace; beside bare peers."""

from __future__ import annotations

import asyncio
import heapq
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from adapters import logs
from adapters.delivery.drain import drain
from adapters.delivery.pace import Pace
from adapters.settings import ROOT
from adapters.slack.installations import web_client
from adapters.slack.render import message_payloads
from adapters.slack.send import BUDGETS, EVENT_TYPE, SlackCourier
from bench import databases
from bench.servers import Answers, answering, answers, compared, free_port, running
from bench.timing import Figure, median
from bot.groups import store as groups
from bot.guides.rules import Guides
from bot.guides.store import load
from bot.messages import Home, Post
from bot.outbox import sending
from bot.outbox.rules import LEASE, Due
from bot.outbox.store import outbox
from bot.storage import Store
from tests.core.office import NOW, Office, office
from tests.fakes.slack import FakeSlack
from tests.slack.sender import OneToken

ROUNDS = 3
POSTS = 300
CHANNELS = 60
LATENCIES = (0, 50)
POST_TIMES = 1 / 0.7
"""A post through the outbox may take so many times as long as a bare one: at least 0.7 of its rate."""
NO_SERVER = Figure("posts.postgresql.times", None, "times", POST_TIMES, "no server")

MANY_POSTS = 2_000
MANY_CHANNELS = 300
PACE_TIMES = 1.03

STEADY = 50
"""Commands a second, of which each is timed."""


def measure() -> tuple[Figure, ...]:
    """All figures of Slack. Takes about three minutes, most of them for waiting as over a network."""
    guides = load(ROOT / "guides")
    logs.configure("error", "json")
    with databases.folder() as folder:
        return (
            *asyncio.run(_requests(folder)),
            *databases.on_each(folder, "posts", partial(_posts, guides), NO_SERVER),
            *asyncio.run(_pace(folder, guides)),
        )


# ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _requests(folder: Path) -> Sequence[Figure]:
    """Commands that are acknowledged, by ``circlet web`` and by a bare Bolt app, both in a process of their own."""
    with databases.sqlite(folder, "requests") as store:
        url = store.engine.url.render_as_string()
        ours = await _answers(url, "adapters", "web")
        bare = await _answers(url, "bench.bare_bolt")
    return compared("requests", ours, bare)


async def _answers(database: str, *module: str) -> Answers:
    port = free_port()
    print(f"slack: commands to {' '.join(module)}", file=sys.stderr)
    async with FakeSlack(request_url=f"http://127.0.0.1:{port}/slack/events") as fake:

        async def command(number: int) -> float:
            answer = await fake.types(f"U{1 + number % 8}", "C1", "/circle help")
            assert answer.ok, answer
            return answer.latency

        settings = {
            "DATABASE_URL": database,
            "PORT": str(port),
            "LOG_LEVEL": "error",
            "SLACK_API_URL": fake.url,
            "SLACK_BOT_TOKEN": fake.token,
            "SLACK_SIGNING_SECRET": fake.signing_secret,
        }
        async with answering(*module, settings=settings):
            return await answers(command, STEADY)


# ── posts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _posts(guides: Guides, store: Store) -> Sequence[Figure]:
    """Posts a second through the outbox with the pace off, and by a bare loop; a fake Slack in another process.

    Against a fake that answers at once, which is the processor alone; and against one that takes as long as a network.
    """
    figures: list[Figure] = []
    for latency, (ours, bare) in asyncio.run(_outbox(store, guides)).items():
        kind = f"posts.{store.engine.dialect.name}.{latency}ms"
        figures.append(Figure(kind, POSTS / ours, "/s"))
        figures.append(Figure(f"{kind}.bare", POSTS / bare, "/s"))
        figures.append(Figure(f"{kind}.times", ours / bare, "times", POST_TIMES))
    return figures


async def _outbox(store: Store, guides: Guides) -> dict[int, tuple[float, float]]:
    """Median seconds for all posts by latency in ms: through the outbox, and bare; in turns, after one to warm up."""
    print(f"slack: posts with {store.engine.dialect.name}", file=sys.stderr)
    core = office(store, guides, "T1", staff=("U1", "U2", "U3"))
    seconds: dict[int, tuple[float, float]] = {}
    numbers = count()
    for latency in LATENCIES:
        async with _another_slack(latency) as client:
            circles = [_circle(core, channel) for channel in await _channels(client)]
            courier = SlackCourier(OneToken(core.workspace, client), store, Pace(BUDGETS, lambda: NOW, on=False))
            ours: list[float] = []
            bare: list[float] = []
            for _ in range(1 + (1 if latency else ROUNDS)):
                _queue(core, circles, POSTS, next(numbers))
                started = perf_counter()
                assert await drain(core.bot, courier, core.workspace, "bench", lambda: NOW) == POSTS
                ours.append(perf_counter() - started)
                _queue(core, circles, POSTS, next(numbers))
                posts = _claimed(core)
                started = perf_counter()
                await _bare(client, posts)
                bare.append(perf_counter() - started)
        seconds[latency] = median(ours[1:]), median(bare[1:])
    return seconds


async def _channels(client: AsyncWebClient) -> list[str]:
    made = [await client.conversations_create(name=f"bench-{n}", is_private=True) for n in range(CHANNELS)]
    channels = [str(one["channel"]["id"]) for one in made]
    for channel in channels:
        await client.conversations_invite(channel=channel, users=["U1", "U2", "U3"])
    return channels


async def _bare(client: AsyncWebClient, posts: Sequence[Post]) -> None:
    for post in posts:
        assert isinstance(post.address, Home)
        (payload,) = message_payloads(post.message)
        await client.chat_postMessage(
            channel=str(post.address.conversation),
            text=payload.text,
            blocks=payload.blocks,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": post.key}},
        )


def _claimed(core: Office) -> Sequence[Post]:
    """All that is due, taken out of the outbox."""
    lane = core.bot.open_lane(core.workspace, "bare", NOW + timedelta(hours=1))
    assert lane is not None
    posts = core.bot.claim(lane, NOW + timedelta(hours=1), POSTS)
    for post in posts:
        core.bot.failed(post, "taken by the bare loop", NOW, None)
    with core.store.begin() as connection:
        told = connection.execute(select(outbox.c.key).where(outbox.c.key.startswith("missed"))).scalars().all()
        sending.settle(connection, core.workspace, told, "dropped", "", NOW)
    core.bot.close_lane(lane, NOW)
    assert len(posts) == POSTS
    return posts


@asynccontextmanager
async def _another_slack(latency: int) -> AsyncIterator[AsyncWebClient]:
    """A client to a fake Slack in a process of its own, whose posts take so many ms; one session, as in production."""
    with running("tests.fakes.slack", "--port", "0") as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(6)]
        secrets = dict(line.split("=", 1) for line in told[1:] if "=" in line)
        root = told[0].split()[-1].removesuffix("/fake/")
        async with ClientSession() as session:
            if latency:
                slow = {"kind": "slow", "seconds": latency / 1000, "methods": ["chat.postMessage"]}
                (await session.post(f"{root}/fake/faults", json=slow)).raise_for_status()
            yield web_client(secrets["SLACK_BOT_TOKEN"], f"{root}/api/", session=session)


def _circle(core: Office, channel: str) -> int:
    with core.store.begin() as connection:
        return groups.create(connection, core.group(f"Circle {channel}", channel), NOW).id


def _queue(core: Office, circles: Sequence[int], posts: int, number: int) -> None:
    """As many for each, all due at the same time: in the order of their keys, one channel after the other."""
    someone = core.staff[1].id
    core.keep(
        Due(f"joined:{circle}:{someone}:{number}-{turn}", core.workspace, NOW, None, circle)
        for circle in circles
        for turn in range(posts // len(circles) + (circles.index(circle) < posts % len(circles)))
    )


# ── the pace ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Simulated:
    """A time that goes on only while everybody sleeps."""

    def __init__(self) -> None:
        self.at = NOW
        self._sleeping: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleeping, (self.at + timedelta(seconds=seconds), self._count, woken))
        asyncio.get_running_loop().call_later(0.001, self._wake)
        await woken

    def _wake(self) -> None:
        until, _, woken = heapq.heappop(self._sleeping)
        self.at = max(self.at, until)
        woken.set_result(None)


async def _pace(folder: Path, guides: Guides) -> Sequence[Figure]:
    """Seconds, of simulated time, for many posts, as a multiple of the least that our budgets allow."""
    print("slack: the pace", file=sys.stderr)
    time = Simulated()
    with databases.sqlite(folder, "pace") as store:
        core = office(store, guides, "T1", staff=("U1", "U2", "U3"))
        async with FakeSlack(clock=time.now) as fake, ClientSession() as session:
            bot = fake.teams["T1"].bot
            members = ("U1", "U2", "U3", bot)
            made = [fake.world.add_channel("T1", f"at-{n}", "private", members) for n in range(MANY_CHANNELS)]
            circles = [_circle(core, channel.id) for channel in made]
            _queue(core, circles, MANY_POSTS, 0)
            fake.rates.on = True
            tokens = OneToken(core.workspace, web_client(fake.token, fake.url, session=session))
            courier = SlackCourier(tokens, store, Pace(BUDGETS, time.now, time.sleep))
            left = MANY_POSTS
            while left:
                delivered = await drain(core.bot, courier, core.workspace, "bench", time.now)
                left -= delivered
                time.at += timedelta(0) if delivered else LEASE
    seconds = (time.at - NOW).total_seconds()
    least = _least()
    return (
        Figure("pace.seconds", seconds, "s"),
        Figure("pace.least", least, "s"),
        Figure("pace.times", seconds / least, "times", PACE_TIMES),
    )


def _least() -> float:
    """When the last post may go out at the earliest: the workspace's budget, or the busiest channel's."""
    (whole,), (one,) = BUDGETS["workspace"], BUDGETS["channel"]
    busiest = -(-MANY_POSTS // MANY_CHANNELS)
    return max((MANY_POSTS - 1) // whole.most * whole.seconds, (busiest - 1) // one.most * one.seconds)
