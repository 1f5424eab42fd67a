"""What is said about a group's weeks: prompt, preparation, steps, agenda, and changes of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.actions import action
from bot.groups.rules import Group
from bot.groups.words import note
from bot.guides.rules import Guide, Part, Session
from bot.i18n import Translator
from bot.markup import Plain, Spans, fill, literal
from bot.messages import (
    Block,
    Button,
    Choice,
    DateInput,
    Divider,
    Facts,
    Form,
    Heading,
    List,
    Message,
    Option,
    Text,
    TimeInput,
)
from bot.people.rules import Person
from bot.schedule.rules import Meeting, Missed, Slot, wall


def week(t: Translator, number: int) -> str:
    """ "Week 3"; the week before the first is the set-up week."""
    return t("Week {n}").format(n=number) if number else t("Set-up week")


def title(t: Translator, session: Session) -> str:
    return f"{week(t, session.number)}: {session.title}"


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


def prompt(t: Translator, group: Group, guide: Guide, session: Session, meeting: Meeting) -> Message:
    """The week's message in the group's home."""
    return Message(
        (
            Heading(literal(title(t, session))),
            Text(session.purpose, "quiet"),
            *session.prompt,
            Facts(((t("We meet"), literal(f"{when(t, meeting, group.schedule.zone)}, {guide.minutes} min")),)),
            Button(t("Agenda"), action("agenda", group.id, session.number), "primary"),
            Button(
                t("Only {n} minutes?").format(n=guide.short_minutes),
                action("agenda", group.id, session.number, "short"),
            ),
            Button(t("My goal"), action("goal", group.id)),
        )
    )


def prompt_moved(t: Translator, group: Group, session: Session, meeting: Meeting | None) -> Message:
    """The prompt of a meeting that does not take place on its day after all."""
    later = (
        fill(t("Not this time: we meet on **{when}**, with the same step."), when=when(t, meeting, group.schedule.zone))
        if meeting
        else fill(t("Not this time: **{group}** pauses. We go on with the same step."), group=literal(group.name))
    )
    return Message((Heading(literal(title(t, session))), Text(later)))


def preparation(t: Translator, group: Group, session: Session, meeting: Meeting, mentor: Person) -> Message:
    """To the reverse mentor, some days before."""
    return Message(
        (
            Heading(literal(t("Prepare {title}").format(title=title(t, session)))),
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
            Heading(literal(title(t, session))),
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
        fill(said, title=literal(title(t, session)), group=literal(group.name), time=at),
        Button(t("Agenda"), action("agenda", group.id, session.number), "primary"),
        Button(t("No more reminders"), action("reminders", "off")),
    )


def closing(t: Translator, group: Group, guide: Guide) -> Message:
    return Message(
        (
            Heading(literal(t("{group}: the last week").format(group=group.name))),
            *guide.closing,
            Button(t("Again, with a new goal"), action("again", group.id), "primary"),
            Button(t("Roster"), action("roster", group.id)),
        )
    )


def agenda(
    t: Translator, group: Group, guide: Guide, session: Session, meeting: Meeting | None, *, short: bool, lead: bool
) -> Message:
    """A meeting, minute by minute, and its exercise; the tip is for whoever leads."""
    parts, minutes = (session.short, guide.short_minutes) if short else (session.agenda, guide.minutes)
    zone = group.schedule.zone
    set_for = when(t, meeting, zone) if meeting else t("not set")
    blocks: list[Block] = [
        Heading(literal(title(t, session))),
        Text(session.purpose),
        Facts(((t("When"), literal(set_for)), (t("Takes"), literal(t("{n} minutes").format(n=minutes))))),
        _parts(parts, meeting.starts if meeting else None, zone, t),
    ]
    if not short:
        blocks += [Divider(), Text(fill(t("**Exercise**"))), *session.exercise]
    if lead and session.tip:
        blocks += [Divider(), Text(fill(t("**For whoever leads**"))), *session.tip]
    other = (
        Button(t("The full {n} minutes").format(n=guide.minutes), action("agenda", group.id, session.number))
        if short
        else Button(
            t("Only {n} minutes?").format(n=guide.short_minutes), action("agenda", group.id, session.number, "short")
        )
    )
    blocks.append(other)
    blocks += _neighbours(t, group, guide, session.number)
    return Message(tuple(blocks))


def _neighbours(t: Translator, group: Group, guide: Guide, number: int) -> list[Block]:
    return [
        Button(
            f"{arrow} {week(t, near)}" if near < number else f"{week(t, near)} {arrow}",
            action("agenda", group.id, near),
        )
        for near, arrow in ((number - 1, "←"), (number + 1, "→"))
        if guide.first <= near <= guide.last
    ]


def preview(
    t: Translator, group: Group, guide: Guide, session: Session, meeting: Meeting | None, *, may_post: bool
) -> Message:
    """What the group gets in a week, for whoever leads it."""
    blocks: list[Block] = [
        Heading(literal(t("Preview: {title}").format(title=title(t, session)))),
        Text(literal(when(t, meeting, group.schedule.zone) if meeting else t("not set")), "quiet"),
        Text(fill(t("**In the group**"))),
        *session.prompt,
    ]
    if session.preparation:
        blocks += [Divider(), Text(fill(t("**To the mentor, before**"))), *session.preparation]
    if session.steps:
        items = tuple((Plain(t("{n} min · ").format(n=part.minutes)), *part.text) for part in session.steps)
        blocks += [Divider(), Text(fill(t("**To the mentee**"))), List(items, ordered=True)]
    blocks += [Divider(), Text(fill(t("**In the check-in**"))), Text(literal(session.question), "quote")]
    if may_post:
        blocks.append(Button(t("Post the prompt again"), action("resend", group.id, session.number)))
    blocks += [
        Button(f"{week(t, near)}", action("preview", group.id, near))
        for near in (session.number - 1, session.number + 1)
        if guide.first <= near <= guide.last
    ]
    return Message(tuple(blocks))


def on_its_way(t: Translator, number: int) -> Message:
    return note(literal(t("{week} is on its way to the group.").format(week=week(t, number))))


def missed(
    t: Translator,
    group: Group,
    late: Sequence[tuple[int, datetime]],
    parked: Sequence[tuple[int, datetime, str]] = (),
    others: Sequence[str] = (),
) -> Message:
    """To the facilitator: which prompts came too late, which could not be delivered, and why the rest could not."""
    name, zone = literal(group.name), group.schedule.zone
    blocks: list[Block] = []
    if late:
        said = t("I could not reach **{group}** for a while. These prompts came too late and were left out:")
        blocks.append(Text(fill(said, group=name)))
        blocks.append(List(tuple(literal(f"{week(t, n)}, {t.moment(at, zone)}") for n, at in late)))
    if parked:
        blocks.append(Text(fill(t("I could not deliver these prompts to **{group}**:"), group=name)))
        blocks.append(List(tuple(literal(f"{week(t, n)}, {t.moment(at, zone)}: {why}") for n, at, why in parked)))
    numbers = dict.fromkeys([n for n, _ in late] + [n for n, *_ in parked])
    blocks += [Button(t("Post {week}").format(week=week(t, n)), action("resend", group.id, n)) for n in numbers]
    if others:
        n = len(others)
        said = t.count(
            "I could not deliver {n} message to **{group}**:", "I could not deliver {n} messages to **{group}**:", n
        )
        blocks.append(Text(fill(said, n=str(n), group=name)))
        blocks.append(List(tuple(literal(why) for why in dict.fromkeys(others))))
        blocks.append(Button(t("Send again"), action("repost", group.id)))
    return Message(tuple(blocks))


def sent_again(t: Translator, group: Group, n: int) -> Message:
    said = t.count("{n} message to **{group}** is on its way.", "{n} messages to **{group}** are on their way.", n)
    return note(fill(said if n else t("**{group}** has got everything by now."), n=str(n), group=literal(group.name)))


# ── changes of the calendar ──────────────────────────────────────────────────────────────────────────────────────────


def skip_form(t: Translator, group: Group | None, coming: tuple[Meeting, ...], choice: tuple[Choice, ...]) -> Form:
    options = tuple(Option(m.day.isoformat(), f"{t.long_day(m.day)} · {week(t, m.number)}") for m in coming)
    day = (
        Choice("date", t("Which meeting?"), options, options[0].value, required=True)
        if options
        else DateInput("date", t("Which meeting?"), hint=t("Empty: the next one."))
    )
    intro = literal(t("The circle keeps its place in the guide; everything moves by a week."))
    return Form(
        action("skip", *([group.id] if group else [])), t("Skip a meeting"), (*choice, day), t("Skip it"), intro
    )


def pause_form(
    t: Translator, group: Group | None, choice: tuple[Choice, ...], *, lead: bool, only_me: bool, until: date | None
) -> Form:
    both = (Option("all", t("the whole group")), Option("me", t("only me")))
    who = (Choice("who", t("Who pauses?"), both, "me" if only_me else "all", required=True),) if lead else ()
    hint = t("Empty: until somebody presses Resume.")
    day = DateInput("until", t("First day back"), until.isoformat() if until else "", hint=hint)
    return Form(action("pause", *([group.id] if group else [])), t("Take a break"), (*choice, *who, day), t("Pause"))


def move_form(
    t: Translator, group: Group | None, choice: tuple[Choice, ...], weekday: int | None, at: time | None
) -> Form:
    """The new slot as far as it is known already, else the one that holds now."""
    slot = group.schedule.slot if group else None
    weekday = slot.weekday if weekday is None and slot else weekday
    at = slot.at if at is None and slot else at
    days = tuple(Option(str(day), t.weekday(day)) for day in range(7))
    return Form(
        action("move", *([group.id] if group else [])),
        t("Move the meeting"),
        (
            *choice,
            Choice("weekday", t("Day"), days, "" if weekday is None else str(weekday), required=True),
            TimeInput("time", t("Time"), f"{at:%H:%M}" if at else "", required=True),
        ),
        t("Move"),
        literal(t("From the next meeting on. The time is in {zone}.").format(zone=group.schedule.zone))
        if group
        else (),
    )


def skipped(t: Translator, group: Group, day: date, following: Meeting | None) -> Message:
    blocks: list[Block] = [
        Text(fill(t("**{group}** does not meet on {day}."), group=literal(group.name), day=t.day(day)))
    ]
    blocks.append(next_line(t, group, following))
    return Message(tuple(blocks))


def next_line(t: Translator, group: Group, following: Meeting | None) -> Text:
    """When the group meets next, and with which week."""
    if following is None:
        return Text(literal(t("No meeting is set for now.")), "quiet")
    said = t("Next: {week} on {when}.").format(
        week=week(t, following.number), when=when(t, following, group.schedule.zone)
    )
    return Text(literal(said), "quiet")


def paused(t: Translator, group: Group, until: date | None) -> Message:
    name = literal(group.name)
    said = (
        fill(t("**{group}** takes a break and is back on {day}."), group=name, day=t.day(until))
        if until
        else fill(t("**{group}** takes a break."), group=name)
    )
    return note(
        said,
        Text(literal(t("Your place in the guide is kept.")), "quiet"),
        Button(t("Resume"), action("resume", group.id)),
    )


def i_paused(t: Translator, group: Group, until: date | None) -> Message:
    name = literal(group.name)
    said = (
        fill(
            t("You hear nothing from **{group}** until {day}; then you are back by yourself."),
            group=name,
            day=t.day(until),
        )
        if until
        else fill(t("You hear nothing from **{group}** until you resume."), group=name)
    )
    return note(said, Button(t("I'm back"), action("resume", group.id)))


def resumed(t: Translator, group: Group, following: Meeting | None) -> Message:
    return Message((Text(fill(t("**{group}** goes on."), group=literal(group.name))), next_line(t, group, following)))


def i_resumed(t: Translator, group: Group) -> Message:
    return note(fill(t("Welcome back to **{group}**."), group=literal(group.name)))


def moved(t: Translator, group: Group, slot: Slot, following: Meeting | None) -> Message:
    said = t("**{group}** now meets every {weekday} at {time} ({zone}).")
    filled = fill(
        said, group=literal(group.name), weekday=t.weekday(slot.weekday), time=t.time(slot.at), zone=group.schedule.zone
    )
    return Message((Text(filled), next_line(t, group, following)))


def holiday_line(t: Translator, missed: Missed) -> str:
    """Why there is no meeting on a day."""
    match missed.reason:
        case "holiday":
            return t("{day}: {name}, no meeting").format(day=t.day(missed.day), name=missed.name)
        case "skip":
            return t("{day}: skipped").format(day=t.day(missed.day))
        case "pause":
            return t("{day}: break").format(day=t.day(missed.day))
