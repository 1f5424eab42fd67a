"""What a platform must be able to do to deliver posts. Knows no platform."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.inbound import Loss
from bot.messages import Post, Receipt


class DeliveryFailed(Exception):
    """A post that certainly did not arrive. ``retry_at`` is when to try again; None parks it for a person to see.

    ``reason`` is kept with the post and shown to facilitators: a platform's error code or a sentence, never a token or
    what was to be said. ``hold_until``: until then the platform wants to hear nothing in this workspace, from anybody.
    ``lost``: the post showed that the conversation it was for is no longer ours to write to. ``left``: that whom it was
    for has no account there any more.
    """

    def __init__(
        self,
        reason: str,
        retry_at: datetime | None = None,
        *,
        hold_until: datetime | None = None,
        lost: Loss | None = None,
        left: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_at = retry_at
        self.hold_until = hold_until
        self.lost = lost
        self.left = left


class DeliveryUnknown(Exception):
    """A post that may have arrived. ``look_at`` is when to look again; None: nobody will ever know."""

    def __init__(self, reason: str, look_at: datetime | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.look_at = look_at


class Courier(Protocol):
    """Sends posts of one platform."""

    @property
    def at_once(self) -> int:
        """How many posts, each to another conversation, it sends side by side."""
        ...

    async def send(self, post: Post, now: datetime) -> Receipt:
        """Post the message, or change it in place where ``post.edits`` is set, and say where it stands.

        Waits for the platform's pace on its own, and ends within 10 s: a lane's lease is 30 s. Where the address has no
        conversation yet, makes it. Where ``post.doubtful`` is set, looks first whether the message already stands.
        Raises DeliveryFailed or DeliveryUnknown; any other exception is a bug, logged, and the post is tried again
        later.
        """
        ...


@runtime_checkable
class Preparing(Protocol):
    """A courier that does what it can before the intent to send is kept, so that a crash leaves few posts in doubt."""

    async def prepare(self, post: Post, now: datetime) -> Receipt | None:
        """Make the conversation, wait for the pace, look whether it stands already: its receipt then. Says nothing yet.

        Ends within 10 s, and raises what ``send`` raises.
        """
        ...


@runtime_checkable
class Paced(Protocol):
    """A courier that keeps to a pace, of which each process knows only what it used itself."""

    def taken_over(self, workspace: int, since: datetime) -> None:
        """Until ``since`` another process has sent in this workspace."""
        ...
