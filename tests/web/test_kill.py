"""A process killed with -9 between a post and its receipt: the next one goes on, and nobody notices."""

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
from tests.web.test_clock import END, founded, heard

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def _process(url: str, doomed_after: int) -> AsyncIterator[Client]:
    """Another process with the company's chat."""
    command = (sys.executable, "-m", "tests.web.chat", url, str(doomed_after))
    child = await asyncio.create_subprocess_exec(*command, stdout=PIPE, cwd=ROOT)
    assert child.stdout is not None
    try:
        address = (await child.stdout.readline()).decode().strip()
        async with ClientSession() as session:
            yield Client(session, address)
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def _month(those: Company, url: str, kill_after: tuple[int, ...]) -> list[Any]:
    async with serving(those) as chat:
        await founded(chat)
    for doomed_after in kill_after:
        async with _process(url, doomed_after) as chat:
            with pytest.raises(ClientError):
                await chat.moves(to=END)
    async with serving(those) as chat:
        await chat.moves(to=END)
        return await heard(chat)


def test_a_month_with_kills_reads_like_a_month_without(migrated_file: Path, tmp_path: Path, guides: Guides) -> None:
    months = []
    for kill_after in ((), (1, 2, 3, 5)):
        file = shutil.copy(migrated_file, tmp_path / f"{len(kill_after)}-kills.db")
        store = open_store(f"sqlite:///{file}")
        months.append(asyncio.run(_month(company(store, guides), f"sqlite:///{file}", kill_after)))
        store.close()
    assert months[0] == months[1]
