"""Who somebody is in Teams: accounts, as activities and rosters name them. Pure.

The directory's id (``aadObjectId``) is who they are everywhere; the connector's ("29:…") is how they are reached.
https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_ID = 300
"""Characters of an id. Those of Teams have about a hundred; a longer one is nobody's."""

BOT = "28:"
"""What the connector's ids of bots begin with."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody: by whom the core knows them, how they are reached, and what a roster says of them."""

    person: str
    user: str
    name: str = ""
    email: str | None = None


def account(told: object, tenant: str | None = None) -> Account | None:
    """Of a roster, or the sender of an activity. None for a bot, and for what is no account; also for somebody of
    another organisation than ``tenant``, where Teams tells of which they are."""
    if not isinstance(told, Mapping):
        return None
    theirs = told.get("tenantId")
    if tenant is not None and isinstance(theirs, str) and theirs and theirs.lower() != tenant.lower():
        return None
    user, person = told.get("id"), told.get("aadObjectId") or told.get("objectId")
    if not _is_id(user) or str(user).startswith(BOT) or told.get("role") == "bot":
        return None
    email = told.get("email") or told.get("userPrincipalName")
    return Account(
        person=str(person) if _is_id(person) else str(user),
        user=str(user),
        name=str(told.get("name") or ""),
        email=str(email) if email else None,
    )


def accounts(listed: object) -> Iterator[Account]:
    """The people of a list such as ``membersAdded``."""
    for told in listed if isinstance(listed, list) else ():
        found = account(told)
        if found is not None:
            yield found


def names_bot(listed: object, bot: str) -> bool:
    """Whether the bot itself is in a list such as ``membersAdded``."""
    members: list[Any] = listed if isinstance(listed, list) else []
    return any(isinstance(one, Mapping) and one.get("id") == bot for one in members)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_ID
