"""What the connector's errors mean: whether a post may have arrived, when to try again, a reason people understand.

https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability#status-codes-from-bot-conversational-apis
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random  # noqa: TID251  # the type: chance itself is an argument

import aiohttp

from adapters.delivery.courier import DeliveryFailed
from adapters.teams.connector import NoToken, Refused
from bot.i18n import N_
from bot.inbound import Loss

TROUBLE = (Refused, NoToken, aiohttp.ClientError, TimeoutError, OSError)
"""Everything that a call to the connector can end with, besides bugs."""

FIRST = 2.0
LONGEST = 300.0
"""Seconds between two tries: twice as many each time, up to this."""

MOST_TRIES = 30
"""So often the connector may stumble over one post, in about two hours; then a person should look. While it cannot be
reached at all that is nobody's fault, and posts wait for as long as they are of use."""

LATER = timedelta(minutes=10)
"""When we try again with a password that Microsoft refuses: an administrator has to renew it."""

PASSING = frozenset({409, 412, 423, 500})

NOT_INSTALLED = N_("Circlet is not installed there, or was blocked; it has to be added again")

NOT_THERE: dict[str, tuple[str, Loss]] = {
    "BotNotInConversationRoster": (N_("Circlet is not in this conversation; somebody there can add it"), "removed"),
    "BotDisabledByAdmin": (N_("an administrator has switched Circlet off"), "removed"),
    "ConversationBlockedByUser": (NOT_INSTALLED, "removed"),
    "ConversationNotFound": (N_("the conversation is gone, or Circlet is not in it any more"), "deleted"),
    "ForbiddenOperationException": (N_("Circlet may not write there; it has to be added first"), "removed"),
    "MessageWritesBlocked": (NOT_INSTALLED, "removed"),
}
"""Words of the connector after which nothing is heard there until the app is added again."""


def code(error: Exception) -> str:
    """What went wrong, for the log: the connector's words, or what kind of accident it was."""
    return str(error) if isinstance(error, Refused) else type(error).__name__


def unknown(error: Exception) -> bool:
    """Whether what was asked for may have been done all the same."""
    match error:
        case Refused(status=status):
            # A gateway's words, or a server's that broke off: what stood behind it may have done what was asked. 500 is
            # the connector's own, and it says that nothing was.
            return status == 408 or status > 500
        case NoToken() | aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError() | ConnectionRefusedError():
            return False
        case _:
            return True


def unreachable(error: Exception) -> bool:
    """Whether nobody hears us there: the app is not installed, or the conversation is gone."""
    return isinstance(error, Refused) and error.status in (403, 404) and not is_gone(error)


def is_gone(error: Exception) -> bool:
    """Whether a message is not there any more, in a conversation that is: somebody has deleted it."""
    return isinstance(error, Refused) and error.status == 404 and error.code.startswith("Activity")


def refused(error: Exception, now: datetime, tries: int, chance: Random) -> DeliveryFailed:
    """What to do about an error after which nothing was posted. ``tries``: how often it went wrong before."""
    if isinstance(error, NoToken):
        reason = N_("Microsoft refuses Circlet's password; an administrator can renew it") + f" ({error})"
        return DeliveryFailed(reason, now + LATER, hold_until=now + LATER)
    if not isinstance(error, Refused) or unknown(error):
        return DeliveryFailed(N_("Teams cannot be reached"), now + backoff(tries, chance))
    if error.status == 429:
        until = now + _retry_after(error, tries, chance)
        return DeliveryFailed(N_("Teams wants us to wait"), until, hold_until=until)
    if error.status in PASSING:
        again = now + backoff(tries, chance) if tries < MOST_TRIES else None
        return DeliveryFailed(N_("Teams asks for patience") + f" ({error})", again)
    if error.status == 401:
        return DeliveryFailed(N_("Teams refuses Circlet's token") + f" ({error})", now + LATER, hold_until=now + LATER)
    if is_gone(error):
        return DeliveryFailed(N_("the message that was to be changed is gone") + f" ({error})")
    if error.status in (403, 404):
        words, loss = NOT_THERE.get(error.code) or (
            N_("Circlet is not installed there, or the conversation is gone"),
            "removed" if error.status == 403 else "deleted",
        )
        return DeliveryFailed(f"{words} ({error})", lost=loss)
    if error.status == 413:
        return DeliveryFailed(N_("Teams takes no message as long as this") + f" ({error})")
    return DeliveryFailed(N_("Teams refused it") + f" ({error})")


def backoff(tries: int, chance: Random) -> timedelta:
    """Longer each time, and never the same for two, so that they do not all come back at once."""
    most = min(FIRST * 2.0 ** min(tries, 20), LONGEST)
    return timedelta(seconds=most * (0.5 + chance.random() / 2))


def _retry_after(error: Refused, tries: int, chance: Random) -> timedelta:
    """As many seconds as it says; where it says none, our own patience."""
    return timedelta(seconds=error.wait) if error.wait is not None else backoff(tries, chance)
