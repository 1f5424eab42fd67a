"""Who is in a group and who looks after it. Every right to do something in a group is decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.errors import Invalid, Refused
from bot.groups import store, words
from bot.groups.rules import (
    LONGEST_TEXT,
    Goal,
    Group,
    Member,
    WhichGroup,
    acting_facilitator,
    may_lead,
)
from bot.i18n import translator
from bot.messages import Choice, Form, Message, Replace, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Row, key
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.schedule.reading import read_date
from bot.schedule.rules import wall
from bot.unit import Unit

# ── which group, and may they ────────────────────────────────────────────────────────────────────────────────────────


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


def answer(unit: Unit, request: Request, message: Message, standing: Iterable[str]) -> Reply:
    """Where somebody acted in one of these ``standing`` posts, it becomes this message; else it is said to them alone.

    Only these: a form may have been opened from a message that is about something else and must stay.
    """
    rows = outbox.find(unit.connection, request.person.workspace, standing).values()
    acted_in = any(row.receipt is not None and row.receipt.message == request.place.message for row in rows)
    return Replace(message) if acted_in else Say(message)


def told(request: Request, group: Group, message: Message) -> Reply:
    """What the home hears anyway is not said twice to somebody who is there."""
    return Say(words.seen_here(request.t) if request.place.conversation == group.conversation else message)


def tell_home(unit: Unit, group: Group, now: datetime, kind: str, *args: str | int) -> None:
    """Say something in the group's home, once, however often the same event comes."""
    news = key(kind, group.id, *args, int(now.timestamp()))
    news = outbox.unsaid(unit.connection, group.workspace, group.id, news)
    outbox.queue(unit.connection, [Due(news, group.workspace, now, group=group.id)], now)


def tell(unit: Unit, group: Group, person: int, now: datetime, kind: str, *args: str | int) -> None:
    """Say something about the group to one person."""
    news = key(kind, group.id, person, *args, int(now.timestamp()))
    news = outbox.unsaid(unit.connection, group.workspace, group.id, news)
    outbox.queue(unit.connection, [Due(news, group.workspace, now, group=group.id, person=person)], now)


# ── roster and goal ──────────────────────────────────────────────────────────────────────────────────────────────────


def roster(unit: Unit, request: Request, now: datetime) -> Reply:
    group = the_group(unit, request, now)
    who = people.by_id(unit.connection, group.workspace, (member.person for member in group.members))
    goals = store.goals_of(unit.connection, group.workspace, group.id)
    return Say(words.roster(request.t, group, who, goals, acting_facilitator(group, now), now))


def goal_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now)
    goal = _goal(unit, group, request.person) if group else None
    return words.goal_form(request.t, group, goal, choice)


def goal(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    group = the_group(unit, request, now, lock=True)
    if not group.is_in(request.person.id):
        raise Refused(
            t("You organise {group} without being in it, so there is no goal to keep.").format(group=group.name)
        )
    text = request.text("text")
    if not text:
        raise Invalid({"text": t("A goal needs a few words.")})
    if len(text) > LONGEST_TEXT:
        raise Invalid(
            {"text": t("That is longer than {n} characters. What is the heart of it?").format(n=LONGEST_TEXT)}
        )
    before = _goal(unit, group, request.person)
    # A typed goal says nothing about sharing; what was chosen before stays.
    shared = request.text("shared") == "yes" if request.via == "form" else bool(before and before.shared)
    kept = Goal(request.person.id, text, shared)
    store.keep_goal(unit.connection, group.workspace, group.id, kept, now)
    return Say(words.goal_kept(t, group, kept))


def _goal(unit: Unit, group: Group, person: Person) -> Goal | None:
    return store.goals_of(unit.connection, group.workspace, group.id).get(person.id)


# ── leaving and coming back ──────────────────────────────────────────────────────────────────────────────────────────


def leave(unit: Unit, request: Request, now: datetime) -> Reply:
    group = the_group(unit, request, now, lock=True)
    if not group.is_in(request.person.id):
        raise Refused(request.t("You are not in {group}.").format(group=group.name))
    depart(unit, group, request.person, now)
    return Say(words.you_left(request.t, store.load(unit.connection, group.workspace, group.id)))


def depart(unit: Unit, group: Group, person: Person, now: datetime) -> None:
    """Somebody is no longer in the group, by their own will or because they left the workspace."""
    member = group.member(person.id)
    if member is None or member.state not in ("in", "invited"):
        return
    gone = Member(person.id, member.role, "left")
    store.keep_member(unit.connection, group.workspace, group.id, gone, now)
    rest = sum(other.person != person.id for other in group.present)
    if group.state == "running" and group.is_in(person.id) and (group.kind == "pair" or rest < 2):
        store.finish(unit.connection, group)
    if person.id == group.facilitator:
        store.keep_facilitator(unit.connection, group, None)
    if group.state == "forming":
        # There is no home yet in which it could be said; whoever invites has to know that a place is free.
        tell(unit, group, group.organiser, now, "declined", person.id)
    elif group.conversation is not None and member.state == "in":
        tell_home(unit, group, now, "left", person.id)


def comeback(unit: Unit, request: Request, now: datetime) -> Reply:
    t, number = request.t, request.number("group")
    group = _theirs(unit, request.person, number)
    member = group.member(request.person.id) if group else None
    if group is None or member is None or member.state not in ("left", "in"):
        raise Refused(t("I know no group of yours by that name. It may have ended, or you have left it."))
    if member.state == "left":
        if group.state == "finished":
            raise Refused(t("{group} has come to its end meanwhile.").format(group=group.name))
        if len(group.present) + len(group.waiting) >= unit.guides.get(group.guide).at_most:
            raise Refused(t("{group} is full meanwhile.").format(group=group.name))
        back = Member(member.person, member.role, "in")
        store.keep_member(unit.connection, group.workspace, group.id, back, now)
        if group.conversation is not None:
            tell_home(unit, group, now, "joined", member.person)
    return Replace(words.you_are_back(t, group))


def _theirs(unit: Unit, person: Person, number: int | None) -> Group | None:
    """The group if the person has or had a place in it."""
    try:
        group = store.load(unit.connection, person.workspace, number or 0, lock=True)
    except KeyError:
        return None
    return group if group.member(person.id) else None


# ── facilitator ──────────────────────────────────────────────────────────────────────────────────────────────────────


def facilitator_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now, lead=True)
    until = read_date(_until(request), wall(now, request.person.zone).date())
    return words.facilitator_form(request.t, group, choice, until)


