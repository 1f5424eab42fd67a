"""What Slack's errors mean: whether a post may have arrived, when to try again, and a reason that people understand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.delivery.courier import DeliveryFailed
from bot.i18n import N_
from bot.inbound import Loss

TROUBLE = (SlackApiError, SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
"""Everything that a call to Slack can end with, besides bugs."""

SOON = timedelta(seconds=30)
"""When a post is tried again for which Slack could not be reached."""

LATER = timedelta(minutes=10)

NEVER = {
    "channel_not_found": N_("the conversation is gone, or Circlet is not in it any more"),
    "is_archived": N_("the channel is archived"),
    "not_in_channel": N_("Circlet is not in the channel; somebody there can invite it again"),
    "is_inactive": N_("the conversation is closed"),
    "restricted_action": N_("this workspace does not let Circlet post there"),
    "restricted_action_read_only_channel": N_("nobody but its managers may post in this channel"),
    "restricted_action_thread_only_channel": N_("in this channel only answers may be posted"),
    "restricted_action_non_threadable_channel": N_("this workspace does not let Circlet post there"),
    "user_not_found": N_("the account is unknown in this workspace"),
    "user_disabled": N_("the account is closed"),
    "users_not_found": N_("the account is unknown in this workspace"),
    "user_not_visible": N_("Circlet may not write to this account"),
    "cannot_dm_bot": N_("bots cannot be written to"),
    "messages_tab_disabled": N_("private messages of Circlet are switched off in the app's settings"),
    "no_permission": N_("Circlet may not do this in the workspace; an administrator can install it again"),
    "org_login_required": N_("the workspace is being moved to another organisation"),
    "team_access_not_granted": N_("Circlet is not installed in this workspace of the organisation"),
    "ekm_access_denied": N_("an administrator of the workspace has suspended its messages"),
    "access_denied": N_("Circlet may not do this in the workspace"),
    "msg_too_long": N_("Slack takes no message as long as this"),
    "msg_blocks_too_long": N_("Slack takes no message as long as this"),
    "invalid_blocks": N_("Slack does not take a message of this form"),
    "message_not_found": N_("the message that was to be changed is gone"),
    "cant_update_message": N_("the message that was to be changed is not Circlet's"),
    "edit_window_closed": N_("the message is too old to be changed"),
}
"""Errors that trying again does not mend."""

IN_PRIVATE = {
    "channel_not_found": N_("the private conversation is gone"),
    "is_archived": N_("the account is closed, or the private conversation is"),
    "is_inactive": N_("the account is closed, or the private conversation is"),
    "not_in_channel": N_("the private conversation is gone"),
}
"""The same errors where nobody but the person and Circlet is in the conversation."""

CLOSED = frozenset({"user_disabled", "is_inactive", "is_archived", "channel_not_found"})
"""What a private message can fail with when the account was closed; the first says so, of the others it may be why."""

DEAD_TOKEN = frozenset(
    {"account_inactive", "invalid_auth", "not_allowed_token_type", "not_authed", "token_expired", "token_revoked"}
)
"""The token is no longer good. Perhaps there is another by now: whoever keeps the tokens finds out at the next try."""

LOST: Mapping[str, Loss] = {"channel_not_found": "removed", "not_in_channel": "removed", "is_archived": "archived"}
"""A home that can no longer be written to. A private channel that we were taken out of is not found either."""

AGAIN = {
    **dict.fromkeys(DEAD_TOKEN, SOON),
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


def refused(error: Exception, now: datetime, *, private: bool = False) -> DeliveryFailed:
    """What to do about an error after which nothing was posted. ``private``: it was for one person."""
    code = code_of(error)
    if status_of(error) == 429 or code in ("ratelimited", "rate_limited"):
        until = now + timedelta(seconds=_retry_after(error))
        return DeliveryFailed(N_("Slack wants us to wait"), until, hold_until=until)
    if not isinstance(error, SlackApiError) or unknown(error):
        return DeliveryFailed(N_("Slack cannot be reached"), now + SOON)
    if code in AGAIN:
        asks = N_("Slack refuses Circlet's token") if code in DEAD_TOKEN else N_("Slack asks for patience")
        return DeliveryFailed(f"{asks} ({code})", now + AGAIN[code])
    if code == "missing_scope":
        needed = str(_answer(error).get("needed") or "unknown")
        return DeliveryFailed(N_("Circlet lacks a right; an administrator can install it again") + f" ({needed})")
    words = IN_PRIVATE.get(code) if private else None
    words = words or NEVER.get(code) or N_("Slack refused it")
    return DeliveryFailed(f"{words} ({code})", lost=LOST.get(code))


def _retry_after(error: Exception) -> int:
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    said = str(headers.get("Retry-After") or headers.get("retry-after") or "")
    return int(said) if said.isdecimal() else int(SOON.total_seconds())


def _answer(error: SlackApiError) -> dict[str, Any]:
    data: Any = getattr(error.response, "data", None)
    return data if isinstance(data, dict) else {}
