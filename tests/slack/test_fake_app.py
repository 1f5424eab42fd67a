"""The fake Slack towards an app: the real Bolt, over signed requests and over Socket Mode, installed by OAuth."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, Impossible
from tests.fakes.slack.playing import Hands, client, listening, refused, with_slack

Json = dict[str, Any]
BUTTON = {"type": "actions", "elements": [{"type": "button", "action_id": "go"}]}
BUTTON["elements"][0]["text"] = {"type": "plain_text", "text": "Go"}  # type: ignore[index]


def form(title: str = "Check-in") -> Json:
    label = {"type": "plain_text", "text": "How was it?"}
    options = [{"text": {"type": "plain_text", "text": word}, "value": word} for word in ("good", "bad")]
    select = {"type": "static_select", "action_id": "value", "options": options, "initial_option": options[0]}
    blocks: list[Json] = [
        {"type": "input", "block_id": "words", "label": label, "element": {"type": "plain_text_input"}},
        {"type": "input", "block_id": "mood", "label": label, "element": select},
    ]
    blocks[0]["element"]["action_id"] = "value"
    named = {"type": "plain_text", "text": title}
    return {"type": "modal", "callback_id": "f", "title": named, "submit": named, "blocks": blocks}


def small_app(slack: AsyncWebClient, **how: Any) -> AsyncApp:
    """Opens a form for a command, complains of the word "no", says thanks, and keeps the events it hears of."""
    app = AsyncApp(client=slack, **how)

    @app.command("/circle")
    async def command(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack(f"heard {body['text']}")
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.view("f")
    async def submitted(ack: Any, view: Json, client: AsyncWebClient, body: Json) -> None:
        values = view["state"]["values"]
        if values["words"]["value"]["value"] == "no":
            await ack(response_action="errors", errors={"words": "Say more"})
            return
        await ack()
        mood = values["mood"]["value"]["selected_option"]["value"]
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Thanks: {mood}", blocks=[BUTTON])

    @app.action("go")
    async def pressed(ack: Any, respond: Any, body: Json) -> None:
        await ack()
        if body["container"]["type"] == "message":
            await respond("Done", replace_original=True)

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [BUTTON]})

    return app


def with_app(play: Callable[[FakeSlack], Awaitable[None]]) -> None:
    async def run(fake: FakeSlack, slack: AsyncWebClient) -> None:
        async with listening(small_app(slack, signing_secret=fake.signing_secret), fake):
            await play(fake)

    with_slack(run)


async def fills_in_the_form(fake: FakeSlack) -> None:
    """A command, its form sent wrongly and then rightly, a button pressed: the same over HTTP and Socket Mode."""
    answer = await fake.types("U1", "C1", "/circle add @ben <!channel> & co")
    assert answer.ok
    assert answer.latency < 3
    assert [one.text for one in fake.messages("C1", "U1")] == ["heard add <@U2|ben> &lt;!channel&gt; &amp; co"]
    assert fake.messages("C1", "U2") == []
    await fake.until(lambda: fake.views("U1"))
    (view,) = fake.views("U1")
    await fake.submits("U1", view.id, {"words": "no"})
    assert fake.views("U1")[0].errors == {"words": "Say more"}
    await fake.submits("U1", view.id, {"words": "Fine", "mood": "bad"})
    assert fake.views("U1") == []
    direct = fake.direct("U1")
    await fake.until(lambda: fake.messages(direct))
    (thanks,) = fake.messages(direct, "U1")
    assert thanks.text == "Thanks: bad"
    assert (await fake.presses("U1", direct, thanks.ts, "go")).ok
    await fake.until(lambda: fake.messages(direct)[0].text == "Done")
    assert (await fake.opens_home("U1")).ok
    await fake.until(lambda: fake.home("U1"))
    assert (await fake.presses_in_home("U1", "go")).ok
    assert fake.complaints == []


def test_bolt_understands_what_people_do_over_signed_requests() -> None:
    with_app(fills_in_the_form)


def test_bolt_understands_what_people_do_over_socket_mode() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        app_client = AsyncWebClient(fake.app_token, base_url=fake.url)
        handler = AsyncSocketModeHandler(small_app(slack), fake.app_token, web_client=app_client)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await fake.wire.until_connected()
        await fills_in_the_form(fake)
        await fake.wire.refresh()
        await fake.wire.until_connected()
        assert (await fake.types("U1", "C1", "/circle again")).ok
        await handler.close_async()  # type: ignore[no-untyped-call]

    with_slack(play)


def test_bolt_turns_away_a_wrong_signature_and_an_old_one() -> None:
    async def play(fake: FakeSlack) -> None:
        fake.wire.age = 301
        assert (await fake.types("U1", "C1", "/circle")).status == 401
        fake.wire.age = 0
        fake.wire.signing_secret = "another"
        assert (await fake.types("U1", "C1", "/circle")).status == 401
        assert fake.messages("C1", "U1") == []

    with_app(play)


def test_people_cannot_do_what_slack_would_not_let_them() -> None:
    async def play(fake: FakeSlack) -> None:
        await fake.types("U1", "C1", "/circle")
        await fake.until(lambda: fake.views("U1"))
        (view,) = fake.views("U1")
        for values in ({}, {"words": "x", "mood": "so-so"}, {"words": "x", "other": "y"}):
            with pytest.raises(Impossible):
                await fake.submits("U1", view.id, values)
        with pytest.raises(Impossible):
            await fake.submits("U2", view.id, {"words": "x"})
        with pytest.raises(Impossible):
            await fake.types("U5", "C3", "/circle")
        (private,) = fake.messages("C1", "U1")
        with pytest.raises(Impossible):
            await fake.presses("U2", "C1", private.ts, "go")

    with_app(play)


def test_a_trigger_opens_one_view_within_three_seconds() -> None:
    clock = Hands()

    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        trigger = fake.world.modals.trigger("U1", "T1")
        view = (await slack.views_open(trigger_id=trigger, view=form()))["view"]
        assert await refused(slack.views_open(trigger_id=trigger, view=form())) == "exchanged_trigger_id"
        changed = await slack.views_update(view_id=view["id"], hash=view["hash"], view=form("Again"))
        assert changed["view"]["title"]["text"] == "Again"
        assert await refused(slack.views_update(view_id=view["id"], hash=view["hash"], view=form())) == "hash_conflict"
        late = fake.world.modals.trigger("U1", "T1")
        clock.forward(3.1)
        assert await refused(slack.views_open(trigger_id=late, view=form())) == "expired_trigger_id"
        assert await refused(slack.views_open(trigger_id="1.2.3", view=form())) == "invalid_trigger_id"
        fake.add_team("T2", "Beta", {"U21": ("zoe", "Zoe Fox")})
        other = fake.world.modals.trigger("U21", "T2")
        assert await refused(slack.views_open(trigger_id=other, view=form())) == "invalid_trigger_id"

    with_slack(play, clock=clock)


def test_a_response_url_is_good_five_times_and_for_half_an_hour() -> None:
    clock = Hands()

    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        urls = [f"{fake.root}/actions/T1/{fake.responses.new('T1', 'C1', 'U1')}" for _ in range(2)]
        async with ClientSession() as session:
            statuses = []
            for url in [urls[0]] * 6:
                async with session.post(url, json={"text": "Hello"}) as response:
                    statuses.append(response.status)
            clock.forward(1801)
            async with session.post(urls[1], json={"text": "Hello"}) as response:
                assert (await response.json())["error"] == "expired_url"
        assert statuses == [200] * 5 + [404]
        assert len(fake.messages("C1", "U1")) == 5
        assert fake.messages("C1") == []

    with_slack(play, clock=clock)


# ── installing, and playing by hand ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.filterwarnings("ignore:.*BasicAuth.*is deprecated:DeprecationWarning")  # slack_sdk uses it
def test_an_admin_installs_with_oauth_and_the_token_rotates(tmp_path: Path) -> None:
    clock = Hands()

    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        fake.add_team("T2", "Beta", {"U21": ("zoe", "Zoe Fox")}, install=False)
        fake.office.rotates = True
        store = FileInstallationStore(base_dir=str(tmp_path), client_id=fake.client_id)
        settings = AsyncOAuthSettings(
            client_id=fake.client_id,
            client_secret=fake.client_secret,
            scopes=["chat:write", "commands"],
            installation_store=store,
            state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path)),
        )
        app = small_app(AsyncWebClient(base_url=fake.url), signing_secret=fake.signing_secret, oauth_settings=settings)
        async with listening(app, fake) as root:
            answer = await fake.installs(f"{root}/slack/install", "T2", redirect_uri=f"{root}/slack/oauth_redirect")
            assert answer.ok, answer
        bot = await store.async_find_bot(enterprise_id=None, team_id="T2")
        assert bot is not None
        beta = client(fake, bot.bot_token)
        assert (await beta.auth_test())["team"] == "Beta"
        clock.forward(43_201)
        assert await refused(beta.auth_test()) == "token_expired"
        kept = {"client_id": fake.client_id, "client_secret": fake.client_secret, "grant_type": "refresh_token"}
        new = await slack.oauth_v2_access(**kept, refresh_token=bot.bot_refresh_token)
        assert (await client(fake, new["access_token"]).auth_test())["team"] == "Beta"
        assert await refused(slack.oauth_v2_access(**kept, refresh_token=bot.bot_refresh_token)) == (
            "invalid_refresh_token"
        )
        kept |= {"client_secret": "wrong"}
        assert await refused(slack.oauth_v2_access(**kept, refresh_token=new["refresh_token"])) == "bad_client_secret"

    with_slack(play, clock=clock)


def test_one_can_play_by_hand_over_http() -> None:
    async def play(fake: FakeSlack) -> None:
        async with ClientSession() as session:
            async with session.get(f"{fake.root}/fake/") as response:
                assert "A fake Slack" in await response.text()
            body = json.dumps({"user": "U1", "channel": "C1", "text": "/circle help"})
            async with session.post(f"{fake.root}/fake/types", data=body) as response:
                assert (await response.json())["answers"][0]["body"] == "heard help"
            fault = json.dumps({"kind": "lose_answers", "share": 0.05})
            async with session.post(f"{fake.root}/fake/faults", data=fault) as response:
                assert response.status == 200
            async with session.post(f"{fake.root}/fake/flies", data="{}") as response:
                assert "nobody can do 'flies'" in (await response.json())["error"]
            async with session.get(f"{fake.root}/fake/state") as response:
                state = await response.json()
        assert [one["text"] for one in state["channels"][0]["messages"]] == ["heard help"]
        assert state["secrets"]["SLACK_API_URL"] == fake.url

    with_app(play)


def test_it_is_a_program_of_its_own() -> None:
    async def run() -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.fakes.slack", "--port", "0", stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        said = dict([(await process.stdout.readline()).decode().strip().split("=", 1) for _ in range(3)][1:])
        slack = AsyncWebClient(said["SLACK_BOT_TOKEN"], base_url=said["SLACK_API_URL"])
        assert (await slack.auth_test())["team"] == "Acme"
        process.terminate()
        await process.communicate()

    asyncio.run(run())
