"""The stage on which plays are told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.guides.rules import Guides
from bot.storage import Store
from tests.plays.stage import Human, Stage, say_yes

FRIDAY = "2026-12-04T09:00:00+00:00"


@pytest.fixture
def stage(store: Store, guides: Guides) -> Iterator[Stage]:
    """Friday 4 December 2026, ten in the morning in Berlin."""
    stage = Stage(store, guides, FRIDAY)
    yield stage
    stage.close()


@pytest.fixture
def five(stage: Stage) -> tuple[Human, ...]:
    return stage.people("Ana", "Ben", "Chloe", "Dan", "Eva")


@pytest.fixture
def circle(stage: Stage, five: tuple[Human, ...]) -> tuple[Human, ...]:
    """Five in a circle that meets on Mondays at ten in Berlin, from 7 December; Ana facilitates."""
    ana, *others = five
    ana.types('create "North" @ana @ben @chloe @dan @eva --guide peer-circle --on mon 10:00 --start 2026-12-07')
    say_yes(others)
    return five
