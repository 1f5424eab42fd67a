"""What is done for many costs as few statements as what is done for some: nothing is looked up one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import event, update

from bot.app import Bot
from bot.checkins import store as checkins
from bot.checkins.rules import Checkin
from bot.checkpoints import store as checkpoints
from bot.checkpoints.rules import Call, cohort_of
from bot.groups import members, tables
from bot.groups import store as groups
from bot.groups.rules import Goal, Group
from bot.guides.rules import Guides
from bot.inbound import Actor
from bot.messages import Receipt
from bot.outbox.rules import Due, key
from bot.people import store as people
from bot.people.rules import Person
from bot.spoken import words
from bot.storage import Store
from bot.supporting import store as supporting
from bot.supporting.rules import Support
from tests.conftest import CIPHER
from tests.core.office import NOW, PROMPT, Office, office

FEW, MANY = 5, 20
HINTED = PROMPT + timedelta(days=5)
"""By then the first week has had all its moments."""


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


@pytest.fixture
def place(sqlite_store: Store, guides: Guides) -> Office:
    """Dan is in no circle and supports them all."""
    found = office(sqlite_store, guides, staff=("ana", "ben", "chloe", "dan"))
    return replace(found, bot=Bot(sqlite_store, guides, CIPHER), staff=found.staff[:3])


def dan(place: Office) -> Person:
    with place.store.begin() as connection:
        found = people.find(connection, place.workspace, "dan")
    assert found is not None
    return found


def circles(place: Office, count: int) -> list[Group]:
    """Ana has answered and shares it, Ben and Chloe are silent; each has a goal, a mentor and an open checkpoint."""
    mentor = dan(place)
    with place.store.begin() as connection:
        made = [groups.create(connection, place.group(f"Circle {n}", f"home {n}"), PROMPT) for n in range(count)]
        checkpoints.keep_calls(
            connection,
            [Call(one.id, "baseline", cohort_of(one), "open", PROMPT, NOW + timedelta(days=3)) for one in made],
        )
        for one in made:
            answer = Checkin(place.staff[0].id, 0, "met", 4, "Speak first", "", shared=True)
            checkins.keep(connection, one.workspace, one.id, answer, PROMPT + timedelta(days=1))
            members.keep_goal(connection, one.workspace, one.id, Goal(place.staff[0].id, "Speak up", True), PROMPT)
            supporting.keep(connection, Support(one.id, one.workspace, mentor.id, "supports", one.organiser), PROMPT)
    return made


def rows(place: Office, kind: str, made: list[Group]) -> list[Due]:
    ana, ben, _ = (person.id for person in place.staff)
    mentor = dan(place).id
    of_one: dict[str, Callable[[int], Due]] = {
        "joined": lambda g: Due(key("joined", g, ben), place.workspace, NOW, group=g),
        "prompt": lambda g: Due(key("prompt", g, 0, "2026-11-30"), place.workspace, NOW, group=g),
        "shared": lambda g: Due(key("shared", g, 0), place.workspace, NOW, group=g),
        "checkin": lambda g: Due(key("checkin", g, 0, ben), place.workspace, NOW, group=g, person=ben),
        "nudge": lambda g: Due(key("nudge", g, 0, 1, ben), place.workspace, NOW, group=g, person=ben),
        "hint": lambda g: Due(key("hint", g, 0), place.workspace, NOW, group=g, person=ana),
        "mentorhint": lambda g: Due(key("mentorhint", g, 0, mentor), place.workspace, NOW, group=g, person=mentor),
        "checkpoint": lambda g: Due(key("checkpoint", g, "baseline", ben), place.workspace, NOW, group=g, person=ben),
        "recall": lambda g: Due(key("recall", g, "baseline", 1, ben), place.workspace, NOW, group=g, person=ben),
        "answered": lambda g: Due(key("nudge", g, 0, 1, ana), place.workspace, NOW, group=g, person=ana),
        "broken": lambda g: Due(key("nudge", g, "what", 1, ana), place.workspace, NOW, group=g, person=ana),
        "late": lambda g: Due(key("nudge", g, 0, 2, ben), place.workspace, NOW, NOW, g, ben),
    }
    return [of_one[kind](group.id) for group in made]


@pytest.mark.parametrize(
    "kind", ["joined", "prompt", "shared", "checkin", "nudge", "hint", "mentorhint", "checkpoint", "recall"]
)
def test_words_for_many_cost_as_many_statements_as_for_some(place: Office, kind: str) -> None:
    costs = []
    for count in (FEW, MANY):
        place.keep(rows(place, kind, circles(place, count)))
        lane = place.lane()
        with counted(place.store) as said:
            posts = place.claim(lane)
        assert len(posts) == count
        costs.append(len(said))
        place.bot.sent_all([(post, Receipt("somewhere", post.key)) for post in posts], NOW)

    assert costs[0] == costs[1]


@pytest.mark.parametrize("kind", ["answered", "broken", "late"])
def test_what_need_not_be_said_is_let_go_in_as_many_statements_as_some_of_it(place: Office, kind: str) -> None:
    costs = []
    for count in (FEW, MANY):
        dues = rows(place, kind, circles(place, count))
        place.keep(dues)
        lane = place.lane()
        with counted(place.store) as said:
            assert place.claim(lane) == ()
        assert {place.row(due.key).state for due in dues} == {"parked" if kind == "broken" else "dropped"}
        costs.append(len(said))

    assert costs[0] == costs[1]


def test_what_is_held_back_until_the_morning_waits_in_as_many_statements_as_some_of_it(place: Office) -> None:
    costs, night, morning = [], datetime.combine(date(2026, 12, 2), time(23), NOW.tzinfo), time(7)
    for count in (FEW, MANY):
        dues = rows(place, "checkin", circles(place, count))
        place.keep(dues)
        lane = place.lane(now=night)
        with counted(place.store) as said:
            assert place.claim(lane, night) == ()
        assert {place.row(due.key).not_before.time() for due in dues} == {morning}
        costs.append(len(said))

    assert costs[0] == costs[1]


def test_a_nudge_follows_no_request_that_was_let_go_in_the_same_breath(place: Office) -> None:
    """Many are composed at once and what was asked before is read ahead: it is seen as it has become since."""
    (group,) = circles(place, 1)
    ben, chloe = place.staff[1].id, place.staff[2].id
    with place.store.begin() as connection:
        answer = Checkin(ben, 0, "met")
        checkins.keep(connection, group.workspace, group.id, answer, NOW)
    steps = [key("checkin", group.id, 0, ben), key("nudge", group.id, 0, 1, ben)]
    place.keep(Due(one, place.workspace, NOW, group=group.id, person=ben) for one in steps)
    place.keep([Due(key("checkin", group.id, 0, chloe), place.workspace, NOW, group=group.id, person=chloe)])

    (post,) = place.claim(place.lane())

    assert post.key == key("checkin", group.id, 0, chloe)
    assert [place.row(one).state for one in steps] == ["dropped", "dropped"]


@pytest.mark.parametrize("when", [PROMPT, HINTED], ids=["before the first meeting", "a week's moments at once"])
def test_a_plan_for_many_costs_as_many_statements_as_for_some(place: Office, when: datetime) -> None:
    costs, before = [], 0
    for count in (FEW, MANY):
        made = circles(place, count)
        with place.store.begin() as connection:
            new = tables.groups.c.id.in_([group.id for group in made])
            begun = PROMPT - timedelta(days=20)
            connection.execute(update(tables.groups).where(new).values(planned_through=begun, next_due=begun))
            connection.execute(checkpoints.calls.delete())
        with counted(place.store) as said:
            place.bot.plan(when)
        costs.append(len(said))
        assert place.rows() - before >= count * 4, "a prompt, and somebody is asked at the checkpoint"
        before = place.rows()

    assert costs[0] == costs[1]


@pytest.mark.parametrize("who", ["ana", "dan"], ids=["who is in them", "who supports them"])
def test_a_home_with_many_circles_costs_as_many_statements_as_with_some(place: Office, who: str) -> None:
    costs = []
    for count in (FEW, MANY - FEW):
        made = circles(place, count)
        with counted(place.store) as said:
            shown = words(place.bot.home(Actor(place.workspace, who, who.title(), "Europe/Berlin", "en"), NOW))
        assert all(group.name in shown for group in made)
        costs.append(len(said))

    assert costs[0] == costs[1]
