"""What the stages in Slack and in Teams do alike. The local chat's board stands in for the platform's conversations and
holds the clock, so that scenes and restarts work there too; the platform's ids are put around it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import Connection

from adapters.delivery.courier import DeliveryFailed
from adapters.web import board
from adapters.web.board import Conversation
from adapters.web.clock import SimulatedClock
from adapters.web.parse import move
from adapters.web.render import Drawn, Entry
from adapters.web.render import instant as written
from adapters.web.send import Subscribers
from bot.forms import Form
from bot.guides.rules import Guides
from bot.inbound import Command, Press, Submission
from bot.messages import Address, Direct, FixForm, Home, Message, OpenForm, Post, Receipt, Replace, Reply, Say, Silence
from bot.people import store as people
from bot.storage import Store
from tests.plays.stage import JSON, Stage

Acted = Command | Press | Submission


@dataclass(frozen=True, slots=True)
class Dialect:
    """A platform's ids beside those of the plays ("ana", "dm-ana") and of the board, and what it draws."""

    external: Callable[[str], str]
    play_id: Callable[[str], str]
    chat: Callable[[str], str]
    """The platform's id of a conversation of the plays; ``conversation`` is the way back."""
    conversation: Callable[[str], str]
    made: Callable[[Home], str]
    """The id of a conversation that the platform makes for a group."""
    message: Callable[[str], str]
    """The platform's id of a message on the board; ``kept`` is the way back."""
    kept: Callable[[str], str]
    drawn: Callable[[Message], Drawn]
    """The message in the platform's blocks. Raises AssertionError where the platform would not take it."""
    actions: Callable[[Sequence[JSON]], Iterable[JSON]]
    """Every button in such blocks, with its token and its label."""

    def place(self, chat: str) -> str:
        """The board's id of one of the platform's conversations."""
        named = self.conversation(chat)
        return board.direct(self.external(named[3:])).id if named.startswith("dm-") else chat

    def chat_at(self, place: str) -> str:
        """The platform's id of a conversation on the board."""
        return self.chat(f"dm-{self.play_id(place[3:])}") if place.startswith("dm-") else place


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did: what the platform would send, what the adapter reads in it, when, and where they look."""

    sent: JSON
    event: Acted
    now: datetime
    where: str

    @property
    def person(self) -> str:
        return self.event.actor.person


class PlatformStage(Stage):
    """One workspace of a platform and its clock."""

    dialect: Dialect
    tenant: str
    """The workspace's id on the platform."""

    def __init__(self, store: Store, guides: Guides, now: str) -> None:
        self._open(store, guides, self.tenant, now)
        self._loop = asyncio.new_event_loop()
        self._clock = SimulatedClock(self.bot, store, self.workspace, BoardCourier(store, self.dialect), Subscribers())
        self._forms: dict[tuple[str, str], JSON] = {}

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def external(self, person: str) -> str:
        return self.dialect.external(person)

    # ── the interface ────────────────────────────────────────────────────────────────────────────────────────────────

    def filled(self, _: JSON, values: JSON) -> JSON:
        return values

    def get(self, path: str) -> Any:
        asked = urlsplit(path)
        with self.store.begin() as connection:
            if asked.path == "/api/state":
                return self._state(connection)
            person = self.external(parse_qs(asked.query)["as"][0])
            where = self.dialect.chat(unquote(asked.path.split("/")[3]))
            board.enter(connection, self.workspace, self.dialect.place(where), person)
            return [self._shown(entry) for entry in self._seen(connection, person, where)]

    def post(self, path: str, body: JSON) -> Any:
        if path == "/api/clock":
            return {"played": self._loop.run_until_complete(self._clock.move(move(body))).messages}
        person, where = self.external(body["as"]), self.dialect.chat(body["conversation"])
        with self.store.begin() as connection:
            board.enter(connection, self.workspace, self.dialect.place(where), person)
            now = board.read_clock(connection, self.workspace)
            sent, event = self._acted(connection, path.rpartition("/")[2], person, where, body)
        reply = sent if event is None else self._applied(Deed(sent, event, now, where), self.bot.handle(event, now))
        self._loop.run_until_complete(self._clock.settle())
        return {"reply": reply}

    def _state(self, connection: Connection) -> JSON:
        homes = board.groups(connection, self.workspace)
        return {
            "now": written(board.read_clock(connection, self.workspace)),
            "conversations": [
                {"id": home.id, "name": home.name, "members": sorted(map(self.dialect.play_id, home.members))}
                for home in homes
            ],
        }

    def _seen(self, connection: Connection, person: str, where: str) -> Sequence[Entry]:
        return board.seen(connection, self.workspace, self.dialect.place(where), person)

    # ── what a person does ───────────────────────────────────────────────────────────────────────────────────────────

    def _acted(
        self, connection: Connection, what: str, person: str, where: str, body: JSON
    ) -> tuple[JSON, Acted | None]:
        """What the platform would send, and what the adapter reads in it; or the reply, where nobody hears of it."""
        raise NotImplementedError

    def _form(self, person: str, where: str, token: str) -> JSON:
        """The form that this person has open; or another's, copied, as if it had been opened here."""
        own = self._forms.get((person, token))
        return own or self._copied(next(one for (_, sent), one in self._forms.items() if sent == token), where)

    def _copied(self, form: JSON, where: str) -> JSON:
        raise NotImplementedError

    # ── what they get ────────────────────────────────────────────────────────────────────────────────────────────────

    def _applied(self, deed: Deed, reply: Reply) -> JSON:
        """The reply as ``answer.py`` would give it, and as the plays see it."""
        match reply:
            case Say(message, private):
                return self._reply("say", self._said(deed, message, private=private))
            case Replace(message) if deed.event.place.message is None:
                return self._reply("say", self._said(deed, message, private=True))
            case Replace(message):
                return self._reply("replace", self._replaced(deed, message))
            case OpenForm(form):
                return self._opened(deed, form)
            case FixForm():
                return {"kind": "errors", "errors": self._mended(deed, reply)}
            case Silence():
                return {"kind": "none"}
            case _:
                assert_never(reply)

    def _said(self, deed: Deed, message: Message, *, private: bool) -> Entry:
        raise NotImplementedError

    def _say(self, deed: Deed, chat: str, message: Message, seen_by: str | None = None) -> Entry:
        drawn = self.dialect.drawn(message)
        with self.store.begin() as connection:
            place = board.enter(connection, self.workspace, self.dialect.place(chat), deed.person)
            return board.say(connection, self.workspace, place, drawn, deed.now, seen_by=seen_by)

    def _replaced(self, deed: Deed, message: Message) -> Entry:
        where, origin = self.dialect.place(deed.event.place.conversation), str(deed.event.place.message)
        drawn = self.dialect.drawn(message)
        with self.store.begin() as connection:
            standing = board.look(connection, self.workspace, where, deed.person, self.dialect.kept(origin))
            return board.edit(connection, self.workspace, standing, drawn)

    def _opened(self, deed: Deed, form: Form) -> JSON:
        """The form as the plays have forms; it is open now."""
        raise NotImplementedError

    def _mended(self, deed: Deed, reply: FixForm) -> JSON:
        """What is wrong, by field, as the form shows it."""
        raise NotImplementedError

    def _reply(self, kind: str, entry: Entry) -> JSON:
        conversation = self.dialect.conversation(self.dialect.chat_at(entry.conversation))
        return {"kind": kind, "conversation": conversation, "message": self._shown(entry)}

    def _shown(self, entry: Entry) -> JSON:
        return {
            "id": self.dialect.message(entry.id),
            "at": written(entry.at),
            "author": entry.author,
            "text": entry.drawn.text,
            "blocks": list(entry.drawn.blocks),
            "actions": list(self.dialect.actions(entry.drawn.blocks)),
            "private": entry.seen_by is not None,
            "edited": entry.edited,
        }


