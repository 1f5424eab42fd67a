"""What fits into one message or view, and how what does not is shown: continued, or named in a "more". Pure.

Slack refuses more than 50 blocks in a message, 100 in a view, more than one table and two charts in a message, and
blocks of more than about 13,000 characters with their containers (``msg_blocks_too_long``, not documented:
https://github.com/slackapi/bolt-js/issues/2509, where a divider counted for 125).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adapters.slack.rich import note
from adapters.slack.text import Json, cost, cut, line
from bot.messages import Block, Message, words

MOST_BLOCKS = 50
MOST_IN_VIEW = 100
MOST_WEIGHT = 12_000
MOST_BYTES = 200_000
"""A view may have 250,000."""

_CONTAINER = 100
_MOST_OF: dict[str, int] = {"table": 1, "data_visualization": 2}
_NOTES = 2


@dataclass(frozen=True, slots=True)
class Drawn:
    """One block of Slack's, and the neutral blocks that begin in it; none where it only goes on with one."""

    block: Json
    begins: tuple[Block, ...] = ()


def drawn(blocks: Sequence[Json], source: Block) -> list[Drawn]:
    """The source's blocks, of which the first begins it."""
    return [Drawn(block, () if index else (source,)) for index, block in enumerate(blocks)]


def said(parts: Iterable[Drawn]) -> str:
    """The words of what begins in these blocks."""
    return words(Message(tuple(block for part in parts for block in part.begins)))


def packed(blocks: Iterable[Drawn]) -> list[list[Drawn]]:
    """One list for each message that is needed, with room for a note before and after."""
    parts: list[list[Drawn]] = [[]]
    kinds: Counter[str] = Counter()
    room = most = MOST_WEIGHT - _NOTES * 2 * _CONTAINER
    for block in blocks:
        kind, taken = block.block["type"], cost(block.block) + _CONTAINER
        full = len(parts[-1]) == MOST_BLOCKS - _NOTES or kinds[kind] == _MOST_OF.get(kind, MOST_BLOCKS)
        if parts[-1] and (full or taken > room):
            parts.append([])
            kinds.clear()
            room = most
        parts[-1].append(block)
        kinds[kind] += 1
        room -= taken
    return parts


def continued(part: list[Drawn], number: int, of: int) -> list[Json]:
    """The blocks of message ``number`` of so many, saying that there is more before and after."""
    before = [note(f"… continued ({number}/{of})")] if number > 1 else []
    after = [note(f"… continued in the next message ({number}/{of})")] if number < of else []
    return [*before, *(block.block for block in part), *after]


def bounded(blocks: Sequence[Drawn], most: int = MOST_IN_VIEW) -> list[Json]:
    """As many blocks as a view takes; the last of them names what there would be more."""
    kept, room = 0, MOST_BYTES
    for block in blocks:
        room -= bytes_of(block.block)
        if room < 0:
            break
        kept += 1
    if kept == len(blocks) and kept <= most:
        return [block.block for block in blocks]
    kept = min(kept, most - 1)
    return [*(block.block for block in blocks[:kept]), more(len(blocks) - kept, [said(blocks[kept:])])]


def more(count: int, names: Iterable[str]) -> Json:
    """ "… 12 more: …", with as many of their names as fit."""
    named = "; ".join(filter(None, map(line, names)))
    return note(cut(f"… {count} more: {named}" if named else f"… {count} more", 1500))


def bytes_of(block: Json) -> int:
    return len(repr(block).encode("utf-8", "replace"))
