"""Whose token speaks in a workspace, ready to be used: found, changed before it ends, and known to be alive.

``SingleTokens`` has the one token of SLACK_BOT_TOKEN, ``OAuthTokens`` those of the installations in the database.
Posts nothing and keeps nothing but through ``store``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.delivery.courier import DeliveryFailed
from adapters.slack.store import Installations, Installed, Team
from bot.app import Bot
from bot.i18n import N_

PLATFORM = "slack"

TIMEOUT = 8
"""Seconds for one call: a send has to end within 10."""

ROTATE_BEFORE = timedelta(hours=2)
"""How long before its end a token is exchanged. Slack's live for 12 hours."""

ROTATION = timedelta(seconds=30)
"""How long one process has the sole right to exchange a refresh token."""

FOUND_FOR = timedelta(seconds=30)
"""How long a token that was found is used without asking the database again."""

ALIVE_FOR = timedelta(minutes=10)
"""How long a token that Slack has accepted is not asked about again."""

WAITS = 10
"""How often, at half a second, one waits for another process that exchanges a token which has ended."""

SOON = timedelta(seconds=60)
LATER = timedelta(minutes=5)

REVOKED = frozenset({"account_inactive", "token_revoked"})
"""What Slack says of a token that will never be good again."""

REFUSED = frozenset({"invalid_auth", "not_authed", "token_expired", "not_allowed_token_type"})
"""What it says of one that is not good now; also where its calls come from an address that is not allowed."""

log = structlog.get_logger(__name__)


class NotInstalled(DeliveryFailed):
    """There is no token for the workspace; posts are parked until somebody looks."""

    WHY = N_("Circlet is not installed in this Slack workspace. An administrator can install it again")

    def __init__(self) -> None:
        super().__init__(self.WHY)


class Tokens(Protocol):
    """Where senders and listeners get their client from."""

    async def client(self, workspace: int) -> AsyncWebClient:
        """A client ready to post: its token outlives the call, and it never sends anything twice by itself.

        Raises DeliveryFailed, NotInstalled where no token is left.
        """
        ...

    async def workspace(self, team: str, name: str, enterprise: str | None = None) -> int:
        """Our id of a workspace, as each of Slack's requests names it."""
        ...

    def doubt(self, workspace: int) -> None:
        """Slack has refused the token: make sure of it before it is used again."""
        ...


def web_client(
    token: str | None, api_url: str, *, team: str | None = None, session: ClientSession | None = None
) -> AsyncWebClient:
    """Without slack_sdk's handlers, which send again what may have arrived. ``team`` goes with every call."""
    return AsyncWebClient(
        token=token, base_url=api_url, timeout=TIMEOUT, team_id=team, retry_handlers=[], session=session
    )


class SingleTokens:
    """One workspace, one token, from the settings."""

    def __init__(
        self,
        token: str,
        api_url: str,
        bot: Bot,
        now: Callable[[], datetime],
        session: ClientSession | None = None,
    ) -> None:
        self.only = web_client(token, api_url, session=session)
        self._bot = bot
        self._now = now
        self._ours: int | None = None

    async def client(self, workspace: int) -> AsyncWebClient:
        # A database may know workspaces from a time with OAuth: this token must not speak for them.
        if self._ours is None:
            self._ours = await self._ask()
        if workspace != self._ours:
            raise NotInstalled
        return self.only

    async def workspace(self, team: str, name: str, enterprise: str | None = None) -> int:  # noqa: ARG002
        return await asyncio.to_thread(self._bot.workspace, PLATFORM, team, name)

    def doubt(self, workspace: int) -> None:  # noqa: ARG002
        self._ours = None

    async def awake(self) -> None:
        """Try the token once, as it may not have been good for a while; where Slack does not answer, a post will."""
        with suppress(DeliveryFailed):
            self._ours = await self._ask()

    async def _ask(self) -> int:
        """Our workspace. What was parked there while the app was removed, or its token revoked, is due again."""
        try:
            said = await self.only.auth_test()
        except SlackApiError as error:
            if error_code(error) in REVOKED:
                raise NotInstalled from None
            reason = N_("Slack refuses SLACK_BOT_TOKEN; circlet check says more") + f" ({error_code(error)})"
            raise DeliveryFailed(reason, self._now() + LATER) from None
        except (ClientError, SlackClientError, TimeoutError, OSError):
            raise DeliveryFailed(N_("Slack cannot be reached"), self._now() + SOON) from None
        ours = await self.workspace(said["team_id"], said.get("team") or said["team_id"])
        await asyncio.to_thread(self._bot.revive, ours, NotInstalled.WHY, self._now())
        return ours


