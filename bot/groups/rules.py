"""What a circle or a pair is, who may do what in it, and when it starts. Pure: values in, values out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from bot.editions.rules import Editions
from bot.errors import BotError
from bot.guides.rules import Guide
from bot.i18n import as_in
from bot.people.rules import Person
from bot.schedule.courtesy import Courtesy
from bot.schedule.rules import PollKind, Rhythm, Schedule, territory_of, wall

Kind = Literal["circle", "pair"]
GroupState = Literal["forming", "running", "finished"]
Role = Literal["participant", "mentor", "mentee"]
MemberState = Literal["asking", "invited", "in", "declined", "left"]

LONGEST_NAME = 80
LONGEST_TEXT = 1000
FOREVER = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Member:
    """A person's place in a group. ``paused_until`` is the first day on which they want to hear from it again.

    ``elsewhere``: their workspace, where that is not the group's; kept once it is known.
    """

    person: int
    role: Role
    state: MemberState
    paused_until: date | None = None
    elsewhere: int | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What a person wants to move while the group runs. ``shared``: their group may read it."""

    person: int
    text: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A circle or a pair. People are ``Person.id``s; ``conversation`` is its home on the platform once there is one.

    ``planned_through``: every moment up to here has been put into the outbox. ``editions``: which text of its guide it
    follows. ``elsewhere``: its homes in other workspaces of the organisation, once it has people there. ``language``:
    what is spoken in its home; "" where nobody has chosen.
    """

    id: int
    workspace: int
    kind: Kind
    name: str
    guide: str
    state: GroupState
    organiser: int
    facilitator: int | None
    standin: int | None
    standin_until: date | None
    schedule: Schedule
    conversation: str | None
    planned_through: datetime
    members: tuple[Member, ...]
    editions: Editions = ()
    elsewhere: tuple[tuple[int, str | None], ...] = ()
    language: str = ""

    @property
    def present(self) -> tuple[Member, ...]:
        """Those who have said yes and are still here."""
        return tuple(member for member in self.members if member.state == "in")

    @property
    def waiting(self) -> tuple[Member, ...]:
        """Those who have not answered their invitation."""
        return tuple(member for member in self.members if member.state == "invited")

    @property
    def is_abandoned(self) -> bool:
        """Ended because too few are left to meet, not because the guide is through."""
        return self.state == "finished" and len(self.present) < 2

    @property
    def homes(self) -> tuple[tuple[int, str | None], ...]:
        """Each workspace in which it is spoken to, its own first, and its conversation there."""
        return ((self.workspace, self.conversation), *self.elsewhere)

    @property
    def is_housed(self) -> bool:
        """Whether there is a conversation of it anywhere, in which something can be told."""
        return any(conversation is not None for _, conversation in self.homes)

    def home_in(self, workspace: int) -> str | None:
        """Its conversation in a workspace; None where there is none, or none yet."""
        return dict(self.homes).get(workspace)

    def workspace_of(self, person: int) -> int:
        """Where somebody who is in it is spoken to."""
        member = self.member(person)
        return self.workspace if member is None or member.elsewhere is None else member.elsewhere

    def member(self, person: int) -> Member | None:
        """The person's place in this group, whatever its state."""
        return next((member for member in self.members if member.person == person), None)

    def is_in(self, person: int) -> bool:
        member = self.member(person)
        return member is not None and member.state == "in"

    def role(self, person: int) -> Role | None:
        member = self.member(person)
        return member.role if member else None

    def with_role(self, role: Role) -> int | None:
        """The first person who is here in this role."""
        return next((member.person for member in self.present if member.role == role), None)

    def today(self, now: datetime) -> date:
        return wall(now, self.schedule.zone).date()


def acting_facilitator(group: Group, now: datetime) -> int | None:
    """Who looks after the group now: a stand-in while there is one, else the facilitator; None where nobody is left."""
    stands_in = group.standin is not None and (group.standin_until is None or group.today(now) <= group.standin_until)
    for person in (group.standin if stands_in else None, group.facilitator):
        if person is not None and group.is_in(person):
            return person
    return None


def looked_after_by(group: Group, now: datetime) -> int:
    """Who is told when a human should look: the acting facilitator; in a pair, or without one, the organiser."""
    if group.kind == "pair":
        return group.organiser
    return acting_facilitator(group, now) or group.organiser


def may_lead(group: Group, person: int, now: datetime) -> bool:
    """Whether somebody may move, skip, pause, invite: facilitator, stand-in, organiser; in a pair both of the two."""
    if person == group.organiser or (group.kind == "pair" and group.is_in(person)):
        return True
    return group.is_in(person) and person in (group.facilitator, acting_facilitator(group, now))


def spoken_with(group: Group, person: Person) -> Person:
    """The person as they hear of the group: in their own language, with distance where that is the group's way."""
    return replace(person, language=as_in(person.language, group.language))


def is_paused_for(group: Group, person: int, now: datetime) -> bool:
    """Whether this person asked not to hear from the group for now."""
    member = group.member(person)
    return member is not None and member.paused_until is not None and group.today(now) < member.paused_until


def rhythm(guide: Guide) -> Rhythm:
    """The guide's week as the schedule knows it."""
    return Rhythm(
        first=guide.first,
        last=guide.last,
        prompt_hours_before=guide.prompt_hours_before,
        prepare_days_before=guide.prepare_days_before if guide.kind == "pair" else None,
        minutes=guide.minutes,
        asks=_asks(guide),
    )


def _asks(guide: Guide) -> tuple[tuple[PollKind, int], ...]:
    """The checkpoints that the guide has questions for, each with its session."""
    sessions: dict[PollKind, int] = {
        "baseline": guide.first,
        "fit": guide.first,
        "midpoint": guide.checkpoint,
        "final": guide.last,
    }
    return tuple((kind, session) for kind, session in sessions.items() if kind in guide.polls)


def courtesy(person: Person) -> Courtesy:
    """When this person may be written to."""
    return Courtesy(person.zone, person.quiet_from, person.quiet_to, person.workdays, territory_of(person.zone))


def first_day(schedule: Schedule, now: datetime) -> date:
    """The day from which a group that is complete now can meet: its own start or, where that is past, the next slot."""
    local = wall(now, schedule.zone)
    today = local.date() if local.time() < schedule.slot.at else local.date() + timedelta(days=1)
    return max(schedule.start, today)


def starting(schedule: Schedule, start: date) -> Schedule:
    """The schedule with another first day. The slots that were agreed on hold from there."""
    return replace(schedule, start=start, slots=((start, schedule.slot),))


def reports_to(person: int, other: int, managers: dict[int, int]) -> bool:
    """Whether ``other`` is above ``person`` in the line, at any height. A circle in the data ends the search."""
    seen = {person}
    while (person := managers.get(person, person)) not in seen:
        if person == other:
            return True
        seen.add(person)
    return False


class WhichGroup(BotError):
    """The person is in several groups and has not said which they mean: (id, name) of each."""

    def __init__(self, groups: tuple[tuple[int, str], ...]) -> None:
        super().__init__("which group?")
        self.groups = groups
