"""A person's home, the panel of whoever looks after a group, and help. Values in, messages out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.actions import action, fits
from bot.checkpoints.terms import title as checkpoint_title
from bot.commands import (
    PROBLEM_COMMAND,
    PROBLEM_FLAG,
    PROBLEM_LONG,
    PROBLEM_PERSON,
    PROBLEM_QUOTE,
    PROBLEM_SURPLUS,
    Grammar,
    Unreadable,
)
from bot.groups.rules import Goal, Group
from bot.groups.words import role_name, this_time
from bot.guides.rules import Every, Guide
from bot.i18n import Translator
from bot.markup import Code, Plain, fill, literal
from bot.meetings.calendar import holiday_line
from bot.meetings.words import title, week, when
from bot.messages import Block, Button, Divider, Facts, Heading, List, Message, Progress, Text
from bot.people.rules import Person
from bot.polls.rules import Poll
from bot.polls.words import question
from bot.schedule.rules import Meeting, Missed
from bot.supporting.rules import Standing
from bot.supporting.words import card as support_card


@dataclass(frozen=True, slots=True)
class Card:
    """What a person's home shows of one group.

    ``session``: the one whose prompt came last; None before the first. ``meeting``: the next. ``waiting``: the session
    whose check-in they have not given. ``polls``: the group's open ones, for whoever may close them.
    """

    group: Group
    guide: Guide
    session: int | None
    meeting: Meeting | None
    waiting: int | None
    goal: Goal | None
    lead: bool
    invited: bool
    polls: tuple[Poll, ...] = ()
    checkpoint: str = ""
    """The checkpoint that they have not answered."""
    asked: bool = False
    """Whether the group was ever asked at a checkpoint, so that there is something to look at."""
    figures: bool = False
    """Whether they may see what a whole program answered."""


def home(
    t: Translator,
    person: Person,
    cards: Iterable[Card],
    supported: Iterable[Standing] = (),
    learn: Iterable[Block] = (),
) -> Message:
    """My groups, this week's step, what waits for me, what I support from outside, buttons. ``learn``: to what there is
    to read and to learn."""
    blocks: list[Block] = [Heading(fill(t("Hello {name}"), name=literal(person.name)))]
    cards = tuple(cards)
    for card in cards:
        blocks += _invited(t, card) if card.invited else _card(t, person, card)
        blocks.append(Divider())
    if not cards:
        blocks.append(Text(literal(t("You are in no circle or pair yet. Start one, or wait for an invitation."))))
    for standing in supported:
        blocks += [Text(literal(t("You support:")), "quiet"), *support_card(t, standing, person.zone), Divider()]
    blocks += [
        Button(t("Start a circle"), action("create")),
        Button(t("Start a pair"), action("pair")),
        Button(t("Guides"), action("guide")),
        *learn,
        Button(t("Settings"), action("settings")),
        Button(t("Help"), action("help")),
    ]
    return Message(tuple(blocks))


def to_learn(t: Translator, *, library: bool, training: bool) -> tuple[Block, ...]:
    """Buttons to what this installation has to read and to learn."""
    buttons = (
        (library, Button(t("Library"), action("library"))),
        (training, Button(t("Training"), action("train"))),
    )
    return tuple(button for there, button in buttons if there)


def _invited(t: Translator, card: Card) -> list[Block]:
    group = card.group
    return [
        Text(fill(t("**{group}** waits for your answer."), group=literal(group.name))),
        Button(t("Yes, I'm in"), action("accept", group.id), "primary"),
        Button(t("No, thanks"), action("decline", group.id)),
    ]


def _card(t: Translator, person: Person, card: Card) -> list[Block]:
    group, meeting = card.group, card.meeting
    me = group.member(person.id)
    blocks: list[Block] = [Text(fill("**{group}**", group=literal(group.name)))]
    rows = [(this_time(t, group.schedule.every), literal(_now(t, card)))]
    if meeting is not None:
        rows.append((t("Next meeting"), literal(_next(t, meeting, person.zone, group.schedule.every))))
    if me is not None and group.kind == "pair":
        rows.append((t("You are"), literal(role_name(t, me.role))))
    if card.goal is not None:
        rows.append((t("Your goal"), literal(card.goal.text)))
    blocks.append(Facts(tuple(rows)))
    if group.state == "running" and meeting is not None:
        done = meeting.number - card.guide.first
        label = t("Weeks done") if card.guide.every == "weekly" else t("Meetings done")
        blocks.append(Progress(label, done, len(card.guide.sessions)))
    return blocks + _card_buttons(t, person, card)


def _now(t: Translator, card: Card) -> str:
    group = card.group
    if group.state == "finished":
        return t("has come to its end")
    if group.state == "forming":
        n, needed = len(group.present), card.guide.starts_with
        return t("waiting: {n} of {needed} have said yes").format(n=n, needed=needed)
    if card.session is not None:
        return title(t, card.guide.session(card.session), card.guide.every)
    return t("begins soon") if card.meeting else t("no meeting is set")


def _next(t: Translator, meeting: Meeting, zone: str, every: Every) -> str:
    return f"{when(t, meeting, zone)} · {week(t, meeting.number, every)}"


def _card_buttons(t: Translator, person: Person, card: Card) -> list[Block]:
    group = card.group
    buttons: list[Block] = []
    if group.is_in(person.id) and group.state != "finished":
        if card.waiting is not None:
            buttons.append(Button(t("Check in"), action("checkin", group.id, card.waiting), "primary"))
        if card.checkpoint:
            label = t("Answer: {poll}").format(poll=checkpoint_title(t, card.checkpoint))
            buttons.append(Button(label, action("checkpoint", group.id, card.checkpoint), "primary"))
        goal = t("Change my goal") if card.goal else t("Set my goal")
        buttons += [
            Button(t("Agenda"), action("agenda", group.id)),
            Button(goal, action("goal", group.id)),
            Button(t("Roster"), action("roster", group.id)),
        ]
    if card.asked and group.is_in(person.id):
        buttons.append(Button(t("My answers"), action("results", group.id)))
    if card.lead:
        buttons.append(Button(t("Look after it"), action("manage", group.id)))
    elif group.is_in(person.id):
        buttons.append(Button(t("Take a break"), action("pause", group.id)))
    if group.is_in(person.id):
        buttons.append(Button(t("Leave"), action("leave", group.id)))
    return buttons


def manage(t: Translator, card: Card, missed: tuple[Missed, ...], now: datetime, *, newer: bool = False) -> Message:
    """Everything a facilitator can do, each a button."""
    group = card.group
    rows = [(this_time(t, group.schedule.every), literal(_now(t, card)))]
    if card.meeting is not None:
        rows.append((t("Next meeting"), literal(_next(t, card.meeting, group.schedule.zone, group.schedule.every))))
    blocks: list[Block] = [Heading(literal(t("Look after {group}").format(group=group.name))), Facts(tuple(rows))]
    coming = [one for one in missed if one.day >= group.today(now)][:3]
    if coming:
        blocks.append(List(tuple(literal(holiday_line(t, one, group.schedule.territory)) for one in coming)))
    blocks += [
        Button(t("Status"), action("status", group.id), "primary"),
        Button(t("Nudge"), action("nudge", group.id)),
        Button(_preview(t, group), action("preview", group.id)),
        Button(t("Roster"), action("roster", group.id)),
        Button(t("Skip a meeting"), action("skip", group.id)),
        Button(t("Take a break"), action("pause", group.id)),
        Button(t("Resume"), action("resume", group.id)),
        Button(t("Move"), action("move", group.id)),
        Button(t("Find a new time"), action("slots", group.id)),
        Button(t("Ask the group"), action("poll", group.id)),
    ]
    close = t("Close “{question}”")
    blocks += [Button(close.format(question=question(t, one)), action("endpoll", one.id)) for one in card.polls]
    blocks.append(Button(t("Language of the group"), action("speak", group.id)))
    if group.kind == "circle":
        blocks += [
            Button(t("Invite"), action("invite", group.id)),
            Button(t("Facilitator"), action("facilitator", group.id)),
            Button(t("Circle mentor"), action("mentors", group.id)),
        ]
    if card.asked and card.figures:
        blocks.append(Button(t("Results of the program"), action("results", group.id, "all")))
    if card.asked and "followup" in card.guide.polls:
        blocks.append(Button(t("Ask again half a year later"), action("followup", group.id, "on")))
    if newer and group.state != "finished":
        blocks.append(Button(t("A newer version of the guide"), action("newer", group.id)))
    return Message(tuple(blocks))


def _preview(t: Translator, group: Group) -> str:
    return t("Preview the week") if group.schedule.every == "weekly" else t("Preview the meeting")


def homeless(t: Translator, group: Group, reason: str, workspace: int | None = None) -> Message:
    """To whoever looks after a group whose conversation, in its own or this workspace, can no longer be written to."""
    lost = {
        "removed": t("I was taken out of the conversation of **{group}**, so I can no longer write there."),
        "archived": t("The conversation of **{group}** was archived, so I can no longer write there."),
        "deleted": t("The conversation of **{group}** is gone, so I can no longer write there."),
    }
    mend = {
        "removed": t("Invite me back there, or let me make a new one with everybody who is in."),
        "archived": t("Take it out of the archive and invite me back there, or let me make a new one."),
        "deleted": t("I can make a new one with everybody who is in."),
    }
    there = () if workspace is None or workspace == group.workspace else (workspace,)
    return Message(
        (
            Text(fill(lost[reason], group=literal(group.name))),
            Text(literal(mend[reason])),
            Text(literal(t("Nothing is lost: weeks, check-ins and goals stand as they were.")), "quiet"),
            Button(t("Make a new one"), action("rehome", group.id, *there), "primary"),
        )
    )


def rehomed(t: Translator, group: Group) -> Message:
    """The answer to whoever asked for a new conversation."""
    return Message((Text(fill(t("A new conversation for **{group}** is on its way."), group=literal(group.name))),))


def new_home(t: Translator, group: Group) -> Message:
    """The first words in a group's new conversation."""
    said = t("**{group}** goes on here. Everything stands as it was.")
    return Message((Text(fill(said, group=literal(group.name))),))


