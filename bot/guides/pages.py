"""guide.md and week-NN.md: their sections made into values, and every rule an author may have missed. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.guides.manifest import Manifest
from bot.guides.markdown import Page, Placed, Section, parse
from bot.guides.rules import MOST_PROMPT_WORDS, MOST_STEP_MINUTES, MOST_STEPS, Finding, Part, Session
from bot.markup import Plain, Spans, plain
from bot.messages import Block, List, Text

_WEEK = (
    "Purpose",
    "Preparation",
    "Agenda",
    "Exercise",
    "Steps",
    "Prompt",
    "Check-in question",
    "Check-in question for mentor",
    "Check-in question for mentee",
    "Facilitator tip",
    "Short edition",
)
_ONLY_FOR_PAIRS = {"Preparation", "Steps", "Check-in question for mentor", "Check-in question for mentee"}
_OPTIONAL = {"Check-in question for mentor", "Check-in question for mentee"}
_COVER = ("Summary", "Welcome", "Closing")

_PART = re.compile(r"([1-9][0-9]{0,2}) min: +")
# Where a sentence may end: a full stop, perhaps closed by quotation marks; but not one after a single letter ("e.g.").
_STOP = re.compile(r"""(?<!\b\w)[.!?…]+["'”’»)\]]*(?=\s|$)|[。！？؟।]""")
_QUESTION_MARKS = "?？؟"


@dataclass(frozen=True, slots=True)
class Cover:
    """What guide.md says."""

    title: str
    summary: Spans
    welcome: tuple[Block, ...]
    closing: tuple[Block, ...]


def read_cover(text: str) -> tuple[Cover, tuple[Finding, ...]]:
    """guide.md. The cover counts only where there are no findings."""
    reader = _Reader(text, _COVER, frozenset(), frozenset())
    cover = Cover(reader.page.title, reader.paragraph("Summary"), reader.blocks("Welcome"), reader.blocks("Closing"))
    return cover, tuple(reader.findings)


def read_session(text: str, number: int, manifest: Manifest) -> tuple[Session, tuple[Finding, ...]]:
    """week-NN.md. The session counts only where there are no findings."""
    refused = _ONLY_FOR_PAIRS if manifest.knows("kind") and manifest.kind == "circle" else set()
    optional = _OPTIONAL if manifest.knows("kind") else _ONLY_FOR_PAIRS
    reader = _Reader(text, _WEEK, frozenset(optional), frozenset(refused))
    minutes = manifest.minutes if manifest.knows("minutes") else None
    short = manifest.short_minutes if manifest.knows("short_minutes") else None
    session = Session(
        number=number,
        title=reader.page.title,
        purpose=reader.sentence("Purpose"),
        preparation=reader.blocks("Preparation"),
        agenda=reader.parts("Agenda", minutes, "minutes"),
        exercise=reader.blocks("Exercise"),
        steps=reader.steps("Steps"),
        prompt=reader.prompt("Prompt"),
        question=reader.question("Check-in question"),
        role_questions=tuple(
            (role, question)
            for role in ("mentor", "mentee")
            if (question := reader.question(f"Check-in question for {role}"))
        ),
        tip=reader.blocks("Facilitator tip"),
        short=reader.parts("Short edition", short, "short_minutes"),
    )
    return session, tuple(reader.findings)


