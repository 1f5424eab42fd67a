"""What Teams tells of by itself: the app added or removed, people who come and go, channels that change.

Decides nothing.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from adapters.teams import parse
from adapters.teams.heard import Heard, changed_channel, event
from adapters.teams.profiles import Account, account, accounts, names_bot
from adapters.teams.refusals import TROUBLE, code
from adapters.teams.render import activities
from adapters.teams.roster import Roster
from adapters.teams.saying import missed_by
from adapters.teams.speaking import Into, Speaker, TooFast, thread
from adapters.teams.store import Talk
from bot.app import Bot
from bot.inbound import Actor, Changed, HomeLost, Left, Loss, Reachable

PATIENCE = timedelta(seconds=10)

LOST: dict[str, Loss] = {
    "channelDeleted": "deleted",
    "teamDeleted": "deleted",
    "teamHardDeleted": "deleted",
    "teamArchived": "archived",
}
BACK = frozenset({"channelRestored", "teamRestored", "teamUnarchived"})
OF_A_CHANNEL = "channel"
"""What the names of events begin with that are about one channel; the others are about the whole team."""

log = structlog.get_logger(__name__)

Bring = Callable[[int, str, datetime], None]
"""Have a post of a workspace, by its key, said to those who have missed it, as long as it is of use."""


def _bring_nothing(workspace: int, key: str, now: datetime) -> None:
    del workspace, key, now


class Events:
    """What happened in Teams, handed to the core. Names of channels and teams are nowhere kept: renaming changes
    nothing."""

    def __init__(
        self, bot: Bot, speaker: Speaker, roster: Roster, now: Callable[[], datetime], bring: Bring = _bring_nothing
    ) -> None:
        self._bring = bring
        self._bot = bot
        self._speaker = speaker
        self._roster = roster
        self._now = now

    async def happened(self, one: Heard, workspace: int) -> bool:
        """Whether it may have led to something to be sent."""
        told = await self._told(one, workspace)
        log.info(one.kind, kind=event(one) or one.name, outcome="told" if told else "noted", workspace=workspace)
        return told

    async def _told(self, one: Heard, workspace: int) -> bool:
        if one.kind == "installationUpdate":
            return await self._installed(one, workspace)
        changed = event(one)
        if changed in LOST:
            return await self._lost(workspace, await self._affected(one, workspace, changed), LOST[changed])
        if changed in BACK:
            return await self._back(workspace, await self._affected(one, workspace, changed))
        added, removed = one.activity.get("membersAdded"), one.activity.get("membersRemoved")
        if names_bot(removed, one.bot):
            return await self._lost(workspace, await self._here(one, workspace), "removed")
        told = False
        if names_bot(added, one.bot):
            told = await self._back(workspace, await self._here(one, workspace))
        for who in accounts(added):
            told = await self._joined(one, workspace, who) or told
        for who in accounts(removed):
            told = await self._left(one, workspace, who) or told
        return told

    # ── the app ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _installed(self, one: Heard, workspace: int) -> bool:
        if one.name.startswith("remove"):
            return await self._lost(workspace, await self._here(one, workspace), "removed")
        if one.where != "personal":
            told = await self._back(workspace, await self._here(one, workspace))
            await self._within_reach(one, workspace)
            return told
        if one.sender is None:
            return False
        await self.reachable(workspace, one.sender.person)
        if one.name == "add":
            await self._greet(one, await self._named(one, workspace, one.sender))
        return True

    async def _named(self, one: Heard, workspace: int, who: Account) -> Actor:
        """Whoever installed it: what tells of that has no name in it."""
        actor = parse.actor(one.activity, workspace)
        if actor.name:
            return actor
        into = Into(workspace, one.service_url, one.conversation)
        found = (await self._roster.known(into, (who.user,))).get(who.user)
        return replace(actor, name=found.name) if found is not None else actor

    async def _greet(self, one: Heard, actor: Actor) -> None:
        """Their home, once: what there is for them, and how to begin."""
        message = await asyncio.to_thread(self._bot.home, actor, self._now())
        into = Into(actor.workspace, one.service_url, one.conversation)
        try:
            for part in activities(message):
                await self._speaker.turn(actor.workspace, thread(into), patience=PATIENCE)
                await self._speaker.post(into, part)
        except (*TROUBLE, TooFast) as problem:
            log.warning("greeting", outcome="refused", reason=code(problem), workspace=actor.workspace)

    # ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _joined(self, one: Heard, workspace: int, who: Account) -> bool:
        """Whoever is in a team with the app can be written to, and has a name from now on."""
        into = Into(workspace, one.service_url, one.conversation)
        found = (await self._roster.known(into, (who.user,))).get(who.user)
        if found is None:
            return False
        await self._speaker.ask(partial(self._speaker.references.met, workspace, (found,), one.conversation))
        await self._core(Changed(Actor(workspace, found.person, found.name)))
        await self.reachable(workspace, found.person)
        return True

    async def _within_reach(self, one: Heard, workspace: int) -> None:
        """Whoever is where the app is new, and had no chat with us, can be written to from now on."""
        waiting = await self._speaker.ask(partial(self._speaker.references.without_chat, workspace))
        into = Into(workspace, one.service_url, one.channel)
        try:
            here = [account(told) async for told in self._speaker.members(into, PATIENCE)] if waiting else []
        except (*TROUBLE, TooFast) as problem:
            log.info("teams roster", outcome="not read", reason=code(problem), workspace=workspace)
            return
        for who in here:
            if who is not None and who.person in waiting:
                await self.reachable(workspace, who.person)

    async def reachable(self, workspace: int, person: str) -> None:
        """What was parked for them is due again; so is what was said to everybody alone, and they have missed."""
        await self._core(Reachable(workspace, person=person))
        for key in await self._speaker.ask(partial(self._speaker.references.keys_with, workspace, missed_by(person))):
            await self._speaker.ask(partial(self._bring, workspace, key, self._now()))

    async def _left(self, one: Heard, workspace: int, who: Account) -> bool:
        """That somebody left a team is their own affair; whom nobody knows any more has left the organisation."""
        if one.where == "personal" or not await self._roster.is_gone(workspace, who):
            return False
        await self._core(Left(Actor(workspace, who.person, who.name)))
        return True

    # ── conversations ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _here(self, one: Heard, workspace: int) -> tuple[Talk, ...]:
        """What an installation is about: a team with its channels, or a chat."""
        references = self._speaker.references
        if one.team is not None:
            return await self._speaker.ask(partial(references.of_team, workspace, one.team))
        found = await self._speaker.ask(partial(references.within, workspace, one.conversation))
        return found or (Talk(workspace, one.conversation, one.where, one.service_url),)

    async def _affected(self, one: Heard, workspace: int, changed: str) -> tuple[Talk, ...]:
        if changed.startswith(OF_A_CHANNEL):
            channel = changed_channel(one)
            return await self._speaker.ask(partial(self._speaker.references.within, workspace, channel))
        return await self._here(one, workspace)

    async def _lost(self, workspace: int, talks: Iterable[Talk], reason: Loss) -> bool:
        names = [talk.conversation for talk in talks]
        await self._speaker.ask(partial(self._speaker.references.gone, workspace, names))
        for name in names:
            self._speaker.forget(workspace, name)
            await self._core(HomeLost(workspace, name, reason))
        return bool(names)

    async def _back(self, workspace: int, talks: Iterable[Talk]) -> bool:
        """Somebody has added us, or what was gone is there again."""
        for talk in talks:
            here = Talk(talk.workspace, talk.conversation, talk.kind, talk.service_url, talk.team)
            await self._speaker.ask(partial(self._speaker.references.opened, here))
            await self._core(Reachable(workspace, conversation=talk.conversation))
        return True

    async def _core(self, told: Changed | HomeLost | Left | Reachable) -> None:
        await asyncio.to_thread(self._bot.handle, told, self._now())
