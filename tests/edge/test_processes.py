"""The processes of an installation: they say where they are, do their work, and end when they are asked to."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from adapters import database
from adapters.serve import listen
from adapters.settings import ROOT


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A migrated database."""
    url = f"sqlite:///{tmp_path}/circlet.db"
    store = database.connect(url)
    database.migrate(store)
    store.close()
    return url


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


def test_the_local_chat_starts_on_an_empty_folder_and_ends_when_asked(tmp_path: Path) -> None:
    with circlet("local", "--no-seed", "--data", str(tmp_path / "var" / "demo.db")) as process:
        assert answer(f"{address(process)}/api/state")["simulated"] is True


def test_a_first_start_makes_a_company_and_a_second_one_keeps_what_happened(tmp_path: Path) -> None:
    data = tmp_path / "var" / "demo.db"
    with circlet("local", "--data", str(data)) as process:
        assert "small company" in line(process)
        first = answer(f"{address(process)}/api/state")
        assert len(first["people"]) >= 14

    assert [file.name for file in data.parent.iterdir()] == ["demo.db"]

    with circlet("local", "--data", str(data)) as process:
        assert answer(f"{address(process)}/api/state") == first


def test_two_local_chats_find_a_port_each(tmp_path: Path) -> None:
    data = str(tmp_path / "demo.db")
    with circlet("local", "--no-seed", "--data", data) as one, circlet("local", "--no-seed", "--data", data) as two:
        assert address(one) != address(two)


def test_web_is_ready_when_it_says_where_it_is_and_ends_when_asked(url: str) -> None:
    with circlet("web", DATABASE_URL=url, PORT=str(free_port())) as process:
        assert answer(f"{address(process)}/readyz")["status"] == "ok"


def test_the_clock_ticks_and_ends_when_asked(url: str) -> None:
    with circlet("clock", DATABASE_URL=url, LOG_LEVEL="debug") as process:
        said = json.loads(line(process))
        assert (said["event"], said["outcome"], said["workspaces"]) == ("tick", "planned", 0)


def answer(url: str) -> dict[str, Any]:
    with urlopen(url, timeout=10) as response:
        body: dict[str, Any] = json.load(response)
        return body


def free_port() -> int:
    with listen("127.0.0.1", 20_000, tries=1000) as listening:
        port: int = listening.getsockname()[1]
        return port
