"""Nobody reads or changes anything of another workspace, whatever ids they name.

Every public function of every store is either tried here with the ids of another workspace, or listed with the reason
why it looks at all of them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import pytest
from sqlalchemy import Connection, select

import bot
from bot.app import Bot
from bot.checkins import store as checkins
from bot.checkins.rules import Checkin
from bot.checkpoints import store as checkpoints
from bot.groups import members
from bot.groups import store as groups
from bot.groups.rules import Goal, Member
from bot.guides.rules import Guides
from bot.messages import Receipt
from bot.outbox import elsewhere, lanes, sending
from bot.outbox import store as outbox
from bot.outbox.rules import Due
from bot.people import store as people
from bot.polls import store as polls
from bot.polls.rules import Tally
from bot.schedule.rules import Schedule, Slot
from bot.storage import Store, metadata, read_before
from bot.supporting import store as supporting
from bot.supporting.rules import Support
from bot.training import store as training
from tests.core.another_workspace import CLOSED, LATER, Theirs, founded
from tests.core.office import NOW, START, office
from tests.scenes import Scene, scene, set_scene

STORES: tuple[ModuleType, ...] = (
    people,
    groups,
    members,
    checkins,
    checkpoints,
    polls,
    training,
    supporting,
    outbox,
    lanes,
    elsewhere,
    sending,
)

OF_NONE = {
    "bot.editions.store": "texts of guides belong to the installation, and each is named by what stands in it",
}
"""Modules that are given a connection and hold nothing of a workspace."""

OF_ALL = {
    "people.workspace_id": "finds or makes a workspace itself",
    "people.platform": "tells of the workspace itself",
    "people.all_workspaces": "for whoever runs the installation, who sees which there are",
    "people.link": "for whoever runs the installation, who says which are one organisation",
    "people.unlink": "for whoever runs the installation, who says which are one organisation",
    "people.meet": "is given the workspace by a verified event; see the test about one name in two workspaces",
    "groups.create": "makes a group of the workspace it is given",
    "groups.due": "the clock looks at every workspace",
    "elsewhere.settle_in": "keeps where a group has people, as its membership says, which names the workspace",
    "elsewhere.homes_of": "is given groups that were found; homes are made only in linked workspaces",
    "elsewhere.routed": "is given what groups say; it is said only where they have a home",
    "outbox.remember": "keeps a row in memory that the transaction has read",
    "outbox.queue": "a key is unique in all workspaces; see the test about a key that another workspace has",
    "outbox.work": "the clock looks at every workspace",
    "checkpoints.due_calls": "the clock looks at every workspace",
    "checkpoints.lock": "reads nothing of the workspace it is given",
    "polls.create": "makes a poll of the workspace it is given",
    "polls.due": "the clock looks at every workspace",
    "training.award": "makes a certificate of the workspace it is given",
    "training.certificate": "for whoever holds a certificate: its mark, which is asked for, is the secret",
    "supporting.of_groups": "the clock asks for groups that it found",
    "lanes.take": "makes a lane of the workspace it is given",
}


Try = Callable[[Connection, Theirs], object]
EMPTY: tuple[object, ...] = (None, False, (), {}, 0, frozenset())

TRIES: dict[str, Try] = {
    "people.describe": lambda c, x: people.describe(c, x.impostor, title="Spy", department="", manager=x.me),
    "people.find": lambda c, x: people.find(c, x.w, "only-theirs"),
    "people.language_of": lambda c, x: people.language_of(c, x.w, "only-theirs"),
    "people.by_id": lambda c, x: people.by_id(c, x.w, [x.person.id]),
    "people.by_workspace": lambda c, x: people.by_workspace(c, {x.w: {x.person.id}})[x.w],
    "people.ahead": lambda c, x: ahead(c, people.ahead(c, x.w, [x.person.id])),
    "people.one": lambda c, x: people.one(c, x.w, x.person.id),
    "people.linked_with": lambda c, x: people.linked_with(c, x.w),
    "people.everyone": lambda c, x: tuple(p for p in people.everyone(c, x.w) if p.id == x.person.id),
    "people.managers": lambda c, x: people.managers(c, x.w),
    "people.choose_zone": lambda c, x: people.choose_zone(c, x.impostor, "UTC"),
    "people.choose_language": lambda c, x: people.choose_language(c, x.impostor, "en"),
    "people.choose_quiet": lambda c, x: people.choose_quiet(c, x.impostor, time(1), time(2)),
    "people.choose_reminders": lambda c, x: people.choose_reminders(c, x.impostor, True),
    "people.deactivate": lambda c, x: people.deactivate(c, x.impostor),
    "groups.load": lambda c, x: groups.load(c, x.w, x.group.id),
    "groups.ahead": lambda c, x: ahead(c, groups.ahead(c, x.w, [x.group.id])),
    "groups.at_home": lambda c, x: groups.at_home(c, x.w, "home"),
    "groups.at_home of guests": lambda c, x: groups.at_home(c, x.w, "the guests' home"),
    "groups.of_person": lambda c, x: groups.of_person(c, x.w, x.person.id),
    "groups.running": lambda c, x: groups.running(c, x.w),
    "groups.planned": lambda c, x: groups.planned(c, [(x.claimed, LATER, None, "finished")]),
    "groups.wake_at": lambda c, x: groups.wake_at(c, x.claimed, LATER),
    "groups.keep_schedule": lambda c, x: groups.keep_schedule(c, x.claimed, other_schedule(x)),
    "groups.keep_editions": lambda c, x: groups.keep_editions(c, x.claimed, ((0, "stolen"),)),
    "groups.keep_language": lambda c, x: groups.keep_language(c, x.claimed, "de"),
    "groups.keep_facilitator": lambda c, x: groups.keep_facilitator(c, x.claimed, None),
    "groups.keep_standin": lambda c, x: groups.keep_standin(c, x.claimed, x.person.id, START),
    "groups.begin": lambda c, x: groups.begin(c, x.claimed, other_schedule(x), NOW),
    "groups.finish": lambda c, x: groups.finish(c, x.claimed),
    "groups.settle_home": lambda c, x: groups.settle_home(c, x.w, x.homeless.id, "stolen"),
    "groups.settle_home of guests": lambda c, x: groups.settle_home(c, x.w, x.joined.id, "stolen"),
    "groups.leave_home": lambda c, x: groups.leave_home(c, x.claimed, x.w),
    "groups.leave_home of guests": lambda c, x: groups.leave_home(c, x.visited, x.w),
    "members.keep": lambda c, x: members.keep(c, x.w, x.group.id, gone(x), NOW),
    "members.invitations": lambda c, x: members.invitations(c, x.claimed, x.person.id),
    "members.part": lambda c, x: members.part(c, x.w, [x.group.workspace, x.visited.workspace]),
    "members.keep_goal": lambda c, x: members.keep_goal(c, x.w, x.group.id, Goal(x.person.id, "stolen", True), NOW),
    "members.goals_of": lambda c, x: members.goals_of(c, x.w, x.group.id),
    "members.goals_ahead": lambda c, x: ahead(c, members.goals_ahead(c, x.w, [x.group.id])),
    "checkins.keep": lambda c, x: checkins.keep(c, x.w, x.group.id, Checkin(x.person.id, 0, "absent"), NOW),
    "checkins.one": lambda c, x: checkins.one(c, x.w, x.group.id, 0, x.person.id),
    "checkins.ahead": lambda c, x: ahead(c, checkins.ahead(c, x.w, [(x.group.id, 0, x.person.id)])),
    "checkins.ahead_of_groups": lambda c, x: ahead(c, checkins.ahead_of_groups(c, x.w, [x.group.id])),
    "checkins.of_group": lambda c, x: checkins.of_group(c, x.w, x.group.id),
    "checkpoints.keep_calls": lambda c, x: checkpoints.keep_calls(c, [*x.claimed_calls, x.claimed_new]),
    "checkpoints.change_calls": lambda c, x: checkpoints.change_calls(c, [x.claimed_call], "closed"),
    "checkpoints.put_off": lambda c, x: checkpoints.put_off(c, x.claimed_calls, NOW),
    "checkpoints.move_call": lambda c, x: checkpoints.move_call(c, x.claimed_wanted),
    "checkpoints.forget_call": lambda c, x: checkpoints.forget_call(c, x.claimed_wanted),
    "checkpoints.calls_of": lambda c, x: checkpoints.calls_of(c, x.w, x.group.id),
    "checkpoints.calls_of_groups": lambda c, x: checkpoints.calls_of_groups(c, [x.claimed]),
    "checkpoints.call": lambda c, x: checkpoints.call(c, x.w, x.group.id, x.call.poll),
    "checkpoints.calls_in": lambda c, x: checkpoints.calls_in(c, x.cohort),
    "checkpoints.keep_answer": lambda c, x: checkpoints.keep_answer(c, x.w, replace(x.answer, value="stolen"), LATER),
    "checkpoints.take_back": lambda c, x: checkpoints.take_back(
        c, x.w, x.group.id, x.answer.poll, x.person.id, [x.answer.question]
    ),
    "checkpoints.answers_of": lambda c, x: checkpoints.answers_of(c, x.w, x.person.id, x.group.id),
    "checkpoints.ahead": lambda c, x: ahead(c, checkpoints.ahead(c, x.w, [(x.group.id, x.person.id)])),
    "checkpoints.answered_in": lambda c, x: checkpoints.answered_in(c, x.w, x.person.id),
    "checkpoints.answers_in": lambda c, x: checkpoints.answers_in(c, x.w, [x.group.id]),
    "checkpoints.publish": lambda c, x: checkpoints.publish(c, x.cohort, x.answer.poll, "stolen", [x.answer], LATER),
    "checkpoints.released": lambda c, x: checkpoints.released(c, x.cohort),
    "polls.load": lambda c, x: polls.load(c, x.w, x.poll.id),
    "polls.open_of": lambda c, x: polls.open_of(c, x.w, x.group.id, NOW),
    "polls.close": lambda c, x: polls.close(c, x.claimed_poll, Tally((9, 0), 9, 9), LATER) and None,
    "polls.keep": lambda c, x: polls.keep(c, x.claimed_poll, x.person.id, "01", LATER),
    "polls.chosen": lambda c, x: polls.chosen(c, x.claimed_poll),
    "polls.forget": lambda c, x: polls.forget(c, x.claimed_poll, ()),
    "polls.take_back": lambda c, x: polls.take_back(c, x.claimed_poll, x.person.id),
    "training.courses": lambda c, x: training.courses(c, x.impostor),
    "training.course": lambda c, x: training.course(c, x.impostor, "circle-mentor").read,
    "training.keep_read": lambda c, x: any(
        training.keep_read(c, x.impostor, "circle-mentor", number, LATER) for number in (1, 2)
    ),
    "training.keep_done": lambda c, x: training.keep_done(c, x.impostor, "circle-mentor", 1, LATER),
    "training.keep_reflection": lambda c, x: training.keep_reflection(c, x.impostor, "circle-mentor", 1, "stolen"),
    "training.reflection": lambda c, x: training.reflection(c, x.impostor, "circle-mentor", 1),
    "training.keep_answers": lambda c, x: training.keep_answers(
        c, x.impostor, "circle-mentor", 1, {"why": True}, LATER
    ),
    "training.mark": lambda c, x: training.mark(c, replace(x.certificate, workspace=x.w), "stolen"),
    "training.certificates_of": lambda c, x: training.certificates_of(c, x.impostor),
    "supporting.keep": lambda c, x: supporting.keep(c, Support(x.group.id, x.w, x.person.id, "ended", x.me.id), LATER),
    "supporting.one": lambda c, x: supporting.one(c, x.w, x.group.id, x.person.id),
    "supporting.ahead": lambda c, x: ahead(c, supporting.ahead(c, x.w, [x.group.id])),
    "supporting.of_group": lambda c, x: supporting.of_group(c, x.w, x.group.id),
    "supporting.of_person": lambda c, x: supporting.of_person(c, x.impostor),
    "elsewhere.move_in": lambda c, x: elsewhere.move_in(c, x.w, x.joined.id, "stolen"),
    "elsewhere.give_up": lambda c, x: elsewhere.give_up(c, x.w, [x.visited.id]),
    "outbox.unsaid": lambda c, x: outbox.unsaid(c, x.w, x.group.id, x.key) != x.key,
    "outbox.refresh": lambda c, x: outbox.refresh(c, x.w, x.key, LATER),
    "outbox.refresh_all": lambda c, x: outbox.refresh_all(c, x.w, [x.key, x.parked], LATER),
    "outbox.revive of a person": lambda c, x: outbox.revive(c, x.w, LATER, person=x.person.id),
    "outbox.revive of a home": lambda c, x: outbox.revive(c, x.w, LATER, group=x.group.id),
    "outbox.revive for a reason": lambda c, x: outbox.revive(c, x.w, LATER, reason=CLOSED),
    "outbox.pull": lambda c, x: outbox.pull(c, x.w, x.waiting, LATER, LATER),
    "outbox.again": lambda c, x: outbox.again(c, x.w, x.parked, LATER, None),
    "outbox.find": lambda c, x: outbox.find(c, x.w, [x.key]),
    "outbox.ahead": lambda c, x: ahead(c, outbox.ahead(c, x.w, [x.key])),
    "outbox.undelivered": lambda c, x: outbox.undelivered(c, x.w, x.group.id),
    "lanes.renew": lambda c, x: lanes.renew(c, x.lane, LATER),
    "lanes.let_go": lambda c, x: lanes.let_go(c, x.lane, LATER),
    "sending.ready": lambda c, x: sending.ready(c, x.lane, LATER, 10),
    "sending.start": lambda c, x: sending.start(c, x.lane, [x.key, x.parked], LATER),
    "sending.begin": lambda c, x: sending.begin(c, x.lane, [x.key, x.parked], LATER),
    "sending.sent_all": lambda c, x: sending.sent_all(c, [(x.post, Receipt("stolen", "1"))], LATER),
    "lanes.hold": lambda c, x: lanes.hold(c, x.w, LATER),
    "outbox.waiting": lambda c, x: outbox.waiting(c, x.w, x.group.id, "joined"),
    "sending.heard": lambda c, x: sending.heard(c, x.w, NOW - timedelta(days=1), LATER),
    "sending.arrived": lambda c, x: sending.arrived(c, x.w, x.key, Receipt("stolen", "1"), LATER),
    "sending.postpone": lambda c, x: sending.postpone(c, x.w, [x.waiting], LATER, LATER),
    "sending.settle": lambda c, x: sending.settle(c, x.w, [x.key], "dropped", "stolen", LATER),
    "sending.sent": lambda c, x: sending.sent(c, x.post, Receipt("stolen", "1"), LATER),
    "sending.failed": lambda c, x: sending.failed(c, x.post, "stolen", LATER, None, doubtful=False),
}


def ahead(connection: Connection, found: object) -> object:
    """What was returned by a function that reads ahead, or else what is in memory since."""
    return found or tuple(value for value in read_before(connection).values() if value not in EMPTY)


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
    *_, feature, file = store.__name__.split(".")
    return feature if file == "store" else file


def test_every_function_of_every_store_is_tried_or_has_its_reason() -> None:
    known = {f"{short(store)}.{name}" for store in STORES for name in public(store)}

    tried = {name.split()[0] for name in TRIES}
    assert known == {*tried, *OF_ALL}
    assert not tried & OF_ALL.keys()


def test_every_module_that_is_given_a_connection_is_a_store_or_holds_nothing_of_a_workspace() -> None:
    found = {one.name for one in walk_packages(bot.__path__, "bot.") if public(import_module(one.name))}

    assert found - {"bot.storage"} == {*(store.__name__ for store in STORES), *OF_NONE}


@pytest.fixture(scope="module")
def scenes() -> dict[str, tuple[Scene, Theirs]]:
    """What stands in a database before each try, and who that is, by the kind of database."""
    return {}


@pytest.fixture
def theirs(store: Store, guides: Guides, scenes: dict[str, tuple[Scene, Theirs]]) -> Theirs:
    return standing(store, guides, scenes)


def standing(store: Store, guides: Guides, scenes: dict[str, tuple[Scene, Theirs]]) -> Theirs:
    """Three offices, founded once on each database and set as a scene for all other tests."""
    known = store.engine.dialect.name
    if known not in scenes:
        found = founded(store, guides)
        scenes[known] = scene(store), found
        return found
    rows, found = scenes[known]
    set_scene(store, rows)
    return replace(found, mine=replace(found.mine, bot=Bot(store, guides), store=store))


def everything_but(connection: Connection, workspace: int) -> dict[str, list[tuple[object, ...]]]:
    """All rows of other workspaces, table by table."""
    return {
        table.name: sorted((tuple(row) for row in connection.execute(select(table).where(owner != workspace))), key=str)
        for table in metadata.sorted_tables
        if (owner := table.c.get("workspace_id")) is not None
    }


@pytest.mark.parametrize("name", sorted(TRIES))
def test_with_the_ids_of_another_workspace_nothing_is_found_and_nothing_changed(name: str, theirs: Theirs) -> None:
    store, mine = theirs.mine.store, theirs.mine.workspace
    with store.begin() as connection:
        before = everything_but(connection, mine)

    with store.begin() as connection:
        try:
            found = TRIES[name](connection, theirs)
        except KeyError:
            found = None

    assert found in EMPTY
    with store.begin() as connection:
        assert everything_but(connection, mine) == before


def test_with_the_rightful_workspace_every_try_finds_or_changes_something(
    sqlite_store: Store, guides: Guides, scenes: dict[str, tuple[Scene, Theirs]]
) -> None:
    """So each of the tests above can fail."""
    theirs = standing(sqlite_store, guides, scenes)
    mine, vain = theirs.mine.workspace, set[str]()
    for name, tried in TRIES.items():
        # Nothing is committed: each finds what was founded.
        with sqlite_store.engine.connect() as connection:
            before = everything_but(connection, mine)
            if tried(connection, theirs.rightful) in EMPTY and everything_but(connection, mine) == before:
                vain.add(name)

    assert vain == set()


def test_the_same_name_in_two_workspaces_is_two_people(store: Store, guides: Guides) -> None:
    here, there = office(store, guides, "here"), office(store, guides, "there")

    assert {person.id for person in here.staff}.isdisjoint(person.id for person in there.staff)
    with store.begin() as connection:
        people.choose_zone(connection, here.staff[0], "Asia/Tokyo")
        assert people.one(connection, there.workspace, there.staff[0].id).zone == "Europe/Berlin"


def test_workspaces_that_part_leave_whoever_looks_after_a_group_at_home(theirs: Theirs) -> None:
    """Also where they were a guest of the other one's, whose people were guests of theirs."""
    here, there = theirs.group.workspace, theirs.visited.workspace
    with theirs.mine.store.begin() as connection:
        groups.keep_facilitator(connection, theirs.visited, theirs.person.id)
        assert members.part(connection, here, [there]) == 3

        assert groups.load(connection, here, theirs.group.id).facilitator == theirs.person.id
        assert groups.load(connection, there, theirs.visited.id).facilitator is None


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
