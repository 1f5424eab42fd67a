"""What a new circle or pair needs, checked. Pure: values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.groups.rules import Member, Role
from bot.guides.rules import Guide, Guides
from bot.schedule.rules import Schedule, Slot, territory_of


@dataclass(frozen=True, slots=True)
class Plan:
    """A group as somebody wants it. People are ``Person.id``s; a pair's are the mentor, then the mentee."""

    name: str
    guide: Guide
    people: tuple[int, ...]
    slot: Slot
    zone: str
    start: date
    facilitator: int | None
    territory: str | None
    language: str

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.zone, self.start, ((self.start, self.slot),), (), self.territory)

    def members(self, founder: int) -> tuple[Member, ...]:
        """Everybody waits for their own yes; only the founder's click was their own."""
        return tuple(
            Member(person, role, "in" if person == founder else "invited")
            for person, role in zip(self.people, self._roles, strict=True)
        )

    @property
    def _roles(self) -> tuple[Role, ...]:
        if self.guide.kind == "pair":
            return ("mentor", "mentee")
        return tuple("participant" for _ in self.people)


def holidays_of(zone: str, wanted: str) -> str | None:
    """The country whose public holidays are free: "none", a country's code, or, where nothing is said, the zone's."""
    if wanted.lower() in ("none", "no"):
        return None
    return wanted.upper() or territory_of(zone)


USUAL = ("peer-circle", "reverse-mentoring")
"""The guides that most begin with; offered first."""


def offered(guides: Guides, kind: str) -> list[str]:
    """The ids of the guides for groups of this kind, the usual one first and those that train people last."""
    found = [guides.get(name) for name in guides.ids]
    ordered = sorted((one.id not in USUAL, one.training, one.id) for one in found if one.kind == kind)
    return [name for *_, name in ordered]
