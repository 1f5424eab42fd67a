"""guide.md and week-NN.md: their sections made into values, and every rule an author may have missed. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.guides.links import linked
from bot.guides.manifest import Manifest
from bot.guides.rules import Finding, Session
from bot.guides.sections import Reader
from bot.markup import Spans
from bot.messages import Block

_WEEK = (
    "Purpose",
    "Preparation",
    "Preparation for facilitator",
    "Agenda",
    "Exercise",
    "Reading",
    "Task",
    "Reflection",
    "Steps",
    "Prompt",
    "Check-in question",
    "Check-in question for mentor",
    "Check-in question for mentee",
    "If you missed it",
    "Facilitator tip",
    "Challenge",
    "Next small step",
    "Short edition",
)
_ALONE = frozenset({"Purpose", "Reading", "Task", "Reflection"})
_PAIRS = {"Steps", "Check-in question for mentor", "Check-in question for mentee"}
_ONLY_FOR = {
    **dict.fromkeys(_PAIRS, "guides of kind pair"),
    "Preparation for facilitator": "guides of kind circle",
    **dict.fromkeys(("Reading", "Task", "Reflection"), "guides of kind solo, and of kind circle with training: yes"),
}
_OPTIONAL = frozenset({"Preparation for facilitator", "Check-in question for mentor", "Check-in question for mentee"})
_COVER = (
    "Summary",
    "For whom",
    "Not for",
    "Roles",
    "What to prepare",
    "What to expect",
    "Welcome",
    "Closing",
    "Sources",
)
_COVER_ALONE = frozenset({"Summary", "Welcome", "Closing", "Sources"})


@dataclass(frozen=True, slots=True)
class Cover:
    """What guide.md says. What a guide for one person does not have is empty."""

    title: str = ""
    summary: Spans = ()
    for_whom: tuple[Block, ...] = ()
    not_for: tuple[Block, ...] = ()
    roles: tuple[Block, ...] = ()
    prepare: tuple[Block, ...] = ()
    expect: tuple[Block, ...] = ()
    welcome: tuple[Block, ...] = ()
    closing: tuple[Block, ...] = ()
    sources: tuple[Block, ...] = ()


def read_cover(text: str, manifest: Manifest, library: frozenset[str] | None) -> tuple[Cover, tuple[Finding, ...]]:
    """guide.md. The cover counts only where there are no findings. ``library``: the slugs there are; None: unknown."""
    solo = manifest.knows("kind") and manifest.kind == "solo"
    refused = dict.fromkeys(set(_COVER) - _COVER_ALONE, "guides of kind circle and pair") if solo else {}
    optional = frozenset() if manifest.knows("kind") else frozenset(_COVER) - _COVER_ALONE
    reader = Reader(text, _COVER, optional, refused, library)
    cover = Cover(
        title=reader.page.title,
        summary=reader.paragraph("Summary"),
        for_whom=reader.blocks("For whom"),
        not_for=reader.blocks("Not for"),
        roles=reader.blocks("Roles"),
        prepare=reader.blocks("What to prepare"),
        expect=reader.blocks("What to expect"),
        welcome=reader.blocks("Welcome"),
        closing=reader.blocks("Closing"),
        sources=reader.blocks("Sources"),
    )
    reader.level()
    return cover, tuple(reader.findings)


def read_session(
    text: str, number: int, manifest: Manifest, library: frozenset[str] | None
) -> tuple[Session, tuple[Finding, ...]]:
    """week-NN.md. The session counts only where there are no findings. ``library`` as in ``read_cover``."""
    optional, refused = _sections_of(manifest)
    reader = Reader(text, _WEEK, optional, refused, library)
    minutes = manifest.minutes if manifest.knows("minutes") else None
    short = manifest.short_minutes if manifest.knows("short_minutes") else None
    session = Session(
        number=number,
        title=reader.page.title,
        purpose=reader.sentence("Purpose"),
        preparation=reader.blocks("Preparation"),
        facilitator_preparation=reader.blocks("Preparation for facilitator"),
        agenda=reader.parts("Agenda", minutes, "minutes"),
        exercise=reader.blocks("Exercise"),
        reading=reader.reading("Reading"),
        task=reader.blocks("Task"),
        reflection=reader.question("Reflection"),
        steps=reader.steps("Steps"),
        prompt=reader.prompt("Prompt"),
        question=reader.question("Check-in question"),
        role_questions=tuple(
            (role, question)
            for role in ("mentor", "mentee")
            if (question := reader.question(f"Check-in question for {role}"))
        ),
        missed=reader.question("If you missed it"),
        tip=reader.blocks("Facilitator tip"),
        challenge=reader.challenge("Challenge"),
        next_step=reader.blocks("Next small step"),
        short=reader.parts("Short edition", short, "short_minutes"),
        articles=linked(tuple(placed.block for section in reader.page.sections for placed in section.content)),
    )
    reader.level()
    return replace(session, challenge_articles=linked(session.challenge)), tuple(reader.findings)


def _sections_of(manifest: Manifest) -> tuple[frozenset[str], dict[str, str]]:
    """The sections that may be left out, and those that may not be there, with the guides that may have them."""
    if not manifest.knows("kind"):
        return frozenset(_WEEK) - {"Purpose"}, {}
    match manifest.kind:
        case "solo":
            others = "guides of kind circle and pair"
            return frozenset(), {name: _ONLY_FOR.get(name, others) for name in _WEEK if name not in _ALONE}
        case "pair":
            refused = {name for name in _ONLY_FOR if name not in _PAIRS}
            return _OPTIONAL, {name: _ONLY_FOR[name] for name in refused}
        case "circle":
            alone = set() if manifest.training else _ALONE
            refused = {name for name in _ONLY_FOR if name in _PAIRS or name in alone}
            return _OPTIONAL | {"Preparation"}, {name: _ONLY_FOR[name] for name in refused}
