"""The table of circle mentors: who was asked to support which circle, and what they said."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, Connection, ForeignKey, Integer, RowMapping, Table, Text, or_, select

from bot.people.rules import Person
from bot.people.store import linked
from bot.storage import Instant, metadata, read_ahead, read_before, upsert
from bot.supporting.rules import State, Support

mentors = Table(
    "circle_mentors",
    metadata,
    Column("group_id", Integer, ForeignKey("groups.id"), primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True, index=True),
    # The group's.
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_by", Integer, ForeignKey("people.id"), nullable=False),
    Column("times", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
)


def keep(connection: Connection, support: Support, now: datetime) -> None:
    row = {
        "group_id": support.group,
        "person_id": support.person,
        "workspace_id": support.workspace,
        "state": support.state,
        "asked_by": support.asked_by,
        "times": support.times,
        "changed_at": now,
    }
    upsert(connection, mentors, row)


def one(connection: Connection, workspace: int, group: int, person: int) -> Support | None:
    known = read_before(connection)
    if ("support", workspace, group) in known:
        found: Support | None = known["support", workspace, group].get(person)
        return found
    here = mentors.c.workspace_id == workspace
    query = select(mentors).where(here, mentors.c.group_id == group, mentors.c.person_id == person)
    row = connection.execute(query).mappings().one_or_none()
    return _support(row) if row else None


def ahead(connection: Connection, workspace: int, groups: Collection[int]) -> None:
    """Read who supports these groups, or did, in one go, for a transaction that will ask for each."""
    if not groups:
        return
    query = select(mentors).where(mentors.c.workspace_id == workspace, mentors.c.group_id.in_(sorted(groups)))
    found: dict[int, dict[int, Support]] = {group: {} for group in groups}
    for row in connection.execute(query).mappings():
        found[row["group_id"]][row["person_id"]] = _support(row)
    read_ahead(connection, {("support", workspace, group): those for group, those in found.items()})


def of_group(connection: Connection, workspace: int, group: int) -> tuple[Support, ...]:
    """Those who support a group, or have been asked to."""
    query = select(mentors).where(
        mentors.c.workspace_id == workspace, mentors.c.group_id == group, mentors.c.state.in_(("asked", "supports"))
    )
    rows = connection.execute(query.order_by(mentors.c.person_id)).mappings()
    return tuple(_support(row) for row in rows)


def of_groups(connection: Connection, groups: Collection[int]) -> tuple[Support, ...]:
    """Those who support any of these groups, of whatever workspace."""
    if not groups:
        return ()
    query = select(mentors).where(mentors.c.group_id.in_(sorted(groups)), mentors.c.state == "supports")
    rows = connection.execute(query.order_by(mentors.c.group_id, mentors.c.person_id)).mappings()
    return tuple(_support(row) for row in rows)


def of_person(connection: Connection, person: Person) -> tuple[Support, ...]:
    """What somebody supports, in their own workspace and those that it is linked with."""
    here = or_(mentors.c.workspace_id == person.workspace, mentors.c.workspace_id.in_(linked(person.workspace)))
    query = select(mentors).where(here, mentors.c.person_id == person.id, mentors.c.state.in_(("asked", "supports")))
    rows = connection.execute(query.order_by(mentors.c.group_id)).mappings()
    return tuple(_support(row) for row in rows)


def _support(row: RowMapping) -> Support:
    state: State = row["state"]
    return Support(
        group=row["group_id"],
        workspace=row["workspace_id"],
        person=row["person_id"],
        state=state,
        asked_by=row["asked_by"],
        times=row["times"],
    )
