"""Events on their way to the app: delivered once or more, and again when they were not acknowledged."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from tests.fakes.slack.faults import Faults
from tests.fakes.slack.wire import Answer, Wire
from tests.fakes.slack.world import APP_ID, Json, World


@dataclass(slots=True)
class Events:
    world: World
    wire: Wire
    faults: Faults
    retry_delays: tuple[float, ...] = (0, 60, 300)
    """Seconds from one try to the next, when an event was not acknowledged."""
    delivered: deque[tuple[Json, Answer]] = field(default_factory=lambda: deque(maxlen=20_000))
    _running: set[asyncio.Task[Answer]] = field(default_factory=set)
    _later: set[asyncio.Task[None]] = field(default_factory=set)

    def envelope(self, team: str, event: Json) -> Json:
        org = self.world.teams[team].enterprise
        bot = self.world.teams[team].bot
        authorization = {"enterprise_id": org, "team_id": team, "user_id": bot, "is_bot": True}
        authorization["is_enterprise_install"] = any(
            token.enterprise is not None and token.team is None and team in self.world.teams_of(token)
            for token in self.world.tokens.values()
        )
        found: Json = {"token": "legacy", "team_id": team, "api_app_id": APP_ID, "event": event}
        found |= {
            "type": "event_callback",
            "event_id": self.world.new_id("Ev"),
            "event_time": int(self.world.seconds()),
        }
        # The organisation stands here alone; one beside the team may be a partner's, of a shared channel.
        return found | {"authorizations": [authorization], "is_ext_shared_channel": False}

    async def deliver(self, team: str, event: Json) -> Answer:
        """The answer to the first try. What was not acknowledged comes again, behind the back of the caller."""
        envelope = self.envelope(team, event)
        answer = await self._try(envelope, 0)
        for again in range(1, self.faults.event_times):
            await self._try(envelope, again)
        if not answer.ok and answer.body != "nobody is listening":
            task = asyncio.create_task(self._again(envelope))
            self._later.add(task)
            task.add_done_callback(self._later.discard)
        return answer

    async def _try(self, envelope: Json, number: int) -> Answer:
        answer = await self.wire.send("events_api", envelope, number, "http_error" if number else "")
        self.delivered.append((envelope, answer))
        return answer

    async def _again(self, envelope: Json) -> None:
        for number, delay in enumerate(self.retry_delays, 1):
            await asyncio.sleep(delay)
            if (await self._try(envelope, number)).ok:
                return

    def flush(self) -> None:
        """Send what happened meanwhile, without waiting for the answers."""
        while self.world.outgoing:
            task = asyncio.create_task(self.deliver(*self.world.outgoing.pop(0)))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def settled(self) -> None:
        """Until every event was delivered; those that wait for a later try are not waited for."""
        while self._running:
            await asyncio.gather(*self._running)

    async def close(self) -> None:
        tasks = [*self._running, *self._later]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
