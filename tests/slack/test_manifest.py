"""The manifest against the code: every right it asks for is used, and everything the code does is allowed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from adapters.settings import ROOT
from adapters.slack import events, listen, oauth, send
from tests.schemas import at_hand, problems

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
    assert [one["command"] for one in commands] == ["/circle"]
    assert commands[0]["should_escape"] is True


def test_it_connects_by_socket_mode_and_has_a_home_and_buttons() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert MANIFEST["settings"]["interactivity"] == {"is_enabled": True}
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is True
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"] is True


# ── the other two ways, as the page for administrators changes it ────────────────────────────────────────────────────

PAGE = (ROOT / "docs/administrator/slack.md").read_text(encoding="utf-8")


def merged(into: Any, change: Any) -> Any:
    """Lines that are added or changed; of a list, the first item's."""
    if isinstance(into, dict) and isinstance(change, dict):
        return into | {name: merged(into.get(name), value) for name, value in change.items()}
    if isinstance(into, list) and isinstance(change, list) and into and isinstance(into[0], dict):
        return [merged(into[0], change[0]), *into[1:]]
    return change


def by_http() -> dict[str, Any]:
    (lines,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    found: dict[str, Any] = merged(MANIFEST, yaml.safe_load(lines))
    return found


def by_oauth() -> dict[str, Any]:
    redirect = re.search(r"`redirect_urls: \[(\S+)\]`", PAGE)
    assert redirect is not None
    assert "`org_deploy_enabled: true` under `settings`" in PAGE
    assert "`token_rotation_enabled: true` under `settings`" in PAGE
    more = {"org_deploy_enabled": True, "token_rotation_enabled": True}
    found: dict[str, Any] = merged(by_http(), {"oauth_config": {"redirect_urls": [redirect[1]]}, "settings": {**more}})
    return found


def addresses(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for inner in value.values():
                yield from addresses(inner)
        case list():
            for inner in value:
                yield from addresses(inner)
        case str() if value.startswith("https://"):
            yield value


def test_what_the_page_changes_for_http_makes_every_address_ours_and_changes_no_right() -> None:
    changed = by_http()
    assert changed["settings"]["socket_mode_enabled"] is False
    assert changed["features"]["slash_commands"][0]["should_escape"] is True
    assert {urlsplit(one).path for one in addresses(changed)} == {listen.EVENTS}
    assert len(list(addresses(changed))) == 3
    assert changed["oauth_config"] == MANIFEST["oauth_config"]
    assert changed["settings"]["event_subscriptions"]["bot_events"] == BOT_EVENTS


def test_what_the_page_changes_for_several_workspaces_leads_back_to_our_page() -> None:
    changed = by_oauth()
    assert {urlsplit(one).path for one in changed["oauth_config"]["redirect_urls"]} == {oauth.REDIRECT}
    assert changed["oauth_config"]["scopes"] == MANIFEST["oauth_config"]["scopes"]
    assert changed["settings"].keys() == MANIFEST["settings"].keys()


# ── Slack's own schema, where it is at hand ──────────────────────────────────────────────────────────────────────────


def test_slack_takes_the_manifest() -> None:
    valid = at_hand("CIRCLET_SLACK_SCHEMA")
    if valid is None:
        pytest.skip("missing: Slack's schema of manifests (set CIRCLET_SLACK_SCHEMA to its file)")
    for manifest in (MANIFEST, by_http(), by_oauth()):
        assert problems(manifest, valid) == []
    assert ["'more'" in one for one in problems({**MANIFEST, "more": 1}, valid)] == [True]
