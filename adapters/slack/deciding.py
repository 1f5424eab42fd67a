"""What the core says to somebody who acted in Slack: who they are, where it was, and its reply. Says nothing there.

Nothing of a payload is logged but ids, verbs and outcomes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from adapters.delivery.courier import DeliveryFailed
from adapters.delivery.deeds import Acted, Deeds, apology, verb_of
from adapters.logs import report
from adapters.slack import parse
from adapters.slack.answer import FAILURES, Means, code
from adapters.slack.events import team_of
from adapters.slack.profiles import Profiles
from adapters.slack.speaking import Voice, Voices
from bot.i18n import ENGLISH, Translator, translator
from bot.inbound import Actor, Place, Press
from bot.markup import fill, literal
from bot.messages import FixForm, Message, Reply, Say, Silence, Text

FOUNDING = ("create", "pair")
"""What makes a group, which then lives where it was asked for."""

Json = dict[str, Any]
Read = Callable[[Mapping[str, Any], Actor, tuple[Actor, ...]], Acted]

Knows = Callable[[str, AsyncWebClient], None]
"""Told who speaks in a workspace."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came, and where: the workspace and its organisation, as Bolt finds them in each kind of payload."""

    body: Json
    team: str
    enterprise: str | None

    @classmethod
    def by(cls, body: Json, context: AsyncBoltContext) -> Asked:
        return cls(body, team_of(body, context.team_id), context.enterprise_id)


@dataclass(frozen=True, slots=True)
class Decided:
    """What the core said. Without a ``voice`` Slack can only be answered where it gave us a URL."""

    voice: Voice | None
    workspace: int | None
    actor: Actor | None
    place: Place
    reply: Reply


class Deciding:
    """One way to the core for commands, presses and forms."""

    def __init__(self, deeds: Deeds, voices: Voices, profiles: Profiles) -> None:
        self._deeds = deeds
        self._voices = voices
        self._profiles = profiles

    async def decide(self, asked: Asked, by: Means, read: Read, knows: Knows) -> Decided:
        """Ask the core. A bug is logged with an id and becomes an apology with that id.

        ``knows`` is told of the client as soon as there is one.
        """
        started, voice, workspace, actor, place = monotonic(), None, None, None, Place("")
        body, team, verb = asked.body, asked.team, "?"
        try:
            workspace = await self._voices.tokens.workspace(team, _name(body, team), asked.enterprise)
            voice = await self._voices.of(workspace)
            knows(team, voice.client)
            named = self._profiles.actors(voice, parse.user_ids(body))
            actor, mentioned = await asyncio.gather(self._profiles.actor(voice, by.person), named)
            happened = read(body, actor, mentioned or ())
            verb = verb_of(happened)
            place = await _home(voice, verb, happened.place)
            reply: Reply = _not_now(actor, body)
            if mentioned is not None:
                reply = await self._deeds.do(replace(happened, place=place))
            outcome = "no profile" if mentioned is None else type(reply).__name__.lower()
        except parse.BadPayload:
            reply, outcome = Silence(), "unreadable"
        except DeliveryFailed as problem:
            log.warning(by.surface, outcome="no client", team=team, reason=problem.reason)
            return Decided(voice, workspace, actor, place, Say(_shut_out()))
        except Exception as bug:
            said = apology(_speak(actor), report(bug, by.surface, team=team, verb=verb))
            return Decided(voice, workspace, actor, place, Say(said))
        log.info(by.surface, verb=verb, outcome=outcome, workspace=workspace, ms=round((monotonic() - started) * 1000))
        return Decided(voice, workspace, actor, place, reply)


def press(payload: Mapping[str, Any], actor: Actor, mentioned: tuple[Actor, ...]) -> Press:
    del mentioned
    return parse.press(payload, actor)


def _speak(actor: Actor | None) -> Translator:
    return translator((actor.language if actor else None) or ENGLISH)


def _shut_out() -> Message:
    """Without a client nobody's language is known."""
    t = _speak(None)
    return Message((Text(fill(t("I cannot work in this workspace at the moment. Its administrators can help."))),))


def _not_now(actor: Actor, body: Json) -> Reply:
    """Of somebody who was named nothing is known just now. A form stays open for it, as it was filled in."""
    t = _speak(actor)
    said = t("Slack did not answer just now. Please try again.")
    if "view" in body and (fields := parse.fields(body)):
        return FixForm({fields[0]: said})
    return Say(Message((Text(literal(said)),)))


async def _home(voice: Voice, verb: str, place: Place) -> Place:
    """The place, and whether what is founded there can live there: a pair cannot, nor can a circle where we are not.

    Either gets a conversation of its own, as if it had been founded in private.
    """
    if verb not in FOUNDING or place.kind == "direct":
        return place
    if verb == "create":
        try:
            found = await voice.ask(
                lambda: voice.client.conversations_info(channel=place.conversation),
                voice.method("tier 3", "conversations.info"),
            )
            if found["channel"].get("is_member") or found["channel"].get("is_mpim"):
                return place
        except FAILURES as problem:
            if code(problem) != "channel_not_found":
                return place
    return replace(place, kind="direct")


def _name(body: Mapping[str, Any], team: str) -> str:
    told = body.get("team") or {}
    return str(body.get("team_domain") or told.get("domain") or team)
