"""The tables of groups, their members and goals: rows in, frozen values out. Every query names its workspace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Integer,
    RowMapping,
    Table,
    Text,
    and_,
    insert,
    select,
    update,
)

from bot.groups.rules import Goal, Group, Member, MemberState, Role
from bot.schedule.rules import Off, Schedule, Slot
from bot.storage import Instant, metadata, upsert

groups = Table(
    "groups",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("guide", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("organiser_id", Integer, ForeignKey("people.id"), nullable=False),
    Column("facilitator_id", Integer, ForeignKey("people.id")),
    Column("standin_id", Integer, ForeignKey("people.id")),
    Column("standin_until", Date),
    Column("zone", Text, nullable=False),
    Column("start", Date, nullable=False),
    # [[valid from, weekday, "HH:MM"], …] and [[first day off, first day on again or null, "skip" or "pause"], …]
    Column("slots", JSON, nullable=False),
    Column("off", JSON, nullable=False),
    Column("territory", Text),
    Column("conversation", Text),
    Column("created_at", Instant, nullable=False),
    Column("planned_through", Instant, nullable=False),
    Column("next_due", Instant, index=True),
)

memberships = Table(
    "memberships",
    metadata,
    Column("group_id", Integer, ForeignKey("groups.id"), primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True, index=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("paused_until", Date),
    # How often they were invited: each invitation is a message of its own.
    Column("invitations", Integer, nullable=False),
    Column("answered_at", Instant),
)

goals = Table(
    "goals",
    metadata,
    Column("group_id", Integer, ForeignKey("groups.id"), primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id"), primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
)


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
        **_schedule_columns(group.schedule),
    }
    made: int = connection.execute(insert(groups).values(**row).returning(groups.c.id)).scalar_one()
    for member in group.members:
        keep_member(connection, group.workspace, made, member, now)
    return load(connection, group.workspace, made)


def load(connection: Connection, workspace: int, group: int, *, lock: bool = False) -> Group:
    """The group with its members. Raises KeyError where this workspace has none. ``lock``: only we change it now."""
    query = select(groups).where(groups.c.id == group, groups.c.workspace_id == workspace)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise KeyError(group)
    return _groups(connection, [row])[0]


def at_home(connection: Connection, workspace: int, conversation: str) -> Group | None:
    """The group whose home this conversation is; the newest where several have lived there."""
    query = (
        select(groups)
        .where(groups.c.workspace_id == workspace, groups.c.conversation == conversation)
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
    query = (
        select(groups)
        .where(groups.c.workspace_id == workspace, groups.c.id.in_(mine) | (groups.c.organiser_id == person))
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


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When, after now, the next group has a moment."""
    query = select(groups.c.next_due).where(groups.c.next_due > now).order_by(groups.c.next_due).limit(1)
    return connection.execute(query).scalar_one_or_none()


def planned(connection: Connection, marks: Sequence[tuple[int, datetime, datetime | None, str]]) -> None:
    """Keep how far groups are planned: (group, through, next due, state).

    Groups that were due at one moment are mostly due again at one moment: they share a statement.
    """
    alike: dict[tuple[datetime, datetime | None, str], list[int]] = {}
    for group, through, due, state in marks:
        alike.setdefault((through, due, state), []).append(group)
    for (through, due, state), ids in alike.items():
        values = {"planned_through": through, "next_due": due, "state": state}
        connection.execute(update(groups).where(groups.c.id.in_(ids)).values(**values))


def wake_at(connection: Connection, group: Group, at: datetime | None) -> None:
    """Look at the group at this time, since its calendar has changed."""
    connection.execute(update(groups).where(_ours(group)).values(next_due=at))


def keep_schedule(connection: Connection, group: Group, schedule: Schedule) -> None:
    connection.execute(update(groups).where(_ours(group)).values(**_schedule_columns(schedule)))


def keep_facilitator(connection: Connection, group: Group, facilitator: int | None) -> None:
    """A new facilitator for good; a stand-in is no longer needed."""
    values = {"facilitator_id": facilitator, "standin_id": None, "standin_until": None}
    connection.execute(update(groups).where(_ours(group)).values(**values))


def keep_standin(connection: Connection, group: Group, standin: int, until: date) -> None:
    values = {"standin_id": standin, "standin_until": until}
    connection.execute(update(groups).where(_ours(group)).values(**values))


def begin(connection: Connection, group: Group, schedule: Schedule, through: datetime) -> None:
    """From now on the group runs."""
    values = {"state": "running", "planned_through": through, **_schedule_columns(schedule)}
    connection.execute(update(groups).where(_ours(group)).values(**values))


def finish(connection: Connection, group: Group) -> None:
    """The group meets no more."""
    connection.execute(update(groups).where(_ours(group)).values(state="finished", next_due=None))


