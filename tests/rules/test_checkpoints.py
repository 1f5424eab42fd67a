"""The questions as data, their wording, and the figures that are made of published answers."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor
from pathlib import Path

import pytest

from bot.checkpoints.disclosure import Given, batch
from bot.checkpoints.figures import LEAST_IN_BAR, bars, change, mean, shares, total
from bot.checkpoints.rules import Answer, Figure, publish, read, written
from bot.checkpoints.telling import everything
from bot.checkpoints.terms import signed
from bot.checkpoints.waves import Program
from bot.counts import Counts
from bot.guides.checkpoints import read as read_questions
from bot.guides.checkpoints import together
from bot.guides.items import Checkpoints, Item, Poll
from bot.guides.store import guide_folders
from bot.guides.ways import asked
from bot.i18n import translator
from bot.messages import Message
from bot.spoken import words

GUIDES = Path(__file__).parents[2] / "guides"
GOOD = """licence: CC-BY-4.0
questions:
  - id: reading-aloud
    version: 1
    kind: scale
    for:
      - participant
    polls:
      - baseline
      - final
    text:
      en: How easily do you read aloud?
      de: Wie leicht liest du vor?
    low: 1
    high: 5
    low_label:
      en: hard
      de: schwer
    high_label:
      en: easy
      de: leicht
