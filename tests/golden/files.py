"""The files that keep how everything the bot says looks on a platform, and the difference to how it looks now.

A change of words or looks shows as a difference of files. Look at it, and where it is meant, write them anew:
``CIRCLET_WRITE_GOLDEN=1 pytest tests/golden tests/slack/test_golden.py tests/teams/test_golden.py``.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from adapters.gallery.examples import EXAMPLES

HERE = Path(__file__).parent
WRITE = "CIRCLET_WRITE_GOLDEN"


@dataclass(frozen=True, slots=True)
class Golden:
    """One platform's files, a file for each example."""

    platform: str
    drawn: Callable[[str], object]
    """How the example with this name looks there, as JSON."""

    def check(self, name: str) -> None:
        """The example looks as its file says."""
        file, now = self._file(name), json.dumps(self.drawn(name), ensure_ascii=False, indent=1) + "\n"
        if os.environ.get(WRITE):
            file.parent.mkdir(exist_ok=True)
            file.write_text(now)
        kept = file.read_text() if file.exists() else ""

        assert kept == now, f"{file.name} is different or new; if that is meant, run this test with {WRITE}=1"

    def check_names(self) -> None:
        """Each example has a file of its own, and no file is left of one that is gone."""
        names = [self._file(name) for name in EXAMPLES]
        kept = set(self._folder.glob("*.json"))
        if os.environ.get(WRITE):
            for file in kept - set(names):
                file.unlink()
            return

        assert len(set(names)) == len(names)
        assert kept == set(names)

    @property
    def _folder(self) -> Path:
        return HERE / self.platform

    def _file(self, name: str) -> Path:
        return self._folder / f"{re.sub('[^a-z0-9]+', '-', name.replace('_', '-').lower()).strip('-')}.json"
