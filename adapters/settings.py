"""The settings of an installation, from the environment. Every problem is reported at once, no secret repeated."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: guides/ and migrations/ are beside adapters/."""

DATABASES = ("sqlite", "postgres", "postgresql", "postgresql+pg8000")


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

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    def url(self) -> str:
        """The database's address with its password: for the engine only, never to be shown."""
        return self.database_url.get_secret_value()

    def safe_url(self) -> str:
        """The database's address for people: the password, and everything after a question mark, left out."""
        return safe_url(self.url())


def load(**instead: object) -> Settings:
    """The settings, some of them given ``instead`` of by the environment.

    Raises ConfigError with a line for each variable that cannot be used.
    """
    try:
        return Settings(**instead)  # type: ignore[arg-type]  # pydantic is what checks these
    except ValidationError as errors:
        raise ConfigError("\n".join(_line(error) for error in errors.errors(include_input=False))) from None


def safe_url(url: str) -> str:
    """A database address that can be shown and logged."""
    parsed: URL = make_url(url)
    return parsed.set(query={}).render_as_string(hide_password=True)


def _line(error: ErrorDetails) -> str:
    variable = str(error["loc"][0]).upper() if error["loc"] else "settings"
    reason = error["msg"].removeprefix("Value error, ")
    return f"{variable}: {reason[:1].lower()}{reason[1:]}"
