"""The settings of an installation, from the environment. Every problem is reported at once, no secret repeated."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from adapters import crypt
from bot.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: guides/ and migrations/ are beside adapters/."""

DATABASES = ("sqlite", "postgres", "postgresql", "postgresql+pg8000")

_GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")

SLACK = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "CIRCLET_SECRET_KEY",
)


class Settings(BaseSettings):
    """The names are those of the environment variables, in upper case."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, env_ignore_empty=True)

    database_url: SecretStr = SecretStr("sqlite:///var/circlet.db")
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8080, ge=1, le=65535)
    guides_path: Path = ROOT / "guides"
    tick_seconds: float = Field(default=5, ge=0.1, le=60)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console"] = "json"
    circlet_secret_key: SecretStr | None = None
    circlet_public_url: str | None = None
    slack_api_url: str = "https://slack.com/api/"
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    microsoft_app_id: str | None = None
    microsoft_app_password: SecretStr | None = None
    microsoft_app_tenant_id: str | None = None
    microsoft_app_type: Literal["singletenant", "multitenant"] = "singletenant"
    teams_anonymous: bool = False
    teams_login_url: str = "https://login.microsoftonline.com/"
    teams_openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"

    @field_validator("database_url")
    @classmethod
    def _a_database_we_know(cls, value: SecretStr) -> SecretStr:
        try:
            url = make_url(value.get_secret_value())
        except (ArgumentError, ValueError):
            # From None: the parser's own words repeat what it was given.
            raise ValueError("is not a database address such as postgresql://user:password@host:5432/name") from None
        if url.drivername not in DATABASES:
            raise ValueError("begins with sqlite:/// or postgresql://; no other database is supported")
        if url.drivername != "sqlite" and not url.database:
            raise ValueError("names no database: postgresql://user:password@host:5432/name")
        return value

    @field_validator("guides_path")
    @classmethod
    def _a_folder(cls, value: Path) -> Path:
        if not value.is_dir():
            raise ValueError(f"is no folder: {value}")
        return value

    @field_validator("circlet_public_url")
    @classmethod
    def _where_we_are_reached(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value) if value.isprintable() else None
        if parts is None or parts.scheme not in ("https", "http") or not parts.hostname or parts.query or " " in value:
            raise ValueError("is no web address such as https://circlet.example.org")
        return value.rstrip("/")

    @field_validator("slack_api_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("is no web address such as https://slack.com/api/")
        return value if value.endswith("/") else f"{value}/"

    @field_validator("slack_bot_token")
    @classmethod
    def _a_bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith("xoxb-"):
            raise ValueError("is not a bot token: those begin with xoxb- (OAuth & Permissions, Bot User OAuth Token)")
        return value

    @field_validator("slack_app_token")
    @classmethod
    def _an_app_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith("xapp-"):
            raise ValueError("is not an app-level token: those begin with xapp- (Basic Information, App-Level Tokens)")
        return value

    @field_validator("circlet_secret_key")
    @classmethod
    def _keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and (problem := crypt.problem(value.get_secret_value())):
            raise ValueError(problem)
        return value

    @field_validator("microsoft_app_id", "microsoft_app_tenant_id")
    @classmethod
    def _an_id_of_microsoft(cls, value: str | None) -> str | None:
        if value is not None and not _GUID.fullmatch(value):
            raise ValueError("is no id such as 12345678-90ab-cdef-1234-567890abcdef")
        return value.lower() if value is not None else None

    @field_validator("teams_login_url", "teams_openid_url")
    @classmethod
    def _by_tls(cls, value: str) -> str:
        if not value.startswith("https://") and not _is_here(value):
            raise ValueError("is no https address")
        return value

    @field_validator("log_level", "log_format", "microsoft_app_type", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    def url(self) -> str:
        """The database's address with its password: for the engine only, never to be shown."""
        return self.database_url.get_secret_value()

    @property
    def slack(self) -> Literal["no", "one", "several"]:
        """Whether Circlet is in Slack: in one workspace by its token, or in those that have installed it."""
        return "several" if self.slack_client_id else "one" if self.slack_bot_token else "no"

    @property
    def teams(self) -> Literal["no", "app", "anonymous"]:
        """Whether Circlet is in Teams: as an app, or for this machine alone and without knowing who asks."""
        return "app" if self.microsoft_app_id else "anonymous" if self.teams_anonymous else "no"

    @property
    def teams_is_here(self) -> bool:
        """Whether what stands for Microsoft is on this machine, as when developing."""
        return self.teams == "anonymous" or _is_here(self.teams_openid_url)

    def safe_url(self) -> str:
        """The database's address for people: the password, and everything after a question mark, left out."""
        return safe_url(self.url())


