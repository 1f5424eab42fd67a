"""Check in, see who has, nudge who has not. A person's words are theirs; the group sees what they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.checkins import facilitating, store, words
from bot.checkins.rules import (
    LONGEST_LINE,
    MOST_NUDGES,
    Attendance,
    Checkin,
    attendances,
    executive_cancellations,
    silent,
)
from bot.errors import Invalid, Refused
from bot.forms import Form
from bot.groups.posts import home_language, recipient
from bot.groups.rights import the_group
from bot.groups.rules import Group, courtesy, is_paused_for, rhythm
from bot.groups.service import answer, placed
from bot.guides.further import articles
from bot.guides.rules import Session
from bot.i18n import translator
from bot.meetings.rules import begun
from bot.meetings.service import guide_of, next_meeting
from bot.messages import Message, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Row, key
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.schedule.courtesy import APART, polite
from bot.schedule.rules import closes
from bot.unit import Unit

# ── the check-in ─────────────────────────────────────────────────────────────────────────────────────────────────────


def open_session(unit: Unit, group: Group, now: datetime) -> int | None:
    """The session one can check in about: the latest meeting that has begun, until its check-in closes."""
    week = rhythm(unit.guide_of(group))
    past = begun(group.schedule, week, now)
    if not past:
        return None
    ends = closes(group.schedule, week, past[-1].number)
    return past[-1].number if ends is None or now < ends else None


def form(unit: Unit, request: Request, now: datetime) -> Form:
    # Which questions are asked depends on the group: where several could be meant, that is asked first.
    group = the_group(unit, request, now)
    session = _session(unit, request, group, now)
    before = store.one(unit.connection, group.workspace, group.id, session.number, request.person.id)
    return words.form(request.t, group, session, _role(group, request.person), before)


def checkin(unit: Unit, request: Request, now: datetime) -> Reply:
    t = request.t
    group = the_group(unit, request, now, lock=True)
    session = _session(unit, request, group, now)
    met = {"yes": "met", "no": "not_held"}.get(request.text("met"), request.text("met"))
    known = [one for one in attendances(group) if one == met]
    problems = {} if known else {"met": t("Did you meet? Choose one.")}
    rating = request.number("rating")
    if request.has("rating") and (rating is None or not 1 <= rating <= 5):
        problems["rating"] = t("From 1 to 5, please.")
    lines = {name: request.text(name) for name in ("step", "obstacle")}
    for name, line in lines.items():
        if len(line) > LONGEST_LINE:
            problems[name] = t("At most {n} characters; this has {count}.").format(n=LONGEST_LINE, count=len(line))
    if problems:
        raise Invalid(problems)
    shared = request.text("share") == "yes"
    kept = Checkin(request.person.id, session.number, known[0], rating, lines["step"], lines["obstacle"], shared)
    return _keep(unit, request, group, session, kept, now)


def attended(unit: Unit, request: Request, now: datetime) -> Reply:
    """Attendance in one tap; whatever else was answered before stays."""
    group = the_group(unit, request, now, lock=True)
    session = _session(unit, request, group, now)
    known: list[Attendance] = [one for one in attendances(group) if one == request.text("attendance")]
    if not known:
        raise Refused(request.t("I can't read that answer. The check-in form has them all."))
    before = store.one(unit.connection, group.workspace, group.id, session.number, request.person.id)
    told = (before.rating, before.step, before.obstacle, before.shared) if before else (None, "", "", False)
    return _keep(unit, request, group, session, Checkin(request.person.id, session.number, known[0], *told), now)


def _session(unit: Unit, request: Request, group: Group, now: datetime) -> Session:
    """The session that is asked about. Raises Refused where it cannot be answered: not yet, or no longer."""
    t = request.t
    if not group.is_in(request.person.id):
        raise Refused(t("Only those who are in {group} check in.").format(group=group.name))
    guide = guide_of(unit, group, t)
    if group.state == "forming":
        raise Refused(t("{group} has not begun yet.").format(group=group.name))
    latest = open_session(unit, group, now)
    asked = request.number("session") if request.has("session") else latest
    past = begun(group.schedule, rhythm(guide), now)
    if asked is None:
        if past:
            raise Refused(t("The last check-in is closed. The next one opens with the next meeting."))
        following = next_meeting(unit, group, now)
        when = t.moment(following.starts, request.person.zone) if following else t("not set")
        raise Refused(t("You can check in after your first meeting ({when}).").format(when=when))
    if not any(meeting.number == asked for meeting in past):
        raise Refused(t("That meeting is still to come."))
    ends = closes(group.schedule, rhythm(guide), asked)
    if ends is not None and ends <= now:
        if group.schedule.every == "weekly":
            raise Refused(t("This check-in is closed: the next week has begun."))
        raise Refused(t("This check-in is closed. The next one opens with the next meeting."))
    return guide.session(asked)


def _keep(unit: Unit, request: Request, group: Group, session: Session, kept: Checkin, now: datetime) -> Reply:
    store.keep(unit.connection, group.workspace, group.id, kept, now)
    standing = _steps(group.id, session.number, kept.person)
    outbox.refresh_all(unit.connection, group.workspace, standing, now, unless=request.place.message)
    summary = key("shared", group.id, session.number)
    outbox.refresh(unit.connection, group.workspace, summary, now)
    if kept.shared and (kept.step or kept.obstacle) and group.is_housed:
        outbox.queue(unit.connection, [Due(summary, group.workspace, now, group=group.id)], now)
    return answer(unit, request, _thanks(unit, request.person, group, session, kept, now), standing)


def _thanks(unit: Unit, person: Person, group: Group, session: Session, kept: Checkin, now: datetime) -> Message:
    ends = closes(group.schedule, rhythm(unit.guide_of(group)), session.number)
    following = next_meeting(unit, group, now)
    role = _role(group, person)
    still_open = ends is None or now < ends
    return words.thanks(person.t, group, session, role, kept, following, person.zone, open_=still_open)


def _role(group: Group, person: Person) -> str:
    return group.role(person.id) or "participant"


# ── status and nudge ─────────────────────────────────────────────────────────────────────────────────────────────────


def status(unit: Unit, request: Request, now: datetime) -> Reply:
    group = the_group(unit, request, now, lead=True)
    who = _everybody(unit, group)
    asked = [meeting.number for meeting in begun(group.schedule, rhythm(unit.guide_of(group)), now)]
    if group.state == "forming":
        asked = []
    here = {member.person for member in group.present}
    answers = [a for a in store.of_group(unit.connection, group.workspace, group.id) if a.person in here]
    lost = outbox.undelivered(unit.connection, group.workspace, group.id)
    return Say(facilitating.status(request.t, group, placed(unit, who, request.person.workspace), asked, answers, lost))


def nudge(unit: Unit, request: Request, now: datetime) -> Reply:
    """Bring the next planned nudge forward, for each who has not answered; never more than there were to be."""
    t = request.t
    group = the_group(unit, request, now, lead=True, lock=True)
    number = open_session(unit, group, now) if group.state != "forming" else None
    if number is None:
        raise Refused(t("There is no check-in open to nudge about."))
    who = _everybody(unit, group)
    at_once: list[int] = []
    later: list[tuple[int, datetime]] = []
    spent: list[int] = []
    given = store.of_group(unit.connection, group.workspace, group.id, number)
    asked = {person: _ladder(unit, group, number, person) for person in _awaited(group, given, now)}
    if asked and not any(asked.values()):
        raise Refused(t("The check-in request goes out on the day after the meeting; a nudge makes sense after it."))
    for person, rows in asked.items():
        gone = [row for row in rows if row.state != "planned"]
        waiting = rows[len(gone) :]
        if not waiting:
            if rows:
                spent.append(person)
            continue
        at = waiting[0].not_before
        if gone:
            # The request may be followed at once, since a human wants it; after a nudge there is a day of peace.
            free = now if len(gone) == 1 else gone[-1].since + APART
            at = min(at, polite(max(now, free), courtesy(who[person])))
            outbox.pull(unit.connection, group.workspace, waiting[0].key, at, now)
        if at > now:
            later.append((person, at))
        else:
            at_once.append(person)
    return Say(facilitating.nudged(t, group, at_once, later, spent, who))


def _awaited(group: Group, given: Iterable[Checkin], now: datetime) -> tuple[int, ...]:
    """Whose answer is still waited for, besides those given: not theirs who are on a break."""
    return tuple(person for person in silent(group, given) if not is_paused_for(group, person, now))


def _ladder(unit: Unit, group: Group, number: int, person: int) -> list[Row]:
    """What was or will be asked of one person about one session: the request and its nudges, in their order."""
    keys = _steps(group.id, number, person)
    rows = outbox.find(unit.connection, group.workspace, keys)
    return [rows[one] for one in keys if one in rows]


def _steps(group: int, session: int, person: int) -> tuple[str, ...]:
    """The keys of a request and its nudges, in their order."""
    nudges = (key("nudge", group, session, n, person) for n in range(1, MOST_NUDGES + 1))
    return (key("checkin", group, session, person), *nudges)


def asked_before(row: Row) -> tuple[str, ...]:
    """The keys of what was asked before a nudge, of which ``not_before`` looks how it went; of other rows none."""
    _, session, n, *_ = (*row.args, "", "", "")
    if row.kind != "nudge" or row.group is None or row.person is None or not (session + n).isdecimal():
        return ()
    return _steps(row.group, int(session), row.person)[: int(n)]


def not_before(unit: Unit, row: Row, now: datetime) -> datetime | None:
    """A nudge that was held up does not come on the heels of what was held up with it: when it may. None: now."""
    if row.kind != "nudge" or row.receipt is not None or row.group is None or row.person is None:
        return None
    keys = asked_before(row)
    rows = outbox.find(unit.connection, row.workspace, keys)
    earlier = [rows[one] for one in keys if one in rows and rows[one].state != "dropped"]
    if not earlier:
        return None
    last = earlier[-1]
    if last.state == "planned":
        return now + APART
    return last.since + APART if last.since > row.not_before and last.since + APART > now else None


def answered_by(rows: Iterable[Row]) -> frozenset[tuple[int, int, int]]:
    """The answers that composing these posts looks for: (group, session, person) of each request and nudge."""
    asked = (row for row in rows if row.kind in ("checkin", "nudge") and len(row.args) > 1 and row.args[1].isdecimal())
    return frozenset((row.group, int(row.args[1]), row.person) for row in asked if row.group and row.person)


def _everybody(unit: Unit, group: Group) -> Mapping[int, Person]:
    ids = {member.person for member in group.members} | {group.organiser}
    return people.by_id(unit.connection, group.workspace, ids)


# ── posts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def post_checkin(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    return _ask(unit, row, group, now, 0)


def post_nudge(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    return _ask(unit, row, group, now, int(row.args[2]))


def _ask(unit: Unit, row: Row, group: Group, now: datetime, n: int) -> Message | None:
    """The request (0) or a nudge; the thanks where one stands and was answered; nothing where it is not needed."""
    person = recipient(unit, row, group)
    session = guide_of(unit, group, person.t).session(int(row.args[1]))
    given = store.one(unit.connection, group.workspace, group.id, session.number, person.id)
    if given is not None:
        return _thanks(unit, person, group, session, given, now) if row.receipt else None
    if not group.is_in(person.id):
        return None
    role = _role(group, person)
    return words.nudge(person.t, group, session, role, n) if n else words.request(person.t, group, session, role)


def post_shared(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    del now
    number = int(row.args[1])
    t = translator(home_language(unit, group))
    answers = store.of_group(unit.connection, group.workspace, group.id, number)
    session = guide_of(unit, group, t).session(number)
    return words.shared(t, group, session, answers, _everybody(unit, group)) if answers else None


def post_hint(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    assert row.person is not None
    number = int(row.args[1])
    answers = store.of_group(unit.connection, group.workspace, group.id)
    here = [one for one in answers if one.session == number]
    quiet = tuple(person for person in _awaited(group, here, now) if person != row.person)
    cancelled = executive_cancellations(answers)
    fresh = cancelled if number in cancelled else ()
    if not quiet and len(fresh) < 2:
        return None
    person = recipient(unit, row, group)
    session = guide_of(unit, group, person.t).session(number)
    trouble = ["the-executive-cancels"] if len(fresh) > 1 else []
    if len(quiet) >= len(group.present) - 1 and len(group.present) > 2:
        # Nobody has answered, or nobody besides whoever reads this.
        trouble += ["nobody-prepared", "meetings-get-cancelled"]
    offered = articles(unit.guides.library, person.language, *trouble, session.challenge_articles)
    return facilitating.hint(person.t, group, session, quiet, fresh, _everybody(unit, group), offered)
