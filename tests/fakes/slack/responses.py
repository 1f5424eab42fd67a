"""What the bot answers to a command, and response URLs: five uses within half an hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.limits import problems
from tests.fakes.slack.views import with_ids
from tests.fakes.slack.world import Message, Refusal, World

USES = 5
LIFE = 1_800.0


@dataclass(slots=True)
class Place:
    """Where somebody acted, and in which message, if in one."""

    team: str
    channel: str
    user: str
    ts: str | None
    born: float
    uses: int = 0


@dataclass(slots=True)
class Responses:
    world: World
    places: dict[str, Place] = field(default_factory=dict)

    def new(self, team: str, channel: str, user: str, ts: str | None = None) -> str:
        """The last part of a new response URL."""
        id = self.world.new_id("R")
        self.places[id] = Place(team, channel, user, ts, self.world.seconds())
        return id

    def use(self, id: str, body: Mapping[str, Any]) -> None:
        place = self.places.get(id)
        if place is None:
            raise Refusal("invalid_url")
        if place.uses >= USES:
            raise Refusal("used_url")
        if self.world.seconds() - place.born > LIFE:
            raise Refusal("expired_url")
        place.uses += 1
        self.say(place, body)

    def say(self, place: Place, body: Any) -> None:
        """As a new message, private unless it says otherwise, or in the place of the one that was acted in."""
        content = {"text": body} if isinstance(body, str) else dict(body or {})
        if not content:
            return
        messages = self.world.channels[place.channel].messages
        original = messages.get(place.ts or "")
        if content.get("delete_original"):
            messages.pop(place.ts or "", None)
            return
        text, blocks = str(content.get("text", "")), list(content.get("blocks") or [])
        if not text and not blocks:
            return
        if found := problems(blocks):
            raise Refusal("invalid_blocks", errors=found)
        blocks = [with_ids(block, self.world.new_id) for block in blocks]
        if original is not None and content.get("replace_original"):
            original.text, original.blocks, original.edits = text, blocks, original.edits + 1
            return
        team = self.world.teams[place.team]
        seen_by = None if content.get("response_type") == "in_channel" else place.user
        ts = self.world.new_ts()
        messages[ts] = Message(ts, place.channel, team.id, team.bot, text, blocks, None, team.bot_id, seen_by)
