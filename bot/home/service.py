"""What a person sees of all their groups at once, and what to do when a group's conversation is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from bot.checkins import store as checkins
from bot.checkins.service import open_session
from bot.checkpoints import store as checkpoints
from bot.checkpoints.rules import sees_results
from bot.checkpoints.service import waiting
from bot.groups import members
from bot.groups import service as membership
from bot.groups import store as groups
from bot.groups.posts import home_language, recipient
from bot.groups.rights import the_group
from bot.groups.rules import Group, looked_after_by, may_lead, rhythm
from bot.groups.service import tell_home
from bot.home import words
from bot.i18n import translator
from bot.inbound import Loss
from bot.meetings.service import guide_of, next_meeting
from bot.messages import Message, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Row, key
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.polls.service import ask_again, open_of
from bot.polls.voting import withdraw
from bot.schedule.rules import current, days_off
from bot.supporting.service import standings
from bot.training.rules import may_be_taken_alone
from bot.unit import Unit

STILL_NEWS = timedelta(days=7)
"""What could not be said in a lost home is said in the new one, unless it is older than this."""


def home(unit: Unit, request: Request, now: datetime) -> Reply:
    return Say(home_message(unit, request.person, now))


def home_message(unit: Unit, person: Person, now: datetime) -> Message:
    """The home of somebody, for whatever a platform shows it on."""
    mine = groups.of_person(unit.connection, person.workspace, person.id)
    mine = tuple(group for group in mine if group.state != "finished")
    _read_ahead(unit, mine, person, now)
    cards = [_card(unit, group, person, now) for group in mine]
    # An invitation waits at the top: it is the one thing that somebody else is waiting for as well.
    ordered = sorted(cards, key=lambda card: (not card.invited, card.group.id))
    taught = any(may_be_taken_alone(guide) for guide in unit.guides.all)
    learn = words.to_learn(person.t, library=bool(unit.guides.library.all), training=taught)
    return words.home(person.t, person, ordered, standings(unit, person, now), learn)


def _read_ahead(unit: Unit, mine: Sequence[Group], person: Person, now: datetime) -> None:
    """What the cards would look up one by one: what was answered, goals, checkpoints and who asks at them."""
    for workspace in sorted({group.workspace for group in mine}):
        there = {group.id: group for group in mine if group.workspace == workspace}
        open_ = ((number, _session(unit, group, person, now)) for number, group in there.items())
        asked = {(group, session, person.id) for group, session in open_ if session is not None}
        checkins.ahead(unit.connection, workspace, asked)
        checkpoints.ahead(unit.connection, workspace, {(number, person.id) for number in there})
        members.goals_ahead(unit.connection, workspace, there)
        people.ahead(unit.connection, workspace, [group.organiser for group in there.values()])


def _session(unit: Unit, group: Group, person: Person, now: datetime) -> int | None:
    """The session about which somebody can check in."""
    return open_session(unit, group, now) if group.state == "running" and group.is_in(person.id) else None


def _card(unit: Unit, group: Group, person: Person, now: datetime) -> words.Card:
    number = _session(unit, group, person, now)
    if number is not None:
        given = checkins.one(unit.connection, group.workspace, group.id, number, person.id)
        number = None if given else number
    member = group.member(person.id)
    asked, ever = waiting(unit, group, person, now)
    return words.Card(
        group=group,
        guide=guide_of(unit, group, person.t),
        session=current(group.schedule, rhythm(unit.guide_of(group)), now) if group.state == "running" else None,
        meeting=next_meeting(unit, group, now),
        waiting=number,
        goal=members.goals_of(unit.connection, group.workspace, group.id).get(person.id),
        lead=may_lead(group, person.id, now),
        invited=member is not None and member.state == "invited",
        checkpoint=asked.poll if asked is not None else "",
        asked=ever,
        figures=sees_results(group, person.id, now),
    )


def manage(unit: Unit, request: Request, now: datetime) -> Reply:
    group = the_group(unit, request, now, lead=True)
    card = replace(_card(unit, group, request.person, now), polls=open_of(unit, group, now))
    missed = days_off(group.schedule, rhythm(card.guide).numbers)
    newest = unit.guides.get(group.guide).version if group.guide in unit.guides.ids else 0
    return Say(words.manage(request.t, card, missed, now, newer=newest > card.guide.version))


def leave(unit: Unit, request: Request, now: datetime) -> Reply:
    """Leave a group, with all that one has voted in what is still open there."""
    group = the_group(unit, request, now, lock=True)
    reply = membership.leave(unit, request.given(group=str(group.id)), now)
    withdraw(unit, group, request.person, now)
    return reply


# ── a home that is lost ──────────────────────────────────────────────────────────────────────────────────────────────


def home_lost(unit: Unit, workspace: int, conversation: str, reason: Loss, now: datetime) -> None:
    """Tell whoever looks after the group that lived there, once a day however often it is reported."""
    group = groups.at_home(unit.connection, workspace, conversation)
    if group is None or group.state == "finished":
        return
    person = looked_after_by(group, now)
    news = key("homeless", group.id, person, reason, quote(conversation, safe=""), group.today(now).isoformat())
    outbox.queue(unit.connection, [Due(news, group.workspace, now, group=group.id, person=person)], now)


def rehome(unit: Unit, request: Request, now: datetime) -> Reply:
    """Give up the group's conversation for a new one. Pressed twice, the second press finds it done.

    Of a group with several homes only the one that is named is given up; the others hear that it goes on.
    """
    t = request.t
    group = the_group(unit, request, now, lead=True, lock=True)
    where = request.number("home") or group.workspace
    if group.home_in(where) is None:
        return Say(words.rehomed(t, group))
    lost = outbox.undelivered(unit.connection, group.workspace, group.id)
    groups.leave_home(unit.connection, group, where)
    tell_home(unit, group, now, "rehomed", f"at{where}")
    for row in lost:
        here = row.person is None and row.workspace == where
        if row.state == "parked" and here and row.since > now - STILL_NEWS:
            # After the words that open the new home.
            outbox.again(unit.connection, row.workspace, row.key, now + timedelta(microseconds=1), None)
    ask_again(unit, group, where, now)
    return Say(words.rehomed(t, group))


def post_homeless(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    """Not needed where the group lives elsewhere by now."""
    del now
    person = recipient(unit, row, group)
    gone = [home for home in group.homes if home[1] is not None and quote(home[1], safe="") == row.args[3]]
    return words.homeless(person.t, group, row.args[2], gone[0][0]) if gone else None


def post_rehomed(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    if row.args[1].startswith("at") and row.args[1] != f"at{row.home}":
        return None
    return words.new_home(translator(home_language(unit, group)), group)
