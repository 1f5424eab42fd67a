"""What comes in: an event of any platform, already verified and taken apart, as a frozen value.

Adapters make these; services read them. Nothing is trusted beyond its shape: services decide who may do what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PlaceKind = Literal["group", "direct"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody on a platform, as that platform describes them now. ``person`` is the platform's id.

    ``zone`` is an IANA name and ``language`` a tag such as "en"; None where the platform does not say.
    """

    workspace: int
    person: str
    name: str
    zone: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened: a conversation, and the bot's message that was acted on where there is one."""

    conversation: str
    kind: PlaceKind = "direct"
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """``/circle …`` without the ``/circle``. A mention in the text is ``<@id>``; ``mentioned`` tells of them."""

    actor: Actor
    place: Place
    text: str
    mentioned: tuple[Actor, ...] = ()


@dataclass(frozen=True, slots=True)
class Press:
    """A button was pressed."""

    actor: Actor
    place: Place
    token: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A form was sent. Values by field id: people as their ids on the platform and ticked options as tuples, yes/no as
    "yes" and "no"."""

    actor: Actor
    place: Place
    token: str
    values: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    mentioned: tuple[Actor, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody left the workspace or was deactivated there."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody's profile has changed. Whoever the bot has never met stays unknown."""

    actor: Actor


Loss = Literal["removed", "archived", "deleted"]
"""Why a conversation can no longer be written to: the bot was taken out of it, it was archived, or it is gone."""


@dataclass(frozen=True, slots=True)
class HomeLost:
    """A conversation can no longer be written to. It may, or may not, be a group's home."""

    workspace: int
    conversation: str
    reason: Loss


@dataclass(frozen=True, slots=True)
class Reachable:
    """What could not be written to can be from now on: a ``person``, by the platform's id, or a ``conversation``."""

    workspace: int
    person: str | None = None
    conversation: str | None = None


Inbound = Command | Press | Submission | Left | Changed | HomeLost | Reachable
