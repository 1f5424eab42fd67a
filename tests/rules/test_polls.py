"""What a poll shows and when it closes: tables of cases, and that an anonymous one gives nobody away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.counts import APART, LEAST, told
from bot.groups.rules import Group, Member
from bot.i18n import translator
from bot.messages import Message
from bot.people.rules import Person
from bot.polls.rules import (
    LONGEST_OPTION,
    Poll,
    Tally,
    Vote,
    best,
    lines,
    read_closing,
    slot_like,
    slot_of,
    slot_value,
    standing,
    twins,
    usual_closing,
)
from bot.polls.words import closed, poll
from bot.schedule.rules import Schedule, Slot
from bot.spoken import words

NOW = datetime(2026, 12, 4, 9, tzinfo=UTC)
"""Friday, ten in the morning in Berlin."""

CLOSES = datetime(2026, 12, 9, 17, tzinfo=UTC)
AFTER = CLOSES + timedelta(minutes=1)
T = translator("en")
MONDAY = Slot(0, time(10))
OPEN = Poll(1, 1, 7, 1, "Shall we?", ("Yes", "No", "Later"), (), several=False, anonymous=False, closes=CLOSES)
SECRET = replace(OPEN, anonymous=True)
PEOPLE = {n: Person(n, 1, f"p{n}", f"Person {n}") for n in range(1, 13)}
GROUP = Group(
    id=7,
    workspace=1,
    kind="circle",
    name="North",
    guide="peer-circle",
    state="running",
    organiser=1,
    facilitator=1,
    standin=None,
    standin_until=None,
    schedule=Schedule("Europe/Berlin", NOW.date(), ((NOW.date(), MONDAY),)),
    conversation="home",
    planned_through=NOW,
    members=tuple(Member(n, "participant", "in") for n in PEOPLE),
)


def shown(one: Poll, votes: list[Vote], now: datetime) -> str:
    """All that the group's home shows of it."""
    here = frozenset(PEOPLE)
    now_standing = standing(one, votes, here, now)
    messages: list[Message] = [poll(T, GROUP, now_standing, PEOPLE)]
    messages += [closed(T, now_standing)] if now_standing.closed else []
    return "\n".join(words(message) for message in messages)


# ── what is counted ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_the_votes_of_those_who_are_here_count_while_it_is_open() -> None:
    votes = [Vote(1, (0,)), Vote(2, (1,)), Vote(3, (0, 2)), Vote(9, (1,))]

    found = standing(OPEN, votes, {1, 2, 3, 4}, NOW)

    assert found.tally == Tally((2, 1, 1), 3, 4)
    assert found.voters == ((1, 3), (2,), (3,))


def test_a_result_does_not_change_any_more() -> None:
    kept = replace(OPEN, result=Tally((2, 0, 0), 2, 5))

    found = standing(kept, [Vote(1, (0,)), Vote(2, (0,))], {2}, AFTER)

    assert found.tally == Tally((2, 0, 0), 2, 5)
    assert found.voters[0] == (1, 2)


@pytest.mark.parametrize(
    ("counts", "most", "ranked"),
    [
        ((), (), ()),
        ((0, 0), (), ()),
        ((1, 3, 2), (1,), (1, 2, 0)),
        ((2, 0, 2), (0, 2), (0, 2)),
    ],
)
def test_the_most_chosen_come_first(counts: tuple[int, ...], most: tuple[int, ...], ranked: tuple[int, ...]) -> None:
    tally = Tally(counts, sum(counts), 9)

    assert (tally.most_chosen, best(tally)) == (most, ranked)


# ── an anonymous poll ────────────────────────────────────────────────────────────────────────────────────────────────

choices = st.integers(0, 2)
ballots = st.lists(choices, max_size=12).map(lambda found: [Vote(n, (one,)) for n, one in enumerate(found, 1)])


@given(ballots)
def test_while_it_is_open_it_looks_the_same_whatever_anybody_chose(votes: list[Vote]) -> None:
    others = [Vote(vote.person, ((vote.chosen[0] + 1) % 3,)) for vote in votes]

    assert shown(SECRET, votes, NOW) == shown(SECRET, others, NOW)


@given(st.data(), ballots)
def test_closed_it_looks_the_same_whoever_chose_what(data: st.DataObject, votes: list[Vote]) -> None:
    shuffled = data.draw(st.permutations([vote.chosen for vote in votes]))
    others = [Vote(vote.person, chosen) for vote, chosen in zip(votes, shuffled, strict=True)]

    assert shown(SECRET, votes, AFTER) == shown(SECRET, others, AFTER)


@given(ballots)
def test_no_number_is_shown_of_few_answers_or_of_answers_that_are_alike(votes: list[Vote]) -> None:
    said = shown(SECRET, votes, AFTER)

    enough = told([str(vote.chosen) for vote in votes]) is not None
    assert ("Result" in said) is ("chosen most" in said) is enough
    assert "Person" not in said


