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
from sqlalchemy.exc import DBAPIError

from adapters import database
from adapters.crypt import VARIABLE, Crypt
from adapters.settings import Settings, load
from adapters.slack.installations import error_code, web_client
from adapters.slack.store import Installations
from bot.editions import store as editions
from bot.errors import BotError, ConfigError, GuideError
from bot.guides.rules import Guides
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
    guides = _read(settings.guides_path)
    yield from _database(settings, guides, now)
    yield _guides(settings.guides_path, guides)
    yield _key(settings)
    yield from _slack(settings, now())
    yield _teams(settings, now)


def _key(settings: Settings) -> Finding:
    """Without a key people are not asked what has to be sealed before it is kept."""
    if settings.circlet_secret_key is not None:
        return Finding("key", True, "answers and tokens are encrypted in the database")
    words = f"{VARIABLE} is not set, so nobody is asked at the checkpoints. circlet secrets new prints one"
    return Finding("key", settings.slack == "no" and settings.teams == "no", words)


def _read(folder: Path) -> Guides | GuideError:
    """Once for all that is said of them: it takes a second."""
    try:
        return load_guides(folder)
    except GuideError as error:
        return error


def _database(settings: Settings, guides: Guides | GuideError, now: Callable[[], datetime]) -> Iterator[Finding]:
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
        schema = _schema(store)
        yield schema
        if schema.good and isinstance(guides, Guides):
            yield from _edited(store, guides)
        yield _clock(now(), _database_time(store))
    finally:
        store.close()


def _edited(store: Store, guides: Guides) -> Iterator[Finding]:
    """Guides whose text is no longer that with which groups began, under the same version."""
    with store.begin() as connection:
        kept = editions.versions(connection)
    for installed in (guides.get(name) for name in guides.ids):
        now = (installed.id, installed.version, installed.digest)
        if any(one[:2] == now[:2] and one != now for one in kept):
            words = (
                f"{installed.id} was changed after groups began with version {installed.version}, and they go on with "
                f"the old text: count version up in its guide.yaml"
            )
            yield Finding("guides", False, words)


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


def _slack(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Which way of connecting is set up, and what Slack says to the tokens that there are."""
    ways = " and ".join(
        way
        for way, given in (("Socket Mode", settings.slack_app_token), ("HTTP", settings.slack_signing_secret))
        if given is not None
    )
    if settings.slack == "no":
        yield Finding("slack", True, "not set up")
    elif settings.slack_bot_token is None:
        yield Finding("slack", True, f"{ways}, several workspaces by OAuth: /slack/install adds one")
        yield from _installed_in_slack(settings, now)
    else:
        good, words = _accepted(settings, settings.slack_bot_token.get_secret_value())
        advice = "Install the app again and take its new token"
        yield Finding("slack", good, f"{ways}, {words}" if good else f"SLACK_BOT_TOKEN: {words}. {advice}")
        if settings.slack_app_token is not None:
            yield from _connects(settings, settings.slack_app_token.get_secret_value())


def _installed_in_slack(settings: Settings, now: datetime) -> Iterator[Finding]:
    """A line for each workspace, or organisation, that the app was added to."""
    keys = settings.circlet_secret_key
    if keys is None or settings.slack_client_id is None:
        return
    try:
        store = database.connect(settings.url())
        database.reach(store)
    except BotError:
        return  # that the database does not answer was said above
    try:
        kept = Installations(store, Crypt(keys.get_secret_value()), settings.slack_client_id).all()
    except BotError as error:
        yield Finding("slack tokens", False, str(error))
        return
    except DBAPIError:
        return  # so was that it is not migrated
    finally:
        store.close()
    for installed in kept:
        name = f"slack {installed.team or installed.enterprise}"
        if installed.expires is not None and installed.expires <= now:
            yield Finding(name, True, "its token has ended and is exchanged when it is next needed")
            continue
        good, words = _accepted(settings, installed.token)
        yield Finding(name, good, words if good else f"{words}. Somebody there can add Circlet again: /slack/install")


def _connects(settings: Settings, token: str) -> Iterator[Finding]:
    """What is wrong with the token of Socket Mode, if anything is."""
    try:
        asyncio.run(web_client(None, settings.slack_api_url).apps_connections_open(app_token=token))
    except SlackApiError as error:
        advice = "Generate one with the scope connections:write under Basic Information, App-Level Tokens"
        yield Finding("slack", False, f"SLACK_APP_TOKEN: Slack refuses the token: {error_code(error)}. {advice}")
    except (ClientError, SlackClientError, TimeoutError, OSError):
        return  # said above, of the other token


def _accepted(settings: Settings, token: str) -> tuple[bool, str]:
    """Whether Slack takes a token, and the workspace that it speaks in, or what is wrong."""
    try:
        said = asyncio.run(web_client(token, settings.slack_api_url).auth_test())
    except SlackApiError as error:
        return False, f"Slack refuses the token: {error_code(error)}"
    except (ClientError, SlackClientError, TimeoutError, OSError) as error:
        return False, f"{settings.slack_api_url} cannot be reached ({type(error).__name__})"
    return True, f"workspace {said['team']} ({said['team_id']})"


def _teams(settings: Settings, now: Callable[[], datetime]) -> Finding:
    """What is set up, and whether Microsoft gives us a token for it."""
    app, password = settings.microsoft_app_id, settings.microsoft_app_password
    if settings.teams == "no":
        return Finding("teams", True, "not set up")
    if app is None or password is None:
        words = "TEAMS_ANONYMOUS: whoever reaches this machine is believed to be Teams; for development only"
        return Finding("teams", True, words)
    # Not above: who is not in Teams need not wait for its SDK.
    from adapters.teams.connector import NoToken
    from adapters.teams.send import Credentials

    tenant = settings.microsoft_app_tenant_id if settings.microsoft_app_type == "singletenant" else None
    credentials = Credentials(app, password.get_secret_value(), tenant, settings.teams_login_url, now)
    try:
        asyncio.run(credentials.token())
    except NoToken as refusal:
        advice = "Make a new client secret and take its value, and compare the ids with those of the Azure bot"
        return Finding("teams", False, f"Microsoft refuses MICROSOFT_APP_PASSWORD: {refusal}. {advice}")
    except OSError as problem:
        return Finding("teams", False, f"{settings.teams_login_url} cannot be reached ({problem})")
    whom = f"the organisation {tenant}" if tenant else "several organisations"
    return Finding("teams", True, f"app {app} gets a token; for {whom}")


def _guides(folder: Path, guides: Guides | GuideError) -> Finding:
    if isinstance(guides, GuideError):
        count = len(guides.problems)
        first = guides.problems[0] if count else str(guides)
        return Finding(
            "guides", False, f"{first}{f' and {count - 1} more' if count > 1 else ''}: run circlet guides check"
        )
    if not guides.ids:
        return Finding("guides", False, f"there is none in {folder}: set GUIDES_PATH")
    weeks = sum(len(guides.get(name).sessions) for name in guides.ids)
    return Finding("guides", True, f"{len(guides.ids)} ({', '.join(guides.ids)}), {weeks} sessions")
