"""Plain characters for Slack: cleaned, measured, cut visibly. Pure.

Lengths are counted in UTF-16 units, of which an emoji has two. Slack does not say how it counts; no way of counting
characters that it could use finds more.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

Json = dict[str, Any]
"""One JSON object of Block Kit, as slack_sdk takes it."""

NOTHING = "–"
"""Shown where there is a place for a value and no value."""

CUT = "…"


def clean(text: str) -> str:
    """The text without control characters and halves of characters; new lines stay, a tab becomes a space."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))


def line(text: str) -> str:
    """The text in one line."""
    return " ".join(clean(text).split())


def size(text: str) -> int:
    return len(text) + sum(c > "\uffff" for c in text)


def cut(text: str, most: int) -> str:
    """At most this long; what was cut off is marked by an ellipsis. The caller says it elsewhere, if it matters."""
    if size(text) <= most:
        return text
    kept = text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    return kept.rstrip(" \n\u200d") + CUT


def cost(value: object) -> int:
    """How much of Slack's budget for a message a piece of JSON takes."""
    return size(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def plain_text(text: str, most: int) -> Json:
    """A text object in which nothing is markup, not even ``:smile:``. Slack refuses an empty one, so it never is."""
    return {"type": "plain_text", "text": cut(line(text), most) or CUT, "emoji": False}


def escaped(text: str) -> str:
    """For ``text`` of a message, the one place where Slack reads markup: ``<!channel>`` becomes harmless.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
