"""What the bot says by itself while a group comes together: invitations, what became of them, and its opening."""

from __future__ import annotations

from datetime import datetime

from bot.founding import words
from bot.founding.service import first_meeting
from bot.groups.posts import home_language, recipient
from bot.groups.rules import Group, acting_facilitator, may_lead, spoken_with
from bot.i18n import translator
from bot.messages import Message
from bot.outbox.rules import Row
from bot.people import store as people
from bot.unit import Unit


def post_invite(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    me = group.member(int(row.args[1]))
    if me is None or group.state == "finished":
        return None
    who = people.by_id(
        unit.connection, group.workspace, {member.person for member in group.members} | {group.organiser}
    )
    person = spoken_with(group, who[me.person])
    guide = unit.guide_of(group, person.language)
    first = first_meeting(group, guide)
    match me.state:
        case "in":
            return words.accepted(person.t, group, guide, first)
        case "asking":
            return None
        case "declined" | "left":
            return words.declined(person.t, group)
        case "invited":
            asked = (m for m in group.members if m.person != me.person and m.state in ("in", "invited"))
            others = tuple(who[member.person] for member in asked if member.person != group.organiser)
            return words.invitation(person.t, group, guide, me, who[group.organiser], others, first)


def post_declined(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    who = people.by_id(unit.connection, group.workspace, (int(row.args[1]), int(row.args[2])))
    organiser = spoken_with(group, who[int(row.args[1])])
    return words.somebody_declined(organiser.t, group, who[int(row.args[2])], unit.guide_of(group))


def post_waiting(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person = recipient(unit, row, group)
    still = group.state == "forming" and (group.is_in(person.id) or may_lead(group, person.id, group.planned_through))
    return words.waiting(person.t, group, unit.guide_of(group)) if still else None


def post_opening(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del row
    who = people.by_id(unit.connection, group.workspace, (member.person for member in group.members))
    t = translator(home_language(unit, group))
    guide = unit.guide_of(group, t.language)
    leader = acting_facilitator(group, now)
    return words.opening(t, group, guide, who, who[leader] if leader else None, first_meeting(group, guide))
