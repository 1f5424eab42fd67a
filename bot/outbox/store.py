"""The outbox: what is to be said, by unique keys, so that twice is once. How it goes out is in ``sending.py``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

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
    literal_column,
    null,
    or_,
    select,
    true,
    union,
    update,
)

from bot.messages import Receipt
from bot.outbox.elsewhere import routed
from bot.outbox.lanes import lanes
from bot.outbox.rules import Due, Row
from bot.storage import NOW, Instant, insert_new, metadata, read_ahead, read_before

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
    # The group's workspace, where it is said in another one; and the key in its first home, where this is a further.
    Column("owner_id", Integer),
    Column("base", Text, index=True),
    Index("ix_outbox_state_not_before", "state", "not_before"),
    Index("ix_outbox_workspace_id_heard_at", "workspace_id", "heard_at"),
    Index("ix_outbox_workspace_id_state_not_before", "workspace_id", "state", "not_before"),
)


# ── planning ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def queue(connection: Connection, dues: Iterable[Due], now: datetime) -> None:
    """Plan what is not planned yet. A key that exists, in whatever state, is left as it is: twice is once."""
    here = routed(connection, dues)
    abroad = any(due.owner is not None for due in here)
    insert_new(
        connection,
        outbox,
        [
            {
                "key": due.key,
                "workspace_id": due.workspace,
                **({"owner_id": due.owner, "base": due.base} if abroad else {}),
                "group_id": due.group,
                "person_id": due.person,
                "not_before": due.not_before,
                "expires": due.expires,
                "updated_at": now,
            }
            for due in here
        ],
        state=literal_column("'planned'"),
        lane_token=literal_column("0"),
        attempts=literal_column("0"),
        changed=false(),
        reason=literal_column("''"),
    )


def unsaid(connection: Connection, workspace: int, group: int, key: str) -> str:
    """This key, or, where that has been said, the key with a number: what happens twice in a second is news twice."""
    ours = and_(_of(workspace), outbox.c.group_id == group, outbox.c.base.is_(None))
    same = and_(ours, outbox.c.key.startswith(key, autoescape=True))
    said = connection.execute(select(func.count()).where(same, outbox.c.state != "planned")).scalar_one()
    return f"{key}:{said + 1}" if said else key


def refresh(connection: Connection, workspace: int, key: str, now: datetime, *, unless: str | None = None) -> None:
    """The words behind a posted key have changed: edit the post. ``unless`` is the message that shows them already."""
    refresh_all(connection, workspace, (key,), now, unless=unless)


def refresh_all(
    connection: Connection, workspace: int, keys: Sequence[str], now: datetime, *, unless: str | None = None
) -> None:
    """The same for several keys, in one statement."""
    on_its_way = outbox.c.state == "sending"
    standing = outbox.c.state == "sent"
    if unless is not None:
        standing = and_(standing, outbox.c.message != unless)
    # In whatever state the row is: a worker that is composing it now reads the old words, and only a row that is looked
    # for is waited for, until that worker says that it is sending them. One statement, because this is done for many.
    connection.execute(
        update(outbox)
        .where(or_(outbox.c.key.in_(keys), outbox.c.base.in_(keys)), _of(workspace))
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
        .where(outbox.c.key == key, _of(workspace), outbox.c.state == "planned")
        .where(outbox.c.message.is_(None))
        .values(not_before=not_before, updated_at=now)
    )
    return changed.rowcount == 1


def again(connection: Connection, workspace: int, key: str, now: datetime, expires: datetime | None) -> None:
    """Somebody asked for this post once more: it is posted anew, wherever it stood before."""
    connection.execute(
        update(outbox)
        .where(or_(outbox.c.key == key, outbox.c.base == key), _of(workspace), outbox.c.state != "sending")
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


def revive(
    connection: Connection,
    workspace: int,
    now: datetime,
    *,
    person: int | None = None,
    group: int | None = None,
    reason: str | None = None,
) -> None:
    """Posts that were parked for somebody, a group's home, or a ``reason``, and did not arrive, are due again.

    Their words are composed anew, so what is no longer needed is not said.
    """
    if reason is not None:
        theirs = outbox.c.reason == reason
    elif person is not None:
        theirs = outbox.c.person_id == person
    else:
        theirs = and_(outbox.c.group_id == group, outbox.c.person_id.is_(None))
    certain = and_(outbox.c.state == "parked", outbox.c.tried_at.is_(None), outbox.c.message.is_(None))
    timely = or_(outbox.c.expires.is_(None), outbox.c.expires > now)
    connection.execute(
        update(outbox)
        .where(outbox.c.workspace_id == workspace, theirs, certain, timely)
        .values(state="planned", not_before=now, attempts=0, lane_token=0, reason="", updated_at=now)
    )


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def find(connection: Connection, workspace: int, keys: Iterable[str]) -> dict[str, Row]:
    """The rows of these keys in this workspace, by key."""
    known, asked = read_before(connection), list(keys)
    before: dict[str, Row | None] = {
        one: known["row", workspace, one] for one in asked if ("row", workspace, one) in known
    }
    found = {one: row for one, row in before.items() if row is not None}
    if wanted := [one for one in asked if one not in before]:
        rows = connection.execute(select(outbox).where(_of(workspace), outbox.c.key.in_(wanted)))
        found |= {row["key"]: row_of(row) for row in rows.mappings()}
    return found


def ahead(connection: Connection, workspace: int, keys: Sequence[str]) -> None:
    """Read these rows in one go, for a transaction that will ask for each. What it changes, it has to ``remember``."""
    found = find(connection, workspace, keys)
    read_ahead(connection, {("row", workspace, one): found.get(one) for one in keys})


def remember(connection: Connection, row: Row) -> None:
    """Let a row that was read ahead be found like this until the transaction ends."""
    read_ahead(connection, {("row", row.workspace, row.key): row})


def undelivered(connection: Connection, workspace: int, group: int) -> tuple[Row, ...]:
    """What a group should have heard and did not: parked or too late, oldest first."""
    rows = connection.execute(
        select(outbox)
        .where(_of(workspace), outbox.c.group_id == group)
        .where(or_(outbox.c.state == "parked", and_(outbox.c.state == "dropped", outbox.c.reason == TOO_LATE)))
        .order_by(outbox.c.not_before)
    )
    return tuple(row_of(row) for row in rows.mappings())


def waiting(connection: Connection, workspace: int, group: int, kind: str) -> bool:
    """Whether a post of this kind about a group is planned and has not gone out."""
    ours = and_(_of(workspace), outbox.c.group_id == group, outbox.c.state == "planned")
    of_kind = and_(ours, outbox.c.key.startswith(f"{kind}:", autoescape=True), outbox.c.message.is_(None))
    return connection.execute(select(outbox.c.key).where(of_kind).limit(1)).first() is not None


def _of(workspace: int) -> ColumnElement[bool]:
    """What a workspace's groups say, wherever it is heard, and what is said in it."""
    return or_(outbox.c.workspace_id == workspace, outbox.c.owner_id == workspace)


TOO_LATE = "too late to be of use"
NOT_NEEDED = "no longer needed"


def work(connection: Connection, now: datetime) -> tuple[int, ...]:
    """The workspaces with something to send: due rows, or rows of a worker that has fallen silent."""
    return tuple(sorted(connection.execute(_WORK, {"now": now}).scalars()))


_HEARD = outbox.c.workspace_id.not_in(select(lanes.c.workspace_id).where(lanes.c.hold_until > NOW))
_WORK = union(
    select(outbox.c.workspace_id).where(outbox.c.state == "planned", outbox.c.not_before <= NOW, _HEARD),
    select(outbox.c.workspace_id)
    .join(lanes, lanes.c.workspace_id == outbox.c.workspace_id)
    .where(outbox.c.state == "sending", lanes.c.held_until <= NOW, _HEARD),
)


NEXT = select(func.min(outbox.c.not_before)).where(outbox.c.state == "planned", outbox.c.not_before > NOW)
"""For the clock: when the next planned row becomes due."""


def row_of(row: RowMapping) -> Row:
    """A row of the table as a value."""
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
        owner=row["owner_id"],
    )
