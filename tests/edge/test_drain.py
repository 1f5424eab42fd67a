"""Delivering a workspace's posts: each once, at the platform's word, and never by two workers at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from adapters.clock import Ticker
from adapters.delivery.courier import DeliveryFailed
from adapters.delivery.drain import RETRY, drain
from adapters.settings import ROOT
from bot.app import Bot
from bot.guides.store import load
from bot.inbound import Actor, Command, Place
from bot.messages import Post, Receipt
from bot.storage import Store, metadata, open_store

START = datetime(2026, 11, 30, 10, tzinfo=UTC)
INVITED = ("ben", "chloe", "dev", "eli")


class Time:
    """A clock that goes on when somebody says so."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def goes_on(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Platform:
    """A platform that keeps what it was given. ``before`` sees a post first, and may raise or let time pass."""

    posts: list[Post] = field(default_factory=list)
    before: Callable[[Post], None] = lambda _: None

    async def send(self, post: Post, now: datetime) -> Receipt:
        assert now.tzinfo is UTC
        self.before(post)
        self.posts.append(post)
        return Receipt("somewhere", str(len(self.posts)))

    @property
    def keys(self) -> list[str]:
        return [post.key for post in self.posts]


@dataclass
class Office:
    """A workspace in which four people were just invited to a circle: four posts are due."""

    bot: Bot
    workspace: int
    time: Time
    platform: Platform

    def drains(self, worker: str = "one", stopping: Callable[[], bool] = lambda: False) -> int:
        return asyncio.run(drain(self.bot, self.platform, self.workspace, worker, self.time, stopping))

    @property
    def waiting(self) -> bool:
        return self.workspace in self.bot.plan(self.time()).workspaces


@pytest.fixture
def store() -> Iterator[Store]:
    store = open_store("sqlite://")
    yield store
    store.close()


@pytest.fixture
def office(store: Store) -> Office:
    metadata.create_all(store.engine)
    bot = Bot(store, load(ROOT / "guides"))
    workspace = bot.workspace("web", "office", "Office")
    people = tuple(Actor(workspace, name, name.title(), "Europe/Berlin") for name in ("ana", *INVITED))
    who = " ".join(f"<@{actor.person}>" for actor in people)
    text = f'create "Tuesday" {who} --guide peer-circle --on mon 10:00 --zone Europe/Berlin --start 2026-12-07'
    bot.handle(Command(people[0], Place("dm-ana"), text, people), START)
    return Office(bot, workspace, Time(), Platform())


def test_everything_due_is_delivered_and_a_second_drain_finds_nothing(office: Office) -> None:
    assert office.drains() == 4
    assert office.drains() == 0
    assert len(set(office.platform.keys)) == 4
    assert not office.waiting


def test_while_another_worker_holds_the_lane_nothing_is_sent(office: Office) -> None:
    assert office.bot.open_lane(office.workspace, "other", office.time())
    assert office.drains() == 0
    assert office.platform.posts == []


def test_after_a_drain_the_next_worker_need_not_wait_for_the_lease(office: Office) -> None:
    office.drains("one")
    assert office.bot.open_lane(office.workspace, "other", office.time())


def test_a_post_that_is_refused_for_good_is_parked_and_the_others_arrive(office: Office) -> None:
    closed = refusing_first(office, DeliveryFailed("account_inactive"))

    assert office.drains() == 3
    assert closed[0] not in office.platform.keys
    office.time.goes_on(3600)
    assert office.drains() == 0


def test_a_post_that_is_put_off_by_the_platform_arrives_when_it_said_and_not_before(office: Office) -> None:
    late = refusing_first(office, DeliveryFailed("ratelimited", START + timedelta(seconds=90)))

    assert office.drains() == 3
    office.time.goes_on(89)
    assert office.drains() == 0
    office.time.goes_on(1)
    assert office.drains() == 1
    assert office.platform.keys[-1] == late[0]
    assert not office.platform.posts[-1].doubtful


def test_a_courier_that_breaks_delays_its_post_and_no_other(office: Office) -> None:
    late = refusing_first(office, KeyError("channel"))

    assert office.drains() == 3
    office.time.goes_on(RETRY.total_seconds())
    assert office.drains() == 1
    assert office.platform.keys[-1] == late[0]


def test_a_worker_that_slept_past_its_lease_stops_when_it_wakes_up(office: Office) -> None:
    taken: list[Post] = []

    def sleep_while_another_takes_over(_: Post) -> None:
        office.time.goes_on(31)
        lane = office.bot.open_lane(office.workspace, "other", office.time())
        assert lane is not None
        taken.extend(office.bot.claim(lane, office.time(), 50))

    office.platform.before = sleep_while_another_takes_over

    assert office.drains("sleeper") == 0

    assert len(office.platform.posts) == 1, "it sends nothing more"
    assert len(taken) == 4
    (tried,) = (post for post in taken if post.doubtful)
    assert tried.key == office.platform.posts[0].key, "only what was begun can have arrived, and it did"
    assert office.bot.open_lane(office.workspace, "third", office.time()) is None, "it leaves the other's lane alone"


def test_a_slow_platform_gets_no_post_that_the_lease_does_not_cover(office: Office) -> None:
    office.platform.before = lambda _: office.time.goes_on(10)

    assert office.drains() == 3  # 10, 20 and 30 s; then the slice is over

    assert office.waiting
    assert office.drains("other") == 1
    assert not any(post.doubtful for post in office.platform.posts)
    assert len(set(office.platform.keys)) == 4


def test_a_drain_that_is_to_stop_finishes_the_post_on_its_way_and_leaves_the_rest_without_doubt(office: Office) -> None:
    assert office.drains(stopping=lambda: len(office.platform.posts) == 2) == 2
    assert office.drains("other") == 2
    assert not any(post.doubtful for post in office.platform.posts)


def test_a_tick_pokes_the_workspaces_with_work(office: Office, store: Store) -> None:
    poked: list[int] = []
    ticker = Ticker(office.bot, poked.append, 5, office.time)

    asyncio.run(ticker.tick())
    assert poked == [office.workspace]

    office.drains()
    asyncio.run(ticker.tick())
    assert poked == [office.workspace]


def test_a_tick_that_fails_does_not_end_the_ticking(office: Office, store: Store) -> None:
    poked: list[int] = []
    ticker = Ticker(office.bot, poked.append, 5, office.time)

    metadata.drop_all(store.engine)
    asyncio.run(ticker.tick())
    metadata.create_all(store.engine)
    asyncio.run(ticker.tick())

    assert poked == []


def test_the_clock_ticks_at_once_when_it_starts(office: Office) -> None:
    poked: list[int] = []

    async def scene() -> None:
        ticker = Ticker(office.bot, poked.append, 60, office.time)
        await ticker.start()
        ticker.stop()

    asyncio.run(scene())

    assert poked == [office.workspace]


def refusing_first(office: Office, refusal: Exception) -> list[str]:
    """The platform refuses the first post once; its key, when it has happened."""
    refused: list[str] = []

    def before(post: Post) -> None:
        if not refused:
            refused.append(post.key)
            raise refusal

    office.platform.before = before
    return refused
