"""Circlet in Microsoft's own Agents Playground, a client of Teams that nobody here has written."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import async_playwright

from adapters import wiring
from adapters.settings import load
from adapters.wiring_teams import IN_TEAMS
from bot.app import Bot
from bot.guides.rules import Guides
from bot.storage import Store
from tests.browser.conftest import FLAGS
from tests.conftest import missing
from tests.fakes.teams.acts import filled, find_action, form_of
from tests.fakes.teams.world import words
from tests.teams.playground import CHANNEL, CHAT, GROUP, Json, Playground, playground, required

CREATE = 'create "North" @alex @mia @omar @ida --guide peer-circle --on mon 10:00 --start 2026-12-07'
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FRIDAY = datetime(2026, 12, 4, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def there() -> None:
    required()


@dataclass
class Stage:
    """Circlet as a process would run it without an app id, and the Playground that talks to it."""

    there: Playground
    parts: wiring.Parts
    app: web.Application
    clock: list[datetime]

    async def until(self, at: str) -> None:
        end = datetime.fromisoformat(at)
        while True:
            wake = await asyncio.to_thread(self.parts.bot.plan, self.clock[0])
            for workspace in wake.workspaces:
                self.app[wiring.ENGINE].poke(workspace)
            await self.settles()
            if self.clock[0] >= end:
                return
            self.clock[0] = min(wake.next or end, end)

    async def settles(self) -> None:
        await self.app[IN_TEAMS].idle()
        await self.app[wiring.ENGINE].idle()

    async def founded(self) -> str:
        """Alex founds a circle in a channel; the three others say yes in their own chats. Returns its thread."""
        await self.there.installs()
        await self.there.says(CHANNEL, CREATE)
        for name in ("Mia Roth", "Omar Haddad", "Ida Berg"):
            await self._says_yes(name)
        opened = await self.there.sees(lambda one: "What is said here stays here" in said(one))
        thread: str = opened["actionConversationId"]
        assert thread.startswith(f"{CHANNEL};messageid=")
        return thread

    async def _says_yes(self, name: str) -> None:
        """Their chat is nobody's page: what they are sent stands only in the log."""
        key = name.split()[0].lower()
        made = await self.there.sent(
            lambda one: (
                one.get("activityName") == "createConversation"
                and [{"id": f"29:{key}"}] == one["request"]["body"].get("members")
            )
        )
        chat = made["response"]["body"]["id"]

        def invited(one: Json) -> bool:
            return one.get("conversationId") == chat and "An invitation" in str(one["request"].get("body"))

        invitation = await self.there.sent(invited)
        message = invitation["response"]["body"]["id"]
        card = invitation["request"]["body"]["attachments"][0]["content"]
        action = find_action([card], "Yes, I'm in")
        value = {"action": action, "trigger": "manual"}
        await self.there.somebody(key, chat, message, "adaptiveCard/action", value)
        await self.there.sent(
            lambda one: one.get("activityName") == "invoke" and one["request"]["body"]["from"]["id"] == f"29:{key}"
        )
        await self.settles()


def said(shown: Json) -> str:
    """What can be read in something that the page shows."""
    found = shown.get("message") or {}
    cards = [one["content"] for one in found.get("attachments") or [] if "adaptive" in one["contentType"]]
    return "\n".join([str(found.get("text") or ""), *(line for card in cards for line in words(card))])


