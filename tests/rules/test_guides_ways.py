"""A guide for readers who are addressed with distance: a catalog of the lines that differ."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import GuideError
from bot.guides.items import Item, in_language
from bot.guides.rules import Guide, Guides
from bot.guides.store import load
from bot.guides.texts import read_edition
from bot.guides.ways import merged, read_way
from bot.guides.words import preview
from bot.markup import plain
from bot.spoken import words
from tests.conftest import all_guides

SMALL = Path(__file__).parents[1] / "fixtures" / "guides"
GOOD = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Please bring a book."
msgstr "Would you kindly bring a book."
"""


HEAD = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "guides")
    return tmp_path / "guides"


ASKS = """licence: CC-BY-4.0
questions:
  - id: in-the-way
    version: 1
    kind: choice
    for:
      - participant
    polls:
      - midpoint
    text:
      en: What is in your way?
    options:
      - value: time
        text:
          en: you have no time
      - value: nothing
        text:
          en: nothing
"""
FORMAL_ASKS = """
msgid "What is in your way?"
msgstr "What, if I may ask, is in your way?"

msgid "you have no time"
msgstr "time, I fear"
"""


def with_lines(folder: Path, text: str) -> Guides:
    (folder / "book-circle" / "en" / "formal.po").write_text(text, encoding="utf-8")
    return load(folder)


