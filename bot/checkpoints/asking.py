"""One poll as one person meets it, and the fields in which its questions are answered. Values in, fields out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.checkpoints.rules import ideas, is_counted, longest
from bot.checkpoints.terms import fit_words
from bot.counts import LEAST
from bot.forms import Choice, Field, Option, Scale, TextInput, YesNo
from bot.groups.rules import Group
from bot.guides.items import FITS, FREE, Item, Poll, in_language
from bot.i18n import Translator


@dataclass(frozen=True, slots=True)
class Asked:
    """One poll as one person meets it: what they are asked, what they have answered (by question), until when.

    ``organiser``: the name of whoever set the group up. ``zone``: the person's own.
    """

    group: Group
    poll: Poll
    items: tuple[Item, ...]
    given: Mapping[str, str]
    organiser: str
    closes: datetime
    zone: str
    open: bool = True

    @property
    def missing(self) -> int:
        """How many questions are still without an answer; words of one's own are never missing."""
        return sum(bool(item.values) and item.key not in self.given for item in self.items)


def answering(t: Translator, item: Item, asked: Asked) -> list[Field]:
    """The fields in which a question is answered, with what was given before."""
    name, label, before = f"q_{item.id}", in_language(item.text, t.language), asked.given.get(item.key, "")
    licence = t("Wording: {licence}").format(licence=item.licence) if item.own else ""
    match item.kind:
        case "scale" | "zero-to-ten":
            ends = (in_language(item.low_label, t.language), in_language(item.high_label, t.language))
            value = int(before) if before else None
            return [Scale(name, label, item.low, item.high, *ends, value, hint=licence)]
        case "choice":
            options = tuple(Option(value, in_language(words, t.language)) for value, words in item.options)
            return [Choice(name, label, options, before, hint=licence)]
        case "fit":
            return [Choice(name, label, tuple(Option(one, fit_words(t, one)) for one in FITS), before, hint=licence)]
        case "text":
            hint = " ".join(filter(None, (readers(t, item, asked.organiser), licence)))
            return [TextInput(name, label, before, hint=hint, long=True, limit=longest(item))]
        case "ideas":
            told = ideas(before) if before else None
            hint = " ".join(
                (t("One idea on each line, as many as you like."), readers(t, item, asked.organiser), licence)
            ).strip()
            lines = "\n".join(told.lines) if told else ""
            return [
                TextInput(name, label, lines, hint=hint, long=True, limit=longest(item)),
                YesNo(
                    f"n_{item.id}",
                    t("Show my name with my ideas"),
                    told.named if told else False,
                    t("Without it, ideas are shown without names, once {n} people have some.").format(n=LEAST),
                ),
            ]
        case _:
            assert_never(item.kind)


def seen_by_others(t: Translator, items: Sequence[Item]) -> str:
    """What others get to see of the answers to these questions: said wherever they are asked."""
    if not any(is_counted(item) for item in items):
        return t("Nobody else sees what you answer, nor any figure of it.")
    figures = t("Others see figures of at least {n} people, never your answers.").format(n=LEAST)
    if not any(item.kind in FREE and is_counted(item) for item in items):
        return figures
    words = t("What you write in your own words is read by whoever its field names.")
    return t("{figures} {words}").format(figures=figures, words=words)


def readers(t: Translator, item: Item, organiser: str) -> str:
    """Who will read an answer in free words: said before it is written. With ideas a tick decides about the name."""
    named = item.kind == "ideas"
    match item.read_by:
        case "nobody":
            return t("Only you will read this.")
        case "organiser":
            said = (
                t("{name}, who set this up, will read it, without your name unless you tick it below.")
                if named
                else t("{name}, who set this up, will read it without your name.")
            )
            return said.format(name=organiser)
        case "facilitators":
            said = (
                t(
                    "{name}, who set this up, and those who look after a circle will read it, without your name unless "
                    "you tick it below."
                )
                if named
                else t("{name}, who set this up, and those who look after a circle will read it without your name.")
            )
            return said.format(name=organiser)
        case _:
            assert_never(item.read_by)
