"""The command line. Parses arguments, prints sentences; what a command does is elsewhere.

What takes long to load, such as the platforms' libraries, is imported in the commands that need it: the others begin
in half the time.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
from sqlalchemy import URL

from adapters import database, logs
from adapters.certificate_cli import certificate
from adapters.checkpoints_cli import checkpoints
from adapters.crypt import VARIABLE, kept_key
from adapters.guides_cli import guides
from adapters.library_cli import library
from adapters.secrets_cli import secrets
from adapters.settings import Settings, load
from adapters.simulate import simulate
from adapters.teams_cli import teams
from adapters.workspaces_cli import workspaces
from bot.errors import BotError

if TYPE_CHECKING:
    from adapters.wiring import Parts

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
main.add_command(checkpoints)
main.add_command(library)
main.add_command(certificate)
main.add_command(simulate)
main.add_command(secrets)
main.add_command(workspaces)
main.add_command(teams)


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
    from adapters import check as checks
    from adapters.clock import utcnow

    findings = tuple(checks.check(utcnow))
    for finding in findings:
        click.echo(str(finding))
    if not all(finding.good for finding in findings):
        raise SystemExit(1)


@main.command()
def web() -> None:
    """Answer the platforms, on HOST and PORT."""
    from adapters import wiring
    from adapters.serve import listen, serve

    settings = _start()
    these = wiring.parts(settings, migrated=True)
    listening = listen(settings.host, settings.port)

    async def run() -> None:
        await serve(wiring.web(these), listening, lambda at: click.echo(f"Circlet answers on {at}", err=True))

    asyncio.run(run())


@main.command()
def clock() -> None:
    """Send what is due, every few seconds. Running it twice does no harm."""
    from adapters import wiring

    settings = _start()
    these = wiring.parts(settings, migrated=True)
    asyncio.run(wiring.clock(these))


@main.command()
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="Or the next free one.")
@click.option("--data", default="var/demo.db", show_default=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--seed/--no-seed", default=True, show_default=True, help="Begin a new file with a small company in it.")
@click.option("--gallery", is_flag=True, help="With /gallery: all messages and forms, as each platform draws them.")
def local(port: int, data: Path, seed: bool, gallery: bool) -> None:
    """Serve the local chat, for this computer only, with time of its own."""
    from adapters import wiring
    from adapters.serve import address, listen, serve
    from adapters.web.guard import loopback

    host = loopback(load().host)
    if seed and not data.exists():
        click.echo("Making a small company to try Circlet with; this takes about a quarter of a minute.")
        _make_company(data)
    listening = listen(host, port, tries=PORTS)
    these = _local_parts(data, _key_file(data), address(listening))
    app = wiring.local(these, gallery=gallery)

    def announce(at: str) -> None:
        click.echo(f"Circlet is at {at}  (Ctrl-C ends it; what happened is kept in {data})")
        if gallery:
            click.echo(f"The gallery is at {at.rstrip('/')}/gallery")

    asyncio.run(serve(app, listening, announce, patience=2))


def _make_company(data: Path) -> None:
    """A file gets its name when it is complete, so that nobody ever opens a company that was made half-way."""
    from adapters import wiring

    data.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=data.parent, prefix="new-") as folder:
        these = _local_parts(Path(folder) / data.name, _key_file(data))
        asyncio.run(wiring.fill(these))
        these.store.close()
        with suppress(FileExistsError):
            data.hardlink_to(Path(folder) / data.name)


def _key_file(data: Path) -> Path:
    return data.with_name(f"{data.name}.key")


def _local_parts(data: Path, key: Path, at: str = "") -> Parts:
    """``key``: the file of the key with which answers are sealed, where CIRCLET_SECRET_KEY is not set. ``at``: where
    people reach it, where CIRCLET_PUBLIC_URL is not set."""
    from adapters import wiring

    url = URL.create("sqlite", database=str(data)).render_as_string(hide_password=False)
    data.parent.mkdir(parents=True, exist_ok=True)
    sealing = {} if os.environ.get(VARIABLE) else {"circlet_secret_key": kept_key(key)}
    quiet = {} if "LOG_LEVEL" in os.environ else {"log_level": "warning"}
    reached = {"circlet_public_url": at} if at and not os.environ.get("CIRCLET_PUBLIC_URL") else {}
    settings = load(database_url=url, log_format="console", **quiet, **sealing, **reached)
    logs.configure(settings.log_level, settings.log_format)
    these = wiring.parts(settings)
    database.migrate(these.store)
    return these


def _start() -> Settings:
    settings = load()
    logs.configure(settings.log_level, settings.log_format)
    return settings
