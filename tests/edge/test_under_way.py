"""Work that goes on after an answer: what breaks in it is logged and breaks nothing else, and it is waited for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from adapters.delivery.deeds import Acted, Deeds, verb_of
from adapters.delivery.under_way import UnderWay, guarded
from bot.app import Bot
from bot.guides.rules import Guides
from bot.inbound import Actor, Command, Place, Press, Submission
from bot.storage import open_store
from tests.logged import logged

ANA, HERE = Actor(1, "ana", "Ana"), Place("dm-ana")
WROTE = "my secret goal"


def play(scene: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(10):
            await scene()

    asyncio.run(bounded())


async def breaks() -> str:
    raise RuntimeError(WROTE)


async def says(word: str) -> str:
    return word


def test_what_breaks_is_logged_with_its_ids_and_comes_to_none(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene() -> None:
        assert await guarded(says("fine"), "answer") == "fine"
        assert await guarded(breaks(), "answer", workspace=7) is None

    with logged():
        play(scene)
    [line] = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (line["event"], line["outcome"], line["workspace"], line["level"]) == ("answer", "bug", 7, "error")
    assert "secret" not in str(line)


def test_work_that_breaks_does_not_stop_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene() -> None:
        under_way = UnderWay()
        broken, fine = under_way.begin(breaks(), "slack"), under_way.begin(says("fine"), "slack")
        await under_way.idle()
        assert (broken.result(), fine.result()) == (None, "fine")

    with logged():
        play(scene)
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["slack"]


def test_nothing_is_under_way_before_what_the_work_has_begun_has_ended_too() -> None:
    async def scene() -> None:
        under_way, ended = UnderWay(), list[str]()
        may = asyncio.Event()

        async def second() -> None:
            await may.wait()
            ended.append("second")

        async def first() -> None:
            under_way.begin(second(), "slack")
            asyncio.get_running_loop().call_soon(may.set)

        under_way.begin(first(), "slack")
        await under_way.idle()
        assert ended == ["second"]

    play(scene)


def test_what_is_under_way_comes_to_its_end_when_the_process_does() -> None:
    async def scene() -> None:
        under_way, may = UnderWay(), asyncio.Event()
        await under_way.close()
        task = under_way.begin(may.wait(), "teams")
        closing = asyncio.create_task(under_way.close())
        await asyncio.sleep(0)
        assert not closing.done()
        may.set()
        await closing
        assert task.result() is True

    play(scene)


# ── deeds ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_cannot_be_looked_at_now_is_late_and_the_next_look_is_taken(
    guides: Guides, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store("sqlite://")  # nobody has made its tables

    async def scene() -> None:
        deeds = Deeds(Bot(store, guides), lambda: datetime(2026, 12, 7, tzinfo=UTC), lambda _: None)
        await deeds.deliver()
        await deeds.deliver()

    with logged("info"):
        play(scene)
    store.close()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["outcome"]) for line in lines] == [("deliver", "bug")] * 2


@pytest.mark.parametrize(
    ("happened", "verb"),
    [
        (Command(ANA, HERE, ""), "home"),
        (Command(ANA, HERE, "Goal I want to rest"), "goal"),
        (Command(ANA, HERE, "help"), "help"),
        (Command(ANA, HERE, "rest is what I want"), "unknown"),
        (Press(ANA, HERE, "checkin:17:3"), "checkin"),
        (Press(ANA, HERE, "rest:17"), "unknown"),
        (Submission(ANA, HERE, "goal:17", {"text": "rest"}), "goal"),
        (Submission(ANA, HERE, ""), "unknown"),
    ],
)
def test_the_log_names_what_was_asked_for_and_nobodys_words(happened: Acted, verb: str) -> None:
    assert verb_of(happened) == verb
