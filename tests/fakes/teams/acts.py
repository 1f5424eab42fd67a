"""What people do in the fake, as activities that Teams would send; and what it shows them for an answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.teams.world import THREAD, Json, Room, Said, User, actions

if TYPE_CHECKING:
    from tests.fakes.teams.fake import FakeTeams


@dataclass(frozen=True, slots=True)
class Answer:
    """The bot's answer to one request; ``latency`` in seconds."""

    status: int
    body: Any
    latency: float

    @property
    def dialog(self) -> Json:
        """The card of the dialog that is open now."""
        card: Json = self.body["task"]["value"]["card"]["content"]
        return card


def base(fake: FakeTeams, user: User | None, conversation: str, kind: str, **more: Any) -> Json:
    room = fake.world.room(conversation)
    told: Json = {
        "type": kind,
        "id": fake.world.next_id(),
        "channelId": "msteams",
        "serviceUrl": fake.service_url,
        "timestamp": fake.clock().isoformat(),
        "recipient": {"id": fake.bot_id, "name": "Circlet"},
        "conversation": {"id": conversation, "tenantId": fake.world.tenant, **_conversation(room)},
        "channelData": {"tenant": {"id": fake.world.tenant}, **_place(room)},
    }
    if user is not None:
        client = {"type": "clientInfo", "locale": user.locale, "platform": "Web", "timezone": user.zone}
        told |= {"from": user.account, "entities": [client], "locale": user.locale, "localTimezone": user.zone}
    return told | more


def _conversation(room: Room | None) -> Json:
    if room is None:
        return {"conversationType": "personal"}
    return {"conversationType": room.kind, **({"isGroup": True} if room.kind != "personal" else {})}


def _place(room: Room | None) -> Json:
    if room is None or room.team is None:
        return {}
    return {"team": {"id": room.team}, "channel": {"id": room.id}, "teamsTeamId": room.team, "teamsChannelId": room.id}


def message(
    fake: FakeTeams, user: User, conversation: str, text: str, *, mention: bool | None = None, targeted: bool = False
) -> Json:
    """``@ana`` in the text is a mention of her; in chats with others the bot is mentioned first. ``targeted``: a slash
    command, which nobody but the bot gets to see."""
    room = fake.world.room(conversation)
    called = room is not None and room.kind != "personal" if mention is None else mention
    told = base(fake, user, conversation, "message", textFormat="plain", attachments=[])
    told["recipient"] |= {"isTargeted": True} if targeted else {}
    entities = told["entities"]
    for other in sorted(fake.world.users.values(), key=lambda one: -len(one.key)):
        if f"@{other.key}" in text:
            at = f"<at>{other.name}</at>"
            text = text.replace(f"@{other.key}", at)
            entities.append({"type": "mention", "mentioned": {"id": other.id, "name": other.name}, "text": at})
    if called:
        text = f"<at>Circlet</at> {text}"
        bot = {"id": fake.bot_id, "name": "Circlet"}
        entities.insert(0, {"type": "mention", "mentioned": bot, "text": "<at>Circlet</at>"})
    return told | {"text": text}


def root(conversation: str, id: str) -> str:
    """A message that begins a thread in a channel."""
    return f"{conversation}{THREAD}{id}"


def find_action(cards: list[Json], title: str) -> Json:
    found = [one for card in cards for one in actions(card) if one.get("title") == title]
    if not found:
        raise AssertionError(
            f"no button “{title}”; there are {[one.get('title') for c in cards for one in actions(c)]}"
        )
    return found[-1]


def form_of(cards: object) -> tuple[Json, Json]:
    """The last form: the action that sends it, and what stands in its inputs, as Teams sends all of them."""
    found = [card for card in _cards(cards) if any(one.get("data", {}).get("s") for one in card.get("actions", []))]
    if not found:
        raise AssertionError("no form")
    submit = next(one for one in found[-1]["actions"] if one.get("data", {}).get("s"))
    return submit, {one["id"]: str(one.get("value", "")) for one in _inputs(found[-1]["body"])}


def filled(standing: Json, values: dict[str, str]) -> Json:
    """With what somebody puts into it, by the fields' names."""
    by_field = {id.partition(".")[2]: id for id in standing}
    unknown = set(values) - set(by_field)
    if unknown:
        raise AssertionError(f"no field {unknown}; there are {sorted(by_field)}")
    return {**standing, **{by_field[name]: value for name, value in values.items()}}


def _cards(part: object) -> Iterator[Json]:
    if isinstance(part, list):
        for one in part:
            yield from _cards(one)
    if isinstance(part, dict):
        if part.get("type") == "AdaptiveCard":
            yield part
        for inner in part.values():
            yield from _cards(inner)


def _inputs(part: object) -> Iterator[Json]:
    if isinstance(part, list):
        for one in part:
            yield from _inputs(one)
    if isinstance(part, dict):
        if str(part.get("type", "")).startswith("Input."):
            yield part
        for name, inner in part.items():
            if name not in ("card", "actions"):
                yield from _inputs(inner)


def invoke(fake: FakeTeams, user: User, said: Said, name: str, value: Json) -> Json:
    return base(fake, user, said.conversation, "invoke", name=name, value=value, replyToId=said.id)


def execute(action: Json, values: Json) -> Json:
    data = {**action.get("data", {}), **values}
    return {"action": {**action, "data": data}, "trigger": "manual"}


def now() -> float:
    return time.perf_counter()
