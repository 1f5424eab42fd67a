"""What is said around the check-in: the question, the thanks, a nudge. Never anyone's words without their yes. What
whoever looks after the group reads is in ``facilitating``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from bot.actions import action
from bot.checkins.rules import LONGEST_LINE, Attendance, Checkin, attendances
from bot.forms import Choice, Form, Option, Scale, TextInput, YesNo
from bot.groups.rules import Group
from bot.groups.words import note
from bot.guides.rules import Session
from bot.i18n import Translator
from bot.markup import fill, literal
from bot.meetings.words import week
from bot.messages import Ask, Block, Button, Heading, Message, Progress, Text
from bot.people.rules import Person
from bot.schedule.rules import Meeting


def week_of(t: Translator, group: Group, number: int) -> str:
    return week(t, number, group.schedule.every)


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
        t("Check-in: {week}").format(week=week_of(t, group, session.number)),
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
        literal(_question(session, role, before)),
    )


def _question(session: Session, role: str, before: Checkin | None) -> str:
    """The session's question; whoever has said that they were not there has one of their own."""
    away = before is not None and not before.attended
    return session.missed if away and session.missed else session.question_for(role)


def _taps(t: Translator, group: Group, number: int, role: str) -> list[Block]:
    """Attendance in one tap; the commonest two answers."""
    other: Attendance = "not_held" if group.kind == "circle" else "mentee_cancelled"
    return [Button(attendance_words(t, one, role), action("attended", group.id, number, one)) for one in ("met", other)]


def request(t: Translator, group: Group, session: Session, role: str) -> Message:
    """The day after the meeting, in private."""
    return Message(
        (
            Heading(literal(t("How was {week}?").format(week=week_of(t, group, session.number)))),
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
        fill(said, week=literal(week_of(t, group, session.number)), group=literal(group.name)),
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
                week=literal(week_of(t, group, session.number)),
                again=again,
            )
        ),
        Text(literal(attendance_words(t, answer.attendance, role)), "quiet"),
    ]
    if session.missed and not answer.attended and not answer.step:
        blocks.append(Text(literal(session.missed)))
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


def shared(
    t: Translator, group: Group, session: Session, answers: Sequence[Checkin], people: Mapping[int, Person]
) -> Message:
    """In the group's home: what was shared, and how many more have checked in."""
    told = [answer for answer in answers if answer.shared and (answer.step or answer.obstacle)]
    blocks: list[Block] = [Heading(literal(t("Check-ins: {week}").format(week=week_of(t, group, session.number))))]
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