def help_(t: Translator, grammars: Iterable[Grammar]) -> Message:
    """Every command in a line; each is a button or a form as well."""
    items = tuple((Code(f"/circle {g.usage}"), Plain(f" – {t(g.summary)}")) for g in grammars)
    return Message(
        (
            Heading(literal(t("What you can ask me"))),
            Text(fill(t("`/circle` alone shows your home, with a button for everything. If you prefer to type:"))),
            List(items),
            Text(literal(t("What is said in a circle stays there. I read no messages.")), "quiet"),
            Button(t("My home"), action("home"), "primary"),
        )
    )


def help_with(t: Translator, grammar: Grammar) -> Message:
    return Message(
        (
            Text((Code(f"/circle {grammar.usage}"), Plain(f" – {t(grammar.summary)}"))),
            Button(t("Do it with a form"), action(grammar.name)),
        )
    )


def refused(*reasons: str) -> Message:
    return Message(tuple(Text(literal(reason)) for reason in reasons))


def old_button(t: Translator) -> Message:
    return Message(
        (
            Text(literal(t("I can't read this button any more. Your home has everything that works now."))),
            Button(t("My home"), action("home"), "primary"),
        )
    )


def unreadable(t: Translator, typed: Unreadable, text: str, usage: str, shown: Callable[[str], str]) -> Message:
    """What was wrong with a command, the nearest right one, and what was typed, so that nothing is lost.

    ``shown`` puts names where the text has mentions."""
    said = {
        PROBLEM_COMMAND: t("I don't know the command `{word}`."),
        PROBLEM_FLAG: t("I don't know `{word}` here."),
        PROBLEM_QUOTE: t("A quotation mark {word} is open: each needs a second one."),
        PROBLEM_PERSON: t("I know nobody here called `{word}`."),
        PROBLEM_SURPLUS: t("I don't know what to do with `{word}` here."),
        PROBLEM_LONG: t("That is too long to read as a command."),
    }[typed.problem]
    blocks: list[Block] = [Text(fill(said, word=shown(typed.word)))]
    if typed.suggestion:
        blocks.append(Text(fill(t("Did you mean `{near}`?"), near=f"/circle {shown(typed.suggestion)}")))
        runs = action("run", typed.suggestion)
        if fits(runs):
            blocks.append(Button(t("Yes, do that"), runs, "primary"))
    elif usage:
        blocks.append(Text(fill(t("It goes like this: `{usage}`"), usage=f"/circle {usage}")))
    blocks += [
        Text(fill(t("You typed: `{typed}`"), typed=f"/circle {shown(text)}"), "quiet"),
        Button(t("Help"), action("help")),
    ]
    return Message(tuple(blocks))
