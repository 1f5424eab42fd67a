"""Ask a group, close the poll, and move the group to the time that suits best. Voting is in ``voting.py``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.errors import ConfigError, Refused
from bot.forms import Form
from bot.groups import store as groups
from bot.groups.posts import home_language, recipient
from bot.groups.rights import group_for_form, the_group
from bot.groups.rules import Group, courtesy, looked_after_by, may_lead, rhythm
from bot.i18n import translator
from bot.meetings import service as meetings
from bot.messages import Message, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Row, key
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.polls import forms, store, words
from bot.polls.reading import Asked, Reading, times_typed
from bot.polls.rules import MOST_OPEN, Poll, Standing, standing, usual_closing
from bot.polls.slots import Proposal, proposals
from bot.polls.voting import the_poll, votes_of
from bot.unit import Unit

BATCH = 200
"""Polls that are closed in one go; the rest follows with the next tick."""


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def poll_form(unit: Unit, request: Request, now: datetime) -> Form:
    """The form to ask a question; ``/circle poll slot`` opens the one for a new time."""
    if (times := times_typed(request)) is not None:
        return slots_form(unit, request.given(slots=times), now)
    group, choice = group_for_form(unit, request, now, lead=True)
    zone = group.schedule.zone if group else request.person.zone
    closes = Reading(request, zone, now).closing_or(usual_closing(now, zone))
    return forms.poll_form(request.t, group, choice, request.values, closes, zone, sealed=unit.cipher is not None)


def slots_form(unit: Unit, request: Request, now: datetime) -> Form:
    # What can be proposed depends on the group: where several could be meant, that is asked first.
    group = the_group(unit, request, now, lead=True)
    zone = group.schedule.zone
    closes = Reading(request, zone, now).closing_or(usual_closing(now, zone))
    found = _proposals(unit, group, now)
    return forms.slots_form(request.t, group, found, _here(unit, group), request.values, closes)


def _proposals(unit: Unit, group: Group, now: datetime) -> tuple[Proposal, ...]:
    hours = {person.id: courtesy(person) for person in _here(unit, group).values()}
    schedule, minutes = group.schedule, rhythm(unit.guide_of(group)).minutes
    return proposals(schedule.slot, schedule.zone, minutes, hours, group.today(now))


def _here(unit: Unit, group: Group) -> Mapping[int, Person]:
    return people.by_id(unit.connection, group.workspace, (member.person for member in group.present))


def poll(unit: Unit, request: Request, now: datetime) -> Reply:
    """Ask a question; ``/circle poll slot "tue 16:00"`` asks for a new time."""
    if (times := times_typed(request)) is not None:
        return slots(unit, request.given(slots=times), now)
    group = _asking(unit, request, now)
    asked = Reading(request, group.schedule.zone, now).poll(sealed=unit.cipher is not None)
    return _ask(unit, request, group, asked, now)


def slots(unit: Unit, request: Request, now: datetime) -> Reply:
    """Ask which meeting times would suit; always open, since whoever decides has to see who could come."""
    group = _asking(unit, request, now)
    if group.state == "finished":
        raise Refused(request.t("{group} has come to its end.").format(group=group.name))
    return _ask(unit, request, group, Reading(request, group.schedule.zone, now).slots(group.schedule.slot), now)


def _asking(unit: Unit, request: Request, now: datetime) -> Group:
    group = the_group(unit, request, now, lead=True, lock=True)
    if group.state == "forming" or group.is_abandoned:
        raise Refused(request.t("There is nobody to ask in {group} yet.").format(group=group.name))
    return group


def _ask(unit: Unit, request: Request, group: Group, asked: Asked, now: datetime) -> Reply:
    t = request.t
    standing_open = store.open_of(unit.connection, group.workspace, group.id, now)
    # The group is locked: a command that comes twice finds what it asked the first time.
    same = next((one for one in standing_open if asked.is_same(one)), None)
    if same is None and len(standing_open) >= MOST_OPEN:
        said = t("{group} has {n} polls open already. Close one of them first.")
        raise Refused(said.format(group=group.name, n=len(standing_open)))
    made = same or store.create(unit.connection, asked.poll(group, request.person.id), now)
    due = Due(_key(made), group.workspace, now, made.closes, group.id)
    outbox.queue(unit.connection, [due], now)
    return Say(words.asked(t, made, group))


def _key(poll: Poll) -> str:
    return key("poll", poll.group, poll.id)


# ── closing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def close_due(unit: Unit, now: datetime) -> None:
    """Close the polls whose time has come, and say what came of them."""
    for one in store.due(unit.connection, now, BATCH):
        group = groups.load(unit.connection, one.workspace, one.group)
        closed = _close(unit, one, group, now)
        who = one.author if may_lead(group, one.author, now) else looked_after_by(group, now)
        if closed.slots:
            due = Due(key("slotted", group.id, one.id, who), group.workspace, now, group=group.id, person=who)
            outbox.queue(unit.connection, [due], now)


def end(unit: Unit, request: Request, now: datetime) -> Reply:
    """Close a poll before its time. Twice is once: the second time its result is shown again."""
    one, group = the_poll(unit, request, now, lock=True)
    group = the_group(unit, request.given(group=str(group.id)), now, lead=True)
    if one.result is None:
        one = _close(unit, one, group, now)
    shown, who = _standing(unit, one, group, now), _everybody(unit, group)
    if one.slots:
        return Say(words.slot_result(request.t, group, shown, who))
    return Say(words.closed(request.t, shown))


def _close(unit: Unit, one: Poll, group: Group, now: datetime) -> Poll:
    """Count, keep the sums, forget what need not be known any more: of an anonymous poll who chose what."""
    here = frozenset(member.person for member in group.present)
    try:
        counted = standing(one, votes_of(unit, one), here, now).tally
    except ConfigError:
        # The key is lost. Nothing else must wait for it; what is said about this poll is parked until it is back.
        closed = store.close(unit.connection, one, None, now)
    else:
        closed = store.close(unit.connection, one, counted, now)
        store.forget(unit.connection, one, frozenset() if one.anonymous else here)
    outbox.refresh(unit.connection, one.workspace, _key(one), now)
    posted = Due(key("polled", group.id, one.id), group.workspace, now, group=group.id)
    outbox.queue(unit.connection, [posted], now)
    return closed


def move_there(unit: Unit, request: Request, now: datetime) -> Reply:
    """Move the group to one of the times of a poll; the right to do so is asked where every move is."""
    one, group = the_poll(unit, request, now)
    number = request.number("option")
    if number is None or number >= len(one.slots):
        raise Refused(request.t("I can't read this button any more. /circle move has a form for any time."))
    slot = one.slots[number]
    place = {"nth": str(slot.nth)} if slot.nth is not None else {}
    meant = request.given(group=str(group.id), weekday=str(slot.weekday), time=f"{slot.at:%H:%M}", **place)
    return meetings.move(unit, meant, now)


# ── what stands ──────────────────────────────────────────────────────────────────────────────────────────────────────


def open_of(unit: Unit, group: Group, now: datetime) -> tuple[Poll, ...]:
    """The group's polls that take votes."""
    return store.open_of(unit.connection, group.workspace, group.id, now)


