"""What one call of the core works with: its transaction and the guides."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.guides.rules import Guides


@dataclass(frozen=True, slots=True)
class Unit:
    """Lives as long as one transaction; everything in it is kept or lost together."""

    connection: Connection
    guides: Guides
