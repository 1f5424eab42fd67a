"""Posts to Teams: where they go, what becomes of an error, and what is done about a doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random  # noqa: TID251  # a fixed seed

import pytest
from aiohttp import ClientSession

from adapters.delivery.courier import DeliveryFailed, DeliveryUnknown
from adapters.delivery.pace import Pace
from adapters.teams import send
from adapters.teams.connector import Connector, NoToken, Refused
from adapters.teams.homes import Homes
from adapters.teams.not_added import NotAdded
from adapters.teams.profiles import Account
from adapters.teams.refusals import LATER, LONGEST, MOST_TRIES, backoff, refused
from adapters.teams.send import Credentials, TeamsCourier
from adapters.teams.speaking import BUDGETS, Into, Speaker, TooFast, thread
from adapters.teams.store import References, Talk, Tenant
from bot.guides.rules import Guides
from bot.markup import literal
from bot.messages import Direct, Home, Message, Post, Receipt, Text
from bot.people import store as people
from bot.storage import Store
from tests.fakes.teams import FakeTeams
from tests.fakes.teams.fake import CHAT, PEOPLE
from tests.teams.test_wire import ASKED, founded
from tests.teams.wire import Stage, play

NOW = datetime(2026, 12, 7, 8, tzinfo=UTC)
IN_CHAT = Home(17, CHAT, "North", "circle", tuple(PEOPLE))
LONG = "\n".join(f"Line {number} of what the five of them decided to do" for number in range(3000))


@dataclass
class Office:
    """A courier, and the fake that it talks to."""

    fake: FakeTeams
    speaker: Speaker
    courier: TeamsCourier
    workspace: int

    def post(self, address: Home | Direct = IN_CHAT, text: str = "Week 3", **more: object) -> Post:
        key = str(more.pop("key", "prompt:17:3"))
        return Post(key, self.workspace, address, Message((Text(literal(text)),)), lane_token=1, **more)  # type: ignore[arg-type]

    def to(self, key: str) -> Direct:
        return Direct(self.fake.world.users[key].aad)

    async def fails(self, post: Post) -> DeliveryFailed:
        with pytest.raises(DeliveryFailed) as raised:
            await self.courier.send(post, NOW)
        return raised.value

    async def doubts(self, post: Post) -> DeliveryUnknown:
        with pytest.raises(DeliveryUnknown) as raised:
            await self.courier.send(post, NOW)
        return raised.value


def at_work(store: Store, scene: Callable[[Office], Awaitable[None]]) -> None:
    async def run() -> None:
        with store.begin() as connection:
            workspace = people.workspace_id(connection, "teams", "T", "Acme")
        async with asyncio.timeout(30), FakeTeams() as fake, ClientSession() as session:
            login = fake.settings["teams_login_url"]
            tokens = Credentials(fake.app_id, fake.password, fake.world.tenant, login, lambda: NOW)
            references = References(store)
            speaker = Speaker(Connector(session, tokens), references, Pace(BUDGETS, lambda: NOW, on=False))
            tenant = Tenant(workspace, fake.world.tenant, fake.service_url, fake.bot_id)
            who = [Account(one.aad, one.id, one.name) for one in fake.world.users.values()]
            references.heard(tenant, Talk(workspace, CHAT, "groupChat", fake.service_url), who)
            homes = Homes(speaker, lambda _, __: False)
            courier = TeamsCourier(speaker, homes, NotAdded(speaker), Random(1))
            await scene(Office(fake, speaker, courier, workspace))
            assert fake.complaints == []

    asyncio.run(run())


# ── what arrives ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_post_stands_where_its_receipt_says_and_is_changed_there(store: Store) -> None:
    async def scene(office: Office) -> None:
        receipt = await office.courier.send(office.post(), NOW)
        (said,) = office.fake.messages(CHAT)
        assert receipt == Receipt(CHAT, said.id)
        assert await office.courier.send(office.post(text="Week 4", edits=receipt), NOW) == receipt
        assert "Week 4" in said.words()
        assert said.updates == 1

    at_work(store, scene)


def test_a_chat_is_made_once_for_each_person(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        for number in range(3):
            await office.courier.send(office.post(office.to("ana"), key=f"nudge:17:{number}"), NOW)
        assert len(office.fake.messages(office.fake.chat("ana"))) == 3
        assert [method for method, *_ in office.fake.calls].count("create") == 1

    at_work(sqlite_store, scene)


def test_what_is_long_is_several_messages_and_none_of_them_twice(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        office.fake.faults.limit(next=1, methods=["post"])
        post = office.post(text=LONG)
        await office.fails(post)
        assert not office.fake.messages(CHAT)
        office.fake.faults.told.clear()
        _second_is_refused(office.fake)
        await office.fails(post)
        assert len(office.fake.messages(CHAT)) == 1
        await office.courier.send(post, NOW)
        first = [said.words() for said in office.fake.messages(CHAT)]
        assert len(first) == len(set(first)) > 1

    at_work(sqlite_store, scene)


def _second_is_refused(fake: FakeTeams) -> None:
    """The first post passes; the second is told to wait."""
    posts = count(1)

    def watch(method: str) -> None:
        if method == "post" and next(posts) == 2:
            fake.faults.limit(next=1, methods=["post"])

    fake.watch = watch


# ── what does not ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_429_holds_the_whole_lane_for_as_long_as_teams_says(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        office.fake.faults.limit(next=1, methods=["post"], retry_after=17)
        failure = await office.fails(office.post())
        assert failure.retry_at == failure.hold_until == NOW + timedelta(seconds=17)

    at_work(sqlite_store, scene)


def test_412_is_tried_again_later_each_time(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        office.fake.faults.answer("412 PreconditionFailed", methods=["post"])
        waits = []
        for _ in range(MOST_TRIES):
            failure = await office.fails(office.post())
            assert failure.retry_at is not None
            assert failure.hold_until is None
            waits.append((failure.retry_at - NOW).total_seconds())
        assert waits[-1] > waits[2] > waits[0]
        assert (await office.fails(office.post())).retry_at is None

    at_work(sqlite_store, scene)


def test_two_never_come_back_at_the_same_moment() -> None:
    chance = Random(7)
    waits = {backoff(3, chance) for _ in range(50)}
    assert len(waits) == 50
    assert all(timedelta(seconds=8) <= wait <= timedelta(seconds=16) for wait in waits)
    assert backoff(1000, chance) <= timedelta(seconds=LONGEST)


@pytest.mark.parametrize("error", ["403 BotNotInConversationRoster", "404 ConversationNotFound", "403 SomethingNew"])
def test_a_home_that_is_lost_parks_with_a_reason_and_says_so(sqlite_store: Store, error: str) -> None:
    async def scene(office: Office) -> None:
        office.fake.faults.answer(error, methods=["post"])
        failure = await office.fails(office.post())
        assert failure.retry_at is None
        assert failure.lost is not None
        assert "Circlet" in failure.reason
        assert error in failure.reason
        # It is news once.
        assert (await office.fails(office.post(key="prompt:17:4"))).lost is None

    at_work(sqlite_store, scene)


def test_a_token_that_teams_refuses_is_exchanged_once(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        await office.courier.send(office.post(), NOW)
        given = office.fake.tokens_given
        office.fake.bearer = "bearer-2"
        await office.courier.send(office.post(key="prompt:17:4"), NOW)
        await office.courier.send(office.post(key="prompt:17:5"), NOW)
        assert office.fake.tokens_given == given + 1

    at_work(sqlite_store, scene)


def test_a_password_that_has_run_out_holds_everything_and_loses_nothing(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        office.fake.password = "another one by now"
        failure = await office.fails(office.post())
        assert failure.retry_at == failure.hold_until == NOW + LATER
        assert "AADSTS7000215" in failure.reason
        assert "secret" not in failure.reason
        assert "Invalid" not in failure.reason

    at_work(sqlite_store, scene)


@pytest.mark.parametrize("status", [400, 413, 405, 422])
def test_what_teams_will_never_take_is_parked(status: int) -> None:
    failure = refused(Refused(status, "BadSyntax"), NOW, 0, Random(1))
    assert (failure.retry_at, failure.hold_until, failure.lost) == (None, None, None)


def test_a_refusal_that_names_no_time_or_nonsense_is_waited_for_all_the_same() -> None:
    for named in ("", "soon", "-5", "1e9"):
        failure = refused(Refused(429, "", named), NOW, 0, Random(1))
        assert failure.retry_at is not None
        assert NOW <= failure.retry_at <= NOW + timedelta(hours=1)
    assert refused(NoToken("AADSTS1"), NOW, 0, Random(1)).hold_until is not None


# ── what nobody knows ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("how", ["drop", "502", "503", "504"])
def test_a_prompt_in_doubt_is_parked_and_its_facilitator_sends_it_again(
    sqlite_store: Store, guides: Guides, how: str
) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        await stage.until("2026-12-06T20:00:00+00:00")
        stage.fake.faults.lose_answers(next=1, methods=["post"], how=how)  # type: ignore[arg-type]
        await stage.until("2026-12-07T07:30:00+00:00")
        (row,) = stage.rows("prompt")
        assert row["state"] == "parked"
        assert "did not say whether it arrived" in row["reason"]
        ana = stage.person("ana")
        assert ana.screen(home).count("Set-up week: ") == 1
        await ana.presses("Post Set-up week")
        assert ana.screen(home).count("Set-up week: ") == 2
        assert stage.rows("prompt")[0]["state"] == "sent"

    play(sqlite_store, guides, scene)


def test_a_private_post_in_doubt_is_sent_once_more_and_then_let_go(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        def said(words: str) -> list[int]:
            return [stage.person(key).screen().count(words) for key in PEOPLE]

        await founded(stage)
        await stage.until("2026-12-08T08:00:00+00:00")
        stage.fake.faults.lose_answers(next=2, methods=["post"], how="502")
        await stage.until(ASKED)
        asked = stage.rows("checkin")
        assert sorted(row["attempts"] for row in asked) == [1, 1, 1, 2, 2]
        assert {row["state"] for row in asked} == {"sent"}
        # What was in doubt had arrived, as it happens: so two of them have it twice, and nobody more often.
        assert sorted(said("How was Set-up week?")) == [1, 1, 1, 2, 2]
        stage.fake.faults.lose_answers(methods=["post"], how="502")
        for minute in range(3):
            await stage.until(f"2026-12-10T15:0{minute}:00+00:00")
        nudges = [row for row in stage.rows("nudge") if row["attempts"]]
        assert {(row["state"], row["attempts"]) for row in nudges} == {("dropped", 2)}
        assert sorted(said("One tap is enough")) == [0] * (5 - len(nudges)) + [2] * len(nudges)
        assert nudges

    play(sqlite_store, guides, scene)


def test_a_worker_that_died_leaves_a_prompt_in_doubt_and_a_nudge_to_be_said_once_more(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        doubt = await office.doubts(office.post(doubtful=True, tried=NOW))
        assert doubt.look_at is None
        assert not office.fake.calls
        await office.courier.send(office.post(key="nudge:17:1", doubtful=True, tried=NOW, repeatable=True), NOW)
        assert len(office.fake.messages(CHAT)) == 1

    at_work(sqlite_store, scene)


def test_a_connector_that_does_not_answer_in_time_leaves_a_doubt(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert send.TIMEOUT < 10
    monkeypatch.setattr(send, "TIMEOUT", 0.05)

    async def scene(office: Office) -> None:
        office.fake.faults.slow(1, methods=["post"])
        doubt = await office.doubts(office.post())
        assert doubt.look_at is None
        assert (await office.doubts(office.post(key="nudge:17:1", repeatable=True))).look_at is not None

    at_work(sqlite_store, scene)


def test_a_connector_that_is_not_there_leaves_none(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        office.speaker.remember(Into(office.workspace, "http://127.0.0.1:9/", CHAT))
        for _ in range(MOST_TRIES + 5):
            assert (await office.fails(office.post())).retry_at is not None

    at_work(sqlite_store, scene)


def test_changing_a_message_twice_is_changing_it_once(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        receipt = await office.courier.send(office.post(), NOW)
        office.fake.faults.lose_answers(next=1, methods=["update"], how="502")
        failure = await office.fails(office.post(text="Week 4", edits=receipt))
        assert failure.retry_at is not None
        await office.courier.send(office.post(text="Week 4", edits=receipt, doubtful=True, tried=NOW), NOW)
        assert len(office.fake.messages(CHAT)) == 1

    at_work(sqlite_store, scene)


# ── the pace ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Simulated:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def _times(turns: int, where: Callable[[int], Into]) -> list[float]:
    """When so many may speak, one after the other, in seconds."""
    time = Simulated()

    async def run() -> list[float]:
        speaker = Speaker(None, None, Pace(BUDGETS, time.now, time.sleep))  # type: ignore[arg-type]
        found = []
        for number in range(turns):
            await speaker.turn(1, thread(where(number)), patience=timedelta(hours=2))
            found.append((time.at - NOW).total_seconds())
        return found

    return asyncio.run(run())


def _most_within(times: list[float], seconds: float) -> int:
    return max(sum(start <= one < start + seconds for one in times) for start in times)


def test_a_thread_takes_seven_a_second_eight_in_two_sixty_in_thirty_and_1800_an_hour() -> None:
    times = _times(1900, lambda _: Into(1, "", CHAT))
    for most, seconds in ((7, 1), (8, 2), (60, 30), (1800, 3600)):
        assert _most_within(times, seconds) <= most
    assert _most_within(times, 2) == 8
    assert times[60] <= 31


def test_a_tenant_takes_fifty_a_second_and_gets_more_than_forty_five() -> None:
    times = _times(2000, lambda number: Into(1, "", f"19:{number}"))
    assert _most_within(times, 1) <= 50
    assert 2000 / times[-1] >= 45


def test_whoever_would_wait_for_too_long_lets_others_go_first() -> None:
    time = Simulated()

    async def run() -> None:
        speaker = Speaker(None, None, Pace(BUDGETS, time.now, time.sleep))  # type: ignore[arg-type]
        for _ in range(60):
            await speaker.turn(1, thread(Into(1, "", CHAT)), patience=timedelta(hours=1))
        with pytest.raises(TooFast) as raised:
            await speaker.turn(1, thread(Into(1, "", CHAT)), patience=timedelta(seconds=4))
        assert raised.value.later > time.at

    asyncio.run(run())
