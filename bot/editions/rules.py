"""Which text of its guide a group follows, from which session on. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.guides.rules import Guide

Editions = tuple[tuple[int, str], ...]
"""(first session, digest), in their order: each holds up to the session where the next one begins. Empty: whatever is
installed."""


class Follows(Protocol):
    """What follows a guide: a group."""

    @property
    def guide(self) -> str: ...

    @property
    def editions(self) -> Editions: ...


def joined(parts: Sequence[tuple[int, Guide]]) -> Guide:
    """One guide of several of its texts: the sessions of each from its own first one on, all else from the newest."""
    ends = [since for since, _ in parts[1:]]
    sessions = tuple(
        session
        for (since, guide), until in zip(parts, [*ends, None], strict=True)
        for session in guide.sessions
        if since <= session.number and (until is None or session.number < until)
    )
    return replace(parts[-1][1], sessions=sessions)
