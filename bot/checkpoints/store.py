"""The queries of checkpoints. What people answered, and what was published of it, is sealed before it is kept here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    and_,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from bot.checkpoints.rules import Answer, Call, CallState, Cohort, Kept
from bot.checkpoints.tables import answers as answers
from bot.checkpoints.tables import calls as calls
from bot.checkpoints.tables import releases as releases
from bot.groups.rules import Group
from bot.groups.tables import memberships
from bot.people.store import linked, workspaces
from bot.storage import NOW, insert_new, read_ahead, read_before, upsert

T = TypeVar("T")

AT_ONCE = 500
"""Rows that one statement names by their keys: a database takes only so many values."""


def batched(found: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(found), AT_ONCE):
        yield found[start : start + AT_ONCE]


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def keep_calls(connection: Connection, made: Iterable[Call]) -> None:
    """Keep what is not there yet. A poll of a group is opened once, however often its moment comes."""
    insert_new(
        connection,
        calls,
        [
            {
                "group_id": call.group,
                "poll": call.poll,
                "workspace_id": call.cohort.workspace,
                "guide": call.cohort.guide,
                "organiser_id": call.cohort.organiser,
                "state": call.state,
                "opens_at": call.opens,
                "closes_at": call.closes,
                "due_at": call.opens if call.state == "wanted" else call.closes,
            }
            for call in made
        ],
    )


def change_calls(connection: Connection, found: Sequence[Call], state: CallState) -> None:
    due: dict[CallState, ColumnElement[datetime] | None] = {
        "wanted": calls.c.opens_at,
        "open": calls.c.closes_at,
        "closed": None,
    }
    for some in batched(found):
        connection.execute(update(calls).where(_these(some)).values(state=state, due_at=due[state]))


def put_off(connection: Connection, found: Sequence[Call], until: datetime) -> None:
    """Look at them again then; nothing else of them changes."""
    for some in batched(found):
        connection.execute(update(calls).where(_these(some)).values(due_at=until))


def move_call(connection: Connection, call: Call) -> None:
    """A poll that is wanted opens at another time; one that has begun does not."""
    values = {"opens_at": call.opens, "closes_at": call.closes, "due_at": call.opens}
    connection.execute(update(calls).where(_these([call]), calls.c.state == "wanted").values(**values))


def forget_call(connection: Connection, call: Call) -> None:
    """A poll that was wanted and is not wanted any more; one that has begun stays."""
    connection.execute(calls.delete().where(_these([call]), calls.c.state == "wanted"))


def _these(found: Sequence[Call]) -> ColumnElement[bool]:
    each = tuple_(calls.c.workspace_id, calls.c.group_id, calls.c.poll)
    return each.in_([(call.cohort.workspace, call.group, call.poll) for call in found])


def due_calls(connection: Connection, now: datetime, limit: int) -> tuple[Call, ...]:
    """Polls that open or close now, the longest due first; another worker's hands are off them meanwhile."""
    query = select(calls).where(calls.c.due_at <= now).order_by(calls.c.due_at, calls.c.group_id).limit(limit)
    return tuple(_call(row) for row in connection.execute(query.with_for_update(skip_locked=True)).mappings())


DUE = exists().where(calls.c.due_at <= NOW)
NEXT = select(func.min(calls.c.due_at)).where(calls.c.due_at > NOW)
"""For the clock: does a poll open or close by itself, and when is the next that will."""


def calls_of(connection: Connection, workspace: int, group: int) -> tuple[Call, ...]:
    """A group's polls, the first asked first."""
    known: tuple[Call, ...] | None = read_before(connection).get(("calls", workspace, group))
    if known is not None:
        return known
    query = select(calls).where(calls.c.workspace_id == workspace, calls.c.group_id == group)
    return tuple(_call(row) for row in connection.execute(query.order_by(calls.c.opens_at)).mappings())


def calls_of_groups(connection: Connection, found: Sequence[Group]) -> tuple[Call, ...]:
    """The polls of these groups, of whatever workspaces, the first asked first."""
    rows: list[RowMapping] = []
    for some in batched(found):
        each = tuple_(calls.c.workspace_id, calls.c.group_id).in_([(group.workspace, group.id) for group in some])
        rows += connection.execute(select(calls).where(each).order_by(calls.c.opens_at)).mappings()
    return tuple(_call(row) for row in rows)


def call(connection: Connection, workspace: int, group: int, poll: str) -> Call | None:
    return next((one for one in calls_of(connection, workspace, group) if one.poll == poll), None)


def calls_in(connection: Connection, cohort: Cohort) -> tuple[Call, ...]:
    """The polls of all groups of a cohort."""
    query = select(calls).where(
        calls.c.workspace_id == cohort.workspace,
        calls.c.guide == cohort.guide,
        calls.c.organiser_id == cohort.organiser,
    )
    return tuple(_call(row) for row in connection.execute(query.order_by(calls.c.group_id)).mappings())


def _call(row: RowMapping) -> Call:
    cohort = Cohort(row["workspace_id"], row["guide"], row["organiser_id"])
    return Call(row["group_id"], row["poll"], cohort, row["state"], row["opens_at"], row["closes_at"])


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def keep_answer(connection: Connection, workspace: int, answer: Answer, now: datetime) -> None:
    """Keep a sealed answer; a later one to the same question of the same poll takes its place."""
    row = {
        "group_id": answer.group,
        "poll": answer.poll,
        "person_id": answer.person,
        "question": answer.question,
        "workspace_id": workspace,
        "role": answer.role,
        "wording": answer.wording,
        "sealed": answer.value,
        "answered_at": now,
    }
    upsert(connection, answers, row)


