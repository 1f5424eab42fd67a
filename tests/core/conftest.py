"""Offices for the tests of the core, on both databases."""

from __future__ import annotations

import pytest

from bot.guides.rules import Guides
from bot.storage import Store
from tests.core.office import Office, office


@pytest.fixture
def sqlite_store(request: pytest.FixtureRequest) -> Store:
    """A standing store. Where several pools or processes meet on one database modules say ``OWN`` and get a new one."""
    found: Store = request.getfixturevalue("sqlite_store" if _own(request) else "standing_sqlite_store")
    return found


@pytest.fixture
def postgres_store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue("postgres_store" if _own(request) else "standing_postgres_store")
    return found


def _own(request: pytest.FixtureRequest) -> bool:
    return bool(getattr(request.module, "OWN", False))


@pytest.fixture(name="office")
def _office(store: Store, guides: Guides) -> Office:
    return office(store, guides)
