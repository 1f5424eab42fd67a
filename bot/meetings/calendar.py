"""What is said when a group's calendar changes, and of days without a meeting. Values in, messages out."""

from __future__ import annotations

from datetime import date

from bot.actions import action
from bot.groups.rules import Group
from bot.groups.words import note
from bot.groups.words import slot as slot_words
from bot.i18n import Translator
from bot.markup import fill, literal
from bot.meetings.words import week, when
from bot.messages import Block, Button, Message, Text
from bot.schedule.rules import Meeting, Missed, Slot, holiday_name


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
        week=week(t, following.number, group.schedule.every), when=when(t, following, group.schedule.zone)
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
    said = t("**{group}** now meets {slot} ({zone}).")
    filled = fill(said, group=literal(group.name), slot=slot_words(t, slot), zone=group.schedule.zone)
    return Message((Text(filled), next_line(t, group, following)))


def holiday_line(t: Translator, missed: Missed, territory: str | None = None) -> str:
    """Why there is no meeting on a day. ``territory``: whose holidays they are, to name one as the reader would."""
    match missed.reason:
        case "holiday":
            name = holiday_name(missed.day, territory, t.locale.language) or missed.name
            return t("{day}: {name}, no meeting").format(day=t.day(missed.day), name=name)
        case "skip":
            return t("{day}: skipped").format(day=t.day(missed.day))
        case "pause":
            return t("{day}: break").format(day=t.day(missed.day))
