"""Polls open and close by themselves; when one has closed everywhere in a cohort, its figures are published.

The only place where answers of several people are opened together; what leaves it went through ``disclosure``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.checkins import store as checkins
from bot.checkpoints import store
from bot.checkpoints.rules import (
    MOST_NUDGES,
    NOT_MET_YET,
    Call,
    Cohort,
    Published,
    cohort_of,
    followup_of,
    publish,
    read,
    roles_of,
    waiting,
    written,
)
from bot.checkpoints.waves import Program
from bot.cipher import Cipher
from bot.errors import ConfigError
from bot.groups import store as groups
from bot.groups.rules import Group, courtesy, rhythm
from bot.guides.items import POLLS, Poll
from bot.outbox import store as outbox
from bot.outbox.rules import Due, key
from bot.people import store as people
from bot.people.rules import Person
from bot.schedule.courtesy import ladder, polite
from bot.schedule.rules import POLL_OPEN, Moment, meetings, to_utc
from bot.unit import Unit

BATCH = 200
"""Polls that are opened and closed in one transaction; the rest follows in the next."""

UNREADABLE_FOR = timedelta(hours=1)
"""So long later it is tried again to publish what no key opens."""

# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def open_polls(unit: Unit, running: Iterable[Group], moments: Iterable[tuple[Group, Moment]], now: datetime) -> None:
    """Ask what the calendar says is to be asked now; after an outage too, for as long as there is time to answer.

    ``running``: the groups that were looked at. Whoever came to one after the others were asked is asked too, for as
    long as its poll is open; and its calendar says again when it is asked half a year later.
    """
    if unit.cipher is None:
        return
    running = tuple(running)
    made = [
        (group, Call(group.id, poll, cohort_of(group), "open", max(moment.at, now), max(moment.at, now) + POLL_OPEN))
        for group, moment in moments
        if moment.expires > now and moment.kind in unit.guides.checkpoints_of(group.guide).polls
        for poll in POLLS
        if poll == moment.kind
    ]
    apart = _not_met(unit, [group for group, call in made if call.poll == "fit"])
    store.keep_calls(
        unit.connection,
        [
            replace(call, state="wanted", opens=now + NOT_MET_YET, closes=now + NOT_MET_YET + POLL_OPEN)
            if call.poll == "fit" and group.id in apart
            else call
            for group, call in made
        ],
    )
    standing = store.calls_of_groups(unit.connection, running)
    _move_followups(unit, running, standing)
    _ask(unit, running, [call for call in standing if call.is_open(now)], now)


def _not_met(unit: Unit, pairs: Sequence[Group]) -> frozenset[int]:
    """Those of the pairs that have checked in, and never as having met."""
    found: set[int] = set()
    for workspace in {group.workspace for group in pairs}:
        checkins.ahead_of_groups(unit.connection, workspace, {one.id for one in pairs if one.workspace == workspace})
    for group in pairs:
        answers = checkins.of_group(unit.connection, group.workspace, group.id)
        if answers and not any(one.attended for one in answers):
            found.add(group.id)
    return frozenset(found)


def _move_followups(unit: Unit, running: Sequence[Group], standing: Sequence[Call]) -> None:
    """A skip, a break or a move has moved the last meeting, and so what is asked half a year after it."""
    wanted = {call.group: call for call in standing if call.poll == "followup" and call.state == "wanted"}
    for group in running:
        call = followup_of(group, rhythm(unit.guide_of(group))) if group.id in wanted else None
        if call is not None and call != wanted[group.id]:
            store.move_call(unit.connection, call)


def _ask(unit: Unit, found: Sequence[Group], calls: Sequence[Call], now: datetime) -> None:
    """Ask everybody of these polls who has not been asked yet."""
    by_id = {group.id: group for group in found}
    asked = [(call, by_id[call.group], one) for call in calls for one in _asked_by(unit, by_id[call.group], call, now)]
    wanted: dict[int, set[int]] = {}
    keys: dict[int, list[str]] = {}
    for call, group, person in asked:
        wanted.setdefault(group.workspace, set()).add(person)
        keys.setdefault(group.workspace, []).append(key("checkpoint", call.group, call.poll, person))
    who = people.by_workspace(unit.connection, wanted) if wanted else {}
    there = {one for workspace, those in keys.items() for one in outbox.find(unit.connection, workspace, those)}
    dues = [
        due
        for call, group, person in asked
        if person in who[group.workspace] and key("checkpoint", call.group, call.poll, person) not in there
        for due in _dues(call, who[group.workspace][person], _reminds_until(unit, call, group), now)
    ]
    outbox.queue(unit.connection, dues, now)


def _asked_by(unit: Unit, group: Group, call: Call, now: datetime) -> Iterator[int]:
    checkpoints = unit.guides.checkpoints_of(group.guide)
    for member in group.present:
        if checkpoints.asked(call.poll, roles_of(group, member.person, now)):
            yield member.person


def _reminds_until(unit: Unit, call: Call, group: Group) -> datetime:
    """From the first meeting on the week's own messages come; the start is not worth a second one beside them."""
    if call.poll != "baseline":
        return call.closes
    first = rhythm(unit.guide_of(group)).first
    days = (one.day for one in meetings(group.schedule, range(first, first + 1)))
    return min([call.closes, *(to_utc(day, time(), group.schedule.zone) for day in days)])