@given(ballots, ballots)
def test_where_nothing_is_shown_all_ballots_look_the_same(votes: list[Vote], others: list[Vote]) -> None:
    if len(votes) == len(others) and not any(told([str(v.chosen) for v in those]) for those in (votes, others)):
        assert shown(SECRET, votes, AFTER) == shown(SECRET, others, AFTER)


several = st.lists(st.frozensets(choices), min_size=1, max_size=9)


@given(several)
def test_where_several_can_be_chosen_nobody_is_known_to_have_ticked_one(found: list[frozenset[int]]) -> None:
    """The sums leave at least one other beside whoever looks who may not have."""
    votes = [Vote(n, tuple(sorted(one))) for n, one in enumerate(found, 1)]
    tally = standing(replace(SECRET, several=True), votes, frozenset(PEOPLE), AFTER).tally

    if tally.counts:
        assert len(votes) >= LEAST
        assert max(tally.counts) <= len(votes) - APART
        assert len(set(found)) > 1


def test_what_was_kept_of_a_poll_before_is_not_shown_either() -> None:
    assert "Result" not in shown(replace(SECRET, result=Tally((4, 1, 0), 5, 6)), [], AFTER)
    assert "Result" not in shown(replace(SECRET, result=Tally((2, 1, 1), 4, 6)), [], AFTER)
    assert "Result" in shown(replace(SECRET, result=Tally((3, 2, 0), 5, 6)), [], AFTER)


# ── what is read ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("fri 17:00", "2026-12-11T16:00"),
        ("Tuesday, 5pm", "2026-12-08T16:00"),
        ("2026-12-11", "2026-12-11T17:00"),
        ("2026-12-11 9:30", "2026-12-11T08:30"),
        ("11.12.2026 9", "2026-12-11T08:00"),
        ("tomorrow", "2026-12-05T17:00"),
        ("17:00", "2026-12-04T16:00"),
        ("9:00", "2026-12-05T08:00"),
        ("today 8:00", "2026-12-04T07:00"),
        ("soon", None),
        ("", None),
        ("fri 25:00", None),
    ],
)
def test_a_closing_time_is_read_in_the_groups_zone(text: str, closes: str | None) -> None:
    wanted = datetime.fromisoformat(closes).replace(tzinfo=UTC) if closes else None

    assert read_closing(text, NOW, "Europe/Berlin") == wanted


@pytest.mark.parametrize(
    ("now", "day"), [("2026-12-04", "2026-12-09"), ("2026-12-05", "2026-12-09"), ("2026-12-07", "2026-12-10")]
)
def test_a_poll_is_open_for_three_working_days(now: str, day: str) -> None:
    at = datetime.fromisoformat(now).replace(hour=9, tzinfo=UTC)

    assert usual_closing(at, "Europe/Berlin") == datetime.fromisoformat(day).replace(hour=17, tzinfo=UTC)


def test_options_are_lines_or_texts_without_blanks() -> None:
    assert lines(" Mon  10 \n\nTue\t16\n") == ("Mon 10", "Tue 16")
    assert lines(("Mon 10", " ", "Tue 16")) == ("Mon 10", "Tue 16")
    assert (twins(("Yes", "No", "YES")), twins(("Yes", "No"))) == ("YES", None)


@given(st.lists(st.text(max_size=LONGEST_OPTION)))
def test_no_text_breaks_the_reading(texts: list[str]) -> None:
    found = lines("\n".join(texts))
    assert all(text == " ".join(text.split()) for text in found)
    for text in texts:
        read_closing(text, NOW, "Europe/Berlin")
        slot_like(MONDAY, text)
        slot_of(text, MONDAY)


MONTHLY = Slot(0, time(10), "monthly", 2)


@pytest.mark.parametrize(
    ("present", "text", "slot"),
    [
        (MONDAY, "tue 16:00", Slot(1, time(16))),
        (MONDAY, "Thursday, 9", Slot(3, time(9))),
        (MONDAY, "9:00 thu", Slot(3, time(9))),
        (MONDAY, "second tue 16:00", None),
        (MONDAY, "tue", None),
        (MONTHLY, "tue 16:00", Slot(1, time(16), "monthly", 2)),
        (MONTHLY, "first tue 16:00", Slot(1, time(16), "monthly", 1)),
    ],
)
def test_a_slot_keeps_the_rhythm_of_the_group(present: Slot, text: str, slot: Slot | None) -> None:
    assert slot_like(present, text) == slot


@pytest.mark.parametrize("slot", [MONDAY, MONTHLY, Slot(4, time(9, 30), "monthly", -1)])
def test_a_slot_comes_back_from_the_value_of_its_option(slot: Slot) -> None:
    assert slot_of(slot_value(slot), slot) == slot
