"""Tells somebody who has not added the app how to, where they were seen, and once. Decides nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from html import escape

import structlog

from adapters.teams.connector import Json
from adapters.teams.hints import not_reached, speak
from adapters.teams.refusals import TROUBLE, code, unknown
from adapters.teams.speaking import Speaker, TooFast, thread
from adapters.teams.store import Contact
from bot.i18n import Translator

PATIENCE = timedelta(seconds=3)

log = structlog.get_logger(__name__)

Spoken = Callable[[int, str], str | None]
"""In which language somebody of a workspace is spoken to, as far as anything is known of it."""


def _unknown(workspace: int, person: str) -> None:
    del workspace, person


class NotAdded:
    """The hint in the channel: a name that is notified, and one sentence."""

    def __init__(self, speaker: Speaker, spoken: Spoken = _unknown) -> None:
        self._speaker = speaker
        self._spoken = spoken

    async def tell(self, workspace: int, person: str, now: datetime, *, asked_in: str | None = None) -> None:
        """``asked_in``: they have asked for something there, and the answer could not be given to them."""
        references = self._speaker.references
        contact = await self._speaker.ask(partial(references.contact, workspace, person))
        where = asked_in or (contact.seen_in if contact is not None else None)
        if contact is None or where is None:
            return
        t = speak(await self._speaker.ask(partial(self._spoken, workspace, contact.person)))
        if not await self._speaker.ask(partial(references.hint, workspace, contact.person, now)):
            return
        try:
            into = await self._speaker.into(workspace, where)
            await self._speaker.turn(workspace, thread(into), patience=PATIENCE)
            await self._speaker.post(into, hint(contact, t))
        except (*TROUBLE, TooFast) as problem:
            log.info("teams hint", outcome="refused", reason=code(problem), workspace=workspace)
            if isinstance(problem, TooFast) or not unknown(problem):
                await self._speaker.ask(partial(references.not_hinted, workspace, contact.person))
        else:
            log.info("teams hint", outcome="said", workspace=workspace)


def hint(contact: Contact, t: Translator) -> Json:
    """Words alone, so that the mention notifies: a card's would not reach somebody who has no app."""
    name = escape(contact.name or "…", quote=False)
    called = f"<at>{name}</at>"
    mention = {"type": "mention", "text": called, "mentioned": {"id": contact.user, "name": contact.name}}
    said = f"{called}: {escape(not_reached(t), quote=False)}"
    return {"type": "message", "textFormat": "xml", "text": said, "entities": [mention]}
