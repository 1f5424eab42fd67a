"""The local chat's routes: read, parse, ask the core, put its reply on the board, deliver what came of it, answer.

Serves this machine only: it has no log-in, whoever reaches it can be anybody. Decides nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar, assert_never

from aiohttp import web
from sqlalchemy import Connection

from adapters.logs import report
from adapters.web import board, guard, parse, render
from adapters.web.board import Conversation
from adapters.web.clock import SimulatedClock
from adapters.web.parse import Body, People
from adapters.web.render import JSON, Entry
from adapters.web.send import Subscribers
from bot.app import Bot
from bot.commands import Grammar
from bot.forms import Option
from bot.groups import store as circles
from bot.groups.rules import Group
from bot.inbound import Actor, Command, Press, Submission
from bot.markup import literal
from bot.messages import FixForm, Message, OpenForm, Replace, Reply, Say, Silence, Text
from bot.people import store as directory
from bot.people.rules import Person
from bot.storage import Store

STATIC = Path(__file__).parent / "static"
HEARTBEAT = 15.0
"""Seconds of silence after which an event stream says that it is alive."""

Event = Command | Press | Submission
T = TypeVar("T")


def build_app(
    bot: Bot,
    store: Store,
    workspace: int,
    clock: SimulatedClock,
    subscribers: Subscribers,
    commands: Iterable[Grammar],
) -> web.Application:
    """The local chat of one workspace, whose clock has been started."""
    chat = Chat(bot, store, workspace, clock, subscribers, tuple(commands))
    app = web.Application(client_max_size=guard.LARGEST_BODY)
    guard.protect(app)
    app.add_routes(
        [
            web.get("/", _page),
            web.static("/static", STATIC),
            web.get("/api/state", chat.state),
            web.get("/api/conversations/{id}/messages", chat.messages),
            web.get("/api/events", chat.events),
            web.post("/api/commands", chat.command),
            web.post("/api/presses", chat.press),
            web.post("/api/submissions", chat.submission),
            web.post("/api/clock", chat.move),
            web.post("/api/read", chat.read),
        ]
    )

    async def close(_: web.Application) -> None:
        subscribers.close()

    app.on_shutdown.append(close)
    return app


# ── the routes ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An event that may be handed to the core: its sender is there, and sees what it is about."""

    event: Event
    place: Conversation
    people: tuple[Person, ...]
    now: datetime
    typed: Entry | None


