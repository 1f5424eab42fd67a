"""Servers in processes of their own, and how fast they answer. Knows no platform."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from socket import create_server
from time import perf_counter

from aiohttp import ClientError, ClientSession

from adapters.settings import ROOT
from bench.timing import Figure

REQUESTS = 600
WARM_UP = 50
AT_ONCE = 16
STEADY_SECONDS = 6
PATIENCE_SECONDS = 30
ANSWER_TIMES = 2
P99_MS = 100

Act = Callable[[int], Awaitable[float]]
"""One request with a number; seconds to its answer."""


@contextmanager
def running(
    *module: str, settings: Mapping[str, str] = {}, stdout: int = subprocess.PIPE
) -> Iterator[subprocess.Popen[str]]:
    """``python -m`` a module with its arguments, until the block ends; what it prints can be read."""
    # As where it is installed: what Python has compiled is kept for the next start.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command, env = [sys.executable, "-m", *module], {**kept, **settings}
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=stdout, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()


@asynccontextmanager
async def answering(*module: str, settings: Mapping[str, str]) -> AsyncIterator[None]:
    """The module runs, and answers on the ``PORT`` of its settings."""
    with running(*module, settings=settings, stdout=subprocess.DEVNULL):
        until = perf_counter() + PATIENCE_SECONDS
        async with ClientSession() as session:
            while True:
                try:
                    await session.get(f"http://127.0.0.1:{settings['PORT']}/")
                    break
                except ClientError:
                    if perf_counter() > until:
                        raise
                    await asyncio.sleep(0.05)
        yield


def free_port() -> int:
    with create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class Answers:
    """How fast a server answers: as many as it can, and one by one at a steady rate."""

    def __init__(self, seconds: float, steady: Sequence[float]) -> None:
        self.rate = REQUESTS / seconds
        ordered = sorted(steady)
        self.p50, self.p99 = (ordered[len(ordered) * part // 100] * 1000 for part in (50, 99))


async def answers(act: Act, rate: int) -> Answers:
    """``rate``: how many a second are steady."""
    await _many(act, WARM_UP)
    steady = await _steadily(act, rate)
    started = perf_counter()
    await _many(act, REQUESTS)
    return Answers(perf_counter() - started, steady)


async def _many(act: Act, count: int) -> None:
    left = iter(range(count))

    async def one_after_the_other() -> None:
        for number in left:
            await act(number)

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))


async def _steadily(act: Act, rate: int) -> list[float]:
    """Seconds to each answer at a steady rate, whatever became of those before."""
    started = asyncio.get_running_loop().time()

    async def one(number: int) -> float:
        await asyncio.sleep(started + number / rate - asyncio.get_running_loop().time())
        return await act(number)

    return list(await asyncio.gather(*(one(number) for number in range(rate * STEADY_SECONDS))))


def compared(kind: str, ours: Answers, bare: Answers) -> tuple[Figure, ...]:
    return (
        Figure(f"{kind}.rate", ours.rate, "/s"),
        Figure(f"{kind}.bare.rate", bare.rate, "/s"),
        Figure(f"{kind}.times", bare.rate / ours.rate, "times", ANSWER_TIMES),
        Figure(f"{kind}.p50", ours.p50, "ms"),
        Figure(f"{kind}.p99", ours.p99, "ms", P99_MS),
        Figure(f"{kind}.bare.p50", bare.p50, "ms"),
        Figure(f"{kind}.bare.p99", bare.p99, "ms"),
    )
