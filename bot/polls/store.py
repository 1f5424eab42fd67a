"""The tables of polls and votes: rows in, frozen values out. Every query names its workspace.

What somebody chose comes and goes as a text, of which this module does not know whether it is sealed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    Table,
    Text,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.people.store import linked
from bot.polls.rules import Poll, Tally
from bot.schedule.rules import Slot
from bot.storage import NOW, Instant, metadata, upsert

polls = Table(
    "polls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("groups.id"), nullable=False, index=True),
    Column("author_id", Integer, ForeignKey("people.id"), nullable=False),
    Column("question", Text, nullable=False),
    # The texts of the options, or, where it is about a meeting time, [[weekday, "HH:MM", how often, which of the
    # month or null], …]; the other is empty.
    Column("options", JSON, nullable=False),
    Column("slots", JSON, nullable=False),
    Column("several", Boolean, nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("closed_at", Instant),
    # Once it is closed: [[how often each option was chosen], answers, asked].
    Column("result", JSON(none_as_null=True)),
    Index("ix_polls_closed_at_closes_at", "closed_at", "closes_at"),
)

poll_votes = Table(
    "poll_votes",
    metadata,
    Column("poll_id", Integer, ForeignKey("polls.id"), primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    # Of an anonymous poll it is sealed, and gone once the poll is closed.
    Column("chosen", Text, nullable=False),
    Column("voted_at", Instant, nullable=False),
)

SEALED = {poll_votes: ("chosen",)}
"""Columns that hold sealed texts: of anonymous polls. Beside them stand the votes of open ones, as they are."""


# ── polls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def create(connection: Connection, poll: Poll, now: datetime) -> Poll:
    """Keep a new poll. The id of the value that comes in does not count; the returned one has it."""
    row = {
        "workspace_id": poll.workspace,
        "group_id": poll.group,
        "author_id": poll.author,
        "question": poll.question,
        "options": list(poll.options),
        "slots": [[slot.weekday, slot.at.strftime("%H:%M"), slot.every, slot.nth] for slot in poll.slots],
        "several": poll.several,
        "anonymous": poll.anonymous,
        "created_at": now,
        "closes_at": poll.closes,
    }
    made: int = connection.execute(insert(polls).values(**row).returning(polls.c.id)).scalar_one()
    return replace(poll, id=made)


def load(connection: Connection, workspace: int, poll: int, *, lock: bool = False) -> Poll:
    """The poll. ``lock``: only we change it, or its votes, now.

    Raises KeyError where neither this workspace nor one that it is linked with has it.
    """
    here = or_(polls.c.workspace_id == workspace, polls.c.workspace_id.in_(linked(workspace)))
    query = select(polls).where(polls.c.id == poll, here)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise KeyError(poll)
    return _poll(row)


def open_of(connection: Connection, workspace: int, group: int, now: datetime) -> tuple[Poll, ...]:
    """The polls of a group that take votes, oldest first."""
    query = (
        select(polls)
        .where(polls.c.workspace_id == workspace, polls.c.group_id == group)
        .where(polls.c.closed_at.is_(None), polls.c.closes_at > now)
        .order_by(polls.c.id)
    )
    return tuple(_poll(row) for row in connection.execute(query).mappings())


def due(connection: Connection, now: datetime, limit: int) -> tuple[Poll, ...]:
    """Polls whose time has come, of all workspaces, the longest over first. Another clock's hands are off them."""
    query = (
        select(polls)
        .where(polls.c.closed_at.is_(None), polls.c.closes_at <= now)
        .order_by(polls.c.closes_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tuple(_poll(row) for row in connection.execute(query).mappings())


DUE = exists().where(polls.c.closed_at.is_(None), polls.c.closes_at <= NOW)
NEXT = select(func.min(polls.c.closes_at)).where(polls.c.closed_at.is_(None), polls.c.closes_at > NOW)
"""For the clock: has the time of a poll come, and when does the next close."""


def close(connection: Connection, poll: Poll, result: Tally | None, now: datetime) -> Poll:
    """Its result, for good; None where it cannot be counted. One that was closed before its time closed now."""
    closes = min(poll.closes, now)
    kept = None if result is None else [list(result.counts), result.answers, result.asked]
    values = {"closed_at": now, "closes_at": closes, "result": kept}
    connection.execute(update(polls).where(_ours(poll)).values(**values))
    return replace(poll, closes=closes, result=result)


# ── votes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def keep(connection: Connection, poll: Poll, person: int, chosen: str, now: datetime) -> None:
    """What somebody chose, in place of what they chose before."""
    row = {"poll_id": poll.id, "person_id": person, "workspace_id": poll.workspace, "chosen": chosen, "voted_at": now}
    upsert(connection, poll_votes, row)


def chosen(connection: Connection, poll: Poll) -> Mapping[int, str]:
    """What everybody chose, by person."""
    rows = connection.execute(select(poll_votes.c.person_id, poll_votes.c.chosen).where(_of(poll)))
    return {row.person_id: row.chosen for row in rows}


def forget(connection: Connection, poll: Poll, keep: Collection[int]) -> None:
    """Delete the votes of everybody but these."""
    connection.execute(delete(poll_votes).where(_of(poll), poll_votes.c.person_id.not_in(list(keep))))


def take_back(connection: Connection, poll: Poll, person: int) -> None:
    """Delete one person's vote."""
    connection.execute(delete(poll_votes).where(_of(poll), poll_votes.c.person_id == person))


def _of(poll: Poll) -> ColumnElement[bool]:
    return and_(poll_votes.c.workspace_id == poll.workspace, poll_votes.c.poll_id == poll.id)


def _ours(poll: Poll) -> ColumnElement[bool]:
    return and_(polls.c.workspace_id == poll.workspace, polls.c.id == poll.id)


def _poll(row: RowMapping) -> Poll:
    result = row["result"]
    return Poll(
        id=row["id"],
        workspace=row["workspace_id"],
        group=row["group_id"],
        author=row["author_id"],
        question=row["question"],
        options=tuple(row["options"]),
        slots=tuple(Slot(weekday, time.fromisoformat(at), every, nth) for weekday, at, every, nth in row["slots"]),
        several=row["several"],
        anonymous=row["anonymous"],
        closes=row["closes_at"],
        result=None if result is None else Tally(tuple(result[0]), result[1], result[2]),
    )
