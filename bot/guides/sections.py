"""The sections of a page of a guide, taken one by one, and what is wrong with each. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median_high

from bot.guides.links import LIBRARY, is_article, linked
from bot.guides.markdown import Page, Placed, Section, parse
from bot.guides.rules import (
    MOST_PROMPT_WORDS,
    MOST_SENTENCE_WORDS,
    MOST_STEP_MINUTES,
    MOST_STEPS,
    READING_WORDS,
    Finding,
    Part,
)
from bot.markup import Link, Plain, Spans, plain
from bot.messages import Block, List, Text

_PART = re.compile(r"([1-9][0-9]{0,2}) min: +")
# Where a sentence may end: a full stop, perhaps closed by quotation marks; but not one after a single letter ("e.g.").
_STOP = re.compile(r"""(?<!\b\w)[.!?…]+["'”’»)\]]*(?=\s|$)|[。！？؟।]""")
_ENOUGH_SENTENCES = 8
_QUESTION_MARKS = "?？؟"


class Reader:
    """Takes the sections of a page one by one, and gathers what is wrong with them."""

    def __init__(
        self,
        text: str,
        order: Sequence[str],
        optional: frozenset[str],
        refused: Mapping[str, str],
        library: frozenset[str] | None,
    ) -> None:
        self.library = library
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
        self._check_links()

    def _gather(self, order: Sequence[str], refused: Mapping[str, str]) -> None:
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
                self._say(section.line, f"{name} is only for {refused[name]}")
                del self.sections[name]
                continue
            if latest and order.index(name) < order.index(latest):
                self._say(section.line, f"{name} must come before {latest}")
            else:
                latest = name

    def _check_links(self) -> None:
        """Every link to the library leads to an article, where it is known which there are."""
        placed = (one for section in self.page.sections for one in section.content)
        for line, spans in (found for one in placed for found in _lines(one)):
            for link in (span for span in spans if isinstance(span, Link) and is_article(span)):
                if self.library is not None and link.url.removeprefix(LIBRARY) not in self.library:
                    self._say(line, f"{link.url}: the library has no such article")

    def level(self) -> None:
        """How it reads: half of the sentences of a text are short. A text of a few sentences is not judged."""
        placed = (one for section in self.page.sections for one in section.content)
        lengths = [n for one in placed for _, spans in _lines(one) for n in sentence_lengths(plain(spans))]
        if problem := hard_to_read(lengths):
            self._say(1, problem)

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

    def reading(self, name: str) -> tuple[Block, ...]:
        content = self._content(name)
        count = sum(len(plain(spans).split()) for placed in content for spans in _texts(placed))
        least, most = READING_WORDS
        if content and not least <= count <= most:
            self._say(self._line(name), f"{name} has {count} words, it should have {least} to {most}")
        return tuple(placed.block for placed in content)

    def challenge(self, name: str) -> tuple[Block, ...]:
        blocks = self.blocks(name)
        if blocks and self.library is not None and not linked(blocks):
            self._say(self._line(name), f"{name} links to no article of the library: [words](library:slug)")
        return blocks

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
    return tuple(spans for _, spans in _lines(placed))


def _lines(placed: Placed) -> tuple[tuple[int, Spans], ...]:
    """The texts of a block with the line of each."""
    match placed.block:
        case Text(spans):
            return ((placed.lines[0], spans),)
        case List(items):
            return tuple(zip(placed.lines, items, strict=True))


def hard_to_read(lengths: Sequence[int]) -> str:
    """What is wrong with a text whose sentences have so many words; "" where nothing is. A short text is not judged."""
    if len(lengths) < _ENOUGH_SENTENCES or (middle := median_high(lengths)) <= MOST_SENTENCE_WORDS:
        return ""
    return f"half of the sentences have {middle} words or more; at most {MOST_SENTENCE_WORDS} read easily"


def sentence_lengths(text: str) -> tuple[int, ...]:
    """How many words each sentence has; the minutes before a part of a meeting are none of them."""
    text = _PART.sub("", text, count=1)
    ends = (0, *_sentence_ends(text), len(text))
    return tuple(n for start, end in pairwise(ends) if (n := len(text[start:end].split())))
