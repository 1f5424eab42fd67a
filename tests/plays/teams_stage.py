"""The same stage in Teams: what people do comes as Teams' activities, what they see was drawn as Adaptive Cards.

Only the wire is left out, which tests/teams plays over. All that is drawn must be what Teams takes.

Teams has no words in a channel for one person alone: what is private is said in their own chat, and who looks at the
channel where they asked sees it come there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from adapters.drawing import Json
from adapters.teams import parse
from adapters.teams.render import activities, dialog, form_card, said_dialog
from adapters.web import board
from adapters.web.render import Drawn, Entry
from bot.errors import BotError
from bot.forms import Form
from bot.guides.rules import Guides
from bot.inbound import Actor
from bot.messages import FixForm, Home, Message
from bot.people import store as people
from bot.spoken import words
from bot.storage import Store
from tests.plays import teams_client as client
from tests.plays.platform_stage import Acted, Deed, Dialect, PlatformStage
from tests.plays.stage import JSON, Human
from tests.plays.teams_client import teams_id
from tests.teams.lint import activity_problems, card_problems, dialog_problems


def _made(home: Home) -> str:
    return f"19:{home.group:06}@thread.{'tacv2' if home.kind == 'circle' else 'v2'}"


def _id(message: str) -> str:
    return f"17963748{int(message):05}"


def _kept(message: str) -> str:
    return str(int(message[8:]))


def _drawn(message: Message) -> Drawn:
    parts = activities(message)
    for one in parts:
        assert activity_problems(one) == []
    body = [element for card in client.cards(parts) for element in card["body"]]
    assert client.unseen(words(message), client.text(body)) == []
    return Drawn(words(message), tuple(body))


def _actions(blocks: Sequence[JSON]) -> Iterator[JSON]:
    return ({"token": client.token(one), "label": one["title"]} for one in client.buttons(blocks))


def _own(person: str) -> str:
    """Somebody's chat with the bot alone."""
    return f"{client.PRIVATE}{client.play_id(person)}"


def _is_dialog(activity: Json) -> bool:
    return str(activity.get("name", "")).startswith("task/")


def _card(deed: Deed, form: Form, problems: Mapping[str, str]) -> tuple[str, Json]:
    """A dialog where a button asked for one, with its title; otherwise a card of its own in the person's chat."""
    if _is_dialog(deed.sent):
        shown = dialog(form, problems, place=deed.event.place)
        assert dialog_problems(shown) == []
        return str(shown["title"]), shown["card"]["content"]
    card = form_card(form, problems)
    assert card_problems(card) == []
    return "", card


def _title(card: Json) -> str:
    """Of a form that has no dialog around it: its first line."""
    return client.text(card["body"][:1])


