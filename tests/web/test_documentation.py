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

from adapters.crypt import Crypt, kept_key
from adapters.web import board, parse
from bot.app import Bot
from bot.guides.rules import Guides
from bot.inbound import Actor, Command, Place, Press
from bot.messages import Button, Chart, Say
from bot.spoken import words
from bot.storage import open_store
from tests.started import FirstStart
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


@pytest.fixture
def demo(first_chat: FirstStart, guides: Guides, tmp_path: Path) -> Iterator[Company]:
    """The company of the demo, as a newcomer finds it."""
    data = shutil.copytree(first_chat.folder, tmp_path / "var") / "demo.db"
    store = open_store(f"sqlite:///{data}")
    bot = Bot(store, guides, Crypt(kept_key(data.with_name("demo.db.key"))))
    yield Company(store, bot, bot.workspace("web", "local", "Circlet"))
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


def test_the_demo_shows_the_charts_that_the_documentation_promises(demo: Company) -> None:
    """docs/program-manager/checkpoints.md: what to try."""
    with demo.store.begin() as connection:
        now = board.read_clock(connection, demo.workspace)
    maya, amir = (Actor(demo.workspace, name, f"{name.title()}") for name in ("maya", "amir"))
    which = demo.bot.handle(Command(maya, Place("dm-maya"), "results all"), now)
    assert isinstance(which, Say)
    [token] = [
        block.action.token
        for block in which.message.blocks
        if isinstance(block, Button) and block.label == "Reverse mentoring"
    ]

    shown = demo.bot.handle(Press(maya, Place("dm-maya"), token), now)

    assert isinstance(shown, Say)
    charts = [block for block in shown.message.blocks if isinstance(block, Chart)]
    assert len(charts) >= 3
    assert any("Change of the" in chart.words for chart in charts)
    assert any(sum(value is not None for value in line.values) == 3 for chart in charts for line in chart.series)
    own = demo.bot.handle(Command(amir, Place("dm-amir"), "results"), now)
    assert isinstance(own, Say)
    assert "My answers in" in words(own.message)
