"""The tables of Slack installations: the columns that slack_sdk's stores want, in our database and under our names.

``store`` reads and writes them. A platform has no say in who else may: nothing outside ``adapters/slack`` does, but for
``circlet secrets rotate``, which encrypts anew what ``SEALED`` names.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeEngine

from bot.storage import Instant, metadata

BOT_SECRETS = ("bot_token", "bot_refresh_token")
INSTALLATION_SECRETS = (
    *BOT_SECRETS,
    "user_token",
    "user_refresh_token",
    "incoming_webhook_url",
    "incoming_webhook_configuration_url",
)


def bots_table(into: MetaData, secret: TypeEngine[str]) -> Table:
    """The bot's token for each installation. ``secret`` is the type of the columns that hold secrets.

    The naive instants are slack_sdk's, in UTC. Its own tables have room for 200 characters of a token, which an
    encrypted one does not fit into.
    """
    return Table(
        "slack_bots",
        into,
        Column("id", Integer, primary_key=True),
        Column("client_id", String(32), nullable=False),
        Column("app_id", String(32), nullable=False),
        Column("enterprise_id", String(32)),
        Column("enterprise_name", Text),
        # Null: installed for all workspaces of an organisation.
        Column("team_id", String(32)),
        Column("team_name", Text),
        Column("bot_token", secret),
        Column("bot_id", String(32)),
        Column("bot_user_id", String(32)),
        Column("bot_scopes", Text),
        Column("bot_refresh_token", secret),
        Column("bot_token_expires_at", DateTime),
        Column("is_enterprise_install", Boolean, nullable=False),
        Column("installed_at", DateTime, nullable=False),
        # Ours: until then one process has the right to exchange the refresh token, which can be done once.
        Column("rotating_until", Instant),
        Index("ix_slack_bots_team_id", "team_id"),
        Index("ix_slack_bots_enterprise_id", "enterprise_id"),
    )


def installations_table(into: MetaData, secret: TypeEngine[str]) -> Table:
    """Who installed the app where. ``secret`` is the type of the columns that hold secrets."""
    return Table(
        "slack_installations",
        into,
        Column("id", Integer, primary_key=True),
        Column("client_id", String(32), nullable=False),
        Column("app_id", String(32), nullable=False),
        Column("enterprise_id", String(32)),
        Column("enterprise_name", Text),
        Column("enterprise_url", Text),
        Column("team_id", String(32)),
        Column("team_name", Text),
        Column("bot_token", secret),
        Column("bot_id", String(32)),
        Column("bot_user_id", String(32)),
        Column("bot_scopes", Text),
        Column("bot_refresh_token", secret),
        Column("bot_token_expires_at", DateTime),
        Column("user_id", String(32), nullable=False),
        Column("user_token", secret),
        Column("user_scopes", Text),
        Column("user_refresh_token", secret),
        Column("user_token_expires_at", DateTime),
        Column("incoming_webhook_url", secret),
        Column("incoming_webhook_channel", Text),
        Column("incoming_webhook_channel_id", String(32)),
        Column("incoming_webhook_configuration_url", secret),
        Column("is_enterprise_install", Boolean, nullable=False),
        Column("token_type", String(32)),
        Column("installed_at", DateTime, nullable=False),
        Index("ix_slack_installations_team_id", "team_id"),
        Index("ix_slack_installations_enterprise_id", "enterprise_id"),
    )


bots = bots_table(metadata, Text())
installations = installations_table(metadata, Text())

states = Table(
    "slack_oauth_states",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String(200), nullable=False),
    Column("expire_at", DateTime, nullable=False),
)

teams = Table(
    "slack_teams",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), primary_key=True),
    Column("team_id", String(32), nullable=False),
    # How a workspace of an organisation finds the installation that is the organisation's.
    Column("enterprise_id", String(32)),
)

SEALED = ((bots, BOT_SECRETS), (installations, INSTALLATION_SECRETS))
"""Every column that is encrypted at rest, by table."""
