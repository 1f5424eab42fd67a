"""What is wrong with a guide, and where: one change to a good folder each, and exactly what is said about it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.errors import GuideError
from bot.guides.rules import Article
from bot.guides.store import load

SMALL = Path(__file__).parents[1] / "fixtures" / "guides"

YAML = "book-circle/guide.yaml"
PAIR_YAML = "reading-pair/guide.yaml"
COVER = "book-circle/en/guide.md"
ZERO = "book-circle/en/week-00.md"
ONE = "book-circle/en/week-01.md"
PAIR = "reading-pair/en/week-01.md"

BRACKETS = "[ ] and { } are not used here; write one entry per line"
ALIASES = "anchors (&) and aliases (*) are not used here; write the value out"
TAGS = "tags (!) are not used here; write the value alone"
ONLY_PAIRS = "is only for guides of kind pair"
LISTED = "must be one list, each line like: - 5 min: text"
ID = "must be small letters and digits with hyphens, like peer-circle"
FORM = "each line must be like: - 5 min: text"

# (file, what stands there, what stands there instead, the one "line: problem")
KEYS = [
    (YAML, "rhythm: weekly\n", "", "1: missing key: rhythm"),
    (YAML, "  at_most: 6\n", "", "14: missing key: group.at_most"),
    (YAML, "group:\n  starts_with: 3\n  at_least: 4\n  at_most: 6\n", "", "1: missing key: group"),
    (YAML, "version: 1\n", "version: 1\nversion: 2\n", "3: duplicate key: version; first in line 2"),
    (YAML, "version: 1\n", "version: 1\ncolour: red\n", "3: unknown key: colour"),
    (YAML, "  at_most: 6\n", "  at_most: 6\n  best: 5\n", "18: unknown key: group.best"),
    (YAML, "version: 1\n", "version: 1\n<<: 3\n", "3: unknown key: <<"),
    (YAML, "version: 1", "version: one", "2: version must be a whole number from 1 to 9999"),
    (YAML, "version: 1", "version: 0", "2: version must be a whole number from 1 to 9999"),
    (YAML, "version: 1", "version: '1'", "2: version must be a whole number from 1 to 9999"),
    (YAML, "minutes: 60", "minutes: 1_0", "9: minutes must be a whole number from 5 to 480"),
    (YAML, "minutes: 60", "minutes: 1:00", "9: minutes must be a whole number from 5 to 480"),
    (YAML, "minutes: 60", "minutes:\n  - 60", "9: minutes must be a whole number from 5 to 480"),
    (YAML, "kind: circle", "kind: square", "3: kind must be circle or pair or solo"),
    (YAML, "rhythm: weekly", "rhythm: daily", "8: rhythm must be weekly or fortnightly or monthly"),
    (YAML, "id: book-circle", "id: Book circle", f"1: id {ID}"),
    (YAML, "id: book-circle", "id: other", "1: id is other, but the folder is book-circle"),
    (YAML, "licence: CC-BY-4.0", "licence: all mine", "4: licence must be an SPDX identifier, like CC-BY-4.0"),
    (YAML, "licence: CC-BY-4.0", "licence: 1.0", "4: licence must be an SPDX identifier, like CC-BY-4.0"),
    (
        YAML,
        "authors:\n  - Ana Example\n  - Ben Example\n",
        "authors: Ana\n",
        "5: authors must be a list, one per line, each after a hyphen",
    ),
    (YAML, "- Ben Example", "- 7", "7: authors: each one must be a text in one line"),
    (YAML, "- Ben Example", '- "Ben\\u202e"', "7: authors: each one must be a text in one line"),
    (
        YAML,
        "group:\n  starts_with: 3\n  at_least: 4\n  at_most: 6\n",
        "group: 5\n",
        "14: group must be three lines below it: starts_with, at_least, at_most",
    ),
    (YAML, "at_least: 4", "at_least: 7", "14: group: starts_with 3 <= at_least 7 <= at_most 6 is not so"),
    (YAML, "starts_with: 3", "starts_with: 5", "14: group: starts_with 5 <= at_least 4 <= at_most 6 is not so"),
    (PAIR_YAML, "at_most: 2", "at_most: 3", "13: group: a pair is two people; starts_with, at_least and at_most are 2"),
    (YAML, "checkpoint: 1", "checkpoint: 2", "13: checkpoint 2 is not from 0 to 1"),
    (YAML, "version: 1\n", "version: 1\ntraining: maybe\n", "3: training must be yes or no"),
    (YAML, "version: 1\n", "version: 1\nfor_role: mentor\n", "3: for_role is only for guides of kind solo"),
    (YAML, "version: 1\n", "version: 1\nprepare_days_before: 2\n", f"3: prepare_days_before {ONLY_PAIRS}"),
    (
        PAIR_YAML,
        "prepare_days_before: 4",
        "prepare_days_before: 0",
        "18: prepare_days_before must be a whole number from 1 to 14",
    ),
]

STYLE = [
    (YAML, "authors:\n  - Ana Example\n  - Ben Example\n", "authors: [Ana, Ben]\n", f"5: {BRACKETS}"),
    (YAML, "version: 1", "version: {}", f"2: {BRACKETS}"),
    (YAML, "version: 1", "version: &v 1", f"2: {ALIASES}"),
    (YAML, "version: 1", "version: !!int 1", f"2: {TAGS}"),
    (YAML, "version: 1", "version: !!python/name:os 1", f"2: {TAGS}"),
    (YAML, "version: 1", "version: : 1", "2: not YAML: mapping values are not allowed here"),
    (YAML, "version: 1", "version: *v", f"2: {ALIASES}"),
    (YAML, "version: 1", "version: 1\n---\nid: x", "3: not YAML: but found another document"),
    (YAML, "version: 1", 'version: "\\UFFFFFFFF"', "1: not YAML: a number or an escaped character that is too large"),
    (YAML, "version: 1", "version:\n  " + "- " * 9 + "1", "3: too many levels"),
]

CHARACTERS = [
    (YAML, "version: 1", "version:\t1", "2: a tab; use spaces"),
    (ZERO, "Please bring", "Please\tbring", "20: a tab; use spaces"),
    (ZERO, "Please bring", "Please\u202ebring", "20: the invisible character U+202E"),
    (ZERO, "Please bring", "Please\x07bring", "20: the invisible character U+0007"),
    (YAML, "version: 1", "version: 1 # \ufffe", "2: the invisible character U+FFFE"),
    (ZERO, "# Set up", "\ufeff# Set up", "1: the file begins with a byte order mark; save it as UTF-8 without BOM"),
]

SECTIONS = [
    (ZERO, "# Set up\n", "# \n", "1: the title is empty"),
    (ZERO, "# Set up\n", "\n", "1: the file must begin with a title: # Title"),
    (ZERO, "# Set up\n", "# *Set* up\n", "1: a heading is plain words, without formatting or links"),
    (ZERO, "# Set up\n", "# Set up\n\nHello.\n", "3: text before the first section"),
    (ZERO, "## Prompt", "# Again\n\n## Prompt", "18: only the first line is a title, with one #; a section has ##"),
    (ZERO, "## Prompt", "## Other\n\nText.\n\n## Prompt", "18: unknown section: Other"),
    (ZERO, "## Prompt", "##\n\nText.\n\n## Prompt", "18: a section without a name"),
    (ZERO, "## Facilitator tip\n\nBring `two` books yourself.\n", "", "1: missing section: Facilitator tip"),
    (
        COVER,
        "## Summary\n\nFour to six people read **one chapter** and try one idea from it.\n",
        "",
        "1: missing section: Summary",
    ),
    (PAIR, "## Preparation\n\nLook for two people worth following.\n", "", "1: missing section: Preparation"),
    (PAIR, "## Steps\n\n- 5 min: Follow one person.\n- 10 min: Thank them.\n", "", "1: missing section: Steps"),
    (ONE, "## Prompt", "## Purpose\n\nAgain.\n\n## Prompt", "15: duplicate section: Purpose; first in line 3"),
    (
        ONE,
        "## Exercise\n\nTalk about one idea.\n\n## Prompt\n\nPlease read a chapter.\n",
        "## Prompt\n\nPlease read a chapter.\n\n## Exercise\n\nTalk about one idea.\n",
        "15: Exercise must come before Prompt",
    ),
    (ONE, "Talk about one idea.\n", "", "11: Exercise is empty"),
    (ONE, "- 60 min: Talk.\n", "", "7: Agenda is empty"),
    (
        ONE,
        "## Prompt",
        "## Reading\n\nThink.\n\n## Prompt",
        "15: Reading is only for guides of kind solo, and of kind circle with training: yes",
    ),
    (
        PAIR,
        "## Agenda",
        "## Preparation for facilitator\n\nThink.\n\n## Agenda",
        "11: Preparation for facilitator is only for guides of kind circle",
    ),
    (ONE, "## If you missed it\n\nWhat would you have said?\n", "", "1: missing section: If you missed it"),
    (ONE, "## Next small step\n\nOpen the book once.\n", "", "1: missing section: Next small step"),
    (COVER, "## For whom\n\nFor people who like to read.\n", "", "1: missing section: For whom"),
    (COVER, "## Sources\n\n- The structure is our own.\n", "", "1: missing section: Sources"),
    (ONE, "## Prompt", "## Steps\n\n- 5 min: Go.\n\n## Prompt", f"15: Steps {ONLY_PAIRS}"),
    (
        ONE,
        "## If you missed it",
        "## Check-in question for mentor\n\nWhy?\n\n## If you missed it",
        f"23: Check-in question for mentor {ONLY_PAIRS}",
    ),
    (COVER, "one idea from it.\n", "one idea from it.\n\nAnd more.\n", "3: Summary must be one paragraph"),
]

CONTENT = [
    (ONE, "- 60 min: Talk.", "- 55 min: Talk.", "7: Agenda adds up to 55 minutes, minutes in guide.yaml is 60"),
    (
        ONE,
        "- 20 min: Talk.",
        "- 21 min: Talk.",
        "39: Short edition adds up to 21 minutes, short_minutes in guide.yaml is 20",
    ),
    (ONE, "- 60 min: Talk.", "- 60 minutes: Talk.", f"9: Agenda: {FORM}"),
    (ONE, "- 60 min: Talk.", "- 60min: Talk.", f"9: Agenda: {FORM}"),
    (ONE, "- 60 min: Talk.", "- **60 min:** Talk.", f"9: Agenda: {FORM}"),
    (ONE, "- 60 min: Talk.", "- 60 min:", f"9: Agenda: {FORM}"),
    (ONE, "- 60 min: Talk.", "- 60 min: Talk.\n- 0 min: Rest.", f"10: Agenda: {FORM}"),
    (ONE, "- 60 min: Talk.", "1. 60 min: Talk.", f"7: Agenda {LISTED}"),
    (ONE, "- 60 min: Talk.", "60 min: Talk.", f"7: Agenda {LISTED}"),
    (ONE, "- 60 min: Talk.", "- 60 min: Talk.\n\nGo.", f"7: Agenda {LISTED}"),
    (PAIR, "- 10 min: Thank", "- 11 min: Thank", "22: Steps: a step takes at most 10 minutes, this one 11"),
    (PAIR, "- 5 min: Follow", "- 1 min: A.\n- 1 min: B.\n- 5 min: Follow", "19: Steps has 4 steps, at most 3 are done"),
    (PAIR, "- 5 min: Follow one person.\n- 10 min: Thank them.\n", "", "19: Steps is empty"),
    (ONE, "that you finished.", "that you finished", "5: Purpose must end with a full stop"),
    (ONE, "that you finished.", "you finished. Really! Yes.", "5: Purpose must be one sentence, this is 3"),
    (ONE, "that you finished.", 'you "finished." “Really” so.', "5: Purpose must be one sentence, this is 2"),
    (ONE, "that you finished.", "that you finished.\n\nReally.", "3: Purpose must be one paragraph"),
    (
        ONE,
        "Please read a chapter.",
        "word " * 100 + "\n\n- " + "word " * 21,
        "17: Prompt has 121 words, at most 120 are read",
    ),
    (ONE, "try the idea?", "try the idea.", "21: Check-in question must end with a question mark"),
    (ONE, "try the idea?", "try it? And how?", "21: Check-in question must be one question, this is 2"),
    (ONE, "try the idea?", "try the idea?\n\nAnd how?", "19: Check-in question must be one paragraph"),
    (ONE, "try the idea?", "try the *idea*?", "21: Check-in question must be plain words, without formatting or links"),
    (ONE, "have said?", "have said.", "25: If you missed it must end with a question mark"),
    (
        ONE,
        "Talk about one idea.",
        "This is a sentence that goes on and on until it has many more words than anybody wants to read at once. " * 30,
        "1: half of the sentences have 22 words or more; at most 18 read easily",
    ),
    (PAIR, "find hard?", "find hard.", "34: Check-in question for mentor must end with a question mark"),
]

MARKDOWN = [
    ("<b>Talk</b> about", "13: HTML is not supported"),
    ("Talk<br>about\n\nmore", "13: HTML is not supported"),
    ("<!-- a note -->", "13: HTML is not supported"),
    ("Talk\nabout\n![a picture](https://example.org/a.png)", "15: an image is not supported"),
    ("| a | b |\n|---|---|\n| c | d |", "13: a table is not supported; use a list"),
    ("- one\n  - two", "14: a list inside a list is not supported"),
    ("1. one\n\n   - two", "15: a list inside a list is not supported"),
    ("- one\n\n  two", "15: an item of a list is one paragraph"),
    ("- one\n-\n- three", "14: an item of a list is empty"),
    ("- ### one", "13: a heading inside a list is not supported"),
    ("```\ncode\n```", "13: a code block is not supported"),
    ("Talk.\n\n    code", "15: a code block is not supported; begin the line without spaces"),
    ("> said", "13: a quotation block is not supported"),
    ("Talk.\n\n### Deeper\n\nMore.", "15: a heading below ## is not supported"),
    ("Talk.\n\n---\n\nMore.", "15: a ruled line is not supported"),
    ("Talk  \nabout", "13: a forced line break is not supported; take the spaces or the backslash off the line's end"),
    ("~~Talk~~ about", "13: struck out text is not supported"),
    ("1. one\n\nThen:\n\n2. two", "17: a numbered list begins with 1; keep its steps together"),
    ("a\n[b](http://example.org)", "14: a link must begin with https:// or library:, this one is 'http://example.org'"),
    ("[b](javascript:alert(1))", "13: a link must begin with https:// or library:, this one is 'javascript:alert(1)'"),
    ("[b](/here)", "13: a link must begin with https:// or library:, this one is '/here'"),
    ("[b](https://)", "13: a link must begin with https:// or library:, this one is 'https://'"),
    ("<ana@example.org>", "13: a link must begin with https:// or library:, this one is 'mailto:ana@example.org'"),
    ("[](https://example.org)", "13: a link without words: write [words](https://…)"),
    ('[b](https://example.org "t")', "13: a link has no title of its own: write [words](https://…)"),
]


def problems(folder: Path) -> list[str]:
    with pytest.raises(GuideError) as caught:
        load(folder)
    return list(caught.value.problems)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "guides"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")  # the first: "minutes" ends "short_minutes" too


def ids(rows: list[tuple[str, str, str, str]]) -> list[str]:
    return [row[3][:60] for row in rows]


ROWS = [*KEYS, *STYLE, *CHARACTERS, *SECTIONS, *CONTENT]


@pytest.mark.parametrize(("name", "old", "new", "expected"), ROWS, ids=ids(ROWS))
def test_one_change_is_one_problem_in_its_line(folder: Path, name: str, old: str, new: str, expected: str):
    change(folder / name, old, new)
    assert problems(folder) == [f"guides/{name}:{expected}"]


@pytest.mark.parametrize(("markdown", "expected"), MARKDOWN, ids=[row[1][:60] for row in MARKDOWN])
def test_what_not_every_chat_can_show_is_refused(folder: Path, markdown: str, expected: str):
    change(folder / ONE, "Talk about one idea.", markdown)
    assert problems(folder) == [f"guides/{ONE}:{expected}"]


@pytest.mark.parametrize("name", ["book-circle/guide.yaml", COVER, ONE, "book-circle/en/week-00.md"])
def test_a_missing_file_is_a_problem(folder: Path, name: str):
    (folder / name).unlink()
    assert problems(folder) == [f"guides/{name}:1: the file is missing"]


@pytest.mark.parametrize("name", [COVER, ONE])
def test_an_empty_file_is_one_problem(folder: Path, name: str):
    (folder / name).write_text("\n")
    assert problems(folder) == [f"guides/{name}:1: the file is empty"]


def test_an_empty_manifest_is_one_problem(folder: Path):
    (folder / YAML).write_text("# nothing\n")
    assert problems(folder) == [f"guides/{YAML}:1: the file must be lines of the form key: value"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("book-circle/en/week-02.md", "guide.yaml has the sessions 0 to 1 only"),
        ("book-circle/en/week-1.md", "not expected here; a language has guide.md and week-00.md, week-01.md …"),
        ("book-circle/notes.txt", "not expected here; a guide has guide.yaml and a folder per language"),
    ],
)
def test_a_surplus_file_is_a_problem(folder: Path, name: str, problem: str):
    (folder / name).write_text("x")
    assert problems(folder) == [f"guides/{name}:1: {problem}"]


def test_hidden_files_and_files_beside_the_guides_are_not_looked_at(folder: Path):
    (folder / "SCHEMA.md").write_text("x")
    (folder / "book-circle" / ".DS_Store").write_text("x")
    (folder / "book-circle" / "en" / ".week-01.md.swp").write_text("x")
    assert load(folder) == load(SMALL)


def test_a_language_has_every_file_that_english_has(folder: Path):
    shutil.copytree(folder / "book-circle" / "en", folder / "book-circle" / "de")
    (folder / "book-circle" / "de" / "week-01.md").unlink()
    assert problems(folder) == ["guides/book-circle/de/week-01.md:1: the file is missing; English has it"]


def test_every_guide_is_written_in_english(folder: Path):
    (folder / "book-circle" / "en").rename(folder / "book-circle" / "de")
    assert problems(folder) == ["guides/book-circle/en:1: the folder is missing; every guide is written in English"]


@pytest.mark.parametrize("name", ["English", "qq", "de_DE"])
def test_a_folder_that_is_no_language_is_a_problem(folder: Path, name: str):
    shutil.copytree(folder / "book-circle" / "en", folder / "book-circle" / name)
    expected = f"guides/book-circle/{name}:1: not expected here; a guide has guide.yaml and a folder per language"
    assert problems(folder) == [expected]


def test_text_that_is_not_utf8_is_a_problem_in_its_line(folder: Path):
    path = folder / ONE
    path.write_bytes(path.read_bytes().replace(b"Read a page", b"Read \xe4 page"))
    assert problems(folder) == [f"guides/{ONE}:29: not UTF-8; save the file with the encoding UTF-8"]


def test_a_file_over_a_megabyte_is_not_read(folder: Path):
    (folder / ONE).write_bytes(b"x" * 1_000_001)
    assert problems(folder) == [f"guides/{ONE}:1: the file is larger than 1 MB"]


def test_a_missing_or_empty_folder_is_a_problem(tmp_path: Path):
    assert problems(tmp_path / "guides") == ["guides:1: the folder is missing"]
    (tmp_path / "guides").mkdir()
    assert problems(tmp_path / "guides") == ["guides:1: the folder holds no guide"]


def test_wrong_session_numbers_are_said_once(folder: Path):
    change(folder / YAML, "last_session: 1", "last_session: -1")
    assert problems(folder) == [f"guides/{YAML}:12: last_session must be a whole number from 0 to 99"]


def test_a_short_edition_is_not_longer_than_the_meeting(folder: Path):
    change(folder / YAML, "short_minutes: 20", "short_minutes: 70")
    assert f"guides/{YAML}:10: short_minutes 70 is more than minutes 60" in problems(folder)


def test_every_problem_is_said_at_once_in_the_order_of_paths_and_lines(folder: Path):
    change(folder / YAML, "version: 1", "version: x")
    change(folder / ZERO, "- 20 min: Round", "- 10 min: Round")
    change(folder / ONE, "try the idea?", "try the idea.")
    change(folder / ONE, "Read a page aloud.", "")
    change(folder / PAIR, "Begin small.", "<b>Begin</b>")
    assert problems(folder) == [
        f"guides/{ZERO}:7: Agenda adds up to 50 minutes, minutes in guide.yaml is 60",
        f"guides/{ONE}:21: Check-in question must end with a question mark",
        f"guides/{ONE}:27: Facilitator tip is empty",
        f"guides/{YAML}:2: version must be a whole number from 1 to 9999",
        f"guides/{PAIR}:42: HTML is not supported",
    ]


ARTICLE = (
    "# When nobody has prepared\n\nTags: preparation\nFor: facilitator\nLicence: CC BY 4.0\n\n"
    "## Summary\n\nRead a page together.\n\n## Article\n\n" + "Read one page. " * 60 + "\n"
)


@pytest.fixture
def library(folder: Path) -> Path:
    """The guides with a library beside them that has the article they link to."""
    (folder / "library" / "en").mkdir(parents=True)
    (folder / "library" / "en" / "nobody-prepared.md").write_text(ARTICLE)
    return folder


def test_the_library_is_no_guide_and_its_articles_can_be_linked_to(library: Path):
    assert load(library).ids == load(SMALL).ids
    assert load(library).get("book-circle").session(1).challenge_articles == (
        Article("nobody-prepared", "one page together"),
    )


def test_a_link_to_an_article_that_is_not_there_is_a_problem_in_its_line(library: Path):
    change(library / ONE, "library:nobody-prepared", "library:nobody-cares")
    assert problems(library) == [f"guides/{ONE}:33: library:nobody-cares: the library has no such article"]


def test_a_challenge_names_an_article_that_helps(library: Path):
    change(library / ONE, "[one page together](library:nobody-prepared)", "one page together")
    assert problems(library) == [
        f"guides/{ONE}:33: Challenge links to no article of the library: [words](library:slug)"
    ]


def test_what_one_takes_alone_is_for_a_role_of_a_guide_that_is_there(folder: Path):
    home = alone(folder)
    assert load(folder).get("mentor-reading").for_role == "mentor"
    change(home / "guide.yaml", "for_guide: reading-pair", "for_guide: writing-pair")
    assert problems(folder) == ["guides/mentor-reading/guide.yaml:1: for_guide: there is no guide writing-pair"]
    change(home / "guide.yaml", "for_guide: writing-pair", "for_guide: book-circle")
    assert problems(folder) == ["guides/mentor-reading/guide.yaml:1: for_role: book-circle has no mentor"]


def test_what_one_takes_alone_has_no_agenda_and_no_size(folder: Path):
    home = alone(folder)
    change(home / "guide.yaml", "minutes: 20", "minutes: 20\nrhythm: weekly\ncheckpoint: 1")
    change(home / "en" / "week-01.md", "## Task", "## Agenda\n\n- 5 min: Talk.\n\n## Task")
    assert problems(folder) == [
        "guides/mentor-reading/en/week-01.md:11: Agenda is only for guides of kind circle and pair",
        "guides/mentor-reading/guide.yaml:8: rhythm is only for guides of kind circle and pair",
        "guides/mentor-reading/guide.yaml:9: checkpoint is only for guides of kind circle and pair",
    ]


def alone(folder: Path) -> Path:
    """A guide of one session for one person."""
    home = folder / "mentor-reading"
    (home / "en").mkdir(parents=True)
    (home / "guide.yaml").write_text(
        "id: mentor-reading\nversion: 1\nkind: solo\nlicence: CC-BY-4.0\nauthors:\n  - Ana Example\nminutes: 20\n"
        "first_session: 1\nlast_session: 1\nfor_guide: reading-pair\nfor_role: mentor\n"
    )
    (home / "en" / "guide.md").write_text(
        "# Reading\n\n## Summary\n\nRead.\n\n## Welcome\n\nHello.\n\n## Closing\n\nBye.\n\n## Sources\n\n- Our own.\n"
    )
    (home / "en" / "week-01.md").write_text(
        "# Read\n\n## Purpose\n\nYou read.\n\n## Reading\n\n"
        + "One word. " * 80
        + "\n\n## Task\n\nRead more.\n\n## Reflection\n\nWhat did you read?\n"
    )
    return home


QUIZ_FORM = "the file must be: questions, and below it one entry per question after a hyphen"
QUIZ = """questions:
  - session: 0
    question: Who opens the book?
    right: The circle
    why: It is the book of everybody.
    wrong:
      - The sponsor
      - Nobody
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("right: The circle", "right: Nobody", "2: two answers are the same"),
        ("opens the book?", "opens the book.", "2: question must end with a question mark"),
        ("    why: It is the book of everybody.\n", "", "2: missing key: why"),
        ("    why: It", "    who: Ana\n    why: It", "2: unknown key: 'who'"),
        ("      - Nobody\n", "", "7: wrong must be a list of 2 to 4 answers"),
        ("session: 0", "session: soon", "2: session must be a whole number"),
        (
            "questions:",
            "answers:",
            f"1: {QUIZ_FORM}",
        ),
    ],
)
def test_a_training_has_a_quiz_that_can_be_answered(folder: Path, old: str, new: str, expected: str):
    training(folder)
    quiz = folder / "book-circle" / "en" / "quiz.yaml"
    quiz.write_text(QUIZ)
    change(quiz, old, new)
    assert problems(folder) == [f"guides/book-circle/en/quiz.yaml:{expected}"]


def test_each_session_of_a_training_has_its_questions(folder: Path):
    training(folder)
    assert problems(folder) == ["guides/book-circle/en/quiz.yaml:1: the file is missing"]
    (folder / "book-circle" / "en" / "quiz.yaml").write_text(QUIZ)
    assert problems(folder) == [
        "guides/book-circle/en/quiz.yaml:1: session 0 has 1 questions, it should have 3 to 4",
        "guides/book-circle/en/quiz.yaml:1: session 1 has 0 questions, it should have 3 to 4",
    ]


def training(folder: Path) -> None:
    change(folder / YAML, "version: 1\n", "version: 1\ntraining: yes\n")
    reading = "## Reading\n\n" + "One word. " * 80 + "\n\n## Task\n\nRead.\n\n## Reflection\n\nWhy?\n\n## Prompt"
    for week in (ZERO, ONE):
        change(folder / week, "## Prompt", reading)
