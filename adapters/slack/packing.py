"""What fits into one message or view, and how what does not is shown: continued, or named in a "more". Pure.

Slack refuses more than 50 blocks in a message, 100 in a view, more than one table and two charts in a message, and
blocks of more than about 13,000 characters with their containers (``msg_blocks_too_long``, not documented:
https://github.com/slackapi/bolt-js/issues/2509, where a divider counted for 125).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from adapters.drawing import Drawn, Json, after_part, before_part, more, said
from adapters.slack.rich import note
from adapters.slack.text import bytes_of, cost
from bot.i18n import Translator

MOST_BLOCKS = 50
MOST_IN_VIEW = 100
MOST_WEIGHT = 12_000
MOST_BYTES = 200_000
"""A view may have 250,000."""

_CONTAINER = 100
_MOST_OF: dict[str, int] = {"table": 1, "data_visualization": 2}
_NOTES = 2


def packed(blocks: Iterable[Drawn]) -> list[list[Drawn]]:
    """One list for each message that is needed, with room for a note before and after."""
    parts: list[list[Drawn]] = [[]]
    kinds: Counter[str] = Counter()
    room = most = MOST_WEIGHT - _NOTES * 2 * _CONTAINER
    for block in blocks:
        kind, taken = block.piece["type"], cost(block.piece) + _CONTAINER
        full = len(parts[-1]) == MOST_BLOCKS - _NOTES or kinds[kind] == _MOST_OF.get(kind, MOST_BLOCKS)
        if parts[-1] and (full or taken > room):
            parts.append([])
            kinds.clear()
            room = most
        parts[-1].append(block)
        kinds[kind] += 1
        room -= taken
    return parts


def continued(t: Translator, part: list[Drawn], number: int, of: int) -> list[Json]:
    """The blocks of message ``number`` of so many, saying that there is more before and after."""
    before = [note(text)] if (text := before_part(t, number, of)) else []
    after = [note(text)] if (text := after_part(t, number, of)) else []
    return [*before, *(one.piece for one in part), *after]


def bounded(t: Translator, blocks: Sequence[Drawn], most: int = MOST_IN_VIEW) -> list[Json]:
    """As many blocks as a view takes; the last of them names what there would be more."""
    kept, room = 0, MOST_BYTES
    for block in blocks:
        room -= bytes_of(block.piece)
        if room < 0:
            break
        kept += 1
    if kept == len(blocks) and kept <= most:
        return [block.piece for block in blocks]
    kept = min(kept, most - 1)
    rest = more(t, len(blocks) - kept, [said(blocks[kept:])])
    return [*(block.piece for block in blocks[:kept]), note(rest)]
