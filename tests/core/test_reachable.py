"""Posts that nobody could be reached with wait for the day on which somebody can."""

from __future__ import annotations

from datetime import timedelta

from bot.guides.rules import Guides
from bot.inbound import Reachable
from bot.outbox.rules import Due
from bot.posts import DROPPED_IN_DOUBT, ONCE_MORE
from bot.storage import Store
from tests.core.office import NOW, SECOND, Office, office

LATER = NOW + timedelta(hours=1)


def given_up(core: Office, *, doubtful: bool = False) -> None:
    """Everything that is due was tried, and parked."""
    lane = core.lane()
    for post in core.claim(lane):
        core.bot.failed(post, "not installed there", NOW + SECOND, None, doubtful=doubtful)
    core.bot.close_lane(lane, NOW + SECOND)


def state(core: Office, wanted: str) -> str:
    return core.row(wanted).state


def test_what_was_parked_for_a_home_is_due_again_when_it_can_be_written_to(store: Store, guides: Guides) -> None:
    core = office(store, guides)
    here, other = core.circle(), core.circle("Friday", "another home")
    core.queue(here, 1)
    core.queue(other, 1)
    given_up(core)
    core.bot.handle(Reachable(core.workspace, conversation="home"), LATER)
    assert state(core, core.key(here, 1)) == "planned"
    assert state(core, core.key(other, 1)) == "parked"
    core.bot.handle(Reachable(core.workspace, conversation="nobody's home"), LATER)
    core.bot.handle(Reachable(core.workspace), LATER)
    assert state(core, core.key(other, 1)) == "parked"


def test_what_was_parked_for_somebody_is_theirs_alone(store: Store, guides: Guides) -> None:
    core = office(store, guides)
    group = core.circle()
    ana, ben, _ = core.staff
    keys = {person.external: f"looks-after:{group.id}:{person.id}:1" for person in (ana, ben)}
    core.keep(Due(keys[one.external], core.workspace, NOW, group=group.id, person=one.id) for one in (ana, ben))
    given_up(core)
    core.bot.handle(Reachable(core.workspace, person="ben"), LATER)
    assert [state(core, keys[name]) for name in ("ana", "ben")] == ["parked", "planned"]
    core.bot.handle(Reachable(core.workspace, person="stranger"), LATER)
    assert state(core, keys["ana"]) == "parked"


def test_what_may_have_arrived_or_has_come_too_late_stays_parked(store: Store, guides: Guides) -> None:
    core = office(store, guides)
    group = core.circle()
    core.queue(group, 1)
    given_up(core, doubtful=True)
    core.queue(group, 2, expires=NOW + timedelta(minutes=5))
    given_up(core)
    core.bot.handle(Reachable(core.workspace, conversation="home"), LATER)
    assert [state(core, core.key(group, number)) for number in (1, 2)] == ["parked", "parked"]


def test_another_workspace_of_the_same_names_is_left_alone(store: Store, guides: Guides) -> None:
    core, other = office(store, guides), office(store, guides, "another")
    group = core.circle()
    core.queue(group, 1)
    given_up(core)
    other.bot.handle(Reachable(other.workspace, conversation="home"), LATER)
    assert state(core, core.key(group, 1)) == "parked"


def test_only_what_would_else_be_let_go_is_ever_sent_once_more(store: Store, guides: Guides) -> None:
    assert ONCE_MORE <= DROPPED_IN_DOUBT
    core = office(store, guides)
    core.queue(core.circle(), 1)
    (post,) = core.claim(core.lane())
    assert not post.repeatable
