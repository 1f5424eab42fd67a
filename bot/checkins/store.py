"""The table of check-ins: one answer per person, group and session, so that twice is once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    RowMapping,
    Select,
    SmallInteger,
    Table,
    Text,
    select,
    tuple_,
)

from bot.checkins.rules import Checkin
from bot.storage import Instant, metadata, read_ahead, read_before, upsert

checkins = Table(
    "checkins",
    metadata,
    Column("group_id", Integer, ForeignKey("groups.id"), primary_key=True),
    Column("session", Integer, primary_key=True, autoincrement=False),
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("attendance", Text, nullable=False),
    Column("rating", SmallInteger),
    Column("step", Text, nullable=False),
    Column("obstacle", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("answered_at", Instant, nullable=False),
)


def keep(connection: Connection, workspace: int, group: int, answer: Checkin, now: datetime) -> None:
    """Keep an answer; a later one about the same session takes its place."""
    upsert(
        connection,
        checkins,
        {
            "group_id": group,
            "session": answer.session,
            "person_id": answer.person,
            "workspace_id": workspace,
            "attendance": answer.attendance,
            "rating": answer.rating,
            "step": answer.step,
            "obstacle": answer.obstacle,
            "shared": answer.shared,
            "answered_at": now,
        },
    )


def one(connection: Connection, workspace: int, group: int, session: int, person: int) -> Checkin | None:
    known = read_before(connection)
    if ("checkin", workspace, group, session, person) in known:
        found: Checkin | None = known["checkin", workspace, group, session, person]
        return found
    query = select(checkins).where(
        checkins.c.workspace_id == workspace,
        checkins.c.group_id == group,
        checkins.c.session == session,
        checkins.c.person_id == person,
    )
    row = connection.execute(query).mappings().one_or_none()
    return _checkin(row) if row else None


def ahead(connection: Connection, workspace: int, asked: Collection[tuple[int, int, int]]) -> None:
    """Read the answers to (group, session, person) in one go, for a transaction that will ask for each."""
    if not asked:
        return
    of_one = tuple_(checkins.c.group_id, checkins.c.session, checkins.c.person_id)
    rows = connection.execute(select(checkins).where(checkins.c.workspace_id == workspace, of_one.in_(list(asked))))
    answers = {(row["group_id"], row["session"], row["person_id"]): _checkin(row) for row in rows.mappings()}
    read_ahead(connection, {("checkin", workspace, *one): answers.get(one) for one in asked})


def of_group(connection: Connection, workspace: int, group: int, session: int | None = None) -> tuple[Checkin, ...]:
    """A group's answers, of one session or of all, in the order of sessions and then of answering."""
    known: tuple[Checkin, ...] | None = read_before(connection).get(("checkins", workspace, group))
    if known is not None:
        return tuple(one for one in known if session in (None, one.session))
    query = _in_order(workspace).where(checkins.c.group_id == group)
    if session is not None:
        query = query.where(checkins.c.session == session)
    return tuple(_checkin(row) for row in connection.execute(query).mappings())


def ahead_of_groups(connection: Connection, workspace: int, groups: Collection[int]) -> None:
    """Read all answers of these groups in one go, for a transaction that will ask for each group's."""
    if not groups:
        return
    query = _in_order(workspace).where(checkins.c.group_id.in_(sorted(groups)))
    answers: dict[int, list[Checkin]] = {group: [] for group in groups}
    for row in connection.execute(query).mappings():
        answers[row["group_id"]].append(_checkin(row))
    read_ahead(connection, {("checkins", workspace, group): tuple(given) for group, given in answers.items()})


def _in_order(workspace: int) -> Select[Any]:
    of_all = select(checkins).where(checkins.c.workspace_id == workspace)
    return of_all.order_by(checkins.c.session, checkins.c.answered_at, checkins.c.person_id)


def _checkin(row: RowMapping) -> Checkin:
    return Checkin(
        person=row["person_id"],
        session=row["session"],
        attendance=row["attendance"],
        rating=row["rating"],
        step=row["step"],
        obstacle=row["obstacle"],
        shared=row["shared"],
    )
