"""Calls, answers, and what of them can be published now. Pure: values in, values out; answers are opened here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from bot.checkpoints.disclosure import Batch, Given, batch, both_ends, chosen, pairs
from bot.counts import Counts
from bot.groups.rules import Group, acting_facilitator
from bot.guides.items import FREE, AskedRole, Checkpoints, Item, Poll
from bot.schedule.rules import POLL_OPEN, Rhythm, meetings, to_utc

CallState = Literal["wanted", "open", "closed"]

FOLLOWUP_AFTER = timedelta(weeks=26)
"""After the last meeting: half a year, on the same weekday and at the same hour where the group is."""

NOT_MET_YET = timedelta(weeks=1)
"""So much later a pair is asked for its first impression that has not met when it was to."""

MOST_NUDGES = 2
LONGEST_TEXT = 1000
LONGEST_IDEAS = 3000
"""Of all ideas of one answer together, a line each: as many as somebody has."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """All groups of one guide that one person has set up. Figures are told of a whole cohort, never of less: cohorts
    have no group in common, so no two of them can be subtracted."""

    workspace: int
    guide: str
    organiser: int


@dataclass(frozen=True, slots=True)
class Call:
    """One poll of one group, from when until when. ``wanted``: to be opened by itself at ``opens``."""

    group: int
    poll: Poll
    cohort: Cohort
    state: CallState
    opens: datetime
    closes: datetime

    def is_open(self, now: datetime) -> bool:
        return self.state == "open" and self.opens <= now < self.closes


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer to one question of one poll; ``value`` is sealed in the store and open everywhere else."""

    group: int
    poll: str
    person: int
    role: str
    question: str
    wording: str
    value: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is kept. ``present``: whoever gave it is still in the group. ``released``: it is in a figure."""

    answer: Answer
    present: bool
    released: bool


@dataclass(frozen=True, slots=True)
class Ideas:
    """What somebody wrote, an idea a line. ``named``: their name may be shown with it."""

    lines: tuple[str, ...]
    named: bool

    def kept(self) -> str:
        return json.dumps({"ideas": self.lines, "named": self.named})


def ideas(value: str) -> Ideas:
    """What was kept of somebody's ideas."""
    kept = json.loads(value)
    return Ideas(tuple(kept["ideas"]), bool(kept["named"]))


def longest(item: Item) -> int:
    """How many characters an answer in one's own words may have."""
    return LONGEST_IDEAS if item.kind == "ideas" else LONGEST_TEXT


def filled(items: Iterable[Item]) -> str:
    """These questions as a form carries them that shows their answers: what is empty there although it was shown is
    taken back, and an answer that was given since the form was drawn is not."""
    return ".".join(sha256(item.key.encode()).hexdigest()[:4] for item in items)


def cohort_of(group: Group) -> Cohort:
    return Cohort(group.workspace, group.guide, group.organiser)


def followup_of(group: Group, rhythm: Rhythm) -> Call | None:
    """When the group is asked half a year later, as its calendar is now; None while its last meeting is not set."""
    held = meetings(group.schedule, rhythm.numbers)
    if len(held) < len(rhythm.numbers):
        return None
    day = held[-1].day + FOLLOWUP_AFTER
    at = to_utc(day, held[-1].at, group.schedule.zone)
    return Call(group.id, "followup", cohort_of(group), "wanted", at, at + POLL_OPEN)


def roles_of(group: Group, person: int, now: datetime) -> frozenset[str]:
    """As what somebody in the group is asked: their part in it and, where they look after a circle, as that too."""
    member = group.member(person)
    if member is None or member.state != "in":
        return frozenset()
    looks_after = group.kind == "circle" and person in (group.facilitator, acting_facilitator(group, now))
    return frozenset({member.role, *(("facilitator",) if looks_after else ())})


def asked_as(item: Item, group: Group, person: int) -> AskedRole:
    """In which role somebody answers this question."""
    part = group.role(person)
    return part if part is not None and part in item.roles else "facilitator"


def sees_results(group: Group, person: int, now: datetime) -> bool:
    """Who may see a cohort's figures: its organiser, and whoever looks after a circle of it."""
    if person == group.organiser:
        return True
    lead = (group.facilitator, acting_facilitator(group, now))
    return group.kind == "circle" and group.is_in(person) and person in lead


def is_counted(item: Item) -> bool:
    """Whether answers to a question ever become figures. Never what is kept for oneself, nor whether two people fit:
    beside the note that a pair would like to talk about a re-match, any figure of that could say who of them does."""
    return item.kind != "fit" and not (item.kind in FREE and item.read_by == "nobody")


def reads_texts(item: Item, *, organiser: bool) -> bool:
    """Whether somebody who sees the results was named, before people answered, as one who reads their words."""
    return item.read_by == "facilitators" or (item.read_by == "organiser" and organiser)


def may_be_told(group: Group) -> bool:
    """Whether there is somebody outside a pair who can be told of it without telling who of the two spoke up."""
    return not group.is_in(group.organiser)


