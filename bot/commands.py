"""The grammar of ``/circle …``: the same words on every platform. Pure: text in, values or a clear reason out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

LONGEST = 4000
_MENTION = re.compile(r"^<@([^<>|\s]+)(?:\|[^<>]*)?>,?$")
_MENTIONS = re.compile(r"<@([^<>|\s]+)(?:\|[^<>]*)?>")
_PIECE = re.compile(r"""<@[^<>]+>,?|"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|(\S+)""")


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one command is typed.

    ``words`` names the values of its words in order; the last one takes all that is left. ``people`` names the value
    that its mentions go to ("" where it takes none). ``flags`` take the words up to the next flag, ``switches`` take
    none. ``free``: all that follows the name is one text, kept letter by letter. ``rest`` names the value that has, as
    a tuple, every text after those of ``words``: what stands in quotation marks is a text by itself, a mention too, and
    so are the words between them.
    """

    name: str
    usage: str
    summary: str
    words: tuple[str, ...] = ()
    people: str = ""
    flags: tuple[str, ...] = ()
    people_flags: tuple[str, ...] = ()
    free: bool = False
    switches: tuple[str, ...] = ()
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A command that could be read: its name, and its values by name, people as tuples of platform ids. Where a list of
    texts has a mention, it is there as it was typed."""

    name: str
    values: Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A command that could not be read: what is wrong with ``word``, and the nearest whole command that would be right,
    or "" where none is near."""

    problem: str
    word: str
    suggestion: str = ""


PROBLEM_COMMAND = "command"
PROBLEM_FLAG = "flag"
PROBLEM_QUOTE = "quote"
PROBLEM_PERSON = "person"
PROBLEM_SURPLUS = "surplus"
PROBLEM_LONG = "long"


def read(text: str, grammars: Iterable[Grammar]) -> Typed | Unreadable:
    """Take a typed command apart. The empty command is ``home``."""
    if len(text) > LONGEST:
        return Unreadable(PROBLEM_LONG, text[:40])
    known = {grammar.name: grammar for grammar in grammars}
    name, rest = (*text.split(maxsplit=1), "", "")[:2]
    name = name.lower()
    if not name:
        return Typed("home", {})
    grammar = known.get(name)
    if grammar is None:
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        return Unreadable(PROBLEM_COMMAND, name, f"{near[0]} {rest.strip()}".strip() if near else "")
    if grammar.free:
        return Typed(name, {grammar.words[0]: rest.strip()} if rest.strip() else {})
    return _values(grammar, rest)


def mentions(text: str) -> tuple[str, ...]:
    """The platform ids of all who are mentioned anywhere in the text."""
    return tuple(dict.fromkeys(_MENTIONS.findall(text)))


def with_names(text: str, names: Mapping[str, str]) -> str:
    """The text as people read it: "@Ben" for a mention, by the names of these ids."""
    return _MENTIONS.sub(lambda found: f"@{names.get(found[1], found[1])}", text)


def all_with_names(value: str | tuple[str, ...], names: Mapping[str, str]) -> str | tuple[str, ...]:
    """A value as people read it. The ids of people, which look like no mention, stay ids."""
    return with_names(value, names) if isinstance(value, str) else tuple(with_names(one, names) for one in value)


def _values(grammar: Grammar, rest: str) -> Typed | Unreadable:
    if rest.count('"') % 2:
        return Unreadable(PROBLEM_QUOTE, '"')
    words: list[str] = []
    texts = _Texts()
    people: dict[str, list[str]] = {}
    flags: dict[str, list[str]] = {}
    flag = ""
    for piece, quoted in _pieces(rest):
        mention = _MENTION.match(piece)
        if not quoted and (name := _flag(piece)) is not None:
            known = grammar.flags + grammar.people_flags + grammar.switches
            if name not in known:
                near = get_close_matches(name, known, n=1, cutoff=0.4)
                mended = f"{grammar.name} {rest.strip().replace(piece, f'--{near[0]}', 1)}" if near else ""
                return Unreadable(PROBLEM_FLAG, f"--{name}", mended)
            flag = "" if name in grammar.switches else name
            flags.setdefault(name, [])
        elif mention and not quoted:
            owner = flag if flag in grammar.people_flags else grammar.people
            if grammar.rest and not owner and not flag:
                texts.add(piece.rstrip(","), alone=True)
                continue
            if not owner:
                return Unreadable(PROBLEM_SURPLUS, piece)
            people.setdefault(owner, []).append(mention[1])
        elif not quoted and piece[0] == "@" and len(piece) > 1:
            # A name that the platform knows would have come as a mention.
            return Unreadable(PROBLEM_PERSON, piece.rstrip(","))
        elif flag in grammar.people_flags:
            return Unreadable(PROBLEM_PERSON, piece)
        elif flag:
            flags[flag].append(piece)
        elif grammar.rest:
            texts.add(piece, alone=quoted)
        else:
            words.append(piece)
    if len(words) > len(grammar.words) and not grammar.words:
        return Unreadable(PROBLEM_SURPLUS, " ".join(words))
    values: dict[str, str | tuple[str, ...]] = dict(_named(grammar.words, words))
    if grammar.rest:
        values = texts.named(grammar.words, grammar.rest)
    values |= {name: " ".join(parts) for name, parts in flags.items() if name in grammar.flags}
    values |= dict.fromkeys((name for name in flags if name in grammar.switches), "yes")
    values |= {name: tuple(dict.fromkeys(ids)) for name, ids in people.items()}
    return Typed(grammar.name, values)


def _named(names: tuple[str, ...], words: list[str]) -> dict[str, str]:
    if not names or not words:
        return {}
    head = dict(zip(names[:-1], words, strict=False))
    tail = " ".join(words[len(names) - 1 :])
    return head | ({names[-1]: tail} if tail else {})


class _Texts:
    """The texts of a command that takes several: neighbouring words without quotation marks are one."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._open = False

    def add(self, piece: str, *, alone: bool) -> None:
        if self._open and not alone:
            self.found[-1] += f" {piece}"
        elif piece.strip():
            self.found.append(piece)
        self._open = not alone

    def named(self, names: tuple[str, ...], rest: str) -> dict[str, str | tuple[str, ...]]:
        values: dict[str, str | tuple[str, ...]] = dict(zip(names, self.found, strict=False))
        more = tuple(self.found[len(names) :])
        return values | ({rest: more} if more else {})


def _flag(piece: str) -> str | None:
    """The name of ``--flag``. Phones turn two hyphens into a dash; that is a flag too."""
    for mark in ("--", "—", "–"):
        if piece.startswith(mark) and piece[len(mark) :].isalpha():
            return piece[len(mark) :].lower()
    return None


def _pieces(rest: str) -> Iterable[tuple[str, bool]]:
    for match in _PIECE.finditer(rest):
        quoted = next((group for group in match.groups()[:4] if group is not None), None)
        yield (quoted, True) if quoted is not None else (match[0], False)
