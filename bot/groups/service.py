"""Who is in a group and who looks after it: to see it, to leave and come back, to hand over; and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.errors import Invalid, Refused
from bot.forms import Form
from bot.groups import members, store, words
from bot.groups.posts import home_language
from bot.groups.rights import group_for_form, the_group, theirs
from bot.groups.rules import LONGEST_TEXT, Goal, Group, Member, acting_facilitator, may_lead
from bot.i18n import read_language
from bot.messages import Message, Replace, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, key
from bot.people import store as people
from bot.people.rules import Person, Request, labels
from bot.schedule.reading import read_date
from bot.schedule.rules import wall
from bot.unit import Unit


def answer(unit: Unit, request: Request, message: Message, standing: Iterable[str]) -> Reply:
    """Where somebody acted in one of these ``standing`` posts, it becomes this message; else it is said to them alone.

    Only these: a form may have been opened from a message that is about something else and must stay.
    """
    rows = outbox.find(unit.connection, request.person.workspace, standing).values()
    acted_in = any(row.receipt is not None and row.receipt.message == request.place.message for row in rows)
    return Replace(message) if acted_in else Say(message)


def told(request: Request, group: Group, message: Message) -> Reply:
    """What the home hears anyway is not said twice to somebody who is there."""
    here = request.place.conversation == group.home_in(request.person.workspace)
    return Say(words.seen_here(request.t) if here else message)


def tell_home(unit: Unit, group: Group, now: datetime, kind: str, *args: str | int) -> None:
    """Say something in each of the group's homes, once, however often the same event comes."""
    news = key(kind, group.id, *args, int(now.timestamp()))
    news = outbox.unsaid(unit.connection, group.workspace, group.id, news)
    outbox.queue(unit.connection, [Due(news, group.workspace, now, group=group.id)], now)


def tell(unit: Unit, group: Group, person: int, now: datetime, kind: str, *args: str | int) -> None:
    """Say something about the group to one person."""
    news = key(kind, group.id, person, *args, int(now.timestamp()))
    news = outbox.unsaid(unit.connection, group.workspace, group.id, news)
    outbox.queue(unit.connection, [Due(news, group.workspace, now, group=group.id, person=person)], now)


def placed(unit: Unit, who: Mapping[int, Person], viewer: int) -> dict[int, Person]:
    """The people of a group as they are named in the viewer's workspace: those of others with where they are."""
    if all(person.workspace == viewer for person in who.values()):
        return dict(who)
    there = labels(people.linked_with(unit.connection, viewer))
    return {
        one: replace(person, name=f"{person.name} ({there[person.workspace]})") if person.workspace in there else person
        for one, person in who.items()
    }


# ── roster and goal ──────────────────────────────────────────────────────────────────────────────────────────────────


def roster(unit: Unit, request: Request, now: datetime) -> Reply:
    group = the_group(unit, request, now)
    who = people.by_id(unit.connection, group.workspace, (member.person for member in group.members))
    who = placed(unit, who, request.person.workspace)
    goals = members.goals_of(unit.connection, group.workspace, group.id)
    others: tuple[str, ...] = ()
    if group.kind == "circle" and may_lead(group, request.person.id, now):
        others = tuple(labels(people.linked_with(unit.connection, request.person.workspace)).values())
    return Say(words.roster(request.t, group, who, goals, acting_facilitator(group, now), now, others))


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
    members.keep_goal(unit.connection, group.workspace, group.id, kept, now)
    return Say(words.goal_kept(t, group, kept))


def _goal(unit: Unit, group: Group, person: Person) -> Goal | None:
    return members.goals_of(unit.connection, group.workspace, group.id).get(person.id)


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
    members.keep(unit.connection, group.workspace, group.id, gone, now)
    rest = sum(other.person != person.id for other in group.present)
    if group.state == "running" and group.is_in(person.id) and (group.kind == "pair" or rest < 2):
        store.finish(unit.connection, group)
    if person.id == group.facilitator:
        store.keep_facilitator(unit.connection, group, None)
    if group.state == "forming":
        # There is no home yet in which it could be said; whoever invites has to know that a place is free.
        tell(unit, group, group.organiser, now, "declined", person.id)
    elif group.is_housed and member.state == "in":
        tell_home(unit, group, now, "left", person.id)


def comeback(unit: Unit, request: Request, now: datetime) -> Reply:
    t, number = request.t, request.number("group")
    group = theirs(unit, request.person, number)
    member = group.member(request.person.id) if group else None
    if group is None or member is None or member.state not in ("left", "in"):
        raise Refused(t("I know no group of yours by that name. It may have ended, or you have left it."))
    if member.state == "left":
        if group.state == "finished":
            raise Refused(t("{group} has come to its end meanwhile.").format(group=group.name))
        if len(group.present) + len(group.waiting) >= unit.guide_of(group).at_most:
            raise Refused(t("{group} is full meanwhile.").format(group=group.name))
        back = Member(member.person, member.role, "in")
        members.keep(unit.connection, group.workspace, group.id, back, now)
        if group.is_housed:
            tell_home(unit, group, now, "joined", member.person)
    return Replace(words.you_are_back(t, group))


# ── facilitator ──────────────────────────────────────────────────────────────────────────────────────────────────────


def facilitator_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now, lead=True)
    until = read_date(_until(request), wall(now, request.person.zone).date())
    named: dict[int, Person] = {}
    if group is not None and group.elsewhere:
        present = (member.person for member in group.present)
        named = placed(unit, people.by_id(unit.connection, group.workspace, present), request.person.workspace)
    return words.facilitator_form(request.t, group, choice, until, tuple(named.values()))


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
    """Tell the group's homes, if it has one already; before that there is nobody to tell."""
    if group.is_housed:
        tell_home(unit, group, now, kind, *args)


def _member_named(unit: Unit, request: Request, group: Group) -> Person:
    named = request.people("person")
    person = people.find(unit.connection, request.person.workspace, named[0]) if len(named) == 1 else None
    if len(named) == 1 and named[0].startswith("#") and named[0][1:].isdecimal() and group.is_in(int(named[0][1:])):
        # Chosen from the members of a group that lives in several workspaces.
        person = people.one(unit.connection, group.workspace, int(named[0][1:]))
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


# ── language ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def speak_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now, lead=True)
    now_spoken = home_language(unit, group) if group else request.t.language
    return words.speak_form(request.t, group, wanted_language(request) or now_spoken, choice)


def wanted_language(request: Request, otherwise: str = "") -> str | None:
    """What is to be spoken in a group, chosen in a form or typed; None where the bot does not speak it."""
    named = request.text("spoken") or request.text("language") or otherwise
    return read_language(named, formal=request.text("formal") == "yes")


def speak(unit: Unit, request: Request, now: datetime) -> Reply:
    """What is spoken in the group's home. What is said to its people alone is in their own languages all the same."""
    group = the_group(unit, request, now, lead=True, lock=True)
    language = wanted_language(request)
    if language is None:
        raise Invalid({"spoken": words.i_speak(request.t)})
    if language != group.language:
        store.keep_language(unit.connection, group, language)
        announce(unit, group, now, "speaks")
    return told(request, group, words.speaks(request.t, group, language))
