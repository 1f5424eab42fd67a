"""Says in Teams what the core returned to somebody who acted: there, in private, in place, or as a form.

Decides nothing but the way. Teams has no words in a channel that only one person sees: what is private goes to their
own chat; where they have none, since they have not added the app, they are told in the channel how to. What is short
stands beside the button that was pressed.
https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, assert_never

import structlog

from adapters.teams import hints
from adapters.teams.bodies import (
    NOTED,
    NOTHING_TYPED,
    OWN,
    VIEW,
    Typed,
    card,
    listed,
    marked,
    short,
    shown,
    standing,
    toast,
)
from adapters.teams.connector import Json, Refused
from adapters.teams.not_added import NotAdded
from adapters.teams.refusals import TROUBLE, code, unknown, unreachable
from adapters.teams.render import activities, activity, dialog, form_card, said_dialog
from adapters.teams.speaking import Into, Speaker, TooFast, thread
from bot.forms import Form
from bot.i18n import Translator
from bot.inbound import Actor, Place
from bot.messages import FixForm, Message, OpenForm, Replace, Reply, Say, Silence

PATIENCE = timedelta(seconds=10)
"""How long an answer waits for its turn; somebody is looking at their screen."""

TRIES = 3
LONGEST_WAIT = 10.0
PAUSE = 1.0
"""Seconds before it is tried again where Teams names none."""

AT_ONCE = 0.8
"""Seconds that a button waits for the answer to be in somebody's own chat, to say that it is."""

