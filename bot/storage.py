"""The engine and the unit of work: one transaction per call, on SQLite (WAL) and PostgreSQL alike.

Holds no table of any feature and knows no query; the features' stores do.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Hashable, Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pg8000
from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Select,
    Table,
    TypeDecorator,
    bindparam,
    create_engine,
    event,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import StaticPool

from bot.errors import ConfigError

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the installation; names are fixed so that migrations can speak of them."""


CONNECT_SECONDS = 10


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite keeps it as text that sorts; a naive value is a bug and raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored instant needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Store:
    """One database. ``begin`` is one transaction: all of it is kept, or, after an exception, none of it."""

    engine: Engine

    def begin(self) -> AbstractContextManager[Connection]:
        return self.engine.begin()

    def close(self) -> None:
        self.engine.dispose()


Row = Mapping[str, Any]


Known = MutableMapping[Hashable, Any]
"""What a transaction has read ahead, for many rows at once, by what is asked for: ("person", 3, 17) -> a Person."""


def read_ahead(connection: Connection, found: Mapping[Hashable, Any]) -> None:
    """Let the stores answer these questions from memory until the transaction ends.

    Only where the transaction changes none of the answers, as when posts are composed.
    """
    known = read_before(connection)
    connection.execution_options(known={**known, **found})


def read_before(connection: Connection) -> Known:
    """What this transaction has read ahead; mostly nothing."""
    found: Known = connection.get_execution_options().get("known", {})
    return found


NOW = bindparam("now", type_=Instant())
"""The moment that a statement is run for which is made once, since that costs more than to run it."""


def moments(due: Sequence[ColumnElement[bool]], following: Sequence[Select[tuple[datetime]]]) -> Select[Any]:
    """A question about ``NOW``: has any of these come, and when is the next of each. ``ask`` asks it."""
    return select(or_(*due), *(one.scalar_subquery() for one in following))


def ask(connection: Connection, question: Select[Any], now: datetime) -> tuple[bool, datetime | None]:
    """Whether something has fallen due, and the earliest moment after now."""
    come, *found = connection.execute(question, {"now": now}).one()
    return bool(come), min((at for at in found if at is not None), default=None)


def insert_new(
    connection: Connection, table: Table, rows: Sequence[Row], **same: ColumnElement[Any]
) -> Sequence[tuple[Any, ...]]:
    """Insert the rows whose key is not there yet; the database decides, so two callers at once are as good as one.

    ``same``: what stands in all of them, as SQL. It does not travel with each row, which is most of what many cost.
    Returns the primary keys of those that are new.
    """
    if not rows:
        return ()
    # With RETURNING many rows travel in one statement; without it the PostgreSQL driver sends them one by one.
    statement = _insert(connection, table).values(**same) if same else _insert(connection, table)
    return connection.execute(statement.on_conflict_do_nothing().returning(*table.primary_key), list(rows)).all()


def upsert(connection: Connection, table: Table, row: Row) -> None:
    """Insert the row, or give the one with the same primary key these values; never one of another workspace."""
    keys = [column.name for column in table.primary_key]
    statement = _insert(connection, table).values(**row)
    changed = {name: statement.excluded[name] for name in row if name not in keys}
    ours = table.c.workspace_id == statement.excluded.workspace_id
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed, where=ours))


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def open_store(url: str) -> Store:
    """The store behind ``DATABASE_URL``. Raises ConfigError, without the password, for a URL that cannot be used."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError("DATABASE_URL is not a database address; for example sqlite:///var/circlet.db") from None
    if parsed.get_backend_name() == "sqlite":
        return Store(_sqlite(parsed))
    if parsed.drivername in {"postgres", "postgresql", "postgresql+pg8000"}:
        return Store(_postgresql(parsed))
    raise ConfigError(f"DATABASE_URL names {parsed.drivername}; Circlet runs on sqlite:/// and postgresql://")


def _sqlite(url: URL) -> Engine:
    # An error of the database is logged by an edge; its parameters are what people typed, and who they are.
    in_memory = url.database in (None, "", ":memory:")
    if in_memory:
        engine = create_engine(
            url, poolclass=StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True
        )
    else:
        engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:
        # The driver's own transaction handling begins too late for a snapshot; we begin ourselves, below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # A receipt that a power cut takes back would be a message said twice.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        # Taking the write lock at once means waiting for it here, instead of failing half-way through.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL) -> Engine:
    mode = url.query.get("sslmode", "prefer")
    if mode not in {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}:
        raise ConfigError("DATABASE_URL has an sslmode that PostgreSQL does not know")
    # The driver by itself prefers TLS and checks nothing, which is what "prefer" means.
    arguments: dict[str, Any] = {"ssl_context": False} if mode == "disable" else {}
    if mode in {"require", "verify-ca", "verify-full"}:
        arguments["ssl_context"] = _tls(verify=mode != "require", hostname=mode == "verify-full")
    plain = url.difference_update_query(["sslmode"]).set(drivername="postgresql+pg8000", host=url.host or "localhost")
    engine = create_engine(plain, connect_args=arguments, pool_size=10, pool_pre_ping=True, hide_parameters=True)

    @event.listens_for(engine, "do_connect")
    def _(_dialect: Dialect, _record: object, _arguments: object, parameters: dict[str, Any]) -> Any:
        # The driver writes a statement in pieces. Where the system holds back small pieces, each statement of some
        # length waits 40 ms for the server's acknowledgement of the one before. It takes a socket of ours instead.
        if "unix_sock" in parameters:
            return None
        try:
            sock = socket.create_connection((parameters["host"], parameters.get("port", 5432)), CONNECT_SECONDS)
        except OSError as error:
            raise pg8000.InterfaceError(f"no connection to the server ({error.strerror or error})") from error
        sock.settimeout(None)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return pg8000.Connection(**parameters, sock=sock)

    return engine


def _tls(*, verify: bool, hostname: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = hostname
    context.verify_mode = ssl.CERT_REQUIRED if verify else ssl.CERT_NONE
    return context
