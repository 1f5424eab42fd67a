"""The library: what is wrong with an article is said at its line; the fitting article is found by ordinary words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from adapters.guides_cli import guides as guides_command
from adapters.library_cli import library as library_command
from bot.errors import GuideError
from bot.guides.articles import read_article
from bot.guides.library import Article, Library
from bot.guides.store import load, load_library
from bot.markup import Link, literal, plain
from bot.messages import Text
from tests.conftest import ROOT, all_guides

BODY = " ".join(["Ask the quiet person first."] * 40)
GOOD = f"""# Somebody is silent

Tags: silence, facilitation
For: facilitator, participant
Licence: CC BY 4.0

## Summary

A silent person is rarely an absent one.

## Article

{BODY}

- [Somebody dominates](library:somebody-dominates) is the other half of it.
"""
OTHERS = frozenset({"somebody-is-silent", "somebody-dominates"})
OTHERS_LINK = ("somebody-dominates",)


def problems(text: str) -> list[str]:
    _, findings = read_article(text, "somebody-is-silent", "en", OTHERS)
    return [f"{one.line}: {one.problem}" for one in sorted(findings)]


def test_a_good_article_is_read_whole() -> None:
    article, findings = read_article(GOOD, "somebody-is-silent", "en", OTHERS)
    assert findings == ()
    assert (article.title, article.tags, article.licence) == (
        "Somebody is silent",
        ("silence", "facilitation"),
        "CC BY 4.0",
    )
    assert article.audience == ("facilitator", "participant")
    assert article.links == ("somebody-dominates",)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("Tags: silence, facilitation", "", "2: Tags: is missing, or says nothing"),
        ("Tags: silence, facilitation", "Tags: silence, silence", "3: Tags: at most 8, each once"),
        ("For: facilitator", "For: everybody", "4: For: 'everybody' is none of"),
        ("Licence: CC BY 4.0", "Written by: Ana", "5: before the first section only Tags:, For: and Licence:"),
        ("rarely an absent one.", "there. Ask them.", "7: Summary must be one sentence"),
        (BODY, "Ask.", "11: the article has 9 words, 150 to 400 are asked for"),
        ("library:somebody-dominates", "library:nobody", "15: library:nobody: the library has no such article"),
        ("an absent one.", "[absent](library:nobody).", "9: library:nobody: the library has no such article"),
        ("library:somebody-dominates", "library:somebody-is-silent", "15: a link to the article itself"),
        ("## Article", "## Text", "1: missing section: Article"),
    ],
)
def test_what_is_wrong_with_an_article_is_said_at_its_line(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    assert any(one.startswith(problem) for one in problems(GOOD.replace(old, new))), problems(GOOD.replace(old, new))


def test_a_link_in_the_summary_is_one_that_a_chat_can_show() -> None:
    text = GOOD.replace("an absent one.", "[absent](library:somebody-dominates).")
    made, findings = read_article(text, "somebody-is-silent", "en", OTHERS)
    assert findings == ()
    assert made.links == OTHERS_LINK
    assert not any(isinstance(span, Link) for span in made.summary)
    assert plain(made.summary).endswith("absent.")


@pytest.mark.parametrize("name", ["xx", "english", "de_DE"])
def test_a_folder_that_is_no_language_is_out_of_place(tmp_path: Path, name: str) -> None:
    for language in ("en", name):
        file = tmp_path / "guides" / "library" / language / "somebody-dominates.md"
        file.parent.mkdir(parents=True)
        file.write_text(GOOD.replace("library:somebody-dominates", "https://example.org"))
    result = CliRunner().invoke(library_command, ["check", str(tmp_path / "guides")])
    said = "not expected here; the library has a folder per language, like en"
    assert (result.exit_code, result.output) == (1, f"guides/library/{name}:1: {said}\n")


def test_a_search_in_no_language_is_told() -> None:
    result = CliRunner().invoke(library_command, ["search", "time", "--language", "xx"])
    assert result.exit_code == 2
    assert "xx is no language" in result.output
    assert SHELF.find("elephant", "xx") == ()


def test_nothing_to_check_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "empty" / "library" / "en").mkdir(parents=True)
    for folder, said in (
        (tmp_path / "nowhere", "nowhere/library/en:1: the folder is missing"),
        (tmp_path / "empty", "empty/library/en:1: the folder holds no article"),
    ):
        result = CliRunner().invoke(library_command, ["check", str(folder)])
        assert (result.exit_code, result.output) == (1, f"{said}\n")


def test_the_folder_of_the_installation_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDES_PATH", str(tmp_path / "nowhere"))
    for words in (["check"], ["search", "time"]):
        result = CliRunner().invoke(library_command, words)
        assert (result.exit_code, result.output) == (1, "nowhere/library/en:1: the folder is missing\n")


def test_an_article_that_english_has_and_another_language_lacks_is_missed(tmp_path: Path) -> None:
    for language in ("en", "de"):
        (tmp_path / "library" / language).mkdir(parents=True)
    (tmp_path / "library" / "en" / "somebody-dominates.md").write_text(GOOD.replace("somebody-dominates", "x"))
    with pytest.raises(GuideError) as error:
        load(tmp_path)
    assert any(
        one.endswith("library/de/somebody-dominates.md:1: the file is missing; English has it")
        for one in error.value.problems
    )


def article(slug: str, language: str, title: str, tags: str, text: str) -> Article:
    return Article(
        slug, language, title, tuple(tags.split()), ("facilitator",), "CC BY 4.0", (), (Text(literal(text)),)
    )


SHELF = Library(
    (
        article("silent", "en", "Somebody is silent", "silence", "Nobody hears the quiet one in the meetings."),
        article("silent", "de", "Jemand schweigt", "Stille", "Niemand hört die leise Person in den Treffen."),
        article("time", "en", "Running out of time", "time agenda", "The meeting ends and somebody was not heard."),
        article("goal", "en", "The goal is too big", "goals", "Cut it until it fits into one week."),
    )
)


@pytest.mark.parametrize(
    ("words", "language", "slugs"),
    [
        ("silent", "en", ["silent"]),
        ("Meeting", "en", ["silent", "time"]),
        ("goal", "en", ["goal"]),
        ("schweigen", "de", ["silent"]),
        ("Treffens", "de", ["silent"]),
        ("meetings end", "en", ["time"]),
        ("What can I do about the time in our meeting?", "en", ["time"]),
        ("the goal of a meeting", "en", ["goal", "silent", "time"]),
        ("How do I bake a cake, and is there time?", "en", []),
        ("Wie backe ich einen Kuchen, und ist es still?", "de", []),
        ("agenda", "de", ["time"]),
        ("elephant", "en", []),
        ('") * NEAR(', "en", []),
        ("", "en", []),
    ],
)
def test_an_article_is_found_by_any_form_of_its_words(words: str, language: str, slugs: list[str]) -> None:
    assert sorted(one.slug for one in SHELF.find(words, language)) == sorted(slugs)


def test_a_word_in_the_title_counts_more_than_one_in_the_text() -> None:
    assert [one.slug for one in SHELF.find("somebody", "en")] == ["silent", "time"]


def test_an_article_is_shown_in_the_persons_language_where_it_is_written_in_it() -> None:
    assert [one.title for one in SHELF.find("Stille", "de@formal")] == ["Jemand schweigt"]
    assert [one.title for one in SHELF.find("goals", "de")] == ["The goal is too big"]


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_the_search(words: str) -> None:
    assert len(SHELF.find(words, "en")) <= 3


# ── two ways to address the reader ───────────────────────────────────────────────────────────────────────────────────

GERMAN = f"""# Jemand schweigt

