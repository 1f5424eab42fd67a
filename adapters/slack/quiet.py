"""A logger for Slack's libraries. They repeat what they got in their messages, so only the place of each is kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class Anonymous(logging.Filter):
    """Turns "Failed to run listener (error: …)" into "slack_bolt/app/async_app.py:312"."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = record.pathname
        record.msg = f"{path[max(path.rfind('/slack_'), 0) :].lstrip('/')}:{record.lineno}"
        record.args = None
        record.exc_info = None
        record.exc_text = None
        return True


def library() -> logging.Logger:
    """For everything that takes a logger; from warnings on."""
    logger = logging.getLogger("adapters.slack.library")
    logger.setLevel(logging.WARNING)
    if not any(isinstance(one, Anonymous) for one in logger.filters):
        logger.addFilter(Anonymous())
    return logger


@contextmanager
def unsaid() -> Iterator[None]:
    """What Slack's libraries say meanwhile is not kept."""
    logger = library()
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = False
