"""The people, groups, guides and times of which the examples speak. Some of them have names that try to be markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.checkins.rules import Checkin
from bot.groups.rules import Goal, Group, Member
from bot.guides.rules import Guide, Guides, Part, Session
from bot.i18n import translator
from bot.markup import fill, literal
from bot.messages import List, Text
from bot.outbox.rules import Row
from bot.people.rules import Person
from bot.schedule.rules import Meeting, Missed, Schedule, Slot

T = translator("en")
NOW = datetime(2026, 12, 9, 12, tzinfo=UTC)
START = date(2026, 12, 7)

ANA = Person(1, 1, "ana", "Ana", "Europe/Berlin", title="Engineer", department="Product")
BEN = Person(2, 1, "ben", "Ben *bold* <!channel>", "America/New_York")
CHLOE = Person(3, 1, "chloe", "Chloé", "Asia/Kolkata", reminders=True, quiet_from=time(20), quiet_to=time(20))
DEV = Person(4, 1, "dev", "Dev", "Australia/Sydney")
PEOPLE = {person.id: person for person in (ANA, BEN, CHLOE, DEV)}

SCHEDULE = Schedule("Europe/Berlin", START, ((START, Slot(0, time(10))),), (), "DE")

CIRCLE = Group(
    id=7,
    workspace=1,
    kind="circle",
    name="Tuesday_club **7**",
    guide="peer-circle",
    state="running",
    organiser=DEV.id,
    facilitator=ANA.id,
    standin=None,
    standin_until=None,
    schedule=SCHEDULE,
    conversation="circle-7",
    planned_through=NOW,
    members=(
        Member(ANA.id, "participant", "in"),
        Member(BEN.id, "participant", "in"),
        Member(CHLOE.id, "participant", "in"),
        Member(DEV.id, "participant", "invited"),
    ),
)
FORMING = replace(
    CIRCLE,
    state="forming",
    conversation=None,
    members=(CIRCLE.members[0], Member(BEN.id, "participant", "invited"), *CIRCLE.members[2:]),
)
PAIR = replace(
    CIRCLE,
    id=8,
    kind="pair",
    name="Ana & Dev",
    guide="reverse-mentoring",
    facilitator=None,
    organiser=ANA.id,
    members=(Member(ANA.id, "mentor", "in"), Member(DEV.id, "mentee", "in")),
)

WEEK_1 = Session(
    number=1,
    title="A goal for these weeks",
    purpose=literal("Everybody leaves with one goal in a sentence."),
    agenda=(Part(20, literal("What has moved since last time")), Part(40, fill("Work on **one** goal each"))),
    exercise=(Text(literal("In turns:")), List((literal("Say your goal."), fill("Ask `why` twice.")), ordered=True)),
    prompt=(Text(fill("Bring **one** goal. _One_ is enough.")),),
    question="How clear is your goal now?",
    role_questions=(("mentor", "How clear is the executive's goal now?"),),
    tip=(Text(literal("Leave silence after a question.")),),
    short=(Part(20, literal("One goal each, five minutes at most")),),
    preparation=(),
    steps=(),
)
WEEK_2 = replace(
    WEEK_1,
    number=2,
    title="The first step",
    preparation=(Text(literal("Try the tool yourself for ten minutes.")),),
    steps=(Part(5, literal("Open the tool.")), Part(10, fill("Ask it **one** real question."))),
)

CIRCLE_GUIDE = Guide(
    id="peer-circle",
    version=1,
    language="en",
    kind="circle",
    title="Peer circle",
    summary=literal("Small groups help each other to move one goal."),
    welcome=(Text(literal("Welcome to your circle.")),),
    closing=(Text(literal("You have come to the end of these weeks.")),),
    licence="CC-BY-4.0",
    authors=("Circlet",),
    minutes=60,
    short_minutes=20,
    starts_with=3,
    at_least=3,
    at_most=6,
    prompt_hours_before=2,
    prepare_days_before=2,
    checkpoint=1,
    sessions=(replace(WEEK_1, number=0, title="Getting started"), WEEK_1, WEEK_2),
)
PAIR_GUIDE = replace(CIRCLE_GUIDE, id="reverse-mentoring", kind="pair", title="Reverse mentoring", starts_with=2)
GUIDES = Guides((CIRCLE_GUIDE, PAIR_GUIDE))

MEETING = Meeting(1, date(2026, 12, 14), time(10), datetime(2026, 12, 14, 9, tzinfo=UTC))
NEXT = Meeting(2, date(2026, 12, 21), time(10), datetime(2026, 12, 21, 9, tzinfo=UTC))
HOLIDAY = Missed(date(2026, 12, 28), "holiday", "Second Day of Christmas")
SKIPPED = Missed(date(2027, 1, 4), "skip", "")
BREAK = Missed(date(2027, 1, 11), "pause", "")

GOAL = Goal(ANA.id, "Speak up in *every* meeting <@here>", shared=True)
MINE = Goal(BEN.id, "Only for me", shared=False)

FULL = Checkin(ANA.id, 1, "met", 4, "Asked **one** question", "Time_and_courage", shared=True)
TAP = Checkin(BEN.id, 1, "met")
ABSENT = Checkin(CHLOE.id, 1, "absent")
CANCELLED = Checkin(DEV.id, 1, "mentee_cancelled")


def row(key: str, state: str, reason: str) -> Row:
    """Something that was to be said to the circle, and was not."""
    return Row(
        key=key,
        workspace=1,
        group=CIRCLE.id,
        person=None,
        not_before=datetime(2026, 12, 14, 7, tzinfo=UTC),
        expires=None,
        state=state,  # type: ignore[arg-type]
        attempts=1,
        receipt=None,
        reason=reason,
        since=NOW,
    )


TOO_LATE = row("prompt:7:1:2026-12-14", "dropped", "too late to be of use")
PARKED = row("checkin:7:1:2", "parked", "the account is closed")
