"""Why something did not arrive, in somebody's language."""

from __future__ import annotations

from bot.i18n import Translator


def why(t: Translator, reason: str) -> str:
    """A reason is kept in English, as a sentence marked by ``N_`` and perhaps a detail: "the channel is archived
    (is_archived)". The detail is nobody's language, and stays."""
    sentence, bracket, detail = reason.partition(" (")
    return f"{t(sentence) if sentence else ''}{bracket}{detail}"
