"""The database of an installation: reach it, migrate it, tell whether it is current. Knows no feature's table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from adapters.settings import ROOT, safe_url
from bot.errors import ConfigError
from bot.storage import Store, open_store

LOCK_TIMEOUT = "55P03"
"""PostgreSQL's code for a lock that could not be had in time."""


def connect(url: str) -> Store:
    """The store behind the URL; makes the folder of a SQLite file. Raises ConfigError where the URL cannot be used."""
    if file := sqlite_file(url):
        file.parent.mkdir(parents=True, exist_ok=True)
    return open_store(url)


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL; None for a database in memory or on a server."""
    parsed = make_url(url)
    kept = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(str(parsed.database)) if kept else None


def reach(store: Store) -> None:
    """Ask the database for a sign of life. Raises ConfigError, without the password, where there is none."""
    try:
        with store.begin() as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError as error:
        raise ConfigError(f"The database {_shown(store)} cannot be reached: {reason(error)}") from None


def migrate(store: Store) -> None:
    """Bring the schema to the newest version. Two at once do no harm: the second waits and finds nothing to do."""
    reach(store)
    try:
        command.upgrade(configuration(store), "head")
    except DBAPIError as error:
        if reason(error, code=True) == LOCK_TIMEOUT:
            raise ConfigError(
                f"The database {_shown(store)} is busy: a lock was not free in time. Nothing was changed; try again."
            ) from None
        raise


@dataclass(frozen=True, slots=True)
class Schema:
    """What this release wants of a database: its newest migration, and all that it knows."""

    head: str
    known: frozenset[str]

    def problem(self, current: str | None) -> str:
        """What is wrong with a database that is at ``current``; "" where nothing is.

        One that a later release has migrated will do: migrations work with the release before them.
        """
        if current == self.head or (current is not None and current not in self.known):
            return ""
        return f"{f'at {current}' if current else 'not migrated'}, this release needs {self.head}: run circlet migrate"


@cache
def schema() -> Schema:
    """Reads migrations/, once."""
    scripts = ScriptDirectory.from_config(configuration(None))
    return Schema(str(scripts.get_current_head()), frozenset(script.revision for script in scripts.walk_revisions()))


def require(store: Store) -> None:
    """Raises ConfigError for a database that does not answer, or that was not migrated."""
    reach(store)
    if problem := schema().problem(current(store)):
        raise ConfigError(f"The database {_shown(store)} is {problem}")


def current(store: Store) -> str | None:
    """The migration that the database is at; None for one that was never migrated."""
    with store.begin() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def configuration(store: Store | None) -> Config:
    """Alembic's configuration for our migrations, with the engine they run on."""
    config = Config(attributes={"engine": store.engine} if store else {})
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    return config


def reason(error: DBAPIError, *, code: bool = False) -> str:
    """What a database said, as a sentence; its code where ``code`` is set ("" where it has none)."""
    said = error.orig.args[0] if error.orig and error.orig.args else ""
    fields = said if isinstance(said, dict) else {"M": str(said), "C": ""}
    return str(fields.get("C" if code else "M", ""))


def _shown(store: Store) -> str:
    return safe_url(store.engine.url.render_as_string(hide_password=True))
