"""Starting a circle or a pair, inviting, answering. Nobody is in a group by somebody else's click."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.errors import Invalid, Refused
from bot.founding import words
from bot.founding.reading import Reading
from bot.founding.rules import Plan
from bot.groups import store as groups
from bot.groups.rules import LONGEST_NAME, Group, Member, acting_facilitator, first_day, may_lead, reports_to, starting
from bot.groups.service import announce, answer, group_for_form, home_language, tell, the_group
from bot.guides.rules import Guide
from bot.i18n import translator
from bot.messages import Form, Message, OpenForm, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Row, key
from bot.people import store as people
from bot.people.rules import Request
from bot.schedule.reading import read_date, read_time, read_weekday
from bot.schedule.rules import Meeting, meetings, wall
from bot.unit import Unit

LOOK_BACK = timedelta(days=6)
"""A group that is complete at the last minute still gets the first preparation and prompt, which lie some days back."""

# ── forms and plans ──────────────────────────────────────────────────────────────────────────────────────────────────


def create_form(unit: Unit, request: Request, now: datetime) -> Form:
    values = {**request.values, **_slot_values(request), **_start_value(request, now)}
    if request.via == "command" and request.has("people") and request.person.external not in request.people("people"):
        values["join"] = "no"
    return words.create_form(request.t, unit.guides, values, request.person.zone, _next_week(request, now))


def pair_form(unit: Unit, request: Request, now: datetime) -> Form:
    values = {**request.values, **_slot_values(request), **_start_value(request, now), **_pair_values(request)}
    return words.pair_form(request.t, unit.guides, values, request.person.zone, _next_week(request, now))


def _next_week(request: Request, now: datetime) -> date:
    today = wall(now, request.person.zone).date()
    return today + timedelta(days=7 - today.weekday())


def _slot_values(request: Request) -> dict[str, str]:
    """``--on mon 10:00`` as the two fields of the form, as far as it can be read."""
    day, _, at = request.text("on").partition(" ")
    weekday, when = read_weekday(day), read_time(at)
    values = {"weekday": str(weekday)} if weekday is not None else {}
    return values | ({"time": f"{when:%H:%M}"} if when is not None else {})


def _start_value(request: Request, now: datetime) -> dict[str, str]:
    """``--start 7.12.2026`` as the form's date, if it can be read."""
    found = read_date(request.text("start"), wall(now, request.person.zone).date())
    return {"start": found.isoformat()} if found else {}


def _pair_values(request: Request) -> dict[str, tuple[str, ...]]:
    """``@mentor @mentee`` as the two fields of the form."""
    named = request.people("people")
    return {role: (person,) for role, person in zip(("mentor", "mentee"), named, strict=False)}


# ── create and pair ──────────────────────────────────────────────────────────────────────────────────────────────────


def create(unit: Unit, request: Request, now: datetime) -> Reply:
    t, read = request.t, Reading(unit, request, now)
    guide, slot, zone = read.guide("circle"), read.slot(), read.zone()
    start, name, territory = read.start(zone, slot), read.name(""), read.territory(zone)
    invited, chosen = read.people("people"), read.people("facilitator")
    if request.text("join") == "yes":
        invited = tuple(dict.fromkeys((request.person, *invited)))
    if len(chosen) > 1:
        read.problems["facilitator"] = t("A circle has one facilitator.")
    elif chosen and chosen[0] not in invited:
        invited = (*invited, chosen[0])
    if guide is not None and "people" not in read.problems:
        if len(invited) > guide.at_most:
            said = t("This guide is for at most {n} people, and these are {count}.")
            read.problems["people"] = said.format(n=guide.at_most, count=len(invited))
        elif len(set(invited) | {request.person}) < guide.starts_with:
            said = t("A circle takes at least {n} people. Name them like @ana @ben.")
            read.problems["people"] = said.format(n=guide.starts_with)
    read.done()
    assert guide is not None
    assert slot is not None
    facilitator = chosen[0] if chosen else request.person if request.person in invited else invited[0]
    plan = Plan(name, guide, tuple(p.id for p in invited), slot, zone, start, facilitator.id, territory)
    return _found(unit, request, plan, now)


