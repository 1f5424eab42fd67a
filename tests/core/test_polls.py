"""Polls below the surface: many votes are few edits, votes at once, a key that is lost, and what is kept of a vote."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.crypt import Crypt, new_key
from adapters.secrets_cli import encrypt_anew
from bot.app import Bot
from bot.guides.rules import Guides
from bot.inbound import Actor, Command, Place, Press
from bot.messages import Message, Post, Receipt, Say
from bot.outbox import store as outbox
from bot.polls.store import poll_votes, polls
from bot.spoken import words
from bot.storage import Store, open_store
from tests.conftest import CIPHER
from tests.core.office import NOW, SECOND, Office, office
from tests.core.test_races import together

OWN = True
ASK = 'poll "Tea?" "Yes" "No" --until 12:00'


class Room:
    """An office with a circle in it, and a poll that stands in its home."""

    def __init__(self, store: Store, guides: Guides, ask: str) -> None:
        self.office: Office = office(store, guides)
        self.guides = guides
        self.bot = Bot(store, guides, CIPHER)
        self.group = self.office.circle()
        self.bot.handle(Command(self.actor("ana"), Place("home", "group"), ask), NOW)
        lane = self.office.lane()
        (post,) = [one for one in self.bot.claim(lane, NOW + SECOND, 50) if one.key.startswith("poll:")]
        assert self.bot.sent(post, Receipt("home", "7"), NOW + SECOND)
        self.poll = post.key.split(":")[2]
        self.key = post.key

    def actor(self, name: str) -> Actor:
        return Actor(self.office.workspace, name, name.title(), "Europe/Berlin", "en")

    def votes(self, name: str, option: int, bot: Bot | None = None) -> Say:
        press = Press(self.actor(name), Place("home", "group", "7"), f"vote:{self.poll}:{option}")
        reply = (bot or self.bot).handle(press, NOW + SECOND)
        assert isinstance(reply, Say)
        return reply

    def claimed(self) -> tuple[Post, ...]:
        return self.bot.claim(self.office.lane("two", NOW + 40 * SECOND), NOW + 40 * SECOND, 50)


@pytest.fixture
def room(store: Store, guides: Guides) -> Room:
    return Room(store, guides, ASK)


def test_votes_that_come_while_one_edit_waits_are_that_edit(room: Room) -> None:
    for name, option in (("ana", 0), ("ben", 1), ("chloe", 0), ("ben", 0), ("ana", 1)):
        room.votes(name, option)

    (edit,) = room.claimed()
    assert edit.edits == Receipt("home", "7")
    assert "Yes: 2 and No: 1" in words(edit.message)


def test_the_same_vote_again_changes_no_message(room: Room) -> None:
    room.votes("ana", 0)
    (edit,) = room.claimed()
    room.bot.sent(edit, Receipt("home", "7"), NOW + 40 * SECOND)

    room.votes("ana", 0)

    assert room.office.row(room.key).state == "sent"


def test_a_vote_while_the_message_is_on_its_way_is_shown_afterwards(room: Room) -> None:
    room.votes("ana", 0)
    (edit,) = room.claimed()
    room.votes("ben", 0)

    room.bot.sent(edit, Receipt("home", "7"), NOW + 40 * SECOND)

    assert room.office.row(room.key).state == "planned"


def test_everybody_votes_at_once_and_every_vote_counts_once(room: Room) -> None:
    store = room.office.store
    others = [open_store(store.engine.url.render_as_string(hide_password=False)) for _ in range(3)]
    bots = [Bot(one, room.guides, CIPHER) for one in others]
    try:
        together(
            *(
                lambda name=name, bot=bot, option=option: room.votes(name, option, bot)
                for name, bot in zip(("ana", "ben", "chloe"), bots, strict=True)
                for option in (0, 1, 0)
            )
        )
    finally:
        for one in others:
            one.close()

    with store.begin() as connection:
        assert len(list(connection.execute(select(poll_votes.c.person_id)))) == 3


def test_two_clocks_close_a_poll_once(room: Room) -> None:
    room.votes("ana", 0)
    later = NOW + timedelta(days=1)

    together(lambda: room.bot.plan(later), lambda: room.bot.plan(later))

    with room.office.store.begin() as connection:
        assert connection.execute(select(polls.c.result)).scalar_one() == [[1, 0], 1, 3]
        keys = connection.execute(select(outbox.outbox.c.key)).scalars()
        assert sorted(key for key in keys if key.startswith("poll")) == [
            room.key,
            f"polled:{room.group.id}:{room.poll}",
        ]


def test_the_clock_wakes_when_a_poll_closes(room: Room) -> None:
    lane = room.office.lane("two", NOW + 40 * SECOND)
    assert not room.bot.claim(lane, NOW + 40 * SECOND, 50)

    # Wednesday noon is over in Berlin: tomorrow at twelve.
    assert room.bot.plan(NOW + 40 * SECOND).next == NOW.replace(day=3, hour=11)


def test_a_poll_moves_to_the_new_home_when_the_old_one_is_lost(room: Room) -> None:
    room.votes("ana", 0)
    room.bot.handle(Press(room.actor("ana"), Place("home", "group"), f"rehome:{room.group.id}"), NOW + 2 * SECOND)
    later = NOW + 40 * SECOND
    lane = room.office.lane("two", later)

    (opening,) = room.bot.claim(lane, later, 50)
    room.bot.sent(opening, Receipt("new home", "1"), later)
    (again,) = room.bot.claim(lane, later, 50)

    assert (again.key, again.edits) == (room.key, None)
    assert "Yes: 1 and No: 0" in words(again.message)


# ── sealed ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_key_nobody_is_asked_anonymously(office: Office) -> None:
    office.circle()
    ana = Actor(office.workspace, "ana", "Ana", "Europe/Berlin", "en")

    reply = office.bot.handle(Command(ana, Place("home", "group"), f"{ASK} --anonymous"), NOW)

    assert isinstance(reply, Say)
    assert "Anonymous votes need a key on the server" in words(reply.message)
    assert office.rows() == 0


def test_a_lost_key_holds_up_nothing_else(store: Store, guides: Guides) -> None:
    room = Room(store, guides, f"{ASK} --anonymous")
    room.votes("ana", 0)
    room.bot.handle(Command(room.actor("ana"), Place("home", "group"), 'poll "Open?" "Yes" "No" --until 12:00'), NOW)
    other = Bot(store, guides, Crypt(new_key()))
    later = NOW + timedelta(days=1)

    assert room.office.workspace in other.plan(later).workspaces
    assert other.plan(later).next is None
    lane = room.office.lane("two", later)
    said = [words(post.message) for post in other.claim(lane, later, 50)]

    # The other poll was never delivered, so there is nothing to say about it; of the first nothing can be said.
    assert said == []
    with store.begin() as connection:
        assert len(list(connection.execute(select(poll_votes)))) == 1
        reasons = connection.execute(select(outbox.outbox.c.reason)).scalars()
        assert "the words could not be made (ConfigError)" in set(reasons)
    # With the key it can be told again.
    room.bot.handle(Command(room.actor("ana"), Place("home", "group"), "status"), later)
    assert isinstance(room.bot.home(room.actor("ana"), later), Message)


def test_what_was_chosen_is_nowhere_but_in_the_sealed_vote(store: Store, guides: Guides) -> None:
    room = Room(store, guides, f"{ASK} --anonymous")
    room.votes("ana", 0)
    room.votes("ben", 1)

    with store.begin() as connection:
        kept = list(connection.execute(select(poll_votes.c.chosen)).scalars())
        assert [CIPHER.open(text) for text in sorted(kept, key=CIPHER.open)] == ["01", "10"]
        assert len({len(text) for text in kept}) == 1


@pytest.mark.parametrize(("ask", "again"), [(ASK, 0), (f"{ASK} --anonymous", 2)])
def test_a_new_key_takes_the_votes_of_anonymous_polls_along(store: Store, guides: Guides, ask: str, again: int) -> None:
    room, (old, new) = Room(store, guides, ask), (new_key(), new_key())
    for name in ("ana", "ben"):
        room.votes(name, 0, Bot(store, guides, Crypt(old)))
    done = encrypt_anew(store, Crypt(f"{new},{old}"))
    assert (done.again, done.unreadable) == (again, 0)
    with store.begin() as connection:
        kept = connection.execute(select(poll_votes.c.chosen)).scalars().all()
    opened = [Crypt(new).open(one) for one in kept] if again else kept
    assert len(opened) == 2
    assert len(set(opened)) == 1
