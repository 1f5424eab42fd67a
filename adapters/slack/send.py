"""Delivers posts to Slack: each once, in a conversation that it makes where there is none. Decides no words.

Slack has no key against posting twice, so a post carries its own in its metadata, which is looked for after a doubt:
https://docs.slack.dev/messaging/message-metadata/. What was to be said, and tokens, are never in a reason.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.delivery.courier import DeliveryFailed, DeliveryUnknown
from adapters.delivery.pace import Pace, Use, Window
from adapters.slack.homes import Homes
from adapters.slack.installations import Tokens
from adapters.slack.lookback import NOT_GRANTED, standing
from adapters.slack.refusals import CLOSED, DEAD_TOKEN, TROUBLE, code_of, refused, unknown
from adapters.slack.render import Payload, message_payloads
from adapters.slack.speaking import calling, posting
from bot.i18n import N_
from bot.messages import Direct, Post, Receipt
from bot.outbox.rules import TOLD_WITHIN
from bot.storage import Store

EVENT_TYPE = "circlet_post"
"""Of the metadata; the manifest subscribes to it."""

BUDGETS = {
    "channel": (Window(1, 1.0),),
    "workspace": (Window(10, 2.0),),
    "tier 2": (Window(20, 60.0),),
    "tier 3": (Window(50, 60.0),),
    "tier 4": (Window(100, 60.0),),
}
"""A post a second in a channel; several hundred a minute in a workspace, of which we allow ourselves 300; methods by
their tiers: https://docs.slack.dev/apis/web-api/rate-limits
"""

PATIENCE = timedelta(seconds=5)
"""How long a post waits for its turn before others go first."""

NEXT_PART = timedelta(seconds=2)
"""How long the rest of a message waits for its turn. Then it goes first: half a message is worse than haste."""

GLANCE = timedelta(seconds=5)
"""How soon a message can be looked for."""

GONE_BY = timedelta(seconds=5)
"""When a post to somebody whose account is closed is looked at again."""

UNKNOWN = N_("Slack did not say whether it arrived. Please look before you send it again")
WAITING = N_("it waits for its turn: Slack takes only so much a minute")

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Ready:
    """A post that can be sent: where, and which parts of it stand there already."""

    channel: str
    standing: dict[str, str] = field(default_factory=dict)


class SlackCourier:
    """Sends side by side, but into each conversation one after the other; see ``adapters.delivery.courier``."""

    at_once = 10

    def __init__(self, tokens: Tokens, store: Store, pace: Pace) -> None:
        self._tokens = tokens
        self._pace = pace
        self._homes = Homes(store, self._use)
        self._ready: dict[tuple[int, str], _Ready] = {}
        self._no_history: dict[tuple[int, str], datetime] = {}

    def taken_over(self, workspace: int, since: datetime) -> None:
        self._pace.used_up(workspace, since)

    async def prepare(self, post: Post, now: datetime) -> Receipt | None:
        try:
            async with asyncio.timeout(TIMEOUT):
                client = await self._tokens.client(post.workspace)
                ready, receipt = await self._prepared(client, post, now)
        except TROUBLE as error:
            # Nothing was said yet, so there is no doubt about it.
            raise await self._refused(post, error, now, posted=False) from None
        if receipt is None:
            self._ready[post.workspace, post.key] = ready
        return receipt

    async def send(self, post: Post, now: datetime) -> Receipt:
        ready = self._ready.pop((post.workspace, post.key), None)
        if ready is None:
            standing = await self.prepare(post, now)
            if standing is not None:
                return standing
            ready = self._ready.pop((post.workspace, post.key))
        client = await self._tokens.client(post.workspace)
        try:
            async with asyncio.timeout(TIMEOUT):
                return await (_edit(client, post) if post.edits else self._say(client, post, ready))
        except TROUBLE as error:
            raise await self._refused(post, error, now, posted=True) from None

    async def _prepared(self, client: AsyncWebClient, post: Post, now: datetime) -> tuple[_Ready, Receipt | None]:
        if post.edits is not None:
            # To change it twice is to change it once: there is no doubt about that.
            await self._use(post.workspace, "tier 3", "chat.update")
            return _Ready(post.edits.conversation), None
        if post.doubtful and now < (post.tried or now) + GLANCE:
            raise DeliveryUnknown(UNKNOWN, (post.tried or now) + GLANCE)
        channel = await self._homes.place(client, post, now)
        ready = _Ready(channel)
        if post.doubtful:
            ready.standing = await self._look_back(client, post, channel, now)
            last = ready.standing.get(post.key)
            if last is not None:
                return ready, Receipt(channel, last)
        await self._turn(*posting(post.workspace, channel))
        return ready, None

    async def _say(self, client: AsyncWebClient, post: Post, ready: _Ready) -> Receipt:
        """All parts in their order. The last has the key alone, so that its arrival says that all of them stand."""
        payloads = message_payloads(post.message)
        receipt, first = Receipt(ready.channel, ""), True
        for number, payload in enumerate(payloads, 1):
            key = post.key if number == len(payloads) else f"{post.key}#{number}"
            if key in ready.standing:
                continue
            if not first:
                await self._pace.soon(*posting(post.workspace, ready.channel), patience=NEXT_PART)
            receipt, first = Receipt(ready.channel, await _post(client, ready.channel, key, payload)), False
        return receipt

    async def _look_back(self, client: AsyncWebClient, post: Post, channel: str, now: datetime) -> dict[str, str]:
        """The parts of a post that stand, by their keys. Raises DeliveryUnknown where nobody can tell."""
        tried = post.tried or now
        # Public and private channels, and private messages, have a right each.
        if self._no_history.get((post.workspace, channel), now) <= now:
            await self._use(post.workspace, "tier 3", "conversations.history")
            found = await standing(client, channel, EVENT_TYPE, post.key, tried, now)
            if found is not NOT_GRANTED:
                return found
            self._no_history = {one: until for one, until in self._no_history.items() if until > now}
            self._no_history[post.workspace, channel] = now + ASK_AGAIN
        if now < tried + TOLD_WITHIN:
            # Slack tells of it by an event, which it sends again when we were not there.
            raise DeliveryUnknown(UNKNOWN, tried + TOLD_WITHIN)
        if post.unheard and len(message_payloads(post.message)) == 1:
            return {}
        raise DeliveryUnknown(UNKNOWN, None)

    async def _refused(
        self, post: Post, error: Exception, now: datetime, *, posted: bool
    ) -> DeliveryFailed | DeliveryUnknown:
        """What an error means for the post; the token is doubted, or a conversation forgotten, where that is why."""
        if posted and unknown(error):
            return DeliveryUnknown(UNKNOWN, now + GLANCE)
        failure = refused(error, now, private=isinstance(post.address, Direct))
        code = code_of(error)
        if code in DEAD_TOKEN:
            self._tokens.doubt(post.workspace)
        if failure.lost is not None:
            await self._homes.forget(post)
        if isinstance(post.address, Direct) and code in CLOSED and await self._is_gone(post, code):
            # Due again: by then the core knows that nobody has to be told.
            return DeliveryFailed(failure.reason, now + GONE_BY, left=True)
        return failure

    async def _is_gone(self, post: Post, code: str) -> bool:
        """Whether the account is closed, of which we may have missed the event. Where Slack does not say: no."""
        assert isinstance(post.address, Direct)
        person = post.address.person
        if code == "user_disabled":
            return True
        try:
            async with asyncio.timeout(GLIMPSE):
                client = await self._tokens.client(post.workspace)
                await self._use(post.workspace, "tier 4", "users.info")
                return bool((await client.users_info(user=person))["user"].get("deleted"))
        except (*TROUBLE, DeliveryFailed):
            log.info("send", outcome="account not looked at", workspace=post.workspace, key=post.key)
            return False

    async def _use(self, workspace: int, budget: str, method: str) -> None:
        await self._turn(calling(workspace, budget, method))

    async def _turn(self, *uses: Use) -> None:
        later = await self._pace.turn(*uses, patience=PATIENCE)
        if later is not None:
            raise DeliveryFailed(WAITING, later)


TIMEOUT = 9
"""Seconds for all that comes before a post, and for all parts of it: a lease is longer."""

GLIMPSE = 2
"""Seconds for a look at an account, after a post to it was refused."""

ASK_AGAIN = timedelta(minutes=10)
"""How long we believe that an admin has not granted the right to read history."""


async def _post(client: AsyncWebClient, channel: str, key: str, payload: Payload) -> str:
    said = await client.chat_postMessage(
        channel=channel,
        text=payload.text,
        blocks=payload.blocks,
        metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
        unfurl_links=False,
        unfurl_media=False,
    )
    ts: str = said["ts"]
    return ts


async def _edit(client: AsyncWebClient, post: Post) -> Receipt:
    """The message becomes the new words. Of several parts the last is what stands for them all."""
    assert post.edits is not None
    payload = message_payloads(post.message)[-1]
    at = post.edits
    await client.chat_update(channel=at.conversation, ts=at.message, text=payload.text, blocks=payload.blocks)
    return at