class Chat:
    """One workspace's chat."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        workspace: int,
        clock: SimulatedClock,
        subscribers: Subscribers,
        commands: tuple[Grammar, ...],
    ) -> None:
        self._bot = bot
        self._store = store
        self._workspace = workspace
        self._clock = clock
        self._subscribers = subscribers
        self._commands = commands

    async def state(self, _: web.Request) -> web.Response:
        return guard.answer(await self._in_transaction(self._state))

    async def messages(self, request: web.Request) -> web.Response:
        def found(connection: Connection) -> list[JSON]:
            people = self._people(connection)
            actor, place = self._enter(connection, people, request.query.get("as"), request.match_info["id"])
            entries = board.seen(connection, self._workspace, place.id, actor.person)
            offered = _options(people)
            return [render.entry_json(entry, offered) for entry in entries]

        return guard.answer(await self._in_transaction(found))

    async def read(self, request: web.Request) -> web.Response:
        data = await guard.body(request)

        def mark(connection: Connection) -> None:
            people = self._people(connection)
            actor, place = self._enter(connection, people, data.get("as"), parse.conversation(data))
            board.mark_read(connection, self._workspace, place.id, actor.person)

        await self._in_transaction(mark)
        return guard.answer({})

    async def move(self, request: web.Request) -> web.Response:
        played = await self._clock.move(parse.move(await guard.body(request)))
        return guard.answer({"now": render.instant(played.now), "played": played.messages})

    async def command(self, request: web.Request) -> web.Response:
        return await self._act(request, parse.command)

    async def press(self, request: web.Request) -> web.Response:
        return await self._act(request, parse.press)

    async def submission(self, request: web.Request) -> web.Response:
        return await self._act(request, parse.submission)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, until the page or the server goes."""
        people = await self._in_transaction(self._people)
        actor = parse.person(request.query.get("as"), _actors(people))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
        with self._subscribers.listening(actor.person) as subscription:
            await response.prepare(request)
            try:
                await response.write(b": hello\n\n")
                while not subscription.closed:
                    try:
                        news = await asyncio.wait_for(subscription.wait(), HEARTBEAT)
                    except TimeoutError:
                        await response.write(b": still here\n\n")
                        continue
                    for event, data in news:
                        await response.write(f"event: {event}\ndata: {json.dumps(data)}\n\n".encode())
            except ConnectionError:
                pass  # The page was closed; there is nobody left to tell.
        return response

    # ── what a person does ───────────────────────────────────────────────────────────────────────────────────────────

    async def _act(self, request: web.Request, read: Callable[[Body, People], Event]) -> web.Response:
        data = await guard.body(request)
        ready = await self._in_transaction(lambda connection: self._prepare(connection, data, read))
        if ready.typed is not None:
            self._tell(ready.place, ready.typed)
        reply = await asyncio.to_thread(self._bot.handle, ready.event, ready.now)
        answer, entry = await self._in_transaction(lambda connection: self._apply(connection, ready, reply))
        if entry is not None:
            self._tell(ready.place, entry)
        await self._deliver()
        return guard.answer({"reply": answer})

    def _prepare(self, connection: Connection, data: Body, read: Callable[[Body, People], Event]) -> _Prepared:
        """The event, its origin seen by its sender. A command is kept as typed before anybody acts on it."""
        people = self._people(connection)
        event = read(data, _actors(people))
        person = event.actor.person
        place = board.enter(connection, self._workspace, event.place.conversation, person)
        now = board.read_clock(connection, self._workspace)
        typed = None
        if event.place.message is not None:
            board.look(connection, self._workspace, place.id, person, event.place.message)
        elif isinstance(event, Submission):
            origin = board.latest_ask(connection, self._workspace, place.id, person, event.token)
            event = replace(event, place=replace(event.place, message=origin))
        if isinstance(event, Command):
            words = render.draw(Message((Text(literal(parse.shown(event))),)))
            typed = board.say(connection, self._workspace, place, words, now, author=person, seen_by=person)
        return _Prepared(event, place, people, now, typed)

    def _apply(self, connection: Connection, ready: _Prepared, reply: Reply) -> tuple[JSON, Entry | None]:
        """The reply on the board, and as JSON."""
        people = _options(ready.people)
        match reply:
            case Say(message, private):
                entry = self._say(connection, ready, message, private)
                return render.said("say", entry, people), entry
            case Replace(message):
                origin = ready.event.place.message
                if origin is None:
                    entry = self._say(connection, ready, message, True)
                    return render.said("say", entry, people), entry
                standing = board.look(connection, self._workspace, ready.place.id, ready.event.actor.person, origin)
                entry = board.edit(connection, self._workspace, standing, render.draw(message))
                return render.said("replace", entry, people), entry
            case OpenForm(form):
                return render.opened(form, people), None
            case FixForm(problems):
                return render.errors(problems), None
            case Silence():
                return render.NOTHING, None
            case _:
                assert_never(reply)

    def _say(self, connection: Connection, ready: _Prepared, message: Message, private: bool) -> Entry:
        seen_by = ready.event.actor.person if private else None
        drawn = render.draw(message)
        return board.say(connection, self._workspace, ready.place, drawn, ready.now, seen_by=seen_by)

    async def _deliver(self) -> None:
        """What the event led to. It stands in the outbox, so a failure here is late, not lost."""
        try:
            await self._clock.settle()
        except Exception as bug:
            report(bug, "deliver")

    def _tell(self, place: Conversation, entry: Entry) -> None:
        self._subscribers.changed(place.id, board.viewers(place, entry))

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _state(self, connection: Connection) -> JSON:
        everyone = directory.everyone(connection, self._workspace)
        people = [person for person in everyone if person.active]
        names = {one.id: one.external for one in everyone}
        running = circles.running(connection, self._workspace)
        places = (*board.groups(connection, self._workspace), *(board.direct(one.external) for one in people))
        return {
            "now": render.instant(board.read_clock(connection, self._workspace)),
            "simulated": True,
            "people": [_person_json(person, names, _parts(person, running)) for person in people],
            "conversations": [
                {"id": place.id, "name": place.name, "kind": place.kind, "members": list(place.members)}
                for place in places
            ],
            "commands": [
                {"name": command.name, "usage": command.usage, "summary": command.summary} for command in self._commands
            ],
            "unread": board.unread(connection, self._workspace),
        }

    def _people(self, connection: Connection) -> tuple[Person, ...]:
        return tuple(person for person in directory.everyone(connection, self._workspace) if person.active)

    def _enter(
        self, connection: Connection, people: tuple[Person, ...], name: object, conversation: str
    ) -> tuple[Actor, Conversation]:
        actor = parse.person(name, _actors(people))
        return actor, board.enter(connection, self._workspace, conversation, actor.person)

    async def _in_transaction(self, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._store.begin() as connection:
                return work(connection)

        return await asyncio.to_thread(run)


async def _page(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "index.html")


def _actors(people: Iterable[Person]) -> dict[str, Actor]:
    """Zone and language are the core's own here, so there is nothing that this platform could add."""
    return {person.external: Actor(person.workspace, person.external, person.name) for person in people}


def _options(people: Iterable[Person]) -> tuple[Option, ...]:
    return tuple(Option(person.external, person.name) for person in people)


def _person_json(person: Person, names: dict[int, str], parts: list[JSON]) -> JSON:
    return {
        "id": person.external,
        "name": person.name,
        "zone": person.zone,
        "title": person.title,
        "department": person.department,
        "manager": None if person.manager is None else names.get(person.manager),
        "language": person.language,
        "parts": parts,
    }


def _parts(person: Person, running: Iterable[Group]) -> list[JSON]:
    """What somebody is in the groups that run: facilitator, participant, mentor or mentee."""
    return [
        {"group": group.name, "part": "facilitator" if group.facilitator == person.id else group.role(person.id)}
        for group in running
        if group.is_in(person.id)
    ]
