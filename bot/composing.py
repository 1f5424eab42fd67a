"""The words of claimed rows: composed from what is true now, or settled where they need not or cannot be said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.checkins.service import not_before
from bot.errors import BotError
from bot.groups import store as groups
from bot.groups.rules import Group, courtesy, is_paused_for
from bot.meetings.rules import on_a_break
from bot.meetings.service import lost
from bot.messages import Address, Direct, Home, Post
from bot.outbox import store as outbox
from bot.outbox.rules import TOLD_WITHIN, Lane, Row
from bot.people import store as people
from bot.people.rules import Person
from bot.posts import POLITE, POSTS, RESTING, WEEKLY
from bot.schedule.courtesy import polite
from bot.unit import Unit


def compose(unit: Unit, lane: Lane, rows: Iterable[Row], now: datetime) -> list[Post]:
    """The posts of these rows, in their order; of several to a home that is still to be made only the first."""
    composed = (_compose(unit, lane, row, now) for row in rows)
    return _one_for_each_new_home([post for post in composed if post is not None])


def _compose(unit: Unit, lane: Lane, row: Row, now: datetime) -> Post | None:
    """The words of a row, or None after settling it: too late, not needed, not now, or broken."""
    half_way = row.state == "sending"
    if row.expires is not None and row.expires <= now and row.receipt is None and not row.doubtful:
        # Nobody misses a nudge; what was to be heard by somebody is listed.
        reason = outbox.NOT_NEEDED if row.kind in RESTING else outbox.TOO_LATE
        outbox.settle(unit.connection, row.workspace, row.key, "dropped", reason, now)
        lost(unit, row, now)
        return None
    try:
        group = groups.load(unit.connection, row.workspace, row.group or 0)
        person = people.one(unit.connection, row.workspace, row.person) if row.person else None
        if person is not None and not half_way and (later := _held_back(unit, row, person, now)) is not None:
            _postpone(unit, row, later, now)
            return None
        message = POSTS[row.kind](unit, row, group, now) if _wanted(row, group, person, now) else None
        if message is None:
            outbox.settle(unit.connection, row.workspace, row.key, "dropped", outbox.NOT_NEEDED, now)
            return None
        address = Direct(person.external) if person else _home(unit, group)
    except (ArithmeticError, AssertionError, AttributeError, BotError, LookupError, TypeError, ValueError) as error:
        # A row that cannot be composed is shown to a human and never blocks the rows behind it.
        reason = f"could not be composed ({type(error).__name__})"
        outbox.settle(unit.connection, row.workspace, row.key, "parked", reason, now)
        return None
    unheard = row.doubtful and row.receipt is None and _unheard(unit, row, group, now)
    return Post(row.key, row.workspace, address, message, lane.token, row.receipt, row.doubtful, row.tried, unheard)


def _held_back(unit: Unit, row: Row, person: Person, now: datetime) -> datetime | None:
    """When a private post may be seen instead of now; None: now is fine. An edit disturbs nobody."""
    if row.kind not in POLITE or row.receipt is not None:
        return None
    at = polite(not_before(unit, row, now) or now, courtesy(person))
    return at if at > now else None


def _postpone(unit: Unit, row: Row, later: datetime, now: datetime) -> None:
    """To a time at which it is still worth saying; where that is too late for it, it need not be said."""
    if row.expires is not None and later >= row.expires:
        outbox.settle(unit.connection, row.workspace, row.key, "dropped", outbox.NOT_NEEDED, now)
    else:
        outbox.postpone(unit.connection, row.workspace, row.key, later, now)


def _wanted(row: Row, group: Group, person: Person | None, now: datetime) -> bool:
    """Whether anybody should hear of this now: not who is gone, nor who is on a break."""
    if person is not None and not person.active:
        return False
    if group.is_abandoned and row.kind != "left":
        return False
    if row.receipt is not None:
        return True
    if person is not None and row.kind in WEEKLY and is_paused_for(group, person.id, now):
        return False
    return not (row.kind in RESTING and on_a_break(group.schedule, group.today(now)))


def _unheard(unit: Unit, row: Row, group: Group, now: datetime) -> bool:
    """Whether the platform tells of posts in such a conversation, was heard since this try, and kept silent on it.

    Only while it would still have told: had nobody listened all that time, its silence would mean nothing.
    """
    if row.tried is None or now < row.tried + TOLD_WITHIN:
        return False
    told = outbox.heard(unit.connection, row.workspace, row.tried, row.tried + TOLD_WITHIN)
    if row.person is not None:
        return any(private for _, private in told)
    homes = (about for about, private in told if not private and about is not None)
    return any(groups.load(unit.connection, row.workspace, about).kind == group.kind for about in homes)


def _one_for_each_new_home(posts: list[Post]) -> list[Post]:
    """Only the first of several posts to a home that is still to be made: the others come when it is there."""
    kept: list[Post] = []
    making: set[int] = set()
    for post in posts:
        match post.address:
            case Home(group=group, conversation=None) if group in making:
                continue
            case Home(group=group, conversation=None):
                making.add(group)
        kept.append(post)
    return kept


def _home(unit: Unit, group: Group) -> Address:
    who = people.by_id(unit.connection, group.workspace, (member.person for member in group.present))
    here = tuple(person.external for person in who.values() if person.active)
    return Home(group.id, group.conversation, group.name, group.kind, here)
