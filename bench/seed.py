"""A large installation, written by SQL in bulk: the same on SQLite and PostgreSQL, the same at every run.

Groups are circles of five in their sixth week, in a hundred workspaces, with something in the outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Table, Text, cast, insert, literal, select, update

from bot.groups.rules import rhythm
from bot.groups.tables import groups, memberships
from bot.guides.rules import Guides
from bot.outbox.store import outbox
from bot.people.rules import QUIET_FROM, QUIET_TO
from bot.people.store import people, workspaces
from bot.schedule.rules import Schedule, Slot, next_moment
from bot.storage import Store

GUIDE = "peer-circle"
ZONE = "Europe/Berlin"
WORKSPACES = 100
MEMBERS = 5
INHABITED = 100_000
"""Of so many groups, and of those that are due, the members are there too: filling takes most of the time."""

STRIPES = 100
"""Groups that share a slot and a next moment: every hundredth. What differs is written in as many statements."""

ROUNDS = 10
DUE = 100
"""How many groups have their prompt in each of the rounds."""

START = date(2026, 10, 12)
SESSION = 5
PROMPT = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
"""Monday, 8:00 in Berlin: the prompts of session 5, for a meeting at 10:00. Each round comes a minute later."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """An installation with this many groups; ``rounds`` are the ids of those that are due in each round."""

    store: Store
    groups: int
    rounds: tuple[tuple[int, ...], ...]

    def now(self, number: int) -> datetime:
        return PROMPT + timedelta(minutes=number)


def seed(store: Store, guides: Guides, count: int) -> Seeded:
    """Fill a migrated, empty database. ``count`` is a multiple of 1,000."""
    rounds = _rounds(count)
    with store.begin() as connection:
        _fill(connection, workspaces, _numbers(1, WORKSPACES), _workspace)
        _fill(connection, people, _numbers(1, _people(count)), _person)
        for stripe in range(STRIPES):
            _stripe(connection, guides, stripe, count)
        for number, chosen in enumerate(rounds):
            _make_due(connection, number, chosen)
        for seat in range(MEMBERS):
            _seat(connection, seat, count, [group for due in rounds for group in due])
        _history(connection)
    return Seeded(store, count, rounds)


def ask(store: Store, session: int, chosen: Sequence[int], *, due: datetime | None = None) -> None:
    """The requests for a check-in of these groups' members, with two nudges behind: sent, or still ``due``."""
    state = "planned" if due else "sent"
    group, person = _text(memberships.c.group_id), _text(memberships.c.person_id)
    about = literal(f":{session}:")
    asked = {
        "key": literal("checkin:") + group + about + person,
        "not_before": due or PROMPT + timedelta(days=1),
        "state": state,
        "attempts": 0 if due else 1,
        "conversation": None if due else literal("dm-p") + person,
        "message": None if due else literal("ask-") + group + literal("-") + person,
    }
    nudges = [
        {
            "key": literal("nudge:") + group + about + literal(f"{n}:") + person,
            "not_before": PROMPT + timedelta(days=1 + 2 * n),
            "state": "planned",
            "attempts": 0,
        }
        for n in (1, 2)
    ]
    common = {
        "workspace_id": memberships.c.workspace_id,
        "group_id": memberships.c.group_id,
        "person_id": memberships.c.person_id,
        "lane_token": 0,
        "changed": False,
        "reason": "",
        "updated_at": PROMPT,
    }
    with store.begin() as connection:
        for row in (asked, *nudges):
            _insert(connection, outbox, {**common, **row}, memberships.c.group_id.in_(chosen))


def members(group: int, count: int) -> tuple[int, ...]:
    """The people in a group of an installation with ``count`` groups: five of its workspace."""
    return tuple((group - 1 + seat * WORKSPACES) % _people(count) + 1 for seat in range(MEMBERS))


def _people(count: int) -> int:
    """How many people there are: one for each group, and no more than there is a use for."""
    return min(count, INHABITED)


def workspace_of(number: int) -> int:
    """The workspace of the person, or of the group, with this id."""
    return (number - 1) % WORKSPACES + 1


