"""What may be told of answers without telling any one of them. Pure, and the only way from an answer to a figure.

The rule, in four sentences. Figures are published in *batches*, once, and never change after that. **Every answer is
counted in at most one batch**, for ever; a batch holds at least five people, each once, of more than one group. What a
batch tells is the same whoever of its people gave which of its answers. And it tells nothing at all where that would
not help: where all, or all but one, of its people answered alike.

Why that is enough. Whatever two figures somebody subtracts, groups from program, this week from last, before somebody
left from after, mentors from everybody: each figure is made of whole batches, so the difference is one too, and never a
part of a batch. Inside a batch the answers can be dealt to its people in any order and every figure ever shown stays as
it is. Whoever looks may know one answer, their own; of the others at least two answered differently, so nobody else's
is certain. Who has answered, and when people come and go, may be known to all: it moves nobody from batch to batch.

An answer that is compared with a later one waits for that: start and end of the same people are one batch. Counted
alone at the start and again, among those who stayed, at the end, whoever left would be the difference. Start, end and
change are told as one too: of what two of them say about the third nothing is told that the third alone would not be.

Why something is not told is a figure as well. So it is said in the same words whatever the reason is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.counts import LEAST, Counts, told

LARGEST_SHARE = Fraction(2, 3)
"""Of a batch, at most this part is of one group: a circle is never shown alone, nor with one stranger in it."""


@dataclass(frozen=True, slots=True)
class Given:
    """One person's answer, in one group; ``later`` where it is compared with one they gave at a later poll."""

    group: int
    person: int
    value: str
    later: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What is told of some people's answers. None: it would tell what somebody answered.

    ``later`` and ``changes`` only where each of them answered twice: the later answers, and by how much each moved.
    """

    n: int
    counts: Counts | None
    later: Counts | None = None
    changes: Counts | None = None
    paired: bool = False


def chosen(waiting: Iterable[Given]) -> tuple[Given, ...]:
    """Those of the waiting answers that can be told together now; none where they are too few, or of one group.

    Looks only at who has answered, never at what. Of somebody who is in several groups one answer is taken, the others
    wait for another batch.
    """
    once: dict[int, Given] = {}
    for given in sorted(waiting, key=lambda one: (one.group, one.person)):
        once.setdefault(given.person, given)
    found = tuple(once.values())
    return found if _enough(found) else ()


def _enough(found: Sequence[Given]) -> bool:
    if len(found) < LEAST:
        return False
    largest = max(Counter(given.group for given in found).values())
    return largest <= LARGEST_SHARE * len(found)


def batch(found: Sequence[Given]) -> Batch:
    """What is told of these answers: of the ``chosen`` ones, and of them once."""
    counts = told([given.value for given in found])
    paired = all(given.later is not None for given in found)
    if not paired:
        return Batch(len(found), counts)
    later = told([given.later or "" for given in found])
    moved = told([str(int(given.later or 0) - int(given.value)) for given in found])
    return both_ends(len(found), counts, later, moved)


def both_ends(n: int, counts: Counts | None, later: Counts | None, moved: Counts | None) -> Batch:
    """A batch of people who answered twice. Where nearly all of them moved alike the end is not told either: beside the
    start it would say by how much."""
    changes = moved if counts and later else None
    return Batch(n, counts, later if changes or not counts else None, changes, paired=True)


def added(parts: Iterable[Counts]) -> Counts:
    """Several batches together."""
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update(dict(part))
    return tuple(sorted(counts.items()))


def pairs(earlier: Mapping[tuple[int, int], str], later: Mapping[tuple[int, int], str]) -> tuple[Given, ...]:
    """The people who gave both answers, by (group, person)."""
    return tuple(
        Given(group, person, earlier[group, person], value)
        for (group, person), value in sorted(later.items())
        if (group, person) in earlier
    )
