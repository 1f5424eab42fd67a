"""The outbox and its lanes. What makes "once" true is here: unique keys, and a token that fences late workers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
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
    case,
    false,
    func,
    null,
    or_,
    select,
    true,
    update,
)

from bot.messages import Post, Receipt
from bot.outbox.rules import LEASE, Due, Lane, Row
from bot.storage import Instant, insert_new, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("key", Text, primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("group_id", Integer, ForeignKey("groups.id"), index=True),
    Column("person_id", Integer, ForeignKey("people.id")),
    Column("not_before", Instant, nullable=False),
    Column("expires", Instant),
    Column("state", Text, nullable=False),
    Column("lane_token", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    # The words changed while the post was on its way: it is edited as soon as it stands.
    Column("changed", Boolean, nullable=False),
    Column("conversation", Text),
    Column("message", Text),
    Column("reason", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_outbox_state_not_before", "state", "not_before"),
    Index("ix_outbox_workspace_id_state_not_before", "workspace_id", "state", "not_before"),
)

lanes = Table(
    "lanes",
    metadata,
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), primary_key=True),
    Column("worker", Text, nullable=False),
    Column("token", Integer, nullable=False),
    Column("held_until", Instant, nullable=False),
)


# ── planning ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def queue(connection: Connection, dues: Iterable[Due], now: datetime) -> None:
    """Plan what is not planned yet. A key that exists, in whatever state, is left as it is: twice is once."""
    insert_new(
        connection,
        outbox,
        [
            {
                "key": due.key,
                "workspace_id": due.workspace,
                "group_id": due.group,
                "person_id": due.person,
                "not_before": due.not_before,
                "expires": due.expires,
                "state": "planned",
                "lane_token": 0,
                "attempts": 0,
                "changed": False,
                "reason": "",
                "updated_at": now,
            }
            for due in dues
        ],
    )


def unsaid(connection: Connection, workspace: int, group: int, key: str) -> str:
    """This key, or, where that has been said, the key with a number: what happens twice in a second is news twice."""
    ours = and_(outbox.c.workspace_id == workspace, outbox.c.group_id == group)
    same = and_(ours, outbox.c.key.startswith(key, autoescape=True))
    said = connection.execute(select(func.count()).where(same, outbox.c.state != "planned")).scalar_one()
    return f"{key}:{said + 1}" if said else key


def refresh(connection: Connection, workspace: int, key: str, now: datetime, *, unless: str | None = None) -> None:
    """The words behind a posted key have changed: edit the post. ``unless`` is the message that shows them already."""
    on_its_way = outbox.c.state == "sending"
    standing = outbox.c.state == "sent"
    if unless is not None:
        standing = and_(standing, outbox.c.message != unless)
    # In whatever state the row is: a worker that is composing it now reads the old words, and only a row that is looked
    # for is waited for, until that worker says that it is sending them. One statement, because this is done for many.
    connection.execute(
        update(outbox)
        .where(outbox.c.key == key, outbox.c.workspace_id == workspace)
        .values(
            changed=case((on_its_way, true()), else_=outbox.c.changed),
            state=case((standing, "planned"), else_=outbox.c.state),
            not_before=case((standing, now), else_=outbox.c.not_before),
            expires=case((standing, null()), else_=outbox.c.expires),
            updated_at=case((or_(on_its_way, standing), now), else_=outbox.c.updated_at),
        )
    )


def pull(connection: Connection, workspace: int, key: str, not_before: datetime, now: datetime) -> bool:
    """Let a planned post go out at another time. False where it is not waiting any more."""
    changed = connection.execute(
        update(outbox)
        .where(outbox.c.key == key, outbox.c.workspace_id == workspace, outbox.c.state == "planned")
        .where(outbox.c.message.is_(None))
        .values(not_before=not_before, updated_at=now)
    )
    return changed.rowcount == 1


def again(connection: Connection, workspace: int, key: str, now: datetime, expires: datetime | None) -> None:
    """Somebody asked for this post once more: it is posted anew, wherever it stood before."""
    connection.execute(
        update(outbox)
        .where(outbox.c.key == key, outbox.c.workspace_id == workspace, outbox.c.state != "sending")
        .values(
            state="planned",
            not_before=now,
            expires=expires,
            conversation=None,
            message=None,
            reason="",
            attempts=0,
            lane_token=0,
            updated_at=now,
        )
    )


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def find(connection: Connection, workspace: int, keys: Iterable[str]) -> dict[str, Row]:
    """The rows of these keys in this workspace, by key."""
    rows = connection.execute(select(outbox).where(outbox.c.workspace_id == workspace, outbox.c.key.in_(list(keys))))
    return {row["key"]: _row(row) for row in rows.mappings()}


def undelivered(connection: Connection, workspace: int, group: int) -> tuple[Row, ...]:
    """What a group should have heard and did not: parked or too late, oldest first."""
    rows = connection.execute(
        select(outbox)
        .where(outbox.c.workspace_id == workspace, outbox.c.group_id == group)
        .where(or_(outbox.c.state == "parked", and_(outbox.c.state == "dropped", outbox.c.reason == TOO_LATE)))
        .order_by(outbox.c.not_before)
    )
    return tuple(_row(row) for row in rows.mappings())


TOO_LATE = "too late to be of use"
NOT_NEEDED = "no longer needed"


def work(connection: Connection, now: datetime) -> tuple[int, ...]:
    """The workspaces with something to send: due rows, or rows of a worker that has fallen silent."""
    due = select(outbox.c.workspace_id).where(outbox.c.state == "planned", outbox.c.not_before <= now)
    orphaned = (
        select(outbox.c.workspace_id)
        .join(lanes, lanes.c.workspace_id == outbox.c.workspace_id)
        .where(outbox.c.state == "sending", lanes.c.held_until <= now)
    )
    return tuple(sorted(connection.execute(due.union(orphaned)).scalars()))


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When, after now, the next planned row becomes due."""
    query = select(outbox.c.not_before).where(outbox.c.state == "planned", outbox.c.not_before > now)
    return connection.execute(query.order_by(outbox.c.not_before).limit(1)).scalar_one_or_none()


