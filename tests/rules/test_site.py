"""The site of guides: every page complete, every link leading somewhere, and nothing fetched from elsewhere."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from babel.messages.pofile import escape
from click.testing import CliRunner

from adapters.guides_cli import guides as command
from adapters.site.build import build
from adapters.site.pages import Page, pages
from bot.guides.store import load
from bot.guides.ways import merged, read_way
from bot.markup import plain as plain_text
from tests.conftest import all_guides

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "fixtures" / "guides"
FETCHING = ("script", "img", "iframe", "object", "embed", "video", "audio", "source", "style")
FOLDERS = ("de", "de-formal")
LANGUAGES = ("lang", "hreflang")
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
VOID = {"meta", "link", "br", "hr"}


class Reader(HTMLParser):
    """What a page is made of: its elements, whether each is closed, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> comes too early"

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.elements if name == tag]


@pytest.fixture(scope="module")
def own() -> dict[str, Page]:
    return {page.path: page for page in pages(load(ROOT / "guides", linked=True))}


@pytest.fixture(scope="module")
def read(own: dict[str, Page]) -> dict[str, Reader]:
    return {path: Reader(page.html) for path, page in own.items()}


def test_every_session_of_every_guide_has_a_page(read: dict[str, Reader]) -> None:
    for guide in all_guides().all:
        for session in guide.sessions:
            page = read[f"{guide.language.replace('@', '-')}/{guide.id}/week-{session.number:02}.html"]
            assert session.title in page.words
            assert all(part.minutes for part in session.agenda)


def test_a_training_has_its_quiz_and_the_answers_on_paper(read: dict[str, Reader]) -> None:
    guides = all_guides()
    for language, folder in (("en", "en"), ("de", "de"), ("de@formal", "de-formal")):
        guide = guides.get("circle-mentor", language)
        assert guide.quiz
        booklet = " ".join(read[f"{folder}/circle-mentor/all.html"].words.split())
        for question in guide.quiz:
            session = " ".join(read[f"{folder}/circle-mentor/week-{question.session:02}.html"].words.split())
            for text in (question.question, question.right, question.why, *question.wrong):
                assert " ".join(text.split()) in booklet
                assert " ".join(text.split()) in session


def test_a_page_that_is_no_longer_made_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "guides")
    site = tmp_path / "site"
    build(load(folder), site)
    gone = site / "en" / "reading-pair" / "index.html"
    assert gone.is_file()
    ours = site / "en" / "notes.html"
    ours.write_text("ours")
    outside = tmp_path / "outside.html"
    outside.write_text("not ours")
    with (site / ".circlet-pages").open("a") as made:
        made.write(f"../outside.html\n{outside}\n")
    shutil.rmtree(folder / "reading-pair")
    build(load(folder), site)
    assert not gone.parent.exists()
    assert (site / "en" / "book-circle" / "index.html").is_file()
    assert (site / "style.css").is_file()
    assert ours.read_text() == "ours"
    assert outside.read_text() == "not ours"


def test_every_page_is_whole_and_says_its_language(read: dict[str, Reader]) -> None:
    for path, page in read.items():
        assert page.open == [], path
        folder = path.partition("/")[0] if "/" in path else "en"
        assert page.all("html")[0]["lang"] == folder.removesuffix("-formal"), path
        assert len(page.all("h1")) == 1, path
        assert len(page.all("main")) == 1, path
        assert len(page.all("title")) == 1, path


def test_a_language_with_a_formal_way_has_every_page_twice(own: dict[str, Page], read: dict[str, Reader]) -> None:
    plain, formal = ({path.partition("/")[2] for path in own if path.startswith(f"{one}/")} for one in FOLDERS)
    assert plain == formal
    for guide in all_guides().all:
        if guide.language == "de@formal":
            assert plain_text(guide.summary) in read[f"de-formal/{guide.id}/index.html"].words


