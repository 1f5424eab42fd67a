"""Figures of published answers: means, bars that are wide enough, and the change of paired people. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

from bot.counts import Counts

LEAST_IN_BAR = 3
"""A bar of fewer people is drawn together with its neighbour."""

_T_95 = {4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228, 11: 2.201, 12: 2.179, 13: 2.160,
         14: 2.145, 15: 2.131, 16: 2.120, 17: 2.110, 18: 2.101, 19: 2.093, 20: 2.086, 21: 2.080, 22: 2.074, 23: 2.069,
         24: 2.064, 25: 2.060, 26: 2.056, 27: 2.052, 28: 2.048, 29: 2.045, 30: 2.042, 40: 2.021, 60: 2.000,
         120: 1.980}  # fmt: skip
"""The two-sided 95 % point of Student's t by degrees of freedom; between two of them the larger value holds."""

PROMOTERS = (("0", "6"), ("7", "8"), ("9", "10"))
"""The three parts in which answers from 0 to 10 are shown, the customary ones."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How many answered from ``first`` to ``last``, which are the same where the bar is of one answer."""

    first: str
    last: str
    n: int


@dataclass(frozen=True, slots=True)
class Change:
    """The mean of what each person moved by, and its 95 % interval by Student's t for paired differences."""

    n: int
    mean: float
    low: float
    high: float


def total(counts: Counts) -> int:
    return sum(n for _, n in counts)


def mean(counts: Counts) -> float:
    """To one decimal: more would claim more than so few people can tell."""
    return round(sum(int(value) * n for value, n in counts) / total(counts), 1)


def bars(counts: Counts, values: Sequence[str]) -> tuple[Bar, ...]:
    """The distribution over ordered answers: neighbours are drawn together until each bar is of three people or more.
    None where a single bar would be left: it would say nothing that n does not."""
    by_value = dict(counts)
    parts = [(low, high) for low, high in PROMOTERS] if len(values) == 11 else [(value, value) for value in values]
    found: list[Bar] = []
    for low, high in parts:
        n = sum(by_value.get(value, 0) for value in values[values.index(low) : values.index(high) + 1])
        if found and found[-1].n < LEAST_IN_BAR:
            found[-1] = Bar(found[-1].first, high, found[-1].n + n)
        else:
            found.append(Bar(low, high, n))
    if len(found) > 1 and found[-1].n < LEAST_IN_BAR:
        last = found.pop()
        found[-1] = Bar(found[-1].first, last.last, found[-1].n + last.n)
    return tuple(found) if len(found) > 1 else ()


def shares(counts: Counts, values: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """The distribution over answers without an order: those of fewer than three people are one bar, named ""."""
    by_value = dict(counts)
    shown = [(value, by_value.get(value, 0)) for value in values if by_value.get(value, 0) >= LEAST_IN_BAR]
    others = total(counts) - sum(n for _, n in shown)
    while shown and 0 < others < LEAST_IN_BAR:
        smallest = min(shown, key=lambda one: one[1])
        shown.remove(smallest)
        others += smallest[1]
    found = (*shown, *((("", others),) if others else ()))
    return found if len(found) > 1 else ()


def change(changes: Counts) -> Change:
    """Of at least five differences, as ``disclosure`` tells them. The interval is rounded outwards: it promises no
    more than it holds."""
    n = total(changes)
    middle = sum(int(value) * count for value, count in changes) / n
    variance = sum(count * (int(value) - middle) ** 2 for value, count in changes) / (n - 1)
    reach = _t(n - 1) * sqrt(variance / n)
    # To nine digits first: 0.3 is not to become 0.2 because it is kept as 0.29999999999999998.
    low, high = (round(10 * (middle + side), 9) for side in (-reach, reach))
    return Change(n, round(middle, 1), floor(low) / 10, ceil(high) / 10)


def _t(freedom: int) -> float:
    return _T_95[max(known for known in _T_95 if known <= freedom)]
