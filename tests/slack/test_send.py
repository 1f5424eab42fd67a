"""Posts to Slack by the real SDK: where they go, what becomes of an error, and what is done about a doubt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from adapters.delivery.courier import DeliveryFailed, DeliveryUnknown
from adapters.delivery.drain import drain
from adapters.delivery.pace import Pace
from adapters.slack import places, send
from adapters.slack.homes import names
from adapters.slack.installations import web_client
from adapters.slack.refusals import SOON
from adapters.slack.send import BUDGETS, GLANCE, PATIENCE, SlackCourier
from bot.actions import action
from bot.app import Bot
from bot.groups import store as groups
from bot.guides.rules import Guides
from bot.inbound import Actor
from bot.markup import literal
from bot.messages import Button, Direct, Home, Message, Post, Receipt, Text
from bot.outbox import lanes
from bot.outbox import store as outbox
from bot.outbox.rules import LEASE, TOLD_WITHIN, Due
from bot.people import store as people
from bot.storage import Store
from tests.core.office import Office as Core
from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.world import SCOPES

NOW = datetime(2026, 12, 7, 8, tzinfo=UTC)
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
LEAST = tuple(scope for scope in SCOPES if scope not in HISTORY)
CIRCLE = Home(17, None, "Tuesday circle", "circle", ("U1", "U2", "U3"))


@dataclass
class Office:
    """A workspace of ours in the fake's team. ``at`` is the time for both."""

    bot: Bot
    store: Store
    workspace: int
    fake: FakeSlack
    client: AsyncWebClient
    at: datetime = NOW
    doubted: int = 0

    def now(self) -> datetime:
        return self.at

    def courier(self, *, paced: bool = False) -> SlackCourier:
        async def sleep(seconds: float) -> None:
            self.at += timedelta(seconds=seconds)

        return SlackCourier(Speaking(self), self.store, Pace(BUDGETS, self.now, sleep, on=paced))

    def post(self, address: Home | Direct, text: str = "Week 3", key: str = "prompt:17:3") -> Post:
        return Post(key, self.workspace, address, said(text), lane_token=1)

    async def sends(self, post: Post) -> Receipt:
        return await self.courier().send(post, self.at)

    def words(self, channel: str) -> list[str]:
        return [message.text for message in self.fake.messages(channel)]


@dataclass
class Speaking:
    """The office's one token."""

    office: Office

    async def client(self, workspace: int) -> AsyncWebClient:
        assert workspace == self.office.workspace
        return self.office.client

    async def workspace(self, team: str, name: str, enterprise: str | None = None) -> int:
        del team, name, enterprise
        return self.office.workspace

    def doubt(self, workspace: int) -> None:
        del workspace
        self.office.doubted += 1


def said(text: str) -> Message:
    return Message((Text(literal(text)),))


@pytest.fixture
def play(store: Store, guides: Guides) -> Callable[..., None]:
    """Plays a scene in an office; ``scopes`` are what an admin has granted."""

    def run(scene: Callable[[Office], Awaitable[None]], scopes: tuple[str, ...] = LEAST) -> None:
        async def bounded() -> None:
            async with asyncio.timeout(20), opened(Bot(store, guides), store, scopes) as office:
                await scene(office)

        asyncio.run(bounded())

    return run


@asynccontextmanager
async def opened(bot: Bot, store: Store, scopes: tuple[str, ...]) -> AsyncIterator[Office]:
    with store.begin() as connection:
        workspace = people.workspace_id(connection, "slack", "T1", "Acme")
    holder: list[Office] = []
    async with FakeSlack(clock=lambda: holder[0].at if holder else NOW, scopes=scopes) as fake:
        holder.append(Office(bot, store, workspace, fake, web_client(fake.token, fake.url)))
        yield holder[0]


Play = Callable[..., None]

# ── where it goes ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_private_message_opens_the_conversation_once(play: Play) -> None:
    async def scene(office: Office) -> None:
        receipt = await office.sends(office.post(Direct("U1"), "Hello"))
        await office.sends(office.post(Direct("U1"), "Again", "checkin:17:3:1"))
        assert receipt.conversation == office.fake.direct("U1")
        assert office.words(receipt.conversation) == ["Hello", "Again"]
        assert [call.method for call in office.fake.calls].count("conversations.open") == 1

    play(scene)