@dataclass(frozen=True, slots=True)
class Credentials:
    """What proves to Slack that it is our app that asks for tokens."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Found:
    installed: Installed
    client: AsyncWebClient
    until: datetime


class OAuthTokens:
    """Many workspaces and organisations, each with the tokens that it gave when the app was installed."""

    def __init__(
        self,
        installations: Installations,
        bot: Bot,
        credentials: Credentials,
        api_url: str,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        session: ClientSession | None = None,
    ) -> None:
        self.installations = installations
        self._bot = bot
        self._credentials = credentials
        self._api_url = api_url
        self._now = now
        self._sleep = sleep
        self._session = session
        self._found: dict[int, _Found] = {}
        self._alive: dict[int, tuple[str, datetime]] = {}
        self._workspaces: dict[tuple[str, str | None], int] = {}

    async def client(self, workspace: int) -> AsyncWebClient:
        found = self._found.get(workspace)
        if found is None or found.until <= self._now():
            found = await self._find(workspace)
            self._found[workspace] = found
        return found.client

    async def workspace(self, team: str, name: str, enterprise: str | None = None) -> int:
        key = (team, enterprise)
        if key not in self._workspaces:
            workspace = await asyncio.to_thread(self._bot.workspace, PLATFORM, team, name)
            await asyncio.to_thread(self.installations.keep_team, workspace, Team(team, enterprise))
            self._workspaces[key] = workspace
        return self._workspaces[key]

    def doubt(self, workspace: int) -> None:
        if found := self._found.pop(workspace, None):
            self._alive.pop(found.installed.id, None)

    async def removed(self, team: str | None, enterprise: str | None, at: datetime) -> None:
        """Slack says that the app was removed, or that tokens were revoked: forget what is no longer good.

        ``at`` is when that happened. What was installed for the whole organisation, and what is newer, is asked about.
        """
        self._found.clear()
        self._alive.clear()
        if team is not None:
            await asyncio.to_thread(self.installations.forget_team, team, None, at)
            await self._forget_dead(Team(team, enterprise))
        else:
            await asyncio.to_thread(self.installations.forget_team, None, enterprise, at)
        log.info("slack removed", outcome="forgotten", team=team, enterprise=enterprise)

    async def revoked(self, team: str | None, enterprise: str | None) -> None:
        """Slack says that a token was revoked, not which: ask about each."""
        self._found.clear()
        self._alive.clear()
        await self._forget_dead(Team(team or "", enterprise))

    async def _forget_dead(self, team: Team) -> None:
        for installed in await asyncio.to_thread(self.installations.for_team, team):
            await self._is_good(installed)

    async def _find(self, workspace: int) -> _Found:
        """The first installation that is alive. Of two, a dead one must not stop the other."""
        team = await asyncio.to_thread(self.installations.team, workspace)
        refused = False
        for kept in await asyncio.to_thread(self.installations.for_team, team) if team else ():
            installed = await self._fresh(kept)
            good = installed is not None and await self._is_good(installed)
            if installed is not None and good:
                whose = team.id if team and installed.team is None else None
                client = web_client(installed.token, self._api_url, team=whose, session=self._session)
                return _Found(installed, client, self._now() + FOUND_FOR)
            refused = refused or good is None or installed is None
        if refused:
            raise DeliveryFailed(N_("Slack refuses Circlet's token for this workspace"), self._now() + LATER)
        raise NotInstalled

    async def _is_good(self, installed: Installed) -> bool | None:
        """Whether Slack accepts the token; None: not now. Forgets one that it never will again."""
        token, until = self._alive.get(installed.id, ("", self._now()))
        if token == installed.token and until > self._now():
            return True
        try:
            await web_client(installed.token, self._api_url, session=self._session).auth_test()
        except SlackApiError as error:
            code = error_code(error)
            if code in REVOKED:
                await asyncio.to_thread(self.installations.forget, installed)
                log.warning("slack token", outcome="forgotten", reason=code, team=installed.team)
                return False
            return None if code in REFUSED else True
        except (ClientError, SlackClientError, TimeoutError, OSError):
            # Nothing is known; the post that the token is wanted for will find out.
            return True
        self._alive[installed.id] = (installed.token, self._now() + ALIVE_FOR)
        return True

    async def _fresh(self, installed: Installed) -> Installed | None:
        """The installation with a token that does not end soon; None where it has ended and cannot be exchanged."""
        for _ in range(WAITS):
            if installed.expires is None or installed.expires > self._now() + ROTATE_BEFORE:
                return installed
            begun = await asyncio.to_thread(self.installations.begin_rotation, installed, self._now(), ROTATION)
            if begun:
                return await self._rotate(installed)
            changed = await asyncio.to_thread(self.installations.one, installed.id)
            if changed is None:
                return None
            if changed == installed and _lasts(installed, self._now()):
                return installed
            if changed == installed:
                await self._sleep(0.5)
            installed = changed
        raise DeliveryFailed(N_("the token of this workspace is being changed"), self._now() + SOON)

    async def _rotate(self, installed: Installed) -> Installed | None:
        """Exchange the refresh token. Only with the right to do so, which is given back here."""
        changed: Installed | None = None
        try:
            said = await web_client(None, self._api_url, session=self._session).oauth_v2_access(
                client_id=self._credentials.client_id,
                client_secret=self._credentials.client_secret,
                grant_type="refresh_token",
                refresh_token=installed.refresh_token,
            )
            expires = self._now().replace(microsecond=0) + timedelta(seconds=int(said["expires_in"]))
            changed = replace(
                installed, token=said["access_token"], refresh_token=said["refresh_token"], expires=expires
            )
        except SlackApiError as error:
            log.warning("slack token", outcome="not rotated", reason=error_code(error), team=installed.team)
            return installed if _lasts(installed, self._now()) else None
        except (ClientError, SlackClientError, TimeoutError, OSError):
            if _lasts(installed, self._now()):
                return installed
            raise DeliveryFailed(N_("Slack cannot be reached"), self._now() + SOON) from None
        else:
            log.info("slack token", outcome="rotated", team=installed.team)
            return changed
        finally:
            await asyncio.to_thread(self.installations.end_rotation, installed, changed)


def _lasts(installed: Installed, now: datetime) -> bool:
    return installed.expires is None or installed.expires > now + SOON


def error_code(error: SlackApiError) -> str:
    """Slack's word for what went wrong: never more of its answer."""
    found = error.response.get("error") if error.response is not None else None
    return str(found or "unknown_error")
