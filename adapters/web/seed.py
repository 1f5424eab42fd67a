"""A small company to try Circlet with: people, circles and pairs in the midst of their weeks.

Its past is played, not written: everybody acts through the core, on the simulated clock, as they would at the chat.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from random import Random  # noqa: TID251  # the generator is made from a fixed seed: everybody gets the same company

from adapters.web import board, wave
from adapters.web.clock import SimulatedClock
from adapters.web.parse import To
from bot.actions import action
from bot.app import Bot
from bot.inbound import Actor, Command, Place, Press, Submission
from bot.messages import FixForm, Reply
from bot.people import store as people
from bot.storage import Store

BEGIN = datetime(2026, 8, 3, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 10, 14, 30, tzinfo=UTC)
"""Tuesday afternoon in Berlin: the check-ins about Monday's circle have just been asked for."""


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody of the company: their id, name, job, department, zone and line manager's id."""

    id: str
    name: str
    title: str
    department: str
    zone: str
    manager: str


BERLIN, LONDON, NEW_YORK, KOLKATA = "Europe/Berlin", "Europe/London", "America/New_York", "Asia/Kolkata"

STAFF: tuple[Employee, ...] = (
    Employee("ana", "Ana Costa", "Product designer", "Engineering", BERLIN, "helen"),
    Employee("ben", "Ben Okafor", "Support lead", "Operations", LONDON, "otto"),
    Employee("chloe", "Chloe Martin", "Data analyst", "Engineering", BERLIN, "helen"),
    Employee("dan", "Dan Levy", "Account manager", "Sales", NEW_YORK, "sofia"),
    Employee("eva", "Eva Novak", "Logistics planner", "Operations", BERLIN, "otto"),
    Employee("farid", "Farid Rahimi", "Team assistant", "Sales", BERLIN, "sofia"),
    Employee("grace", "Grace Kim", "Developer", "Engineering", NEW_YORK, "helen"),
    Employee("hugo", "Hugo Silva", "Buyer", "Operations", LONDON, "otto"),
    Employee("indira", "Indira Rao", "Developer", "Engineering", KOLKATA, "helen"),
    Employee("jonas", "Jonas Weber", "Sales engineer", "Sales", BERLIN, "sofia"),
    Employee("kira", "Kira Petrova", "Trainee", "Operations", BERLIN, "otto"),
    Employee("liam", "Liam Byrne", "Account manager", "Sales", LONDON, "sofia"),
    Employee("maya", "Maya Patel", "People development", "Operations", BERLIN, "otto"),
    Employee("noah", "Noah Fischer", "Developer", "Engineering", KOLKATA, "helen"),
    Employee("helen", "Helen Brandt", "Chief technology officer", "Engineering", BERLIN, "victor"),
    Employee("otto", "Otto Lind", "Chief operating officer", "Operations", BERLIN, "victor"),
    Employee("sofia", "Sofia Rossi", "Chief sales officer", "Sales", NEW_YORK, "victor"),
    Employee("victor", "Victor Hale", "Chief executive", "Sales", NEW_YORK, ""),
    *(Employee(who, name, title, unit, BERLIN, "otto") for who, name, title, unit in wave.MENTORS),
    *(Employee(who, name, title, unit, BERLIN, "victor") for who, name, title, unit in wave.MENTEES),
)

GOALS = {
    "ana": "Bring designers and support together once a month",
    "ben": "Write down what our customers ask, so that others can use it",
    "chloe": "Learn to explain a chart to people who dislike charts",
    "dan": "Find out how the product is really built",
    "eva": "Get to know five people who plan things elsewhere",
    "grace": "Give my first talk in front of another department",
    "hugo": "Understand what our suppliers think of us",
    "jonas": "Start a small group for live demos",
    "liam": "Ask for feedback without apologising first",
    "farid": "Learn what keeps an executive awake at night",
    "helen": "See what people talk about before it reaches my desk",
}

STEPS = (
    "I wrote to two people I had only known by name.",
    "I showed a half-finished page to somebody and got three good questions.",
    "I thanked a colleague in public. It took two minutes.",
    "I asked a question in the big channel and got four answers.",
    "I put half an hour into my calendar, and it stayed there.",
    "I invited somebody from another department for coffee.",
    "I read what the support team wrote this month.",
)
OBSTACLES = ("", "", "Two launches in one week.", "I keep waiting until it is good enough.", "", "Too many meetings.")


async def seed(bot: Bot, store: Store, workspace: int, clock: SimulatedClock) -> None:
    """Fill an empty workspace. Afterwards it is NOW there."""
    company = _Company(bot, store, workspace, clock)
    await asyncio.to_thread(company.hire)
    for at, together in groupby(sorted(_history(company), key=itemgetter(0)), itemgetter(0)):
        await clock.move(To(at))
        for _, act in together:
            await asyncio.to_thread(act, at)
    await clock.move(To(NOW))


