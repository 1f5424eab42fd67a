"""Values about people. Pure: no storage, no clock."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Literal

from bot.i18n import Translator, translator
from bot.inbound import Actor, Place
from bot.markup import Mention

DEFAULT_ZONE = "UTC"
QUIET_FROM = time(18, 0)
QUIET_TO = time(8, 0)
WORKDAYS = frozenset({0, 1, 2, 3, 4})
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace or tenant of a platform. Those with the same ``organisation`` may have groups together."""

    id: int
    platform: str
    external: str
    name: str
    organisation: int | None = None

    @property
    def label(self) -> str:
        """How people tell it from others: "Teams"."""
        return self.platform.title()


def labels(workspaces: Iterable[Workspace]) -> dict[int, str]:
    """How to tell them apart, by id: the platform, and with it the name where several are on one."""
    those = tuple(workspaces)
    alone = [one.label for one in those]
    return {one.id: one.label if alone.count(one.label) == 1 else f"{one.name}, {one.label}" for one in those}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a workspace.

    ``external`` is their id on the platform; ``manager`` the ``id`` of their line manager. Quiet hours and workdays
    (0 is Monday) are in their own ``zone``. ``reminders``: wants to be reminded an hour before a meeting.
    """

    id: int
    workspace: int
    external: str
    name: str
    zone: str = DEFAULT_ZONE
    language: str = "en"
    title: str = ""
    department: str = ""
    manager: int | None = None
    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO
    workdays: frozenset[int] = WORKDAYS
    reminders: bool = False
    active: bool = True

    @property
    def mention(self) -> Mention:
        return Mention(self.external, self.name, self.workspace)

    @property
    def t(self) -> Translator:
        """The translator of this person's language."""
        return translator(self.language)


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody wants something: who (read from the store, not believed from the event), where, and with which values.

    ``via`` tells how: a typed command, a pressed button or a sent form. ``command`` is the command as the platform
    hands it on, ``typed`` the same as people read it.
    """

    person: Person
    place: Place
    via: Literal["command", "press", "form"]
    values: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    command: str = ""
    typed: str = ""

    @property
    def t(self) -> Translator:
        return self.person.t

    def has(self, name: str) -> bool:
        """Whether a value was given at all."""
        return bool(self.values.get(name))

    def text(self, name: str) -> str:
        """A value as one text without space around it; "" where it is missing."""
        value = self.values.get(name, "")
        return (value if isinstance(value, str) else " ".join(value)).strip()

    def people(self, name: str) -> tuple[str, ...]:
        """A value as platform ids of people."""
        value = self.values.get(name, ())
        return tuple(value.split()) if isinstance(value, str) else value

    def number(self, name: str) -> int | None:
        """A value as a whole number; None where it is missing or something else."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None

    def given(self, **values: str | tuple[str, ...]) -> Request:
        """The same request with further values."""
        return replace(self, values={**self.values, **values})


def clean_name(actor: Actor) -> str:
    """A platform's display name without characters that would disturb other text, and never empty."""
    kept = "".join(c for c in actor.name if unicodedata.category(c)[0] != "C" or c == "\u200d")
    return " ".join(kept.split())[:LONGEST_NAME] or actor.person
