"""A folder of guides, read from disk as a whole: the only module of this feature that touches files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.errors import GuideError
from bot.guides import manifest, pages
from bot.guides.articles import read_article
from bot.guides.checkpoints import read as read_checkpoints
from bot.guides.checkpoints import together, too_long
from bot.guides.items import Checkpoints, Item
from bot.guides.library import Article, Library
from bot.guides.links import unlinked
from bot.guides.manifest import Manifest
from bot.guides.pages import Cover
from bot.guides.quiz import read_quiz, uneven
from bot.guides.rules import ENGLISH, MOST_BYTES, ROLES, Edition, Finding, Guide, Guides, Question, Session, decode
from bot.guides.texts import QUIZ_FILE, digest_of, made_guide, sayable, with_named_questions
from bot.guides.ways import WAY_FILE, Lines, asked, in_this_way, read_way, said
from bot.i18n import is_language, plain_language

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.md")


LIBRARY_FOLDER = "library"
"""A folder among the guides that is none: its articles."""

CHECKPOINTS_FILE = "checkpoints.yaml"
CHECKPOINTS_FOLDER = "checkpoints"
"""The questions of a guide, and a folder for files of them that an organisation has loaded."""


def load(folder: Path, *, linked: bool = False) -> Guides:
    """Every guide of the folder: each of its folders is one, and files beside them are not looked at.

    ``linked``: with the links to the library as they are written, which no chat could open.
    Raises GuideError with every problem of every file at once, in the order of paths and lines. Paths are given from
    the folder's own name on: ``guides/peer-circle/en/week-03.md``.
    """
    reading = _Reading(folder.absolute(), linked)
    homes = reading.guide_folders()
    # Before the guides: what stands in formal.po may be a line of them.
    read = [reading.checkpoints(home) for home in homes]
    made = [reading.edition(home, one.items) for home, one in zip(homes, read, strict=True)]
    guides = tuple(guide for found, _ in made for guide in found)
    checkpoints = tuple(reading.in_all_ways(one) for one in read)
    polls = {one.guide: one.polls for one in checkpoints}
    guides = tuple(replace(guide, polls=polls.get(guide.id, ())) for guide in guides)
    reading.check_preparations(guides)
    library = reading.articles()
    if reading.problems:
        ordered = sorted(set(reading.problems))
        raise GuideError([f"{path}:{finding.line}: {finding.problem}" for path, finding in ordered])
    return Guides(guides, tuple(edition for _, edition in made), checkpoints, library)


def load_library(folder: Path) -> Library:
    """The library among the guides of a folder. Raises GuideError with every problem of every article at once."""
    reading = _Reading(folder.absolute(), linked=False)
    library = reading.articles()
    if not library.all and not reading.problems:
        reading.miss(folder.absolute() / LIBRARY_FOLDER / ENGLISH)
    if reading.problems:
        ordered = sorted(set(reading.problems))
        raise GuideError([f"{path}:{finding.line}: {finding.problem}" for path, finding in ordered])
    return library


def guide_folders(folder: Path) -> tuple[Path, ...]:
    """The folders of guides in a folder: each one that is neither hidden nor the library."""
    return _Reading(folder, linked=False).guide_folders()


@dataclass(slots=True)
class _Reading:
    """One look at the folder, with the problems met so far."""

    root: Path
    linked: bool
    problems: list[tuple[str, Finding]] = field(default_factory=list)
    texts: dict[Path, str] = field(default_factory=dict)
    asked: tuple[Item, ...] = ()
    ways: dict[Path, Lines] = field(default_factory=dict)
    """What formal.po says, by the folder of the language."""

    def guide_folders(self) -> tuple[Path, ...]:
        if not self.root.is_dir():
            self._say(self.root, Finding(1, "the folder is missing"))
            return ()
        homes = tuple(path for path in self._entries(self.root) if path.is_dir() and path.name != LIBRARY_FOLDER)
        if not homes:
            self._say(self.root, Finding(1, "the folder holds no guide"))
        return homes

    def miss(self, folder: Path) -> None:
        """Say that there is no article where there should be some."""
        self._say(folder, Finding(1, "the folder holds no article" if folder.is_dir() else "the folder is missing"))

    def edition(self, home: Path, items: tuple[Item, ...]) -> tuple[tuple[Guide, ...], Edition]:
        """The guide in each of its languages, and its text. They count only where there are no problems."""
        self.texts, self.asked = {}, tuple(item for item in items if not item.own)
        found = with_named_questions(tuple(self._guide(home)))
        english = next((guide.quiz for guide in found if guide.language == ENGLISH), ())
        for guide in found:
            if guide.language == plain_language(guide.language):
                self._say(home / guide.language / QUIZ_FILE, *uneven(guide.quiz, english))
        files = tuple(sorted((path.relative_to(home).as_posix(), text) for path, text in self.texts.items()))
        digest = digest_of(files)
        edition = Edition(digest, home.name, found[0].version if found else 0, files)
        return tuple(replace(guide, digest=digest) for guide in found), edition

    def _guide(self, home: Path) -> Iterator[Guide]:
        made = manifest.UNREADABLE
        if (text := self._read(home / "guide.yaml")) is not None:
            made, findings = manifest.read(text, home.name)
            self._say(home / "guide.yaml", *findings)
        languages = [path for path in self._entries(home) if path.is_dir() and is_language(path.name)]
        for path in self._entries(home):
            if path not in languages and path.name not in ("guide.yaml", CHECKPOINTS_FILE, CHECKPOINTS_FOLDER):
                self._say(path, Finding(1, "not expected here; a guide has guide.yaml and a folder per language"))
        if home / ENGLISH not in languages:
            self._say(home / ENGLISH, Finding(1, "the folder is missing; every guide is written in English"))
        for path in languages:
            yield self._language(path, made)
            if (path / WAY_FILE).is_file():
                yield self._in_another_way(path, made)

    def checkpoints(self, home: Path) -> Checkpoints:
        """The questions of a guide, and those that an organisation has loaded beside them."""
        folder = home / CHECKPOINTS_FOLDER
        files = [file for file in (home / CHECKPOINTS_FILE,) if file.is_file()]
        files += self._entries(folder) if folder.is_dir() else ()
        items: tuple[Item, ...] = ()
        for file in files:
            if (text := self._read(file)) is not None:
                found, findings = read_checkpoints(text, own=file.parent == folder)
                self._say(file, *findings)
                items += found
        self._say(home / CHECKPOINTS_FILE, *(Finding(1, problem) for problem in together(items)))
        return Checkpoints(home.name, items)

    def in_all_ways(self, one: Checkpoints) -> Checkpoints:
        """The questions with what ``edition`` found for readers who are addressed with distance. An organisation's own
        have one way."""
        items = one.items
        for path, lines in self.ways.items():
            if path.parent == self.root / one.guide:
                items = tuple(item if item.own else asked(item, path.name, lines) for item in items)
        return replace(one, items=items)

    def check_preparations(self, guides: tuple[Guide, ...]) -> None:
        """What somebody takes alone before a guide is for a guide that is there, and a role in it."""
        roles = {guide.id: ROLES[guide.kind] for guide in guides if guide.kind != "solo"}
        for guide in guides:
            if guide.kind == "solo" and guide.language == ENGLISH and guide.for_guide:
                path = self.root / guide.id / "guide.yaml"
                if guide.for_guide not in roles:
                    self._say(path, Finding(1, f"for_guide: there is no guide {guide.for_guide}"))
                elif guide.for_role and guide.for_role not in roles[guide.for_guide]:
                    self._say(path, Finding(1, f"for_role: {guide.for_guide} has no {guide.for_role}"))

    def articles(self) -> Library:
        """The library. It counts only where there are no problems."""
        folder = self.root / LIBRARY_FOLDER
        entries = self._entries(folder) if folder.is_dir() else ()
        languages = [path for path in entries if path.is_dir() and is_language(path.name)]
        for path in entries:
            if path.is_dir() and path not in languages:
                self._say(path, Finding(1, "not expected here; the library has a folder per language, like en"))
        slugs = {path.name: self._slugs(path) for path in languages}
        english = slugs.get(ENGLISH, frozenset())
        found: list[Article] = []
        for path in languages:
            for slug in sorted(english - slugs[path.name]):
                self._say(path / f"{slug}.md", Finding(1, "the file is missing; English has it"))
            for slug in sorted(slugs[path.name]):
                file = path / f"{slug}.md"
                if (text := self._read(file)) is not None:
                    article, findings = read_article(text, slug, path.name, slugs[path.name])
                    self._say(file, *findings)
                    if slug not in english:
                        self._say(file, Finding(1, "English has no such article"))
                    found.append(article)
            if (path / WAY_FILE).is_file():
                found += self._articles_in_another_way(path, slugs[path.name])
        return Library(tuple(found))

    def _articles_in_another_way(self, path: Path, slugs: frozenset[str]) -> Iterator[Article]:
        """The articles of a language in which some line differs for readers who are addressed with distance."""
        texts = {slug: self.texts.get(path / f"{slug}.md", "") for slug in sorted(slugs)}
        known = {line for text in texts.values() for line in text.split("\n")}
        lines, findings = read_way(self._read(path / WAY_FILE) or "", known, "library")
        self._say(path / WAY_FILE, *findings)
        for slug, text in texts.items():
            if (other := said(text, lines)) != text:
                article, found = read_article(other, slug, in_this_way(path.name), slugs)
                # What is wrong with the article itself is said once, of its own file.
                itself = any(where.endswith(f"/{LIBRARY_FOLDER}/{path.name}/{slug}.md") for where, _ in self.problems)
                wrong = (Finding(1, f"{slug}.md, line {one.line}: {one.problem}") for one in found)
                self._say(path / WAY_FILE, *(() if itself else wrong))
                yield article

    def _slugs(self, folder: Path) -> frozenset[str]:
        """The articles in one language; anything else there is said to be out of place."""
        good = [path for path in self._entries(folder) if _SLUG.fullmatch(path.name)]
        for path in self._entries(folder):
            if path not in good and path.name != WAY_FILE:
                self._say(path, Finding(1, "not expected here; an article is a file like good-questions.md"))
        return frozenset(path.stem for path in good)

    def _library(self, language: str) -> frozenset[str] | None:
        """The slugs of the articles in this language; None where there is no library to look into."""
        folder = self.root / LIBRARY_FOLDER / language
        return frozenset(path.stem for path in folder.glob("*.md")) if any(folder.glob("*.md")) else None

    def _language(self, path: Path, made: Manifest) -> Guide:
        weeks, library = self._weeks(path, made), self._library(path.name)
        cover = Cover()
        if (text := self._read(path / "guide.md")) is not None:
            cover, findings = pages.read_cover(text, made, library)
            self._say(path / "guide.md", *findings)
            cover = cover if self.linked else sayable(cover)
        sessions: list[Session] = []
        for number, week in weeks:
            if (text := self._read(week)) is not None:
                session, findings = pages.read_session(text, number, made, library)
                self._say(week, *findings)
                sessions.append(session if self.linked else unlinked(session))
        return made_guide(made, path.name, cover, tuple(sessions), self._quiz(path / QUIZ_FILE, made), "")

    def _in_another_way(self, path: Path, made: Manifest) -> Guide:
        """The guide for readers who are addressed with distance: the same files, with the lines that differ."""
        files = {file.name: text for file, text in self.texts.items() if file.parent == path}
        text = self._read(path / WAY_FILE) or ""
        known = {line for own in files.values() for line in own.split("\n")}
        known |= {dict(words).get(path.name, "") for item in self.asked for words in item.words}
        # Questions that cannot be read have no lines to compare with; that they cannot be is said of their file.
        unread = any(where.endswith(f"/{path.parent.name}/{CHECKPOINTS_FILE}") for where, _ in self.problems)
        self.ways[path], findings = read_way(text, None if unread else known)
        lines, way = self.ways[path], in_this_way(path.name)
        long = too_long(tuple(asked(item, path.name, lines) for item in self.asked), way)
        findings += tuple(Finding(1, f"{CHECKPOINTS_FILE}, {problem}") for problem in long)
        library = self._library(path.name)
        cover, found = pages.read_cover(said(files.get("guide.md", ""), lines), made, library)
        found = tuple(Finding(1, f"guide.md, line {one.line}: {one.problem}") for one in found)
        sessions: list[Session] = []
        for number, week in self._weeks(path, made):
            session, wrong = pages.read_session(said(files.get(week.name, ""), lines), number, made, library)
            found += tuple(Finding(1, f"{week.name}, line {one.line}: {one.problem}") for one in wrong)
            sessions.append(session if self.linked else unlinked(session))
        quiz, wrong = read_quiz(said(files.get(QUIZ_FILE, ""), lines), made) if made.training else ((), ())
        found += tuple(Finding(1, f"{QUIZ_FILE}, line {one.line}: {one.problem}") for one in wrong)
        # What is wrong with the guide itself is said once, of its own files.
        itself = any(f"/{made.id}/{path.name}/" in where for where, _ in self.problems)
        self._say(path / WAY_FILE, *findings, *(() if itself else found))
        cover = cover if self.linked else sayable(cover)
        return made_guide(made, way, cover, tuple(sessions), quiz, "")

    def _quiz(self, path: Path, made: Manifest) -> tuple[Question, ...]:
        if not made.training:
            return ()
        text = self._read(path)
        quiz, findings = read_quiz(text, made) if text is not None else ((), ())
        self._say(path, *findings)
        return quiz

    def _weeks(self, path: Path, made: Manifest) -> tuple[tuple[int, Path], ...]:
        """The session files that guide.yaml asks for; where it does not say which, those that are there."""
        known_files = ("guide.md", WAY_FILE, QUIZ_FILE) if made.training else ("guide.md", WAY_FILE)
        there = [entry for entry in self._entries(path) if entry.name not in known_files]
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
        if text is not None:
            self.texts[path] = text
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