# ── lanes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def open_lane(connection: Connection, workspace: int, worker: str, now: datetime) -> Lane | None:
    """Take the lane with a new token; None while another worker holds it. The same worker may always take it again."""
    insert_new(connection, lanes, [{"workspace_id": workspace, "worker": "", "token": 0, "held_until": now}])
    taken = connection.execute(
        update(lanes)
        .where(lanes.c.workspace_id == workspace, or_(lanes.c.held_until <= now, lanes.c.worker == worker))
        .values(worker=worker, token=lanes.c.token + 1, held_until=now + LEASE)
        .returning(lanes.c.token)
    ).scalar_one_or_none()
    return None if taken is None else Lane(workspace, worker, taken)


def renew(connection: Connection, lane: Lane, now: datetime) -> bool:
    """Keep the lane for another lease. False: somebody else has it."""
    return _set_lane(connection, lane, now + LEASE)


def close_lane(connection: Connection, lane: Lane, now: datetime) -> None:
    """Let go of the lane, so that the next worker need not wait for the lease to end."""
    _set_lane(connection, lane, now)


def _set_lane(connection: Connection, lane: Lane, held_until: datetime) -> bool:
    changed = connection.execute(
        update(lanes)
        .where(lanes.c.workspace_id == lane.workspace, lanes.c.token == lane.token)
        .values(held_until=held_until)
    )
    return changed.rowcount == 1


