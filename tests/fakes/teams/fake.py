"""The fake itself: a world, a server, and people who act in it."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from aiohttp import ClientSession, ClientTimeout, web

from tests.fakes.slack.faults import Faults
from tests.fakes.teams import acts
from tests.fakes.teams.acts import Answer
from tests.fakes.teams.server import routes
from tests.fakes.teams.tokens import Signer
from tests.fakes.teams.world import Json, Said, User, World

APP = "0f0f0f0f-1111-2222-3333-444444444444"
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
PEOPLE = {"ana": "Ana Ruiz", "ben": "Ben Okafor", "cleo": "Cleo Marsh", "dan": "Dan Wu", "eva": "Eva Lind"}
TEAM = "19:team@thread.tacv2"
GENERAL = "19:general@thread.tacv2"
CHAT = "19:chat@thread.v2"


def _always() -> datetime:
    return datetime(2026, 12, 4, 9, tzinfo=UTC)


class FakeTeams:
    """Five people, a team with the channel General, and a group chat. The app is in all of them."""

    def __init__(
        self,
        port: int = 0,
        bot_url: str = "",
        clock: Callable[[], datetime] = _always,
        app_id: str = APP,
        password: str = "secret of the tests",
    ) -> None:
        self.clock = clock
        self.app_id = app_id
        self.password = password
        self.bot_url = bot_url
        self.bearer = "bearer-1"
        self.world = World(TENANT)
        self.faults = Faults(seed="teams")
        self.signer = Signer(clock, app_id)
        self.endorsements = ["msteams"]
        self.calls: list[tuple[str, str, Json]] = []
        self.complaints: list[str] = []
        self.watch: Callable[[str], object] = lambda _: None
        """Told of every call before anything comes of it."""
        self.keys_fetched = 0
        self.tokens_given = 0
        self.under_way = 0
        self.most_under_way = 0
        self._port = port
        for key, name in PEOPLE.items():
            self.world.add_user(key, name)
        self.world.add_room(GENERAL, "channel", list(PEOPLE), team=TEAM, name="General")
        self.world.add_room(CHAT, "groupChat", list(PEOPLE), name="Five")

    async def __aenter__(self) -> FakeTeams:
        self._runner = web.AppRunner(routes(self), access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = ClientSession(timeout=ClientTimeout(total=20))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        await self._runner.cleanup()

    # ── where it is ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def service_url(self) -> str:
        return f"{self.root}/connector/"

    @property
    def bot_id(self) -> str:
        return f"28:{self.app_id or 'circlet'}"

    @property
    def settings(self) -> dict[str, str]:
        """What an administrator would set."""
        return {
            "microsoft_app_id": self.app_id,
            "microsoft_app_password": self.password,
            "microsoft_app_tenant_id": self.world.tenant,
            "teams_openid_url": f"{self.root}/openid",
            "teams_login_url": f"{self.root}/login/",
        }

    # ── what can be seen ─────────────────────────────────────────────────────────────────────────────────────────────

    def chat(self, key: str) -> str:
        """Somebody's own chat with the bot."""
        return self.world.chat_of(self.world.users[key]).id

    def messages(self, conversation: str) -> list[Said]:
        """The bot's, in a conversation or in a whole channel."""
        ours = (one for one in self.world.messages if one.by is None)
        return [one for one in ours if conversation in (one.conversation, one.conversation.partition(";")[0])]

    def screen(self, conversation: str, user: str | None = None) -> str:
        return "\n──\n".join(one.words(user) for one in self.messages(conversation))

    def posted(self) -> list[Json]:
        """Everything that was posted, whoever got it."""
        return [body for method, _, body in self.calls if method in ("post", "create")]

    # ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────

    async def send(self, activity: Json, token: str | None = None, **headers: str) -> Answer:
        """As Teams does. ``token``: another one, "" for none."""
        if token is None:
            token = self.signer.token(activity.get("serviceUrl", "")) if self.app_id else ""
        shown = {"Authorization": f"Bearer {token}"} if token else {}
        began = acts.now()
        async with self._session.post(self.bot_url, json=activity, headers={**shown, **headers}) as answer:
            body = await answer.json() if answer.content_type == "application/json" else await answer.text()
            return Answer(answer.status, body, acts.now() - began)

    async def says(self, key: str, conversation: str, text: str, **how: Any) -> Answer:
        """In a channel this begins a thread, unless the conversation is one."""
        activity = acts.message(self, self.world.users[key], conversation, text, **how)
        room = self.world.room(conversation)
        if room is not None and room.kind == "channel" and ";" not in conversation:
            activity["conversation"]["id"] = acts.root(conversation, activity["id"])
        self.world.say(activity["conversation"]["id"], key, activity, activity["id"])
        return await self.send(activity)

    async def presses(self, key: str, said: Said, title: str) -> Answer:
        """A button of a card. What the bot answers is shown to them."""
        return await self._act(key, said, acts.find_action(said.cards(key), title), {})

    async def submits(self, key: str, said: Said, **values: str) -> Answer:
        """The last form of a message, which is open or unfolds."""
        submit, standing = acts.form_of(said.cards(key))
        return await self._act(key, said, submit, acts.filled(standing, values))

    async def sends_dialog(self, key: str, said: Said, card: Json, **values: str) -> Answer:
        """The form of the dialog that was opened from a message."""
        submit, standing = acts.form_of(card)
        data = {**submit["data"], **acts.filled(standing, values)}
        user = self.world.users[key]
        return await self.send(acts.invoke(self, user, said, "task/submit", {"data": data}))

    async def _act(self, key: str, said: Said, action: Json, values: Json) -> Answer:
        user = self.world.users[key]
        if action["type"] == "Action.Submit" and action["data"].get("msteams", {}).get("type") == "task/fetch":
            return await self.send(acts.invoke(self, user, said, "task/fetch", {"data": action["data"]}))
        if action["type"] == "Action.Submit":
            data = {**action["data"], **values}
            told = acts.base(self, user, said.conversation, "message", value=data, replyToId=said.id)
            return await self.send(told)
        answer = await self.send(acts.invoke(self, user, said, "adaptiveCard/action", acts.execute(action, values)))
        if answer.status == 200 and answer.body["type"].endswith("card.adaptive"):
            said.shown[key] = copy.deepcopy(answer.body["value"])
        return answer

    # ── what happens ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def installs(self, key: str, conversation: str | None = None, action: str = "add") -> Answer:
        """The app, for themselves, or in a team or a chat; or removes it."""
        user = self.world.users[key]
        room = self.world.room(conversation) if conversation else self.world.chat_of(user)
        assert room is not None
        here = action.startswith("add")
        if room.kind == "personal":
            user.reachable = here
        room.bot = here
        told = acts.base(self, user, room.id, "installationUpdate", action=action)
        # Teams names nobody here.
        told["from"] = {"id": user.id, "aadObjectId": user.aad}
        await self.send(told)
        change = {"membersAdded" if here else "membersRemoved": [{"id": self.bot_id}]}
        return await self.send(acts.base(self, user, room.id, "conversationUpdate", **change))

    async def members_change(self, by: str, conversation: str, **change: list[User]) -> Answer:
        """``membersAdded`` or ``membersRemoved``."""
        room = self.world.room(conversation)
        assert room is not None
        for user in change.get("membersAdded", []):
            room.members.append(user.key)
        for user in change.get("membersRemoved", []):
            room.members.remove(user.key)
        told = {name: [{"id": one.id, "aadObjectId": one.aad} for one in users] for name, users in change.items()}
        return await self.send(acts.base(self, self.world.users[by], conversation, "conversationUpdate", **told))

    async def event(self, by: str, conversation: str, kind: str) -> Answer:
        """A change of a channel or of its team, by Teams' own word for it."""
        told = acts.base(self, self.world.users[by], conversation, "conversationUpdate")
        told["channelData"]["eventType"] = kind
        return await self.send(told)

    async def settled(self) -> None:
        while self.under_way:
            await asyncio.sleep(0)

    def path(self, conversation: str) -> str:
        return quote(conversation, safe="")
