"""Own guides: brought along as a folder or a zip file that nobody trusts, and begun with a skeleton."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile, ZipInfo

import pytest
from click.testing import CliRunner

from adapters import guides_source
from adapters.guides_cli import guides as command
from bot.guides.store import load, load_library

SMALL = Path(__file__).parents[1] / "fixtures" / "guides"
BOOK = SMALL / "book-circle"


ARTICLE = (
    "# Title\n\nTags: a\nFor: facilitator\nLicence: CC BY 4.0\n\n## Summary\n\nOne.\n\n## Article\n\n"
    + "Read on. " * 90
)
QUESTION = """licence: LicenseRef-Ours
questions:
  - id: {id}
    version: 1
    kind: zero-to-ten
    for:
      - participant
    polls:
      - baseline
    text:
      en: Do you know what is expected of you?
    low_label:
      en: not at all
    high_label:
      en: fully
"""


def run(*args: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(command, [str(arg) for arg in args])
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An organisation's own folder of guides, with the one of pairs in it."""
    (tmp_path / "guides").mkdir()
    shutil.copytree(SMALL / "reading-pair", tmp_path / "guides" / "reading-pair")
    return tmp_path / "guides"


def zipped(path: Path, home: Path, inside: str = "") -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for text in sorted(home.rglob("*")):
            if text.is_file():
                file.write(text, f"{inside}{text.relative_to(home)}")
    return path


def test_a_folder_with_one_guide_is_taken_and_its_licence_is_said(folder: Path) -> None:
    code, output = run("import", BOOK, "--folder", folder)
    assert code == 0
    assert output.splitlines()[:2] == [
        "book-circle: Book circle, version 1, 2 sessions",
        "  by Ana Example, Ben Example; licence: CC-BY-4.0, shown to everybody who is invited",
    ]
    assert load(folder).ids == ("book-circle", "reading-pair")


@pytest.mark.parametrize("inside", ["", "book-circle/", "our guides/book-circle/"])
def test_a_zip_file_is_taken_however_deep_the_guide_lies_in_it(folder: Path, tmp_path: Path, inside: str) -> None:
    code, output = run("import", zipped(tmp_path / "a.zip", BOOK, inside), "--folder", folder)
    assert code == 0, output
    assert load(folder).get("book-circle").title == "Book circle"


