"""What a guide is, as frozen values, and what any text of a guide must be. Reads no file.

`manifest`, `markdown` and `pages` make these values from texts. Each returns what it found wrong beside its value, and
the value counts only where nothing is wrong: so one look shows an author every problem.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from bot.guides.items import Checkpoints, Poll
from bot.guides.library import EMPTY, Library
from bot.markup import Spans
from bot.messages import Block

Kind = Literal["circle", "pair", "solo"]
"""A group of peers, a mentor with a mentee, or somebody alone who prepares."""

Every = Literal["weekly", "fortnightly", "monthly"]
"""How often a group meets. A month's meeting is on the same weekday of each: the second Tuesday."""

ENGLISH = "en"
"""The language that every guide has, and that stands in for a language it lacks."""

ROLES: dict[Kind, tuple[str, ...]] = {
    "circle": ("participant",),
    "pair": ("mentor", "mentee"),
    "solo": ("participant",),
}
"""Who takes part, by the kind of group."""

MOST_BYTES = 1_000_000
MOST_STEPS = 3
MOST_STEP_MINUTES = 10
MOST_PROMPT_WORDS = 120
MOST_SENTENCE_WORDS = 18
"""What half of a file's sentences may have at most: the reading level of a good newspaper."""
READING_WORDS = (150, 400)
QUESTIONS = (3, 4)
"""How many questions the quiz of a session has, from and to."""

# Control characters, line separators, the directional overrides that make a text read other than it is, and the BOM.
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a meeting, or a small step on one's own, with the minutes it takes."""

    minutes: int
    text: Spans


@dataclass(frozen=True, slots=True)
class Article:
    """A link to an article of the library, and the words that are linked."""

    slug: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a session's quiz: one right answer, the wrong ones, and why the right one is.

    ``name``: of what it asks, the same in every language, and another one as soon as it asks something else."""

    session: int
    question: str
    right: str
    why: str
    wrong: tuple[str, ...]
    name: str = ""

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """The answers to choose among, each with a short name. Their order is always the same and tells nothing."""
        answers = (self.right, *self.wrong)
        named = ((sha256(f"{self.question}\0{text}".encode()).hexdigest(), text) for text in answers)
        return tuple((name[:12], text) for name, text in sorted(named))


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting of a guide. ``number`` counts as its file does, so the first may be week 0.

    ``preparation`` is for the mentor of a pair and for everybody in a circle, ``steps`` are for the mentee.
    ``role_questions`` are (role, question), only for the roles whose check-in question is their own; ``missed`` is the
    question for those who were not there. ``reading``, ``task`` and ``reflection`` are for whoever learns alone. What a
    guide of its kind does not have is empty. ``articles``: every link to the library, each once.
    """

    number: int
    title: str
    purpose: Spans
    agenda: tuple[Part, ...] = ()
    exercise: tuple[Block, ...] = ()
    prompt: tuple[Block, ...] = ()
    question: str = ""
    role_questions: tuple[tuple[str, str], ...] = ()
    missed: str = ""
    tip: tuple[Block, ...] = ()
    challenge: tuple[Block, ...] = ()
    next_step: tuple[Block, ...] = ()
    short: tuple[Part, ...] = ()
    preparation: tuple[Block, ...] = ()
    facilitator_preparation: tuple[Block, ...] = ()
    steps: tuple[Part, ...] = ()
    reading: tuple[Block, ...] = ()
    task: tuple[Block, ...] = ()
    reflection: str = ""
    articles: tuple[Article, ...] = ()
    challenge_articles: tuple[Article, ...] = ()

    def question_for(self, role: str) -> str:
        """The role's own check-in question, or the common one."""
        return next((question for owner, question in self.role_questions if owner == role), self.question)


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide in one language, its sessions in their order. ``licence`` is an SPDX identifier.

    ``training``: a person may also take it alone; ``tasks_needed`` of its tasks make it complete, None: all.
    ``for_guide`` and ``for_role``: only a solo guide has them, and is offered to this role of that guide. ``digest``
    names the exact text of the whole guide, in all its languages.
    """

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
    every: Every = "weekly"
    training: bool = False
    tasks_needed: int | None = None
    for_guide: str = ""
    for_role: str = ""
    for_whom: tuple[Block, ...] = ()
    not_for: tuple[Block, ...] = ()
    roles: tuple[Block, ...] = ()
    prepare: tuple[Block, ...] = ()
    expect: tuple[Block, ...] = ()
    sources: tuple[Block, ...] = ()
    quiz: tuple[Question, ...] = ()
    digest: str = ""
    polls: tuple[Poll, ...] = ()

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
class Edition:
    """The exact text of a guide: (path below its folder, text) of each of its files. ``digest`` is made of them."""

    digest: str
    guide: str
    version: int
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Guides:
    """Every guide that is installed, in every language it is written in, the text of each, and the library."""

    all: tuple[Guide, ...] = ()
    editions: tuple[Edition, ...] = ()
    checkpoints: tuple[Checkpoints, ...] = ()
    library: Library = EMPTY

    @property
    def ids(self) -> tuple[str, ...]:
        """Each guide once, sorted."""
        return tuple(sorted({guide.id for guide in self.all}))

    @property
    def languages(self) -> tuple[str, ...]:
        """Each language that at least one guide is written in, sorted. Another way to address its readers is none."""
        return tuple(sorted({guide.language for guide in self.all if "@" not in guide.language}))

    def edition(self, digest: str) -> Edition | None:
        """The exact text of an installed guide."""
        return next((edition for edition in self.editions if edition.digest == digest), None)

    def get(self, guide_id: str, language: str = ENGLISH) -> Guide:
        """The guide in this language, else in the language itself ("de" for "de@formal"), else in English.

        Raises KeyError where there is no such guide.
        """
        found = {guide.language: guide for guide in self.all if guide.id == guide_id}
        if not found:
            raise KeyError(guide_id)
        return found.get(language) or found.get(language.partition("@")[0]) or found[ENGLISH]

    def preparation(self, guide_id: str, role: str) -> str | None:
        """The guide with which somebody in this role of a guide gets ready alone; None where there is none."""
        solo = (guide for guide in self.all if guide.kind == "solo")
        return next((guide.id for guide in solo if (guide.for_guide, guide.for_role) == (guide_id, role)), None)

    def checkpoints_of(self, guide_id: str) -> Checkpoints:
        """The questions of a guide's checkpoints; none where it has no such file."""
        return next((one for one in self.checkpoints if one.guide == guide_id), Checkpoints(guide_id))


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
        line = len(data[: error.start].split(b"\n"))
        return None, (*findings, Finding(line, "not UTF-8; save the file with the encoding UTF-8"))
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line_text in enumerate(lines, 1):
        findings += [Finding(number, problem) for problem in forbidden(line_text)]
    return _FORBIDDEN.sub(" ", "\n".join(lines)), tuple(findings)


def forbidden(text: str) -> tuple[str, ...]:
    """What is wrong with the characters of one line: tabs, control characters, changes of the reading direction."""
    found = sorted(set(_FORBIDDEN.findall(text)))
    return tuple("a tab; use spaces" if c == "\t" else f"the invisible character U+{ord(c):04X}" for c in found)
