"""Lanes: one worker at a time sends for a workspace, and one that was thought dead does no harm when it wakes up."""

from __future__ import annotations

from datetime import timedelta

from bot.guides.rules import Guides
from bot.messages import Receipt
from bot.outbox import store as outbox
from bot.outbox.rules import LEASE
from bot.storage import Store
from tests.core.office import LEASE_OVER, NOW, SECOND, Office, office

LATER = NOW + LEASE_OVER


def test_two_workers_of_one_workspace_get_one_lane(office: Office) -> None:
    assert office.bot.open_lane(office.workspace, "one", NOW) is not None
    assert office.bot.open_lane(office.workspace, "two", NOW) is None


def test_two_workspaces_have_a_lane_each(store: Store, guides: Guides) -> None:
    here, there = office(store, guides, "here"), office(store, guides, "there")

    assert here.bot.open_lane(here.workspace, "one", NOW) is not None
    assert here.bot.open_lane(there.workspace, "two", NOW) is not None


def test_a_lane_is_free_when_it_is_let_go_of_and_when_its_lease_ends(office: Office) -> None:
    lane = office.lane("one", NOW)
    office.bot.close_lane(lane, NOW + SECOND)
    office.lane("two", NOW + SECOND)

    assert office.bot.open_lane(office.workspace, "three", NOW + LEASE) is None
    assert office.bot.open_lane(office.workspace, "three", NOW + SECOND + LEASE) is not None


def test_claiming_keeps_the_lane(office: Office) -> None:
    lane = office.lane("one", NOW)
    office.claim(lane, NOW + timedelta(seconds=20))

    assert office.bot.open_lane(office.workspace, "two", NOW + timedelta(seconds=40)) is None
    assert office.bot.open_lane(office.workspace, "two", NOW + timedelta(seconds=50)) is not None


def test_the_same_worker_may_take_its_lane_again_after_a_crash(office: Office) -> None:
    first = office.lane("one", NOW)
    second = office.lane("one", NOW)

    assert second.token > first.token


def test_what_a_dead_worker_left_half_way_is_claimed_with_a_doubt(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1, 2)
    office.claim(office.lane("one"))

    (first, second) = office.claim(office.lane("two", LATER), LATER)

    assert (first.doubtful, second.doubtful) == (True, True)


def test_a_worker_that_has_lost_its_lane_claims_nothing(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    old = office.lane("one")
    office.lane("two", LATER)

    assert office.claim(old, LATER) == ()
    assert office.row(office.key(group, 1)).state == "planned"


def test_a_worker_that_has_lost_its_lane_cannot_close_it(office: Office) -> None:
    old = office.lane("one")
    office.lane("two", LATER)

    office.bot.close_lane(old, LATER)

    assert office.bot.open_lane(office.workspace, "three", LATER) is None


def test_sent_counts_for_nothing_when_another_worker_has_claimed_the_post_again(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    (old,) = office.claim(office.lane("one"))
    (new,) = office.claim(office.lane("two", LATER), LATER)

    assert not office.sent(old, "old", LATER)
    assert office.row(old.key).state == "sending"
    assert office.sent(new, "new", LATER)
    assert not office.sent(old, "old", LATER)
    assert office.row(new.key).receipt == Receipt("home", "new")


def test_failed_counts_for_nothing_when_another_worker_has_claimed_the_post_again(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    (old,) = office.claim(office.lane("one"))
    (new,) = office.claim(office.lane("two", LATER), LATER)

    assert not office.bot.failed(old, "gone", LATER, None)
    assert not office.bot.failed(old, "later", LATER, LATER)
    assert office.sent(new, "new", LATER)
    assert not office.bot.failed(old, "gone", LATER, None)
    assert office.row(new.key).state == "sent"


def test_the_late_word_of_a_worker_counts_as_long_as_nobody_has_claimed_its_post_again(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    (post,) = office.claim(office.lane("one"))
    lane = office.lane("two", LATER)

    assert office.sent(post, "17", LATER)
    assert office.claim(lane, LATER) == ()


def test_the_outcome_of_a_post_is_taken_once(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    (post,) = office.claim(office.lane())

    assert office.sent(post, "17")
    assert not office.sent(post, "18")
    assert not office.bot.failed(post, "gone", NOW, None)
    assert office.row(post.key).receipt == Receipt("home", "17")


def test_a_fenced_worker_gives_a_group_no_home(office: Office) -> None:
    group = office.circle(conversation=None)
    office.queue(group, 1)
    (old,) = office.claim(office.lane("one"))
    (new,) = office.claim(office.lane("two", LATER), LATER)

    office.bot.sent(old, Receipt("made by one", "1"), LATER)
    office.bot.sent(new, Receipt("made by two", "1"), LATER)

    office.queue(group, 2, at=LATER)
    (following,) = office.claim(office.lane("two", LATER + SECOND), LATER + SECOND)
    assert following.address.conversation == "made by two"  # type: ignore[union-attr]


def test_an_edit_that_was_left_half_way_is_made_again(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    lane = office.lane("one")
    (post,) = office.claim(lane)
    office.sent(post, "17")
    with office.store.begin() as connection:
        outbox.refresh(connection, office.workspace, post.key, NOW)
    office.claim(lane)

    (edit,) = office.claim(office.lane("two", LATER), LATER)

    assert edit.edits == Receipt("home", "17")
