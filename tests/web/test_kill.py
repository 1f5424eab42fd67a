"""A process killed in the middle of a season: the next one goes on, and nobody notices."""

from __future__ import annotations

import asyncio
import shutil
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from bot.guides.rules import Guides
from bot.storage import open_store
from tests.web.chat import Client, Company, company, serving
from tests.web.test_clock import founded, heard

ROOT = Path(__file__).parents[2]
SPRING = "2027-03-22T12:00:00Z"


@asynccontextmanager
async def _process(url: str) -> AsyncIterator[Client]:
    """Another process with the company's chat, killed with -9 at the end."""
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.web.chat", url, stdout=PIPE, cwd=ROOT)
    assert child.stdout is not None
    try:
        address = (await child.stdout.readline()).decode().strip()
        async with ClientSession() as session:
            yield Client(session, address)
    finally:
        child.kill()
        await child.wait()


async def _begun(those: Company) -> None:
    async with serving(those) as chat:
        await founded(chat)


async def _season(url: str, kill_after: int | None) -> list[Any]:
    if kill_after is not None:
        async with _process(url) as chat:
            moving = asyncio.create_task(chat.moves(to=SPRING))
            while len(await chat.sees("ana", "circle-1")) < kill_after:
                pass  # Each look is a request, during which the clock goes on.
        with pytest.raises(ClientError):
            await moving
    async with _process(url) as chat:
        await chat.moves(to=SPRING)
        return await heard(chat)


def test_a_season_with_a_kill_reads_like_one_without(migrated_file: Path, tmp_path: Path, guides: Guides) -> None:
    seasons = []
    for kill_after in (None, 2, 5, 9):
        url = f"sqlite:///{shutil.copy(migrated_file, tmp_path / f'{kill_after}.db')}"
        store = open_store(url)
        asyncio.run(_begun(company(store, guides)))
        store.close()
        seasons.append(asyncio.run(_season(url, kill_after)))
    assert all(season == seasons[0] for season in seasons)
