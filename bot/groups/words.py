"""What is said about the people of a group: roster, goal, comings and goings. Values in, messages out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from bot.actions import action, fits
from bot.groups.rules import LONGEST_TEXT, Goal, Group, Role
from bot.i18n import Translator
from bot.markup import Spans, fill, literal
from bot.messages import (
    Ask,
    Block,
    Button,
    Choice,
    DateInput,
    Form,
    Heading,
    Message,
    Option,
    PeopleInput,
    Table,
    Text,
    TextInput,
    YesNo,
)
from bot.people.rules import Person
from bot.schedule.rules import wall


def note(text: Spans, *more: Block) -> Message:
    """A message of one sentence, and perhaps something to press."""
    return Message((Text(text), *more))


def seen_here(t: Translator) -> Message:
    return note(literal(t("Done. Everybody here can see it.")))


def role_name(t: Translator, role: Role) -> str:
    names = {"participant": t("participant"), "mentor": t("mentor"), "mentee": t("mentee")}
    return names[role]


def group_choice(t: Translator, groups: tuple[tuple[int, str], ...]) -> Choice:
    """The field that asks which group is meant."""
    options = tuple(Option(str(group), name) for group, name in groups)
    return Choice("group", t("Which circle or pair?"), options, required=True)


def which_group(t: Translator, verb: str, groups: tuple[tuple[int, str], ...], rest: tuple[str, ...]) -> Message:
    """``rest``: what else was typed, which each button carries on where it fits."""
    meant = [(name, action(verb, group, *rest), action(verb, group)) for group, name in groups]
    buttons = tuple(Button(name, full if fits(full) else bare) for name, full, bare in meant)
    return note(literal(t("You are in more than one group. Which one do you mean?")), *buttons)


# ── goal ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def goal_form(t: Translator, group: Group | None, goal: Goal | None, choice: tuple[Choice, ...] = ()) -> Form:
    return Form(
        action("goal", *([group.id] if group else [])),
        t("Your goal"),
        (
            *choice,
            TextInput(
                "text",
                t("What do you want to move in these weeks?"),
                value=goal.text if goal else "",
                required=True,
                hint=t("Something you care about and can work on in small steps. You can change it any week."),
                long=True,
                limit=LONGEST_TEXT,
            ),
            YesNo("shared", _show_it(t, group), value=goal.shared if goal else False),
        ),
        t("Keep it"),
    )


def _show_it(t: Translator, group: Group | None) -> str:
    if group is None:
        return t("Show it to my group")
    return t("Show it to my partner") if group.kind == "pair" else t("Show it to my circle")


def goal_kept(t: Translator, group: Group, goal: Goal) -> Message:
    seen = t("Your group can read it in the roster.") if goal.shared else t("Only you can read it.")
    return Message(
        (
            Text(fill(t("Your goal in **{group}** is kept."), group=literal(group.name))),
            Text(literal(goal.text), "quote"),
            Text(literal(seen), "quiet"),
            Ask(t("Change it"), goal_form(t, group, goal)),
        )
    )


# ── roster ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def roster(
    t: Translator,
    group: Group,
    people: Mapping[int, Person],
    goals: Mapping[int, Goal],
    facilitator: int | None,
    now: datetime,
) -> Message:
    def row(person: Person, part: str, goal: Goal | None) -> tuple[Spans, ...]:
        local = wall(now, person.zone)
        theirs = f"{t.time(local.time())} · {person.zone}"
        shown = goal.text if goal and goal.shared else "–"
        return ((person.mention,), literal(part), literal(theirs), literal(shown))

    rows = []
    for member in group.present:
        person = people[member.person]
        part = t("facilitator") if group.kind == "circle" and person.id == facilitator else role_name(t, member.role)
        rows.append(row(person, part, goals.get(person.id)))
    blocks: list[Block] = [
        Heading(literal(group.name)),
        Table(
            t.count("{n} person is in.", "{n} people are in.", len(rows)).format(n=len(rows)),
            (t("Who"), t("Part"), t("Their time now"), t("Goal, where shared")),
            tuple(rows),
        ),
    ]
    if group.waiting:
        names = t.list([people[member.person].name for member in group.waiting])
        blocks.append(Text(fill(t("Invited, not answered yet: {names}"), names=names), "quiet"))
    return Message(tuple(blocks))


# ── comings and goings ───────────────────────────────────────────────────────────────────────────────────────────────


def joined(t: Translator, group: Group, person: Person) -> Message:
    return note(fill(t("{person} has joined {group}. Welcome!"), person=person.mention, group=literal(group.name)))


def left(t: Translator, group: Group, person: Person, *, finished: bool, orphaned: bool) -> Message:
    said = fill(t("{person} has left {group}. All the best!"), person=person.mention, group=literal(group.name))
    if finished:
        return note(
            said,
            Text(literal(t("With this, the group has come to its end. Thank you for the weeks together.")), "quiet"),
        )
    if orphaned:
        return note(
            said,
            Text(literal(t("The circle has no facilitator now. It takes a few minutes a week; who would like to?"))),
            Button(t("I'll do it"), action("volunteer", group.id), "primary"),
        )
    return note(said)


def you_left(t: Translator, group: Group) -> Message:
    said = t("You have left **{group}**. Nobody will ask you why. Thank you for having been part of it.")
    back = () if group.state == "finished" else (Button(t("Come back"), action("comeback", group.id)),)
    return note(fill(said, group=literal(group.name)), *back)


def you_are_back(t: Translator, group: Group) -> Message:
    return note(fill(t("You are back in **{group}**. Good to see you."), group=literal(group.name)))


# ── facilitator ──────────────────────────────────────────────────────────────────────────────────────────────────────


def facilitator_form(t: Translator, group: Group | None, choice: tuple[Choice, ...], until: date | None) -> Form:
    return Form(
        action("facilitator", *([group.id] if group else [])),
        t("Facilitator"),
        (
            *choice,
            PeopleInput("person", t("Who looks after the circle?"), required=True),
            DateInput(
                "until",
                t("Only as a stand-in until (last day)"),
                until.isoformat() if until else "",
                hint=t("Leave it empty to hand over for good. A stand-in hands back by itself."),
            ),
        ),
        t("Hand over"),
    )


def facilitator_changed(t: Translator, group: Group, person: Person, until: date | None) -> Message:
    if until is None:
        said = t("{person} is now the facilitator of {group}.")
        return note(fill(said, person=person.mention, group=literal(group.name)))
    said = t("{person} looks after {group} until {day}. After that it goes back by itself.")
    return note(fill(said, person=person.mention, group=literal(group.name), day=t.day(until)))


def facilitator_hint(t: Translator, group: Group) -> Message:
    """To somebody who now looks after a circle: what that means, in three lines."""
    return Message(
        (
            Text(fill(t("You look after **{group}** now. Thank you!"), group=literal(group.name))),
            Text(
                literal(
                    t(
                        "I post the prompts and ask for check-ins. You see who has fallen silent, and can move or skip "
                        "a meeting when life comes in between."
                    )
                )
            ),
            Button(t("Look after it"), action("manage", group.id), "primary"),
        )
    )
