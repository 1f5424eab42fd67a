"""Speaks in Teams at its pace, in conversations that are known or made. What may be said is decided elsewhere."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from adapters.delivery.pace import Pace, Use, Window
from adapters.teams.connector import Connector, Json, Made, Refused
from adapters.teams.store import Kind, References, Talk, Tenant
from bot.i18n import N_

BUDGETS = {
    "tenant": (Window(50, 1.05),),
    "thread": (Window(7, 1.0), Window(8, 2.0), Window(60, 30.0), Window(1800, 3600.0)),
    "reads": (Window(14, 1.0), Window(16, 2.0), Window(120, 30.0), Window(3600, 3600.0)),
}
"""Fifty requests a second in a tenant, counted a little longer than a second because they do not all travel equally
fast; so many messages, and so many questions, in one conversation:
https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
"""

KEPT = 20_000
"""How many conversations are remembered without asking the database."""

MOST_MEMBERS = 2_000
"""A roster is read no further: what is so large is nobody's circle."""

NOWHERE = 0
"""No workspace of ours."""

Found = TypeVar("Found")

Hold = Callable[[int, float], None]
"""Keep for everybody that a workspace's connector wants to hear nothing for so many seconds."""


def _hold_nothing(workspace: int, seconds: float) -> None:
    del workspace, seconds


class TooFast(Exception):
    """Teams takes only so much: it would be our turn ``later``, and that is longer than somebody wanted to wait."""

    def __init__(self, later: datetime) -> None:
        super().__init__(N_("it waits for its turn: Teams takes only so much a second"))
        self.later = later


@dataclass(frozen=True, slots=True)
class Into:
    """A conversation, and where its connector answers."""

    workspace: int
    service_url: str
    conversation: str


class Speaker:
    """What everything that sends shares: a connector, what we know of Teams, and one pace."""

    def __init__(self, connector: Connector, references: References, pace: Pace, hold: Hold = _hold_nothing) -> None:
        self._connector = connector
        self._hold = hold
        self._pace = pace
        self._known: OrderedDict[tuple[int, str], Into] = OrderedDict()
        self.references = references

    # ── where ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def tenant(self, workspace: int) -> Tenant:
        """Raises Refused, as if Teams knew us as little, where we were never spoken to."""
        found = await self.ask(partial(self.references.tenant, workspace))
        if found is None:
            raise Refused(404, "ConversationNotFound")
        return found

    async def into(self, workspace: int, conversation: str) -> Into:
        """A conversation as it is known; one of its threads as the channel is."""
        known = self._known.get((workspace, conversation))
        if known is None:
            talk = await self.ask(partial(self.references.talk, workspace, conversation))
            url = talk.service_url if talk else (await self.tenant(workspace)).service_url
            known = self.remember(Into(workspace, url, conversation))
        return known

    async def chat(self, workspace: int, person: str, patience: timedelta) -> Into:
        """Somebody's own chat with the bot, made where there is none. Raises Refused where they have no app."""
        contact = await self.ask(partial(self.references.contact, workspace, person))
        if contact is not None and contact.chat is not None:
            return await self.into(workspace, contact.chat)
        tenant = await self.tenant(workspace)
        body = {
            "isGroup": False,
            "bot": {"id": tenant.bot},
            "members": [{"id": contact.user if contact is not None else person}],
            "tenantId": tenant.tenant,
            "channelData": {"tenant": {"id": tenant.tenant}},
        }
        made = await self.create(tenant, body, (), patience)
        talk = Talk(workspace, made.conversation, "personal", tenant.service_url)
        await self.ask(partial(self.references.opened, talk, contact.person if contact is not None else person))
        return self.remember(Into(workspace, tenant.service_url, made.conversation))

    def remember(self, into: Into) -> Into:
        """Also what an activity has just told: a service URL may change."""
        self._known[into.workspace, into.conversation] = into
        self._known.move_to_end((into.workspace, into.conversation))
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return into

    def forget(self, workspace: int, conversation: str) -> None:
        self._known.pop((workspace, conversation), None)

    # ── what ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def create(
        self, tenant: Tenant, body: Mapping[str, object], more: tuple[Use, ...], patience: timedelta
    ) -> Made:
        await self.turn(tenant.workspace, *more, patience=patience)
        return await self._heeding(tenant.workspace, self._connector.create(tenant.service_url, body))

    async def begin_thread(self, channel: Into, team: str | None, activity: Json, kind: Kind = "channel") -> Made:
        """A new thread in a channel, which begins with these words; its turn was waited for."""
        tenant = await self.tenant(channel.workspace)
        body = {
            "isGroup": True,
            "bot": {"id": tenant.bot},
            "tenantId": tenant.tenant,
            "channelData": {"channel": {"id": channel.conversation}, "tenant": {"id": tenant.tenant}},
            "activity": activity,
        }
        made = await self._heeding(channel.workspace, self._connector.create(channel.service_url, body))
        talk = Talk(channel.workspace, made.conversation, kind, channel.service_url, team)
        await self.ask(partial(self.references.opened, talk))
        self.remember(Into(channel.workspace, channel.service_url, made.conversation))
        return made

    async def post(self, into: Into, activity: Json) -> str:
        """Its turn was waited for."""
        said = self._connector.post(into.service_url, into.conversation, activity)
        return await self._heeding(into.workspace, said)

    async def update(self, into: Into, message: str, activity: Json) -> None:
        """Its turn was waited for."""
        changed = self._connector.update(into.service_url, into.conversation, message, activity)
        await self._heeding(into.workspace, changed)

    async def member(self, into: Into, person: str, patience: timedelta) -> Json:
        await self.turn(into.workspace, ("reads", f"{into.workspace}:{into.conversation}"), patience=patience)
        return await self._heeding(into.workspace, self._connector.member(into.service_url, into.conversation, person))

    async def members(self, into: Into, patience: timedelta) -> AsyncIterator[Json]:
        """Each page has a turn of its own."""
        after, count = "", 0
        while count == 0 or (after and count < MOST_MEMBERS):
            await self.turn(into.workspace, ("reads", f"{into.workspace}:{into.conversation}"), patience=patience)
            asked = self._connector.members(into.service_url, into.conversation, after)
            found, after = await self._heeding(into.workspace, asked)
            for one in found:
                yield one
            if not found:
                return
            count += len(found)

    async def _heeding(self, workspace: int, call: Awaitable[Found]) -> Found:
        """The call. That Teams wants to hear no more for a while is kept for everybody who sends."""
        try:
            return await call
        except Refused as refusal:
            if refusal.status == 429 and refusal.wait is not None and workspace != NOWHERE:
                await self.ask(partial(self._hold, workspace, refusal.wait))
            raise

    # ── when ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def turn(self, workspace: int, *uses: Use, patience: timedelta) -> None:
        """Wait until one more request may be made in this tenant, and these may be used. Raises TooFast."""
        later = await self._pace.turn(("tenant", str(workspace)), *uses, patience=patience)
        if later is not None:
            raise TooFast(later)

    def taken_over(self, workspace: int, since: datetime) -> None:
        """Until then another process has spoken in this tenant: what it used is not to be used once more."""
        self._pace.used_up(workspace, since)

    async def ask(self, query: Callable[[], Found]) -> Found:
        return await asyncio.to_thread(query)


def thread(into: Into) -> Use:
    """What a message into a conversation uses."""
    return "thread", f"{into.workspace}:{into.conversation}"
