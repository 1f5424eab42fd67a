"""The manifest against the code: every right it asks for is used, and everything the code does is allowed."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import events, listen, send

FOLDER = Path(listen.__file__).parent
SOURCE = (FOLDER / "manifest.yaml").read_text(encoding="utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load(SOURCE)
BOT_SCOPES: list[str] = MANIFEST["oauth_config"]["scopes"]["bot"]
BOT_EVENTS: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]

ANYBODY: frozenset[str] = frozenset()

METHODS: dict[str, frozenset[str]] = {
    "auth_test": ANYBODY,
    "chat_postEphemeral": frozenset({"chat:write"}),
    "chat_postMessage": frozenset({"chat:write"}),
    "chat_update": frozenset({"chat:write"}),
    "conversations_create": frozenset({"groups:write"}),
    "conversations_history": ANYBODY,
    "conversations_info": frozenset({"channels:read", "groups:read"}),
    "conversations_invite": frozenset({"groups:write", "channels:write.invites"}),
    "conversations_members": frozenset({"channels:read", "groups:read"}),
    "conversations_open": frozenset({"im:write", "mpim:write"}),
    "oauth_v2_access": ANYBODY,
    "users_conversations": frozenset({"groups:read"}),
    "users_info": frozenset({"users:read"}),
    "views_open": ANYBODY,
    "views_publish": ANYBODY,
    "views_update": ANYBODY,
}
"""What each method of the Web API needs: https://docs.slack.dev/reference/methods. History is looked at only where an
administrator has granted the right to by themselves: the code does without."""

OF_EVENTS: dict[str, frozenset[str]] = {
    "app_home_opened": ANYBODY,
    "app_uninstalled": ANYBODY,
    "tokens_revoked": ANYBODY,
    "channel_archive": frozenset({"channels:read"}),
    "channel_deleted": frozenset({"channels:read"}),
    "channel_left": frozenset({"channels:read"}),
    "group_archive": frozenset({"groups:read"}),
    "group_deleted": frozenset({"groups:read"}),
    "group_left": frozenset({"groups:read"}),
    "member_left_channel": frozenset({"channels:read", "groups:read"}),
    "message_metadata_posted": frozenset({"metadata.message:read"}),
    "user_change": frozenset({"users:read"}),
}
"""What each event needs: https://docs.slack.dev/reference/events."""


def called() -> set[str]:
    """Every method of the Web API that the code calls."""
    nodes = (node for file in FOLDER.glob("*.py") for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    found = {node.func.attr for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    return {name for name in found if "_" in name.strip("_") and hasattr(AsyncWebClient, name)}


def test_every_method_that_is_called_is_known_and_allowed() -> None:
    assert called() <= set(METHODS), "say in METHODS what it needs"
    needed = frozenset().union(*(METHODS[method] for method in called()))
    assert needed <= set(BOT_SCOPES)


def test_every_scope_is_needed_and_says_what_for() -> None:
    needed = frozenset({"commands"}).union(
        *(METHODS[method] for method in called()), *(OF_EVENTS[event] for event in BOT_EVENTS)
    )
    assert set(BOT_SCOPES) == needed
    assert len(BOT_SCOPES) == len(set(BOT_SCOPES))
    lines = SOURCE.splitlines()
    for scope in BOT_SCOPES:
        at = next(number for number, line in enumerate(lines) if line.strip() == f"- {scope}")
        assert lines[at - 1].strip().startswith("#"), f"{scope} has no reason"


def test_nobody_can_read_messages_with_it() -> None:
    assert not [scope for scope in BOT_SCOPES if "history" in scope]
    assert not [event for event in BOT_EVENTS if event.startswith(("message.", "app_mention"))]
    assert "user" not in MANIFEST["oauth_config"]["scopes"]


def test_what_is_subscribed_to_is_what_is_handled() -> None:
    removal = {"app_uninstalled", "tokens_revoked"}
    assert set(BOT_EVENTS) == events.EVENTS | removal
    assert all(f'"{event}"' in (FOLDER / "oauth.py").read_text(encoding="utf-8") for event in removal)
    subscribed = MANIFEST["settings"]["event_subscriptions"]["metadata_subscriptions"]
    assert [one["event_type"] for one in subscribed] == [send.EVENT_TYPE]


def test_the_one_command_is_there_and_tells_people_by_their_ids() -> None:
    commands = MANIFEST["features"]["slash_commands"]
    assert [one["command"] for one in commands] == [listen.COMMAND]
    assert commands[0]["should_escape"] is True


def test_it_connects_by_socket_mode_and_has_a_home_and_buttons() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["interactivity"] == {"is_enabled": True}
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is True
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"] is True


# ── Slack's own schema, where it is at hand ──────────────────────────────────────────────────────────────────────────


def problems(value: Any, rule: dict[str, Any], schema: dict[str, Any], where: str = "") -> Iterator[str]:
    """As much of JSON Schema as Slack's of the manifest uses."""
    if "$ref" in rule:
        rule = schema["definitions"][rule["$ref"].removeprefix("#/definitions/")]
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}
    if "type" in rule and not isinstance(value, kinds[rule["type"]]):
        yield f"{where}: not of type {rule['type']}"
        return
    if "enum" in rule and value not in rule["enum"]:
        yield f"{where}: none of {rule['enum']}"
    match value:
        case dict():
            known = rule.get("properties", {})
            yield from (f"{where}.{name}: missing" for name in rule.get("required", ()) if name not in value)
            if rule.get("additionalProperties") is False:
                yield from (f"{where}.{name}: unknown" for name in value if name not in known)
            for name in value.keys() & known.keys():
                yield from problems(value[name], known[name], schema, f"{where}.{name}")
        case list():
            if not rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", 1000):
                yield f"{where}: {len(value)} items"
            for number, one in enumerate(value):
                yield from problems(one, rule.get("items", {}), schema, f"{where}[{number}]")
        case str():
            if not rule.get("minLength", 0) <= len(value) <= rule.get("maxLength", 10_000):
                yield f"{where}: {len(value)} characters"
            if "pattern" in rule and not re.search(rule["pattern"], value):
                yield f"{where}: does not look like {rule['pattern']}"


def test_slack_takes_the_manifest() -> None:
    path = os.environ.get("CIRCLET_SLACK_SCHEMA")
    if not path:
        pytest.skip("missing: Slack's schema of manifests (set CIRCLET_SLACK_SCHEMA to its file)")
    schema = json.loads(Path(path).read_text(encoding="utf-8"))
    assert list(problems(MANIFEST, schema, schema)) == []
    assert list(problems({**MANIFEST, "more": 1}, schema, schema)) == [".more: unknown"]
