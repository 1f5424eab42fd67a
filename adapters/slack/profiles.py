"""Who somebody is, from Slack's own profile, kept for a while. Asks Slack; knows no database.

https://docs.slack.dev/reference/methods/users.info: tier 4, about 100 a minute in a workspace.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from adapters.slack.refusals import TROUBLE, code_of
from adapters.slack.speaking import Voice
from bot.i18n import language_of_locale, languages
from bot.inbound import Actor

FRESH = timedelta(hours=1)
"""How long a profile is believed; a change that Slack tells of is believed at once."""

MOST = 20_000
"""How many profiles are kept. The one that was not asked for the longest goes first."""


NOBODY = frozenset({"user_not_found", "user_not_visible"})
"""What Slack says of an id that is nobody's in this workspace."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody as Slack describes them. Neither a bot nor a closed account ``takes_part``."""

    actor: Actor
    takes_part: bool


class Profiles:
    """Profiles by workspace and person."""

    def __init__(self, now: Callable[[], datetime], fresh: timedelta = FRESH) -> None:
        self._now = now
        self._fresh = fresh
        self._kept: OrderedDict[tuple[int, str], tuple[datetime, Profile]] = OrderedDict()

    async def actor(self, voice: Voice, person: str) -> Actor:
        """Somebody who acts. Where Slack cannot be asked, what is known of them; their id at least."""
        found = await self._profile(voice, person)
        return found.actor if isinstance(found, Profile) else Actor(voice.workspace, person, "")

    async def actors(self, voice: Voice, people: Iterable[str]) -> tuple[Actor, ...] | None:
        """Those of the people who can take part: members of the workspace, no bots, no closed accounts.

        None where Slack did not tell of one of whom nothing is known.
        """
        found = await asyncio.gather(*(self._profile(voice, person) for person in dict.fromkeys(people)))
        if "unknown" in found:
            return None
        return tuple(profile.actor for profile in found if isinstance(profile, Profile) and profile.takes_part)

    def keep(self, workspace: int, user: Mapping[str, Any]) -> Profile:
        """Believe what Slack says of somebody now. A missing language leaves the known one as it is."""
        person = str(user["id"])
        before = self._kept.pop((workspace, person), None)
        profile = read(workspace, user)
        if profile.actor.language is None and before is not None:
            known = before[1].actor
            profile = Profile(_speaking(profile.actor, known.language), profile.takes_part)
        self._kept[workspace, person] = (self._now(), profile)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return profile

    async def _profile(self, voice: Voice, person: str) -> Profile | Literal["nobody", "unknown"]:
        whose = (voice.workspace, person)
        at, known = self._kept.get(whose, (None, None))
        if known is not None and at is not None and self._now() - at < self._fresh:
            self._kept.move_to_end(whose)
            return known
        try:
            answer = await voice.ask(
                lambda: voice.client.users_info(user=person, include_locale=True), voice.method("tier 4", "users.info")
            )
        except TROUBLE as problem:
            if code_of(problem) in NOBODY:
                return "nobody"
            return known or "unknown"
        return self.keep(voice.workspace, answer["user"])


def read(workspace: int, user: Mapping[str, Any]) -> Profile:
    """A user object of Slack's. What it leaves out stays unknown."""
    said: Mapping[str, Any] = user.get("profile") or {}
    names = (said.get("display_name"), said.get("real_name"), user.get("real_name"), user.get("name"))
    name = next((str(one) for one in names if one), "")
    actor = Actor(workspace, str(user["id"]), name, user.get("tz") or None, language(user.get("locale")))
    automatic = bool(user.get("is_bot")) or user["id"] == "USLACKBOT"
    return Profile(actor, takes_part=not automatic and not user.get("deleted"))


def language(locale: object) -> str | None:
    """ "de" of "de-DE"; with its region where the bot speaks it so."""
    return language_of_locale(locale, languages()) if isinstance(locale, str) else None


def _speaking(actor: Actor, known: str | None) -> Actor:
    return Actor(actor.workspace, actor.person, actor.name, actor.zone, known)