"""


def problems(text: str) -> list[str]:
    _, findings = read_questions(text)
    return [f"{one.line}: {one.problem}" for one in findings]


def test_a_good_file_has_no_problems() -> None:
    [item], findings = read_questions(GOOD)

    assert findings == ()
    assert item.key == "reading-aloud@1"
    assert item.values == ("1", "2", "3", "4", "5")
    assert item.tracked == ("baseline", "final")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("version: 1", "version: no", "version must be a whole number from 1 to 999"),
        ("kind: scale", "kind: slider", "kind must be scale or choice or zero-to-ten or text or ideas or fit"),
        ("    low: 1\n", "", "missing key: low"),
        ("    high: 5\n", "    high: 50\n", "high must be a whole number from 3 to 10"),
        ("      de: schwer\n", "", "low_label must be in the same languages as the texts above: de, en"),
        ("      en: hard\n", "", "low_label must be written in English (en)"),
        ("      - participant", "      - boss", "for must be participant or mentor or mentee or facilitator"),
        ("    polls:\n      - baseline\n", "    polls:\n      - fit\n", "a question of kind fit, and no other"),
        ("    high: 5\n", "    high: 5\n    read_by: organiser\n", "unknown key here: read_by"),
        ("    for:\n      - participant\n", "    for: [participant]\n", "[ ] and { } are not used here"),
        ("id: reading-aloud", "id: Reading aloud", "id must be small letters and digits with hyphens"),
        ("questions:\n", "questions: none\nother:\n", "questions must be a list"),
        ("licence: CC-BY-4.0\n", "", "missing key: licence"),
        ("How easily", "How *x", ""),
    ],
)
def test_every_mistake_is_found_with_its_line(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    found = problems(GOOD.replace(old, new, 1))

    assert bool(found) is bool(problem)
    assert problem in " ".join(found)


def test_the_same_question_twice_is_found() -> None:
    again = GOOD + GOOD.partition("questions:\n")[2]

    assert problems(again) == ["22: the id reading-aloud is used in line 3 already"]


def test_too_many_questions_for_one_role_are_found() -> None:
    [item], _ = read_questions(GOOD)

    assert together(tuple(replace(item, id=f"q{n}") for n in range(12))) == ()
    assert together(tuple(replace(item, id=f"q{n}") for n in range(13))) == (
        "13 questions in the poll baseline for participant; at most 12",
        "13 questions in the poll final for participant; at most 12",
    )


@pytest.mark.parametrize("folder", guide_folders(GUIDES), ids=lambda folder: folder.name)
def test_the_guides_own_questions_are_good_and_in_english_and_german(folder: Path) -> None:
    file = folder / "checkpoints.yaml"
    if not file.exists():
        assert "kind: solo" in (folder / "guide.yaml").read_text(), f"{folder.name} asks nothing"
        return
    items, findings = read_questions(file.read_text())

    assert findings == ()
    assert together(items) == ()
    assert all([language for language, _ in item.text] == ["de", "en"] for item in items)
    assert any(item.tracked for item in items)


# ── a changed question never mixes with its older answers ────────────────────────────────────────────────────────────


def given(item: Item, language: str = "en") -> list[Answer]:
    return [
        Answer(group, "final", group, "participant", item.key, item.wording(language), str(group % 3 + 1))
        for group in range(6)
    ]


def test_an_answer_counts_as_long_as_its_words_stand_whatever_the_language() -> None:
    [item], _ = read_questions(GOOD)
    item = replace(item, polls=("final",))
    answers = [*given(item)[:3], *given(item, "de")[3:]]

    assert [
        figure.batch.n for figure in publish(Checkpoints("x", (item,)), answers, "final").figures if figure.batch
    ] == [6]


@pytest.mark.parametrize(
    "changed",
    [
        {"text": (("de", "Wie leicht liest du vor?"), ("en", "How gladly do you read aloud?"))},
        {"version": 2},
        {"high": 7},
        {"low_label": (("de", "schwer"), ("en", "very hard"))},
        {"kind": "zero-to-ten"},
    ],
)
def test_a_changed_question_does_not_count_older_answers_nor_show_older_figures(changed: dict[str, object]) -> None:
    [item], _ = read_questions(GOOD)
    item = replace(item, polls=("final",))
    newer = replace(item, **changed)  # type: ignore[arg-type]
    [figure] = publish(Checkpoints("x", (item,)), given(item), "final").figures

    assert publish(Checkpoints("x", (newer,)), given(item), "final").figures == ()
    assert figure.is_about(item)
    assert not figure.is_about(newer)


def test_another_language_changes_nothing() -> None:
    [item], _ = read_questions(GOOD)
    french = replace(item, text=(*item.text, ("fr", "Lisez-vous facilement ?")))

    assert item.wordings < french.wordings


def test_an_answer_counts_however_its_reader_was_addressed() -> None:
    [plain], _ = read_questions(GOOD)
    plain = replace(plain, polls=("final",))
    item = asked(plain, "de", {"Wie leicht liest du vor?": "Wie leicht lesen Sie vor?"})
    answers = [*given(item, "de")[:3], *given(item, "de@formal")[3:]]

    assert len({answer.wording for answer in answers}) == 2
    [figure] = publish(Checkpoints("x", (item,)), answers, "final").figures
    assert figure.batch is not None
    assert figure.batch.n == 6
    assert figure.is_about(item)


def test_a_catalog_that_came_later_leaves_older_answers_as_they_are() -> None:
    [plain], _ = read_questions(GOOD)
    item = asked(plain, "de", {"schwer": "recht schwer"})

    assert plain.wording("de@formal") == plain.wording("de")
    assert plain.wordings < item.wordings
    assert item.wording("de@formal") in item.wordings - plain.wordings
    assert asked(plain, "fr", {"schwer": "recht schwer"}) == plain


def test_a_changed_line_of_the_catalog_is_another_question_to_its_readers() -> None:
    [plain], _ = read_questions(GOOD)
    before, after = (asked(plain, "de", {"Wie leicht liest du vor?": line}) for line in ("Lesen Sie?", "Lasen Sie?"))

    assert before.wording("de@formal") not in after.wordings
    assert before.wording("de") in after.wordings


def test_figures_are_kept_as_they_are() -> None:
    [item], _ = read_questions(GOOD)
    figures = publish(Checkpoints("x", (replace(item, polls=("final",)),)), given(item), "final").figures

    assert read(written(figures)) == figures


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────────────────

FIVE = ("1", "2", "3", "4", "5")
TEN = tuple(str(n) for n in range(11))


@pytest.mark.parametrize(
    ("counts", "values", "drawn"),
    [
        ((("1", 1), ("2", 1), ("3", 1), ("4", 2), ("5", 3)), FIVE, [("1", "3", 3), ("4", "5", 5)]),
        ((("1", 3), ("3", 3), ("5", 3)), FIVE, [("1", "1", 3), ("2", "3", 3), ("4", "5", 3)]),
        ((("1", 1), ("3", 2), ("5", 2)), FIVE, []),
        ((("10", 4), ("3", 3), ("7", 3)), TEN, [("0", "6", 3), ("7", "8", 3), ("9", "10", 4)]),
        ((("10", 4), ("3", 1), ("8", 3)), TEN, [("0", "8", 4), ("9", "10", 4)]),
    ],
)
def test_no_bar_is_of_fewer_than_three_people(
    counts: Counts, values: tuple[str, ...], drawn: list[tuple[str, str, int]]
) -> None:
    found = bars(counts, values)

    assert [(bar.first, bar.last, bar.n) for bar in found] == drawn
    assert all(bar.n >= LEAST_IN_BAR for bar in found)
    assert not found or sum(bar.n for bar in found) == total(counts)


def test_rare_answers_without_an_order_are_one_bar() -> None:
    values = ("time", "topic", "each-other", "nothing")

    assert shares((("each-other", 1), ("nothing", 4), ("time", 5), ("topic", 2)), values) == (
        ("time", 5),
        ("nothing", 4),
        ("", 3),
    )
    assert shares((("nothing", 3), ("time", 4), ("topic", 1)), values) == (("time", 4), ("", 4))
    assert shares((("nothing", 2), ("time", 3)), values) == ()


def test_the_mean_has_one_decimal() -> None:
    assert mean((("1", 2), ("2", 5))) == 1.7


def test_the_interval_of_a_paired_change_is_students() -> None:
    """By hand: differences 0, 1, 1, 2, 2, 3 have mean 1.5, s = 1.0488, t(5) = 2.571, so 1.5 ± 1.10."""
    found = change((("0", 1), ("1", 2), ("2", 2), ("3", 1)))

    assert (found.n, found.mean, found.low, found.high) == (6, 1.5, 0.3, 2.7)


def test_many_people_have_the_larger_value_of_t_between_two_that_are_known() -> None:
    """36 people: t(35) is 2.030; that of 30 degrees, 2.042, is taken, so that no interval is too narrow."""
    counts = (("0", 18), ("2", 18))

    found = change(counts)

    reach = 2.042 * (36 / 35 / 36) ** 0.5
    assert (found.mean, found.low, found.high) == (1.0, floor(10 * (1 - reach)) / 10, ceil(10 * (1 + reach)) / 10)
    assert (found.low, found.high) == (0.6, 1.4)


def test_an_interval_is_rounded_outwards_and_never_beyond_a_tenth_that_it_hits() -> None:
    found = change((("-1", 3), ("1", 3)))

    # 0 ± 2.571 · 1.0954 / √6 = 1.1498
    assert (found.mean, found.low, found.high) == (0.0, -1.2, 1.2)


@pytest.mark.parametrize(
    ("value", "said"), [(1.5, "+1.5"), (-0.5, "\u22120.5"), (0.0, "0.0"), (-0.0, "0.0"), (-0.04, "0.0")]
)
def test_what_has_not_moved_has_no_sign(value: float, said: str) -> None:
    assert signed(translator("en"), value) == said


# ── over time ────────────────────────────────────────────────────────────────────────────────────────────────────────

EASE = Item("ease", 1, "scale", ("mentor",), ("baseline", "midpoint", "final"), (("en", "How easy?"),))
FIRST, SECOND, ALIKE = ("12232", "34413"), ("11352", "22541"), ("12232", "23343")
"""Start and end of five people each; in the third wave everybody has moved by one."""


def wave(start: str, end: str, first: int = 0) -> list[Figure]:
    both = [Given(n, first + n, one, other) for n, (one, other) in enumerate(zip(start, end, strict=True))]
    return [Figure(EASE.key, "mentor", "baseline", batch(both), "final", (), EASE.wordings)]


def overview(*figures: Figure, closed: tuple[Poll, ...] = ("baseline", "midpoint", "final")) -> str:
    program = Program(1, "Mentoring", 8, "pair", (EASE,), figures, closed, organiser=True, names={})
    return "\n".join(words(Message((block,))) for block in everything(translator("en"), program))


def test_two_waves_are_one_line_of_the_same_people_at_both_ends() -> None:
    told = overview(*wave(*FIRST), *wave(*SECOND, first=10))

    assert "How easy? Mentors: Start 2.2 (n = 10) and End 2.9 (n = 10). Change of the 10 who answered both:" in told
    assert "left out" not in told
    assert "between Start and End" in told


def test_where_the_change_of_a_wave_is_hidden_its_end_is_too_and_no_change_of_the_others_is_told() -> None:
    told = overview(*wave(*FIRST), *wave(*ALIKE, first=10))

    assert "Start 2.0 (n = 5) and End 3.0 (n = 5). Mentors: some answers are left out." in told
    assert "Change" not in told
    assert "n = 10" not in told


def test_whoever_has_begun_and_not_ended_does_not_move_the_line() -> None:
    others = [Given(n, 20 + n, value) for n, value in enumerate("55511")]
    late = Figure(EASE.key, "mentor", "final", batch(others), None, (), EASE.wordings)

    assert overview(*wave(*FIRST)).splitlines()[2] == overview(*wave(*FIRST), late).splitlines()[2]


def test_why_nothing_is_shown_is_said_in_the_same_words_whatever_the_reason() -> None:
    alike = [Given(n, n, "3", "4") for n in range(7)]
    hidden = Figure(EASE.key, "mentor", "baseline", batch(alike), "final", (), EASE.wordings)

    assert overview(hidden) == overview()


def test_of_how_two_people_fit_no_figure_is_ever_made() -> None:
    match = Item("match", 1, "fit", ("mentor",), ("fit",), (("en", "A good fit?"),))
    answers = [
        Answer(n, "fit", n, "mentor", match.key, match.wording("en"), ("good", "bad", "unsure")[n % 3])
        for n in range(9)
    ]

    assert publish(Checkpoints("x", (match,)), answers, "fit").figures == ()


def test_what_was_published_before_hides_the_end_where_it_hides_the_change() -> None:
    kept = [Given(n, n, *one) for n, one in enumerate(zip(*ALIKE, strict=True))]
    older = written([Figure(EASE.key, "mentor", "baseline", batch(kept), "final", (), EASE.wordings)])
    older = older.replace('"later": null', '"later": [["2", 1], ["3", 3], ["4", 1]]')

    [figure] = read(older)

    assert figure.batch is not None
    assert figure.batch.later is None
