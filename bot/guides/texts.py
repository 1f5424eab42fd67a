"""A guide made of its parts, and made again of a text that was kept. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from bot.guides import manifest, pages
from bot.guides.links import unlinked, unlinked_blocks, unlinked_spans
from bot.guides.manifest import Manifest
from bot.guides.pages import Cover
from bot.guides.quiz import named, read_quiz
from bot.guides.rules import ENGLISH, Edition, Guide, Question, Session
from bot.guides.ways import WAY_FILE, in_this_way, read_way, said

QUIZ_FILE = "quiz.yaml"


def read_edition(edition: Edition) -> tuple[Guide, ...]:
    """A guide in each of its languages, from the text that was kept. It was without problems once; rules that came
    later do not count, because a group must be able to end as it began."""
    texts = dict(edition.files)
    made, _ = manifest.read(texts.get("guide.yaml", ""), edition.guide)
    languages = sorted({path.partition("/")[0] for path in texts if "/" in path})
    plain = (_kept(made, language, texts, edition.digest) for language in languages)
    return with_named_questions((*plain, *_ways(made, texts, edition.digest)))


def with_named_questions(guides: tuple[Guide, ...]) -> tuple[Guide, ...]:
    """A guide in all its languages, with names for the questions of its quiz."""
    english = next((guide.quiz for guide in guides if guide.language == ENGLISH), ())
    return tuple(replace(guide, quiz=named(guide.quiz, english)) for guide in guides)


def _ways(made: Manifest, texts: dict[str, str], digest: str) -> Iterator[Guide]:
    for path, text in texts.items():
        language, _, name = path.partition("/")
        if name == WAY_FILE:
            lines, _ = read_way(text, None)
            way = in_this_way(language)
            own = {file.partition("/")[2]: one for file, one in texts.items() if file.startswith(f"{language}/")}
            yield _kept(made, way, {f"{way}/{file}": said(one, lines) for file, one in own.items()}, digest)


def _kept(made: Manifest, language: str, texts: dict[str, str], digest: str) -> Guide:
    cover = sayable(pages.read_cover(texts.get(f"{language}/guide.md", ""), made, None)[0])
    numbers = range(made.first, made.last + 1)
    weeks = ((number, texts.get(f"{language}/week-{number:02}.md", "")) for number in numbers)
    sessions = tuple(pages.read_session(text, number, made, None)[0] for number, text in weeks)
    quiz = read_quiz(texts.get(f"{language}/{QUIZ_FILE}", ""), made)[0] if made.training else ()
    return made_guide(made, language, cover, tuple(map(unlinked, sessions)), quiz, digest)


def digest_of(files: tuple[tuple[str, str], ...]) -> str:
    """The name of exactly this text."""
    return sha256("".join(f"{path}\0{len(text)}\0{text}" for path, text in sorted(files)).encode()).hexdigest()


def sayable(cover: Cover) -> Cover:
    """The cover without links to the library, as ``unlinked`` makes a session."""
    return replace(
        cover,
        summary=unlinked_spans(cover.summary),
        for_whom=unlinked_blocks(cover.for_whom),
        not_for=unlinked_blocks(cover.not_for),
        roles=unlinked_blocks(cover.roles),
        prepare=unlinked_blocks(cover.prepare),
        expect=unlinked_blocks(cover.expect),
        welcome=unlinked_blocks(cover.welcome),
        closing=unlinked_blocks(cover.closing),
        sources=unlinked_blocks(cover.sources),
    )


def made_guide(
    made: Manifest,
    language: str,
    cover: Cover,
    sessions: tuple[Session, ...],
    quiz: tuple[Question, ...],
    digest: str,
) -> Guide:
    """The guide in one language."""
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
        every=made.every,
        training=made.training,
        tasks_needed=made.tasks_needed,
        for_guide=made.for_guide,
        for_role=made.for_role,
        for_whom=cover.for_whom,
        not_for=cover.not_for,
        roles=cover.roles,
        prepare=cover.prepare,
        expect=cover.expect,
        sources=cover.sources,
        quiz=quiz,
        digest=digest,
    )
