"""What a benchmark says: a figure, its unit, its aim. Measures durations and knows nothing of what is measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median as median
from statistics import quantiles
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. ``value`` None: not measured, and ``note`` says why. ``at_most`` None: no aim is set."""

    name: str
    value: float | None
    unit: str
    at_most: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None where there is no aim or no value."""
        return None if self.value is None or self.at_most is None else self.value <= self.at_most


def ms(run: Callable[[], object]) -> float:
    """How long one call takes, in ms."""
    started = perf_counter()
    run()
    return (perf_counter() - started) * 1000


def p95(durations: Sequence[float]) -> float:
    """What 95 of 100 stay under."""
    return quantiles(durations, n=20, method="inclusive")[-1]


def table(figures: Sequence[Figure]) -> str:
    """The figures as text, in columns."""
    head = ("figure", "value", "unit", "aim", "met?")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(
            cell.rjust(width) if column == 1 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join((lines[0], "  ".join("-" * width for width in widths), *lines[1:]))


def _row(figure: Figure) -> tuple[str, str, str, str, str]:
    aim = "" if figure.at_most is None else f"≤ {_number(figure.at_most)}"
    if figure.value is None:
        return figure.name, "–", figure.unit, aim, f"not measured: {figure.note}"
    return figure.name, _number(figure.value), figure.unit, aim, {None: "", True: "yes", False: "NO"}[figure.met]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
