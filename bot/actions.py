"""Action tokens: what a button means, as a short text that any platform can carry.

A token is an address, never a permission: whoever sends it is asked for their right again by the service it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

MAX_TOKEN = 255
"""Slack's limit for ``action_id`` and ``callback_id``; the smallest of the platforms'."""


@dataclass(frozen=True, slots=True)
class Action:
    """A verb ("checkin") and its arguments ("17", "3"). Arguments are texts of any content."""

    verb: str
    args: tuple[str, ...] = ()

    @property
    def token(self) -> str:
        """``verb:arg:arg``, at most 255 ASCII characters. Raises ValueError when the arguments do not fit."""
        token = ":".join((self.verb, *(quote(arg, safe="") for arg in self.args)))
        if len(token) > MAX_TOKEN:
            raise ValueError(f"an action token holds at most {MAX_TOKEN} characters: {token[:40]}…")
        return token


def action(verb: str, *args: str | int) -> Action:
    """Shorthand for an action whose arguments may be numbers."""
    return Action(verb, tuple(str(arg) for arg in args))


def parse_token(token: str) -> Action | None:
    """The action of a token, or None where it is not one of ours (too long, not ASCII, no verb)."""
    if not token or len(token) > MAX_TOKEN or not token.isascii():
        return None
    verb, *parts = token.split(":")
    args = tuple(unquote(part) for part in parts)
    # No database keeps a NUL, and none of our own tokens has one.
    return Action(verb, args) if verb and "\0" not in "".join(args) else None


def fits(wanted: Action) -> bool:
    """Whether the action can be carried by a token at all."""
    try:
        return bool(wanted.token)
    except ValueError:
        return False