Tags: Stille
For: facilitator
Licence: CC BY 4.0

## Summary

Wer schweigt, ist selten nicht da.

## Article

Frag die leise Person zuerst.

{" ".join(["Das hilft fast immer sehr."] * 40)}

- Sieh auch „[Jemand redet viel](library:somebody-dominates)“ an.
"""
CATALOG = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Frag die leise Person zuerst."
msgstr "Fragen Sie die leise Person zuerst."

msgid "- Sieh auch „[Jemand redet viel](library:somebody-dominates)“ an."
msgstr "- Sehen Sie auch „[Jemand redet viel](library:somebody-dominates)“ an."
"""


def library_in(folder: Path, catalog: str | None = CATALOG) -> Path:
    """A library of two articles in two languages, one of them with lines for readers who are addressed formally."""
    other = GOOD.replace("library:somebody-dominates", "library:somebody-is-silent")
    files = {
        "en/somebody-is-silent.md": GOOD,
        "en/somebody-dominates.md": other.replace("# Somebody is silent", "# Somebody dominates"),
        "de/somebody-is-silent.md": GERMAN,
        "de/somebody-dominates.md": GERMAN.replace("Jemand schweigt", "Jemand redet viel")
        .replace("library:somebody-dominates", "library:somebody-is-silent")
        .replace("Frag die leise Person zuerst.", "Die laute Person kommt danach."),
    }
    if catalog is not None:
        files["de/formal.po"] = catalog
    for name, text in files.items():
        path = folder / "library" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_an_article_has_the_lines_that_differ_for_readers_who_are_addressed_formally(tmp_path: Path) -> None:
    library = load_library(library_in(tmp_path))
    formal, familiar = (library.get("somebody-is-silent", language) for language in ("de@formal", "de"))

    assert formal is not None
    assert familiar is not None
    assert "Fragen Sie die leise Person zuerst." in formal.words
    assert "Frag die leise Person zuerst." in familiar.words
    assert (formal.language, familiar.language) == ("de@formal", "de")
    assert (formal.title, formal.links) == (familiar.title, familiar.links) == ("Jemand schweigt", OTHERS_LINK)
    assert library.languages == ("de", "en")


