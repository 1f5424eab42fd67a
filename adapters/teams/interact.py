"""What people do in Teams: written words are acknowledged at once, a button within three seconds. Decides nothing.

What takes longer than a button may goes on after a "one moment". Nothing of an activity is logged but ids, verbs and
outcomes. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-basics
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any
from uuid import uuid4

import structlog

from adapters.delivery.deeds import Acted, Deeds, apology, verb_of
from adapters.delivery.under_way import UnderWay, guarded
from adapters.logs import report
from adapters.teams import hints, parse
from adapters.teams.answer import Answers, Done, Means
from adapters.teams.bodies import ALONE, NOTED, NOTHING_TYPED, OWN, VIEW, Typed, toast, told
from adapters.teams.connector import Json
from adapters.teams.events import Events
from adapters.teams.heard import Heard
from adapters.teams.profiles import Account
from adapters.teams.roster import Roster
from adapters.teams.speaking import NOWHERE, Into, Speaker
from adapters.teams.whereabouts import PLATFORM, Whereabouts
from bot.app import Bot
from bot.inbound import Actor, Changed, Place, PlaceKind, Reachable, Submission
from bot.messages import Reply, Say, Silence
from bot.spoken import words

PATIENCE = 1.5
"""Seconds that the core may take before a button is answered with "one moment": Teams waits for a few."""

REMEMBERED = 500
REMEMBERED_FOR = timedelta(minutes=2)
"""So many deliveries, and for so long, are known again when they come a second time. Each keeps its whole answer."""

CARD_ACTION, FETCH, SUBMIT = "adaptiveCard/action", "task/fetch", "task/submit"
INVOKES = frozenset({CARD_ACTION, FETCH, SUBMIT})

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _About:
    """What is known of it so far, for the log."""

    workspace: int = NOWHERE
    verb: str = "?"


@dataclass(frozen=True, slots=True)
class _Decided:
    """What the core said, to whom, and what they had typed."""

    by: Means
    reply: Reply
    typed: Typed
    broken: str = ""
    """The apology for a bug, in words."""


class Interactions:
    """Words, buttons and forms of all organisations."""

    def __init__(
        self,
        bot: Bot,
        deeds: Deeds,
        speaker: Speaker,
        roster: Roster,
        answers: Answers,
        events: Events,
        now: Callable[[], datetime],
    ) -> None:
        self._now = now
        self._deeds = deeds
        self._speaker = speaker
        self._roster = roster
        self._answers = answers
        self._events = events
        self._whereabouts = Whereabouts(bot, speaker)
        self._seen: OrderedDict[tuple[str, ...], tuple[asyncio.Task[Json | None], datetime]] = OrderedDict()
        self._under_way = UnderWay()

    async def close(self) -> None:
        """Let what is under way come to its end."""
        await self._under_way.close()

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._under_way.idle()

    # ── what the listener calls ──────────────────────────────────────────────────────────────────────────────────────

    def message(self, one: Heard) -> None:
        """Words, or a button of an old kind; answered later."""
        self._once(one, lambda: self._spoken(one))

    def happened(self, one: Heard) -> None:
        """Something changed: an installation, a channel, who is in it."""
        self._once(one, lambda: self._changed(one))

    async def invoke(self, one: Heard) -> Json | None:
        """The body of the answer. A second delivery gets the answer of the first."""
        return await asyncio.shield(self._once(one, lambda: self._pressed(one)))

    def _once(self, one: Heard, work: Callable[[], Coroutine[Any, Any, Json | None]]) -> asyncio.Task[Json | None]:
        """The work, begun unless it was: Teams had not heard our first answer.

        That spares people a second answer. That the second time changes nothing is the core's own doing.
        """
        delivery = (one.tenant, one.conversation, one.kind, one.name, str(one.activity.get("id") or uuid4()))
        now = self._now()
        while self._seen and next(iter(self._seen.values()))[1] <= now - REMEMBERED_FOR:
            self._seen.popitem(last=False)
        if delivery not in self._seen:
            self._seen[delivery] = self._under_way.begin(work(), PLATFORM), now
        begun = self._seen[delivery][0]
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return begun

    # ── what becomes of it ───────────────────────────────────────────────────────────────────────────────────────────

    async def _spoken(self, one: Heard) -> None:
        decided = await self._decide(one)
        if decided is not None:
            await guarded(self._answers.apply(decided.by, decided.reply), "answer")
            await self._after(one, decided)

    async def _changed(self, one: Heard) -> None:
        workspace = await self._whereabouts.workspace(one, again=True)
        if await self._events.happened(one, workspace):
            await self._deeds.deliver()

    async def _pressed(self, one: Heard) -> Json | None:
        deciding = asyncio.create_task(self._decide(one))
        await asyncio.wait({deciding}, timeout=PATIENCE)
        if not deciding.done():
            self._under_way.begin(self._later(one, deciding), PLATFORM)
            return _patience(one)
        decided = await deciding
        if decided is None:
            return toast(NOTED) if one.name == CARD_ACTION else None
        if decided.broken:
            # What was typed stays where it is, for another try.
            self._under_way.begin(self._after(one, decided), PLATFORM)
            return toast(decided.broken) if one.name == CARD_ACTION else told(decided.broken)
        way = self._answers.on_card if one.name == CARD_ACTION else self._answers.in_dialog
        done = await way(decided.by, decided.reply, decided.typed)
        self._under_way.begin(self._finish(one, decided, done), PLATFORM)
        return done.body

    async def _later(self, one: Heard, deciding: asyncio.Task[_Decided | None]) -> None:
        """The answer came too late for the invoke: it is said as to words."""
        decided = await deciding
        if decided is not None:
            await guarded(self._answers.apply(decided.by, decided.reply, decided.typed), "answer")
            await self._after(one, decided)

    async def _finish(self, one: Heard, decided: _Decided, done: Done) -> None:
        if done.after is not None:
            await guarded(done.after(), "answer")
        await self._after(one, decided)

    async def _decide(self, one: Heard) -> _Decided | None:
        """Ask the core. A bug is logged with an id and becomes an apology with that id. None: nobody is answered."""
        if one.sender is None:
            return None
        t = hints.speak(parse.language(one.activity))
        # As long as nobody knows whose workspace this is, an apology can only be said where they are.
        into = Into(NOWHERE, one.service_url, one.conversation)
        by = Means(into, Place(one.conversation, _kind(one)), Actor(NOWHERE, one.sender.person, ""), t)
        started, typed, about = monotonic(), NOTHING_TYPED, _About()
        try:
            by = await self._means(one, by)
            about.workspace = by.actor.workspace
            happened = _read(one, by.actor, await self._people(one, by.into))
            about.verb = verb_of(happened)
            typed = happened.values if isinstance(happened, Submission) else typed
            happened = replace(happened, place=_home(about.verb, by))
            reply = await self._deeds.do(happened)
            outcome = type(reply).__name__.lower()
        except parse.BadPayload:
            reply, outcome = Silence(), "unreadable"
        except Exception as bug:
            said = apology(t, report(bug, one.label, workspace=about.workspace, verb=about.verb))
            return _Decided(by, Say(said, private=about.workspace != NOWHERE), typed, words(said))
        ms = round((monotonic() - started) * 1000)
        log.info(one.label, verb=about.verb, outcome=outcome, workspace=about.workspace, ms=ms)
        return _Decided(by, reply, typed)

    async def _means(self, one: Heard, by: Means) -> Means:
        """Where and by whom. A dialog is answered where it was opened, which may be a thread."""
        workspace = await self._whereabouts.workspace(one)
        actor = parse.actor(one.activity, workspace)
        place = parse.place(one.activity)
        into = Into(workspace, one.service_url, place.conversation)
        return Means(into, place, actor, by.t, _alone(one), one.targeted)

    async def _people(self, one: Heard, into: Into) -> dict[str, Actor]:
        """Everybody who is named, by the ids as they came; in a channel they were seen there."""
        found = await self._roster.known(into, parse.mentioned_ids(one.activity))
        if found and one.where != "personal":
            met = partial(self._speaker.references.met, into.workspace, tuple(found.values()), one.conversation)
            await self._speaker.ask(met)
        return {asked: Actor(into.workspace, who.person, who.name) for asked, who in found.items()}

    async def _after(self, one: Heard, decided: _Decided) -> None:
        workspace = decided.by.actor.workspace
        if workspace == NOWHERE:
            return
        for conversation in await self._whereabouts.speaks(one, workspace):
            if one.where == "personal":
                await self._events.reachable(workspace, decided.by.actor.person)
            else:
                await self._deeds.do(Reachable(workspace, conversation=conversation))
        await self._deeds.deliver()
        if one.sender is not None:
            await self._describe(decided.by, one.sender)

    async def _describe(self, by: Means, who: Account) -> None:
        told_of = await self._roster.described(by.into, who)
        if told_of is None or told_of.person != who.person:
            return
        await self._speaker.ask(partial(self._speaker.references.met, by.actor.workspace, (told_of,)))
        if told_of.name and told_of.name != by.actor.name:
            changed = Changed(replace(by.actor, name=told_of.name))
            await self._deeds.do(changed)


def _read(one: Heard, actor: Actor, known: Mapping[str, Actor]) -> Acted:
    if not parse.is_action(one.activity):
        return parse.command(one.activity, actor, known)
    if parse.is_submission(one.activity):
        return parse.submission(one.activity, actor, known)
    return parse.press(one.activity, actor)


def _patience(one: Heard) -> Json:
    t = hints.speak(parse.language(one.activity))
    return toast(hints.one_moment(t)) if one.name == CARD_ACTION else told(hints.one_moment(t))


def _kind(one: Heard) -> PlaceKind:
    return "direct" if one.where == "personal" else "group"


def _alone(one: Heard) -> int:
    """Whether what was acted in is a form and nothing else; see ``answer``."""
    value = one.activity.get("value")
    inner = value.get("action") if isinstance(value, Mapping) else None
    data = inner.get("data") if isinstance(inner, Mapping) else None
    found = data.get(ALONE) if isinstance(data, Mapping) else None
    return found if found in (OWN, VIEW) else 0


def _home(verb: str, by: Means) -> Place:
    """A pair never lives in a channel, wherever it was founded, and nothing lives where only one has seen it begin: the
    home is looked for, as that of a private circle."""
    return replace(by.place, kind="direct") if verb == "pair" or by.targeted else by.place
