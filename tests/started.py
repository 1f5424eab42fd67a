"""``circlet`` as processes of their own; and the small company that the first start of a local chat makes."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from adapters.settings import ROOT


@contextmanager
def circlet(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A process; afterwards it has ended by itself within ten seconds of a SIGTERM."""
    process = subprocess.Popen(
        [sys.executable, "-m", "adapters", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=1,
    )
    with process:
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


def address(process: subprocess.Popen[str]) -> str:
    said = line(process)
    found = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert found, said
    return found[0]


def answer(url: str) -> dict[str, Any]:
    with urlopen(url, timeout=10) as response:
        body: dict[str, Any] = json.load(response)
        return body


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What a first ``circlet local`` said and answered, and the folder that it left, to copy from."""

    folder: Path
    said: str
    state: dict[str, Any]


def first_start(place: Path) -> FirstStart:
    """Made once for all processes that run tests, since it takes a quarter of a minute: the others wait for it here."""
    place.mkdir(exist_ok=True)
    folder, kept = place / "var", place / "kept.json"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            with circlet("local", "--data", str(folder / "demo.db")) as process:
                said = line(process)
                state = answer(f"{address(process)}/api/state")
            # Last: it tells the others that the process has come to its end as it should.
            kept.write_text(json.dumps({"said": said, "state": state}))
    return FirstStart(folder, **json.loads(kept.read_text()))