def problems(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(GuideError) as error:
        with_lines(folder, text)
    return error.value.problems


def asked(guide: Guide) -> str:
    return words(preview(guide, guide.session(0)))


def test_the_lines_that_differ_are_said_and_all_others_stay(folder: Path) -> None:
    guides = with_lines(folder, GOOD)

    assert "Please bring a book." in asked(guides.get("book-circle"))
    formal = guides.get("book-circle", "en@formal")
    assert formal.language == "en@formal"
    assert "Would you kindly bring a book." in asked(formal)
    assert "Please bring a book." not in asked(formal)
    assert formal.title == guides.get("book-circle").title
    assert guides.get("reading-pair", "en@formal").language == "en"
    assert guides.languages == ("en",)


def test_a_group_that_keeps_its_text_keeps_both_ways(folder: Path) -> None:
    guides = with_lines(folder, GOOD)
    digest = guides.get("book-circle").digest
    edition = guides.edition(digest)
    assert edition is not None

    kept = {guide.language: guide for guide in read_edition(edition)}
    assert asked(kept["en@formal"]) == asked(guides.get("book-circle", "en@formal"))
    assert kept["en@formal"].digest == guides.get("book-circle", "en@formal").digest == digest


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Please bring a book.", "Please bring books.", "5: no file of the guide has exactly this line"),
        ("Would you kindly bring a book.", "Please bring a book.", "5: the same as in the guide; leave it out"),
        (
            "Would you kindly bring a book.",
            "",
            "5: not written yet; a line that is the same for both is left out",
        ),
        ('msgid "Please', '#, fuzzy\nmsgid "Please', "6: fuzzy; look at it and take the mark away"),
        (
            'msgid "Please bring a book."\nmsgstr "Would you kindly bring a book."',
            'msgid "- 20 min: Round of names."\nmsgstr "- Round of names."',
            "1: week-00.md, line 9: Agenda: each line must be like: - 5 min: text",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_said(folder: Path, before: str, after: str, said: str) -> None:
    assert before in GOOD
    assert problems(folder, GOOD.replace(before, after)) == (f"guides/book-circle/en/formal.po:{said}",)


def with_questions(folder: Path, catalog: str) -> Guides:
    (folder / "book-circle" / "checkpoints.yaml").write_text(ASKS, encoding="utf-8")
    return with_lines(folder, catalog)


def question(guides: Guides, name: str = "in-the-way") -> Item:
    return next(item for item in guides.checkpoints_of("book-circle").items if item.id == name)


def test_the_questions_of_checkpoints_have_the_lines_that_differ_too(folder: Path) -> None:
    item = question(with_questions(folder, GOOD + FORMAL_ASKS))

    assert in_language(item.text, "en") == "What is in your way?"
    assert in_language(item.text, "en@formal") == "What, if I may ask, is in your way?"
    assert [in_language(words, "en@formal") for _, words in item.options] == ["time, I fear", "nothing"]
    assert item.options[1][1] == (("en", "nothing"),)


def test_a_line_of_a_question_leaves_the_guide_itself_as_it_is(folder: Path) -> None:
    guides = with_questions(folder, GOOD + FORMAL_ASKS)

    assert "Would you kindly bring a book." in asked(guides.get("book-circle", "en@formal"))
    edition = guides.edition(guides.get("book-circle").digest)
    assert edition is not None
    assert "checkpoints.yaml" not in dict(edition.files)
    kept = {guide.language: guide for guide in read_edition(edition)}
    assert asked(kept["en@formal"]) == asked(guides.get("book-circle", "en@formal"))


def test_an_organisations_own_questions_have_one_way_and_load_beside_the_others(folder: Path) -> None:
    own = folder / "book-circle" / "checkpoints"
    own.mkdir()
    (own / "ours.yaml").write_text(ASKS.replace("in-the-way", "our-way"), encoding="utf-8")
    guides = with_questions(folder, GOOD + FORMAL_ASKS)

    assert question(guides, "our-way").text == (("en", "What is in your way?"),)
    assert len(question(guides).wordings) == 2


@pytest.mark.parametrize(
    ("catalog", "said"),
    [
        (FORMAL_ASKS.replace("you have no time", "you have time"), "7: no file of the guide has exactly this line"),
        (
            FORMAL_ASKS.replace("time, I fear", "x" * 61),
            "1: checkpoints.yaml, in-the-way: a text has 61 characters; at most 60",
        ),
        (FORMAL_ASKS.replace("time, I fear", "time,\\tI fear"), "7: a tab; use spaces"),
    ],
)
def test_what_is_wrong_with_a_question_in_another_way_is_said(folder: Path, catalog: str, said: str) -> None:
    with pytest.raises(GuideError) as error:
        with_questions(folder, HEAD + catalog)
    assert error.value.problems == (f"guides/book-circle/en/formal.po:{said}",)


def test_questions_that_cannot_be_read_are_said_once(folder: Path) -> None:
    (folder / "book-circle" / "en" / "formal.po").write_text(GOOD + FORMAL_ASKS, encoding="utf-8")
    (folder / "book-circle" / "checkpoints.yaml").write_text(ASKS.replace("choice", "chance"), encoding="utf-8")
    with pytest.raises(GuideError) as error:
        load(folder)
    assert {problem.partition(":")[0] for problem in error.value.problems} == {"guides/book-circle/checkpoints.yaml"}


def test_two_catalogs_are_one_and_what_was_brought_counts_more() -> None:
    standing = HEAD + '\nmsgid "A"\nmsgstr "a"\n\nmsgid "B"\nmsgstr "b"\n\nmsgid "Gone"\nmsgstr "gone"\n'
    brought = HEAD + '\nmsgid "B"\nmsgstr "b, please"\n\nmsgid "Say \\"C\\""\nmsgstr "c"\n'
    known = {"A", "B", 'Say "C"'}

    lines, findings = read_way(merged(brought, standing, known), known)
    assert (lines, findings) == ({"A": "a", "B": "b, please", 'Say "C"': "c"}, ())
    assert read_way(merged("", standing, known), known) == ({"A": "a", "B": "b"}, ())
    assert merged("", standing, known | {"Gone"}) == standing
    assert merged("", standing, set()) == ""
    assert merged("no catalog", standing, known).startswith("no catalog\n"), "so that the check can say it"


def test_what_is_no_catalog_is_said(folder: Path) -> None:
    (problem,) = problems(folder, "msgid: hello\n")
    assert problem.startswith("guides/book-circle/en/formal.po:1: not a catalog that gettext can read")


FAMILIAR = re.compile(r"\b(du|dich|dir|dein(e[mnrs]?)?|euch|euer|eure[mnrs]?)\b", re.IGNORECASE)


def shown(guide: Guide) -> Iterator[str]:
    yield plain(guide.summary)
    for session in guide.sessions:
        yield words(preview(guide, session))
    for question in guide.quiz:
        yield from (question.question, question.right, question.why, *question.wrong)


def test_every_guide_of_ours_says_sie_to_those_who_want_it() -> None:
    ours = all_guides()
    for name in ours.ids:
        formal = ours.get(name, "de@formal")
        assert formal.language == "de@formal"
        assert [text for text in shown(formal) if FAMILIAR.search(text)] == []


def test_the_questions_of_a_guide_that_asks_formally_say_sie_throughout() -> None:
    ours = all_guides()
    both = {one.guide for one in ours.checkpoints for item in one.items if "de@formal" in dict(item.text)}
    assert both == {one.guide for one in ours.checkpoints if one.items}
    for name in both:
        texts = [in_language(words, "de@formal") for item in ours.checkpoints_of(name).items for words in item.words]
        assert [text for text in texts if FAMILIAR.search(text)] == []


def test_every_article_of_ours_says_sie_to_those_who_want_it() -> None:
    library = all_guides().library
    formal = [one for one in library.all if one.language == "de@formal"]
    assert {one.slug for one in formal} == {one.slug for one in library.all}
    assert [(one.slug, one.words) for one in formal if FAMILIAR.search(f"{one.title} {one.words}")] == []