def pair(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    if request.has("people") and len(request.people("people")) != 2:
        raise Invalid({"people": t("A pair is two people: first the mentor, then the mentee.")})
    request = request.given(**_pair_values(request))
    read = Reading(unit, request, now)
    guide, slot, zone = read.guide("pair"), read.slot(), read.zone()
    start, territory = read.start(zone, slot), read.territory(zone)
    mentors, mentees = read.people("mentor"), read.people("mentee")
    for field, found in (("mentor", mentors), ("mentee", mentees)):
        if len(found) != 1 and field not in read.problems:
            read.problems[field] = t("Name one person.")
    read.done()
    assert guide is not None
    assert slot is not None
    mentor, mentee = mentors[0], mentees[0]
    if mentor == mentee:
        raise Invalid({"mentee": t("Mentor and mentee are two different people.")})
    line = people.managers(unit.connection, request.person.workspace)
    if reports_to(mentor.id, mentee.id, line) or reports_to(mentee.id, mentor.id, line):
        said = t(
            "{mentor} and {mentee} are in one reporting line. A pair works outside it, so that both can speak freely."
        )
        raise Invalid({"mentee": said.format(mentor=mentor.name, mentee=mentee.name)})
    name = f"{mentor.name} & {mentee.name}"[:LONGEST_NAME]
    return _found(unit, request, Plan(name, guide, (mentor.id, mentee.id), slot, zone, start, None, territory), now)


def _found(unit: Unit, request: Request, plan: Plan, now: datetime) -> Reply:
    founder = request.person
    here = request.place.conversation if request.place.kind == "group" else None
    if here is not None and groups.at_home(unit.connection, founder.workspace, here) is not None:
        here = None
    group = groups.create(
        unit.connection,
        Group(
            id=0,
            workspace=founder.workspace,
            kind=plan.guide.kind,
            name=plan.name,
            guide=plan.guide.id,
            state="forming",
            organiser=founder.id,
            facilitator=plan.facilitator,
            standin=None,
            standin_until=None,
            schedule=plan.schedule,
            conversation=here,
            planned_through=now,
            members=plan.members(founder.id),
        ),
        now,
    )
    for member in group.waiting:
        _invite(unit, group, member, 1, now)
    group = _begin_when_complete(unit, group, now)
    who = people.by_id(unit.connection, group.workspace, (member.person for member in group.members))
    invited = [who[member.person] for member in group.waiting]
    outside = group.member(founder.id) is None
    return Say(words.founded(request.t, group, plan.guide, invited, _first(group, plan.guide), outside=outside))


def _first(group: Group, guide: Guide) -> Meeting | None:
    found = meetings(group.schedule, range(guide.first, guide.first + 1))
    return found[0] if found else None


def _invite(unit: Unit, group: Group, member: Member, time_: int, now: datetime) -> None:
    due = Due(key("invite", group.id, member.person, time_), group.workspace, now, group=group.id, person=member.person)
    outbox.queue(unit.connection, [due], now)


def _begin_when_complete(unit: Unit, group: Group, now: datetime) -> Group:
    """The group runs as soon as enough have said yes; until then it is looked at again when it was to begin."""
    guide = unit.guides.get(group.guide)
    if group.state == "forming" and len(group.present) >= guide.starts_with:
        schedule = starting(group.schedule, first_day(group.schedule, now))
        groups.begin(unit.connection, group, schedule, now - LOOK_BACK)
        groups.wake_at(unit.connection, group, now)
        opening = Due(key("opening", group.id), group.workspace, now, group=group.id)
        outbox.queue(unit.connection, [opening], now)
        return groups.load(unit.connection, group.workspace, group.id)
    if group.state == "forming":
        first = _first(group, guide)
        groups.wake_at(unit.connection, group, first.starts if first and first.starts > now else None)
    return group


def again(unit: Unit, request: Request, now: datetime) -> Reply:
    """The same people once more: a form with everything filled in, so that each is asked anew."""
    group = the_group(unit, request, now)
    who = people.by_id(unit.connection, group.workspace, (member.person for member in group.present))
    slot = group.schedule.slot
    values: dict[str, str | tuple[str, ...]] = {
        "name": group.name,
        "people": tuple(who[member.person].external for member in group.present if member.person != request.person.id),
        "guide": group.guide,
        "weekday": str(slot.weekday),
        "time": f"{slot.at:%H:%M}",
        "zone": group.schedule.zone,
    }
    if group.kind == "circle":
        return OpenForm(create_form(unit, replace(request, values=values), now))
    for member in group.present:
        values[member.role] = (who[member.person].external,)
    del values["people"]
    return OpenForm(pair_form(unit, replace(request, values=values), now))


# ── inviting and answering ───────────────────────────────────────────────────────────────────────────────────────────


def invite_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now, lead=True)
    return words.invite_form(request.t, group, choice)


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
    guide = unit.guides.get(group.guide)
    waiting = {member.person for member in group.waiting}
    size = len(group.present) + len(waiting | {person.id for person in new})
    if size > guide.at_most:
        said = t("{group} would have {size} people; this guide is for at most {most}.")
        raise Invalid({"people": said.format(group=group.name, size=size, most=guide.at_most)})
    for person in new:
        member = Member(person.id, "participant", "invited")
        times = groups.keep_member(unit.connection, group.workspace, group.id, member, now)
        _invite(unit, group, member, times, now)
    return Say(words.invited_more(t, group, new))


