"""Microsoft's own Agents Playground, started on this machine: a client of Teams that is not ours.

Told what to do over HTTP, and listened to over its two streams: what its own page shows, and everything that was sent.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from aiohttp import ClientError, ClientSession

from tests.conftest import missing

ROOT = Path(__file__).resolve().parents[2]
CLI = ROOT / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
LOOPBACK = Path(__file__).parent / "loopback.js"

TENANT = "00000000-0000-0000-0000-0000000000001"
BOT = {"id": "28:circlet", "name": "Circlet"}
CHAT, GROUP, TEAM, CHANNEL = "a-personal-chat", "19:five@thread.v2", "19:north@thread.tacv2", "19:general@thread.tacv2"
PEOPLE = {
    "alex": "Alex Stone",
    "mia": "Mia Roth",
    "omar": "Omar Haddad",
    "ida": "Ida Berg",
    "lee": "Lee Park",
    "zoe": "Zoe Marsh",
}
"""Five besides Alex, who sits before the page; the Playground takes neither more nor fewer."""

Json = dict[str, Any]
SECONDS = 15


def required() -> None:
    """Skip, saying what is missing; or fail where everything is required."""
    if shutil.which("node") is None:
        missing("node, on which the Agents Playground runs (Debian: apt install nodejs npm)")
    if not CLI.exists():
        missing("the Agents Playground (make node)")


def person(key: str) -> Json:
    """As an activity names somebody."""
    return {"id": f"29:{key}", "name": PEOPLE[key], "aadObjectId": aad(key)}


def aad(key: str) -> str:
    return f"00000000-0000-0000-0000-{list(PEOPLE).index(key) + 32:012d}"


def _config() -> Json:
    def user(key: str) -> Json:
        first, last = PEOPLE[key].split()
        mail = f"{key}@example.com"
        names = {"givenName": first, "surname": last, "email": mail, "userPrincipleName": mail}
        return {**person(key), **names}

    me, *others = PEOPLE
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": BOT,
        "currentUser": user(me),
        "users": [user(key) for key in others],
        "personalChat": {"id": CHAT},
        "groupChat": {"id": GROUP, "name": "Five"},
        "team": {
            "id": TEAM,
            "name": "North",
            "aadGroupId": "00000000-0000-0000-0000-000000000099",
            "channels": [{"id": CHANNEL, "name": "Announcements"}],
        },
    }


@dataclass
class Playground:
    """A Playground that runs. ``shown``: what its page was told; ``logged``: every request, both ways."""

    base: str
    session: ClientSession
    shown: list[Json] = field(default_factory=list)
    logged: list[Json] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    # ── doing ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def tell(self, path: str, body: Json) -> Any:
        async with self.session.post(self.base + path, json=body) as answer:
            assert answer.status < 300, (path, answer.status, await answer.text())
            return await answer.json(content_type=None) if answer.content_type == "application/json" else None

    async def installs(self) -> None:
        await self.tell(f"/_debug/conversation/{CHAT}/installation", {})

    async def says(self, conversation: str, text: str) -> None:
        """Alex, in a chat or in a channel. ``@mia`` in the text is a mention of her; with others the bot is named."""
        mentions = []
        for key, name in PEOPLE.items():
            if f"@{key}" in text:
                at = f"<at>{name}</at>"
                text = text.replace(f"@{key}", at)
                mentions.append({"mentioned": person(key), "text": at})
        if conversation != CHAT:
            at = f"<at>{BOT['name']}</at>"
            text = f"{at} {text}"
            mentions.insert(0, {"mentioned": BOT, "text": at})
        where = f"/_conversation/v1/conversations/{quote(conversation, safe='')}/messages"
        await self.tell(where, {"from": {"id": "29:alex"}, "text": text, "textFormat": "plain", "mentions": mentions})

    async def presses(self, conversation: str, message: str, action: Json, values: Json) -> Any:
        """Alex, a button or a form of a card. Returns the bot's answer."""
        told = {**action, "data": {**action.get("data", {}), **values}}
        return await self.tell(
            "/_conversation/v1/invoke",
            {
                "conversation": {"id": conversation},
                "from": {"id": "29:alex"},
                "replyToId": message,
                "name": "adaptiveCard/action",
                "value": {"action": told, "trigger": "manual"},
            },
        )

    async def somebody(self, key: str, conversation: str, message: str, name: str, value: Json) -> None:
        """Another person acts: the Playground's page is Alex's, so an activity of one's own making."""
        activity = {
            "type": "invoke",
            "name": name,
            "id": f"{key}-{message}-{len(self.logged)}",
            "channelId": "msteams",
            "serviceUrl": f"{self.base}/_connector",
            "from": person(key),
            "conversation": {"id": conversation, "conversationType": "personal", "tenantId": TENANT},
            "recipient": BOT,
            "replyToId": message,
            "value": value,
            "channelData": {"tenant": {"id": TENANT}},
        }
        await self.tell("/_internal/v1/customActivities", activity)

    # ── seeing ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def sees(self, wanted: Callable[[Json], bool], times: int = 1) -> Json:
        """What the page shows, once it does so often: ``{"action", "message", …}``, the newest."""
        return await self._among(self.shown, wanted, times)

    async def sent(self, wanted: Callable[[Json], bool]) -> Json:
        """A request as it was logged."""
        return await self._among(self.logged, wanted)

    async def _among(self, what: list[Json], wanted: Callable[[Json], bool], times: int = 1) -> Json:
        async with asyncio.timeout(SECONDS), self.news:
            await self.news.wait_for(lambda: len([one for one in what if wanted(one)]) >= times)
            return [one for one in what if wanted(one)][-1]

    async def _listen(self, path: str, into: list[Json], part: str | None) -> None:
        async with self.session.ws_connect(self.base.replace("http", "ws", 1) + path) as stream:
            async for one in stream:
                told = json.loads(one.data)
                async with self.news:
                    into.append(told[part] if part else told)
                    self.news.notify_all()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@asynccontextmanager
async def playground(bot_url: str, folder: Path) -> AsyncIterator[Playground]:
    """A Playground for the bot at this address."""
    required()
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    config = folder / "playground.yml"
    config.write_text(yaml.safe_dump(_config()), encoding="utf-8")
    command = ["node", "--require", str(LOOPBACK), str(CLI), "start", "-e", bot_url, "-c", "msteams", "-p", str(port)]
    settings = {
        "TEAMSAPPTESTER_BROWSER": "none",
        "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(config),
        "M365_AGENTS_PLAYGROUND_LOGFILE": str(folder / "playground.log"),
    }
    with (folder / "playground.out").open("w") as said:
        process = subprocess.Popen(
            [*command, "--service-url", f"{base}/_connector", "--disable-telemetry"],
            env={**os.environ, **settings},
            stdout=said,
            stderr=said,
            cwd=folder,
        )
    try:
        async with ClientSession() as session:
            await _until_it_answers(session, base, process)
            here = Playground(base, session)
            streams = [
                asyncio.create_task(here._listen("/_ws_conversation/v1/conversations/stream", here.shown, None)),
                asyncio.create_task(here._listen("/_ws/log/stream", here.logged, "log")),
            ]
            try:
                yield here
            finally:
                for stream in streams:
                    stream.cancel()
                await asyncio.gather(*streams, return_exceptions=True)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


async def _until_it_answers(session: ClientSession, base: str, process: subprocess.Popen[bytes]) -> None:
    """It says that it listens also where its settings are refused."""
    async with asyncio.timeout(30):
        while True:
            assert process.poll() is None, "the Playground has ended"
            with suppress(ClientError):
                async with session.get(f"{base}/_debug/ping") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)
