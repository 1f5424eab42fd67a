"""The words of claimed rows: composed from what is true now, or settled where they need not or cannot be said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.checkins import store as checkins
from bot.checkins.service import answered_by, asked_before, not_before
from bot.checkpoints import service as checkpoints
from bot.checkpoints import store as checkpoint_answers
from bot.errors import BotError
from bot.groups import store as groups
from bot.groups.posts import home_language
from bot.groups.rules import Group, courtesy, is_paused_for, spoken_with
from bot.i18n import N_
from bot.meetings.rules import on_a_break
from bot.meetings.service import lost
from bot.messages import Address, Direct, Home, Post
from bot.outbox import sending
from bot.outbox import store as outbox
from bot.outbox.rules import HEARD_WITHIN, TOLD_WITHIN, Lane, Row, State
from bot.people import store as people
from bot.people.rules import Person
from bot.posts import ON_ALL_ANSWERS, ONCE_MORE, PERSONAL, POLITE, POSTS, RESTING, WEEKLY
from bot.schedule.courtesy import polite
from bot.spoken import said_in
from bot.supporting import store as supporting
from bot.unit import Unit


@dataclass(frozen=True, slots=True)
class Ended:
    """A row that is not to be sent after all: dropped, or parked where a human should look."""

    state: State
    reason: str


NOT_NEEDED = Ended("dropped", outbox.NOT_NEEDED)
TOO_LATE = Ended("dropped", outbox.TOO_LATE)


def compose(unit: Unit, lane: Lane, rows: Iterable[Row], now: datetime) -> list[Post]:
    """The posts of these rows, in their order; of several to a home that is still to be made only the first."""
    rows = _without_late(unit, lane.workspace, tuple(rows), now)
    _read_ahead(unit, lane.workspace, rows)
    posts: list[Post] = []
    aside: dict[Ended | datetime, list[str]] = {}
    for row in rows:
        match _compose(unit, lane, row, now):
            case Post() as post:
                posts.append(post)
            case Ended() as ended:
                # What is asked after it, in this very claim, looks how it went.
                state: State = ended.state if row.receipt is None else "sent"
                outbox.remember(unit.connection, replace(row.ours, state=state, since=now))
                aside.setdefault(ended, []).append(row.key)
            case later:
                aside.setdefault(later, []).append(row.key)
    _set_aside(unit, lane.workspace, aside, now)
    return _one_for_each_new_home(posts)


def _without_late(unit: Unit, workspace: int, rows: Sequence[Row], now: datetime) -> tuple[Row, ...]:
    """Those that are still worth saying. The others are dropped before anything is composed that tells of them."""
    late = [row for row in rows if row.expires is not None and row.expires <= now]
    late = [row for row in late if row.receipt is None and not row.doubtful]
    aside: dict[Ended | datetime, list[str]] = {}
    for row in late:
        # Nobody misses a nudge; what was to be heard by somebody is listed.
        aside.setdefault(NOT_NEEDED if row.kind in RESTING else TOO_LATE, []).append(row.key)
    _set_aside(unit, workspace, aside, now)
    for row in late:
        lost(unit, row.ours, now)
    return tuple(row for row in rows if row not in late)


def _set_aside(unit: Unit, workspace: int, aside: Mapping[Ended | datetime, Sequence[str]], now: datetime) -> None:
    """Rows that are not sent now, each lot in one statement: for good, or until a time."""
    for lot, keys in aside.items():
        if isinstance(lot, Ended):
            sending.settle(unit.connection, workspace, keys, lot.state, lot.reason, now)
        else:
            sending.postpone(unit.connection, workspace, keys, lot, now)


def _read_ahead(unit: Unit, workspace: int, rows: Sequence[Row]) -> None:
    """What composing each row would look up by itself, for all of them at once: groups, their people, answers."""
    if len(rows) < 2:
        return
    connection = unit.connection
    found = groups.ahead(connection, workspace, {row.group for row in rows if row.group is not None})
    who = {workspace: {row.person for row in rows if row.person is not None}}
    for group in found:
        theirs = who.setdefault(group.workspace, set())
        theirs |= {group.organiser, *(member.person for member in group.members)}
    for owner, ids in who.items():
        people.ahead(connection, owner, ids)
    for owner in sorted({row.ours.workspace for row in rows}):
        ours = [row for row in rows if row.ours.workspace == owner]
        checkins.ahead(connection, owner, answered_by(ours))
        checkins.ahead_of_groups(connection, owner, {row.group or 0 for row in ours if row.kind in ON_ALL_ANSWERS})
        checkpoint_answers.ahead(connection, owner, checkpoints.answered_by(ours))
        asked = (one for row in ours for one in (*asked_before(row), *checkpoints.asked_before(row)))
        outbox.ahead(connection, owner, list(asked))
        supporting.ahead(connection, owner, {row.group or 0 for row in ours if row.kind == "mentorhint"})


def _compose(unit: Unit, lane: Lane, row: Row, now: datetime) -> Post | Ended | datetime:
    """The words of a row; or that it is not needed, or broken; or the time until which it has to wait."""
    half_way = row.state == "sending"
    try:
        if row.kind in PERSONAL:
            return _personal(unit, lane, row, now)
        group = groups.load(unit.connection, row.workspace, row.group or 0)
        person = people.one(unit.connection, row.workspace, row.person) if row.person else None
        if person is not None and person.workspace != row.workspace:
            raise LookupError(row.person)
        if person is not None and not half_way and (later := _held_back(unit, row.ours, person, now)) is not None:
            # Where that is too late for it, it need not be said.
            return NOT_NEEDED if row.expires is not None and later >= row.expires else later
        address = Direct(person.external) if person else _home(unit, group, row.workspace)
        wanted = address is not None and _wanted(row, group, person, now)
        message = POSTS[row.kind](unit, row.ours, group, now) if wanted else None
        if message is None or address is None:
            return NOT_NEEDED
        language = spoken_with(group, person).language if person else home_language(unit, group)
    except (ArithmeticError, AssertionError, AttributeError, BotError, LookupError, TypeError, ValueError) as error:
        # A row that cannot be composed is shown to a human and never blocks the rows behind it.
        return Ended("parked", N_("the words could not be made") + f" ({type(error).__name__})")
    unheard = row.doubtful and row.receipt is None and _unheard(unit, row, group, now)
    doubt = (row.doubtful, row.tried, unheard, row.kind in ONCE_MORE)
    said = said_in(message, row.workspace, language)
    return Post(row.key, row.workspace, address, said, lane.token, row.receipt, *doubt)


def _personal(unit: Unit, lane: Lane, row: Row, now: datetime) -> Post | Ended:
    """The words of a row that is about a person and no group."""
    person = people.one(unit.connection, row.workspace, row.person or 0)
    message = PERSONAL[row.kind](unit, row, person, now) if person.active else None
    if message is None:
        return NOT_NEEDED
    unheard = row.doubtful and row.receipt is None and _unheard(unit, row, None, now)
    doubt = (row.doubtful, row.tried, unheard, row.kind in ONCE_MORE)
    said = said_in(message, row.workspace, person.language)
    return Post(row.key, row.workspace, Direct(person.external), said, lane.token, row.receipt, *doubt)


def _held_back(unit: Unit, row: Row, person: Person, now: datetime) -> datetime | None:
    """When a private post may be seen instead of now; None: now is fine. An edit disturbs nobody."""
    if row.kind not in POLITE or row.receipt is not None:
        return None
    at = polite(not_before(unit, row, now) or checkpoints.not_before(unit, row, now) or now, courtesy(person))
    return at if at > now else None


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


def _unheard(unit: Unit, row: Row, group: Group | None, now: datetime) -> bool:
    """Whether the platform tells of posts in such a conversation, was heard since this try, and kept silent on it.

    Only while it would still have told: had nobody listened all that time, its silence would mean nothing.
    """
    if row.tried is None or now < row.tried + TOLD_WITHIN:
        return False
    told = sending.heard(unit.connection, row.workspace, row.tried, row.tried + HEARD_WITHIN)
    if row.person is not None or group is None:
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


def _home(unit: Unit, group: Group, workspace: int) -> Address | None:
    """The group's home in a workspace; None where it has several, and nobody lives in this one."""
    ids = {group.organiser, *(member.person for member in (*group.present, *group.waiting))}
    who = people.by_id(unit.connection, group.workspace, ids).values()
    around = {person.id: person.external for person in who if person.active and person.workspace == workspace}
    here = tuple(around.pop(member) for member in sorted(member.person for member in group.present) if member in around)
    if group.elsewhere and not here:
        return None
    return Home(group.id, group.home_in(workspace), group.name, group.kind, here, tuple(around.values()))