def _dues(call: Call, person: Person, reminds_until: datetime, now: datetime) -> Iterator[Due]:
    """The request and, planned with it, at most two reminders; whoever has answered by then is left in peace."""
    manners, place = courtesy(person), (call.cohort.workspace,)
    ask = polite(max(call.opens, now), manners)
    if ask >= call.closes:
        return
    about = (call.group, call.poll)
    yield Due(key("checkpoint", *about, person.id), *place, ask, call.closes, call.group, person.id)
    for n, at in enumerate(ladder(ask, manners, min(call.closes, reminds_until))[:MOST_NUDGES], 1):
        yield Due(key("recall", *about, n, person.id), *place, at, call.closes, call.group, person.id)


# ── closing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def settle(unit: Unit, now: datetime) -> int:
    """Open and close a batch of what is due by itself, and publish. Returns how many polls were looked at."""
    if unit.cipher is None:
        return 0
    due = store.due_calls(unit.connection, now, BATCH)
    _open_wanted(unit, [call for call in due if call.state == "wanted"], now)
    over: dict[tuple[Cohort, Poll], list[Call]] = {}
    for call in due:
        if call.state == "open":
            over.setdefault((call.cohort, call.poll), []).append(call)
    # In one order for everybody who does this at the same time.
    for (cohort, poll), calls in sorted(over.items(), key=lambda one: (one[0][0].workspace, one[1][0].group)):
        _close(unit, unit.cipher, cohort, poll, calls, now)
    return len(due)


def _open_wanted(unit: Unit, calls: Sequence[Call], now: datetime) -> None:
    ids: dict[int, set[int]] = {}
    for call in calls:
        ids.setdefault(call.cohort.workspace, set()).add(call.group)
    found = {one.id: one for workspace, those in ids.items() for one in groups.ahead(unit.connection, workspace, those)}
    apart = _not_met(unit, [found[call.group] for call in calls if call.poll == "fit"])
    later = [call for call in calls if call.poll == "fit" and call.group in apart]
    # Who never meets at all will not be asked how the other one is; nor is a group that has come apart.
    never = [call for call in later if found[call.group].state == "finished"]
    never += [call for call in calls if found[call.group].is_abandoned and call not in never]
    for call in never:
        store.forget_call(unit.connection, call)
    put_off = [call for call in later if call not in never]
    for call in put_off:
        opens = call.opens + NOT_MET_YET
        store.move_call(unit.connection, replace(call, opens=opens, closes=opens + POLL_OPEN))
    opened = [replace(call, state="open") for call in calls if call not in (*never, *put_off)]
    store.change_calls(unit.connection, opened, "open")
    _ask(unit, tuple(found.values()), opened, now)


def _close(unit: Unit, cipher: Cipher, cohort: Cohort, poll: Poll, calls: Sequence[Call], now: datetime) -> None:
    store.lock(unit.connection, cohort.workspace)
    ended = {call.group for call in calls}
    standing = [
        replace(call, state="closed") if call.poll == poll and call.group in ended else call
        for call in store.calls_in(unit.connection, cohort)
    ]
    try:
        found = _publishable(unit, cipher, cohort, poll, standing)
    except ConfigError:
        # No key opens what was answered. Nobody else has to wait for it, and nothing is lost: it is tried again.
        store.put_off(unit.connection, calls, now + UNREADABLE_FOR)
        return
    store.change_calls(unit.connection, calls, "closed")
    if not found.figures:
        return
    sealed = cipher.seal(written(found.figures))
    store.publish(unit.connection, cohort, poll, sealed, found.counted, now)
    group = calls[-1].group
    news = key("published", group, poll, now.date().isoformat())
    outbox.queue(unit.connection, [Due(news, cohort.workspace, now, group=group, person=cohort.organiser)], now)


def _publishable(unit: Unit, cipher: Cipher, cohort: Cohort, poll: Poll, calls: Sequence[Call]) -> Published:
    """Raises ConfigError where one of the answers cannot be opened."""
    checkpoints = unit.guides.checkpoints_of(cohort.guide)
    kept = store.answers_in(unit.connection, cohort.workspace, (call.group for call in calls))
    sealed = waiting(checkpoints, calls, kept, poll)
    return publish(checkpoints, [replace(one, value=cipher.open(one.value)) for one in sealed], poll)


# ── what was published ───────────────────────────────────────────────────────────────────────────────────────────────


def program_of(unit: Unit, cipher: Cipher, group: Group, viewer: Person) -> Program:
    """The published figures of a group's cohort, for somebody who may see them."""
    cohort, guide = cohort_of(group), unit.guide_of(group, viewer.language)
    figures = tuple(
        figure for _, sealed, _ in store.released(unit.connection, cohort) for figure in read(cipher.open(sealed))
    )
    calls: Sequence[Call] = store.calls_in(unit.connection, cohort)
    items = tuple(item for item in unit.guides.checkpoints_of(cohort.guide).items if item.kind != "fit")
    told = {poll for item in items for poll in item.polls}
    closed = {call.poll for call in calls if call.state == "closed" and call.poll in told}
    named = {person for figure in figures for person, _ in figure.named}
    return Program(
        group=group.id,
        title=guide.title,
        size=len({call.group for call in calls}),
        kind=guide.kind,
        items=items,
        figures=figures,
        closed=tuple(poll for poll in POLLS if poll in closed),
        organiser=viewer.id == cohort.organiser,
        names={one.id: one.name for one in people.by_id(unit.connection, cohort.workspace, named).values()},
    )


def number_of(unit: Unit, group: Group) -> int:
    """A group's number within its program, from 1."""
    others = {call.group for call in store.calls_in(unit.connection, cohort_of(group))} - {group.id}
    return sum(other < group.id for other in others) + 1