@asynccontextmanager
async def circlet(store: Store, guides: Guides, folder: Path) -> AsyncIterator[Stage]:
    clock = [FRIDAY]
    settings = load(teams_anonymous=True, database_url=store.engine.url.render_as_string(hide_password=False))
    parts = wiring.Parts(settings, store, guides, Bot(store, guides), lambda: clock[0], paced=False)
    app = wiring.web(parts)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with playground(f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages", folder) as there:
            yield Stage(there, parts, app, clock)
    finally:
        await runner.cleanup()


def play(store: Store, guides: Guides, folder: Path, scene: Callable[[Stage], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        async with asyncio.timeout(120), circlet(store, guides, folder) as stage:
            await scene(stage)

    asyncio.run(run())


def test_an_installation_is_greeted_by_name(sqlite_store: Store, guides: Guides, tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await stage.there.installs()
        shown = await stage.there.sees(lambda one: "Hello Alex Stone" in said(one))
        assert shown["actionConversationId"] == CHAT
        assert shown["message"]["attachments"][0]["content"]["version"] == "1.5"

    play(sqlite_store, guides, tmp_path, scene)


def test_a_command_in_the_personal_chat_the_group_chat_and_a_channel(
    sqlite_store: Store, guides: Guides, tmp_path: Path
) -> None:
    async def scene(stage: Stage) -> None:
        await stage.there.installs()
        for turn, where in enumerate((CHAT, GROUP, CHANNEL), 1):
            await stage.there.says(where, "help")
            await stage.there.sees(lambda one: "What you can ask me" in said(one), times=turn)
            await stage.settles()
            answers = [one for one in stage.there.shown if "What you can ask me" in said(one)]
            assert [one["actionConversationId"] for one in answers] == [CHAT] * turn

    play(sqlite_store, guides, tmp_path, scene)


def test_a_circle_from_its_founding_in_a_channel_to_a_check_in(
    sqlite_store: Store, guides: Guides, tmp_path: Path
) -> None:
    async def scene(stage: Stage) -> None:
        there = stage.there
        thread = await stage.founded()
        # By itself, into the thread.
        await stage.until("2026-12-07T10:30:00+00:00")
        prompt = await there.sees(lambda one: "Set-up week: " in said(one))
        assert prompt["actionConversationId"] == thread
        # A private message to another person.
        await stage.until("2026-12-08T10:30:00+00:00")
        asked = await there.sent(
            lambda one: (
                one.get("conversationId") not in (CHAT, thread)
                and "Check in" in str(one["request"].get("body"))
                and one["response"]["statusCode"] == 201
            )
        )
        assert asked["from"] == "User Application"
        # By card, which becomes the thanks where it stands.
        card = await there.sees(lambda one: one["actionConversationId"] == CHAT and "Check in" in said(one))
        message = card["message"]["messageId"]
        submit, standing = form_of([card["message"]["attachments"][0]["content"]])
        answer = await there.presses(CHAT, message, submit, filled(standing, {"met": "met", "step": "Asked Dora"}))
        assert answer["type"] == "application/vnd.microsoft.card.adaptive"
        assert "Your step: Asked Dora" in "\n".join(words(answer["value"]))
        changed = await there.sees(lambda one: one["action"] == "updateMessage")
        assert changed["message"]["messageId"] == message
        assert "Your step: Asked Dora" in said(changed)

    play(sqlite_store, guides, tmp_path, scene)


def test_the_playground_itself_is_reached_from_this_machine_alone(
    sqlite_store: Store, guides: Guides, tmp_path: Path
) -> None:
    async def scene(stage: Stage) -> None:
        port = int(stage.there.base.rpartition(":")[2])
        listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        here = [one[1] for one in listening if one[3] == "0A" and one[1].endswith(f":{port:04X}")]
        assert here == [f"0100007F:{port:04X}"]

    if not Path("/proc/net/tcp").exists():
        pytest.skip("missing: /proc, where Linux tells who listens")
    play(sqlite_store, guides, tmp_path, scene)


def test_in_a_browser_through_the_playgrounds_own_page(sqlite_store: Store, guides: Guides, tmp_path: Path) -> None:
    """The check-in that came by itself, filled in by mouse and keys, becomes the thanks on the page."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        missing("Chromium (on Debian: apt install chromium)")
    pictures = Path(os.environ.get("CIRCLET_PICTURES") or tmp_path)

    async def scene(stage: Stage) -> None:
        await stage.founded()
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=path, args=list(FLAGS))
            page = await browser.new_page(viewport={"width": 1280, "height": 1250})
            await page.goto(stage.there.base)
            await page.get_by_text("Hello Alex Stone").wait_for()
            await stage.until("2026-12-08T10:30:00+00:00")
            await page.get_by_role("button", name="Check in").last.click()
            await page.get_by_role("combobox", name="Did you meet?").click()
            await page.get_by_role("option", name="We met as planned").click()
            await page.get_by_role("radio", name="4").check()
            await page.get_by_role("textbox", name="One step you took").fill("Asked Dora for coffee")
            await page.screenshot(path=str(pictures / "playground-form.png"))
            await page.get_by_role("button", name="Check in").last.click()
            await page.get_by_text("Thank you, your check-in for Set-up week is in.").wait_for()
            await page.get_by_text("Your step: Asked Dora for coffee").wait_for()
            assert await page.get_by_text("How was Set-up week?").count() == 0
            await page.screenshot(path=str(pictures / "playground-thanks.png"))
            await browser.close()

    play(sqlite_store, guides, tmp_path, scene)
