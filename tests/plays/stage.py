"""A stage for plays: people at the local chat, through its HTTP interface, in simulated time.

A play speaks as people would: ``ana.types("/circle agenda")``, ``ana.presses("Check in")``, ``ana.sees("Thank you")``.
Everything runs for real: the aiohttp application, the core, the outbox, the database.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from adapters.web import board
from adapters.web.clock import SimulatedClock
from adapters.web.listen import build_app
from adapters.web.send import Subscribers, WebCourier
from bot.app import Bot
from bot.guides.rules import Guides
from bot.inbound import Actor, Command, Left, Place
from bot.people import store as people
from bot.storage import Store
from bot.verbs import GRAMMARS
from tests.conftest import CIPHER

JSON = dict[str, Any]


class Stage:
    """One workspace of the local chat and its clock."""

    platform = "web"

    def __init__(self, store: Store, guides: Guides, now: str) -> None:
        self._open(store, guides, "demo", now)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(10)
        self._connection = HTTPConnection("127.0.0.1", self.port, timeout=60)

    def _open(self, store: Store, guides: Guides, workspace: str, now: str) -> None:
        self.store = store
        self.guides = guides
        self.bot = Bot(store, guides, CIPHER)
        self.workspace = self.bot.workspace(self.platform, workspace, "Demo")
        with store.begin() as connection:
            board.start_clock(connection, self.workspace, instant(now))

    async def _serve(self) -> int:
        subscribers = Subscribers()
        courier = WebCourier(self.store, subscribers)
        clock = SimulatedClock(self.bot, self.store, self.workspace, courier, subscribers)
        app = build_app(self.bot, self.store, self.workspace, clock, subscribers, GRAMMARS)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return int(self._runner.addresses[0][1])

    def close(self) -> None:
        self._connection.close()
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    # ── the interface ────────────────────────────────────────────────────────────────────────────────────────────────

    def get(self, path: str) -> Any:
        return self._call("GET", path, None)

    def filled(self, form: JSON, values: JSON) -> JSON:
        """The values as the page sends them: options that were ticked are told apart from people."""
        kinds = {one["id"]: one["kind"] for one in form["fields"]}
        return {
            name: {"chosen": value} if kinds.get(name) == "multichoice" else value for name, value in values.items()
        }

    def post(self, path: str, body: JSON) -> Any:
        return self._call("POST", path, body)

    def _call(self, method: str, path: str, body: JSON | None) -> Any:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = self._connection.getresponse()
        answer = json.loads(response.read() or b"{}")
        assert response.status == 200, f"{method} {path}: {response.status} {answer}"
        return answer

    # ── the world ────────────────────────────────────────────────────────────────────────────────────────────────────

    def is_out_until(self, at: str) -> None:
        """Nothing runs until a UTC instant; then everything that fell due meanwhile is due at once."""
        with self.store.begin() as connection:
            board.set_clock(connection, self.workspace, instant(at))
        self.passes(seconds=1)

    def loses(self, human: Human) -> None:
        """Somebody's account is closed."""
        self.bot.handle(Left(Actor(self.workspace, self.external(human.id), human.id.title())), self.now)
        self.passes(seconds=1)

    def manages(self, manager: Human, report: Human) -> None:
        """One is the line manager of the other."""
        with self.store.begin() as connection:
            boss = people.find(connection, self.workspace, self.external(manager.id))
            person = people.find(connection, self.workspace, self.external(report.id))
            assert person is not None
            people.describe(connection, person, title="", department="", manager=boss)

    def command(self, person: str, text: str) -> Command:
        """A typed command as the core gets it, past the limits of the local chat."""
        return Command(Actor(self.workspace, self.external(person), person.title()), Place(f"dm-{person}"), text)

    # ── people and time ──────────────────────────────────────────────────────────────────────────────────────────────

    def external(self, person: str) -> str:
        """A person's id on the platform."""
        return person

    def person(self, name: str, zone: str = "Europe/Berlin") -> Human:
        """Somebody with an account in the workspace; their id is the name in small letters."""
        human = Human(self, name.lower())
        with self.store.begin() as connection:
            people.meet(connection, Actor(self.workspace, self.external(human.id), name, zone, "en"))
        return human

    def people(self, *names: str) -> tuple[Human, ...]:
        return tuple(self.person(name) for name in names)

    @property
    def now(self) -> datetime:
        return instant(self.get("/api/state")["now"])

    def until(self, at: str) -> None:
        """Let time pass to a UTC instant, playing everything on the way."""
        self.post("/api/clock", {"to": instant(at).isoformat().replace("+00:00", "Z")})

    def passes(self, **duration: float) -> None:
        """Let time pass: ``passes(days=7)``."""
        self.until((self.now + timedelta(**duration)).isoformat())

    def conversation(self, name: str) -> str:
        """The id of the conversation with this name."""
        found = [one["id"] for one in self.get("/api/state")["conversations"] if one["name"] == name]
        assert len(found) == 1, f"{len(found)} conversations are called {name}"
        return str(found[0])

    def members(self, name: str) -> list[str]:
        """Who is in the conversation with this name."""
        return next(list(one["members"]) for one in self.get("/api/state")["conversations"] if one["name"] == name)

    def has_conversation(self, name: str) -> bool:
        return any(one["name"] == name for one in self.get("/api/state")["conversations"])