class TeamsStage(PlatformStage):
    """One organisation in Teams and its clock."""

    platform = "teams"
    tenant = client.TENANT
    dialect = Dialect(
        external=teams_id,
        play_id=client.play_id,
        chat=client.chat,
        conversation=client.conversation,
        made=_made,
        message=_id,
        kept=_kept,
        drawn=_drawn,
        actions=_actions,
    )

    def __init__(self, store: Store, guides: Guides, now: str) -> None:
        super().__init__(store, guides, now)
        self._zones: dict[str, str] = {}
        self._told: dict[tuple[str, str], list[str]] = {}

    def person(self, name: str, zone: str = "Europe/Berlin") -> Human:
        """Teams tells of the zone of the device and of the language with all that somebody does."""
        human = super().person(name, zone)
        self._zones[self.external(human.id)] = zone
        return human

    def _seen(self, connection: Connection, person: str, where: str) -> Sequence[Entry]:
        told, own = self._told.get((person, where), []), super()._seen(connection, person, _own(person))
        return [*super()._seen(connection, person, where), *(one for one in own if one.id in told)]

    # ── what a person does ───────────────────────────────────────────────────────────────────────────────────────────

    def _acted(
        self, connection: Connection, what: str, person: str, where: str, body: JSON
    ) -> tuple[JSON, Acted | None]:
        """Of what unfolds in the card nobody hears."""
        zone = self._zones.get(person, "Europe/Berlin")
        match what:
            case "commands":
                known = {client.play_id(one.external) for one in people.everyone(connection, self.workspace)}
                activity = client.written(person, where, body["text"], zone, known)
            case "presses" if body.get("message") is None:
                activity = client.pressed(person, where, zone, {"data": {"t": body["token"]}}, None)
            case "presses":
                at, action = self._pressed(connection, person, where, body["message"], body["token"])
                if action["type"] == "Action.ShowCard":
                    shown = client.form(action["card"], _title(action["card"]), body["message"])
                    return self._opens(person, at, shown), None
                activity = client.pressed(person, at, zone, action, body["message"])
            case "submissions":
                shown = self._form(person, where, body["token"])
                activity = client.filled(person, shown["where"], zone, shown, body["values"])
            case _:
                raise AssertionError(f"nobody does {what}")
        return activity, self._read(connection, activity)

    def _pressed(self, connection: Connection, person: str, where: str, message: str, token: str) -> tuple[str, JSON]:
        """The button, and the chat in which its card really is."""
        for at in (where, _own(person)):
            try:
                entry = board.look(connection, self.workspace, self.dialect.place(at), person, _kept(message))
            except BotError:
                continue
            return at, next(one for one in client.buttons(entry.drawn.blocks) if client.token(one) == token)
        raise AssertionError(f"{person} sees no message {message}")

    def _copied(self, form: JSON, where: str) -> JSON:
        data = {key: value for key, value in form["submit"]["data"].items() if key not in ("c", "m")}
        return form | {"where": where, "message": None, "submit": form["submit"] | {"data": data}}

    def _read(self, connection: Connection, activity: JSON) -> Acted:
        """What the adapter reads in it. Closed accounts are in no roster."""
        actor = parse.actor(activity, self.workspace)
        asked = {one: teams_id(client.play_id(one)) for one in parse.mentioned_ids(activity)}
        met = {one: people.find(connection, self.workspace, person) for one, person in asked.items()}
        known = {one: Actor(self.workspace, who.external, who.name) for one, who in met.items() if who and who.active}
        if not parse.is_action(activity):
            return parse.command(activity, actor, known)
        if parse.is_submission(activity):
            return parse.submission(activity, actor, known)
        return parse.press(activity, actor)

    # ── what they get ────────────────────────────────────────────────────────────────────────────────────────────────

    def _said(self, deed: Deed, message: Message, *, private: bool) -> Entry:
        if _is_dialog(deed.sent):
            assert dialog_problems(said_dialog(message, place=deed.event.place)) == []
        own = _own(deed.person)
        entry = self._say(deed, own if private else deed.event.place.conversation, message)
        if private and deed.where != own:
            self._told.setdefault((deed.person, deed.where), []).append(entry.id)
        return entry

    def _opened(self, deed: Deed, form: Form) -> JSON:
        title, card = _card(deed, form, {})
        found = client.form(card, _title(card) if title == "" or title.endswith("…") else title, None)
        return self._opens(deed.person, deed.event.place.conversation, found)

    def _mended(self, deed: Deed, reply: FixForm) -> JSON:
        """It opens once more, with what was typed."""
        assert reply.form is not None
        _, card = _card(deed, reply.form, reply.problems)
        errors = client.problems(card)
        assert errors
        place = deed.event.place
        self._opens(deed.person, place.conversation, client.form(card, reply.form.title, place.message))
        return errors

    def _opens(self, person: str, where: str, shown: JSON) -> JSON:
        self._forms[person, shown["token"]] = shown | {"where": where}
        return {"kind": "form", **{key: shown[key] for key in ("title", "token", "intro", "fields")}}
