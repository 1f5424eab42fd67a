"""`circlet secrets`: the keys under which tokens are stored. Prints a new key once, and never one that is in use."""

from __future__ import annotations

from dataclasses import dataclass

import click
from sqlalchemy import Table, select, update

from adapters import database
from adapters.crypt import VARIABLE, Crypt, new_key
from adapters.settings import load
from adapters.slack.tables import SEALED
from bot.errors import ConfigError
from bot.storage import Store


@click.group()
def secrets() -> None:
    """The key under which tokens are stored."""


@secrets.command()
def new() -> None:
    """Print a new key for CIRCLET_SECRET_KEY. Nothing is changed."""
    click.echo(new_key())


@secrets.command()
def rotate() -> None:
    """Encrypt everything that is stored with the first key of CIRCLET_SECRET_KEY; then the others can go."""
    settings = load()
    if settings.circlet_secret_key is None:
        raise ConfigError(f"{VARIABLE}: is not set, so nothing is encrypted with it")
    crypt = Crypt(settings.circlet_secret_key.get_secret_value())
    store = database.connect(settings.url())
    try:
        database.require(store)
        done = encrypt_anew(store, crypt)
    finally:
        store.close()
    click.echo(f"{done.again} secrets are now encrypted with the first key of {VARIABLE}")
    if done.unreadable:
        raise ConfigError(
            f"{VARIABLE}: none of its keys opens {done.unreadable} secrets; they are as they were. Put the key back "
            "with which they were stored, behind the others, and run this again; or install Circlet again where they "
            "come from"
        )


@dataclass(frozen=True, slots=True)
class Done:
    again: int
    unreadable: int


def encrypt_anew(store: Store, crypt: Crypt) -> Done:
    """Seal every stored secret with the first key. Safe beside a running installation: what has changed meanwhile was
    sealed with its own first key, and is left alone."""
    again = unreadable = 0
    for table, columns in SEALED:
        for column in columns:
            for row, sealed in _sealed(store, table, column):
                try:
                    anew = crypt.again(sealed)
                except ConfigError:
                    unreadable += 1
                    continue
                unchanged = (table.c.id == row) & (table.c[column] == sealed)
                with store.begin() as connection:
                    again += connection.execute(update(table).where(unchanged).values({column: anew})).rowcount
    return Done(again, unreadable)


def _sealed(store: Store, table: Table, column: str) -> list[tuple[int, str]]:
    query = select(table.c.id, table.c[column]).where(table.c[column].is_not(None)).order_by(table.c.id)
    with store.begin() as connection:
        return [(row[0], row[1]) for row in connection.execute(query)]
