"""Settings: every problem at once, each naming its variable, and no secret in any of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.settings import load, safe_url
from bot.errors import ConfigError

VARIABLES = ("DATABASE_URL", "HOST", "PORT", "GUIDES_PATH", "TICK_SECONDS", "LOG_LEVEL", "LOG_FORMAT")
SECRET = "hunter2-and-more"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_without_any_variable_circlet_runs_on_a_file_and_on_this_computer_only() -> None:
    settings = load()

    assert settings.url() == "sqlite:///var/circlet.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.guides_path.is_dir()


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    assert load().port == 8080


def test_every_problem_is_told_at_once_and_names_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wrong = {
        "DATABASE_URL": f"mysql://circlet:{SECRET}@db/circlet",
        "PORT": "http",
        "GUIDES_PATH": str(tmp_path / "nowhere"),
        "TICK_SECONDS": "0",
        "LOG_LEVEL": "loud",
        "LOG_FORMAT": "xml",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError) as problem:
        load()

    lines = str(problem.value).splitlines()
    assert {line.partition(":")[0] for line in lines} == set(wrong)
    assert len(lines) == len(wrong)


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://circlet:{SECRET}@db/circlet",
        f"postgresql+psycopg2://circlet:{SECRET}@db/circlet",
        f"postgresql://circlet:{SECRET}@db",
        f"postgresql://circlet:{SECRET}@db:port/circlet",
        f"://{SECRET}",
        SECRET,
    ],
)
def test_a_database_address_that_cannot_be_used_is_refused_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(ConfigError) as problem:
        load()

    assert str(problem.value).startswith("DATABASE_URL: ")
    assert SECRET not in str(problem.value)
    assert problem.value.__cause__ is None


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+pg8000"])
def test_a_postgresql_address_is_taken_under_each_of_its_names(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://circlet:{SECRET}@db:5432/circlet?sslmode=require")

    settings = load()

    assert SECRET in settings.url()
    assert settings.safe_url() == f"{scheme}://circlet:***@db:5432/circlet"
    assert SECRET not in f"{settings!r} {settings}"


def test_what_stands_behind_the_question_mark_is_not_shown() -> None:
    assert safe_url(f"postgresql://db/circlet?password={SECRET}") == "postgresql://db/circlet"


def test_log_words_are_taken_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    monkeypatch.setenv("LOG_FORMAT", "Console")

    settings = load()

    assert (settings.log_level, settings.log_format) == ("warning", "console")
