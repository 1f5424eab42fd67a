"""Guides are read whole: what a good folder becomes, and that nothing but a GuideError ever comes out of a bad one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import GuideError
from bot.guides.markdown import parse
from bot.guides.rules import MOST_BYTES, Guides, Part
from bot.guides.store import load
from bot.guides.words import preview
from bot.markup import Bold, Code, Italic, Link, Plain, literal
from bot.messages import List, Text
from bot.spoken import words
from tests.conftest import all_guides

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "fixtures" / "guides"


@pytest.fixture(scope="module")
def small() -> Guides:
    return load(SMALL)


def test_a_good_folder_holds_its_guides_in_order(small: Guides):
    assert small.ids == ("book-circle", "reading-pair")
    assert small.languages == ("en",)
    circle = small.get("book-circle")
    assert (circle.title, circle.version, circle.kind, circle.licence) == ("Book circle", 1, "circle", "CC-BY-4.0")
    assert circle.authors == ("Ana Example", "Ben Example")
    assert (circle.first, circle.last, circle.checkpoint) == (0, 1, 1)
    assert (circle.starts_with, circle.at_least, circle.at_most) == (3, 4, 6)
    assert [session.number for session in circle.sessions] == [0, 1]


def test_hours_and_days_have_defaults_and_a_circle_prepares_nobody(small: Guides):
    circle, pair = small.get("book-circle"), small.get("reading-pair")
    assert (circle.prompt_hours_before, circle.prepare_days_before) == (2, 0)
    assert (pair.prompt_hours_before, pair.prepare_days_before) == (3, 4)


def test_a_session_becomes_neutral_blocks(small: Guides):
    session = small.get("book-circle").session(0)
    assert session.agenda == (
        Part(20, literal("Round of names.")),
        Part(40, (Bold("Choose"), Plain(" the book."))),
    )
    steps = (
        literal("Say what you read last."),
        (Plain("Say what you would "), Italic("like"), Plain(" to read.")),
    )
    assert session.exercise == (List(steps, ordered=True),)
    assert session.prompt == (
        Text(literal("Please bring a book.")),
        List((literal("One that you know"), literal("One that you do not"))),
    )
    assert session.tip == (Text((Plain("Bring "), Code("two"), Plain(" books yourself."))),)
    welcome = small.get("book-circle").welcome
    assert welcome == (Text((Plain("Welcome! Here is "), Link("the book", "https://example.org/book"), Plain("."))),)


def test_a_role_is_asked_its_own_question_where_it_has_one(small: Guides):
    session = small.get("reading-pair").session(1)
    assert session.question_for("mentor") == "What did your mentee find hard?"
    assert session.question_for("mentee") == "What did you read?"
    assert session.question_for("participant") == "What did you read?"


def test_what_is_not_there_is_a_key_error(small: Guides):
    with pytest.raises(KeyError):
        small.get("no-such-guide")
    with pytest.raises(KeyError):
        small.get("book-circle").session(2)


def test_a_language_that_a_guide_lacks_is_english(tmp_path: Path):
    folder = copy(tmp_path)
    german = folder / "book-circle" / "de"
    shutil.copytree(folder / "book-circle" / "en", german)
    (german / "guide.md").write_text((german / "guide.md").read_text().replace("# Book circle", "# Lesekreis"))
    found = load(folder)
    assert found.languages == ("de", "en")
    assert found.get("book-circle", "de").title == "Lesekreis"
    assert found.get("book-circle", "fr").title == "Book circle"
    assert found.get("reading-pair", "de").language == "en"


def test_reading_twice_gives_the_same(tmp_path: Path):
    assert load(SMALL) == load(copy(tmp_path))


def test_line_ends_of_windows_are_fine(tmp_path: Path):
    folder = copy(tmp_path)
    for path in folder.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(folder) == load(SMALL)


def test_the_guides_that_come_with_circlet_are_good():
    load(ROOT / "guides")


def test_the_readme_counts_what_there_is():
    guides = all_guides()
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    sessions = sum(len(guides.get(name).sessions) for name in guides.ids)
    articles = len({article.slug for article in guides.library.all})
    assert len(guides.ids) == 9
    assert f"Nine guides with {sessions} sessions, in English and in German" in readme
    assert f"A library of {articles} articles" in readme


def test_the_example_in_the_schema_is_a_good_guide(tmp_path: Path):
    schema = (ROOT / "guides" / "SCHEMA.md").read_text(encoding="utf-8")
    files = re.findall(r"^`(guides/[\w/.-]+)`:\n\n```\w+\n(.*?)^```", schema, re.M | re.S)
    assert len(files) == 3
    for name, text in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert load(tmp_path / "guides").ids == ("book-circle",)


def test_the_preview_holds_everything_of_a_session(small: Guides):
    pair = small.get("reading-pair")
    assert words(preview(pair, pair.session(1))).splitlines() == [
        "Reading pair · Week 1: First posts",
        "You learn more from one person you follow than from ten you heard of.",
        "Preparation, for the mentor",
        "Look for two people worth following.",
        "Prompt",
        "Bring your phones.",
        "Agenda, 30 minutes",
        "• 30 min Look at their posts.",
        "Exercise",
        "Look at one post together.",
        "Steps, for the mentee",
        "• 5 min Follow one person.",
        "• 10 min Thank them.",
        "Check-in question",
        "Mentor: What did your mentee find hard?",
        "Mentee: What did you read?",
        "If you missed it",
        "What would you have said?",
        "Next small step",
        "Open the book once.",
        "Tip for whoever leads",
        "Begin small.",
        "What is often difficult",
        "Nobody has read it. Read one page together.",
        "Short edition, 20 minutes",
        "• 20 min Follow one person.",
        "reading-pair, version 2 · Cem Example · LicenseRef-Ours",
    ]


def test_formats_inside_each_other_keep_their_words():
    page, findings = parse(
        "# T\n\n## S\n\na **b *c* `d`** *e* [f **g**](https://example.org) h\\*i &amp; <https://example.org>\n"
    )
    assert findings == ()
    assert page.sections[0].content[0].block == Text(
        (
            Plain("a "),
            Bold("b c "),
            Code("d"),
            Plain(" "),
            Italic("e"),
            Plain(" "),
            Link("f g", "https://example.org"),
            Plain(" h*i &amp; "),
            Link("https://example.org", "https://example.org"),
        )
    )


# ── whatever the files hold ──────────────────────────────────────────────────────────────────────────────────────────

FILES = ("book-circle/guide.yaml", "book-circle/en/guide.md", "book-circle/en/week-00.md", "reading-pair/en/week-01.md")

# The pieces from which both formats are made, and what has broken parsers elsewhere.
_SCRAPS = st.sampled_from(
    [
        *(
            "# ",
            "## ",
            "- ",
            "1. ",
            "7) ",
            "    ",
            "> ",
            "```",
            "**",
            "*",
            "`",
            "<b>",
            "<!--",
            "[a](",
            "![",
            "](https://",
        ),
        *(
            "? ",
            ": ",
            "&a ",
            "*a ",
            "!!x ",
            "[",
            "{",
            "}",
            ")",
            "%YAML 9.9",
            "---\n",
            "<<: ",
            '"\\UFFFFFFFF"',
            "9" * 5000,
        ),
        *("## Purpose\n", "## Agenda\n", "- 5 min: ", "|a|b|\n|-|-|\n", "minutes: ", "group:\n  ", "id: x\n", "👋"),
        *("\n", "\n\n", "\r", "\t", "\x00", "\u202e", "\ufeff", "\ufffe", "\u2028"),
    ]
)
_GARBAGE = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(str.encode),
    st.lists(_SCRAPS, max_size=40).map("".join).map(str.encode),
)


def outcome(folder: Path) -> Guides | tuple[str, ...]:
    """The guides, or else the problems, which must then be fit to be read."""
    try:
        return load(folder)
    except GuideError as error:
        problems = error.problems
    assert problems
    assert all(re.fullmatch(r"guides/[^\n:]+:[1-9][0-9]*: [^\n]+", problem) for problem in problems)
    assert len(set(problems)) == len(problems)
    return problems


@settings(max_examples=80, deadline=None)
@given(name=st.sampled_from(FILES), garbage=_GARBAGE, cut=st.integers(0, 2000))
def test_garbage_in_a_file_is_a_list_of_problems_and_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, name: str, garbage: bytes, cut: int
):
    folder = copy(tmp_path_factory.mktemp("garbage"))
    good = (folder / name).read_bytes()
    for data in (garbage, good[:cut] + garbage + good[cut:]):
        (folder / name).write_bytes(data)
        first = outcome(folder)
        assert outcome(folder) == first


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "data",
    [
        b"[" * 50_000,
        b"- " * 20_000,
        b"a: &a [*a, *a]\n" * 100,
        b"? " * 20_000,
        b"*a **a " * 2_000,
        b"> " * 20_000,
        b"[a](" * 2_000,
        b"x" * (MOST_BYTES + 1),
    ],
    ids=["brackets", "hyphens", "aliases", "keys", "stars", "quotes", "links", "size"],
)
def test_a_file_made_to_hurt_is_only_a_bad_file(tmp_path: Path, name: str, data: bytes):
    folder = copy(tmp_path)
    (folder / name).write_bytes(data)
    assert isinstance(outcome(folder), tuple)


def copy(where: Path) -> Path:
    return Path(shutil.copytree(SMALL, where / "guides"))