class _Reader:
    """Takes the sections of a page one by one, and gathers what is wrong with them."""

    def __init__(self, text: str, order: Sequence[str], optional: frozenset[str], refused: frozenset[str]) -> None:
        self.sections: dict[str, Section] = {}
        self.findings: list[Finding] = []
        self.page = Page("", ())
        if not text.strip():
            self._say(1, "the file is empty")
            return
        self.page, findings = parse(text)
        self.findings += findings
        self._gather(order, refused)
        for name in order:
            if name not in self.sections and name not in optional and name not in refused:
                self._say(1, f"missing section: {name}")

    def _gather(self, order: Sequence[str], refused: frozenset[str]) -> None:
        latest = ""
        for section in self.page.sections:
            name = section.name
            if name not in order:
                self._say(section.line, f"unknown section: {name}" if name else "a section without a name")
                continue
            if name in self.sections:
                self._say(section.line, f"duplicate section: {name}; first in line {self.sections[name].line}")
                continue
            self.sections[name] = section
            if name in refused:
                self._say(section.line, f"{name} is only for guides of kind pair")
            if latest and order.index(name) < order.index(latest):
                self._say(section.line, f"{name} must come before {latest}")
            else:
                latest = name

    def _say(self, line: int, problem: str) -> None:
        self.findings.append(Finding(line, problem))

    def _content(self, name: str) -> tuple[Placed, ...]:
        """What stands in a section; () where it is not there, which has been said, or is empty, which is said here."""
        section = self.sections.get(name)
        if section is None:
            return ()
        # Content that is not supported leaves nothing behind, and is a finding of its own.
        following = min((s.line for s in self.page.sections if s.line > section.line), default=None)
        reported = any(
            section.line < finding.line and (following is None or finding.line < following) for finding in self.findings
        )
        if not section.content and not reported:
            self._say(section.line, f"{name} is empty")
        return section.content

    def blocks(self, name: str) -> tuple[Block, ...]:
        return tuple(placed.block for placed in self._content(name))

    def paragraph(self, name: str) -> Spans:
        match self._content(name):
            case ():
                return ()
            case (Placed(_, Text(spans)),):
                return spans
            case (_, *_):
                self._say(self.sections[name].line, f"{name} must be one paragraph")
        return ()

    def sentence(self, name: str) -> Spans:
        spans = self.paragraph(name)
        text = plain(spans).strip()
        ends = _sentence_ends(text)
        if not text:
            return ()
        if not ends or ends[-1] != len(text):
            self._say(self._line(name), f"{name} must end with a full stop")
        elif len(ends) > 1:
            self._say(self._line(name), f"{name} must be one sentence, this is {len(ends)}")
        return spans

    def question(self, name: str) -> str:
        spans = self.paragraph(name)
        text = plain(spans).strip()
        if not text:
            return ""
        if any(not isinstance(span, Plain) for span in spans):
            self._say(self._line(name), f"{name} must be plain words, without formatting or links")
        marks = sum(text.count(mark) for mark in _QUESTION_MARKS)
        if text[-1] not in _QUESTION_MARKS:
            self._say(self._line(name), f"{name} must end with a question mark")
        elif marks > 1:
            self._say(self._line(name), f"{name} must be one question, this is {marks}")
        return text

    def prompt(self, name: str) -> tuple[Block, ...]:
        content = self._content(name)
        count = sum(len(plain(spans).split()) for placed in content for spans in _texts(placed))
        if count > MOST_PROMPT_WORDS:
            self._say(self._line(name), f"{name} has {count} words, at most {MOST_PROMPT_WORDS} are read")
        return tuple(placed.block for placed in content)

    def parts(self, name: str, total: int | None, key: str) -> tuple[Part, ...]:
        placed = self._parts(name)
        parts = tuple(part for _, part in placed)
        minutes = sum(part.minutes for part in parts)
        if total is not None and parts and minutes != total:
            self._say(self.sections[name].line, f"{name} adds up to {minutes} minutes, {key} in guide.yaml is {total}")
        return parts

    def steps(self, name: str) -> tuple[Part, ...]:
        placed = self._parts(name)
        if len(placed) > MOST_STEPS:
            self._say(self.sections[name].line, f"{name} has {len(placed)} steps, at most {MOST_STEPS} are done")
        for line, part in placed:
            if part.minutes > MOST_STEP_MINUTES:
                self._say(line, f"{name}: a step takes at most {MOST_STEP_MINUTES} minutes, this one {part.minutes}")
        return tuple(part for _, part in placed)

    def _parts(self, name: str) -> tuple[tuple[int, Part], ...]:
        """The items of a section that is one list of parts, with their lines; () where one of them cannot be read."""
        match self._content(name):
            case ():
                return ()
            case (Placed(lines, List(items, False)),):
                read = [(line, _part(item)) for line, item in zip(lines, items, strict=True)]
            case _:
                self._say(self.sections[name].line, f"{name} must be one list, each line like: - 5 min: text")
                return ()
        for line, part in read:
            if part is None and all(finding.line != line for finding in self.findings):
                self._say(line, f"{name}: each line must be like: - 5 min: text")
        parts = tuple((line, part) for line, part in read if part is not None)
        return parts if len(parts) == len(read) else ()

    def _line(self, name: str) -> int:
        """The line where the section's content begins."""
        section = self.sections[name]
        return section.content[0].lines[0] if section.content else section.line


def _sentence_ends(text: str) -> tuple[int, ...]:
    """Where the sentences end: at the stops that no small letter follows, since "approx. five" is one sentence."""
    stops = (match.end() for match in _STOP.finditer(text))
    return tuple(end for end in stops if not (rest := text[end:].lstrip(" “„«\"'(")) or not rest[0].islower())


def _part(item: Spans) -> Part | None:
    match item:
        case (Plain(text), *rest) if found := _PART.match(text):
            first = (Plain(text[found.end() :]),) if found.end() < len(text) else ()
            return Part(int(found[1]), (*first, *rest))
        case _:
            return None


def _texts(placed: Placed) -> tuple[Spans, ...]:
    match placed.block:
        case Text(spans):
            return (spans,)
        case List(items):
            return items
