"""Everything that somebody can read and learn alone fits every platform, in every language: each article, and of what
is taken alone each session with its exercise, its quiz, the explained answers, the reflection and the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.app import Bot
from bot.guides.rules import Guides
from bot.inbound import Actor, Command, Place, Press, Submission
from bot.messages import Ask, Message, OpenForm, Replace, Reply, Say
from bot.spoken import words
from bot.storage import Store, metadata, open_store
from bot.training.rules import may_be_taken_alone, questions
from tests.conftest import CIPHER
from tests.plays.test_all_guides import problems

NOW = datetime(2026, 12, 4, 9, tzinfo=UTC)
DM = Place("dm-ana")


class Reader:
    """Ana, who opens everything, and what she is shown."""

    def __init__(self, guides: Guides, language: str) -> None:
        self.store: Store = open_store("sqlite://")
        metadata.create_all(self.store.engine)
        self.bot = Bot(self.store, guides, CIPHER)
        self.ana = Actor(self.bot.workspace("web", "office", "Office"), "ana", "Ana", "Europe/Berlin", "en")
        self.shown: list[tuple[str, Message]] = []
        self.types(f"language {language}")

    def types(self, text: str) -> None:
        self._keep(text, self.bot.handle(Command(self.ana, DM, text), NOW))

    def presses(self, token: str) -> None:
        self._keep(token, self.bot.handle(Press(self.ana, DM, token), NOW))

    def sends(self, token: str, **values: str) -> None:
        self._keep(token, self.bot.handle(Submission(self.ana, DM, token, dict(values)), NOW))

    def _keep(self, what: str, reply: Reply) -> None:
        match reply:
            case Say(message) | Replace(message):
                self.shown.append((what, message))
            case OpenForm(form):
                self.shown.append((what, Message((Ask("Open", form),))))
            case _:
                raise AssertionError(f"{what}: {reply}")

    def learns(self, guides: Guides, name: str, language: str) -> None:
        guide = guides.get(name, language)
        self.types(f"train {name}")
        for session in guide.sessions:
            here = f"{name}:{session.number}"
            self.presses(f"lesson:{here}")
            self.presses(f"lesson:{here}:exercise")
            if session.reflection:
                self.presses(f"reflect:{here}")
                self.sends(f"reflect:{here}", text="word " * 399)
            asked = questions(guide, session.number)
            if asked:
                self.presses(f"quiz:{here}")
                for right in (False, True):
                    named = [{text: key for key, text in one.choices} for one in asked]
                    given = [one.right if right else max(one.wrong, key=len) for one in asked]
                    picked = [names[text] for names, text in zip(named, given, strict=True)]
                    self.sends(f"quiz:{here}", **{f"q{n}": key for n, key in enumerate(picked, 1)})
            self.presses(f"did:{here}:yes")
        self.presses(f"course:{name}")
        if guide.training:
            self.presses(f"certificate:{name}")


def found(reader: Reader) -> Iterator[str]:
    for what, message in reader.shown:
        yield from (f"{what}: {problem} ({words(message)[:60]})" for problem in problems(message))


@pytest.mark.parametrize("language", ["en", "de", "de@formal"])
def test_every_article_fits_every_platform(guides: Guides, language: str) -> None:
    reader = Reader(guides, language)
    slugs = sorted({one.slug for one in guides.library.all})
    for slug in slugs:
        reader.presses(f"article:{slug}")
        one = guides.library.get(slug, language)
        assert one is not None
        assert one.title in words(reader.shown[-1][1])
        reader.types(f"library {one.title}")
    reader.types("library")
    assert list(found(reader)) == []
    reader.store.close()


@pytest.mark.parametrize("language", ["en", "de", "de@formal"])
def test_everything_that_is_taken_alone_fits_every_platform(guides: Guides, language: str) -> None:
    reader = Reader(guides, language)
    reader.types("train")
    reader.types("guide")
    names = [name for name in guides.ids if may_be_taken_alone(guides.get(name))]
    assert len(names) >= 3
    for name in names:
        reader.learns(guides, name, language)
    assert list(found(reader)) == []
    reader.store.close()
