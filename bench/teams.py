"""Teams' adapter against the fake connector: posts that go out, buttons that are answered; beside the bare SDK."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter

from aiohttp import ClientSession, TCPConnector
from botbuilder.core import BotFrameworkAdapter, BotFrameworkAdapterSettings, TurnContext
from botbuilder.schema import ConversationAccount, ConversationReference
from botframework.connector.auth import ClaimsIdentity

from adapters import logs
from adapters.clock import utcnow
from adapters.delivery.drain import drain
from adapters.delivery.pace import Pace
from adapters.settings import ROOT
from adapters.teams.connector import Connector
from adapters.teams.homes import Homes
from adapters.teams.not_added import NotAdded
from adapters.teams.send import Nobody, TeamsCourier
from adapters.teams.speaking import BUDGETS, Speaker
from adapters.teams.store import References, Talk, Tenant
from bench import databases
from bench.servers import Answers, answering, answers, compared, free_port, running
from bench.timing import Figure
from bot.groups import store as groups
from bot.guides.rules import Guides
from bot.guides.store import load
from bot.outbox.rules import Due
from bot.storage import Store
from tests.core.office import NOW, Office, office
from tests.fakes.teams import FakeTeams, acts
from tests.fakes.teams.fake import TENANT

LATENCY_MS = 200
POSTS = 600
BARE_POSTS = 150
THREADS = 300
WANTED = 45
"""Posts a second that are to go out where Teams allows fifty."""
NO_SERVER = Figure(f"posts.postgresql.{LATENCY_MS}ms.times", None, "times", 1, "no server")

STEADY = 20
"""Buttons a second, of which each is timed."""


def measure() -> tuple[Figure, ...]:
    """All figures of Teams. Takes about two minutes, most of them for waiting as over a network."""
    guides = load(ROOT / "guides")
    logs.configure("error", "json")
    with databases.folder() as folder:
        return (
            *asyncio.run(_invokes(folder)),
            *databases.on_each(folder, "teams", partial(_posts, guides), NO_SERVER),
            Figure(f"posts.bare.{LATENCY_MS}ms", asyncio.run(_bare()), "/s"),
        )


# ── buttons ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _invokes(folder: Path) -> Sequence[Figure]:
    """Buttons answered by ``circlet web`` and by a bare handler of the SDK, both in a process of their own."""
    with databases.sqlite(folder, "invokes") as store:
        url = store.engine.url.render_as_string()
        ours = await _answers(url, "adapters", "web")
        bare = await _answers(url, "bench.bare_teams")
    return compared("invokes", ours, bare)


async def _answers(database: str, *module: str) -> Answers:
    port = free_port()
    print(f"teams: buttons to {' '.join(module)}", file=sys.stderr)
    async with FakeTeams(bot_url=f"http://127.0.0.1:{port}/api/messages", clock=utcnow) as fake:
        settings = {
            **{name.upper(): value for name, value in fake.settings.items()},
            "DATABASE_URL": database,
            "PORT": str(port),
            "LOG_LEVEL": "error",
        }
        async with answering(*module, settings=settings):
            return await answers(partial(_press, fake), STEADY)


async def _press(fake: FakeTeams, number: int) -> float:
    user = list(fake.world.users.values())[number % 5]
    value = acts.execute({"type": "Action.Execute", "verb": "press", "data": {"t": "help"}}, {})
    told = acts.base(fake, user, fake.chat(user.key), "invoke", name="adaptiveCard/action", value=value)
    answer = await fake.send(told)
    assert answer.status == 200, answer
    return answer.latency


# ── posts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _posts(guides: Guides, store: Store) -> Sequence[Figure]:
    """Posts a second through the outbox, at Teams' pace and without it; a fake in another process."""
    print(f"teams: posts with {store.engine.dialect.name}", file=sys.stderr)
    paced, free = asyncio.run(_outbox(store, guides))
    kind = f"posts.{store.engine.dialect.name}.{LATENCY_MS}ms"
    return (
        Figure(kind, paced, "/s"),
        Figure(f"{kind}.times", WANTED / paced, "times", 1),
        Figure(f"{kind}.unpaced", free, "/s"),
    )


async def _outbox(store: Store, guides: Guides) -> tuple[float, float]:
    """Posts a second: held to fifty a second in the tenant, and held to nothing."""
    core = office(store, guides, "T1", staff=("U1", "U2", "U3"))
    numbers = count()
    async with _another_teams() as root, ClientSession(connector=TCPConnector(limit=100)) as session:
        service_url = f"{root}/connector/"
        references = References(store)
        tenant = Tenant(core.workspace, TENANT, service_url, "28:circlet")
        circles = [_circle(core, references, tenant, f"19:general@thread.tacv2;messageid={n}") for n in range(THREADS)]
        rates = []
        for paced in (True, False):
            pace = Pace(BUDGETS, utcnow, on=paced)
            speaker = Speaker(Connector(session, Nobody()), references, pace)
            courier = TeamsCourier(speaker, Homes(speaker, lambda _, __: False), NotAdded(speaker), Random(1))
            _queue(core, circles, 50, next(numbers))
            assert await drain(core.bot, courier, core.workspace, "bench", lambda: NOW) == 50
            _queue(core, circles, POSTS, next(numbers))
            started = perf_counter()
            assert await drain(core.bot, courier, core.workspace, "bench", lambda: NOW) == POSTS
            rates.append(POSTS / (perf_counter() - started))
    return rates[0], rates[1]


def _circle(core: Office, references: References, tenant: Tenant, thread: str) -> int:
    references.heard(tenant, Talk(core.workspace, thread, "channel", tenant.service_url, "19:team"), ())
    with core.store.begin() as connection:
        return groups.create(connection, core.group(f"Circle {thread}", thread), NOW).id


def _queue(core: Office, circles: Sequence[int], posts: int, number: int) -> None:
    someone = core.staff[1].id
    core.keep(
        Due(f"joined:{circles[turn % len(circles)]}:{someone}:{number}-{turn}", core.workspace, NOW, None, circle)
        for turn in range(posts)
        for circle in (circles[turn % len(circles)],)
    )


async def _bare() -> float:
    """The SDK's own way, all at once, with the threads that this machine gives it."""
    print("teams: posts by the bare SDK", file=sys.stderr)
    adapter = BotFrameworkAdapter(BotFrameworkAdapterSettings("", ""))
    who = ClaimsIdentity({}, True)
    async with _another_teams() as root:

        async def one(number: int) -> None:
            where = ConversationReference(
                service_url=f"{root}/connector",
                channel_id="msteams",
                conversation=ConversationAccount(id=f"19:general@thread.tacv2;messageid={number}"),
            )

            async def speak(context: TurnContext) -> None:
                await context.send_activity(f"Post {number}")

            await adapter.continue_conversation(where, speak, claims_identity=who)

        started = perf_counter()
        await asyncio.gather(*(one(number) for number in range(BARE_POSTS)))
        return BARE_POSTS / (perf_counter() - started)


@asynccontextmanager
async def _another_teams() -> AsyncIterator[str]:
    """The address of a fake in a process of its own, whose answers take as long as over a network."""
    slow = ("--latency", str(LATENCY_MS / 1000))
    with running("tests.fakes.teams", "--port", "0", *slow, "--anonymous") as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1].removesuffix("/connector/")
