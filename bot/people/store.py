"""The tables of people and workspaces: rows in, frozen values out. Every query names its workspace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import time
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    RowMapping,
    Select,
    Table,
    Text,
    Time,
    UniqueConstraint,
    and_,
    bindparam,
    or_,
    select,
    update,
)

from bot.i18n import ENGLISH
from bot.inbound import Actor
from bot.people.rules import DEFAULT_ZONE, QUIET_FROM, QUIET_TO, WORKDAYS, Person, Workspace, clean_name
from bot.storage import insert_new, metadata, read_ahead, read_before

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("external", Text, nullable=False),
    Column("name", Text, nullable=False),
    # Workspaces with the same number are one organisation: its groups may have people in each. Null: apart from all.
    Column("organisation", Integer),
    UniqueConstraint("platform", "external"),
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, ForeignKey("workspaces.id"), nullable=False),
    Column("external", Text, nullable=False),
    Column("name", Text, nullable=False),
    # What the platform says, and what the person chose instead; the choice always wins.
    Column("zone", Text),
    Column("chosen_zone", Text),
    Column("language", Text),
    Column("chosen_language", Text),
    Column("title", Text, nullable=False, server_default=""),
    Column("department", Text, nullable=False, server_default=""),
    Column("manager_id", Integer, ForeignKey("people.id")),
    Column("quiet_from", Time, nullable=False),
    Column("quiet_to", Time, nullable=False),
    Column("workdays", Text, nullable=False),
    Column("reminders", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("workspace_id", "external"),
)


def workspace_id(connection: Connection, platform: str, external: str, name: str) -> int:
    """The id of the workspace with this id on its platform; made where there is none yet."""
    insert_new(connection, workspaces, [{"platform": platform, "external": external, "name": name}])
    found: int = connection.execute(
        select(workspaces.c.id).where(workspaces.c.platform == platform, workspaces.c.external == external)
    ).scalar_one()
    return found


def platform(connection: Connection, workspace: int) -> str:
    """The platform that a workspace is on. Raises KeyError where there is no such workspace."""
    found = connection.execute(select(workspaces.c.platform).where(workspaces.c.id == workspace)).scalar_one_or_none()
    if found is None:
        raise KeyError(workspace)
    return str(found)


# ── workspaces of one organisation ───────────────────────────────────────────────────────────────────────────────────


def linked(workspace: int) -> Select[tuple[int]]:
    """The ids of the other workspaces of its organisation, for queries; mostly none."""
    return _OTHERS.where(_THIS.c.id == workspace)


_THIS, _OTHER = workspaces.alias(), workspaces.alias()
_OTHERS = select(_OTHER.c.id).where(_OTHER.c.organisation == _THIS.c.organisation, _OTHER.c.id != _THIS.c.id)


def linked_with(connection: Connection, workspace: int) -> tuple[Workspace, ...]:
    """The other workspaces of its organisation."""
    query = select(workspaces).where(workspaces.c.id.in_(linked(workspace))).order_by(workspaces.c.id)
    return tuple(_workspace(row) for row in connection.execute(query).mappings())


def all_workspaces(connection: Connection) -> tuple[Workspace, ...]:
    """Every workspace of the installation, in the order in which they came."""
    rows = connection.execute(select(workspaces).order_by(workspaces.c.id))
    return tuple(_workspace(row) for row in rows.mappings())


def link(connection: Connection, one: Workspace, other: Workspace) -> None:
    """From now on both are one organisation, with all that each was linked with before."""
    both = [one.id, other.id, *(w.organisation for w in (one, other) if w.organisation is not None)]
    before = [w.organisation for w in (one, other) if w.organisation is not None]
    ours = or_(workspaces.c.id.in_([one.id, other.id]), workspaces.c.organisation.in_(before))
    connection.execute(update(workspaces).where(ours).values(organisation=min(both)))


def unlink(connection: Connection, workspace: Workspace) -> None:
    """From now on it is apart from all others."""
    connection.execute(update(workspaces).where(workspaces.c.id == workspace.id).values(organisation=None))


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def meet(connection: Connection, actor: Actor) -> Person:
    """The person behind an actor, made or brought up to date with what the platform says of them now.

    An actor without a name, since the platform could not be asked, leaves the name as it is.
    """
    name = clean_name(actor)
    row = _row(connection, actor.workspace, actor.person)
    if row is None:
        new = {
            "workspace_id": actor.workspace,
            "external": actor.person,
            "name": name,
            "zone": actor.zone,
            "language": actor.language,
            "quiet_from": QUIET_FROM,
            "quiet_to": QUIET_TO,
            "workdays": _days(WORKDAYS),
            "reminders": False,
            "active": True,
        }
        insert_new(connection, people, [new])
    else:
        changes: dict[str, Any] = {
            column: value
            for column, value in (
                ("name", name if actor.name else None),
                ("zone", actor.zone),
                ("language", actor.language),
                ("active", True),
            )
            if value is not None and row[column] != value
        }
        if not changes:
            return _person(row)
        connection.execute(
            update(people).where(people.c.workspace_id == actor.workspace, people.c.id == row["id"]).values(**changes)
        )
    return _person(_known(_row(connection, actor.workspace, actor.person)))


def describe(connection: Connection, person: Person, *, title: str, department: str, manager: Person | None) -> None:
    """Keep what a directory says of somebody's place in the organisation."""
    values = {"title": title, "department": department, "manager_id": manager.id if manager else None}
    connection.execute(update(people).where(_ours(person)).values(**values))


