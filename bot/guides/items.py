"""The questions of a guide's checkpoints, as frozen values. Pure: reads no file and knows no answer."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, get_args

Poll = Literal["baseline", "fit", "midpoint", "final", "followup"]
POLLS: tuple[Poll, ...] = get_args(Poll)
"""The occasions on which questions are asked, in the order in which a group meets them."""

ItemKind = Literal["scale", "choice", "zero-to-ten", "text", "ideas", "fit"]
AskedRole = Literal["participant", "mentor", "mentee", "facilitator"]
ReadBy = Literal["nobody", "organiser", "facilitators"]

FREE: frozenset[ItemKind] = frozenset({"text", "ideas"})
"""Answered in one's own words."""

FITS = ("good", "unsure", "bad")
"""What can be said of a match; the words for it are the bot's own."""

ENGLISH = "en"
Words = tuple[tuple[str, str], ...]
"""A text in several languages: (language, text), English among them, and "de@formal" where that differs from "de"."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question. A scale goes from ``low`` to ``high``, both with their label; a choice has (value, words) options.

    ``roles``: who is asked. ``polls``: when. ``read_by``: who may read an answer in free words, told before answering.
    ``licence``: the terms of the question's wording, an SPDX identifier or an owner's own.
    """

    id: str
    version: int
    kind: ItemKind
    roles: tuple[AskedRole, ...]
    polls: tuple[Poll, ...]
    text: Words
    low: int = 1
    high: int = 5
    low_label: Words = ()
    high_label: Words = ()
    options: tuple[tuple[str, Words], ...] = ()
    read_by: ReadBy = "nobody"
    licence: str = ""
    own: bool = False
    """Loaded by the organisation; its licence is shown to whoever answers."""

    @property
    def key(self) -> str:
        """What an answer is kept under: the same words of two versions are two questions."""
        return f"{self.id}@{self.version}"

    @property
    def values(self) -> tuple[str, ...]:
        """What can be answered, in its order; empty for free words."""
        match self.kind:
            case "scale" | "zero-to-ten":
                return tuple(str(value) for value in range(self.low, self.high + 1))
            case "choice":
                return tuple(value for value, _ in self.options)
            case "fit":
                return FITS
            case "text" | "ideas":
                return ()

    @property
    def words(self) -> tuple[Words, ...]:
        """All of its texts: the question, its labels, its options."""
        return (self.text, self.low_label, self.high_label, *(words for _, words in self.options))

    @property
    def wordings(self) -> frozenset[str]:
        """The wordings that hold now, one for each language, and for each way to address people in it."""
        return frozenset(self.wording(language) for words in self.words for language, _ in words)

    def wording(self, language: str) -> str:
        """A short name of exactly what somebody reads in a language. An answer keeps it, and counts only as long as it
        is one of the question's ``wordings``: so a question that was changed never mixes with its older answers, even
        where somebody forgot to count up its version."""
        shown = (
            self.kind,
            str(self.low),
            str(self.high),
            *(in_language(words, language) for words in (self.text, self.low_label, self.high_label)),
            *(part for value, words in self.options for part in (value, in_language(words, language))),
        )
        return sha256("\0".join(shown).encode()).hexdigest()[:12]

    @property
    def repeated(self) -> bool:
        """Whether it is measured more than once, so that there is something to follow."""
        return self.kind in ("scale", "zero-to-ten") and len(self.polls) > 1

    @property
    def tracked(self) -> tuple[Poll, Poll] | None:
        """The two polls between which a change is told, person by person: the start and the last one after it. None
        where it is not asked at the start, or in words."""
        during = [poll for poll in POLLS if poll in self.polls and poll in ("baseline", "midpoint", "final")]
        return ("baseline", during[-1]) if self.repeated and "baseline" in during and len(during) > 1 else None


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """All questions of a guide, in the order in which they are asked."""

    guide: str
    items: tuple[Item, ...] = ()

    @property
    def polls(self) -> tuple[Poll, ...]:
        """The polls there is a question for."""
        return tuple(poll for poll in POLLS if any(poll in item.polls for item in self.items))

    def asked(self, poll: str, roles: frozenset[str]) -> tuple[Item, ...]:
        """What somebody in these roles is asked."""
        return tuple(item for item in self.items if poll in item.polls and roles & set(item.roles))

    def item(self, key: str) -> Item | None:
        return next((item for item in self.items if item.key == key), None)


def in_language(words: Words, language: str) -> str:
    """The text in a language, or else in English; "" where there is none."""
    found = dict(words)
    return found.get(language) or found.get(language.partition("@")[0]) or found.get(ENGLISH, "")
