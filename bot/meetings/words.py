"""What is said about a group's weeks: prompt, preparation, steps, agenda, preview. Skip, pause, move: ``calendar``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.actions import action
from bot.groups.rules import Group
from bot.groups.words import note
from bot.groups.words import which_slot as which_slot
from bot.guides.further import read_buttons
from bot.guides.library import Article
from bot.guides.rules import Every, Guide, Part, Session
from bot.i18n import Translator
from bot.markup import Plain, Spans, fill, literal
from bot.messages import Block, Button, Divider, Facts, Heading, List, Message, Text
from bot.outbox.words import why
from bot.people.rules import Person
from bot.schedule.rules import Meeting, wall


def week(t: Translator, number: int, every: Every = "weekly") -> str:
    """ "Week 3", or "Meeting 3" where not every week has one; the one before the first is for setting up."""
    if every != "weekly":
        return t("Meeting {n}").format(n=number) if number else t("Set-up meeting")
    return t("Week {n}").format(n=number) if number else t("Set-up week")


def title(t: Translator, session: Session, every: Every = "weekly") -> str:
    return f"{week(t, session.number, every)}: {session.title}"


def when(t: Translator, meeting: Meeting, zone: str) -> str:
    """The meeting's day and hour in a zone, and which zone that is."""
    return f"{t.moment(meeting.starts, zone)} ({zone})"


def _parts(parts: tuple[Part, ...], start: datetime | None, zone: str, t: Translator) -> List:
    """The parts with their minutes and, where the meeting is set, with the time at which each begins."""
    items: list[Spans] = []
    at = start
    for part in parts:
        clock = f"{t.time(wall(at, zone).time())} · " if at else ""
        minutes = t("{n} min").format(n=part.minutes)
        items.append((Plain(f"{clock}{minutes} · "), *part.text))
        at = at + timedelta(minutes=part.minutes) if at else None
    return List(tuple(items))


# ── the week ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def prompt(
    t: Translator, group: Group, guide: Guide, session: Session, meeting: Meeting, offered: Sequence[Article] = ()
) -> Message:
    """The week's message in the group's home. ``offered``: what helps with it."""
    meets = when(t, meeting, group.schedule.zone)
    return Message(
        (
            Heading(literal(title(t, session, group.schedule.every))),
            Text(session.purpose, "quiet"),
            *session.prompt,
            *(_titled(t("**To prepare**"), session.preparation) if group.kind == "circle" else ()),
            Facts(((t("We meet"), literal(t("{when}, {n} min").format(when=meets, n=guide.minutes))),)),
            Button(t("Agenda"), action("agenda", group.id, session.number), "primary"),
            Button(
                t("Only {n} minutes?").format(n=guide.short_minutes),
                action("agenda", group.id, session.number, "short"),
            ),
            Button(t("My goal"), action("goal", group.id)),
            *read_buttons(t, offered),
        )
    )


def prompt_moved(t: Translator, group: Group, session: Session, meeting: Meeting | None) -> Message:
    """The prompt of a meeting that does not take place on its day after all."""
    later = (
        fill(t("Not this time: we meet on **{when}**, with the same step."), when=when(t, meeting, group.schedule.zone))
        if meeting
        else fill(t("Not this time: **{group}** pauses. We go on with the same step."), group=literal(group.name))
    )
    return Message((Heading(literal(title(t, session, group.schedule.every))), Text(later)))


def preparation(t: Translator, group: Group, session: Session, meeting: Meeting, mentor: Person) -> Message:
    """To the reverse mentor, some days before."""
    return Message(
        (
            Heading(literal(t("Prepare {title}").format(title=title(t, session, group.schedule.every)))),
            Text(fill(t("You meet on **{when}**."), when=when(t, meeting, mentor.zone))),
            *session.preparation,
            Button(t("Agenda"), action("agenda", group.id, session.number), "primary"),
        )
    )


