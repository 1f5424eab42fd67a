"""What is known of a post after its try: told by the platform itself, looked up, or never; and what is done then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.groups import store as groups
from bot.groups.rules import Group
from bot.messages import Direct, Home, Post, Receipt
from bot.outbox import store as outbox
from bot.outbox.rules import HEARD_WITHIN, TOLD_WITHIN, Due, key
from bot.spoken import words
from tests.core.office import LEASE_OVER, NOW, SECOND, Office

TOLD = Receipt("home", "17")


def one_tried(office: Office, group: Group, number: int = 1, worker: str = "one", now: datetime = NOW + SECOND) -> Post:
    """A post whose sending has begun."""
    office.queue(group, number)
    (post,) = office.claim(office.lane(worker, now), now)
    return post


def arrives(office: Office, post: Post, receipt: Receipt = TOLD, now: datetime = NOW + 2 * SECOND) -> bool:
    return office.bot.arrived(office.workspace, post.key, receipt, now)


def test_a_receipt_by_event_settles_the_post_whoever_has_the_lane(office: Office) -> None:
    post = one_tried(office, office.circle())
    office.lane("two", NOW + LEASE_OVER)

    assert arrives(office, post)
    assert not arrives(office, post), "the second time it is no news"

    assert (office.row(post.key).state, office.row(post.key).receipt) == ("sent", TOLD)
    assert office.claim(office.lane("two", NOW + 2 * LEASE_OVER), NOW + 2 * LEASE_OVER) == ()


def test_a_receipt_that_is_faster_than_the_answer_takes_the_lane_from_nobody(office: Office) -> None:
    post = one_tried(office, office.circle())
    arrives(office, post)

    assert office.bot.sent(post, TOLD, NOW + 3 * SECOND)
    assert office.bot.failed(post, "connection lost", NOW + 3 * SECOND, NOW + LEASE_OVER, doubtful=True)

    assert office.row(post.key).state == "sent"


def test_a_receipt_keeps_the_home_that_was_made_for_the_post(office: Office) -> None:
    group = office.circle(conversation=None)
    arrives(office, one_tried(office, group), Receipt("C9", "1"))

    with office.store.begin() as connection:
        assert groups.load(connection, office.workspace, group.id).conversation == "C9"


@pytest.mark.parametrize("retry", [NOW + TOLD_WITHIN, None])
def test_a_receipt_ends_a_doubt_however_late_it_comes(office: Office, retry: datetime | None) -> None:
    post = one_tried(office, office.circle())
    office.bot.failed(post, "nobody knows", NOW + SECOND, retry, doubtful=True)

    assert arrives(office, post, now=NOW + timedelta(hours=1))

    assert (office.row(post.key).state, office.row(post.key).doubtful) == ("sent", False)


def test_a_receipt_of_an_unknown_key_or_another_workspace_changes_nothing(office: Office) -> None:
    post = one_tried(office, office.circle())

    assert not office.bot.arrived(office.workspace, "prompt:1:2:3", TOLD, NOW)
    assert not office.bot.arrived(office.workspace + 1, post.key, TOLD, NOW)

    assert office.row(post.key).state == "sending"


def test_a_late_receipt_of_the_first_message_is_none_of_the_second_that_was_asked_for(office: Office) -> None:
    post = one_tried(office, office.circle())
    office.bot.failed(post, "nobody knows", NOW + SECOND, None, doubtful=True)
    with office.store.begin() as connection:
        outbox.again(connection, office.workspace, post.key, NOW + SECOND, None)

    assert not arrives(office, post)

    assert office.row(post.key).state == "planned"


def test_words_that_changed_on_the_way_are_edited_after_a_receipt_too(office: Office) -> None:
    post = one_tried(office, office.circle())
    with office.store.begin() as connection:
        outbox.refresh(connection, office.workspace, post.key, NOW + SECOND)

    arrives(office, post)

    assert (office.row(post.key).state, office.row(post.key).receipt) == ("planned", TOLD)


# ── only what was begun is in doubt ──────────────────────────────────────────────────────────────────────────────────


def test_after_a_crash_only_those_are_in_doubt_that_were_begun(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1, 2)
    lane = office.lane()
    first, second = office.bot.claim(lane, NOW + SECOND, 50, begun=False)
    assert office.bot.begin(lane, [first], NOW + SECOND) == (first,)

    later = NOW + LEASE_OVER
    again = office.claim(office.lane("two", later), later)

    assert {post.key: post.doubtful for post in again} == {first.key: True, second.key: False}
    assert [post.tried for post in again if post.doubtful] == [NOW + SECOND]


def test_whoever_has_lost_the_lane_begins_nothing(office: Office) -> None:
    office.queue(office.circle(), 1)
    lane = office.lane()
    posts = office.bot.claim(lane, NOW + SECOND, 50, begun=False)
    office.lane("two", NOW + LEASE_OVER)

    assert office.bot.begin(lane, posts, NOW + LEASE_OVER) == ()


def test_several_receipts_are_kept_at_once_and_none_of_a_lost_lane(office: Office) -> None:
    office.queue(office.circle(), 1, 2)
    posts = office.claim(office.lane())

    assert office.bot.sent_all([(post, Receipt("home", post.key)) for post in posts], NOW + SECOND)
    assert {office.row(post.key).state for post in posts} == {"sent"}

    group = office.circle("Two")
    office.queue(group, 1)
    late = office.claim(office.lane("one", NOW + 2 * SECOND), NOW + 2 * SECOND)
    assert len(late) == 1
    taken = office.claim(office.lane("two", NOW + 2 * LEASE_OVER), NOW + 2 * LEASE_OVER)
    assert not office.bot.sent_all([(post, TOLD) for post in late], NOW + 2 * LEASE_OVER)
    assert {office.row(post.key).state for post in taken} == {"sending"}


# ── silence ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def silent(office: Office, post: Post, now: datetime = NOW + 2 * TOLD_WITHIN) -> bool:
    """Whether the next who tries may take it that the post never arrived."""
    office.bot.failed(post, "nobody knows", NOW + 2 * SECOND, NOW + SECOND + TOLD_WITHIN, doubtful=True)
    again = [one for one in office.claim(office.lane("later", now), now) if one.key == post.key]
    return again[0].unheard


def test_the_platforms_silence_means_nothing_where_it_never_tells(office: Office) -> None:
    assert not silent(office, one_tried(office, office.circle()))


def test_the_platforms_silence_says_that_nothing_arrived_where_it_told_of_others_since(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1, 2)
    post, other = office.claim(office.lane())
    arrives(office, other, now=NOW + timedelta(minutes=1))

    assert silent(office, post)


def test_what_it_told_before_the_try_or_too_long_after_proves_nothing(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1, 2, 3)
    post, early, late = office.claim(office.lane())
    arrives(office, early, now=NOW)
    # Too late to know whether it would have told of ours: it may have tried its last before.
    arrives(office, late, now=NOW + SECOND + HEARD_WITHIN + SECOND)

    assert not silent(office, post)


def test_what_it_tells_of_private_messages_says_nothing_of_homes(office: Office) -> None:
    group, ben = office.circle(), office.staff[1]
    office.queue(group, 1)
    private = key("looks-after", group.id, ben.id, 1)
    office.keep([Due(private, office.workspace, NOW, group=group.id, person=ben.id)])
    posts = {post.key: post for post in office.claim(office.lane())}
    arrives(office, posts[private], Receipt("dm", "1"), NOW + timedelta(minutes=1))

    assert not silent(office, posts[office.key(group, 1)])


# ── where nobody will ever know ──────────────────────────────────────────────────────────────────────────────────────


def test_a_post_to_a_home_is_parked_and_whoever_looks_after_it_can_send_it_again(office: Office) -> None:
    group = office.circle()
    post = one_tried(office, group)
    office.bot.failed(post, "nobody knows whether it arrived", NOW + SECOND, None, doubtful=True)

    assert office.row(post.key).state == "parked"
    (told,) = office.claim(office.lane())
    assert told.address == Direct("ana")
    assert "nobody knows whether it arrived" in words(told.message)
    assert "[Send again]" in words(told.message)


def test_a_nudge_is_let_go(office: Office) -> None:
    group, ben = office.circle(), office.staff[1]
    nudge = key("nudge", group.id, 0, 1, ben.id)
    office.keep([Due(nudge, office.workspace, NOW, group=group.id, person=ben.id)])
    (post,) = office.claim(office.lane())

    office.bot.failed(post, "nobody knows", NOW + SECOND, None, doubtful=True)

    assert office.row(nudge).state == "dropped"
    with office.store.begin() as connection:
        assert outbox.undelivered(connection, office.workspace, group.id) == ()


def test_what_cannot_be_delivered_again_and_again_is_told_in_one_message(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1, 2, 3)
    lane = office.lane()
    for post in office.claim(lane):
        office.bot.failed(post, "the channel is archived", NOW + SECOND, None)

    (told,) = office.claim(lane)
    assert "I could not deliver 3 messages to Tuesday:" in words(told.message)


# ── fairness, and a platform that wants to hear nothing ──────────────────────────────────────────────────────────────


def test_every_home_has_its_first_post_before_any_has_its_second(office: Office) -> None:
    one, two = office.circle("One"), office.circle("Two", "other")
    office.keep(
        Due(office.key(group, n), office.workspace, NOW, group=group.id) for group in (one, two) for n in (1, 2)
    )

    posts = office.claim(office.lane(), limit=2)

    assert {post.address.group for post in posts if isinstance(post.address, Home)} == {one.id, two.id}


def test_while_the_platform_wants_to_hear_nothing_nobody_sends(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1, 2)
    lane = office.lane()
    first, _ = office.claim(lane)
    until = NOW + timedelta(seconds=90)
    office.bot.failed(first, "wait", NOW + SECOND, until, hold_until=until)

    assert office.claim(lane, NOW + 2 * SECOND) == ()
    assert office.bot.open_lane(office.workspace, "two", until - SECOND) is None
    assert not office.has_work(until - SECOND)
    assert office.bot.plan(NOW + SECOND).next == until
    assert office.has_work(until)
    assert office.bot.open_lane(office.workspace, "two", until) is not None