# ── what can be published ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Figure:
    """A batch as it was published: of one question, asked in one role, at a poll; ``until``: compared with that one.

    ``named``: (person, idea) of those who wanted their name beside their ideas.
    """

    question: str
    role: str
    poll: str
    batch: Batch | None
    until: str | None = None
    named: tuple[tuple[int, str], ...] = ()
    wordings: frozenset[str] = frozenset()
    """Exactly what was read by those who answered; see ``Item.wording``."""

    def is_about(self, item: Item) -> bool:
        """Whether it is of this question as it reads now."""
        return self.question == item.key and self.wordings <= item.wordings


@dataclass(frozen=True, slots=True)
class Published:
    """What is published now, and the answers that are counted in it, and in nothing else ever after."""

    figures: tuple[Figure, ...]
    counted: tuple[Answer, ...]


def waiting(checkpoints: Checkpoints, calls: Sequence[Call], kept: Iterable[Kept], poll: str) -> tuple[Answer, ...]:
    """The answers of a cohort of which figures of this poll may be made now: of polls that have closed, of people who
    are still there, in no figure so far. None while some of its groups are answering it."""
    if any(call.poll == poll and call.state == "open" for call in calls):
        return ()
    counted = {item.key for item in checkpoints.items if poll in item.polls and is_counted(item)}
    over = {(call.group, call.poll) for call in calls if call.state == "closed"}
    return tuple(
        one.answer
        for one in kept
        if one.present and not one.released
        if one.answer.question in counted and (one.answer.group, one.answer.poll) in over
    )


def publish(checkpoints: Checkpoints, waiting: Sequence[Answer], poll: str) -> Published:
    """What can be told now of ``waiting`` answers, opened."""
    figures: list[Figure] = []
    counted: list[Answer] = []
    for item in checkpoints.items:
        if poll not in item.polls or not is_counted(item):
            continue
        for role in item.roles:
            ours = [a for a in waiting if a.question == item.key and a.role == role and a.wording in item.wordings]
            for figure, used in _figures(item, role, ours, poll):
                figures.append(replace(figure, wordings=frozenset(answer.wording for answer in used)))
                counted += used
    return Published(tuple(figures), tuple(counted))


def _figures(item: Item, role: str, ours: Sequence[Answer], poll: str) -> Iterable[tuple[Figure, Sequence[Answer]]]:
    here = [answer for answer in ours if answer.poll == poll]
    if item.kind == "ideas":
        named = [answer for answer in here if ideas(answer.value).named]
        if named:
            lines = tuple((answer.person, line) for answer in named for line in ideas(answer.value).lines)
            yield Figure(item.key, role, poll, None, named=lines), named
        here = [answer for answer in here if answer not in named]
    if item.tracked is not None and poll == item.tracked[0]:
        # It is compared with the end and told with it; see disclosure.
        return
    if item.tracked is not None and poll == item.tracked[1]:
        earlier = {(a.group, a.person): a.value for a in ours if a.poll == item.tracked[0]}
        found = chosen(pairs(earlier, {(a.group, a.person): a.value for a in here}))
        if found:
            yield (
                Figure(item.key, role, item.tracked[0], batch(found), until=poll),
                _of(found, [a for a in ours if a.poll in item.tracked]),
            )
            here = [answer for answer in here if (answer.group, answer.person) not in earlier]
    found = chosen(Given(answer.group, answer.person, answer.value) for answer in here)
    if found:
        yield Figure(item.key, role, poll, batch(found)), _of(found, here)


def _of(found: Sequence[Given], answers: Sequence[Answer]) -> list[Answer]:
    who = {(given.group, given.person) for given in found}
    return [answer for answer in answers if (answer.group, answer.person) in who]


# ── releases as text ─────────────────────────────────────────────────────────────────────────────────────────────────


def written(figures: Iterable[Figure]) -> str:
    """Figures as they are kept."""
    return json.dumps(
        [
            {
                "question": figure.question,
                "role": figure.role,
                "poll": figure.poll,
                "until": figure.until,
                "named": figure.named,
                "wordings": sorted(figure.wordings),
                "batch": figure.batch
                and {
                    "n": figure.batch.n,
                    "counts": figure.batch.counts,
                    "later": figure.batch.later,
                    "changes": figure.batch.changes,
                    "paired": figure.batch.paired,
                },
            }
            for figure in figures
        ]
    )


def read(text: str) -> tuple[Figure, ...]:
    """What was kept of figures."""
    return tuple(
        Figure(
            question=one["question"],
            role=one["role"],
            poll=one["poll"],
            batch=_batch(one["batch"]) if one["batch"] else None,
            until=one["until"],
            named=tuple((int(person), str(idea)) for person, idea in one["named"]),
            wordings=frozenset(one["wordings"]),
        )
        for one in json.loads(text)
    )


def _batch(one: dict[str, object]) -> Batch:
    n, counts = one["n"], _counts(one["counts"])
    assert isinstance(n, int)
    if one["paired"]:
        return both_ends(n, counts, _counts(one["later"]), _counts(one["changes"]))
    return Batch(n, counts)


def _counts(found: object) -> Counts | None:
    return tuple((str(value), int(n)) for value, n in found) if isinstance(found, list) else None
