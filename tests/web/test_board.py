"""The local chat's own server: what it keeps, who sees it, and that a post is kept once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Connection

from adapters.web import board, render
from adapters.web.board import Conversation, NotThere
from adapters.web.render import Drawn, Entry
from bot.actions import action
from bot.forms import Form, TextInput
from bot.markup import literal
from bot.messages import Ask, Message, Text
from bot.people import store as people
from bot.storage import Store

NOW = datetime(2026, 12, 7, 8, tzinfo=UTC)
CIRCLE = Conversation("circle-17", "circle", "Monday circle", ("ana", "ben"))


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.begin() as connection:
        yield connection


@pytest.fixture
def here(connection: Connection) -> int:
    workspace = people.workspace_id(connection, "web", "demo", "Demo")
    board.settle(connection, workspace, CIRCLE)
    return workspace


def words(text: str) -> Drawn:
    return render.draw(Message((Text(literal(text)),)))


def texts(connection: Connection, workspace: int, conversation: str, person: str) -> list[str]:
    return [entry.drawn.text for entry in board.seen(connection, workspace, conversation, person)]


def post(
    connection: Connection, workspace: int, text: str, *, lane: int = 1, doubtful: bool = False, at: datetime = NOW
) -> Entry:
    drawn = words(text)
    return board.post(connection, workspace, CIRCLE, drawn, at, key="prompt:17:3", lane=lane, doubtful=doubtful)


@pytest.mark.parametrize(
    ("lane", "doubtful"), [(2, False), (1, False), (1, True), (2, True), (3, True)], ids=lambda case: str(case)
)
def test_a_post_that_may_be_the_same_is_one_message(
    connection: Connection, here: int, lane: int, doubtful: bool
) -> None:
    first = post(connection, here, "Week 3", lane=2)
    again = post(connection, here, "Week 3", lane=lane, doubtful=doubtful, at=NOW + timedelta(hours=1))
    assert again == first
    assert board.seen(connection, here, "circle-17", "ana") == (first,)


def test_a_post_that_was_asked_for_again_is_a_new_message(connection: Connection, here: int) -> None:
    post(connection, here, "Week 3", lane=2)
    again = post(connection, here, "Week 3", lane=3)
    assert texts(connection, here, "circle-17", "ana") == ["Week 3", "Week 3"]
    assert post(connection, here, "Week 3", lane=4, doubtful=True) == again


def test_workers_who_bring_a_post_again_at_once_wait_for_each_other(store: Store) -> None:
    with store.begin() as connection:
        workspace = people.workspace_id(connection, "web", "demo", "Demo")
        board.settle(connection, workspace, CIRCLE)
        post(connection, workspace, "Week 3")
    workers = 8
    together = Barrier(workers)

    def bring(lane: int) -> Entry:
        together.wait(timeout=10)
        with store.begin() as connection:
            return post(connection, workspace, "Week 3", lane=lane)

    with ThreadPoolExecutor(workers) as pool:
        brought = {entry.id for entry in pool.map(bring, range(2, 2 + workers))}
    with store.begin() as connection:
        said = [entry.id for entry in board.seen(connection, workspace, "circle-17", "ana")]
        assert post(connection, workspace, "Week 3", lane=99, doubtful=True).id == said[-1]
    assert brought == set(said[1:])


def test_a_post_is_found_again_after_a_restart(store: Store) -> None:
    with store.begin() as connection:
        workspace = people.workspace_id(connection, "web", "demo", "Demo")
        board.settle(connection, workspace, CIRCLE)
        before = post(connection, workspace, "Week 3")
    with store.begin() as connection:
        assert post(connection, workspace, "Week 3", lane=2, doubtful=True) == before


def test_the_same_key_in_another_workspace_is_another_message(connection: Connection, here: int) -> None:
    there = people.workspace_id(connection, "web", "other", "Other")
    board.settle(connection, there, CIRCLE)
    ours = post(connection, here, "ours")
    theirs = post(connection, there, "theirs")
    assert ours.id != theirs.id
    assert texts(connection, here, "circle-17", "ana") == ["ours"]
    with pytest.raises(NotThere):
        board.look(connection, here, "circle-17", "ana", theirs.id)


def test_messages_keep_the_order_in_which_they_were_said(connection: Connection, here: int) -> None:
    for word in ("one", "two", "three"):
        board.say(connection, here, CIRCLE, words(word), NOW)
    assert texts(connection, here, "circle-17", "ben") == ["one", "two", "three"]


def test_a_private_message_is_seen_by_one_person(connection: Connection, here: int) -> None:
    secret = board.say(connection, here, CIRCLE, words("for Ana"), NOW, seen_by="ana")
    assert texts(connection, here, "circle-17", "ana") == ["for Ana"]
    assert texts(connection, here, "circle-17", "ben") == []
    assert list(board.viewers(CIRCLE, secret)) == ["ana"]
    with pytest.raises(NotThere):
        board.look(connection, here, "circle-17", "ben", secret.id)


def test_only_members_may_enter(connection: Connection, here: int) -> None:
    assert board.enter(connection, here, "circle-17", "ana") == CIRCLE
    for place, person in (("circle-17", "zoe"), ("circle-18", "ana"), ("dm-ana", "ben"), ("dm-", "ana")):
        with pytest.raises(NotThere):
            board.enter(connection, here, place, person)


def test_everybody_has_a_private_conversation_from_the_start(connection: Connection, here: int) -> None:
    place = board.enter(connection, here, "dm-zoe", "zoe")
    assert place == Conversation("dm-zoe", "direct", "Circlet", ("zoe",))
    said = board.say(connection, here, place, words("Welcome"), NOW, seen_by="zoe")
    assert said.seen_by is None
    assert texts(connection, here, "dm-zoe", "zoe") == ["Welcome"]
    assert board.groups(connection, here) == (CIRCLE,)


def test_a_conversation_follows_its_group(connection: Connection, here: int) -> None:
    wanted = Conversation("circle-17", "circle", "Tuesday circle", ("ana", "zoe"))
    assert board.settle(connection, here, wanted)
    assert not board.settle(connection, here, wanted)
    assert board.groups(connection, here) == (wanted,)
    with pytest.raises(NotThere):
        board.enter(connection, here, "circle-17", "ben")


def test_words_that_changed_are_an_edit_in_place(connection: Connection, here: int) -> None:
    first = board.say(connection, here, CIRCLE, words("1 answered"), NOW)
    board.say(connection, here, CIRCLE, words("later"), NOW)
    assert not board.edit(connection, here, first, words("1 answered")).edited
    changed = board.edit(connection, here, first, words("2 answered"))
    assert changed.edited
    assert (changed.id, changed.at) == (first.id, NOW)
    assert texts(connection, here, "circle-17", "ana") == ["2 answered", "later"]


@pytest.mark.parametrize("message", ["", "0", "999999999", "9" * 40, "-1", "x", "²", "1 "])
def test_an_id_that_is_none_of_ours_is_not_there(connection: Connection, here: int, message: str) -> None:
    with pytest.raises(NotThere):
        board.look(connection, here, "circle-17", "ana", message)
    assert board.posted(connection, here, "circle-17", message) is None


def test_the_latest_form_with_a_token_is_found(connection: Connection, here: int) -> None:
    form = Form(action("checkin.answer", 17, 3), "Week 3", (TextInput("step", "One step"),), "Send")
    ask = render.draw(Message((Ask("Check in", form),)))
    board.say(connection, here, CIRCLE, ask, NOW)
    second = board.say(connection, here, CIRCLE, ask, NOW)
    board.say(connection, here, CIRCLE, ask, NOW, seen_by="ben")
    board.say(connection, here, CIRCLE, words("checkin.answer:17:3"), NOW)
    assert board.latest_ask(connection, here, "circle-17", "ana", "checkin.answer:17:3") == second.id
    assert board.latest_ask(connection, here, "circle-17", "ana", "checkin.answer:17:%") is None


def test_unread_counts_what_others_said_since_one_looked(connection: Connection, here: int) -> None:
    board.say(connection, here, CIRCLE, words("to all"), NOW)
    board.say(connection, here, CIRCLE, words("/circle"), NOW, author="ana", seen_by="ana")
    board.say(connection, here, CIRCLE, words("home"), NOW, seen_by="ana")
    board.say(connection, here, board.direct("ben"), words("for Ben"), NOW)
    assert board.unread(connection, here) == {"ana": {"circle-17": 2}, "ben": {"circle-17": 1, "dm-ben": 1}}
    board.mark_read(connection, here, "circle-17", "ana")
    board.mark_read(connection, here, "dm-ben", "ben")
    assert board.unread(connection, here) == {"ben": {"circle-17": 1}}
    board.say(connection, here, CIRCLE, words("more"), NOW)
    assert board.unread(connection, here) == {"ana": {"circle-17": 1}, "ben": {"circle-17": 2}}


def test_reading_an_empty_conversation_marks_nothing(connection: Connection, here: int) -> None:
    board.mark_read(connection, here, "dm-zoe", "zoe")
    assert board.unread(connection, here) == {}


def test_the_clock_starts_once_and_never_goes_back(connection: Connection, here: int) -> None:
    assert board.start_clock(connection, here, NOW) == NOW
    assert board.start_clock(connection, here, NOW + timedelta(days=1)) == NOW
    board.set_clock(connection, here, NOW + timedelta(hours=2))
    board.set_clock(connection, here, NOW + timedelta(hours=1))
    assert board.read_clock(connection, here) == NOW + timedelta(hours=2)
