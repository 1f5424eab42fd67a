"""Look at the guides before a group begins, and let a running group follow a newer text of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.catalogue import words
from bot.errors import Refused
from bot.groups import store as groups
from bot.groups.posts import home_language, recipient
from bot.groups.rights import the_group
from bot.groups.rules import Group, courtesy, looked_after_by, may_lead, rhythm
from bot.groups.service import announce, told
from bot.guides.rules import ENGLISH, Guide
from bot.i18n import translator
from bot.messages import Message, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Row, key
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.schedule.courtesy import polite
from bot.schedule.rules import moments, next_moment
from bot.unit import Unit


def guide(unit: Unit, request: Request, now: datetime) -> Reply:
    """All guides for groups, or the one that is named by its id or the beginning of its title."""
    del now
    t = request.t
    offered = tuple(
        one for one in (unit.guides.get(name, t.language) for name in unit.guides.ids) if one.kind != "solo"
    )
    named = " ".join(request.text("guide").lower().split())
    if not named:
        return Say(words.catalogue(t, offered))
    for one in offered:
        if one.id == named or one.title.lower().startswith(named):
            return Say(words.page(t, one))
    known = t.list([one.id for one in offered])
    raise Refused(t("There is no guide “{guide}”. There is: {known}").format(guide=request.text("guide"), known=known))


def newer(unit: Unit, request: Request, now: datetime) -> Reply:
    """Say what would change; with a yes, change it from the next session on whose first word is still to come."""
    t = request.t
    group = the_group(unit, request, now, lead=True, lock=True)
    old = unit.guide_of(group, t.language)
    new = unit.guides.get(group.guide, t.language) if group.guide in unit.guides.ids else old
    if group.state == "finished":
        raise Refused(t("{group} has come to its end.").format(group=group.name))
    if new.version <= old.version:
        raise Refused(t("{group} follows the newest version of its guide.").format(group=group.name))
    since = _next_session(group, old, now)
    if not _can_follow(old, new, since):
        raise Refused(t("The newer version is too different to change to half-way. Begin with it in your next group."))
    if request.text("sure") != "yes":
        return Say(words.offer(t, group, old, new, since))
    kept = group.editions or ((old.first, old.digest),)
    text = (*(one for one in kept if one[0] < since), (since, new.digest))
    unit.keep_text(new, now)
    groups.keep_editions(unit.connection, group, text)
    if group.state == "running":
        groups.wake_at(unit.connection, group, next_moment(group.schedule, rhythm(new), group.planned_through))
    announce(unit, group, now, "newer", since)
    return told(request, group, words.moved_on(t, new, since))


def _can_follow(old: Guide, new: Guide, since: int) -> bool:
    """Whether a group can change to the new text from this session on."""
    return (new.kind, new.every, new.first) == (old.kind, old.every, old.first) and since <= new.last


def _next_session(group: Group, guide: Guide, now: datetime) -> int:
    """The first session of which nothing has been said yet."""
    if group.state == "forming":
        return guide.first
    begun = [moment.number for moment in moments(group.schedule, rhythm(guide)) if moment.at <= now]
    return max(begun, default=guide.first - 1) + 1


def tell_of_newer(unit: Unit, running: Iterable[Group], now: datetime) -> None:
    """Whoever looks after a group hears of a newer text of its guide: once of each version, at a polite hour."""
    there = [(group, new.version) for group in running if (new := _newer(unit, group, now)) is not None]
    wanted: dict[int, set[int]] = {}
    for group, _ in there:
        wanted.setdefault(group.workspace, set()).add(looked_after_by(group, now))
    known = people.by_workspace(unit.connection, wanted)
    told = [(group, version, known[group.workspace][looked_after_by(group, now)]) for group, version in there]
    outbox.queue(unit.connection, [_due(*one, now) for one in told if one[2].active], now)


def _due(group: Group, version: int, person: Person, now: datetime) -> Due:
    at = polite(now, courtesy(person))
    return Due(key("version", group.id, version), group.workspace, at, None, group.id, person.id)


def _newer(unit: Unit, group: Group, now: datetime, language: str = ENGLISH) -> Guide | None:
    """The newer text of its guide to which a running group could change now."""
    if group.state != "running" or group.guide not in unit.guides.ids:
        return None
    old, new = unit.guide_of(group, language), unit.guides.get(group.guide, language)
    fits = new.version > old.version and _can_follow(old, new, _next_session(group, old, now))
    return new if fits else None


def post_version(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    person = recipient(unit, row, group)
    new = _newer(unit, group, now, person.language)
    if new is None or str(new.version) != row.args[1] or not may_lead(group, person.id, now):
        return None
    old = unit.guide_of(group, person.language)
    return words.offer(person.t, group, old, new, _next_session(group, old, now))


def post_newer(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    t = translator(home_language(unit, group))
    return words.moved_on(t, unit.guide_of(group, t.language), int(row.args[1]))
