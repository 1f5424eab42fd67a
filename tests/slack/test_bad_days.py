"""A bad day in Slack over the wire: a database that is away, a cold process, people whose leaving was missed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from adapters.slack.installations import NotInstalled, SingleTokens
from bot.guides.rules import Guides
from bot.storage import Store
from tests.fakes.slack.world import APP_ID
from tests.slack.stage import FRIDAY, Stage, play

CREATE = '/circle create "North" @ana @ben @cleo @dan --guide peer-circle --on mon 10:00 --start 2026-12-07'
INVITE = "invite:1:2:1"


@contextmanager
def away(store: Store, table: str) -> Iterator[None]:
    """The database is there, and whoever asks for this table is told that it is not."""
    with store.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_away"))
    try:
        yield
    finally:
        with store.begin() as connection:
            connection.execute(text(f"ALTER TABLE {table}_away RENAME TO {table}"))


@pytest.fixture
def locked(sqlite_store: Store) -> Iterator[Any]:
    """The database, with a lock on it for as long as the block lasts."""
    other = create_engine(sqlite_store.engine.url)

    @contextmanager
    def lock() -> Iterator[None]:
        with other.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield
            connection.exec_driver_sql("ROLLBACK")

    yield lock
    other.dispose()


def row(store: Store, key: str) -> Any:
    with store.begin() as connection:
        found = connection.execute(text("SELECT state, reason, message FROM outbox WHERE key = :key"), {"key": key})
        return found.one()


# ── that a post stands ───────────────────────────────────────────────────────────────────────────────────────────────


async def unknown_post(stage: Stage) -> dict[str, Any]:
    """An invitation that arrived, without anybody's telling us; what Slack's event will say of it."""
    stage.fake.faults.lose_answers(methods=("chat.postMessage",))
    stage.fake.world.subscriptions.discard("message_metadata_posted")
    await stage.person("U1").types(CREATE, "C1")
    stage.fake.world.subscriptions.add("message_metadata_posted")
    key = {"event_type": "circlet_post", "event_payload": {"key": INVITE}}
    where = {"channel_id": stage.fake.direct("U2"), "message_ts": stage.fake.messages(stage.fake.direct("U2"))[-1].ts}
    return {"app_id": APP_ID, "bot_id": "B1", "user_id": "U1BOT", "team_id": "T1", "metadata": key, **where}


@pytest.mark.parametrize("way", ["http", "socket"])
def test_a_receipt_that_could_not_be_kept_is_not_acknowledged_and_comes_again(
    sqlite_store: Store, guides: Guides, way: str
) -> None:
    async def scene(stage: Stage) -> None:
        told = await unknown_post(stage)
        stage.fake.events.retry_delays = ()
        stage.fake.wire.patience = 3.0 if way == "http" else 1.0
        with away(sqlite_store, "outbox"):
            first = await stage.fake.happens("T1", "message_metadata_posted", **told)
        assert not first.ok
        assert first.status == (503 if way == "http" else 0)
        assert row(sqlite_store, INVITE).message is None
        envelope, _ = stage.fake.events.delivered[-1]
        for again in (1, 2):
            assert (await stage.fake.wire.send("events_api", envelope, again)).ok
        assert row(sqlite_store, INVITE).message == told["message_ts"]

    play(sqlite_store, guides, scene, way=way)


def test_a_database_that_does_not_answer_in_time_counts_as_one_that_is_away(
    sqlite_store: Store, guides: Guides, locked: Any
) -> None:
    async def scene(stage: Stage) -> None:
        told = await unknown_post(stage)
        stage.fake.events.retry_delays = ()
        with locked():
            first = await stage.fake.happens("T1", "message_metadata_posted", **told)
        assert (first.status, first.latency < 3) == (503, True)

    play(sqlite_store, guides, scene)


def test_what_failed_once_is_done_when_slack_sends_it_again(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        await stage.person("U1").types("/circle settings")
        with away(sqlite_store, "people"):
            await stage.fake.changes("U1", name="Ana Maria")
            await stage.settles()
        envelope, _ = stage.fake.events.delivered[-1]
        assert (await stage.fake.wire.send("events_api", envelope, 1)).ok
        await stage.settles()
        with sqlite_store.begin() as connection:
            assert connection.execute(text("SELECT name FROM people")).scalar_one() == "Ana Maria"

    play(sqlite_store, guides, scene)


# ── a form in time ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_modal_opens_in_time_though_nobody_has_asked_before_and_the_database_is_slow(
    sqlite_store: Store, guides: Guides, locked: Any
) -> None:
    async def scene(stage: Stage) -> None:
        loop = asyncio.get_running_loop()
        with locked():
            begun = loop.time()
            assert (await stage.fake.types("U1", "C1", "/circle create")).ok
            await stage.fake.until(lambda: stage.fake.views("U1"), 3)
            assert loop.time() - begun < 3
        await stage.settles()
        assert stage.person("U1").modal["title"]["text"] == "Start a circle"
        assert len(stage.fake.views("U1")) == 1

    play(sqlite_store, guides, scene)


def test_what_overtakes_its_own_acknowledgement_is_shown_once_more(
    sqlite_store: Store, guides: Guides, locked: Any
) -> None:
    async def scene(stage: Stage) -> None:
        ana = stage.person("U1")
        await ana.types("/circle create", "C1")
        stage.fake.shows_after = "views.update"
        with locked():
            sending = asyncio.create_task(
                stage.fake.submits("U1", stage.fake.views("U1")[-1].id, {"name": "North", "people": ["U2"]})
            )
            await stage.fake.until(lambda: stage.fake.not_shown)
        await sending
        await stage.settles()
        assert ana.modal["title"]["text"] == "Start a circle"
        assert "at least 3 people" in str(ana.modal)

    play(sqlite_store, guides, scene)


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def north(stage: Stage) -> None:
    await stage.person("U1").types(CREATE, "C1")
    for person in stage.people("U2", "U3", "U4"):
        await person.presses("Yes, I'm in")


@pytest.mark.parametrize("error", ["is_archived", "is_inactive", "user_disabled"])
def test_somebody_whose_leaving_was_missed_leaves_with_the_next_private_message(
    store: Store, guides: Guides, error: str
) -> None:
    async def scene(stage: Stage) -> None:
        await north(stage)
        stage.fake.people["U3"].deleted = True
        where = stage.fake.direct("U3")
        assert where
        await stage.until("2026-12-07T07:30:00+00:00")
        if error != "is_archived":
            # The fake's own word for a closed account is another: this is what Slack may say as well.
            stage.fake.faults.answer(error, next=1, methods=("chat.postMessage",))
        await stage.until("2026-12-09T12:00:00+00:00")
        await stage.person("U1").types("/circle roster", "C1")
        assert "cleo" not in stage.person("U1").messages("C1")[-1].text
        with store.begin() as connection:
            theirs = "SELECT DISTINCT state FROM outbox o JOIN people p ON p.id = o.person_id WHERE p.external = 'U3'"
            assert "parked" not in connection.execute(text(theirs)).scalars().all()
            active = connection.execute(text("SELECT active FROM people WHERE external = 'U3'")).scalar_one()
        assert not active

    play(store, guides, scene)


def test_a_private_conversation_that_is_closed_takes_nobody_out_of_a_circle(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        await north(stage)
        stage.fake.faults.answer("is_archived", next=1, methods=("chat.postMessage",))
        await stage.person("U1").types("/circle invite @eva", "C1")
        with sqlite_store.begin() as connection:
            reasons = connection.execute(text("SELECT reason FROM outbox WHERE state = 'parked'")).scalars().all()
        assert [reason.partition(" (")[0] for reason in reasons] == [
            "the account is closed, or the private conversation is"
        ]
        with sqlite_store.begin() as connection:
            assert connection.execute(text("SELECT count(*) FROM people WHERE NOT active")).scalar_one() == 0

    play(sqlite_store, guides, scene)


@pytest.mark.parametrize("retry_after", [1, 60])
def test_nobody_is_said_to_be_gone_because_slack_had_no_time_to_tell(
    sqlite_store: Store, guides: Guides, retry_after: int
) -> None:
    async def scene(stage: Stage) -> None:
        ana = stage.person("U1")
        await ana.types("/circle help")
        stage.fake.faults.limit(next=1, methods=("users.info",), retry_after=retry_after)
        await ana.types(CREATE, "C1")
        ana.sees_not("any more", channel="C1")
        with sqlite_store.begin() as connection:
            held = connection.execute(text("SELECT hold_until FROM lanes")).scalars().all()
            made = connection.execute(text("SELECT count(*) FROM groups")).scalar_one()
        assert (made, None in held) == (1 if retry_after == 1 else 0, False)
        assert held
        if retry_after > 1:
            ana.sees("Slack did not answer just now. Please try again.", channel="C1")

    play(sqlite_store, guides, scene)


def test_a_form_stays_open_with_what_was_typed_where_slack_does_not_tell_who_was_chosen(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        ana = stage.person("U1")
        await ana.types("/circle create", "C1")
        stage.fake.faults.fail(methods=("users.info",))
        filled = {"name": "North", "people": ["U2", "U3"], "start": "2026-12-07"}
        answer = await ana.submits(**filled)
        assert list(answer.body["errors"].values()) == ["Slack did not answer just now. Please try again."]
        stage.fake.faults.clear()
        assert not (await ana.submits(**filled)).body
        ana.sees("I have asked ben, cleo", channel="C1")

    play(sqlite_store, guides, scene)


# ── a token ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_fell_due_while_the_app_was_removed_is_said_when_it_is_back(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        await north(stage)
        token = stage.fake.world.tokens[stage.fake.token]
        token.gone = True
        await stage.until("2026-12-07T08:30:00+00:00")
        prompts = "SELECT state, reason FROM outbox WHERE key LIKE 'prompt:%' AND state <> 'planned'"
        with sqlite_store.begin() as connection:
            assert [tuple(one) for one in connection.execute(text(prompts))] == [("parked", NotInstalled.WHY)]
        stage.person("U1").sees_not("Set-up week:", channel="C1")

        token.gone = False
        assert stage.time is not None
        later = stage.time
        tokens = SingleTokens(stage.fake.token, stage.fake.url, stage.bot, lambda: later)
        await tokens.awake()
        await stage.until("2026-12-07T08:35:00+00:00")
        stage.person("U1").sees("Set-up week:", channel="C1")

    play(sqlite_store, guides, scene, now=FRIDAY)


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", ["http", "socket"])
def test_an_installation_may_give_the_command_another_name(sqlite_store: Store, guides: Guides, way: str) -> None:
    async def scene(stage: Stage) -> None:
        assert (await stage.person("U1").types("/zirkel help", "C1")).ok
        stage.person("U1").sees("What you can ask me", channel="C1")

    play(sqlite_store, guides, scene, way=way)


# ── elsewhere ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_channel_that_is_renamed_stays_the_circles_home(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        await north(stage)
        stage.fake.world.subscriptions.add("channel_rename")
        assert (await stage.fake.renames("U1", "C1", "north-star")).ok
        await stage.until("2026-12-07T08:00:00+00:00")
        stage.person("U2").sees("Set-up week:", "We meet: Mon 7 Dec, 10:00", channel="C1")
        stage.person("U1").sees_not("cannot write", channel=stage.person("U1").direct)

    play(sqlite_store, guides, scene)


def test_over_the_wire_another_workspaces_group_is_as_one_that_does_not_exist(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        back = f"{stage.url}/slack/oauth_redirect"
        fake.add_team("T2", "Bolt", {"U21": ("zoe", "Zoe"), "U22": ("yan", "Yan")}, install=False)
        for team in ("T1", "T2"):
            await fake.installs(f"{stage.url}/slack/install", team, redirect_uri=back)
        ana, zoe = stage.person("U1"), stage.person("U21")
        await ana.types(CREATE, "C1")
        said = []
        for number in (1, 4711):
            await zoe.types(f"/circle roster {number}")
            await zoe.types(f"/circle status --group {number}")
            said.append(tuple(one.text.replace(str(number), "N") for one in zoe.messages()[-2:]))
        assert said[0] == said[1]
        assert not any("North" in words for words in said[0])

        # A form of hers, sent as if it belonged to the other workspace's group and conversation.
        answers = []
        for number in (1, 4711):
            await zoe.types("/circle create")
            view = fake.views("U21")[-1]
            view.content |= {
                "callback_id": f"pause:{number}",
                "private_metadata": '{"c":"C1","m":"1.000001","k":"group"}',
            }
            before = [one.text for one in fake.messages("C1")]
            answer = await zoe.submits(name="Mine", people=["U22"], start="2026-12-07")
            answers.append((answer.status, str(answer.body).replace(str(number), "N"), zoe.screen().count("North")))
            assert [one.text for one in fake.messages("C1")] == before
        assert answers[0] == answers[1]
        ana.sees_not("Zoe", "zoe", channel="C1")

    play(sqlite_store, guides, scene, way="oauth")
