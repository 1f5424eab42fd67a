"""Databases for the tests: a fresh, migrated one each, on SQLite and, where there is a server, on PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text

from adapters import database
from bot.guides.rules import Guides
from bot.guides.store import load
from bot.storage import Store, metadata, open_store

ROOT = Path(__file__).parent.parent
settings.register_profile("circlet", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("circlet")


def missing(what: str) -> None:
    """Skip for the newcomer, saying what is missing; where everything is required a skip would hide a failure."""
    if os.environ.get("CIRCLET_REQUIRE_ALL"):
        pytest.fail(f"required here and missing: {what}")
    pytest.skip(f"missing: {what}")


@pytest.fixture(scope="session")
def guides() -> Guides:
    return load(ROOT / "guides")


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
    url = f"{server.rpartition('/')[0]}/{name}"
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
    tables = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    with store.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """Each test that asks for it runs on both databases."""
    found: Store = request.getfixturevalue("sqlite_store" if request.param == "sqlite" else "postgres_store")
    return found
