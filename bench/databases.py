"""Databases that live as long as a benchmark: SQLite files in var/, and PostgreSQL databases made and dropped again.

The stores are opened as an installation opens them (WAL, synchronous FULL; pg8000 with its pool), so that their costs
are its costs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from adapters import database
from adapters.settings import ROOT
from bench.timing import Figure
from bot.storage import Store

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
"""Where PostgreSQL is looked for, unless CIRCLET_TEST_POSTGRES says otherwise."""


@contextmanager
def folder() -> Iterator[Path]:
    """A folder on the disk that an installation would use; /tmp is memory on some machines, and memory never waits."""
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="bench-", dir=var) as made:
        yield Path(made)


@contextmanager
def sqlite(at: Path, name: str) -> Iterator[Store]:
    """A migrated, empty file."""
    store = database.connect(f"sqlite:///{at / name}.db")
    database.migrate(store)
    yield store
    store.close()


@contextmanager
def postgresql(server: str, name: str) -> Iterator[Store]:
    """A migrated, empty database on this server."""
    name = f"circlet_bench_{os.getpid()}_{name}"
    admin = _admin(server)
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
        store = database.connect(url)
        database.migrate(store)
        yield store
        store.close()
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()


def server() -> str | None:
    """The PostgreSQL server to measure on; None where none answers."""
    url = os.environ.get("CIRCLET_TEST_POSTGRES") or SERVER
    admin = _admin(url, patience=5)
    try:
        with admin.connect():
            return url
    except DBAPIError:
        return None
    finally:
        admin.dispose()


def on_each(at: Path, name: str, measure: Callable[[Store], Sequence[Figure]], missing: Figure) -> tuple[Figure, ...]:
    """The figures of an empty file and of an empty database on the server; ``missing`` where no server answers."""
    with sqlite(at, name) as store:
        figures = tuple(measure(store))
    there = server()
    if there is None:
        return (*figures, missing)
    with postgresql(there, name) as store:
        return (*figures, *measure(store))


def settle(store: Store) -> None:
    """Leave no work of filling it behind: SQLite's log, PostgreSQL's statistics."""
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    # An engine of its own: the store's begins a transaction when it tries a connection, and VACUUM wants none.
    engine = create_engine(store.engine.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM (ANALYZE)"))
    engine.dispose()


def _admin(server: str, patience: float | None = None) -> Engine:
    """``patience``: seconds for every answer. A busy server takes many to make a database, or to drop it."""
    url = make_url(server).set(drivername="postgresql+pg8000")
    return create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"timeout": patience})