def settle_home(connection: Connection, workspace: int, group: int, conversation: str) -> None:
    """The conversation that the adapter made for the group; the first one wins."""
    connection.execute(
        update(groups)
        .where(groups.c.id == group, groups.c.workspace_id == workspace, groups.c.conversation.is_(None))
        .values(conversation=conversation)
    )


def leave_home(connection: Connection, group: Group) -> None:
    """The group has no conversation any more; the next post to its home makes one."""
    connection.execute(update(groups).where(_ours(group)).values(conversation=None))


def keep_member(connection: Connection, workspace: int, group: int, member: Member, now: datetime) -> int:
    """Keep a person's place in a group. Returns how often they have been invited, this time included."""
    before: int | None = connection.execute(
        select(memberships.c.invitations).where(
            memberships.c.workspace_id == workspace,
            memberships.c.group_id == group,
            memberships.c.person_id == member.person,
        )
    ).scalar_one_or_none()
    invitations = (before or 0) + (member.state == "invited")
    upsert(
        connection,
        memberships,
        {
            "group_id": group,
            "person_id": member.person,
            "workspace_id": workspace,
            "role": member.role,
            "state": member.state,
            "paused_until": member.paused_until,
            "invitations": invitations,
            "answered_at": None if member.state == "invited" else now,
        },
    )
    return invitations


def invitations(connection: Connection, group: Group, person: int) -> int:
    """How often the person was invited to the group."""
    query = select(memberships.c.invitations).where(
        memberships.c.workspace_id == group.workspace,
        memberships.c.group_id == group.id,
        memberships.c.person_id == person,
    )
    return connection.execute(query).scalar_one_or_none() or 0


def keep_goal(connection: Connection, workspace: int, group: int, goal: Goal, now: datetime) -> None:
    upsert(
        connection,
        goals,
        {
            "group_id": group,
            "person_id": goal.person,
            "workspace_id": workspace,
            "text": goal.text,
            "shared": goal.shared,
            "changed_at": now,
        },
    )


def goals_of(connection: Connection, workspace: int, group: int) -> dict[int, Goal]:
    """The goals in a group by person. Who may read which is the caller's to decide."""
    rows = connection.execute(select(goals).where(goals.c.workspace_id == workspace, goals.c.group_id == group))
    return {row["person_id"]: Goal(row["person_id"], row["text"], row["shared"]) for row in rows.mappings()}


def _ours(group: Group) -> ColumnElement[bool]:
    return and_(groups.c.id == group.id, groups.c.workspace_id == group.workspace)


def _groups(connection: Connection, rows: Iterable[RowMapping]) -> tuple[Group, ...]:
    rows = list(rows)
    if not rows:
        return ()
    query = (
        select(memberships)
        .where(memberships.c.workspace_id.in_({row["workspace_id"] for row in rows}))
        .where(memberships.c.group_id.in_([row["id"] for row in rows]))
        .order_by(memberships.c.group_id, memberships.c.person_id)
    )
    members: dict[int, list[Member]] = {}
    for row in connection.execute(query).mappings():
        members.setdefault(row["group_id"], []).append(_member(row))
    return tuple(_group(row, tuple(members.get(row["id"], ()))) for row in rows)


def _member(row: RowMapping) -> Member:
    role: Role = row["role"]
    state: MemberState = row["state"]
    return Member(row["person_id"], role, state, row["paused_until"])


def _group(row: RowMapping, members: tuple[Member, ...]) -> Group:
    return Group(
        id=row["id"],
        workspace=row["workspace_id"],
        kind=row["kind"],
        name=row["name"],
        guide=row["guide"],
        state=row["state"],
        organiser=row["organiser_id"],
        facilitator=row["facilitator_id"],
        standin=row["standin_id"],
        standin_until=row["standin_until"],
        schedule=Schedule(
            zone=row["zone"],
            start=row["start"],
            slots=tuple(
                (date.fromisoformat(since), Slot(weekday, time.fromisoformat(at)))
                for since, weekday, at in row["slots"]
            ),
            off=tuple(
                Off(date.fromisoformat(first), date.fromisoformat(until) if until else None, reason)
                for first, until, reason in row["off"]
            ),
            territory=row["territory"],
        ),
        conversation=row["conversation"],
        planned_through=row["planned_through"],
        members=members,
    )


def _schedule_columns(schedule: Schedule) -> dict[str, Any]:
    return {
        "zone": schedule.zone,
        "start": schedule.start,
        "slots": [[since.isoformat(), slot.weekday, slot.at.strftime("%H:%M")] for since, slot in schedule.slots],
        "off": [
            [off.first.isoformat(), off.until.isoformat() if off.until else None, off.reason] for off in schedule.off
        ],
        "territory": schedule.territory,
    }
