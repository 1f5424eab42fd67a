"""Modals: triggers that live 3 seconds and open one view, stacks of three, hashes that tell an old copy from a new."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

TRIGGER_SECONDS = 3.0


class BadView(Exception):
    """Refused, with Slack's code."""


@dataclass(slots=True)
class Trigger:
    user: str
    team: str
    born: float
    used: bool = False
    view: str | None = None
    """The modal that was acted in."""


@dataclass(slots=True)
class View:
    id: str
    user: str
    team: str
    content: dict[str, Any]
    hash: str
    root: str
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    """What the bot said of the last submission, by block."""

    def shown(self, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        found: dict[str, Any] = {"id": self.id, "team_id": self.team, "hash": self.hash, "root_view_id": self.root}
        found |= {"previous_view_id": self.previous, "app_id": "A0CIRCLET", "bot_id": f"B{self.team[1:]}BOT"}
        base: dict[str, Any] = {
            "callback_id": "",
            "private_metadata": "",
            "external_id": "",
            "submit": None,
            "close": None,
        }
        base |= {"clear_on_close": False, "notify_on_close": False, "app_installed_team_id": self.team}
        return {**base, **self.content, **found, "state": {"values": dict(values or {})}}


@dataclass(slots=True)
class Modals:
    seconds: Callable[[], float]
    new_id: Callable[[str], str]
    triggers: dict[str, Trigger] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    """Open modals by person; the last is in front."""

    def trigger(self, user: str, team: str, view: str | None = None) -> str:
        """A new one; those of the last minute are remembered, so that a late one is told from an invented one."""
        now = self.seconds()
        self.triggers = {key: one for key, one in self.triggers.items() if now - one.born < 60}
        name = f"{self.new_id('')}.{team[1:]}.{self.new_id('t')}"
        self.triggers[name] = Trigger(user, team, now, view=view)
        return name

    def open(self, trigger_id: str, teams: frozenset[str], content: dict[str, Any]) -> View:
        trigger = self._take(trigger_id, teams)
        self.stacks[trigger.user] = []
        return self._place(trigger.user, trigger.team, content)

    def push(self, trigger_id: str, teams: frozenset[str], content: dict[str, Any]) -> View:
        trigger = self._take(trigger_id, teams)
        if trigger.view is None or not self.stacks.get(trigger.user):
            raise BadView("view_not_found")
        if len(self.stacks[trigger.user]) >= 3:
            raise BadView("push_limit_reached")
        return self._place(trigger.user, trigger.team, content)

    def _take(self, trigger_id: str, teams: frozenset[str]) -> Trigger:
        trigger = self.triggers.get(trigger_id)
        if trigger is None or trigger.team not in teams:
            raise BadView("invalid_trigger_id")
        if self.seconds() - trigger.born > TRIGGER_SECONDS:
            raise BadView("expired_trigger_id")
        if trigger.used:
            raise BadView("exchanged_trigger_id")
        trigger.used = True
        return trigger

    def _place(self, user: str, team: str, content: dict[str, Any]) -> View:
        stack = self.stacks.setdefault(user, [])
        id = self.new_id("V")
        root, previous = (stack[0].id, stack[-1].id) if stack else (id, None)
        view = View(id, user, team, self.prepared(content), self.new_hash(), root, previous)
        stack.append(view)
        return view

    def new_hash(self) -> str:
        return f"{int(self.seconds())}.{self.new_id('h')}"

    def prepared(self, content: dict[str, Any]) -> dict[str, Any]:
        """With an id for every block and element that came without one."""
        blocks = [with_ids(block, self.new_id) for block in content["blocks"]]
        return {**content, "blocks": blocks}

    def find(self, id: str, teams: frozenset[str]) -> View:
        for stack in self.stacks.values():
            for view in stack:
                if view.team in teams and id in (view.id, view.content.get("external_id") or None):
                    return view
        raise BadView("not_found")

    def change(self, view: View, content: dict[str, Any], hash: str | None = None) -> View:
        if hash is not None and hash != view.hash:
            raise BadView("hash_conflict")
        view.content, view.hash, view.errors = self.prepared(content), self.new_hash(), {}
        return view

    def close(self, view: View, *, all: bool = False) -> None:
        stack = self.stacks.get(view.user, [])
        self.stacks[view.user] = [] if all else [one for one in stack if one is not view]

    def push_in_answer(self, view: View, content: dict[str, Any]) -> View:
        return self._place(view.user, view.team, content)


def with_ids(block: Any, new_id: Callable[[str], str]) -> Any:
    """A block with the ids that Slack makes up where the app gave none."""
    found = {"block_id": new_id("b"), **block}
    for name in ("element", "accessory"):
        if isinstance(found.get(name), dict) and found[name].get("type") != "image":
            found[name] = {"action_id": new_id("a"), **found[name]}
    if found["type"] == "actions":
        found["elements"] = [{"action_id": new_id("a"), **element} for element in found["elements"]]
    return found
