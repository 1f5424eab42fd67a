"""The part of the composition root that is about Teams: settings become a connector, a courier and routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random  # noqa: TID251  # the one generator of the process; nothing that must be foreseen hangs on it

import structlog
from aiohttp import ClientSession, TCPConnector
from aiohttp import web as http
from sqlalchemy import Connection

from adapters.clock import utcnow
from adapters.delivery.deeds import Deeds
from adapters.delivery.pace import Pace
from adapters.settings import Settings
from adapters.teams.answer import Answers
from adapters.teams.auth import Keys
from adapters.teams.connector import Connector, Tokens
from adapters.teams.events import Events
from adapters.teams.homes import Homes
from adapters.teams.interact import Interactions
from adapters.teams.listen import Door, add_routes
from adapters.teams.not_added import NotAdded
from adapters.teams.roster import Roster
from adapters.teams.send import Credentials, Nobody, TeamsCourier
from adapters.teams.speaking import BUDGETS, Speaker
from adapters.teams.store import References
from adapters.teams.whereabouts import PLATFORM
from bot.app import Bot
from bot.groups import store as groups
from bot.groups.rules import Group
from bot.outbox import lanes
from bot.outbox import store as outbox
from bot.people import store as people
from bot.storage import Store

IN_TEAMS = http.AppKey("in_teams", Interactions)

CONNECTIONS = 100
"""At once: fifty posts are sent side by side, and people are answered meanwhile."""

log = structlog.get_logger(__name__)


OF_USE = timedelta(weeks=4)
"""For so long somebody who has missed what was said to everybody alone still gets it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What Teams' part asks of the core's tables. Each call is one transaction."""

    store: Store
    now: Callable[[], datetime]

    def lived(self, workspace: int, conversation: str) -> bool:
        """Whether a conversation is a group's home."""
        with self.store.begin() as connection:
            return groups.at_home(connection, workspace, conversation) is not None

    def homes(self, workspace: int, person: str) -> tuple[str, ...]:
        """Those of somebody's groups."""
        with self.store.begin() as connection:
            homes = (group.home_in(workspace) for group in _groups_of(connection, workspace, person))
            return tuple(home for home in homes if home is not None)

    def spoken(self, workspace: int, person: str) -> str | None:
        """Somebody's language; where nothing is known of it, that of their newest group."""
        with self.store.begin() as connection:
            theirs = people.language_of(connection, workspace, person)
            if theirs is not None:
                return theirs
            for group in reversed(_groups_of(connection, workspace, person)):
                leads = group.facilitator or group.organiser
                return group.language or people.one(connection, group.workspace, leads).language
            return None

    def hold(self, workspace: int, seconds: float) -> None:
        """Nobody sends anything there for so long."""
        with self.store.begin() as connection:
            lanes.hold(connection, workspace, self.now() + timedelta(seconds=seconds))

    def bring(self, workspace: int, key: str, now: datetime) -> None:
        """A post that stands is composed anew, and said to those who have missed it; so is one that nobody got."""
        with self.store.begin() as connection:
            row = outbox.find(connection, workspace, (key,)).get(key)
            if row is None or row.group is None or row.since < now - OF_USE or (row.expires or now) < now:
                return
            if row.state == "parked":
                outbox.revive(connection, workspace, now, group=row.group)
            elif row.state == "sent":
                outbox.refresh(connection, workspace, key, now)


def _groups_of(connection: Connection, workspace: int, person: str) -> tuple[Group, ...]:
    found = people.find(connection, workspace, person)
    return groups.of_person(connection, workspace, found.id) if found is not None else ()


@dataclass(frozen=True, slots=True)
class Teams:
    """How we speak in Teams: both ends share connections, and one pace."""

    settings: Settings
    session: ClientSession
    speaker: Speaker
    not_added: NotAdded
    courier: TeamsCourier
    known: Known
    platform: str = PLATFORM

    def listen(self, app: http.Application, bot: Bot, now: Callable[[], datetime], deeds: Deeds) -> None:
        """``POST /api/messages``, and what it leads to."""
        _listen(app, self, bot, now, deeds)


def open_teams(settings: Settings, store: Store, now: Callable[[], datetime], *, paced: bool) -> Teams:
    """Call it on the event loop: its connections live there."""
    session = ClientSession(connector=TCPConnector(limit=CONNECTIONS))
    connector = Connector(session, _tokens(settings, now))
    known = Known(store, now)
    speaker = Speaker(connector, References(store), Pace(BUDGETS, utcnow, on=paced), known.hold)
    not_added = NotAdded(speaker, known.spoken)
    courier = TeamsCourier(speaker, Homes(speaker, known.lived), not_added, Random())
    return Teams(settings, session, speaker, not_added, courier, known)


def _tokens(settings: Settings, now: Callable[[], datetime]) -> Tokens:
    app, password = settings.microsoft_app_id, settings.microsoft_app_password
    if app is None or password is None:
        return Nobody()
    tenant = settings.microsoft_app_tenant_id if settings.microsoft_app_type == "singletenant" else None
    return Credentials(app, password.get_secret_value(), tenant, settings.teams_login_url, now)


def _listen(
    app: http.Application,
    speaking: Teams,
    bot: Bot,
    now: Callable[[], datetime],
    deeds: Deeds,
) -> None:
    settings, roster = speaking.settings, Roster(speaking.speaker, speaking.known.homes)
    answers = Answers(speaking.speaker, speaking.not_added, now)
    events = Events(bot, speaking.speaker, roster, now, speaking.known.bring)
    handlers = Interactions(bot, deeds, speaking.speaker, roster, answers, events, now)
    app[IN_TEAMS] = handlers
    single = settings.microsoft_app_type == "singletenant" and settings.teams == "app"
    tenant = settings.microsoft_app_tenant_id if single else None
    keys = None if settings.teams == "anonymous" else Keys(speaking.session, settings.teams_openid_url, now)
    add_routes(app, handlers, Door(settings.microsoft_app_id, tenant, settings.teams_is_here), keys, now)

    async def handling(_: http.Application) -> AsyncIterator[None]:
        if keys is None:
            log.warning("TEAMS_ANONYMOUS: whoever reaches this process is believed to be Teams. For development only")
            yield
        else:
            fetching = asyncio.create_task(keys.refresh())
            yield
            await asyncio.wait({fetching})
            await keys.close()
        await handlers.close()

    app.cleanup_ctx.append(handling)
