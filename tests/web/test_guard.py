"""Only this machine is served, and every error is JSON that gives nothing away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

import pytest
from aiohttp import ClientSession, web

from adapters.web import guard
from adapters.web.board import NotThere
from bot.errors import ConfigError
from tests.logged import logged

WROTE = "Ana wrote: my secret goal"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_may_be_listened_on(host: str) -> None:
    assert guard.loopback(host) == ("127.0.0.1" if host == "localhost" else host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.168.1.5", "10.0.0.1", "example.com", "localhost.evil.com"])
def test_nothing_else_may_be_listened_on(host: str) -> None:
    with pytest.raises(ConfigError, match="the local chat has no log-in"):
        guard.loopback(host)


async def _echo(request: web.Request) -> web.Response:
    return guard.answer(dict(await guard.body(request)))


async def _fine(_: web.Request) -> web.Response:
    return guard.answer({"fine": True})


async def _hidden(_: web.Request) -> web.Response:
    raise NotThere("conversation: there is no 'circle-1' for 'ana'")


async def _bug(_: web.Request) -> web.Response:
    raise RuntimeError(WROTE)


async def _served(
    method: str, path: str, headers: Mapping[str, str], data: bytes | None = None
) -> tuple[int, object, Mapping[str, str]]:
    app = web.Application(client_max_size=guard.LARGEST_BODY)
    guard.protect(app)
    app.add_routes([web.post("/echo", _echo), web.get("/fine", _fine), web.get("/hidden", _hidden)])
    app.add_routes([web.get("/bug", _bug)])
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        async with (
            ClientSession() as session,
            session.request(method, f"http://127.0.0.1:{port}{path}", headers=headers, data=data) as response,
        ):
            return response.status, await response.json(), dict(response.headers)
    finally:
        await runner.cleanup()


def get(path: str, **headers: str) -> tuple[int, object, Mapping[str, str]]:
    return asyncio.run(_served("GET", path, headers))


def post(data: bytes, content_type: str = "application/json") -> tuple[int, object]:
    status, answer, _ = asyncio.run(_served("POST", "/echo", {"Content-Type": content_type}, data))
    return status, answer


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080"])
def test_a_name_of_this_machine_is_served(host: str) -> None:
    assert get("/fine", Host=host)[:2] == (200, {"fine": True})


@pytest.mark.parametrize(
    "host",
    [
        "evil.com",
        "evil.com:8080",
        "127.0.0.1.evil.com",
        "localhost.evil.com",
        "evil.com@localhost",
        "192.168.0.7",
        "::1",
    ],
)
def test_a_name_that_only_points_here_is_turned_away(host: str) -> None:
    status, answer, _ = get("/fine", Host=host)
    assert (status, answer) == (
        403,
        {"error": "Host: only this machine is served, by the names localhost, 127.0.0.1 and [::1]"},
    )


@pytest.mark.parametrize(
    "origin", ["http://evil.com", "null", "http://localhost.evil.com", "file://", "http://10.0.0.1"]
)
def test_a_page_from_elsewhere_is_turned_away(origin: str) -> None:
    status, answer, _ = get("/fine", Origin=origin)
    assert (status, answer) == (403, {"error": "Origin: only pages of this machine are served"})


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080"])
def test_our_own_page_is_served(origin: str) -> None:
    assert get("/fine", Origin=origin)[0] == 200


def test_every_answer_forbids_foreign_scripts_and_guesses() -> None:
    for path in ("/fine", "/hidden", "/nowhere"):
        _, _, headers = get(path)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_what_is_not_there_is_said_as_json() -> None:
    assert get("/hidden")[:2] == (404, {"error": "conversation: there is no 'circle-1' for 'ana'"})
    assert get("/nowhere")[:2] == (404, {"error": "GET /nowhere: Not Found"})
    assert get("/echo")[:2] == (405, {"error": "GET /echo: Method Not Allowed"})


def test_a_body_is_json_says_so_and_is_small() -> None:
    assert post(b'{"a": 1}') == (200, {"a": 1})
    assert post(b'{"a": 1}', "application/json; charset=utf-8") == (200, {"a": 1})
    assert post(b'{"a": 1}', "text/plain") == (400, {"error": "body: the content type must be application/json"})
    assert post(b"{") == (400, {"error": "body: not JSON"})
    assert post(b'"' + b"x" * guard.LARGEST_BODY + b'"') == (400, {"error": "body: at most 64 kB"})


def test_a_bug_is_answered_with_an_id_that_the_log_knows_and_nobodys_words(capsys: pytest.CaptureFixture[str]) -> None:
    with logged():
        status, answer, _ = get("/bug")
    [line] = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert status == 500
    assert answer == {"error": f"Something went wrong on our side (id {line['incident']}). Nothing you typed was lost."}
    assert (line["event"], line["outcome"]) == ("request", "bug")
    assert line["exception"].endswith("builtins.RuntimeError")
    assert "adapters/web/guard.py" in line["exception"]
    assert "secret" not in str(line)
