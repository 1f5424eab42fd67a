"""How far somebody is in a training, what is left of it, and what a certificate says. Pure."""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from unicodedata import category

from bot.guides.rules import Guide, Question, Session

LONGEST_REFLECTION = 2000
_MARK = 16
_NUMBER = re.compile(r"([1-9][0-9]{0,8})((?:-?[A-Z2-7]){16})")


@dataclass(frozen=True, slots=True)
class Course:
    """What one person has done of one guide. ``answers``: (session, name of the question) -> whether the last answer
    was right."""

    read: frozenset[int] = frozenset()
    done: frozenset[int] = frozenset()
    reflected: frozenset[int] = frozenset()
    answers: Mapping[tuple[int, str], bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left until a training is complete: sessions to read, tasks to do, questions to answer right."""

    sessions: int
    tasks: int
    questions: int

    @property
    def nothing(self) -> bool:
        return not (self.sessions or self.tasks or self.questions)


@dataclass(frozen=True, slots=True)
class Certificate:
    """That somebody has completed a training. All of it is as it was on that day: ``name`` is what they were called,
    ``learned`` the titles of the sessions, in ``language``. Without a ``mark`` it has no number.
    """

    id: int
    workspace: int
    person: int
    guide: str
    version: int
    language: str
    title: str
    learned: tuple[str, ...]
    name: str
    issued: date
    mark: str = ""

    @property
    def number(self) -> str:
        """How it is asked for: "17-K7QW-2ABC-…"; "" where it has no mark."""
        parts = (self.mark[at : at + 4] for at in range(0, len(self.mark), 4))
        return "-".join((str(self.id), *parts)) if self.mark else ""

    @property
    def sworn(self) -> str:
        """What its mark stands for: all that is told of it."""
        about = (self.name, self.guide, str(self.version), self.issued.isoformat(), self.title, *self.learned)
        return "\0".join((str(self.id), *about))


def mark_of(signature: bytes) -> str:
    """A signature, shortened to what a person can copy by hand: 80 bits, without letters that look like digits."""
    return b32encode(signature)[:_MARK].decode()


def read_number(text: str) -> tuple[int, str] | None:
    """The id and the mark of a certificate's number, however it was typed; None where it cannot be one."""
    found = _NUMBER.fullmatch("".join(map(_typed, text.upper())))
    return (int(found[1]), found[2].replace("-", "")) if found else None


def _typed(letter: str) -> str:
    """A character of a number that went through a word processor: its dashes, spaces and invisible marks are many."""
    kind = category(letter)
    if kind == "Pd" or letter == "−":
        return "-"
    return "" if letter.isspace() or kind == "Cf" else letter


def may_be_taken_alone(guide: Guide) -> bool:
    """Whether one person can go through it at their own pace."""
    return guide.training or guide.kind == "solo"


def questions(guide: Guide, number: int) -> tuple[Question, ...]:
    """The quiz of a session."""
    return tuple(question for question in guide.quiz if question.session == number)


def unanswered(guide: Guide, course: Course, number: int) -> tuple[tuple[int, Question], ...]:
    """The questions of a session whose right answer is still to be found, with their places."""
    asked = enumerate(questions(guide, number), 1)
    return tuple((n, question) for n, question in asked if not course.answers.get((number, question.name)))


def left(guide: Guide, course: Course) -> Left:
    """What is left by the guide's own rules: everything read, every question answered, enough tasks done."""
    numbers = [session.number for session in guide.sessions]
    return Left(
        sessions=sum(number not in course.read for number in numbers),
        tasks=max(0, tasks_needed(guide) - sum(number in course.done for number in numbers)),
        questions=sum(len(unanswered(guide, course, number)) for number in numbers),
    )


def tasks_needed(guide: Guide) -> int:
    """How many tasks have to be done; all, unless the guide says fewer."""
    there = sum(bool(session.task) for session in guide.sessions)
    return there if guide.tasks_needed is None else min(there, guide.tasks_needed)


def is_through(guide: Guide, course: Course, session: Session) -> bool:
    """Whether nothing is left to do in a session."""
    done = session.number in course.done or not session.task
    return session.number in course.read and done and not unanswered(guide, course, session.number)


def first_left(guide: Guide, course: Course) -> int:
    """The session to go on with: the first that is not through, else the first."""
    return next((one.number for one in guide.sessions if not is_through(guide, course, one)), guide.first)