def ask_again(unit: Unit, group: Group, where: int, now: datetime) -> None:
    """The group has left its home in a workspace: what is open there is asked once more in the new one."""
    for one in open_of(unit, group, now):
        keys = [_key(one), f"{_key(one)}:@{where}"]
        for row in outbox.find(unit.connection, where, keys).values():
            if row.workspace == where:
                outbox.again(unit.connection, where, row.key, now + timedelta(microseconds=2), one.closes)


def _standing(unit: Unit, one: Poll, group: Group, now: datetime) -> Standing:
    # Of a closed one the sums are kept, and what still stands of its votes is open.
    here = frozenset(member.person for member in group.present)
    hidden = one.anonymous and one.result is not None
    return standing(one, () if hidden else votes_of(unit, one), here, now)


def _everybody(unit: Unit, group: Group) -> Mapping[int, Person]:
    """Those who are in the group, and those who were: the result of a closed poll still names them."""
    return people.by_id(unit.connection, group.workspace, (member.person for member in group.members))


def _row_poll(unit: Unit, row: Row) -> Poll:
    return store.load(unit.connection, row.workspace, int(row.args[1]))


def post_poll(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    t = translator(home_language(unit, group))
    shown = _standing(unit, _row_poll(unit, row), group, now)
    return None if shown.closed and row.receipt is None else words.poll(t, group, shown, _everybody(unit, group))


def post_polled(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    """Not where the question itself never arrived."""
    one = _row_poll(unit, row)
    asked = outbox.find(unit.connection, row.workspace, [_key(one)]).get(_key(one))
    if asked is None or asked.receipt is None:
        return None
    return words.closed(translator(home_language(unit, group)), _standing(unit, one, group, now))


def post_slotted(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    person = recipient(unit, row, group)
    if group.state == "finished" or not may_lead(group, person.id, now):
        return None
    shown = _standing(unit, _row_poll(unit, row), group, now)
    return words.slot_result(person.t, group, shown, _everybody(unit, group))
