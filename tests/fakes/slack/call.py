"""One call of the Web API: who calls, with which arguments, and what they may see."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.world import Channel, Json, Refusal, Team, Token, User, World


@dataclass(slots=True)
class Call:
    method: str
    args: Json
    """As given; what came in a form is text, JSON inside it is still to be read."""
    world: World
    token: Token
    problems: list[str] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        return default if value is None else str(value)

    def required(self, name: str, error: str = "invalid_arguments") -> str:
        value = self.text(name)
        if not value:
            raise Refusal(error, response_metadata={"messages": [f"[ERROR] missing required field: {name}"]})
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.args.get(name)
        return default if value is None else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        value = self.args.get(name)
        try:
            return default if value in (None, "") else int(str(value))
        except ValueError:
            raise Refusal("invalid_arguments") from None

    def json(self, name: str, error: str) -> Any:
        """A structured argument, which a form carries as JSON."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise Refusal(error) from None

    def ids(self, name: str) -> list[str]:
        value = self.args.get(name)
        found = value if isinstance(value, list) else self.text(name).split(",")
        return [str(one).strip() for one in found if str(one).strip()]

    def refuse(self, error: str, problems: Iterable[str]) -> None:
        """When something is wrong with what was sent; says what, as Slack does."""
        found = list(problems)
        if found:
            self.problems += found
            raise Refusal(error, errors=found, response_metadata={"messages": [f"[ERROR] {one}" for one in found]})

    def need(self, *any_of: str) -> None:
        if not self.token.scopes.intersection(any_of):
            provided = ",".join(sorted(self.token.scopes))
            raise Refusal("missing_scope", needed=any_of[0], provided=provided)

    @property
    def teams(self) -> frozenset[str]:
        return self.world.teams_of(self.token)

    def team(self) -> Team:
        """The one that is meant; a token of an organisation has to say."""
        if self.token.team is not None:
            return self.world.teams[self.token.team]
        wanted = self.text("team_id")
        if not wanted:
            missing = ["[ERROR] missing required field: team_id"]
            raise Refusal("missing_argument", response_metadata={"messages": missing})
        if wanted not in self.teams:
            raise Refusal("team_access_not_granted")
        return self.world.teams[wanted]

    def bot_in(self, channel: Channel) -> bool:
        return self.world.teams[channel.team].bot in channel.members

    def channel(self, name: str = "channel") -> Channel:
        """Visible to the app: of its team, and public or with the bot in it. Anything else is not found."""
        found = self.world.channels.get(self.required(name, "channel_not_found"))
        if found is None or found.deleted or found.team not in self.teams:
            raise Refusal("channel_not_found")
        if found.kind != "public" and not self.bot_in(found):
            raise Refusal("channel_not_found")
        return found

    def user(self, id: str) -> User:
        found = self.world.users.get(id)
        if found is None or found.team not in self.teams:
            raise Refusal("user_not_found")
        return found

    def page(self, found: list[Any], default: int) -> tuple[list[Any], Json]:
        """A page of a list and what to send to get the next."""
        start = self.text("cursor") or "0"
        if not start.isdigit():
            raise Refusal("invalid_cursor")
        limit = self.number("limit", default)
        if not 1 <= limit <= 1000:
            raise Refusal("invalid_limit")
        end = int(start) + limit
        return found[int(start) : end], {"next_cursor": str(end) if end < len(found) else ""}
