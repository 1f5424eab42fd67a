"""The bot's words in other languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.i18n import as_in, catalog, language_name, language_of_locale, languages, read_language, translator

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
    assert [t.number(value) for value in (3.0, 2.5, 1 / 3, 1234567, 1e300)] == [
        "3",
        "2.5",
        "0.333",
        "1,234,567",
        "1E300",
    ]


def test_german_writes_them_its_own_way() -> None:
    t = translator("de")
    assert t.day(date(2026, 12, 7)) == "Mo., 7. Dez."
    assert t.long_day(date(2026, 12, 7)) == "Montag, 7. Dezember 2026"
    assert t.moment(datetime(2026, 12, 7, 9, tzinfo=UTC), "Europe/Berlin") == "Mo., 7. Dez., 10:00 Uhr"
    assert t.list(["Ana", "Ben", "Chloe"]) == "Ana, Ben und Chloe"
    assert [t.number(value) for value in (3.0, 2.5, -1234.5)] == ["3", "2,5", "-1.234,5"]


def test_what_is_the_same_in_both_ways_comes_from_the_language_itself() -> None:
    familiar, formal = translator("de"), translator("de@formal")
    assert (familiar("Your goal"), formal("Your goal")) == ("Dein Ziel", "Ihr Ziel")
    assert familiar("Agenda") == formal("Agenda") == "Ablauf"
    assert formal.count("{n} week", "{n} weeks", 2) == "{n} Wochen"
    assert formal.day(date(2026, 12, 7)) == "Mo., 7. Dez."
    assert formal.language == "de@formal"


def test_a_language_is_named_by_its_tag_or_its_own_name() -> None:
    assert [language_name(tag) for tag in languages()] == ["English", "Deutsch", "Deutsch (Sie)"]
    assert read_language(" DE ") == read_language("deutsch") == "de"
    assert (
        read_language("Deutsch (Sie)") == read_language("de@formal") == read_language("de", formal=True) == "de@formal"
    )
    assert read_language("de@formal", formal=True) == "de@formal"
    assert read_language("en", formal=True) is None
    assert read_language("tlh") is None
    assert read_language("") is None


def test_a_formal_group_changes_only_its_own_language() -> None:
    assert as_in("de", "de@formal") == "de@formal"
    assert as_in("en", "de@formal") == "en"
    assert as_in("de@formal", "de") == "de@formal"
    assert as_in("de", "") == "de"


@pytest.mark.parametrize(
    ("locale", "found"),
    [
        ("pt-BR", "pt-BR"),
        ("pt_br", "pt-BR"),
        ("pt-PT", "pt"),
        ("de-AT", "de"),
        ("DE", "de"),
        ("fr", "fr"),
        ("", None),
        ("-", None),
    ],
)
def test_a_region_is_kept_where_the_bot_speaks_it_so(locale: str, found: str | None) -> None:
    assert language_of_locale(locale, ("en", "de", "de@formal", "pt-BR")) == found