@dataclass(eq=False)
class Human:
    """Somebody at the chat: looks at one conversation at a time, at first the private one with the bot."""

    stage: Stage
    id: str
    where: str = ""
    form: JSON = field(default_factory=dict)
    reply: JSON = field(default_factory=dict)

    @property
    def place(self) -> str:
        return self.where or f"dm-{self.id}"

    def goes_to(self, name: str) -> Human:
        """Look at the conversation with this name from now on; "" is the private one."""
        self.where = self.stage.conversation(name) if name else ""
        return self

    def types(self, text: str) -> Human:
        return self._acts("/api/commands", {"text": text})

    def presses(self, label: str) -> Human:
        """Press the newest button with this label that this person sees here."""
        for message in reversed(self.messages()):
            for offered in message["actions"]:
                if offered["label"] == label:
                    return self._acts("/api/presses", {"message": message["id"], "token": offered["token"]})
        raise AssertionError(f"{self.id} sees no button “{label}” here:\n{self.screen()}")

    def can_press(self, label: str) -> bool:
        return any(offered["label"] == label for message in self.messages() for offered in message["actions"])

    def actions(self) -> list[JSON]:
        """Every button that this person sees here."""
        return [offered for message in self.messages() for offered in message["actions"]]

    def group(self) -> str:
        """The number of the only group that this person has, as their buttons carry it."""
        self.types("roster")
        found = next(one["token"] for one in self.messages("North") for one in one["actions"])
        return str(found.split(":")[1])

    def presses_copied(self, token: str) -> Human:
        """Send the token of a button that this person was never shown."""
        return self._acts("/api/presses", {"token": token})

    def token(self, label: str) -> str:
        """What the newest button with this label that this person sees here would send."""
        found = [one["token"] for message in self.messages() for one in message["actions"] if one["label"] == label]
        assert found, f"{self.id} sees no button “{label}” here:\n{self.screen()}"
        return str(found[-1])

    def fills(self, **values: Any) -> Human:
        """Send the form that is open, with these values over what it holds."""
        assert self.form, f"{self.id} has no form open; the last reply was {self.reply}"
        self.form["fields"] = [{**one, "value": values.get(one["id"], one["value"])} for one in self.form["fields"]]
        held = {one["id"]: one["value"] for one in self.form["fields"]}
        filled = self.stage.filled(self.form, {**held, **values})
        return self._acts("/api/submissions", {"token": self.form["token"], "values": filled}, keep=True)

    def _acts(self, path: str, body: JSON, *, keep: bool = False) -> Human:
        body = {"as": self.id, "conversation": self.place, **body}
        self.reply = self.stage.post(path, body)["reply"]
        if self.reply["kind"] == "form":
            self.form = self.reply
        elif not (keep and self.reply["kind"] == "errors"):
            self.form = {}
        return self

    def has_open(self, title: str, **held: Any) -> Human:
        """A form with this title is open and holds these values."""
        assert self.form.get("title") == title, f"not “{title}” but {self.reply}"
        found = {one["id"]: one["value"] for one in self.form["fields"]}
        for name, value in held.items():
            assert found[name] == value, f"{name} is {found[name]!r}, not {value!r}"
        return self

    def options(self, command: str, title: str) -> list[str]:
        """Type a command that asks which group; the values of that question."""
        self.types(command).has_open(title)
        return [one["value"] for one in next(f for f in self.form["fields"] if f["id"] == "group")["options"]]

    def is_shown(self, field: str, problem: str) -> Human:
        """The form stays open with this problem at this field; "" is the whole form."""
        assert self.reply["kind"] == "errors", self.reply
        assert problem in self.reply["errors"].get(field, ""), self.reply
        return self

    def messages(self, name: str | None = None) -> list[JSON]:
        place = self.place if name is None else self.stage.conversation(name) if name else f"dm-{self.id}"
        found: list[JSON] = self.stage.get(f"/api/conversations/{quote(place)}/messages?as={self.id}")
        return found

    def screen(self, name: str | None = None) -> str:
        """All that this person sees, as words."""
        return "\n──\n".join(message["text"] for message in self.messages(name))

    def sees(self, *texts: str) -> Human:
        shown = self.screen()
        for text in texts:
            assert text in shown, f"{self.id} does not see “{text}” in {self.place}:\n{shown}"
        return self

    def sees_not(self, *texts: str) -> Human:
        shown = self.screen()
        for text in texts:
            assert text not in shown, f"{self.id} sees “{text}” in {self.place}:\n{shown}"
        return self

    def is_told(self, text: str) -> Human:
        """The last reply, whatever its kind, says this."""
        said = json.dumps(self.reply, ensure_ascii=False)
        shown = self.reply.get("message", {}).get("text", "") + said
        assert text in shown, f"{self.id} was not told “{text}” but {shown}"
        return self

    def is_not_told(self, text: str) -> Human:
        assert text not in json.dumps(self.reply, ensure_ascii=False), self.reply
        return self

    def got(self, text: str, name: str | None = None) -> list[datetime]:
        """When messages with this text came, oldest first."""
        return [instant(message["at"]) for message in self.messages(name) if text in message["text"]]


def instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def wall(at: datetime, zone: str) -> str:
    """ "Mon 10:00": what a clock on the wall there shows."""
    return f"{at.astimezone(ZoneInfo(zone)):%a %H:%M}"


def say_yes(people: Iterable[Human]) -> None:
    for human in people:
        human.goes_to("").presses("Yes, I'm in")
