"""What an activity tells of where it came from: organisation, conversation, people. Pure.

https://learn.microsoft.com/microsoftteams/platform/resources/bot-v3/bots-context
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.teams.profiles import LONGEST_ID, Account, account
from adapters.teams.store import THREAD, Kind

Json = Mapping[str, Any]

NO_TENANT = "nobody"
"""Where Teams names no organisation, as only the Agents Playground may."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An activity and where it came from. ``sender`` is None where nobody, or a bot, did it.

    ``targeted``: nobody else in the conversation has seen it, as a slash command.
    https://learn.microsoft.com/microsoftteams/platform/agents-in-teams/targeted-messages
    """

    activity: Json
    kind: str
    name: str
    tenant: str
    conversation: str
    where: Kind
    team: str | None
    service_url: str
    bot: str
    sender: Account | None
    targeted: bool = False

    @property
    def label(self) -> str:
        """What it is, for the log: of an invoke, which."""
        return self.name if self.kind == "invoke" else self.kind

    @property
    def channel(self) -> str:
        """The conversation without the thread in it."""
        return self.conversation.partition(THREAD)[0]


def heard(activity: Json) -> Heard | None:
    """None for what Teams does not send."""
    conversation, recipient = _object(activity.get("conversation")), _object(activity.get("recipient"))
    data = _object(activity.get("channelData"))
    tenant = _object(data.get("tenant")).get("id") or conversation.get("tenantId") or NO_TENANT
    bot, where, kind = recipient.get("id"), conversation.get("id"), activity.get("type")
    team = _object(data.get("team")).get("id") or data.get("teamsTeamId")
    url = activity.get("serviceUrl")
    if not all(_is_id(one, LONGEST_ID * 2) for one in (bot, where, kind, tenant, url)):
        return None
    return Heard(
        activity=activity,
        kind=str(kind),
        name=str(activity.get("name") or activity.get("action") or "")[:80],
        tenant=str(tenant).lower(),
        conversation=str(where),
        where=_where(conversation, team),
        team=str(team) if _is_id(team, LONGEST_ID) else None,
        service_url=str(url),
        bot=str(bot),
        sender=account(activity.get("from")),
        targeted=recipient.get("isTargeted") is True,
    )


def event(one: Heard) -> str:
    """What Teams calls a change of a team or of a channel; "" for others."""
    return str(_object(one.activity.get("channelData")).get("eventType") or "")


def changed_channel(one: Heard) -> str:
    """The channel that an event is about."""
    named = _object(_object(one.activity.get("channelData")).get("channel")).get("id")
    return str(named) if _is_id(named, LONGEST_ID) else one.channel


def _where(conversation: Json, team: object) -> Kind:
    match conversation.get("conversationType"):
        case "personal":
            return "personal"
        case "groupChat":
            return "groupChat"
        case "channel":
            return "channel"
    if team:
        return "channel"
    return "groupChat" if conversation.get("isGroup") else "personal"


def _object(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _is_id(value: object, most: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= most and value.isprintable()