def test_the_language_switch_names_the_formal_way_with_a_tag_that_browsers_know(read: dict[str, Reader]) -> None:
    known = {"de", "en"}
    for path, page in read.items():
        tags = {str(value) for _, attrs in page.elements for name, value in attrs.items() if name in LANGUAGES}
        assert tags <= known, path
        assert "Deutsch (Sie)" in page.words, path
    links = [link for link in read["en/peer-circle/index.html"].all("a") if link.get("hreflang")]
    assert [(link["href"], link["hreflang"]) for link in links] == [
        ("../../de/peer-circle/index.html", "de"),
        ("../../de-formal/peer-circle/index.html", "de"),
    ]
    [here] = [attrs for _, attrs in read["de-formal/index.html"].elements if attrs.get("aria-current") == "true"]
    assert here["lang"] == "de"
    assert "Wo Sie sind" in str(read["de-formal/index.html"].all("nav")[0]["aria-label"])


def test_an_article_is_printed_formally_and_what_does_not_differ_stays(tmp_path: Path) -> None:
    folder = tmp_path / "guides"
    for part in ("library", "peer-circle"):
        shutil.copytree(ROOT / "guides" / part, folder / part)
    article = folder / "library" / "de" / "no-first-meeting.md"
    line = next(one for one in article.read_text().split("\n")[12:] if one and not one.startswith(("#", "-")))
    catalog = folder / "library" / "de" / "formal.po"
    lines, _ = read_way(catalog.read_text() if catalog.is_file() else "", None)
    entry = f"\nmsgid {escape(line)}\nmsgstr {escape('Guten Tag! ' + lines.get(line, line))}\n"
    catalog.write_text(merged(HEAD + entry, catalog.read_text() if catalog.is_file() else "", set(lines)))
    html = {page.path: page.html for page in pages(load(folder, linked=True))}

    assert "Guten Tag! " in html["de-formal/library/no-first-meeting.html"]
    assert "Guten Tag! " not in html["de/library/no-first-meeting.html"]
    assert "de-formal/library/starting-a-movement.html" in html


def test_a_way_that_the_bot_does_not_speak_is_named_and_read_too(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "guides")
    lines = '\nmsgid "Please bring a book."\nmsgstr "Would you kindly bring a book."\n'
    (folder / "book-circle" / "en" / "formal.po").write_text(HEAD + lines)
    found = {page.path: page.html for page in pages(load(folder))}

    assert "Would you kindly bring a book." in found["en-formal/book-circle/week-00.html"]
    assert "Please bring a book." in found["en/book-circle/week-00.html"]
    assert "English (formal)" in found["index.html"]
    assert 'lang="en"' in found["en-formal/reading-pair/index.html"]


def test_headings_leave_out_no_level(read: dict[str, Reader]) -> None:
    for path, page in read.items():
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
        assert all(after <= before + 1 for before, after in pairwise(levels)), path


def test_every_link_leads_to_a_page(own: dict[str, Page], read: dict[str, Reader]) -> None:
    for path, page in read.items():
        for link in page.all("a"):
            address = unquote(str(link["href"]))
            if address.startswith(("https://", "#")):
                continue
            parts = list(Path(path).parent.parts)
            for part in address.partition("#")[0].split("/"):
                parts = parts[:-1] if part == ".." else [*parts, part]
            assert "/".join(parts) in own, f"{path}: {address}"


def test_nothing_is_fetched_from_elsewhere(own: dict[str, Page], read: dict[str, Reader]) -> None:
    for path, page in read.items():
        assert not [tag for tag, _ in page.elements if tag in FETCHING], path
        sheets = page.all("link")
        assert [sheet["href"] for sheet in sheets] == ["../" * path.count("/") + "style.css"], path
        assert "library:" not in own[path].html, path


def test_what_an_author_typed_is_never_markup(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "guides")
    cover = folder / "book-circle" / "en" / "guide.md"
    cover.write_text(cover.read_text().replace("# Book circle", "# A & B, 1 < 2"))
    html = next(page.html for page in pages(load(folder)) if page.path == "en/book-circle/index.html")
    assert "<h1>A &amp; B, 1 &lt; 2</h1>" in html


def test_the_command_writes_a_folder_that_stands_alone(tmp_path: Path) -> None:
    out = tmp_path / "site"
    result = CliRunner().invoke(command, ["site", "--out", str(out), "--folder", str(SMALL)])
    assert (result.exit_code, result.output) == (0, f"9 pages in {out}; begin with {out / 'index.html'}\n")
    assert (out / "style.css").read_text().count("@media print") == 1
    assert (out / "en" / "reading-pair" / "all.html").is_file()
    assert build(load(SMALL), out) == 9, "twice is once"
