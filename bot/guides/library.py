"""The library: short articles beside the guides, and finding the fitting ones. Values; reads no file."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.guides.search import Index
from bot.i18n import ENGLISH
from bot.markup import Spans, plain
from bot.messages import Block, List, Text

AUDIENCES = (
    "participant",
    "facilitator",
    "mentor",
    "mentee",
    "sponsor",
    "manager",
    "organiser",
    "assistant",
    "mentor-of-circles",
)
"""Whom an article may be for."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language. ``audience`` is one or more of ``AUDIENCES``; ``links``: the slugs that it names."""

    slug: str
    language: str
    title: str
    tags: tuple[str, ...]
    audience: tuple[str, ...]
    licence: str
    summary: Spans
    blocks: tuple[Block, ...]
    links: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All of its text, to search in."""
        return " ".join(plain(spans) for block in (Text(self.summary), *self.blocks) for spans in lines(block))


@dataclass(frozen=True, slots=True)
class Library:
    """Every article in every language that it is written in, and in another way where some line of it differs there."""

    all: tuple[Article, ...] = ()
    _index: Index | None = field(default=None, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Another way to address the readers of a language has the same words to look for.
        plain_ones = (one for one in self.all if one.language == _plain(one.language))
        documents = ((one.slug, one.language, one.title, " ".join(one.tags), one.words) for one in plain_ones)
        object.__setattr__(self, "_index", Index(documents) if self.all else None)

    @property
    def languages(self) -> tuple[str, ...]:
        """Each language that an article is written in, sorted. Another way to address its readers is none."""
        return tuple(sorted({_plain(one.language) for one in self.all}))

    def get(self, slug: str, language: str = ENGLISH) -> Article | None:
        """The article in this language, else in the language itself ("de" for "de@formal"), else in English; None where
        there is none."""
        found = {one.language: one for one in self.all if one.slug == slug}
        ours = found.get(language) or found.get(_plain(language))
        return ours or found.get(ENGLISH) or next(iter(found.values()), None)

    def find(self, words: str, language: str = ENGLISH) -> tuple[Article, ...]:
        """The articles that are about these words, the fittest first, each in this language where it is written in it.

        What nobody has written about in this language is looked for in the others.
        """
        if self._index is None:
            return ()
        slugs = self._index.find(words, _plain(language)) or self._index.find(words, None)
        return tuple(article for slug in slugs if (article := self.get(slug, language)) is not None)

    def for_audience(self, audience: str, language: str = ENGLISH) -> tuple[Article, ...]:
        """What is written for somebody in this role, by title."""
        slugs = {one.slug for one in self.all if audience in one.audience}
        found = (self.get(slug, language) for slug in slugs)
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one.title.casefold()))


EMPTY = Library()


def _plain(language: str) -> str:
    """The language of an article for a person who is addressed in some way in it: "de" for "de@formal"."""
    return language.partition("@")[0]


def lines(block: Block) -> tuple[Spans, ...]:
    """The paragraph, or the items of the list."""
    match block:
        case Text(spans):
            return (spans,)
        case List(items):
            return items
        case _:
            return ()
