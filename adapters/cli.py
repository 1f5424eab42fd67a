"""The command line. Parses arguments, prints sentences; what a command does is elsewhere."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click
from sqlalchemy import URL

from adapters import check as checks
from adapters import database, logs, wiring
from adapters.clock import utcnow
from adapters.guides_cli import guides
from adapters.serve import address, listen, serve
from adapters.settings import Settings, load
from adapters.simulate import simulate
from bot.errors import BotError

LOCAL_HOST = "127.0.0.1"
PORTS = 20
"""How many ports, from the wanted one on, ``circlet local`` tries."""


class Sentences(click.Group):
    """An error that Circlet raises on purpose is printed as it stands, to stderr, with exit code 2."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BotError as error:
            click.echo(str(error), err=True)
            ctx.exit(2)


@click.group(cls=Sentences)
def main() -> None:
    """Circlet: peer circles and reverse-mentoring pairs, in the chat."""


main.add_command(guides)
main.add_command(simulate)


@main.command()
def migrate() -> None:
    """Bring the database to the newest version; harmless when it is there, or when two run at once."""
    settings = _start()
    store = database.connect(settings.url())
    try:
        database.reach(store)
        before = database.current(store)
        database.migrate(store)
        after = database.current(store)
    finally:
        store.close()
    click.echo(f"{settings.safe_url()} is at {after}" + ("" if before != after else ", as it was"))


@main.command()
def check() -> None:
    """Say whether this installation is healthy, a line for each check; exit code 1 when it is not."""
    findings = tuple(checks.check(utcnow))
    for finding in findings:
        click.echo(str(finding))
    if not all(finding.good for finding in findings):
        raise SystemExit(1)


@main.command()
def web() -> None:
    """Answer the platforms, on HOST and PORT."""
    settings = _start()
    these = wiring.parts(settings)
    database.require(these.store)
    listening = listen(settings.host, settings.port)
    click.echo(f"Circlet answers on {address(listening)}", err=True)
    asyncio.run(serve(wiring.web(these), listening))


@main.command()
def clock() -> None:
    """Send what is due, every few seconds. Running it twice does no harm."""
    settings = _start()
    these = wiring.parts(settings)
    database.require(these.store)
    asyncio.run(wiring.clock(these))


@main.command()
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="Or the next free one.")
@click.option("--data", default="var/demo.db", show_default=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--seed/--no-seed", default=True, show_default=True, help="Fill an empty database with a small company.")
def local(port: int, data: Path, seed: bool) -> None:
    """Serve the local chat, for this computer only, with time of its own."""
    url = URL.create("sqlite", database=str(data)).render_as_string(hide_password=False)
    quiet = {} if "LOG_LEVEL" in os.environ else {"log_level": "warning"}
    settings = load(database_url=url, log_format="console", **quiet)
    logs.configure(settings.log_level, settings.log_format)
    these = wiring.parts(settings)
    database.migrate(these.store)
    app = wiring.local(these, fill=seed)
    listening = listen(LOCAL_HOST, port, tries=PORTS)
    click.echo(f"Circlet is at {address(listening)}  (Ctrl-C ends it; what happened is kept in {data})")
    asyncio.run(serve(app, listening, patience=2))


def _start() -> Settings:
    settings = load()
    logs.configure(settings.log_level, settings.log_format)
    return settings
