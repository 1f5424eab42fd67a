"""The app package that an administrator uploads to Teams: manifest and icons. Values in, bytes out.

The newest manifest that Teams takes in production: https://learn.microsoft.com/microsoft-365/extensibility/schema/
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.commands import Grammar
from bot.errors import ConfigError

VERSION = "1.29"
SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
ICONS = Path(__file__).parent / "icons"
COLOUR, OUTLINE, MANIFEST = "color.png", "outline.png", "manifest.json"
ACCENT = "#0D6457"
ELSEWHERE = "https://example.org"
"""Stands in the manifest, which wants addresses, until somebody says where theirs are."""

LONGEST_DEVELOPER = 32
MOST_DOMAINS = 100
LONGEST_HINT = 100

IN_PERSON = (
    "help",
    "create",
    "pair",
    "checkin",
    "goal",
    "agenda",
    "roster",
    "status",
    "skip",
    "move",
    "pause",
    "settings",
)
IN_A_GROUP = (
    "help",
    "create",
    "agenda",
    "checkin",
    "goal",
    "roster",
    "status",
    "nudge",
    "preview",
    "skip",
    "move",
    "pause",
)
"""What Teams offers while somebody types. All other commands can be typed as well, and have buttons."""

PERMISSIONS: Mapping[str, str] = {}
"""Resource-specific permissions, each with its reason. None is needed: where the app was added, Teams tells a bot what
mentions it, its own conversations and who is in them, and lets it speak there, without any. Whatever is put here is
shown to everybody who adds the app, and has to be justified in docs/administrator/teams.md."""

_APP_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.IGNORECASE
)
_ADDRESS = re.compile(r"https://[^\s\"<>]{4,2000}")
_SEMVER = re.compile(r"(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)", re.ASCII)
_NIL = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class App:
    """What differs from one installation to the next. Addresses are of pages for people."""

    app_id: str
    version: str
    domains: tuple[str, ...] = ()
    developer: str = "Circlet"
    website: str = ELSEWHERE
    privacy: str = ELSEWHERE
    terms: str = ELSEWHERE


def checked(app: App) -> App:
    """The same, tidied. Raises ConfigError with a sentence that says what would do."""
    app_id = app.app_id.strip().lower()
    if not _APP_ID.fullmatch(app_id) or app_id == _NIL:
        raise ConfigError(
            f"--app-id: {_quoted(app.app_id)} is no app id. It is the Application (client) ID of the bot's "
            "registration, and looks like 1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9"
        )
    if not _SEMVER.fullmatch(app.version):
        raise ConfigError(f"--version: {_quoted(app.version)} is no version like 1.2.3")
    developer = " ".join(app.developer.split())
    if not 0 < len(developer) <= LONGEST_DEVELOPER or not developer.isprintable():
        raise ConfigError(f"--developer: a name of at most {LONGEST_DEVELOPER} characters is needed")
    for name, address in (("website", app.website), ("privacy", app.privacy), ("terms", app.terms)):
        if not _ADDRESS.fullmatch(address):
            raise ConfigError(f"--{name}: {_quoted(address)} is no address like https://example.org/page")
    return App(app_id, app.version, _domains(app.domains), developer, app.website, app.privacy, app.terms)


def _domains(given: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(one.strip().lower() for one in given))
    for one in found:
        if not _DOMAIN.fullmatch(one):
            raise ConfigError(
                f"--domain: {_quoted(one)} is no name of a host. Give it without https:// and without a path, "
                "like circlet.example.org"
            )
    if len(found) > MOST_DOMAINS:
        raise ConfigError(f"--domain: Teams takes {MOST_DOMAINS} of them")
    return found


def _quoted(text: str) -> str:
    return json.dumps(text[:60], ensure_ascii=False)


def manifest(app: App, grammars: Sequence[Grammar]) -> dict[str, Any]:
    """The manifest, of which ``app`` was checked."""
    found: dict[str, Any] = {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": app.version,
        "id": app.app_id,
        "developer": {
            "name": app.developer,
            "websiteUrl": app.website,
            "privacyUrl": app.privacy,
            "termsOfUseUrl": app.terms,
        },
        "name": {"short": "Circlet", "full": "Circlet: peer circles and reverse mentoring"},
        "description": {
            "short": "Peer circles and reverse-mentoring pairs, week by week.",
            "full": (
                "Circlet gives small groups a shape. Each week it brings the right prompt to a circle or a pair, helps "
                "to prepare, asks how it went, and lets everybody keep a goal of their own. Add it to a channel or a "
                "group chat to give a circle its home there; in the personal chat it answers you alone. It hears only "
                "what is said to it."
            ),
        },
        "icons": {"color": COLOUR, "outline": OUTLINE},
        "accentColor": ACCENT,
        "defaultInstallScope": "personal",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
        "bots": [
            {
                "botId": app.app_id,
                "scopes": ["personal", "team", "groupChat"],
                "isNotificationOnly": False,
                "supportsFiles": False,
                "supportsCalling": False,
                "supportsVideo": False,
                # The slash commands: what is asked so, and its answer, only the asker sees.
                "supportsTargetedMessages": True,
                "commandLists": [
                    _commands("personal", IN_PERSON, grammars),
                    _commands("team", IN_A_GROUP, grammars),
                    _commands("groupChat", IN_A_GROUP, grammars),
                ],
            }
        ],
        "validDomains": list(app.domains),
    }
    if PERMISSIONS:
        granted = [{"name": name, "type": "Application"} for name in PERMISSIONS]
        found["authorization"] = {"permissions": {"resourceSpecific": granted}}
    return found


def _commands(scope: str, names: Sequence[str], grammars: Sequence[Grammar]) -> dict[str, Any]:
    known = {grammar.name: grammar for grammar in grammars}
    commands = [{"title": name, "description": known[name].summary[:LONGEST_HINT], "type": "basic"} for name in names]
    return {"scopes": [scope], "triggers": ["mention", "slash"], "commands": commands}


def package(app: App, grammars: Sequence[Grammar]) -> bytes:
    """The zip file. The same app gives the same bytes. Raises ConfigError."""
    written = json.dumps(manifest(checked(app), grammars), ensure_ascii=False, indent=2) + "\n"
    parts = {
        MANIFEST: written.encode("utf-8"),
        COLOUR: (ICONS / COLOUR).read_bytes(),
        OUTLINE: (ICONS / OUTLINE).read_bytes(),
    }
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
    return out.getvalue()
