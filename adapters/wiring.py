"""The only composition root: settings become a store, guides, the Bot, couriers and applications. Decides nothing."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from aiohttp import ClientSession, ClientTimeout
from aiohttp import web as http

from adapters import database, health
from adapters.certificates import page as certificates
from adapters.clock import Ticker, utcnow
from adapters.crypt import Crypt
from adapters.delivery.courier import Courier
from adapters.delivery.deeds import Deeds
from adapters.delivery.drain import drain
from adapters.delivery.engine import Engine
from adapters.delivery.pace import Pace
from adapters.serve import at_rest, stop_signal
from adapters.settings import Settings
from adapters.slack import installations, listen, oauth
from adapters.slack.events import Events
from adapters.slack.installations import Credentials, OAuthTokens, SingleTokens
from adapters.slack.interact import Interactions
from adapters.slack.profiles import Profiles
from adapters.slack.send import BUDGETS, SlackCourier
from adapters.slack.speaking import Voices
from adapters.slack.store import Installations, States
from adapters.web import board
from adapters.web.clock import SimulatedClock
from adapters.web.listen import build_app
from adapters.web.seed import seed
from adapters.web.send import Subscribers, WebCourier
from bot.app import Bot
from bot.errors import ConfigError
from bot.guides.rules import Guides
from bot.guides.store import load as load_guides
from bot.storage import Store
from bot.verbs import GRAMMARS

if TYPE_CHECKING:
    from adapters.wiring_teams import Teams

ENGINE = http.AppKey("engine", Engine)
IN_SLACK = http.AppKey("in_slack", Interactions)

THREADS = 32
"""For what waits for the database: many, because one that waits must not keep others, or a name's address, waiting."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What every process is made of. Not ``paced``: what is sent waits for no platform, for plays and measurements."""

    settings: Settings
    store: Store
    guides: Guides
    bot: Bot
    now: Callable[[], datetime] = utcnow
    paced: bool = True


def parts(settings: Settings, *, migrated: bool = False) -> Parts:
    """Raises GuideError with every problem of the guides: the bot does not start on a bad one.

    ``migrated``: raises ConfigError, before guides are read, for a database that ``circlet migrate`` has yet to see.
    """
    store = database.connect(settings.url())
    if migrated:
        database.require(store)
    guides = load_guides(settings.guides_path)
    keys = settings.circlet_secret_key
    cipher = Crypt(keys.get_secret_value()) if keys is not None else None
    return Parts(settings, store, guides, Bot(store, guides, cipher, settings.circlet_public_url or ""))


@dataclass(frozen=True, slots=True)
class Slack:
    """How we speak in Slack: both ends share tokens, connections and one pace."""

    tokens: SingleTokens | OAuthTokens
    session: ClientSession
    flow: oauth.InstallFlow | None
    pace: Pace


def slack(these: Parts) -> Slack | None:
    """None where it is not set up. Call it on the event loop: its connections live there."""
    settings, now = these.settings, these.now
    if settings.slack == "no":
        return None
    session = ClientSession(timeout=ClientTimeout(total=installations.TIMEOUT))
    pace = Pace(BUDGETS, utcnow, on=these.paced)
    if settings.slack_bot_token is not None:
        token = settings.slack_bot_token.get_secret_value()
        return Slack(SingleTokens(token, settings.slack_api_url, these.bot, now, session), session, None, pace)
    keys, secret = settings.circlet_secret_key, settings.slack_client_secret
    if settings.slack_client_id is None or keys is None or secret is None:
        raise ConfigError("SLACK_CLIENT_ID: needs SLACK_CLIENT_SECRET and CIRCLET_SECRET_KEY beside it")
    credentials = Credentials(settings.slack_client_id, secret.get_secret_value())
    kept = Installations(these.store, Crypt(keys.get_secret_value()), credentials.client_id)
    tokens = OAuthTokens(kept, these.bot, credentials, settings.slack_api_url, now, session=session)
    flow = oauth.InstallFlow(tokens, States(these.store, now), credentials, settings.slack_api_url)
    return Slack(tokens, session, flow, pace)


def teams(these: Parts) -> Teams | None:
    """None where it is not set up; then nobody waits for its SDK, which takes a second to load."""
    if these.settings.teams == "no":
        return None
    from adapters.wiring_teams import open_teams

    return open_teams(these.settings, these.store, these.now, paced=these.paced)


