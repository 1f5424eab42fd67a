"""What goes wrong on a bad day, told beforehand: for the next few calls, or for a share of all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

What = Literal["lose", "drop", "status", "limit", "slow", "answer"]


@dataclass(slots=True)
class Fault:
    what: What
    methods: frozenset[str]
    left: int | None
    share: float
    details: dict[str, Any]


@dataclass(slots=True)
class Faults:
    """Chance is a hash of the seed and the number of the draw: the same on every run."""

    seed: str = "slack"
    event_times: int = 1
    """How often every event is delivered."""
    told: list[Fault] = field(default_factory=list)
    happened: dict[str, int] = field(default_factory=dict)
    """How often each kind was carried out."""
    _draws: int = 0

    def lose_answers(
        self,
        next: int | None = None,
        share: float = 1.0,
        methods: Collection[str] = ("chat.postMessage",),
        how: Literal["drop", "500", "504"] = "drop",
    ) -> None:
        """It happens, but the caller does not hear of it: the connection is dropped, or a 5xx is answered."""
        self._tell("lose", methods, next, share, how=how)

    def drop(self, next: int | None = None, share: float = 1.0, methods: Collection[str] = ()) -> None:
        """The connection ends before anything happened."""
        self._tell("drop", methods, next, share)

    def fail(
        self, next: int | None = None, share: float = 1.0, methods: Collection[str] = (), status: int = 500
    ) -> None:
        """A 5xx is answered and nothing happens."""
        self._tell("status", methods, next, share, status=status)

    def limit(
        self, next: int | None = None, share: float = 1.0, methods: Collection[str] = (), retry_after: int = 1
    ) -> None:
        """429 with Retry-After, and nothing happens."""
        self._tell("limit", methods, next, share, retry_after=retry_after)

    def slow(self, seconds: float, next: int | None = None, share: float = 1.0, methods: Collection[str] = ()) -> None:
        """It happens at once, the answer takes its time."""
        self._tell("slow", methods, next, share, seconds=seconds)

    def answer(
        self, error: str, next: int | None = None, share: float = 1.0, methods: Collection[str] = ("chat.postMessage",)
    ) -> None:
        """Refused with this code, and nothing happens."""
        self._tell("answer", methods, next, share, error=error)

    def clear(self) -> None:
        self.told.clear()
        self.event_times = 1

    def _tell(self, what: What, methods: Collection[str], left: int | None, share: float, **details: Any) -> None:
        """No methods: every one."""
        self.told.append(Fault(what, frozenset(methods), left, share, details))

    def take(self, method: str, *kinds: What) -> Fault | None:
        """The fault of one of these kinds that befalls this call, if any; it is used up by that."""
        for fault in self.told:
            if fault.what not in kinds or (fault.methods and method not in fault.methods) or fault.left == 0:
                continue
            if fault.share < 1.0 and self._draw() >= fault.share:
                continue
            if fault.left is not None:
                fault.left -= 1
            self.happened[fault.what] = self.happened.get(fault.what, 0) + 1
            return fault
        return None

    def _draw(self) -> float:
        self._draws += 1
        digest = hashlib.sha256(f"{self.seed}:{self._draws}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64