# ── sending ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def ready(connection: Connection, lane: Lane, now: datetime, limit: int) -> tuple[Row, ...]:
    """Rows to send on this lane, the oldest first: the due ones, and those that an earlier holder left half-way.

    A row that somebody is changing at this moment comes next time, with its new words.
    """
    rows = connection.execute(
        select(outbox)
        # What the alternatives say of the state is said once more for SQLite: else it reads all that was ever sent.
        .where(outbox.c.workspace_id == lane.workspace, outbox.c.state.in_(("planned", "sending")))
        .where(
            or_(
                and_(outbox.c.state == "planned", outbox.c.not_before <= now),
                and_(outbox.c.state == "sending", outbox.c.lane_token < lane.token),
            )
        )
        .order_by(outbox.c.not_before, outbox.c.updated_at, outbox.c.key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tuple(_row(row) for row in rows.mappings())


def start(connection: Connection, lane: Lane, keys: Sequence[str], now: datetime) -> None:
    """The intent, kept before anything leaves the house."""
    if keys:
        connection.execute(
            update(outbox)
            .where(outbox.c.workspace_id == lane.workspace, outbox.c.key.in_(keys))
            .values(
                state="sending", lane_token=lane.token, attempts=outbox.c.attempts + 1, changed=False, updated_at=now
            )
        )


def postpone(connection: Connection, workspace: int, key: str, until: datetime, now: datetime) -> None:
    connection.execute(
        update(outbox)
        .where(outbox.c.workspace_id == workspace, outbox.c.key == key, outbox.c.state == "planned")
        .values(not_before=until, updated_at=now)
    )


def settle(connection: Connection, workspace: int, key: str, state: str, reason: str, now: datetime) -> None:
    """Park or drop a row that is not to be sent. One that already stands keeps standing."""
    ended = case((outbox.c.message.is_not(None), "sent"), else_=state)
    connection.execute(
        update(outbox)
        .where(outbox.c.workspace_id == workspace, outbox.c.key == key)
        .values(state=ended, reason=reason, updated_at=now)
    )


def sent(connection: Connection, post: Post, receipt: Receipt, now: datetime) -> bool:
    """Keep the receipt. False: fenced, the row belongs to a later holder of the lane."""
    again_at_once = case((outbox.c.changed, "planned"), else_="sent")
    changed = connection.execute(
        update(outbox)
        .where(_held(post))
        .values(
            state=again_at_once,
            conversation=receipt.conversation,
            message=receipt.message,
            changed=false(),
            reason="",
            updated_at=now,
        )
    )
    return changed.rowcount == 1


def failed(
    connection: Connection, post: Post, reason: str, now: datetime, retry_at: datetime | None, *, doubtful: bool
) -> bool:
    """Not delivered: tried again at ``retry_at``, or parked with its reason where that is None. False: fenced.

    ``doubtful``: it may have arrived all the same; the next try will look first. What was in doubt before still is.
    """
    values: dict[str, Any] = {"state": "parked", "reason": reason, "updated_at": now}
    if retry_at is not None:
        values |= {"state": "planned", "not_before": retry_at}
    if not doubtful and not post.doubtful:
        # A lane's token on a row that is not being sent says that somebody tried and does not know how it ended.
        values["lane_token"] = 0
    changed = connection.execute(update(outbox).where(_held(post)).values(**values))
    return changed.rowcount == 1


def _held(post: Post) -> ColumnElement[bool]:
    return and_(
        outbox.c.key == post.key,
        outbox.c.workspace_id == post.workspace,
        outbox.c.state == "sending",
        outbox.c.lane_token == post.lane_token,
    )


def _row(row: RowMapping) -> Row:
    receipt = None if row["message"] is None else Receipt(row["conversation"], row["message"])
    return Row(
        key=row["key"],
        workspace=row["workspace_id"],
        group=row["group_id"],
        person=row["person_id"],
        not_before=row["not_before"],
        expires=row["expires"],
        state=row["state"],
        attempts=row["attempts"],
        receipt=receipt,
        reason=row["reason"],
        since=row["updated_at"],
        doubtful=row["state"] == "sending" or (receipt is None and row["lane_token"] > 0),
    )
