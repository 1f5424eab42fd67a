"""What one call of the core works with: its transaction and the guides."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.cipher import Cipher
from bot.editions.rules import Follows
from bot.editions.store import Shelf, keep
from bot.guides.rules import ENGLISH, Guide, Guides
from bot.storage import Store


@dataclass(frozen=True, slots=True)
class Unit:
    """Lives as long as one transaction; everything in it is kept or lost together."""

    connection: Connection
    guides: Guides
    cipher: Cipher | None = None
    """None: this installation has no key, and nobody is asked what would have to be sealed."""
    public_url: str = ""
    """Where people reach the web process, without a slash at its end; "": nobody has said."""
    shelf: Shelf | None = None
    """Lives longer than the unit, so that a kept text is read once."""

    def guide_of(self, group: Follows, language: str = ENGLISH) -> Guide:
        """The guide as this group follows it, in this language or in English."""
        return (self.shelf or Shelf(self.guides)).guide(self.connection, group, language)

    def keep_text(self, guide: Guide, now: datetime) -> None:
        """Keep the words of an installed guide as they are now, for a group to end as it began."""
        text = self.guides.edition(guide.digest)
        if text is not None:
            keep(self.connection, text, now)


@dataclass(frozen=True, slots=True)
class Units:
    """What all units of an installation have in common. ``begin`` is a transaction, with a unit that lives as long."""

    store: Store
    guides: Guides
    cipher: Cipher | None
    public_url: str
    shelf: Shelf

    @contextmanager
    def begin(self) -> Iterator[Unit]:
        with self.store.begin() as connection:
            yield Unit(connection, self.guides, self.cipher, self.public_url, self.shelf)