def test_a_post_carries_its_key_and_nothing_else_in_its_metadata(play: Play) -> None:
    async def scene(office: Office) -> None:
        receipt = await office.sends(office.post(Direct("U1")))
        (message,) = office.fake.messages(receipt.conversation)
        assert message.ts == receipt.message
        assert message.metadata == {"event_type": "circlet_post", "event_payload": {"key": "prompt:17:3"}}

    play(scene)


def test_a_circle_without_a_home_gets_a_private_channel_with_its_name_and_its_members(play: Play) -> None:
    async def scene(office: Office) -> None:
        receipt = await office.sends(office.post(CIRCLE, "Welcome"))
        channel = office.fake.channels[receipt.conversation]
        assert (channel.name, channel.kind) == ("tuesday-circle", "private")
        assert {"U1", "U2", "U3"} <= channel.members.keys()
        assert office.words(channel.id) == ["Welcome"]

    play(scene)


def test_a_name_that_is_taken_gets_the_groups_number(play: Play) -> None:
    async def scene(office: Office) -> None:
        office.fake.world.add_channel("T1", "tuesday-circle", "public", ("U1",))
        receipt = await office.sends(office.post(CIRCLE))
        assert office.fake.channels[receipt.conversation].name == "tuesday-circle-17"

    play(scene)


def test_a_channel_that_was_made_by_a_worker_that_died_before_it_could_say_so_is_taken_up(play: Play) -> None:
    async def scene(office: Office) -> None:
        made = await office.client.conversations_create(name="tuesday-circle", is_private=True)
        receipt = await office.sends(office.post(CIRCLE))
        assert receipt.conversation == made["channel"]["id"]
        assert "U2" in office.fake.channels[receipt.conversation].members

    play(scene)


def test_a_home_half_made_by_a_worker_that_died_is_taken_up_and_no_second_one_is_made(play: Play) -> None:
    async def scene(office: Office) -> None:
        await office.courier().prepare(office.post(CIRCLE), office.at)
        receipt = await office.sends(office.post(CIRCLE))
        private = [one for one in office.fake.channels.values() if one.name.startswith("tuesday")]
        assert [one.id for one in private] == [receipt.conversation]

    play(scene)


def test_a_home_that_was_given_up_is_made_anew_under_another_name(play: Play) -> None:
    async def scene(office: Office) -> None:
        first = await office.sends(office.post(CIRCLE))
        await office.fake.archives("U1", first.conversation)
        second = await office.sends(office.post(CIRCLE))
        assert second.conversation != first.conversation
        assert office.fake.channels[second.conversation].name == "tuesday-circle-17"

    play(scene)


def test_a_pair_gets_a_group_message_of_the_two_with_the_bot(play: Play) -> None:
    async def scene(office: Office) -> None:
        pair = Home(18, None, "Ana and Ben", "pair", ("U1", "U2"))
        receipt = await office.sends(office.post(pair))
        channel = office.fake.channels[receipt.conversation]
        assert channel.kind == "mpim"
        assert set(channel.members) == {"U1", "U2", office.fake.teams["T1"].bot}

    play(scene)


def test_who_joins_later_is_invited_once_and_who_has_left_the_channel_is_not_fetched_back(play: Play) -> None:
    async def scene(office: Office) -> None:
        first = await office.sends(office.post(CIRCLE))
        home = replace(CIRCLE, conversation=first.conversation, members=("U1", "U2", "U3", "U4"))
        await office.fake.leaves("U2", first.conversation)
        await office.sends(office.post(home, key="prompt:17:4"))
        await office.sends(office.post(home, key="prompt:17:5"))
        members = office.fake.channels[first.conversation].members
        assert "U4" in members
        assert "U2" not in members
        assert [call.method for call in office.fake.calls].count("conversations.invite") == 2

    play(scene)


def test_somebody_who_cannot_be_invited_holds_nobody_up(play: Play) -> None:
    async def scene(office: Office) -> None:
        await office.fake.deactivates("U2")
        receipt = await office.sends(office.post(CIRCLE))
        assert {"U1", "U3"} <= office.fake.channels[receipt.conversation].members.keys()
        assert office.words(receipt.conversation) == ["Week 3"]

    play(scene)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Tuesday circle", "tuesday-circle"),
        ("  Ünïcode & Söhne!! ", "ünïcode-söhne"),
        ("<!channel> #general", "channel-general"),
        ("🎉🎉", "circle"),
        ("A" * 200, "a" * 64),
        ("דוגמה", "דוגמה"),
    ],
)
def test_every_title_becomes_a_name_that_slack_takes(title: str, name: str) -> None:
    found = list(names(title, 2**31))

    assert found[0] == name
    assert all(len(one) <= 80 and one == one.lower() and " " not in one for one in found)
    assert len(set(found)) == len(found)