def find(connection: Connection, workspace: int, external: str) -> Person | None:
    """The person with this platform id in this workspace; None, also where another workspace has one."""
    row = _row(connection, workspace, external)
    return _person(row) if row else None


def language_of(connection: Connection, workspace: int, external: str) -> str | None:
    """What somebody has chosen, or their device is set to; None where nothing is known of it yet."""
    row = _row(connection, workspace, external)
    return (row["chosen_language"] or row["language"]) if row else None


def by_id(connection: Connection, workspace: int, ids: Iterable[int]) -> dict[int, Person]:
    """The people with these ids, by id, who are in this workspace or in one that it is linked with."""
    known = read_before(connection)
    asked = set(ids)
    before = {one: known.get(("person", workspace, one)) for one in asked} if known else {}
    found: dict[int, Person] = {one: person for one, person in before.items() if person is not None}
    wanted = sorted(asked - found.keys())
    if not wanted:
        return found
    rows = connection.execute(select(people).where(people.c.workspace_id == workspace, people.c.id.in_(wanted)))
    found |= {row["id"]: _person(row) for row in rows.mappings()}
    if missing := [one for one in wanted if one not in found]:
        there = people.c.workspace_id.in_(linked(workspace))
        rows = connection.execute(select(people).where(people.c.id.in_(missing), there))
        found |= {row["id"]: _person(row) for row in rows.mappings()}
    return found


def ahead(connection: Connection, workspace: int, ids: Iterable[int]) -> None:
    """Read these people in one go, for a transaction that will ask for each."""
    found = by_id(connection, workspace, ids)
    read_ahead(connection, {("person", workspace, one): person for one, person in found.items()})


def by_workspace(connection: Connection, wanted: Mapping[int, Set[int]]) -> dict[int, dict[int, Person]]:
    """People of several workspaces at once: ids by workspace in, people by workspace and id out."""
    found: dict[int, dict[int, Person]] = {workspace: {} for workspace in wanted}
    ids = sorted(set().union(*wanted.values()))
    query = select(people).where(people.c.workspace_id.in_(sorted(wanted)), people.c.id.in_(ids))
    for row in connection.execute(query).mappings() if ids else ():
        if row["id"] in wanted[row["workspace_id"]]:
            found[row["workspace_id"]][row["id"]] = _person(row)
    for workspace, those in wanted.items():
        if missing := those - found[workspace].keys():
            found[workspace] |= by_id(connection, workspace, missing)
    return found


def one(connection: Connection, workspace: int, person: int) -> Person:
    """The person with this id. Raises KeyError where neither this workspace nor one that it is linked with has one."""
    return by_id(connection, workspace, [person])[person]


def everyone(connection: Connection, workspace: int) -> tuple[Person, ...]:
    """All people of the workspace, in the order in which they came."""
    rows = connection.execute(select(people).where(people.c.workspace_id == workspace).order_by(people.c.id))
    return tuple(_person(row) for row in rows.mappings())


def managers(connection: Connection, workspace: int) -> dict[int, int]:
    """Who reports to whom: person id -> id of their line manager."""
    rows = connection.execute(
        select(people.c.id, people.c.manager_id).where(
            people.c.workspace_id == workspace, people.c.manager_id.is_not(None)
        )
    )
    return {row.id: row.manager_id for row in rows}


def choose_zone(connection: Connection, person: Person, zone: str) -> None:
    connection.execute(update(people).where(_ours(person)).values(chosen_zone=zone))


def choose_language(connection: Connection, person: Person, language: str) -> None:
    connection.execute(update(people).where(_ours(person)).values(chosen_language=language))


def choose_quiet(connection: Connection, person: Person, quiet_from: time, quiet_to: time) -> None:
    connection.execute(update(people).where(_ours(person)).values(quiet_from=quiet_from, quiet_to=quiet_to))


def choose_reminders(connection: Connection, person: Person, wanted: bool) -> None:
    connection.execute(update(people).where(_ours(person)).values(reminders=wanted))


def deactivate(connection: Connection, person: Person) -> None:
    connection.execute(update(people).where(_ours(person)).values(active=False))


def _ours(person: Person) -> ColumnElement[bool]:
    return and_(people.c.id == person.id, people.c.workspace_id == person.workspace)


# Every event asks for somebody. Made once: to make such a statement costs more than to run it.
_NAMED = select(people).where(
    people.c.workspace_id == bindparam("workspace"), people.c.external == bindparam("external")
)


def _row(connection: Connection, workspace: int, external: str) -> RowMapping | None:
    return connection.execute(_NAMED, {"workspace": workspace, "external": external}).mappings().one_or_none()


def _known(row: RowMapping | None) -> RowMapping:
    if row is None:
        raise KeyError("a person who was just kept is gone")
    return row


def _workspace(row: RowMapping) -> Workspace:
    return Workspace(row["id"], row["platform"], row["external"], row["name"], row["organisation"])


def _person(row: RowMapping) -> Person:
    return Person(
        id=row["id"],
        workspace=row["workspace_id"],
        external=row["external"],
        name=row["name"],
        zone=row["chosen_zone"] or row["zone"] or DEFAULT_ZONE,
        language=row["chosen_language"] or row["language"] or ENGLISH,
        title=row["title"],
        department=row["department"],
        manager=row["manager_id"],
        quiet_from=row["quiet_from"],
        quiet_to=row["quiet_to"],
        workdays=frozenset(int(day) for day in row["workdays"]),
        reminders=row["reminders"],
        active=row["active"],
    )


def _days(workdays: frozenset[int]) -> str:
    return "".join(str(day) for day in sorted(workdays))
