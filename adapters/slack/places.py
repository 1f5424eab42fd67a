"""Where things are in Slack: the conversation of each address, and whom we have invited there. Talks to nobody."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, delete, select

from bot.storage import metadata, upsert

conversations = Table(
    "slack_conversations",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), primary_key=True),
    # "home:17" or "direct:U0ANA".
    Column("address", Text, primary_key=True),
    Column("conversation", Text, nullable=False),
    # Those whom we have invited, by their ids, in their order, a space between; a private message names nobody.
    Column("members", Text, nullable=False),
)

Place = tuple[str, frozenset[str]]
"""A conversation, and whom we have invited there."""


def find(connection: Connection, workspace: int, address: str) -> Place | None:
    ours = (conversations.c.workspace_id == workspace, conversations.c.address == address)
    row = connection.execute(select(conversations).where(*ours)).mappings().one_or_none()
    return None if row is None else (row["conversation"], frozenset(row["members"].split()))


def keep(connection: Connection, workspace: int, address: str, conversation: str, members: Iterable[str]) -> None:
    """Remember a conversation and whom we have invited there, instead of what was remembered."""
    names = " ".join(sorted(members))
    row = {"workspace_id": workspace, "address": address, "conversation": conversation, "members": names}
    upsert(connection, conversations, row)


def forget(connection: Connection, workspace: int, address: str) -> None:
    """It is gone, or is not where we thought."""
    ours = (conversations.c.workspace_id == workspace, conversations.c.address == address)
    connection.execute(delete(conversations).where(*ours))


def taken(connection: Connection, workspace: int) -> frozenset[str]:
    """Every conversation of the workspace that belongs to an address."""
    mine = conversations.c.workspace_id == workspace
    return frozenset(connection.execute(select(conversations.c.conversation).where(mine)).scalars())
