"""The only composition root: settings become a store, guides, the Bot, couriers and applications. Decides nothing."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import uuid4

from aiohttp import web as http

from adapters import database, health
from adapters.clock import Ticker, utcnow
from adapters.delivery.courier import Courier
from adapters.delivery.drain import drain
from adapters.delivery.engine import Engine
from adapters.serve import stop_signal
from adapters.settings import Settings
from adapters.web import board
from adapters.web.clock import SimulatedClock
from adapters.web.listen import build_app
from adapters.web.seed import seed
from adapters.web.send import Subscribers, WebCourier
from bot.app import Bot
from bot.guides.rules import Guides
from bot.guides.store import load as load_guides
from bot.storage import Store

ENGINE = http.AppKey("engine", Engine)


@dataclass(frozen=True, slots=True)
class Parts:
    """What every process is made of."""

    settings: Settings
    store: Store
    guides: Guides
    bot: Bot


def parts(settings: Settings) -> Parts:
    """Raises GuideError with every problem of the guides: the bot does not start on a bad one."""
    guides = load_guides(settings.guides_path)
    store = database.connect(settings.url())
    return Parts(settings, store, guides, Bot(store, guides))


def couriers() -> Mapping[str, Courier]:
    """By platform. The local chat brings its own, because its time is simulated."""
    return {}


def worker() -> str:
    """This process among all that deliver: who holds a lane. In containers neither host nor process id tells enough."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def engine(these: Parts, by_platform: Mapping[str, Courier], now: Callable[[], datetime] = utcnow) -> Engine:
    """An engine that drains each workspace with its platform's courier; one without a courier is left alone."""
    name = worker()

    async def one(workspace: int, stopping: Callable[[], bool]) -> int:
        courier = by_platform.get(await asyncio.to_thread(these.bot.platform, workspace))
        return await drain(these.bot, courier, workspace, name, now, stopping) if courier else 0

    return Engine(one)


def web(these: Parts) -> http.Application:
    """What answers the platforms. Its engine delivers at once what an answer has queued; the clock does the rest."""
    app = http.Application()
    health.add_routes(app, partial(health.readiness, these.store, these.guides, database.schema()))
    app[ENGINE] = engine(these, couriers())
    app.cleanup_ctx.append(_deliver)
    return app


async def _deliver(app: http.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[ENGINE].run())
    yield
    app[ENGINE].stop()
    await task


@dataclass(frozen=True, slots=True)
class Chat:
    """The one workspace of a local chat, and its own time."""

    workspace: int
    time: SimulatedClock
    subscribers: Subscribers


def chat(these: Parts) -> Chat:
    workspace = these.bot.workspace("web", "local", "Circlet")
    subscribers = Subscribers()
    courier = WebCourier(these.store, subscribers)
    return Chat(workspace, SimulatedClock(these.bot, these.store, workspace, courier, subscribers), subscribers)


async def fill(these: Parts) -> None:
    """Put a small company, and its past, into an empty local chat."""
    empty = chat(these)
    await seed(these.bot, these.store, empty.workspace, empty.time)


def local(these: Parts) -> http.Application:
    """The local chat as an application. Its clock stands where it stood, or, where it is new, at the present."""
    here = chat(these)
    app = build_app(these.bot, these.store, here.workspace, here.time, here.subscribers, these.bot.grammars)

    async def begin(_: http.Application) -> None:
        with these.store.begin() as connection:
            board.start_clock(connection, here.workspace, utcnow().replace(second=0, microsecond=0))
        # What the last process was about to say when it ended.
        await here.time.settle()

    app.on_startup.append(begin)
    return app


async def clock(these: Parts) -> None:
    """Tick and deliver until SIGTERM or SIGINT."""
    stopped = stop_signal()
    running = engine(these, couriers())
    ticker = Ticker(these.bot, running.poke, these.settings.tick_seconds, utcnow)
    task = asyncio.create_task(running.run())
    await ticker.start()
    await stopped.wait()
    ticker.stop()
    running.stop()
    await task
