"""`circlet guides`: for people who write guides, bring their own, or want them on paper."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

import click

from adapters.guides_files import bring
from adapters.guides_new import Order, skeleton
from adapters.guides_source import NotTakenError
from adapters.site.build import build
from bot.errors import GuideError
from bot.guides.manifest import is_id
from bot.guides.rules import ENGLISH, Every, Guides, Kind
from bot.guides.store import LIBRARY_FOLDER, load
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
)
from bot.spoken import words

GUIDES = Path(__file__).resolve().parents[1] / "guides"
"""The guides that come with Circlet."""

_WIDTH = 80
_FROM = "Your folder of guides (GUIDES_PATH), else that of Circlet."
_INTO = "Where to: your folder of guides (GUIDES_PATH), else that of Circlet."


@click.group()
def guides() -> None:
    """Check and show the guides."""


@guides.command()
@click.argument("folder", type=click.Path(path_type=Path), default=GUIDES, envvar="GUIDES_PATH")
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
@click.option("--folder", type=click.Path(path_type=Path), default=GUIDES, envvar="GUIDES_PATH", help=_FROM)
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


@guides.command("import")
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("--folder", type=click.Path(path_type=Path), default=GUIDES, envvar="GUIDES_PATH", help=_INTO)
@click.option("--replace", is_flag=True, help="Also where the same or a newer version, or another article, is there.")
def import_(source: Path, folder: Path, replace: bool) -> None:
    """Check the guides in SOURCE, a folder or a zip file, and copy them to the others. A library comes along."""
    try:
        taken = bring(source, folder, replace=replace)
    except NotTakenError as error:
        click.echo(str(error))
        click.echo("Nothing was imported.", err=True)
        raise click.exceptions.Exit(1) from error
    for guide in taken.guides:
        click.echo(f"{guide.id}: {guide.title}, version {guide.version}, {_count(len(guide.sessions), 'session')}")
        click.echo(f"  by {', '.join(guide.authors)}; licence: {guide.licence}, shown to everybody who is invited")
    for name in taken.with_own_questions:
        click.echo(f"{name}: the questions that you have loaded for it stay")
    if taken.articles:
        licences = ", ".join(sorted({one.licence for one in taken.articles}))
        click.echo(f"library: {_count(len(taken.articles), 'article')}; licence: {licences}, shown below each")
        slugs = ", ".join(sorted(one.slug for one in taken.articles))
        click.echo(textwrap.fill(slugs, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False))
    click.echo(f"Copied to {folder}. A running Circlet reads it when it is started again.")


@guides.command()
@click.argument("guide_id", metavar="GUIDE")
@click.option("--kind", type=click.Choice(["circle", "pair", "solo"]), default="circle", show_default=True)
@click.option("--rhythm", type=click.Choice(["weekly", "fortnightly", "monthly"]), default="weekly", show_default=True)
@click.option("--sessions", type=click.IntRange(1, 99), default=4, show_default=True, help="How many.")
@click.option("--minutes", type=click.IntRange(20, 480), default=60, show_default=True, help="How long each is.")
@click.option("--author", default="Write your name here", help="Who writes it.")
@click.option(
    "--for-guide", default="reverse-mentoring", show_default=True, help="Only for solo: what it prepares for."
)
@click.option("--for-role", type=click.Choice(["mentor", "mentee", "participant"]), default="mentor", help="And whom.")
@click.option("--folder", type=click.Path(path_type=Path), default=GUIDES, envvar="GUIDES_PATH", help=_INTO)
def new(
    guide_id: str,
    kind: Kind,
    rhythm: Every,
    sessions: int,
    minutes: int,
    author: str,
    for_guide: str,
    for_role: str,
    folder: Path,
) -> None:
    """Make the skeleton of a guide, without a mistake, to be filled with your words."""
    home = folder / guide_id
    if not is_id(guide_id):
        raise click.ClickException(
            "a guide's id is small letters and digits with hyphens, like book-circle; not library, yes, no, on, off, "
            "true, false or null"
        )
    if home.exists():
        raise click.ClickException(f"{home} is there already")
    articles = sorted(path.stem for path in (folder / LIBRARY_FOLDER / ENGLISH).glob("*.md"))
    article = next((slug for slug in articles if "prepared" in slug), articles[0] if articles else "")
    order = Order(guide_id, kind, rhythm, sessions, minutes, author, for_guide, for_role, article)
    try:
        for path, text in skeleton(order).items():
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_text(text, encoding="utf-8")
        problems = _problems_of(home)
    except OSError as error:
        problems = (f"{home} cannot be written: {error.strerror}",)
    if problems:
        shutil.rmtree(home, ignore_errors=True)
        click.echo("\n".join(problems))
        click.echo("Nothing was made.", err=True)
        raise click.exceptions.Exit(1)
    click.echo(f"Made {home}. Fill it with your words, then: circlet guides check {folder}")


def _problems_of(home: Path) -> tuple[str, ...]:
    """What is wrong with one guide, whatever else there is in its folder."""
    try:
        load(home.parent)
    except GuideError as error:
        where = f"{home.absolute().parent.name}/{home.name}/"
        return tuple(problem for problem in error.problems if problem.startswith(where))
    return ()


@guides.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write to.")
@click.option("--folder", type=click.Path(path_type=Path), default=GUIDES, envvar="GUIDES_PATH", help=_FROM)
def site(out: Path, folder: Path) -> None:
    """Write all guides and the library as pages that need no server and that print well."""
    try:
        found = load(folder, linked=True)
    except GuideError as error:
        click.echo("\n".join(error.problems))
        raise click.exceptions.Exit(1) from error
    count = build(found, out)
    click.echo(f"{_count(count, 'page')} in {out}; begin with {out / 'index.html'}")


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
