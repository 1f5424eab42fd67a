"""The stage on which plays are told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

import pytest

from bot.guides.rules import Guides
from bot.storage import Store
from tests.plays.slack_stage import SlackStage
from tests.plays.stage import Human, Stage, say_yes
from tests.plays.teams_stage import TeamsStage
from tests.scenes import Scene, scene, set_scene

FRIDAY = "2026-12-04T09:00:00+00:00"
START = "2026-12-07"

Begin = Callable[..., Stage]


STAGES: Mapping[str, type[Stage]] = {"web": Stage, "slack": SlackStage, "teams": TeamsStage}


@pytest.fixture(params=list(STAGES))
def where(request: pytest.FixtureRequest) -> str:
    """Each play runs in the local chat, in Slack and in Teams."""
    return str(request.param)


@pytest.fixture
def store(request: pytest.FixtureRequest, where: str, postgres_url: str | None) -> Store:
    """SQLite; for Slack PostgreSQL, where there is a server. Plays of many months say ``LONG`` and stay on SQLite."""
    long = getattr(request.module, "LONG", False)
    on_server = where == "slack" and not long and (postgres_url or os.environ.get("CIRCLET_REQUIRE_ALL"))
    found: Store = request.getfixturevalue("postgres_store" if on_server else "sqlite_store")
    return found


@pytest.fixture
def sqlite_store(standing_sqlite_store: Store) -> Store:
    return standing_sqlite_store


@pytest.fixture
def postgres_store(standing_postgres_store: Store) -> Store:
    return standing_postgres_store


@pytest.fixture(scope="session")
def scenes() -> dict[tuple[str, str, str], Scene]:
    return {}


Remember = Callable[[str, Callable[[], object]], None]


@pytest.fixture
def remember(stage: Stage, scenes: dict[tuple[str, str, str], Scene]) -> Remember:
    """``remember("circle", found)``: what many plays begin with is played once, and set as a scene for the others."""

    def remembered(name: str, play: Callable[[], object]) -> None:
        known = stage.platform, stage.store.engine.dialect.name, name
        if known in scenes:
            set_scene(stage.store, scenes[known])
            return
        play()
        scenes[known] = scene(stage.store)

    return remembered


@pytest.fixture
def begin(where: str, store: Store, guides: Guides) -> Iterator[Begin]:
    """Raise the curtain at any time: ``begin("2026-10-01T08:00:00Z")``. A second time is the same world, restarted."""
    stages: list[Stage] = []

    def raised(now: str = FRIDAY) -> Stage:
        for stage in stages:
            stage.close()
        stages[:] = [STAGES[where](store, guides, now)]
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
def circle(remember: Remember, five: tuple[Human, ...]) -> tuple[Human, ...]:
    """Five in a circle that meets on Mondays at ten in Berlin, from 7 December; Ana facilitates."""

    def found() -> None:
        ana, *others = five
        ana.types(f'create "North" @ana @ben @chloe @dan @eva --guide peer-circle --on mon 10:00 --start {START}')
        say_yes(others)

    remember("circle", found)
    return five


@pytest.fixture
def pair(stage: Stage, remember: Remember) -> tuple[Human, Human, Human]:
    """Mia mentors Max, the executive, on Tuesdays at four in Berlin, from 8 December; Olga organises."""
    olga, mia, chef = stage.people("Olga", "Mia", "Max")

    def found() -> None:
        olga.types("pair @mia @max --guide reverse-mentoring --on tue 16:00 --start 2026-12-08")
        say_yes([mia, chef])

    remember("pair", found)
    return olga, mia, chef
