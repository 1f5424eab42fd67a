"""What the bot says by itself about who is in a group, and in whose language it speaks of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.groups import words
from bot.groups.rules import Group, acting_facilitator, spoken_with
from bot.i18n import translator
from bot.messages import Message
from bot.outbox.rules import Row
from bot.people import store as people
from bot.people.rules import Person
from bot.schedule.reading import read_date
from bot.unit import Unit

Compose = Callable[[Unit, Row, Group, datetime], Message | None]
"""The words of a post about a group, or None where it is no longer needed."""


def home_language(unit: Unit, group: Group) -> str:
    """The language of a group's home: what was chosen for it, else its facilitator's, else its organiser's."""
    if group.language:
        return group.language
    return people.one(unit.connection, group.workspace, group.facilitator or group.organiser).language


def recipient(unit: Unit, row: Row, group: Group) -> Person:
    """Whom a private post about the group is for, as they hear of it."""
    assert row.person is not None
    return spoken_with(group, people.one(unit.connection, group.workspace, row.person))


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


def post_speaks(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del row, now
    language = home_language(unit, group)
    return words.speaks(translator(language), group, language)


def post_looks_after(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person = people.one(unit.connection, group.workspace, int(row.args[1]))
    return words.facilitator_hint(spoken_with(group, person).t, group)
