"""The table of check-ins: one answer per person, group and session, so that twice is once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Column, Connection, ForeignKey, Integer, RowMapping, SmallInteger, Table, Text, select

from bot.checkins.rules import Checkin
from bot.storage import Instant, metadata, upsert

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
    query = select(checkins).where(
        checkins.c.workspace_id == workspace,
        checkins.c.group_id == group,
        checkins.c.session == session,
        checkins.c.person_id == person,
    )
    row = connection.execute(query).mappings().one_or_none()
    return _checkin(row) if row else None


def of_group(connection: Connection, workspace: int, group: int, session: int | None = None) -> tuple[Checkin, ...]:
    """A group's answers, of one session or of all, in the order of sessions and then of answering."""
    query = select(checkins).where(checkins.c.workspace_id == workspace, checkins.c.group_id == group)
    if session is not None:
        query = query.where(checkins.c.session == session)
    rows = connection.execute(query.order_by(checkins.c.session, checkins.c.answered_at, checkins.c.person_id))
    return tuple(_checkin(row) for row in rows.mappings())


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
