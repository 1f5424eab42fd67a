"""Who is let in: Microsoft alone, by its signature; and nobody at all where it cannot be known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
import pytest
from aiohttp import ClientSession
from cryptography.hazmat.primitives.asymmetric import rsa

from adapters.teams.connector import trusted
from bot.guides.rules import Guides
from bot.storage import Store
from tests.fakes.teams import acts
from tests.teams.wire import Stage, play

STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def help_of(stage: Stage) -> dict[str, Any]:
    return acts.message(stage.fake, stage.fake.world.users["ana"], stage.fake.chat("ana"), "help")


def test_garbage_gets_401_and_nothing_else(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake, told = stage.fake, help_of(stage)
        here, sign = fake.service_url, fake.signer.token
        long_ago = int((stage.time - timedelta(minutes=6)).timestamp())
        soon = int((stage.time + timedelta(minutes=6)).timestamp())
        unsigned = jwt.encode({"iss": "https://api.botframework.com", "aud": fake.app_id}, "", algorithm="none")
        shared = jwt.encode({"aud": fake.app_id}, "x" * 32, algorithm="HS256", headers={"kid": fake.signer.kid})
        wrong = {
            "no token": "",
            "no token at all": "garbage",
            "three parts of garbage": "a.b.c",
            "two words": "a b",
            "beyond ASCII": "ü.ü.ü",
            "unsigned": unsigned,
            "signed with a shared secret": shared,
            "somebody else's key": sign(here, key=STRANGER),
            "an unknown key": sign(here, key=STRANGER, kid="theirs"),
            "another audience": sign(here, aud="99999999-0000-0000-0000-000000000000"),
            "no audience": sign(here, aud=None),
            "another issuer": sign(here, iss="https://sts.windows.net/somebody/"),
            "no issuer": sign(here, iss=None),
            "expired": sign(here, exp=long_ago),
            "without an end": sign(here, exp=None),
            "an end that is none": sign(here, exp="soon"),
            "not yet valid": sign(here, nbf=soon),
            "another service URL": sign("https://smba.example/emea/"),
            "no service URL": sign(here, serviceurl=None),
        }
        for what, token in wrong.items():
            assert (await fake.send(told, token)).status == 401, what
        async with ClientSession() as session:
            for header in ("Bearer", "Basic YTpi", "Bearer  ", f"bearer{sign(here)}"):
                async with session.post(fake.bot_url, json=told, headers={"Authorization": header}) as answer:
                    assert (answer.status, await answer.read()) == (401, b""), header
        await stage.settles()
        assert not fake.messages(fake.chat("ana"))
        assert (await fake.send(told)).status == 202
        await stage.settles()
        assert fake.messages(fake.chat("ana"))

    play(sqlite_store, guides, scene)


def test_a_new_key_of_microsofts_is_fetched_when_it_is_first_used(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        assert (await fake.send(help_of(stage))).status == 202
        fetched = fake.keys_fetched
        fake.signer.rotate()
        stage.time += timedelta(minutes=2)
        assert (await fake.send(help_of(stage))).status == 202
        assert fake.keys_fetched == fetched + 1
        fake.signer.rotate(forget=True)
        stage.time += timedelta(minutes=2)
        assert (await fake.send(help_of(stage))).status == 202
        assert (await fake.send(help_of(stage), fake.signer.token(fake.service_url, kid="key-0"))).status == 401

    play(sqlite_store, guides, scene)


def test_nobody_makes_us_fetch_keys_by_naming_unknown_ones(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        await fake.send(help_of(stage))
        stage.time += timedelta(minutes=2)
        fetched = fake.keys_fetched
        for number in range(20):
            token = fake.signer.token(fake.service_url, key=STRANGER, kid=f"theirs-{number}")
            assert (await fake.send(help_of(stage), token)).status == 401
        assert fake.keys_fetched == fetched + 1

    play(sqlite_store, guides, scene)


def test_without_microsofts_keys_nobody_is_let_in_or_turned_away_for_good(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        answer = await fake.send(help_of(stage))
        assert answer.status == 202
        # What is known stays known while Microsoft is out of order.
        fake.faults.fail(methods=["keys"])
        stage.time += timedelta(hours=25)
        assert (await fake.send(help_of(stage))).status == 202

    play(sqlite_store, guides, scene)

    async def from_the_start(stage: Stage) -> None:
        assert (await stage.fake.send(help_of(stage))).status == 503
        await stage.settles()

    play(sqlite_store, guides, from_the_start, teams_openid_url="http://127.0.0.1:9/openid")


def test_a_key_that_does_not_vouch_for_teams_is_none(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        stage.fake.endorsements = ["webchat"]
        stage.fake.signer.rotate()
        stage.time += timedelta(minutes=2)
        assert (await stage.fake.send(help_of(stage))).status == 401

    play(sqlite_store, guides, scene)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"type": "message"}', b'{"type": 7, "from": 1}'],
)
def test_a_body_that_makes_no_sense_is_survived(sqlite_store: Store, guides: Guides, body: bytes) -> None:
    async def scene(stage: Stage) -> None:
        fake = stage.fake
        headers = {"Authorization": f"Bearer {fake.signer.token(fake.service_url)}", "Content-Type": "application/json"}
        async with ClientSession() as session, session.post(fake.bot_url, data=body, headers=headers) as answer:
            assert answer.status in (400, 401)
        assert (await fake.send(help_of(stage))).status == 202

    play(sqlite_store, guides, scene)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("conversation", None),
        ("conversation", {"id": "x" * 5000}),
        ("recipient", "bot"),
        ("type", 5),
        ("channelId", "webchat"),
        ("from", {"id": "28:another-bot"}),
        ("value", {"t": "x" * 5000, "s": 1}),
        ("value", {"action": 1}),
        ("text", 9),
        ("entities", "many"),
        ("channelData", 3),
        ("membersAdded", 3),
    ],
)
def test_what_microsoft_signed_and_makes_no_sense_is_survived(
    sqlite_store: Store, guides: Guides, part: str, value: object
) -> None:
    async def scene(stage: Stage) -> None:
        for kind in ("message", "invoke", "conversationUpdate", "installationUpdate", "typing"):
            told = {**help_of(stage), "type": kind, "name": "adaptiveCard/action", part: value}
            assert (await stage.fake.send(told)).status in (200, 202, 400, 401, 403, 501), kind
            await stage.settles()
        assert (await stage.fake.send(help_of(stage))).status == 202

    play(sqlite_store, guides, scene)


def test_a_body_that_is_too_large_is_not_read(sqlite_store: Store, guides: Guides) -> None:
    async def scene(stage: Stage) -> None:
        told = help_of(stage) | {"text": "x" * 300_000}
        assert (await stage.fake.send(told)).status == 413

    play(sqlite_store, guides, scene)


def test_a_service_url_is_trusted_by_tls_or_on_this_machine_where_that_is_meant() -> None:
    assert trusted("https://smba.trafficmanager.net/emea/", here=False)
    for url in (
        "http://smba.trafficmanager.net/",
        "http://127.0.0.1/",
        "https://",
        "ftp://a/",
        "",
        None,
        "https://[",
        5,
    ):
        assert not trusted(url, here=False)
    assert not trusted("https://user:secret@smba.trafficmanager.net/", here=False)
    for url in ("http://127.0.0.1:5000/_connector", "http://localhost:5000/", "http://[::1]:5000/"):
        assert trusted(url, here=True)
    for url in ("https://smba.trafficmanager.net/", "http://10.0.0.1/", "http://127.0.0.1.example/"):
        assert not trusted(url, here=True)
