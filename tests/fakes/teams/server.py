"""The fake's side of the wire: the connector's routes, the log-in, the keys. It refuses as the connector does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aiohttp import web

from tests.fakes.teams.world import THREAD, Json, Room

if TYPE_CHECKING:
    from tests.fakes.teams.fake import FakeTeams

LARGEST = 100 * 1024
PAGE = 50

Handler = Callable[["FakeTeams", web.Request, Json], Awaitable[web.Response]]


class Wrong(Exception):
    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message


def routes(fake: FakeTeams) -> web.Application:
    app = web.Application(client_max_size=1024 * 1024)
    add = app.router.add_route
    base = "/connector/v3/conversations"
    add("POST", base, _guarded(fake, "create", _create))
    add("POST", base + "/{conversation}/activities", _guarded(fake, "post", _post))
    add("POST", base + "/{conversation}/activities/{message}", _guarded(fake, "post", _post))
    add("PUT", base + "/{conversation}/activities/{message}", _guarded(fake, "update", _update))
    add("GET", base + "/{conversation}/pagedmembers", _guarded(fake, "members", _members))
    add("GET", base + "/{conversation}/members/{user}", _guarded(fake, "member", _member))
    add("GET", "/openid", _open(fake, _metadata))
    add("GET", "/keys", _open(fake, _keys))
    add("GET", "/login/{tenant}/v2.0/.well-known/openid-configuration", _open(fake, _login))
    add("POST", "/login/{tenant}/oauth2/v2.0/token", _open(fake, _token))
    return app


def _open(
    fake: FakeTeams, handler: Callable[[FakeTeams, web.Request], Awaitable[web.Response]]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        return await handler(fake, request)

    return handle


def _guarded(fake: FakeTeams, method: str, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else {}
        fake.calls.append((method, request.path, body))
        fake.watch(method)
        fake.under_way += 1
        fake.most_under_way = max(fake.most_under_way, fake.under_way)
        try:
            return await _faulty(fake, method, request, lambda: handler(fake, request, body))
        except Wrong as wrong:
            if wrong.status == 400:
                fake.complaints.append(f"{method}: {wrong.message or wrong.code}")
            error = {"error": {"code": wrong.code, "message": wrong.message or wrong.code}}
            return web.json_response(error, status=wrong.status)
        finally:
            fake.under_way -= 1

    return handle


async def _faulty(
    fake: FakeTeams, method: str, request: web.Request, work: Callable[[], Awaitable[web.Response]]
) -> web.Response:
    if fault := fake.faults.take(method, "drop"):
        _hang_up(request)
    if fault := fake.faults.take(method, "limit"):
        headers = {"Retry-After": str(fault.details["retry_after"])}
        return web.json_response({"error": {"code": "TooManyRequests"}}, status=429, headers=headers)
    if fault := fake.faults.take(method, "status"):
        raise Wrong(fault.details["status"], "ServiceError")
    if fault := fake.faults.take(method, "answer"):
        status, _, code = str(fault.details["error"]).partition(" ")
        raise Wrong(int(status), code)
    if fake.app_id and request.headers.get("Authorization") != f"Bearer {fake.bearer}":
        raise Wrong(401, "Unauthorized")
    answer = await work()
    if fault := fake.faults.take(method, "lose"):
        if fault.details["how"] != "drop":
            raise Wrong(int(fault.details["how"]), "BadGateway")
        _hang_up(request)
    if fault := fake.faults.take(method, "slow"):
        await asyncio.sleep(fault.details["seconds"])
    return answer


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
    raise ConnectionResetError


async def _create(fake: FakeTeams, request: web.Request, body: Json) -> web.Response:
    if body.get("bot", {}).get("id") != fake.bot_id:
        raise Wrong(400, "BadArgument", "bot.id is not ours")
    channel = body.get("channelData", {}).get("channel", {}).get("id")
    if body.get("isGroup") and channel:
        room = _room(fake, channel)
        _valid(body.get("activity"))
        id = fake.world.next_id()
        thread = f"{room.id}{THREAD}{id}"
        fake.world.say(thread, None, body["activity"], id)
        return web.json_response({"id": thread, "activityId": id}, status=201)
    members = body.get("members") or []
    if body.get("isGroup") or len(members) != 1:
        raise Wrong(400, "BadSyntax", "a bot makes chats with one person")
    user = fake.world.user(str(members[0].get("id")))
    if user is None or body.get("tenantId") != fake.world.tenant:
        raise Wrong(404, "NotFound", "no such user")
    if not user.reachable:
        raise Wrong(403, "ForbiddenOperationException", "the app is not installed for this user")
    return web.json_response({"id": fake.world.chat_of(user).id}, status=201)


async def _post(fake: FakeTeams, request: web.Request, body: Json) -> web.Response:
    room = _room(fake, request.match_info["conversation"])
    _valid(body)
    if room.kind == "personal" and not fake.world.users[room.members[0]].reachable:
        raise Wrong(403, "ConversationBlockedByUser")
    said = fake.world.say(request.match_info["conversation"], None, body)
    return web.json_response({"id": said.id}, status=201)


async def _update(fake: FakeTeams, request: web.Request, body: Json) -> web.Response:
    _room(fake, request.match_info["conversation"])
    _valid(body)
    said = fake.world.find(request.match_info["conversation"], request.match_info["message"])
    if said is None or said.by is not None:
        raise Wrong(404, "ActivityNotFoundInConversation")
    said.activity = body
    said.updates += 1
    said.shown.clear()
    return web.json_response({"id": said.id})


async def _members(fake: FakeTeams, request: web.Request, body: Json) -> web.Response:
    room = _room(fake, request.match_info["conversation"])
    begins = int(request.query.get("continuationToken", "0"))
    most = min(int(request.query.get("pageSize", str(PAGE))), 500)
    if most < PAGE:
        raise Wrong(400, "BadArgument", "pageSize")
    page = room.members[begins : begins + most]
    more = {"continuationToken": str(begins + most)} if begins + most < len(room.members) else {}
    return web.json_response({"members": [fake.world.users[key].member for key in page], **more})


async def _member(fake: FakeTeams, request: web.Request, body: Json) -> web.Response:
    room = _room(fake, request.match_info["conversation"])
    user = fake.world.user(request.match_info["user"])
    if user is None or user.key not in room.members:
        raise Wrong(404, "MemberNotFoundInConversation")
    return web.json_response(user.member)


def _room(fake: FakeTeams, conversation: str) -> Room:
    room = fake.world.room(conversation)
    if room is None:
        raise Wrong(404, "ConversationNotFound")
    if not room.bot:
        raise Wrong(403, "BotNotInConversationRoster")
    return room


def _valid(activity: Any) -> None:
    """What Teams would not take, or would not take as it was meant."""
    if not isinstance(activity, dict) or activity.get("type") != "message":
        raise Wrong(400, "BadSyntax", "no message")
    if activity.get("text") and activity.get("attachments"):
        raise Wrong(400, "BadSyntax", "text and a card go out as two messages, and no id comes back")
    if not activity.get("text") and not activity.get("attachments"):
        raise Wrong(400, "BadSyntax", "an empty message")
    size = len(web.json_response(activity).body or b"")  # type: ignore[arg-type]
    if size > LARGEST:
        raise Wrong(413, "MessageSizeTooBig")


async def _metadata(fake: FakeTeams, request: web.Request) -> web.Response:
    return web.json_response({"issuer": "https://api.botframework.com", "jwks_uri": f"{fake.root}/keys"})


async def _keys(fake: FakeTeams, request: web.Request) -> web.Response:
    fake.keys_fetched += 1
    if fake.faults.take("keys", "status"):
        return web.Response(status=500)
    return web.json_response(fake.signer.jwks(fake.endorsements))


async def _login(fake: FakeTeams, request: web.Request) -> web.Response:
    base = f"https://login.microsoftonline.com/{request.match_info['tenant']}/oauth2/v2.0"
    told = {"token_endpoint": f"{base}/token", "authorization_endpoint": f"{base}/authorize", "issuer": base}
    return web.json_response(told)


async def _token(fake: FakeTeams, request: web.Request) -> web.Response:
    fake.tokens_given += 1
    sent = dict(parse_qsl(await request.text()))
    right = {"client_id": fake.app_id, "client_secret": fake.password, "grant_type": "client_credentials"}
    if any(sent.get(name) != value for name, value in right.items()):
        wrong = {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}
        return web.json_response(wrong, status=401)
    return web.json_response({"token_type": "Bearer", "expires_in": 3599, "access_token": fake.bearer})
