"""An organisation's own questions, the key of a local chat, and answers that get a new key."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, select

from adapters.cli import main
from adapters.crypt import Crypt, kept_key, new_key
from adapters.secrets_cli import encrypt_anew
from bot.checkpoints.store import releases
from bot.guides.store import load
from bot.inbound import Actor
from bot.people import store as people
from bot.storage import Store
from tests.conftest import ROOT

OWN = """licence: LicenseRef-Licensed-to-us
questions:
  - id: expected-of-me
    version: 1
    kind: scale
    for:
      - participant
    polls:
      - baseline
      - final
    text:
      en: I know what is expected of me.
    low: 1
    high: 7
    low_label:
      en: not at all
    high_label:
      en: fully
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "guides" / "peer-circle", tmp_path / "guides" / "peer-circle")
    return tmp_path / "guides"


def loads(folder: Path, text: str, guide: str = "peer-circle", name: str = "scale.yaml") -> Result:
    file = folder.parent / name
    file.write_text(text)
    return CliRunner().invoke(main, ["checkpoints", "load", str(file), "--guide", guide, "--folder", str(folder)])


def test_an_organisations_own_scale_stands_beside_the_guides_questions_with_its_licence(folder: Path) -> None:
    before = load(folder).checkpoints_of("peer-circle").items

    result = loads(folder, OWN)

    assert result.exit_code == 0, result.output
    assert result.output == "1 question for peer-circle, licence: LicenseRef-Licensed-to-us. Restart Circlet.\n"
    *others, own = load(folder).checkpoints_of("peer-circle").items
    assert tuple(others) == before
    assert (own.id, own.licence, own.own) == ("expected-of-me", "LicenseRef-Licensed-to-us", True)


def test_they_go_into_the_folder_of_the_installation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = folder.parent / "scale.yaml"
    file.write_text(OWN)
    monkeypatch.setenv("GUIDES_PATH", str(folder))

    result = CliRunner().invoke(main, ["checkpoints", "load", str(file), "--guide", "peer-circle"])

    assert result.exit_code == 0, result.output
    assert (folder / "peer-circle" / "checkpoints" / "scale.yaml").read_text() == OWN


@pytest.mark.parametrize(
    ("text", "guide", "said"),
    [
        (OWN.replace("high: 7", "high: 70"), "peer-circle", "scale.yaml:14: high must be a whole number from 3 to 10"),
        (OWN.replace("expected-of-me", "first-step"), "peer-circle", "the question first-step is in two files"),
        (OWN, "no-such-guide", "there is no guide no-such-guide"),
    ],
)
def test_questions_with_a_mistake_are_not_taken(folder: Path, text: str, guide: str, said: str) -> None:
    result = loads(folder, text, guide)

    assert result.exit_code == 1
    assert said in result.output
    assert load(folder).checkpoints_of("peer-circle").item("expected-of-me@1") is None


def test_a_local_chat_keeps_one_key_beside_its_data_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "demo.db.key"

    first = kept_key(file)

    assert kept_key(file) == first
    assert Crypt(first).open(Crypt(first).seal("an answer")) == "an answer"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["demo.db.key"]


def test_answers_and_figures_get_the_new_key_too(sqlite_store: Store) -> None:
    old, new = new_key(), new_key()
    workspace = 0
    with sqlite_store.begin() as connection:
        workspace = people.workspace_id(connection, "web", "one", "One")
        person = people.meet(connection, Actor(workspace, "ana", "Ana"))
        row = {
            "workspace_id": workspace,
            "guide": "peer-circle",
            "organiser_id": person.id,
            "poll": "final",
            "sealed": Crypt(old).seal("[]"),
            "released_at": datetime(2026, 12, 1, tzinfo=UTC),
        }
        connection.execute(insert(releases).values(**row))

    done = encrypt_anew(sqlite_store, Crypt(f"{new},{old}"))

    assert (done.again, done.unreadable) == (1, 0)
    with sqlite_store.begin() as connection:
        assert Crypt(new).open(connection.execute(select(releases.c.sealed)).scalar_one()) == "[]"
