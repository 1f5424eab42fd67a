"""The tables of Teams: where people and conversations are reached, and which parts of a post stand.

``store`` reads and writes them; nothing outside ``adapters/teams`` does.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from bot.storage import Instant, metadata

tenants = Table(
    "teams_tenants",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), primary_key=True),
    Column("tenant", Text, nullable=False),
    # Where Microsoft's connector answers for this organisation, as its own token last said.
    Column("service_url", Text, nullable=False),
    # The bot's own id there, "28:" and the app's.
    Column("bot", Text, nullable=False),
)

conversations = Table(
    "teams_conversations",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), primary_key=True),
    # As Teams names it: "19:…@thread.tacv2" is a channel, with ";messageid=…" after it one of its threads.
    Column("conversation", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    # The team that a channel is in.
    Column("team", Text),
    Column("service_url", Text, nullable=False),
    # Whether the app is installed there, as far as we were told.
    Column("present", Boolean, nullable=False),
    Index("ix_teams_conversations_workspace_id_team", "workspace_id", "team"),
)

people = Table(
    "teams_people",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), primary_key=True),
    # The directory's id of somebody, by which the core knows them.
    Column("person", Text, primary_key=True),
    # The connector's id, "29:…", which is another one for each bot.
    Column("user", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text),
    # Their own chat with the bot, once there is one.
    Column("chat", Text),
    # The shared conversation in which they last acted or were named.
    Column("seen_in", Text),
    # When they were told there how to add the app.
    Column("hinted_at", Instant),
    Index("ix_teams_people_workspace_id_user", "workspace_id", "user"),
    Index("ix_teams_people_workspace_id_chat", "workspace_id", "chat"),
)

parts = Table(
    "teams_parts",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), primary_key=True),
    # Of a post that is several messages: its key, and which of them.
    Column("key", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("conversation", Text, nullable=False),
    Column("message", Text, nullable=False),
    Index("ix_teams_parts_workspace_id_part", "workspace_id", "part"),
)