def couriers(these: Parts, in_slack: Slack | None, in_teams: Teams | None = None) -> Mapping[str, Courier]:
    """By platform. The local chat brings its own, because its time is simulated."""
    found: dict[str, Courier] = {}
    if in_slack is not None:
        found[installations.PLATFORM] = SlackCourier(in_slack.tokens, these.store, in_slack.pace)
    if in_teams is not None:
        found[in_teams.platform] = in_teams.courier
    return found


def worker() -> str:
    """This process among all that deliver: who holds a lane. In containers neither host nor process id tells enough."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def engine(these: Parts, by_platform: Mapping[str, Courier]) -> Engine:
    """An engine that drains each workspace with its platform's courier; one without a courier is left alone."""
    name = worker()

    async def one(workspace: int, stopping: Callable[[], bool]) -> int:
        courier = by_platform.get(await asyncio.to_thread(these.bot.platform, workspace))
        return await drain(these.bot, courier, workspace, name, these.now, stopping) if courier else 0

    return Engine(one)


def web(these: Parts) -> http.Application:
    """What answers the platforms. Its engine delivers at once what an answer has queued; the clock does the rest."""
    app = http.Application()
    health.add_routes(app, partial(health.readiness, these.store, these.guides, database.schema()))
    in_slack, in_teams = slack(these), teams(these)
    if these.settings.circlet_public_url:
        certificates.add_routes(app, these.bot.certificate)
    app[ENGINE] = engine(these, couriers(these, in_slack, in_teams))
    # What begins last ends first: platforms are listened to until the end, and spoken to a little longer.
    app.cleanup_ctx.append(partial(_connections, _sessions(in_slack, in_teams)))
    app.cleanup_ctx.append(_deliver)

    deeds = Deeds(these.bot, these.now, app[ENGINE].poke)
    if in_slack is not None:
        _listen_in_slack(app, these, in_slack, deeds)
    if in_teams is not None:
        in_teams.listen(app, these.bot, these.now, deeds)
    return app


def _sessions(*speaking: Slack | Teams | None) -> tuple[ClientSession, ...]:
    return tuple(one.session for one in speaking if one is not None)


async def _connections(sessions: tuple[ClientSession, ...], _: http.Application) -> AsyncIterator[None]:
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
    yield
    for session in sessions:
        await session.close()


def _listen_in_slack(app: http.Application, these: Parts, speaking: Slack, deeds: Deeds) -> None:
    settings, tokens, profiles = these.settings, speaking.tokens, Profiles(these.now)
    voices = Voices(tokens, speaking.pace, these.bot, these.now)
    only = tokens.only if isinstance(tokens, SingleTokens) else None
    handlers = Interactions(deeds, voices, profiles, Events(these.bot, voices, profiles, these.now), only)
    app[IN_SLACK] = handlers
    bolt = listen.build_app(handlers, tokens if isinstance(tokens, OAuthTokens) else None, speaking.flow)

    async def handling(_: http.Application) -> AsyncIterator[None]:
        yield
        await handlers.close()

    app.cleanup_ctx.append(handling)
    if settings.slack_signing_secret is not None:
        listen.add_routes(app, bolt, settings.slack_signing_secret.get_secret_value())
    if settings.slack_app_token is not None:
        app.cleanup_ctx.append(
            listen.socket_mode(bolt, settings.slack_app_token.get_secret_value(), settings.slack_api_url)
        )
    if speaking.flow is not None:
        oauth.add_routes(app, speaking.flow)


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


def local(these: Parts, *, gallery: bool = False) -> http.Application:
    """The local chat as an application. Its clock stands where it stood, or, where it is new, at the present.

    ``gallery``: with the page that shows developers everything the bot says.
    """
    here = chat(these)
    app = build_app(these.bot, these.store, here.workspace, here.time, here.subscribers, GRAMMARS)
    certificates.add_routes(app, these.bot.certificate)
    if gallery:
        # Not above: nobody else should wait for its examples, or fail with them.
        from adapters.gallery.page import add_routes

        add_routes(app)

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
    in_slack, in_teams = slack(these), teams(these)
    running = engine(these, couriers(these, in_slack, in_teams))
    ticker = Ticker(these.bot, running.poke, these.settings.tick_seconds, these.now)
    task = asyncio.create_task(running.run())
    if in_slack is not None and isinstance(in_slack.tokens, SingleTokens):
        await in_slack.tokens.awake()
    await ticker.start()
    with at_rest():
        await stopped.wait()
    ticker.stop()
    running.stop()
    await task
    for session in _sessions(in_slack, in_teams):
        await session.close()
