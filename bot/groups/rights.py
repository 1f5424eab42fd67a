"""Which group is meant, and who may do something in it. Every right is decided here, and asked for at every deed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.errors import Refused
from bot.forms import Choice
from bot.groups import store, words
from bot.groups.rules import Group, WhichGroup, acting_facilitator, may_lead, spoken_with
from bot.i18n import as_in, languages
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.unit import Unit


def the_group(unit: Unit, request: Request, now: datetime, *, lead: bool = False, lock: bool = False) -> Group:
    """The group that is meant: named by the request, lived in by its place, or the only one there is.

    Raises Refused where the person has no such group (the same words whether it exists or not) or may not lead it, and
    WhichGroup where several could be meant. ``lock``: it is going to be changed.
    """
    group = _meant(unit, request, now, lead=lead, lock=lock)
    if lead and not may_lead(group, request.person.id, now):
        raise Refused(_only_the_facilitator(unit, request, group, now))
    if lock and not request.has("group"):
        return store.load(unit.connection, group.workspace, group.id, lock=True)
    # One that was named was locked as it was loaded.
    return group


def _meant(unit: Unit, request: Request, now: datetime, *, lead: bool, lock: bool) -> Group:
    t, person = request.t, request.person
    if request.has("group"):
        number = request.number("group")
        found = _known(unit, person, number, lock=lock) if number is not None else None
        if found is None:
            raise Refused(t("I know no group of yours by that name. It may have ended, or you have left it."))
        return found
    here = store.at_home(unit.connection, person.workspace, request.place.conversation)
    if here is not None and _belongs(here, person):
        return here
    mine = [g for g in store.of_person(unit.connection, person.workspace, person.id) if _belongs(g, person)]
    mine = [g for g in mine if g.state != "finished"] or mine
    if lead:
        mine = [g for g in mine if may_lead(g, person.id, now)] or mine
    else:
        mine = [g for g in mine if g.is_in(person.id)] or mine
    if not mine:
        raise Refused(t("You are not in a circle or pair yet. Start one with /circle create, or ask to be invited."))
    if len(mine) > 1:
        raise WhichGroup(tuple((group.id, group.name) for group in mine))
    return mine[0]


def _known(unit: Unit, person: Person, number: int, *, lock: bool) -> Group | None:
    try:
        group = store.load(unit.connection, person.workspace, number, lock=lock)
    except KeyError:
        return None
    return group if _belongs(group, person) else None


def _belongs(group: Group, person: Person) -> bool:
    return group.is_in(person.id) or group.organiser == person.id


def _only_the_facilitator(unit: Unit, request: Request, group: Group, now: datetime) -> str:
    leader = acting_facilitator(group, now) or group.organiser
    name = people.one(unit.connection, group.workspace, leader).name
    return request.t("Only the facilitator can do that; in {group} that is {name}.").format(group=group.name, name=name)


def group_for_form(
    unit: Unit, request: Request, now: datetime, *, lead: bool = False
) -> tuple[Group | None, tuple[Choice, ...]]:
    """For a form: the group that is meant, or the field that asks which one."""
    try:
        return the_group(unit, request, now, lead=lead), ()
    except WhichGroup as error:
        return None, (words.group_choice(request.t, error.groups),)


def as_heard(unit: Unit, request: Request, *, about_a_group: bool) -> Request:
    """The request of a person as the group that it is about speaks with them: with distance, where that is its way.

    ``about_a_group``: where none is named, it is the one of this place, or any that the person has.
    """
    person = request.person
    if all(as_in(person.language, tag) == person.language for tag in languages()):
        return request
    if request.has("group"):
        number = request.number("group")
        its = None if number is None else theirs(unit, person, number, lock=False)
        mine = [its or (None if number is None else _known(unit, person, number, lock=False))]
    else:
        here = store.at_home(unit.connection, person.workspace, request.place.conversation)
        mine = [here] if here or not about_a_group else _all_of(unit, person)
    ways = {spoken_with(group, person).language for group in mine if group is not None}
    return replace(request, person=replace(person, language=ways.pop())) if len(ways) == 1 else request


def _all_of(unit: Unit, person: Person) -> list[Group | None]:
    mine = store.of_person(unit.connection, person.workspace, person.id)
    return [group for group in mine if group.state != "finished"]


def theirs(unit: Unit, person: Person, number: int | None, *, lock: bool = True) -> Group | None:
    """The group if the person has or had a place in it."""
    try:
        group = store.load(unit.connection, person.workspace, number or 0, lock=lock)
    except KeyError:
        return None
    return group if group.member(person.id) else None
