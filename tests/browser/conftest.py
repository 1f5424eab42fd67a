"""Chromium, for tests that look at a page, and a circle to look at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.guides.rules import Guides
from bot.storage import open_store
from tests.conftest import missing
from tests.plays.stage import Stage, say_yes

FRIDAY, MONDAY = "2026-12-04T09:00:00+00:00", "2026-12-07T12:00:00+00:00"

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all tests of this folder, and no longer: while it is there, nobody else can run an event loop."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    if not found:
        missing("Chromium (on Debian: apt install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="package")
def met(migrated_file: Path, guides: Guides, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file to copy from: a circle of five on the day of its first meeting, after it."""
    file = tmp_path_factory.mktemp("met") / "circlet.db"
    shutil.copy(migrated_file, file)
    store = open_store(f"sqlite:///{file}")
    stage = Stage(store, guides, FRIDAY)
    ana, *others = stage.people("Ana", "Ben", "Chloe", "Dan", "Eva")
    stage.people("Farid", "Grace", "Hugo")
    ana.types('create "North" @ana @ben @chloe @dan @eva --on mon 10:00 --start 2026-12-07')
    say_yes(others)
    stage.until(MONDAY)
    stage.close()
    store.close()
    return file


@pytest.fixture
def stage(met: Path, guides: Guides, tmp_path: Path) -> Iterator[Stage]:
    """That circle, for one test."""
    file = tmp_path / "circlet.db"
    shutil.copy(met, file)
    store = open_store(f"sqlite:///{file}")
    stage = Stage(store, guides, MONDAY)
    yield stage
    stage.close()
    store.close()
