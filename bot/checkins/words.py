"""What is said around the check-in: the question, the thanks, a nudge, the state of a circle. Never anyone's words
without their yes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import assert_never

from bot.actions import action
from bot.checkins.rules import LONGEST_LINE, Attendance, Checkin, attendances, executive_cancellations, streak
from bot.groups.rules import Group
from bot.groups.words import note
from bot.guides.rules import Session
from bot.i18n import Translator
from bot.markup import Bold, Spans, fill, join, literal
from bot.meetings.words import week
from bot.messages import (
    Ask,
    Block,
    Button,
    Chart,
    Choice,
    Form,
    Heading,
    Message,
    Option,
    Progress,
    Scale,
    Series,
    Table,
    Text,
    TextInput,
    YesNo,
)
from bot.outbox.rules import Row
from bot.people.rules import Person
from bot.schedule.rules import Meeting


def attendance_words(t: Translator, attendance: Attendance, role: str) -> str:
    """How somebody in this role says it of their own meeting."""
    match attendance:
        case "met":
            return t("We met as planned")
        case "elsewhere":
            return t("We met at another time or place")
        case "absent":
            return t("It took place without me")
        case "not_held":
            return t("It did not take place")
        case "mentee_cancelled":
            return t("I had to cancel") if role == "mentee" else t("My mentee had to cancel")
        case "mentor_cancelled":
            return t("I had to cancel") if role == "mentor" else t("My mentor had to cancel")
        case _:
            assert_never(attendance)


def form(t: Translator, group: Group, session: Session, role: str, before: Checkin | None, value: str = "") -> Form:
    """The check-in: under a minute, everything but the first question may stay empty."""
    options = tuple(Option(one, attendance_words(t, one, role)) for one in attendances(group))
    return Form(
        action("checkin", group.id, session.number),
        t("Check-in: {week}").format(week=week(t, session.number)),
        (
            Choice("met", t("Did you meet?"), options, value or (before.attendance if before else ""), required=True),
            Scale(
                "rating", t("How was it?"), 1, 5, t("not useful"), t("very useful"), before.rating if before else None
            ),
            TextInput("step", t("One step you took"), before.step if before else "", long=True, limit=LONGEST_LINE),
            TextInput(
                "obstacle", t("What is in the way?"), before.obstacle if before else "", long=True, limit=LONGEST_LINE
            ),
            YesNo(
                "share",
                t("Share with my circle") if group.kind == "circle" else t("Share with my partner"),
                before.shared if before else False,
                t("They would see your step and your obstacle, never your rating."),
            ),
        ),
        t("Check in"),
        literal(session.question_for(role)),
    )


def _taps(t: Translator, group: Group, number: int, role: str) -> list[Block]:
    """Attendance in one tap; the commonest two answers."""
    other: Attendance = "not_held" if group.kind == "circle" else "mentee_cancelled"
    return [Button(attendance_words(t, one, role), action("attended", group.id, number, one)) for one in ("met", other)]


def request(t: Translator, group: Group, session: Session, role: str) -> Message:
    """The day after the meeting, in private."""
    return Message(
        (
            Heading(literal(t("How was {week}?").format(week=week(t, session.number)))),
            Text(literal(session.question_for(role))),
            Text(
                fill(t("{group} · one minute, and only you see it unless you share it."), group=literal(group.name)),
                "quiet",
            ),
            Ask(t("Check in"), form(t, group, session, role, None), "primary"),
            *_taps(t, group, session.number, role),
        )
    )


def nudge(t: Translator, group: Group, session: Session, role: str, n: int) -> Message:
    said = (
        t("A line about **{week}** with {group}? One tap is enough.")
        if n == 1
        else t("Last call for **{week}** with {group}; I won't ask again.")
    )
    return note(
        fill(said, week=literal(week(t, session.number)), group=literal(group.name)),
        Ask(t("Check in"), form(t, group, session, role, None), "primary"),
        *_taps(t, group, session.number, role),
    )


def thanks(
    t: Translator,
    group: Group,
    session: Session,
    role: str,
    answer: Checkin,
    following: Meeting | None,
    zone: str,
    *,
    open_: bool,
) -> Message:
    """What the request becomes once it is answered."""
    again = t("See you {when}.").format(when=t.moment(following.starts, zone)) if following else ""
    blocks: list[Block] = [
        Text(
            fill(
                t("Thank you, your check-in for **{week}** is in. {again}"),
                week=literal(week(t, session.number)),
                again=again,
            )
        ),
        Text(literal(attendance_words(t, answer.attendance, role)), "quiet"),
    ]
    if answer.rating is not None:
        blocks.append(Progress(t("How it was"), answer.rating, 5))
    for label, text in ((t("Your step"), answer.step), (t("In the way"), answer.obstacle)):
        if text:
            blocks.append(Text(fill(f"**{label}**: {{text}}", text=literal(text))))
    if answer.step or answer.obstacle:
        seen = t("Shared with your group.") if answer.shared else t("Only you can see this.")
        blocks.append(Text(literal(seen), "quiet"))
    if open_:
        complete = answer.rating is not None or answer.step or answer.obstacle or not answer.attended
        label = t("Change") if complete else t("Add how it was")
        blocks.append(Ask(label, form(t, group, session, role, answer)))
    return Message(tuple(blocks))


def shared(t: Translator, session: Session, answers: Sequence[Checkin], people: Mapping[int, Person]) -> Message:
    """In the group's home: what was shared, and how many more have checked in."""
    told = [answer for answer in answers if answer.shared and (answer.step or answer.obstacle)]
    blocks: list[Block] = [Heading(literal(t("Check-ins: {week}").format(week=week(t, session.number))))]
    for answer in told:
        blocks.append(Text((people[answer.person].mention,)))
        if answer.step:
            blocks.append(Text(literal(answer.step), "quote"))
        if answer.obstacle:
            blocks.append(Text(fill(t("In the way: {text}"), text=literal(answer.obstacle)), "quote"))
    others = len(answers) - len(told)
    if others:
        said = (
            t.count("{n} more has checked in.", "{n} more have checked in.", others)
            if told
            else t.count("{n} has checked in.", "{n} have checked in.", others)
        )
        blocks.append(Text(literal(said.format(n=others)), "quiet"))
    return Message(tuple(blocks))


