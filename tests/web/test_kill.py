"""A process killed with -9 between a post and its receipt: the next one goes on, and nobody notices."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from bot.guides.rules import Guides
from bot.storage import open_store
from tests.processes import processes
from tests.web.chat import Client, Company, company, serve, serving
from tests.web.test_clock import END, founded, heard


@asynccontextmanager
async def _process(url: str, doomed_after: int) -> AsyncIterator[Client]:
    """Another process with the company's chat."""
    where, told = processes.Pipe(duplex=False)
    child = processes.Process(target=serve, args=(url, doomed_after, told))
    child.start()
    told.close()
    try:
        address = await asyncio.to_thread(where.recv)
        async with ClientSession() as session:
            yield Client(session, address)
    finally:
        child.kill()
        await asyncio.to_thread(child.join)
        where.close()


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
