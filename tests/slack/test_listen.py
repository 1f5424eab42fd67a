"""Slack's requests over the wire: who is let in, how fast they are acknowledged, and what people get."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession
from sqlalchemy import create_engine, text

from adapters import wiring
from bot.guides.rules import Guides
from bot.storage import Store
from tests.fakes.slack.payloads import command, press_in_message
from tests.logged import logged
from tests.slack.stage import Stage, buttons, play

CREATE = '/circle create "North" @ben @cleo @dan --on mon 10:00 --start 2026-12-07'


@pytest.fixture
def held(sqlite_store: Store) -> Iterator[Any]:
    """The database, with a lock on it that another connection holds for as long as the block lasts."""
    other = create_engine(sqlite_store.engine.url)

    @contextmanager
    def hold() -> Iterator[None]:
        with other.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield
            connection.exec_driver_sql("ROLLBACK")

    yield hold
    other.dispose()


# ── who is let in ────────────────────────────────────────────────────────────────────────────────────────────────────


async def _post(stage: Stage, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    async with (
        ClientSession() as session,
        session.post(f"{stage.url}/slack/events", data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.read()


def test_a_request_that_slack_did_not_sign_gets_401_and_nothing_else(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        body = urlencode(command(fake.world, fake.people["U1"], fake.channels["C1"], "/circle help", "http://x"))
        signed = dict(fake.wire.signed(body))
        forms = {"Content-Type": "application/x-www-form-urlencoded"}
        wrong = {
            "no signature at all": {},
            "another body's": dict(fake.wire.signed(f"{body}&more=1")),
            "no time": {**signed, "X-Slack-Request-Timestamp": ""},
            "a time that is none": {**signed, "X-Slack-Request-Timestamp": "soon"},
            "a time beyond all calendars": {**signed, "X-Slack-Request-Timestamp": "9" * 400},
            "a time in other digits": {**signed, "X-Slack-Request-Timestamp": "١٢٣"},
            "a signature beyond ASCII": {**signed, "X-Slack-Signature": "v0=ü"},
        }
        for what, headers in wrong.items():
            assert await _post(stage, body.encode(), {**forms, **headers}) == (401, b""), what
        assert await _post(stage, b"\xff\xfe", {**forms, **signed}) == (401, b"")
        assert not fake.calls
        assert (await _post(stage, body.encode(), {**forms, **signed}))[0] == 200
        await stage.settles()
        assert fake.messages("C1", "U1")

    play(sqlite_store, guides, scene)


@pytest.mark.parametrize("seconds", [301, -301])
def test_a_signature_more_than_five_minutes_old_or_ahead_gets_401(
    sqlite_store: Store, guides: Guides, seconds: int
) -> None:
    async def scene(stage: Stage) -> None:
        stage.fake.wire.age = seconds
        answer = await stage.person("U1").types("/circle help")
        assert (answer.status, answer.body) == (401, "")
        assert not stage.fake.calls

    play(sqlite_store, guides, scene)


@pytest.mark.parametrize("body", [b"payload=", b"payload={", b"{", b"[]", b"null", b"payload=[1]", b"command=/other"])
def test_what_is_signed_and_makes_no_sense_is_survived(sqlite_store: Store, guides: Guides, body: bytes) -> None:
    async def scene(stage: Stage) -> None:
        kind = "application/x-www-form-urlencoded" if b"=" in body else "application/json"
        headers = {"Content-Type": kind, **stage.fake.wire.signed(body.decode())}
        status, _ = await _post(stage, body, headers)
        assert status in (200, 400, 404)
        answer = await stage.person("U1").types("/circle help")
        assert answer.ok

    play(sqlite_store, guides, scene)


def test_without_slack_in_the_settings_there_is_no_such_address(sqlite_store: Store, guides: Guides) -> None:
    from adapters.settings import load
    from bot.app import Bot

    async def paths() -> set[str]:
        parts = wiring.Parts(load(), sqlite_store, guides, Bot(sqlite_store, guides))
        return {route.resource.canonical for route in wiring.web(parts).router.routes() if route.resource}

    assert not {path for path in asyncio.run(paths()) if path.startswith("/slack")}


# ── what people get ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", ["http", "socket"])
def test_a_command_is_answered_to_the_one_who_typed_it(sqlite_store: Store, guides: Guides, way: str) -> None:
    async def scene(stage: Stage) -> None:
        ana = stage.person("U1")
        answer = await ana.types("/circle help", "C1")
        assert answer.ok
        assert not answer.body
        ana.sees("What you can ask me", channel="C1")
        stage.person("U2").sees_not("What you can ask me", channel="C1")
        await ana.types("/circle help")
        ana.sees("What you can ask me")

    play(sqlite_store, guides, scene, way=way)


@pytest.mark.parametrize("channel", ["C2", "C4"])
def test_a_command_is_answered_where_the_bot_is_not(sqlite_store: Store, guides: Guides, channel: str) -> None:
    async def scene(stage: Stage) -> None:
        await stage.person("U1").types("/circle help", channel)
        stage.person("U1").sees("What you can ask me", channel=channel)

    play(sqlite_store, guides, scene)


def test_a_form_that_cannot_be_taken_stays_open_with_the_reason_at_the_field(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        ana = stage.person("U1")
        await ana.types("/circle create", "C1")
        assert ana.modal["title"]["text"] == "Start a circle"
        answer = await ana.submits(name="North", people=["U2"], zone="Atlantis/Deep", start="2026-12-07")
        assert answer.body["response_action"] == "errors"
        assert "Atlantis/Deep" in answer.body["errors"]["zone"]
        assert "at least 3 people" in answer.body["errors"]["people"]
        assert len(stage.fake.views("U1")) == 1
        answer = await ana.submits(name="North", people=["U2", "U3"], zone="Europe/Berlin", start="2026-12-07")
        assert not answer.body
        assert not stage.fake.views("U1")
        ana.sees("I have asked ben, cleo", channel="C1")
        stage.person("U2").sees_not("I have asked", channel="C1")

    play(sqlite_store, guides, scene)


def test_what_is_pressed_at_home_is_answered_in_a_modal_and_the_home_is_drawn_anew(
    sqlite_store: Store, guides: Guides
) -> None:
    async def scene(stage: Stage) -> None:
        ana = stage.person("U1")
        await stage.fake.opens_home("U1")
        await stage.settles()
        ana.sees_at_home("Hello ana", "no circle or pair yet")
        await ana.presses_at_home("Settings")
        assert "Your settings" in str(ana.modal)
        await ana.presses_at_home("Start a circle")
        answer = await ana.submits(name="North", people=["U2", "U3"], start="2026-12-07")
        assert answer.body["response_action"] == "update"
        assert "I have asked" in str(ana.modal)
        await stage.fake.opens_home("U1")
        await stage.settles()
        ana.sees_at_home("North")
        await stage.fake.opens_home("U2")
        await stage.settles()
        stage.person("U2").sees_at_home("North", "waits for your answer")
        await stage.person("U2").presses_at_home("Yes, I'm in")
        stage.person("U2").sees_at_home("waiting: 2 of 3 have said yes")

    play(sqlite_store, guides, scene)


def test_a_button_that_only_leads_to_a_page_asks_nothing_of_us(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        ana = stage.person("U1")
        await ana.types("/circle help", "C1")
        message = ana.messages("C1")[-1]
        link = {"type": "button", "text": {"type": "plain_text", "text": "Read"}, "action_id": "open-link"}
        message.blocks.append({"type": "actions", "block_id": "x", "elements": [link | {"url": "https://a.example"}]})
        before = len(ana.messages("C1"))
        assert (await ana.presses("Read", "C1")).ok
        assert len(ana.messages("C1")) == before

    play(sqlite_store, guides, scene)


# ── once ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_event_three_times_has_one_effect(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake, ana = stage.fake, stage.person("U1")
        typed = command(fake.world, fake.people["U1"], fake.channels["C1"], CREATE, f"{fake.root}/actions/T1/none")
        for again in range(3):
            assert (await fake.wire.send("slash_commands", typed, again)).ok
        await stage.settles()
        fake.faults.event_times = 3
        await fake.opens_home("U1")
        await stage.settles()
        ana.sees_at_home("North")
        with sqlite_store.begin() as connection:
            assert connection.execute(text("SELECT count(*) FROM groups")).scalar_one() == 1
        await ana.types("/circle help")
        message = ana.messages()[-1]
        token = next(name for label, name in buttons(message.blocks) if label == "My home")
        action = {"type": "button", "action_id": token, "block_id": "b"}
        payload = press_in_message(
            fake.world, fake.people["U1"], fake.channels[ana.direct], message, action, f"{fake.root}/actions/T1/none"
        )
        before = len(ana.messages())
        answers = await asyncio.gather(*(fake.wire.send("interactive", payload, again) for again in range(3)))
        assert all(answer.ok for answer in answers)
        await stage.settles()
        assert len(ana.messages()) == before + 1

    play(sqlite_store, guides, scene)


# ── in time ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", ["http", "socket"])
def test_everything_is_acknowledged_at_once_while_the_database_waits(
    sqlite_store: Store, guides: Guides, held: Any, way: str
) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        await stage.person("U1").types("/circle help")
        with held():
            answers = [
                await fake.types("U1", "C1", "/circle help"),
                await fake.presses("U1", fake.direct("U1"), fake.messages(fake.direct("U1"))[-1].ts, "home"),
                await fake.opens_home("U1"),
                await fake.changes("U2", name="benedict"),
            ]
            assert all(answer.ok and answer.latency < 1 for answer in answers), answers
        await stage.settles()
        stage.person("U1").sees("What you can ask me", channel="C1")
        stage.person("U1").sees_at_home("Hello ana")

    play(sqlite_store, guides, scene, way=way)


def test_a_modal_opens_within_three_seconds_though_the_database_is_slow(
    sqlite_store: Store, guides: Guides, held: Any
) -> None:
    async def scene(stage: Stage) -> None:
        fake, ana = stage.fake, stage.person("U1")
        await ana.types("/circle help")
        loop = asyncio.get_running_loop()
        with held():
            begun = loop.time()
            assert (await fake.types("U1", "C1", "/circle create")).ok
            await fake.until(lambda: fake.views("U1"))
            assert loop.time() - begun < 3
            assert ana.modal["title"]["text"] == "Circlet"
            assert "submit" not in ana.modal
        await stage.settles()
        assert ana.modal["title"]["text"] == "Start a circle"
        assert len(fake.views("U1")) == 1
        await ana.submits(name="North", people=["U2", "U3"], start="2026-12-07")
        ana.sees("I have asked ben, cleo", channel="C1")

    play(sqlite_store, guides, scene)


def test_a_form_sent_while_the_database_is_slow_comes_back_with_values_and_reasons(
    sqlite_store: Store, guides: Guides, held: Any
) -> None:
    async def scene(stage: Stage) -> None:
        fake, ana = stage.fake, stage.person("U1")
        await ana.types("/circle create", "C1")
        typed = {"name": "North", "people": ["U2"], "zone": "Atlantis/Deep", "start": "2026-12-07"}
        with held():
            answer = await fake.submits("U1", fake.views("U1")[-1].id, typed)
            assert answer.latency < 3
            assert answer.body["response_action"] == "update"
            assert ana.modal["title"]["text"] == "Circlet"
        await stage.settles()
        assert ana.modal["title"]["text"] == "Start a circle"
        shown = json.dumps(ana.modal, ensure_ascii=False)
        assert "Atlantis/Deep" in shown
        assert "at least 3 people" in shown
        answer = await ana.submits(people=["U2", "U3"], zone="Europe/Berlin")
        assert not answer.body
        ana.sees("I have asked ben, cleo", "North", channel="C1")

    play(sqlite_store, guides, scene)


def test_an_answer_that_comes_too_late_for_a_message_stands_in_the_modal(
    sqlite_store: Store, guides: Guides, held: Any
) -> None:
    async def scene(stage: Stage) -> None:
        fake, ana = stage.fake, stage.person("U1")
        await ana.types("/circle help")
        with held():
            await fake.types("U1", "C1", "/circle roster")
            await fake.until(lambda: fake.views("U1"))
        await stage.settles()
        assert "You are not in a circle or pair yet" in str(ana.modal)

    play(sqlite_store, guides, scene)


def test_when_the_three_seconds_are_over_a_button_opens_the_form(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake, ana = stage.fake, stage.person("U1")
        fake.faults.answer("expired_trigger_id", next=1, methods=("views.open",))
        await ana.types("/circle create", "C1")
        assert not fake.views("U1")
        await ana.presses("Start a circle", "C1")
        assert ana.modal["title"]["text"] == "Start a circle"

    play(sqlite_store, guides, scene)


# ── when something breaks ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def broken(sqlite_store: Store) -> Store:
    """A database that a bug of somebody's has left without its goals."""
    with sqlite_store.begin() as connection:
        connection.execute(text("ALTER TABLE goals RENAME TO goals_elsewhere"))
    return sqlite_store


