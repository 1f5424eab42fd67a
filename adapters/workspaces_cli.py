"""`circlet workspaces`: which there are, and which are one organisation. Decides nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Connection

from adapters import database
from adapters.settings import load
from bot.errors import ConfigError
from bot.groups import members
from bot.people import store as people
from bot.people.rules import Workspace


@click.group(invoke_without_command=True)
@click.pass_context
def workspaces(context: click.Context) -> None:
    """The workspaces and tenants of this installation, and which of them are linked."""
    if context.invoked_subcommand is not None:
        return
    with _open() as connection:
        known = people.all_workspaces(connection)
    if not known:
        click.echo("There is none yet: a workspace appears when somebody in it first talks with Circlet")
    for one in known:
        others = [_name(other) for other in known if other != one and _one_organisation(one, other)]
        click.echo(f"{_name(one)}  {one.name}" + (f"  linked with {', '.join(others)}" if others else ""))


@workspaces.command()
@click.argument("one")
@click.argument("other")
def link(one: str, other: str) -> None:
    """Say that two are one organisation: people of each may ask to join the circles of the other."""
    with _open() as connection:
        first, second = _named(connection, one), _named(connection, other)
        if first == second:
            raise ConfigError(f"{one} cannot be linked with itself")
        people.link(connection, first, second)
    click.echo(f"{one} and {other} are linked: people of each may ask to join circles of the other")


@workspaces.command()
@click.argument("one")
def unlink(one: str) -> None:
    """Set a workspace apart from all others. Whoever is in a group of another one leaves it."""
    with _open() as connection:
        found = _named(connection, one)
        others = people.linked_with(connection, found.id)
        left = members.part(connection, found.id, [other.id for other in others]) if others else 0
        people.unlink(connection, found)
    click.echo(f"{one} is apart from all others; people who are not in their groups across it any more: {left}")


@contextmanager
def _open() -> Iterator[Connection]:
    store = database.connect(load().url())
    try:
        database.require(store)
        with store.begin() as connection:
            yield connection
    finally:
        store.close()


def _named(connection: Connection, name: str) -> Workspace:
    """Raises ConfigError, with what there is, where there is none of this name."""
    known = {_name(one): one for one in people.all_workspaces(connection)}
    if name not in known:
        there = ", ".join(known) or "none yet: somebody has to talk with Circlet there first"
        raise ConfigError(f"There is no workspace {name}. There is: {there}")
    return known[name]


def _name(workspace: Workspace) -> str:
    return f"{workspace.platform}:{workspace.external}"


def _one_organisation(one: Workspace, other: Workspace) -> bool:
    return one.organisation is not None and one.organisation == other.organisation