Act = Callable[[datetime], object]


class _Company:
    """The people of the company, acting."""

    def __init__(self, bot: Bot, store: Store, workspace: int, clock: SimulatedClock) -> None:
        self._bot = bot
        self._store = store
        self._workspace = workspace
        self._clock = clock
        self.random = Random(7)

    def hire(self) -> None:
        with self._store.begin() as connection:
            board.start_clock(connection, self._workspace, BEGIN)
            met = {one.id: people.meet(connection, self._actor(one.id)) for one in STAFF}
            for one in STAFF:
                manager = met.get(one.manager)
                people.describe(connection, met[one.id], title=one.title, department=one.department, manager=manager)

    def types(self, who: str, text: str, at: datetime) -> Reply:
        words = " ".join(f"<{word}>" if word.startswith("@") else word for word in text.split(" "))
        named = tuple(self._actor(word[1:]) for word in text.split() if word.startswith("@"))
        return self._bot.handle(Command(self._actor(who), _private(who), words, named), at)

    def presses(self, who: str, verb: str, *args: str | int, at: datetime) -> Reply:
        return self._bot.handle(Press(self._actor(who), _private(who), action(verb, *args).token), at)

    def sends(self, who: str, verb: str, *args: str | int, at: datetime, **values: str) -> None:
        token = action(verb, *args).token
        reply = self._bot.handle(Submission(self._actor(who), _private(who), token, values), at)
        if isinstance(reply, FixForm):
            raise ValueError(f"{who} {verb}: {reply.problems}")

    def reads_everything(self, at: datetime) -> None:
        """Everybody has seen what stood there then; what came later is new to them."""
        del at
        with self._store.begin() as connection:
            places = (*board.groups(connection, self._workspace), *(board.direct(one.id) for one in STAFF))
            for place in places:
                for person in place.members:
                    board.mark_read(connection, self._workspace, place.id, person)

    def _actor(self, who: str) -> Actor:
        one = next(employee for employee in STAFF if employee.id == who)
        return Actor(self._workspace, one.id, one.name, one.zone, "en")


def _private(who: str) -> Place:
    return Place(f"dm-{who}")


# ── the past ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Founded:
    """A group as it was set up. ``number`` is its id: the groups are founded in the order in which they stand here,
    after the eight of the first wave."""

    number: int
    founder: str
    command: str
    at: datetime
    members: tuple[str, ...]
    first: datetime
    weeks: tuple[int, ...]
    cancelled: tuple[int, ...] = ()


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


FOUNDED: tuple[Founded, ...] = (
    Founded(
        9,
        "maya",
        "pair @kira @sofia --guide reverse-mentoring --on fri 15:00 --zone Europe/Berlin --start 2026-09-11",
        _utc("2026-09-08T08:00"),
        ("kira", "sofia"),
        _utc("2026-09-11T13:00"),
        tuple(range(1, 10)),
        cancelled=(4,),
    ),
    Founded(
        10,
        "ana",
        'create "North Star" @ana @ben @chloe @dan @eva --guide peer-circle --on mon 15:00 --zone Europe/Berlin '
        "--start 2026-09-21",
        _utc("2026-09-15T08:00"),
        ("ben", "chloe", "dan", "eva", "ana"),
        _utc("2026-09-21T13:00"),
        tuple(range(8)),
    ),
    Founded(
        11,
        "maya",
        "pair @farid @helen --guide reverse-mentoring --on thu 9:00 --zone Europe/Berlin --start 2026-10-01",
        _utc("2026-09-24T08:00"),
        ("farid", "helen"),
        _utc("2026-10-01T07:00"),
        tuple(range(1, 7)),
        cancelled=(3, 5),
    ),
    Founded(
        12,
        "grace",
        'create "Open Doors" @grace @hugo @indira @jonas @liam --guide peer-circle --on wed 14:00 '
        "--zone Europe/London --start 2026-10-14",
        _utc("2026-10-06T13:30"),
        ("hugo", "indira", "jonas", "liam", "grace"),
        _utc("2026-10-14T13:00"),
        tuple(range(4)),
    ),
    Founded(
        13,
        "maya",
        "pair @indira @otto --guide reverse-mentoring --on tue 10:00 --zone Europe/Berlin --start 2026-11-03",
        _utc("2026-10-27T09:00"),
        ("indira", "otto"),
        _utc("2026-11-03T09:00"),
        (1,),
    ),
)

FORMING = (
    'create "Fresh Start" @kira @noah @chloe @farid @eva --guide peer-circle --on mon 11:00 --zone Europe/Berlin '
    "--start 2026-11-23 --facilitator @noah"
)

