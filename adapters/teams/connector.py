"""Microsoft's connector: conversations, members and activities, by plain HTTP. Knows no database and decides nothing.

The SDK's client sends from a small pool of threads: at 200 ms a message that is about twenty a second, where a tenant
takes fifty. https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from aiohttp import ClientSession, ClientTimeout
from yarl import URL

Json = dict[str, Any]

SECONDS = 8.0
"""For one call: a send ends within ten."""

LONGEST_WAIT = 3600.0

PAGE = 200


class Refused(Exception):
    """The connector answered with an error. ``code`` is its own word for it, where it says one."""

    def __init__(self, status: int, code: str = "", retry_after: str = "") -> None:
        super().__init__(f"{status} {code}".strip())
        self.status = status
        self.code = code
        self.retry_after = retry_after

    @property
    def wait(self) -> float | None:
        """Seconds until the connector wants to hear more; None where it does not say."""
        try:
            return min(max(float(self.retry_after), 0.0), LONGEST_WAIT)
        except ValueError:
            return None


class NoToken(Exception):
    """Microsoft gives us no token: why, in its own code. Nothing was sent."""


class Tokens(Protocol):
    """Who we are for the connector."""

    async def token(self, *, refused: str = "") -> str:
        """A bearer token, "" where there is no app id. ``refused``: one that is of no use. Raises NoToken."""
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """A conversation that was made, and the message that it began with, if any."""

    conversation: str
    message: str | None


class Connector:
    """Calls, each with a token and a limit of time. Raises Refused, NoToken, and aiohttp's errors."""

    def __init__(self, session: ClientSession, tokens: Tokens) -> None:
        self._session = session
        self._tokens = tokens

    async def create(self, service_url: str, body: Mapping[str, Any]) -> Made:
        told = await self._call("POST", service_url, "v3/conversations", body)
        message = told.get("activityId")
        return Made(str(told["id"]), str(message) if message else None)

    async def post(self, service_url: str, conversation: str, activity: Mapping[str, Any]) -> str:
        whole = {"conversation": {"id": conversation}, **activity}
        told = await self._call("POST", service_url, f"{_path(conversation)}/activities", whole)
        return str(told.get("id") or "")

    async def update(self, service_url: str, conversation: str, message: str, activity: Mapping[str, Any]) -> None:
        where = f"{_path(conversation)}/activities/{quote(message, safe='')}"
        await self._call("PUT", service_url, where, {**activity, "id": message})

    async def member(self, service_url: str, conversation: str, person: str) -> Json:
        return await self._call("GET", service_url, f"{_path(conversation)}/members/{quote(person, safe='')}")

    async def members(self, service_url: str, conversation: str, after: str = "") -> tuple[list[Json], str]:
        """The next of those in a conversation, of a channel of those in its team; and after what there are more."""
        more = f"&continuationToken={quote(after, safe='')}" if after else ""
        page = await self._call("GET", service_url, f"{_path(conversation)}/pagedmembers?pageSize={PAGE}{more}")
        found = page.get("members") or []
        return found, str(page.get("continuationToken") or "") if found else ""

    async def _call(self, method: str, service_url: str, path: str, body: Mapping[str, Any] | None = None) -> Json:
        url = URL(f"{service_url.rstrip('/')}/{path}", encoded=True)
        token = await self._tokens.token()
        try:
            return await self._once(method, url, body, token)
        except Refused as refusal:
            if refusal.status != 401:
                raise
        # A token may be withdrawn before its time; a refusal says that nothing was done.
        return await self._once(method, url, body, await self._tokens.token(refused=token))

    async def _once(self, method: str, url: URL, body: Mapping[str, Any] | None, token: str) -> Json:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        limit = ClientTimeout(total=SECONDS)
        # A redirect would carry our token to wherever it points.
        async with self._session.request(
            method, url, json=body, headers=headers, timeout=limit, allow_redirects=False
        ) as answer:
            if answer.status >= 300:
                raise Refused(answer.status, await _code(answer.json), answer.headers.get("Retry-After", ""))
            return await _json(answer.json)


def trusted(service_url: object, *, here: bool) -> bool:
    """Whether we may send there what only Microsoft may read: by TLS, or, ``here``, to this machine alone."""
    try:
        parts = urlsplit(str(service_url))
        host = parts.hostname or ""
    except ValueError:
        return False
    if here and parts.scheme in ("http", "https"):
        return _is_loopback(host)
    return parts.scheme == "https" and bool(host) and not parts.username and not here


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _path(conversation: str) -> str:
    return f"v3/conversations/{quote(conversation, safe='')}"


async def _json(read: Callable[..., Awaitable[Any]]) -> Json:
    try:
        told = await read(content_type=None)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


async def _code(read: Callable[..., Awaitable[Any]]) -> str:
    """The connector's word for what is wrong, of a length that fits a log."""
    error = (await _json(read)).get("error")
    inner = error.get("code") if isinstance(error, Mapping) else None
    return str(inner)[:80] if inner else ""
