"""Where a group is spoken to besides its own workspace: its homes in others, and what is said to people there.

A group has a home elsewhere only while its workspace is linked with that one; see ``bot/people/store.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    column,
    delete,
    select,
    table,
    update,
)

from bot.outbox.rules import Due
from bot.storage import insert_new, metadata

homes_elsewhere = Table(
    "homes_elsewhere",
    metadata,
    Column("group_id", Integer, ForeignKey("groups.id"), primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), primary_key=True),
    # Null: the next post to it makes it.
    Column("conversation", Text),
    Index("ix_homes_elsewhere_workspace_id_conversation", "workspace_id", "conversation"),
)

# All that is needed of people here; their own table stands above the outbox.
_people = table("people", column("id"), column("workspace_id"))


def settle_in(connection: Connection, group: int, workspace: int) -> None:
    """The group has somebody there, and from now on a home."""
    insert_new(connection, homes_elsewhere, [{"group_id": group, "workspace_id": workspace, "conversation": None}])


def move_in(connection: Connection, workspace: int, group: int, conversation: str | None) -> None:
    """The group's home there is this conversation; None: the next post makes one."""
    ours = (homes_elsewhere.c.group_id == group) & (homes_elsewhere.c.workspace_id == workspace)
    empty = homes_elsewhere.c.conversation.is_(None) if conversation is not None else ours
    connection.execute(update(homes_elsewhere).where(ours, empty).values(conversation=conversation))


def give_up(connection: Connection, workspace: int, groups: Collection[int]) -> None:
    """These groups have no home there any more, and nothing more is said of them there."""
    theirs = homes_elsewhere.c.workspace_id == workspace
    connection.execute(delete(homes_elsewhere).where(theirs, homes_elsewhere.c.group_id.in_(groups)))


def homes_of(connection: Connection, groups: Collection[int]) -> Mapping[int, tuple[tuple[int, str | None], ...]]:
    """By group, its homes elsewhere: workspace and conversation."""
    if not groups:
        return {}
    rows = connection.execute(
        select(homes_elsewhere).where(homes_elsewhere.c.group_id.in_(groups)).order_by(homes_elsewhere.c.workspace_id)
    )
    found: dict[int, tuple[tuple[int, str | None], ...]] = {}
    for row in rows:
        found[row.group_id] = (*found.get(row.group_id, ()), (row.workspace_id, row.conversation))
    return found


def routed(connection: Connection, dues: Iterable[Due]) -> Sequence[Due]:
    """What is to be said, each where it is heard: to a person in their own workspace, to a group in each of its homes.

    Further homes get keys of their own: ``prompt:17:3:2026-12-21:@5``.
    """
    dues = tuple(dues)
    homes = homes_of(connection, {due.group for due in dues if due.group is not None})
    if not homes:
        return dues
    asked = {due.person for due in dues if due.person is not None and due.group in homes}
    rows = connection.execute(select(_people.c.id, _people.c.workspace_id).where(_people.c.id.in_(asked)))
    live_in = {row.id: row.workspace_id for row in rows}
    out: list[Due] = []
    for due in dues:
        there = [workspace for workspace, _ in homes.get(due.group or 0, ())]
        if due.person is None:
            out.append(due)
            out += [_in(due, workspace, f"{due.key}:@{workspace}") for workspace in there]
        else:
            theirs = live_in.get(due.person, due.workspace)
            out.append(_in(due, theirs, due.key) if theirs in there else due)
    return out


def _in(due: Due, workspace: int, key: str) -> Due:
    if workspace == due.workspace:
        return due
    return replace(due, workspace=workspace, key=key, owner=due.workspace, base=due.key if key != due.key else None)
