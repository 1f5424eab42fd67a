"""The stage on which plays are told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Integer, Table, event, func, select

from bot.guides.rules import Guides
from bot.storage import Store, metadata, open_store
from tests.conftest import missing
from tests.plays.slack_stage import SlackStage
from tests.plays.stage import Human, Stage, say_yes

FRIDAY = "2026-12-04T09:00:00+00:00"
START = "2026-12-07"

Begin = Callable[..., Stage]


@pytest.fixture(params=["sqlite", "postgresql", "slack"])
def where(request: pytest.FixtureRequest) -> str:
    """Each play runs in the local chat on both databases, and in Slack on SQLite."""
    return str(request.param)


@pytest.fixture
def store(request: pytest.FixtureRequest, where: str) -> Store:
    found: Store = request.getfixturevalue("postgres_store" if where == "postgresql" else "sqlite_store")
    return found


@pytest.fixture(scope="session")
def standing_store(postgres_url: str | None) -> Iterator[Store | None]:
    """The plays' store on PostgreSQL, opened once: there are many plays, and connecting takes longer than playing."""
    store = open_store(postgres_url) if postgres_url else None
    if store is not None:
        _in_haste(store, "SET synchronous_commit = off")
    yield store
    if store is not None:
        store.close()


@pytest.fixture
def postgres_store(standing_store: Store | None) -> Iterator[Store]:
    if standing_store is None:
        missing("a PostgreSQL server (set CIRCLET_TEST_POSTGRES=postgresql://user@host/database)")
    assert standing_store is not None
    yield standing_store
    _set_scene(standing_store, {})


@pytest.fixture
def sqlite_store(sqlite_store: Store) -> Store:
    _in_haste(sqlite_store, "PRAGMA synchronous = OFF")
    return sqlite_store


def _in_haste(store: Store, setting: str) -> None:
    """That a commit reaches the disk is shown elsewhere; here it would only cost time."""

    @event.listens_for(store.engine, "connect")
    def _(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(setting)
        cursor.close()
        if not isinstance(connection, sqlite3.Connection):
            connection.commit()


Scene = dict[str, list[dict[str, Any]]]
"""The rows of all tables."""


def _scene(store: Store) -> Scene:
    with store.begin() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in metadata.sorted_tables
        }


def _counts(table: Table) -> bool:
    """Whether the database itself numbers the rows."""
    return "id" in table.c and isinstance(table.c.id.type, Integer)


def _set_scene(store: Store, scene: Scene) -> None:
    with store.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        for table in metadata.sorted_tables:
            if rows := scene.get(table.name):
                connection.execute(table.insert(), rows)
        if connection.dialect.name == "postgresql":
            counted = {table.name: scene.get(table.name, []) for table in metadata.sorted_tables if _counts(table)}
            for name, rows in counted.items():
                following = max((row["id"] for row in rows), default=0) + 1
                sequence = func.pg_get_serial_sequence(name, "id")
                connection.execute(select(func.setval(sequence, following, False)))


@pytest.fixture(scope="session")
def scenes() -> dict[tuple[str, str, str], Scene]:
    return {}


Remember = Callable[[str, Callable[[], object]], None]


@pytest.fixture
def remember(stage: Stage, scenes: dict[tuple[str, str, str], Scene]) -> Remember:
    """``remember("circle", found)``: what many plays begin with is played once, and set as a scene for the others."""

    def remembered(name: str, play: Callable[[], object]) -> None:
        known = stage.platform, stage.store.engine.dialect.name, name
        if known in scenes:
            _set_scene(stage.store, scenes[known])
            return
        play()
        scenes[known] = _scene(stage.store)

    return remembered


@pytest.fixture
def begin(where: str, store: Store, guides: Guides) -> Iterator[Begin]:
    """Raise the curtain at any time: ``begin("2026-10-01T08:00:00Z")``. A second time is the same world, restarted."""
    stages: list[Stage] = []
    platform = SlackStage if where == "slack" else Stage

    def raised(now: str = FRIDAY) -> Stage:
        for stage in stages:
            stage.close()
        stages[:] = [platform(store, guides, now)]
        return stages[0]

    yield raised
    for stage in stages:
        stage.close()


@pytest.fixture
def stage(begin: Begin) -> Stage:
    """Friday 4 December 2026, ten in the morning in Berlin."""
    return begin()


@pytest.fixture
def five(stage: Stage) -> tuple[Human, ...]:
    return stage.people("Ana", "Ben", "Chloe", "Dan", "Eva")


@pytest.fixture
def circle(remember: Remember, five: tuple[Human, ...]) -> tuple[Human, ...]:
    """Five in a circle that meets on Mondays at ten in Berlin, from 7 December; Ana facilitates."""

    def found() -> None:
        ana, *others = five
        ana.types(f'create "North" @ana @ben @chloe @dan @eva --guide peer-circle --on mon 10:00 --start {START}')
        say_yes(others)

    remember("circle", found)
    return five


@pytest.fixture
def pair(stage: Stage, remember: Remember) -> tuple[Human, Human, Human]:
    """Mia mentors Max, the executive, on Tuesdays at four in Berlin, from 8 December; Olga organises."""
    olga, mia, chef = stage.people("Olga", "Mia", "Max")

    def found() -> None:
        olga.types("pair @mia @max --guide reverse-mentoring --on tue 16:00 --start 2026-12-08")
        say_yes([mia, chef])

    remember("pair", found)
    return olga, mia, chef
