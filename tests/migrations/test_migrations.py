"""The migrations make exactly the tables that the code knows, and each can be taken back. On both databases.

That two which begin together do no harm is shown in ``tests/edge/test_database.py``, by processes.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import create_engine, inspect, make_url, text

from adapters import database
from adapters.web import tables as _web  # noqa: F401  # the local chat's tables
from bot import app as _core  # noqa: F401  # every feature's tables
from bot.storage import Store, metadata
from tests.conftest import missing

SCRIPTS = Path(__file__).parent.parent.parent / "migrations" / "versions"
OURS = ("bot", "adapters", "tests", "bench")


def revisions() -> list[Script]:
    """Oldest first."""
    return list(ScriptDirectory.from_config(database.configuration(None)).walk_revisions())[::-1]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database in which there is nothing yet."""
    if request.param == "sqlite":
        store = database.connect(f"sqlite:///{tmp_path}/circlet.db")
        yield store
        store.close()
        return
    server = os.environ.get("CIRCLET_TEST_POSTGRES")
    if not server:
        missing("a PostgreSQL server (set CIRCLET_TEST_POSTGRES=postgresql://user@host/database)")
    name = f"circlet_empty_{uuid4().hex[:12]}"
    address = make_url(str(server)).set(drivername="postgresql+pg8000")
    admin = create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    store = database.connect(address.set(database=name).render_as_string(hide_password=False))
    yield store
    store.close()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def config(empty: Store) -> Config:
    return database.configuration(empty)


def differences(store: Store) -> list[object]:
    with store.begin() as connection:
        # SQLite tells a default of '' in a way that never looks the same.
        defaults = connection.dialect.name != "sqlite"
        options = {"compare_type": True, "compare_server_default": defaults}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))


def schema(store: Store) -> dict[str, object]:
    """Tables, columns, keys and indexes, as the database tells of them. Of all tables at once: a server that is asked
    about one after the other takes ten times as long."""
    with store.begin() as connection:
        seen = inspect(connection)
        columns, keys = seen.get_multi_columns(), seen.get_multi_pk_constraint()
        others = seen.get_multi_foreign_keys(), seen.get_multi_indexes(), seen.get_multi_unique_constraints()
        return {
            name: (
                [(c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in columns[None, name]],
                keys[None, name],
                *(sorted(str(one) for one in found[None, name]) for found in others),
            )
            for name in sorted(seen.get_table_names())
        }


def test_migrated_from_nothing_the_database_is_what_the_code_knows(empty: Store) -> None:
    database.migrate(empty)

    assert differences(empty) == []
    assert set(schema(empty)) == {*metadata.tables, "alembic_version"}


def test_every_migration_goes_up_down_and_up_again(empty: Store, config: Config) -> None:
    for revision in revisions():
        before = schema(empty)
        command.upgrade(config, revision.revision)
        after = schema(empty)
        assert after != before, f"{revision.revision} changes nothing"

        command.downgrade(config, "-1")
        assert {**schema(empty), "alembic_version": None} == {**before, "alembic_version": None}

        command.upgrade(config, revision.revision)
        assert schema(empty) == after


def test_all_the_way_down_nothing_is_left(empty: Store, config: Config) -> None:
    database.migrate(empty)
    command.downgrade(config, "base")

    assert set(schema(empty)) <= {"alembic_version"}


def test_migrations_are_one_line_without_branches() -> None:
    chain = revisions()

    assert [revision.down_revision for revision in chain] == [None, *(revision.revision for revision in chain[:-1])]


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.py")), ids=lambda script: script.stem)
def test_a_migration_imports_nothing_of_the_application(script: Path) -> None:
    """What the application means by a name changes; what a migration did must not."""
    imported = {
        name
        for node in ast.walk(ast.parse(script.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert not [name for name in imported if name.split(".")[0] in (*OURS, "")]
    assert imported
