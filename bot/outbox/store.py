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
    bindparam,
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
from bot.outbox.rules import LEASE, Due, Lane, Row, State, fairly
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
    # When the try began of which nobody knows how it ended. Null: there is no doubt.
    Column("tried_at", Instant),
    # When the platform told us of the post by itself.
    Column("heard_at", Instant),
    Index("ix_outbox_state_not_before", "state", "not_before"),
    Index("ix_outbox_workspace_id_heard_at", "workspace_id", "heard_at"),
    Index("ix_outbox_workspace_id_state_not_before", "workspace_id", "state", "not_before"),
)

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
            tried_at=None,
            heard_at=None,
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


def waiting(connection: Connection, workspace: int, group: int, kind: str) -> bool:
    """Whether a post of this kind about a group is planned and has not gone out."""
    ours = and_(outbox.c.workspace_id == workspace, outbox.c.group_id == group, outbox.c.state == "planned")
    of_kind = and_(ours, outbox.c.key.startswith(f"{kind}:", autoescape=True), outbox.c.message.is_(None))
    return connection.execute(select(outbox.c.key).where(of_kind).limit(1)).first() is not None


TOO_LATE = "too late to be of use"
NOT_NEEDED = "no longer needed"


def work(connection: Connection, now: datetime) -> tuple[int, ...]:
    """The workspaces with something to send: due rows, or rows of a worker that has fallen silent."""
    due = select(outbox.c.workspace_id).where(outbox.c.state == "planned", outbox.c.not_before <= now)
    on_hold = select(lanes.c.workspace_id).where(lanes.c.hold_until > now)
    orphaned = (
        select(outbox.c.workspace_id)
        .join(lanes, lanes.c.workspace_id == outbox.c.workspace_id)
        .where(outbox.c.state == "sending", lanes.c.held_until <= now)
    )
    held = frozenset(connection.execute(on_hold).scalars())
    return tuple(sorted(frozenset(connection.execute(due.union(orphaned)).scalars()) - held))


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When, after now, the next planned row becomes due, or a platform may be spoken to again."""
    query = select(outbox.c.not_before).where(outbox.c.state == "planned", outbox.c.not_before > now)
    row = connection.execute(query.order_by(outbox.c.not_before).limit(1)).scalar_one_or_none()
    hold = connection.execute(select(func.min(lanes.c.hold_until)).where(lanes.c.hold_until > now)).scalar_one_or_none()
    return min((at for at in (row, hold) if at is not None), default=None)


# ── lanes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def open_lane(connection: Connection, workspace: int, worker: str, now: datetime) -> Lane | None:
    """Take the lane with a new token; None while another worker holds it, or the platform wants to hear nothing.

    The same worker may always take it again.
    """
    insert_new(connection, lanes, [{"workspace_id": workspace, "worker": "", "token": 0, "held_until": now}])
    taken = connection.execute(
        update(lanes)
        .where(lanes.c.workspace_id == workspace, or_(lanes.c.held_until <= now, lanes.c.worker == worker))
        .where(_not_on_hold(now))
        .values(worker=worker, token=lanes.c.token + 1, held_until=now + LEASE)
        .returning(lanes.c.token)
    ).scalar_one_or_none()
    return None if taken is None else Lane(workspace, worker, taken)


def renew(connection: Connection, lane: Lane, now: datetime) -> bool:
    """Keep the lane for another lease. False: somebody else has it, or the platform wants to hear nothing."""
    return _set_lane(connection, lane, and_(_mine(lane), _not_on_hold(now)), held_until=now + LEASE)


def close_lane(connection: Connection, lane: Lane, now: datetime) -> None:
    """Let go of the lane, so that the next worker need not wait for the lease to end."""
    _set_lane(connection, lane, _mine(lane), held_until=now)


def hold(connection: Connection, workspace: int, until: datetime) -> None:
    """Say nothing in this workspace until then, whoever has its lane or comes to have it."""
    later = or_(lanes.c.hold_until.is_(None), lanes.c.hold_until < until)
    connection.execute(update(lanes).where(lanes.c.workspace_id == workspace, later).values(hold_until=until))


def _mine(lane: Lane) -> ColumnElement[bool]:
    return lanes.c.token == lane.token


def _not_on_hold(now: datetime) -> ColumnElement[bool]:
    return or_(lanes.c.hold_until.is_(None), lanes.c.hold_until <= now)


def _set_lane(connection: Connection, lane: Lane, where: ColumnElement[bool], **values: datetime) -> bool:
    changed = connection.execute(update(lanes).where(lanes.c.workspace_id == lane.workspace, where).values(**values))
    return changed.rowcount == 1


# ── sending ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def ready(connection: Connection, lane: Lane, now: datetime, limit: int) -> tuple[Row, ...]:
    """Rows to send on this lane: the due ones, and those that an earlier holder left half-way.

    The oldest first, but of every conversation its first before any has its second: a platform takes little at once
    into one. A row that somebody is changing at this moment comes next time, with its new words.
    """
    waiting = and_(
        # What the alternatives say of the state is said once more for SQLite: else it reads all that was ever sent.
        outbox.c.workspace_id == lane.workspace,
        outbox.c.state.in_(("planned", "sending")),
        # Of what was left half-way too: a worker whose clock is behind must not date it back.
        outbox.c.not_before <= now,
        or_(outbox.c.state == "planned", outbox.c.lane_token < lane.token),
    )
    order = (outbox.c.not_before, outbox.c.updated_at, outbox.c.key)
    where = case((outbox.c.person_id.is_(None), outbox.c.group_id), else_=-outbox.c.person_id)
    seen = connection.execute(select(outbox.c.key, where).where(waiting).order_by(*order).limit(limit * LOOK_AHEAD))
    chosen = fairly([(key, place) for key, place in seen], limit)
    rows = connection.execute(select(outbox).where(waiting, outbox.c.key.in_(chosen)).with_for_update(skip_locked=True))
    by_key = {row["key"]: _row(row) for row in rows.mappings()}
    return tuple(by_key[key] for key in chosen if key in by_key)


LOOK_AHEAD = 8
"""How many times as many rows are looked at as are taken, for the sake of those behind a crowd."""


def start(connection: Connection, lane: Lane, keys: Sequence[str], now: datetime, *, begun: bool = True) -> None:
    """The rows are this lane's to send. ``begun``: their sending begins now; see ``begin``."""
    values: dict[str, Any] = {
        "state": "sending",
        "lane_token": lane.token,
        "attempts": outbox.c.attempts + 1,
        "changed": False,
        "updated_at": now,
    }
    if begun:
        values["tried_at"] = _tried(now)
    if keys:
        ours = and_(outbox.c.workspace_id == lane.workspace, outbox.c.key.in_(keys))
        connection.execute(update(outbox).where(ours).values(**values))


