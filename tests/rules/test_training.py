"""What makes a training complete, in which order answers stand, and how a certificate's number is read."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.certificates.page import page
from bot.errors import GuideError
from bot.guides.manifest import read
from bot.guides.quiz import named
from bot.guides.rules import Guide, Guides
from bot.guides.store import load
from bot.training.rules import (
    Certificate,
    Course,
    Left,
    first_left,
    left,
    mark_of,
    questions,
    read_number,
    unanswered,
)
from tests.conftest import CIPHER, ROOT

DONE = Certificate(17, 1, 1, "circle-mentor", 1, "en", "Circle mentor", ("One", "Two"), "Ana", date(2026, 12, 9))
LETTERS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=16)


@pytest.fixture
def guide(guides: Guides) -> Guide:
    return guides.get("circle-mentor")


def all_of(guide: Guide) -> Course:
    numbers = frozenset(session.number for session in guide.sessions)
    right = {(n, question.name): True for n in numbers for question in questions(guide, n)}
    return Course(numbers, numbers, frozenset(), right)


def test_it_is_complete_with_everything_read_done_and_answered_right(guide: Guide) -> None:
    assert left(guide, Course()) == Left(6, 6, 18)
    assert left(guide, all_of(guide)).nothing
    assert left(guide, replace(all_of(guide), read=frozenset({1, 2}))) == Left(4, 0, 0)


def test_a_guide_may_ask_for_fewer_tasks(guide: Guide) -> None:
    four = replace(guide, tasks_needed=4)
    assert left(four, replace(all_of(guide), done=frozenset({1, 2, 3}))) == Left(0, 1, 0)
    assert left(four, replace(all_of(guide), done=frozenset({1, 3, 5, 6}))).nothing


def test_a_wrong_answer_is_asked_again_and_alone(guide: Guide) -> None:
    third = questions(guide, 2)[2]
    course = replace(all_of(guide), answers=dict(all_of(guide).answers) | {(2, third.name): False})
    assert [n for n, _ in unanswered(guide, course, 2)] == [3]
    assert left(guide, course) == Left(0, 0, 1)
    assert first_left(guide, course) == 2


def test_an_answer_counts_for_its_question_wherever_that_stands_and_for_no_other(guide: Guide) -> None:
    first, *rest = questions(guide, 1)
    others = tuple(one for one in guide.quiz if one.session != 1)
    moved = replace(guide, quiz=named((*rest, first, *others), (*rest, first, *others)))
    assert left(moved, all_of(guide)).nothing
    changed = (replace(first, question="What is a circle?"), *rest, *others)
    assert [n for n, _ in unanswered(replace(guide, quiz=named(changed, changed)), all_of(guide), 1)] == [1]


def test_an_answer_counts_in_every_language(guides: Guides, guide: Guide) -> None:
    for language in ("de", "de@formal"):
        other = guides.get("circle-mentor", language)
        assert other.language == language
        assert {one.question for one in other.quiz}.isdisjoint(one.question for one in guide.quiz)
        assert left(other, all_of(guide)).nothing


def test_a_language_that_asks_less_than_english_is_found(tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "guides" / "circle-mentor", tmp_path / "guides" / "circle-mentor").parent
    quiz = folder / "circle-mentor" / "en" / "quiz.yaml"
    first = "  - session: 1\n"
    more = first + "    question: Why?\n    right: Because.\n    why: So.\n    wrong:\n      - No\n      - Yes\n"
    quiz.write_text(quiz.read_text().replace(first, more + first, 1))
    with pytest.raises(GuideError) as error:
        load(folder)
    assert "guides/circle-mentor/de/quiz.yaml:1: session 1 has 3 questions, in English 4" in error.value.problems


def test_the_place_of_an_answer_tells_nothing(guides: Guides) -> None:
    for language in ("en", "de"):
        places = []
        for question in guides.get("circle-mentor", language).quiz:
            shown = question.choices
            assert shown == question.choices
            assert sorted(text for _, text in shown) == sorted((question.right, *question.wrong))
            assert len({name for name, _ in shown}) == len(shown)
            places.append([text for _, text in shown].index(question.right))
        assert len(set(places)) >= 3, "the right one stands in many places"


@given(st.integers(1, 999_999_999), LETTERS)
def test_a_number_is_read_as_it_is_printed(number: int, mark: str) -> None:
    printed = replace(DONE, id=number, mark=mark).number
    assert read_number(printed) == (number, mark)
    assert read_number(f"  {printed.lower()} ") == (number, mark)
    assert read_number(printed.replace("-", " ")) == (number, mark)
    for dash in "\u2010\u2011\u2013\u2014\u2212":
        assert read_number(f"\u00a0{printed.replace('-', dash)}\u200b\n") == (number, mark)


@given(st.text(max_size=40))
def test_nothing_else_is_read_as_a_number_and_nothing_breaks(text: str) -> None:
    found = read_number(text)
    assert found is None or (found[0] > 0 and len(found[1]) == 16)


@pytest.mark.parametrize(
    "text",
    ["", "17", "17-", "9999999999-AAAA-AAAA-AAAA-AAAA", "0-AAAA-AAAA-AAAA-AAAA", "17-AAAA-AAAA-AAAA-AAA1", "x" * 5000],
)
def test_what_cannot_be_a_number_is_none(text: str) -> None:
    assert read_number(text) is None


def test_a_mark_stands_for_exactly_this_certificate_and_this_key() -> None:
    mark = mark_of(CIPHER.sign(DONE.sworn))
    assert len(mark) == 16
    assert mark == mark_of(CIPHER.sign(DONE.sworn))
    others = (replace(DONE, name="Eva"), replace(DONE, guide="x"), replace(DONE, issued=date(2026, 12, 8)))
    for other in (*others, replace(DONE, title="Doctor"), replace(DONE, learned=("Surgery",)), replace(DONE, id=18)):
        assert mark_of(CIPHER.sign(other.sworn)) != mark


def test_the_page_shows_a_name_as_text_and_needs_nothing_from_elsewhere() -> None:
    shown = page(replace(DONE, name='<script>alert("x")</script>', title="A & B", mark="A" * 16))
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "A &amp; B" in shown
    assert "17-AAAA-AAAA-AAAA-AAAA" in shown
    assert "src=" not in shown
    assert "href=" not in shown
    assert "url(" not in shown
    assert "size: A4 landscape" in shown


def test_a_page_without_a_number_says_nothing_of_one() -> None:
    assert "Number" not in page(DONE)


MANIFEST = (ROOT / "guides" / "circle-mentor" / "guide.yaml").read_text()


def test_a_training_says_how_many_tasks_it_needs() -> None:
    made, findings = read(MANIFEST + "tasks_needed: 4\n", "circle-mentor")
    assert findings == ()
    assert made.tasks_needed == 4


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (MANIFEST + "tasks_needed: 7\n", "tasks_needed 7 is more than there are sessions"),
        (MANIFEST + "tasks_needed: many\n", "tasks_needed must be a whole number from 0 to 99"),
        (MANIFEST.replace("training: yes", "training: no") + "tasks_needed: 3\n", "tasks_needed is only for trainings"),
    ],
)
def test_a_number_of_tasks_that_cannot_be_is_found(text: str, problem: str) -> None:
    _, findings = read(text, "circle-mentor")
    assert problem in [finding.problem for finding in findings]
