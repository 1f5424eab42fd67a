"""What is said about the people of a group: roster, goal, comings and goings. Values in, messages out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import assert_never

from bot.actions import action, fits
from bot.forms import Choice, DateInput, Form, Option, PeopleInput, TextInput, YesNo
from bot.groups.rules import LONGEST_TEXT, Goal, Group, Role
from bot.guides.rules import Every, Guide
from bot.i18n import Translator, language_name
from bot.markup import Spans, fill, literal
from bot.messages import Ask, Block, Button, Heading, Message, Table, Text
from bot.people.rules import Person
from bot.people.words import i_speak as i_speak
from bot.people.words import language_choice
from bot.schedule.rules import LAST, Slot, wall


def note(text: Spans, *more: Block) -> Message:
    """A message of one sentence, and perhaps something to press."""
    return Message((Text(text), *more))


def slot(t: Translator, slot: Slot) -> str:
    """When a group meets, as part of a sentence: "every Monday at 10:00"."""
    weekday, at = t.weekday(slot.weekday), t.time(slot.at)
    match slot.every:
        case "weekly":
            said = t("every {weekday} at {time}")
        case "fortnightly":
            said = t("every two weeks on {weekday} at {time}")
        case "monthly":
            said = {
                1: t("on the first {weekday} of each month at {time}"),
                2: t("on the second {weekday} of each month at {time}"),
                3: t("on the third {weekday} of each month at {time}"),
                4: t("on the fourth {weekday} of each month at {time}"),
                LAST: t("on the last {weekday} of each month at {time}"),
            }[slot.nth or LAST]
        case _:
            assert_never(slot.every)
    return said.format(weekday=weekday, time=at)


def which_slot(t: Translator, every: Every) -> str:
    """What to say where the day of a meeting could not be read."""
    match every:
        case "weekly":
            return t("Which day of the week? For example: mon 10:00")
        case "fortnightly":
            return t("It meets every two weeks. On which day? For example: mon 10:00")
        case "monthly":
            return t("It meets once a month. On which day? For example: second tue 18:00")
        case _:
            assert_never(every)


def place_choice(t: Translator, value: str = "", *, required: bool = False) -> Choice:
    """Which weekday of the month, for groups that meet once a month."""
    options = (
        Option("1", t("the first of the month")),
        Option("2", t("the second of the month")),
        Option("3", t("the third of the month")),
        Option("4", t("the fourth of the month")),
        Option(str(LAST), t("the last of the month")),
    )
    hint = "" if required else t("Only for a guide that meets once a month.")
    return Choice("nth", t("Which one?"), options, value, required=required, hint=hint)


def this_time(t: Translator, every: Every) -> str:
    """What "now" is called, by how often the group meets."""
    match every:
        case "weekly":
            return t("This week")
        case "fortnightly":
            return t("These two weeks")
        case "monthly":
            return t("This month")
        case _:
            assert_never(every)


def length(t: Translator, guide: Guide) -> str:
    """How often and how long: "12 meetings, one a week, 60 minutes each"."""
    n = len(guide.sessions)
    said = {
        "weekly": t("{n} meetings, weekly, {minutes} min"),
        "fortnightly": t("{n} meetings, every two weeks, {minutes} min"),
        "monthly": t("{n} meetings, monthly, {minutes} min"),
    }[guide.every]
    return said.format(n=n, minutes=guide.minutes)


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
    others: Sequence[str] = (),
) -> Message:
    """``others``: from which other workspaces somebody could join, for whoever could let them in."""

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
    if others and group.state != "finished":
        said = t("Somebody in {places} would like to join? They send me these words there: `join {number}`")
        blocks.append(Text(fill(said, places=t.list(others), number=group.id), "quiet"))
        for member in group.members:
            if member.state == "asking":
                asks = t("{person} asks to join.")
                blocks.append(Text(fill(asks, person=people[member.person].mention)))
                label = t("Let {name} in").format(name=people[member.person].name)
                blocks.append(Button(label, action("letin", group.id, member.person)))
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


# ── language ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def group_language(t: Translator, language: str) -> Choice:
    """The field that asks what is spoken in a group's conversation. It has a name of its own, because ``--language`` is
    not yet all that was typed where ``--formal`` stands beside it."""
    hint = t("I speak it in the group's conversation. What I write to you alone is in your own language.")
    return language_choice(t("Language of the group"), language, "spoken", hint)


def speak_form(t: Translator, group: Group | None, language: str, choice: tuple[Choice, ...] = ()) -> Form:
    return Form(
        action("speak", *([group.id] if group else [])),
        t("Language of the group"),
        (*choice, group_language(t, language)),
        t("Keep it"),
    )


def speaks(t: Translator, group: Group, language: str) -> Message:
    """To the group, or to whoever chose it."""
    said = t("In **{group}** I speak this from now on: {language}.")
    return note(fill(said, group=literal(group.name), language=language_name(language)))


# ── facilitator ──────────────────────────────────────────────────────────────────────────────────────────────────────


def facilitator_form(
    t: Translator,
    group: Group | None,
    choice: tuple[Choice, ...],
    until: date | None,
    members: Sequence[Person] = (),
) -> Form:
    """``members``: those to choose from, where not all of them can be named in this workspace."""
    who = t("Who looks after the circle?")
    chosen = Choice("person", who, tuple(Option(f"#{one.id}", one.name) for one in members), required=True)
    return Form(
        action("facilitator", *([group.id] if group else [])),
        t("Facilitator"),
        (
            *choice,
            chosen if members else PeopleInput("person", who, required=True),
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
