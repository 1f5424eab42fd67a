"""What is said of check-ins to whoever looks after a group: status, a hint, what a nudge does. Never anyone's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.actions import action
from bot.checkins.rules import Checkin, executive_cancellations, streak
from bot.checkins.words import week_of
from bot.groups.rules import Group
from bot.guides.further import read_buttons
from bot.guides.library import Article
from bot.guides.rules import Session
from bot.i18n import Translator
from bot.markup import Bold, Spans, fill, join, literal
from bot.messages import Block, Button, Chart, Heading, Message, Series, Table, Text
from bot.outbox.rules import Row
from bot.outbox.words import why
from bot.people.rules import Person


def _names(people: Mapping[int, Person], ids: Iterable[int]) -> Spans:
    return join([(people[person].mention,) for person in ids], ", ")


def hint(
    t: Translator,
    group: Group,
    session: Session,
    silent: Sequence[int],
    cancelled: Sequence[int],
    people: Mapping[int, Person],
    offered: Sequence[Article] = (),
) -> Message:
    """After the last nudge: a human word does more than a third message of mine. ``offered``: what may help."""
    blocks: list[Block] = [
        Heading(literal(t("{group}, {week}").format(group=group.name, week=week_of(t, group, session.number))))
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
    blocks += session.challenge
    blocks += read_buttons(t, offered)
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
            rest.setdefault(t("too late") if late else why(t, row.reason), Counter())[row.kind] += 1
            continue
        number = int(row.args[1])
        said = (
            t("The prompt of {when} came too late and was left out.")
            if late
            else t("The prompt of {when} could not be delivered ({reason}).")
        )
        when = t.moment(row.not_before, group.schedule.zone)
        blocks.append(Text(literal(said.format(when=when, reason=why(t, row.reason))), "quiet"))
        blocks.append(
            Button(t("Post {week}").format(week=week_of(t, group, number)), action("resend", group.id, number))
        )
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
                literal(_in_a_row(t, group, run)),
            )
        )
    caption = t("{week}: {n} of {all} have checked in.").format(
        week=week_of(t, group, latest), n=len(by_person), all=len(rows)
    )
    return Table(caption, (t("Who"), t("Met"), t("Checked in"), t("In a row")), tuple(rows))


def _in_a_row(t: Translator, group: Group, run: int) -> str:
    weekly = group.schedule.every == "weekly"
    said = t.count("{n} week", "{n} weeks", run) if weekly else t.count("{n} meeting", "{n} meetings", run)
    return said.format(n=run)


def _status_chart(t: Translator, group: Group, asked: Sequence[int], answers: Sequence[Checkin]) -> Chart:
    counts = [sum(answer.session == number for answer in answers) for number in asked]
    names = tuple(str(number) for number in asked)
    weekly = group.schedule.every == "weekly"
    one = t("week {w}: {n}") if weekly else t("meeting {w}: {n}")
    said = t.list([one.format(w=name, n=count) for name, count in zip(names, counts, strict=True)])
    return Chart(
        "bar",
        t("Check-ins by week") if weekly else t("Check-ins by meeting"),
        names,
        (Series(t("Check-ins"), tuple(float(count) for count in counts)),),
        t("{said}; the group has {n} people now.").format(said=said, n=len(group.present)),
        t("Week") if weekly else t("Meeting"),
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
