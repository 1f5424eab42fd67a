"""The calendar of a group: look at it, skip, pause, resume, move; and send again what was lost."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.errors import Invalid, Refused
from bot.forms import Form
from bot.groups import members
from bot.groups import store as groups
from bot.groups.rights import group_for_form, the_group
from bot.groups.rules import FOREVER, Group, Member, looked_after_by, may_lead, rhythm
from bot.groups.service import announce, tell, told
from bot.guides.further import articles
from bot.guides.rules import Article, Guide, Session
from bot.i18n import Translator
from bot.meetings import calendar, forms, words
from bot.meetings.rules import SOON, change_from, coming, meeting_of, moved, paused, resumed, skipped
from bot.messages import Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Row, key
from bot.people.rules import Request
from bot.schedule.cadence import PLACES
from bot.schedule.reading import read_date, read_slot, read_time
from bot.schedule.rules import Meeting, Schedule, Slot, current, moments, next_moment, upcoming, wall
from bot.unit import Unit

_PLACES = {str(place) for place in PLACES}


def guide_of(unit: Unit, group: Group, t: Translator) -> Guide:
    """The group's guide in somebody's language."""
    return unit.guide_of(group, t.language)


def next_meeting(unit: Unit, group: Group, now: datetime) -> Meeting | None:
    """The group's next meeting that has not begun."""
    return upcoming(group.schedule, rhythm(unit.guide_of(group)), now)


# ── agenda and preview ───────────────────────────────────────────────────────────────────────────────────────────────


