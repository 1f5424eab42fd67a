"""What a circle mentor may know of a circle: counts, never words, and never who. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.groups.rules import Group
from bot.schedule.rules import Meeting

State = Literal["asked", "supports", "declined", "ended"]

MOST_MENTORS = 3
"""Of one circle at a time."""


@dataclass(frozen=True, slots=True)
class Support:
    """Somebody who was asked to support a circle. ``times``: how often, so that each asking is a post of its own."""

    group: int
    workspace: int
    person: int
    state: State
    asked_by: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """How a circle is doing, in counts.

    ``session``: the latest whose meeting has begun, None before the first; ``checked_in`` of ``members`` have answered
    about it. ``held`` of ``planned`` meetings so far took place, as far as anybody has said. ``last``: the guide's last
    session. ``leader``: who looks after it, by name.
    """

    group: Group
    session: int | None
    last: int
    meeting: Meeting | None
    members: int
    checked_in: int
    held: int
    planned: int
    leader: str = ""
