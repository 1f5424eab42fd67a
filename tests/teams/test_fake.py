"""The fake connector: a program of its own, that shows what it is given and refuses what Teams would."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from aiohttp import ClientSession

from adapters.teams.connector import Connector, Refused
from adapters.teams.send import Nobody
from tests.conftest import ROOT
from tests.fakes.teams import FakeTeams
from tests.fakes.teams.fake import CHAT


def test_it_runs_by_hand_and_says_how_circlet_finds_it() -> None:
    command = [sys.executable, "-m", "tests.fakes.teams", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(6)]
        process.terminate()
    assert lines[0].startswith("A fake connector: http://127.0.0.1:")
    names = {line.partition("=")[0] for line in lines[1:]}
    assert names == {
        "MICROSOFT_APP_ID",
        "MICROSOFT_APP_PASSWORD",
        "MICROSOFT_APP_TENANT_ID",
        "TEAMS_OPENID_URL",
        "TEAMS_LOGIN_URL",
    }


@pytest.mark.parametrize(
    ("activity", "status"),
    [
        ({"type": "message", "text": "a", "attachments": [{}]}, 400),
        ({"type": "message"}, 400),
        ({"type": "event", "text": "a"}, 400),
        ({"type": "message", "text": "x" * 200_000}, 413),
    ],
)
def test_it_refuses_what_teams_would_not_take_or_would_take_apart(activity: dict[str, object], status: int) -> None:
    async def scene() -> None:
        async with FakeTeams(app_id="") as fake, ClientSession() as session:
            with pytest.raises(Refused) as raised:
                await Connector(session, Nobody()).post(fake.service_url, CHAT, activity)
            assert raised.value.status == status
            assert bool(fake.complaints) == (status == 400)

    asyncio.run(scene())


def test_a_redirect_is_not_followed_with_our_token() -> None:
    async def scene() -> None:
        async with FakeTeams(app_id="") as fake, ClientSession() as session:
            fake.faults.answer("307 Moved", methods=["post"])
            with pytest.raises(Refused, match="307"):
                await Connector(session, Nobody()).post(fake.service_url, CHAT, {"type": "message", "text": "a"})

    asyncio.run(scene())
