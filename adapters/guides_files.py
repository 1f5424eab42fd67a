"""Guides brought into a folder of guides: what somebody sent, looked at before anything is kept.

What has a mistake, or would make one, is not kept; nor is what would take the place of something else unasked.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.guides_source import NotTakenError, opened
from bot.errors import GuideError
from bot.guides.library import Article
from bot.guides.manifest import read as read_manifest
from bot.guides.rules import ENGLISH, MOST_BYTES, Guide, Guides, decode
from bot.guides.store import CHECKPOINTS_FOLDER, LIBRARY_FOLDER, guide_folders, load, load_library
from bot.guides.ways import WAY_FILE, merged


@dataclass(frozen=True, slots=True)
class Taken:
    """What was imported: the guides and the articles, in English, and the guides whose own questions were kept."""

    guides: tuple[Guide, ...]
    articles: tuple[Article, ...]
    with_own_questions: tuple[str, ...] = ()


def bring(source: Path, folder: Path, *, replace: bool = False) -> Taken:
    """Copy the guides, and the library, that are in ``source`` into ``folder``. Raises NotTakenError.

    A guide that is there already is replaced by one with a higher version, or with ``replace``; an article with other
    words only with ``replace``.
    """
    try:
        with TemporaryDirectory() as made:
            new, together = Path(made) / "new", Path(made) / "guides"
            # A library that is named itself has lost its name on the way.
            inside = new / LIBRARY_FOLDER if source.name == LIBRARY_FOLDER and source.is_dir() else new
            inside.mkdir(parents=True)
            opened(source, inside)
            return _brought(new, together, folder, replace=replace)
    except shutil.Error as error:
        raise NotTakenError(*(f"{path} cannot be copied: {reason}" for path, _, reason in error.args[0])) from error
    except OSError as error:
        raise NotTakenError(f"{error.filename or folder} cannot be read or written: {error.strerror}") from error


def _brought(new: Path, together: Path, folder: Path, *, replace: bool) -> Taken:
    found = _sorted_out(new)
    if folder.is_dir():
        shutil.copytree(folder, together, ignore=shutil.ignore_patterns(".*"))
    together.mkdir(exist_ok=True)
    before = _versions(together)
    own: list[str] = []
    for name, home in found.items():
        if name == LIBRARY_FOLDER:
            _refuse_other_words(home, together / name, replace=replace)
            _lay_among(home, together / name)
        else:
            _refuse_older(name, home, before, replace=replace)
            own += [name] if _lay_over(home, together / name) else []
    try:
        # A library alone may be the first that comes into a folder.
        guides = load(together) if guide_folders(together) else Guides(library=load_library(together))
    except GuideError as error:
        raise NotTakenError(*error.problems) from error
    slugs = {path.stem for path in found[LIBRARY_FOLDER].glob("*/*.md")} if LIBRARY_FOLDER in found else set()
    named = tuple(guides.get(name, ENGLISH) for name in found if name != LIBRARY_FOLDER)
    articles = tuple(one for one in guides.library.all if one.language == ENGLISH and one.slug in slugs)
    for name in found:
        _keep(together / name, folder / name)
    return Taken(named, articles, tuple(own))


def _sorted_out(new: Path) -> dict[str, Path]:
    """The guides by their ids, and the library, wherever in what was sent they lie."""
    found: dict[str, Path] = {}
    for name, home in (*_guides_below(new), *((LIBRARY_FOLDER, path) for path in _libraries_below(new))):
        if name in found:
            one, other = (path.relative_to(new) for path in (found[name], home))
            what = "two folders are a library" if name == LIBRARY_FOLDER else f"two guides are called {name}"
            raise NotTakenError(f"{what}: {one} and {other}. Leave one of them out")
        found[name] = home
    if not found and any(path.is_dir() for path in new.rglob(ENGLISH)):
        raise NotTakenError("there is a language in it, but no guide.yaml beside it")
    if not found:
        raise NotTakenError("there is no guide in it: no file guide.yaml, and no folder library")
    return found


def _guides_below(new: Path) -> Iterator[tuple[str, Path]]:
    homes = [path.parent for path in sorted(new.rglob("guide.yaml"))]
    homes = [home for home in homes if LIBRARY_FOLDER not in home.relative_to(new).parts]
    for home in homes:
        if len(homes) > 1 and home != new:
            yield home.name, home
            continue
        # The folder of a guide that comes alone may have any name, or none; the guide says how it is called.
        text = (home / "guide.yaml").read_text(encoding="utf-8", errors="replace")
        name = read_manifest(text, "")[0].id
        if not name:
            raise NotTakenError("guide.yaml:1: id is missing or cannot be read")
        yield name, home


def _libraries_below(new: Path) -> Iterator[Path]:
    for path in sorted(new.rglob(LIBRARY_FOLDER)):
        if path.is_dir() and LIBRARY_FOLDER not in path.relative_to(new).parts[:-1]:
            yield path


def _versions(folder: Path) -> dict[str, int]:
    """The version of each guide that is there."""
    return {path.parent.name: _version(path) for path in folder.glob("*/guide.yaml")}


def _version(path: Path) -> int:
    return read_manifest(path.read_text(encoding="utf-8", errors="replace"), path.parent.name)[0].version


def _refuse_older(name: str, home: Path, before: dict[str, int], *, replace: bool) -> None:
    if name not in before or replace:
        return
    version = _version(home / "guide.yaml")
    if version <= before[name]:
        raise NotTakenError(
            f"{name} version {before[name]} is there already, and this is version {version}: "
            "count its version up, or add --replace"
        )


def _refuse_other_words(home: Path, target: Path, *, replace: bool) -> None:
    """An article may not take the place of another one with its name without a word."""
    there = (path for path in sorted(home.glob("*/*.md")) if (target / path.relative_to(home)).is_file())
    changed = [path for path in there if path.read_bytes() != (target / path.relative_to(home)).read_bytes()]
    if changed and not replace:
        names = ", ".join(path.relative_to(home).as_posix() for path in changed)
        raise NotTakenError(f"the library has these already, with other words: {names}. Rename yours, or add --replace")


def _lay_over(home: Path, target: Path) -> bool:
    """Put a guide where it belongs, as a whole. Questions that the organisation has loaded for it stay, unless it
    brings such itself; returns whether there were any."""
    own = target / CHECKPOINTS_FOLDER
    stays = own.is_dir() and not (home / CHECKPOINTS_FOLDER).exists()
    if stays:
        shutil.copytree(own, home / CHECKPOINTS_FOLDER)
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(home, target)
    return stays


def _lay_among(home: Path, target: Path) -> None:
    """Put articles among those that are there, and their lines beside the others' in each formal.po."""
    standing = {path: _text(path) for path in target.glob(f"*/{WAY_FILE}")}
    shutil.copytree(home, target, dirs_exist_ok=True)
    for path, before in standing.items():
        brought = home / path.relative_to(target)
        known = {line for article in path.parent.glob("*.md") for line in (_text(article) or "").split("\n")}
        new = _text(brought) if brought.is_file() else ""
        # What is no text is left for the check to say.
        if new is not None and before is not None:
            path.unlink()
            if both := merged(new, before, known):
                path.write_text(both, encoding="utf-8")


def _text(path: Path) -> str | None:
    with path.open("rb") as file:
        return decode(file.read(MOST_BYTES + 1))[0]


def _keep(made: Path, target: Path) -> None:
    """In one step as far as a folder allows it: whoever starts meanwhile finds the old text or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh, old = (target.with_name(f".{target.name}.{word}") for word in ("new", "old"))
    for left in (fresh, old):
        shutil.rmtree(left, ignore_errors=True)
    shutil.copytree(made, fresh)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