# ── for whoever looks after the group ────────────────────────────────────────────────────────────────────────────────


def _names(people: Mapping[int, Person], ids: Iterable[int]) -> Spans:
    return join([(people[person].mention,) for person in ids], ", ")


def hint(
    t: Translator,
    group: Group,
    session: Session,
    silent: Sequence[int],
    cancelled: Sequence[int],
    people: Mapping[int, Person],
) -> Message:
    """After the last nudge: a human word does more than a third message of mine."""
    blocks: list[Block] = [
        Heading(literal(t("{group}, {week}").format(group=group.name, week=week(t, session.number))))
    ]
    if silent:
        said = t.count(
            "{names} has not checked in. I have asked and will leave it there; a short word from you may do more.",
            "{names} have not checked in. I have asked and will leave it there; a short word from you may do more.",
            len(silent),
        )
        blocks.append(Text(fill(said, names=_names(people, silent))))
    if len(cancelled) > 1:
        blocks.append(Text(literal(cancellations(t, cancelled))))
        blocks.append(Text(literal(t("What helps: offer a 15-minute slot, and ask the assistant to guard it."))))
    blocks.append(Button(t("Status"), action("status", group.id)))
    return Message(tuple(blocks))


def cancellations(t: Translator, sessions: Sequence[int]) -> str:
    n = len(sessions)
    said = t.count("The mentee had to cancel {n} meeting.", "The mentee had to cancel {n} meetings.", n)
    return said.format(n=n)


def status(
    t: Translator,
    group: Group,
    people: Mapping[int, Person],
    asked: Sequence[int],
    answers: Sequence[Checkin],
    lost: Sequence[Row],
) -> Message:
    """Who met, who answered, streaks. ``asked``: the sessions whose meeting has begun, oldest first."""
    blocks: list[Block] = [Heading(literal(t("{group}: status").format(group=group.name)))]
    if not asked:
        blocks.append(Text(literal(t("The first meeting is still to come."))))
    else:
        blocks += [_status_table(t, group, people, asked, answers), _status_chart(t, group, asked, answers)]
    cancelled = executive_cancellations(answers)
    if cancelled:
        blocks.append(Text(literal(cancellations(t, cancelled))))
    if group.waiting:
        blocks.append(
            Text(
                fill(
                    t("Not answered their invitation yet: {names}"),
                    names=_names(people, (m.person for m in group.waiting)),
                )
            )
        )
    blocks += _lost(t, group, lost)
    blocks += [Button(t("Nudge"), action("nudge", group.id)), Button(t("Look after it"), action("manage", group.id))]
    return Message(tuple(blocks))