def test_an_article_without_a_line_that_differs_is_read_as_it_is(tmp_path: Path) -> None:
    library = load_library(library_in(tmp_path))
    one, english = (library.get("somebody-dominates", language) for language in ("de@formal", "en@formal"))

    assert one is not None
    assert english is not None
    assert (one.language, one.title) == ("de", "Jemand redet viel")
    assert english.language == "en"


def test_a_search_finds_an_article_once_and_shows_it_in_the_readers_way(tmp_path: Path) -> None:
    library = load_library(library_in(tmp_path))

    assert [(one.slug, one.language) for one in library.find("leise", "de@formal")] == [
        ("somebody-is-silent", "de@formal")
    ]
    assert [(one.slug, one.language) for one in library.find("leise", "de")] == [("somebody-is-silent", "de")]
    assert [one.slug for one in library.find("leise", "en")] == ["somebody-is-silent"]
    assert [one.language for one in library.for_audience("facilitator", "de@formal")] == ["de", "de@formal"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Frag die leise", "Frag jede leise", "4: no file of the library has exactly this line"),
        ("Fragen Sie die leise", "Frag die leise", "4: the same as in the library; leave it out"),
        ("Fragen Sie die leise Person zuerst.", "", "4: not written yet; a line that is the same for both is left"),
        ('msgid "Frag', '#, fuzzy\nmsgid "Frag', "5: fuzzy; look at it and take the mark away"),
        ("Fragen Sie die leise Person zuerst.", "Sie. " * 400, "1: somebody-is-silent.md, line 11: the article has"),
        (
            'Sie auch „[Jemand redet viel](library:somebody-dominates)“ an."\n',
            'Sie „[da](library:nowhere)“."\n',
            "1: somebody-is-silent.md, line 17: library:nowhere: the library has no such article",
        ),
    ],
)
def test_what_is_wrong_with_a_line_of_an_article_is_said(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert CATALOG.count(before) == 1
    folder = library_in(tmp_path / "guides", CATALOG.replace(before, after))
    result = CliRunner().invoke(library_command, ["check", str(folder)])

    assert result.exit_code == 1
    (problem,) = result.output.splitlines()
    assert problem.startswith(f"guides/library/de/formal.po:{said}")


def test_a_line_that_is_no_longer_used_is_said(tmp_path: Path) -> None:
    folder = library_in(tmp_path, CATALOG + '\n#~ msgid "Alt."\n#~ msgstr "Älter."\n')
    with pytest.raises(GuideError) as error:
        load_library(folder)
    (problem,) = error.value.problems
    assert problem.startswith(f"{tmp_path.name}/library/de/formal.po:")
    assert problem.endswith("no longer used; take it out")


def test_the_check_counts_an_article_and_a_language_once(tmp_path: Path) -> None:
    result = CliRunner().invoke(library_command, ["check", str(library_in(tmp_path))])
    assert result.output == "2 articles, 2 languages: no problems\n"


def imported(source: Path, folder: Path, *more: str) -> Library:
    result = CliRunner().invoke(guides_command, ["import", str(source), "--folder", str(folder), *more])
    assert result.exit_code == 0, result.output
    return load(folder).library


def words_of(library: Library, slug: str) -> str:
    found = library.get(slug, "de@formal")
    assert found is not None
    return found.words


@pytest.fixture
def standing(tmp_path: Path) -> Path:
    """A folder of guides with a library that has both ways."""
    folder = tmp_path / "standing"
    shutil.copytree(ROOT / "tests" / "fixtures" / "guides", folder)
    # Beside a library a link has to lead to one of its articles.
    for path in folder.glob("*/en/week-*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("library:nobody-prepared", "library:somebody-is-silent"), encoding="utf-8")
    return library_in(folder)


def test_a_library_is_brought_with_its_formal_lines_or_without(tmp_path: Path, standing: Path) -> None:
    ours = tmp_path / "ours"
    for language, text in (("en", GOOD), ("de", GERMAN)):
        file = ours / "library" / language / "our-silence.md"
        file.parent.mkdir(parents=True)
        file.write_text(text.replace("Frag die", "Hör die"), encoding="utf-8")
    library = imported(ours, standing)
    assert "Hör die leise Person" in words_of(library, "our-silence")
    assert "Fragen Sie die leise Person" in words_of(library, "somebody-is-silent")

    catalog = CATALOG.replace("Frag die", "Hör die").replace("Fragen Sie", "Hören Sie")
    (ours / "library" / "de" / "formal.po").write_text(catalog, encoding="utf-8")
    library = imported(ours, standing)
    assert "Hören Sie die leise Person" in words_of(library, "our-silence")
    assert "Fragen Sie die leise Person" in words_of(library, "somebody-is-silent"), "what stood there stays"


def test_an_article_that_is_replaced_takes_its_formal_lines_away(tmp_path: Path, standing: Path) -> None:
    ours = library_in(tmp_path / "ours", None)
    file = ours / "library" / "de" / "somebody-is-silent.md"
    file.write_text(GERMAN.replace("Frag die", "Hör die"), encoding="utf-8")

    words = words_of(imported(ours, standing, "--replace"), "somebody-is-silent")
    assert "Hör die leise Person" in words
    assert "Sehen Sie auch" in words, "this line is still the same"


def test_our_own_library_finds_what_people_look_for() -> None:
    library = all_guides().library
    expected = {
        "silent": "somebody-is-silent",
        "the executive cancelled again": "the-executive-cancels",
        "nobody prepares": "nobody-prepared",
        "goal too big": "goal-too-big",
        "confidential": "confidentiality",
    }
    for words, slug in expected.items():
        assert slug in [one.slug for one in library.find(words, "en")[:3]], words
    german = {"schweigt": "somebody-is-silent", "Vertraulichkeit": "confidentiality", "Schichtarbeit": "shift-workers"}
    for words, slug in german.items():
        assert slug in [one.slug for one in library.find(words, "de")[:3]], words
