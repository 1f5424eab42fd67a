"""Whom an id means: looked up where we know people from, then asked of Teams. Decides nothing.

An id of another organisation is nobody's here, as one that does not exist.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial

import structlog

from adapters.teams.connector import Refused
from adapters.teams.heard import NO_TENANT
from adapters.teams.homes import EACH
from adapters.teams.profiles import Account, account
from adapters.teams.refusals import NOT_THERE, TROUBLE, code, unreachable
from adapters.teams.speaking import Into, Speaker, TooFast
from adapters.teams.store import THREAD, Contact, Talk

PATIENCE = timedelta(seconds=1)
MOST_LOOKED_AT = 10
"""So many teams are asked for somebody whom this conversation does not know."""

MOST_ASKED = 200
"""In so many places we look for somebody who may be gone; where there are more, nobody is taken for that."""

KEPT = 20_000

log = structlog.get_logger(__name__)

Homes = Callable[[int, str], Sequence[str]]
"""The homes in a workspace of the groups that somebody is in."""


def _no_homes(workspace: int, person: str) -> Sequence[str]:
    del workspace, person
    return ()


class Roster:
    """People by either of their ids, as far as Teams lets us know them."""

    def __init__(self, speaker: Speaker, homes: Homes = _no_homes) -> None:
        self._speaker = speaker
        self._homes = homes
        self._asked: OrderedDict[tuple[int, str], None] = OrderedDict()

    async def known(self, into: Into, ids: Iterable[str]) -> dict[str, Account]:
        """Those of the ids that mean somebody, by the id as it came; from now on they were seen in this place."""
        asked = tuple(dict.fromkeys(ids))
        found = await asyncio.gather(*(self._find(into, one) for one in asked))
        return {one: who for one, who in zip(asked, found, strict=True) if who is not None}

    async def described(self, into: Into, who: Account) -> Account | None:
        """What a roster says of somebody who has acted: their address, and their name as it is written there.

        Asked once for as long as this process lives; None where that is nothing new.
        """
        key = (into.workspace, who.person)
        if key in self._asked:
            return None
        self._asked[key] = None
        while len(self._asked) > KEPT:
            self._asked.popitem(last=False)
        return await self._ask(into, who.user)

    async def is_gone(self, workspace: int, who: Account) -> bool:
        """Whether nobody knows this person any more: neither their own chat, nor a home of theirs, nor any team or
        chat with the app in it. As long as one of these cannot tell, they are not gone."""
        references = self._speaker.references
        contact = await self._speaker.ask(partial(references.contact, workspace, who.person))
        chat = contact.chat if contact is not None else None
        homes = await self._speaker.ask(partial(self._homes, workspace, who.person))
        if chat is None and any(home.startswith(EACH) for home in homes):
            return False
        shared = await self._speaker.ask(partial(references.shared, workspace))
        named = [chat, *(home for home in homes if not home.startswith(EACH)), *(one.conversation for one in shared)]
        places = dict.fromkeys(one.partition(THREAD)[0] for one in named if one is not None)
        if not places or len(places) > MOST_ASKED:
            return False
        for place in places:
            if not await self._is_missing(await self._speaker.into(workspace, place), who.user):
                return False
        return True

    async def _is_missing(self, into: Into, user: str) -> bool:
        """Whether Teams says that they are not in this conversation. That it does not let us look says nothing."""
        try:
            await self._speaker.member(into, user, PATIENCE)
        except Refused as refusal:
            return refusal.status == 404 and refusal.code not in NOT_THERE
        except (*TROUBLE, TooFast):
            pass
        return False

    async def _find(self, into: Into, one: str) -> Account | None:
        references = self._speaker.references
        contact = await self._speaker.ask(partial(references.contact, into.workspace, one))
        if contact is not None and contact.name and (contact.chat or contact.seen_in):
            return _of(contact)
        found, seen_in = await self._ask(into, one), None
        for talk in () if found is not None else await self._teams(into.workspace):
            found = found or await self._ask(_into(talk), one)
            if found is not None:
                # Where they can be told how to add the app, should they not have it.
                seen_in = talk.conversation
                break
        if found is None and contact is not None and contact.name:
            return _of(contact)
        if found is None:
            found = await self._introduced(into.workspace, one)
        if found is not None:
            await self._speaker.ask(partial(references.met, into.workspace, (found,), seen_in))
        return found

    async def _introduced(self, workspace: int, one: str) -> Account | None:
        """By opening a chat with them, where the app is theirs: its roster tells who they are."""
        try:
            chat = await self._speaker.chat(workspace, one, PATIENCE)
        except (*TROUBLE, TooFast) as problem:
            log.info("teams person", outcome="unknown", reason=code(problem), workspace=workspace)
            return None
        return await self._ask(chat, one)

    async def _ask(self, into: Into, one: str) -> Account | None:
        try:
            told = await self._speaker.member(into, one, PATIENCE)
            tenant = (await self._speaker.tenant(into.workspace)).tenant
            return account(told, tenant if tenant != NO_TENANT else None)
        except (*TROUBLE, TooFast) as problem:
            if not unreachable(problem):
                log.info("teams member", outcome="not told", reason=code(problem), workspace=into.workspace)
            return None

    async def _teams(self, workspace: int) -> tuple[Talk, ...]:
        """One channel of each team with the app in it: a channel's roster is the team's."""
        channels = await self._speaker.ask(partial(self._speaker.references.installed, workspace, "channel"))
        one_each = {talk.team or talk.conversation: talk for talk in channels}
        return tuple(one_each.values())[:MOST_LOOKED_AT]


def _of(contact: Contact) -> Account:
    return Account(contact.person, contact.user, contact.name, contact.email)


def _into(talk: Talk) -> Into:
    return Into(talk.workspace, talk.service_url, talk.conversation)
