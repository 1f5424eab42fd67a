"""Setting Teams up: what is missing or contradicts itself is told, and what is set up is looked at."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters import check
from adapters.settings import load
from bot.errors import ConfigError
from tests.conftest import ROOT
from tests.fakes.teams import FakeTeams

FEW_GUIDES = ROOT / "tests" / "fixtures" / "guides"

APP = {
    "microsoft_app_id": "0F0F0F0F-1111-2222-3333-444444444444",
    "microsoft_app_password": "hush-hush",
    "microsoft_app_tenant_id": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
}


def given(**changed: Any) -> dict[str, Any]:
    """The settings of an app, some of them changed, or left out where they are empty."""
    return {name: value for name, value in {**APP, **changed}.items() if value != ""}


def problems(**settings: Any) -> str:
    with pytest.raises(ConfigError) as raised:
        load(**settings)
    return str(raised.value)


def test_without_any_of_it_circlet_is_not_in_teams() -> None:
    assert load().teams == "no"


def test_an_app_of_one_organisation_is_the_default() -> None:
    settings = load(**APP)
    assert (settings.teams, settings.teams_is_here) == ("app", False)
    assert settings.microsoft_app_id == APP["microsoft_app_id"].lower()
    assert load(**APP, microsoft_app_type="MultiTenant").microsoft_app_type == "multitenant"
    assert "hush-hush" not in repr(settings)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"microsoft_app_id": ""}, "MICROSOFT_APP_ID: is needed"),
        ({"microsoft_app_password": ""}, "MICROSOFT_APP_PASSWORD: is needed"),
        ({"microsoft_app_tenant_id": ""}, "MICROSOFT_APP_TENANT_ID: is needed"),
        ({"microsoft_app_id": "my bot"}, "MICROSOFT_APP_ID: is no id"),
        ({"microsoft_app_tenant_id": "acme.example"}, "MICROSOFT_APP_TENANT_ID: is no id"),
        ({"microsoft_app_type": "UserAssignedMSI"}, "MICROSOFT_APP_TYPE: "),
        ({"teams_login_url": "http://login.example/"}, "TEAMS_LOGIN_URL: is no https address"),
        ({"teams_openid_url": "http://10.0.0.1/"}, "TEAMS_OPENID_URL: is no https address"),
        ({"teams_anonymous": True}, "TEAMS_ANONYMOUS: is for trying Circlet without an app id"),
    ],
)
def test_what_is_missing_or_contradicts_itself_is_told(changed: dict[str, Any], told: str) -> None:
    said = problems(**given(**changed))
    assert told in said
    assert "hush-hush" not in said


def test_an_app_of_several_organisations_needs_no_tenant() -> None:
    settings = load(**given(microsoft_app_tenant_id="", microsoft_app_type="MultiTenant"))
    assert settings.teams == "app"


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "circlet.example.org"])
def test_anonymously_only_on_this_machine(host: str) -> None:
    assert "TEAMS_ANONYMOUS: anybody could speak for Teams" in problems(teams_anonymous=True, host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_where_nobody_else_reaches_it_that_is_a_way_to_try_it(host: str) -> None:
    settings = load(teams_anonymous=True, host=host)
    assert (settings.teams, settings.teams_is_here) == ("anonymous", True)


def finding(monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]) -> check.Finding:
    # ``circlet check`` reads all guides, of which nothing is said here.
    monkeypatch.setenv("GUIDES_PATH", str(FEW_GUIDES))
    for name, value in settings.items():
        monkeypatch.setenv(name.upper(), str(value))
    found = {one.name: one for one in check.check(lambda: datetime(2026, 12, 4, 9, tzinfo=UTC))}
    return found["teams"]


def test_check_says_that_it_is_not_set_up_or_for_development(monkeypatch: pytest.MonkeyPatch) -> None:
    assert str(finding(monkeypatch, {})) == "teams: ok - not set up"
    assert "for development only" in str(finding(monkeypatch, {"teams_anonymous": "1"}))


def test_check_gets_a_token_or_says_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        async with FakeTeams() as fake:
            good = await asyncio.to_thread(finding, monkeypatch, fake.settings)
            assert str(good) == f"teams: ok - app {fake.app_id} gets a token; for the organisation {fake.world.tenant}"
            bad = await asyncio.to_thread(finding, monkeypatch, {"microsoft_app_password": "an old one"})
            assert not bad.good
            assert "Microsoft refuses MICROSOFT_APP_PASSWORD: AADSTS7000215" in bad.words
            assert "an old one" not in bad.words
        gone = await asyncio.to_thread(finding, monkeypatch, {"microsoft_app_password": fake.password})
        assert not gone.good
        assert "cannot be reached" in gone.words

    asyncio.run(scene())