def load(**instead: object) -> Settings:
    """The settings, some of them given ``instead`` of by the environment.

    Raises ConfigError with a line for each variable that cannot be used, or that contradicts another.
    """
    problems: list[str] = []
    settings = None
    try:
        settings = Settings(**instead)  # type: ignore[arg-type]  # pydantic is what checks these
    except ValidationError as errors:
        problems = [_line(error) for error in errors.errors(include_input=False)]
    given = {name.upper(): value for name, value in {**os.environ, **instead}.items()}
    problems += [*_contradictions(given), *_contradictions_in_teams(given, settings)]
    if settings is None or problems:
        raise ConfigError("\n".join(problems))
    return settings


def _contradictions(given: Mapping[str, object]) -> Iterator[str]:
    """What is missing beside what was set for Slack, and what cannot be set together."""
    bot, app, signing, client, secret, key = (bool(given.get(name)) for name in SLACK)
    if client and not secret:
        yield "SLACK_CLIENT_SECRET: is needed beside SLACK_CLIENT_ID"
    if secret and not client:
        yield "SLACK_CLIENT_ID: is needed beside SLACK_CLIENT_SECRET"
    if client and not key:
        yield "CIRCLET_SECRET_KEY: is needed beside SLACK_CLIENT_ID, to store tokens: circlet secrets new prints one"
    if client and bot:
        yield "SLACK_BOT_TOKEN: is for one workspace, SLACK_CLIENT_ID is for several: set one of them"
    if client and app:
        yield "SLACK_APP_TOKEN: Socket Mode is for one workspace, SLACK_CLIENT_ID is for several: set one of them"
    if client and not signing and not app:
        yield "SLACK_SIGNING_SECRET: is needed beside SLACK_CLIENT_ID"
    if bot and not (app or signing or client):
        yield "SLACK_APP_TOKEN: this, or SLACK_SIGNING_SECRET, is needed beside SLACK_BOT_TOKEN: how can Slack reach us"
    if (app or signing) and not (bot or client or secret):
        yield "SLACK_BOT_TOKEN: this, or SLACK_CLIENT_ID, is needed beside what is set for Slack: who are we there"


def _contradictions_in_teams(given: Mapping[str, object], settings: Settings | None) -> Iterator[str]:
    """The same for Teams."""
    app, password, tenant = (bool(given.get(f"MICROSOFT_APP_{name}")) for name in ("ID", "PASSWORD", "TENANT_ID"))
    if app and not password:
        yield "MICROSOFT_APP_PASSWORD: is needed beside MICROSOFT_APP_ID"
    if (password or tenant) and not app:
        yield "MICROSOFT_APP_ID: is needed beside what is set for Teams: who are we there"
    if settings is None:
        return
    if app and settings.microsoft_app_type == "singletenant" and not tenant:
        yield "MICROSOFT_APP_TENANT_ID: is needed beside MICROSOFT_APP_ID, or MICROSOFT_APP_TYPE=MultiTenant"
    if settings.teams_anonymous and app:
        yield "TEAMS_ANONYMOUS: is for trying Circlet without an app id; MICROSOFT_APP_ID is set"
    if settings.teams_anonymous and not _is_loopback(settings.host):
        yield f"TEAMS_ANONYMOUS: anybody could speak for Teams, so HOST has to be 127.0.0.1 or ::1, not {settings.host}"


def _is_here(url: str) -> bool:
    """Whether an address is on this machine."""
    try:
        return url.startswith(("http://", "https://")) and _is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def safe_url(url: str) -> str:
    """A database address that can be shown and logged."""
    parsed: URL = make_url(url)
    return parsed.set(query={}).render_as_string(hide_password=True)


def _line(error: ErrorDetails) -> str:
    variable = str(error["loc"][0]).upper() if error["loc"] else "settings"
    reason = error["msg"].removeprefix("Value error, ")
    return f"{variable}: {reason[:1].lower()}{reason[1:]}"
