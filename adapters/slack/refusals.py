"""What Slack's errors mean: whether a post may have arrived, when to try again, and a reason that people understand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.delivery.courier import DeliveryFailed

TROUBLE = (SlackApiError, SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
"""Everything that a call to Slack can end with, besides bugs."""

SOON = timedelta(seconds=30)
"""When a post is tried again for which Slack could not be reached."""

LATER = timedelta(minutes=10)

NEVER = {
    "channel_not_found": "the conversation is gone, or Circlet is not in it any more",
    "is_archived": "the channel is archived",
    "not_in_channel": "Circlet is not in the channel; somebody there can invite it again",
    "is_inactive": "the conversation is closed",
    "restricted_action": "this workspace does not let Circlet post there",
    "restricted_action_read_only_channel": "nobody but its managers may post in this channel",
    "restricted_action_thread_only_channel": "in this channel only answers may be posted",
    "restricted_action_non_threadable_channel": "this workspace does not let Circlet post there",
    "user_not_found": "the account is unknown in this workspace",
    "user_disabled": "the account is closed",
    "users_not_found": "the account is unknown in this workspace",
    "user_not_visible": "Circlet may not write to this account",
    "cannot_dm_bot": "bots cannot be written to",
    "messages_tab_disabled": "private messages of Circlet are switched off in the app's settings",
    "account_inactive": "Circlet was removed from this workspace; an administrator can install it again",
    "invalid_auth": "Slack refuses Circlet's token; an administrator can install it again",
    "not_authed": "Slack refuses Circlet's token; an administrator can install it again",
    "token_revoked": "Circlet's token was withdrawn; an administrator can install it again",
    "not_allowed_token_type": "Slack refuses this kind of token; an administrator can install Circlet again",
    "no_permission": "Circlet may not do this in the workspace; an administrator can install it again",
    "org_login_required": "the workspace is being moved to another organisation",
    "team_access_not_granted": "Circlet is not installed in this workspace of the organisation",
    "ekm_access_denied": "an administrator of the workspace has suspended its messages",
    "access_denied": "Circlet may not do this in the workspace",
    "msg_too_long": "Slack takes no message as long as this",
    "msg_blocks_too_long": "Slack takes no message as long as this",
    "invalid_blocks": "Slack does not take a message of this form",
    "message_not_found": "the message that was to be changed is gone",
    "cant_update_message": "the message that was to be changed is not Circlet's",
    "edit_window_closed": "the message is too old to be changed",
}
"""Errors that trying again does not mend."""

AGAIN = {
    "token_expired": SOON,
    "request_timeout": SOON,
    "accesslimited": LATER,
    "team_added_to_org": LATER,
    "team_not_found": LATER,
}
"""Errors that pass: nothing was done."""

MAYBE = frozenset({"fatal_error", "internal_error", "service_unavailable"})
"""Something went wrong at Slack, perhaps after it was done."""


def code_of(error: Exception) -> str:
    """Slack's word for what went wrong; empty where it said none."""
    return str(_answer(error).get("error") or "") if isinstance(error, SlackApiError) else ""


def status_of(error: Exception) -> int:
    """The HTTP status of an answer; 0 where there was none."""
    response: Any = error.response if isinstance(error, SlackApiError) else None
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)


def unknown(error: Exception) -> bool:
    """Whether what was asked for may have been done all the same."""
    match error:
        case SlackApiError():
            status = status_of(error)
            return code_of(error) in MAYBE or (status != 429 and (status >= 500 or not code_of(error)))
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError() | ConnectionRefusedError():
            return False
        case _:
            return True


def refused(error: Exception, now: datetime) -> DeliveryFailed:
    """What to do about an error after which nothing was posted."""
    code = code_of(error)
    if status_of(error) == 429 or code in ("ratelimited", "rate_limited"):
        until = now + timedelta(seconds=_retry_after(error))
        return DeliveryFailed("Slack wants us to wait", until, hold_until=until)
    if not isinstance(error, SlackApiError) or unknown(error):
        return DeliveryFailed("Slack cannot be reached", now + SOON)
    if code in AGAIN:
        return DeliveryFailed(f"Slack asks for patience ({code})", now + AGAIN[code])
    if code == "missing_scope":
        needed = str(_answer(error).get("needed") or "unknown")
        return DeliveryFailed(f"Circlet lacks a right ({needed}); an administrator can install it again")
    return DeliveryFailed(f"{NEVER[code]} ({code})" if code in NEVER else f"Slack refused it ({code})")


def _retry_after(error: Exception) -> int:
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    said = str(headers.get("Retry-After") or headers.get("retry-after") or "")
    return int(said) if said.isdecimal() else int(SOON.total_seconds())


def _answer(error: SlackApiError) -> dict[str, Any]:
    data: Any = getattr(error.response, "data", None)
    return data if isinstance(data, dict) else {}
