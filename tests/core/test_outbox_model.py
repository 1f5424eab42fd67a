"""Whatever happens in whatever order: nothing is said twice, and nothing that was to be said is lost.

The courier here keeps the courier's promise and no more: it looks for an earlier message only when it is in doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.delivery.drain import FRESH
from bot.groups.rules import Group
from bot.guides.rules import Guides
from bot.messages import Post, Receipt
from bot.outbox import store as outbox
from bot.outbox.rules import Lane
from bot.storage import Store
from tests.core.office import LEASE_OVER, NOW, Office, office

KEYS = 4
WORKERS = ("one", "two")
NAMES = (f"office {n}" for n in count())

Step = tuple[str, int]
"""What happens, and to which key or worker (or for how many seconds)."""

steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["plan", "change"]), st.integers(0, KEYS - 1)),
        st.tuples(
            st.sampled_from(
                [
                    *3 * ["open", "claim", "send"],
                    "close",
                    "fail",
                    "lose",
                    "lose and say so",
                    "crash",
                    "park",
                    "put back",
                ]
            ),
            st.integers(0, len(WORKERS) - 1),
        ),
        st.tuples(st.just("time"), st.sampled_from([1, 5, 14, 31])),
    ),
    max_size=40,
)


@dataclass
class World:
    office: Office
    group: Group
    now = NOW
    planned: set[str] = field(default_factory=set)
    platform: dict[str, Receipt] = field(default_factory=dict)
    delivered: Counter[str] = field(default_factory=Counter)
    lanes: dict[str, Lane] = field(default_factory=dict)
    hands: dict[str, list[Post]] = field(default_factory=lambda: {worker: [] for worker in WORKERS})
    claimed_at: dict[str, object] = field(default_factory=dict)

    def does(self, what: str, which: int) -> None:
        worker = WORKERS[which % len(WORKERS)]
        match what:
            case "plan":
                self.office.queue(self.group, which)
                self.planned.add(self.office.key(self.group, which))
            case "change":
                with self.office.store.begin() as connection:
                    wanted = self.office.key(self.group, which)
                    outbox.refresh(connection, self.office.workspace, wanted, self.now)
            case "time":
                self.now += timedelta(seconds=which)
            case "open":
                self.opens(worker)
            case "close" if worker in self.lanes:
                self.hands[worker] = []
                self.office.bot.close_lane(self.lanes.pop(worker), self.now)
            case "claim" if worker in self.lanes and not self.hands[worker]:
                self.hands[worker] = list(self.office.claim(self.lanes[worker], self.now, 3))
                self.claimed_at[worker] = self.now
            case "crash":
                self.hands[worker] = []
                self.lanes.pop(worker, None)
            case _ if self.hands[worker]:
                self.outcome(what, worker, self.hands[worker].pop(0))

    def opens(self, worker: str) -> None:
        lane = self.office.bot.open_lane(self.office.workspace, worker, self.now)
        self.hands[worker] = []
        self.lanes.pop(worker, None)
        if lane is not None:
            self.lanes[worker] = lane

    def outcome(self, what: str, worker: str, post: Post) -> None:
        bot, soon = self.office.bot, self.now + timedelta(seconds=1)
        if self.now >= self.claimed_at[worker] + FRESH:  # type: ignore[operator]
            what = "put back"
        match what:
            case "send":
                bot.sent(post, self.deliver(post), self.now)
            case "lose":
                self.deliver(post)
            case "lose and say so":
                self.deliver(post)
                bot.failed(post, "connection lost", self.now, soon, doubtful=True)
            case "fail":
                bot.failed(post, "rate limit", self.now, soon)
            case "put back":
                bot.failed(post, "not tried yet", self.now, self.now)
            case "park":
                bot.failed(post, "the account is closed", self.now, None)

    def deliver(self, post: Post) -> Receipt:
        if post.edits is not None:
            assert post.edits == self.platform[post.key]
            return post.edits
        if not (post.doubtful and post.key in self.platform):
            self.delivered[post.key] += 1
            self.platform[post.key] = Receipt("home", f"{post.key}/{self.delivered[post.key]}")
        return self.platform[post.key]

    def ends(self) -> None:
        """A last worker does all that is left to do."""
        self.now += LEASE_OVER + timedelta(minutes=1)
        lane = self.office.lane("the last", self.now)
        while posts := self.office.claim(lane, self.now):
            for post in posts:
                assert self.office.bot.sent(post, self.deliver(post), self.now)


@pytest.fixture
def begin(store: Store, guides: Guides) -> Callable[[], World]:
    """Another world each time. A function, since Hypothesis writes out what a test is given: here, all guides."""

    def another() -> World:
        here = office(store, guides, next(NAMES), staff=("ana", "ben"))
        return World(here, here.circle())

    return another


@example([("plan", 0), ("open", 0), ("claim", 0), ("lose and say so", 0)])
@example([("plan", 0), ("open", 0), ("claim", 0), ("lose and say so", 0), ("time", 1), ("claim", 0), ("fail", 0)])
@example([("plan", 0), ("open", 0), ("claim", 0), ("time", 31), ("open", 1), ("claim", 1), ("send", 1), ("send", 0)])
@example([("plan", 0), ("open", 0), ("claim", 0), ("change", 0), ("lose", 0), ("crash", 0), ("time", 31)])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=steps)
def test_nothing_is_said_twice_and_nothing_is_lost(begin: Callable[[], World], happened: list[Step]) -> None:
    world = begin()

    for step in happened:
        world.does(*step)
    world.ends()

    for key in sorted(world.planned):
        row = world.office.row(key)
        assert row.state in ("sent", "parked")
        assert world.delivered[key] <= 1
        if row.state == "sent":
            assert world.delivered[key] == 1
            assert row.receipt == world.platform[key]


@pytest.mark.parametrize("times", [1, 5])
def test_planning_any_number_of_times_is_planning_once(office: Office, times: int) -> None:
    circles = office.circles_with_a_prompt_due(3)
    for _ in range(times):
        office.bot.plan(NOW)

    assert office.rows() >= len(circles)
    before = office.rows()
    office.bot.plan(NOW)
    assert office.rows() == before