def steps(t: Translator, group: Group, session: Session, meeting: Meeting, mentee: Person) -> Message:
    """To the executive: small steps, a few minutes each."""
    items = tuple((Plain(t("{n} min · ").format(n=part.minutes)), *part.text) for part in session.steps)
    return Message(
        (
            Heading(literal(title(t, session, group.schedule.every))),
            Text(session.purpose),
            List(items, ordered=True),
            Text(
                fill(t("Do what fits. You meet on **{when}**."), when=when(t, meeting, mentee.zone)),
                "quiet",
            ),
            Button(t("Agenda"), action("agenda", group.id, session.number)),
        )
    )


def reminder(t: Translator, group: Group, session: Session, meeting: Meeting, person: Person) -> Message:
    said = t("In an hour: **{title}** with {group}, at {time}.")
    at = t.time(wall(meeting.starts, person.zone).time())
    return note(
        fill(said, title=literal(title(t, session, group.schedule.every)), group=literal(group.name), time=at),
        Button(t("Agenda"), action("agenda", group.id, session.number), "primary"),
        Button(t("No more reminders"), action("reminders", "off")),
    )


def closing(t: Translator, group: Group, guide: Guide) -> Message:
    return Message(
        (
            Heading(literal(_the_last(t, group).format(group=group.name))),
            *guide.closing,
            Button(t("Again, with a new goal"), action("again", group.id), "primary"),
            Button(t("Roster"), action("roster", group.id)),
        )
    )


def _the_last(t: Translator, group: Group) -> str:
    return t("{group}: the last week") if group.schedule.every == "weekly" else t("{group}: the last meeting")


def agenda(
    t: Translator,
    group: Group,
    guide: Guide,
    session: Session,
    meeting: Meeting | None,
    *,
    short: bool,
    lead: bool,
    offered: Sequence[Article] = (),
) -> Message:
    """A meeting, minute by minute, and its exercise; the tip is for whoever leads. ``offered``: what helps."""
    parts, minutes = (session.short, guide.short_minutes) if short else (session.agenda, guide.minutes)
    zone = group.schedule.zone
    set_for = when(t, meeting, zone) if meeting else t("not set")
    blocks: list[Block] = [
        Heading(literal(title(t, session, group.schedule.every))),
        Text(session.purpose),
        Facts(((t("When"), literal(set_for)), (t("Takes"), literal(t("{n} minutes").format(n=minutes))))),
        _parts(parts, meeting.starts if meeting else None, zone, t),
    ]
    if not short:
        if group.kind == "circle":
            blocks += _titled(t("**To prepare**"), session.preparation)
        blocks += _titled(t("**Exercise**"), session.exercise)
    if lead:
        blocks += _titled(t("**For whoever leads**"), (*session.facilitator_preparation, *session.tip))
        blocks += _titled(t("**What is often difficult**"), session.challenge)
    blocks += _titled(t("**A next small step**"), session.next_step)
    if session.reading and not short:
        blocks.append(Button(t("Reading"), action("agenda", group.id, session.number, "reading")))
    other = (
        Button(t("The full {n} minutes").format(n=guide.minutes), action("agenda", group.id, session.number))
        if short
        else Button(
            t("Only {n} minutes?").format(n=guide.short_minutes), action("agenda", group.id, session.number, "short")
        )
    )
    blocks.append(other)
    if guide.training:
        blocks.append(Button(t("Quiz and task"), action("train", guide.id)))
    blocks += read_buttons(t, offered)
    blocks += _neighbours(t, group, guide, session.number)
    return Message(tuple(blocks))


def reading(t: Translator, group: Group, guide: Guide, session: Session) -> Message:
    """What a session of a training gives to read, to do and to think about."""
    return Message(
        (
            Heading(literal(title(t, session, guide.every))),
            *session.reading,
            *_titled(t("**A task for the days until you meet again**"), session.task),
            *_titled(t("**To think about**"), (Text(literal(session.reflection)),) if session.reflection else ()),
            Button(t("Agenda"), action("agenda", group.id, session.number), "primary"),
        )
    )