def facilitator(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    group = the_group(unit, request, now, lead=True, lock=True)
    if group.kind == "pair":
        raise Refused(t("A pair looks after itself and needs no facilitator."))
    person = _member_named(unit, request, group)
    until = None
    if request.has("until"):
        until = read_date(_until(request), group.today(now))
        if until is None or until < group.today(now):
            raise Invalid({"until": t("I need a day from today on, for example 2026-12-18.")})
    if until is None:
        store.keep_facilitator(unit.connection, group, person.id)
    else:
        store.keep_standin(unit.connection, group, person.id, until)
    announce(unit, group, now, "facilitates", person.id, until.isoformat() if until else "")
    if person.id != request.person.id:
        tell(unit, group, person.id, now, "looks-after")
    return told(request, group, words.facilitator_changed(t, group, person, until))


def _until(request: Request) -> str:
    return request.text("until").removeprefix("until ")


def announce(unit: Unit, group: Group, now: datetime, kind: str, *args: str | int) -> None:
    """Tell the group's home, if it has one already; before that there is nobody to tell."""
    if group.conversation is not None:
        tell_home(unit, group, now, kind, *args)


def _member_named(unit: Unit, request: Request, group: Group) -> Person:
    named = request.people("person")
    person = people.find(unit.connection, group.workspace, named[0]) if len(named) == 1 else None
    if person is None or not group.is_in(person.id):
        raise Invalid({"person": request.t("Name one person who is in {group}.").format(group=group.name)})
    return person


def volunteer(unit: Unit, request: Request, now: datetime) -> Reply:
    """Anyone in a circle may take over while nobody looks after it."""
    t = request.t
    group = the_group(unit, request, now, lock=True)
    if not group.is_in(request.person.id) or group.kind == "pair":
        raise Refused(t("Only somebody who is in the circle can look after it."))
    taken = acting_facilitator(group, now)
    if taken is not None and taken != request.person.id:
        name = people.one(unit.connection, group.workspace, taken).name
        raise Refused(t("{name} looks after it already. Thank you all the same!").format(name=name))
    if taken is None:
        store.keep_facilitator(unit.connection, group, request.person.id)
        announce(unit, group, now, "facilitates", request.person.id, "")
    return Say(words.facilitator_hint(t, group))


# ── posts ────────────────────────────────────────────────────────────────────────────────────────────────────────────

Compose = Callable[[Unit, Row, Group, datetime], Message | None]
"""The words of a post about a group, or None where it is no longer needed."""


def home_language(unit: Unit, group: Group) -> str:
    """The language of a group's home: its facilitator's, else its organiser's."""
    return people.one(unit.connection, group.workspace, group.facilitator or group.organiser).language


def post_joined(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person = people.one(unit.connection, group.workspace, int(row.args[1]))
    if not group.is_in(person.id):
        return None
    return words.joined(translator(home_language(unit, group)), group, person)


def post_left(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    person = people.one(unit.connection, group.workspace, int(row.args[1]))
    if group.is_in(person.id):
        return None
    orphaned = group.kind == "circle" and acting_facilitator(group, now) is None
    t = translator(home_language(unit, group))
    return words.left(t, group, person, finished=group.state == "finished", orphaned=orphaned)


def post_facilitates(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person = people.one(unit.connection, group.workspace, int(row.args[1]))
    until = read_date(row.args[2], group.schedule.start) if row.args[2] else None
    return words.facilitator_changed(translator(home_language(unit, group)), group, person, until)


def post_looks_after(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person = people.one(unit.connection, group.workspace, int(row.args[1]))
    return words.facilitator_hint(person.t, group)
