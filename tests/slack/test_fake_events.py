"""Events of the fake Slack: to whom they are told, how often, and what they are of."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.playing import an_ear, with_slack

METADATA = {"event_type": "circlet_post", "event_payload": {"key": "17"}}


def test_a_post_with_metadata_is_reported_to_the_app_that_lost_the_answer() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        async with an_ear(fake, lambda _: 200) as heard:
            fake.faults.lose_answers(1, how="500")
            fake.faults.event_times = 3
            with pytest.raises(SlackApiError):
                await slack.chat_postMessage(channel="C1", text="x", metadata=METADATA)
            await fake.settled()
            assert [retry for _, retry in heard] == [None, "1", "2"]
            assert len({body["event_id"] for body, _ in heard}) == 1
            event = heard[0][0]["event"]
            assert (event["type"], event["metadata"]) == ("message_metadata_posted", METADATA)
            assert (event["channel_id"], event["message_ts"]) == ("C1", fake.messages("C1")[0].ts)
            assert "text" not in event

    with_slack(play)


def test_metadata_is_reported_only_with_the_right_and_the_subscription() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        async with an_ear(fake, lambda _: 200) as heard:
            fake.world.metadata_subscriptions = {"something_else"}
            await slack.chat_postMessage(channel="C1", text="x", metadata=METADATA)
            fake.world.metadata_subscriptions = {METADATA["event_type"]}
            fake.world.tokens[fake.token].scopes = frozenset({"chat:write"})
            await slack.chat_postMessage(channel="C1", text="x", metadata=METADATA)
            await fake.settled()
            assert heard == []

    with_slack(play)


def test_an_event_comes_again_until_it_is_acknowledged() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        fake.events.retry_delays = (0, 0, 0)
        async with an_ear(fake, lambda number: 200 if number == 3 else 500) as heard:
            answer = await fake.archives("U1", "C1")
            assert answer.status == 500
            await fake.until(lambda: len(heard) == 3)
            assert [retry for _, retry in heard] == [None, "1", "2"]

    with_slack(play)


def test_what_happens_to_people_and_channels_is_told() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        async with an_ear(fake, lambda _: 200) as heard:
            fake.world.subscriptions |= {"member_joined_channel", "group_unarchive"}
            await fake.changes("U2", tz="Asia/Tokyo")
            await fake.deactivates("U3")
            await fake.leaves("U4", "C1")
            await fake.joins("U4", "C1")
            await fake.leaves("U4", "C2")
            await fake.renames("U1", "C1", "not-subscribed")
            await fake.archives("U1", "C3")
            await fake.unarchives("U1", "C3")
            await fake.removes_bot("U1", "C3")
            await fake.invites_bot("U1", "C2")
            await fake.deletes("U1", "C1")
            await fake.uninstalls("T1")
            people = ["user_change", "user_change", "member_left_channel", "member_joined_channel"]
            private = ["group_archive", "group_unarchive", "group_left"]
            others = ["member_joined_channel", "channel_deleted", "tokens_revoked", "app_uninstalled"]
            assert [body["event"]["type"] for body, _ in heard] == [*people, *private, *others]
            assert heard[0][0]["event"]["user"]["tz"] == "Asia/Tokyo"
            assert heard[1][0]["event"]["user"]["deleted"]

    with_slack(play)
