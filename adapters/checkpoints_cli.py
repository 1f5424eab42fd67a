"""`circlet checkpoints`: an organisation's own questions, such as a scale that it has a licence for."""

from __future__ import annotations

from pathlib import Path

import click

from adapters.settings import ROOT
from bot.errors import GuideError
from bot.guides.checkpoints import read
from bot.guides.rules import MOST_BYTES, decode
from bot.guides.store import CHECKPOINTS_FOLDER, load


@click.group()
def checkpoints() -> None:
    """Questions of your own for the checkpoints."""


@checkpoints.command(name="load")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--guide", "guide_id", required=True, help="The guide whose groups are asked.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=ROOT / "guides",
    envvar="GUIDES_PATH",
    help="Your folder of guides (GUIDES_PATH), else that of Circlet.",
)
def load_(file: Path, guide_id: str, folder: Path) -> None:
    """Check the questions in FILE and put them beside the guide's own. They count from the next start on."""
    with file.open("rb") as opened:
        text, findings = decode(opened.read(MOST_BYTES + 1))
    items, more = read(text, own=True) if text is not None else ((), ())
    problems = [f"{file.name}:{one.line}: {one.problem}" for one in sorted({*findings, *more})]
    if not (folder / guide_id / "guide.yaml").is_file():
        problems.append(f"there is no guide {guide_id} in {folder}")
    if file.suffix != ".yaml":
        problems.append(f"{file.name}: the name must end with .yaml")
    if problems or text is None:
        click.echo("\n".join(problems))
        raise click.exceptions.Exit(1)
    target = folder / guide_id / CHECKPOINTS_FOLDER / file.name
    before = target.read_text() if target.is_file() else None
    target.parent.mkdir(exist_ok=True)
    target.write_text(text)
    try:
        # Only now: a question may be in another file already, or there may be too many of them taken together.
        load(folder)
    except GuideError as error:
        if before is None:
            target.unlink()
        else:
            target.write_text(before)
        click.echo("\n".join(error.problems))
        raise click.exceptions.Exit(1) from error
    licence = next(item.licence for item in items)
    n = len(items)
    click.echo(f"{n} {'question' if n == 1 else 'questions'} for {guide_id}, licence: {licence}. Restart Circlet.")