def test_a_bug_is_apologised_for_with_the_id_under_which_it_is_logged(
    broken: Store, guides: Guides, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene(stage: Stage) -> None:
        ana = stage.person("U1")
        await ana.types(CREATE, "C1")
        await ana.types("/circle roster", "C1")
        said = ana.messages("C1")[-1].text
        assert "Something went wrong on our side" in said
        incident = said.rpartition("id: ")[2].strip("`. ")
        assert len(incident) == 8
        assert incident in capsys.readouterr().err

    with logged():
        play(broken, guides, scene)


def test_nothing_is_complained_of_when_it_starts_with_a_token(
    sqlite_store: Store, guides: Guides, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")

    async def scene(stage: Stage) -> None:
        await stage.person("U1").types("/circle help")

    with logged():
        play(sqlite_store, guides, scene)

    said = capsys.readouterr()
    assert '"verb": "help"' in said.out + said.err
    assert "warning" not in said.out + said.err


def test_nothing_of_what_people_write_is_logged(
    sqlite_store: Store, guides: Guides, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene(stage: Stage) -> None:
        ana = stage.person("U1")
        await ana.types('/circle create "Hushhush" @ana @ben @cleo --on mon 10:00 --start 2026-12-07', "C1")
        await ana.types("/circle Hushhush is what I type")
        await ana.types("/circle goal", "C1")
        await ana.submits(text="Hushhush is my goal")
        stage.fake.faults.fail(next=2, methods=("chat.postMessage", "users.info"))
        await ana.types("/circle goal", "C1")
        for body in ("Hushhush", '{"event": {"type": "Hushhush"}, "type": "event_callback"}', '{"type": "Hushhush"}'):
            await _post(stage, body.encode(), dict(stage.fake.wire.signed(body)))
        with sqlite_store.begin() as connection:
            connection.execute(text("ALTER TABLE goals RENAME TO hushhush"))
        await ana.types("/circle goal Hushhush and more", "C1")
        with sqlite_store.begin() as connection:
            connection.execute(text("ALTER TABLE hushhush RENAME TO goals"))

    with logged():
        play(sqlite_store, guides, scene)

    said = capsys.readouterr()
    told = (said.out + said.err).lower()
    assert '"outcome": "bug"' in told
    assert '"verb": "goal"' in told
    for hidden in ("hushhush", "ana silva", '"ana"', "xoxb-", "signing-secret"):
        assert hidden not in told, hidden


# ── changes in Slack ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_changed_profile_is_believed_at_once(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        ana = stage.person("U1")
        await ana.types("/circle settings")
        ana.sees("Europe/Berlin")
        await stage.fake.changes("U1", tz="America/New_York", name="Ana Maria")
        await stage.settles()
        await ana.types("/circle settings")
        ana.sees("America/New_York")
        asked = [call for call in stage.fake.calls if call.method == "users.info" and call.args["user"] == "U1"]
        assert len(asked) == 1
        with sqlite_store.begin() as connection:
            names = connection.execute(text("SELECT external, name FROM people ORDER BY external")).all()
        assert [tuple(row) for row in names] == [("U1", "Ana Maria")]

    play(sqlite_store, guides, scene)


def test_what_another_app_labels_with_our_keys_is_no_receipt(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        fake.faults.lose_answers(methods=("chat.postMessage",))
        fake.world.subscriptions.discard("message_metadata_posted")
        await stage.person("U1").types(CREATE, "C1")
        fake.world.subscriptions.add("message_metadata_posted")

        async def told(app: str, team: str = "T1") -> str | None:
            key = {"event_type": "circlet_post", "event_payload": {"key": "invite:1:2:1"}}
            event = {"channel_id": "C2", "message_ts": "1.000001", "metadata": key, "user_id": "U9", "team_id": team}
            await fake.happens(team, "message_metadata_posted", app_id=app, bot_id="B1", **event)
            await stage.settles()
            with sqlite_store.begin() as connection:
                row = connection.execute(text("SELECT message FROM outbox WHERE key = 'invite:1:2:1'"))
                return row.scalar_one()

        fake.add_team("T2", "Bolt", {"U9": ("zoe", "Zoe")})
        assert await told("A0ANOTHER") is None
        assert await told("A0CIRCLET", "T2") is None
        assert await told("A0CIRCLET") == "1.000001"

    play(sqlite_store, guides, scene)


def test_slack_not_telling_a_profile_changes_no_name(sqlite_store: Store, guides: Guides) -> None:
    async def name() -> str:
        with sqlite_store.begin() as connection:
            return str(connection.execute(text("SELECT name FROM people")).scalar_one())

    async def first(stage: Stage) -> None:
        await stage.person("U1").types("/circle settings")
        assert await name() == "ana"

    async def second(stage: Stage) -> None:
        stage.fake.faults.fail(methods=("users.info",))
        await stage.person("U1").types("/circle settings")
        stage.person("U1").sees("Europe/Berlin")
        assert await name() == "ana"

    play(sqlite_store, guides, first)
    play(sqlite_store, guides, second)


def test_nobody_can_name_a_bot_or_a_closed_account(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        ana = stage.person("U1")
        stage.fake.people["U8"].deleted = True
        await ana.types('/circle create "North" @ben @hugo @circlet --on mon 10:00 --start 2026-12-07', "C1")
        ana.sees_not("I have asked", channel="C1")

    play(sqlite_store, guides, scene)


def test_socket_mode_comes_again_when_slack_asks_for_it(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        await stage.fake.wire.refresh()
        await stage.fake.wire.until_connected()
        assert (await stage.person("U1").types("/circle help")).ok
        stage.person("U1").sees("What you can ask me")

    play(sqlite_store, guides, scene, way="socket")
