"""The table of the Web API: method, function, calls a minute (https://docs.slack.dev/apis/web-api/rate-limits)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.fakes.slack import chat, conversations, modals, people
from tests.fakes.slack.call import Call
from tests.fakes.slack.world import Json

T1, T2, T3, T4, OWN = 1, 20, 50, 100, 0


@dataclass(frozen=True, slots=True)
class Method:
    run: Callable[[Call], Json]
    a_minute: int
    """OWN: a rule of its own."""


METHODS: Mapping[str, Method] = {
    "auth.test": Method(people.auth_test, 1000),
    "auth.revoke": Method(people.auth_revoke, T3),
    "chat.postMessage": Method(chat.post_message, OWN),
    "chat.update": Method(chat.update, T3),
    "chat.delete": Method(chat.delete, T3),
    "chat.postEphemeral": Method(chat.post_ephemeral, T4),
    "chat.getPermalink": Method(chat.get_permalink, 1000),
    "conversations.archive": Method(conversations.archive, T2),
    "conversations.create": Method(conversations.create, T2),
    "conversations.history": Method(conversations.history, T3),
    "conversations.info": Method(conversations.info, T3),
    "conversations.invite": Method(conversations.invite, T3),
    "conversations.join": Method(conversations.join, T3),
    "conversations.kick": Method(conversations.kick, T3),
    "conversations.leave": Method(conversations.leave, T3),
    "conversations.list": Method(conversations.list_all, T2),
    "conversations.members": Method(conversations.members, T4),
    "conversations.open": Method(conversations.open_direct, T3),
    "conversations.rename": Method(conversations.rename, T2),
    "conversations.setPurpose": Method(conversations.set_purpose, T2),
    "conversations.setTopic": Method(conversations.set_topic, T2),
    "team.info": Method(people.team_info, T3),
    "users.conversations": Method(people.users_conversations, T2),
    "users.info": Method(people.users_info, T4),
    "users.list": Method(people.users_list, T2),
    "users.lookupByEmail": Method(people.users_lookup_by_email, T3),
    "views.open": Method(modals.open_view, T4),
    "views.publish": Method(modals.publish, T4),
    "views.push": Method(modals.push, T4),
    "views.update": Method(modals.update, T4),
}
