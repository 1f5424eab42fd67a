"""A folder of guides, read from disk as a whole: the only module of this feature that touches files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import GuideError
from bot.guides import manifest, pages
from bot.guides.manifest import Manifest
from bot.guides.pages import Cover
from bot.guides.rules import ENGLISH, MOST_BYTES, Finding, Guide, Guides, Session, decode

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


def load(folder: Path) -> Guides:
    """Every guide of the folder: each of its folders is one, and files beside them are not looked at.

    Raises GuideError with every problem of every file at once, in the order of paths and lines. Paths are given from
    the folder's own name on: ``guides/peer-circle/en/week-03.md``.
    """
    reading = _Reading(folder.absolute())
    guides = tuple(guide for home in reading.guide_folders() for guide in reading.guide(home))
    if reading.problems:
        ordered = sorted(set(reading.problems))
        raise GuideError([f"{path}:{finding.line}: {finding.problem}" for path, finding in ordered])
    return Guides(guides)


@dataclass(slots=True)
class _Reading:
    """One look at the folder, with the problems met so far."""

    root: Path
    problems: list[tuple[str, Finding]] = field(default_factory=list)

    def guide_folders(self) -> tuple[Path, ...]:
        if not self.root.is_dir():
            self._say(self.root, Finding(1, "the folder is missing"))
            return ()
        homes = tuple(path for path in self._entries(self.root) if path.is_dir())
        if not homes:
            self._say(self.root, Finding(1, "the folder holds no guide"))
        return homes

    def guide(self, home: Path) -> Iterator[Guide]:
        """The guide in each of its languages. What is yielded counts only where there are no problems."""
        made = manifest.UNREADABLE
        if (text := self._read(home / "guide.yaml")) is not None:
            made, findings = manifest.read(text, home.name)
            self._say(home / "guide.yaml", *findings)
        languages = [path for path in self._entries(home) if path.is_dir() and _LANGUAGE.fullmatch(path.name)]
        for path in self._entries(home):
            if path not in languages and path.name != "guide.yaml":
                self._say(path, Finding(1, "not expected here; a guide has guide.yaml and a folder per language"))
        if home / ENGLISH not in languages:
            self._say(home / ENGLISH, Finding(1, "the folder is missing; every guide is written in English"))
        for path in languages:
            yield self._language(path, made)

    def _language(self, path: Path, made: Manifest) -> Guide:
        weeks = self._weeks(path, made)
        cover = Cover("", (), (), ())
        if (text := self._read(path / "guide.md")) is not None:
            cover, findings = pages.read_cover(text)
            self._say(path / "guide.md", *findings)
        sessions: list[Session] = []
        for number, week in weeks:
            if (text := self._read(week)) is not None:
                session, findings = pages.read_session(text, number, made)
                self._say(week, *findings)
                sessions.append(session)
        return _guide(made, path.name, cover, tuple(sessions))

    def _weeks(self, path: Path, made: Manifest) -> tuple[tuple[int, Path], ...]:
        """The session files that guide.yaml asks for; where it does not say which, those that are there."""
        there = [entry for entry in self._entries(path) if entry.name != "guide.md"]
        numbered = {entry: int(entry.name[5:7]) for entry in there if re.fullmatch(r"week-[0-9]{2}\.md", entry.name)}
        wanted = dict(numbered)
        known = made.knows("first_session", "last_session")
        if known:
            wanted = {path / f"week-{number:02}.md": number for number in range(made.first, made.last + 1)}
        for entry in there:
            if entry not in numbered:
                self._say(entry, Finding(1, "not expected here; a language has guide.md and week-00.md, week-01.md …"))
            elif entry not in wanted:
                self._say(entry, Finding(1, f"guide.yaml has the sessions {made.first} to {made.last} only"))
        return tuple((number, week) for week, number in sorted(wanted.items(), key=lambda item: item[1]))

    def _read(self, path: Path) -> str | None:
        """The text of a file, or None; then it has been said why."""
        if not path.is_file():
            other = path.parent.parent / ENGLISH / path.name
            beside = path.suffix == ".md" and path.parent.name != ENGLISH and other.is_file()
            self._say(path, Finding(1, "the file is missing; English has it" if beside else "the file is missing"))
            return None
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            self._say(path, Finding(1, f"the file cannot be read: {error.strerror}"))
            return None
        text, findings = decode(data)
        self._say(path, *findings)
        return text

    def _entries(self, folder: Path) -> tuple[Path, ...]:
        """What the folder holds, in the order of names; without the hidden files that editors and desktops leave."""
        try:
            return tuple(sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__"))))
        except OSError as error:
            self._say(folder, Finding(1, f"the folder cannot be read: {error.strerror}"))
            return ()

    def _say(self, path: Path, *findings: Finding) -> None:
        shown = re.sub(r"[^\w ./+~@,()-]", "?", path.relative_to(self.root.parent).as_posix())
        self.problems += [(shown, finding) for finding in findings]


def _guide(made: Manifest, language: str, cover: Cover, sessions: tuple[Session, ...]) -> Guide:
    return Guide(
        id=made.id,
        version=made.version,
        language=language,
        kind=made.kind,
        title=cover.title,
        summary=cover.summary,
        welcome=cover.welcome,
        closing=cover.closing,
        licence=made.licence,
        authors=made.authors,
        minutes=made.minutes,
        short_minutes=made.short_minutes,
        starts_with=made.starts_with,
        at_least=made.at_least,
        at_most=made.at_most,
        prompt_hours_before=made.prompt_hours_before,
        prepare_days_before=made.prepare_days_before,
        checkpoint=made.checkpoint,
        sessions=sessions,
    )
