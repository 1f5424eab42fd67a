"""Buttons that lead from what is said in a chat to the articles that help with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.actions import action
from bot.guides import rules
from bot.guides.library import Article, Library
from bot.i18n import Translator
from bot.messages import Button

MOST_OFFERED = 3
"""Who is in trouble reads one article, perhaps; a list of them would be one more."""


def articles(library: Library, language: str, *wanted: str | Iterable[rules.Article]) -> tuple[Article, ...]:
    """The articles that are meant, by slug or as a guide links to them, each once. What the library does not have is
    left out: an organisation may have a library of its own."""
    named = [[one] if isinstance(one, str) else [linked.slug for linked in one] for one in wanted]
    found = (library.get(slug, language) for slug in dict.fromkeys(slug for slugs in named for slug in slugs))
    return tuple(article for article in found if article is not None)[:MOST_OFFERED]


def read_buttons(t: Translator, offered: Iterable[Article]) -> tuple[Button, ...]:
    said = t("Read: {title}")
    return tuple(Button(said.format(title=one.title), action("article", one.slug)) for one in offered)