class BoardCourier:
    """Delivers as the local chat's courier does, in a platform's blocks and under its ids."""

    at_once = 20

    def __init__(self, store: Store, dialect: Dialect) -> None:
        self._store = store
        self._dialect = dialect

    async def send(self, post: Post, now: datetime) -> Receipt:
        drawn = self._dialect.drawn(post.message)
        with self._store.begin() as connection:
            place = self._addressed(connection, post.workspace, post.address)
            board.settle(connection, post.workspace, place)
            if post.edits is None:
                once: JSON = {"key": post.key, "lane": post.lane_token, "doubtful": post.doubtful}
                entry = board.post(connection, post.workspace, place, drawn, now, **once)
            else:
                at, message = self._dialect.place(post.edits.conversation), self._dialect.kept(post.edits.message)
                standing = board.posted(connection, post.workspace, at, message)
                assert standing is not None
                entry = board.edit(connection, post.workspace, standing, drawn)
        return Receipt(self._dialect.chat_at(entry.conversation), self._dialect.message(entry.id))

    def _addressed(self, connection: Connection, workspace: int, address: Address) -> Conversation:
        match address:
            case Home(conversation=conversation, title=title, kind=kind, members=members):
                made = conversation or self._dialect.made(address)
                return Conversation(made, kind, title, tuple(sorted(members)))
            case Direct(name):
                person = people.find(connection, workspace, name)
                if person is None or not person.active:
                    raise DeliveryFailed("the account is closed")
                return board.direct(name)
            case _:
                assert_never(address)
