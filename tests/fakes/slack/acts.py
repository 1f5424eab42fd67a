"""What people do: type, press, submit, open the Home. Each returns what the bot answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.slack import payloads
from tests.fakes.slack.events import Events
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.limits import problems
from tests.fakes.slack.payloads import Impossible
from tests.fakes.slack.responses import Place, Responses
from tests.fakes.slack.views import View
from tests.fakes.slack.wire import Answer, Wire
from tests.fakes.slack.world import Channel, Json, Message, Refusal, User, World


class Acts:
    """People at their Slack. What Slack's own client would not allow raises Impossible."""

    def __init__(self, world: World, wire: Wire, events: Events, faults: Faults, responses: Responses) -> None:
        self.world, self.wire, self.events, self.faults, self.responses = world, wire, events, faults, responses
        self.complaints: list[str] = []
        """Everything that the app sent and Slack would refuse for its form."""
        self.noted: Callable[[], None] = lambda: None
        self.root = ""
        self.shows_after = ""
        """A method of the Web API: an answer to a form is shown after the app has called it, as by a slow client."""
        self.not_shown = False
        """Such an answer is there."""

    def _person(self, user: str) -> User:
        person = self.world.users.get(user)
        if person is None or person.deleted:
            raise Impossible(f"there is no active person {user}")
        return person

    def _place(self, user: str, channel: str) -> tuple[User, Channel]:
        person, found = self._person(user), self.world.channels.get(channel)
        if found is None or found.team != person.team or found.deleted:
            raise Impossible(f"{user} knows no conversation {channel}")
        if user not in found.members and found.kind != "public":
            raise Impossible(f"{user} is not in {channel}")
        return person, found

    def _response_url(self, team: str, channel: str, user: str, ts: str | None = None) -> tuple[str, Place]:
        id = self.responses.new(team, channel, user, ts)
        return f"{self.root}/actions/{team}/{id}", self.responses.places[id]

    async def types(self, user: str, channel: str, text: str) -> Answer:
        """A command when it begins with "/", else a message. "@ana" (a name) and "<@U1>" mention somebody."""
        person, where = self._place(user, channel)
        if not text.startswith("/"):
            return await self._says(person, where, text)
        url, place = self._response_url(person.team, channel, user)
        answer = await self.wire.send("slash_commands", payloads.command(self.world, person, where, text, url))
        if answer.ok:
            self._say(place, answer.body)
        self.noted()
        return answer

    def _say(self, place: Place, body: Any) -> None:
        try:
            self.responses.say(place, body)
        except Refusal as refusal:
            self.complaints += refusal.more.get("errors", [refusal.error])

    async def _says(self, person: User, where: Channel, text: str) -> Answer:
        if where.archived:
            raise Impossible(f"{where.id} is archived")
        message = Message(self.world.new_ts(), where.id, where.team, person.id, text)
        where.messages[message.ts] = message
        self.noted()
        kind = {"public": "channel", "private": "group"}.get(where.kind, where.kind)
        name = {"public": "message.channels", "private": "message.groups"}.get(where.kind, f"message.{kind}")
        heard = self.world.teams[where.team].bot in where.members
        if not heard or name not in self.world.subscriptions:
            return Answer(0, "not subscribed")
        event = {"channel": where.id, "channel_type": kind, "user": person.id, "text": text, "ts": message.ts}
        return await self.events.deliver(where.team, {"type": "message", **event, "event_ts": message.ts})

    async def presses(self, user: str, channel: str, ts: str, action_id: str, value: Any = None) -> Answer:
        """A button of a message, or an element that takes a value."""
        person, where = self._place(user, channel)
        message = where.messages.get(ts)
        if message is None or message.only_for not in (None, user):
            raise Impossible(f"{user} sees no message {ts} in {channel}")
        action = payloads.action(self.world, message.blocks, action_id, value)
        url, _ = self._response_url(person.team, channel, user, ts)
        payload = payloads.press_in_message(self.world, person, where, message, action, url)
        return await self._interact(payload)

    async def presses_in_view(self, user: str, view_id: str, action_id: str, value: Any = None) -> Answer:
        """In an open modal."""
        person, view = self._person(user), self._view(user, view_id)
        action = payloads.action(self.world, view.content["blocks"], action_id, value)
        return await self._interact(payloads.press_in_view(self.world, person, view.shown(), view, action))

    async def presses_in_home(self, user: str, action_id: str, value: Any = None) -> Answer:
        person = self._person(user)
        home = self.world.teams[person.team].homes.get(user)
        if home is None:
            raise Impossible(f"the Home of {user} is empty")
        action = payloads.action(self.world, home["blocks"], action_id, value)
        return await self._interact(payloads.press_in_view(self.world, person, home, None, action))

    async def _interact(self, payload: Json) -> Answer:
        answer = await self.wire.send("interactive", payload)
        self.noted()
        return answer

    def _view(self, user: str, view_id: str) -> View:
        for view in self.world.modals.stacks.get(user, []):
            if view.id == view_id:
                return view
        raise Impossible(f"{user} has no modal {view_id} open")

    async def submits(self, user: str, view_id: str, values: Mapping[str, Any]) -> Answer:
        """Fill in and send a modal; ``values`` by block id: words, an option's value, a list of values or ids, a date.

        What is left out keeps what it showed. The modal closes, or stays with errors, or becomes another, as answered.
        """
        person, view = self._person(user), self._view(user, view_id)
        if "submit" not in view.content:
            raise Impossible(f"{view_id} has no button to send it")
        shown = view.shown(payloads.state(view, values))
        payload = {**payloads.interaction(self.world, "view_submission", person, view), "view": shown}
        answer = await self._interact({**payload, "response_urls": []})
        if answer.ok and self.shows_after:
            await self._shows_late()
        if answer.ok:
            self._submitted(view, answer.body)
        self.noted()
        return answer

    async def _shows_late(self) -> None:
        self.not_shown = True
        self.noted()
        await self.called(self.shows_after)
        self.shows_after, self.not_shown = "", False

    async def called(self, method: str) -> None:
        """Until the app has called this method of the Web API once more."""
        raise NotImplementedError

    def _submitted(self, view: View, body: Any) -> None:
        modals = self.world.modals
        content = body if isinstance(body, dict) else {}
        if "view" in content and (found := problems(content["view"])):
            self.complaints += found
            return
        match content.get("response_action"):
            case "errors":
                inputs = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
                view.errors = dict(content.get("errors") or {})
                self.complaints += [f"errors: there is no field {id!r}" for id in set(view.errors) - inputs]
                self.complaints += [] if view.errors else ["errors must not be empty"]
            case "update":
                modals.change(view, content["view"])
            case "push":
                modals.push_in_answer(view, content["view"])
            case "clear":
                modals.close(view, all=True)
            case None:
                modals.close(view)
            case other:
                self.complaints.append(f"response_action is unknown: {other!r}")

    async def closes(self, user: str, view_id: str) -> Answer:
        """A modal, without sending it."""
        person, view = self._person(user), self._view(user, view_id)
        self.world.modals.close(view)
        if not view.content.get("notify_on_close"):
            return Answer(0, "not wanted")
        payload = {**payloads.interaction(self.world, "view_closed", person), "view": view.shown(), "is_cleared": False}
        return await self._interact(payload)

    async def opens_home(self, user: str, tab: str = "home") -> Answer:
        person = self._person(user)
        team = self.world.teams[person.team]
        home = {"view": team.homes[user]} if user in team.homes else {}
        direct = self.world.conversation_of(team.id, (team.bot, user)).id
        return await self.happens(team.id, "app_home_opened", user=user, channel=direct, tab=tab, **home)

    async def happens(self, team: str, kind: str, /, **event: Any) -> Answer:
        """An event, delivered now; nothing when the app has not subscribed to its kind."""
        if kind not in self.world.subscriptions:
            return Answer(0, "not subscribed")
        answer = await self.events.deliver(team, {"type": kind, **event, "event_ts": self.world.new_ts()})
        self.noted()
        return answer

    def open_views(self, user: str) -> list[View]:
        return list(self.world.modals.stacks.get(user, []))
