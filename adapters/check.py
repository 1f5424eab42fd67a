"""Whether an installation is healthy, a line for each check: what is good, or what is wrong and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy import func, select

from adapters import database
from adapters.settings import Settings, load
from adapters.slack.installations import error_code, web_client
from bot.errors import BotError, ConfigError, GuideError
from bot.guides.store import load as load_guides
from bot.storage import Store

DRIFT = timedelta(seconds=5)
"""How far apart the clocks of this machine and of the database may be."""

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""Before this release: a clock that says so was never set."""


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    good: bool
    words: str

    def __str__(self) -> str:
        return f"{self.name}: {'ok' if self.good else 'problem'} - {self.words}"


def check(now: Callable[[], datetime]) -> Iterator[Finding]:
    """Look at everything that can be looked at; a problem does not hide the next one."""
    try:
        settings = load()
    except ConfigError as error:
        yield from (Finding("settings", False, line) for line in str(error).splitlines())
        return
    yield Finding("settings", True, f"DATABASE_URL is {settings.safe_url()}")
    yield from _database(settings, now)
    yield _guides(settings.guides_path)
    yield _slack(settings)


def _database(settings: Settings, now: Callable[[], datetime]) -> Iterator[Finding]:
    file = database.sqlite_file(settings.url())
    if file and not file.exists():
        yield Finding("database", False, f"there is no {file} yet: run circlet migrate")
        yield _clock(now())
        return
    try:
        store = database.connect(settings.url())
        database.reach(store)
    except BotError as error:
        yield Finding("database", False, f"{error}. Is it running, and is DATABASE_URL right?")
        yield _clock(now())
        return
    try:
        yield Finding("database", True, f"{store.engine.dialect.name} answers")
        yield _schema(store)
        yield _clock(now(), _database_time(store))
    finally:
        store.close()


def _schema(store: Store) -> Finding:
    is_at = database.current(store)
    problem = database.schema().problem(is_at)
    return Finding("migrations", not problem, problem or f"at {is_at}")


def _database_time(store: Store) -> datetime | None:
    """The server's time; None for SQLite, which has our own."""
    if store.engine.dialect.name == "sqlite":
        return None
    with store.begin() as connection:
        said: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return said


def _clock(now: datetime, server: datetime | None = None) -> Finding:
    if now < EARLIEST:
        return Finding("clock", False, f"this machine says {now:%Y-%m-%d %H:%M} UTC: set its clock")
    if server is None:
        return Finding("clock", True, f"{now:%Y-%m-%d %H:%M:%S} UTC")
    apart = abs(now - server)
    words = f"this machine and the database are {apart.total_seconds():.1f} s apart"
    if apart > DRIFT:
        return Finding("clock", False, f"{words}: let both follow a time server (NTP)")
    return Finding("clock", True, words)


def _slack(settings: Settings) -> Finding:
    """Which way of connecting is set up and, with one workspace's token, what Slack says to it."""
    ways = [
        way
        for way, given in (("Socket Mode", settings.slack_app_token), ("HTTP", settings.slack_signing_secret))
        if given is not None
    ]
    if settings.slack == "no":
        return Finding("slack", True, "not set up")
    if settings.slack_bot_token is None:
        return Finding("slack", True, f"{' and '.join(ways)}, several workspaces by OAuth: /slack/install adds one")
    try:
        token = settings.slack_bot_token.get_secret_value()
        said = asyncio.run(web_client(token, settings.slack_api_url).auth_test())
    except SlackApiError as error:
        words = f"Slack refuses SLACK_BOT_TOKEN: {error_code(error)}. Install the app again and take its new token"
        return Finding("slack", False, words)
    except (ClientError, SlackClientError, TimeoutError, OSError) as error:
        return Finding("slack", False, f"{settings.slack_api_url} cannot be reached ({type(error).__name__})")
    return Finding("slack", True, f"{' and '.join(ways)}, workspace {said['team']} ({said['team_id']})")


def _guides(folder: Path) -> Finding:
    try:
        guides = load_guides(folder)
    except GuideError as error:
        count = len(error.problems)
        first = error.problems[0] if count else str(error)
        return Finding(
            "guides", False, f"{first}{f' and {count - 1} more' if count > 1 else ''}: run circlet guides check"
        )
    if not guides.ids:
        return Finding("guides", False, f"there is none in {folder}: set GUIDES_PATH")
    weeks = sum(len(guides.get(name).sessions) for name in guides.ids)
    return Finding("guides", True, f"{len(guides.ids)} ({', '.join(guides.ids)}), {weeks} sessions")
