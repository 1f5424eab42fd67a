"""A guide as a message: everything that a session holds, for the people who write guides and choose among them."""

from __future__ import annotations

from bot.guides.rules import ROLES, Guide, Part, Session
from bot.markup import Bold, Plain, Spans, join, literal
from bot.messages import Block, Heading, List, Message, Text


def preview(guide: Guide, session: Session) -> Message:
    """All of one session in one message, in the order in which it is lived."""
    blocks: list[Block] = [
        Heading(literal(f"{guide.title} · Session {session.number}: {session.title}")),
        Text(session.purpose),
        *_section("Preparation, for the mentor", session.preparation),
        *_section("Prompt", session.prompt),
        *_section(f"Agenda, {guide.minutes} minutes", _parts(session.agenda)),
        *_section("Exercise", session.exercise),
        *_section("Steps, for the mentee", _parts(session.steps)),
        *_section("Check-in question", _questions(guide, session)),
        *_section("Facilitator tip", session.tip),
        *_section(f"Short edition, {guide.short_minutes} minutes", _parts(session.short)),
        Text(literal(f"{guide.id}, version {guide.version} · {', '.join(guide.authors)} · {guide.licence}"), "quiet"),
    ]
    return Message(tuple(blocks))


def _section(name: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks under their heading; nothing where there are none."""
    return (Heading(literal(name)), *blocks) if blocks else ()


def _parts(parts: tuple[Part, ...]) -> tuple[Block, ...]:
    return (List(tuple(_part(part) for part in parts)),) if parts else ()


def _part(part: Part) -> Spans:
    return join([(Bold(f"{part.minutes} min"),), part.text], " ")


def _questions(guide: Guide, session: Session) -> tuple[Block, ...]:
    """One question for all, or one for each role, where a role has its own."""
    if not session.role_questions:
        return (Text(literal(session.question)),)
    roles = ROLES[guide.kind]
    return tuple(Text((Bold(f"{role.capitalize()}:"), Plain(f" {session.question_for(role)}"))) for role in roles)