def _titled(name: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks under their name, set apart; nothing where there are none. The name is a template."""
    return (Divider(), Text(fill(name)), *blocks) if blocks else ()


def _neighbours(t: Translator, group: Group, guide: Guide, number: int) -> list[Block]:
    return [
        Button(
            f"{arrow} {week(t, near, guide.every)}" if near < number else f"{week(t, near, guide.every)} {arrow}",
            action("agenda", group.id, near),
        )
        for near, arrow in ((number - 1, "←"), (number + 1, "→"))
        if guide.first <= near <= guide.last
    ]


def preview(
    t: Translator,
    group: Group,
    guide: Guide,
    session: Session,
    meeting: Meeting | None,
    *,
    may_post: bool,
    offered: Sequence[Article] = (),
) -> Message:
    """What the group gets in a week, for whoever leads it."""
    blocks: list[Block] = [
        Heading(literal(t("Preview: {title}").format(title=title(t, session, group.schedule.every)))),
        Text(literal(when(t, meeting, group.schedule.zone) if meeting else t("not set")), "quiet"),
        Text(fill(t("**In the group**"))),
        *session.prompt,
    ]
    before = t("**To the mentor, before**") if group.kind == "pair" else t("**To prepare**")
    blocks += _titled(before, session.preparation)
    blocks += _titled(t("**For whoever leads**"), session.facilitator_preparation)
    if session.steps:
        items = tuple((Plain(t("{n} min · ").format(n=part.minutes)), *part.text) for part in session.steps)
        blocks += [Divider(), Text(fill(t("**To the mentee**"))), List(items, ordered=True)]
    blocks += [Divider(), Text(fill(t("**In the check-in**"))), Text(literal(session.question), "quote")]
    if session.missed:
        blocks += [Text(fill(t("For those who were not there:"))), Text(literal(session.missed), "quote")]
    blocks += _titled(t("**What is often difficult**"), session.challenge)
    blocks += _titled(t("**A next small step**"), session.next_step)
    blocks += read_buttons(t, offered)
    if may_post:
        blocks.append(Button(t("Post the prompt again"), action("resend", group.id, session.number)))
    blocks += [
        Button(week(t, near, guide.every), action("preview", group.id, near))
        for near in (session.number - 1, session.number + 1)
        if guide.first <= near <= guide.last
    ]
    return Message(tuple(blocks))


def on_its_way(t: Translator, number: int, every: Every = "weekly") -> Message:
    return note(literal(t("{week} is on its way to the group.").format(week=week(t, number, every))))


def missed(
    t: Translator,
    group: Group,
    late: Sequence[tuple[int, datetime]],
    parked: Sequence[tuple[int, datetime, str]] = (),
    others: Sequence[str] = (),
) -> Message:
    """To the facilitator: which prompts came too late, which could not be delivered, and why the rest could not."""
    name, zone, every = literal(group.name), group.schedule.zone, group.schedule.every
    blocks: list[Block] = []
    if late:
        said = t("I could not reach **{group}** for a while. These prompts came too late and were left out:")
        blocks.append(Text(fill(said, group=name)))
        blocks.append(List(tuple(literal(f"{week(t, n, every)}, {t.moment(at, zone)}") for n, at in late)))
    if parked:
        blocks.append(Text(fill(t("I could not deliver these prompts to **{group}**:"), group=name)))
        lines = (f"{week(t, n, every)}, {t.moment(at, zone)}: {why(t, reason)}" for n, at, reason in parked)
        blocks.append(List(tuple(literal(line) for line in lines)))
    numbers = dict.fromkeys([n for n, _ in late] + [n for n, *_ in parked])
    blocks += [Button(t("Post {week}").format(week=week(t, n, every)), action("resend", group.id, n)) for n in numbers]
    if others:
        n = len(others)
        said = t.count(
            "I could not deliver {n} message to **{group}**:", "I could not deliver {n} messages to **{group}**:", n
        )
        blocks.append(Text(fill(said, n=str(n), group=name)))
        blocks.append(List(tuple(literal(why(t, reason)) for reason in dict.fromkeys(others))))
        blocks.append(Button(t("Send again"), action("repost", group.id)))
    return Message(tuple(blocks))


def sent_again(t: Translator, group: Group, n: int) -> Message:
    said = t.count("{n} message to **{group}** is on its way.", "{n} messages to **{group}** are on their way.", n)
    return note(fill(said if n else t("**{group}** has got everything by now."), n=str(n), group=literal(group.name)))
