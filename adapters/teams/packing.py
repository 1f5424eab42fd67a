"""What fits into one message or dialog, and how what does not is shown: continued, or named in a "more". Pure.

Teams takes about 100 KB with all envelopes and advises 80: https://learn.microsoft.com/microsoftteams/platform/bots/
how-to/format-your-bot-messages. The body of a card takes at most ``MOST_CARD`` of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapters.drawing import Drawn, Json, after_part, before_part, more, said
from adapters.teams.rich import dump, note
from adapters.teams.text import weight
from bot.i18n import Translator

MOST_CARD = 60_000
MOST_ELEMENTS = 150
"""Longer cards are cut by the clients behind a "see more", and read by nobody."""


def packed(elements: Iterable[Drawn]) -> list[list[Drawn]]:
    """One list for each message that is needed."""
    parts: list[list[Drawn]] = [[]]
    room = MOST_CARD
    for element in elements:
        taken = weight(element.piece)
        if parts[-1] and (len(parts[-1]) == MOST_ELEMENTS or taken > room):
            parts.append([])
            room = MOST_CARD
        parts[-1].append(element)
        room -= taken
    return parts


def continued(t: Translator, part: list[Drawn], number: int, of: int) -> list[Json]:
    """The elements of message ``number`` of so many, saying that there is more before and after."""
    before = [dump(note(text))] if (text := before_part(t, number, of)) else []
    after = [dump(note(text))] if (text := after_part(t, number, of)) else []
    return [*before, *(one.piece for one in part), *after]


def bounded(t: Translator, elements: Sequence[Drawn]) -> list[Json]:
    """As many elements as one card takes; the last of them names what there would be more."""
    kept = len(packed(elements)[0])
    if kept == len(elements):
        return [one.piece for one in elements]
    rest = more(t, len(elements) - kept, [said(elements[kept:])])
    return [*(one.piece for one in elements[:kept]), dump(note(rest))]
