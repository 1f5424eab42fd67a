"""The fake Slack answers the real SDK as platforms do: messages, people, conversations, tokens, limits, bad days."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientConnectorError, ClientSession, ServerDisconnectedError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.playing import Hands, client, refused, with_slack
from tests.fakes.slack.world import SCOPES

HISTORY = ("chat:write", "channels:read", "channels:history")
MORE = (*SCOPES, "channels:manage")


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_message_is_posted_changed_and_taken_back() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}]
        metadata = {"event_type": "circlet_post", "event_payload": {"key": "17"}}
        posted = await slack.chat_postMessage(channel="C1", text="Hello", blocks=blocks, metadata=metadata)
        assert posted["message"]["blocks"][0]["block_id"]
        await slack.chat_update(channel="C1", ts=posted["ts"], text="Thanks", blocks=[])
        (message,) = fake.messages("C1", "U1")
        assert (message.text, message.blocks, message.metadata, message.edits) == ("Thanks", [], metadata, 1)
        await slack.chat_delete(channel="C1", ts=posted["ts"])
        assert fake.messages("C1") == []

    with_slack(play)


def test_an_ephemeral_message_is_seen_by_one_person() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        posted = await slack.chat_postEphemeral(channel="C1", user="U1", text="Only you")
        assert [one.text for one in fake.messages("C1", "U1")] == ["Only you"]
        assert fake.messages("C1", "U2") == fake.messages("C1") == []
        assert await refused(slack.chat_postEphemeral(channel="C3", user="U5", text="x")) == "user_not_in_channel"
        assert await refused(slack.chat_update(channel="C1", ts=posted["message_ts"], text="x")) == "message_not_found"

    with_slack(play)


def test_a_message_to_a_person_lands_in_their_conversation_with_the_bot() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        opened = await slack.conversations_open(users="U1")
        posted = await slack.chat_postMessage(channel="U1", text="Hello")
        assert posted["channel"] == opened["channel"]["id"] == fake.direct("U1")
        group = await slack.conversations_open(users=["U1", "U2"])
        again = await slack.conversations_open(users=["U2", "U1"])
        assert group["channel"]["id"] == again["channel"]["id"] != opened["channel"]["id"]
        assert again["already_open"]

    with_slack(play)


def test_history_needs_its_scope_and_gives_metadata_only_when_asked() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        metadata = {"event_type": "circlet_post", "event_payload": {"key": "17"}}
        first = await slack.chat_postMessage(channel="C1", text="one", metadata=metadata)
        await slack.chat_postMessage(channel="C1", text="two")
        plain = await slack.conversations_history(channel="C1")
        assert [message["text"] for message in plain["messages"]] == ["two", "one"]
        assert "metadata" not in plain["messages"][1]
        full = await slack.conversations_history(channel="C1", include_all_metadata=True, limit=1, latest="9e12")
        assert full["has_more"]
        rest = await slack.conversations_history(channel="C1", oldest=first["ts"], inclusive=True, limit=5)
        assert len(rest["messages"]) == 2
        known = await slack.conversations_history(channel="C1", include_all_metadata=True)
        assert known["messages"][1]["metadata"] == metadata
        less = client(fake, fake.office.token("T1").value)
        assert await refused(less.conversations_history(channel="C1")) == "missing_scope"

    with_slack(play, scopes=HISTORY)


# ── who may what ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"channel": "C9", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C4", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C2", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C5", "text": "x"}, "is_archived"),
        ("chat.postMessage", {"channel": "C21", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "U21", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "U8", "text": "x"}, "is_archived"),
        ("chat.postMessage", {"channel": "C1"}, "no_text"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "metadata": "{}"}, "invalid_metadata_format"),
        ("chat.update", {"channel": "C1", "ts": "1.0", "text": "x"}, "message_not_found"),
        ("conversations.open", {"users": "U8"}, "user_disabled"),
        ("conversations.open", {"users": "U21"}, "user_not_found"),
        ("conversations.info", {"channel": "C21"}, "channel_not_found"),
        ("conversations.invite", {"channel": "C1", "users": "U1"}, "already_in_channel"),
        ("conversations.invite", {"channel": "C3", "users": "U9"}, "user_not_found"),
        ("conversations.kick", {"channel": "C3", "user": "U5"}, "not_in_channel"),
        ("conversations.rename", {"channel": "C1", "name": "other"}, "not_authorized"),
        ("conversations.create", {"name": "circle"}, "name_taken"),
        ("conversations.create", {"name": "Two Words"}, "invalid_name_specials"),
        ("conversations.history", {"channel": "C1"}, "missing_scope"),
        ("users.info", {"user": "U21"}, "user_not_found"),
        ("views.publish", {"user_id": "U21", "view": '{"type":"home","blocks":[]}'}, "user_not_found"),
        ("nothing.here", {}, "unknown_method"),
    ],
)
def test_what_may_not_be_is_refused_with_its_code(method: str, arguments: dict[str, str], error: str) -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        fake.add_team("T2", "Beta", {"U21": ("zoe", "Zoe Fox")})
        fake.world.add_channel("T2", "circle", "public", ("U21", "U2BOT"), "C21")
        fake.world.add_channel("T1", "old", "public", ("U1", "U1BOT"), "C5").archived = True
        await fake.deactivates("U8")
        assert await refused(slack.api_call(method, data=arguments)) == error
        assert await refused(slack.api_call(method, json=arguments)) == error

    with_slack(play, scopes=MORE)


def test_arguments_come_in_the_address_in_a_form_or_as_json() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        got = [
            await slack.api_call("users.info", http_verb="GET", params={"user": "U1"}),
            await slack.api_call("users.info", data={"user": "U1"}),
            await slack.api_call("users.info", json={"user": "U1"}),
        ]
        assert [one["user"]["real_name"] for one in got] == ["Ana Silva"] * 3
        assert "email" not in got[0]["user"]["profile"]

    with_slack(play)


def test_a_token_is_checked() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        assert await refused(client(fake, "").auth_test()) == "not_authed"
        assert await refused(client(fake, "xoxb-no").auth_test()) == "invalid_auth"
        assert await refused(client(fake, fake.app_token).users_list()) == "not_allowed_token_type"
        assert await refused(slack.apps_connections_open(app_token=fake.token)) == "not_allowed_token_type"
        other = client(fake, fake.add_team("T2", "Beta", {"U21": ("zoe", "Zoe Fox")}))
        assert (await other.auth_test())["team_id"] == "T2"
        await fake.uninstalls("T2")
        assert await refused(other.auth_test()) == "account_inactive"
        await slack.auth_revoke()
        assert await refused(slack.auth_test()) == "token_revoked"

    with_slack(play)


def test_a_token_of_an_organisation_says_which_team() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        fake.add_team("T2", "Beta", {"U21": ("zoe", "Zoe Fox")}, enterprise="E1", install=False)
        org = client(fake, fake.office.token(None, enterprise="E1").value)
        assert (await org.auth_test())["enterprise_id"] == "E1"
        assert await refused(org.users_list()) == "missing_argument"
        assert await refused(org.users_list(team_id="T1")) == "team_access_not_granted"
        assert [one["id"] for one in (await org.users_list(team_id="T2"))["members"]] == ["U2BOT", "U21"]
        await org.chat_postMessage(channel="U21", text="Hello")
        assert await refused(org.chat_postMessage(channel="C1", text="x")) == "channel_not_found"

    with_slack(play)


def test_a_channel_is_made_filled_and_closed() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        made = (await slack.conversations_create(name="circle-blue", is_private=True))["channel"]["id"]
        await slack.conversations_invite(channel=made, users=["U1", "U2", "U3"])
        mixed = await slack.conversations_invite(channel=made, users="U4,U1", force=True)
        assert [one["error"] for one in mixed["errors"]] == ["already_in_channel"]
        await slack.conversations_kick(channel=made, user="U2")
        await slack.conversations_rename(channel=made, name="circle-green")
        await slack.conversations_setTopic(channel=made, topic="Week 3")
        first = await slack.conversations_members(channel=made, limit=2)
        rest = await slack.conversations_members(channel=made, cursor=first["response_metadata"]["next_cursor"])
        assert [*first["members"], *rest["members"]] == ["U1BOT", "U1", "U3", "U4"]
        await slack.conversations_archive(channel=made)
        assert await refused(slack.conversations_archive(channel=made)) == "already_archived"
        mine = await slack.users_conversations(types="public_channel,private_channel", exclude_archived=True)
        assert {one["name"] for one in mine["channels"]} == {"circle", "leads"}
        await slack.conversations_info(channel="C2", include_num_members=True)

    with_slack(play)


# ── how often, and bad days ──────────────────────────────────────────────────────────────────────────────────────────


def test_too_many_calls_are_told_how_long_to_wait() -> None:
    clock = Hands()

    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        fake.rates.on = True
        await slack.chat_postMessage(channel="C1", text="one")
        await slack.chat_postMessage(channel="C3", text="elsewhere")
        with pytest.raises(SlackApiError) as error:
            await slack.chat_postMessage(channel="C1", text="two")
        assert (error.value.response.status_code, error.value.response["error"]) == (429, "ratelimited")
        assert error.value.response.headers["Retry-After"] == "1"
        clock.forward(1)
        await slack.chat_postMessage(channel="C1", text="two")
        for _ in range(20):
            await slack.users_list()
        clock.forward(12.5)
        with pytest.raises(SlackApiError) as error:
            await slack.users_list()
        assert error.value.response.headers["Retry-After"] == "48"

    with_slack(play, clock=clock)


def test_an_answer_may_get_lost_after_the_message_was_posted() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        fake.faults.lose_answers(1)
        fake.faults.lose_answers(1, how="504")
        with pytest.raises(ServerDisconnectedError):
            await slack.chat_postMessage(channel="C1", text="one")
        with pytest.raises(SlackApiError) as error:
            await slack.chat_postMessage(channel="C1", text="two")
        assert error.value.response.status_code == 504
        await slack.chat_postMessage(channel="C1", text="three")
        assert [message.text for message in fake.messages("C1")] == ["one", "two", "three"]
        assert [call.lost for call in fake.calls] == [True, True, False]

    with_slack(play)


def test_a_call_may_fail_before_anything_happened() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        fake.faults.drop(1)
        with pytest.raises(ServerDisconnectedError):
            await slack.chat_postMessage(channel="C1", text="x")
        fake.faults.fail(1, status=503)
        fake.faults.limit(1, retry_after=7)
        for status in (503, 429):
            with pytest.raises(SlackApiError) as error:
                await slack.chat_postMessage(channel="C1", text="x")
            assert error.value.response.status_code == status
        fake.faults.answer("account_inactive", 1)
        assert await refused(slack.chat_postMessage(channel="C1", text="x")) == "account_inactive"
        await fake.refuse_connections()
        with pytest.raises(ClientConnectorError):
            await slack.chat_postMessage(channel="C1", text="x")
        await fake.listen()
        assert fake.messages("C1") == []
        await slack.chat_postMessage(channel="C1", text="at last")

    with_slack(play)


def test_a_slow_answer_comes_after_the_message() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        fake.faults.slow(30, 1)
        async with ClientSession() as session:
            impatient = client(fake, session=session)
            call = asyncio.create_task(impatient.chat_postMessage(channel="C1", text="x"))
            await fake.until(lambda: fake.messages("C1"))
            assert not call.done()
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)

    with_slack(play)


def test_a_share_of_the_answers_is_lost_and_always_the_same_ones() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        fake.faults.lose_answers(share=0.2, how="500")
        for _ in range(100):
            await asyncio.gather(slack.chat_postMessage(channel="C1", text="x"), return_exceptions=True)
        assert fake.faults.happened == {"lose": 19}
        assert len(fake.messages("C1")) == 100

    with_slack(play)
