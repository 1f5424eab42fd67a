"""Installing in Slack: Bolt's own OAuth flow against the fake, what is stored of it, and whose token speaks.

slack_sdk reads the time by itself when it is told how long a token lives; so the time here begins at the present.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import ClientSession, web
from click.testing import CliRunner
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import MetaData, Table, select

from adapters import check
from adapters.clock import utcnow
from adapters.crypt import Crypt, new_key
from adapters.delivery.courier import DeliveryFailed
from adapters.secrets_cli import encrypt_anew, secrets
from adapters.settings import ROOT
from adapters.slack import oauth, tables
from adapters.slack.installations import (
    ALIVE_FOR,
    FOUND_FOR,
    ROTATE_BEFORE,
    Credentials,
    NotInstalled,
    OAuthTokens,
    SingleTokens,
)
from adapters.slack.store import MOST_STATES, STATE_SECONDS, Installations, States, Team
from bot.app import Bot
from bot.errors import ConfigError
from bot.guides.rules import Guides
from bot.storage import Store
from tests.fakes.slack import FakeSlack
from tests.slack.stage import Stage
from tests.slack.stage import play as stage_play

# slack_sdk shows who we are by a class of aiohttp's that will be gone in its next major version.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

TEAM = Team("T1", None)
LIMIT = 30.0
LINK = re.compile(r'href="([^"]*/oauth/v2/authorize[^"]*)"')


class Time:
    """The time of the app and of Slack."""

    def __init__(self) -> None:
        self._now = utcnow()

    def __call__(self) -> datetime:
        return self._now

    def pass_by(self, how_long: timedelta) -> None:
        self._now += how_long


@dataclass(slots=True)
class Here:
    """An installation of Circlet with the OAuth pages, and Slack."""

    slack: FakeSlack
    store: Store
    bot: Bot
    crypt: Crypt
    time: Time
    tokens: OAuthTokens
    url: str

    @property
    def kept(self) -> Installations:
        return self.tokens.installations

    def process(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> OAuthTokens:
        """Another process on the same database."""
        credentials = Credentials(self.slack.client_id, self.slack.client_secret)
        installations = Installations(self.store, self.crypt, self.slack.client_id)
        return OAuthTokens(installations, self.bot, credentials, self.slack.url, self.time, sleep)

    async def add_to_slack(self, team: str = "T1", *, org: bool = False) -> tuple[int, str]:
        """What an admin does in the browser: the app's page, *Allow*, and back. How that ended."""
        async with ClientSession() as browser:
            async with browser.get(f"{self.url}/slack/install") as page:
                link = LINK.search(await page.text())
                cookie = page.headers["Set-Cookie"].partition(";")[0]
            assert link is not None
            query = dict(parse_qsl(urlsplit(link[1].replace("&amp;", "&")).query))
            wish = {**query, "team": team, **({"org": "1"} if org else {})}
            back = self.slack.server.allow(wish, f"{self.url}/slack/oauth_redirect")
            async with browser.get(back, headers={"Cookie": cookie}) as response:
                return response.status, await response.text()

    async def speaks_with(self, workspace: int, tokens: OAuthTokens | None = None) -> str:
        client = await (tokens or self.tokens).client(workspace)
        assert client.token is not None
        return client.token

    async def workspace(self, team: str = "T1", enterprise: str | None = None) -> int:
        return await self.tokens.workspace(team, team, enterprise)

    def rows(self, table: Table) -> list[dict[str, Any]]:
        with self.store.begin() as connection:
            return [dict(row) for row in connection.execute(select(table)).mappings()]

    def calls(self, method: str) -> int:
        return sum(call.method == method for call in self.slack.calls)


