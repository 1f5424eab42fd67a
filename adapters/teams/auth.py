"""Whether a request is Microsoft's: its token's signature, issuer, audience, time, endorsements and service URL.

The SDK's own check answers 500 to a malformed token, fails on a key it does not know yet, and fetches keys without a
limit of time, on the thread that serves everybody. So the check is ours; it rests on PyJWT, as the SDK's does.
https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"

SKEW = timedelta(minutes=5)
"""How far apart our clock and Microsoft's may be."""

FRESH = timedelta(hours=24)
"""How long keys are believed without asking again."""

SELDOM = timedelta(minutes=1)
"""How often we ask again because of a key that we do not know: anybody can name one."""

SOON = timedelta(seconds=5)
"""How often while we have none at all."""

FETCH_SECONDS = 5.0
WAIT_SECONDS = 0.9
"""How long a request waits for keys: an invoke has three seconds for everything."""

log = structlog.get_logger(__name__)


class Unauthorized(Exception):
    """Not Microsoft's, or not meant for us. The reason is for the log: ids and claims' names, never a token."""


class NoKeys(Exception):
    """Nobody can tell at the moment: Microsoft's keys could not be fetched."""


@dataclass(frozen=True, slots=True)
class Key:
    public: Any
    endorsements: frozenset[str]


class Keys:
    """Microsoft's public keys by their ids, fetched when they are needed and again when they have changed."""

    def __init__(self, session: ClientSession, url: str, now: Callable[[], datetime]) -> None:
        self._session = session
        self._url = url
        self._now = now
        self._keys: dict[str, Key] = {}
        self._fetched: datetime | None = None
        self._tried: datetime | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> Key | None:
        """The key; None where Microsoft has none of that id. Raises NoKeys where that cannot be found out."""
        if kid not in self._keys or self._fetched is None or self._now() - self._fetched >= FRESH:
            await self.refresh()
        if not self._keys:
            raise NoKeys
        return self._keys.get(kid)

    async def refresh(self) -> None:
        """Fetch the keys, once however many ask for it, and seldom. What is known stays known where that fails."""
        if self._fetching is None or self._fetching.done():
            if self._tried is not None and self._now() - self._tried < (SELDOM if self._keys else SOON):
                return
            self._tried = self._now()
            self._fetching = asyncio.create_task(self._fetch())
        await asyncio.wait({self._fetching}, timeout=WAIT_SECONDS)

    async def close(self) -> None:
        if self._fetching is not None and not self._fetching.done():
            self._fetching.cancel()
            await asyncio.wait({self._fetching})

    async def _fetch(self) -> None:
        try:
            metadata = await self._get(self._url)
            told = await self._get(str(metadata["jwks_uri"]))
            self._keys = dict(_key(one) for one in told["keys"] if one.get("kty") == "RSA" and one.get("kid"))
        except (ClientError, TimeoutError, OSError, LookupError, TypeError, ValueError, jwt.PyJWTError) as problem:
            log.warning("teams keys", outcome="not fetched", reason=type(problem).__name__)
        else:
            self._fetched = self._now()
            log.info("teams keys", outcome="fetched", count=len(self._keys))

    async def _get(self, url: str) -> Any:
        async with self._session.get(url, timeout=ClientTimeout(total=FETCH_SECONDS)) as answer:
            answer.raise_for_status()
            return await answer.json(content_type=None)


def _key(told: Mapping[str, Any]) -> tuple[str, Key]:
    return str(told["kid"]), Key(RSAAlgorithm.from_jwk(json.dumps(told)), frozenset(told.get("endorsements") or ()))


async def verify(header: str, keys: Keys, app_id: str, channel: str, service_url: str, now: datetime) -> None:
    """Raises Unauthorized where this token does not say that Microsoft sent us this from there; NoKeys."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token or " " in token:
        raise Unauthorized("no bearer token")
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except (jwt.PyJWTError, ValueError, TypeError) as problem:
        raise Unauthorized(f"malformed ({type(problem).__name__})") from None
    key = await keys.find(kid) if isinstance(kid, str) else None
    if key is None:
        raise Unauthorized("an unknown key")
    try:
        # What depends on the time is looked at below, by the time that we are given.
        claims = jwt.decode(
            token,
            key.public,
            algorithms=["RS256"],
            audience=app_id,
            issuer=ISSUER,
            options={"require": ["exp"], "verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
        _check_time(claims, now)
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as problem:
        raise Unauthorized(type(problem).__name__) from None
    if key.endorsements and channel not in key.endorsements:
        raise Unauthorized("a key that does not vouch for this channel")
    # Without this claim nobody vouches for where we would send our own token to.
    if not service_url or _plain(claims.get("serviceurl")) != _plain(service_url):
        raise Unauthorized("another service URL")


def _check_time(claims: Mapping[str, Any], now: datetime) -> None:
    if datetime.fromtimestamp(float(claims["exp"]), UTC) + SKEW <= now:
        raise jwt.ExpiredSignatureError
    if "nbf" in claims and datetime.fromtimestamp(float(claims["nbf"]), UTC) - SKEW > now:
        raise jwt.ImmatureSignatureError


def _plain(url: object) -> str:
    return str(url or "").rstrip("/")
