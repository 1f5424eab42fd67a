"""Delivers posts to Teams: who we are for Microsoft, and a courier. Decides no words.

Teams has no key against posting twice, and a bot without rights to read messages cannot look whether a post stands. So
what was in doubt stays in doubt, and the core's table says what becomes of it (``bot.posts``): a private post of the
calendar is sent once more, all else is parked and shown to whoever looks after the group, who can send it again.

The SDK gives the token; the messages go out by plain HTTP (``connector.py`` says why). What was to be said, and tokens,
are never in a reason.
"""

from __future__ import annotations

import asyncio
import warnings
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random  # noqa: TID251  # the type: chance itself is an argument
from typing import Any, assert_never

import requests
from botframework.connector.auth import MicrosoftAppCredentials
from msal import ConfidentialClientApplication

from adapters.delivery.courier import DeliveryFailed, DeliveryUnknown
from adapters.teams.connector import NoToken
from adapters.teams.homes import EACH, Each, Homes, NewThread, Target
from adapters.teams.not_added import NotAdded
from adapters.teams.refusals import TROUBLE, refused, unknown
from adapters.teams.saying import PATIENCE, Saying
from adapters.teams.speaking import Into, Speaker, TooFast, thread
from bot.i18n import N_
from bot.messages import Direct, Home, Post, Receipt

MICROSOFT_LOGIN = "https://login.microsoftonline.com/"
SHARED_TENANT = "botframework.com"
"""Where an app of several tenants gets its token."""

TOKEN_SECONDS = 5.0
TOKEN_KEPT = timedelta(minutes=5)
"""How long we use a token without asking the library, which knows when it ends and gets the next one in time."""

TIMEOUT = 9.0
"""Seconds for making ready, and for all parts of a post: a lease is longer."""

UNKNOWN = N_("Teams did not say whether it arrived. Please look before you send it again")

MOST_REMEMBERED = 10_000


# ── who we are ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Credentials:
    """The token of an app, from the SDK's credentials. Those block, so they are asked in a thread, and seldom."""

    def __init__(self, app_id: str, password: str, tenant: str | None, login: str, now: Callable[[], datetime]) -> None:
        self._make = partial(_credentials, app_id, password, tenant, login)
        self._now = now
        self._sdk: MicrosoftAppCredentials | None = None
        self._kept: tuple[str, datetime] | None = None
        self._asking = asyncio.Lock()

    async def token(self, *, refused: str = "") -> str:
        """Raises NoToken."""
        async with self._asking:
            if refused and self._kept is not None and self._kept[0] == refused:
                # The library believes in its token until it ends: only new credentials ask for another. Of many who are
                # refused at once the first has it renewed for all.
                self._sdk, self._kept = None, None
            if self._kept is None or self._now() - self._kept[1] >= TOKEN_KEPT:
                self._kept = await asyncio.to_thread(self._fetch), self._now()
            return self._kept[0]

    def _fetch(self) -> str:
        try:
            if self._sdk is None:
                self._sdk = self._make()
            return str(self._sdk.get_access_token())
        except requests.RequestException as problem:
            # Nothing was sent, and Microsoft said nothing of our password: it is as if Teams itself were not there.
            raise ConnectionRefusedError(type(problem).__name__) from None
        except (PermissionError, ValueError, RuntimeError, KeyError) as problem:
            raise NoToken(_reason(problem)) from None


class Nobody:
    """Without an app id no token is needed, as the Agents Playground wants it."""

    async def token(self, *, refused: str = "") -> str:
        del refused
        return ""


