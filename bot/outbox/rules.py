"""Values of the outbox. A row is a key, an address and times; its words are composed when it is claimed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.messages import Receipt

State = Literal["planned", "sending", "sent", "parked", "dropped"]
LEASE = timedelta(seconds=30)
"""How long a lane is held without a sign of life. A worker that is quiet for longer finds itself fenced."""

TOLD_WITHIN = timedelta(minutes=7)
"""How long a platform may take to tell of a post by itself: some try again at once, after one and five minutes."""

HEARD_WITHIN = timedelta(minutes=5)
"""Who heard of another post within this time would hear of this one too: its last telling is not before that."""

LONGEST_DOUBT = timedelta(hours=6)
"""What breaks at each try, or cannot be cleared up for so long, is not tried again: a human has to look."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The right to send for one workspace. ``token`` grows with every holder, so that an old one can be told apart.

    ``since``: until then another worker had it; None where nobody did, or it was this one.
    """

    workspace: int
    worker: str
    token: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Something to say: a unique key, to whom, from when, and until when it is worth saying.

    Either ``group`` alone (its homes) or ``person`` (in private; ``group`` then says what it is about). ``workspace``
    is the group's; where it is said in another one, ``owner`` is, and ``base`` is the key in the group's first home.
    """

    key: str
    workspace: int
    not_before: datetime
    expires: datetime | None = None
    group: int | None = None
    person: int | None = None
    owner: int | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the outbox. ``receipt`` tells where it was posted, ``reason`` why it was parked or dropped.

    ``workspace`` is where it is said; ``owner`` the group's, where that is another one.

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
    owner: int | None = None

    @property
    def ours(self) -> Row:
        """The row as its group sees it: in the group's own workspace, wherever it is said."""
        return self if self.owner is None else replace(self, workspace=self.owner, owner=None)

    @property
    def home(self) -> int:
        """The workspace in which it is said, of a post to a group's home."""
        last = self.key.rpartition(":")[2]
        return int(last[1:]) if last.startswith("@") else self.workspace

    @property
    def doubtful(self) -> bool:
        """An earlier try may have arrived without our knowing."""
        return self.tried is not None

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def args(self) -> tuple[str, ...]:
        parts = self.key.split(":")[1:]
        # The last tells only in which of a group's homes.
        return tuple(parts[:-1] if parts and parts[-1].startswith("@") else parts)


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
