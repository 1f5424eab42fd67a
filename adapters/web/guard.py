"""What stands before the local chat's routes: only this machine is served, and every error is answered as JSON.

The chat has no log-in. A page elsewhere that talks this machine's browser into a request, by a name that it points here
or from its own origin, is turned away.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from adapters.logs import report
from adapters.web.board import NotThere
from adapters.web.parse import BadRequest, Body
from adapters.web.parse import body as parsed
from adapters.web.render import JSON
from bot.errors import ConfigError

LARGEST_BODY = 64 * 1024

_HERE = r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?"
_HOST = re.compile(_HERE, re.IGNORECASE)
_ORIGIN = re.compile(rf"https?://{_HERE}", re.IGNORECASE)

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def loopback(host: str) -> str:
    """The address to listen on. Raises ConfigError where others than this machine could reach it."""
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise ConfigError(f"HOST: the local chat has no log-in and listens on 127.0.0.1 or ::1 only, not on {host}")
    return str(address)


def protect(app: web.Application) -> None:
    """Put the guard before every route of the application."""
    app.middlewares.extend([_errors, _local])
    app.on_response_prepare.append(_harden)


async def body(request: web.Request) -> Body:
    """The JSON object that was sent. Raises BadRequest."""
    if request.content_type != "application/json":
        raise BadRequest("body: the content type must be application/json")
    try:
        return parsed(await request.read())
    except web.HTTPRequestEntityTooLarge:
        raise BadRequest(f"body: at most {LARGEST_BODY // 1024} kB") from None


def answer(data: object, status: int = 200) -> web.Response:
    return web.json_response(data, status=status, headers={"Cache-Control": "no-store"})


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except BadRequest as problem:
        return _problem(400, str(problem))
    except NotThere as problem:
        return _problem(404, str(problem))
    except web.HTTPException as problem:
        if problem.status < 400:
            raise
        return _problem(problem.status, f"{request.method} {request.path}: {problem.reason}")
    except Exception as bug:
        incident = report(bug, "request")
        return _problem(500, f"Something went wrong on our side (id {incident}). Nothing you typed was lost.")


@web.middleware
async def _local(request: web.Request, handler: Handler) -> web.StreamResponse:
    # Whatever socket this was put behind: nobody from outside is served.
    if request.remote is None or not ipaddress.ip_address(request.remote).is_loopback:
        return _problem(403, "only this machine is served")
    if not _HOST.fullmatch(request.headers.get("Host", "")):
        return _problem(403, "Host: only this machine is served, by the names localhost, 127.0.0.1 and [::1]")
    origin = request.headers.get("Origin")
    if origin is not None and not _ORIGIN.fullmatch(origin):
        return _problem(403, "Origin: only pages of this machine are served")
    return await handler(request)


async def _harden(_: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def _problem(status: int, error: str) -> web.Response:
    problem: JSON = {"error": error}
    return answer(problem, status)
