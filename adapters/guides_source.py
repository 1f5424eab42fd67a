"""What somebody sent, a folder or a zip file: its texts, copied into a folder of our own. Nothing of it is trusted.

A zip file may name paths outside its folder, hold links, or unpack to far more than it weighs; a folder may hold a pipe
that never ends.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import struct
from collections.abc import Iterator
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812  # it is a class

from bot.guides.rules import MOST_BYTES

MOST_FILES = 2000
MOST_TOGETHER = 30_000_000
"""Bytes of all files: some fifty times what Circlet's own guides have."""

_WANTED = re.compile(r".+\.(md|yaml|po)")
_DAMAGED = (
    BadZipFile,
    ZlibError,
    LZMAError,
    struct.error,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    LookupError,
    EOFError,
)
"""What reading a zip file raises where it is none, or is damaged, encrypted or packed in some other way."""


class NotTakenError(Exception):
    """What was to be imported was not: one line for each reason."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))


def opened(source: Path, target: Path) -> None:
    """Copy the texts of what was sent into a folder that is empty. Raises NotTakenError."""
    if source.is_dir():
        _copy(source, target)
    elif source.is_file():
        _unpack(source, target)
    else:
        raise NotTakenError(f"{source} is neither a folder nor a zip file")


def _copy(source: Path, target: Path) -> None:
    """The texts below a folder; what a link leads to is not below it."""
    count = size = 0
    for path in _texts_below(source):
        try:
            there = path.stat()
            if not stat.S_ISREG(there.st_mode):
                raise NotTakenError(f"{path} is no ordinary file")
            count, size = count + 1, size + there.st_size
            _refuse_much(count, size, there.st_size, path.name)
            kept = target / path.relative_to(source)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, kept)
        except OSError as error:
            raise NotTakenError(f"{path} cannot be read: {error.strerror}") from error


def _texts_below(source: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(source, onerror=_refuse_unreadable):
        folders[:] = sorted(one for one in folders if not one.startswith((".", "__")))
        paths = (Path(parent) / name for name in sorted(files) if _WANTED.fullmatch(name) and not name.startswith("."))
        yield from (path for path in paths if not path.is_symlink())


def _refuse_unreadable(error: OSError) -> None:
    raise NotTakenError(f"{error.filename} cannot be read: {error.strerror}") from error


def _unpack(source: Path, target: Path) -> None:
    try:
        with ZipFile(source) as file:
            count = size = 0
            for entry in file.infolist():
                if (path := _inside(entry)) is None:
                    continue
                # What the file says of itself is not believed: it is read up to the limit and no further.
                with file.open(entry) as stream:
                    data = stream.read(MOST_BYTES + 1)
                count, size = count + 1, size + len(data)
                _refuse_much(count, size, len(data), path.name)
                kept = target / path
                kept.parent.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(data)
    except _DAMAGED as error:
        raise NotTakenError(f"{source} cannot be read as a folder or a zip file; perhaps it is damaged") from error


def _inside(entry: ZipInfo) -> PurePosixPath | None:
    """Where an entry goes, below the folder; None for what is no text. Raises NotTakenError for one that leads out."""
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
        raise NotTakenError(f"the zip file names a path outside its folder: {entry.filename[:80]!r}")
    if entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16):
        return None
    if not _WANTED.fullmatch(path.name) or any(part.startswith((".", "__")) for part in path.parts):
        return None
    return path


def _refuse_much(count: int, size: int, one: int, name: str) -> None:
    if one > MOST_BYTES:
        raise NotTakenError(f"{name} is larger than 1 MB")
    if count > MOST_FILES or size > MOST_TOGETHER:
        raise NotTakenError(f"that is more than {MOST_FILES} files or {MOST_TOGETHER // 1_000_000} MB")
