"""Offices for the tests of the core, on both databases."""

from __future__ import annotations

import pytest

from bot.guides.rules import Guides
from bot.storage import Store
from tests.core.office import Office, office


@pytest.fixture(name="office")
def _office(store: Store, guides: Guides) -> Office:
    return office(store, guides)
