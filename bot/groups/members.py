"""Who is in a group, and what each has set out to do: rows in, frozen values out. Every query names its workspace."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, exists, or_, select, update

from bot.groups.rules import Goal, Group, Member
from bot.groups.tables import goals, groups, memberships
from bot.outbox.elsewhere import give_up, settle_in
from bot.storage import read_ahead, read_before, upsert


def keep(connection: Connection, workspace: int, group: int, member: Member, now: datetime) -> int:
    """Keep a person's place in a group. Returns how often they have been invited, this time included."""
    before = connection.execute(
        select(memberships.c.invitations, memberships.c.state).where(
            memberships.c.workspace_id == workspace,
            memberships.c.group_id == group,
            memberships.c.person_id == member.person,
        )
    ).one_or_none()
    invitations: int = (before.invitations if before else 0) + (member.state == "invited")
    if member.elsewhere is not None:
        settle_in(connection, group, member.elsewhere)
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
            "answered_at": None if member.state in ("invited", "asking") else now,
            **({} if member.elsewhere is None else {"elsewhere_id": member.elsewhere}),
        },
    )
    if member.state == "in" and before is not None and before.state != "in":
        # What the others were asked before is for them as well: whoever plans looks at the group again.
        ours = and_(groups.c.workspace_id == workspace, groups.c.id == group)
        connection.execute(update(groups).where(ours, groups.c.state == "running").values(next_due=now))
    return invitations


def invitations(connection: Connection, group: Group, person: int) -> int:
    """How often the person was invited to the group."""
    query = select(memberships.c.invitations).where(
        memberships.c.workspace_id == group.workspace,
        memberships.c.group_id == group.id,
        memberships.c.person_id == person,
    )
    return connection.execute(query).scalar_one_or_none() or 0


def part(connection: Connection, workspace: int, others: Collection[int]) -> int:
    """These are about to be apart: nobody of one stays in a group of the other. Returns how many that were.

    What they said stays where they said it; it is the group's.
    """
    ours, theirs = memberships.c.workspace_id, memberships.c.elsewhere_id
    between = or_(and_(ours == workspace, theirs.in_(others)), and_(ours.in_(others), theirs == workspace))
    ids = set(connection.execute(select(memberships.c.group_id).where(between)).scalars())
    spoken_to = (memberships.c.state.in_(("in", "invited", "asking")), between)
    left = connection.execute(update(memberships).where(*spoken_to).values(state="left")).rowcount
    leads = and_(memberships.c.group_id == groups.c.id, memberships.c.person_id == groups.c.facilitator_id)
    led = and_(groups.c.id.in_(ids), exists().where(leads, between))
    connection.execute(update(groups).where(led).values(facilitator_id=None))
    for one, those in ((workspace, others), *((other, (workspace,)) for other in others)):
        of_those = select(groups.c.id).where(groups.c.workspace_id.in_(those), groups.c.id.in_(ids))
        give_up(connection, one, connection.execute(of_those).scalars().all())
    return left


# ── goals ────────────────────────────────────────────────────────────────────────────────────────────────────────────


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
    known: dict[int, Goal] | None = read_before(connection).get(("goals", workspace, group))
    return known if known is not None else _goals(connection, workspace, [group])[group]


def goals_ahead(connection: Connection, workspace: int, ids: Collection[int]) -> None:
    """Read the goals in these groups in one go, for a transaction that will ask for each group's."""
    found = _goals(connection, workspace, ids)
    read_ahead(connection, {("goals", workspace, group): those for group, those in found.items()})


def _goals(connection: Connection, workspace: int, ids: Collection[int]) -> dict[int, dict[int, Goal]]:
    found: dict[int, dict[int, Goal]] = {group: {} for group in ids}
    rows = connection.execute(select(goals).where(goals.c.workspace_id == workspace, goals.c.group_id.in_(list(ids))))
    for row in rows.mappings():
        found[row["group_id"]][row["person_id"]] = Goal(row["person_id"], row["text"], row["shared"])
    return found
