"""The examples of guides looked at and changed, and of groups that do not meet every week, as in ``examples.py``."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from adapters.gallery.cast import (
    ABSENT,
    ANA,
    CHLOE,
    CIRCLE,
    CIRCLE_GUIDE,
    DEV,
    GUIDES,
    MEETING,
    NEXT,
    PAIR_GUIDE,
    PEOPLE,
    START,
    WEEK_1,
    T,
)
from bot.catalogue import words as catalogue
from bot.checkins import facilitating
from bot.checkins import words as checkins
from bot.forms import Form
from bot.founding import words as founding
from bot.guides.rules import Guide, Guides, Session
from bot.markup import Italic, literal
from bot.meetings import calendar
from bot.meetings import forms as meeting_forms
from bot.meetings import words as meetings
from bot.messages import List, Message, Text
from bot.schedule.rules import LAST, Schedule, Slot

ZONE = "Europe/Berlin"
WHOLE: Session = replace(
    WEEK_1,
    preparation=(Text(literal("Bring a page that only you read.")),),
    facilitator_preparation=(Text(literal("Put the chairs in a ring.")),),
    missed="What would you have brought?",
    challenge=(Text((*literal("Somebody talks all the time. More in "), Italic("a fair share of words"))),),
    next_step=(Text(literal("Tell one person your goal.")),),
    reading=(Text(literal("A goal that nobody knows is a wish.")),),
    task=(Text(literal("Run one goal clinic.")),),
    reflection="What did you learn about goals?",
)
MONTHLY: Guide = replace(
    CIRCLE_GUIDE,
    id="monthly-circle",
    title="Monthly circle",
    every="monthly",
    minutes=120,
    at_least=8,
    at_most=12,
    for_whom=(Text(literal("For people with little time.")),),
    not_for=(Text(literal("For people in a hurry.")),),
    roles=(List((literal("One opens."), literal("One closes."))),),
    prepare=(Text(literal("A room with a ring of chairs.")),),
    expect=(Text(literal("Nine actions that you took.")),),
    sources=(List((literal("The structure is our own."),)),),
)
RING = replace(
    CIRCLE,
    guide=MONTHLY.id,
    schedule=Schedule(ZONE, START, ((START, Slot(1, time(18), "monthly", 2)),)),
)
FORTNIGHT = replace(CIRCLE, schedule=Schedule(ZONE, START, ((START, Slot(0, time(10), "fortnightly")),)))
EVERY = Guides((*GUIDES.all, MONTHLY))

CATALOGUE: dict[str, Message | Form] = {
    "catalogue.catalogue": catalogue.catalogue(T, EVERY.all),
    "catalogue.page": catalogue.page(T, MONTHLY),
    "catalogue.page: a pair": catalogue.page(T, PAIR_GUIDE),
    "catalogue.offer": catalogue.offer(T, CIRCLE, CIRCLE_GUIDE, replace(CIRCLE_GUIDE, version=2), 3),
    "catalogue.moved_on": catalogue.moved_on(T, MONTHLY, 3),
    "founding.create_form: with a monthly guide": founding.create_form(T, EVERY, {}, ZONE, START),
    "founding.opening: once a month": founding.opening(T, RING, MONTHLY, PEOPLE, ANA, NEXT),
    "founding.accepted: every two weeks": founding.accepted(T, FORTNIGHT, replace(MONTHLY, every="fortnightly"), NEXT),
    "meetings.prompt: once a month": meetings.prompt(T, RING, MONTHLY, WHOLE, MEETING),
    "meetings.agenda: of a training": meetings.agenda(T, RING, MONTHLY, WHOLE, MEETING, short=False, lead=True),
    "meetings.reading": meetings.reading(T, RING, MONTHLY, WHOLE),
    "meetings.preview: a training": meetings.preview(T, RING, MONTHLY, WHOLE, MEETING, may_post=False),
    "meetings.skip_form: once a month": meeting_forms.skip_form(T, RING, (MEETING, NEXT), ()),
    "meetings.skip_form: every two weeks": meeting_forms.skip_form(T, FORTNIGHT, (MEETING, NEXT), ()),
    "meetings.move_form: once a month": meeting_forms.move_form(T, RING, (), None, None, None),
    "meetings.moved: once a month": calendar.moved(T, RING, Slot(4, time(16), "monthly", LAST), NEXT),
    "checkins.thanks: somebody was not there": checkins.thanks(
        T, RING, WHOLE, "participant", ABSENT, NEXT, ZONE, open_=True
    ),
    "checkins.hint: with what helps": facilitating.hint(T, RING, WHOLE, [CHLOE.id, DEV.id], [], PEOPLE),
}
