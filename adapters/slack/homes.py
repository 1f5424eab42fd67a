"""Where a post goes: a person's private messages, or a group's home, which is made and filled where need be.

Members are invited once and never removed. Says nothing there.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Awaitable, Callable, Collection, Iterator
from datetime import datetime
from functools import partial
from typing import TypeVar, assert_never

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from adapters.delivery.courier import DeliveryFailed
from adapters.slack import places
from adapters.slack.refusals import code_of, refused
from bot.i18n import N_
from bot.messages import Direct, Home, Post
from bot.storage import Store

log = structlog.get_logger(__name__)

Found = TypeVar("Found")

LONGEST_NAME = 80
"""https://docs.slack.dev/reference/methods/conversations.create: lower case, no spaces, few signs."""

Spend = Callable[[int, str, str], Awaitable[None]]
"""Waits until a method may be called: workspace, budget, method. Raises DeliveryFailed where that is far off."""


class Homes:
    """The conversations of one platform, as our database remembers them."""

    def __init__(self, store: Store, spend: Spend) -> None:
        self._store = store
        self._spend = spend
        self._closed: set[tuple[int, str]] = set()
        self._known: dict[tuple[int, str], places.Place] = {}

    async def place(self, client: AsyncWebClient, post: Post, now: datetime) -> str:
        """The conversation that a post goes to; raises slack_sdk's errors and DeliveryFailed."""
        match post.address:
            case Direct(person):
                return await self._direct(client, post.workspace, person)
            case Home(conversation=conversation) as home if conversation is not None:
                await self._fill(client, post.workspace, conversation, home, now)
                return conversation
            case Home() as home:
                return await self._made(client, post, home, now)
            case _:
                assert_never(post.address)

    async def forget(self, post: Post) -> None:
        """Slack does not know the conversation that we remember: the next try starts from nothing."""
        match post.address:
            case Direct(person):
                self._known.pop((post.workspace, _direct(person)), None)
                await self._do(partial(places.forget, workspace=post.workspace, address=_direct(person)))
            case Home(group, conversation=None):
                await self._do(partial(places.forget, workspace=post.workspace, address=_making(group)))
            case Home():
                pass
            case _:
                assert_never(post.address)

    async def _direct(self, client: AsyncWebClient, workspace: int, person: str) -> str:
        known = await self._find(workspace, _direct(person))
        if known is not None:
            return known[0]
        await self._spend(workspace, "tier 3", "conversations.open")
        opened = await client.conversations_open(users=[person])
        channel = str(opened["channel"]["id"])
        await self._keep(workspace, _direct(person), channel)
        return channel

    # ── making a home ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _made(self, client: AsyncWebClient, post: Post, home: Home, now: datetime) -> str:
        """The home that this group is to have. Half-made by a worker that died, it is taken up where that one ended."""
        workspace, address = post.workspace, _making(home.group)
        known = await self._find(workspace, address)
        if known is not None and (post.doubtful or await self._usable(client, workspace, known[0])):
            channel = known[0]
        elif home.kind == "pair":
            await self._spend(workspace, "tier 3", "conversations.open")
            opened = await client.conversations_open(users=list(home.members))
            channel = str(opened["channel"]["id"])
            await self._keep(workspace, address, channel, home.members)
        else:
            channel = await self._create(client, workspace, home, now)
            await self._keep(workspace, address, channel)
        await self._fill(client, workspace, channel, home, now)
        return channel

    async def _usable(self, client: AsyncWebClient, workspace: int, channel: str) -> bool:
        await self._spend(workspace, "tier 3", "conversations.info")
        try:
            info = (await client.conversations_info(channel=channel))["channel"]
        except SlackApiError as error:
            if code_of(error) == "missing_scope":
                return True
            if code_of(error) == "channel_not_found":
                return False
            raise
        return not info.get("is_archived")

    async def _create(self, client: AsyncWebClient, workspace: int, home: Home, now: datetime) -> str:
        """A private channel with the circle's name, or with one as near as is free."""
        looked = False
        for name in names(home.title, home.group):
            await self._spend(workspace, "tier 2", "conversations.create")
            try:
                made = await client.conversations_create(name=name, is_private=True)
                return str(made["channel"]["id"])
            except SlackApiError as error:
                if code_of(error) != "name_taken":
                    raise
            if not looked:
                looked = True
                if left := await self._left_behind(client, workspace, home, now):
                    return left
        raise DeliveryFailed(N_("every name for the circle's channel is taken in this workspace"))

    async def _left_behind(self, client: AsyncWebClient, workspace: int, home: Home, now: datetime) -> str | None:
        """A channel that we have made for this group, and died before we could note it: nobody but us is in it."""
        await self._spend(workspace, "tier 2", "users.conversations")
        await self._spend(workspace, "tier 4", "auth.test")
        try:
            me = (await client.auth_test())["user_id"]
            said = await client.users_conversations(types="private_channel", exclude_archived=True, limit=999)
        except SlackApiError as error:
            if refused(error, now).hold_until is not None:
                raise
            log.info("slack home", outcome="not looked for", reason=code_of(error), workspace=workspace)
            return None
        taken = await self._do(partial(places.taken, workspace=workspace))
        wanted = set(names(home.title, home.group))
        for channel in said.get("channels") or ():
            if channel.get("creator") == me and channel.get("name") in wanted and channel["id"] not in taken:
                await self._spend(workspace, "tier 4", "conversations.members")
                members = (await client.conversations_members(channel=channel["id"])).get("members")
                if members == [me]:
                    return str(channel["id"])
        return None

    # ── filling it ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _fill(self, client: AsyncWebClient, workspace: int, channel: str, home: Home, now: datetime) -> None:
        """Invite those whom we have not invited yet. Whoever cannot be invited, or was there, holds nobody up."""
        address = _in(channel) if home.conversation else _making(home.group)
        known = await self._find(workspace, address)
        if known is None and home.conversation and (made := await self._find(workspace, _making(home.group))):
            # The core knows the home by now: from here on it is remembered by its own name.
            known = made if made[0] == channel else None
            await self._keep(workspace, address, channel, known[1] if known else ())
            await self._do(partial(places.forget, workspace=workspace, address=_making(home.group)))
        invited: Collection[str] = known[1] if known else ()
        missing = sorted(frozenset(home.members) - frozenset(invited))
        if not missing or home.kind == "pair" or (workspace, channel) in self._closed:
            return
        await self._spend(workspace, "tier 3", "conversations.invite")
        try:
            await client.conversations_invite(channel=channel, users=missing, force=True)
        except SlackApiError as error:
            if refused(error, now).retry_at is not None:
                raise
            log.info("slack home", outcome="not invited", reason=code_of(error), workspace=workspace)
            if code_of(error) in ("missing_scope", "not_in_channel", "method_not_supported_for_channel_type"):
                self._closed.add((workspace, channel))
                return
        await self._keep(workspace, address, channel, {*invited, *missing})

    # ── what we remember ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _find(self, workspace: int, address: str) -> places.Place | None:
        """What does not change is asked of the database once; what is being made, every time."""
        known = self._known.get((workspace, address))
        if known is None:
            known = await self._do(partial(places.find, workspace=workspace, address=address))
            if known is not None and not address.startswith("home:"):
                self._known[workspace, address] = known
        return known

    async def _keep(self, workspace: int, address: str, channel: str, members: Collection[str] = ()) -> None:
        self._known.pop((workspace, address), None)
        await self._do(
            partial(places.keep, workspace=workspace, address=address, conversation=channel, members=members)
        )

    async def _do(self, query: Callable[[Connection], Found]) -> Found:
        def run() -> Found:
            with self._store.begin() as connection:
                return query(connection)

        return await asyncio.to_thread(run)


def names(title: str, group: int) -> Iterator[str]:
    """Names for a group's channel, the nicest first, all of them valid."""
    plain = unicodedata.normalize("NFKC", title).lower()
    name = re.sub(r"[^\w]+", "-", plain).strip("-_")[: LONGEST_NAME - 16].strip("-_") or "circle"
    yield name
    yield f"{name}-{group}"
    for number in range(2, 6):
        yield f"{name}-{group}-{number}"


def _direct(person: str) -> str:
    return f"direct:{person}"


def _making(group: int) -> str:
    return f"home:{group}"


def _in(channel: str) -> str:
    return f"in:{channel}"
