"""The examples of docs/developer/local-chat.md are requests that work and answers that come."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.web import board, parse
from adapters.web.clock import SimulatedClock
from adapters.web.seed import BEGIN, seed
from adapters.web.send import Subscribers, WebCourier
from bot.app import Bot
from bot.guides.rules import Guides
from bot.inbound import Actor
from bot.storage import open_store
from tests.web.chat import Client, Company, serving

PAGE = Path(__file__).parents[2] / "docs" / "developer" / "local-chat.md"
PEOPLE = {"ana": Actor(1, "ana", "Ana Silva")}
READERS: dict[str, Callable[[parse.Body, parse.People], object]] = {
    "/api/commands": parse.command,
    "/api/presses": parse.press,
    "/api/submissions": parse.submission,
    "/api/clock": lambda data, _: parse.move(data),
    "/api/read": lambda data, people: (parse.person(data.get("as"), people), parse.conversation(data)),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A documented request, its body where it has one, and the answer that the page promises."""

    path: str
    body: Any
    answer: Any


def examples() -> list[Example]:
    found = re.findall(r"^```sh\n(.+?)^```\n\n```json\n(.+?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return [_example(command, answer) for command, answer in found]


def _example(command: str, answer: str) -> Example:
    words = shlex.split(command.replace("\\\n", " "))
    [url] = [word for word in words if word.startswith("http://127.0.0.1:8080")]
    body = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
    if body is not None:
        assert words[words.index("-H") + 1] == "Content-Type: application/json"
    return Example(url.removeprefix("http://127.0.0.1:8080"), body, json.loads(answer))


def fits(promised: Any, actual: Any) -> bool:
    """Whether an answer is what the page promises; "…" there is anything, or more of the same at the end."""
    match promised, actual:
        case "…", _:
            return True
        case dict(), dict():
            same = promised.keys() - {"…"} <= actual.keys() if "…" in promised else promised.keys() == actual.keys()
            return same and all(fits(value, actual[key]) for key, value in promised.items() if key != "…")
        case [*first, "…"], list():
            return len(first) <= len(actual) and all(map(fits, first, actual))
        case list(), list():
            return len(promised) == len(actual) and all(map(fits, promised, actual))
        case _:
            return bool(promised == actual)


@pytest.fixture(scope="module")
def demo_file(migrated_file: Path, guides: Guides, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company of the demo, as a newcomer finds it."""
    file = Path(shutil.copy(migrated_file, tmp_path_factory.mktemp("demo") / "demo.db"))
    store = open_store(f"sqlite:///{file}")
    bot, subscribers = Bot(store, guides), Subscribers()
    workspace = bot.workspace("web", "demo", "Demo")
    with store.begin() as connection:
        board.start_clock(connection, workspace, BEGIN)
    clock = SimulatedClock(bot, store, workspace, WebCourier(store, subscribers), subscribers)
    asyncio.run(seed(bot, store, workspace, clock))
    store.close()
    return file


@pytest.fixture
def demo(demo_file: Path, guides: Guides, tmp_path: Path) -> Iterator[Company]:
    store = open_store(f"sqlite:///{shutil.copy(demo_file, tmp_path / 'demo.db')}")
    bot = Bot(store, guides)
    yield Company(store, bot, bot.workspace("web", "demo", "Demo"))
    store.close()


async def served(company: Company, scenario: Callable[[Client], Awaitable[None]]) -> None:
    async with serving(company) as client:
        await scenario(client)


def test_the_page_has_an_example_of_every_request() -> None:
    paths = {example.path.partition("?")[0] for example in examples()}
    assert paths == {"/api/state", "/api/conversations/dm-ana/messages", *READERS}


@pytest.mark.parametrize("example", [one for one in examples() if one.body is not None], ids=lambda one: one.path)
def test_a_documented_request_can_be_read(example: Example) -> None:
    try:
        READERS[example.path](example.body, PEOPLE)
    except parse.BadRequest as problem:
        assert example.answer == {"error": str(problem)}  # noqa: PT017 - only the documented error is right
    else:
        assert "error" not in example.answer


def test_the_documented_examples_answer_as_promised(demo: Company) -> None:
    async def scenario(chat: Client) -> None:
        for example in examples():
            if example.body is None:
                async with chat.session.get(chat.address + example.path) as response:
                    actual = await response.json()
            else:
                _, actual = await chat.sends(example.path, **example.body)
            assert fits(example.answer, actual), (example.path, example.answer, actual)

    asyncio.run(served(demo, scenario))


def test_the_documented_scenario_runs(demo: Company) -> None:
    [script] = re.findall(r"^```python\n(.+?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)

    async def scenario(chat: Client) -> None:
        lines: list[str] = []
        names = {"print": lambda *words: lines.append(" ".join(words))}
        await asyncio.to_thread(exec, script.replace("http://127.0.0.1:8080", chat.address), names)
        assert len(lines) >= 3
        assert "Scripted circle" in lines[0]
        assert "Set-up week" in lines[1]

    asyncio.run(served(demo, scenario))
