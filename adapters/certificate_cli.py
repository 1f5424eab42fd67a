"""`circlet certificate`: for whoever runs an installation. Confirms numbers and makes pages; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from adapters import database
from adapters.crypt import VARIABLE, Crypt
from adapters.settings import load
from bot.app import Bot
from bot.guides.rules import Guides
from bot.training.rules import Certificate


@click.group()
def certificate() -> None:
    """Confirm a certificate, or make its page."""


@certificate.command()
@click.argument("number")
def verify(number: str) -> None:
    """Say whether NUMBER is genuine: to whom it was given, when, and for what. Exit code 1 where it is not."""
    with _found(number) as one:
        about = f"{one.title} (guide {one.guide}, version {one.version})"
        click.echo(f"genuine: {one.name}, {about}, {one.issued:%Y-%m-%d}")


@certificate.command()
@click.argument("number")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
def page(number: str, out: Path) -> None:
    """Write the page of certificate NUMBER, to print or to send on. It fits one sheet of A4, landscape."""
    # Not above: nobody else should wait for the web server that its pages are served by.
    from adapters.certificates.page import page as drawn

    with _found(number) as one:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(drawn(one), encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
        click.echo(f"{out}: {one.name}, {one.title}")


@contextmanager
def _found(number: str) -> Iterator[Certificate]:
    """The certificate, or the end of the command with 1."""
    settings = load()
    keys = settings.circlet_secret_key
    if keys is None:
        raise click.ClickException(f"{VARIABLE} is not set: no number can be confirmed without it")
    store = database.connect(settings.url())
    try:
        database.require(store)
        # Without guides, which take a second to read: a certificate says all that it says by itself.
        one = Bot(store, Guides(()), Crypt(keys.get_secret_value())).certificate(number)
        if one is None:
            click.echo("not genuine: no certificate has this number")
            raise click.exceptions.Exit(1)
        yield one
    finally:
        store.close()