# ── edits and long messages ──────────────────────────────────────────────────────────────────────────────────────────


def test_an_edit_changes_the_message_in_place(play: Play) -> None:
    async def scene(office: Office) -> None:
        first = await office.sends(office.post(Direct("U1"), "How was it?"))
        edit = replace(office.post(Direct("U1"), "Thank you"), edits=first, doubtful=True)
        assert await office.sends(edit) == first
        assert office.words(first.conversation) == ["Thank you"]

    play(scene)


def test_a_message_that_is_too_long_for_slack_goes_on_in_another_and_is_sent_once(play: Play) -> None:
    async def scene(office: Office) -> None:
        blocks = tuple(Button(f"Choice {n}", action("agenda", 17, n)) for n in range(400))
        post = Post("prompt:17:3", office.workspace, Direct("U1"), Message(blocks), lane_token=1)
        receipt = await office.sends(post)
        keys = [message.metadata["event_payload"]["key"] for message in office.fake.messages(receipt.conversation)]
        assert len(keys) > 1
        assert keys == [*(f"prompt:17:3#{n}" for n in range(1, len(keys))), "prompt:17:3"]
        assert receipt.message == office.fake.messages(receipt.conversation)[-1].ts

    play(scene)


# ── errors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("channel_not_found", "the private conversation is gone"),
        ("is_archived", "the account is closed, or the private conversation is"),
        ("user_not_found", "the account is unknown"),
        ("restricted_action", "does not let Circlet post"),
        ("msg_too_long", "no message as long"),
        ("missing_scope", "lacks a right"),
        ("something_new", "Slack refused it (something_new)"),
    ],
)
def test_what_slack_refuses_for_good_is_parked_with_a_reason_that_people_understand(
    play: Play, code: str, reason: str
) -> None:
    async def scene(office: Office) -> None:
        office.fake.faults.answer(code)
        with pytest.raises(DeliveryFailed) as refusal:
            await office.sends(office.post(Direct("U1")))
        assert reason in refusal.value.reason
        assert refusal.value.retry_at is None
        assert "Week 3" not in refusal.value.reason
        assert office.doubted == 0

    play(scene)


@pytest.mark.parametrize("code", ["account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"])
def test_a_post_whose_token_was_refused_is_tried_again_soon_with_a_token_that_was_made_sure_of(
    play: Play, code: str
) -> None:
    async def scene(office: Office) -> None:
        office.fake.faults.answer(code)
        with pytest.raises(DeliveryFailed, match="refuses Circlet's token") as refusal:
            await office.sends(office.post(Direct("U1")))
        assert refusal.value.retry_at == NOW + SOON
        assert office.doubted == 1

    play(scene)


@pytest.mark.parametrize(
    ("code", "lost"),
    [
        ("channel_not_found", "removed"),
        ("not_in_channel", "removed"),
        ("is_archived", "archived"),
        ("msg_too_long", None),
    ],
)
def test_a_post_tells_that_its_home_can_no_longer_be_written_to(play: Play, code: str, lost: str | None) -> None:
    async def scene(office: Office) -> None:
        office.fake.faults.answer(code, methods=("chat.postMessage",))
        with pytest.raises(DeliveryFailed) as refusal:
            await office.sends(office.post(replace(CIRCLE, conversation="C1")))
        assert refusal.value.lost == lost

    play(scene)


@pytest.mark.parametrize("known", [True, False])
def test_a_closed_account_is_told_of(play: Play, known: bool) -> None:
    async def scene(office: Office) -> None:
        if known:
            await office.sends(office.post(Direct("U1")))
        await office.fake.deactivates("U1")
        with pytest.raises(DeliveryFailed, match="the account is closed") as refusal:
            await office.sends(office.post(Direct("U1"), key="checkin:17:3:1"))
        assert refusal.value.left

    play(scene)


def test_a_home_is_told_of_in_other_words_than_a_private_conversation(play: Play) -> None:
    async def scene(office: Office) -> None:
        office.fake.faults.answer("is_archived")
        with pytest.raises(DeliveryFailed, match="the channel is archived") as refusal:
            await office.sends(office.post(replace(CIRCLE, conversation="C1")))
        assert not refusal.value.left

    play(scene)


