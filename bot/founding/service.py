"""Starting a circle or a pair, and its beginning once enough have said yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.errors import Invalid
from bot.forms import Form
from bot.founding import words
from bot.founding.reading import Reading
from bot.founding.rules import Plan
from bot.groups import store as groups
from bot.groups.rights import the_group
from bot.groups.rules import LONGEST_NAME, Group, Member, first_day, reports_to, starting
from bot.groups.service import wanted_language
from bot.guides.rules import Guide
from bot.messages import OpenForm, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, key
from bot.people import store as people
from bot.people.rules import Request
from bot.schedule.reading import read_date, read_time, read_weekday
from bot.schedule.rules import Meeting, meetings, wall
from bot.unit import Unit

LOOK_BACK = timedelta(days=6)
"""A group that is complete at the last minute still gets the first preparation and prompt, which lie some days back."""

# ── forms and plans ──────────────────────────────────────────────────────────────────────────────────────────────────


def create_form(unit: Unit, request: Request, now: datetime) -> Form:
    values = {**request.values, **_slot_values(request), **_start_value(request, now), **_spoken(request)}
    if request.via == "command" and request.has("people") and request.person.external not in request.people("people"):
        values["join"] = "no"
    return words.create_form(request.t, unit.guides, values, request.person.zone, _next_week(request, now))


def pair_form(unit: Unit, request: Request, now: datetime) -> Form:
    values = {**request.values, **_slot_values(request), **_start_value(request, now), **_pair_values(request)}
    values |= _spoken(request)
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


def _spoken(request: Request) -> dict[str, str]:
    """``--language de --formal`` as the one field of the form."""
    found = wanted_language(request, request.t.language)
    return {"spoken": found} if found else {}


def _pair_values(request: Request) -> dict[str, tuple[str, ...]]:
    """``@mentor @mentee`` as the two fields of the form."""
    named = request.people("people")
    return {role: (person,) for role, person in zip(("mentor", "mentee"), named, strict=False)}


# ── create and pair ──────────────────────────────────────────────────────────────────────────────────────────────────


def create(unit: Unit, request: Request, now: datetime) -> Reply:
    t, read = request.t, Reading(unit, request, now)
    guide, zone = read.guide("circle"), read.zone()
    slot = read.slot(guide)
    start, name, territory = read.start(zone, slot), read.name(""), read.territory(zone)
    language = read.language()
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
    plan = Plan(name, guide, tuple(p.id for p in invited), slot, zone, start, facilitator.id, territory, language)
    return _found(unit, request, plan, now)


def pair(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    if request.has("people") and len(request.people("people")) != 2:
        raise Invalid({"people": t("A pair is two people: first the mentor, then the mentee.")})
    request = request.given(**_pair_values(request))
    read = Reading(unit, request, now)
    guide, zone = read.guide("pair"), read.zone()
    slot = read.slot(guide)
    start, territory, language = read.start(zone, slot), read.territory(zone), read.language()
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
    pair = (mentor.id, mentee.id)
    return _found(unit, request, Plan(name, guide, pair, slot, zone, start, None, territory, language), now)


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
            kind="pair" if plan.guide.kind == "pair" else "circle",
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
            editions=((plan.guide.first, plan.guide.digest),) if plan.guide.digest else (),
            language=plan.language,
        ),
        now,
    )
    unit.keep_text(plan.guide, now)
    for member in group.waiting:
        send_invitation(unit, group, member, 1, now)
    group = begin_when_complete(unit, group, now)
    who = people.by_id(unit.connection, group.workspace, (member.person for member in group.members))
    invited = [who[member.person] for member in group.waiting]
    outside = group.member(founder.id) is None
    return Say(words.founded(request.t, group, plan.guide, invited, first_meeting(group, plan.guide), outside=outside))


def first_meeting(group: Group, guide: Guide) -> Meeting | None:
    found = meetings(group.schedule, range(guide.first, guide.first + 1))
    return found[0] if found else None


def send_invitation(unit: Unit, group: Group, member: Member, time_: int, now: datetime) -> None:
    due = Due(key("invite", group.id, member.person, time_), group.workspace, now, group=group.id, person=member.person)
    outbox.queue(unit.connection, [due], now)


def begin_when_complete(unit: Unit, group: Group, now: datetime) -> Group:
    """The group runs as soon as enough have said yes; until then it is looked at again when it was to begin."""
    guide = unit.guide_of(group)
    if group.state == "forming" and len(group.present) >= guide.starts_with:
        schedule = starting(group.schedule, first_day(group.schedule, now))
        groups.begin(unit.connection, group, schedule, now - LOOK_BACK)
        groups.wake_at(unit.connection, group, now)
        opening = Due(key("opening", group.id), group.workspace, now, group=group.id)
        outbox.queue(unit.connection, [opening], now)
        begun = groups.load(unit.connection, group.workspace, group.id)
        outbox.queue(unit.connection, _getting_ready(unit, begun, first_meeting(begun, guide), now), now)
        return begun
    if group.state == "forming":
        first = first_meeting(group, guide)
        groups.wake_at(unit.connection, group, first.starts if first and first.starts > now else None)
    return group


def _getting_ready(unit: Unit, group: Group, first: Meeting | None, now: datetime) -> list[Due]:
    """To each whose role has a preparation of its own, before the first meeting."""
    roles = ((member.person, unit.guides.preparation(group.guide, member.role)) for member in group.present)
    return [
        Due(key("getready", group.id, person), group.workspace, now, first.starts, group=group.id, person=person)
        for person, preparation in roles
        if preparation is not None and first is not None
    ]


def again(unit: Unit, request: Request, now: datetime) -> Reply:
    """The same people once more: a form with everything filled in, so that each is asked anew."""
    group = the_group(unit, request, now)
    who = people.by_id(unit.connection, group.workspace, (member.person for member in group.present))
    # People of another workspace have to ask once more: nobody can be named where they are not known.
    here = [member for member in group.present if who[member.person].workspace == request.person.workspace]
    slot = group.schedule.slot
    values: dict[str, str | tuple[str, ...]] = {
        "name": group.name,
        "people": tuple(who[member.person].external for member in here if member.person != request.person.id),
        "guide": group.guide,
        "weekday": str(slot.weekday),
        "time": f"{slot.at:%H:%M}",
        "nth": "" if slot.nth is None else str(slot.nth),
        "zone": group.schedule.zone,
        "spoken": group.language,
    }
    if group.kind == "circle":
        return OpenForm(create_form(unit, replace(request, values=values), now))
    for member in here:
        values[member.role] = (who[member.person].external,)
    del values["people"]
    return OpenForm(pair_form(unit, replace(request, values=values), now))
