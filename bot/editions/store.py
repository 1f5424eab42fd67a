"""The table of kept texts, and the shelf from which they are read: once, since a text never changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import JSON, Column, Connection, Integer, Table, Text, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.editions.rules import Editions, Follows, joined
from bot.guides.rules import Edition, Guide, Guides
from bot.guides.texts import read_edition
from bot.storage import Instant, metadata

guide_editions = Table(
    "guide_editions",
    metadata,
    # Of the text itself, so that nobody has to remember to count a version up for it to be kept.
    Column("digest", Text, primary_key=True),
    Column("guide", Text, nullable=False),
    Column("version", Integer, nullable=False),
    # [[path below the guide's folder, text], …]
    Column("files", JSON, nullable=False),
    Column("kept_at", Instant, nullable=False),
)


def keep(connection: Connection, edition: Edition, now: datetime) -> None:
    """Keep the text of a guide; once, however many groups follow it."""
    known = select(guide_editions.c.digest).where(guide_editions.c.digest == edition.digest)
    if connection.execute(known).scalar_one_or_none() is not None:
        return
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {
        "digest": edition.digest,
        "guide": edition.guide,
        "version": edition.version,
        "files": [list(file) for file in edition.files],
        "kept_at": now,
    }
    connection.execute(insert(guide_editions).values(**row).on_conflict_do_nothing(index_elements=["digest"]))


def versions(connection: Connection) -> tuple[tuple[str, int, str], ...]:
    """(guide, version, digest) of every text that is kept."""
    columns = (guide_editions.c.guide, guide_editions.c.version, guide_editions.c.digest)
    rows = connection.execute(select(*columns).order_by(*columns))
    return tuple((guide, version, digest) for guide, version, digest in rows)


def _load(connection: Connection, digest: str) -> tuple[Guide, ...]:
    """The kept guide in each of its languages; () where it was never kept."""
    row = connection.execute(select(guide_editions).where(guide_editions.c.digest == digest)).mappings().one_or_none()
    if row is None:
        return ()
    files = tuple((path, text) for path, text in row["files"])
    return read_edition(Edition(row["digest"], row["guide"], row["version"], files))


class Shelf:
    """The guides that are installed and those that groups keep. Safe to share: what it remembers never changes."""

    def __init__(self, guides: Guides) -> None:
        self._guides = guides
        self._installed = {guide.digest for guide in guides.all}
        self._kept: dict[str, Guides] = {}
        self._joined: dict[tuple[Editions, str], Guide] = {}

    def guide(self, connection: Connection, follower: Follows, language: str) -> Guide:
        """The follower's guide in this language, or in English. Raises KeyError where it is neither kept nor
        installed."""
        if all(digest in self._installed for _, digest in follower.editions):
            return self._guides.get(follower.guide, language)
        asked = (follower.editions, language)
        if asked not in self._joined:
            parts = [
                (since, self._edition(connection, digest, follower).get(follower.guide, language))
                for since, digest in follower.editions
            ]
            # The questions of checkpoints are no part of a kept text: an answer names its own wording.
            polls = self._guides.checkpoints_of(follower.guide).polls
            self._joined[asked] = replace(joined(parts), polls=polls)
        return self._joined[asked]

    def _edition(self, connection: Connection, digest: str, follower: Follows) -> Guides:
        if digest in self._installed:
            return self._guides
        if digest not in self._kept:
            # What was never kept cannot be had again; the group goes on with what there is.
            self._kept[digest] = Guides(_load(connection, digest))
        kept = self._kept[digest]
        return kept if follower.guide in kept.ids else self._guides