def test_a_limit_is_waited_for_by_everybody_as_long_as_slack_says(play: Play) -> None:
    async def scene(office: Office) -> None:
        office.fake.faults.limit(next=1, methods=("chat.postMessage",), retry_after=17)
        with pytest.raises(DeliveryFailed) as refusal:
            await office.sends(office.post(Direct("U1")))
        assert refusal.value.retry_at == refusal.value.hold_until == NOW + timedelta(seconds=17)

    play(scene)


def test_where_nobody_answers_the_post_is_tried_again_without_a_doubt(play: Play) -> None:
    async def scene(office: Office) -> None:
        await office.courier().prepare(office.post(Direct("U1")), NOW)
        await office.fake.refuse_connections()
        with pytest.raises(DeliveryFailed, match="cannot be reached") as refusal:
            await office.sends(office.post(Direct("U1")))
        assert refusal.value.retry_at is not None

    play(scene)


@pytest.mark.parametrize("how", ["drop", "500", "504"])
def test_an_answer_that_is_lost_is_a_doubt_and_no_failure(play: Play, how: str) -> None:
    async def scene(office: Office) -> None:
        office.fake.faults.lose_answers(next=1, how=how)  # type: ignore[arg-type]
        with pytest.raises(DeliveryUnknown) as doubt:
            await office.sends(office.post(Direct("U1")))
        assert doubt.value.look_at == NOW + GLANCE
        assert office.words(office.fake.direct("U1")) == ["Week 3"]

    play(scene)


@pytest.mark.parametrize("code", ["fatal_error", "internal_error", "service_unavailable"])
def test_an_error_inside_slack_is_a_doubt(play: Play, code: str) -> None:
    async def scene(office: Office) -> None:
        office.fake.faults.answer(code)
        with pytest.raises(DeliveryUnknown):
            await office.sends(office.post(Direct("U1")))

    play(scene)


def test_trouble_before_anything_was_said_leaves_no_doubt(play: Play) -> None:
    async def scene(office: Office) -> None:
        office.fake.faults.fail(next=1, methods=("conversations.open",))
        with pytest.raises(DeliveryFailed) as refusal:
            await office.sends(office.post(Direct("U1")))
        assert refusal.value.retry_at is not None

    play(scene)


# ── doubts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def in_doubt(office: Office, *, arrived: bool) -> Post:
    """A post that was tried now; the worker does not know what came of it."""
    post = office.post(Direct("U1"))
    if arrived:
        await office.sends(post)
    else:
        await office.courier().prepare(post, office.at)
    return replace(post, doubtful=True, tried=office.at)


@pytest.mark.parametrize("arrived", [True, False])
def test_where_history_was_granted_a_doubt_is_looked_up(play: Play, arrived: bool) -> None:
    async def scene(office: Office) -> None:
        post = await in_doubt(office, arrived=arrived)
        office.at += GLANCE
        receipt = await office.sends(post)
        (message,) = office.fake.messages(receipt.conversation)
        assert message.ts == receipt.message

    play(scene, (*LEAST, *HISTORY))


def test_of_a_long_message_only_what_is_missing_is_sent(play: Play) -> None:
    async def scene(office: Office) -> None:
        blocks = tuple(Button(f"Choice {n}", action("agenda", 17, n)) for n in range(400))
        post = Post("prompt:17:3", office.workspace, Direct("U1"), Message(blocks), lane_token=1)
        whole = await office.sends(post)
        first, *rest = office.fake.messages(whole.conversation)
        for message in rest:
            del office.fake.channels[whole.conversation].messages[message.ts]
        office.at += GLANCE
        await office.sends(replace(post, doubtful=True, tried=NOW))
        assert len(office.fake.messages(whole.conversation)) == 1 + len(rest)
        assert office.fake.messages(whole.conversation)[0].ts == first.ts

    play(scene, (*LEAST, *HISTORY))


def test_a_limit_on_looking_holds_up_no_posting(play: Play) -> None:
    async def scene(office: Office) -> None:
        post = await in_doubt(office, arrived=True)
        office.at += GLANCE
        office.fake.faults.limit(next=1, methods=("conversations.history",), retry_after=60)
        with pytest.raises(DeliveryUnknown) as doubt:
            await office.sends(post)
        assert doubt.value.look_at == office.at + timedelta(seconds=60)

    play(scene, (*LEAST, *HISTORY))


