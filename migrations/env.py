"""Runs migrations, one at a time on a database. The scripts themselves import nothing of Circlet.

Given ``config.attributes["connection"]`` they run on that connection, in its transaction where it has one; given
``["engine"]`` on a connection of that; otherwise on DATABASE_URL.
"""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, text

from adapters import database
from adapters.settings import load
from adapters.slack import places as _places  # noqa: F401  # where its conversations are
from adapters.slack import tables as _slack  # noqa: F401  # the tables of installations
from adapters.teams import tables as _teams  # noqa: F401  # where people and conversations are reached
from adapters.web import board as _board  # noqa: F401  # the local chat's tables
from bot import app as _core  # noqa: F401  # every feature's tables
from bot.storage import Instant, metadata

ADVISORY_LOCK = 0x43697263
"""The key under which migrations of Circlet wait for each other on PostgreSQL; the number has no meaning."""


def render_item(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    """Our own type as what it is in the database, so that scripts import nothing of Circlet."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        # SQLite cannot alter most of a table; a batch makes it anew.
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


def on_postgresql(connection: Connection) -> None:
    """Wait for another migration, then wait no more than 5 s for any lock: a queue behind ours would stop the bot."""
    connection.execute(text("SET lock_timeout = '60s'"))
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.commit()
    try:
        migrate(connection)
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
        connection.execute(text("RESET lock_timeout"))
        connection.commit()


def on_sqlite(connection: Connection) -> None:
    """All in one transaction that holds the write lock, or a second migration would read the version too early.

    Foreign keys are off meanwhile, which has to be said before the transaction: making a table anew drops the old one,
    and that would delete what refers to it. They are looked at before the end.
    """
    raw = connection.connection.cursor()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            migrate(connection)
            if broken := connection.execute(text("PRAGMA foreign_key_check")).first():
                raise RuntimeError(f"a migration left table {broken[0]} with rows that refer to nothing")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
        raw.close()


def run(connection: Connection) -> None:
    if connection.in_transaction():
        migrate(connection)
    elif connection.dialect.name == "postgresql":
        on_postgresql(connection)
    else:
        on_sqlite(connection)


given = context.config.attributes
if "connection" in given:
    run(given["connection"])
else:
    engine = given["engine"] if "engine" in given else database.connect(load().url()).engine
    with engine.connect() as connection:
        run(connection)
