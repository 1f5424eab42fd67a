"""What a platform must be able to do to deliver posts. Knows no platform."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.messages import Post, Receipt


class DeliveryFailed(Exception):
    """A post that certainly did not arrive. ``retry_at`` is when to try again; None parks it for a person to see.

    ``reason`` is kept with the post and shown to facilitators: a platform's error code or a sentence, never a token or
    what was to be said.
    """

    def __init__(self, reason: str, retry_at: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_at = retry_at


class Courier(Protocol):
    """Sends posts of one platform."""

    async def send(self, post: Post, now: datetime) -> Receipt:
        """Post the message, or change it in place where ``post.edits`` is set, and say where it stands.

        Waits for the platform's pace on its own, and ends within 10 s: a lane's lease is 30 s. Where the address has no
        conversation yet, makes it. Where ``post.doubtful`` is set, looks first whether the message already stands.
        Raises DeliveryFailed; any other exception is a bug, logged, and the post is tried again later.
        """
        ...
