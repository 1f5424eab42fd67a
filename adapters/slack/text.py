"""JSON and plain text for Slack: measured, and free of markup. Pure."""

from __future__ import annotations

import json

from adapters.drawing import CUT, Json, clean, cut, line, size

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""One for all that is measured, which is every element of a message: ``json.dumps`` would make one each time."""


def cost(value: object) -> int:
    """How much of Slack's budget for a message a piece of JSON takes."""
    return size(_COMPACT.encode(value))


def bytes_of(value: object) -> int:
    """What it weighs on its way: the library sends everything but ASCII as escapes."""
    return len(json.dumps(value))


def plain_text(text: str, most: int) -> Json:
    """A text object in which nothing is markup, not even ``:smile:``. Slack refuses an empty one, so it never is."""
    return {"type": "plain_text", "text": cut(line(text), most) or CUT, "emoji": False}


def escaped(text: str) -> str:
    """For ``text`` of a message, the one place where Slack reads markup: ``<!channel>`` becomes harmless.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
