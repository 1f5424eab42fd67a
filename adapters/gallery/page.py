"""The gallery's page and its JSON: every example, drawn by each platform's own renderer. Reads nothing that is stored.

Development only, as a part of the local chat and behind its guard. The one module that knows several platforms.
"""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from adapters.gallery.cast import NOW, PEOPLE
from adapters.gallery.examples import EXAMPLES
from adapters.slack import render as slack
from adapters.web import render as local
from adapters.web.render import JSON
from bot.inbound import Place
from bot.markup import Mention
from bot.messages import Form, Message, Option, PeopleInput

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
    return web.json_response([example(name) for name in EXAMPLES])


async def _people(_: web.Request) -> web.Response:
    """Names by Slack's ids, which is all that its payloads say of people."""
    return web.json_response({slack_id(person.external): person.name for person in PEOPLE.values()})


def example(name: str) -> JSON:
    """One example as each platform gets it: a message's payloads, or a form's one view."""
    shown = EXAMPLES[name]
    if isinstance(shown, Form):
        view = slack.view(in_slack(shown))
        return {"name": name, "kind": "form", "web": local.form_json(shown, OFFERED), "slack": view}
    return {"name": name, "kind": "message", "web": _in_local_chat(name, shown), "slack": _in_slack(name, shown)}


def _in_local_chat(name: str, message: Message) -> JSON:
    entry = local.Entry(name, "gallery", NOW, local.BOT, None, local.draw(message), edited=False)
    return local.entry_json(entry, OFFERED)


def _in_slack(name: str, message: Message) -> list[JSON]:
    there = in_slack(message)
    payloads: list[JSON] = [asdict(payload) for payload in slack.message_payloads(there)]
    return [*payloads, slack.home_view(there)] if name.partition(":")[0] == APP_HOME else payloads


# ── people as Slack knows them ───────────────────────────────────────────────────────────────────────────────────────


def slack_id(person: str) -> str:
    """The cast's people have short ids; Slack's begin with a U."""
    return f"U0{person.upper()}"


def in_slack(value: T) -> T:
    """The same message or form with people as Slack knows them."""
    changed: Any = value
    if isinstance(changed, tuple):
        changed = tuple(in_slack(inner) for inner in changed)
    elif is_dataclass(changed) and not isinstance(changed, type | Place):
        changed = replace(changed, **{field.name: in_slack(getattr(changed, field.name)) for field in fields(changed)})
    if isinstance(changed, Mention):
        changed = replace(changed, person=slack_id(changed.person))
    if isinstance(changed, PeopleInput):
        changed = replace(changed, value=tuple(map(slack_id, changed.value)))
    return changed  # type: ignore[no-any-return]
