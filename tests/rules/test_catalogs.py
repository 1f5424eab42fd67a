"""The catalogs of the bot's words: complete, and true to what they translate."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.i18n import ENGLISH, languages, plain_language

ROOT = Path(__file__).parents[2]
KEYWORDS = {"t": None, "N_": None, "count": (1, 2), "Grammar": (3,)}
"""As in the Makefile: what is said, at once or later, in the singular and plural, and what a command is for."""

WHOLE = tuple(tag for tag in languages() if tag not in (ENGLISH,) and plain_language(tag) == tag)
WAYS = tuple(tag for tag in languages() if plain_language(tag) != tag)
Words = str | tuple[str, str]


@lru_cache(maxsize=1)
def said() -> dict[str, set[Words]]:
    """Everything that the sources say, by the words that gettext looks for."""
    found: dict[str, set[Words]] = {}
    for folder in ("bot", "adapters"):
        for _, _, words, _, _ in extract_from_dir(ROOT / folder, keywords=KEYWORDS):
            kept: Words = words if isinstance(words, str) else (words[0], words[1])
            found.setdefault(words if isinstance(words, str) else words[0], set()).add(kept)
    return found


@lru_cache(maxsize=8)
def kept(tag: str) -> dict[str, Message]:
    file = ROOT / "bot" / "locale" / tag / "LC_MESSAGES" / "circlet.po"
    with file.open("rb") as source:
        return {one.id if isinstance(one.id, str) else one.id[0]: one for one in read_po(source) if one.id}


def pairs(one: Message) -> Iterator[tuple[str, str]]:
    """Each form of a text that is translated, with what it translates."""
    if isinstance(one.id, str):
        both = ((one.id, str(one.string)),)
    else:
        both = tuple(zip((one.id[0], *[one.id[1]] * (len(one.string) - 1)), one.string, strict=True))
    yield from ((english, there) for english, there in both if there)


def whole(one: Message) -> bool:
    return bool(one.string) and (isinstance(one.string, str) or all(one.string))


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", text))


def marks(text: str) -> Counter[str]:
    """What is bold, code or a command to type, which must stay as it is."""
    typed = re.findall(r"`[^`]*`|/circle \w+|\b\w+/\w+\b|@\w+", text)
    return Counter({"**": text.count("**"), "`": text.count("`"), **Counter(typed)})


def test_there_is_german_in_both_ways() -> None:
    assert {"de", "de@formal"} <= set(languages())


def test_no_two_texts_share_the_words_that_are_looked_for() -> None:
    """gettext finds a text in the plural by its singular alone."""
    assert {one: forms for one, forms in said().items() if len(forms) > 1} == {}


@pytest.mark.parametrize("tag", WHOLE)
def test_every_text_is_translated(tag: str) -> None:
    catalog = kept(tag)
    missing = [one for one in said() if one not in catalog or not whole(catalog[one])]

    assert missing == [], "make words adds them to the catalog; then translate them"


@pytest.mark.parametrize("tag", WHOLE + WAYS)
def test_nothing_is_kept_that_is_no_longer_said(tag: str) -> None:
    assert sorted(set(kept(tag)) - set(said())) == []


@pytest.mark.parametrize("tag", WHOLE + WAYS)
def test_nothing_is_fuzzy(tag: str) -> None:
    assert [one.id for one in kept(tag).values() if one.fuzzy] == []


@pytest.mark.parametrize("tag", WHOLE + WAYS)
def test_a_text_with_two_forms_has_all_that_the_language_has(tag: str) -> None:
    file = ROOT / "bot" / "locale" / tag / "LC_MESSAGES" / "circlet.po"
    with file.open("rb") as source:
        forms = read_po(source).num_plurals
    for one, message in kept(tag).items():
        (words,) = said()[one]
        assert isinstance(words, tuple) == isinstance(message.string, tuple), one
        assert isinstance(words, str) or (message.id == words and len(message.string) == forms), one


@pytest.mark.parametrize("tag", WHOLE + WAYS)
def test_no_placeholder_is_lost_or_added(tag: str) -> None:
    for message in kept(tag).values():
        for english, there in pairs(message):
            assert placeholders(english) == placeholders(there), there


@pytest.mark.parametrize("tag", WHOLE + WAYS)
def test_what_is_bold_or_typed_stays_so(tag: str) -> None:
    for message in kept(tag).values():
        for english, there in pairs(message):
            assert marks(english) == marks(there), there


@pytest.mark.parametrize("tag", WHOLE + WAYS)
def test_a_text_begins_and_ends_with_the_same_space(tag: str) -> None:
    for message in kept(tag).values():
        for english, there in pairs(message):
            assert (english[:1] == " ", english[-1:] == " ") == (there[:1] == " ", there[-1:] == " "), there


@pytest.mark.parametrize("tag", WAYS)
def test_a_second_way_holds_only_what_differs(tag: str) -> None:
    whole = kept(plain_language(tag))

    assert [one for one, message in kept(tag).items() if message.string == whole[one].string] == []


def test_german_uses_its_own_quotation_marks() -> None:
    for tag in ("de", "de@formal"):
        for message in kept(tag).values():
            for _, there in pairs(message):
                assert there.count("„") == there.count("“"), there
                assert not re.search(r"[”\"]", there), there


FAMILIAR = re.compile(r"\b(du|dich|dir|dein(e[mnrs]?)?|euch|euer|eure[mnrs]?)\b", re.IGNORECASE)


def test_nobody_who_is_addressed_formally_hears_du() -> None:
    """What is not in the second catalog comes from the first one, and must address nobody."""
    formal = kept("de@formal")
    heard = {one: formal.get(one, message) for one, message in kept("de").items()}

    assert [there for message in heard.values() for _, there in pairs(message) if FAMILIAR.search(there)] == []
