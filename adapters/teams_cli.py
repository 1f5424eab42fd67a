"""`circlet teams package`: the file that an administrator uploads to Teams. Writes it, and says what to do with it."""

from __future__ import annotations

from importlib.metadata import version as installed
from pathlib import Path

import click

from adapters.teams.package import ELSEWHERE, App, package
from bot.errors import ConfigError
from bot.verbs import GRAMMARS


@click.group()
def teams() -> None:
    """Microsoft Teams: the app package."""


@teams.command(name="package")
@click.option("--app-id", required=True, help="The Application (client) ID of the bot's registration.")
@click.option("--out", default="circlet.zip", show_default=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--domain", "domains", multiple=True, help="A host that cards may lead to; may be given several times.")
@click.option("--developer", default="Circlet", show_default=True, help="Who provides it, as Teams shows them.")
@click.option("--website", default="", help="A page about it.  [default: https:// and the first --domain]")
@click.option("--privacy", default="", help="Your page about privacy.  [default: --website]")
@click.option("--terms", default="", help="Your terms of use.  [default: --website]")
@click.option("--version", default="", help="Has to grow whenever the package changes.  [default: Circlet's own]")
def make_package(
    app_id: str,
    out: Path,
    domains: tuple[str, ...],
    developer: str,
    website: str,
    privacy: str,
    terms: str,
    version: str,
) -> None:
    """Write the app package: manifest and icons, for Teams' admin centre or for "Upload a custom app"."""
    site = website or (f"https://{domains[0].strip()}" if domains else ELSEWHERE)
    app = App(app_id, version or installed("circlet"), domains, developer, site, privacy or site, terms or site)
    content = package(app, GRAMMARS)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise ConfigError(f"--out: {out} cannot be written ({error.strerror})") from None
    click.echo(f"{out} is ready: in Teams, Apps, Manage your apps, Upload an app")
    if ELSEWHERE in (site, privacy or site, terms or site):
        click.echo(
            f"Its pages about you, privacy and terms lead to {ELSEWHERE}. Before others see it, give yours with "
            "--website, --privacy and --terms"
        )
