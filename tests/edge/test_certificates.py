"""A certificate's page in the web process and on the command line: for whoever has its number, and for nobody else."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from click.testing import CliRunner

from adapters import wiring
from adapters.cli import main
from adapters.crypt import Crypt, new_key
from adapters.settings import Settings, load
from bot.errors import ConfigError
from bot.inbound import Actor
from bot.people import store as people
from bot.storage import open_store
from bot.training import store as training
from bot.training.rules import Certificate, mark_of
from tests.conftest import ROOT

Set = Callable[..., None]


@pytest.fixture
def number(migrated_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ana has completed a training in this installation."""
    file = tmp_path / "circlet.db"
    file.write_bytes(migrated_file.read_bytes())
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("CIRCLET_SECRET_KEY", new_key())
    # A certificate says all that it says by itself: a small guide will do.
    monkeypatch.setenv("GUIDES_PATH", str(ROOT / "tests" / "fixtures" / "guides"))
    store = open_store(f"sqlite:///{file}")
    with store.begin() as connection:
        workspace = people.workspace_id(connection, "web", "local", "Demo")
        ana = people.meet(connection, Actor(workspace, "ana", "Ana <b>Bold</b>"))
        about = ("circle-mentor", 1, "en", "Circle mentor", ("What you are there for",))
        made = training.award(connection, Certificate(0, workspace, ana.id, *about, ana.name, date(2026, 12, 9)))
        crypt = Crypt(os.environ["CIRCLET_SECRET_KEY"])
        mark = mark_of(crypt.sign(made.sworn))
        training.mark(connection, made, mark)
    store.close()
    return f"{made.id}-{mark[:4]}-{mark[4:8]}-{mark[8:12]}-{mark[12:]}"


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, result.output


def test_verify_confirms_name_training_and_day_and_refuses_a_forged_number(number: str) -> None:
    assert run("certificate", "verify", number) == (
        0,
        "genuine: Ana <b>Bold</b>, Circle mentor (guide circle-mentor, version 1), 2026-12-09\n",
    )
    assert run("certificate", "verify", number.lower())[0] == 0
    for forged in (number[:-1] + ("A" if number[-1] != "A" else "B"), f"9{number}", "nonsense", "0"):
        assert run("certificate", "verify", forged) == (1, "not genuine: no certificate has this number\n")


@pytest.mark.parametrize(("column", "value"), [("name", "Eve"), ("title", "Doctor"), ("issued_on", date(2020, 1, 1))])
def test_what_was_changed_in_the_database_is_not_genuine_any_more(number: str, column: str, value: object) -> None:
    store = open_store(load().url())
    with store.begin() as connection:
        connection.execute(training.certificates.update().values({column: value}))
    store.close()
    assert run("certificate", "verify", number) == (1, "not genuine: no certificate has this number\n")


def test_a_number_holds_as_long_as_its_key_is_known(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = os.environ["CIRCLET_SECRET_KEY"], new_key()
    monkeypatch.setenv("CIRCLET_SECRET_KEY", f"{new},{old}")
    assert run("certificate", "verify", number)[0] == 0
    monkeypatch.setenv("CIRCLET_SECRET_KEY", new)
    assert run("certificate", "verify", number) == (1, "not genuine: no certificate has this number\n")
    monkeypatch.delenv("CIRCLET_SECRET_KEY")
    code, output = run("certificate", "verify", number)
    assert (code, output) == (1, "Error: CIRCLET_SECRET_KEY is not set: no number can be confirmed without it\n")


def test_what_cannot_be_written_is_told(number: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, output = run("certificate", "page", number, "--out", str(tmp_path / "file" / "ana.html"))
    assert code == 1
    assert output.startswith("Error: ")
    assert "cannot be written" in output


def test_the_page_is_written_to_a_file(number: str, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder" / "ana.html"
    assert run("certificate", "page", number, "--out", str(out))[0] == 0
    assert "Ana &lt;b&gt;Bold&lt;/b&gt;" in out.read_text()
    assert run("certificate", "page", "1-AAAA-AAAA-AAAA-AAAA", "--out", str(tmp_path / "no.html"))[0] == 1
    assert not (tmp_path / "no.html").exists()


def fetched(settings: Settings, path: str) -> tuple[int, str, dict[str, str]]:
    async def get() -> tuple[int, str, dict[str, str]]:
        these = wiring.parts(settings)
        async with TestClient(TestServer(wiring.web(these))) as client:
            answer = await client.get(path)
            return answer.status, await answer.text(), dict(answer.headers)

    return asyncio.run(get())


def test_the_web_process_serves_it_where_people_can_reach_it(number: str) -> None:
    settings = load(circlet_public_url="https://circlet.example.org/")
    assert settings.circlet_public_url == "https://circlet.example.org"
    status, text, headers = fetched(settings, f"/certificates/{number}")
    assert status == 200
    assert "Ana &lt;b&gt;Bold&lt;/b&gt;" in text
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    missing, said, _ = fetched(settings, f"/certificates/{number[:-1]}")
    assert (missing, said) == (404, "There is no certificate with this number.")
    assert fetched(load(), f"/certificates/{number}")[0] == 404


@pytest.mark.parametrize("address", ["circlet.example.org", "ftp://circlet.example.org", "https://", "https://a b/"])
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(ConfigError, match="CIRCLET_PUBLIC_URL: is no web address"):
        load(circlet_public_url=address)
