"""The same stage in Slack: what people do comes as Slack's payloads, what they see was drawn as Block Kit.

Only the wire is left out, which tests/slack plays over. All that is drawn must be what Slack takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from adapters.gallery.page import slack_id
from adapters.slack import parse
from adapters.slack.answer import Means, means, metadata
from adapters.slack.render import message_payloads, view, view_errors
from adapters.web import board
from adapters.web.render import Drawn, Entry
from bot.forms import Form
from bot.guides.rules import Guides
from bot.inbound import Actor, Place
from bot.messages import FixForm, Home, Message
from bot.people import store as people
from bot.storage import Store
from tests.plays import slack_client as client
from tests.plays.platform_stage import Acted, Deed, Dialect, PlatformStage
from tests.plays.stage import JSON, Human
from tests.slack.lint import payload_problems, view_problems


def _made(home: Home) -> str:
    return f"{'C' if home.kind == 'circle' else 'G'}0{home.group:06}"


def _ts(message: str) -> str:
    return f"1796374800.{int(message):06}"


def _kept(ts: str) -> str:
    return str(int(ts.partition(".")[2]))


def _drawn(message: Message) -> Drawn:
    payloads = message_payloads(message)
    for payload in payloads:
        assert payload_problems(payload) == []
    assert client.unseen(payloads) == []
    return Drawn(client.text(payloads), tuple(block for payload in payloads for block in payload.blocks))


def _actions(blocks: Sequence[JSON]) -> Iterator[JSON]:
    return ({"token": one["action_id"], "label": one["text"]["text"]} for one in client.buttons(blocks))


class SlackStage(PlatformStage):
    """One workspace of Slack and its clock."""

    platform = "slack"
    tenant = client.TEAM["id"]
    dialect = Dialect(
        external=slack_id,
        play_id=client.play_id,
        chat=client.channel,
        conversation=client.conversation,
        made=_made,
        message=_ts,
        kept=_kept,
        drawn=_drawn,
        actions=_actions,
    )

    def __init__(self, store: Store, guides: Guides, now: str) -> None:
        super().__init__(store, guides, now)
        self._profiles: dict[str, Actor] = {}

    def person(self, name: str, zone: str = "Europe/Berlin") -> Human:
        """Slack tells of the zone and the language again whenever somebody acts."""
        human = super().person(name, zone)
        external = self.external(human.id)
        self._profiles[external] = Actor(self.workspace, external, name, zone, "en")
        return human

    # ── what a person does ───────────────────────────────────────────────────────────────────────────────────────────

    def _acted(self, connection: Connection, what: str, person: str, where: str, body: JSON) -> tuple[JSON, Acted]:
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
                payload = client.view_submission(person, self._form(person, where, body["token"]), body["values"])
                return payload, parse.submission(payload, actor, self._mentioned(connection, payload))
            case _:
                raise AssertionError(f"nobody does {what}")

    def _press(self, connection: Connection, person: str, where: str, body: JSON) -> JSON:
        token, message = body["token"], body.get("message")
        if message is None:
            copied = {"type": "button", "action_id": token}
            return client.block_actions(person, where, copied, None, ephemeral=False)
        entry = board.look(connection, self.workspace, self.dialect.place(where), person, _kept(message))
        pressed = next(one for one in client.buttons(entry.drawn.blocks) if one["action_id"] == token)
        return client.block_actions(person, where, pressed, message, ephemeral=entry.seen_by is not None)

    def _copied(self, form: JSON, where: str) -> JSON:
        here = Place(where, "direct" if where.startswith("D") else "group")
        return form | {"private_metadata": metadata(here, Means("", "command", ""))}

    def _actor(self, connection: Connection, person: str) -> Actor:
        known = people.find(connection, self.workspace, person)
        assert known is not None
        return self._profiles.get(person) or Actor(self.workspace, person, known.name)

    def _mentioned(self, connection: Connection, payload: JSON) -> tuple[Actor, ...]:
        """Those who are named, closed accounts left out."""
        named = ((person, people.find(connection, self.workspace, person)) for person in parse.user_ids(payload))
        return tuple(self._actor(connection, person) for person, known in named if known and known.active)

    # ── what they get ────────────────────────────────────────────────────────────────────────────────────────────────

    def _said(self, deed: Deed, message: Message, *, private: bool) -> Entry:
        return self._say(deed, deed.event.place.conversation, message, seen_by=deed.person if private else None)

    def _opened(self, deed: Deed, form: Form) -> JSON:
        shown = view(form, metadata=metadata(deed.event.place, means(deed.sent)))
        assert view_problems(shown) == []
        self._forms[deed.person, shown["callback_id"]] = shown
        return {"kind": "form", **client.form(shown)}

    def _mended(self, deed: Deed, reply: FixForm) -> JSON:
        fields = parse.fields(deed.sent)
        errors = view_errors(reply.problems, fields)
        assert errors
        assert set(errors) <= set(fields)
        return errors
