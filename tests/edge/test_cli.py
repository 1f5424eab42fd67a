"""The command line: what each command says, in sentences, and its exit code."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters import check, database
from adapters.cli import main
from adapters.settings import ROOT

SECRET = "hunter2-and-more"


@pytest.fixture(autouse=True)
def installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Settings of a new installation in a folder of its own; its database file."""
    for name in ("HOST", "PORT", "GUIDES_PATH", "TICK_SECONDS", "LOG_LEVEL", "LOG_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "var" / "circlet.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    return file


def circlet(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def findings(result: Result) -> dict[str, str]:
    """What ``circlet check`` said, by what it looked at."""
    return {line.partition(":")[0]: line.partition(": ")[2] for line in result.output.splitlines()}


def test_migrate_says_where_the_database_is_now_and_that_nothing_was_to_do_the_second_time(installation: Path) -> None:
    first, second = circlet("migrate"), circlet("migrate")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.output == f"sqlite:///{installation} is at {database.schema().head}\n"
    assert second.output == f"sqlite:///{installation} is at {database.schema().head}, as it was\n"


def test_check_finds_a_migrated_installation_healthy() -> None:
    circlet("migrate")

    result = circlet("check")

    assert result.exit_code == 0, result.output
    said = findings(result)
    assert list(said) == ["settings", "database", "migrations", "clock", "guides", "key", "slack", "teams"]
    assert all(words.startswith("ok - ") for words in said.values())
    assert "peer-circle" in said["guides"]
    assert "reverse-mentoring" in said["guides"]


def test_check_tells_a_new_installation_to_migrate_and_makes_no_file(installation: Path) -> None:
    result = circlet("check")

    assert result.exit_code == 1
    assert findings(result)["database"] == f"problem - there is no {installation} yet: run circlet migrate"
    assert not installation.parent.exists()


def test_check_tells_that_the_migrations_are_missing(installation: Path) -> None:
    store = database.connect(f"sqlite:///{installation}")
    database.reach(store)
    store.close()

    result = circlet("check")

    assert result.exit_code == 1
    words = f"problem - not migrated, this release needs {database.schema().head}: run circlet migrate"
    assert findings(result)["migrations"] == words
    assert findings(result)["guides"].startswith("ok")


def test_check_tells_every_wrong_setting_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"mysql://circlet:{SECRET}@db/circlet")
    monkeypatch.setenv("PORT", "0")

    result = circlet("check")

    assert result.exit_code == 1
    assert [line.split(" - ")[1].partition(":")[0] for line in result.output.splitlines()] == ["DATABASE_URL", "PORT"]
    assert SECRET not in result.output


def test_check_tells_an_unreachable_server_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgres://circlet:{SECRET}@127.0.0.1:1/circlet")

    result = circlet("check")

    assert result.exit_code == 1
    assert findings(result)["database"].startswith("problem - The database postgresql+pg8000://circlet:***@127.0.0.1:1")
    assert SECRET not in result.output


def test_check_tells_how_many_problems_the_guides_have(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "guides"
    (folder / "broken" / "en").mkdir(parents=True)
    monkeypatch.setenv("GUIDES_PATH", str(folder))

    result = circlet("check")

    assert result.exit_code == 1
    words = findings(result)["guides"]
    assert words.startswith("problem - guides/broken/")
    assert words.endswith(": run circlet guides check")


def test_check_doubts_a_clock_that_was_never_set() -> None:
    circlet("migrate")

    said = {finding.name: finding for finding in check.check(lambda: datetime(1970, 1, 1, tzinfo=UTC))}

    assert not said["clock"].good
    assert said["clock"].words == "this machine says 1970-01-01 00:00 UTC: set its clock"


@pytest.mark.parametrize("command", ["migrate", "web", "clock"])
def test_what_cannot_start_says_why_in_a_sentence_and_exits_with_2(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgres://circlet:{SECRET}@127.0.0.1:1/circlet")

    result = circlet(command)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(
        "The database postgresql+pg8000://circlet:***@127.0.0.1:1/circlet cannot be reached"
    )
    assert "Traceback" not in result.stderr
    assert SECRET not in result.stderr


@pytest.mark.parametrize("command", ["web", "clock"])
def test_nothing_starts_on_a_database_that_was_not_migrated(installation: Path, command: str) -> None:
    result = circlet(command)

    assert result.exit_code == 2
    needs = f"this release needs {database.schema().head}: run circlet migrate"
    assert result.stderr == f"The database sqlite:///{installation} is not migrated, {needs}\n"


def test_every_line_of_the_procfile_is_a_command_that_exists() -> None:
    lines = dict(line.split(": ") for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines())

    assert set(lines) == {"release", "web", "clock"}
    for line in lines.values():
        start, command = line.rsplit(" ", 1)
        assert start == "python -m adapters"
        assert circlet(command, "--help").exit_code == 0


def test_the_local_chat_can_be_reached_from_nowhere_else() -> None:
    options = {option for parameter in main.commands["local"].params for option in parameter.opts}
    assert options == {"--port", "--data", "--seed", "--gallery"}
