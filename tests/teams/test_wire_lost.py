"""What goes wrong on the way: messages that are gone, threads that were begun, tokens, and how long it may take."""

from __future__ import annotations

import asyncio
from random import Random  # noqa: TID251  # a fixed seed

import pytest

from adapters.teams import send
from adapters.teams.connector import Refused
from adapters.teams.refusals import refused, unknown
from adapters.teams.saying import _last_of_each
from adapters.teams.store import Talk
from bot.guides.rules import Guides
from bot.messages import Home, Receipt
from bot.storage import Store
from tests.fakes.teams.fake import CHAT, GENERAL, TEAM
from tests.teams.test_wire import founded
from tests.teams.test_wire_send import LONG, NOW, Office, _second_is_refused, at_work
from tests.teams.wire import Stage, play

# ── a message that is gone ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_groups_message_that_was_deleted_is_said_anew_and_its_home_is_not_lost(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        receipt = await office.courier.send(office.post(), NOW)
        office.fake.world.messages.clear()
        anew = await office.courier.send(office.post(text="Week 4", edits=receipt), NOW)
        (said,) = office.fake.messages(CHAT)
        assert "Week 4" in said.words()
        assert anew == Receipt(CHAT, said.id) != receipt

    at_work(sqlite_store, scene)


def test_one_persons_message_that_was_deleted_stays_so(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        receipt = await office.courier.send(office.post(office.to("ana")), NOW)
        office.fake.world.messages.clear()
        failure = await office.fails(office.post(office.to("ana"), edits=receipt))
        assert (failure.retry_at, failure.lost) == (None, None)
        assert "is gone" in failure.reason
        assert not office.fake.world.messages

    at_work(sqlite_store, scene)


@pytest.mark.parametrize("error", ["404 ActivityNotFoundInConversation", "403 BotNotInConversationRoster"])
def test_a_change_that_cannot_be_made_says_nothing_of_the_home(sqlite_store: Store, error: str) -> None:
    async def scene(office: Office) -> None:
        receipt = await office.courier.send(office.post(), NOW)
        office.fake.faults.answer(error, methods=["update", "post"])
        assert (await office.fails(office.post(text="Week 4", edits=receipt))).lost is None
        talk = office.speaker.references.talk(office.workspace, CHAT)
        assert talk is not None
        assert talk.present

    at_work(sqlite_store, scene)


# ── what is in several parts ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_thread_that_was_begun_is_gone_on_with(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        references, world = office.speaker.references, office.fake.world
        references.gone(office.workspace, [CHAT])
        references.opened(Talk(office.workspace, GENERAL, "channel", office.fake.service_url, TEAM))
        home = Home(17, None, "North", "circle", tuple(user.aad for user in world.users.values()))
        office.fake.faults.limit(next=1, methods=["post"])
        post = office.post(home, text=LONG)
        await office.fails(post)
        assert len(world.messages) == 1
        receipt = await office.courier.send(post, NOW)
        threads = {said.conversation for said in world.messages}
        words = [said.words() for said in world.messages]
        assert threads == {receipt.conversation}
        assert len(words) == len(set(words)) > 2
        assert all(f"Line {number} of" in "\n".join(words) for number in range(3000))
        assert receipt.message == world.messages[-1].id

    at_work(sqlite_store, scene)


def test_of_many_parts_the_last_stands_for_them_all() -> None:
    noted = {f"ana#{number}": Receipt("a:ana", str(number)) for number in range(12)}
    others = {"ben#0": Receipt("a:ben", "0"), "cleo!": Receipt("", "")}
    assert list(_last_of_each(noted | others)) == [Receipt("a:ana", "11"), Receipt("a:ben", "0")]


def test_parts_that_wait_for_teams_arrive_in_their_order(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        _second_is_refused(office.fake)
        post = office.post(text=LONG)
        await office.fails(post)
        await office.courier.send(post, NOW)
        words = "\n".join(said.words() for said in office.fake.messages(CHAT))
        found = [words.index(f"Line {number} of") for number in range(3000)]
        assert found == sorted(found)

    at_work(sqlite_store, scene)


# ── what the connector says ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [408, 501, 502, 503, 504, 505, 507, 520, 522, 524])
def test_whatever_stood_between_may_have_let_it_through_and_it_passes(status: int) -> None:
    assert unknown(Refused(status))
    assert refused(Refused(status), NOW, 0, Random(1)).retry_at is not None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 413, 423, 429, 500])
def test_what_the_connector_itself_refuses_has_not_arrived(status: int) -> None:
    assert not unknown(Refused(status))


def test_making_ready_ends_in_time_too(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send, "TIMEOUT", 0.05)

    async def scene(office: Office) -> None:
        office.fake.faults.slow(1, methods=["create"])
        failure = await office.fails(office.post(office.to("ana")))
        assert failure.retry_at is not None
        assert failure.lost is None

    at_work(sqlite_store, scene)


def test_many_whose_token_is_refused_at_once_fetch_one(sqlite_store: Store) -> None:
    async def scene(office: Office) -> None:
        await office.courier.send(office.post(), NOW)
        given = office.fake.tokens_given
        office.fake.bearer = "bearer-2"
        # All of them are under way with the old one when the first is refused.
        office.fake.faults.slow(0.2, methods=["post"])
        posts = [office.post(key=f"prompt:17:{number}") for number in range(50)]
        await asyncio.gather(*(office.courier.send(post, NOW) for post in posts))
        assert office.fake.tokens_given == given + 1

    at_work(sqlite_store, scene)


def test_that_teams_wants_to_hear_less_is_kept_for_everybody_whoever_was_told(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        ana = stage.person("ana")
        stage.fake.faults.limit(next=1, methods=["post"], retry_after=120)
        await stage.until("2026-12-06T20:00:00+00:00")
        await ana.says("help")
        stage.fake.faults.clear()
        asked = stage.time
        workspace = stage.bot.workspace("teams", stage.fake.world.tenant, "")
        assert await asyncio.to_thread(stage.bot.open_lane, workspace, "somebody", asked) is None
        await stage.until("2026-12-07T07:30:00+00:00")
        assert ana.screen(home).count("Set-up week: ") == 1

    play(sqlite_store, guides, scene)


@pytest.mark.parametrize("how", ["412", "slow"])
def test_a_prompt_that_teams_takes_late_arrives_once(sqlite_store: Store, guides: Guides, how: str) -> None:
    async def scene(stage: Stage) -> None:
        home = await founded(stage)
        await stage.until("2026-12-06T20:00:00+00:00")
        if how == "412":
            stage.fake.faults.answer("412 PreconditionFailed", next=3, methods=["post"])
        else:
            stage.fake.faults.slow(0.3, next=3, methods=["post"])
        for minute in range(4):
            await stage.until(f"2026-12-07T08:3{minute}:00+00:00")
        assert stage.person("ana").screen(home).count("Set-up week: ") == 1
        (row,) = stage.rows("prompt")
        assert (row["state"], row["attempts"]) == ("sent", 4 if how == "412" else 1)

    play(sqlite_store, guides, scene)
