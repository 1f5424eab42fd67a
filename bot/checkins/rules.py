"""What a check-in is and what may be said about a week. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.groups.rules import Group

Attendance = Literal["met", "elsewhere", "absent", "not_held", "mentee_cancelled", "mentor_cancelled"]
CIRCLE_ATTENDANCE: tuple[Attendance, ...] = ("met", "elsewhere", "absent", "not_held")
PAIR_ATTENDANCE: tuple[Attendance, ...] = ("met", "elsewhere", "mentee_cancelled", "mentor_cancelled", "not_held")
HELD: frozenset[Attendance] = frozenset({"met", "elsewhere"})
LONGEST_LINE = 600
MOST_NUDGES = 2


@dataclass(frozen=True, slots=True)
class Checkin:
    """One person's answer about one session. ``rating`` is 1-5; ``shared``: their group may read step and obstacle."""

    person: int
    session: int
    attendance: Attendance
    rating: int | None = None
    step: str = ""
    obstacle: str = ""
    shared: bool = False

    @property
    def attended(self) -> bool:
        """Whether they were at the meeting, wherever it was held."""
        return self.attendance in HELD


def attendances(group: Group) -> tuple[Attendance, ...]:
    """What can be said about a meeting of this kind of group."""
    return PAIR_ATTENDANCE if group.kind == "pair" else CIRCLE_ATTENDANCE


def silent(group: Group, answers: Iterable[Checkin]) -> tuple[int, ...]:
    """Those who are here and have not answered."""
    answered = {answer.person for answer in answers}
    return tuple(member.person for member in group.present if member.person not in answered)


def streak(person: int, sessions: Iterable[int], answers: Iterable[Checkin]) -> int:
    """How many of the latest sessions in a row the person has checked in about, of the ``sessions`` asked about."""
    answered = {answer.session for answer in answers if answer.person == person}
    count = 0
    for session in sorted(sessions, reverse=True):
        if session not in answered:
            break
        count += 1
    return count


def executive_cancellations(answers: Iterable[Checkin]) -> tuple[int, ...]:
    """The sessions that the executive of a pair had to cancel, as either of the two says."""
    return tuple(sorted({answer.session for answer in answers if answer.attendance == "mentee_cancelled"}))
