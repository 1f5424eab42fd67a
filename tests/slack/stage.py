"""A stage for plays in Slack: the fake's people, the whole of ``circlet web``, and a clock that the play moves.

Everything runs for real and over the wire: signed requests, Bolt, the core, the outbox, the courier, the Web API.
"""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import yaml
from aiohttp import web

from adapters import wiring
from adapters.clock import utcnow
from adapters.settings import load
from adapters.slack import oauth
from bot.app import Bot
from bot.guides.rules import Guides
from bot.storage import Store
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.payloads import elements
from tests.fakes.slack.wire import Answer
from tests.fakes.slack.world import Json, Message

FRIDAY = "2026-12-04T09:00:00+00:00"
MANIFEST = yaml.safe_load(oauth.MANIFEST.read_text(encoding="utf-8"))
KEY = urlsafe_b64encode(b"a key of the tests, of nobody el").decode()


@dataclass
class Stage:
    fake: FakeSlack
    parts: wiring.Parts
    app: web.Application
    url: str
    time: datetime | None

    @property
    def bot(self) -> Bot:
        return self.parts.bot

    def person(self, id: str) -> Person:
        return Person(self, id)

    def people(self, *ids: str) -> tuple[Person, ...]:
        return tuple(Person(self, id) for id in ids)

    async def settles(self) -> None:
        """Until nobody has anything more to do now."""
        before = -1
        while before != (before := len(self.fake.calls)):
            await self.app[wiring.IN_SLACK].idle()
            await self.app[wiring.ENGINE].idle()
            await self.fake.settled()

    async def until(self, at: str) -> None:
        """Let time pass to a UTC instant, playing everything on the way."""
        end = datetime.fromisoformat(at).astimezone(UTC)
        assert self.time is not None
        while True:
            wake = await asyncio.to_thread(self.bot.plan, self.time)
            for workspace in wake.workspaces:
                self.app[wiring.ENGINE].poke(workspace)
            await self.settles()
            if self.time >= end:
                return
            self.time = min(wake.next or end, end)


@dataclass
class Person:
    stage: Stage
    id: str

    @property
    def direct(self) -> str:
        return self.stage.fake.direct(self.id)

    async def types(self, text: str, channel: str = "") -> Answer:
        answer = await self.stage.fake.types(self.id, channel or self.direct, text)
        await self.stage.settles()
        return answer

    async def presses(self, label: str, channel: str = "") -> Answer:
        """The newest button with this label that they see there."""
        where = channel or self.direct
        for message in reversed(self.messages(where)):
            for name, token in buttons(message.blocks):
                if name == label:
                    answer = await self.stage.fake.presses(self.id, where, message.ts, token)
                    await self.stage.settles()
                    return answer
        raise AssertionError(f"{self.id} sees no button “{label}” in {where}:\n{self.screen(where)}")

    async def presses_at_home(self, label: str) -> Answer:
        home = self.stage.fake.home(self.id)
        assert home is not None
        token = next(token for name, token in buttons(home["blocks"]) if name == label)
        answer = await self.stage.fake.presses_in_home(self.id, token)
        await self.stage.settles()
        return answer

    async def submits(self, **values: Any) -> Answer:
        """Send the modal in front."""
        answer = await self.stage.fake.submits(self.id, self.stage.fake.views(self.id)[-1].id, values)
        await self.stage.settles()
        return answer

    @property
    def modal(self) -> Json:
        """What the modal in front shows."""
        return self.stage.fake.views(self.id)[-1].content

    def messages(self, channel: str = "") -> list[Message]:
        return self.stage.fake.messages(channel or self.direct, self.id)

    def screen(self, channel: str = "") -> str:
        return "\n──\n".join(message.text for message in self.messages(channel))

    def sees(self, *texts: str, channel: str = "") -> None:
        for text in texts:
            assert text in self.screen(channel), f"{self.id} does not see “{text}”:\n{self.screen(channel)}"

    def sees_not(self, *texts: str, channel: str = "") -> None:
        for text in texts:
            assert text not in self.screen(channel), f"{self.id} sees “{text}”:\n{self.screen(channel)}"

    def sees_at_home(self, *texts: str) -> None:
        shown = str(self.stage.fake.home(self.id))
        for text in texts:
            assert text in shown, f"{self.id} does not see “{text}” at home: {shown}"


def buttons(blocks: list[Json]) -> list[tuple[str, str]]:
    """Label and id of each button."""
    return [(e["text"]["text"], e["action_id"]) for _, e in elements(blocks) if e["type"] == "button"]


def secrets(fake: FakeSlack, way: str) -> dict[str, str]:
    """The settings of one way to connect."""
    match way:
        case "http":
            return {"slack_bot_token": fake.token, "slack_signing_secret": fake.signing_secret}
        case "socket":
            return {"slack_bot_token": fake.token, "slack_app_token": fake.app_token}
        case _:
            return {
                "slack_client_id": fake.client_id,
                "slack_client_secret": fake.client_secret,
                "slack_signing_secret": fake.signing_secret,
                "circlet_secret_key": KEY,
            }


@asynccontextmanager
async def circlet(
    fake: FakeSlack, store: Store, guides: Guides, way: str = "http", now: str | None = FRIDAY
) -> AsyncIterator[Stage]:
    """``circlet web`` for a fake that runs. ``now``: where its clock stands; None: it is the real one."""
    url = store.engine.url.render_as_string(hide_password=False)
    settings = load(database_url=url, slack_api_url=fake.url, **secrets(fake, way))
    stage: Stage

    def clock() -> datetime:
        return stage.time or utcnow()

    parts = wiring.Parts(settings, store, guides, Bot(store, guides), clock, paced=False)
    app = wiring.web(parts)
    stage = Stage(fake, parts, app, "", None if now is None else datetime.fromisoformat(now))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stage.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    # As any proxy asks whether it is ready: what the first look at a database costs is not what a play is about.
    await asyncio.to_thread(parts.bot.plan, clock())
    if way == "socket":
        await fake.wire.until_connected()
    else:
        fake.request_url = f"{stage.url}/slack/events"
    try:
        yield stage
    finally:
        await stage.settles()
        await runner.cleanup()


def play(store: Store, guides: Guides, scene: Callable[[Stage], Coroutine[Any, Any, None]], **how: Any) -> None:
    """One scene on an empty stage. In the end Slack has complained about nothing that was sent to it."""

    async def run() -> None:
        async with FakeSlack(scopes=oauth.scopes()) as fake:
            # No more rights, and no more events, than the manifest asks for.
            fake.world.subscriptions = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
            async with circlet(fake, store, guides, **how) as stage:
                await scene(stage)
            assert fake.complaints == []

    asyncio.run(run())


__all__ = ["FRIDAY", "KEY", "Person", "Stage", "buttons", "circlet", "play"]
