"""Another workspace in which there is something of everything, and values that claim it for ours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.checkins import store as checkins
from bot.checkins.rules import Checkin
from bot.checkpoints import store as checkpoints
from bot.checkpoints.rules import Answer, Call, Cohort, cohort_of
from bot.groups import members
from bot.groups import store as groups
from bot.groups.rules import Goal, Group, Member
from bot.guides.rules import Guides
from bot.messages import Direct, Message, Post, Receipt
from bot.outbox import sending
from bot.outbox.rules import Due, Lane, key
from bot.people import store as people
from bot.people.rules import Person
from bot.polls import store as polls
from bot.polls.rules import Poll
from bot.storage import Store
from bot.supporting import store as supporting
from bot.supporting.rules import Support
from bot.training import store as training
from bot.training.rules import Certificate
from tests.core.office import NOW, START, Office, office

LATER = NOW + timedelta(days=1)
CLOSED = "the account is closed"


@dataclass(frozen=True)
class Theirs:
    """What another workspace has, and values that claim it for the workspace ``w``: ours, or, of ``rightful``, theirs.

    Of the posts ``key`` is being sent, ``parked`` did not arrive, and ``waiting`` has not gone out. ``homeless`` is a
    group without a conversation. ``visited`` and ``joined`` are groups of a workspace that theirs is linked with, in
    which ``person`` is a guest; only the first has a conversation for its guests.
    """

    mine: Office
    w: int
    group: Group
    homeless: Group
    visited: Group
    joined: Group
    person: Person
    me: Person
    key: str
    parked: str
    waiting: str
    poll: Poll
    certificate: Certificate
    call: Call
    wanted: Call
    answer: Answer

    @property
    def rightful(self) -> Theirs:
        return replace(self, w=self.group.workspace)

    @property
    def claimed(self) -> Group:
        return replace(self.group, workspace=self.w)

    @property
    def claimed_poll(self) -> Poll:
        return replace(self.poll, workspace=self.w)

    @property
    def cohort(self) -> Cohort:
        return cohort_of(self.claimed)

    @property
    def claimed_call(self) -> Call:
        return replace(self.call, cohort=self.cohort)

    @property
    def claimed_wanted(self) -> Call:
        moved = timedelta(days=9)
        return replace(
            self.wanted, cohort=self.cohort, opens=self.wanted.opens + moved, closes=self.wanted.closes + moved
        )

    @property
    def claimed_calls(self) -> list[Call]:
        return [self.claimed_call, self.claimed_wanted]

    @property
    def claimed_new(self) -> Call:
        """A call that is not there yet."""
        return replace(self.claimed_wanted, poll="midpoint")

    @property
    def impostor(self) -> Person:
        return replace(self.person, workspace=self.w)

    @property
    def lane(self) -> Lane:
        return Lane(self.w, "thief", 1)

    @property
    def post(self) -> Post:
        return Post(self.key, self.w, Direct("ana"), Message(()), 1)


def founded(store: Store, guides: Guides) -> Theirs:
    """Three offices: ours, theirs, and one that theirs is linked with. People of those two are in groups of both."""
    mine = office(store, guides, "mine")
    other = office(store, guides, "theirs", staff=("only-theirs", "boss"))
    cousin = office(store, guides, "cousin", staff=("cousin",))
    group, homeless, (person, boss) = other.circle(), other.circle("Homeless", None), other.staff
    visited, joined = cousin.circle("Visited"), cousin.circle("Joined")
    with store.begin() as connection:
        known = {one.id: one for one in people.all_workspaces(connection)}
        people.link(connection, known[other.workspace], known[cousin.workspace])
        guest = Member(cousin.staff[0].id, "participant", "in", elsewhere=cousin.workspace)
        members.keep(connection, other.workspace, group.id, guest, NOW)
        groups.settle_home(connection, cousin.workspace, group.id, "cousin's home")
        guest = Member(person.id, "participant", "in", elsewhere=other.workspace)
        for one in (visited, joined):
            members.keep(connection, cousin.workspace, one.id, guest, NOW)
        groups.settle_home(connection, other.workspace, visited.id, "the guests' home")
        for state in ("invited", "in"):
            members.keep(connection, other.workspace, group.id, Member(person.id, "participant", state), NOW)
        group = groups.load(connection, other.workspace, group.id)
    begun, parked = spoken(other, group, person)
    with store.begin() as connection:
        people.describe(connection, person, title="Chief", department="Board", manager=boss)
        members.keep_goal(connection, other.workspace, group.id, Goal(person.id, "Their own", False), NOW)
        checkins.keep(connection, other.workspace, group.id, Checkin(person.id, 0, "met", 5, "A step"), NOW)
        asked = Poll(0, other.workspace, group.id, boss.id, "Tea?", ("Yes", "No"), (), False, False, LATER)
        poll = polls.create(connection, asked, NOW)
        polls.keep(connection, poll, person.id, "10", NOW)
        training.keep_read(connection, person, "circle-mentor", 1, NOW)
        training.keep_reflection(connection, person, "circle-mentor", 1, "sealed")
        training.keep_answers(connection, person, "circle-mentor", 1, {"why": False}, NOW)
        titles = ("circle-mentor", 1, "en", "Circle mentor", ("One",))
        made = Certificate(0, other.workspace, person.id, *titles, person.name, START)
        certificate = training.award(connection, made)
        supporting.keep(connection, Support(group.id, other.workspace, person.id, "supports", boss.id), NOW)
        call = Call(group.id, "baseline", cohort_of(group), "open", NOW, LATER)
        wanted = Call(group.id, "followup", cohort_of(group), "wanted", LATER, LATER + timedelta(days=7))
        checkpoints.keep_calls(connection, [call, wanted])
        checkpoints.publish(connection, cohort_of(group), "baseline", "sealed", (), NOW)
        answer = Answer(group.id, "baseline", person.id, "participant", "first-step@1", "wording", "sealed")
        checkpoints.keep_answer(connection, other.workspace, answer, NOW)
    return Theirs(
        mine=mine,
        w=mine.workspace,
        group=group,
        homeless=homeless,
        visited=visited,
        joined=joined,
        person=person,
        me=mine.staff[0],
        key=begun.key,
        parked=parked.key,
        waiting=other.key(group, 4),
        poll=poll,
        certificate=certificate,
        call=call,
        wanted=wanted,
        answer=answer,
    )


def spoken(other: Office, group: Group, person: Person) -> tuple[Post, Post]:
    """Posts of every kind: one is being sent, one is parked, one the platform told of, one waits; one to a person is
    parked too. Returns the first two."""
    other.queue(group, 1, 2, 3)
    begun, parked, told = other.claim(other.lane())
    other.bot.failed(parked, CLOSED, NOW, None)
    other.queue(group, 4)
    alone = Due(key("looks-after", group.id, person.id, 1), other.workspace, NOW, None, group.id, person.id)
    other.keep([alone])
    with other.store.begin() as connection:
        assert sending.arrived(connection, other.workspace, told.key, Receipt("home", "1"), NOW)
        sending.settle(connection, other.workspace, [alone.key], "parked", "nobody there", NOW)
    return begun, parked
