"""`circlet check` notices a guide whose words were changed under the version that groups began with."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.check import _edited
from bot.editions import store as editions
from bot.editions.rules import joined
from bot.guides.store import load
from bot.storage import Store

SMALL = Path(__file__).parents[1] / "fixtures" / "guides"
NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(SMALL, tmp_path / "guides")


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "book-circle" / name
    path.write_text(path.read_text().replace(old, new))


def test_words_that_were_changed_without_counting_up_are_noticed(sqlite_store: Store, folder: Path) -> None:
    guides = load(folder)
    text = guides.edition(guides.get("book-circle").digest)
    assert text is not None
    with sqlite_store.begin() as connection:
        editions.keep(connection, text, NOW)
        editions.keep(connection, text, NOW)
    assert list(_edited(sqlite_store, load(folder))) == []

    change(folder, "en/week-01.md", "Talk about one idea.", "Talk about two ideas.")
    found = list(_edited(sqlite_store, load(folder)))
    assert [finding.good for finding in found] == [False]
    assert found[0].words == (
        "book-circle was changed after groups began with version 1, and they go on with the old text: "
        "count version up in its guide.yaml"
    )

    change(folder, "guide.yaml", "version: 1", "version: 2")
    assert list(_edited(sqlite_store, load(folder))) == []


def test_a_kept_text_is_the_guide_again(sqlite_store: Store, folder: Path) -> None:
    guides = load(folder)
    before = guides.get("book-circle")
    text = guides.edition(before.digest)
    assert text is not None
    with sqlite_store.begin() as connection:
        editions.keep(connection, text, NOW)
    shutil.rmtree(folder / "book-circle")
    follower = type("Group", (), {"guide": "book-circle", "editions": ((0, before.digest),)})()
    with sqlite_store.begin() as connection:
        shelf = editions.Shelf(load(folder))
        assert shelf.guide(connection, follower, "de") == before


def test_one_guide_of_two_texts_has_the_old_sessions_and_the_new_ones(folder: Path) -> None:
    old = load(folder).get("book-circle")
    change(folder, "en/week-00.md", "# Set up", "# Begin")
    change(folder, "en/week-01.md", "# One idea", "# Two ideas")
    change(folder, "en/guide.md", "# Book circle", "# Books")
    new = load(folder).get("book-circle")
    both = joined([(0, old), (1, new)])
    assert [session.title for session in both.sessions] == ["Set up", "Two ideas"]
    assert both.title == "Books"