def _rounds(count: int) -> tuple[tuple[int, ...], ...]:
    """Which groups are due in which round: all over the table, each group of a round in another workspace."""
    chosen: list[list[int]] = [[] for _ in range(ROUNDS)]
    step = count // (ROUNDS * DUE)
    for place in range(ROUNDS * DUE):
        chosen[(place + place // DUE) % ROUNDS].append(1 + place * step + place % step)
    return tuple(tuple(ids) for ids in chosen)


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

Number = ColumnElement[int]


def _workspace(n: Number) -> dict[str, Any]:
    return {"id": n, "platform": "web", "external": _text(n), "name": literal("Workspace ") + _text(n)}


def _person(n: Number) -> dict[str, Any]:
    return {
        "id": n,
        "workspace_id": _workspace_of(n),
        "external": literal("p") + _text(n),
        "name": literal("Person ") + _text(n),
        "zone": ZONE,
        "language": "en",
        "quiet_from": QUIET_FROM,
        "quiet_to": QUIET_TO,
        "workdays": "01234",
        "reminders": False,
        "active": True,
    }


def _stripe(connection: Connection, guides: Guides, stripe: int, count: int) -> None:
    """Groups with a slot of their own between Tuesday and Friday, and nothing due in any of the rounds."""
    at = time(8 + stripe % 9, 30 * (stripe % 2))
    schedule = Schedule(ZONE, START, ((START, Slot(1 + stripe % 4, at)),), territory="DE")
    following = next_moment(schedule, rhythm(guides.get(GUIDE)), PROMPT + timedelta(hours=1))

    def row(n: Number) -> dict[str, Any]:
        return {
            "id": n,
            "workspace_id": _workspace_of(n),
            "kind": "circle",
            "name": literal("Circle ") + _text(n),
            "guide": GUIDE,
            "state": "running",
            "organiser_id": (n - 1) % _people(count) + 1,
            "facilitator_id": (n - 1) % _people(count) + 1,
            "zone": ZONE,
            "start": START,
            "slots": _slots(schedule.slot),
            "off": [],
            "territory": "DE",
            "conversation": literal("home-") + _text(n),
            "created_at": PROMPT - timedelta(weeks=6),
            "planned_through": PROMPT - timedelta(hours=1),
            "next_due": following,
        }

    _fill(connection, groups, _numbers(stripe + 1, count, STRIPES), row)


def _make_due(connection: Connection, number: int, chosen: tuple[int, ...]) -> None:
    """Groups that meet on Monday at 10:00, or a few minutes later, and so have their prompt in this round."""
    slot = Slot(0, time(10, number))
    due = {"slots": _slots(slot), "next_due": PROMPT + timedelta(minutes=number)}
    connection.execute(update(groups).where(groups.c.id.in_(chosen)).values(**due))


def _seat(connection: Connection, seat: int, count: int, always: Sequence[int]) -> None:
    """One member of each group of ``always``, and of the others as far as they are inhabited."""
    row = {
        "group_id": groups.c.id,
        "person_id": (groups.c.id - 1 + seat * WORKSPACES) % _people(count) + 1,
        "workspace_id": groups.c.workspace_id,
        "role": "participant",
        "state": "in",
        "invitations": 1,
    }
    _insert(connection, memberships, row, (groups.c.id <= INHABITED) | groups.c.id.in_(always))


def _history(connection: Connection) -> None:
    """For each group a prompt that was sent a week ago; for one in ten a hint that is planned for a day to come."""
    common = {"lane_token": 1, "changed": False, "reason": "", "updated_at": PROMPT - timedelta(days=7)}
    about = {"workspace_id": groups.c.workspace_id, "group_id": groups.c.id}
    group = _text(groups.c.id)
    sent = {
        "key": literal("prompt:") + group + literal(f":{SESSION - 1}:2026-11-09"),
        "not_before": PROMPT - timedelta(days=7),
        "state": "sent",
        "attempts": 1,
        "conversation": groups.c.conversation,
        "message": literal("m-") + group,
    }
    planned = {
        "key": literal("hint:") + group + literal(f":{SESSION - 1}"),
        "person_id": groups.c.organiser_id,
        "not_before": PROMPT + timedelta(days=2),
        "state": "planned",
        "attempts": 0,
    }
    _insert(connection, outbox, {**about, **common, **sent})
    _insert(connection, outbox, {**about, **common, **planned}, groups.c.id % 10 == 0)


def _slots(slot: Slot) -> list[list[Any]]:
    return [[START.isoformat(), slot.weekday, slot.at.strftime("%H:%M")]]


# ── bulk ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _numbers(first: int, last: int, step: int = 1) -> CTE:
    """A table of one column ``n``: both databases count by recursion."""
    counted = select(literal(first).label("n")).cte("numbers", recursive=True)
    return counted.union_all(select(counted.c.n + step).where(counted.c.n + step <= last))


def _fill(connection: Connection, table: Table, numbers: CTE, row: Callable[[Number], dict[str, Any]]) -> None:
    """A row for each of the numbers."""
    _insert(connection, table, row(numbers.c.n))


def _insert(connection: Connection, table: Table, row: dict[str, Any], *where: ColumnElement[bool]) -> None:
    """INSERT ... SELECT; a plain value is the same in all rows."""
    columns = [
        value if isinstance(value, ColumnElement) else literal(value, table.c[name].type) for name, value in row.items()
    ]
    connection.execute(insert(table).from_select(list(row), select(*columns).where(*where)))


def _workspace_of(n: Number) -> Number:
    return (n - 1) % WORKSPACES + 1


def _text(n: Any) -> ColumnElement[str]:
    return cast(n, Text)
