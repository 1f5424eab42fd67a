"""The same stage in Slack: what people do comes as Slack's payloads, what they see was drawn as Block Kit.

Only the wire is left out, which tests/slack plays over. The local chat's board stands in for Slack's conversations and
holds the clock, so that scenes and restarts work here too. All that is drawn must be what Slack takes.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, assert_never
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import Connection

from adapters.delivery.courier import DeliveryFailed
from adapters.gallery.page import slack_id
from adapters.slack import parse
from adapters.slack.answer import means, metadata
from adapters.slack.render import message_payloads, view, view_errors
from adapters.web import board
from adapters.web.board import Conversation
from adapters.web.clock import SimulatedClock
from adapters.web.parse import move
from adapters.web.render import Drawn, Entry
from adapters.web.render import instant as written
from adapters.web.send import Subscribers
from bot.guides.rules import Guides
from bot.inbound import Actor, Command, Place, Press, Submission
from bot.messages import Address, Direct, FixForm, Form, Home, Message, OpenForm, Post, Receipt, Replace, Say, Silence
from bot.people import store as people
from bot.storage import Store
from tests.plays import slack_client as client
from tests.plays.stage import JSON, Human, Stage
from tests.slack.lint import payload_problems, view_problems

Acted = Command | Press | Submission


class SlackStage(Stage):
    """One workspace of Slack and its clock."""

    platform = "slack"

    def __init__(self, store: Store, guides: Guides, now: str) -> None:
        self._open(store, guides, client.TEAM["id"], now)
        self._loop = asyncio.new_event_loop()
        self._clock = SimulatedClock(self.bot, store, self.workspace, _Courier(store), Subscribers())
        self._profiles: dict[str, Actor] = {}
        self._views: dict[tuple[str, str], JSON] = {}

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def external(self, person: str) -> str:
        return slack_id(person)

    def person(self, name: str, zone: str = "Europe/Berlin") -> Human:
        """Slack tells of the zone and the language again whenever somebody acts."""
        human = super().person(name, zone)
        external = self.external(human.id)
        self._profiles[external] = Actor(self.workspace, external, name, zone, "en")
        return human

    # ── the interface ────────────────────────────────────────────────────────────────────────────────────────────────

    def get(self, path: str) -> Any:
        asked = urlsplit(path)
        with self.store.begin() as connection:
            if asked.path == "/api/state":
                return self._state(connection)
            person = slack_id(parse_qs(asked.query)["as"][0])
            place = _place(client.channel(unquote(asked.path.split("/")[3])))
            board.enter(connection, self.workspace, place, person)
            return [_shown(entry) for entry in board.seen(connection, self.workspace, place, person)]

    def post(self, path: str, body: JSON) -> Any:
        if path == "/api/clock":
            return {"played": self._loop.run_until_complete(self._clock.move(move(body))).messages}
        person, where = slack_id(body["as"]), client.channel(body["conversation"])
        with self.store.begin() as connection:
            board.enter(connection, self.workspace, _place(where), person)
            now = board.read_clock(connection, self.workspace)
            payload, event = self._acted(connection, path.rpartition("/")[2], person, where, body)
        reply = self._applied(payload, event, self.bot.handle(event, now), now)
        self._loop.run_until_complete(self._clock.settle())
        return {"reply": reply}

    def _state(self, connection: Connection) -> JSON:
        homes = board.groups(connection, self.workspace)
        return {
            "now": written(board.read_clock(connection, self.workspace)),
            "conversations": [
                {"id": home.id, "name": home.name, "members": sorted(map(client.play_id, home.members))}
                for home in homes
            ],
        }

    # ── what a person does ───────────────────────────────────────────────────────────────────────────────────────────

    def _acted(self, connection: Connection, what: str, person: str, where: str, body: JSON) -> tuple[JSON, Acted]:
        """The payload that Slack would send, and what the adapter reads in it."""
        actor = self._actor(connection, person)
        match what:
            case "commands":
                known = {one.external for one in people.everyone(connection, self.workspace)}
                payload = client.slash_command(person, where, body["text"], known)
                return payload, parse.command(payload, actor, self._mentioned(connection, payload))
            case "presses":
                payload = self._press(connection, person, where, body)
                assert not parse.opens_link(payload)
                return payload, parse.press(payload, actor)
            case "submissions":
                payload = client.view_submission(person, self._view(person, where, body["token"]), body["values"])
                return payload, parse.submission(payload, actor, self._mentioned(connection, payload))
            case _:
                raise AssertionError(f"nobody does {what}")

    def _press(self, connection: Connection, person: str, where: str, body: JSON) -> JSON:
        token, message = body["token"], body.get("message")
        if message is None:
            copied = {"type": "button", "action_id": token}
            return client.block_actions(person, where, copied, None, ephemeral=False)
        entry = board.look(connection, self.workspace, _place(where), person, _kept(message))
        pressed = next(one for one in client.buttons(entry.drawn.blocks) if one["action_id"] == token)
        return client.block_actions(person, where, pressed, message, ephemeral=entry.seen_by is not None)

    def _view(self, person: str, where: str, token: str) -> JSON:
        """The form that this person has open; or another's, copied, as if it had been opened here."""
        own = self._views.get((person, token))
        if own is not None:
            return own
        copied = next(shown for (_, sent), shown in self._views.items() if sent == token)
        here = Place(where, "direct" if where.startswith("D") else "group")
        return copied | {"private_metadata": metadata(here, means({"command": "/circle", "user_id": person}))}

    def _actor(self, connection: Connection, person: str) -> Actor:
        known = people.find(connection, self.workspace, person)
        assert known is not None
        return self._profiles.get(person) or Actor(self.workspace, person, known.name)

    def _mentioned(self, connection: Connection, payload: JSON) -> tuple[Actor, ...]:
        """Those who are named, closed accounts left out."""
        named = ((person, people.find(connection, self.workspace, person)) for person in parse.user_ids(payload))
        return tuple(self._actor(connection, person) for person, known in named if known and known.active)

    # ── what they get ────────────────────────────────────────────────────────────────────────────────────────────────

    def _applied(self, payload: JSON, event: Acted, reply: object, now: datetime) -> JSON:
        """The reply as ``answer.apply`` would give it, and as the plays see it."""
        match reply:
            case Say(message, private):
                return self._said(event, message, now, private=private)
            case Replace(message) if event.place.message is None:
                return self._said(event, message, now, private=True)
            case Replace(message):
                return self._replaced(event, message)
            case OpenForm(form):
                return self._opened(payload, event, form)
            case FixForm(problems):
                fields = parse.fields(payload)
                errors = view_errors(problems, fields)
                assert errors
                assert set(errors) <= set(fields)
                return {"kind": "errors", "errors": errors}
            case Silence():
                return {"kind": "none"}
            case _:
                raise AssertionError(f"no reply: {reply!r}")

    def _said(self, event: Acted, message: Message, now: datetime, *, private: bool) -> JSON:
        person, where = event.actor.person, _place(event.place.conversation)
        with self.store.begin() as connection:
            place = board.enter(connection, self.workspace, where, person)
            seen_by = person if private else None
            entry = board.say(connection, self.workspace, place, _drawn(message), now, seen_by=seen_by)
        return _reply("say", entry)

    def _replaced(self, event: Acted, message: Message) -> JSON:
        person, where, origin = event.actor.person, _place(event.place.conversation), str(event.place.message)
        with self.store.begin() as connection:
            standing = board.look(connection, self.workspace, where, person, _kept(origin))
            entry = board.edit(connection, self.workspace, standing, _drawn(message))
        return _reply("replace", entry)

    def _opened(self, payload: JSON, event: Acted, form: Form) -> JSON:
        shown = view(form, metadata=metadata(event.place, means(payload)))
        assert view_problems(shown) == []
        self._views[event.actor.person, shown["callback_id"]] = shown
        return {"kind": "form", **client.form(shown)}


