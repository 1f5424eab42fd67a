"""The stage on which plays are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.guides.rules import Guides
from bot.storage import Store
from tests.plays.stage import Human, Stage, say_yes

FRIDAY = "2026-12-04T09:00:00+00:00"
START = "2026-12-07"

Begin = Callable[..., Stage]


@pytest.fixture
def begin(store: Store, guides: Guides) -> Iterator[Begin]:
    """Raise the curtain at any time: ``begin("2026-10-01T08:00:00Z")``. A second time is the same world, restarted."""
    stages: list[Stage] = []

    def raised(now: str = FRIDAY) -> Stage:
        for stage in stages:
            stage.close()
        stages[:] = [Stage(store, guides, now)]
        return stages[0]

    yield raised
    for stage in stages:
        stage.close()


@pytest.fixture
def stage(begin: Begin) -> Stage:
    """Friday 4 December 2026, ten in the morning in Berlin."""
    return begin()


@pytest.fixture
def five(stage: Stage) -> tuple[Human, ...]:
    return stage.people("Ana", "Ben", "Chloe", "Dan", "Eva")


@pytest.fixture
def circle(stage: Stage, five: tuple[Human, ...]) -> tuple[Human, ...]:
    """Five in a circle that meets on Mondays at ten in Berlin, from 7 December; Ana facilitates."""
    ana, *others = five
    ana.types(f'create "North" @ana @ben @chloe @dan @eva --guide peer-circle --on mon 10:00 --start {START}')
    say_yes(others)
    return five


@pytest.fixture
def pair(stage: Stage) -> tuple[Human, Human, Human]:
    """Mia mentors Max, the executive, on Tuesdays at four in Berlin, from 8 December; Olga organises."""
    olga, mia, chef = stage.people("Olga", "Mia", "Max")
    olga.types("pair @mia @max --guide reverse-mentoring --on tue 16:00 --start 2026-12-08")
    say_yes([mia, chef])
    return olga, mia, chef
