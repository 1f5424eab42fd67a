"""How often each answer was given, and when that may be told without telling who gave it. Pure, and the same for every
question that is answered in confidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

LEAST = 5
"""Nothing is told about fewer people than this."""

APART = 2
"""So many people, at least, answered otherwise than most did: one of them may be the one who looks."""

Counts = tuple[tuple[str, int], ...]
"""How many gave each answer, in the order of the answers' text; only those that were given."""


def told(values: Sequence[str]) -> Counts | None:
    """How often each was given; None where there are too few, or where all, or all but one, are the same."""
    counts = Counter(values)
    if len(values) < LEAST or max(counts.values()) > len(values) - APART:
        return None
    return tuple(sorted(counts.items()))
