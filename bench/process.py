"""The local chat as a process: how soon it answers, and how much memory it takes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import cycle, islice, product
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlsplit

from bench.servers import running
from bench.timing import Figure, median

STARTS = 3
START_SECONDS = 2
PATIENCE_SECONDS = 60
EVENTS = 1_000
COMMANDS = ("", "agenda", "roster", "status", "goal", "help")


def processes(folder: Path) -> Iterator[Figure]:
    print("local chat: starting and talking to it", file=sys.stderr)
    seconds = [_start(folder / f"start-{turn}.db") for turn in range(STARTS)]
    yield Figure("start.first_answer", median(seconds), "s", START_SECONDS)
    with _local(folder / "memory.db", "--seed") as chat:
        first = _megabytes(chat.process.pid)
        _talk(chat)
        later = _megabytes(chat.process.pid)
    note = "this system has no /proc"
    yield Figure("memory.local.start", first, "MB", note=note)
    yield Figure(f"memory.local.after_{EVENTS}", later, "MB", note=note)


@dataclass(frozen=True, slots=True)
class Chat:
    """A local chat that has answered, ``seconds`` after it was started."""

    process: subprocess.Popen[str]
    connection: HTTPConnection
    seconds: float

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer. Raises AssertionError for anything but a 200."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = self.connection.getresponse()
        said = response.read()
        assert response.status == 200, said
        return json.loads(said)


def _start(data: Path) -> float:
    """Seconds from starting on a folder without a database (so it is migrated first) to the first answer."""
    with _local(data, "--no-seed") as chat:
        return chat.seconds


def _talk(chat: Chat) -> None:
    """Everybody types commands, until there were enough."""
    people = [person["id"] for person in chat.ask("GET", "/api/state")["people"]]
    for person, command in islice(cycle(product(people, COMMANDS)), EVENTS):
        chat.ask("POST", "/api/commands", {"as": person, "conversation": f"dm-{person}", "text": f"/circle {command}"})


@contextmanager
def _local(data: Path, seed: str) -> Iterator[Chat]:
    started = perf_counter()
    with running("adapters", "local", seed, "--port", "18080", "--data", str(data)) as process:
        assert process.stdout is not None
        found = next((found for line in process.stdout if (found := re.search(r"http://\S+", line))), None)
        assert found, "the local chat ended without saying where it is"
        connection = _answering(urlsplit(found[0]).netloc, started + PATIENCE_SECONDS)
        yield Chat(process, connection, perf_counter() - started)
        connection.close()


def _answering(host: str, until: float) -> HTTPConnection:
    """A connection on which the local chat has given its state. It says where it is a moment before it answers."""
    while True:
        connection = HTTPConnection(host, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", "/api/state")
            response = connection.getresponse()
            response.read()
            if response.status == 200:
                return connection
        except OSError:
            if perf_counter() > until:
                raise
        connection.close()
        sleep(0.005)


def _megabytes(pid: int) -> float | None:
    """The memory that a process occupies (RSS); None where the system does not tell it as Linux does."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
    return int(found[1]) / 1024 if found else None
