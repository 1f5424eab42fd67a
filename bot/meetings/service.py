"""The calendar of a group: look at it, skip, pause, resume, move; and the posts of the week."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.errors import Invalid, Refused
from bot.groups import store as groups
from bot.groups.rules import FOREVER, Group, Member, looked_after_by, may_lead, rhythm
from bot.groups.service import announce, group_for_form, home_language, tell, the_group, told
from bot.guides.rules import Guide
from bot.i18n import Translator, translator
from bot.meetings import words
from bot.meetings.rules import SOON, change_from, coming, meeting_of, moved, paused, resumed, skipped
from bot.messages import Form, Message, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Row, key
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.schedule.reading import read_date, read_time, read_weekday
from bot.schedule.rules import Meeting, Schedule, Slot, current, moments, next_moment, upcoming, wall
from bot.unit import Unit


def guide_of(unit: Unit, group: Group, t: Translator) -> Guide:
    """The group's guide in somebody's language."""
    return unit.guides.get(group.guide, t.language)


def next_meeting(unit: Unit, group: Group, now: datetime) -> Meeting | None:
    """The group's next meeting that has not begun."""
    return upcoming(group.schedule, rhythm(unit.guides.get(group.guide)), now)


# ── agenda and preview ───────────────────────────────────────────────────────────────────────────────────────────────


def agenda(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    group = the_group(unit, request, now)
    guide = guide_of(unit, group, t)
    number = _week(request, group, guide, now)
    meeting = meeting_of(group.schedule, rhythm(guide), number)
    lead = may_lead(group, request.person.id, now)
    short = request.text("edition") == "short"
    return Say(words.agenda(t, group, guide, guide.session(number), meeting, short=short, lead=lead))


def preview(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    group = the_group(unit, request, now, lead=True)
    guide = guide_of(unit, group, t)
    number = _week(request, group, guide, now)
    meeting = meeting_of(group.schedule, rhythm(guide), number)
    may_post = _prompted(unit, group, number, now)
    return Say(words.preview(t, group, guide, guide.session(number), meeting, may_post=may_post))


def _week(request: Request, group: Group, guide: Guide, now: datetime) -> int:
    """The week that is asked for; without one, the week of the next meeting, or the last."""
    if not request.has("week"):
        following = upcoming(group.schedule, rhythm(guide), now)
        if following is not None:
            return following.number
        at = current(group.schedule, rhythm(guide), now)
        return guide.first if at is None else at
    number = request.given(week=request.text("week").lower().removeprefix("week ")).number("week")
    if number is None or not guide.first <= number <= guide.last:
        said = request.t("This guide has the weeks {first} to {last}.").format(first=guide.first, last=guide.last)
        raise Refused(said)
    return number


def _prompted(unit: Unit, group: Group, number: int, now: datetime) -> bool:
    """Whether the prompt of this week has fallen due."""
    plan = moments(group.schedule, rhythm(unit.guides.get(group.guide)))
    return any(m.kind == "prompt" and m.number == number and m.at <= now for m in plan) and group.state != "forming"


def resend(unit: Unit, request: Request, now: datetime) -> Reply:
    """Post a prompt once more, because it was lost, came too late, or somebody wants it on top."""
    t = request.t
    group = the_group(unit, request, now, lead=True, lock=True)
    guide = guide_of(unit, group, t)
    number = _week(request, group, guide, now)
    meeting = meeting_of(group.schedule, rhythm(guide), number)
    if meeting is None or not _prompted(unit, group, number, now):
        raise Refused(t("{week} is still to come; its prompt goes out by itself.").format(week=words.week(t, number)))
    posted = key("prompt", group.id, number, meeting.day.isoformat())
    outbox.queue(unit.connection, [Due(posted, group.workspace, now, group=group.id)], now)
    outbox.again(unit.connection, group.workspace, posted, now, None)
    return Say(words.on_its_way(t, number))


# ── skip, pause, resume, move ────────────────────────────────────────────────────────────────────────────────────────


def skip_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now, lead=True)
    soon = coming(group.schedule, rhythm(unit.guides.get(group.guide)), now)[:SOON] if group else ()
    return words.skip_form(request.t, group, soon, choice)


def skip(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    group = _changing(unit, request, now)
    soon = coming(group.schedule, rhythm(unit.guides.get(group.guide)), now)
    if not soon:
        raise Refused(t("{group} has no meeting to skip.").format(group=group.name))
    day = soon[0].day
    if request.has("date"):
        named = read_date(request.text("date"), group.today(now))
        if named not in {meeting.day for meeting in soon}:
            days = t.list([t.day(meeting.day) for meeting in soon[:SOON]])
            raise Invalid({"date": t("There is no meeting on that day. The next ones: {days}.").format(days=days)})
        assert named is not None
        day = named
    group = _change(unit, group, skipped(group.schedule, day), now)
    announce(unit, group, now, "skipped", day.isoformat())
    return told(request, group, words.skipped(t, group, day, next_meeting(unit, group, now)))


def pause_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now)
    lead = group is None or may_lead(group, request.person.id, now)
    only_me, text = _break(request)
    until = read_date(text, _today(request, group, now))
    return words.pause_form(request.t, group, choice, lead=lead, only_me=only_me, until=until)


def _break(request: Request) -> tuple[bool, str]:
    """Whether only the person pauses, and the words for the first day back: "me until 2026-12-21"."""
    text = request.text("until")
    only_me = request.text("who") == "me" or text == "me" or text.startswith("me ")
    return only_me, text.removeprefix("me").strip().removeprefix("until").strip()


def _today(request: Request, group: Group | None, now: datetime) -> date:
    return group.today(now) if group else wall(now, request.person.zone).date()


def pause(unit: Unit, request: Request, now: datetime) -> Reply:
    """The group's break where somebody leads it; a member's own otherwise, or where they say "me"."""
    t = request.t
    group = the_group(unit, request, now, lock=True)
    only_me, text = _break(request)
    until = read_date(text, group.today(now)) if text else None
    if text and (until is None or until <= group.today(now)):
        raise Invalid({"until": t("I need the first day back, for example 2026-12-21.")})
    if only_me or not may_lead(group, request.person.id, now):
        return _pause_me(unit, request, group, until, now)
    group = _changing(unit, request, now)
    first = change_from(group.schedule, rhythm(unit.guides.get(group.guide)), now)
    group = _change(unit, group, paused(group.schedule, first, until), now)
    announce(unit, group, now, "paused", until.isoformat() if until else "")
    return told(request, group, words.paused(t, group, until))


def _pause_me(unit: Unit, request: Request, group: Group, until: date | None, now: datetime) -> Reply:
    member = group.member(request.person.id)
    if member is None or member.state != "in":
        raise Refused(request.t("You are not in {group}.").format(group=group.name))
    away = Member(member.person, member.role, "in", until or FOREVER)
    groups.keep_member(unit.connection, group.workspace, group.id, away, now)
    return Say(words.i_paused(request.t, group, until))


def resume(unit: Unit, request: Request, now: datetime) -> Reply:
    t, me = request.t, request.person.id
    group = the_group(unit, request, now, lock=True)
    member = group.member(me)
    if member is not None and member.state == "in" and member.paused_until is not None:
        groups.keep_member(unit.connection, group.workspace, group.id, Member(me, member.role, "in"), now)
        if not may_lead(group, me, now) or resumed(group.schedule, group.today(now)) is None:
            return Say(words.i_resumed(t, group))
    group = _changing(unit, request, now)
    schedule = resumed(group.schedule, change_from(group.schedule, rhythm(unit.guides.get(group.guide)), now))
    if schedule is None:
        raise Refused(t("{group} is not on a break.").format(group=group.name))
    group = _change(unit, group, schedule, now)
    announce(unit, group, now, "resumed")
    return told(request, group, words.resumed(t, group, next_meeting(unit, group, now)))


def move_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now, lead=True)
    return words.move_form(request.t, group, choice, *_slot(request))


