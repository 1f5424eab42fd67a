"""Migrations: they make what the code expects, can be taken back one by one, and depend on none of it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from adapters import database
from adapters.settings import ROOT
from bot.storage import Store, metadata

SCRIPTS = sorted((ROOT / "migrations" / "versions").glob("*.py"))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/circlet.db"
    found: str = request.getfixturevalue("new_server_database")
    return found


def differences(store: Store) -> list[object]:
    """What alembic would write into a next migration."""
    with store.engine.connect() as connection:
        found: list[object] = compare_metadata(MigrationContext.configure(connection), metadata)
        return found


def test_the_migrations_make_exactly_the_tables_of_the_code(url: str) -> None:
    store = database.connect(url)
    database.migrate(store)

    assert differences(store) == []
    store.close()


def test_every_migration_can_be_taken_back_and_made_again(url: str) -> None:
    store = database.connect(url)
    configuration = database.configuration(store)
    revisions = [script.revision for script in ScriptDirectory.from_config(configuration).walk_revisions()][::-1]

    for revision in revisions:
        command.upgrade(configuration, revision)
        command.downgrade(configuration, "-1")
        command.upgrade(configuration, revision)
    assert differences(store) == []

    command.downgrade(configuration, "base")
    assert set(inspect(store.engine).get_table_names()) <= {"alembic_version"}
    store.close()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_migration_imports_nothing_of_the_application(script: Path) -> None:
    tree = ast.parse(script.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {name.partition(".")[0] for name in imported} <= {"__future__", "alembic", "sqlalchemy", "collections"}


def test_the_migrations_are_one_line_of_descent() -> None:
    assert len(ScriptDirectory.from_config(database.configuration(None)).get_heads()) == 1
