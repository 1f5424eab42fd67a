"""What falls due becomes rows of the outbox. Deciding twice is the same as once: the keys are the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import get_args

from bot.groups import store as groups
from bot.groups.rules import Group, courtesy, looked_after_by, rhythm
from bot.outbox import store as outbox
from bot.outbox.rules import Due, key
from bot.people import store as people
from bot.people.rules import Person
from bot.schedule.courtesy import ladder, polite
from bot.schedule.rules import DAY, HINT_AFTER, HINT_STALE, Moment, PollKind, Rhythm, closes, due, next_moment
from bot.unit import Unit

BATCH = 500
"""Groups looked at in one transaction; the rest follows in the next."""


@dataclass(frozen=True, slots=True)
class Planned:
    """How many groups were looked at, which of them run, which of those have a checkpoint to be asked, which is not
    ours to ask, and whose hint others may be told too."""

    groups: int
    running: tuple[Group, ...] = ()
    polls: tuple[tuple[Group, Moment], ...] = ()
    hints: tuple[tuple[Group, Moment], ...] = ()


POLLS = frozenset(get_args(PollKind))


def plan(unit: Unit, now: datetime) -> Planned:
    """Queue what has fallen due for up to a batch of groups."""
    found = groups.due(unit.connection, now, BATCH)
    running = [group for group in found if group.state != "forming"]
    moments = {group.id: due(group.schedule, _week(unit, group), group.planned_through, now) for group in running}
    who = _people(unit, [group for group in running if _in_private(group, moments[group.id])])
    dues: list[Due] = []
    marks: list[tuple[Group, datetime, datetime | None, str]] = []
    for group in found:
        if group.state == "forming":
            dues += _waiting(group, now)
            marks.append((group, group.planned_through, None, group.state))
            continue
        week = _week(unit, group)
        for moment in moments[group.id]:
            dues += _dues(group, week, moment, who.get(group.workspace, {}))
        following = next_moment(group.schedule, week, now)
        marks.append((group, now, following, _state(group, following)))
    outbox.queue(unit.connection, dues, now)
    groups.planned(unit.connection, marks)
    polls = ((group, moment) for group in running for moment in moments[group.id] if moment.kind in POLLS)
    hints = ((group, moment) for group in running for moment in moments[group.id] if moment.kind == "hint")
    return Planned(len(found), tuple(running), tuple(polls), tuple(hints))


def _week(unit: Unit, group: Group) -> Rhythm:
    return rhythm(unit.guide_of(group))


def _in_private(group: Group, moments: tuple[Moment, ...]) -> bool:
    """Whether any of these is said to people, whose own hours count; a prompt or a closing goes to a circle's home."""
    return any(group.kind == "pair" or moment.kind not in ("prompt", "closing", *POLLS) for moment in moments)


def _people(unit: Unit, talked_to: Sequence[Group]) -> Mapping[int, Mapping[int, Person]]:
    """Everybody in these groups, by workspace and id."""
    wanted: dict[int, set[int]] = {}
    for group in talked_to:
        ids = wanted.setdefault(group.workspace, set())
        ids |= {member.person for member in group.present} | {group.organiser}
    return people.by_workspace(unit.connection, wanted)


def _state(group: Group, following: datetime | None) -> str:
    """A group that nothing is left to be said to is finished, unless it is only on a break without an end."""
    on_a_break = any(off.until is None for off in group.schedule.off)
    return "finished" if following is None and not on_a_break else group.state


def _waiting(group: Group, now: datetime) -> Iterator[Due]:
    """The start has come and too few have said yes: those who did, and the organiser, are told once."""
    for person in sorted({member.person for member in group.present} | {group.organiser}):
        due_key = key("waiting", group.id, person, group.schedule.start.isoformat())
        yield Due(due_key, group.workspace, now, group=group.id, person=person)


def _dues(group: Group, week: Rhythm, moment: Moment, who: Mapping[int, Person]) -> Iterator[Due]:
    match moment.kind:
        case "prepare":
            yield from _private(group, moment, who, group.with_role("mentor"))
        case "prompt":
            yield from _prompt(group, moment, who)
        case "reminder":
            for member in group.present:
                if who[member.person].reminders:
                    yield from _private(group, moment, who, member.person)
        case "checkin":
            for member in group.present:
                yield from _checkin(group, moment, who[member.person])
        case "hint":
            yield from _hint(group, week, moment, who)
        case "closing":
            yield Due(key("closing", group.id), group.workspace, moment.at, moment.expires, group.id)


def _prompt(group: Group, moment: Moment, who: Mapping[int, Person]) -> Iterator[Due]:
    due_key = key("prompt", group.id, moment.number, moment.day.isoformat())
    yield Due(due_key, group.workspace, moment.at, moment.expires, group.id)
    if group.kind == "pair":
        # The steps are for before the meeting; the prompt may still be of use after it.
        before = replace(moment, expires=moment.expires - DAY)
        yield from _private(group, before, who, group.with_role("mentee"), "steps")


def _private(
    group: Group, moment: Moment, who: Mapping[int, Person], person: int | None, kind: str = ""
) -> Iterator[Due]:
    """A message to one person about a meeting, at their polite hour, if that still comes in time."""
    if person is None:
        return
    at = polite(moment.at, courtesy(who[person]))
    if at < moment.expires:
        due_key = key(kind or moment.kind, group.id, moment.number, moment.day.isoformat(), person)
        yield Due(due_key, group.workspace, at, moment.expires, group.id, person)


def _hint(group: Group, week: Rhythm, moment: Moment, who: Mapping[int, Person]) -> Iterator[Due]:
    """To whoever looks after the group, a working day after the last nudge, since holidays may have held that up."""
    first = (looked_after_by(group, moment.at), group.facilitator, group.with_role("mentor"))
    person = next((one for one in (who.get(wanted or 0) for wanted in first) if one is not None and one.active), None)
    if person is None:
        return
    asked, ends = moment.at - HINT_AFTER, closes(group.schedule, week, moment.number)
    manners = [courtesy(who[member.person]) for member in group.present]
    nudges = [at for one in manners for at in ladder(polite(asked, one), one, ends)]
    at = polite(max([moment.at, *(nudge + DAY for nudge in nudges)]), courtesy(person))
    due_key = key("hint", group.id, moment.number)
    yield Due(due_key, group.workspace, at, at + HINT_STALE, group.id, person.id)


def _checkin(group: Group, moment: Moment, person: Person) -> Iterator[Due]:
    """The request and, planned with it, the nudges; whoever has answered by then is left in peace."""
    manners = courtesy(person)
    ask = polite(moment.at, manners)
    if ask >= moment.expires:
        return
    about = (group.id, moment.number)
    yield Due(key("checkin", *about, person.id), group.workspace, ask, moment.expires, group.id, person.id)
    for n, at in enumerate(ladder(ask, manners, moment.expires), 1):
        yield Due(key("nudge", *about, n, person.id), group.workspace, at, moment.expires, group.id, person.id)
