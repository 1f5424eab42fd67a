"""The bot's words in people's languages: gettext catalogs, and dates, times and lists by Babel.

English is the language of the sources and needs no catalog. Another language is one more file,
``bot/locale/<tag>/LC_MESSAGES/circlet.po``; it is read as it stands, and nothing else changes. A language that
addresses people in two ways has a second file, ``de@formal`` beside ``de``, with only what differs.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_scientific

_CATALOGS = Path(__file__).parent / "locale"
ENGLISH = "en"
FORMAL = "formal"
"""The way of a language that is addressed to people with distance: "de@formal" says "Sie"."""

_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
_LONG = 1e15
"""Longer numbers nobody reads digit by digit."""


class Translator:
    """One person's language. Words functions take one; they never ask whose it is."""

    __slots__ = ("_catalog", "language", "locale")

    def __init__(self, language: str) -> None:
        self.language = language
        tag = plain_language(language)
        # English is written with the 24-hour clock and the day before the month, as most of its readers here do.
        self.locale = Locale.parse("en-GB" if tag == ENGLISH else tag, sep="-")
        self._catalog = catalog(_file(language))
        if tag != language:
            self._catalog.add_fallback(catalog(_file(tag)))

    def __call__(self, text: str) -> str:
        """The text in this language; the text itself where the catalog has none."""
        return self._catalog.gettext(text)

    def count(self, one: str, many: str, n: int) -> str:
        """The form for ``n`` things; the number itself is the caller's placeholder."""
        return self._catalog.ngettext(one, many, n)

    def day(self, day: date) -> str:
        """ "Mon 7 Dec", "Mo., 7. Dez." """
        if self.locale.language == ENGLISH:
            return format_date(day, "EEE d MMM", locale=self.locale)
        return format_skeleton("MMMEd", datetime.combine(day, time()), locale=self.locale)

    def long_day(self, day: date) -> str:
        """ "Monday 7 December 2026", "Montag, 7. Dezember 2026" """
        return format_date(day, "EEEE d MMMM y" if self.locale.language == ENGLISH else "full", locale=self.locale)

    def weekday(self, weekday: int) -> str:
        """The name of a weekday, 0 is Monday."""
        names: dict[int, str] = self.locale.days["stand-alone"]["wide"]
        return names[weekday]

    def time(self, at: time) -> str:
        """ "10:00" """
        return format_time(at, "HH:mm", locale=self.locale)

    def moment(self, at: datetime, zone: str) -> str:
        """ "Mon 7 Dec, 10:00" in that zone."""
        t, local = self, at.astimezone(ZoneInfo(zone))
        return t("{day}, {time}").format(day=self.day(local.date()), time=self.time(local.time()))

    def number(self, value: float) -> str:
        """ "1,234.5", "1.234,5": with three decimals at most, and no nought after the point."""
        write = format_decimal if abs(value) < _LONG else format_scientific
        return write(value, locale=self.locale)

    def list(self, items: Sequence[str]) -> str:
        """ "Ana, Ben and Chloe" """
        return format_list(list(items), locale=self.locale)


def _file(language: str) -> Path:
    return _CATALOGS / language / "LC_MESSAGES" / "circlet.po"


def catalog(file: Path) -> gettext.NullTranslations:
    """The catalog in a file; an empty one, which leaves every text as it is, where there is none."""
    if not file.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def N_(text: str) -> str:  # noqa: N802  # gettext's own name for it
    """Marks a text that is kept as it is, and translated when it is said."""
    return text


@lru_cache(maxsize=64)
def translator(language: str) -> Translator:
    """The translator of a language tag; English for one that the bot does not speak."""
    return Translator(language if language in languages() else ENGLISH)


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages the bot speaks, English first."""
    found = (path.parent.parent.name for path in _CATALOGS.glob("*/LC_MESSAGES/circlet.po"))
    return (ENGLISH, *sorted(set(found) - {ENGLISH}))


def language_name(tag: str) -> str:
    """A language's name in that language: "English"."""
    t = translator(tag)
    # In its own catalog a language says its own name, and how it addresses people where there are two ways.
    return t("English") if t.language == tag else tag


def read_language(text: str, *, formal: bool = False) -> str | None:
    """The tag of a language that the bot speaks, named by its tag or its own name: "de", "Deutsch", "de@formal".
    ``formal``: of its way that keeps a distance. None: the bot speaks no such language."""
    known = {name.casefold(): tag for tag in languages() for name in (tag, language_name(tag))}
    found = known.get(text.strip().casefold())
    if found is None or not formal:
        return found
    return known.get(f"{plain_language(found)}@{FORMAL}")


def is_language(tag: str) -> bool:
    """Whether this is the tag of a language that there is, as a folder is called: "de", "pt-BR", "zh-Hant"."""
    try:
        return _TAG.fullmatch(tag) is not None and Locale.parse(tag, sep="-") is not None
    except UnknownLocaleError:
        return False


def language_of_locale(locale: str, spoken: Iterable[str]) -> str | None:
    """The language of somebody whose platform says "pt-BR": that one where it is among those that are spoken, else the
    language itself, "pt". None where nothing is said."""
    tag = locale.strip().replace("_", "-").casefold()
    return next((one for one in spoken if one.casefold() == tag), tag.partition("-")[0] or None)


def plain_language(tag: str) -> str:
    """The language itself, however it addresses people: "de" of "de@formal"."""
    return tag.partition("@")[0]


def as_in(language: str, other: str) -> str:
    """Somebody's language where another one sets the tone: "de" among "de@formal" is "de@formal", "en" stays "en"."""
    return other if "@" in other and plain_language(other) == plain_language(language) else language
