"""Playing by hand: what there is as JSON, acts over HTTP, and one page that does both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.slack.payloads import Impossible
from tests.fakes.slack.wire import Answer

if TYPE_CHECKING:
    from tests.fakes.slack.fake import FakeSlack

Json = dict[str, Any]
_ACTS = (
    "types presses presses_in_view presses_in_home submits closes opens_home joins leaves removes_bot invites_bot "
    "renames archives unarchives deletes deactivates changes uninstalls installs"
)
ACTS = frozenset(_ACTS.split())
FAULTS = frozenset({"lose_answers", "drop", "fail", "limit", "slow", "answer", "clear"})


def add_routes(app: web.Application, fake: FakeSlack) -> None:
    """GET /fake/ is the page, GET /fake/state all there is; POST /fake/types and so on act, with named arguments."""

    async def page(request: web.Request) -> web.FileResponse:
        return web.FileResponse(Path(__file__).with_name("page.html"))

    async def shown(request: web.Request) -> web.Response:
        return web.json_response(state(fake))

    app.router.add_get("/fake/", page)
    app.router.add_get("/fake/state", shown)
    app.router.add_post("/fake/{act}", _acting(fake))


def _acting(fake: FakeSlack) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def act(request: web.Request) -> web.Response:
        try:
            found = await _act(fake, request.match_info["act"], await request.json())
        except (Impossible, ValueError, TypeError, KeyError) as problem:
            return web.json_response({"error": f"{type(problem).__name__}: {problem}"}, status=400)
        return web.json_response(found)

    return act


async def _act(fake: FakeSlack, name: str, arguments: Json) -> Json:
    match name:
        case "faults":
            kind = arguments.pop("kind")
            if kind not in FAULTS:
                raise Impossible(f"there is no fault {kind!r}; there is {', '.join(sorted(FAULTS))}")
            getattr(fake.faults, kind)(**arguments)
            return {}
        case "settings":
            fake.request_url = arguments.get("request_url", fake.request_url)
            fake.rates.on = arguments.get("rates", fake.rates.on)
            fake.faults.event_times = arguments.get("event_times", fake.faults.event_times)
            return {"request_url": fake.request_url, "rates": fake.rates.on, "event_times": fake.faults.event_times}
        case _ if name in ACTS:
            answer = await getattr(fake, name)(**arguments)
            answers = answer if isinstance(answer, tuple) else (answer,)
            return {"answers": [_answered(one) for one in answers]}
        case _:
            raise Impossible(f"nobody can do {name!r}; they can do {', '.join(sorted(ACTS))}")


def _answered(answer: Answer) -> Json:
    return {"status": answer.status, "body": answer.body, "latency": round(answer.latency, 4)}


def state(fake: FakeSlack) -> Json:
    """All there is, in JSON; tokens and secrets too, which are worth nothing anywhere else."""
    world = fake.world
    return {
        "secrets": {
            "SLACK_API_URL": fake.url,
            "SLACK_BOT_TOKEN": fake.token,
            "SLACK_APP_TOKEN": fake.app_token,
            "SLACK_SIGNING_SECRET": fake.signing_secret,
            "SLACK_CLIENT_ID": fake.client_id,
            "SLACK_CLIENT_SECRET": fake.client_secret,
        },
        "request_url": fake.request_url,
        "sockets": len(fake.wire.sockets),
        "teams": [{"id": one.id, "name": one.name, "bot": one.bot} for one in world.teams.values()],
        "people": [one.shown(locale=True) for one in world.users.values()],
        "channels": [
            {"id": one.id, "team": one.team, "name": one.name, "kind": one.kind, "archived": one.archived}
            | {"members": list(one.members), "messages": [asdict(message) for message in one.messages.values()]}
            for one in world.channels.values()
            if not one.deleted
        ],
        "views": {user: [view.shown() for view in stack] for user, stack in world.modals.stacks.items() if stack},
        "homes": {user: home for team in world.teams.values() for user, home in team.homes.items()},
        "complaints": fake.complaints,
    }
