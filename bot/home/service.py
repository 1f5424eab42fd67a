"""What a person sees of all their groups at once. Reads only."""

from __future__ import annotations

from datetime import datetime

from bot.checkins import store as checkins
from bot.checkins.service import open_session
from bot.groups import store as groups
from bot.groups.rules import Group, may_lead, rhythm
from bot.groups.service import the_group
from bot.home import words
from bot.meetings.service import guide_of, next_meeting
from bot.messages import Message, Reply, Say
from bot.people.rules import Person, Request
from bot.schedule.rules import current, days_off
from bot.unit import Unit


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
