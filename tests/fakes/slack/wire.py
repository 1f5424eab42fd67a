"""From Slack to the app: signed requests to its address, or envelopes over the websockets of Socket Mode."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Literal
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout, WSMsgType, web

from tests.fakes.slack.world import APP_ID, Json, utcnow

Kind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app answered. Status 0: nothing in the time that Slack gives, or nobody was there; body says which."""

    status: int
    body: Any = None
    latency: float = 0.0
    """Seconds."""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(slots=True)
class Wire:
    signing_secret: str
    request_url: str | None = None
    """Where the app listens; None: Socket Mode only."""
    patience: float = 3.0
    """Seconds until Slack gives up on an answer."""
    age: int = 0
    """Seconds that signatures are old."""
    connected: asyncio.Condition = field(default_factory=asyncio.Condition)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    _session: ClientSession | None = None
    _count: int = 0

    async def send(self, kind: Kind, payload: Json, retry: int = 0, reason: str = "") -> Answer:
        start = monotonic()
        try:
            if self.sockets:
                status, body = 200, await self._over_socket(kind, payload, retry, reason)
            elif self.request_url is not None:
                status, body = await self._over_http(self.request_url, kind, payload, retry, reason)
            else:
                return Answer(0, "nobody is listening")
        except TimeoutError:
            return Answer(0, "operation_timeout", monotonic() - start)
        except ClientError as problem:
            return Answer(0, f"connection failed: {type(problem).__name__}", monotonic() - start)
        return Answer(status, body, monotonic() - start)

    async def _over_http(self, url: str, kind: Kind, payload: Json, retry: int, reason: str) -> tuple[int, Any]:
        if kind == "events_api":
            body, form = json.dumps(payload), "application/json"
        else:
            fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, form = urlencode(fields), "application/x-www-form-urlencoded"
        headers = {"Content-Type": form, **self.signed(body)}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason}
        if self._session is None:
            self._session = ClientSession()
        limit = ClientTimeout(total=self.patience)
        async with self._session.post(url, data=body.encode(), headers=headers, timeout=limit) as response:
            return response.status, read(await response.text())

    def signed(self, body: str) -> Mapping[str, str]:
        """https://docs.slack.dev/authentication/verifying-requests-from-slack – Bolt compares with the real time."""
        stamp = str(int(utcnow().timestamp()) - self.age)
        digest = hmac.new(self.signing_secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    # ── Socket Mode ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _over_socket(self, kind: Kind, payload: Json, retry: int, reason: str) -> Any:
        """Over one of the connections, in turn. An answer that does not come in time counts as none."""
        self._count += 1
        socket = self.sockets[self._count % len(self.sockets)]
        id = f"envelope-{self._count}"
        envelope: Json = {"envelope_id": id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": reason}
        self._waiting[id] = asyncio.get_running_loop().create_future()
        try:
            await socket.send_json(envelope)
            async with asyncio.timeout(self.patience):
                return await self._waiting[id]
        except ConnectionError as problem:
            raise TimeoutError from problem
        finally:
            del self._waiting[id]

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection of the app; the ticket in its address is good once."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            raise web.HTTPForbidden(text="unknown ticket")
        self.tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        hello = {"type": "hello", "num_connections": len(self.sockets) + 1, "connection_info": {"app_id": APP_ID}}
        await socket.send_json(hello)
        self.sockets.append(socket)
        await self._tell()
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            self.sockets.remove(socket)
            await self._tell()
        return socket

    def _acknowledged(self, data: Any) -> None:
        waiting = self._waiting.get(data.get("envelope_id", "")) if isinstance(data, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(data.get("payload", ""))

    async def _tell(self) -> None:
        async with self.connected:
            self.connected.notify_all()

    async def until_connected(self, count: int = 1, patience: float = 10.0) -> None:
        async with asyncio.timeout(patience), self.connected:
            await self.connected.wait_for(lambda: len(self.sockets) >= count)

    async def refresh(self) -> None:
        """Slack asks every connection to come again, as it does every few hours, and ends it."""
        for socket in list(self.sockets):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
            await socket.close()

    async def close(self) -> None:
        for socket in list(self.sockets):
            await socket.close()
        if self._session is not None:
            await self._session.close()


def read(text: str) -> Any:
    """JSON where it is; else as it stands."""
    try:
        return json.loads(text)
    except ValueError:
        return text
