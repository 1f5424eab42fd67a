"""Finds articles by words: a full-text index in memory, over the stems of words in each language's own grammar.

SQLite's FTS5 ranks (https://www.sqlite.org/fts5.html#the_bm25_function); it is part of Python, and the same whichever
database an installation has. Articles are files that change with a release, so nothing of this is ever stored.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from babel import Locale
from snowballstemmer import algorithms, stemmer

from bot.guides.stopwords import STOPWORDS
from bot.i18n import ENGLISH, is_language, plain_language

MOST_WORDS = 12
"""What is typed beyond that is not looked for."""

TITLE, TAGS, TEXT = 10.0, 6.0, 1.0
"""What a word counts, by where it stands."""

_WORD = re.compile(r"\w+")
Document = tuple[str, str, str, str, str]
"""Slug, language, title, tags, text."""


class Index:
    """Every article's words, looked at when somebody searches first. Safe to ask from several threads: SQLite itself
    takes one at a time."""

    __slots__ = ("_documents", "_made")

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = tuple(documents)
        self._made: sqlite3.Connection | None = None

    def __del__(self) -> None:
        if self._made is not None:
            self._made.close()

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._made is None:
            made = sqlite3.connect(":memory:", check_same_thread=False)
            made.execute("CREATE VIRTUAL TABLE words USING fts5(title, tags, text, slug UNINDEXED, language UNINDEXED)")
            made.executemany(
                "INSERT INTO words VALUES (?, ?, ?, ?, ?)",
                (
                    (_stemmed(title, language), _stemmed(tags, language), _stemmed(text, language), slug, language)
                    for slug, language, title, tags, text in self._documents
                ),
            )
            self._made = made
        return self._made

    def find(self, words: str, language: str | None) -> tuple[str, ...]:
        """The slugs of the articles in this language, None: in any, the fittest first: those that have every word or,
        where there is none, those that have half of them."""
        found = [hit for one in ((language,) if language else self._languages()) for hit in self._hits(words, one)]
        best = max((share for _, share in found), default=0.0)
        least = 1.0 if best == 1 else 0.5
        return tuple(dict.fromkeys(slug for slug, share in found if share >= least))

    def _hits(self, words: str, language: str) -> list[tuple[str, float]]:
        """The articles in a language that have any of the words, the fittest first, each with which share of them."""
        # Only letters and digits: nothing of it is an operator. The last letters of a word may be missing.
        queries = [f'"{stem}"*' for stem in _sought(words, language)]
        counted = Counter(slug for query in queries for slug in self._matching(query, language))
        return [(slug, counted[slug] / len(queries)) for slug in self._matching(" OR ".join(queries), language)]

    def _matching(self, query: str, language: str) -> list[str]:
        if not query:
            return []
        sql = "SELECT slug FROM words WHERE words MATCH ? AND language = ? ORDER BY bm25(words, ?, ?, ?), slug"
        rows = self._connection.execute(sql, (query, language, TITLE, TAGS, TEXT)).fetchall()
        return [slug for (slug,) in rows]

    def _languages(self) -> list[str]:
        rows = self._connection.execute("SELECT DISTINCT language FROM words ORDER BY language").fetchall()
        return [language for (language,) in rows]


def _sought(words: str, language: str) -> list[str]:
    """The stems of what is typed, without words that stand in every text; where there is nothing else, with them."""
    typed = _WORD.findall(words.casefold())
    telling = [word for word in typed if word not in STOPWORDS.get(plain_language(language), ())]
    return list(dict.fromkeys(_stems(" ".join(telling or typed), language)))[:MOST_WORDS]


def _stemmed(text: str, language: str) -> str:
    return " ".join(_stems(text, language))


def _stems(text: str, language: str) -> Iterator[str]:
    """The words of a text without their endings; in a language that Snowball does not know, as they stand."""
    words = _WORD.findall(text.casefold())
    name = _english_name(language)
    yield from stemmer(name).stemWords(words) if name in algorithms() else words


@lru_cache(maxsize=64)
def _english_name(language: str) -> str:
    """By which Snowball calls a language; "" for one that there is not."""
    tag = plain_language(language)
    return (Locale.parse(tag, sep="-").get_language_name(ENGLISH) or "").lower() if is_language(tag) else ""