def test_without_history_slack_gets_the_time_to_tell_of_it_by_itself(play: Play) -> None:
    async def scene(office: Office) -> None:
        post = await in_doubt(office, arrived=True)
        office.at += GLANCE
        with pytest.raises(DeliveryUnknown) as doubt:
            await office.sends(post)
        assert doubt.value.look_at == NOW + TOLD_WITHIN
        assert len(office.words(office.fake.direct("U1"))) == 1

    play(scene)


@pytest.mark.parametrize(("unheard", "messages"), [(True, 1), (False, 0)])
def test_after_that_time_its_silence_counts_only_where_it_was_heard_of_others(
    play: Play, unheard: bool, messages: int
) -> None:
    async def scene(office: Office) -> None:
        post = replace(await in_doubt(office, arrived=False), unheard=unheard)
        office.at += TOLD_WITHIN
        if unheard:
            await office.sends(post)
        else:
            with pytest.raises(DeliveryUnknown) as doubt:
                await office.sends(post)
            assert doubt.value.look_at is None
        assert len(office.words(office.fake.direct("U1"))) == messages

    play(scene)


# ── the pace, and two workers ────────────────────────────────────────────────────────────────────────────────────────


def test_posts_to_one_channel_are_a_second_apart_and_others_need_not_wait(play: Play) -> None:
    async def scene(office: Office) -> None:
        office.fake.rates.on = True
        courier = office.courier(paced=True)
        for n, person in enumerate(("U1", "U1", "U2", "U1")):
            await courier.send(office.post(Direct(person), key=f"checkin:17:{n}"), office.at)
        assert office.at == NOW + timedelta(seconds=2)

    play(scene)


def test_whoever_would_wait_long_is_put_off_and_in_no_doubt(play: Play) -> None:
    async def scene(office: Office) -> None:
        courier = office.courier(paced=True)
        made = [Home(n, None, f"Circle {n}", "circle", ("U1",)) for n in range(21)]
        for home in made[:20]:
            await courier.prepare(office.post(home, key=f"opening:{home.group}"), office.at)
        with pytest.raises(DeliveryFailed) as late:
            await courier.prepare(office.post(made[20], key="opening:20"), office.at)
        assert late.value.retry_at is not None
        assert late.value.retry_at > office.at + PATIENCE
        assert late.value.hold_until is None

    play(scene)


def test_what_one_worker_is_told_to_wait_the_other_waits_too(play: Play) -> None:
    async def scene(office: Office) -> None:
        bot = office.bot
        queue(office, 3)
        office.fake.faults.limit(next=1, methods=("chat.postMessage",), retry_after=30)

        async def works(worker: str) -> int:
            return await drain(bot, office.courier(), office.workspace, worker, office.now)

        before = await works("one")
        assert before < 3
        assert bot.plan(office.at).workspaces == ()
        assert bot.plan(office.at).next == office.at + timedelta(seconds=30)
        for _ in range(29):
            office.at += timedelta(seconds=1)
            assert await works("two") == 0
        office.at += timedelta(seconds=1)
        assert before + await works("two") == 3
        assert [row.state for row in rows(office)] == ["sent"] * 3

    play(scene)


def test_a_crash_leaves_only_those_in_doubt_that_were_begun(play: Play) -> None:
    async def scene(office: Office) -> None:
        bot = office.bot
        queue(office, 3)
        lane = bot.open_lane(office.workspace, "one", office.at)
        assert lane is not None
        first, *_ = bot.claim(lane, office.at, 50, begun=False)
        assert bot.begin(lane, [first], office.at) == (first,)
        office.at += LEASE
        await drain(bot, office.courier(), office.workspace, "two", office.now)
        assert sorted(row.state for row in rows(office)) == ["planned", "sent", "sent"]
        (left,) = (row for row in rows(office) if row.state == "planned")
        assert (left.key, left.doubtful) == (first.key, True)

    play(scene)


def queue(office: Office, count: int) -> None:
    """A circle in C1, and a note in private to so many people about it."""
    with office.store.begin() as connection:
        staff = [people.meet(connection, Actor(office.workspace, f"U{n}", f"U{n}", "Europe/Berlin")) for n in (1, 2, 3)]
    core = Core(office.bot, office.store, office.workspace, tuple(staff))
    with office.store.begin() as connection:
        group = groups.create(connection, core.group("Tuesday", "C1"), office.at)
        dues = [
            Due(f"looks-after:{group.id}:{staff[0].id}:{n}", office.workspace, office.at, None, group.id, staff[n].id)
            for n in range(count)
        ]
        outbox.queue(connection, dues, office.at)


