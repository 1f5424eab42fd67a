"""`circlet library`: for people who write articles. Reads the folder, prints, and touches nothing else."""

from __future__ import annotations

from pathlib import Path

import click

from adapters.settings import ROOT
from bot.errors import GuideError
from bot.guides.library import Library
from bot.guides.store import load_library
from bot.i18n import ENGLISH, is_language, plain_language

GUIDES = ROOT / "guides"
"""Those that come with Circlet."""

_FROM = "Your folder of guides (GUIDES_PATH), else that of Circlet."


@click.group()
def library() -> None:
    """Check and search the library."""


@library.command()
@click.argument("folder", type=click.Path(path_type=Path), default=GUIDES, envvar="GUIDES_PATH")
def check(folder: Path) -> None:
    """Say everything that is wrong with the library among the guides in FOLDER, a line each: path:line: problem."""
    found = _load(folder)
    click.echo(f"{len({one.slug for one in found.all})} articles, {len(found.languages)} languages: no problems")


def _tag(ctx: click.Context, parameter: click.Parameter, tag: str) -> str:
    del ctx, parameter
    if not is_language(plain_language(tag)):
        raise click.BadParameter(f"{tag} is no language; languages are called en, de, pt-BR")
    return tag


@library.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--language", default=ENGLISH, show_default=True, help="The language to search in.", callback=_tag)
@click.option("--folder", type=click.Path(path_type=Path), default=GUIDES, envvar="GUIDES_PATH", help=_FROM)
def search(words: tuple[str, ...], language: str, folder: Path) -> None:
    """Say which articles people find by WORDS, the fittest first."""
    for one in _load(folder).find(" ".join(words), language):
        click.echo(f"{one.slug}: {one.title}")


def _load(folder: Path) -> Library:
    """The library; where it has problems, prints those and ends the command with 1."""
    try:
        return load_library(folder)
    except GuideError as error:
        click.echo("\n".join(error.problems))
        raise click.exceptions.Exit(1) from error
