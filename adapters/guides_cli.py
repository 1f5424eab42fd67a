"""`circlet guides`: for people who write guides. Reads the folder, prints, and touches nothing else."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

import click

from bot.errors import GuideError
from bot.guides.rules import ENGLISH, Guides
from bot.guides.store import load
from bot.guides.words import preview as preview_message
from bot.markup import plain
from bot.messages import (
    Ask,
    Block,
    Button,
    Chart,
    Divider,
    Facts,
    Heading,
    LinkButton,
    List,
    Message,
    Progress,
    Table,
    Text,
    words,
)

GUIDES = Path(__file__).resolve().parents[1] / "guides"
"""The guides that come with Circlet."""

_WIDTH = 80


@click.group()
def guides() -> None:
    """Check and show the guides."""


@guides.command()
@click.argument("folder", type=click.Path(path_type=Path), default=GUIDES)
def check(folder: Path) -> None:
    """Say everything that is wrong with the guides in FOLDER, a line each: path:line: problem."""
    found = _load(folder)
    sessions = sum(len(found.get(guide_id).sessions) for guide_id in found.ids)
    counts = (
        _count(len(found.ids), "guide"),
        _count(sessions, "session"),
        _count(len(found.languages), "language"),
    )
    click.echo(f"{', '.join(counts)}: no problems")


@guides.command()
@click.argument("guide_id", metavar="GUIDE")
@click.option("--week", type=int, required=True, help="The number of the session, as in the name of its file.")
@click.option("--language", default=ENGLISH, show_default=True, help="The language, as its folder is called.")
@click.option("--folder", type=click.Path(path_type=Path), default=GUIDES, help="The guides; else those of Circlet.")
def preview(guide_id: str, week: int, language: str, folder: Path) -> None:
    """Show one session of a guide as people will read it."""
    found = _load(folder)
    if guide_id not in found.ids:
        raise click.ClickException(f"there is no guide {guide_id}; there are: {', '.join(found.ids)}")
    guide = found.get(guide_id, language)
    if guide.language != language:
        click.echo(f"{guide_id} is not written in {language}; this is {guide.language}.\n", err=True)
    if not guide.first <= week <= guide.last:
        raise click.ClickException(f"{guide_id} has the sessions {guide.first} to {guide.last}, not {week}")
    click.echo("\n".join(_page(preview_message(guide, guide.session(week)))))


def _load(folder: Path) -> Guides:
    """The guides; where they have problems, prints those and ends the command with 1."""
    try:
        return load(folder)
    except GuideError as error:
        click.echo("\n".join(error.problems))
        raise click.exceptions.Exit(1) from error


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _page(message: Message) -> Iterator[str]:
    """A message as the lines of a page in a terminal: headings underlined, paragraphs wrapped, a line between them."""
    for index, block in enumerate(message.blocks):
        if index:
            yield ""
        yield from _lines(block, "=" if index == 0 else "-")


def _lines(block: Block, underline: str) -> Iterator[str]:
    match block:
        case Heading(spans):
            lines = textwrap.wrap(plain(spans), _WIDTH)
            yield from (*lines, underline * max(map(len, lines), default=0))
        case Text(spans):
            yield from textwrap.wrap(plain(spans), _WIDTH)
        case List(items, ordered):
            for number, item in enumerate(items, 1):
                mark = f"{number}. " if ordered else "- "
                after = " " * len(mark)
                yield from textwrap.wrap(plain(item), _WIDTH, initial_indent=mark, subsequent_indent=after)
        case Facts() | Table() | Chart() | Progress() | Button() | LinkButton() | Ask() | Divider():
            yield from words(Message((block,))).splitlines()
        case _:
            assert_never(block)