def rows(office: Office) -> list[outbox.Row]:
    with office.store.begin() as connection:
        keys = connection.execute(select(outbox.outbox.c.key)).scalars().all()
        return list(outbox.find(connection, office.workspace, keys).values())


def test_where_things_are_is_kept_for_each_workspace_alone(store: Store) -> None:
    with store.begin() as connection:
        one, two = (people.workspace_id(connection, "slack", team, team) for team in ("T1", "T2"))
        places.keep(connection, one, "direct:U1", "D1", ())
        assert places.find(connection, one, "direct:U1") == ("D1", frozenset())
        assert places.find(connection, two, "direct:U1") is None
        assert places.taken(connection, two) == frozenset()
        places.forget(connection, two, "direct:U1")
        assert places.taken(connection, one) == {"D1"}


# ── what is learnt between two workers ───────────────────────────────────────────────────────────────────────────────


@dataclass
class Turns:
    """A courier that sends one post and then lets another worker go on."""

    courier: SlackCourier
    done: bool = False
    at_once: int = 1

    def taken_over(self, workspace: int, since: datetime) -> None:
        self.courier.taken_over(workspace, since)

    async def prepare(self, post: Post, now: datetime) -> Receipt | None:
        return await self.courier.prepare(post, now)

    async def send(self, post: Post, now: datetime) -> Receipt:
        self.done = True
        return await self.courier.send(post, now)


def test_two_workers_who_take_turns_keep_to_one_budget(play: Play) -> None:
    async def scene(office: Office) -> None:
        office.fake.rates.on = True
        queue(office, 3)
        with office.store.begin() as connection:
            first = connection.execute(select(outbox.outbox.c.person_id)).scalars().first()
            connection.execute(outbox.outbox.update().values(person_id=first))
        couriers = [office.courier(paced=True) for _ in range(2)]
        for number in range(3):
            turn = Turns(couriers[number % 2])
            worker = f"worker {number % 2}"
            await drain(office.bot, turn, office.workspace, worker, office.now, lambda one=turn: one.done)  # type: ignore[misc]
        assert [row.state for row in rows(office)] == ["sent"] * 3
        assert {call.answer.get("error") for call in office.fake.calls} == {None}
        with office.store.begin() as connection:
            assert connection.execute(select(lanes.lanes.c.hold_until)).scalar_one() is None
        assert timedelta(seconds=2) <= office.at - NOW <= timedelta(seconds=5)

    play(scene)


def test_the_parts_of_a_long_message_keep_to_the_pace_too(play: Play) -> None:
    async def scene(office: Office) -> None:
        office.fake.rates.on = True
        blocks = tuple(Button(f"Choice {n}", action("agenda", 17, n)) for n in range(400))
        post = Post("prompt:17:3", office.workspace, Direct("U1"), Message(blocks), lane_token=1)
        receipt = await office.courier(paced=True).send(post, office.at)
        parts = len(office.fake.messages(receipt.conversation))
        assert parts > 1
        assert office.at - NOW >= timedelta(seconds=parts - 1)

    play(scene)


def test_preparing_ends_in_time_however_slow_slack_is(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(office: Office) -> None:
        monkeypatch.setattr(send, "TIMEOUT", 0.2)
        office.fake.faults.slow(5, next=1, methods=("conversations.open",))
        with pytest.raises(DeliveryFailed, match="cannot be reached") as late:
            await office.courier().prepare(office.post(Direct("U1")), office.at)
        assert late.value.retry_at is not None

    play(scene)


def test_where_history_may_be_read_in_one_kind_of_conversation_it_is_not_given_up_in_others(play: Play) -> None:
    async def scene(office: Office) -> None:
        courier = office.courier()
        private, circle = office.post(Direct("U1")), office.post(replace(CIRCLE, conversation="C1"), key="prompt:17:4")
        receipt = await courier.send(circle, office.at)
        await courier.send(private, office.at)
        office.at += GLANCE
        with pytest.raises(DeliveryUnknown):
            await courier.send(replace(private, doubtful=True, tried=NOW), office.at)
        assert await courier.send(replace(circle, doubtful=True, tried=NOW), office.at) == receipt

    play(scene, (*LEAST, "channels:history"))
