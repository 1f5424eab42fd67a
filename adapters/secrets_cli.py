"""`circlet secrets`: the keys under which tokens and answers are stored. Prints a new key once, never one in use."""

from __future__ import annotations

from dataclasses import dataclass

import click
from sqlalchemy import RowMapping, Table, and_, select, update

from adapters import database
from adapters.crypt import VARIABLE, Crypt, new_key
from adapters.settings import load
from adapters.slack.tables import SEALED
from bot.checkpoints.store import SEALED as CHECKPOINTS
from bot.errors import ConfigError
from bot.polls.store import SEALED as VOTES
from bot.storage import Store
from bot.training.store import SEALED as REFLECTIONS

SEAL = "gAAAA"
"""How every sealed text begins: https://github.com/fernet/spec, its version and the years in which it was sealed."""


@click.group()
def secrets() -> None:
    """The key under which tokens and answers are stored."""


@secrets.command()
def new() -> None:
    """Print a new key for CIRCLET_SECRET_KEY. Nothing is changed."""
    click.echo(new_key())


@secrets.command()
def rotate() -> None:
    """Encrypt everything that is stored with the first key of CIRCLET_SECRET_KEY.

    Then the others can go; only numbers of certificates are confirmed with the key with which they were made.
    """
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
    for table, columns in (*SEALED, *CHECKPOINTS.items(), *VOTES.items(), *REFLECTIONS.items()):
        for column in columns:
            for row, sealed in _sealed(store, table, column, mixed=table in VOTES):
                try:
                    anew = crypt.again(sealed)
                except ConfigError:
                    unreadable += 1
                    continue
                unchanged = and_(table.c[column] == sealed, *(key == row[key.name] for key in table.primary_key))
                with store.begin() as connection:
                    again += connection.execute(update(table).where(unchanged).values({column: anew})).rowcount
    return Done(again, unreadable)


def _sealed(store: Store, table: Table, column: str, *, mixed: bool) -> list[tuple[RowMapping, str]]:
    """The primary key of each row that has a secret in this column, and the secret. ``mixed``: beside open values."""
    keys = tuple(table.primary_key)
    query = select(*keys, table.c[column]).where(table.c[column].is_not(None)).order_by(*keys)
    if mixed:
        query = query.where(table.c[column].startswith(SEAL))
    with store.begin() as connection:
        return [(row, row[column]) for row in connection.execute(query).mappings()]
