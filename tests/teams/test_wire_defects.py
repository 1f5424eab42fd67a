"""The SDK's defects: each shown as it is, and mended. Where the SDK mends one, its first half fails: take ours out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random  # noqa: TID251  # a fixed seed
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import ClientSession, web
from botbuilder.core import ActivityHandler, BotFrameworkAdapter, BotFrameworkAdapterSettings, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import (
    Activity,
    AdaptiveCardInvokeResponse,
    AdaptiveCardInvokeValue,
    ConversationAccount,
    ConversationReference,
    ErrorResponseException,
)
from botframework.connector.auth import ClaimsIdentity
from botframework.connector.auth.jwt_token_extractor import _OpenIdMetadata

from adapters.teams.connector import Connector
from adapters.teams.listen import adapter
from adapters.teams.refusals import refused
from adapters.teams.send import Nobody
from bot.guides.rules import Guides
from bot.storage import Store
from tests.fakes.teams import FakeTeams, acts
from tests.fakes.teams.fake import APP, CHAT
from tests.teams.test_wire import ASKED, founded
from tests.teams.wire import Stage, play

NOBODY = ClaimsIdentity({}, True)
NOW = datetime(2026, 12, 4, 9, tzinfo=UTC)


async def bare(handler: ActivityHandler, app_id: str, work: Callable[[str], Awaitable[None]]) -> None:
    """A bot as the SDK's own samples make it."""
    settings = SimpleNamespace(APP_ID=app_id, APP_PASSWORD="", APP_TYPE="MultiTenant", APP_TENANTID="")
    sdk = CloudAdapter(ConfigurationBotFrameworkAuthentication(settings))
    app = web.Application()

    async def messages(request: web.Request) -> web.StreamResponse:
        return await sdk.process(request, handler) or web.Response()

    app.router.add_post("/api/messages", messages)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        await work(f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages")
    finally:
        await runner.cleanup()


class OneCard(TeamsActivityHandler):
    async def on_adaptive_card_invoke(self, *_: object) -> AdaptiveCardInvokeResponse:
        return AdaptiveCardInvokeResponse(status_code=200, type="application/vnd.microsoft.card.adaptive", value={})


def test_1_an_invoke_is_answered_with_a_body(sqlite_store: Store, guides: Guides) -> None:
    async def sdk() -> None:
        async with FakeTeams(app_id="") as fake:

            async def work(url: str) -> None:
                fake.bot_url = url
                told = acts.base(fake, fake.world.users["ana"], CHAT, "invoke", name="adaptiveCard/action")
                value = {"action": {"type": "Action.Execute", "verb": "x", "data": {}}}
                assert (await fake.send(told | {"value": value})).status == 500

            await bare(OneCard(), "", work)

    async def ours(stage: Stage) -> None:
        await founded(stage)
        await stage.until(ASKED)
        answer = await stage.person("ben").submits("Check in", met="met")
        assert answer.status == 200
        assert answer.body["statusCode"] == 200

    asyncio.run(sdk())
    play(sqlite_store, guides, ours)


def test_2_a_malformed_token_gets_401(sqlite_store: Store, guides: Guides) -> None:
    async def sdk() -> None:
        async with FakeTeams() as fake:

            async def work(url: str) -> None:
                fake.bot_url = url
                told = acts.message(fake, fake.world.users["ana"], CHAT, "help")
                assert (await fake.send(told, "not.a.token")).status == 500

            await bare(ActivityHandler(), APP, work)

    async def ours(stage: Stage) -> None:
        told = acts.message(stage.fake, stage.fake.world.users["ana"], CHAT, "help")
        assert (await stage.fake.send(told, "not.a.token")).status == 401

    asyncio.run(sdk())
    play(sqlite_store, guides, ours)


def test_3_a_key_that_is_new_is_fetched_by_and_by_and_never_waited_for_long(
    sqlite_store: Store, guides: Guides
) -> None:
    async def sdk() -> None:
        async with FakeTeams() as fake:
            metadata = _OpenIdMetadata(f"{fake.root}/openid")
            # Its fetching stands still whatever shares its thread, the fake too, and has no limit of time.
            await asyncio.to_thread(asyncio.run, metadata._refresh())
            fake.signer.rotate()
            with pytest.raises(IndexError):
                await metadata.get("key-1")

    async def ours(stage: Stage) -> None:
        told = acts.message(stage.fake, stage.fake.world.users["ana"], CHAT, "help")
        stage.fake.signer.rotate()
        stage.time += timedelta(minutes=2)
        assert (await stage.fake.send(told)).status == 202

    asyncio.run(sdk())
    play(sqlite_store, guides, ours)


def test_4_nothing_swallows_the_error_of_a_turn_or_of_a_post(sqlite_store: Store, guides: Guides) -> None:
    async def sdk() -> None:
        async with FakeTeams(app_id="") as fake:
            old = BotFrameworkAdapter(BotFrameworkAdapterSettings("", ""))
            swallowed: list[Exception] = []

            async def on_error(context: TurnContext, error: Exception) -> None:
                swallowed.append(error)

            old.on_turn_error = on_error
            where = ConversationReference(
                service_url=fake.service_url.rstrip("/"),
                channel_id="msteams",
                conversation=ConversationAccount(id="19:gone@x"),
            )

            async def speak(context: TurnContext) -> None:
                await context.send_activity("Week 3")

            # Nobody is told that nothing was posted.
            await old.continue_conversation(where, speak, claims_identity=NOBODY)
            assert [type(one) for one in swallowed] == [ErrorResponseException]

    async def ours(stage: Stage) -> None:
        assert adapter().on_turn_error is None
        await founded(stage)
        stage.fake.faults.answer("404 ConversationNotFound", methods=["post"])
        await stage.until("2026-12-07T07:30:00+00:00")
        assert [row["state"] for row in stage.rows("prompt")] == ["parked"]

    asyncio.run(sdk())
    play(sqlite_store, guides, ours)


def test_5_fifty_posts_are_under_way_at_once() -> None:
    async def posts(post: Callable[[FakeTeams, int], Awaitable[Any]]) -> int:
        # As many threads as a machine with two processors gives the SDK.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(6))
        async with FakeTeams(app_id="") as fake:
            fake.faults.slow(0.2, methods=["post"])
            await asyncio.gather(*(post(fake, number) for number in range(50)))
            return fake.most_under_way

    async def sdk() -> int:
        old = BotFrameworkAdapter(BotFrameworkAdapterSettings("", ""))

        async def one(fake: FakeTeams, number: int) -> None:
            where = ConversationReference(
                service_url=fake.service_url.rstrip("/"),
                channel_id="msteams",
                conversation=ConversationAccount(id=CHAT),
            )
            await old.continue_conversation(
                where, lambda context: context.send_activity(f"{number}"), claims_identity=NOBODY
            )

        return await posts(one)

    async def ours() -> int:
        async with ClientSession() as session:
            connector = Connector(session, Nobody())
            told = {"type": "message", "text": "Week 3"}
            return await posts(lambda fake, _: connector.post(fake.service_url, CHAT, told))

    assert asyncio.run(sdk()) <= 6
    assert asyncio.run(ours()) == 50


def test_6_what_passes_is_tried_again_when_teams_says_so() -> None:
    async def sdk() -> None:
        async with FakeTeams(app_id="") as fake:
            fake.faults.limit(next=1, methods=["post"], retry_after=7)
            old = BotFrameworkAdapter(BotFrameworkAdapterSettings("", ""))
            client = await old.create_connector_client(fake.service_url.rstrip("/"))
            with pytest.raises(ErrorResponseException) as raised:
                await client.conversations.send_to_conversation(CHAT, Activity(type="message", text="Week 3"))
            assert raised.value.response.headers["Retry-After"] == "7"

    async def ours() -> None:
        async with FakeTeams(app_id="") as fake, ClientSession() as session:
            fake.faults.limit(next=1, methods=["post"], retry_after=7)
            with pytest.raises(Exception, match="429") as raised:
                await Connector(session, Nobody()).post(fake.service_url, CHAT, {"type": "message", "text": "Week 3"})
            failure = refused(raised.value, NOW, 0, Random(1))
            assert failure.retry_at is not None
            assert (failure.retry_at - NOW).total_seconds() == 7
            assert failure.hold_until == failure.retry_at

    asyncio.run(sdk())
    asyncio.run(ours())


def test_7_the_action_of_a_card_is_read_as_it_came(sqlite_store: Store, guides: Guides) -> None:
    value = AdaptiveCardInvokeValue(action={"type": "Action.Execute", "verb": "submit"})
    with pytest.raises(AttributeError):
        _ = value.action.verb
    with pytest.raises(TypeError):
        AdaptiveCardInvokeResponse(200, "application/vnd.microsoft.card.adaptive", {})

    async def ours(stage: Stage) -> None:
        await founded(stage)
        stage.person("ben").sees("You're in North")

    play(sqlite_store, guides, ours)