def _credentials(app_id: str, password: str, tenant: str | None, login: str) -> MicrosoftAppCredentials:
    """The SDK's credentials with a limit of time, which it does not set, and asking where our settings say."""
    found = MicrosoftAppCredentials(app_id, password, channel_auth_tenant=tenant or SHARED_TENANT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found.app = ConfidentialClientApplication(
            app_id,
            client_credential=password,
            authority=MICROSOFT_LOGIN + (tenant or SHARED_TENANT),
            instance_discovery=False,
            http_client=_Login(login),
        )
    return found


class _Login(requests.Session):
    """Asks where the settings say instead of at Microsoft's address, which the library insists on."""

    def __init__(self, login: str) -> None:
        super().__init__()
        self._login = login if login.endswith("/") else f"{login}/"

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        asked = url
        if asked.startswith(MICROSOFT_LOGIN):
            asked = self._login + asked.removeprefix(MICROSOFT_LOGIN)
        return super().request(method, asked, *args, **{"timeout": TOKEN_SECONDS, **kwargs})


def _reason(problem: Exception) -> str:
    """Microsoft's number for it ("AADSTS7000215"), never its sentence, which repeats what it was given."""
    found = next((word for word in str(problem).replace(":", " ").split() if word.startswith("AADSTS")), "")
    return found[:20] or type(problem).__name__


# ── what is sent ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Ready:
    """A post that can be sent: where. Its turn was waited for."""

    target: Target


class TeamsCourier:
    """Sends side by side, but into each conversation one after the other; see ``adapters.delivery.courier``."""

    at_once = 50

    def __init__(self, speaker: Speaker, homes: Homes, not_added: NotAdded, chance: Random) -> None:
        self._speaker = speaker
        self._homes = homes
        self._not_added = not_added
        self._saying = Saying(speaker, not_added)
        self._chance = chance
        self._ready: dict[tuple[int, str], _Ready] = {}
        self._tries: OrderedDict[tuple[int, str], int] = OrderedDict()

    def taken_over(self, workspace: int, since: datetime) -> None:
        self._speaker.taken_over(workspace, since)

    async def prepare(self, post: Post, now: datetime) -> Receipt | None:
        if post.doubtful and post.edits is None and not post.repeatable:
            raise DeliveryUnknown(UNKNOWN, None)
        try:
            async with asyncio.timeout(TIMEOUT):
                target = await self._target(post)
                await self._turn(post, target)
        except TooFast as fast:
            raise DeliveryFailed(str(fast), fast.later) from None
        except TROUBLE as error:
            # Nothing was said yet, so there is no doubt about it.
            raise await self._refused(post, error, now, posted=False) from None
        self._ready[post.workspace, post.key] = _Ready(target)
        return None

    async def send(self, post: Post, now: datetime) -> Receipt:
        if (post.workspace, post.key) not in self._ready:
            await self.prepare(post, now)
        ready = self._ready.pop((post.workspace, post.key))
        try:
            async with asyncio.timeout(TIMEOUT):
                receipt = await self._said(post, ready.target, now)
        except TooFast as fast:
            raise DeliveryFailed(str(fast), fast.later) from None
        except TROUBLE as error:
            raise await self._refused(post, error, now, posted=post.edits is None) from None
        self._tries.pop((post.workspace, post.key), None)
        return receipt

    async def _target(self, post: Post) -> Target:
        if post.edits is not None and not post.edits.conversation.startswith(EACH):
            return await self._speaker.into(post.workspace, post.edits.conversation)
        match post.address:
            case Direct(person):
                return await self._speaker.chat(post.workspace, person, PATIENCE)
            case Home() as home:
                return await self._homes.of(post.workspace, home)
            case _:
                assert_never(post.address)

    async def _turn(self, post: Post, target: Target) -> None:
        match target:
            case Into() as into:
                await self._speaker.turn(post.workspace, thread(into), patience=PATIENCE)
            case NewThread(channel):
                await self._speaker.turn(post.workspace, thread(channel), patience=PATIENCE)
            case Each():
                pass  # each of them has a turn of its own
            case _:
                assert_never(target)

    async def _said(self, post: Post, target: Target, now: datetime) -> Receipt:
        return await (self._saying.edit(post, post.edits, now) if post.edits else self._saying.say(post, target, now))

    async def _refused(
        self, post: Post, error: Exception, now: datetime, *, posted: bool
    ) -> DeliveryFailed | DeliveryUnknown:
        """What an error means for the post; where nobody hears us any more, what we knew of it is forgotten.

        A message that cannot be changed says nothing of the conversation, which is not taken for lost.
        """
        tries = self._again(post)
        failure = refused(error, now, tries, self._chance)
        if posted and unknown(error):
            again = failure.retry_at if post.repeatable and not post.doubtful else None
            return DeliveryUnknown(UNKNOWN, again)
        if failure.lost is None:
            return failure
        if post.edits is None:
            match post.address:
                case Direct(person):
                    await self._not_reached(post, person, now)
                case Home(conversation=str(conversation)) if not conversation.startswith(EACH):
                    if not await self._lost(post, conversation):
                        return failure
        return DeliveryFailed(failure.reason)

    async def _lost(self, post: Post, conversation: str) -> bool:
        """Whether we knew already that we are not there any more; from now on we do."""
        references = self._speaker.references
        talk = await self._speaker.ask(partial(references.talk, post.workspace, conversation))
        self._speaker.forget(post.workspace, conversation)
        await self._speaker.ask(partial(references.gone, post.workspace, (conversation,)))
        return talk is not None and not talk.present

    async def _not_reached(self, post: Post, person: str, now: datetime) -> None:
        contact = await self._speaker.ask(partial(self._speaker.references.contact, post.workspace, person))
        if contact is not None and contact.chat is not None:
            self._speaker.forget(post.workspace, contact.chat)
            await self._speaker.ask(partial(self._speaker.references.gone, post.workspace, (contact.chat,)))
        await self._not_added.tell(post.workspace, person, now)

    def _again(self, post: Post) -> int:
        """How often it went wrong before, as far as this process remembers."""
        tries = self._tries.pop((post.workspace, post.key), 0)
        self._tries[post.workspace, post.key] = tries + 1
        while len(self._tries) > MOST_REMEMBERED:
            self._tries.popitem(last=False)
        return tries
