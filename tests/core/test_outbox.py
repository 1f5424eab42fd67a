"""The outbox: what is planned once is said once, or a human hears why it was not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.inbound import Actor
from bot.messages import Direct, Home, Receipt
from bot.outbox import store as outbox
from bot.outbox.rules import LONGEST_DOUBT, Due, key
from bot.people import store as people
from bot.spoken import words
from tests.core.office import LEASE_OVER, NOW, SECOND, Office

NIGHT = datetime(2026, 12, 2, 22, tzinfo=UTC)


def refresh(office: Office, wanted: str, unless: str | None = None) -> None:
    with office.store.begin() as connection:
        outbox.refresh(connection, office.workspace, wanted, NOW + SECOND, unless=unless)


def test_the_same_key_queued_twice_is_one_row_and_the_first_stands(office: Office) -> None:
    group = office.circle()

    office.queue(group, 1)
    office.queue(group, 1, at=NOW + timedelta(days=3))

    assert office.rows() == 1
    assert office.row(office.key(group, 1)).not_before == NOW + timedelta(milliseconds=1)


def test_what_was_said_is_not_said_again_when_it_is_queued_again(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    lane = office.lane()
    (post,) = office.claim(lane)
    office.sent(post)

    office.queue(group, 1)

    assert office.claim(lane) == ()
    assert not office.has_work()


def test_what_is_due_is_claimed_oldest_first_and_no_more_than_asked_for(office: Office) -> None:
    group = office.circle()
    office.queue(group, 3, 1, 2)
    lane = office.lane()

    first, second = office.claim(lane, limit=2), office.claim(lane, limit=2)

    assert [post.key for post in first + second] == [office.key(group, n) for n in (1, 2, 3)]
    assert {office.row(post.key).state for post in first} == {"sending"}


def test_what_is_not_due_yet_is_not_claimed(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1, at=NOW + timedelta(hours=1))
    lane = office.lane()

    assert office.claim(lane) == ()
    assert [post.key for post in office.claim(lane, NOW + timedelta(hours=2))] == [office.key(group, 1)]


def test_a_failed_post_comes_again_at_its_time_and_is_in_no_doubt(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    lane = office.lane()
    (post,) = office.claim(lane)

    office.bot.failed(post, "rate limit", NOW + SECOND, NOW + timedelta(minutes=1))

    assert office.claim(lane) == ()
    (again,) = office.claim(lane, NOW + timedelta(minutes=1))
    assert (again.key, again.doubtful, office.row(again.key).attempts) == (post.key, False, 2)


def test_a_post_that_may_have_arrived_all_the_same_is_looked_for_first(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    lane = office.lane()
    (post,) = office.claim(lane)

    office.bot.failed(post, "connection lost", NOW + SECOND, NOW + 2 * SECOND, doubtful=True)

    (again,) = office.claim(lane, NOW + 3 * SECOND)
    assert again.doubtful
    office.bot.failed(again, "rate limit", NOW + 3 * SECOND, NOW + 4 * SECOND)
    (third,) = office.claim(lane, NOW + 5 * SECOND)
    assert third.doubtful, "that the second try failed says nothing about the first"


def test_a_post_that_breaks_each_time_is_not_tried_for_ever_but_shown_to_a_human(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    wanted, now, step = office.key(group, 1), NOW + SECOND, timedelta(minutes=10)
    tries = 0

    while posts := [post for post in office.claim(office.lane(now=now), now) if post.key == wanted]:
        office.bot.failed(posts[0], "ValueError (incident 1a2b3c4d)", now, now + step, doubtful=True)
        now, tries = now + step, tries + 1

    assert tries == LONGEST_DOUBT / step + 1
    assert (office.row(wanted).state, office.row(wanted).reason) == ("parked", "ValueError (incident 1a2b3c4d)")


def test_a_post_that_cannot_be_delivered_is_parked_and_listed_with_its_reason(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1, 2)
    lane = office.lane()
    first, second = office.claim(lane)

    office.bot.failed(first, "the account is closed", NOW, None)
    office.sent(second)

    with office.store.begin() as connection:
        (lost,) = outbox.undelivered(connection, office.workspace, group.id)
    assert (lost.key, lost.state, lost.reason) == (first.key, "parked", "the account is closed")
    (told,) = office.claim(lane)
    assert told.address == Direct("ana")
    assert "I could not deliver 1 message to Tuesday:\n• the account is closed" in words(told.message)
    office.sent(told)
    assert not office.has_work(NOW + timedelta(days=9))


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("nonsense:{group}", id="a kind that nobody knows"),
        pytest.param("prompt:{group}", id="a key without its arguments"),
        pytest.param("prompt:{group}:first:2026-12-07", id="a session that is no number"),
        pytest.param("prompt:{group}:99:2026-12-07", id="a session that the guide does not have"),
        pytest.param("joined:{group}:999999:1", id="a person whom nobody knows"),
        pytest.param("paused:{group}:someday:1", id="a day that is none"),
        pytest.param("checkin:{group}:0:1", id="a private post without its person"),
    ],
)
def test_a_row_that_cannot_be_composed_is_parked_and_does_not_block_the_rest(office: Office, broken: str) -> None:
    group = office.circle()
    bad = broken.format(group=group.id)
    office.keep([Due(bad, office.workspace, NOW - SECOND, group=group.id)])
    office.queue(group, 1)

    claimed = office.claim(office.lane(), limit=1)

    assert [post.key for post in claimed] == [office.key(group, 1)]
    assert office.row(bad).state == "parked"
    assert office.row(bad).reason.startswith("the words could not be made")


def test_a_row_of_no_group_is_parked(office: Office) -> None:
    office.keep([Due("opening:0", office.workspace, NOW)])

    assert office.claim(office.lane()) == ()
    assert office.row("opening:0").state == "parked"


def test_what_is_not_needed_any_more_is_dropped_and_not_listed_as_lost(office: Office) -> None:
    group = office.circle()
    with office.store.begin() as connection:
        dan = people.meet(connection, Actor(office.workspace, "dan", "Dan"))
    stranger = key("joined", group.id, dan.id, 1)
    office.keep([Due(stranger, office.workspace, NOW, group=group.id)])

    assert office.claim(office.lane()) == ()

    assert (office.row(stranger).state, office.row(stranger).reason) == ("dropped", outbox.NOT_NEEDED)
    with office.store.begin() as connection:
        assert outbox.undelivered(connection, office.workspace, group.id) == ()


def test_a_private_post_to_somebody_who_has_gone_is_dropped(office: Office) -> None:
    group, gone = office.circle(), office.staff[1]
    wanted = key("looks-after", group.id, gone.id, 1)
    office.keep([Due(wanted, office.workspace, NOW, group=group.id, person=gone.id)])
    with office.store.begin() as connection:
        people.deactivate(connection, gone)

    assert office.claim(office.lane()) == ()
    assert office.row(wanted).state == "dropped"


def test_what_comes_too_late_is_dropped_and_listed(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1, expires=NOW + timedelta(hours=1))
    office.queue(group, 2)

    claimed = office.claim(office.lane(now=NOW + timedelta(hours=1)), NOW + timedelta(hours=1))

    assert [post.key for post in claimed] == [office.key(group, 2)]
    with office.store.begin() as connection:
        (late,) = outbox.undelivered(connection, office.workspace, group.id)
    assert (late.key, late.state, late.reason) == (office.key(group, 1), "dropped", outbox.TOO_LATE)


def test_what_may_stand_already_is_not_called_too_late(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1, expires=NOW + timedelta(hours=1))
    office.claim(office.lane("one"))

    later = NOW + timedelta(hours=2)
    (post,) = office.claim(office.lane("two", later), later)

    assert post.doubtful


def test_a_private_post_of_the_calendar_waits_for_the_polite_hour(office: Office) -> None:
    group, ben = office.circle(), office.staff[1]
    wanted = key("checkin", group.id, 0, ben.id)
    office.keep([Due(wanted, office.workspace, NIGHT, group=group.id, person=ben.id)])

    assert office.claim(office.lane(now=NIGHT), NIGHT) == ()

    assert office.row(wanted).state == "planned"
    assert office.row(wanted).not_before == datetime(2026, 12, 3, 7, tzinfo=UTC)
    assert office.bot.plan(NIGHT).next == datetime(2026, 12, 3, 7, tzinfo=UTC)


# ── changed words ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_changed_words_edit_the_post_in_place(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1, expires=NOW + timedelta(minutes=1))
    lane = office.lane()
    (post,) = office.claim(lane)
    office.sent(post, "17")

    refresh(office, post.key)

    later = NOW + timedelta(minutes=2)
    (edit,) = office.claim(lane, later)
    assert (edit.key, edit.edits) == (post.key, Receipt("home", "17"))
    office.sent(edit, "17", later)
    assert office.row(post.key).state == "sent"
    assert office.claim(lane, later) == ()


def test_a_message_that_shows_the_new_words_already_is_not_edited(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    lane = office.lane()
    (post,) = office.claim(lane)
    office.sent(post, "17")

    refresh(office, post.key, unless="17")
    assert office.claim(lane) == ()
    refresh(office, post.key, unless="18")
    assert len(office.claim(lane)) == 1


def test_words_that_change_while_the_post_is_on_its_way_are_edited_as_soon_as_it_stands(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    lane = office.lane()
    (post,) = office.claim(lane)

    refresh(office, post.key)
    assert office.claim(lane) == ()
    office.sent(post, "17")

    (edit,) = office.claim(lane)
    assert edit.edits == Receipt("home", "17")
    office.sent(edit, "17")
    assert office.claim(lane) == ()


def test_words_that_change_before_the_post_goes_out_are_simply_the_words(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)

    refresh(office, office.key(group, 1))

    (post,) = office.claim(office.lane())
    assert post.edits is None


def test_an_edit_that_is_not_needed_or_cannot_be_composed_leaves_the_message_standing(office: Office) -> None:
    group, ben = office.circle(), office.staff[1]
    wanted = key("looks-after", group.id, ben.id, 1)
    office.keep([Due(wanted, office.workspace, NOW, group=group.id, person=ben.id)])
    lane = office.lane()
    (post,) = office.claim(lane)
    office.sent(post, "17")
    with office.store.begin() as connection:
        people.deactivate(connection, ben)

    refresh(office, wanted)

    assert office.claim(lane) == ()
    assert (office.row(wanted).state, office.row(wanted).receipt) == ("sent", Receipt("home", "17"))


def test_what_is_asked_for_once_more_is_posted_anew(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    lane = office.lane()
    (post,) = office.claim(lane)
    office.sent(post, "17")

    with office.store.begin() as connection:
        outbox.again(connection, office.workspace, post.key, NOW, None)

    (anew,) = office.claim(lane)
    assert (anew.key, anew.edits, anew.doubtful) == (post.key, None, False)


def test_a_waiting_post_can_be_pulled_forward_and_one_that_stands_cannot(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1, at=NOW + timedelta(days=1))
    wanted = office.key(group, 1)

    def pull() -> bool:
        with office.store.begin() as connection:
            return outbox.pull(connection, office.workspace, wanted, NOW, NOW)

    assert pull()
    (post,) = office.claim(office.lane())
    assert not pull()
    office.sent(post)
    assert not pull()
    refresh(office, wanted)
    assert not pull()


# ── homes that are still to be made ──────────────────────────────────────────────────────────────────────────────────


def test_a_home_is_made_by_one_post_and_the_next_go_to_it(office: Office) -> None:
    group = office.circle(conversation=None)
    office.queue(group, 1, 2, 3)
    lane = office.lane()

    (first,) = office.claim(lane)
    office.bot.sent(first, Receipt("C123", "1"), NOW)

    rest = office.claim(lane)
    assert [post.key for post in rest] == [office.key(group, 2), office.key(group, 3)]
    assert [post.address.conversation for post in rest if isinstance(post.address, Home)] == ["C123", "C123"]


def test_two_homes_are_made_at_once(office: Office) -> None:
    one, two = office.circle("One", None), office.circle("Two", None)
    office.queue(one, 1, 2)
    office.queue(two, 1, 2)

    assert [post.key for post in office.claim(office.lane())] == [office.key(one, 1), office.key(two, 1)]


def test_a_home_knows_its_title_and_who_is_here(office: Office) -> None:
    group = office.circle("Tuesday")
    office.queue(group, 1)
    with office.store.begin() as connection:
        people.deactivate(connection, office.staff[2])

    (post,) = office.claim(office.lane())

    assert post.address == Home(group.id, "home", "Tuesday", "circle", ("ana", "ben"))
    assert "Ben has joined Tuesday" in words(post.message)


# ── who is to be woken, and when ─────────────────────────────────────────────────────────────────────────────────────


def test_planning_tells_who_has_work_and_when_there_is_more(office: Office) -> None:
    group = office.circle()
    assert office.bot.plan(NOW).next is None
    office.queue(group, 1)
    office.queue(group, 2, at=NOW + timedelta(hours=1))

    wake = office.bot.plan(NOW + SECOND)

    assert wake.workspaces == (office.workspace,)
    assert wake.next == NOW + timedelta(hours=1, milliseconds=2)


def test_what_a_silent_worker_left_half_way_is_work_again_when_its_lease_ends(office: Office) -> None:
    group = office.circle()
    office.queue(group, 1)
    office.claim(office.lane())

    assert not office.has_work(NOW + SECOND)
    assert office.has_work(NOW + LEASE_OVER + SECOND)
