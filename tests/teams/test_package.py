"""The app package: a manifest that Teams takes, icons of the right kind, and the least of rights."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from adapters.cli import main
from adapters.settings import ROOT
from adapters.teams import parse
from adapters.teams.package import (
    COLOUR,
    ICONS,
    LONGEST_HINT,
    MANIFEST,
    OUTLINE,
    PERMISSIONS,
    App,
    checked,
    manifest,
    package,
)
from bot.commands import Typed, read
from bot.errors import ConfigError
from bot.inbound import Actor
from bot.verbs import GRAMMARS
from tests.conftest import missing
from tests.schemas import problems, schema

SCHEMAS = ROOT / "node_modules" / "@microsoft" / "app-manifest" / "build" / "json-schemas" / "teams"
ID = "1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9"
APP = App(ID, "0.1.0", ("circlet.example.org",))
MADE = manifest(checked(APP), GRAMMARS)
(BOT,) = MADE["bots"]


def test_the_package_holds_a_manifest_and_two_icons_and_is_the_same_every_time() -> None:
    content = package(APP, GRAMMARS)
    with ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == [MANIFEST, COLOUR, OUTLINE]
        assert json.loads(archive.read(MANIFEST)) == MADE
        assert archive.read(COLOUR) == (ICONS / COLOUR).read_bytes()

    assert package(APP, GRAMMARS) == content


def size_and_kind(file: Path) -> tuple[int, int, int]:
    """Width, height and colour type of a PNG, from its first chunk: 2 is colour, 6 colour with transparency."""
    head = file.read_bytes()[:26]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24]), head[25]


def test_the_icons_are_as_teams_wants_them() -> None:
    assert size_and_kind(ICONS / COLOUR) == (192, 192, 2)
    assert size_and_kind(ICONS / OUTLINE) == (32, 32, 6)


def test_the_icons_are_those_that_the_script_draws() -> None:
    image = pytest.importorskip("PIL.Image")
    draw = pytest.importorskip("adapters.teams.icons.draw")
    for file, drawn in ((COLOUR, draw.coloured()), (OUTLINE, draw.outlined())):
        with image.open(ICONS / file) as kept:
            assert kept.tobytes() == drawn.tobytes(), "python -m adapters.teams.icons.draw"


def test_the_outline_is_white_on_nothing() -> None:
    image = pytest.importorskip("PIL.Image")
    with image.open(ICONS / OUTLINE) as kept:
        content = kept.tobytes()
    pixels = [content[at : at + 4] for at in range(0, len(content), 4)]
    assert {pixel[:3] for pixel in pixels if pixel[3]} == {b"\xff\xff\xff"}
    assert sum(pixel[3] == 0 for pixel in pixels) > 300


# ── what it offers ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_for_one_person_for_a_team_and_for_a_group_chat() -> None:
    assert BOT["botId"] == MADE["id"] == ID
    assert BOT["scopes"] == ["personal", "team", "groupChat"]
    assert BOT["supportsTargetedMessages"] is True
    assert [one["scopes"] for one in BOT["commandLists"]] == [["personal"], ["team"], ["groupChat"]]


def test_the_commands_it_offers_are_commands_that_can_be_read() -> None:
    actor = Actor(1, "a", "Ana")
    for offered in BOT["commandLists"]:
        assert offered["triggers"] == ["mention", "slash"]
        assert 1 <= len(offered["commands"]) <= 12
        for one in offered["commands"]:
            assert 0 < len(one["description"]) < LONGEST_HINT
            sent = {"type": "message", "text": one["title"], "conversation": {"id": "a:1"}}
            typed = read(parse.command(sent, actor).text, GRAMMARS)
            assert isinstance(typed, Typed)
            assert typed.name == one["title"]


def test_it_asks_for_no_right_that_has_no_reason_and_reads_nobodys_messages() -> None:
    asked = MADE.get("authorization", {}).get("permissions", {}).get("resourceSpecific", [])
    assert {one["name"] for one in asked} == set(PERMISSIONS)
    assert all(PERMISSIONS.values())
    assert not [name for name in PERMISSIONS if "Message.Read" in name or "ReadWrite" in name]
    assert "permissions" not in MADE
    assert "webApplicationInfo" not in MADE
    assert not BOT["supportsFiles"] | BOT["supportsCalling"] | BOT["supportsVideo"]


def test_the_documentation_says_why_it_asks_for_so_little() -> None:
    page = (ROOT / "docs" / "administrator" / "teams.md").read_text(encoding="utf-8")
    assert "## What the app may do, and why" in page
    for name in PERMISSIONS:
        assert f"`{name}`" in page


# ── what is given ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"app_id": "12"}, '--app-id: "12" is no app id. It is the Application (client) ID'),
        ({"app_id": "{" + ID + "}"}, "is no app id"),
        ({"app_id": "00000000-0000-0000-0000-000000000000"}, "is no app id"),
        ({"version": "1.0"}, '--version: "1.0" is no version like 1.2.3'),
        ({"domains": ("https://circlet.example.org/x",)}, "Give it without https:// and without a path"),
        ({"domains": ("*.org",)}, "is no name of a host"),
        ({"domains": ("localhost",)}, "is no name of a host"),
        ({"domains": tuple(f"a{n}.example.org" for n in range(101))}, "Teams takes 100 of them"),
        ({"developer": "x" * 33}, "a name of at most 32 characters"),
        ({"privacy": "http://example.org"}, "--privacy: "),
        ({"terms": "javascript:x"}, "--terms: "),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong: dict[str, Any], said: str) -> None:
    given = {"app_id": ID, "version": "0.1.0"} | wrong
    with pytest.raises(ConfigError, match=re.escape(said)):
        package(App(**given), GRAMMARS)


def test_what_is_given_stands_in_it() -> None:
    app = App(
        f" {ID.upper()} ",
        "2.0.1",
        ("A.example.org", "a.example.org", "b.example.org"),
        "Acme",
        *("https://acme.org",) * 3,
    )
    made = manifest(checked(app), GRAMMARS)

    assert made["id"] == ID
    assert made["version"] == "2.0.1"
    assert made["validDomains"] == ["a.example.org", "b.example.org"]
    assert made["developer"] == {
        "name": "Acme",
        "websiteUrl": "https://acme.org",
        "privacyUrl": "https://acme.org",
        "termsOfUseUrl": "https://acme.org",
    }


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_writes_the_package_and_says_what_comes_next(tmp_path: Path) -> None:
    out = tmp_path / "circlet.zip"
    said = CliRunner().invoke(main, ["teams", "package", "--app-id", ID, "--out", str(out)])

    assert said.exit_code == 0
    assert f"{out} is ready" in said.output
    assert "give yours with --website, --privacy and --terms" in said.output
    with ZipFile(out) as archive:
        assert json.loads(archive.read(MANIFEST))["bots"][0]["botId"] == ID


def test_a_domain_leads_to_the_pages_about_it(tmp_path: Path) -> None:
    out = tmp_path / "circlet.zip"
    asked = ["teams", "package", "--app-id", ID, "--out", str(out), "--domain", "circlet.example.com"]
    said = CliRunner().invoke(main, asked)

    assert "give yours" not in said.output
    with ZipFile(out) as archive:
        made = json.loads(archive.read(MANIFEST))
    assert made["developer"]["websiteUrl"] == "https://circlet.example.com"
    assert made["validDomains"] == ["circlet.example.com"]


def test_a_wrong_app_id_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "circlet.zip"
    said = CliRunner().invoke(main, ["teams", "package", "--app-id", "nonsense", "--out", str(out)])

    assert said.exit_code == 2
    assert not out.exists()
    nowhere = ["teams", "package", "--app-id", ID, "--out", str(tmp_path / "no" / "circlet.zip")]
    assert CliRunner().invoke(main, nowhere).exit_code == 2


# ── Microsoft's own schema ───────────────────────────────────────────────────────────────────────────────────────────


def test_teams_takes_the_manifest() -> None:
    if not SCHEMAS.is_dir():
        missing("Microsoft's schemas of app manifests (make node)")
    valid = schema(SCHEMAS / f"v{MADE['manifestVersion']}" / "MicrosoftTeams.schema.json")
    assert problems(MADE, valid) == []
    assert ["'more'" in one for one in problems({**MADE, "more": 1}, valid)] == [True]
    assert problems({**MADE, "accentColor": "green"}, valid) != []
