"""The lanes: who may send for which workspace, under which token, and until when a platform wants to hear nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from bot.outbox.rules import LEASE, Lane
from bot.storage import NOW, Instant, insert_new, metadata

lanes = Table(
    "lanes",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), primary_key=True),
    Column("worker", Text, nullable=False),
    Column("token", Integer, nullable=False),
    Column("held_until", Instant, nullable=False),
    # Until then the platform wants to hear nothing from anybody.
    Column("hold_until", Instant),
)


def take(connection: Connection, workspace: int, worker: str, now: datetime) -> Lane | None:
    """Take the lane with a new token; None while another worker holds it, or the platform wants to hear nothing.

    The same worker may always take it again.
    """
    before = select(lanes.c.worker, lanes.c.held_until).where(lanes.c.workspace_id == workspace).with_for_update()
    found = connection.execute(before).one_or_none()
    if found is None:
        _exists(connection, workspace, now)
        found = connection.execute(before).one()
    last, until = found
    values = {"workspace": workspace, "holder": worker, "now": now, "until": now + LEASE}
    taken = connection.execute(_TAKE, values).scalar_one_or_none()
    return None if taken is None else Lane(workspace, worker, taken, until if last not in ("", worker) else None)


def renew(connection: Connection, lane: Lane, now: datetime) -> bool:
    """Keep the lane for another lease. False: somebody else has it, or the platform wants to hear nothing."""
    values = {"workspace": lane.workspace, "holder": lane.token, "now": now, "until": now + LEASE}
    return connection.execute(_RENEW, values).rowcount == 1


def let_go(connection: Connection, lane: Lane, now: datetime) -> None:
    """Let go of the lane, so that the next worker need not wait for the lease to end."""
    ours = and_(lanes.c.workspace_id == lane.workspace, lanes.c.token == lane.token)
    connection.execute(update(lanes).where(ours).values(held_until=now))


NEXT = select(func.min(lanes.c.hold_until)).where(lanes.c.hold_until > NOW)
"""For the clock: when a platform may be spoken to again that wants to hear nothing."""


def hold(connection: Connection, workspace: int, until: datetime) -> None:
    """Say nothing in this workspace until then, whoever has its lane or comes to have it."""
    _exists(connection, workspace, until)
    later = or_(lanes.c.hold_until.is_(None), lanes.c.hold_until < until)
    connection.execute(update(lanes).where(lanes.c.workspace_id == workspace, later).values(hold_until=until))


def _exists(connection: Connection, workspace: int, free_from: datetime) -> None:
    insert_new(connection, lanes, [{"workspace_id": workspace, "worker": "", "token": 0, "held_until": free_from}])


# ── statements that are needed for every few posts: making one costs more than executing it ──────────────────────────

_UNTIL = bindparam("until", type_=Instant())
_SPEAKABLE = and_(
    lanes.c.workspace_id == bindparam("workspace"), or_(lanes.c.hold_until.is_(None), lanes.c.hold_until <= NOW)
)
_TAKE = (
    update(lanes)
    .where(_SPEAKABLE, or_(lanes.c.held_until <= NOW, lanes.c.worker == bindparam("holder")))
    .values(worker=bindparam("holder"), token=lanes.c.token + 1, held_until=_UNTIL)
    .returning(lanes.c.token)
)
_RENEW = update(lanes).where(_SPEAKABLE, lanes.c.token == bindparam("holder")).values(held_until=_UNTIL)
