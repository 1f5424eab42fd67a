"""Circle mentors: asked first, free to stop, and shown counts only. Their rights are decided here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.checkins import store as checkins
from bot.errors import Invalid, Refused
from bot.forms import Form
from bot.groups import store as groups
from bot.groups.rights import group_for_form, the_group
from bot.groups.rules import Group, acting_facilitator, reports_to, rhythm
from bot.groups.service import announce, answer, tell
from bot.guides.further import articles
from bot.guides.library import Article
from bot.meetings.rules import begun
from bot.meetings.service import next_meeting
from bot.messages import Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Row, key
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.schedule.rules import HINT_STALE, Moment
from bot.supporting import store, words
from bot.supporting.rules import MOST_MENTORS, Standing, Support
from bot.unit import Unit

# ── asking, by whoever looks after the circle ────────────────────────────────────────────────────────────────────────


def mentor_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now, lead=True)
    return words.mentor_form(request.t, group, choice)


def mentor(unit: Unit, request: Request, now: datetime) -> Reply:
    """Ask somebody to support the circle. Nothing is shown to them before their yes."""
    t = request.t
    group = _led(unit, request, now)
    person = _named(unit, request, group)
    there = store.of_group(unit.connection, group.workspace, group.id)
    known = store.one(unit.connection, group.workspace, group.id, person.id)
    if known is not None and known.state == "supports":
        raise Refused(t("{name} supports {group} already.").format(name=person.name, group=group.name))
    if known is not None and known.state == "asked":
        return Say(words.asked(t, group, person))
    if len(there) >= MOST_MENTORS:
        raise Refused(t("A circle has at most {n} circle mentors.").format(n=MOST_MENTORS))
    times = known.times + 1 if known is not None else 1
    support = Support(group.id, group.workspace, person.id, "asked", request.person.id, times)
    store.keep(unit.connection, support, now)
    outbox.queue(unit.connection, [_due("mentor", support, now)], now)
    return Say(words.asked(t, group, person))


def _led(unit: Unit, request: Request, now: datetime) -> Group:
    """The circle, for whoever may lead it."""
    group = the_group(unit, request, now, lead=True, lock=True)
    if group.kind == "pair":
        raise Refused(request.t("A pair is two people: a count would say who. Ask somebody you trust yourselves."))
    if group.state == "finished":
        raise Refused(request.t("{group} has come to its end.").format(group=group.name))
    return group


def _named(unit: Unit, request: Request, group: Group) -> Person:
    """Whom to ask: somebody outside the circle who is no one's boss there, so that everybody can speak freely."""
    t, asked = request.t, request.people("person")
    person = people.find(unit.connection, request.person.workspace, asked[0]) if len(asked) == 1 else None
    if person is None or not person.active:
        raise Invalid({"person": t("Name one person, like @ana.")})
    if group.is_in(person.id):
        said = t("{name} is in {group}. A circle mentor stands outside it.")
        raise Invalid({"person": said.format(name=person.name, group=group.name)})
    line = people.managers(unit.connection, person.workspace)
    if any(reports_to(member.person, person.id, line) for member in group.present):
        said = t("Somebody in {group} reports to {name}. With a manager behind them they could not speak freely.")
        raise Invalid({"person": said.format(name=person.name, group=group.name)})
    return person


def _due(kind: str, support: Support, now: datetime) -> Due:
    made = key(kind, support.group, support.person, support.times)
    return Due(made, support.workspace, now, group=support.group, person=support.person)


def mentors(unit: Unit, request: Request, now: datetime) -> Reply:
    """Who stands behind the circle."""
    group = _led(unit, request, now)
    there = store.of_group(unit.connection, group.workspace, group.id)
    who = people.by_id(unit.connection, group.workspace, (one.person for one in there))
    those = [(who[one.person], one.state) for one in there]
    return Say(words.mentors(request.t, group, those, more=len(those) < MOST_MENTORS))


def unmentor(unit: Unit, request: Request, now: datetime) -> Reply:
    """The circle goes on without them; pressed twice, the second press finds it done."""
    group = _led(unit, request, now)
    known = store.one(unit.connection, group.workspace, group.id, request.number("who") or 0)
    if known is None:
        raise Refused(request.t("They do not support {group}.").format(group=group.name))
    person = people.one(unit.connection, group.workspace, known.person)
    if known.state in ("asked", "supports"):
        ended = replace(known, state="ended")
        store.keep(unit.connection, ended, now)
        if known.state == "supports":
            outbox.queue(unit.connection, [_due("unmentored", ended, now)], now)
            announce(unit, group, now, "backed", person.id)
        else:
            outbox.refresh(unit.connection, group.workspace, _asking(known), now)
    return Say(words.ended(request.t, group, person))


# ── answering, by the circle mentor ──────────────────────────────────────────────────────────────────────────────────


