"""What people do in Slack: acknowledged at once, answered when the core has spoken. Decides nothing.

Nothing of a payload is logged but ids, verbs and outcomes.
https://docs.slack.dev/interactivity/handling-user-interaction
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import uuid4

import structlog
from slack_bolt.async_app import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from adapters.delivery.courier import DeliveryFailed
from adapters.slack import parse
from adapters.slack.again import again
from adapters.slack.answer import FAILURES, Means, apply, code, excuse, is_conversation, means, metadata
from adapters.slack.events import Events, enterprise_of, team_of
from adapters.slack.installations import Tokens
from adapters.slack.profiles import Profiles
from adapters.slack.render import done_view, loading_view, view, view_errors
from bot.actions import parse_token
from bot.app import Bot
from bot.i18n import ENGLISH, translator
from bot.inbound import Actor, Command, Place, Press, Submission
from bot.markup import fill
from bot.messages import FixForm, Message, OpenForm, Reply, Say, Silence, Text
from bot.verbs import VERBS

PATIENCE = 1.2
"""Seconds that the core may take before a modal is opened that says "one moment": a trigger lives for 3."""

ACKNOWLEDGE = 1.8
"""Seconds that it may take with a sent form before the form is replaced by such a modal: Slack waits for 3."""

SETTLED = 0.3
"""Seconds after such an acknowledgement until Slack shows it; an update that overtook it would be lost."""

ENDING = 8.0
"""Seconds that what is under way may take when the process ends."""

REMEMBERED = 10_000
"""Deliveries that are known again when they come a second time."""

FOUNDING = ("create", "pair")
"""What makes a group, which then lives where it was asked for."""

Json = dict[str, Any]
Acted = Command | Press | Submission
Read = Callable[[Mapping[str, Any], Actor, tuple[Actor, ...]], Acted]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Decided:
    """What the core said. Without a ``client`` Slack can only be answered where it gave us a URL."""

    client: AsyncWebClient | None
    workspace: int | None
    actor: Actor | None
    place: Place
    reply: Reply


class Interactions:
    """Commands, presses and forms of all workspaces."""

    def __init__(
        self,
        bot: Bot,
        tokens: Tokens,
        profiles: Profiles,
        events: Events,
        now: Callable[[], datetime],
        deliver: Callable[[], Awaitable[None]],
    ) -> None:
        self._bot = bot
        self._tokens = tokens
        self._profiles = profiles
        self._events = events
        self._now = now
        self._deliver = deliver
        self._clients: dict[str, AsyncWebClient] = {}
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Let what is under way come to its end."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=ENDING)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    # ── what Bolt calls ──────────────────────────────────────────────────────────────────────────────────────────────

    async def command(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        self._once(body, lambda: self._interact(body, team_of(body, context.team_id), parse.command))

    async def press(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        if not parse.opens_link(body):
            self._once(body, lambda: self._interact(body, team_of(body, context.team_id), _press))

    async def submission(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        if not self._once(body, lambda: self._take(ack, body, team_of(body, context.team_id))):
            await ack()

    async def event(self, body: Json, context: AsyncBoltContext) -> None:
        """Bolt has acknowledged it."""
        self._once(body, lambda: self._happened(body, team_of(body, context.team_id)))

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
        task = asyncio.create_task(_guarded(work()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    # ── after the acknowledgement ────────────────────────────────────────────────────────────────────────────────────

    async def _interact(self, body: Json, team: str, read: Read) -> None:
        by = means(body)
        deciding = asyncio.create_task(self._decide(body, team, by, read))
        await asyncio.wait({deciding}, timeout=PATIENCE)
        held = "" if deciding.done() else await self._hold(team, by)
        decided = await deciding
        await self._answer(by, decided, held)
        if by.surface == "home" and decided.client and decided.actor:
            await self._events.publish(decided.client, decided.actor)
        await self._after()

    async def _take(self, ack: AsyncAck, body: Json, team: str) -> None:
        """A sent form: what is wrong with it goes into the acknowledgement, where that is still possible."""
        by, shown = means(body), body["view"]
        deciding = asyncio.create_task(self._decide(body, team, by, parse.submission))
        await asyncio.wait({deciding}, timeout=ACKNOWLEDGE)
        if not deciding.done():
            await ack(response_action="update", view=loading_view())
            await asyncio.sleep(SETTLED)
            decided = await deciding
            if isinstance(decided.reply, FixForm) and decided.client:
                problems = view_errors(decided.reply.problems, parse.fields(body))
                await self._put_back(decided.client, by, again(shown, problems))
            else:
                await self._answer(by, decided, held=by.modal)
            await self._after()
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
        await self._after()

    async def _happened(self, body: Json, team: str) -> None:
        try:
            if await self._events.happened(body, team):
                await self._after()
        except DeliveryFailed as problem:
            log.warning("event", outcome="no client", team=team, reason=problem.reason)

    async def _decide(self, body: Json, team: str, by: Means, read: Read) -> _Decided:
        """Ask the core. A bug is logged with an id and becomes an apology with that id."""
        started, client, workspace, actor, place = monotonic(), None, None, None, Place("")
        verb = "?"
        try:
            workspace = await self._tokens.workspace(team, _name(body, team), enterprise_of(body))
            client = self._clients[team] = await self._tokens.client(workspace)
            actor, mentioned = await self._people(client, workspace, by, body)
            happened = read(body, actor, mentioned)
            verb = _verb(happened)
            place = await _home(client, verb, happened.place)
            happened = replace(happened, place=place)
            reply = await asyncio.to_thread(self._bot.handle, happened, self._now())
            outcome = type(reply).__name__.lower()
        except parse.BadPayload:
            reply, outcome = Silence(), "unreadable"
        except DeliveryFailed as problem:
            log.warning(by.surface, outcome="no client", team=team, reason=problem.reason)
            return _Decided(client, workspace, actor, place, Say(_apology(None, "")))
        except Exception as bug:
            incident = report(bug, by.surface, team=team, verb=verb)
            return _Decided(client, workspace, actor, place, Say(_apology(actor, incident)))
        log.info(by.surface, verb=verb, outcome=outcome, workspace=workspace, ms=round((monotonic() - started) * 1000))
        return _Decided(client, workspace, actor, place, reply)

    async def _people(
        self, client: AsyncWebClient, workspace: int, by: Means, body: Json
    ) -> tuple[Actor, tuple[Actor, ...]]:
        named = parse.user_ids(body)
        actor, mentioned = await asyncio.gather(
            self._profiles.actor(client, workspace, by.person), self._profiles.actors(client, workspace, named)
        )
        return actor, mentioned

    async def _hold(self, team: str, by: Means) -> str:
        """Open a modal while the trigger lives, to be filled later. "" where that cannot be done."""
        client = self._clients.get(team)
        if client is None or not by.trigger or by.surface == "modal":
            return ""
        try:
            opened = await client.views_open(trigger_id=by.trigger, view=loading_view())
        except FAILURES as problem:
            log.info("hold", outcome="refused", reason=code(problem))
            return ""
        return str(opened["view"]["id"])

    async def _put_back(self, client: AsyncWebClient, by: Means, shown: Json) -> None:
        try:
            await client.views_update(view_id=by.modal, view=shown)
        except FAILURES as problem:
            log.warning("form", outcome="refused", reason=code(problem))

    async def _answer(self, by: Means, decided: _Decided, held: str) -> None:
        try:
            if decided.client is None:
                await excuse(by, decided.reply)
            else:
                await apply(decided.client, by, decided.place, decided.reply, held)
        except Exception as bug:
            report(bug, "answer", workspace=decided.workspace)

    async def _after(self) -> None:
        """Deliver what this led to. It stands in the outbox, so a failure here is late, not lost."""
        try:
            await self._deliver()
        except Exception as bug:
            report(bug, "deliver")


def report(bug: BaseException, where: str, **ids: object) -> str:
    """Log a bug, by the lines it went through. Returns its id."""
    incident = uuid4().hex[:8]
    log.error(where, outcome="bug", incident=incident, exc_info=bug, **ids)
    return incident


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as bug:
        report(bug, "slack")


def _press(payload: Mapping[str, Any], actor: Actor, mentioned: tuple[Actor, ...]) -> Press:
    del mentioned
    return parse.press(payload, actor)


def _apology(actor: Actor | None, incident: str) -> Message:
    t = translator((actor.language if actor else None) or ENGLISH)
    if not incident:
        return Message((Text(fill(t("I cannot work in this workspace at the moment. Its administrators can help."))),))
    said = t("Something went wrong on our side. Please try again; if it stays so, tell us this id: `{incident}`")
    return Message((Text(fill(said, incident=incident)),))


def _verb(happened: Acted) -> str:
    """What was asked for, where it is one of ours: anything else is somebody's own words."""
    if isinstance(happened, Command):
        name = (happened.text.split() or ["home"])[0].lower()
    else:
        meant = parse_token(happened.token)
        name = meant.verb if meant else ""
    return name if name in VERBS or name in ("help", "run", "mend") else "unknown"


async def _home(client: AsyncWebClient, verb: str, place: Place) -> Place:
    """The place, and whether what is founded there can live there: a pair cannot, nor can a circle where we are not.

    Either gets a conversation of its own, as if it had been founded in private.
    """
    if verb not in FOUNDING or place.kind == "direct":
        return place
    if verb == "create":
        try:
            found = await client.conversations_info(channel=place.conversation)
            if found["channel"].get("is_member") or found["channel"].get("is_mpim"):
                return place
        except FAILURES as problem:
            if code(problem) != "channel_not_found":
                return place
    return replace(place, kind="direct")


def _name(body: Mapping[str, Any], team: str) -> str:
    told = body.get("team") or {}
    return str(body.get("team_domain") or told.get("domain") or team)
