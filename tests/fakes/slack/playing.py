"""For tests: a fake for the time of a play, a clock moved by hand, an app that listens, an ear for events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.world import Json

MONDAY = datetime(2026, 12, 7, 8, tzinfo=UTC)


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def client(fake: FakeSlack, token: str | None = None, **more: Any) -> AsyncWebClient:
    return AsyncWebClient(fake.token if token is None else token, base_url=fake.url, retry_handlers=[], **more)


def with_slack(play: Callable[[FakeSlack, AsyncWebClient], Awaitable[None]], **how: Any) -> None:
    async def run() -> None:
        async with FakeSlack(**how) as fake:
            await play(fake, client(fake))

    asyncio.run(run())


async def refused(call: Awaitable[Any]) -> str:
    """The code of the error that this call ends in."""
    with pytest.raises(SlackApiError) as error:
        await call
    return str(error.value.response["error"])


@asynccontextmanager
async def listening(app: AsyncApp, fake: FakeSlack) -> AsyncIterator[str]:
    """The app on a port of its own, known to Slack; its address."""
    runner = web.AppRunner(app.server(port=0).web_app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    fake.request_url = f"{root}/slack/events"
    try:
        yield root
    finally:
        fake.request_url = None
        await runner.cleanup()


@asynccontextmanager
async def an_ear(fake: FakeSlack, status: Callable[[int], int]) -> AsyncIterator[list[tuple[Json, str | None]]]:
    """An app that keeps events and their retry numbers, and answers the n-th with this status."""
    heard: list[tuple[Json, str | None]] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append((await request.json(), request.headers.get("X-Slack-Retry-Num")))
        fake.noted()
        return web.Response(status=status(len(heard)))

    app = web.Application()
    app.router.add_post("/slack/events", hear)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield heard
    finally:
        await runner.cleanup()