def _slot(request: Request) -> tuple[int | None, time | None]:
    """The weekday and the time that are named, as far as they can be read; "10:00 mon" is understood as well."""
    day, at = request.text("weekday"), request.text("time")
    if read_weekday(at) is not None:
        day, at = at, day
    number = request.number("weekday")
    return (number if number is not None and number <= 6 else read_weekday(day)), read_time(at)


def move(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    group = _changing(unit, request, now)
    weekday, at = _slot(request)
    problems = {} if weekday is not None else {"weekday": t("Which day of the week? For example: mon 10:00")}
    problems |= {} if at is not None else {"time": t("At what time? For example: 10:00")}
    if weekday is None or at is None:
        raise Invalid(problems)
    slot = Slot(weekday, at)
    if slot == group.schedule.slot:
        raise Refused(t("{group} meets at that time already.").format(group=group.name))
    since = change_from(group.schedule, rhythm(unit.guides.get(group.guide)), now)
    group = _change(unit, group, moved(group.schedule, since, slot), now)
    announce(unit, group, now, "moved", slot.weekday, f"{slot.at:%H-%M}")
    return told(request, group, words.moved(t, group, slot, next_meeting(unit, group, now)))


def _changing(unit: Unit, request: Request, now: datetime) -> Group:
    group = the_group(unit, request, now, lead=True, lock=True)
    if group.state == "finished":
        raise Refused(request.t("{group} has come to its end.").format(group=group.name))
    return group


def _change(unit: Unit, group: Group, schedule: Schedule, now: datetime) -> Group:
    """Keep the new calendar; look at the group when it next wants something; mend the prompt that stands already."""
    guide = unit.guides.get(group.guide)
    before = upcoming(group.schedule, rhythm(guide), now)
    groups.keep_schedule(unit.connection, group, schedule)
    if group.state == "running":
        groups.wake_at(unit.connection, group, next_moment(schedule, rhythm(guide), group.planned_through))
    else:
        first = upcoming(schedule, rhythm(guide), now)
        groups.wake_at(unit.connection, group, first.starts if first else None)
    if before is not None:
        posted = key("prompt", group.id, before.number, before.day.isoformat())
        outbox.refresh(unit.connection, group.workspace, posted, now)
    return groups.load(unit.connection, group.workspace, group.id)


def lost(unit: Unit, row: Row, now: datetime) -> None:
    """A row was left out as stale, or parked. A human hears of a group's post, and may send it all the same.

    Once for all that is lost by the time they hear of it.
    """
    if row.group is None or row.person is not None or (row.state != "parked" and row.kind != "prompt"):
        return
    group = groups.load(unit.connection, row.workspace, row.group)
    if not outbox.waiting(unit.connection, row.workspace, group.id, "missed"):
        tell(unit, group, looked_after_by(group, now), now, "missed")


# ── posts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _session(row: Row, place: int = 1) -> int:
    return int(row.args[place])


def _meeting(unit: Unit, row: Row, group: Group) -> Meeting | None:
    """The meeting a row is about, as long as it is still on the day for which the row was planned."""
    meeting = meeting_of(group.schedule, rhythm(unit.guides.get(group.guide)), _session(row))
    return meeting if meeting is not None and meeting.day.isoformat() == row.args[2] else None


def post_prompt(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    t = translator(home_language(unit, group))
    guide = guide_of(unit, group, t)
    session, meeting = guide.session(_session(row)), _meeting(unit, row, group)
    if meeting is not None:
        return words.prompt(t, group, guide, session, meeting)
    if row.receipt is None:
        return None
    return words.prompt_moved(t, group, session, meeting_of(group.schedule, rhythm(guide), session.number))


def post_prepare(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person, meeting = _recipient(unit, row, group), _meeting(unit, row, group)
    if meeting is None or person.id != group.with_role("mentor"):
        return None
    session = guide_of(unit, group, person.t).session(meeting.number)
    return words.preparation(person.t, group, session, meeting, person)


def post_steps(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person, meeting = _recipient(unit, row, group), _meeting(unit, row, group)
    if meeting is None or person.id != group.with_role("mentee"):
        return None
    session = guide_of(unit, group, person.t).session(meeting.number)
    return words.steps(person.t, group, session, meeting, person)


def post_reminder(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    person, meeting = _recipient(unit, row, group), _meeting(unit, row, group)
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
    person = _recipient(unit, row, group)
    gone = outbox.undelivered(unit.connection, group.workspace, group.id)
    prompts = [one for one in gone if one.kind == "prompt"]
    late = [(_session(one), one.not_before) for one in prompts if one.state == "dropped"]
    parked = [(_session(one), one.not_before, one.reason) for one in prompts if one.state == "parked"]
    others = [one.reason for one in gone if _can_be_sent_again(one)]
    return words.missed(person.t, group, late, parked, others) if late or parked or others else None


def _can_be_sent_again(row: Row) -> bool:
    """A parked post to the group's home; a prompt is sent again by its week."""
    return row.state == "parked" and row.person is None and row.kind != "prompt"


def repost(unit: Unit, request: Request, now: datetime) -> Reply:
    """Send again what could not be delivered to a group's home; of prompts each by itself."""
    group = the_group(unit, request, now, lead=True, lock=True)
    again = [row for row in outbox.undelivered(unit.connection, group.workspace, group.id) if _can_be_sent_again(row)]
    for row in again:
        outbox.again(unit.connection, group.workspace, row.key, now, None)
    return Say(words.sent_again(request.t, group, len(again)))


def post_skipped(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    t = translator(home_language(unit, group))
    return words.skipped(t, group, date.fromisoformat(row.args[1]), next_meeting(unit, group, now))


def post_paused(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    until = date.fromisoformat(row.args[1]) if row.args[1] else None
    return words.paused(translator(home_language(unit, group)), group, until)


def post_resumed(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del row
    t = translator(home_language(unit, group))
    return words.resumed(t, group, next_meeting(unit, group, now))


def post_moved(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del row
    t = translator(home_language(unit, group))
    return words.moved(t, group, group.schedule.slot, next_meeting(unit, group, now))


def _recipient(unit: Unit, row: Row, group: Group) -> Person:
    assert row.person is not None
    return people.one(unit.connection, group.workspace, row.person)
