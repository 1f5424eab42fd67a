"""Who may lead a group and who looks after it, when a group starts, and who reports to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkins.rules import Attendance, Checkin, attendances, executive_cancellations, silent, streak
from bot.groups.rules import (
    Group,
    Member,
    acting_facilitator,
    first_day,
    is_paused_for,
    looked_after_by,
    may_lead,
    reports_to,
    starting,
)
from bot.schedule.rules import Schedule, Slot

NOW = datetime(2026, 12, 9, 12, tzinfo=UTC)
START = date(2026, 12, 7)
ANA, BEN, CHLOE, ORGANISER, STRANGER = 1, 2, 3, 8, 9

CIRCLE = Group(
    id=1,
    workspace=1,
    kind="circle",
    name="Tuesday",
    guide="peer-circle",
    state="running",
    organiser=ORGANISER,
    facilitator=ANA,
    standin=None,
    standin_until=None,
    schedule=Schedule("Europe/Berlin", START, ((START, Slot(0, time(10))),)),
    conversation=None,
    planned_through=NOW,
    members=tuple(Member(person, "participant", "in") for person in (ANA, BEN, CHLOE)),
)
PAIR = replace(
    CIRCLE, kind="pair", facilitator=None, members=(Member(ANA, "mentor", "in"), Member(BEN, "mentee", "in"))
)


def without(group: Group, person: int) -> Group:
    members = tuple(replace(m, state="left") if m.person == person else m for m in group.members)
    return replace(group, members=members)


def stood_in_by(person: int, until: date | None) -> Group:
    return replace(CIRCLE, standin=person, standin_until=until)


@pytest.mark.parametrize(
    ("group", "who"),
    [
        pytest.param(CIRCLE, ANA, id="the facilitator"),
        pytest.param(stood_in_by(BEN, date(2026, 12, 9)), BEN, id="a stand-in, up to their last day"),
        pytest.param(stood_in_by(BEN, date(2026, 12, 8)), ANA, id="the facilitator again the day after"),
        pytest.param(stood_in_by(BEN, None), BEN, id="a stand-in without an end"),
        pytest.param(without(stood_in_by(BEN, date(2026, 12, 9)), BEN), ANA, id="not a stand-in who left"),
        pytest.param(without(CIRCLE, ANA), None, id="nobody when the facilitator left"),
        pytest.param(replace(CIRCLE, facilitator=None), None, id="nobody where there is none"),
        pytest.param(without(stood_in_by(BEN, date(2026, 12, 9)), ANA), BEN, id="the stand-in of one who left"),
    ],
)
def test_who_looks_after_a_circle(group: Group, who: int | None) -> None:
    assert acting_facilitator(group, NOW) == who
    assert looked_after_by(group, NOW) == (who or ORGANISER)


def test_the_last_day_of_a_stand_in_ends_at_midnight_of_the_group() -> None:
    group = stood_in_by(BEN, date(2026, 12, 9))

    assert acting_facilitator(group, datetime(2026, 12, 9, 22, 59, tzinfo=UTC)) == BEN
    assert acting_facilitator(group, datetime(2026, 12, 9, 23, tzinfo=UTC)) == ANA


def test_a_pair_is_looked_after_by_its_organiser_and_led_by_both() -> None:
    assert looked_after_by(PAIR, NOW) == ORGANISER
    assert [person for person in (ANA, BEN, CHLOE, ORGANISER) if may_lead(PAIR, person, NOW)] == [ANA, BEN, ORGANISER]


@pytest.mark.parametrize(
    ("group", "leaders"),
    [
        (CIRCLE, {ANA, ORGANISER}),
        (stood_in_by(BEN, date(2026, 12, 9)), {ANA, BEN, ORGANISER}),
        (stood_in_by(BEN, date(2026, 12, 8)), {ANA, ORGANISER}),
        (without(CIRCLE, ANA), {ORGANISER}),
        (without(PAIR, ANA), {BEN, ORGANISER}),
    ],
)
def test_who_may_lead(group: Group, leaders: set[int]) -> None:
    assert {person for person in (ANA, BEN, CHLOE, ORGANISER, STRANGER) if may_lead(group, person, NOW)} == leaders


def test_somebody_who_only_was_invited_leads_nothing() -> None:
    invited = replace(CIRCLE, members=(Member(ANA, "participant", "invited"), *CIRCLE.members[1:]))

    assert not may_lead(invited, ANA, NOW)
    assert [member.person for member in invited.waiting] == [ANA]


def test_a_break_of_ones_own_ends_on_the_first_day_back() -> None:
    away = replace(CIRCLE, members=(Member(ANA, "participant", "in", date(2026, 12, 10)), *CIRCLE.members[1:]))

    assert is_paused_for(away, ANA, datetime(2026, 12, 9, 22, 59, tzinfo=UTC))
    assert not is_paused_for(away, ANA, datetime(2026, 12, 9, 23, tzinfo=UTC))
    assert not is_paused_for(away, BEN, NOW)
    assert not is_paused_for(away, STRANGER, NOW)


# ── when it starts ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "day"),
    [
        pytest.param(datetime(2026, 12, 1, 12, tzinfo=UTC), START, id="before its start: on its start"),
        pytest.param(datetime(2026, 12, 7, 8, 59, tzinfo=UTC), date(2026, 12, 7), id="a minute before the hour: today"),
        pytest.param(datetime(2026, 12, 7, 9, tzinfo=UTC), date(2026, 12, 8), id="at the hour: from tomorrow on"),
        pytest.param(datetime(2026, 12, 9, 23, 30, tzinfo=UTC), date(2026, 12, 10), id="after midnight of the group"),
    ],
)
def test_a_group_that_is_complete_starts_at_the_next_meeting_that_can_be(now: datetime, day: date) -> None:
    assert first_day(CIRCLE.schedule, now) == day


def test_a_later_start_keeps_the_slot_that_was_agreed_on() -> None:
    moved = replace(CIRCLE.schedule, slots=((START, Slot(0, time(10))), (date(2027, 1, 4), Slot(3, time(15)))))

    assert starting(moved, date(2027, 2, 1)).slots == ((date(2027, 2, 1), Slot(3, time(15))),)


# ── who reports to whom ──────────────────────────────────────────────────────────────────────────────────────────────

LINE = {ANA: BEN, BEN: CHLOE, 5: 6, 6: 5, 7: 7}


@pytest.mark.parametrize(
    ("person", "other", "above"),
    [
        (ANA, BEN, True),
        (ANA, CHLOE, True),
        (CHLOE, ANA, False),
        (ANA, ANA, False),
        (ANA, STRANGER, False),
        (STRANGER, ANA, False),
        (5, 6, True),
        (5, ANA, False),
        (7, 7, False),
        (7, ANA, False),
    ],
)
def test_who_is_above_whom(person: int, other: int, above: bool) -> None:
    assert reports_to(person, other, LINE) is above


@given(st.dictionaries(st.integers(0, 6), st.integers(0, 6)), st.integers(0, 6), st.integers(0, 6))
def test_above_one_are_the_boss_and_whoever_is_above_the_boss_also_where_the_data_goes_in_a_circle(
    line: dict[int, int], person: int, other: int
) -> None:
    boss = line.get(person, person)
    above = other not in (person, boss) and reports_to(boss, other, line)

    assert reports_to(person, other, line) is (other == boss != person or above)


# ── check-ins ────────────────────────────────────────────────────────────────────────────────────────────────────────


def said(person: int, session: int, attendance: Attendance = "met") -> Checkin:
    return Checkin(person, session, attendance)


@pytest.mark.parametrize(
    ("answered", "asked", "weeks"),
    [
        ((), (), 0),
        ((), (0, 1, 2), 0),
        ((0, 1, 2), (0, 1, 2), 3),
        ((0, 2), (0, 1, 2), 1),
        ((0, 1), (0, 1, 2), 0),
        ((1, 2), (2, 0, 1), 2),
        ((0, 1, 2, 3), (0, 1, 2), 3),
    ],
)
def test_a_streak_counts_the_latest_weeks_in_a_row(
    answered: tuple[int, ...], asked: tuple[int, ...], weeks: int
) -> None:
    answers = [said(ANA, session) for session in answered] + [said(BEN, session) for session in asked]

    assert streak(ANA, asked, answers) == weeks


def test_the_silent_ones_are_those_who_are_here_and_have_not_answered() -> None:
    assert silent(CIRCLE, []) == (ANA, BEN, CHLOE)
    assert silent(without(CIRCLE, CHLOE), [said(ANA, 0)]) == (BEN,)


def test_cancellations_of_the_executive_are_counted_once_for_each_meeting() -> None:
    told = [said(ANA, 1, "mentee_cancelled"), said(BEN, 1, "mentee_cancelled"), said(ANA, 4, "mentee_cancelled")]

    assert executive_cancellations([*told, said(ANA, 2, "mentor_cancelled"), said(BEN, 3)]) == (1, 4)


def test_only_in_a_pair_can_one_of_the_two_cancel() -> None:
    assert "mentee_cancelled" in attendances(PAIR)
    assert "mentee_cancelled" not in attendances(CIRCLE)
    assert [one for one in attendances(PAIR) if said(ANA, 0, one).attended] == ["met", "elsewhere"]
