"""Logs as an installation writes them, for as long as a test wants."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from adapters import logs


@contextmanager
def logged(level: str = "debug", style: logs.Format = "json") -> Iterator[None]:
    """Unless told otherwise everything is logged that can be."""
    root, ours = logging.getLogger(), logging.getLogger("adapters")
    handlers, levels, before = root.handlers[:], (root.level, ours.level), structlog.get_config()
    logs.configure(level, style)
    structlog.configure(cache_logger_on_first_use=False)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(levels[0])
        ours.setLevel(levels[1])
        structlog.configure(**before)
