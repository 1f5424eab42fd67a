"""The configuration of logs. They hold ids, verbs, keys, outcomes and ms; never names, texts, answers or tokens."""

from __future__ import annotations

import logging
import sys
from traceback import format_tb
from typing import Literal
from uuid import uuid4

import structlog
from structlog.typing import ExcInfo, Processor

Format = Literal["json", "console"]


def configure(level: str, style: Format) -> None:
    """Send our logs, and those of the libraries from warnings on, to stderr."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_drawn(style)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("adapters").setLevel(level.upper())


def report(bug: BaseException, event: str, **ids: object) -> str:
    """Log a bug, by the lines it went through. Returns the id that whoever met it is told."""
    incident = uuid4().hex[:8]
    structlog.get_logger(__name__).error(event, outcome="bug", incident=incident, exc_info=bug, **ids)
    return incident


def _drawn(style: Format) -> list[Processor]:
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    traceback = structlog.processors.ExceptionRenderer(where)
    if style == "console":
        return [remove, traceback, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    return [remove, traceback, structlog.processors.JSONRenderer()]


def where(exc_info: ExcInfo) -> str:
    """The places and kinds of an exception and of those that led to it, the first cause first.

    Without its message: that often repeats a value, such as a database's "Key (name)=(…) already exists".
    """
    chain: list[BaseException] = []
    error: BaseException | None = exc_info[1]
    while error and error not in chain:
        chain.insert(0, error)
        error = error.__cause__ or error.__context__
    return "\nthen\n".join(
        "".join((*format_tb(error.__traceback__), f"{type(error).__module__}.{type(error).__qualname__}"))
        for error in chain
    )
