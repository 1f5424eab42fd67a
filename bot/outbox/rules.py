"""Values of the outbox. A row is a key, an address and times; its words are composed when it is claimed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.messages import Receipt

State = Literal["planned", "sending", "sent", "parked", "dropped"]
LEASE = timedelta(seconds=30)
"""How long a lane is held without a sign of life. A worker that is quiet for longer finds itself fenced."""

TOLD_WITHIN = timedelta(minutes=6)
"""How long a platform may take to tell of a post by itself: some try once more after one and after five minutes."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The right to send for one workspace. ``token`` grows with every holder, so that an old one can be told apart."""

    workspace: int
    worker: str
    token: int


@dataclass(frozen=True, slots=True)
class Due:
    """Something to say: a unique key, to whom, from when, and until when it is worth saying.

    Either ``group`` alone (its home) or ``person`` (in private; ``group`` then says what it is about).
    """

    key: str
    workspace: int
    not_before: datetime
    expires: datetime | None = None
    group: int | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the outbox. ``receipt`` tells where it was posted, ``reason`` why it was parked or dropped.

    ``since``: when it came into this state. ``tried``: when the try began of which nobody knows how it ended.
    """

    key: str
    workspace: int
    group: int | None
    person: int | None
    not_before: datetime
    expires: datetime | None
    state: State
    attempts: int
    receipt: Receipt | None
    reason: str
    since: datetime
    tried: datetime | None = None

    @property
    def doubtful(self) -> bool:
        """An earlier try may have arrived without our knowing."""
        return self.tried is not None

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def args(self) -> tuple[str, ...]:
        return tuple(self.key.split(":")[1:])


def fairly(waiting: Sequence[tuple[str, int | None]], limit: int) -> tuple[str, ...]:
    """Of rows (key, place) in their order: the first of each place before the second of any, up to a number of them."""
    turns: Counter[int | None] = Counter()
    in_turn: list[tuple[int, int, str]] = []
    for number, (one, place) in enumerate(waiting):
        in_turn.append((turns[place], number, one))
        turns[place] += 1
    return tuple(one for _, _, one in sorted(in_turn)[:limit])


def key(kind: str, *args: str | int) -> str:
    """ "prompt:17:3": what is said, to be said once."""
    return ":".join((kind, *(str(arg) for arg in args)))
