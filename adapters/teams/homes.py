"""Where a post goes in Teams: somebody's own chat, or a group's home, which is chosen where it has none. Says nothing.

A circle lives where it was created: in a thread of a channel, or in a group chat. A bot can make neither group chats
nor private channels in Teams. So a circle that was founded in private, and every pair, gets the first of these that
there is: a group chat with the app in which its members are, and nobody but those who are invited or have founded it;
for a circle, a new thread in such a team; or the members' own chats, where everybody gets everything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from adapters.teams.profiles import account
from adapters.teams.refusals import TROUBLE, code
from adapters.teams.speaking import Into, Speaker, TooFast
from adapters.teams.store import Talk
from bot.messages import Home

EACH = "personal:"
"""With a group's number after it: the home that is its members' own chats."""

MOST_LOOKED_AT = 20
"""So many rosters are read for one home."""

PATIENCE = timedelta(seconds=2)

log = structlog.get_logger(__name__)

Lived = Callable[[int, str], bool]
"""Whether a conversation of a workspace is a group's home already."""


@dataclass(frozen=True, slots=True)
class NewThread:
    """A thread that is still to be begun."""

    channel: Into
    team: str | None


@dataclass(frozen=True, slots=True)
class Each:
    """Everybody's own chat."""

    home: str
    people: tuple[str, ...]


Target = Into | NewThread | Each


class Homes:
    """Chooses. Everything it finds out is asked of Teams when it is needed, which is seldom."""

    def __init__(self, speaker: Speaker, lived: Lived) -> None:
        self._speaker = speaker
        self._lived = lived

    async def of(self, workspace: int, home: Home) -> Target:
        """Raises what the connector raises where a home that is known is not there any more."""
        conversation = home.conversation
        if conversation is None:
            return await self._chosen(workspace, home)
        if conversation.startswith(EACH):
            return Each(conversation, home.members)
        return await self._speaker.into(workspace, conversation)

    async def _chosen(self, workspace: int, home: Home) -> Target:
        references = self._speaker.references
        chats = await self._speaker.ask(lambda: references.installed(workspace, "groupChat"))
        free = await self._speaker.ask(lambda: [one for one in chats if not self._lived(workspace, one.conversation)])
        found = await self._among(free, home)
        if found is not None:
            return _into(found)
        if home.kind == "circle":
            channels = await self._speaker.ask(lambda: references.installed(workspace, "channel"))
            found = await self._among(channels, home)
            if found is not None:
                return NewThread(_into(found), found.team)
        return Each(f"{EACH}{home.group}", home.members)

    async def _among(self, talks: Sequence[Talk], home: Home) -> Talk | None:
        """The first of these in which the members are, and nobody who has nothing to do with them."""
        looked_at = talks[:MOST_LOOKED_AT]
        rosters = await asyncio.gather(*(self._roster(talk) for talk in looked_at))
        wanted = frozenset(home.members)
        welcome = wanted | frozenset(home.welcome)
        for talk, here in zip(looked_at, rosters, strict=True):
            if wanted <= here <= welcome:
                return talk
        return None

    async def _roster(self, talk: Talk) -> frozenset[str]:
        """Who is there; nobody, where that cannot be found out."""
        here: set[str] = set()
        try:
            async for one in self._speaker.members(_into(talk), PATIENCE):
                found = account(one)
                if found is not None:
                    here.add(found.person)
        except (*TROUBLE, TooFast) as problem:
            log.info("teams roster", outcome="not read", reason=code(problem), workspace=talk.workspace)
            return frozenset()
        return frozenset(here)


def _into(talk: Talk) -> Into:
    return Into(talk.workspace, talk.service_url, talk.conversation)
