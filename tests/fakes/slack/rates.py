"""How often one may call: by tier per method, team and app; posts by conversation. Off until switched on.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Rates:
    seconds: Callable[[], float]
    on: bool = False
    burst: int = 1
    """Posts in one conversation that may come at once; after that one a second."""
    posts_a_minute: int = 600
    """In a whole team."""
    history_a_minute: int | None = None
    """For apps that are distributed outside the Marketplace: 1."""
    _calls: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait(self, method: str, team: str, a_minute: int, channel: str) -> int:
        """Seconds to wait before calling again, whole and at least 1; 0 when the call may go on (and is counted)."""
        if not self.on:
            return 0
        if method == "chat.postMessage":
            return self._in_channel(f"{team}:{channel}") or self._window(method, team, self.posts_a_minute)
        if method == "conversations.history" and self.history_a_minute is not None:
            a_minute = self.history_a_minute
        return self._window(method, team, a_minute)

    def _window(self, method: str, team: str, a_minute: int) -> int:
        now, calls = self.seconds(), self._calls[(method, team)]
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= a_minute:
            return max(1, math.ceil(calls[0] + 60 - now))
        calls.append(now)
        return 0

    def _in_channel(self, channel: str) -> int:
        """A bucket that holds ``burst`` and is filled by one a second."""
        now = self.seconds()
        left, at = self._buckets.get(channel, (float(self.burst), now))
        left = min(float(self.burst), left + now - at)
        if left < 1 - 1e-6:
            self._buckets[channel] = (left, now)
            return max(1, math.ceil(1 - left))
        self._buckets[channel] = (left - 1, now)
        return 0
