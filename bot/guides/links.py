"""Links from guides to the library: found, and taken out of what is shown in a chat. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.guides.rules import Article, Part, Session
from bot.markup import Italic, Link, Spans
from bot.messages import Block, List, Text

LIBRARY = "library:"
"""How the address of a link to an article of the library begins; its slug follows."""


def linked(blocks: tuple[Block, ...]) -> tuple[Article, ...]:
    """The articles that these blocks link to, each once, in their order."""
    spans = (span for block in blocks for line in _lines(block) for span in line)
    links = (span for span in spans if isinstance(span, Link) and is_article(span))
    found: dict[str, Article] = {}
    for link in links:
        slug = link.url.removeprefix(LIBRARY)
        found.setdefault(slug, Article(slug, link.text))
    return tuple(found.values())


def is_article(link: Link) -> bool:
    """Whether a link leads to the library."""
    return link.url.startswith(LIBRARY)


def unlinked(session: Session) -> Session:
    """The session as any chat can show it: no chat could open a link to the library, so its words stay as they are,
    and ``articles`` says what a button may open."""
    return replace(
        session,
        purpose=unlinked_spans(session.purpose),
        agenda=_parts(session.agenda),
        short=_parts(session.short),
        steps=_parts(session.steps),
        exercise=unlinked_blocks(session.exercise),
        prompt=unlinked_blocks(session.prompt),
        tip=unlinked_blocks(session.tip),
        challenge=unlinked_blocks(session.challenge),
        next_step=unlinked_blocks(session.next_step),
        preparation=unlinked_blocks(session.preparation),
        facilitator_preparation=unlinked_blocks(session.facilitator_preparation),
        reading=unlinked_blocks(session.reading),
        task=unlinked_blocks(session.task),
    )


def unlinked_blocks(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(_block(block) for block in blocks)


def unlinked_spans(spans: Spans) -> Spans:
    return tuple(Italic(span.text) if isinstance(span, Link) and is_article(span) else span for span in spans)


def _parts(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(replace(part, text=unlinked_spans(part.text)) for part in parts)


def _block(block: Block) -> Block:
    match block:
        case Text(spans):
            return replace(block, spans=unlinked_spans(spans))
        case List(items):
            return replace(block, items=tuple(unlinked_spans(item) for item in items))
        case _:
            return block


def _lines(block: Block) -> tuple[Spans, ...]:
    match block:
        case Text(spans):
            return (spans,)
        case List(items):
            return items
        case _:
            return ()
