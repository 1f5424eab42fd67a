"""What the bot says by itself about meetings: the posts of the week, and what changed in the calendar."""

from __future__ import annotations

from datetime import date, datetime

from bot.groups.posts import home_language, recipient
from bot.groups.rules import Group, rhythm
from bot.guides.further import articles
from bot.i18n import translator
from bot.meetings import calendar, words
from bot.meetings.rules import meeting_of
from bot.meetings.service import can_be_sent_again, guide_of, mentioned, next_meeting
from bot.messages import Message
from bot.outbox import store as outbox
from bot.outbox.rules import Row
from bot.schedule.rules import Meeting
from bot.unit import Unit


def _session(row: Row, place: int = 1) -> int:
    return int(row.args[place])


def _meeting(unit: Unit, row: Row, group: Group) -> Meeting | None:
    """The meeting a row is about, as long as it is still on the day for which the row was planned."""
    meeting = meeting_of(group.schedule, rhythm(unit.guide_of(group)), _session(row))
    return meeting if meeting is not None and meeting.day.isoformat() == row.args[2] else None


def post_prompt(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    t = translator(home_language(unit, group))
    guide = guide_of(unit, group, t)
    session, meeting = guide.session(_session(row)), _meeting(unit, row, group)
    if meeting is not None:
        offered = articles(unit.guides.library, t.language, mentioned(session), session.challenge_articles)
        return words.prompt(t, group, guide, session, meeting, offered[:1])
    if row.receipt is None:
        return None
    return words.prompt_moved(t, group, session, meeting_of(group.schedule, rhythm(guide), session.number))


def post_prepare(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person, meeting = recipient(unit, row, group), _meeting(unit, row, group)
    if meeting is None or person.id != group.with_role("mentor"):
        return None
    session = guide_of(unit, group, person.t).session(meeting.number)
    return words.preparation(person.t, group, session, meeting, person)


def post_steps(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person, meeting = recipient(unit, row, group), _meeting(unit, row, group)
    if meeting is None or person.id != group.with_role("mentee"):
        return None
    session = guide_of(unit, group, person.t).session(meeting.number)
    return words.steps(person.t, group, session, meeting, person)


def post_reminder(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person, meeting = recipient(unit, row, group), _meeting(unit, row, group)
    if meeting is None or not person.reminders or not group.is_in(person.id):
        return None
    session = guide_of(unit, group, person.t).session(meeting.number)
    return words.reminder(person.t, group, session, meeting, person)


def post_closing(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del row, now
    t = translator(home_language(unit, group))
    return words.closing(t, group, guide_of(unit, group, t))


def post_missed(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person = recipient(unit, row, group)
    gone = outbox.undelivered(unit.connection, group.workspace, group.id)
    prompts = [one for one in gone if one.kind == "prompt"]
    late = [(_session(one), one.not_before) for one in prompts if one.state == "dropped"]
    parked = [(_session(one), one.not_before, one.reason) for one in prompts if one.state == "parked"]
    others = [one.reason for one in gone if can_be_sent_again(one)]
    return words.missed(person.t, group, late, parked, others) if late or parked or others else None


def post_skipped(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    t = translator(home_language(unit, group))
    return calendar.skipped(t, group, date.fromisoformat(row.args[1]), next_meeting(unit, group, now))


def post_paused(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    until = date.fromisoformat(row.args[1]) if row.args[1] else None
    return calendar.paused(translator(home_language(unit, group)), group, until)


def post_resumed(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del row
    t = translator(home_language(unit, group))
    return calendar.resumed(t, group, next_meeting(unit, group, now))


def post_moved(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del row
    t = translator(home_language(unit, group))
    return calendar.moved(t, group, group.schedule.slot, next_meeting(unit, group, now))