QUESTION = 'poll "What do we eat when we are half-way?" "Soup" "Pizza" "Everybody brings something"'


def _history(company: _Company) -> Iterator[tuple[datetime, Act]]:
    """What people did, and when."""
    yield from _first_wave(company)
    for group in FOUNDED:
        yield group.at, _founds(company, group)
        for place, who in enumerate(group.members, 1):
            if who != group.founder:
                yield group.at + timedelta(hours=place), _accepts(company, who, group.number)
            if who in GOALS:
                yield group.at + timedelta(days=1, hours=place), _sets_goal(company, who, group.number)
        yield from _checkins(company, group)
    asked = NOW - timedelta(hours=30)
    yield asked, _types(company, "ana", QUESTION)
    for place, (who, option) in enumerate((("ben", 2), ("chloe", 1), ("dan", 2)), 1):
        yield asked + timedelta(minutes=20 * place), _votes(company, who, option)
    opened = NOW - timedelta(hours=6)
    yield opened - timedelta(minutes=1), company.reads_everything
    yield opened, lambda at: company.types("maya", FORMING, at)
    for minutes, who in ((40, "kira"), (95, "noah")):
        yield opened + timedelta(minutes=minutes), _accepts(company, who, len(wave.MENTORS) + len(FOUNDED) + 1)


def _first_wave(company: _Company) -> Iterator[tuple[datetime, Act]]:
    """Eight pairs whose ten weeks are over, and what they answered on the way."""
    for place, ((mentor, *_), (mentee, *_)) in enumerate(zip(wave.MENTORS, wave.MENTEES, strict=True)):
        day = wave.DAYS[place % len(wave.DAYS)]
        text = f"pair @{mentor} @{mentee} --guide reverse-mentoring --on {day} 10:00 --zone {BERLIN} --start 2026-08-10"
        at = wave.FOUNDED_AT + timedelta(minutes=place)
        yield at, _types(company, "maya", text)
        for who in (mentor, mentee):
            yield at + timedelta(hours=1), _accepts(company, who, place + 1)
            for week in range(1, 11):
                yield wave.met(place, week) + timedelta(hours=25), _was_there(company, who, place + 1, week)
    for one in wave.answers():
        yield one.at, _answers(company, one)


def _was_there(company: _Company, who: str, group: int, week: int) -> Act:
    return lambda at: company.presses(who, "attended", group, week, "met", at=at)


def _types(company: _Company, who: str, text: str) -> Act:
    return lambda at: company.types(who, text, at)


def _answers(company: _Company, one: wave.Answered) -> Act:
    return lambda at: company.sends(one.who, "checkpoint", one.group, one.poll, at=at, **one.values)


def _votes(company: _Company, who: str, option: int) -> Act:
    return lambda at: company.presses(who, "vote", 1, option, at=at)


def _founds(company: _Company, group: Founded) -> Act:
    return lambda at: company.types(group.founder, group.command, at)


def _accepts(company: _Company, who: str, group: int) -> Act:
    return lambda at: company.presses(who, "accept", group, at=at)


def _sets_goal(company: _Company, who: str, group: int) -> Act:
    shared = "yes" if who not in ("helen", "hugo") else "no"
    return lambda at: company.sends(who, "goal", group, at=at, text=GOALS[who], shared=shared)


def _checkins(company: _Company, group: Founded) -> Iterator[tuple[datetime, Act]]:
    """Most check in within a day and a half; some after a nudge, some not at all."""
    for place, week in enumerate(group.weeks):
        meeting = group.first + timedelta(weeks=place)
        for who in group.members:
            delay = company.random.choice((26, 27, 30, 46, 49, 70, 75, None))
            latest = meeting + timedelta(hours=26) > NOW - timedelta(hours=2)
            if delay is None or (latest and who != "ben"):
                continue
            at = meeting + timedelta(hours=24 if latest else delay, minutes=5 + company.random.randrange(20))
            if at < NOW:
                yield at, _checks_in(company, group, week, who)


def _checks_in(company: _Company, group: Founded, week: int, who: str) -> Act:
    pair = len(group.members) == 2
    met = (
        "mentee_cancelled" if week in group.cancelled else company.random.choice(("met",) * 8 + ("elsewhere", "absent"))
    )
    if pair and met == "absent":
        met = "elsewhere"
    values = {
        "met": met,
        "rating": str(company.random.choice((3, 4, 4, 5, 5))) if met in ("met", "elsewhere") else "",
        "step": company.random.choice(STEPS) if company.random.random() < 0.8 else "",
        "obstacle": company.random.choice(OBSTACLES),
        "share": "yes" if company.random.random() < 0.6 else "no",
    }
    return lambda at: company.sends(who, "checkin", group.number, week, at=at, **values)
