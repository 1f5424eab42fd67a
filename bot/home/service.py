"""What a person sees of all their groups at once, and what to do when a group's conversation is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

from bot.checkins import store as checkins
from bot.checkins.service import open_session
from bot.groups import store as groups
from bot.groups.rules import Group, looked_after_by, may_lead, rhythm
from bot.groups.service import home_language, tell_home, the_group
from bot.home import words
from bot.i18n import translator
from bot.inbound import Loss
from bot.meetings.service import guide_of, next_meeting
from bot.messages import Message, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Row, key
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.schedule.rules import current, days_off
from bot.unit import Unit

STILL_NEWS = timedelta(days=7)
"""What could not be said in a lost home is said in the new one, unless it is older than this."""


def home(unit: Unit, request: Request, now: datetime) -> Reply:
    return Say(home_message(unit, request.person, now))


def home_message(unit: Unit, person: Person, now: datetime) -> Message:
    """The home of somebody, for whatever a platform shows it on."""
    mine = groups.of_person(unit.connection, person.workspace, person.id)
    cards = [_card(unit, group, person, now) for group in mine if group.state != "finished"]
    # An invitation waits at the top: it is the one thing that somebody else is waiting for as well.
    return words.home(person.t, person, sorted(cards, key=lambda card: (not card.invited, card.group.id)))


def _card(unit: Unit, group: Group, person: Person, now: datetime) -> words.Card:
    number = open_session(unit, group, now) if group.state == "running" and group.is_in(person.id) else None
    if number is not None:
        given = checkins.one(unit.connection, group.workspace, group.id, number, person.id)
        number = None if given else number
    member = group.member(person.id)
    return words.Card(
        group=group,
        guide=guide_of(unit, group, person.t),
        session=current(group.schedule, rhythm(unit.guides.get(group.guide)), now)
        if group.state == "running"
        else None,
        meeting=next_meeting(unit, group, now),
        waiting=number,
        goal=groups.goals_of(unit.connection, group.workspace, group.id).get(person.id),
        lead=may_lead(group, person.id, now),
        invited=member is not None and member.state == "invited",
    )


def manage(unit: Unit, request: Request, now: datetime) -> Reply:
    group = the_group(unit, request, now, lead=True)
    card = _card(unit, group, request.person, now)
    missed = days_off(group.schedule, rhythm(card.guide).numbers)
    return Say(words.manage(request.t, card, missed, now))


# ── a home that is lost ──────────────────────────────────────────────────────────────────────────────────────────────


def home_lost(unit: Unit, workspace: int, conversation: str, reason: Loss, now: datetime) -> None:
    """Tell whoever looks after the group that lived there, once a day however often it is reported."""
    group = groups.at_home(unit.connection, workspace, conversation)
    if group is None or group.state == "finished":
        return
    person = looked_after_by(group, now)
    news = key("homeless", group.id, person, reason, quote(conversation, safe=""), group.today(now).isoformat())
    outbox.queue(unit.connection, [Due(news, workspace, now, group=group.id, person=person)], now)


def rehome(unit: Unit, request: Request, now: datetime) -> Reply:
    """Give up the group's conversation for a new one. Pressed twice, the second press finds it done."""
    t = request.t
    group = the_group(unit, request, now, lead=True, lock=True)
    if group.conversation is None:
        return Say(words.rehomed(t, group))
    lost = outbox.undelivered(unit.connection, group.workspace, group.id)
    groups.leave_home(unit.connection, group)
    tell_home(unit, group, now, "rehomed")
    for row in lost:
        if row.state == "parked" and row.person is None and row.since > now - STILL_NEWS:
            # After the words that open the new home.
            outbox.again(unit.connection, row.workspace, row.key, now + timedelta(microseconds=1), None)
    return Say(words.rehomed(t, group))


def post_homeless(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    """Not needed where the group lives elsewhere by now."""
    del now
    person = people.one(unit.connection, group.workspace, row.person or 0)
    if group.conversation is None or quote(group.conversation, safe="") != row.args[3]:
        return None
    return words.homeless(person.t, group, row.args[2])


def post_rehomed(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del row, now
    return words.new_home(translator(home_language(unit, group)), group)
