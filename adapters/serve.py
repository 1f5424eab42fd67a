"""Listening sockets, and a process's life from its start to a graceful end. Knows no route."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiohttp import web

from bot.errors import ConfigError


def listen(host: str, port: int, tries: int = 1) -> socket.socket:
    """A listening socket on the first free port from ``port`` on. Raises ConfigError where there is none."""
    for candidate in range(port, min(port + tries, 65536)):
        try:
            return socket.create_server((host, candidate), family=_family(host))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ConfigError(f"Cannot listen on {host}:{candidate}: {error.strerror or error}") from None
    ports = f"port {port}" if tries == 1 else f"every port from {port} to {port + tries - 1}"
    raise ConfigError(f"Cannot listen on {host}: {ports} is taken by another program")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def address(listening: socket.socket) -> str:
    """``http://127.0.0.1:8080`` of a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(
    app: web.Application,
    listening: socket.socket,
    announce: Callable[[str], None] = lambda _: None,
    patience: float = 10.0,
) -> None:
    """Serve until SIGTERM or SIGINT; then requests that are under way get ``patience`` seconds to end.

    ``announce`` is told the address once it answers there.
    """
    stopped = stop_signal()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=patience)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        announce(address(listening))
        with at_rest():
            await stopped.wait()
    finally:
        await runner.cleanup()


@contextmanager
def at_rest() -> Iterator[None]:
    """What is in memory now stays for as long as this lasts: guides, tables, libraries.

    Looked through for rubbish again and again, it would stop everybody for some hundred milliseconds:
    https://docs.python.org/3/library/gc.html#gc.freeze
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def stop_signal() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set from now on, instead of ending the process."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    return stopped
