"""A certificate as a page that prints, and the route on which whoever has its number can see that it is true."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import lru_cache

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bot.i18n import translator
from bot.training.rules import Certificate
from bot.training.words import on_paper

Find = Callable[[str], Certificate | None]

_HEADERS = {
    # It names a person: no search engine, no cache on the way, and no other site learns its address.
    "X-Robots-Tag": "noindex",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
}


@lru_cache(maxsize=1)
def _templates() -> Environment:
    loader = PackageLoader("adapters.certificates")
    return Environment(
        loader=loader, autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def page(one: Certificate) -> str:
    """The whole page, in the language in which the training was taken. It needs nothing from anywhere else."""
    say = on_paper(translator(one.language), one)
    return _templates().get_template("certificate.html").render(one=one, say=say)


def add_routes(app: web.Application, find: Find) -> None:
    """Add ``/certificates/<number>``. ``find`` may block."""

    async def certificate(request: web.Request) -> web.Response:
        found = await asyncio.to_thread(find, request.match_info["number"])
        if found is None:
            # The same whether there is none or a letter is wrong.
            raise web.HTTPNotFound(text="There is no certificate with this number.", headers=_HEADERS)
        return web.Response(text=page(found), content_type="text/html", headers=_HEADERS)

    app.router.add_get("/certificates/{number}", certificate)
