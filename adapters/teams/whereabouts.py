"""Keeps where the bot was spoken to, from the first activity on, so that it can speak first later."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import replace
from functools import partial

from adapters.teams.heard import Heard
from adapters.teams.speaking import Into, Speaker
from adapters.teams.store import Talk, Tenant
from bot.app import Bot

PLATFORM = "teams"

REMEMBERED = 20_000
"""So many are known to be kept without looking."""


class Whereabouts:
    """Organisations as our workspaces; conversations and people as they are reached."""

    def __init__(self, bot: Bot, speaker: Speaker) -> None:
        self._bot = bot
        self._speaker = speaker
        self._workspaces: dict[str, int] = {}
        self._kept: OrderedDict[tuple[object, ...], None] = OrderedDict()

    async def workspace(self, one: Heard, *, again: bool = False) -> int:
        """The organisation's; and where we are is kept, the first time, whenever it changes, and where ``again``."""
        workspace = self._workspaces.get(one.tenant)
        if workspace is None:
            workspace = await asyncio.to_thread(self._bot.workspace, PLATFORM, one.tenant, one.tenant)
            self._workspaces[one.tenant] = workspace
        memory = (workspace, one.conversation, one.service_url, one.team, one.sender)
        if (again or memory not in self._kept) and not _leaves(one):
            await self._keep(one, workspace)
            self._kept[memory] = None
            if len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        return workspace

    async def speaks(self, one: Heard, workspace: int) -> tuple[str, ...]:
        """Where somebody speaks to us we are: the conversations there that we had taken for lost, which are not."""
        references = self._speaker.references
        here = await self._speaker.ask(partial(references.within, workspace, one.channel))
        lost = tuple(replace(talk, present=True) for talk in here if not talk.present)
        for talk in lost:
            await self._speaker.ask(partial(references.opened, talk))
        return tuple(talk.conversation for talk in lost)

    async def _keep(self, one: Heard, workspace: int) -> None:
        tenant = Tenant(workspace, one.tenant, one.service_url, one.bot)
        talk = Talk(workspace, one.conversation, one.where, one.service_url, one.team)
        who = (one.sender,) if one.sender is not None else ()
        personal = one.where == "personal"
        await self._speaker.ask(partial(self._speaker.references.heard, tenant, talk, who, chat=personal))
        self._speaker.remember(Into(workspace, one.service_url, one.conversation))


def _leaves(one: Heard) -> bool:
    """What tells that we are gone says nothing of where we are."""
    return one.kind == "installationUpdate" and one.name.startswith("remove")
