"""The whole fake: what there is at the beginning, starting and stopping, and what a test may look at."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from aiohttp import ClientSession, CookieJar, web
from yarl import URL

from tests.fakes.slack import hand
from tests.fakes.slack.changes import Changes
from tests.fakes.slack.events import Events
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.install import Office
from tests.fakes.slack.rates import Rates
from tests.fakes.slack.responses import Responses
from tests.fakes.slack.server import Called, Server
from tests.fakes.slack.views import View
from tests.fakes.slack.wire import Answer, Wire, read
from tests.fakes.slack.world import SCOPES, Channel, Json, Message, Team, User, World, utcnow

PEOPLE = {
    "U1": ("ana", "Ana Silva"),
    "U2": ("ben", "Ben Ito"),
    "U3": ("cleo", "Cleo Mora"),
    "U4": ("dan", "Dan Weiss"),
    "U5": ("eva", "Eva Lund"),
    "U6": ("finn", "Finn Berg"),
    "U7": ("gita", "Gita Rao"),
    "U8": ("hugo", "Hugo Diaz"),
}


class FakeSlack(Changes):
    """One app in one team T1 ("Acme") at first, with eight people and these channels:

    C1 circle (public, everybody and the bot), C2 general (public, everybody without the bot),
    C3 leads (private, U1, U2 and the bot), C4 secret (private, U1 alone, without the bot).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        clock: Callable[[], datetime] = utcnow,
        scopes: Collection[str] = SCOPES,
        request_url: str | None = None,
    ) -> None:
        world = World(clock)
        self.office = Office(world)
        wire = Wire(self.office.signing_secret, request_url)
        faults = Faults()
        responses = Responses(world)
        super().__init__(world, wire, Events(world, wire, faults), faults, responses)
        self.rates = Rates(world.seconds)
        self.noted = self._note
        self.server = Server(
            world,
            self.office,
            self.rates,
            faults,
            wire,
            self.events,
            responses,
            self._note,
            self.complaints.extend,
        )
        self.team = "T1"
        self.token = self.add_team("T1", "Acme", PEOPLE, scopes)
        self.app_token = self.office.app_token().value
        self._first_channels()
        self._port = port
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._waiting: list[tuple[Callable[[], object], asyncio.Future[None]]] = []

    def _first_channels(self) -> None:
        bot = self.world.teams["T1"].bot
        self.world.add_channel("T1", "circle", "public", (*PEOPLE, bot), "C1", "U1")
        self.world.add_channel("T1", "general", "public", PEOPLE, "C2", "U1").general = True
        self.world.add_channel("T1", "leads", "private", ("U1", "U2", bot), "C3", "U1")
        self.world.add_channel("T1", "secret", "private", ("U1",), "C4", "U1")

    # ── building ─────────────────────────────────────────────────────────────────────────────────────────────────

    def add_team(
        self,
        id: str,
        name: str,
        people: Mapping[str, tuple[str, str]],
        scopes: Collection[str] = SCOPES,
        enterprise: str | None = None,
        *,
        install: bool = True,
    ) -> str:
        """A team with people (id -> handle and name), and the bot's token there; "" when the app is not installed."""
        team = self.world.add_team(id, name, enterprise)
        for user, (handle, real) in people.items():
            self.add_person(user, handle, real, team.id)
        return self.office.token(team.id, scopes).value if install else ""

    def add_person(self, id: str, handle: str, name: str, team: str = "T1") -> User:
        user = User(id, team, handle, name, email=f"{handle}@example.com")
        if id in self.world.users:
            raise ValueError(f"there is a person {id} already")
        self.world.users[id] = user
        return user

    # ── serving ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        app = self.server.app()
        hand.add_routes(app, self)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.listen()

    async def listen(self) -> None:
        """On the same port as before, when it listened before."""
        assert self._runner is not None
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()
        self._port = self._runner.addresses[0][1]
        self.root = self.server.root = f"http://127.0.0.1:{self._port}"

    async def refuse_connections(self) -> None:
        """Until listen(). Connections that are open stay."""
        assert self._site is not None
        await self._site.stop()
        self._site = None

    async def stop(self) -> None:
        await self.events.close()
        await self.wire.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """For the SDK's base_url and SLACK_API_URL."""
        return f"{self.root}/api/"

    @property
    def signing_secret(self) -> str:
        return self.office.signing_secret

    @property
    def client_id(self) -> str:
        return self.office.client_id

    @property
    def client_secret(self) -> str:
        return self.office.client_secret

    @property
    def request_url(self) -> str | None:
        """Where the app gets everything: commands, interactions and events."""
        return self.wire.request_url

    @request_url.setter
    def request_url(self, value: str | None) -> None:
        self.wire.request_url = value

    async def installs(
        self, install_url: str, team: str = "T1", *, org: bool = False, redirect_uri: str = ""
    ) -> Answer:
        """As an admin with a browser: opens the app's page, allows, and is sent back. The app's last answer."""
        origin = URL(install_url).origin()
        jar = CookieJar(unsafe=True, treat_as_secure_origin=[origin])  # as browsers do with this machine
        async with ClientSession(cookie_jar=jar) as browser:
            async with browser.get(install_url, allow_redirects=False) as response:
                address = response.headers.get("Location") or _link(await response.text())
            query = dict(parse_qsl(urlsplit(address).query))
            back = self.server.allow({**query, "team": team, **({"org": "1"} if org else {})}, redirect_uri)
            async with browser.get(back, allow_redirects=False) as response:
                return Answer(response.status, read(await response.text()))

    # ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def people(self) -> Mapping[str, User]:
        return self.world.users

    @property
    def channels(self) -> Mapping[str, Channel]:
        return self.world.channels

    @property
    def teams(self) -> Mapping[str, Team]:
        return self.world.teams

    @property
    def calls(self) -> list[Called]:
        """Of the Web API, oldest first; without those that never arrived or were told to wait."""
        return list(self.server.calls)

    def messages(self, channel: str, as_user: str | None = None) -> list[Message]:
        """What a person sees there, theirs alone included; without a person: what is there for all."""
        if as_user is not None:
            self._place(as_user, channel)
        return [one for one in self.world.channels[channel].messages.values() if one.only_for in (None, as_user)]

    def direct(self, user: str) -> str:
        """The conversation of a person with the bot, which is made when it is not there."""
        team = self.world.teams[self.world.users[user].team]
        return self.world.conversation_of(team.id, (team.bot, user)).id

    def views(self, user: str) -> list[View]:
        """Open modals; the last is in front."""
        return self.open_views(user)

    def home(self, user: str) -> Json | None:
        return self.world.teams[self.world.users[user].team].homes.get(user)

    # ── waiting ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _note(self) -> None:
        for predicate, future in self._waiting:
            if not future.done() and predicate():
                future.set_result(None)

    async def until(self, predicate: Callable[[], object], patience: float = 10.0) -> None:
        """Until it holds; looked at after every call and every act. TimeoutError when it never does."""
        if predicate():
            return
        waiting = (predicate, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        try:
            async with asyncio.timeout(patience):
                await waiting[1]
        finally:
            self._waiting.remove(waiting)

    async def called(self, method: str) -> None:
        before = sum(call.method == method for call in self.server.calls)
        await self.until(lambda: sum(call.method == method for call in self.server.calls) > before)

    async def settled(self) -> None:
        """Until every event on its way was delivered."""
        await self.events.settled()


def _link(page: str) -> str:
    """The address behind the button of the app's page."""
    for found in re.findall(r'href="([^"]+)"', page):
        if "client_id=" in found:
            return html.unescape(found)
    raise ValueError(f"no link to Slack on the app's page: {page[:200]}")