def take_back(
    connection: Connection, workspace: int, group: int, poll: str, person: int, questions: Sequence[str]
) -> None:
    """Forget answers that somebody has emptied."""
    connection.execute(
        answers.delete().where(
            answers.c.workspace_id == workspace,
            answers.c.group_id == group,
            answers.c.poll == poll,
            answers.c.person_id == person,
            answers.c.question.in_(questions),
            answers.c.release_id.is_(None),
        )
    )


def answers_of(connection: Connection, workspace: int, person: int, group: int) -> tuple[Answer, ...]:
    """Everything somebody has answered in a group, sealed. For them alone."""
    known: tuple[Answer, ...] | None = read_before(connection).get(("answers", workspace, group, person))
    if known is not None:
        return known
    query = select(answers).where(
        answers.c.workspace_id == workspace, answers.c.group_id == group, answers.c.person_id == person
    )
    return tuple(_answer(row) for row in connection.execute(query.order_by(answers.c.question)).mappings())


def ahead(connection: Connection, workspace: int, asked: Collection[tuple[int, int]]) -> None:
    """Read the polls of groups, and what people have answered in them, in one go: (group, person), for a transaction
    that will ask for each."""
    if not asked:
        return
    found: dict[int, list[Call]] = {group: [] for group, _ in asked}
    query = select(calls).where(calls.c.workspace_id == workspace, calls.c.group_id.in_(sorted(found)))
    for row in connection.execute(query.order_by(calls.c.opens_at)).mappings():
        found[row["group_id"]].append(_call(row))
    given: dict[tuple[int, int], list[Answer]] = {one: [] for one in asked}
    each = tuple_(answers.c.group_id, answers.c.person_id).in_(sorted(given))
    theirs = select(answers).where(answers.c.workspace_id == workspace, each).order_by(answers.c.question)
    for row in connection.execute(theirs).mappings():
        given[row["group_id"], row["person_id"]].append(_answer(row))
    read_ahead(connection, {("calls", workspace, group): tuple(those) for group, those in found.items()})
    read_ahead(connection, {("answers", workspace, *one): tuple(those) for one, those in given.items()})


def answered_in(connection: Connection, workspace: int, person: int) -> tuple[int, ...]:
    """The groups in which somebody has answered, of their workspace or of one that it is linked with, oldest first."""
    here = or_(answers.c.workspace_id == workspace, answers.c.workspace_id.in_(linked(workspace)))
    query = select(answers.c.group_id).where(here, answers.c.person_id == person).distinct()
    return tuple(connection.execute(query.order_by(answers.c.group_id)).scalars())


def answers_in(connection: Connection, workspace: int, groups: Iterable[int]) -> tuple[Kept, ...]:
    """All answers of some groups, sealed."""
    here = and_(memberships.c.group_id == answers.c.group_id, memberships.c.person_id == answers.c.person_id)
    query = (
        select(answers, memberships.c.state)
        .join(memberships, here)
        .where(answers.c.workspace_id == workspace, answers.c.group_id.in_(sorted(set(groups))))
        .order_by(answers.c.group_id, answers.c.person_id, answers.c.poll, answers.c.question)
    )
    return tuple(
        Kept(_answer(row), row["state"] == "in", row["release_id"] is not None)
        for row in connection.execute(query).mappings()
    )


def _answer(row: RowMapping) -> Answer:
    return Answer(
        row["group_id"], row["poll"], row["person_id"], row["role"], row["question"], row["wording"], row["sealed"]
    )


# ── releases ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def lock(connection: Connection, workspace: int) -> None:
    """Only we publish in this workspace until the transaction ends."""
    connection.execute(select(workspaces.c.id).where(workspaces.c.id == workspace).with_for_update())


def publish(
    connection: Connection, cohort: Cohort, poll: str, sealed: str, counted: Iterable[Answer], now: datetime
) -> None:
    """Keep a release, and that these answers are counted in it and in no other."""
    row = {
        "workspace_id": cohort.workspace,
        "guide": cohort.guide,
        "organiser_id": cohort.organiser,
        "poll": poll,
        "sealed": sealed,
        "released_at": now,
    }
    made = connection.execute(insert(releases).values(**row).returning(releases.c.id)).scalar_one()
    each = tuple_(answers.c.group_id, answers.c.poll, answers.c.person_id, answers.c.question)
    for some in batched(tuple(counted)):
        these = each.in_([(one.group, one.poll, one.person, one.question) for one in some])
        ours = and_(answers.c.workspace_id == cohort.workspace, these)
        connection.execute(update(answers).where(ours).values(release_id=made))


def released(connection: Connection, cohort: Cohort) -> tuple[tuple[str, str, datetime], ...]:
    """What was published of a cohort, oldest first: poll, sealed content, when."""
    query = select(releases).where(
        releases.c.workspace_id == cohort.workspace,
        releases.c.guide == cohort.guide,
        releases.c.organiser_id == cohort.organiser,
    )
    rows = connection.execute(query.order_by(releases.c.id)).mappings()
    return tuple((row["poll"], row["sealed"], row["released_at"]) for row in rows)


SEALED: Mapping[Table, tuple[str, ...]] = {answers: ("sealed",), releases: ("sealed",)}
"""Every column that is sealed, by table."""
