"""Looks for a post of ours in a conversation's history, where an administrator has granted the right to read it.

Nothing of what it reads is kept but the metadata of our own posts.
https://docs.slack.dev/reference/methods/conversations.history
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.delivery.courier import DeliveryUnknown
from adapters.slack.refusals import code_of, refused
from bot.i18n import N_

SKEW = timedelta(minutes=1)
"""How far Slack's clock and ours may be apart."""

PAGES = 20
PAGE = 100

NOT_GRANTED: Final = {"": "not granted"}
"""The answer where history may not be read."""


async def standing(
    client: AsyncWebClient, channel: str, event_type: str, key: str, since: datetime, now: datetime
) -> dict[str, str]:
    """The messages that carry this key, or one of its parts, by what they carry; ``NOT_GRANTED`` where nobody may look.

    Raises DeliveryUnknown where it could not be found out now.
    """
    found: dict[str, str] = {}
    cursor: str | None = None
    for _ in range(PAGES):
        try:
            said = await client.conversations_history(
                channel=channel,
                oldest=f"{(since - SKEW).timestamp():.6f}",
                inclusive=True,
                include_all_metadata=True,
                limit=PAGE,
                cursor=cursor,
            )
        except SlackApiError as error:
            if code_of(error) == "missing_scope":
                return NOT_GRANTED
            if (until := refused(error, now).hold_until) is not None:
                # Only looking has to wait: posting has a limit of its own.
                raise DeliveryUnknown(N_("Slack wants us to wait before looking whether it arrived"), until) from None
            raise
        for message in said.get("messages") or ():
            metadata = message.get("metadata") or {}
            carried = str((metadata.get("event_payload") or {}).get("key") or "")
            if metadata.get("event_type") == event_type and carried.partition("#")[0] == key:
                found.setdefault(carried, str(message["ts"]))
        cursor = (said.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return found
    raise DeliveryUnknown(N_("too much was said there since to find out whether it arrived"), None)
