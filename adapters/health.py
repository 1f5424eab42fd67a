"""Two routes for whoever watches the process: is it up, and can it do its work. They tell no secret."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from adapters import database
from adapters.database import Schema
from bot.guides.rules import Guides
from bot.storage import Store

PATIENCE_SECONDS = 5.0
"""How long the database may take to answer before the process counts as not ready."""

Checks = dict[str, str]


def add_routes(app: web.Application, readiness: Callable[[], Checks]) -> None:
    """Add ``/healthz`` and ``/readyz``. ``readiness`` may block; each of its values is "ok" or what is wrong."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                checks = await asyncio.to_thread(readiness)
        except TimeoutError:
            checks = {"database": f"gives no answer within {PATIENCE_SECONDS:.0f} s"}
        ready = all(value == "ok" for value in checks.values())
        body = {"status": "ok" if ready else "not ready", "checks": checks}
        return web.json_response(body, status=200 if ready else 503)

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)


def readiness(store: Store, guides: Guides, schema: Schema) -> Checks:
    """Whether the database answers and is migrated, and whether there are guides."""
    checks = {"guides": "ok" if guides.ids else "there is none"}
    try:
        current = database.current(store)
    except SQLAlchemyError:
        return {**checks, "database": "does not answer"}
    return {**checks, "database": "ok", "schema": schema.problem(current) or "ok"}
