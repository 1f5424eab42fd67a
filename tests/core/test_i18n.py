"""The bot's words in other languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from bot.i18n import catalog, languages, translator

GERMAN = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Your goal"
msgstr "Dein Ziel"

msgid "{n} week"
msgid_plural "{n} weeks"
msgstr[0] "{n} Woche"
msgstr[1] "{n} Wochen"
"""


def test_a_translation_is_one_file_that_is_read_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "circlet.po"
    file.write_text(GERMAN, encoding="utf-8")
    german = catalog(file)
    assert german.gettext("Your goal") == "Dein Ziel"
    assert german.ngettext("{n} week", "{n} weeks", 1) == "{n} Woche"
    assert german.ngettext("{n} week", "{n} weeks", 3) == "{n} Wochen"
    assert german.gettext("Not translated") == "Not translated"


def test_a_language_without_a_catalog_is_english(tmp_path: Path) -> None:
    assert catalog(tmp_path / "circlet.po").gettext("Your goal") == "Your goal"
    assert languages()[0] == "en"
    assert translator("tlh").language == "en"


def test_days_and_times_read_as_people_write_them() -> None:
    t = translator("en")
    assert t.day(date(2026, 12, 7)) == "Mon 7 Dec"
    assert t.long_day(date(2026, 12, 7)) == "Monday 7 December 2026"
    assert t.time(time(16, 5)) == "16:05"
    assert t.moment(datetime(2026, 12, 7, 9, tzinfo=UTC), "America/New_York") == "Mon 7 Dec, 04:00"
    assert t.list(["Ana", "Ben", "Chloe"]) == "Ana, Ben and Chloe"