def accept(unit: Unit, request: Request, now: datetime) -> Reply:
    t, person = request.t, request.person
    group, member = _invited(unit, request)
    guide = unit.guides.get(group.guide, person.language)
    if group.state == "finished":
        raise Refused(t("{group} has come to its end meanwhile.").format(group=group.name))
    if member.state != "in":
        if len(group.present) >= guide.at_most:
            raise Refused(t("{group} is full meanwhile.").format(group=group.name))
        was_running = group.state == "running"
        joined = replace(member, state="in")
        groups.keep_member(unit.connection, group.workspace, group.id, joined, now)
        group = groups.load(unit.connection, group.workspace, group.id)
        group = _begin_when_complete(unit, group, now)
        if was_running:
            announce(unit, group, now, "joined", person.id)
        _refresh_invitations(unit, request, group, now)
    welcome = words.accepted(t, group, guide, _first(group, guide))
    return answer(unit, request, welcome, _invitations(unit, request, group))


def join(unit: Unit, request: Request, now: datetime) -> Reply:
    """An organiser takes part after all."""
    group = the_group(unit, request, now, lock=True)
    guide = unit.guides.get(group.guide)
    if request.person.id != group.organiser or group.kind == "pair":
        raise Refused(request.t("Ask the facilitator to invite you."))
    if not group.is_in(request.person.id) and len(group.present) + len(group.waiting) >= guide.at_most:
        raise Refused(request.t("{group} is full meanwhile.").format(group=group.name))
    if group.member(request.person.id) is None:
        member = Member(request.person.id, "participant", "invited")
        groups.keep_member(unit.connection, group.workspace, group.id, member, now)
    return accept(unit, request.given(group=str(group.id)), now)


def decline(unit: Unit, request: Request, now: datetime) -> Reply:
    group, member = _invited(unit, request)
    if member.state == "in":
        raise Refused(
            request.t("You are in {group} already. You can leave it with one click.").format(group=group.name)
        )
    if member.state == "invited":
        gone = replace(member, state="declined")
        groups.keep_member(unit.connection, group.workspace, group.id, gone, now)
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
    if group is None or member is None or member.state == "left":
        raise Refused(request.t("This invitation is not for you, or is no longer open."))
    return group, member


def _refresh_invitations(unit: Unit, request: Request, group: Group, now: datetime) -> None:
    """Answered elsewhere: the invitation that stands shows the answer too."""
    for posted in _invitations(unit, request, group):
        outbox.refresh(unit.connection, group.workspace, posted, now, unless=request.place.message)


def _invitations(unit: Unit, request: Request, group: Group) -> tuple[str, ...]:
    """The keys of all invitations that this person got to the group."""
    times = groups.invitations(unit.connection, group, request.person.id)
    return tuple(key("invite", group.id, request.person.id, n) for n in range(1, times + 1))


# ── posts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def post_invite(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    me = group.member(int(row.args[1]))
    if me is None or group.state == "finished":
        return None
    who = people.by_id(
        unit.connection, group.workspace, {member.person for member in group.members} | {group.organiser}
    )
    person = who[me.person]
    guide = unit.guides.get(group.guide, person.language)
    first = _first(group, guide)
    match me.state:
        case "in":
            return words.accepted(person.t, group, guide, first)
        case "declined" | "left":
            return words.declined(person.t, group)
        case "invited":
            asked = (m for m in group.members if m.person != me.person and m.state in ("in", "invited"))
            others = tuple(who[member.person] for member in asked if member.person != group.organiser)
            return words.invitation(person.t, group, guide, me, who[group.organiser], others, first)


def post_declined(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    who = people.by_id(unit.connection, group.workspace, (int(row.args[1]), int(row.args[2])))
    organiser = who[int(row.args[1])]
    return words.somebody_declined(organiser.t, group, who[int(row.args[2])], unit.guides.get(group.guide))


def post_waiting(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person = people.one(unit.connection, group.workspace, int(row.args[1]))
    still = group.state == "forming" and (group.is_in(person.id) or may_lead(group, person.id, group.planned_through))
    return words.waiting(person.t, group, unit.guides.get(group.guide)) if still else None


def post_opening(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del row
    who = people.by_id(unit.connection, group.workspace, (member.person for member in group.members))
    t = translator(home_language(unit, group))
    guide = unit.guides.get(group.guide, t.language)
    leader = acting_facilitator(group, now)
    return words.opening(t, group, guide, who, who[leader] if leader else None, _first(group, guide))