def test_what_else_lies_in_a_zip_file_is_left_there(folder: Path, tmp_path: Path) -> None:
    file = zipped(tmp_path / "a.zip", BOOK, "book-circle/")
    with ZipFile(file, "a") as more:
        more.writestr("book-circle/run.sh", "rm -rf /")
        more.writestr("__MACOSX/book-circle/guide.yaml", "id: trouble")
        more.writestr("book-circle/.hidden.md", "#")
        link = ZipInfo("book-circle/en/week-02.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        more.writestr(link, "/etc/passwd")
    assert run("import", file, "--folder", folder)[0] == 0
    names = sorted(path.name for path in (folder / "book-circle").rglob("*") if path.is_file())
    assert names == ["guide.md", "guide.yaml", "week-00.md", "week-01.md"]


@pytest.mark.parametrize(
    "name", ["../guide.yaml", "a/../../guide.yaml", "/etc/guide.yaml", "a\\..\\guide.yaml", "C:/guide.yaml"]
)
def test_a_path_that_leads_out_of_the_folder_stops_it_all(folder: Path, tmp_path: Path, name: str) -> None:
    file = zipped(tmp_path / "a.zip", BOOK, "book-circle/")
    with ZipFile(file, "a") as more:
        info = ZipInfo("x")
        info.filename = name
        more.writestr(info, "id: trouble")
    code, output = run("import", file, "--folder", folder)
    assert code == 1
    assert "names a path outside its folder" in output
    assert load(folder).ids == ("reading-pair",)


def test_a_file_that_unpacks_to_too_much_is_refused(folder: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as file:
        file.writestr("book/guide.yaml", b" " * 50_000_000)
    assert bomb.stat().st_size < 100_000
    code, output = run("import", bomb, "--folder", folder)
    assert (code, output.splitlines()[0]) == (1, "guide.yaml is larger than 1 MB")


def test_too_many_files_are_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guides_source, "MOST_FILES", 3)
    code, output = run("import", zipped(tmp_path / "a.zip", BOOK), "--folder", folder)
    assert (code, output.splitlines()[0]) == (1, "that is more than 3 files or 30 MB")


def test_a_file_that_is_no_zip_file_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK but not really")
    code, output = run("import", tmp_path / "a.zip", "--folder", folder)
    assert code == 1
    assert "cannot be read as a folder or a zip file" in output


@pytest.mark.parametrize("packed", [ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA])
def test_a_damaged_zip_file_is_refused_whatever_is_wrong_in_it(folder: Path, tmp_path: Path, packed: int) -> None:
    file = tmp_path / "a.zip"
    with ZipFile(file, "w", packed) as made:
        made.write(BOOK / "guide.yaml", "book-circle/guide.yaml")
    whole = file.read_bytes()
    # A few bytes everywhere, so also in the stream itself and in what the archive says of it.
    for at in range(0, len(whole) - 4, 5):
        file.write_bytes(whole[:at] + bytes(byte ^ 0x5A for byte in whole[at : at + 4]) + whole[at + 4 :])
        result = CliRunner().invoke(command, ["import", str(file), "--folder", str(folder)])
        assert isinstance(result.exception, SystemExit), (at, result.exception)
        assert result.exit_code == 1, at
    assert load(folder).ids == ("reading-pair",)


def test_what_is_no_file_is_told(folder: Path, tmp_path: Path) -> None:
    source = shutil.copytree(BOOK, tmp_path / "book-circle")
    os.mkfifo(source / "en" / "week-02.md")
    code, output = run("import", source, "--folder", folder)
    assert (code, output.splitlines()[0]) == (1, f"{source / 'en' / 'week-02.md'} is no ordinary file")
    code, output = run("import", source / "en" / "week-02.md", "--folder", folder)
    assert (code, output.splitlines()[0]) == (1, f"{source / 'en' / 'week-02.md'} is neither a folder nor a zip file")
    os.mkfifo(folder / "reading-pair" / "pipe")
    code, output = run("import", BOOK, "--folder", folder)
    assert code == 1
    assert output.startswith(f"{folder / 'reading-pair' / 'pipe'} cannot be copied: ")


def test_a_folder_that_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, output = run("import", BOOK, "--folder", tmp_path / "file" / "guides")
    assert code == 1
    assert "cannot be read or written: Not a directory" in output
    code, output = run("new", "my-guide", "--folder", tmp_path / "file" / "guides")
    assert code == 1
    assert "cannot be written: Not a directory\nNothing was made." in output


def test_two_guides_with_one_name_are_refused(folder: Path, tmp_path: Path) -> None:
    for place in ("a", "b"):
        shutil.copytree(BOOK, tmp_path / "sent" / place / "book-circle")
    code, output = run("import", tmp_path / "sent", "--folder", folder)
    said = "two guides are called book-circle: a/book-circle and b/book-circle. Leave one of them out"
    assert (code, output.splitlines()[0]) == (1, said)
    assert load(folder).ids == ("reading-pair",)


def test_a_guide_that_comes_alone_may_lie_in_a_folder_of_any_name(folder: Path, tmp_path: Path) -> None:
    assert run("import", zipped(tmp_path / "a.zip", BOOK, "book-circle-main/"), "--folder", folder)[0] == 0
    assert load(folder).ids == ("book-circle", "reading-pair")
    home = shutil.copytree(BOOK, tmp_path / "new" / "library-of-ours")
    manifest = home / "guide.yaml"
    manifest.write_text(manifest.read_text().replace("id: book-circle", "id: library"))
    code, output = run("import", home, "--folder", folder)
    assert (code, output.splitlines()[0]) == (1, "guide.yaml:1: id is missing or cannot be read")


def test_questions_that_the_organisation_has_loaded_stay(folder: Path, tmp_path: Path) -> None:
    assert run("import", BOOK, "--folder", folder)[0] == 0
    own = folder / "book-circle" / "checkpoints" / "ours.yaml"
    own.parent.mkdir()
    own.write_text(QUESTION.format(id="expected-of-me"))
    newer = shutil.copytree(BOOK, tmp_path / "new" / "book-circle")
    manifest = newer / "guide.yaml"
    manifest.write_text(manifest.read_text().replace("version: 1", "version: 2"))
    code, output = run("import", newer, "--folder", folder)
    assert code == 0, output
    assert "book-circle: the questions that you have loaded for it stay" in output
    guides = load(folder)
    assert guides.get("book-circle").version == 2
    assert [item.id for item in guides.checkpoints_of("book-circle").items] == ["expected-of-me"]

    (newer / "checkpoints").mkdir()
    (newer / "checkpoints" / "theirs.yaml").write_text(QUESTION.format(id="theirs"))
    code, output = run("import", newer, "--folder", folder, "--replace")
    assert code == 0, output
    assert "stay" not in output
    assert [item.id for item in load(folder).checkpoints_of("book-circle").items] == ["theirs"]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A library of two articles that somebody sends."""
    home = tmp_path / "sent" / "library" / "en"
    home.mkdir(parents=True)
    for slug in ("nobody-prepared", "our-way"):
        (home / f"{slug}.md").write_text(ARTICLE)
    return home.parent


def test_a_library_is_counted_by_what_it_brings_and_its_licence_is_said(folder: Path, articles: Path) -> None:
    (folder / "library" / "en").mkdir(parents=True)
    for slug in ("nobody-prepared", "standing"):
        (folder / "library" / "en" / f"{slug}.md").write_text(ARTICLE)
    code, output = run("import", articles.parent, "--folder", folder)
    assert code == 0, output
    assert output.splitlines()[:2] == [
        "library: 2 articles; licence: CC BY 4.0, shown below each",
        "  nobody-prepared, our-way",
    ]
    assert {one.slug for one in load(folder).library.all} == {"nobody-prepared", "our-way", "standing"}


def test_an_article_is_not_replaced_unasked(folder: Path, articles: Path) -> None:
    assert run("import", articles.parent, "--folder", folder)[0] == 0
    for slug in ("nobody-prepared", "our-way"):
        (articles / "en" / f"{slug}.md").write_text(ARTICLE.replace("# Title", "# Other title"))
    code, output = run("import", articles.parent, "--folder", folder)
    said = "the library has these already, with other words: en/nobody-prepared.md, en/our-way.md. Rename yours, or"
    assert (code, output.partition(" add ")[0]) == (1, said)
    assert {one.title for one in load(folder).library.all} == {"Title"}
    assert run("import", articles.parent, "--folder", folder, "--replace")[0] == 0
    assert {one.title for one in load(folder).library.all} == {"Other title"}


@pytest.mark.parametrize("named", [True, False])
def test_a_library_alone_may_be_the_first(tmp_path: Path, articles: Path, *, named: bool) -> None:
    code, output = run("import", articles if named else articles.parent, "--folder", tmp_path / "fresh")
    assert code == 0, output
    assert {one.slug for one in load_library(tmp_path / "fresh").all} == {"nobody-prepared", "our-way"}


def test_two_libraries_are_refused(folder: Path, articles: Path) -> None:
    shutil.copytree(articles, articles.parent / "more" / "library")
    code, output = run("import", articles.parent, "--folder", folder)
    said = "two folders are a library: library and more/library. Leave one of them out"
    assert (code, output.splitlines()[0]) == (1, said)


def test_a_mistake_is_said_like_those_of_the_check_and_nothing_is_kept(folder: Path, tmp_path: Path) -> None:
    bad = shutil.copytree(BOOK, tmp_path / "new" / "book-circle")
    (bad / "en" / "week-01.md").unlink()
    code, output = run("import", bad, "--folder", folder)
    assert code == 1
    assert "guides/book-circle/en/week-01.md:1: the file is missing\nNothing was imported." in output
    assert load(folder).ids == ("reading-pair",)


def test_a_folder_without_a_guide_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, output = run("import", tmp_path / "empty", "--folder", folder)
    assert (code, output.splitlines()[0]) == (1, "there is no guide in it: no file guide.yaml, and no folder library")


def test_the_same_version_again_is_refused_unless_it_is_meant(folder: Path, tmp_path: Path) -> None:
    changed = shutil.copytree(BOOK, tmp_path / "new" / "book-circle")
    cover = changed / "en" / "guide.md"
    cover.write_text(cover.read_text().replace("# Book circle", "# Books"))
    assert run("import", BOOK, "--folder", folder)[0] == 0
    code, output = run("import", changed, "--folder", folder)
    assert code == 1
    assert "book-circle version 1 is there already, and this is version 1: count its version up, or add" in output
    assert run("import", changed, "--folder", folder, "--replace")[0] == 0
    assert load(folder).get("book-circle").title == "Books"
    manifest = changed / "guide.yaml"
    manifest.write_text(manifest.read_text().replace("version: 1", "version: 2"))
    assert run("import", changed, "--folder", folder)[0] == 0
    assert load(folder).get("book-circle").version == 2


@pytest.mark.parametrize("kind", ["circle", "pair", "solo"])
@pytest.mark.parametrize("rhythm", ["weekly", "monthly"])
def test_a_skeleton_has_no_mistake(folder: Path, kind: str, rhythm: str) -> None:
    args = ("--kind", kind, "--rhythm", rhythm, "--for-guide", "reading-pair", "--sessions", "2", "--minutes", "25")
    code, output = run("new", "my-guide", "--folder", folder, *args)
    assert (code, output.splitlines()) == (
        0,
        [f"Made {folder / 'my-guide'}. Fill it with your words, then: circlet guides check {folder}"],
    )
    assert run("check", folder) == (0, "2 guides, 3 sessions, 1 language: no problems\n")
    assert load(folder).get("my-guide").every == ("weekly" if kind == "solo" else rhythm)


def test_a_skeleton_beside_a_library_links_to_it(folder: Path) -> None:
    (folder / "library" / "en").mkdir(parents=True)
    (folder / "library" / "en" / "nobody-prepared.md").write_text(ARTICLE)
    assert run("new", "my-guide", "--folder", folder)[0] == 0
    assert load(folder).get("my-guide").session(1).articles[0].slug == "nobody-prepared"


@pytest.mark.parametrize("author", ["ACME: HR", "@acme", "yes", "- Ana", "Zoë # Ünal", "'quoted'", '"both"', "*", "12"])
def test_a_skeleton_takes_an_author_of_any_name(folder: Path, author: str) -> None:
    code, output = run("new", "my-guide", "--folder", folder, "--author", author)
    assert code == 0, output
    assert load(folder).get("my-guide").authors == (author,)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--author", ""], "guides/my-guide/guide.yaml:6: authors: each one must be a text in one line"),
        (["--kind", "solo"], "guides/my-guide/guide.yaml:1: for_guide: there is no guide reverse-mentoring"),
        (
            ["--kind", "solo", "--for-guide", "reading-pair", "--for-role", "participant"],
            "guides/my-guide/guide.yaml:1: for_role: reading-pair has no participant",
        ),
    ],
)
def test_a_skeleton_that_would_have_a_mistake_is_not_made(folder: Path, args: list[str], said: str) -> None:
    code, output = run("new", "my-guide", "--folder", folder, *args)
    assert (code, output) == (1, f"{said}\nNothing was made.\n")
    assert load(folder).ids == ("reading-pair",)


@pytest.mark.parametrize("name", ["yes", "no", "on", "off", "null", "true", "library"])
def test_a_name_that_would_be_read_as_something_else_is_refused(folder: Path, name: str) -> None:
    code, output = run("new", name, "--folder", folder)
    assert code == 1
    assert "not library, yes, no, on, off" in output
    assert load(folder).ids == ("reading-pair",)


def test_a_skeleton_never_writes_over_a_guide(folder: Path) -> None:
    code, output = run("new", "reading-pair", "--folder", folder)
    assert (code, output) == (1, f"Error: {folder / 'reading-pair'} is there already\n")
    code, output = run("new", "../outside", "--folder", folder)
    assert code == 1
    assert "small letters and digits" in output
