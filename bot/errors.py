"""The errors of the core.

    BotError
    ├── Refused       shown to the person, privately, as it stands
    ├── Invalid       shown at the fields of a form; what was typed is kept
    ├── GuideError    a guide that is not fit for use; lists every problem
    └── ConfigError   an installation that cannot start

Anything else that escapes the core is a bug: the edge that called logs it with an id and apologises with that id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class BotError(Exception):
    """Every error that Circlet raises on purpose."""


class Refused(BotError):
    """The person may not do this, or not now. The text says why, in their language, and what would work instead."""


class Invalid(BotError):
    """Values that cannot be used, by field id. An empty field id is about the whole."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


class GuideError(BotError):
    """Every problem of the guides at once, each as ``path:line: problem``."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class ConfigError(BotError):
    """Every problem of the installation's settings at once; never repeats a secret."""
