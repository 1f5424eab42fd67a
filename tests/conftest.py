"""Databases for the tests: a fresh, migrated one each, on SQLite and, where there is a server, on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import settings
from sqlalchemy import create_engine, event, text

from adapters import database
from adapters.crypt import Crypt, new_key
from bot.guides.rules import Guides
from bot.guides.store import load
from bot.storage import Store, open_store
from tests.scenes import EMPTY, set_scene
from tests.started import FirstStart, first_start

ROOT = Path(__file__).parent.parent
CIPHER = Crypt(new_key())
"""The key of every installation that the tests make: one that is started again opens what it sealed."""

settings.register_profile("circlet", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("circlet")


def missing(what: str) -> None:
    """Skip for the newcomer, saying what is missing; where everything is required a skip would hide a failure."""
    if os.environ.get("CIRCLET_REQUIRE_ALL"):
        pytest.fail(f"required here and missing: {what}")
    pytest.skip(f"missing: {what}")


@cache
def all_guides() -> Guides:
    """Read once by each process: it takes a second."""
    return load(ROOT / "guides")


@pytest.fixture(scope="session")
def guides() -> Guides:
    return all_guides()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest version, to copy from."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    store = database.connect(f"sqlite:///{file}")
    database.migrate(store)
    store.close()
    return file


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> Iterator[str | None]:
    """A database of this worker's own on the PostgreSQL server, migrated; None where there is no server."""
    server = os.environ.get("CIRCLET_TEST_POSTGRES")
    if not server:
        yield None
        return
    name = f"circlet_test_{worker_id}_{os.getpid()}"
    admin = create_engine(server.replace("postgresql://", "postgresql+pg8000://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    # On loopback TLS would only cost time: 20 ms for each connection.
    url = f"{server.rpartition('/')[0]}/{name}?sslmode=disable"
    store = open_store(url)
    database.migrate(store)
    store.close()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture
def sqlite_store(migrated_file: Path, tmp_path: Path) -> Iterator[Store]:
    file = tmp_path / "circlet.db"
    shutil.copy(migrated_file, file)
    store = open_store(f"sqlite:///{file}")
    yield store
    store.close()


@pytest.fixture
def postgres_store(postgres_url: str | None) -> Iterator[Store]:
    if postgres_url is None:
        missing("a PostgreSQL server (set CIRCLET_TEST_POSTGRES=postgresql://user@host/database)")
    store = open_store(str(postgres_url))
    yield store
    set_scene(store, EMPTY)
    store.close()


@pytest.fixture(scope="session")
def standing_stores(
    migrated_file: Path, postgres_url: str | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Store]]:
    """Stores that are opened once and emptied after each test: a new store learns all its statements anew."""
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("standing") / "circlet.db")
    stores = {"sqlite": open_store(f"sqlite:///{file}")}
    _in_haste(stores["sqlite"], "PRAGMA synchronous = OFF")
    if postgres_url:
        stores["postgresql"] = open_store(postgres_url)
        _in_haste(stores["postgresql"], "SET synchronous_commit = off")
    yield stores
    for store in stores.values():
        store.close()


@pytest.fixture
def standing_sqlite_store(standing_stores: Mapping[str, Store]) -> Iterator[Store]:
    yield standing_stores["sqlite"]
    set_scene(standing_stores["sqlite"], EMPTY)


@pytest.fixture
def standing_postgres_store(standing_stores: Mapping[str, Store]) -> Iterator[Store]:
    if "postgresql" not in standing_stores:
        missing("a PostgreSQL server (set CIRCLET_TEST_POSTGRES=postgresql://user@host/database)")
    yield standing_stores["postgresql"]
    set_scene(standing_stores["postgresql"], EMPTY)


def _in_haste(store: Store, setting: str) -> None:
    """That a commit reaches the disk is shown elsewhere; here it would only cost time."""

    @event.listens_for(store.engine, "connect")
    def _(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(setting)
        cursor.close()
        if not isinstance(connection, sqlite3.Connection):
            connection.commit()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """Each test that asks for it runs on both databases."""
    found: Store = request.getfixturevalue("sqlite_store" if request.param == "sqlite" else "postgres_store")
    return found


@pytest.fixture(scope="session")
def first_chat(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> FirstStart:
    """The first start of a local chat: what it said, and the company that it made."""
    base = tmp_path_factory.getbasetemp()
    return first_start((base if worker_id == "master" else base.parent) / "first_start")


# Of a bug that a test provokes, structlog by itself draws all that is on the stack, which takes a second.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)
