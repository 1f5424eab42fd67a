"""Says a post in Teams: in one conversation, as a new thread, or to everybody alone; as one message or several.

Of what is several messages it keeps which stand, so that a try that ended half-way is taken up where it ended.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import assert_never

import structlog

from adapters.teams.connector import Json, Refused
from adapters.teams.homes import EACH, Each, NewThread, Target
from adapters.teams.not_added import NotAdded
from adapters.teams.refusals import TROUBLE, code, is_gone, unknown, unreachable
from adapters.teams.render import activities
from adapters.teams.speaking import Into, Speaker, TooFast, thread
from bot.messages import Direct, Home, Post, Receipt

PATIENCE = timedelta(seconds=4)
"""How long a post waits for its turn before others go first."""

DONE = "done"
"""The part that says that all of them stand, and with which words."""

log = structlog.get_logger(__name__)


class Saying:
    """Raises what the connector raises, and TooFast."""

    def __init__(self, speaker: Speaker, not_added: NotAdded) -> None:
        self._speaker = speaker
        self._not_added = not_added

    async def say(self, post: Post, target: Target, now: datetime) -> Receipt:
        parts = activities(post.message, here=not isinstance(post.address, Direct))
        match target:
            case Into() as into:
                return await self._parts(post, into, parts, "")
            case NewThread():
                return await self._thread(post, target, parts)
            case Each():
                return await self._to_each(post, target, parts, now)
            case _:
                assert_never(target)

    async def edit(self, post: Post, at: Receipt, now: datetime) -> Receipt:
        """The message becomes the new words. Of several parts the last is what stands for them all."""
        parts = activities(post.message, here=not isinstance(post.address, Direct))
        if at.conversation.startswith(EACH):
            return await self._edit_each(post, at, parts, now)
        into = await self._speaker.into(post.workspace, at.conversation)
        try:
            await self._speaker.update(into, at.message, parts[-1])
        except Refused as refusal:
            if not is_gone(refusal) or isinstance(post.address, Direct):
                raise
            return await self._anew(post, into, parts[-1], at)
        return at

    async def _parts(self, post: Post, into: Into, parts: list[Json], name: str) -> Receipt:
        """All parts in their order; those that stand already, from a try that ended half-way, are not said again.

        What is one message keeps no note of itself: its receipt does.
        """
        if len(parts) == 1 and not name:
            return Receipt(into.conversation, await self._speaker.post(into, parts[0]))
        references = self._speaker.references
        standing = await self._standing(post)
        receipt = Receipt(into.conversation, "")
        for number, part in enumerate(parts):
            noted = f"{name}#{number}"
            if noted in standing:
                receipt = standing[noted]
                continue
            if number or name:
                await self._speaker.turn(post.workspace, thread(into), patience=PATIENCE)
            receipt = Receipt(into.conversation, await self._speaker.post(into, part))
            await self._note(post, noted, receipt)
        if not name:
            await self._speaker.ask(partial(references.forget_parts, post.workspace, post.key))
        return receipt

    async def _thread(self, post: Post, target: NewThread, parts: list[Json]) -> Receipt:
        """A new thread; or, where a try ended half-way, the one that it has begun."""
        begun = (await self._standing(post)).get("#0") if len(parts) > 1 else None
        if begun is None:
            made = await self._speaker.begin_thread(target.channel, target.team, parts[0])
            begun = Receipt(made.conversation, made.message or "")
            if len(parts) == 1:
                return begun
            await self._note(post, "#0", begun)
        return await self._parts(post, await self._speaker.into(post.workspace, begun.conversation), parts, "")

    async def _anew(self, post: Post, into: Into, content: Json, at: Receipt) -> Receipt:
        """The message was deleted, and what a group has to know is new: it is said once more.

        Where nobody knows whether that arrived, it is left at that: the next change finds out.
        """
        await self._speaker.turn(post.workspace, thread(into), patience=PATIENCE)
        try:
            return Receipt(into.conversation, await self._speaker.post(into, content))
        except TROUBLE as problem:
            if not unknown(problem):
                raise
            log.warning("teams anew", outcome="unknown", reason=code(problem), key=post.key, workspace=post.workspace)
            return at

    # ── to everybody alone ───────────────────────────────────────────────────────────────────────────────────────────

    async def _to_each(self, post: Post, target: Each, parts: list[Json], now: datetime) -> Receipt:
        """Whoever has no app is told how to add it, and holds nobody up; it is kept that they miss this."""
        if DONE in await self._standing(post):
            # It stood, and somebody asked for it once more.
            await self._speaker.ask(partial(self._speaker.references.forget_parts, post.workspace, post.key))
        problems = await self._to(post, target.people, parts, now)
        lasting = [problem for problem in problems if not unreachable(problem)]
        if lasting:
            raise next((problem for problem in lasting if _in_doubt(problem)), lasting[0])
        if problems and len(problems) == len(target.people):
            raise problems[0]
        await self._note(post, DONE, Receipt(target.home, _print(parts)))
        return Receipt(target.home, post.key)

    async def _to(self, post: Post, people: Sequence[str], parts: list[Json], now: datetime) -> list[Exception]:
        """Side by side. What went wrong; nothing for those whom all of it has reached."""
        references = self._speaker.references
        standing = await self._standing(post)

        async def one(person: str) -> Exception | None:
            try:
                into = await self._speaker.chat(post.workspace, person, PATIENCE)
                await self._parts(post, into, parts, person)
            except (*TROUBLE, TooFast) as problem:
                if unreachable(problem):
                    await self._note(post, missed_by(person), Receipt("", ""))
                    await self._not_added.tell(post.workspace, person, now)
                return problem
            if missed_by(person) in standing:
                await self._speaker.ask(partial(references.forget_part, post.workspace, post.key, missed_by(person)))
            return None

        outcomes = await asyncio.gather(*(one(person) for person in people))
        return [problem for problem in outcomes if problem is not None]

    async def _edit_each(self, post: Post, at: Receipt, parts: list[Json], now: datetime) -> Receipt:
        """Where the words are new, everybody's message becomes them; whoever missed it gets it if they can by now."""
        standing = await self._standing(post)
        done = standing.pop(DONE, None)
        if done is None or done.message != _print(parts):
            for receipt in _last_of_each(standing):
                into = await self._speaker.into(post.workspace, receipt.conversation)
                await self._speaker.turn(post.workspace, thread(into), patience=PATIENCE)
                try:
                    await self._speaker.update(into, receipt.message, parts[-1])
                except Refused as refusal:
                    if not unreachable(refusal) and not is_gone(refusal):
                        raise
            await self._note(post, DONE, Receipt(at.conversation, _print(parts)))
        members = post.address.members if isinstance(post.address, Home) else ()
        missing = [person for person in members if missed_by(person) in standing]
        for problem in await self._to(post, missing, parts, now):
            # What is in doubt is said once more at the next change.
            if not unreachable(problem) and not _in_doubt(problem):
                raise problem
        return at

    async def _standing(self, post: Post) -> dict[str, Receipt]:
        return await self._speaker.ask(partial(self._speaker.references.parts, post.workspace, post.key))

    async def _note(self, post: Post, part: str, receipt: Receipt) -> None:
        await self._speaker.ask(partial(self._speaker.references.stands, post.workspace, post.key, part, receipt))


def _in_doubt(problem: Exception) -> bool:
    return not isinstance(problem, TooFast) and unknown(problem)


def missed_by(person: str) -> str:
    """The part of a post that says that it could not be said to somebody."""
    return f"{person}!"


def _last_of_each(standing: Mapping[str, Receipt]) -> Iterable[Receipt]:
    """Of everybody's messages the last, which stands for them all."""
    last: dict[str, tuple[int, Receipt]] = {}
    for name, receipt in standing.items():
        person, _, number = name.rpartition("#")
        if number.isdecimal() and int(number) >= last.get(person, (0, receipt))[0]:
            last[person] = int(number), receipt
    return [receipt for _, receipt in last.values()]


def _print(parts: list[Json]) -> str:
    """By which it is known whether the words are the same."""
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
