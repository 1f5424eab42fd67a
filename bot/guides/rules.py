"""What a guide is, as frozen values, and what any text of a guide must be. Reads no file.

`manifest`, `markdown` and `pages` make these values from texts. Each returns what it found wrong beside its value, and
the value counts only where nothing is wrong: so one look shows an author every problem.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from typing import Literal

from bot.markup import Spans
from bot.messages import Block

Kind = Literal["circle", "pair"]

ENGLISH = "en"
"""The language that every guide has, and that stands in for a language it lacks."""

ROLES: dict[Kind, tuple[str, ...]] = {"circle": ("participant",), "pair": ("mentor", "mentee")}
"""Who takes part, by the kind of group."""

MOST_BYTES = 1_000_000
MOST_STEPS = 3
MOST_STEP_MINUTES = 10
MOST_PROMPT_WORDS = 120

# Control characters, line separators, the directional overrides that make a text read other than it is, and the BOM.
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a meeting, or a small step on one's own, with the minutes it takes."""

    minutes: int
    text: Spans


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting of a guide. ``number`` counts as its file does, so the first may be week 0.

    ``preparation`` is for the mentor and ``steps`` are for the mentee; both are empty in a circle's guide.
    ``role_questions`` are (role, question), only for the roles whose check-in question is their own.
    """

    number: int
    title: str
    purpose: Spans
    agenda: tuple[Part, ...]
    exercise: tuple[Block, ...]
    prompt: tuple[Block, ...]
    question: str
    role_questions: tuple[tuple[str, str], ...]
    tip: tuple[Block, ...]
    short: tuple[Part, ...]
    preparation: tuple[Block, ...]
    steps: tuple[Part, ...]

    def question_for(self, role: str) -> str:
        """The role's own check-in question, or the common one."""
        return next((question for owner, question in self.role_questions if owner == role), self.question)


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide in one language, its sessions in their order. ``licence`` is an SPDX identifier."""

    id: str
    version: int
    language: str
    kind: Kind
    title: str
    summary: Spans
    welcome: tuple[Block, ...]
    closing: tuple[Block, ...]
    licence: str
    authors: tuple[str, ...]
    minutes: int
    short_minutes: int
    starts_with: int
    at_least: int
    at_most: int
    prompt_hours_before: int
    prepare_days_before: int
    checkpoint: int
    sessions: tuple[Session, ...]

    @property
    def first(self) -> int:
        return self.sessions[0].number

    @property
    def last(self) -> int:
        return self.sessions[-1].number

    def session(self, number: int) -> Session:
        """Raises KeyError where the guide has no such session."""
        for session in self.sessions:
            if session.number == number:
                return session
        raise KeyError(number)


@dataclass(frozen=True, slots=True)
class Guides:
    """Every guide that is installed, in every language it is written in."""

    all: tuple[Guide, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Each guide once, sorted."""
        return tuple(sorted({guide.id for guide in self.all}))

    @property
    def languages(self) -> tuple[str, ...]:
        """Each language that at least one guide is written in, sorted."""
        return tuple(sorted({guide.language for guide in self.all}))

    def get(self, guide_id: str, language: str = ENGLISH) -> Guide:
        """The guide in this language, or else in English. Raises KeyError where there is no such guide."""
        found = {guide.language: guide for guide in self.all if guide.id == guide_id}
        if not found:
            raise KeyError(guide_id)
        return found[language] if language in found else found[ENGLISH]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something wrong with a text, and in which of its lines, counted from 1."""

    line: int
    problem: str


def decode(data: bytes) -> tuple[str | None, tuple[Finding, ...]]:
    """The text of a file with lines that end in ``\\n``; None where it cannot be read at all.

    A character that must not be there has become a space, so that the rest can still be looked at.
    """
    if len(data) > MOST_BYTES:
        return None, (Finding(1, "the file is larger than 1 MB"),)
    findings: list[Finding] = []
    if data.startswith(BOM_UTF8):
        findings.append(Finding(1, "the file begins with a byte order mark; save it as UTF-8 without BOM"))
        data = data.removeprefix(BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, (*findings, Finding(line, "not UTF-8; save the file with the encoding UTF-8"))
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line_text in enumerate(lines, 1):
        findings += [Finding(number, problem) for problem in forbidden(line_text)]
    return _FORBIDDEN.sub(" ", "\n".join(lines)), tuple(findings)


def forbidden(text: str) -> tuple[str, ...]:
    """What is wrong with the characters of one line: tabs, control characters, changes of the reading direction."""
    found = sorted(set(_FORBIDDEN.findall(text)))
    return tuple("a tab; use spaces" if c == "\t" else f"the invisible character U+{ord(c):04X}" for c in found)
