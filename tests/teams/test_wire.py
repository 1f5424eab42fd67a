"""Circlet in Teams over the wire, with the real SDK: what people and the connector see."""

from __future__ import annotations

import asyncio

from sqlalchemy import create_engine

from bot.guides.rules import Guides
from bot.people import store as people
from bot.storage import Store
from tests.fakes.teams import acts
from tests.fakes.teams.fake import CHAT, GENERAL, PEOPLE
from tests.teams.wire import Stage, play

CREATE = 'create "North" @ana @ben @cleo @dan @eva --guide peer-circle --on mon 10:00 --start 2026-12-07'
PROMPTED = "2026-12-07T09:30:00+00:00"
ASKED = "2026-12-08T09:30:00+00:00"
OTHERS = ("ben", "cleo", "dan", "eva")


def thread_of(stage: Stage, where: str = GENERAL) -> str:
    """The newest thread of a channel."""
    return [one.conversation for one in stage.fake.world.messages if one.conversation.startswith(f"{where};")][-1]


async def founded(stage: Stage, where: str = GENERAL) -> str:
    """Ana founds a circle there and everybody says yes. Returns its home."""
    await stage.person("ana").says(CREATE, where)
    for key in OTHERS:
        await stage.person(key).presses("Yes, I'm in")
    return thread_of(stage) if where == GENERAL else where


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_command_is_answered_in_the_personal_chat_wherever_it_was_written(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        ana = stage.person("ana")
        answer = await ana.says("help")
        assert answer.status == 202
        ana.sees("What you can ask me")
        for where in (GENERAL, CHAT):
            before = len(stage.fake.messages(ana.chat))
            await ana.says("help", where)
            assert len(stage.fake.messages(ana.chat)) == before + 1
            ana.sees_not("What you can ask me", where=where)

    play(sqlite_store, guides, scene)


def test_names_addresses_zones_and_languages_are_kept_from_the_first_word_on(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        fake.world.users["ana"].zone = "America/New_York"
        fake.world.users["ana"].locale = "de-DE"
        await stage.person("ana").says("help")
        workspace = stage.bot.workspace("teams", fake.world.tenant, "")
        with stage.parts.store.begin() as connection:
            ana = people.find(connection, workspace, fake.world.users["ana"].aad)
        assert ana is not None
        assert (ana.name, ana.zone, ana.language) == ("Ana Ruiz", "America/New_York", "de")
        contact = stage.app_references.contact(workspace, ana.external)
        assert contact is not None
        assert (contact.user, contact.email, contact.chat) == ("29:ana", "ana@example.com", fake.chat("ana"))

    play(sqlite_store, guides, scene)


def test_a_message_that_is_delivered_three_times_is_answered_once(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake, ana = stage.fake, stage.person("ana")
        told = acts.message(fake, fake.world.users["ana"], ana.chat, "help")
        for _ in range(3):
            assert (await fake.send(told)).status == 202
        await stage.settles()
        assert len(fake.messages(ana.chat)) == 1

    play(sqlite_store, guides, scene)


# ── homes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_circle_lives_in_the_thread_in_which_it_was_founded(store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        stage.person("ben").sees("North", where=home)
        await stage.until(PROMPTED)
        stage.person("dan").sees("Set-up week", where=home)
        assert all(said.conversation == home for said in stage.fake.messages(GENERAL))

    play(store, guides, scene)


def test_a_circle_lives_in_the_group_chat_in_which_it_was_founded(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        await founded(stage, CHAT)
        await stage.until(PROMPTED)
        stage.person("dan").sees("Set-up week", where=CHAT)
        assert not stage.fake.messages(GENERAL)

    play(sqlite_store, guides, scene)


def test_a_circle_founded_in_private_takes_the_group_chat_of_just_its_members(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        await stage.fake.installs("ana", CHAT)
        await founded(stage, stage.person("ana").chat)
        stage.person("dan").sees("North", where=CHAT)

    play(sqlite_store, guides, scene)


def test_or_a_new_thread_in_the_team_of_just_its_members(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        await stage.fake.installs("ana", GENERAL)
        await founded(stage, stage.person("ana").chat)
        await stage.until(PROMPTED)
        homes = {said.conversation for said in stage.fake.messages(GENERAL)}
        assert len(homes) == 1
        assert homes.pop().startswith(f"{GENERAL};messageid=")
        stage.person("dan").sees("North", "Set-up week", where=thread_of(stage))

    play(sqlite_store, guides, scene)


def test_or_everybodys_own_chat_where_there_is_no_place_without_others(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        stage.fake.world.add_user("zoe", "Zoe Park")
        stage.fake.world.add_user("yan", "Yan Li")
        for room in (GENERAL, CHAT):
            stage.fake.world.rooms[room].members += ["zoe", "yan"]
            await stage.fake.installs("ana", room)
        await founded(stage, stage.person("ana").chat)
        await stage.until(PROMPTED)
        assert not stage.fake.messages(GENERAL)
        assert not stage.fake.messages(CHAT)
        for key in PEOPLE:
            assert stage.person(key).screen().count("Set-up week: ") == 1
        await stage.until(ASKED)
        await stage.person("ben").submits("Check in", met="met", step="Asked Dora", share="yes")
        await stage.person("cleo").submits("Check in", met="met", step="Wrote to Ida", share="yes")
        await stage.until("2026-12-08T10:30:00+00:00")
        for key in PEOPLE:
            # One message for all of it, changed where it stands.
            assert stage.person(key).screen().count("Check-ins: ") == 1
            stage.person(key).sees("Asked Dora", "Wrote to Ida")

    play(sqlite_store, guides, scene)


PAIR = "pair @ben @cleo --guide reverse-mentoring --on tue 16:00 --start 2026-12-08"


def test_a_pair_lives_in_its_two_own_chats(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        await stage.person("ana").says(PAIR, GENERAL)
        for key in ("ben", "cleo"):
            await stage.person(key).presses("Yes, I'm in")
        for key in ("ben", "cleo"):
            stage.person(key).sees("What is said here stays here")
        assert not stage.fake.messages(GENERAL)
        stage.person("ana").sees_not("What is said here stays here")

    play(sqlite_store, guides, scene)


def test_a_pair_lives_in_a_group_chat_of_the_two_where_there_is_one(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        two = stage.fake.world.add_room("19:two@thread.v2", "groupChat", ["ben", "cleo"])
        await stage.fake.installs("ben", two.id)
        await stage.person("ana").says(PAIR)
        for key in ("ben", "cleo"):
            await stage.person(key).presses("Yes, I'm in")
        stage.person("cleo").sees("What is said here stays here", where=two.id)
        stage.person("cleo").sees_not("What is said here stays here")

    play(sqlite_store, guides, scene)


# ── cards ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_check_in_is_one_card_that_becomes_the_thanks(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        await founded(stage)
        await stage.until(ASKED)
        ben = stage.person("ben")
        before = len(stage.fake.messages(ben.chat))
        card = ben.newest("Check in")
        answer = await ben.submits("Check in", met="met", rating="4", step="Asked Dora for coffee")
        assert answer.status == 200
        assert answer.body["type"] == "application/vnd.microsoft.card.adaptive"
        assert card.updates == 1
        assert "Your step: Asked Dora for coffee" in card.words()
        assert len(stage.fake.messages(ben.chat)) == before

    play(sqlite_store, guides, scene)


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        await founded(stage)
        await stage.until(ASKED)
        ben = stage.person("ben")
        card = ben.newest("Check in")
        await ben.submits("Check in", met="", step="Asked Dora")
        assert "Did you meet? Choose one." in card.words("ben")
        assert "Asked Dora" in card.words("ben")
        assert card.updates == 0
        await stage.fake.submits("ben", card, met="met")
        await stage.settles()
        assert "Your step: Asked Dora" in card.words("ben")

    play(sqlite_store, guides, scene)


def test_a_dialog_opens_shows_errors_and_closes(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        ben = stage.person("ben")
        dialog = await ben.opens("My goal", home)
        assert dialog.is_open
        await dialog.sends(text="")
        assert dialog.is_open
        assert "A goal needs a few words." in dialog.words
        await dialog.sends(text="Talk to ten people")
        assert "Talk to ten people" in dialog.words
        await ben.says("goal")
        ben.sees("Talk to ten people")
        ben.sees_not("Talk to ten people", where=home)

    play(sqlite_store, guides, scene)


def test_a_form_that_a_command_opens_is_a_card_that_becomes_what_came_of_it(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        await founded(stage)
        ben = stage.person("ben")
        await ben.says("goal", GENERAL)
        form = stage.fake.messages(ben.chat)[-1]
        answer = await stage.fake.submits("ben", form, text="Talk to ten people")
        await stage.settles()
        assert answer.body["type"] == "application/vnd.microsoft.card.adaptive"
        assert form.updates == 1
        assert "Talk to ten people" in form.words()
        assert stage.fake.messages(ben.chat)[-1] is form

    play(sqlite_store, guides, scene)


def test_the_form_of_a_circle_that_is_to_live_in_a_channel_is_filled_in_there(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        ana, users = stage.person("ana"), stage.fake.world.users
        await ana.says("create", GENERAL)
        home = thread_of(stage)
        (form,) = stage.fake.messages(home)
        wrong = await stage.fake.submits("ana", form, name="North", guide="peer-circle", people="")
        await stage.settles()
        assert "A circle takes at least" in str(wrong.body)
        members = ",".join(users[key].aad for key in PEOPLE)
        await stage.fake.submits("ana", form, name="North", people=members)
        await stage.settles()
        assert "Ana Ruiz has filled in the form" in form.words()
        ana.sees("I have asked")
        ana.sees_not("I have asked", where=home)
        for key in OTHERS:
            await stage.person(key).presses("Yes, I'm in")
        ana.sees("What is said here stays here", where=home)

    play(sqlite_store, guides, scene)


def test_a_button_is_answered_in_time_while_the_database_is_locked_and_followed_up(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        await founded(stage)
        await stage.until(ASKED)
        ben = stage.person("ben")
        card = ben.newest("Check in")
        other = create_engine(sqlite_store.engine.url)
        with other.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            sent = asyncio.create_task(stage.fake.submits("ben", card, met="met"))
            answer = await sent
            connection.exec_driver_sql("ROLLBACK")
        other.dispose()
        assert answer.status == 200
        assert answer.latency < 3
        assert answer.body["value"] == "One moment, please."
        await stage.settles()
        assert card.updates == 1
        assert "Thank you" in card.words()

    play(sqlite_store, guides, scene)


def test_a_button_that_is_delivered_twice_gets_the_same_answer_and_one_effect(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        await founded(stage)
        await stage.until(ASKED)
        fake, card = stage.fake, stage.person("ben").newest("Check in")
        submit, standing = acts.form_of(card.cards())
        value = acts.execute(submit, acts.filled(standing, {"met": "met"}))
        told = acts.invoke(fake, fake.world.users["ben"], card, "adaptiveCard/action", value)
        first, second = await fake.send(told), await fake.send(told)
        await stage.settles()
        assert first.body == second.body
        assert card.updates == 1

    play(sqlite_store, guides, scene)
