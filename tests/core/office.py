"""A workspace with groups in it, kept through the stores so that many cost little. Says nothing about what is right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from bot.app import Bot
from bot.groups import store as groups
from bot.groups.rules import Group, Member
from bot.guides.rules import Guides
from bot.inbound import Actor
from bot.messages import Post, Receipt
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Lane, Row, key
from bot.people import store as people
from bot.people.rules import Person
from bot.schedule.rules import Schedule, Slot
from bot.storage import Store

MEETS = Slot(0, time(10))
START = date(2026, 11, 30)
PROMPT = datetime(2026, 11, 30, 7, tzinfo=UTC)
"""When the first prompt of every group here is due: two hours before Monday, 10:00 in Berlin."""

NOW = datetime(2026, 12, 2, 12, tzinfo=UTC)
"""A Wednesday noon, at which everybody may be written to."""

SECOND = timedelta(seconds=1)
LEASE_OVER = timedelta(seconds=31)


@dataclass(frozen=True)
class Office:
    """One workspace. Its posts to be are named by numbers; each is a short word in a group's home."""

    bot: Bot
    store: Store
    workspace: int
    staff: tuple[Person, ...]

    def circle(self, name: str = "Tuesday", conversation: str | None = "home") -> Group:
        """A running circle of everybody; nothing of it is planned, and nothing is due by itself."""
        with self.store.begin() as connection:
            return groups.create(connection, self.group(name, conversation), NOW)

    def group(self, name: str, conversation: str | None) -> Group:
        return Group(
            id=0,
            workspace=self.workspace,
            kind="circle",
            name=name,
            guide="peer-circle",
            state="running",
            organiser=self.staff[0].id,
            facilitator=self.staff[0].id,
            standin=None,
            standin_until=None,
            schedule=Schedule("Europe/Berlin", START, ((START, MEETS),)),
            conversation=conversation,
            planned_through=PROMPT - timedelta(days=1),
            members=tuple(Member(person.id, "participant", "in") for person in self.staff),
        )

    def circles_with_a_prompt_due(self, count: int) -> tuple[int, ...]:
        """Their ids. The prompt of each is due at ``PROMPT`` and not planned yet."""
        with self.store.begin() as connection:
            made = [groups.create(connection, self.group(f"Circle {n}", None), PROMPT) for n in range(count)]
            for group in made:
                groups.wake_at(connection, group, PROMPT)
        return tuple(group.id for group in made)

    def key(self, group: Group, number: int) -> str:
        return key("joined", group.id, self.staff[1].id, number)

    def queue(self, group: Group, *numbers: int, at: datetime = NOW, expires: datetime | None = None) -> None:
        """Plan posts to a group's home. A later number is due a moment later."""
        self.keep(
            Due(self.key(group, number), self.workspace, at + timedelta(milliseconds=number), expires, group.id)
            for number in numbers
        )

    def keep(self, dues: Iterable[Due], now: datetime = NOW) -> None:
        with self.store.begin() as connection:
            outbox.queue(connection, dues, now)

    def row(self, wanted: str) -> Row:
        with self.store.begin() as connection:
            return outbox.find(connection, self.workspace, [wanted])[wanted]

    def rows(self) -> int:
        with self.store.begin() as connection:
            return len(connection.execute(select(outbox.outbox.c.key)).all())

    # ── a worker's moves ─────────────────────────────────────────────────────────────────────────────────────────────

    def lane(self, worker: str = "one", now: datetime = NOW + SECOND) -> Lane:
        lane = self.bot.open_lane(self.workspace, worker, now)
        assert lane is not None, f"another worker has the lane of {worker}"
        return lane

    def claim(self, lane: Lane, now: datetime = NOW + SECOND, limit: int = 50) -> tuple[Post, ...]:
        return self.bot.claim(lane, now, limit)

    def sent(self, post: Post, message: str = "1", now: datetime = NOW + SECOND) -> bool:
        return self.bot.sent(post, Receipt("home", message), now)

    def has_work(self, now: datetime = NOW + SECOND) -> bool:
        return self.workspace in self.bot.plan(now).workspaces


def office(
    store: Store, guides: Guides, external: str = "office", staff: tuple[str, ...] = ("ana", "ben", "chloe")
) -> Office:
    """A new workspace in Berlin, in which these people work."""
    bot = Bot(store, guides)
    workspace = bot.workspace("web", external, external.title())
    with store.begin() as connection:
        met = tuple(people.meet(connection, Actor(workspace, who, who.title(), "Europe/Berlin", "en")) for who in staff)
    return Office(bot, store, workspace, met)
