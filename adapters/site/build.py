"""The site as a folder of files. Writes only into that folder, and takes away only files that it has written itself."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from adapters.site.pages import STYLE, pages, style
from bot.guides.rules import Guides

LIST = ".circlet-pages"
"""What was written, a path on each line: so that a page that is no longer made does not stay."""


def build(guides: Guides, folder: Path) -> int:
    """Write every page into the folder, which is made where it is missing. Returns how many there are."""
    made = {page.path: page.html for page in pages(guides)}
    before = _written(folder)
    for path, text in {**made, STYLE: style()}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for path in sorted(before - {*made, STYLE}):
        _take_away(folder, path)
    (folder / LIST).write_text("".join(f"{path}\n" for path in sorted({*made, STYLE})), encoding="utf-8")
    return len(made)


def _written(folder: Path) -> set[str]:
    """What the list names, as far as it lies in the folder: a path that leads out of it is none of ours."""
    kept = folder / LIST
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.is_file() else []
    return {line for line in lines if line and not PurePosixPath(line).is_absolute() and ".." not in line.split("/")}


def _take_away(folder: Path, path: str) -> None:
    """A page, and the folders that are empty without it."""
    file = folder / path
    if file.is_file() or file.is_symlink():
        file.unlink()
    for parent in file.parents:
        if parent == folder or not parent.is_dir() or any(parent.iterdir()):
            return
        parent.rmdir()
