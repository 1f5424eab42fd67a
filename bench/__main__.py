"""``python -m bench [part]``: measures, prints a table and keeps the figures in var/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter

from adapters.settings import ROOT
from bench import core, slack, teams
from bench.timing import Figure, table

RESULTS = ROOT / "var" / "bench.json"
PARTS: Mapping[str, Callable[[], Sequence[Figure]]] = {
    "core": core.measure,
    "slack": slack.measure,
    "teams": teams.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=tuple(PARTS), help="only this part; otherwise all of them")
    only = parser.parse_args().part
    for part in [only] if only else PARTS:
        started = perf_counter()
        figures = PARTS[part]()
        print(f"\n{part}: {perf_counter() - started:.0f} s, {machine()}\n\n{table(figures)}\n")
        keep(RESULTS, part, figures)
        print(f"Kept in {RESULTS.relative_to(ROOT)}")


def machine() -> str:
    """How many processors there are, and how many were wanted in the last five minutes: more makes figures worse."""
    load = f", load {os.getloadavg()[1]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} processors{load}, {platform.system()}, Python {platform.python_version()}"


def keep(file: Path, part: str, figures: Sequence[Figure]) -> None:
    """Write a part's figures into the file, beside those of other parts. What was not measured is null."""
    kept = json.loads(file.read_text()) if file.exists() else {}
    kept[part] = {figure.name: None if figure.value is None else round(figure.value, 3) for figure in figures}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(kept, indent=2) + "\n")


main()
