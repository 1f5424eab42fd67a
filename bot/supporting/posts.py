"""What the bot says by itself to and of circle mentors: asked, answered, ended, and hints in counts."""

from __future__ import annotations

from datetime import datetime

from bot.checkins import store as checkins
from bot.checkins.rules import silent
from bot.groups.posts import home_language, recipient
from bot.groups.rules import Group, acting_facilitator, is_paused_for, spoken_with
from bot.guides.further import articles
from bot.i18n import translator
from bot.messages import Message
from bot.outbox.rules import Row
from bot.people import store as people
from bot.people.rules import Person
from bot.supporting import store, words
from bot.supporting.rules import Support
from bot.unit import Unit


def _of(unit: Unit, row: Row, group: Group) -> tuple[Person, Support | None]:
    person = recipient(unit, row, group)
    return person, store.one(unit.connection, group.workspace, group.id, person.id)


def post_mentor(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person, known = _of(unit, row, group)
    if known is None or group.state == "finished" or str(known.times) != row.args[2]:
        return None
    match known.state:
        case "asked":
            asker = people.one(unit.connection, group.workspace, known.asked_by)
            return words.request(person.t, group, asker)
        case "supports":
            return words.agreed(person.t, group)
        case "declined":
            return words.declined(person.t, group)
        case "ended":
            return words.stopped(person.t, group) if row.receipt is not None else None


def post_unmentored(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person, known = _of(unit, row, group)
    return words.let_go(person.t, group) if known is not None and known.state == "ended" else None


def post_cannot(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    who = people.by_id(unit.connection, group.workspace, (int(row.args[1]), int(row.args[2])))
    return words.cannot(spoken_with(group, who[int(row.args[1])]).t, group, who[int(row.args[2])])


def post_backed(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    """In the circle's home, what is true now: a yes that was taken back at once is not said."""
    del now
    person = people.one(unit.connection, group.workspace, int(row.args[1]))
    known = store.one(unit.connection, group.workspace, group.id, person.id)
    if known is None or known.state not in ("supports", "ended"):
        return None
    return words.backed(translator(home_language(unit, group)), person, ends=known.state == "ended")


def post_mentorhint(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    person, known = _of(unit, row, group)
    number = int(row.args[1])
    given = checkins.of_group(unit.connection, group.workspace, group.id, number)
    quiet = [one for one in silent(group, given) if not is_paused_for(group, one, now)]
    if known is None or known.state != "supports" or group.is_in(person.id) or not quiet:
        return None
    leader = acting_facilitator(group, now)
    session = unit.guide_of(group, person.language).session(number)
    trouble = (
        ("nobody-prepared", "meetings-get-cancelled") if len(quiet) == len(group.present) else ("somebody-is-silent",)
    )
    offered = articles(unit.guides.library, person.language, *trouble, session.challenge_articles)
    led = people.one(unit.connection, group.workspace, leader) if leader is not None else None
    return words.hint(person.t, group, number, len(quiet), led, offered)