def begin(connection: Connection, lane: Lane, keys: Sequence[str], now: datetime) -> frozenset[str]:
    """The intent, kept before anything leaves the house. Returns the keys that are still this lane's to send."""
    ours = and_(
        outbox.c.workspace_id == lane.workspace,
        outbox.c.key.in_(keys),
        outbox.c.state == "sending",
        outbox.c.lane_token == lane.token,
    )
    begun = connection.execute(update(outbox).where(ours).values(tried_at=_tried(now)).returning(outbox.c.key))
    return frozenset(begun.scalars())


def _tried(now: datetime) -> ColumnElement[Any]:
    """The first of several tries counts: each of them may be the one that arrived."""
    return func.coalesce(outbox.c.tried_at, bindparam(None, now, Instant()))


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
    changed = connection.execute(update(outbox).where(_held(post)).values(**_stands(receipt, now)))
    return changed.rowcount == 1 or _settled(connection, post)


def lock(connection: Connection, workspace: int, keys: Sequence[str]) -> frozenset[str]:
    """Those of the rows that nobody is changing now; nobody else changes them until the transaction ends."""
    ours = and_(outbox.c.workspace_id == workspace, outbox.c.key.in_(keys))
    return frozenset(connection.execute(select(outbox.c.key).where(ours).with_for_update(skip_locked=True)).scalars())


def arrived(connection: Connection, workspace: int, key: str, receipt: Receipt, now: datetime) -> bool:
    """The platform tells of a post by itself. True where that ended a doubt, or came before its own answer."""
    ours = and_(outbox.c.workspace_id == workspace, outbox.c.key == key)
    # A row that nobody has tried, or whose first message is known, is told of something older, or nothing new.
    unknown = and_(ours, outbox.c.tried_at.is_not(None), outbox.c.message.is_(None))
    settled = connection.execute(update(outbox).where(unknown).values(**_stands(receipt, now), heard_at=now))
    if settled.rowcount == 1:
        return True
    known = and_(ours, outbox.c.message == receipt.message, outbox.c.heard_at.is_(None))
    connection.execute(update(outbox).where(known).values(heard_at=now))
    return False


def failed(
    connection: Connection,
    post: Post,
    reason: str,
    now: datetime,
    retry_at: datetime | None,
    *,
    doubtful: bool,
    ends: State = "parked",
) -> bool:
    """Not delivered: tried again at ``retry_at``, or parked (or ``ends``) with its reason where that is None.

    ``doubtful``: it may have arrived all the same; the next try will look first. What was in doubt before still is.
    False: fenced.
    """
    values: dict[str, Any] = {"state": ends, "reason": reason, "updated_at": now}
    if retry_at is not None:
        values |= {"state": "planned", "not_before": retry_at}
    if not doubtful and not post.doubtful:
        values["tried_at"] = None
    elif doubtful:
        values["tried_at"] = _tried(now)
    if retry_at is None and not doubtful:
        # An edit that cannot be made leaves the message as it stands.
        values["state"] = case((outbox.c.message.is_not(None), "sent"), else_=ends)
    changed = connection.execute(update(outbox).where(_held(post)).values(**values))
    return changed.rowcount == 1 or _settled(connection, post)


def heard(
    connection: Connection, workspace: int, since: datetime, until: datetime
) -> tuple[tuple[int | None, bool], ...]:
    """Where the platform told of posts by itself between two times: the group, and whether it was in private."""
    private = outbox.c.person_id.is_not(None)
    between = and_(outbox.c.workspace_id == workspace, outbox.c.heard_at > since, outbox.c.heard_at <= until)
    rows = connection.execute(select(outbox.c.group_id, private).where(between).distinct())
    return tuple((group, bool(alone)) for group, alone in rows)


def _stands(receipt: Receipt, now: datetime) -> dict[str, Any]:
    return {
        "state": case((outbox.c.changed, "planned"), else_="sent"),
        "conversation": receipt.conversation,
        "message": receipt.message,
        "changed": false(),
        "tried_at": None,
        "reason": "",
        "updated_at": now,
    }


def _settled(connection: Connection, post: Post) -> bool:
    """Whether the platform has told of this very try before its answer came: then all is known, and nothing is lost."""
    ours = and_(outbox.c.workspace_id == post.workspace, outbox.c.key == post.key)
    told = and_(ours, outbox.c.lane_token == post.lane_token, outbox.c.heard_at.is_not(None))
    return connection.execute(select(outbox.c.key).where(told)).first() is not None


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
        tried=row["tried_at"],
    )
