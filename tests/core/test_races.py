"""Several at once: threads with connections of their own, who must not be able to do anything twice or to get stuck."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import datetime
from threading import Barrier, Lock

from sqlalchemy import Connection, func, select, update

from adapters.delivery.drain import drain
from adapters.web.send import Subscribers, WebCourier
from adapters.web.tables import messages
from bot.app import Bot
from bot.groups import store as groups
from bot.groups import tables
from bot.guides.rules import Guides
from bot.inbound import Actor, Command, Left, Place
from bot.messages import Post, Receipt, Say
from bot.outbox import sending
from bot.outbox import store as outbox
from bot.people import store as people
from bot.spoken import words
from bot.storage import Store, open_store
from tests.core.office import NOW, PROMPT, SECOND, Office
from tests.core.office import office as make_office

OWN = True


def together(*deeds: Callable[[], object]) -> list[object]:
    """Do all of it at the same time, and return what came of each."""
    start = Barrier(len(deeds))

    def one(deed: Callable[[], object]) -> object:
        start.wait(10)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(60) for future in [pool.submit(one, deed) for deed in deeds]]


@contextmanager
def another(office: Office) -> Iterator[Bot]:
    """The bot of a second process: on the same database, by connections of its own."""
    store = open_store(office.store.engine.url.render_as_string(hide_password=False))
    try:
        yield Bot(store, office.bot._units.guides)
    finally:
        store.close()


class Platform:
    """Keeps every post it is given, however often."""

    at_once = 1

    def __init__(self) -> None:
        self.keys: list[str] = []
        self._lock = Lock()

    async def send(self, post: Post, now: datetime) -> Receipt:
        assert now.tzinfo is not None
        with self._lock:
            self.keys.append(post.key)
            return Receipt(f"home of {post.key}", str(len(self.keys)))


def live(bot: Bot, platform: Platform, worker: str, now: datetime) -> int:
    """What a process does: plan and drain, until there is nothing to do."""
    delivered = 0
    for _ in range(40):
        for workspace in bot.plan(now).workspaces:
            delivered += asyncio.run(drain(bot, platform, workspace, worker, lambda: now))
    return delivered


def test_two_clocks_on_one_database_say_everything_once(office: Office) -> None:
    circles = office.circles_with_a_prompt_due(40)
    platform = Platform()

    with another(office) as second:
        delivered = together(
            lambda: live(office.bot, platform, "one", PROMPT), lambda: live(second, platform, "two", PROMPT)
        )

    assert sorted(platform.keys) == sorted(f"prompt:{circle}:0:2026-11-30" for circle in circles)
    assert sum(int(str(count)) for count in delivered) == len(circles)


def test_two_clocks_that_plan_the_same_moment_plan_it_once(office: Office) -> None:
    circles = office.circles_with_a_prompt_due(40)

    with another(office) as second:
        together(*(lambda bot=bot: bot.plan(PROMPT) for bot in (office.bot, second, office.bot, second)))  # type: ignore[misc]

    assert office.rows() == len(circles)
    assert office.bot.plan(PROMPT).next is not None


def test_of_two_workers_at_once_one_gets_the_lane(office: Office) -> None:
    with another(office) as second:
        for turn in range(10):
            now = NOW.replace(hour=turn)
            lanes = together(
                lambda at=now: office.bot.open_lane(office.workspace, "one", at),  # type: ignore[misc]
                lambda at=now: second.open_lane(office.workspace, "two", at),  # type: ignore[misc]
            )
            assert [lane is None for lane in lanes].count(False) == 1


def test_one_post_brought_by_two_workers_at_once_is_one_message(office: Office) -> None:
    group = office.circle()
    office.queue(group, *range(10))
    posts = office.claim(office.lane())

    async def bring(store: Store, post: Post) -> Receipt:
        return await WebCourier(store, Subscribers()).send(post, NOW)

    with another(office) as second:
        for post in posts:
            one, two = together(
                lambda post=post: asyncio.run(bring(office.store, post)),  # type: ignore[misc]
                lambda post=post: asyncio.run(bring(second._store, post)),  # type: ignore[misc]
            )
            assert one == two

    with office.store.begin() as connection:
        assert connection.execute(select(func.count()).select_from(messages)).scalar_one() == len(posts)


def test_words_that_change_while_a_worker_composes_the_old_ones_are_edited_afterwards(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    wanted, lane = office.key(group, 1), office.lane()

    def change() -> None:
        with office.store.begin() as connection:
            outbox.refresh(connection, office.workspace, wanted, NOW + SECOND)

    with ThreadPoolExecutor(1) as pool:
        with office.store.begin() as connection:
            assert len(sending.ready(connection, lane, NOW + SECOND, 10)) == 1
            changing = pool.submit(change)
            wait([changing], timeout=0.5)  # it has every chance not to notice
            sending.start(connection, lane, [wanted], NOW + SECOND)
        changing.result(10)

    with office.store.begin() as connection:
        changed = connection.execute(select(outbox.outbox.c.changed)).scalar_one()
    assert changed


def test_a_row_that_somebody_is_changing_does_not_hold_up_a_worker(postgres_store: Store, guides: Guides) -> None:
    """On PostgreSQL; on SQLite there is one writer at a time anyway."""
    here = make_office(postgres_store, guides)
    group = here.circle()
    here.queue(group, 1, 2)
    lane = here.lane()

    with another(here) as second, here.store.begin() as connection:
        outbox.refresh(connection, here.workspace, here.key(group, 1), NOW)
        claimed = second.claim(lane, NOW + SECOND, 10)

    assert [post.key for post in claimed] == [here.key(group, 2)]
    assert [post.key for post in here.claim(lane)] == [here.key(group, 1)]


def test_two_newcomers_who_name_each_other_at_once_are_both_met(office: Office, guides: Guides) -> None:
    with another(office) as second:
        for n in range(8):
            dan, eve = (Actor(office.workspace, f"{name}{n}", name, "Europe/Berlin") for name in ("Dan", "Eve"))

            def say(bot: Bot, one: Actor, other: Actor) -> object:
                return bot.handle(Command(one, Place(f"dm-{one.person}"), "home", (other,)), NOW)

            together(
                lambda one=dan, other=eve: say(office.bot, one, other),  # type: ignore[misc]
                lambda one=eve, other=dan: say(second, one, other),  # type: ignore[misc]
            )

    with office.store.begin() as connection:
        assert len(people.everyone(connection, office.workspace)) == len(office.staff) + 16


class Interrupted(Store):
    """A database in which something else happens after one of the transactions."""

    __slots__ = ("after", "meanwhile")

    def interrupt(self, after: int, meanwhile: Callable[[], object]) -> None:
        object.__setattr__(self, "after", after)
        object.__setattr__(self, "meanwhile", meanwhile)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        try:
            with self.engine.begin() as connection:
                yield connection
        finally:
            object.__setattr__(self, "after", self.after - 1)
            if self.after == 0:
                self.meanwhile()


def test_whoever_leaves_all_groups_while_being_asked_which_one_gets_an_answer(office: Office, guides: Guides) -> None:
    ana = Actor(office.workspace, "ana", "Ana", "Europe/Berlin", "en")
    place = Place("dm-ana", "direct")
    for name in ("North", "South"):
        group = office.circle(name, f"home {name}")
        with office.store.begin() as connection:
            groups.keep_facilitator(connection, group, office.staff[1].id)
            connection.execute(update(tables.groups).values(organiser_id=office.staff[1].id))
    store = Interrupted(office.store.engine)
    # She is met, then it shows that several groups could be meant, then the form would be opened.
    store.interrupt(2, lambda: office.bot.handle(Left(ana), NOW))

    reply = Bot(store, guides).handle(Command(ana, place, "goal Speak up"), NOW)

    assert isinstance(reply, Say)
    assert "North" in words(reply.message)
    with office.store.begin() as connection:
        assert groups.of_person(connection, office.workspace, office.staff[0].id) == ()
