"""What is for one person alone, wherever they are; and what becomes of it when we are slow, or broken."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import ClientSession
from sqlalchemy import create_engine, text

from adapters.teams import interact
from bot.guides.rules import Guides
from bot.storage import Store
from tests.fakes.teams import Answer, acts
from tests.fakes.teams.fake import CHAT, GENERAL
from tests.teams.test_wire import ASKED, CREATE, OTHERS, founded
from tests.teams.test_wire_events import ADD
from tests.teams.wire import Stage, play

IN_TIME = 3.0
"""Seconds that Teams may wait for the answer to an invoke."""


@asynccontextmanager
async def slow_database(store: Store) -> AsyncIterator[None]:
    """Somebody else writes, and goes on writing."""
    other = create_engine(store.engine.url)
    with other.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            connection.exec_driver_sql("ROLLBACK")
    other.dispose()


async def pressed(stage: Stage, key: str, where: str, token: str, name: str = "adaptiveCard/action") -> Answer:
    """A button that means this, in the newest message there."""
    data = {"t": token}
    value = {"data": data} if name != "adaptiveCard/action" else acts.execute({"type": "Action.Execute"}, data)
    said = stage.fake.messages(where)[-1]
    answer = await stage.fake.send(acts.invoke(stage.fake, stage.fake.world.users[key], said, name, value))
    await stage.settles()
    return answer


# ── what nobody else has seen ────────────────────────────────────────────────────────────────────────────────────────


async def commands(stage: Stage, key: str, text: str, where: str = GENERAL) -> None:
    """A slash command."""
    told = acts.message(stage.fake, stage.fake.world.users[key], where, text, mention=False, targeted=True)
    if where == GENERAL:
        told["conversation"]["id"] = acts.root(where, told["id"])
    assert (await stage.fake.send(told)).status == 202
    await stage.settles()


def test_a_slash_command_is_answered_where_nobody_else_sees_it(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        for where in (GENERAL, CHAT):
            await commands(stage, "ana", "/circle create", where)
            assert not stage.fake.messages(where)
        assert len([one for one in stage.fake.messages(stage.fake.chat("ana")) if "Start a circle" in one.words()]) == 2

    play(sqlite_store, guides, scene)


def test_a_slash_command_makes_no_home_of_where_it_was_typed(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        await commands(stage, "ana", f"/{CREATE}")
        for key in OTHERS:
            await stage.person(key).presses("Yes, I'm in")
        assert not stage.fake.messages(GENERAL)
        stage.person("ben").sees("What is said here stays here")

    play(sqlite_store, guides, scene)


def test_a_slash_command_knows_the_circle_of_the_thread(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        await stage.person("ana").says(CREATE.replace("North", "South"), CHAT)
        for key in OTHERS:
            await stage.person(key).presses("Yes, I'm in")
        await commands(stage, "ana", "/agenda", home)
        stage.person("ana").sees("North")
        assert "Which" not in stage.fake.messages(stage.fake.chat("ana"))[-1].words()

    play(sqlite_store, guides, scene)


# ── a button that others see ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_vote_is_confirmed_beside_the_poll_and_in_no_message(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        await stage.person("ana").says('poll "When shall we meet?" "Mon 10" "Tue 16"', home)
        stage.fake.world.users["cleo"].reachable = False
        for key in ("ben", "cleo"):
            before = len(stage.fake.world.messages)
            answer = await stage.person(key).presses("Tue 16", home)
            assert answer.body["type"] == "application/vnd.microsoft.activity.message"
            assert answer.body["value"].startswith("Your vote: Tue 16.")
            assert len(stage.fake.world.messages) == before
        stage.person("ana").sees("2 of 5 have answered.", where=home)

    play(sqlite_store, guides, scene)


def test_a_button_says_where_its_answer_is_once_it_is_there(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        answer = await pressed(stage, "ben", home, "help")
        assert answer.body["value"] == "The answer is in your chat with me."
        stage.person("ben").sees("What you can ask me")
        stage.fake.faults.fail(methods=["post"], status=500)
        answer = await pressed(stage, "ben", home, "help")
        assert answer.body["value"] == "Teams takes no message from me at the moment. Please try again in a minute."

    play(sqlite_store, guides, scene)


def test_whoever_presses_without_the_app_is_told_beside_the_button_what_is_missing(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        stage.fake.world.users["ben"].reachable = False
        answer = await pressed(stage, "ben", home, "help")
        assert ADD in answer.body["value"]
        assert "is in your chat" not in str(answer.body)

    play(sqlite_store, guides, scene)


def test_an_answer_that_takes_its_time_is_not_promised(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        stage.fake.faults.slow(1.2, next=1, methods=["post"])
        answer = await pressed(stage, "ben", home, "help")
        assert answer.body["value"] == "One moment, please."
        assert answer.latency < IN_TIME
        stage.person("ben").sees("What you can ask me")

    play(sqlite_store, guides, scene)


# ── while the database is slow ───────────────────────────────────────────────────────────────────────────────────────


def test_what_was_typed_into_a_form_with_a_mistake_comes_back_though_we_were_slow(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        await founded(stage)
        await stage.until(ASKED)
        ben, before = stage.person("ben"), len(stage.fake.messages(stage.fake.chat("ben")))
        card = ben.newest("Check in")
        async with slow_database(sqlite_store):
            answer = await stage.fake.submits("ben", card, met="", step="Asked Dora for coffee")
        assert answer.body["value"] == "One moment, please."
        await stage.settles()
        (again,) = stage.fake.messages(ben.chat)[before:]
        assert "Did you meet? Choose one." in again.words()
        assert "Asked Dora for coffee" in again.words()
        await stage.fake.submits("ben", again, met="met")
        await stage.settles()
        assert "Your step: Asked Dora for coffee" in again.words()

    play(sqlite_store, guides, scene)


def test_a_dialog_is_answered_in_time_while_the_database_is_slow(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        ben = stage.person("ben")
        said = ben.newest("My goal", home)
        async with slow_database(sqlite_store):
            opening = await stage.fake.presses("ben", said, "My goal")
        await stage.settles()
        dialog = await ben.opens("My goal", home)
        async with slow_database(sqlite_store):
            answer = await stage.fake.sends_dialog("ben", dialog.said, dialog.answer.dialog, text="Talk to ten people")
        await stage.settles()
        for late in (opening, answer):
            assert late.latency < IN_TIME
            assert late.body == {"task": {"type": "message", "value": "One moment, please."}}
        # Late, but not lost: the form, and what came of what was sent.
        form = next(one for one in stage.fake.messages(ben.chat) if "Talk to ten people" not in one.words())
        assert form.cards()
        ben.sees("Talk to ten people")

    play(sqlite_store, guides, scene)


# ── what is broken ───────────────────────────────────────────────────────────────────────────────────────────────────


async def breaks(stage: Stage) -> None:
    """A table is gone of which the very first thing that we do has need."""
    with stage.parts.store.begin() as connection:
        connection.execute(text("ALTER TABLE teams_tenants RENAME TO teams_gone"))


def test_an_accident_before_anything_was_read_is_answered_with_its_id(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        await breaks(stage)
        fake.world.say(fake.chat("ana"), None, {"text": "Something of before"})
        answer = await pressed(stage, "ana", fake.chat("ana"), "help")
        assert answer.body["type"] == "application/vnd.microsoft.activity.message"
        assert "Something went wrong on our side" in answer.body["value"]
        answer = await pressed(stage, "ana", fake.chat("ana"), "help", "task/fetch")
        assert "Something went wrong on our side" in answer.body["task"]["value"]
        assert len(fake.messages(fake.chat("ana"))) == 1
        await stage.person("ana").says("help")
        stage.person("ana").sees("Something went wrong on our side")

    play(sqlite_store, guides, scene)


# ── twice ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("later", "between", "answers"), [(110, 0, 1), (130, 0, 2), (0, 1, 1), (0, 3, 2)])
def test_a_delivery_is_known_again_for_a_while_and_not_for_ever(
    sqlite_store: Store, guides: Guides, monkeypatch: pytest.MonkeyPatch, later: int, between: int, answers: int
) -> None:
    assert interact.REMEMBERED <= 500
    assert timedelta(seconds=120) == interact.REMEMBERED_FOR
    monkeypatch.setattr(interact, "REMEMBERED", 3)

    async def scene(stage: Stage) -> None:
        fake = stage.fake
        told = acts.message(fake, fake.world.users["ana"], fake.chat("ana"), "help")
        await fake.send(told)
        for _ in range(between):
            await fake.says("ben", fake.chat("ben"), "help")
        stage.time += timedelta(seconds=later)
        await fake.send(told)
        await stage.settles()
        assert len(fake.messages(fake.chat("ana"))) == answers

    play(sqlite_store, guides, scene)


# ── where ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_dialog_leads_to_happens_in_the_thread_in_which_it_was_opened(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        home = await founded(stage)
        said = fake.messages(home)[-1]
        told = acts.invoke(
            fake, fake.world.users["ben"], said, "task/submit", {"data": {"t": "course:circle-mentor", "c": home}}
        )
        told["conversation"]["id"] = GENERAL
        await fake.send(told)
        await stage.settles()
        paths = [unquote(path) for method, path, _ in fake.calls if method == "update"]
        assert paths[-1] == f"/connector/v3/conversations/{home}/activities/{said.id}"

    play(sqlite_store, guides, scene)


def test_without_an_app_id_only_json_is_read(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        told = acts.message(fake, fake.world.users["ana"], fake.chat("ana"), "help")
        async with ClientSession() as session:
            for kind, status in (("text/plain", 415), ("application/x-www-form-urlencoded", 415), ("", 415)):
                async with session.post(
                    fake.bot_url, data=json.dumps(told), headers={"Content-Type": kind} if kind else {}
                ) as answer:
                    assert answer.status == status, kind
        await stage.settles()
        assert not fake.messages(fake.chat("ana"))
        assert (await fake.send(told)).status == 202

    nobody: dict[str, Any] = {"microsoft_app_id": None, "microsoft_app_password": None, "microsoft_app_tenant_id": None}
    play(sqlite_store, guides, scene, teams_anonymous=True, **nobody)
