"""Plain characters for Teams: measured, and told apart from Markdown and from what a client carries out. Pure."""

from __future__ import annotations

import json
import re

from adapters.drawing import size

FUNCTION = re.compile(r"\{\{(?=(?:DATE|TIME)\()", re.IGNORECASE)

_READABLE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ESCAPED = json.JSONEncoder(separators=(",", ":"))
"""One each for all that is measured, which is every element of a card: ``json.dumps`` would make one each time."""

_MARKS = re.compile(
    r"""[\\`*_{}\[\]<>#|~$^]        # emphasis, links, code, quotes, tables, {{DATE()}}, ${templates}
    | ^\s*(?:[-+]|\d+[.)])\s        # a list
    | &(?:\w+|\#\w+);               # an entity
    | ://|\bwww\.|\bmailto:|@\w     # what a client makes a link of by itself
    """,
    re.VERBOSE,
)


def inert(text: str) -> str:
    """Without functions, which a client carries out in every text: ``{{DATE(…)}}`` is parted by an invisible space.

    https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features#datetime-formatting-and-localization
    """
    return FUNCTION.sub("{\u200b{", text)


def is_plain(text: str) -> bool:
    """Whether no client can read markup into it.

    Where Teams reads Markdown (TextBlock, and the titles of open choices and toggles) only such a text may stand;
    escapes would be shown by the clients that read none there.
    https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
    """
    return not _MARKS.search(text)


def weight(value: object) -> int:
    """The bytes that a piece of JSON takes. Teams counts UTF-16, and some send escapes: the greater counts.

    https://learn.microsoft.com/microsoftteams/limits-specifications-teams: about 100 KB with all its envelopes.
    """
    said = _READABLE.encode(value)
    return 2 * len(said) if said.isascii() else max(2 * size(said), len(_ESCAPED.encode(value)))


def taken(c: str) -> int:
    """The most that a character adds to a weight."""
    return 4 if c in '"\\\n' else 2 if c < "\x7f" else 6 if c <= "\uffff" else 12