FOUNDING = "create"
"""What makes a circle, which then lives where its form was filled in."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Means:
    """Where somebody acted, and how they can be answered there."""

    into: Into
    place: Place
    actor: Actor
    t: Translator
    alone: int = 0
    targeted: bool = False

    @property
    def here(self) -> bool:
        """Whether others are in the conversation."""
        return self.place.kind == "group"

    @property
    def in_sight(self) -> bool:
        """Whether others see what was done here: not where it was meant for the bot alone."""
        return self.here and not self.targeted


@dataclass(frozen=True, slots=True)
class Done:
    """The answer to an invoke, and what is still to be said when it has been given."""

    body: Json | None
    after: Callable[[], Awaitable[None]] | None = None


class Answers:
    """Ways to answer; each ends well or is logged."""

    def __init__(self, speaker: Speaker, not_added: NotAdded, now: Callable[[], datetime]) -> None:
        self._speaker = speaker
        self._not_added = not_added
        self._now = now

    # ── what was written, or takes longer than an invoke may ─────────────────────────────────────────────────────────

    async def apply(self, by: Means, reply: Reply, typed: Typed = NOTHING_TYPED) -> None:
        """``typed``: what was sent with a form, to be shown again where something is wrong with it."""
        match reply:
            case Say(message, private):
                await (self._privately(by, message) if private else self._there(by, message))
            case Replace(message):
                await self._replace(by, message)
            case OpenForm(form):
                await self._offer(by, form)
            case FixForm(problems, Form() as form) if not self._stays(by, form):
                await self._to_them(by, [standing(form, problems, typed)])
            case FixForm(problems):
                await self._privately(by, listed(problems))
            case Silence():
                pass
            case _:
                assert_never(reply)

    # ── a button or a form of a card ─────────────────────────────────────────────────────────────────────────────────

    async def on_card(self, by: Means, reply: Reply, typed: Typed) -> Done:
        """``typed``: what was sent with a form, to be shown again where something is wrong with it."""
        match reply:
            case Replace(message):
                return Done(card(activities(message, here=by.here)[0]), lambda: self._replace(by, message))
            case Say(message, True) if by.alone == OWN and not by.here:
                return Done(card(activities(message)[0]), lambda: self._replace(by, message))
            case Say(message, True) if by.alone == OWN:
                return await self._beside(by, message, activities(message), lambda: self._taken(by))
            case Say(message, True) if by.alone:
                return Done(card(activities(message, here=by.here)[0]))
            case Say(message, True) if by.here:
                return await self._beside(by, message, activities(message))
            case FixForm(problems, Form() as form):
                again = form_card(form, problems, typed, here=by.here)
                return Done(card(activity(marked(again, by.alone or VIEW), form.title)))
            case FixForm(problems):
                words = listed(problems)
                return await self._beside(by, words, activities(words))
            case OpenForm(form) if by.here and not self._stays(by, form):
                return await self._beside(by, None, [standing(form)])
            case Say() | OpenForm():
                return Done(toast(NOTED), lambda: self.apply(by, reply))
            case Silence():
                return Done(toast(NOTED))
            case _:
                assert_never(reply)

    async def _beside(
        self, by: Means, message: Message | None, parts: list[Json], after: Callable[[], Awaitable[None]] | None = None
    ) -> Done:
        """What is short, beside the button; else where it is, once it is there, or why it is not."""
        brief = short(message) if message is not None else None
        if brief is not None:
            return Done(toast(brief), after)
        sending = asyncio.create_task(self._to_them(by, parts))
        await asyncio.wait({sending}, timeout=AT_ONCE)

        async def rest() -> None:
            await sending
            if after is not None:
                await after()

        if not sending.done() or sending.exception() is not None:
            return Done(toast(hints.one_moment(by.t)), rest)
        match sending.result():
            case None:
                return Done(toast(hints.in_our_chat(by.t)), rest)
            case problem if unreachable(problem):
                return Done(toast(hints.not_reached(by.t)), rest)
            case _:
                return Done(toast(hints.not_now(by.t)), rest)

    # ── a dialog ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def in_dialog(self, by: Means, reply: Reply, typed: Typed) -> Done:
        """What the dialog shows next, or that it closes."""
        match reply:
            case OpenForm(opened):
                return Done(shown(dialog(opened, place=by.place)))
            case FixForm(problems, Form() as form):
                return Done(shown(dialog(form, problems, typed, place=by.place)))
            case FixForm(problems):
                return Done(shown(said_dialog(listed(problems), place=by.place)))
            case Replace(message) if by.place.message is not None:
                return Done(None, lambda: self._replace(by, message))
            case Replace(message) | Say(message, True):
                return Done(shown(said_dialog(message, place=by.place)))
            case Say(message, _):
                return Done(None, lambda: self._there(by, message))
            case Silence():
                return Done(None)
            case _:
                assert_never(reply)

    # ── ways ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _there(self, by: Means, message: Message) -> None:
        if by.targeted:
            await self._privately(by, message)
        else:
            await self._say(by.into, activities(message, here=by.here))

    async def _privately(self, by: Means, message: Message) -> None:
        await self._to_them(by, activities(message))

    async def _offer(self, by: Means, form: Form) -> None:
        """A form as a message of its own."""
        if self._stays(by, form):
            await self._say(by.into, [standing(form, here=True)])
        else:
            await self._to_them(by, [standing(form)])

    def _stays(self, by: Means, form: Form) -> bool:
        """Whether a form stands here, for all: the one for what is to live here."""
        return by.in_sight and form.action.verb == FOUNDING

    async def _taken(self, by: Means) -> None:
        """A form that everybody saw was taken: that is for all; what came of it, for whoever sent it."""
        await self._replace(by, hints.filled_in(by.t, by.actor.name))

    async def _to_them(self, by: Means, parts: list[Json]) -> Exception | None:
        """Into their own chat; where that cannot be, they are told why, where they asked. Why it did not get there."""
        try:
            into = by.into
            if by.here:
                into = await patiently(lambda: self._speaker.chat(by.actor.workspace, by.actor.person, PATIENCE))
            return await self._say(into, parts, let=unreachable)
        except (*TROUBLE, TooFast) as problem:
            log.info("say", outcome="undelivered", reason=code(problem), workspace=by.actor.workspace)
            if by.here and unreachable(problem):
                asked_in = by.place.conversation
                await self._not_added.tell(by.actor.workspace, by.actor.person, self._now(), asked_in=asked_in)
            return problem

    async def _replace(self, by: Means, message: Message) -> None:
        """Change the message that was acted in. Words that no longer fit into it follow it."""
        first, *rest = activities(message, here=by.here)
        at = by.place.message
        try:
            if at is None:
                await self._to_them(by, [first, *rest])
                return
            await patiently(lambda: self._update(by.into, at, first))
        except (*TROUBLE, TooFast) as problem:
            log.info("replace", outcome="refused", reason=code(problem), workspace=by.actor.workspace)
            await self._to_them(by, [first, *rest])
            return
        await self._say(by.into, rest)

    async def _say(
        self, into: Into, parts: list[Json], let: Callable[[Exception], bool] = lambda _: False
    ) -> Exception | None:
        """In their order. What may have arrived is not said again; ``let``: which refusals the caller wants raised. The
        last thing that went wrong."""
        wrong: Exception | None = None
        for part in parts:
            try:
                await patiently(lambda part=part: self._post(into, part))  # type: ignore[misc]
            except (*TROUBLE, TooFast) as problem:
                if let(problem):
                    raise
                outcome = "unknown" if unknown(problem) else "refused"
                log.warning("say", outcome=outcome, reason=code(problem), workspace=into.workspace)
                wrong = problem
        return wrong

    async def _post(self, into: Into, part: Json) -> None:
        await self._turn(into)
        await self._speaker.post(into, part)

    async def _update(self, into: Into, message: str, content: Json) -> None:
        await self._turn(into)
        await self._speaker.update(into, message, content)

    async def _turn(self, into: Into) -> None:
        await self._speaker.turn(into.workspace, thread(into), patience=PATIENCE)


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """The call, again when Teams asks for a little patience. Raises what it raises otherwise."""
    for _ in range(TRIES - 1):
        try:
            return await call()
        except Refused as refusal:
            wait = _wait(refusal)
            if wait is None or wait > LONGEST_WAIT:
                raise
            await asyncio.sleep(wait)
    return await call()


def _wait(refusal: Refused) -> float | None:
    """Seconds until Teams wants to hear it again, which it did not do; None where it never does."""
    if refusal.status == 412:
        return PAUSE
    if refusal.status != 429:
        return None
    return refusal.wait if refusal.wait is not None else PAUSE
