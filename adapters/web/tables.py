"""The tables of the local chat's own server. Only ``board`` reads and writes them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage import Instant, metadata

conversations = Table(
    "web_conversations",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
)

members = Table(
    "web_members",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("conversation", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    ForeignKeyConstraint(["workspace_id", "conversation"], ["web_conversations.workspace_id", "web_conversations.id"]),
)

messages = Table(
    "web_messages",
    metadata,
    # The order of a conversation: simulated time stands still while much is said.
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("author", Text, nullable=False),
    # Null: all members see it.
    Column("seen_by", Text),
    Column("text", Text, nullable=False),
    Column("blocks", Text, nullable=False),
    Column("edited", Boolean, nullable=False),
    # For posts: what makes each of them one message, and the lane token it was sent under.
    Column("post_key", Text),
    Column("lane", Integer, nullable=False),
    UniqueConstraint("workspace_id", "post_key"),
    Index("ix_web_messages_workspace_id_conversation_id", "workspace_id", "conversation", "id"),
    ForeignKeyConstraint(["workspace_id", "conversation"], ["web_conversations.workspace_id", "web_conversations.id"]),
)

reads = Table(
    "web_reads",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), primary_key=True),
    Column("conversation", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    # The last message that was there when the person looked.
    Column("seen", Integer, nullable=False),
)

clocks = Table(
    "web_clock",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), primary_key=True),
    Column("now", Instant, nullable=False),
)
