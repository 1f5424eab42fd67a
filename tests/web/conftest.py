"""A small company in a local chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.guides.rules import Guides
from bot.storage import Store
from tests.web import chat
from tests.web.chat import Client, Company, Play, serving


@pytest.fixture
def company(store: Store, guides: Guides) -> Company:
    return chat.company(store, guides)


@pytest.fixture
def play(company: Company) -> Play:
    """Run a scenario against the company's chat."""

    def run(scenario: Callable[[Client], Awaitable[None]]) -> None:
        async def served() -> None:
            async with serving(company) as client:
                await scenario(client)

        asyncio.run(served())

    return run
