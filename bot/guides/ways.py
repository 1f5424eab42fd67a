"""Lines for readers who are addressed with distance: ``formal.po``, a catalog beside the files of a guide, or of the
library, in one language, with only the lines that differ. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from io import BytesIO

from babel.messages.pofile import PoFileError, escape, read_po

from bot.guides.items import Item, Words
from bot.guides.rules import Finding, forbidden

WAY_FILE = "formal.po"
WAY = "formal"
Lines = Mapping[str, str]
"""The line as it stands in a file -> the line that these readers see."""

_HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'


def in_this_way(language: str) -> str:
    """The tag of a language in this way: "de@formal"."""
    return f"{language}@{WAY}"


def said(text: str, lines: Lines) -> str:
    """A file with the lines that differ."""
    return "\n".join(lines.get(line, line) for line in text.split("\n"))


def asked(item: Item, language: str, lines: Lines) -> Item:
    """A question that has its words for these readers as one more language, where they differ from this one."""

    def both(words: Words) -> Words:
        line = lines.get(dict(words).get(language, ""))
        return tuple(sorted((*words, (in_this_way(language), line)))) if line else words

    return replace(
        item,
        text=both(item.text),
        low_label=both(item.low_label),
        high_label=both(item.high_label),
        options=tuple((value, both(words)) for value, words in item.options),
    )


def merged(brought: str, standing: str, known: Set[str]) -> str:
    """Two catalogs as one; "" where neither has a line. What is brought stands first, as it is, mistakes and all, and
    counts more; of the other what is in ``known``, the lines that there are now, is left."""
    new, _ = read_way(brought, None)
    old, findings = read_way(standing, None)
    left = {before: now for before, now in old.items() if before in known and before not in new}
    if not brought and (findings or left == old):
        return standing
    lines = (f"\nmsgid {escape(before)}\nmsgstr {escape(now)}\n" for before, now in left.items())
    return "".join((brought.rstrip("\n") + "\n" if brought else _HEAD if left else "", *lines))


def read_way(text: str, known: Set[str] | None, of: str = "guide") -> tuple[Lines, tuple[Finding, ...]]:
    """The catalog. ``known``: every line that there is in this language; None: whatever is there was checked before.
    ``of``: whose lines they are, as an author calls it."""
    try:
        catalog = read_po(BytesIO(text.encode()), abort_invalid=True)
    except (PoFileError, ValueError, UnicodeError) as error:
        return {}, (Finding(1, f"not a catalog that gettext can read: {' '.join(str(error).split())[:200]}"),)
    lines: dict[str, str] = {}
    findings: list[Finding] = []
    for one in catalog:
        if not one.id:
            continue
        before, now = str(one.id), str(one.string)
        line = one.lineno or 1
        if not isinstance(one.id, str):
            findings.append(Finding(line, f"a line of a {of} has no plural"))
        elif known is not None and before not in known:
            findings.append(Finding(line, f"no file of the {of} has exactly this line"))
        if one.fuzzy:
            findings.append(Finding(line, "fuzzy; look at it and take the mark away"))
        if not now:
            findings.append(Finding(line, "not written yet; a line that is the same for both is left out"))
        elif now == before:
            findings.append(Finding(line, f"the same as in the {of}; leave it out"))
        elif "\n" in now:
            findings.append(Finding(line, f"one line of a {of} is one line here too"))
        findings += [Finding(line, problem) for problem in forbidden(now.replace("\n", " "))]
        lines[before] = now or before
    findings += [Finding(one.lineno or 1, "no longer used; take it out") for one in catalog.obsolete.values()]
    return lines, tuple(findings)
