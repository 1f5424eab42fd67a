"""People who are not where a post would find them: without the app, gone, of elsewhere; and who only seem to be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.teams.not_added import NotAdded
from bot.guides.rules import Guides
from bot.messages import Home
from bot.storage import Store
from tests.fakes.teams import acts
from tests.fakes.teams.fake import CHAT, GENERAL
from tests.teams.test_wire import CREATE, PAIR, founded, thread_of
from tests.teams.test_wire_events import ADD, known
from tests.teams.test_wire_send import NOW, Office, at_work
from tests.teams.wire import Stage, play

PROMPT = "Forty-five minutes spent on clear rules"
ADD_IN_GERMAN = "such nach Circlet und wähle „Hinzufügen“"


# ── who gets it later ────────────────────────────────────────────────────────────────────────────────────────────────


async def paired(stage: Stage) -> None:
    """Ben and Cleo are a pair, and read everything in their own chats."""
    await stage.person("ana").says(PAIR, GENERAL)
    for key in ("ben", "cleo"):
        await stage.person(key).presses("Yes, I'm in")


def test_what_somebody_missed_in_their_pair_comes_when_they_add_the_app_and_to_them_alone(
    store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        await paired(stage)
        await fake.installs("cleo", action="remove")
        await stage.until("2026-12-08T14:00:00+00:00")
        (row,) = stage.rows("prompt")
        assert row["state"] == "sent"
        bens, cleos = fake.messages(fake.chat("ben")), fake.messages(fake.chat("cleo"))
        prompt = next(one for one in bens if one.words() == bens[-1].words())
        assert prompt.words() not in [one.words() for one in cleos]
        for _ in range(2):
            await fake.installs("cleo", action="add-upgrade")
            await stage.settles()
        got = [one.words() for one in fake.messages(fake.chat("cleo"))[len(cleos) :]]
        assert got.count(prompt.words()) == 1
        assert fake.messages(fake.chat("ben")) == bens
        assert prompt.updates == 0

    play(store, guides, scene)


def test_what_a_whole_pair_missed_waits_and_their_home_is_not_lost(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        await paired(stage)
        for key in ("ben", "cleo"):
            await fake.installs(key, action="remove")
        await stage.until("2026-12-08T14:00:00+00:00")
        (row,) = stage.rows("prompt")
        assert row["state"] == "parked"
        stage.person("ana").sees_not("I was taken out")
        for key in ("ben", "cleo"):
            await fake.installs(key, action="add-upgrade")
            await stage.settles()
        assert stage.rows("prompt")[0]["state"] == "sent"
        bens, cleos = ([one.words() for one in fake.messages(fake.chat(key))] for key in ("ben", "cleo"))
        (prompt,) = (words for words in bens if PROMPT in words)
        assert cleos.count(prompt) == 1

    play(sqlite_store, guides, scene)


def test_a_change_of_what_everybody_got_alone_changes_it_and_finds_who_missed_it(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        fake = office.fake
        home = Home(18, "personal:18", "Ben and Cleo", "pair", (office.to("ben").person, office.to("cleo").person))
        fake.world.users["cleo"].reachable = False
        receipt = await office.courier.send(office.post(home), NOW)
        await office.courier.send(office.post(home, text="Week 4", edits=receipt), NOW)
        (bens,) = fake.messages(fake.chat("ben"))
        assert (bens.updates, "Week 4" in bens.words()) == (1, True)
        assert not fake.messages(fake.chat("cleo"))
        fake.world.users["cleo"].reachable = True
        await office.courier.send(office.post(home, text="Week 4", edits=receipt), NOW)
        (cleos,) = fake.messages(fake.chat("cleo"))
        assert "Week 4" in cleos.words()
        await office.courier.send(office.post(home, text="Week 5", edits=receipt), NOW)
        assert (bens.updates, cleos.updates) == (2, 1)

    at_work(sqlite_store, scene)


def test_who_comes_within_reach_by_a_team_that_gets_the_app_gets_what_waited(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        fake, ben = stage.fake, stage.fake.world.users["ben"]
        ben.reachable = False
        await stage.person("ana").says(CREATE, CHAT)
        assert [row["state"] for row in stage.rows("invite")].count("parked") == 1
        # What Teams makes of it: whoever is in a team with the app can be written to.
        ben.reachable = True
        await fake.installs("ana", GENERAL)
        await stage.settles()
        stage.person("ben").sees("North")
        assert [row["state"] for row in stage.rows("invite")].count("parked") == 0

    play(sqlite_store, guides, scene)


def test_who_speaks_where_we_thought_that_we_were_gone_brings_back_what_waited(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        room = stage.fake.world.rooms[GENERAL]
        room.bot = False
        await stage.until("2026-12-07T09:30:00+00:00")
        assert [row["state"] for row in stage.rows("prompt")] == ["parked"]
        # Nobody tells us that it was added again; but somebody speaks to us there.
        room.bot = True
        await stage.person("ben").says("agenda", home)
        stage.person("ben").sees("Set-up week: ", where=home)

    play(sqlite_store, guides, scene)


def test_who_writes_to_us_again_gets_what_waited_though_nobody_told_us_that_they_have_the_app(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        fake, ben = stage.fake, stage.fake.world.users["ben"]
        await stage.person("ben").says("help")
        await fake.installs("ben", action="remove")
        await stage.person("ana").says(CREATE, GENERAL)
        assert [row["state"] for row in stage.rows("invite")].count("parked") == 1
        ben.reachable = fake.world.chat_of(ben).bot = True
        await stage.person("ben").says("help")
        stage.person("ben").sees("Yes, I'm in")

    play(sqlite_store, guides, scene)


# ── the hint ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_hint_that_teams_did_not_take_is_given_the_next_time_and_only_then(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        ben, hints = office.to("ben").person, NotAdded(office.speaker)
        office.fake.faults.limit(next=1, methods=["post"])
        for _ in range(3):
            await hints.tell(office.workspace, ben, NOW)
        assert [said.words().count(ADD) for said in office.fake.messages(CHAT)] == [1]

    at_work(sqlite_store, scene)


def test_a_hint_that_may_have_arrived_is_not_given_again(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        ben, hints = office.to("ben").person, NotAdded(office.speaker)
        office.fake.faults.lose_answers(next=1, methods=["post"], how="504")
        for _ in range(3):
            await hints.tell(office.workspace, ben, NOW)
        assert len(office.fake.messages(CHAT)) == 1

    at_work(sqlite_store, scene)


def test_whoever_was_invited_in_private_is_told_in_a_team_where_they_are(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        await stage.fake.installs("ana", GENERAL)
        stage.fake.world.users["ben"].reachable = False
        await stage.person("ana").says(CREATE)
        stage.person("ben").sees(ADD, where=GENERAL)
        stage.person("ben").sees_not("North", where=GENERAL)

    play(sqlite_store, guides, scene)


def test_the_hint_is_in_the_language_of_whoever_it_is_for_else_in_the_groups(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        users = stage.fake.world.users
        users["ana"].locale = "de-DE"
        for key in ("ben", "cleo"):
            users[key].reachable = False
        # Of Cleo is known how she speaks; of Ben nothing is.
        await stage.person("cleo").says("help", CHAT)
        assert ADD in stage.person("cleo").screen(CHAT)
        await stage.person("ana").says(CREATE, GENERAL)
        hint = next(said.words() for said in stage.fake.messages(thread_of(stage)) if "Ben Okafor</at>" in said.words())
        assert ADD_IN_GERMAN in hint

    play(sqlite_store, guides, scene)


def test_whoever_asks_again_on_another_day_is_not_told_again_in_front_of_all(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        stage.fake.world.users["ben"].reachable = False
        for _ in range(3):
            await stage.person("ben").says("help", CHAT)
            stage.time += timedelta(days=2)
        assert stage.person("ben").screen(CHAT).count(ADD) == 1

    play(sqlite_store, guides, scene)


# ── who is gone, and who is not ──────────────────────────────────────────────────────────────────────────────────────


async def leaves(stage: Stage, key: str, *rooms: str) -> bool:
    """Somebody leaves these; whether they count as one of us still."""
    for room in rooms:
        await stage.fake.members_change("ana", room, membersRemoved=[stage.fake.world.users[key]])
        await stage.settles()
    found = known(stage, key)
    assert found is not None
    return found.active


def test_whoever_leaves_a_team_and_has_no_chat_with_us_is_still_in_their_group_chat(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        await stage.fake.installs("ana", GENERAL)
        await founded(stage, CHAT)
        await stage.fake.installs("ben", action="remove")
        assert await leaves(stage, "ben", GENERAL)
        stage.person("ana").sees_not("Ben Okafor has left", where=CHAT)
        assert not await leaves(stage, "ben", CHAT)
        stage.person("ana").sees("Ben Okafor has left North", where=CHAT)

    play(sqlite_store, guides, scene)


def test_whoever_leaves_the_team_of_their_circle_is_still_in_a_group_chat_with_us(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        await stage.fake.installs("ana", CHAT)
        await founded(stage)
        await stage.fake.installs("ben", action="remove")
        assert await leaves(stage, "ben", GENERAL)

    play(sqlite_store, guides, scene)


@pytest.mark.parametrize("error", ["403 BotNotInConversationRoster", "404 ConversationNotFound", "500 ServiceError"])
def test_as_long_as_one_place_cannot_tell_nobody_is_gone(sqlite_store: Store, guides: Guides, error: str) -> None:
    async def scene(stage: Stage) -> None:
        await founded(stage)
        # Teams does not let us look into their own chat: they have removed the app, say, and nobody told us.
        stage.fake.faults.answer(error, next=1, methods=["member"])
        assert await leaves(stage, "ben", GENERAL)

    play(sqlite_store, guides, scene)


def test_whoever_is_only_reached_in_their_own_chat_and_has_removed_the_app_is_not_gone(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        await stage.fake.installs("ana", GENERAL)
        for key in ("yan", "zoe"):
            stage.fake.world.add_user(key, key.title())
            stage.fake.world.rooms[GENERAL].members.append(key)
        await paired(stage)
        await stage.fake.installs("ben", action="remove")
        assert await leaves(stage, "ben", GENERAL)

    play(sqlite_store, guides, scene)


# ── of elsewhere ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("theirs", ["99999999-bbbb-cccc-dddd-eeeeeeeeeeee", ""])
def test_a_guest_of_another_organisation_in_our_team_is_nobody_here(
    sqlite_store: Store, guides: Guides, theirs: str
) -> None:
    async def scene(stage: Stage) -> None:
        fake, own = stage.fake, stage.fake.world.tenant
        fake.world.add_user("zoe", "Zoe Park", tenant=theirs or own.upper())
        fake.world.rooms[CHAT].members.append("zoe")
        await fake.send(acts.message(fake, fake.world.users["ana"], CHAT, CREATE.replace("@eva", "@zoe")))
        await stage.settles()
        assert (known(stage, "zoe") is None) == bool(theirs)

    play(sqlite_store, guides, scene)
