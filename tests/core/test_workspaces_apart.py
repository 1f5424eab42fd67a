"""Nobody reads or changes anything of another workspace, whatever ids they name.

Every public function of every store is either tried here with the ids of another workspace, or listed with the reason
why it looks at all of them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from types import ModuleType

import pytest
from sqlalchemy import Connection, select

from bot.checkins import store as checkins
from bot.checkins.rules import Checkin
from bot.groups import store as groups
from bot.groups.rules import Goal, Group, Member
from bot.guides.rules import Guides
from bot.messages import Direct, Message, Post, Receipt
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Lane
from bot.people import store as people
from bot.people.rules import Person
from bot.schedule.rules import Schedule, Slot
from bot.storage import Store, metadata
from tests.core.office import NOW, START, Office, office

STORES: tuple[ModuleType, ...] = (people, groups, checkins, outbox)

OF_ALL = {
    "people.workspace_id": "finds or makes a workspace itself",
    "people.platform": "tells of the workspace itself",
    "people.meet": "is given the workspace by a verified event; see the test about one name in two workspaces",
    "groups.create": "makes a group of the workspace it is given",
    "groups.due": "the clock looks at every workspace",
    "groups.next_due": "the clock looks at every workspace",
    "groups.planned": "the clock keeps what it has just planned, by the groups that it found",
    "outbox.queue": "a key is unique in all workspaces; see the test about a key that another workspace has",
    "outbox.work": "the clock looks at every workspace",
    "outbox.next_due": "the clock looks at every workspace",
    "outbox.open_lane": "makes a lane of the workspace it is given",
}


@dataclass(frozen=True)
class Theirs:
    """What another workspace has, and values that claim it for ours."""

    mine: Office
    group: Group
    person: Person
    me: Person
    key: str
    parked: str
    conversation: str = "home"

    @property
    def w(self) -> int:
        return self.mine.workspace

    @property
    def claimed(self) -> Group:
        return replace(self.group, workspace=self.w)

    @property
    def impostor(self) -> Person:
        return replace(self.person, workspace=self.w)

    @property
    def lane(self) -> Lane:
        return Lane(self.w, "thief", 1)

    @property
    def post(self) -> Post:
        return Post(self.key, self.w, Direct("ana"), Message(()), 1)


Try = Callable[[Connection, Theirs], object]
LATER = NOW + timedelta(days=1)
EMPTY: tuple[object, ...] = (None, False, (), {}, 0, frozenset())

TRIES: dict[str, Try] = {
    "people.describe": lambda c, x: people.describe(c, x.impostor, title="Spy", department="", manager=x.me),
    "people.find": lambda c, x: people.find(c, x.w, "only-theirs"),
    "people.by_id": lambda c, x: people.by_id(c, x.w, [x.person.id]),
    "people.by_workspace": lambda c, x: people.by_workspace(c, {x.w: {x.person.id}})[x.w],
    "people.one": lambda c, x: people.one(c, x.w, x.person.id),
    "people.everyone": lambda c, x: tuple(p for p in people.everyone(c, x.w) if p.id == x.person.id),
    "people.managers": lambda c, x: people.managers(c, x.w),
    "people.choose_zone": lambda c, x: people.choose_zone(c, x.impostor, "UTC"),
    "people.choose_language": lambda c, x: people.choose_language(c, x.impostor, "en"),
    "people.choose_quiet": lambda c, x: people.choose_quiet(c, x.impostor, time(1), time(2)),
    "people.choose_reminders": lambda c, x: people.choose_reminders(c, x.impostor, True),
    "people.deactivate": lambda c, x: people.deactivate(c, x.impostor),
    "groups.load": lambda c, x: groups.load(c, x.w, x.group.id),
    "groups.at_home": lambda c, x: groups.at_home(c, x.w, x.conversation),
    "groups.of_person": lambda c, x: groups.of_person(c, x.w, x.person.id),
    "groups.running": lambda c, x: groups.running(c, x.w),
    "groups.wake_at": lambda c, x: groups.wake_at(c, x.claimed, NOW),
    "groups.keep_schedule": lambda c, x: groups.keep_schedule(c, x.claimed, other_schedule(x)),
    "groups.keep_facilitator": lambda c, x: groups.keep_facilitator(c, x.claimed, None),
    "groups.keep_standin": lambda c, x: groups.keep_standin(c, x.claimed, x.person.id, START),
    "groups.begin": lambda c, x: groups.begin(c, x.claimed, other_schedule(x), NOW),
    "groups.finish": lambda c, x: groups.finish(c, x.claimed),
    "groups.settle_home": lambda c, x: groups.settle_home(c, x.w, x.group.id, "stolen"),
    "groups.leave_home": lambda c, x: groups.leave_home(c, x.claimed),
    "groups.keep_member": lambda c, x: groups.keep_member(c, x.w, x.group.id, gone(x), NOW) and None,
    "groups.invitations": lambda c, x: groups.invitations(c, x.claimed, x.person.id),
    "groups.keep_goal": lambda c, x: groups.keep_goal(c, x.w, x.group.id, Goal(x.person.id, "stolen", True), NOW),
    "groups.goals_of": lambda c, x: groups.goals_of(c, x.w, x.group.id),
    "checkins.keep": lambda c, x: checkins.keep(c, x.w, x.group.id, Checkin(x.person.id, 0, "absent"), NOW),
    "checkins.one": lambda c, x: checkins.one(c, x.w, x.group.id, 0, x.person.id),
    "checkins.of_group": lambda c, x: checkins.of_group(c, x.w, x.group.id),
    "outbox.unsaid": lambda c, x: outbox.unsaid(c, x.w, x.group.id, x.key) != x.key,
    "outbox.refresh": lambda c, x: outbox.refresh(c, x.w, x.key, LATER),
    "outbox.pull": lambda c, x: outbox.pull(c, x.w, x.key, LATER, LATER),
    "outbox.again": lambda c, x: outbox.again(c, x.w, x.parked, LATER, None),
    "outbox.find": lambda c, x: outbox.find(c, x.w, [x.key]),
    "outbox.undelivered": lambda c, x: outbox.undelivered(c, x.w, x.group.id),
    "outbox.renew": lambda c, x: outbox.renew(c, x.lane, LATER),
    "outbox.close_lane": lambda c, x: outbox.close_lane(c, x.lane, LATER),
    "outbox.ready": lambda c, x: outbox.ready(c, x.lane, LATER, 10),
    "outbox.start": lambda c, x: outbox.start(c, x.lane, [x.key, x.parked], LATER),
    "outbox.begin": lambda c, x: outbox.begin(c, x.lane, [x.key, x.parked], LATER),
    "outbox.lock": lambda c, x: outbox.lock(c, x.w, [x.key]),
    "outbox.hold": lambda c, x: outbox.hold(c, x.w, LATER),
    "outbox.waiting": lambda c, x: outbox.waiting(c, x.w, x.group.id, "joined"),
    "outbox.heard": lambda c, x: outbox.heard(c, x.w, NOW - timedelta(days=1), LATER),
    "outbox.arrived": lambda c, x: outbox.arrived(c, x.w, x.key, Receipt("stolen", "1"), LATER),
    "outbox.postpone": lambda c, x: outbox.postpone(c, x.w, x.key, LATER, LATER),
    "outbox.settle": lambda c, x: outbox.settle(c, x.w, x.key, "dropped", "stolen", LATER),
    "outbox.sent": lambda c, x: outbox.sent(c, x.post, Receipt("stolen", "1"), LATER),
    "outbox.failed": lambda c, x: outbox.failed(c, x.post, "stolen", LATER, None, doubtful=False),
}


def other_schedule(theirs: Theirs) -> Schedule:
    return replace(theirs.group.schedule, start=date(2030, 1, 7), slots=((date(2030, 1, 7), Slot(4, time(4))),))


def gone(theirs: Theirs) -> Member:
    return Member(theirs.person.id, "participant", "left")


def public(store: ModuleType) -> set[str]:
    """The functions of a store that are given a connection."""
    found = inspect.getmembers(store, inspect.isfunction)
    return {
        name
        for name, function in found
        if not name.startswith("_")
        and function.__module__ == store.__name__
        and "connection" in inspect.signature(function).parameters
    }


def short(store: ModuleType) -> str:
    return store.__name__.split(".")[-2]


def test_every_function_of_every_store_is_tried_or_has_its_reason() -> None:
    known = {f"{short(store)}.{name}" for store in STORES for name in public(store)}

    assert known == {*TRIES, *OF_ALL}
    assert not TRIES.keys() & OF_ALL.keys()


@pytest.fixture
def theirs(store: Store, guides: Guides) -> Theirs:
    mine = office(store, guides, "mine")
    other = office(store, guides, "theirs", staff=("only-theirs", "boss"))
    group, (person, boss) = other.circle(), other.staff
    other.queue(group, 1, 2)
    lane = other.lane()
    sending, parked = other.claim(lane)
    other.bot.failed(parked, "the account is closed", NOW, None)
    other.queue(group, 3)
    with store.begin() as connection:
        people.describe(connection, person, title="Chief", department="Board", manager=boss)
        groups.keep_goal(connection, other.workspace, group.id, Goal(person.id, "Their own", False), NOW)
        checkins.keep(connection, other.workspace, group.id, Checkin(person.id, 0, "met", 5, "A step"), NOW)
    return Theirs(mine, group, person, mine.staff[0], sending.key, parked.key)


def everything(connection: Connection, workspace: int) -> dict[str, list[tuple[object, ...]]]:
    """All rows of a workspace, table by table."""
    return {
        table.name: sorted((tuple(row) for row in connection.execute(select(table).where(owner == workspace))), key=str)
        for table in metadata.sorted_tables
        if (owner := table.c.get("workspace_id")) is not None
    }


@pytest.mark.parametrize("name", sorted(TRIES))
def test_with_the_ids_of_another_workspace_nothing_is_found_and_nothing_changed(name: str, theirs: Theirs) -> None:
    store = theirs.mine.store
    with store.begin() as connection:
        before = everything(connection, theirs.group.workspace)
    assert all(before[table] for table in ("groups", "people", "memberships", "goals", "checkins", "outbox", "lanes"))

    with store.begin() as connection:
        try:
            found = TRIES[name](connection, theirs)
        except KeyError:
            found = None

    assert found in EMPTY
    with store.begin() as connection:
        assert everything(connection, theirs.group.workspace) == before


def test_the_same_name_in_two_workspaces_is_two_people(store: Store, guides: Guides) -> None:
    here, there = office(store, guides, "here"), office(store, guides, "there")

    assert {person.id for person in here.staff}.isdisjoint(person.id for person in there.staff)
    with store.begin() as connection:
        people.choose_zone(connection, here.staff[0], "Asia/Tokyo")
        assert people.one(connection, there.workspace, there.staff[0].id).zone == "Europe/Berlin"


def test_a_key_that_another_workspace_has_stays_theirs(theirs: Theirs) -> None:
    theirs.mine.keep([Due(theirs.key, theirs.w, NOW, group=theirs.group.id)])

    with theirs.mine.store.begin() as connection:
        assert outbox.find(connection, theirs.w, [theirs.key]) == {}
        assert theirs.key in outbox.find(connection, theirs.group.workspace, [theirs.key])


def test_a_group_that_names_people_of_another_workspace_tells_nothing_of_them(theirs: Theirs) -> None:
    """Even a row that should not exist does not lead out of its workspace."""
    mine = theirs.mine
    group = mine.circle("Mine", "mine")
    mine.keep(
        [Due(f"looks-after:{group.id}:{theirs.person.id}:1", mine.workspace, NOW, None, group.id, theirs.person.id)]
    )

    assert mine.claim(mine.lane()) == ()
