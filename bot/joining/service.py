"""Somebody in another workspace of the organisation asks to join; whoever looks after the circle lets them in.

What they may ask about, and what is neither theirs to see nor there at all, get the same answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.errors import Refused
from bot.founding import inviting
from bot.founding import service as founding
from bot.groups import members
from bot.groups import store as groups
from bot.groups.posts import recipient
from bot.groups.rights import the_group
from bot.groups.rules import Group, Member, looked_after_by, may_lead
from bot.groups.service import announce, placed, tell
from bot.inbound import Place
from bot.joining import words
from bot.messages import Message, Replace, Reply, Say
from bot.outbox.rules import Row
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.unit import Unit


def join(unit: Unit, request: Request, now: datetime) -> Reply:
    """An organiser takes part after all; or somebody from another workspace asks to join."""
    me = request.person
    group = _named(unit, request)
    if group is None or group.organiser == me.id or group.is_in(me.id):
        return inviting.join(unit, request, now)
    member = group.member(me.id)
    if group.workspace == me.workspace or group.kind == "pair" or group.state == "finished":
        raise Refused(_unknown(request))
    invited = members.invitations(unit.connection, group, me.id) > 0
    if member is not None and member.state == "invited":
        return inviting.accept(unit, request, now)
    if member is not None and member.state == "declined" and not invited:
        raise Refused(request.t("This circle takes in nobody else for now. Talk to whoever told you about it."))
    if member is None or member.state != "asking":
        wanted = Member(me.id, "participant", "asking", elsewhere=me.workspace)
        members.keep(unit.connection, group.workspace, group.id, wanted, now)
        _live_here(unit, request.place, group, me)
        tell(unit, group, looked_after_by(group, now), now, "asks", me.id)
    return Say(words.asked(request.t))


def _named(unit: Unit, request: Request) -> Group | None:
    """The group that is named; None where none is, and the only one there is may be meant."""
    if not request.has("group"):
        return None
    try:
        return groups.load(unit.connection, request.person.workspace, request.number("group") or 0, lock=True)
    except KeyError:
        raise Refused(_unknown(request)) from None


def _unknown(request: Request) -> str:
    return request.t("I know no circle with that number that you could join. Ask whoever told you about it once more.")


def _live_here(unit: Unit, place: Place, group: Group, person: Person) -> None:
    """Asked in a conversation of several, that becomes the circle's home there, unless it is another's."""
    if place.kind == "group" and groups.at_home(unit.connection, person.workspace, place.conversation) is None:
        groups.settle_home(unit.connection, person.workspace, group.id, place.conversation)


def letin(unit: Unit, request: Request, now: datetime) -> Reply:
    group, member = _asking(unit, request, now)
    if member.state != "in":
        guide = unit.guide_of(group)
        if len(group.present) + len(group.waiting) >= guide.at_most:
            said = request.t("{group} is full: its guide is for at most {n} people.")
            raise Refused(said.format(group=group.name, n=guide.at_most))
        was_running = group.state == "running"
        members.keep(unit.connection, group.workspace, group.id, replace(member, state="in"), now)
        group = groups.load(unit.connection, group.workspace, group.id)
        group = founding.begin_when_complete(unit, group, now)
        if was_running:
            announce(unit, group, now, "joined", member.person)
        tell(unit, group, member.person, now, "letin")
    return Replace(words.let_in(request.t, group, _person(unit, group, member.person, request.person.workspace)))


def notnow(unit: Unit, request: Request, now: datetime) -> Reply:
    group, member = _asking(unit, request, now)
    person = _person(unit, group, member.person, request.person.workspace)
    if member.state == "in":
        return Replace(words.let_in(request.t, group, person))
    if member.state == "asking":
        members.keep(unit.connection, group.workspace, group.id, replace(member, state="declined"), now)
        if not any(other.elsewhere == member.elsewhere for other in group.present):
            groups.leave_home(unit.connection, group, group.workspace_of(member.person))
        tell(unit, group, member.person, now, "notnow")
    return Replace(words.not_now(request.t, group, person))


def _asking(unit: Unit, request: Request, now: datetime) -> tuple[Group, Member]:
    """Somebody who asked by their own deed: asking still, let in, or not. Raises Refused for everybody else."""
    group = the_group(unit, request, now, lead=True, lock=True)
    member = group.member(request.number("who") or 0)
    if member is None or member.elsewhere is None or group.state == "finished":
        raise Refused(request.t("Nobody asks to join any more."))
    asked = members.invitations(unit.connection, group, member.person) == 0 or member.state == "asking"
    if not asked or member.state not in ("asking", "in", "declined"):
        raise Refused(request.t("Nobody asks to join any more."))
    return group, member


def _person(unit: Unit, group: Group, person: int, viewer: int) -> Person:
    """Somebody, as they are named in the viewer's workspace."""
    who = people.by_id(unit.connection, group.workspace, [person])
    return placed(unit, who, viewer)[person]


# ── posts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def post_asks(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    """Not needed where they have an answer already, or somebody else looks after the circle by now."""
    leader = recipient(unit, row, group)
    member = group.member(int(row.args[2]))
    if member is None or not may_lead(group, leader.id, now):
        return None
    person = _person(unit, group, member.person, leader.workspace)
    if member.state == "asking":
        return words.asks(leader.t, group, person)
    return words.let_in(leader.t, group, person) if row.receipt and member.state == "in" else None


def post_letin(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person = recipient(unit, row, group)
    return inviting.welcome(unit, group, person) if group.is_in(person.id) else None


def post_notnow(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person = recipient(unit, row, group)
    member = group.member(person.id)
    return words.refused(person.t) if member is not None and member.state == "declined" else None
