"""Inviting to a group, and answering. Nobody is in a group by somebody else's click."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.errors import Invalid, Refused
from bot.forms import Form
from bot.founding import words
from bot.founding.reading import Reading
from bot.founding.service import begin_when_complete, first_meeting, send_invitation
from bot.groups import members
from bot.groups import store as groups
from bot.groups.rights import group_for_form, the_group
from bot.groups.rules import Group, Member
from bot.groups.service import announce, answer, tell
from bot.messages import Message, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import key
from bot.people import store as people
from bot.people.rules import Person, Request, labels
from bot.unit import Unit


def invite_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now, lead=True)
    others = labels(people.linked_with(unit.connection, request.person.workspace)).values()
    return words.invite_form(request.t, group, choice, tuple(others))


def invite(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    group = the_group(unit, request, now, lead=True, lock=True)
    if group.kind == "pair":
        raise Refused(t("A pair stays two. Start another pair with /circle pair."))
    if group.state == "finished":
        raise Refused(t("{group} has come to its end.").format(group=group.name))
    read = Reading(unit, request, now)
    named = read.people("people")
    read.done()
    new = [person for person in named if not group.is_in(person.id)]
    if not new:
        raise Invalid(
            {
                "people": t("They are in {group} already.").format(group=group.name)
                if named
                else t("Name somebody, like @ana.")
            }
        )
    guide = unit.guide_of(group)
    waiting = {member.person for member in group.waiting}
    size = len(group.present) + len(waiting | {person.id for person in new})
    if size > guide.at_most:
        said = t("{group} would have {size} people; this guide is for at most {most}.")
        raise Invalid({"people": said.format(group=group.name, size=size, most=guide.at_most)})
    for person in new:
        member = Member(person.id, "participant", "invited", elsewhere=_elsewhere(group, person))
        times = members.keep(unit.connection, group.workspace, group.id, member, now)
        send_invitation(unit, group, member, times, now)
    return Say(words.invited_more(t, group, new))


def _elsewhere(group: Group, person: Person) -> int | None:
    return None if person.workspace == group.workspace else person.workspace


def accept(unit: Unit, request: Request, now: datetime) -> Reply:
    t, person = request.t, request.person
    group, member = _invited(unit, request)
    guide = unit.guide_of(group, person.language)
    if group.state == "finished":
        raise Refused(t("{group} has come to its end meanwhile.").format(group=group.name))
    if member.state != "in":
        if len(group.present) >= guide.at_most:
            raise Refused(t("{group} is full meanwhile.").format(group=group.name))
        was_running = group.state == "running"
        joined = replace(member, state="in")
        members.keep(unit.connection, group.workspace, group.id, joined, now)
        group = groups.load(unit.connection, group.workspace, group.id)
        group = begin_when_complete(unit, group, now)
        if was_running:
            announce(unit, group, now, "joined", person.id)
        _refresh_invitations(unit, request, group, now)
    return answer(unit, request, welcome(unit, group, person), _invitations(unit, request, group))


def welcome(unit: Unit, group: Group, person: Person) -> Message:
    """To somebody who is in from now on."""
    guide = unit.guide_of(group, person.language)
    return words.accepted(person.t, group, guide, first_meeting(group, guide))


def join(unit: Unit, request: Request, now: datetime) -> Reply:
    """An organiser takes part after all."""
    group = the_group(unit, request, now, lock=True)
    guide = unit.guide_of(group)
    if request.person.id != group.organiser or group.kind == "pair":
        raise Refused(request.t("Ask the facilitator to invite you."))
    if not group.is_in(request.person.id) and len(group.present) + len(group.waiting) >= guide.at_most:
        raise Refused(request.t("{group} is full meanwhile.").format(group=group.name))
    if group.member(request.person.id) is None:
        member = Member(request.person.id, "participant", "invited")
        members.keep(unit.connection, group.workspace, group.id, member, now)
    return accept(unit, request.given(group=str(group.id)), now)


def decline(unit: Unit, request: Request, now: datetime) -> Reply:
    group, member = _invited(unit, request)
    if member.state == "in":
        raise Refused(
            request.t("You are in {group} already. You can leave it with one click.").format(group=group.name)
        )
    if member.state == "invited":
        gone = replace(member, state="declined")
        members.keep(unit.connection, group.workspace, group.id, gone, now)
        if group.facilitator == request.person.id:
            groups.keep_facilitator(unit.connection, group, None)
        tell(unit, group, group.organiser, now, "declined", request.person.id)
        _refresh_invitations(unit, request, group, now)
    return answer(unit, request, words.declined(request.t, group), _invitations(unit, request, group))


def _invited(unit: Unit, request: Request) -> tuple[Group, Member]:
    """The group that this person was invited to. For everybody else it does not exist."""
    try:
        group = groups.load(unit.connection, request.person.workspace, request.number("group") or 0, lock=True)
    except KeyError:
        group = None
    member = group.member(request.person.id) if group else None
    # Who asked to join by themselves was not invited: whoever looks after the group answers them.
    invited = group is not None and members.invitations(unit.connection, group, request.person.id) > 0
    known = member is not None and (member.state == "in" or (invited and member.state != "asking"))
    if group is None or member is None or not known or member.state == "left":
        raise Refused(request.t("This invitation is not for you, or is no longer open."))
    return group, member


def _refresh_invitations(unit: Unit, request: Request, group: Group, now: datetime) -> None:
    """Answered elsewhere: the invitation that stands shows the answer too."""
    for posted in _invitations(unit, request, group):
        outbox.refresh(unit.connection, group.workspace, posted, now, unless=request.place.message)


def _invitations(unit: Unit, request: Request, group: Group) -> tuple[str, ...]:
    """The keys of all invitations that this person got to the group."""
    times = members.invitations(unit.connection, group, request.person.id)
    return tuple(key("invite", group.id, request.person.id, n) for n in range(1, times + 1))
