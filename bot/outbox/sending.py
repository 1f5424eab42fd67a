"""Rows on their way out: claimed, begun, sent or not. The lane's token fences workers that come late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from bot.messages import Post, Receipt
from bot.outbox.rules import Lane, Row, State, fairly
from bot.outbox.store import outbox, row_of
from bot.storage import NOW, Instant


def ready(connection: Connection, lane: Lane, now: datetime, limit: int) -> tuple[Row, ...]:
    """Rows to send on this lane: the due ones, and those that an earlier holder left half-way.

    The oldest first, but of every conversation its first before any has its second: a platform takes little at once
    into one. A row that somebody is changing at this moment comes next time, with its new words.
    """
    on_this_lane = {"workspace": lane.workspace, "holder": lane.token, "now": now}
    seen = connection.execute(_WAITING, {**on_this_lane, "limit": limit * LOOK_AHEAD})
    chosen = fairly([(key, place) for key, place in seen], limit)
    rows = connection.execute(_READY, {**on_this_lane, "keys": list(chosen)}) if chosen else None
    by_key = {row["key"]: row_of(row) for row in rows.mappings()} if rows else {}
    return tuple(by_key[key] for key in chosen if key in by_key)


LOOK_AHEAD = 8
"""How many times as many rows are looked at as are taken, for the sake of those behind a crowd."""


def start(connection: Connection, lane: Lane, keys: Sequence[str], now: datetime, *, begun: bool = True) -> None:
    """The rows are this lane's to send. ``begun``: their sending begins now; see ``begin``."""
    values = {"keys": list(keys), "workspace": lane.workspace, "holder": lane.token, "now": now}
    if keys:
        connection.execute(_START_AT_ONCE if begun else _START, values)


def begin(connection: Connection, lane: Lane, keys: Sequence[str], now: datetime) -> frozenset[str]:
    """The intent, kept before anything leaves the house. Returns the keys that are still this lane's to send.

    A row that somebody is changing at this moment is left for the next time.
    """
    values = {"keys": list(keys), "workspace": lane.workspace, "holder": lane.token, "now": now}
    return frozenset(connection.execute(_BEGIN, values).scalars())


def _tried(now: datetime) -> ColumnElement[Any]:
    """The first of several tries counts: each of them may be the one that arrived."""
    return func.coalesce(outbox.c.tried_at, bindparam(None, now, Instant()))


def postpone(connection: Connection, workspace: int, keys: Sequence[str], until: datetime, now: datetime) -> None:
    connection.execute(
        update(outbox)
        .where(outbox.c.workspace_id == workspace, outbox.c.key.in_(keys), outbox.c.state == "planned")
        .values(not_before=until, updated_at=now)
    )


def settle(
    connection: Connection, workspace: int, keys: Sequence[str], state: State, reason: str, now: datetime
) -> None:
    """Park or drop rows that are not to be sent. Those that already stand keep standing."""
    ended = case((outbox.c.message.is_not(None), "sent"), else_=state)
    connection.execute(
        update(outbox)
        .where(outbox.c.workspace_id == workspace, outbox.c.key.in_(keys))
        .values(state=ended, reason=reason, updated_at=now)
    )


def sent(connection: Connection, post: Post, receipt: Receipt, now: datetime) -> bool:
    """Keep the receipt. False: fenced, the row belongs to a later holder of the lane."""
    changed = connection.execute(update(outbox).where(_held(post)).values(**_stands(receipt, now)))
    return changed.rowcount == 1 or _settled(connection, post)


def sent_all(connection: Connection, outcomes: Sequence[tuple[Post, Receipt]], now: datetime) -> frozenset[str]:
    """Keep the receipts of one lane's posts in one statement. Returns the keys of those that stand now.

    Not those that are fenced, nor those that somebody else is changing at this moment: ``sent`` tells of each.
    """
    first = outcomes[0][0]
    ours = [one for one in outcomes if (one[0].workspace, one[0].lane_token) == (first.workspace, first.lane_token)]
    values: dict[str, Any] = {
        "keys": [post.key for post, _ in ours],
        "workspace": first.workspace,
        "holder": first.lane_token,
        "now": now,
    }
    for number, (post, receipt) in enumerate(ours):
        values |= {f"k{number}": post.key, f"c{number}": receipt.conversation, f"m{number}": receipt.message}
    return frozenset(connection.execute(_all_stand(len(ours)), values).scalars())


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
    if retry_at is None and (post.edits is not None or not doubtful):
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
    return _stood(receipt.conversation, receipt.message, now)


def _stood(conversation: object, message: object, now: object) -> dict[str, Any]:
    return {
        "state": case((outbox.c.changed, "planned"), else_="sent"),
        "conversation": conversation,
        "message": message,
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


# ── statements that are needed for every few posts: making one costs more than executing it ──────────────────────────

_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_WORKSPACE: BindParameter[int] = bindparam("workspace")
_HOLDER: BindParameter[int] = bindparam("holder")

_DUE = and_(
    # What the alternatives say of the state is said once more for SQLite: else it reads all that was ever sent.
    outbox.c.workspace_id == _WORKSPACE,
    outbox.c.state.in_(("planned", "sending")),
    # Of what was left half-way too: a worker whose clock is behind must not date it back.
    outbox.c.not_before <= NOW,
    or_(outbox.c.state == "planned", outbox.c.lane_token < _HOLDER),
)
_PLACE = case((outbox.c.person_id.is_(None), outbox.c.group_id), else_=-outbox.c.person_id)
_WAITING = (
    select(outbox.c.key, _PLACE)
    .where(_DUE)
    .order_by(outbox.c.not_before, outbox.c.updated_at, outbox.c.key)
    .limit(bindparam("limit", type_=Integer))
)
_READY = select(outbox).where(_DUE, outbox.c.key.in_(_KEYS)).with_for_update(skip_locked=True)

_START = (
    update(outbox)
    .where(outbox.c.workspace_id == _WORKSPACE, outbox.c.key.in_(_KEYS))
    .values(state="sending", lane_token=_HOLDER, attempts=outbox.c.attempts + 1, changed=false(), updated_at=NOW)
)
_START_AT_ONCE = _START.values(tried_at=func.coalesce(outbox.c.tried_at, NOW))
_FREE = and_(
    outbox.c.key.in_(
        select(outbox.c.key)
        .where(outbox.c.key.in_(_KEYS), outbox.c.workspace_id == _WORKSPACE)
        .where(outbox.c.state == "sending", outbox.c.lane_token == _HOLDER)
        .with_for_update(skip_locked=True)
    ),
    outbox.c.workspace_id == _WORKSPACE,
)
"""Rows of a lane that nobody is changing now: whoever changes several at once must not wait for one of them."""

_BEGIN = update(outbox).where(_FREE).values(tried_at=func.coalesce(outbox.c.tried_at, NOW)).returning(outbox.c.key)


@cache
def _all_stand(count: int) -> ReturningUpdate[Any]:
    """So many receipts in one statement; made once for each number, since making it costs more than executing it."""
    keys = [bindparam(f"k{number}", type_=Text) for number in range(count)]
    conversations = [(outbox.c.key == one, bindparam(f"c{n}", type_=Text)) for n, one in enumerate(keys)]
    messages = [(outbox.c.key == one, bindparam(f"m{n}", type_=Text)) for n, one in enumerate(keys)]
    values = _stood(case(*conversations), case(*messages), NOW)
    return update(outbox).where(_FREE).values(values).returning(outbox.c.key)
