"""What people do in Slack: acknowledged at once, answered when the core has spoken. Decides nothing.

Nothing of a payload is logged but ids, verbs and outcomes.
https://docs.slack.dev/interactivity/handling-user-interaction
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import structlog
from slack_bolt.async_app import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import DBAPIError

from adapters.delivery.courier import DeliveryFailed
from adapters.delivery.deeds import Deeds
from adapters.delivery.under_way import UnderWay, guarded
from adapters.logs import report
from adapters.slack import parse
from adapters.slack.again import again
from adapters.slack.answer import FAILURES, Means, apply, code, excuse, is_conversation, means, metadata, put
from adapters.slack.deciding import Asked, Decided, Deciding, Read, press
from adapters.slack.events import RECEIPT, Events
from adapters.slack.profiles import Profiles
from adapters.slack.render import done_view, loading_view, view, view_errors
from adapters.slack.speaking import Voices
from bot.messages import FixForm, OpenForm, Say

PATIENCE = 1.2
"""Seconds that the core may take before a modal is opened that says "…": a trigger lives for 3."""

ACKNOWLEDGE = 1.8
"""Seconds that it may take with a sent form before the form is replaced by such a modal: Slack waits for 3."""

TRIGGER = 2.8
"""Seconds after which it is too late to open a modal."""

KEEP = 2.0
"""Seconds that the database may take to keep that a post stands. Later it is as if we had not heard of it."""

REMEMBERED = 10_000
"""Deliveries that are known again when they come a second time."""

Json = dict[str, Any]

log = structlog.get_logger(__name__)


class Interactions:
    """Commands, presses and forms of all workspaces."""

    def __init__(
        self,
        deeds: Deeds,
        voices: Voices,
        profiles: Profiles,
        events: Events,
        only: AsyncWebClient | None = None,
    ) -> None:
        """``only``: of the one workspace there is, where it is known without asking the database."""
        self._deeds = deeds
        self._deciding = Deciding(deeds, voices, profiles)
        self._events = events
        self._only = only
        self._clients: dict[str, asyncio.Future[AsyncWebClient]] = {}
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._under_way = UnderWay()

    async def close(self) -> None:
        """Let what is under way come to its end."""
        await self._under_way.close()

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._under_way.idle()

    # ── what Bolt calls ──────────────────────────────────────────────────────────────────────────────────────────────

    async def command(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        self._once(body, lambda: self._interact(Asked.by(body, context), parse.command))

    async def press(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        if not parse.opens_link(body):
            self._once(body, lambda: self._interact(Asked.by(body, context), press))

    async def submission(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        if not self._once(body, lambda: self._take(ack, Asked.by(body, context))):
            await ack()

    async def event(self, body: Json, context: AsyncBoltContext) -> None:
        """Bolt has acknowledged it."""
        self._once(body, lambda: self._happened(Asked.by(body, context)))

    async def receipt(
        self, body: Json, context: AsyncBoltContext, next: Callable[[], Awaitable[None]]
    ) -> BoltResponse | None:
        """That a post stands is kept before it is acknowledged: else it would be lost with a database that is away.

        Not acknowledged, Slack tells of it again; and twice is once.
        """
        if _kind(body) != RECEIPT:
            await next()
            return None
        asked = Asked.by(body, context)
        try:
            async with asyncio.timeout(KEEP):
                await self._events.happened(body, asked.team, asked.enterprise)
        except (DBAPIError, TimeoutError) as problem:
            log.warning("event", kind=RECEIPT, outcome="not kept", reason=type(problem).__name__, team=asked.team)
            return BoltResponse(status=503)
        except Exception as bug:
            report(bug, "event", kind=RECEIPT, team=asked.team)
            return BoltResponse(status=503)
        self._under_way.begin(self._deeds.deliver(), "deliver")
        return BoltResponse(status=200)

    def _once(self, body: Mapping[str, Any], work: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Begin the work. False: it is, or was, under way here: Slack had not heard our first acknowledgement.

        That spares people a second answer. That the second time changes nothing is the core's own doing.
        """
        delivery = str(body.get("event_id") or body.get("trigger_id") or uuid4())
        if delivery in self._seen:
            return False
        self._seen[delivery] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        self._under_way.begin(self._tried(work(), delivery), "slack")
        return True

    async def _tried(self, work: Coroutine[Any, Any, None], delivery: str) -> None:
        """What failed is not done: should Slack send it again, it is tried again."""
        try:
            await work
        except Exception:
            self._seen.pop(delivery, None)
            raise

    # ── after the acknowledgement ────────────────────────────────────────────────────────────────────────────────────

    async def _interact(self, asked: Asked, read: Read) -> None:
        by = means(asked.body)
        deciding = asyncio.create_task(self._deciding.decide(asked, by, read, self._knows))
        await asyncio.wait({deciding}, timeout=PATIENCE)
        held = "" if deciding.done() else await self._hold(asked.team, by, deciding)
        decided = await deciding
        await self._answer(by, decided, held)
        if by.surface == "home" and decided.voice and decided.actor:
            await self._events.publish(decided.voice, decided.actor)
        await self._deeds.deliver()

    async def _take(self, ack: AsyncAck, asked: Asked) -> None:
        """A sent form: what is wrong with it goes into the acknowledgement, where that is still possible."""
        body = asked.body
        by, shown = means(body), body["view"]
        deciding = asyncio.create_task(self._deciding.decide(asked, by, parse.submission, self._knows))
        await asyncio.wait({deciding}, timeout=ACKNOWLEDGE)
        if not deciding.done():
            await ack(response_action="update", view=loading_view())
            by, decided = replace(by, settling=True), await deciding
            if isinstance(decided.reply, FixForm) and decided.voice:
                problems = view_errors(decided.reply.problems, parse.fields(body))
                await put(decided.voice, by, again(shown, problems), by.modal)
            else:
                await self._answer(by, decided, held=by.modal)
            await self._deeds.deliver()
            return
        decided = await deciding
        match decided.reply:
            case FixForm() if parse.fields(body):
                await ack(response_action="errors", errors=view_errors(decided.reply.problems, parse.fields(body)))
                return
            case OpenForm(form):
                await ack(response_action="update", view=view(form, metadata=metadata(decided.place, by)))
            case Say(message, True) if not is_conversation(decided.place):
                await ack(response_action="update", view=done_view(message))
            case _:
                await ack()
                await self._answer(replace(by, modal=""), decided, held="")
        await self._deeds.deliver()

    async def _happened(self, asked: Asked) -> None:
        try:
            if await self._events.happened(asked.body, asked.team, asked.enterprise):
                await self._deeds.deliver()
        except DeliveryFailed as problem:
            log.warning("event", outcome="no client", team=asked.team, reason=problem.reason)

    async def _hold(self, team: str, by: Means, deciding: asyncio.Task[Decided]) -> str:
        """Open a modal while the trigger lives, to be filled later. "" where that cannot be done.

        Where nobody has asked for the workspace's client before, it is on its way: as long as the trigger lives it is
        waited for.
        """
        if not by.trigger or by.surface == "modal":
            return ""
        speaking = self._speaking(team)
        first: set[asyncio.Future[Any]] = {speaking, deciding}
        await asyncio.wait(first, timeout=TRIGGER - PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if deciding.done() or not speaking.done():
            return ""
        try:
            opened = await speaking.result().views_open(trigger_id=by.trigger, view=loading_view())
        except FAILURES as problem:
            log.info("hold", outcome="refused", reason=code(problem))
            return ""
        return str(opened["view"]["id"])

    def _speaking(self, team: str) -> asyncio.Future[AsyncWebClient]:
        """The client that spoke last in a workspace; done as soon as there is one."""
        if team not in self._clients:
            self._clients[team] = asyncio.get_running_loop().create_future()
            if self._only is not None:
                self._clients[team].set_result(self._only)
        return self._clients[team]

    def _knows(self, team: str, client: AsyncWebClient) -> None:
        speaking = self._speaking(team)
        if speaking.done():
            speaking = self._clients[team] = asyncio.get_running_loop().create_future()
        speaking.set_result(client)

    async def _answer(self, by: Means, decided: Decided, held: str) -> None:
        if decided.voice is None:
            said = excuse(by, decided.reply)
        else:
            said = apply(decided.voice, by, decided.place, decided.reply, held)
        await guarded(said, "answer", workspace=decided.workspace)


def _kind(body: Json) -> str:
    event = body.get("event")
    return str(event.get("type")) if isinstance(event, Mapping) else ""