def agenda(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    group = the_group(unit, request, now)
    guide = guide_of(unit, group, t)
    number = _week(request, group, guide, now)
    meeting = meeting_of(group.schedule, rhythm(guide), number)
    lead = may_lead(group, request.person.id, now)
    if request.text("edition") == "reading":
        return Say(words.reading(t, group, guide, guide.session(number)))
    session, short = guide.session(number), request.text("edition") == "short"
    # What is difficult is told to whoever leads; the others get what the rest of the page speaks of.
    wanted = session.challenge_articles if lead else mentioned(session)
    offered = articles(unit.guides.library, t.language, wanted)
    return Say(words.agenda(t, group, guide, session, meeting, short=short, lead=lead, offered=offered))


def preview(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    group = the_group(unit, request, now, lead=True)
    guide = guide_of(unit, group, t)
    number = _week(request, group, guide, now)
    meeting = meeting_of(group.schedule, rhythm(guide), number)
    may_post = _prompted(unit, group, number, now)
    session = guide.session(number)
    offered = articles(unit.guides.library, t.language, session.challenge_articles)
    return Say(words.preview(t, group, guide, session, meeting, may_post=may_post, offered=offered))


def mentioned(session: Session) -> tuple[Article, ...]:
    """The articles that a session speaks of outside of its challenge."""
    return tuple(one for one in session.articles if one not in session.challenge_articles)


def _week(request: Request, group: Group, guide: Guide, now: datetime) -> int:
    """The week that is asked for; without one, the week of the next meeting, or the last."""
    if not request.has("week"):
        following = upcoming(group.schedule, rhythm(guide), now)
        if following is not None:
            return following.number
        at = current(group.schedule, rhythm(guide), now)
        return guide.first if at is None else at
    named = request.text("week").lower().removeprefix("week ").removeprefix("meeting ").removeprefix("woche ")
    number = request.given(week=named).number("week")
    if number is None or not guide.first <= number <= guide.last:
        weeks = request.t("This guide has the weeks {first} to {last}.")
        said = weeks if guide.every == "weekly" else request.t("This guide has the meetings {first} to {last}.")
        said = said.format(first=guide.first, last=guide.last)
        raise Refused(said)
    return number


def _prompted(unit: Unit, group: Group, number: int, now: datetime) -> bool:
    """Whether the prompt of this week has fallen due."""
    plan = moments(group.schedule, rhythm(unit.guide_of(group)))
    return any(m.kind == "prompt" and m.number == number and m.at <= now for m in plan) and group.state != "forming"


def resend(unit: Unit, request: Request, now: datetime) -> Reply:
    """Post a prompt once more, because it was lost, came too late, or somebody wants it on top."""
    t = request.t
    group = the_group(unit, request, now, lead=True, lock=True)
    guide = guide_of(unit, group, t)
    number = _week(request, group, guide, now)
    meeting = meeting_of(group.schedule, rhythm(guide), number)
    if meeting is None or not _prompted(unit, group, number, now):
        week = words.week(t, number, guide.every)
        raise Refused(t("{week} is still to come; its prompt goes out by itself.").format(week=week))
    posted = key("prompt", group.id, number, meeting.day.isoformat())
    outbox.queue(unit.connection, [Due(posted, group.workspace, now, group=group.id)], now)
    outbox.again(unit.connection, group.workspace, posted, now, None)
    return Say(words.on_its_way(t, number, guide.every))


# ── skip, pause, resume, move ────────────────────────────────────────────────────────────────────────────────────────


def skip_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now, lead=True)
    soon = coming(group.schedule, rhythm(unit.guide_of(group)), now)[:SOON] if group else ()
    return forms.skip_form(request.t, group, soon, choice)


def skip(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    group = _changing(unit, request, now)
    soon = coming(group.schedule, rhythm(unit.guide_of(group)), now)
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
    return told(request, group, calendar.skipped(t, group, day, next_meeting(unit, group, now)))


def pause_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now)
    lead = group is None or may_lead(group, request.person.id, now)
    only_me, text = _break(request)
    until = read_date(text, _today(request, group, now))
    return forms.pause_form(request.t, group, choice, lead=lead, only_me=only_me, until=until)


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
    first = change_from(group.schedule, rhythm(unit.guide_of(group)), now)
    group = _change(unit, group, paused(group.schedule, first, until), now)
    announce(unit, group, now, "paused", until.isoformat() if until else "")
    return told(request, group, calendar.paused(t, group, until))


def _pause_me(unit: Unit, request: Request, group: Group, until: date | None, now: datetime) -> Reply:
    member = group.member(request.person.id)
    if member is None or member.state != "in":
        raise Refused(request.t("You are not in {group}.").format(group=group.name))
    away = Member(member.person, member.role, "in", until or FOREVER)
    members.keep(unit.connection, group.workspace, group.id, away, now)
    return Say(calendar.i_paused(request.t, group, until))


def resume(unit: Unit, request: Request, now: datetime) -> Reply:
    t, me = request.t, request.person.id
    group = the_group(unit, request, now, lock=True)
    member = group.member(me)
    if member is not None and member.state == "in" and member.paused_until is not None:
        members.keep(unit.connection, group.workspace, group.id, Member(me, member.role, "in"), now)
        if not may_lead(group, me, now) or resumed(group.schedule, group.today(now)) is None:
            return Say(calendar.i_resumed(t, group))
    group = _changing(unit, request, now)
    schedule = resumed(group.schedule, change_from(group.schedule, rhythm(unit.guide_of(group)), now))
    if schedule is None:
        raise Refused(t("{group} is not on a break.").format(group=group.name))
    group = _change(unit, group, schedule, now)
    announce(unit, group, now, "resumed")
    return told(request, group, calendar.resumed(t, group, next_meeting(unit, group, now)))


def move_form(unit: Unit, request: Request, now: datetime) -> Form:
    group, choice = group_for_form(unit, request, now, lead=True)
    return forms.move_form(request.t, group, choice, *_slot(request))


def _slot(request: Request) -> tuple[int | None, int | None, time | None]:
    """Which one of the month, the weekday and the time that are named, as far as they can be read; "10:00 mon" is
    understood as well."""
    day, at = request.text("weekday"), request.text("time")
    number = request.number("weekday")
    if number is not None and number <= 6:
        nth = request.text("nth")
        return (int(nth) if nth in _PLACES else None), number, read_time(at)
    return read_slot(f"{day} {at}")


def move(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    group = _changing(unit, request, now)
    nth, weekday, at = _slot(request)
    every = group.schedule.every
    nth = nth if every == "monthly" or request.via != "form" else None
    known = weekday is not None and (nth is not None) == (every == "monthly")
    field = "nth" if every == "monthly" and weekday is not None else "weekday"
    problems = {} if known else {field: words.which_slot(t, every)}
    problems |= {} if at is not None else {"time": t("At what time? For example: 10:00")}
    if weekday is None or at is None or problems:
        raise Invalid(problems)
    slot = Slot(weekday, at, every, nth)
    if slot == group.schedule.slot:
        raise Refused(t("{group} meets at that time already.").format(group=group.name))
    since = change_from(group.schedule, rhythm(unit.guide_of(group)), now)
    group = _change(unit, group, moved(group.schedule, since, slot), now)
    announce(unit, group, now, "moved", slot.weekday, f"{slot.at:%H-%M}", *([slot.nth] if slot.nth else []))
    return told(request, group, calendar.moved(t, group, slot, next_meeting(unit, group, now)))


def _changing(unit: Unit, request: Request, now: datetime) -> Group:
    group = the_group(unit, request, now, lead=True, lock=True)
    if group.state == "finished":
        raise Refused(request.t("{group} has come to its end.").format(group=group.name))
    return group


def _change(unit: Unit, group: Group, schedule: Schedule, now: datetime) -> Group:
    """Keep the new calendar; look at the group when it next wants something; mend the prompt that stands already."""
    guide = unit.guide_of(group)
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


def can_be_sent_again(row: Row) -> bool:
    """A parked post to the group's home; a prompt is sent again by its week."""
    return row.state == "parked" and row.person is None and row.kind != "prompt"


def repost(unit: Unit, request: Request, now: datetime) -> Reply:
    """Send again what could not be delivered to a group's home; of prompts each by itself."""
    group = the_group(unit, request, now, lead=True, lock=True)
    again = [row for row in outbox.undelivered(unit.connection, group.workspace, group.id) if can_be_sent_again(row)]
    for row in again:
        outbox.again(unit.connection, group.workspace, row.key, now, None)
    return Say(words.sent_again(request.t, group, len(again)))
