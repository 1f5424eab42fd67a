"""The tables of checkpoints. Only ``store`` reads and writes them.

A call is one poll of one group, from when until when. A release is a batch of figures, published once.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from bot.storage import Instant, metadata

calls = Table(
    "checkpoint_calls",
    metadata,
    Column("group_id", Integer, ForeignKey("groups.id"), primary_key=True),
    Column("poll", Text, primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("guide", Text, nullable=False),
    Column("organiser_id", Integer, ForeignKey("people.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("opens_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    # When it next changes by itself: it opens, or it closes. Null: it is over.
    Column("due_at", Instant, index=True),
    Index("ix_checkpoint_calls_cohort", "workspace_id", "guide", "organiser_id", "poll"),
)

releases = Table(
    "checkpoint_releases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("guide", Text, nullable=False),
    Column("organiser_id", Integer, ForeignKey("people.id"), nullable=False),
    Column("poll", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("released_at", Instant, nullable=False),
    Index("ix_checkpoint_releases_cohort", "workspace_id", "guide", "organiser_id"),
)

answers = Table(
    "checkpoint_answers",
    metadata,
    Column("group_id", Integer, ForeignKey("groups.id"), primary_key=True),
    Column("poll", Text, primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True, index=True),
    # A question's id and version: "with-ease@1".
    Column("question", Text, primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("role", Text, nullable=False),
    # Exactly which words were read; see Item.wording.
    Column("wording", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("answered_at", Instant, nullable=False),
    # The one release in which it is counted. Null: in none so far.
    Column("release_id", Integer, ForeignKey("checkpoint_releases.id")),
)
