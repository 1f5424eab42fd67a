"""The gallery's page and its JSON: every example, drawn by each platform's own renderer. Reads nothing that is stored.

Development only, as a part of the local chat and behind its guard. The one module that knows several platforms.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web

from adapters.gallery.cast import NOW, PEOPLE
from adapters.gallery.examples import EXAMPLES
from adapters.slack import render as slack
from adapters.teams import render as teams
from adapters.web import render as local
from adapters.web.render import JSON
from bot.forms import Form, Option, PeopleInput
from bot.inbound import Place
from bot.markup import Mention
from bot.messages import Message

STATIC = Path(__file__).parent / "static"
OFFERED = tuple(Option(person.external, person.name) for person in PEOPLE.values())
APP_HOME = "home.home"
"""What Slack shows in the app's Home tab too, in each of its shapes."""

T = TypeVar("T")


def add_routes(app: web.Application) -> None:
    """``/gallery`` in the local chat, whose modules and colours the page uses."""
    app.add_routes(
        [
            web.get("/gallery", _page),
            web.get("/gallery/examples", _examples),
            web.get("/gallery/people", _people),
            web.static("/gallery/static", STATIC),
        ]
    )


async def _page(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "gallery.html")


async def _examples(_: web.Request) -> web.Response:
    return web.Response(text=_drawn(), content_type="application/json")


@cache
def _drawn() -> str:
    """All examples, which do not change while the program runs, as JSON: drawing them takes a while."""
    return json.dumps([example(name) for name in EXAMPLES])


async def _people(_: web.Request) -> web.Response:
    """Names by the platforms' ids, which is all that some payloads say of people."""
    ids = (slack_id, teams_id)
    return web.json_response({known(person.external): person.name for person in PEOPLE.values() for known in ids})


def example(name: str) -> JSON:
    """One example as each platform gets it: a message's payloads, or a form's one view."""
    shown = EXAMPLES[name]
    if isinstance(shown, Form):
        view, dialog = slack.view(in_slack(shown)), teams.dialog(in_teams(shown))
        return {"name": name, "kind": "form", "web": local.form_json(shown, OFFERED), "slack": view, "teams": dialog}
    return {
        "name": name,
        "kind": "message",
        "web": _in_local_chat(name, shown),
        "slack": _in_slack(name, shown),
        "teams": teams.activities(in_teams(shown)),
    }


def _in_local_chat(name: str, message: Message) -> JSON:
    entry = local.Entry(name, "gallery", NOW, local.BOT, None, local.draw(message), edited=False)
    return local.entry_json(entry, OFFERED)


def _in_slack(name: str, message: Message) -> list[JSON]:
    there = in_slack(message)
    payloads: list[JSON] = [asdict(payload) for payload in slack.message_payloads(there)]
    return [*payloads, slack.home_view(there)] if name.partition(":")[0] == APP_HOME else payloads


# ── people as the platforms know them ────────────────────────────────────────────────────────────────────────────────


def slack_id(person: str) -> str:
    """The cast's people have short ids; Slack's begin with a U."""
    return f"U0{person.upper()}"


def teams_id(person: str) -> str:
    """Teams knows people by their ids in the directory."""
    return str(uuid5(NAMESPACE_URL, f"person:{person}"))


def in_slack(value: T) -> T:
    """The same message or form with people as Slack knows them."""
    return _known_as(slack_id, value)


def in_teams(value: T) -> T:
    """The same message or form with people as Teams knows them."""
    return _known_as(teams_id, value)


def _known_as(known: Callable[[str], str], value: T) -> T:
    changed: Any = value
    if isinstance(changed, tuple):
        changed = tuple(_known_as(known, inner) for inner in changed)
    elif is_dataclass(changed) and not isinstance(changed, type | Place):
        inside = {field.name: _known_as(known, getattr(changed, field.name)) for field in fields(changed)}
        changed = replace(changed, **inside)
    if isinstance(changed, Mention):
        changed = replace(changed, person=known(changed.person))
    if isinstance(changed, PeopleInput):
        changed = replace(changed, value=tuple(map(known, changed.value)))
    return changed  # type: ignore[no-any-return]