@asynccontextmanager
async def circlet(store: Store, guides: Guides, *, key: str = "", rotates: bool = False) -> AsyncIterator[Here]:
    time, bot, crypt = Time(), Bot(store, guides), Crypt(key or new_key())
    async with FakeSlack(clock=time) as slack:
        slack.office.rotates = rotates
        here = Here(slack, store, bot, crypt, time, None, "")  # type: ignore[arg-type]
        here.tokens = here.process()
        credentials = Credentials(slack.client_id, slack.client_secret)
        flow = oauth.InstallFlow(here.tokens, States(store, time), credentials, slack.url)
        app = web.Application()
        oauth.add_routes(app, flow)
        app.router.add_post("/slack/events", _events(slack, here.tokens))
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        here.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        slack.request_url = f"{here.url}/slack/events"
        yield here
        await runner.cleanup()


def _events(slack: FakeSlack, tokens: OAuthTokens) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def anybody() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None)

    bolt = AsyncApp(signing_secret=slack.signing_secret, authorize=anybody)
    oauth.listen_for_removal(bolt, tokens)

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    return events


def run(play: Coroutine[Any, Any, None]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(LIMIT):
            await play

    asyncio.run(limited())


async def _gone(here: Here, table: Table = tables.bots) -> None:
    """Until the app has heard of it; events are acknowledged before they are worked on."""
    async with asyncio.timeout(10):
        while await asyncio.to_thread(here.rows, table):
            await asyncio.sleep(0)


# ── installing ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_adding_to_slack_makes_the_workspace_ours_and_lets_us_post_in_it(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            status, page = await here.add_to_slack()
            assert (status, "Thank you" in page) == (200, True)

            workspace = here.bot.workspace("slack", "T1", "whatever")
            client = await here.tokens.client(workspace)
            posted = await client.chat_postMessage(channel="C1", text="Hello")

            assert posted["ok"]
            assert [message.text for message in here.slack.messages("C1")] == ["Hello"]
            assert client.retry_handlers == []
            assert here.bot.platform(workspace) == "slack"

    run(play())


def test_the_app_asks_for_the_scopes_of_its_manifest_and_for_nothing_from_people(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here, ClientSession() as browser:
            async with browser.get(f"{here.url}/slack/install") as page:
                link = LINK.search(await page.text())
            assert link is not None
            query = dict(parse_qsl(urlsplit(link[1].replace("&amp;", "&")).query, keep_blank_values=True))

            assert tuple(query["scope"].split(",")) == oauth.scopes()
            assert query["user_scope"] == ""
            assert link[1].startswith(here.slack.root + "/oauth/v2/authorize")

    run(play())


def test_where_people_allow_the_app_is_slacks_own_page_unless_told_otherwise() -> None:
    assert oauth.authorization_url("https://slack.com/api/") == "https://slack.com/oauth/v2/authorize"


def test_the_administrators_page_gives_a_reason_for_each_scope_and_for_no_other() -> None:
    page = (ROOT / "docs" / "administrator" / "slack.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `([a-z.]+(?::[a-z.]+)?)` \| ", page, re.MULTILINE)

    assert sorted(explained) == sorted(oauth.scopes())
    assert not [scope for scope in oauth.scopes() if scope.endswith(":history")]


def test_somebody_who_comes_back_without_having_gone_there_installs_nothing(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here, ClientSession() as browser:
            ask = {"client_id": here.slack.client_id, "scope": "commands", "state": "made-up"}
            back = here.slack.server.allow(ask, f"{here.url}/slack/oauth_redirect")
            for headers in ({}, {"Cookie": "slack-app-oauth-state=made-up"}):
                async with browser.get(back, headers=headers) as response:
                    assert response.status in (400, 401)

            assert here.rows(tables.bots) == []

    run(play())


def test_a_state_is_good_once_and_what_nobody_came_back_for_goes(store: Store, guides: Guides) -> None:
    async def play() -> None:
        time = Time()
        states = States(store, time)
        state = await states.async_issue()
        assert await states.async_consume(state)
        assert not await states.async_consume(state)
        assert not await states.async_consume("made-up")

        await states.async_issue()
        time.pass_by(timedelta(seconds=STATE_SECONDS + 60))
        left = await states.async_issue()
        with store.begin() as connection:
            assert connection.execute(select(tables.states.c.state)).scalars().all() == [left]

    run(play())


# ── at rest ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_tables_have_every_column_that_slack_sdk_wants(store: Store) -> None:
    theirs = MetaData()
    SQLAlchemyInstallationStore.build_bots_table(theirs, "slack_bots")
    SQLAlchemyInstallationStore.build_installations_table(theirs, "slack_installations")
    SQLAlchemyOAuthStateStore.build_oauth_states_table(theirs, "slack_oauth_states")

    for table in (tables.bots, tables.installations, tables.states):
        wanted = {column.name: column.type.python_type for column in theirs.tables[table.name].columns}
        ours = {column.name: column.type.python_type for column in table.columns if column.name != "rotating_until"}
        assert ours == wanted


def test_no_stored_row_holds_a_secret_that_can_be_read(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides, rotates=True) as here:
            await here.add_to_slack()
            found = await here.kept.async_find_installation(enterprise_id=None, team_id="T1")
            assert found is not None
            found.user_token, found.user_refresh_token = "xoxp-user", "xoxe-user"
            found.incoming_webhook_url = "https://hooks.slack.com/services/secret"
            found.incoming_webhook_configuration_url = "https://slack.com/configure/secret"
            await here.kept.async_save(found)

            again = await here.kept.async_find_installation(enterprise_id=None, team_id="T1", user_id=found.user_id)
            assert again is not None
            assert again.to_dict() == found.to_dict()
            for table, columns in tables.SEALED:
                (row,) = here.rows(table)
                for column in columns:
                    assert row[column].startswith("gAAAAA")
                    assert here.crypt.open(row[column]) == found.to_dict()[column]
                readable = " ".join(str(value) for name, value in row.items() if name not in columns)
                assert "xox" not in readable
                assert "secret" not in readable
            assert here.slack.token not in f"{here.kept.for_team(TEAM)}"

    run(play())


def test_a_new_key_in_front_is_used_from_now_on_and_rotating_lets_the_old_one_go(store: Store, guides: Guides) -> None:
    old, new = new_key(), new_key()

    async def play() -> None:
        async with circlet(store, guides, key=old, rotates=True) as here:
            await here.add_to_slack()
            workspace = await here.workspace()
            before = await here.speaks_with(workspace)

            here.crypt = Crypt(f"{new},{old}")
            assert await here.speaks_with(workspace, here.process()) == before
            done = encrypt_anew(store, here.crypt)
            assert (done.again, done.unreadable) == (4, 0)

            here.crypt = Crypt(new)
            assert await here.speaks_with(workspace, here.process()) == before
            here.crypt = Crypt(old)
            with pytest.raises(ConfigError, match="none of these keys"):
                await here.process().client(workspace)
            assert encrypt_anew(store, here.crypt).unreadable == 4

    run(play())


def test_the_command_line_makes_keys_and_tells_what_it_encrypted(
    sqlite_store: Store, guides: Guides, monkeypatch: pytest.MonkeyPatch
) -> None:
    def says(*words: str) -> tuple[int, str, BaseException | None]:
        result = CliRunner().invoke(secrets, words)
        return result.exit_code, result.output, result.exception

    async def play() -> None:
        async with circlet(sqlite_store, guides, key=first) as here:
            await here.add_to_slack()

    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "CIRCLET_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", sqlite_store.engine.url.render_as_string(hide_password=False))
    first, second = (says("new")[1].strip() for _ in range(2))
    assert first != second
    run(play())

    assert "CIRCLET_SECRET_KEY: is not set" in str(says("rotate")[2])
    monkeypatch.setenv("CIRCLET_SECRET_KEY", f"{second},{first}")
    assert says("rotate")[:2] == (0, "2 secrets are now encrypted with the first key of CIRCLET_SECRET_KEY\n")
    monkeypatch.setenv("CIRCLET_SECRET_KEY", first)
    failed = str(says("rotate")[2])
    assert "none of its keys opens 2 secrets" in failed
    assert first not in failed


def test_check_asks_slack_about_each_token_that_was_kept(
    sqlite_store: Store, guides: Guides, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: dict[str, tuple[bool, str]] = {}

    async def play() -> None:
        async with circlet(sqlite_store, guides, key=key) as here:
            await here.add_to_slack("T1")
            here.slack.add_team("T2", "Beta", {"U21": ("zoe", "Zoe")}, install=False)
            await here.add_to_slack("T2")
            dead = await here.speaks_with(await here.workspace("T2"))
            here.slack.world.tokens[dead].revoked = True
            monkeypatch.setenv("SLACK_API_URL", here.slack.url)
            monkeypatch.setenv("SLACK_CLIENT_ID", here.slack.client_id)
            findings = await asyncio.to_thread(lambda: list(check.check(utcnow)))
            found.update({one.name: (one.good, one.words) for one in findings})

    key = new_key()
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "c1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s1")
    monkeypatch.setenv("CIRCLET_SECRET_KEY", key)
    monkeypatch.setenv("DATABASE_URL", sqlite_store.engine.url.render_as_string(hide_password=False))
    run(play())

    assert found["slack"][0]
    assert found["slack T1"] == (True, "workspace Acme (T1)")
    good, words = found["slack T2"]
    assert not good
    assert "token_revoked" in words
    assert "/slack/install" in words


# ── tokens that end ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_is_changed_before_it_ends_also_when_nobody_has_written_for_hours(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides, rotates=True) as here:
            await here.add_to_slack()
            workspace = await here.workspace()
            first = await here.speaks_with(workspace)
            here.time.pass_by(timedelta(hours=9))
            assert await here.speaks_with(workspace) == first
            assert here.calls("oauth.v2.access") == 1

            here.time.pass_by(timedelta(hours=1, minutes=1))
            second = await here.speaks_with(workspace)
            assert second != first
            assert here.calls("oauth.v2.access") == 2
            # What Bolt would find is the same.
            found = await here.kept.async_find_installation(enterprise_id=None, team_id="T1")
            assert found is not None
            assert found.bot_token == second

            for _ in range(3):
                here.time.pass_by(timedelta(hours=11))
                client = await here.tokens.client(workspace)
                assert (await client.chat_postMessage(channel="C1", text="Good morning"))["ok"]
            assert here.calls("oauth.v2.access") == 5

    run(play())


def test_two_processes_that_want_to_change_a_token_at_once_exchange_it_once(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides, rotates=True) as here:
            await here.add_to_slack()
            workspace = await here.workspace()
            here.time.pass_by(timedelta(hours=13))
            here.slack.faults.slow(0.3, methods=("oauth.v2.access",))

            found = await asyncio.gather(*(here.speaks_with(workspace, here.process()) for _ in range(4)))

            assert len(set(found)) == 1
            assert here.calls("oauth.v2.access") == 2

    run(play())


def test_while_another_process_changes_a_token_that_still_lives_it_is_used(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides, rotates=True) as here:
            await here.add_to_slack()
            workspace = await here.workspace()
            here.time.pass_by(timedelta(hours=11))
            (ours,) = here.kept.for_team(TEAM)
            assert here.kept.begin_rotation(ours, here.time(), timedelta(seconds=30))

            assert await here.speaks_with(workspace) == ours.token
            assert here.calls("oauth.v2.access") == 1

            # It was killed half-way: when its time is over, the next one does it.
            here.time.pass_by(timedelta(seconds=31))
            assert await here.speaks_with(workspace) != ours.token

    run(play())


def test_nobody_waits_for_ever_for_a_process_that_changes_a_token(store: Store, guides: Guides) -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    async def play() -> None:
        async with circlet(store, guides, rotates=True) as here:
            await here.add_to_slack()
            workspace = await here.workspace()
            here.time.pass_by(timedelta(hours=13))
            (ours,) = here.kept.for_team(TEAM)
            assert here.kept.begin_rotation(ours, here.time(), timedelta(seconds=30))

            with pytest.raises(DeliveryFailed) as told:
                await here.process(wait).client(workspace)
            assert told.value.retry_at == here.time() + timedelta(seconds=60)
            assert sum(waited) <= 5

    run(play())


def test_a_token_that_cannot_be_changed_yet_is_used_as_long_as_it_lives(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides, rotates=True) as here:
            await here.add_to_slack()
            workspace = await here.workspace()
            first = await here.speaks_with(workspace)

            here.time.pass_by(timedelta(hours=11))
            here.slack.faults.drop(methods=("oauth.v2.access",))
            assert await here.speaks_with(workspace) == first
            here.time.pass_by(timedelta(hours=2))
            with pytest.raises(DeliveryFailed, match="cannot be reached") as told:
                await here.tokens.client(workspace)
            assert told.value.retry_at == here.time() + timedelta(seconds=60)

            here.slack.faults.clear()
            here.slack.faults.answer("invalid_refresh_token", methods=("oauth.v2.access",))
            with pytest.raises(DeliveryFailed, match="refuses") as told:
                await here.tokens.client(workspace)
            assert told.value.retry_at is not None
            here.slack.faults.clear()
            assert await here.speaks_with(workspace) != first

    run(play())


def test_two_hours_are_left_when_a_token_is_changed() -> None:
    assert timedelta(hours=2) == ROTATE_BEFORE


# ── organisations ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_installation_for_an_organisation_serves_each_of_its_workspaces_and_says_which(
    store: Store, guides: Guides
) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            for team in ("T7", "T8"):
                here.slack.add_team(team, team, {f"U{team}": (team, team)}, enterprise="E1", install=False)
            here.slack.add_team("T9", "Others", {"UT9": ("t9", "T9")}, enterprise="E2", install=False)
            status, _ = await here.add_to_slack("T7", org=True)
            assert status == 200
            (row,) = here.rows(tables.bots)
            assert (row["enterprise_id"], row["team_id"], row["is_enterprise_install"]) == ("E1", None, True)

            for team in ("T7", "T8"):
                client = await here.tokens.client(await here.workspace(team, "E1"))
                page = await client.users_list()
                assert {user["team_id"] for user in page["members"]} == {team}
            for team, enterprise in (("T9", "E2"), ("T1", None)):
                with pytest.raises(NotInstalled):
                    await here.tokens.client(await here.workspace(team, enterprise))

    run(play())


def test_a_workspaces_own_installation_goes_before_its_organisations(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            here.slack.add_team("T7", "Seven", {"U71": ("u71", "U")}, enterprise="E1", install=False)
            await here.add_to_slack("T7")
            own = await here.speaks_with(await here.workspace("T7", "E1"))
            await here.add_to_slack("T7", org=True)

            assert await here.speaks_with(await here.workspace("T7", "E1"), here.process()) == own
            here.slack.world.tokens[own].revoked = True
            other = await here.tokens.client(await here.workspace("T7", "E1"))
            assert other.token == own  # not asked again so soon
            here.tokens.doubt(await here.workspace("T7", "E1"))
            client = await here.tokens.client(await here.workspace("T7", "E1"))
            assert (client.token != own, client.default_params) == (True, {"team_id": "T7"})

    run(play())


# ── removal ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_workspace_that_removes_the_app_is_forgotten_and_can_come_back(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            await here.add_to_slack()
            workspace = await here.workspace()
            await here.speaks_with(workspace)

            for answer in await here.slack.uninstalls("T1"):
                assert answer.ok
            await _gone(here)
            await _gone(here, tables.installations)
            with pytest.raises(NotInstalled) as told:
                await here.tokens.client(workspace)
            assert told.value.retry_at is None
            assert "not installed" in told.value.reason

            await here.add_to_slack()
            assert await here.workspace() == workspace
            assert await here.speaks_with(workspace, here.process())

    run(play())


def test_a_removal_is_believed_also_when_slack_cannot_be_asked(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            here.slack.add_team("T7", "Seven", {"U71": ("u71", "U")}, enterprise="E1", install=False)
            await here.add_to_slack("T1")
            await here.add_to_slack("T7", org=True)
            later = here.time() + timedelta(hours=1)
            here.slack.faults.drop()

            await here.tokens.removed("T1", None, later)
            assert [row["enterprise_id"] for row in here.rows(tables.bots)] == ["E1"]
            # Removed from one workspace of an organisation: the others still have it.
            await here.tokens.removed("T7", "E1", later)
            assert [row["enterprise_id"] for row in here.rows(tables.bots)] == ["E1"]
            await here.tokens.removed(None, "E1", later)
            assert here.rows(tables.bots) == here.rows(tables.installations) == []

    run(play())


def test_a_late_word_of_a_removal_does_not_forget_a_newer_installation(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            removed = here.time() - timedelta(minutes=5)
            await here.add_to_slack()
            workspace = await here.workspace()

            for _ in range(3):
                await here.tokens.removed("T1", None, removed)

            assert await here.speaks_with(workspace)

    run(play())


def test_revoked_tokens_are_forgotten_and_the_others_are_not(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            here.slack.add_team("T2", "Two", {"U21": ("u21", "U")}, install=False)
            await here.add_to_slack("T1")
            await here.add_to_slack("T2")
            first, second = await here.workspace("T1"), await here.workspace("T2")
            client = await here.tokens.client(first)
            kept = await here.speaks_with(second)

            await client.auth_revoke()
            await here.slack.settled()
            async with asyncio.timeout(10):
                while len(await asyncio.to_thread(here.rows, tables.bots)) > 1:
                    await asyncio.sleep(0)

            with pytest.raises(NotInstalled):
                await here.tokens.client(first)
            assert await here.speaks_with(second) == kept

    run(play())


def test_of_two_installations_of_a_workspace_the_one_that_lives_is_used(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            await here.add_to_slack()
            workspace = await here.workspace()
            first = await here.speaks_with(workspace)
            await here.add_to_slack()
            second = await here.speaks_with(workspace, here.process())
            assert second != first
            assert len(here.rows(tables.bots)) == 2

            here.slack.world.tokens[second].revoked = True
            for _ in range(2):
                client = await here.process().client(workspace)
                await client.chat_postMessage(channel="C1", text="once")
            assert client.token == first
            assert len(here.slack.messages("C1")) == 2
            assert len(here.rows(tables.bots)) == len(here.rows(tables.installations)) == 1

    run(play())


def test_a_token_that_slack_refuses_for_now_is_kept_and_tried_again(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            await here.add_to_slack()
            workspace = await here.workspace()
            here.slack.faults.answer("invalid_auth", methods=("auth.test",))
            with pytest.raises(DeliveryFailed, match="refuses") as told:
                await here.tokens.client(workspace)
            assert told.value.retry_at is not None
            assert not isinstance(told.value, NotInstalled)

            here.slack.faults.clear()
            assert await here.speaks_with(workspace)

    run(play())


def test_a_token_is_asked_about_now_and_then_and_not_before_every_post(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            await here.add_to_slack()
            workspace = await here.workspace()
            before = here.calls("auth.test")
            for _ in range(5):
                await here.speaks_with(workspace)
                here.time.pass_by(FOUND_FOR)
            assert here.calls("auth.test") == before + 1

            here.time.pass_by(ALIVE_FOR)
            await here.speaks_with(workspace)
            assert here.calls("auth.test") == before + 2

            # Slack being away says nothing about a token.
            here.time.pass_by(ALIVE_FOR)
            here.slack.faults.drop(methods=("auth.test",))
            assert await here.speaks_with(workspace)

    run(play())


# ── an organisation ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_request_that_names_no_organisation_makes_us_forget_none(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            here.slack.add_team("T7", "Seven", {"U71": ("ada", "Ada")}, enterprise="E1", install=False)
            await here.add_to_slack("T7", org=True)
            workspace = await here.workspace("T7", "E1")
            assert await here.workspace("T7") == workspace
            assert here.kept.team(workspace) == Team("T7", "E1")
            # Another process, which knows nothing yet.
            process = here.process()
            assert await process.workspace("T7", "Seven") == workspace
            assert await here.speaks_with(workspace, process)

    run(play())


def test_the_organisation_of_an_event_is_that_of_its_authorization(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        fake.add_team("T7", "Seven", {"U71": ("ada", "Ada")}, enterprise="E1", install=False)
        back = f"{stage.url}/slack/oauth_redirect"
        await fake.installs(f"{stage.url}/slack/install", "T7", org=True, redirect_uri=back)
        await fake.opens_home("U71")
        await stage.settles()
        assert fake.home("U71") is not None
        # In a channel that is shared with another organisation, that one may stand beside the team.
        envelope, _ = fake.events.delivered[-1]
        for number, beside in enumerate(("E_PARTNER", None)):
            told = {**envelope, "enterprise_id": beside, "event_id": f"Ev{number}"}
            assert (await fake.wire.send("events_api", told)).ok
        await stage.settles()
        with sqlite_store.begin() as connection:
            assert connection.execute(select(tables.teams.c.enterprise_id)).scalars().all() == ["E1"]
        await stage.person("U71").types("/circle help")
        stage.person("U71").sees("What you can ask me")

    stage_play(sqlite_store, guides, scene, way="oauth")


def test_those_who_never_come_back_from_the_page_fill_no_table(store: Store, guides: Guides) -> None:
    states = States(store, utcnow)

    async def come(count: int) -> str:
        return [await states.async_issue() for _ in range(count)][-1]

    last = asyncio.run(come(MOST_STATES + 5))
    with store.begin() as connection:
        assert len(connection.execute(select(tables.states)).all()) == MOST_STATES
    assert asyncio.run(states.async_consume(last))


# ── one workspace ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_one_token_of_the_settings_speaks_for_its_own_workspace_only(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            single = SingleTokens(here.slack.token, here.slack.url, here.bot, here.time)
            ours = await single.workspace("T1", "Acme")
            other = await single.workspace("T2", "Somebody else")

            client = await single.client(ours)
            assert (client.token, client.retry_handlers) == (here.slack.token, [])
            assert client.base_url == here.slack.url
            with pytest.raises(NotInstalled):
                await single.client(other)
            await single.client(ours)
            assert here.calls("auth.test") == 1

    run(play())


def test_a_wrong_token_in_the_settings_parks_nothing(store: Store, guides: Guides) -> None:
    async def play() -> None:
        async with circlet(store, guides) as here:
            single = SingleTokens("xoxb-wrong", here.slack.url, here.bot, here.time)
            workspace = await single.workspace("T1", "Acme")
            with pytest.raises(DeliveryFailed, match=r"SLACK_BOT_TOKEN.*\(invalid_auth\)") as told:
                await single.client(workspace)
            assert told.value.retry_at == here.time() + timedelta(minutes=5)

            here.slack.faults.drop(methods=("auth.test",))
            with pytest.raises(DeliveryFailed, match="cannot be reached") as told:
                await single.client(workspace)
            assert told.value.retry_at == here.time() + timedelta(minutes=1)

    run(play())
