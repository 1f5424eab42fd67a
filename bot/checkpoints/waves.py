"""What the batches of a program say together: at one poll, and over time. Values in, values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.checkpoints.disclosure import Batch, added
from bot.checkpoints.figures import Change, change
from bot.checkpoints.rules import Figure
from bot.counts import Counts
from bot.guides.items import Item, Poll


@dataclass(frozen=True, slots=True)
class Program:
    """A cohort as somebody who may see its figures meets it.

    ``group``: the one they came from; it only carries them back. ``items``: the questions of which there are figures.
    ``closed``: the polls that are over somewhere, and have such a question.
    ``organiser``: they set the program up, and may read what was written to whoever did. ``names``: of people who
    wanted their name beside their ideas.
    """

    group: int
    title: str
    size: int
    kind: str
    items: tuple[Item, ...]
    figures: tuple[Figure, ...]
    closed: tuple[Poll, ...]
    organiser: bool
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Wave:
    """What all batches of one question, role and poll say together. ``partial``: some of them are left out."""

    counts: Counts
    partial: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One question over time, in one role: (poll, what is told of it). ``change``: of those who answered at both of
    the ends that are compared; None where some of them are left out, or nothing is told."""

    role: str
    points: tuple[tuple[str, Wave | None], ...]
    change: Change | None

    @property
    def told(self) -> tuple[tuple[str, Wave], ...]:
        return tuple((poll, wave) for poll, wave in self.points if wave is not None and wave.counts)

    @property
    def partial(self) -> bool:
        return any(wave.partial for _, wave in self.points if wave is not None)


def _figures(program: Program, item: Item, role: str) -> list[tuple[Figure, Batch]]:
    ours = (one for one in program.figures if one.is_about(item) and one.role == role)
    return [(one, one.batch) for one in ours if one.batch is not None]


def _together(found: Sequence[Counts | None]) -> Wave | None:
    if not found:
        return None
    return Wave(added(counts for counts in found if counts is not None), None in found)


def wave_of(program: Program, item: Item, role: str, poll: str) -> Wave | None:
    """Everybody's answers to one poll, whether or not they answered another."""
    return _together(
        [
            batch.later if figure.until == poll else batch.counts
            for figure, batch in _figures(program, item, role)
            if poll in (figure.poll, figure.until)
        ]
    )


def lines_of(program: Program, item: Item) -> tuple[Line, ...]:
    return tuple(_line(program, item, role) for role in item.roles)


def _line(program: Program, item: Item, role: str) -> Line:
    """The ends that are compared are of the same people, who answered at both of them and are told of at both: or a
    second wave, of whom only the start is told so far, would seem to have changed the first one."""
    polls = [poll for poll in item.polls if poll != "followup" or poll in program.closed]
    points = {poll: wave_of(program, item, role, poll) for poll in polls}
    moved: Change | None = None
    if item.tracked is not None:
        both = [batch for _, batch in _figures(program, item, role) if batch.paired]
        changes = [batch.changes for batch in both if batch.changes is not None]
        first, last = item.tracked
        points[first] = _together([batch.counts if batch.changes else None for batch in both])
        points[last] = _together([batch.later if batch.changes else None for batch in both])
        if changes and len(changes) == len(both):
            moved = change(added(changes))
    return Line(role, tuple(points.items()), moved)
