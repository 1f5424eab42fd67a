"""Installations and OAuth states in our database: slack_sdk's own stores, with every secret encrypted at rest.

Synchronous, a transaction for each call; the async methods are the same in a thread. Talks to nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import ColumnElement, MetaData, RowMapping, and_, delete, or_, select, update

from adapters.crypt import Crypt, Sealed
from adapters.slack import tables
from bot.storage import Store, insert_new, upsert

STATE_SECONDS = 600
"""How long somebody may take between *Add to Slack* and *Allow*."""

MOST_STATES = 1_000
"""How many may be on their way at once."""


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace as Slack names it; ``enterprise`` where it belongs to an organisation."""

    id: str
    enterprise: str | None


@dataclass(frozen=True, slots=True)
class Installed:
    """One installation's bot token. ``team`` is None for that of a whole organisation."""

    id: int
    team: str | None
    enterprise: str | None
    token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires: datetime | None


class Installations(SQLAlchemyInstallationStore, AsyncInstallationStore):
    """Keyed on organisation, workspace (null: all of the organisation's) and app; the newest is asked for first."""

    def __init__(self, store: Store, crypt: Crypt, client_id: str) -> None:
        super().__init__(client_id=client_id, engine=store.engine)
        self._store = store
        # slack_sdk's queries, on columns that encrypt: so none of them can forget to.
        self.metadata = MetaData()
        self.bots = tables.bots_table(self.metadata, Sealed(crypt))
        self.installations = tables.installations_table(self.metadata, Sealed(crypt))

    # ── what a sender asks ───────────────────────────────────────────────────────────────────────────────────────────

    def keep_team(self, workspace: int, team: Team) -> None:
        """Remember which of Slack's workspaces is ours with this id. Not every request names the organisation."""
        row = {"workspace_id": workspace, "team_id": team.id, "enterprise_id": team.enterprise}
        with self._store.begin() as connection:
            if team.enterprise is None:
                insert_new(connection, tables.teams, [row])
            else:
                upsert(connection, tables.teams, row)

    def team(self, workspace: int) -> Team | None:
        query = select(tables.teams).where(tables.teams.c.workspace_id == workspace)
        with self._store.begin() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return Team(row["team_id"], row["enterprise_id"]) if row else None

    def for_team(self, team: Team) -> tuple[Installed, ...]:
        """Every installation that may speak in the workspace: its own before its organisation's, the newest first."""
        c = self.bots.c
        own = c.team_id == team.id
        query = (
            select(self.bots)
            .where(c.client_id == self.client_id, c.bot_token.is_not(None), self._serving(team))
            .order_by(own.is_(True).desc(), c.installed_at.desc(), c.id.desc())
        )
        with self._store.begin() as connection:
            return tuple(_installed(row) for row in connection.execute(query).mappings())

    def one(self, installed: int) -> Installed | None:
        query = select(self.bots).where(self.bots.c.id == installed, self.bots.c.client_id == self.client_id)
        with self._store.begin() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return _installed(row) if row and row["bot_token"] else None

    def all(self) -> tuple[Installed, ...]:
        """Every installation there is, the oldest first."""
        c = self.bots.c
        query = select(self.bots).where(c.client_id == self.client_id, c.bot_token.is_not(None)).order_by(c.id)
        with self._store.begin() as connection:
            return tuple(_installed(row) for row in connection.execute(query).mappings())

    # ── changing a token before it ends ──────────────────────────────────────────────────────────────────────────────

    def begin_rotation(self, installed: Installed, now: datetime, lease: timedelta) -> bool:
        """The right to exchange the refresh token. False: another process has it, or has done it already."""
        c = self.bots.c
        unchanged = c.bot_token_expires_at == _naive(installed.expires)
        free = or_(c.rotating_until.is_(None), c.rotating_until <= now)
        claim = update(self.bots).where(c.id == installed.id, unchanged, free).values(rotating_until=now + lease)
        with self._store.begin() as connection:
            return connection.execute(claim).rowcount == 1

    def end_rotation(self, installed: Installed, changed: Installed | None) -> None:
        """Keep the new tokens; with None, let another try."""
        c = self.bots.c
        values: dict[str, Any] = {}
        if changed is not None:
            values = {
                "bot_token": changed.token,
                "bot_refresh_token": changed.refresh_token,
                "bot_token_expires_at": _naive(changed.expires),
            }
        with self._store.begin() as connection:
            row = connection.execute(select(self.bots).where(c.id == installed.id)).mappings().one_or_none()
            if row is None:
                return
            connection.execute(update(self.bots).where(c.id == installed.id).values(**values, rotating_until=None))
            if values:
                twin = self._twin(row)
                connection.execute(update(self.installations).where(twin).values(**values))

    # ── when Circlet is removed ──────────────────────────────────────────────────────────────────────────────────────

    def forget(self, installed: Installed) -> None:
        """A token that Slack has revoked."""
        c = self.bots.c
        with self._store.begin() as connection:
            row = connection.execute(select(self.bots).where(c.id == installed.id)).mappings().one_or_none()
            if row is not None:
                connection.execute(delete(self.installations).where(self._twin(row)))
                connection.execute(delete(self.bots).where(c.id == installed.id))

    def forget_team(self, team: str | None, enterprise: str | None, before: datetime) -> None:
        """What was installed in the workspace (None: in the whole organisation) before Slack said that it is gone.

        Slack tells of a removal up to three times and minutes late: a newer installation has to survive that.
        """
        with self._store.begin() as connection:
            for table in (self.bots, self.installations):
                c = table.c
                where = c.team_id == team if team else and_(c.team_id.is_(None), c.enterprise_id == enterprise)
                old = c.installed_at <= _naive(before)
                connection.execute(delete(table).where(c.client_id == self.client_id, where, old))

    def _serving(self, team: Team) -> ColumnElement[bool]:
        c = self.bots.c
        own = c.team_id == team.id
        if team.enterprise is None:
            return own
        return or_(own, and_(c.team_id.is_(None), c.enterprise_id == team.enterprise))

    def _twin(self, row: RowMapping) -> ColumnElement[bool]:
        """The row of ``slack_installations`` that was kept with this one of ``slack_bots``."""
        names = ("client_id", "enterprise_id", "team_id", "installed_at")
        return and_(*(self.installations.c[name] == row[name] for name in names))

    # ── slack_sdk's interface for Bolt ───────────────────────────────────────────────────────────────────────────────

    async def async_save(self, installation: Installation) -> None:
        await asyncio.to_thread(self.save, installation)

    async def async_save_bot(self, bot: Bot) -> None:
        await asyncio.to_thread(self.save_bot, bot)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        return await asyncio.to_thread(
            self.find_bot, enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        return await asyncio.to_thread(
            self.find_installation,
            enterprise_id=enterprise_id,
            team_id=team_id,
            user_id=user_id,
            is_enterprise_install=is_enterprise_install,
        )

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await asyncio.to_thread(self.delete_bot, enterprise_id=enterprise_id, team_id=team_id)

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        await asyncio.to_thread(self.delete_installation, enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)


class States(SQLAlchemyOAuthStateStore, AsyncOAuthStateStore):
    """What proves that who comes back from Slack is who went there. Each is good once."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__(expiration_seconds=STATE_SECONDS, engine=store.engine)
        self._now = now

    async def async_issue(self, *_: Any, **__: Any) -> str:
        return await asyncio.to_thread(self._issue)

    async def async_consume(self, state: str) -> bool:
        return await asyncio.to_thread(self.consume, state)

    def _issue(self) -> str:
        # Whoever did not come back leaves a row behind, and anybody may come: so many of the newest are kept.
        c = self.oauth_states.c
        newest = select(c.id).order_by(c.id.desc()).limit(MOST_STATES - 1)
        with self.engine.begin() as connection:
            over = or_(c.expire_at <= _naive(self._now()), c.id.not_in(newest))
            connection.execute(delete(self.oauth_states).where(over))
        return str(self.issue())


def _installed(row: RowMapping) -> Installed:
    expires = row["bot_token_expires_at"]
    return Installed(
        id=row["id"],
        team=row["team_id"],
        enterprise=row["enterprise_id"],
        token=row["bot_token"],
        refresh_token=row["bot_refresh_token"],
        expires=expires.replace(tzinfo=UTC) if expires else None,
    )


def _naive(moment: datetime | None) -> datetime | None:
    """As slack_sdk keeps instants: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
