"""Delivering a workspace's posts: each once, at the platform's word, and never by two workers at a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from adapters.clock import Ticker
from adapters.delivery.courier import DeliveryFailed, DeliveryUnknown
from adapters.delivery.drain import RETRY, drain
from bot.actions import action
from bot.app import Bot
from bot.inbound import Actor, Command, Place, Press
from bot.messages import Direct, Home, Post, Receipt
from bot.outbox import store as outbox
from bot.storage import Store, metadata, open_store
from tests.conftest import all_guides
from tests.logged import logged

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
    at_once: int = 1
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
    bot = Bot(store, all_guides())
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


def test_where_a_post_finds_that_the_home_is_gone_who_looks_after_the_group_is_offered_another(
    office: Office, store: Store
) -> None:
    office.drains()
    for name in INVITED[:3]:
        actor = Actor(office.workspace, name, name.title(), "Europe/Berlin")
        office.bot.handle(Press(actor, Place(f"dm-{name}"), action("accept", 1).token), office.time())
    office.drains()
    homes = [post for post in office.platform.posts if isinstance(post.address, Home)]
    assert homes

    def gone(post: Post) -> None:
        if isinstance(post.address, Home):
            raise DeliveryFailed("the conversation is gone", lost="removed")

    office.platform.before = gone
    office.time.goes_on(3600)
    office.bot.handle(
        Press(Actor(office.workspace, "ben", "Ben"), Place("dm-ben"), action("leave", 1).token), office.time()
    )
    office.drains()
    told = [post for post in office.platform.posts if post.key.startswith("homeless:1:")]
    assert [post.address for post in told] == [Direct("ana")]
    with store.begin() as connection:
        assert [row.state for row in outbox.undelivered(connection, office.workspace, 1)] == ["parked"]


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


def test_a_courier_that_breaks_is_logged_under_the_id_that_facilitators_are_shown(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    refusing_first(office, KeyError("channel"))
    with logged("warning"):
        office.drains()
    bug, became = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (bug["outcome"], bug["key"]) == ("bug", became["key"])
    assert became["reason"] == f"something went wrong on our side ({bug['incident']})"


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


def test_a_tick_that_fails_is_logged_and_does_not_end_the_ticking(
    office: Office, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    poked: list[int] = []
    ticker = Ticker(office.bot, poked.append, 5, office.time)

    metadata.drop_all(store.engine)
    with logged():
        asyncio.run(ticker.tick())
    [line] = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (line["event"], line["outcome"]) == ("tick", "bug")

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


def test_whoever_has_no_account_any_more_leaves_and_nothing_more_is_said_to_them(office: Office, store: Store) -> None:
    def closed(post: Post) -> None:
        if post.address == Direct("ben"):
            raise DeliveryFailed("the account is closed", office.time() + timedelta(seconds=5), left=True)

    office.platform.before = closed
    # The three others, and that he declined is told to who looks after the circle.
    assert office.drains() == 4
    office.time.goes_on(5)
    assert office.drains() == 0
    theirs = "SELECT DISTINCT o.state, p.active FROM outbox o JOIN people p ON p.id = o.person_id"
    with store.begin() as connection:
        rows = connection.exec_driver_sql(f"{theirs} WHERE p.external = 'ben'")
        assert [tuple(row) for row in rows] == [("dropped", 0)]


@pytest.mark.parametrize(
    ("refusal", "outcome"),
    [
        (DeliveryFailed("the account is closed"), "parked"),
        (DeliveryFailed("busy", START + timedelta(seconds=90)), "retry"),
        (DeliveryUnknown("nobody knows", None), "parked"),
    ],
)
def test_the_log_says_what_became_of_a_post(office: Office, refusal: Exception, outcome: str) -> None:
    refusing_first(office, refusal)
    with structlog.testing.capture_logs() as logged:
        office.drains()
    assert [line["outcome"] for line in logged if line["log_level"] == "warning"] == [outcome]


def test_the_log_tells_what_was_let_go_from_what_was_parked(office: Office) -> None:
    for name in INVITED:
        actor = Actor(office.workspace, name, name.title(), "Europe/Berlin")
        office.bot.handle(Press(actor, Place(f"dm-{name}"), action("accept", 1).token), office.time())
    office.drains()

    def unknown(post: Post) -> None:
        if post.key.startswith("checkin:"):
            raise DeliveryUnknown("nobody knows", None)

    office.platform.before = unknown
    with structlog.testing.capture_logs() as logged:
        while not [line for line in logged if line["log_level"] == "warning"]:
            office.time.goes_on(3600)
            office.bot.plan(office.time())
            office.drains()
    assert {line["outcome"] for line in logged if line["log_level"] == "warning"} == {"dropped"}
