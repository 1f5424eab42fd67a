"""Slack's requests, by HTTP and by Socket Mode: verified, and handed to Bolt, which hands them to our handlers.

https://docs.slack.dev/authentication/verifying-requests-from-slack and …/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from itertools import count

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from adapters.logs import report
from adapters.slack.answer import FAILURES, code
from adapters.slack.installations import OAuthTokens, web_client
from adapters.slack.interact import Interactions
from adapters.slack.oauth import listen_for_removal
from adapters.slack.quiet import library, unsaid

EVENTS = "/slack/events"
ANYTHING = re.compile(r".*", re.DOTALL)

LONGEST_PAUSE = 60.0
"""Seconds between two tries to connect, after some that failed."""

log = structlog.get_logger(__name__)


def build_app(
    handlers: Interactions, tokens: OAuthTokens | None = None, flow: AsyncOAuthFlow | None = None
) -> AsyncApp:
    """Bolt with our handlers. ``tokens`` and ``flow``: where workspaces are added by *Add to Slack*.

    It neither verifies nor authorises: the first is done before it, the second after the acknowledgement.
    """
    # Bolt finds SLACK_BOT_TOKEN in the environment by itself, and warns that it will not use it.
    with unsaid():
        app = AsyncApp(
            name="circlet",
            logger=library(),
            signing_secret="",
            authorize=_Anybody(),
            oauth_flow=flow,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            # What tells us that a post stands is an event of our own doing.
            ignoring_self_events_enabled=False,
        )
    if tokens is not None:
        listen_for_removal(app, tokens)
    app.middleware(handlers.receipt)
    # Whatever the manifest calls it: an installation may have given it another name.
    app.command(ANYTHING)(handlers.command)
    app.action(ANYTHING)(handlers.press)
    app.view(ANYTHING)(handlers.submission)
    app.event(ANYTHING)(handlers.event)
    app.error(_broken)
    return app


class _Anybody(AsyncAuthorize):
    """Lets every request in: it was verified. Bolt's own would ask the database and Slack before acknowledging it."""

    def __init__(self) -> None:
        pass

    async def __call__(self, *, context: AsyncBoltContext, **_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=context.enterprise_id, team_id=context.team_id)


# ── HTTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def add_routes(server: web.Application, app: AsyncApp, signing_secret: str) -> None:
    """``POST /slack/events``: everything that Slack sends."""
    verifier = SignatureVerifier(signing_secret)

    async def events(request: web.Request) -> web.Response:
        body = (await request.read()).decode(errors="replace")
        if not genuine(verifier, body, request.headers):
            return web.Response(status=401)
        try:
            asked = AsyncBoltRequest(body=body, query=request.query_string, headers=dict(request.headers))
        except (ValueError, TypeError, AttributeError):
            # Signed, and yet nothing that Slack sends: Bolt stumbles over a body that is no object.
            return web.Response(status=400)
        return await to_aiohttp_response(await app.async_dispatch(asked))

    server.router.add_post(EVENTS, events)


def genuine(verifier: SignatureVerifier, body: str, headers: Mapping[str, str]) -> bool:
    """Whether Slack signed this, within the last five minutes."""
    at, signature = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
    if not (at.isascii() and at.isdigit() and len(at) < 15 and signature.isascii()):
        return False
    return bool(verifier.is_valid(body, at, signature))


# ── Socket Mode ──────────────────────────────────────────────────────────────────────────────────────────────────────


def socket_mode(app: AsyncApp, app_token: str, api_url: str) -> Callable[[web.Application], AsyncIterator[None]]:
    """For as long as the server runs, a connection to Slack. One that cannot be made yet does not stop the server."""

    async def connected(_: web.Application) -> AsyncIterator[None]:
        handler = AsyncSocketModeHandler(app, app_token, logger=library(), web_client=web_client(app_token, api_url))
        connecting = asyncio.create_task(_connect(handler))
        yield
        connecting.cancel()
        await handler.close_async()  # type: ignore[no-untyped-call]

    return connected


async def _connect(handler: AsyncSocketModeHandler) -> None:
    """Until it holds; from then on the library reconnects by itself."""
    for tried in count():
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call]
        except FAILURES as problem:
            log.warning("socket mode", outcome="not connected", reason=code(problem))
            await asyncio.sleep(min(2.0**tried, LONGEST_PAUSE))
        else:
            log.info("socket mode", outcome="connected")
            return


async def _broken(error: Exception) -> None:
    report(error, "slack")
