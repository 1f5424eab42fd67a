"""A stage over the wire: the fake connector, the whole of ``circlet web`` for Teams, a clock that the play moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from adapters import wiring
from adapters.settings import load
from adapters.teams.store import References
from adapters.wiring_teams import IN_TEAMS
from bot.app import Bot
from bot.guides.rules import Guides
from bot.outbox.store import outbox
from bot.storage import Store
from tests.fakes.teams import Answer, FakeTeams
from tests.fakes.teams.world import Said, words

FRIDAY = "2026-12-04T09:00:00+00:00"


@dataclass
class Stage:
    fake: FakeTeams
    parts: wiring.Parts
    app: web.Application
    url: str
    time: datetime

    @property
    def bot(self) -> Bot:
        return self.parts.bot

    @property
    def app_references(self) -> References:
        """What the adapter keeps."""
        return References(self.parts.store)

    def person(self, key: str) -> Person:
        return Person(self, key)

    async def settles(self) -> None:
        """Until nobody has anything more to do now."""
        before = -1
        while before != (before := len(self.fake.calls)):
            await self.app[IN_TEAMS].idle()
            await self.app[wiring.ENGINE].idle()
            await self.fake.settled()

    async def until(self, at: str) -> None:
        """Let time pass to a UTC instant, playing everything on the way."""
        end = datetime.fromisoformat(at).astimezone(UTC)
        while True:
            wake = await asyncio.to_thread(self.bot.plan, self.time)
            for workspace in wake.workspaces:
                self.app[wiring.ENGINE].poke(workspace)
            await self.settles()
            if self.time >= end:
                return
            self.time = min(wake.next or end, end)

    def rows(self, kind: str = "") -> list[dict[str, Any]]:
        """The outbox."""
        with self.parts.store.begin() as connection:
            found = connection.execute(outbox.select().order_by(outbox.c.key)).mappings()
            return [dict(row) for row in found if str(row["key"]).startswith(kind)]


@dataclass
class Person:
    stage: Stage
    key: str

    @property
    def chat(self) -> str:
        return self.stage.fake.chat(self.key)

    async def says(self, text: str, where: str = "") -> Answer:
        answer = await self.stage.fake.says(self.key, where or self.chat, text)
        await self.stage.settles()
        return answer

    def newest(self, title: str, where: str = "") -> Said:
        """The newest message with such a button."""
        for said in reversed(self.stage.fake.messages(where or self.chat)):
            if f"\n{title}\n" in f"\n{said.words(self.key)}\n":
                return said
        raise AssertionError(f"{self.key} sees no “{title}”:\n{self.screen(where)}")

    async def presses(self, title: str, where: str = "") -> Answer:
        answer = await self.stage.fake.presses(self.key, self.newest(title, where), title)
        await self.stage.settles()
        return answer

    async def submits(self, title: str, where: str = "", **values: str) -> Answer:
        """The form of the newest message in which this can be read."""
        answer = await self.stage.fake.submits(self.key, self.newest(title, where), **values)
        await self.stage.settles()
        return answer

    async def opens(self, title: str, where: str = "") -> Dialog:
        """A button that opens a dialog."""
        said = self.newest(title, where)
        answer = await self.stage.fake.presses(self.key, said, title)
        await self.stage.settles()
        return Dialog(self, said, answer)

    def screen(self, where: str = "") -> str:
        return self.stage.fake.screen(where or self.chat, self.key)

    def sees(self, *texts: str, where: str = "") -> None:
        for text in texts:
            assert text in self.screen(where), f"{self.key} does not see “{text}”:\n{self.screen(where)}"

    def sees_not(self, *texts: str, where: str = "") -> None:
        for text in texts:
            assert text not in self.screen(where), f"{self.key} sees “{text}”:\n{self.screen(where)}"


@dataclass
class Dialog:
    """What stands before somebody, over the message that it was opened from."""

    person: Person
    said: Said
    answer: Answer

    @property
    def is_open(self) -> bool:
        return isinstance(self.answer.body, dict) and self.answer.body["task"]["type"] == "continue"

    @property
    def words(self) -> str:
        return "\n".join(words(self.answer.dialog))

    async def sends(self, **values: str) -> None:
        stage = self.person.stage
        self.answer = await stage.fake.sends_dialog(self.person.key, self.said, self.answer.dialog, **values)
        await stage.settles()


@asynccontextmanager
async def circlet(
    fake: FakeTeams, clock: list[datetime], store: Store, guides: Guides, **settings: object
) -> AsyncIterator[Stage]:
    """``circlet web`` for a fake that runs."""
    url = store.engine.url.render_as_string(hide_password=False)
    given = {**fake.settings, "database_url": url, **settings}
    parts = wiring.Parts(load(**given), store, guides, Bot(store, guides), lambda: clock[0], paced=False)
    app = wiring.web(parts)
    stage = _Ticking(fake, parts, app, "", clock)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stage.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    fake.bot_url = f"{stage.url}/api/messages"
    try:
        yield stage
    finally:
        await stage.settles()
        await runner.cleanup()


class _Ticking(Stage):
    """The fake and the bot have one clock."""

    def __init__(self, fake: FakeTeams, parts: wiring.Parts, app: web.Application, url: str, clock: list[datetime]):
        self._clock = clock
        super().__init__(fake, parts, app, url, clock[0])

    @property
    def time(self) -> datetime:
        return self._clock[0]

    @time.setter
    def time(self, value: datetime) -> None:
        self._clock[0] = value


def play(
    store: Store,
    guides: Guides,
    scene: Callable[[Stage], Coroutine[Any, Any, None]],
    now: str = FRIDAY,
    **settings: Any,
) -> None:
    """One scene on an empty stage. In the end the connector has complained about nothing that was sent to it."""

    async def run() -> None:
        clock = [datetime.fromisoformat(now)]
        async with (
            asyncio.timeout(60),
            FakeTeams(clock=lambda: clock[0]) as fake,
            circlet(fake, clock, store, guides, **settings) as stage,
        ):
            await scene(stage)
            assert fake.complaints == []

    asyncio.run(run())
