"""The bot's words in people's languages: gettext catalogs, and dates, times and lists by Babel.

English is the language of the sources and needs no catalog. Another language is one more file,
``bot/locale/<tag>/LC_MESSAGES/circlet.po``; it is read as it stands, and nothing else changes.
"""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_CATALOGS = Path(__file__).parent / "locale"
ENGLISH = "en"


class Translator:
    """One person's language. Words functions take one; they never ask whose it is."""

    __slots__ = ("_catalog", "language", "locale")

    def __init__(self, language: str) -> None:
        self.language = language
        # English is written with the 24-hour clock and the day before the month, as most of its readers here do.
        self.locale = Locale.parse("en_GB" if language == ENGLISH else language, sep="_")
        self._catalog = catalog(_CATALOGS / language / "LC_MESSAGES" / "circlet.po")

    def __call__(self, text: str) -> str:
        """The text in this language; the text itself where the catalog has none."""
        return self._catalog.gettext(text)

    def count(self, one: str, many: str, n: int) -> str:
        """The form for ``n`` things; the number itself is the caller's placeholder."""
        return self._catalog.ngettext(one, many, n)

    def day(self, day: date) -> str:
        """ "Mon 7 Dec" """
        return format_date(day, "EEE d MMM", locale=self.locale)

    def long_day(self, day: date) -> str:
        """ "Monday 7 December 2026" """
        return format_date(day, "EEEE d MMMM y", locale=self.locale)

    def weekday(self, weekday: int) -> str:
        """The name of a weekday, 0 is Monday."""
        names: dict[int, str] = self.locale.days["stand-alone"]["wide"]
        return names[weekday]

    def time(self, at: time) -> str:
        """ "10:00" """
        return format_time(at, "HH:mm", locale=self.locale)

    def moment(self, at: datetime, zone: str) -> str:
        """ "Mon 7 Dec, 10:00" in that zone."""
        local = at.astimezone(ZoneInfo(zone))
        return f"{self.day(local.date())}, {self.time(local.time())}"

    def list(self, items: Sequence[str]) -> str:
        """ "Ana, Ben and Chloe" """
        return format_list(list(items), locale=self.locale)


def catalog(file: Path) -> gettext.NullTranslations:
    """The catalog in a file; an empty one, which leaves every text as it is, where there is none."""
    if not file.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


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
    locale = translator(tag).locale
    name = Locale(locale.language).get_display_name()
    return (name or tag).capitalize()