def support(unit: Unit, request: Request, now: datetime) -> Reply:
    """Yes, no, or no longer: only who was asked can say it."""
    t, person = request.t, request.person
    group, known = _theirs(unit, request, lock=True)
    said = request.text("answer")
    if said == "yes" and known.state in ("asked", "supports"):
        if group.state == "finished":
            raise Refused(t("{group} has come to its end meanwhile.").format(group=group.name))
        if group.is_in(person.id):
            raise Refused(t("You are in {group} yourself. A circle mentor stands outside it.").format(group=group.name))
        if known.state == "asked":
            store.keep(unit.connection, replace(known, state="supports"), now)
            announce(unit, group, now, "backed", person.id)
        return answer(unit, request, words.agreed(t, group), (_asking(known),))
    if said == "no" and known.state in ("asked", "declined"):
        if known.state == "asked":
            store.keep(unit.connection, replace(known, state="declined"), now)
            tell(unit, group, known.asked_by, now, "cannot", person.id)
        return answer(unit, request, words.declined(t, group), (_asking(known),))
    if said == "stop" and known.state in ("supports", "ended"):
        if known.state == "supports":
            store.keep(unit.connection, replace(known, state="ended"), now)
            announce(unit, group, now, "backed", person.id)
        return answer(unit, request, words.stopped(t, group), (_asking(known),))
    raise Refused(t("This has been answered already. A facilitator can ask you again."))


def _asking(known: Support) -> str:
    return key("mentor", known.group, known.person, known.times)


def _theirs(unit: Unit, request: Request, *, lock: bool = False) -> tuple[Group, Support]:
    """The circle that this person was asked to support. For everybody else it does not exist."""
    person = request.person
    try:
        group = groups.load(unit.connection, person.workspace, request.number("group") or 0, lock=lock)
    except KeyError:
        group = None
    known = store.one(unit.connection, group.workspace, group.id, person.id) if group is not None else None
    if group is None or known is None:
        raise Refused(request.t("I know no circle that you support by that name."))
    return group, known


def supported(unit: Unit, request: Request, now: datetime) -> Reply:
    """How the circles are doing that somebody supports, or one of them."""
    if request.has("group"):
        group, known = _theirs(unit, request)
        if known.state != "supports":
            raise Refused(request.t("I know no circle that you support by that name."))
        those: tuple[Standing, ...] = (_standing(unit, group, now),)
    else:
        those = standings(unit, request.person, now)
    return Say(words.supported(request.t, those, _helpful(unit, request.t.language, those), request.person.zone))


def standings(unit: Unit, person: Person, now: datetime) -> tuple[Standing, ...]:
    """Of every circle that somebody supports and that has not ended."""
    there = [one.group for one in store.of_person(unit.connection, person) if one.state == "supports"]
    found = sorted(groups.ahead(unit.connection, person.workspace, there), key=lambda group: group.id)
    theirs = [group for group in found if group.state != "finished" and not group.is_in(person.id)]
    for workspace in sorted({group.workspace for group in theirs}):
        of_it = [group for group in theirs if group.workspace == workspace]
        checkins.ahead_of_groups(unit.connection, workspace, [group.id for group in of_it])
        leaders = (acting_facilitator(group, now) for group in of_it)
        people.ahead(unit.connection, workspace, [leader for leader in leaders if leader is not None])
    return tuple(_standing(unit, group, now) for group in theirs)


def _standing(unit: Unit, group: Group, now: datetime) -> Standing:
    guide = unit.guide_of(group)
    past = [] if group.state == "forming" else [one.number for one in begun(group.schedule, rhythm(guide), now)]
    here = {member.person for member in group.present}
    given = [one for one in checkins.of_group(unit.connection, group.workspace, group.id) if one.person in here]
    latest = past[-1] if past else None
    leader = acting_facilitator(group, now)
    return Standing(
        group=group,
        session=latest,
        last=guide.last,
        meeting=next_meeting(unit, group, now),
        members=len(here),
        checked_in=sum(one.session == latest for one in given),
        held=len({one.session for one in given if one.attended and one.session in past}),
        planned=len(past),
        leader=people.one(unit.connection, group.workspace, leader).name if leader is not None else "",
    )


def _helpful(unit: Unit, language: str, those: Iterable[Standing]) -> tuple[Article, ...]:
    """The articles for the trouble at hand, the worst first."""
    wanted: list[str] = []
    for one in those:
        if one.planned - one.held >= 2:
            wanted.append("meetings-get-cancelled")
        if one.session is not None and one.checked_in == 0:
            wanted.append("nobody-prepared")
        if one.group.state == "running" and one.members < 4:
            wanted.append("the-circle-shrinks")
        if not one.leader and one.group.state == "running":
            wanted.append("facilitator-overload")
    return articles(unit.guides.library, language, *wanted, "supporting-several-circles")


# ── hints ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def copy_hints(unit: Unit, hints: Iterable[tuple[Group, Moment]], now: datetime) -> None:
    """What whoever looks after a circle hears, its circle mentors hear too, without names, at the same time."""
    about = {group.id: (group, moment) for group, moment in hints if group.kind == "circle"}
    there = store.of_groups(unit.connection, about.keys())
    theirs: dict[int, set[str]] = {}
    for group, moment in (about[one.group] for one in there):
        theirs.setdefault(group.workspace, set()).add(_hint(group, moment))
    told: dict[str, Row] = {}
    for workspace, keys in theirs.items():
        told |= outbox.find(unit.connection, workspace, keys)
    dues: list[Due] = []
    for one in there:
        group, moment = about[one.group]
        row = told.get(_hint(group, moment))
        at = row.not_before if row is not None else moment.at
        made = key("mentorhint", group.id, moment.number, one.person)
        dues.append(Due(made, group.workspace, at, at + HINT_STALE, group=group.id, person=one.person))
    outbox.queue(unit.connection, dues, now)


def _hint(group: Group, moment: Moment) -> str:
    return key("hint", group.id, moment.number)
