"""The local chat over HTTP, with the real core behind it."""

from __future__ import annotations

import asyncio
import json

import pytest
from aiohttp import ClientSession

from adapters.web import board
from adapters.web.clock import WORKER
from adapters.web.send import Subscribers, WebCourier
from bot.people import store as people
from tests.logged import logged
from tests.web.chat import MONDAY, Client, Company, Play, serving

CREATE = 'create "Monday circle" @ana @ben @cleo --on mon 10:00 --zone Europe/Berlin --start 2026-12-14'
CIRCLE = "circle-1"


async def founded(chat: Client) -> None:
    """Ana starts a circle; Ben and Cleo say yes, and it begins."""
    await chat.types("ana", CREATE)
    await chat.presses("ben", "Yes, I'm in")
    await chat.presses("cleo", "Yes, I'm in")


def test_the_state_says_who_and_what_is_there(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        state = await chat.get("/api/state")
        assert list(state) == ["now", "simulated", "people", "conversations", "commands", "unread"]
        assert (state["now"], state["simulated"], state["unread"]) == ("2026-12-07T08:00:00Z", True, {})
        assert state["people"][0] == {
            "id": "ana",
            "name": "Ana Silva",
            "zone": "Europe/Berlin",
            "title": "",
            "department": "",
            "manager": None,
            "language": "en",
            "parts": [],
        }
        assert state["conversations"][0] == {"id": "dm-ana", "name": "Circlet", "kind": "direct", "members": ["ana"]}
        assert {"name", "usage", "summary"} == state["commands"][0].keys()

    play(scenario)


def test_a_manager_is_named_by_their_id(company: Company, play: Play) -> None:
    with company.store.begin() as connection:
        ana, ben = (people.find(connection, company.workspace, name) for name in ("ana", "ben"))
        assert ana is not None
        people.describe(connection, ana, title="Designer", department="Product", manager=ben)

    async def scenario(chat: Client) -> None:
        first = (await chat.get("/api/state"))["people"][0]
        assert (first["title"], first["department"], first["manager"]) == ("Designer", "Product", "ben")

    play(scenario)


def test_a_command_stands_where_it_was_typed_and_the_reply_after_it(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        reply = await chat.types("ana", "help")
        typed, answered = await chat.sees("ana")
        assert (typed["author"], typed["text"]) == ("ana", "/circle help")
        assert (answered["author"], answered["private"]) == ("circlet", False)
        assert reply == {"kind": "say", "conversation": "dm-ana", "message": answered}

    play(scenario)


def test_what_follows_for_others_has_arrived_with_the_answer(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        assert (await chat.types("ana", CREATE))["kind"] == "say"
        [invitation] = await chat.sees("ben")
        assert "Ana Silva invites you" in invitation["text"]
        assert await chat.sees("dan") == []
        reply = await chat.presses("ben", "Yes, I'm in")
        assert (reply["kind"], reply["message"]["id"], reply["message"]["edited"]) == (
            "replace",
            invitation["id"],
            True,
        )
        await chat.presses("cleo", "Yes, I'm in")
        state = await chat.get("/api/state")
        assert state["conversations"][0] == {
            "id": CIRCLE,
            "name": "Monday circle",
            "kind": "circle",
            "members": ["ana", "ben", "cleo"],
        }
        assert state["unread"]["ben"] == {CIRCLE: 1, "dm-ben": 1}

    play(scenario)


def test_reading_takes_the_mark_away(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        await founded(chat)
        assert await chat.post("/api/read", conversation=CIRCLE, **{"as": "ben"}) == {}
        assert CIRCLE not in (await chat.get("/api/state"))["unread"]["ben"]

    play(scenario)


def test_in_a_circle_a_command_and_its_reply_are_seen_by_one(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        await founded(chat)
        before = await chat.sees("ben", CIRCLE)
        await chat.types("ana", "/circle roster", CIRCLE)
        assert await chat.sees("ben", CIRCLE) == before
        typed, answered = (await chat.sees("ana", CIRCLE))[-2:]
        assert (typed["text"], typed["private"]) == ("/circle roster", True)
        assert answered["private"]
        assert await chat.sends(
            "/api/presses", conversation=CIRCLE, message=answered["id"], token="help", **{"as": "ben"}
        ) == (404, {"error": f"message: there is no '{answered['id']}' in 'circle-1' for 'ben'"})

    play(scenario)


def test_a_stranger_sees_nothing_and_changes_nothing(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        await founded(chat)
        hidden = {"error": "conversation: there is no 'circle-1' for 'eva'"}
        assert await chat.sends("/api/commands", conversation=CIRCLE, text="roster", **{"as": "eva"}) == (404, hidden)
        async with chat.session.get(f"{chat.address}/api/conversations/{CIRCLE}/messages?as=eva") as response:
            assert (response.status, await response.json()) == (404, hidden)
        async with chat.session.get(f"{chat.address}/api/conversations/dm-ana/messages?as=eva") as response:
            assert response.status == 404
        before = await chat.sees("ana", CIRCLE)
        status, answer = await chat.sends("/api/presses", conversation="dm-eva", token="leave:1", **{"as": "eva"})
        assert (status, answer["reply"]["kind"]) == (200, "say")
        assert await chat.sees("ana", CIRCLE) == before

    play(scenario)


def test_a_check_in_through_the_form_in_the_message(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        await founded(chat)
        await chat.moves(to="2026-12-15T09:00:00Z")
        [asked] = [message for message in await chat.sees("ben") if any(b["type"] == "ask" for b in message["blocks"])]
        [token] = [block["token"] for block in asked["blocks"] if block["type"] == "ask"]
        sent = {"as": "ben", "conversation": "dm-ben", "token": token}
        wrong = await chat.post("/api/submissions", **sent, values={"met": "", "rating": 9})
        assert wrong["reply"]["kind"] == "errors"
        assert set(wrong["reply"]["errors"]) == {"met", "rating"}
        values = {"met": "met", "rating": 4, "step": "Wrote to <!channel> & @dan", "share": True}
        right = await chat.post("/api/submissions", **sent, values=values)
        assert (right["reply"]["kind"], right["reply"]["message"]["id"]) == ("replace", asked["id"])
        assert "Wrote to <!channel> & @dan" in (await chat.sees("cleo", CIRCLE))[-1]["text"]

    play(scenario)


def test_an_incomplete_command_opens_its_form(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        form = await chat.types("ana", "create")
        assert list(form) == ["kind", "token", "title", "intro", "submit", "fields"]
        assert form["kind"] == "form"
        offered = next(field for field in form["fields"] if field["kind"] == "people")["options"]
        assert {"value": "eva", "label": "Eva Lund"} in offered

    play(scenario)


def test_somebody_who_has_left_is_nobody(company: Company, play: Play) -> None:
    with company.store.begin() as connection:
        eva = people.find(connection, company.workspace, "eva")
        assert eva is not None
        people.deactivate(connection, eva)

    async def scenario(chat: Client) -> None:
        assert "eva" not in [person["id"] for person in (await chat.get("/api/state"))["people"]]
        answer = await chat.sends("/api/commands", conversation="dm-eva", text="help", **{"as": "eva"})
        assert answer == (400, {"error": "as: no such person 'eva'"})

    play(scenario)


def test_all_of_it_is_there_after_a_restart(company: Company, play: Play) -> None:
    seen: list[object] = []

    async def before(chat: Client) -> None:
        await founded(chat)
        await chat.moves(advance="P8D")
        seen.extend([await chat.get("/api/state"), await chat.sees("ana", CIRCLE), await chat.sees("ben")])

    async def after(chat: Client) -> None:
        assert [await chat.get("/api/state"), await chat.sees("ana", CIRCLE), await chat.sees("ben")] == seen

    play(before)
    play(after)


def test_a_kill_between_post_and_receipt_says_it_once(company: Company, play: Play) -> None:
    play(founded)
    bot, prompt = company.bot, MONDAY.replace(day=14, hour=7)
    with company.store.begin() as connection:
        board.set_clock(connection, company.workspace, prompt)
    bot.plan(prompt)
    lane = bot.open_lane(company.workspace, WORKER, prompt)
    assert lane is not None
    [post] = bot.claim(lane, prompt, 10)
    # Here the process is killed: the message stands, and nobody has told the core.
    asyncio.run(WebCourier(company.store, Subscribers()).send(post, prompt))

    async def after(chat: Client) -> None:
        assert await chat.moves(advance="PT0S") == {"now": "2026-12-14T07:00:00Z", "played": 1}
        assert await chat.moves(advance="PT1H") == {"now": "2026-12-14T08:00:00Z", "played": 0}
        assert len([m for m in await chat.sees("ana", CIRCLE) if m["at"] == "2026-12-14T07:00:00Z"]) == 1

    play(after)


def test_a_prompt_that_the_facilitator_asks_for_again_is_said_again(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        await founded(chat)
        await chat.moves(to="2026-12-14T08:00:00Z")
        before = await chat.sees("ben", CIRCLE)
        await chat.post("/api/presses", conversation="dm-ana", token="resend:1:0", **{"as": "ana"})
        after = await chat.sees("ben", CIRCLE)
        assert after[:-1] == before
        assert after[-1]["text"] == before[-1]["text"]

    play(scenario)


def test_a_bug_costs_neither_what_was_typed_nor_a_word_in_the_log(
    company: Company, play: Play, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario(chat: Client) -> None:
        await founded(chat)
        with company.store.begin() as connection:
            connection.exec_driver_sql("UPDATE groups SET guide = 'no-such-guide'")
        with logged("error"):
            status, answer = await chat.sends(
                "/api/commands", conversation="dm-ana", text="agenda learn", **{"as": "ana"}
            )
        [line] = (json.loads(line) for line in capsys.readouterr().err.splitlines())
        assert status == 500
        assert line["incident"] in answer["error"]
        assert "bot/app.py" in line["exception"]
        assert "learn" not in str(line)
        assert (await chat.sees("ana"))[-1]["text"] == "/circle agenda learn"

    play(scenario)


def test_open_pages_hear_what_concerns_them(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        async with (
            ClientSession() as session,
            session.get(f"{chat.address}/api/events?as=ben") as stream,
            session.get(f"{chat.address}/api/events?as=eva") as other,
        ):
            assert stream.headers["Content-Type"] == "text/event-stream"
            await chat.types("ana", CREATE)
            heard = await stream.content.readuntil(b"event: change\n")
            assert heard.startswith(b": ")
            assert json.loads((await stream.content.readline()).removeprefix(b"data: ")) == {"conversation": "dm-ben"}
            await chat.moves(advance="PT1H")
            await stream.content.readuntil(b"event: clock\n")
            assert await stream.content.readline() == b'data: {"now": "2026-12-07T09:00:00Z"}\n'
            assert b"change" not in await other.content.readuntil(b"event: clock\n")

    play(scenario)


def test_a_stream_ends_when_the_server_does(company: Company) -> None:
    async def scenario() -> None:
        async with ClientSession() as session:
            async with serving(company) as chat:
                stream = await session.get(f"{chat.address}/api/events?as=ben")
            assert (await stream.content.read()).startswith(b": ")

    asyncio.run(scenario())


def test_the_page_and_its_files_are_served_and_nothing_else(play: Play) -> None:
    async def scenario(chat: Client) -> None:
        for path, kind in (
            ("/", "text/html"),
            ("/static/api.js", ("text/javascript", "application/javascript")),
            ("/static/favicon.svg", "image/"),
        ):
            async with chat.session.get(chat.address + path) as response:
                assert response.status == 200
                assert response.headers["Content-Type"].startswith(kind)
                assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        for path in ("/static/../listen.py", "/static/%2e%2e/listen.py", "/static/", "/api"):
            async with chat.session.get(chat.address + path) as response:
                assert response.status in (403, 404)
                assert "error" in await response.json()

    play(scenario)