def _lost(t: Translator, group: Group, lost: Sequence[Row]) -> list[Block]:
    """What did not arrive: each prompt, which can still be posted; everything else in a line for each reason."""
    blocks: list[Block] = []
    rest: dict[str, Counter[str]] = {}
    for row in lost:
        late = row.state == "dropped"
        if row.kind != "prompt":
            rest.setdefault(t("too late") if late else row.reason, Counter())[row.kind] += 1
            continue
        number = int(row.args[1])
        said = (
            t("The prompt of {when} came too late and was left out.")
            if late
            else t("The prompt of {when} could not be delivered ({reason}).")
        )
        when = t.moment(row.not_before, group.schedule.zone)
        blocks.append(Text(literal(said.format(when=when, reason=row.reason)), "quiet"))
        blocks.append(Button(t("Post {week}").format(week=week(t, number)), action("resend", group.id, number)))
    for reason, kinds in rest.items():
        what = t.list([_how_many(t, kind, n) for kind, n in kinds.items()])
        said = t("Not delivered: {what} ({reason}).")
        blocks.append(Text(literal(said.format(what=what, reason=reason)), "quiet"))
    return blocks


def _how_many(t: Translator, kind: str, n: int) -> str:
    match kind:
        case "checkin":
            said = t.count("{n} check-in request", "{n} check-in requests", n)
        case "prepare":
            said = t.count("{n} preparation", "{n} preparations", n)
        case _:
            said = t.count("{n} other message", "{n} other messages", n)
    return said.format(n=n)


def _status_table(
    t: Translator, group: Group, people: Mapping[int, Person], asked: Sequence[int], answers: Sequence[Checkin]
) -> Table:
    latest = asked[-1]
    by_person = {answer.person: answer for answer in answers if answer.session == latest}
    rows = []
    for member in group.present:
        answer = by_person.get(member.person)
        met = t("not known") if answer is None else t("yes") if answer.attended else t("no")
        # The latest check-in is still open: whoever has not got round to it has not broken anything.
        run = streak(member.person, asked if answer else asked[:-1], answers)
        rows.append(
            (
                (people[member.person].mention,),
                literal(met),
                literal(t("yes") if answer else t("not yet")),
                literal(t.count("{n} week", "{n} weeks", run).format(n=run)),
            )
        )
    caption = t("{week}: {n} of {all} have checked in.").format(week=week(t, latest), n=len(by_person), all=len(rows))
    return Table(caption, (t("Who"), t("Met"), t("Checked in"), t("In a row")), tuple(rows))


def _status_chart(t: Translator, group: Group, asked: Sequence[int], answers: Sequence[Checkin]) -> Chart:
    counts = [sum(answer.session == number for answer in answers) for number in asked]
    names = tuple(str(number) for number in asked)
    said = t.list([t("week {w}: {n}").format(w=name, n=count) for name, count in zip(names, counts, strict=True)])
    return Chart(
        "bar",
        t("Check-ins by week"),
        names,
        (Series(t("Check-ins"), tuple(float(count) for count in counts)),),
        t("{said}; the group has {n} people now.").format(said=said, n=len(group.present)),
        t("Week"),
        t("Check-ins"),
    )


def nudged(
    t: Translator,
    group: Group,
    now: Sequence[int],
    later: Sequence[tuple[int, datetime]],
    spent: Sequence[int],
    people: Mapping[int, Person],
) -> Message:
    """What a facilitator's nudge does: whom it reaches, whom it reaches later, and whom it spares."""
    blocks: list[Block] = []
    if now:
        blocks.append(Text(fill(t("A nudge is on its way to {names}."), names=_names(people, now))))
    for person, at in later:
        said = t("{name} hears from me on {when}; sooner would not be polite.")
        when = t.moment(at, people[person].zone)
        blocks.append(Text(fill(said, name=people[person].mention, when=when)))
    if spent:
        said = t.count(
            "{names} has heard from me as often as I allow myself. A word from you would do more.",
            "{names} have heard from me as often as I allow myself. A word from you would do more.",
            len(spent),
        )
        blocks.append(Text(fill(said, names=_names(people, spent))))
    if not blocks:
        blocks.append(Text(fill(t("Everybody in {group} has checked in."), group=Bold(group.name))))
    return Message(tuple(blocks))
