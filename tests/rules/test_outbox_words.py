"""Why something did not arrive, as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.gallery.cast import CIRCLE, NOW, PARKED, PEOPLE
from adapters.slack import refusals as slack
from adapters.teams import refusals as teams
from bot.checkins import facilitating
from bot.i18n import translator
from bot.meetings import words as meetings
from bot.outbox.words import why
from bot.spoken import words

GERMAN = translator("de")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("the account is closed", "das Konto ist geschlossen"),
        ("the channel is archived (is_archived)", "der Channel ist archiviert (is_archived)"),
        ("something went wrong on our side (1a2b3c4d)", "da ist bei uns etwas schiefgegangen (1a2b3c4d)"),
        ("kept by an older version (x)", "kept by an older version (x)"),
        ("", ""),
        (" (x)", " (x)"),
    ],
)
def test_a_reason_is_translated_and_its_detail_stays(reason: str, said: str) -> None:
    assert why(GERMAN, reason) == said
    assert why(translator("en"), reason) == reason


def slack_reasons() -> Iterator[str]:
    for code in (*slack.NEVER, *slack.AGAIN, "missing_scope", "ratelimited", "fatal_error", "something_new"):
        for private in (False, True):
            said = {"ok": False, "error": code, "needed": "chat:write"}
            answer = AsyncSlackResponse(
                client=None, http_verb="POST", api_url="", req_args={}, data=said, headers={}, status_code=200
            )
            error = SlackApiError("", answer)  # type: ignore[no-untyped-call]
            yield slack.refused(error, NOW, private=private).reason


@pytest.mark.parametrize("reason", sorted({*slack_reasons(), *(words for words, _ in teams.NOT_THERE.values())}))
def test_every_reason_of_a_platform_is_said_in_german(reason: str) -> None:
    sentence, _, detail = reason.partition(" (")

    assert why(GERMAN, reason) not in (reason, sentence)
    assert why(GERMAN, reason).endswith(detail)


def test_who_looks_after_a_group_reads_in_german_why_something_did_not_arrive() -> None:
    parked = ((1, NOW + timedelta(days=5), "the channel is archived (is_archived)"),)
    told = words(meetings.missed(GERMAN, CIRCLE, (), parked, ("the account is closed", "the account is closed")))

    assert "der Channel ist archiviert (is_archived)" in told
    assert told.count("das Konto ist geschlossen") == 1
    status = words(facilitating.status(GERMAN, CIRCLE, PEOPLE, [0, 1], [], [PARKED]))
    assert "(das Konto ist geschlossen)" in status
