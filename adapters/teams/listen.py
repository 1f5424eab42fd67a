"""``POST /api/messages``: everything that Teams sends, verified and handed to the SDK, which hands it to our handlers.

What the SDK does not do well is done here instead. It answers 500 to every invoke whose answer has a body, which it
serialises twice: ours is plain and is written by us. It answers 500 to a malformed token and to a key that it does not
know yet: ``auth.py`` verifies before it is asked. It lets one function swallow every error of a turn: there is none.
It leaves the action of a card as it came, whatever its type says: ``parse.py`` reads what came.
https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web
from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
)
from msrest.exceptions import ClientException

from adapters.logs import report
from adapters.teams.auth import CHANNEL, Keys, NoKeys, Unauthorized, verify
from adapters.teams.connector import trusted
from adapters.teams.heard import Heard, heard
from adapters.teams.interact import INVOKES, Interactions

MESSAGES = "/api/messages"

LARGEST_BODY = 256 * 1024
"""Bytes. Teams itself takes no message that is larger."""

HEARD = "circlet"
"""Under which a turn carries what came, as it came: the SDK's own objects leave out what they do not know."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Door:
    """Whom we let in. ``app_id`` None: everybody, which only a process that nobody else reaches may do.

    ``tenant``: the only organisation that we are for; None for any. ``here``: what we are told to answer is on this
    machine.
    """

    app_id: str | None
    tenant: str | None
    here: bool


class Turns(ActivityHandler):  # type: ignore[misc]  # the SDK has no types
    """The SDK's kinds of turn, each handed on as it came."""

    def __init__(self, handlers: Interactions) -> None:
        self._handlers = handlers

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        self._handlers.message(turn_context.turn_state[HEARD])

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        self._handlers.happened(turn_context.turn_state[HEARD])

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        self._handlers.happened(turn_context.turn_state[HEARD])

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        one: Heard = turn_context.turn_state[HEARD]
        if one.name not in INVOKES:
            return InvokeResponse(status=501)
        return InvokeResponse(status=200, body=await self._handlers.invoke(one))


class _Silent(ConnectorFactory):  # type: ignore[misc]
    """The SDK wants a client for each turn. Nothing is sent in one: that is ``speaking.py``'s."""

    async def create(self, service_url: str, audience: str) -> object:
        del service_url, audience
        return self


class _Verified(BotFrameworkAuthentication):  # type: ignore[misc]
    """For requests that were verified before the SDK sees them."""

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        del activity, auth_header
        raise PermissionError("only what was verified gets here")

    async def authenticate_streaming_request(
        self, auth_header: str, channel_id_header: str
    ) -> AuthenticateRequestResult:
        del auth_header, channel_id_header
        raise PermissionError("nothing is streamed")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        del claims_identity
        return _Silent()

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        del claims_identity


def adapter() -> CloudAdapter:
    return CloudAdapter(_Verified())


def add_routes(
    server: web.Application, handlers: Interactions, door: Door, keys: Keys | None, now: Callable[[], datetime]
) -> None:
    """``POST /api/messages``. ``keys`` are needed where there is an app id."""
    turns, sdk = Turns(handlers), adapter()

    async def messages(request: web.Request) -> web.Response:
        if door.app_id is None and request.content_type != "application/json":
            # Any page in a browser on this machine can send text to it; JSON it cannot, without asking first.
            return web.Response(status=415)
        authorization = request.headers.get("Authorization", "")
        if door.app_id is not None and not authorization:
            return web.Response(status=401)
        told = _object(await _read(request))
        if told is None:
            return web.Response(status=400 if door.app_id is None else 401)
        refusal = await _refusal(door, keys, authorization, told, now())
        if refusal is not None:
            return web.Response(status=refusal)
        one = heard(told)
        if one is None:
            return web.Response(status=400)
        if door.tenant is not None and one.tenant != door.tenant.lower():
            log.warning("teams", outcome="another organisation")
            return web.Response(status=403)
        return await _turn(sdk, turns, one)

    server.router.add_post(MESSAGES, messages)


async def _turn(sdk: CloudAdapter, turns: Turns, one: Heard) -> web.Response:
    verified = AuthenticateRequestResult()
    verified.claims_identity = ClaimsIdentity({}, True)
    verified.connector_factory = _Silent()

    async def logic(context: TurnContext) -> None:
        context.turn_state[HEARD] = one
        await turns.on_turn(context)

    try:
        activity = Activity.deserialize(one.activity)
    except (ClientException, AttributeError, TypeError, ValueError, LookupError):
        return web.Response(status=400)
    try:
        answer = await sdk.process_activity(verified, activity, logic)
    except Exception as bug:
        report(bug, "teams")
        return web.Response(status=500)
    if answer is None:
        return web.Response(status=202)
    return web.Response(status=answer.status) if answer.body is None else web.json_response(answer.body)


async def _refusal(
    door: Door, keys: Keys | None, authorization: str, told: dict[str, Any], now: datetime
) -> int | None:
    """The status for what is not let in."""
    url, channel = told.get("serviceUrl"), told.get("channelId")
    if door.app_id is not None and keys is not None:
        try:
            await verify(authorization, keys, door.app_id, str(channel or ""), str(url or ""), now)
        except Unauthorized as problem:
            log.warning("teams", outcome="unauthorized", reason=str(problem))
            return 401
        except NoKeys:
            log.warning("teams", outcome="no keys")
            return 503
    if channel != CHANNEL or not trusted(url, here=door.here):
        log.warning("teams", outcome="not Teams")
        return 403
    return None


async def _read(request: web.Request) -> bytes:
    """The body, up to a size that nothing of Teams exceeds."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(max_size=LARGEST_BODY, actual_size=request.content_length or 0)
    body = b""
    async for part in request.content.iter_chunked(64 * 1024):
        body += part
        if len(body) > LARGEST_BODY:
            raise web.HTTPRequestEntityTooLarge(max_size=LARGEST_BODY, actual_size=len(body))
    return body


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
