"""Groups: rows in, frozen values out. Every query names its workspace. Their members are in ``members.py``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, bindparam, exists, func, insert, or_, select, update

from bot.editions.rules import Editions
from bot.groups import members
from bot.groups.columns import editions_column, group_of, member_of, schedule_columns
from bot.groups.rules import Group, Member
from bot.groups.tables import groups, memberships
from bot.outbox.elsewhere import homes_elsewhere, homes_of, move_in
from bot.people.store import linked
from bot.schedule.rules import Schedule
from bot.storage import NOW, read_ahead, read_before


def create(connection: Connection, group: Group, now: datetime) -> Group:
    """Keep a new group with its members. The id of the value that comes in does not count; the returned one has it."""
    row = {
        "workspace_id": group.workspace,
        "kind": group.kind,
        "name": group.name,
        "guide": group.guide,
        "state": group.state,
        "organiser_id": group.organiser,
        "facilitator_id": group.facilitator,
        "conversation": group.conversation,
        "created_at": now,
        "planned_through": group.planned_through,
        "editions": editions_column(group.editions),
        "language": group.language or None,
        **schedule_columns(group.schedule),
    }
    made: int = connection.execute(insert(groups).values(**row).returning(groups.c.id)).scalar_one()
    for member in group.members:
        members.keep(connection, group.workspace, made, member, now)
    return load(connection, group.workspace, made)


def load(connection: Connection, workspace: int, group: int, *, lock: bool = False) -> Group:
    """The group with its members. ``lock``: only we change it now.

    Raises KeyError where neither this workspace nor one that it is linked with has it.
    """
    known = {} if lock else read_before(connection)
    if ("group", workspace, group) in known:
        found: Group = known["group", workspace, group]
        return found
    query = select(groups).where(groups.c.id == group, groups.c.workspace_id == workspace)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        query = select(groups).where(groups.c.id == group, groups.c.workspace_id.in_(linked(workspace)))
        row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise KeyError(group)
    return _groups(connection, [row])[0]


def ahead(connection: Connection, workspace: int, ids: Iterable[int]) -> tuple[Group, ...]:
    """Read these groups in one go, for a transaction that will ask for each. Returns those that there are."""
    here = or_(groups.c.workspace_id == workspace, groups.c.workspace_id.in_(linked(workspace)))
    query = select(groups).where(here, groups.c.id.in_(sorted(set(ids))))
    found = _groups(connection, connection.execute(query).mappings().all())
    read_ahead(connection, {("group", workspace, group.id): group for group in found})
    return found


def at_home(connection: Connection, workspace: int, conversation: str) -> Group | None:
    """The group whose home this conversation is; the newest where several have lived there."""
    there = homes_elsewhere.c
    guests = select(there.group_id).where(there.workspace_id == workspace, there.conversation == conversation)
    query = (
        select(groups)
        .where(
            or_(
                and_(groups.c.workspace_id == workspace, groups.c.conversation == conversation),
                and_(groups.c.id.in_(guests), groups.c.workspace_id.in_(linked(workspace))),
            )
        )
        .order_by(groups.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().one_or_none()
    return _groups(connection, [row])[0] if row else None


def of_person(connection: Connection, workspace: int, person: int) -> tuple[Group, ...]:
    """The groups that a person is in, invited to, or organises, oldest first."""
    mine = select(memberships.c.group_id).where(
        memberships.c.workspace_id == workspace,
        memberships.c.person_id == person,
        memberships.c.state.in_(("in", "invited")),
    )
    guest = select(memberships.c.group_id).where(
        memberships.c.elsewhere_id == workspace,
        memberships.c.person_id == person,
        memberships.c.state.in_(("in", "invited")),
    )
    query = (
        select(groups)
        .where(
            or_(
                and_(groups.c.workspace_id == workspace, groups.c.id.in_(mine) | (groups.c.organiser_id == person)),
                and_(groups.c.id.in_(guest), groups.c.workspace_id.in_(linked(workspace))),
            )
        )
        .order_by(groups.c.id)
    )
    return _groups(connection, connection.execute(query).mappings().all())


def running(connection: Connection, workspace: int) -> tuple[Group, ...]:
    """The groups of a workspace that are in the midst of their weeks, oldest first."""
    query = select(groups).where(groups.c.workspace_id == workspace, groups.c.state == "running").order_by(groups.c.id)
    return _groups(connection, connection.execute(query).mappings().all())


def due(connection: Connection, now: datetime, limit: int) -> tuple[Group, ...]:
    """Groups with a moment that has come, the longest waiting first. Another clock's hands are off them meanwhile."""
    query = (
        select(groups)
        .where(groups.c.next_due <= now)
        .order_by(groups.c.next_due)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return _groups(connection, connection.execute(query).mappings().all())


DUE = exists().where(groups.c.next_due <= NOW)
NEXT = select(func.min(groups.c.next_due)).where(groups.c.next_due > NOW)
"""For the clock: has a moment of a group come, and when is the next."""


def planned(connection: Connection, marks: Sequence[tuple[Group, datetime, datetime | None, str]]) -> None:
    """Keep how far groups are planned: (group, through, next due, state).

    Groups that were due at one moment are mostly due again at one moment: they share a statement.
    """
    alike: dict[tuple[datetime, datetime | None, str], list[Group]] = {}
    for group, through, due, state in marks:
        alike.setdefault((through, due, state), []).append(group)
    for (through, due, state), those in alike.items():
        values = {"planned_through": through, "next_due": due, "state": state}
        theirs = groups.c.workspace_id.in_({group.workspace for group in those})
        ids = groups.c.id.in_([group.id for group in those])
        connection.execute(update(groups).where(theirs, ids).values(**values))


def wake_at(connection: Connection, group: Group, at: datetime | None) -> None:
    """Look at the group at this time, since its calendar has changed."""
    connection.execute(update(groups).where(_ours(group)).values(next_due=at))


def keep_schedule(connection: Connection, group: Group, schedule: Schedule) -> None:
    connection.execute(update(groups).where(_ours(group)).values(**schedule_columns(schedule)))


def keep_editions(connection: Connection, group: Group, editions: Editions) -> None:
    """The group follows these texts of its guide from now on."""
    connection.execute(update(groups).where(_ours(group)).values(editions=editions_column(editions)))


def keep_language(connection: Connection, group: Group, language: str) -> None:
    """What is spoken in the group's home from now on."""
    connection.execute(update(groups).where(_ours(group)).values(language=language))


def keep_facilitator(connection: Connection, group: Group, facilitator: int | None) -> None:
    """A new facilitator for good; a stand-in is no longer needed."""
    values = {"facilitator_id": facilitator, "standin_id": None, "standin_until": None}
    connection.execute(update(groups).where(_ours(group)).values(**values))


def keep_standin(connection: Connection, group: Group, standin: int, until: date) -> None:
    values = {"standin_id": standin, "standin_until": until}
    connection.execute(update(groups).where(_ours(group)).values(**values))


def begin(connection: Connection, group: Group, schedule: Schedule, through: datetime) -> None:
    """From now on the group runs."""
    values = {"state": "running", "planned_through": through, **schedule_columns(schedule)}
    connection.execute(update(groups).where(_ours(group)).values(**values))


def finish(connection: Connection, group: Group) -> None:
    """The group meets no more."""
    connection.execute(update(groups).where(_ours(group)).values(state="finished", next_due=None))


def settle_home(connection: Connection, workspace: int, group: int, conversation: str) -> None:
    """The conversation that the adapter made for the group in a workspace; the first one wins."""
    ours = and_(groups.c.id == group, groups.c.workspace_id == workspace, groups.c.conversation.is_(None))
    if connection.execute(update(groups).where(ours).values(conversation=conversation)).rowcount == 0:
        move_in(connection, workspace, group, conversation)


def leave_home(connection: Connection, group: Group, workspace: int) -> None:
    """The group has no conversation in this workspace any more; the next post to its home there makes one."""
    if workspace == group.workspace:
        connection.execute(update(groups).where(_ours(group)).values(conversation=None))
    else:
        move_in(connection, workspace, group.id, None)


def _ours(group: Group) -> ColumnElement[bool]:
    return and_(groups.c.id == group.id, groups.c.workspace_id == group.workspace)


# Made once: a group is never read without them, and to make such a statement costs more than to run it.
_MEMBERS = (
    select(memberships)
    .where(memberships.c.workspace_id.in_(bindparam("workspaces", expanding=True)))
    .where(memberships.c.group_id.in_(bindparam("groups", expanding=True)))
    .order_by(memberships.c.group_id, memberships.c.person_id)
)


def _groups(connection: Connection, rows: Iterable[RowMapping]) -> tuple[Group, ...]:
    rows = list(rows)
    if not rows:
        return ()
    asked = {"workspaces": list({row["workspace_id"] for row in rows}), "groups": [row["id"] for row in rows]}
    inside: dict[int, list[Member]] = {}
    for row in connection.execute(_MEMBERS, asked).mappings():
        inside.setdefault(row["group_id"], []).append(member_of(row))
    spread = [group for group, found in inside.items() if any(member.elsewhere is not None for member in found)]
    homes = homes_of(connection, spread) if spread else {}
    return tuple(group_of(row, inside.get(row["id"], []), homes.get(row["id"], ())) for row in rows)