class _Courier:
    """Delivers as the local chat's courier does, in Slack's blocks and under Slack's ids."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def send(self, post: Post, now: datetime) -> Receipt:
        drawn = _drawn(post.message)
        with self._store.begin() as connection:
            place = _addressed(connection, post.workspace, post.address)
            board.settle(connection, post.workspace, place)
            if post.edits is None:
                once: JSON = {"key": post.key, "lane": post.lane_token, "doubtful": post.doubtful}
                entry = board.post(connection, post.workspace, place, drawn, now, **once)
            else:
                at, message = _place(post.edits.conversation), _kept(post.edits.message)
                standing = board.posted(connection, post.workspace, at, message)
                assert standing is not None
                entry = board.edit(connection, post.workspace, standing, drawn)
        return Receipt(_channel(entry.conversation), _ts(entry.id))


def _addressed(connection: Connection, workspace: int, address: Address) -> Conversation:
    match address:
        case Home(group, conversation, title, kind, members):
            made = f"{'C' if kind == 'circle' else 'G'}0{group:06}"
            return Conversation(conversation or made, kind, title, tuple(sorted(members)))
        case Direct(name):
            person = people.find(connection, workspace, name)
            if person is None or not person.active:
                raise DeliveryFailed("the account is closed")
            return board.direct(name)
        case _:
            assert_never(address)


# ── Slack's ids, and the board's ─────────────────────────────────────────────────────────────────────────────────────


def _place(channel: str) -> str:
    return board.direct(f"U{channel[1:]}").id if channel.startswith("D") else channel


def _channel(place: str) -> str:
    return f"D{place[4:]}" if place.startswith("dm-") else place


def _ts(message: str) -> str:
    return f"1796374800.{int(message):06}"


def _kept(ts: str) -> str:
    return str(int(ts.partition(".")[2]))


# ── what is drawn ────────────────────────────────────────────────────────────────────────────────────────────────────


def _drawn(message: Message) -> Drawn:
    payloads = message_payloads(message)
    for payload in payloads:
        assert payload_problems(payload) == []
    assert client.unseen(payloads) == []
    return Drawn(client.text(payloads), tuple(block for payload in payloads for block in payload.blocks))


def _reply(kind: str, entry: Entry) -> JSON:
    return {"kind": kind, "conversation": client.conversation(_channel(entry.conversation)), "message": _shown(entry)}


def _shown(entry: Entry) -> JSON:
    pressable = client.buttons(entry.drawn.blocks)
    return {
        "id": _ts(entry.id),
        "at": written(entry.at),
        "author": entry.author,
        "text": entry.drawn.text,
        "blocks": list(entry.drawn.blocks),
        "actions": [{"token": one["action_id"], "label": one["text"]["text"]} for one in pressable],
        "private": entry.seen_by is not None,
        "edited": entry.edited,
    }
