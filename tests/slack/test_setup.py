"""How Slack is set up: which settings go together, and what ``circlet check`` says of them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from adapters import check
from adapters.clock import utcnow
from adapters.settings import SLACK, load
from bot.errors import ConfigError
from tests.conftest import ROOT
from tests.fakes.slack import FakeSlack
from tests.slack.stage import KEY, secrets

BOT, APP, SIGNING = {"SLACK_BOT_TOKEN": "xoxb-1"}, {"SLACK_APP_TOKEN": "xapp-1"}, {"SLACK_SIGNING_SECRET": "s1"}
OAUTH = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "c1"}
KEPT = {"CIRCLET_SECRET_KEY": KEY}
FEW_GUIDES = ROOT / "tests" / "fixtures" / "guides"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*SLACK, "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/circlet.db")
    # ``circlet check`` reads all guides, of which nothing is said here.
    monkeypatch.setenv("GUIDES_PATH", str(FEW_GUIDES))


def refused(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> list[str]:
    """What is said to these settings, a line each."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as problem:
        load()
    secret = [value for name, value in given.items() if name in SLACK and len(value) > 3]
    assert not [value for value in secret if value in str(problem.value)]
    return str(problem.value).splitlines()


@pytest.mark.parametrize(
    ("given", "slack"),
    [
        ({}, "no"),
        (KEPT, "no"),
        (BOT | APP, "one"),
        (BOT | SIGNING, "one"),
        (BOT | APP | SIGNING, "one"),
        (OAUTH | KEPT | SIGNING, "several"),
    ],
)
def test_each_way_to_connect_is_taken(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], slack: str) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = load()
    assert settings.slack == slack
    assert settings.slack_api_url == "https://slack.com/api/"
    assert "xoxb-1" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "variables"),
    [
        (BOT, ["SLACK_APP_TOKEN"]),
        (APP, ["SLACK_BOT_TOKEN"]),
        (SIGNING, ["SLACK_BOT_TOKEN"]),
        (OAUTH, ["CIRCLET_SECRET_KEY", "SLACK_SIGNING_SECRET"]),
        (OAUTH | KEPT, ["SLACK_SIGNING_SECRET"]),
        (OAUTH | KEPT | SIGNING | BOT, ["SLACK_BOT_TOKEN"]),
        (OAUTH | KEPT | SIGNING | APP, ["SLACK_APP_TOKEN"]),
        (OAUTH | KEPT | SIGNING | {"SLACK_CLIENT_SECRET": ""}, ["SLACK_CLIENT_SECRET"]),
        (OAUTH | SIGNING | {"SLACK_CLIENT_ID": ""}, ["SLACK_CLIENT_ID"]),
        (APP | {"SLACK_BOT_TOKEN": "xoxp-what-a-person-has"}, ["SLACK_BOT_TOKEN"]),
        (BOT | {"SLACK_APP_TOKEN": "xoxb-the-other-one"}, ["SLACK_APP_TOKEN"]),
        (OAUTH | SIGNING | {"CIRCLET_SECRET_KEY": "hunter2-and-more"}, ["CIRCLET_SECRET_KEY"]),
        ({"SLACK_API_URL": "slack.com/api"}, ["SLACK_API_URL"]),
        (BOT | {"SLACK_API_URL": "slack.com/api", "PORT": "0"}, ["PORT", "SLACK_API_URL", "SLACK_APP_TOKEN"]),
    ],
)
def test_what_is_missing_or_contradicts_is_told_at_once_and_repeats_no_secret(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], variables: list[str]
) -> None:
    assert [line.partition(":")[0] for line in refused(monkeypatch, given)] == variables


def test_the_address_of_another_slack_gets_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:8765/api")
    assert load().slack_api_url == "http://127.0.0.1:8765/api/"


def checked(monkeypatch: pytest.MonkeyPatch, way: str, **instead: str) -> check.Finding:
    """What ``circlet check`` says of Slack, with a fake that runs."""

    async def run() -> check.Finding:
        async with FakeSlack() as fake:
            for name, value in {"slack_api_url": fake.url, **secrets(fake, way), **instead}.items():
                monkeypatch.setenv(name.upper(), value)
            findings = await asyncio.to_thread(lambda: list(check.check(utcnow)))
            return next(one for one in findings if one.name == "slack")

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("socket", "Socket Mode, workspace Acme (T1)"),
        ("http", "HTTP, workspace Acme (T1)"),
        ("oauth", "HTTP, several workspaces by OAuth: /slack/install adds one"),
    ],
)
def test_check_tells_which_way_is_set_up_and_what_slack_says(
    monkeypatch: pytest.MonkeyPatch, way: str, said: str
) -> None:
    assert checked(monkeypatch, way) == check.Finding("slack", True, said)


def test_check_tells_that_nothing_is_set_up() -> None:
    findings = {one.name: one for one in check.check(utcnow)}
    assert findings["slack"] == check.Finding("slack", True, "not set up")


def test_check_tells_a_token_that_slack_refuses_without_repeating_it(monkeypatch: pytest.MonkeyPatch) -> None:
    finding = checked(monkeypatch, "http", slack_bot_token="xoxb-of-yesterday")
    assert not finding.good
    assert finding.words.startswith("SLACK_BOT_TOKEN: Slack refuses the token: invalid_auth")
    assert "yesterday" not in finding.words


def test_check_tells_an_app_token_that_slack_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[check.Finding]:
        async with FakeSlack() as fake:
            for name, value in {"slack_api_url": fake.url, **secrets(fake, "socket")}.items():
                monkeypatch.setenv(name.upper(), value)
            monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-of-yesterday")
            findings = await asyncio.to_thread(lambda: list(check.check(utcnow)))
            return [one for one in findings if one.name == "slack"]

    first, second = asyncio.run(run())
    assert first.good
    assert not second.good
    assert second.words.startswith("SLACK_APP_TOKEN: Slack refuses the token: invalid_auth")
    assert "yesterday" not in second.words


def test_check_tells_that_slack_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    finding = checked(monkeypatch, "http", slack_api_url="http://127.0.0.1:1/api/")
    assert not finding.good
    assert finding.words.startswith("SLACK_BOT_TOKEN: http://127.0.0.1:1/api/ cannot be reached (ClientConnectorError)")
