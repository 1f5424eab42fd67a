"""The HTTP side of the fake: the Web API, response URLs, Socket Mode's websocket, the page where an admin installs."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tests.fakes.slack.call import Call
from tests.fakes.slack.events import Events
from tests.fakes.slack.faults import Fault, Faults
from tests.fakes.slack.install import Office
from tests.fakes.slack.methods import METHODS
from tests.fakes.slack.rates import Rates
from tests.fakes.slack.responses import Responses
from tests.fakes.slack.wire import Wire
from tests.fakes.slack.world import Json, Refusal, Token, World


@dataclass(frozen=True, slots=True)
class Called:
    """A call of the Web API that was carried out or refused."""

    method: str
    team: str | None
    args: Json
    answer: Json
    lost: bool = False
    """The caller did not get the answer."""


@dataclass(slots=True)
class Server:
    world: World
    office: Office
    rates: Rates
    faults: Faults
    wire: Wire
    events: Events
    responses: Responses
    noted: Callable[[], None]
    complain: Callable[[list[str]], None]
    root: str = ""
    calls: deque[Called] = field(default_factory=lambda: deque(maxlen=50_000))

    def app(self) -> web.Application:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self.api)
        app.router.add_post("/actions/{team}/{id}", self.respond)
        app.router.add_get("/link/", self.wire.serve)
        app.router.add_get("/oauth/v2/authorize", self.authorize)
        return app

    # ── the Web API ──────────────────────────────────────────────────────────────────────────────────────────────

    async def api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = self.faults.take(method, "drop", "status", "limit", "answer")
        if fault is not None:
            return self._before(request, fault)
        args = await _arguments(request)
        authorization = request.headers.get("Authorization", "")
        try:
            wait, token, answer = self._run(method, args, authorization)
        except Refusal as refusal:
            wait, token, answer = 0, None, refusal.answer()
        if wait:
            return _limited(wait)
        after = self.faults.take(method, "lose", "slow") if answer["ok"] else None
        lost = after is not None and after.what == "lose"
        self.calls.append(Called(method, token.team if token else None, args, answer, lost))
        self.events.flush()
        self.noted()
        if after is not None and after.what == "slow":
            await asyncio.sleep(after.details["seconds"])
        if after is not None and lost:
            return _broken(request) if after.details["how"] == "drop" else _failed(int(after.details["how"]))
        headers = {"X-OAuth-Scopes": ",".join(sorted(token.scopes))} if token else {}
        return web.json_response(answer, headers=headers)

    def _run(self, method: str, args: Json, authorization: str) -> tuple[int, Token | None, Json]:
        """Seconds to wait, or the answer."""
        if method == "oauth.v2.access":
            return 0, None, {"ok": True, **self.office.access(args, authorization)}
        token = self._token(authorization.removeprefix("Bearer ").strip() or str(args.pop("token", "")))
        if method == "apps.connections.open":
            return 0, token, {"ok": True, "url": self._ticket(token)}
        found = METHODS.get(method)
        if found is None:
            raise Refusal("unknown_method", req_method=method)
        if token.kind != "bot":
            raise Refusal("not_allowed_token_type")
        where = token.team or token.enterprise or ""
        if wait := self.rates.wait(method, where, found.a_minute, str(args.get("channel", ""))):
            return wait, token, {}
        call = Call(method, args, self.world, token)
        try:
            return 0, token, {"ok": True, **found.run(call)}
        except Refusal as refusal:
            self.complain([f"{method}: {problem}" for problem in call.problems])
            return 0, token, refusal.answer()

    def _token(self, value: str) -> Token:
        if not value:
            raise Refusal("not_authed")
        token = self.world.tokens.get(value)
        if token is None:
            raise Refusal("invalid_auth")
        if token.gone:
            raise Refusal("account_inactive")
        if token.revoked:
            raise Refusal("token_revoked")
        if token.expires is not None and self.world.seconds() >= token.expires:
            raise Refusal("token_expired")
        return token

    def _ticket(self, token: Token) -> str:
        if token.kind != "app":
            raise Refusal("not_allowed_token_type")
        if len(self.wire.sockets) >= 10:
            raise Refusal("too_many_websockets")
        ticket = self.world.new_id("ticket-")
        self.wire.tickets.add(ticket)
        return f"{self.root.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id=A0CIRCLET"

    def _before(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        match fault.what:
            case "drop":
                return _broken(request)
            case "limit":
                return _limited(fault.details["retry_after"])
            case "answer":
                return web.json_response({"ok": False, "error": fault.details["error"]})
            case _:
                return _failed(fault.details["status"])

    # ── response URLs, and the admin's page ──────────────────────────────────────────────────────────────────────

    async def respond(self, request: web.Request) -> web.Response:
        try:
            self.responses.use(request.match_info["id"], await request.json())
        except Refusal as refusal:
            self.complain(refusal.more.get("errors", []))
            status = 400 if refusal.error == "invalid_blocks" else 404
            return web.json_response({"ok": False, "error": refusal.error}, status=status)
        self.noted()
        return web.json_response({"ok": True})

    async def authorize(self, request: web.Request) -> web.Response:
        """Allows at once, for the team in the query, or the first, as its first person; Slack would ask."""
        raise web.HTTPFound(self.allow(dict(request.query)))

    def allow(self, query: dict[str, str], redirect_uri: str = "") -> str:
        """What an admin's browser is sent to after allowing the app."""
        back = query.get("redirect_uri") or redirect_uri
        if query.get("client_id") != self.office.client_id or not back:
            raise web.HTTPBadRequest(text="invalid client_id or redirect_uri")
        team = self.world.teams[query.get("team") or next(iter(self.world.teams))]
        user = next(user.id for user in self.world.users.values() if user.team == team.id and not user.is_bot)
        scopes = frozenset(query.get("scope", "").replace(" ", ",").split(",")) - {""}
        code = self.office.grant(team, user, scopes, back, org=query.get("org") == "1")
        return f"{back}?{urlencode({'code': code, 'state': query.get('state', '')})}"


async def _arguments(request: web.Request) -> Json:
    """From the address and the body, whatever its form."""
    found: dict[str, Any] = dict(request.query)
    if request.method != "POST":
        return found
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise Refusal("invalid_json") from None
        return found | (body if isinstance(body, dict) else {})
    return found | {name: str(value) for name, value in (await request.post()).items()}


def _limited(wait: int) -> web.Response:
    body = {"ok": False, "error": "ratelimited"}
    return web.json_response(body, status=429, headers={"Retry-After": str(wait)})


def _failed(status: int) -> web.Response:
    return web.Response(status=status, text="<html>upstream</html>", content_type="text/html")


def _broken(request: web.Request) -> web.Response:
    """The connection ends without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
