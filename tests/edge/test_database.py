"""Migrating: to the newest version, once, also when two begin together; and sentences where it cannot be done."""

from __future__ import annotations

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from adapters import database
from adapters.cli import main
from bot.errors import ConfigError
from bot.storage import Store, metadata
from tests.processes import processes


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def fresh(url: str) -> Store:
    return database.connect(url)


def test_migrating_makes_the_folder_and_every_table_and_twice_is_once(tmp_path: Path) -> None:
    store = fresh(f"sqlite:///{tmp_path}/var/new/circlet.db")
    assert database.current(store) is None

    database.migrate(store)
    database.migrate(store)

    assert database.current(store) == database.schema().head
    assert tables(store.engine) == {*metadata.tables, "alembic_version"}
    store.close()


def migrate(url: str, said: Path) -> None:
    """``circlet migrate`` in a process of its own: what must not happen twice must not happen twice on a machine."""
    os.environ["DATABASE_URL"] = url
    with said.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    main(["migrate"])


def all_find_it_done(url: str, folder: Path) -> None:
    files = [folder / f"{number}.said" for number in range(3)]
    # They have read everything before they begin, and so meet at the database itself.
    together = [processes.Process(target=migrate, args=(url, file)) for file in files]
    for process in together:
        process.start()
    for process in together:
        process.join(60)
    said = [file.read_text() for file in files]

    assert [process.exitcode for process in together] == [0, 0, 0], said
    assert all(f"is at {database.schema().head}" in words for words in said)


def test_three_that_migrate_one_file_together_all_find_it_done(tmp_path: Path) -> None:
    all_find_it_done(f"sqlite:///{tmp_path}/circlet.db", tmp_path)


def test_three_that_migrate_one_server_together_all_find_it_done(new_server_database: str, tmp_path: Path) -> None:
    all_find_it_done(new_server_database, tmp_path)


def test_a_database_of_a_later_release_will_do_and_one_of_an_earlier_release_will_not() -> None:
    schema = database.Schema("new", frozenset({"old", "new"}))

    assert schema.problem("new") == ""
    assert schema.problem("from the future") == ""
    assert schema.problem("old") == "at old, this release needs new: run circlet migrate"
    assert schema.problem(None) == "not migrated, this release needs new: run circlet migrate"


def test_foreign_keys_are_watched_again_after_a_migration(tmp_path: Path) -> None:
    store = fresh(f"sqlite:///{tmp_path}/circlet.db")

    database.migrate(store)

    with store.begin() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    store.close()


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    store = fresh("postgresql://circlet:hunter2@127.0.0.1:1/circlet")

    with pytest.raises(ConfigError) as problem:
        database.migrate(store)

    assert str(problem.value).startswith("The database postgresql+pg8000://circlet:***@127.0.0.1:1/circlet cannot be")
    assert "hunter2" not in str(problem.value)
    store.close()


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    store = fresh(f"sqlite:///{tmp_path}/folder")

    with pytest.raises(ConfigError, match="unable to open database file"):
        database.migrate(store)
    store.close()


TLS_WANTED = bytes((0, 0, 0, 8, 4, 210, 22, 47))
"""https://www.postgresql.org/docs/current/protocol-message-formats.html, SSLRequest"""


@pytest.mark.parametrize(("mode", "asks"), [("disable", False), ("prefer", True), ("require", True)])
def test_sslmode_says_whether_tls_is_asked_for(mode: str, asks: bool) -> None:
    first: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as hearing:

        def hear() -> None:
            caller, _ = server.accept()
            with caller:
                first.append(caller.recv(8))

        heard = hearing.submit(hear)
        store = fresh(f"postgresql://circlet@127.0.0.1:{server.getsockname()[1]}/circlet?sslmode={mode}")
        with pytest.raises(DBAPIError), store.begin():
            pass
        heard.result(10)
        store.close()
    assert (first == [TLS_WANTED]) == asks
