"""The forms that change a group's calendar: skip, pause, move. Values in, forms out."""

from __future__ import annotations

from datetime import date, time

from bot.actions import action
from bot.forms import Choice, DateInput, Form, Option, TimeInput
from bot.groups.rules import Group
from bot.groups.words import place_choice
from bot.i18n import Translator
from bot.markup import literal
from bot.meetings.words import week
from bot.schedule.rules import Meeting


def skip_form(t: Translator, group: Group | None, coming: tuple[Meeting, ...], choice: tuple[Choice, ...]) -> Form:
    every = group.schedule.every if group else "weekly"
    options = tuple(Option(m.day.isoformat(), f"{t.long_day(m.day)} · {week(t, m.number, every)}") for m in coming)
    day = (
        Choice("date", t("Which meeting?"), options, options[0].value, required=True)
        if options
        else DateInput("date", t("Which meeting?"), hint=t("Empty: the next one."))
    )
    said = {
        "weekly": t("The circle keeps its place in the guide; everything moves by a week."),
        "fortnightly": t("The circle keeps its place in the guide; everything moves by two weeks."),
        "monthly": t("The circle keeps its place in the guide; everything moves by a month."),
    }
    intro = literal(said[every])
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
    t: Translator,
    group: Group | None,
    choice: tuple[Choice, ...],
    nth: int | None,
    weekday: int | None,
    at: time | None,
) -> Form:
    """The new slot as far as it is known already, else the one that holds now."""
    slot = group.schedule.slot if group else None
    weekday = slot.weekday if weekday is None and slot else weekday
    at = slot.at if at is None and slot else at
    nth = slot.nth if nth is None and slot else nth
    monthly = group is None or group.schedule.every == "monthly"
    place = (place_choice(t, "" if nth is None else str(nth), required=group is not None),) if monthly else ()
    days = tuple(Option(str(day), t.weekday(day)) for day in range(7))
    return Form(
        action("move", *([group.id] if group else [])),
        t("Move the meeting"),
        (
            *choice,
            *place,
            Choice("weekday", t("Day"), days, "" if weekday is None else str(weekday), required=True),
            TimeInput("time", t("Time"), f"{at:%H:%M}" if at else "", required=True),
        ),
        t("Move"),
        literal(t("From the next meeting on. The time is in {zone}.").format(zone=group.schedule.zone))
        if group
        else (),
    )
