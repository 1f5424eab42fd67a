"""The health routes: up is one thing, ready for work another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from adapters import database, health
from adapters.serve import listen
from bot.guides.rules import Guides
from bot.storage import Store
from tests.conftest import all_guides

Answers = dict[str, tuple[int, dict[str, object]]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = database.connect(f"sqlite:///{tmp_path}/circlet.db")
    yield store
    store.close()


def ask(store: Store, guides: Guides) -> Answers:
    """Both routes over a real connection: status and body by path."""

    async def asked() -> Answers:
        app = web.Application()
        health.add_routes(app, partial(health.readiness, store, guides, database.schema()))
        runner = web.AppRunner(app)
        await runner.setup()
        listening = listen("127.0.0.1", 20_000, tries=1000)
        await web.SockSite(runner, listening).start()
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            async with ClientSession() as client:
                answers: Answers = {}
                for path in ("/healthz", "/readyz"):
                    async with client.get(base + path) as response:
                        answers[path] = (response.status, await response.json())
                return answers
        finally:
            await runner.cleanup()

    return asyncio.run(asked())


def test_a_migrated_database_and_guides_make_it_ready(store: Store) -> None:
    database.migrate(store)

    answers = ask(store, all_guides())

    assert answers["/healthz"] == (200, {"status": "ok"})
    everything = {"database": "ok", "schema": "ok", "guides": "ok"}
    assert answers["/readyz"] == (200, {"status": "ok", "checks": everything})


def test_a_database_that_was_not_migrated_is_up_but_not_ready(store: Store) -> None:
    answers = ask(store, Guides(()))

    assert answers["/healthz"][0] == 200
    status, body = answers["/readyz"]
    assert status == 503
    assert body["checks"] == {
        "database": "ok",
        "schema": f"not migrated, this release needs {database.schema().head}: run circlet migrate",
        "guides": "there is none",
    }


def test_a_database_that_is_gone_is_up_but_not_ready() -> None:
    store = database.connect("postgresql://circlet:hunter2@127.0.0.1:1/circlet")

    status, body = ask(store, all_guides())["/readyz"]

    assert status == 503
    assert body == {"status": "not ready", "checks": {"guides": "ok", "database": "does not answer"}}
    store.close()
