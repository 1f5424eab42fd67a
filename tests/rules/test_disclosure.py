"""No figure that was ever shown, nor any difference of two, tells one person's answer.

The attacker here is as strong as the rule assumes: they know at every moment who has answered, who came and who left;
they keep every figure they were ever shown; they know one person's answers, their own. What they do with it is
subtraction: from the people and the answers of one figure those of another, again and again, and from each their own.
With a naive rule, at least five answers and no more, they find somebody's answer within seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from itertools import combinations, combinations_with_replacement, product

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from bot.checkpoints.disclosure import Given, batch, chosen
from bot.checkpoints.rules import Answer, Call, Cohort, Figure, Kept, publish, waiting
from bot.counts import APART, LEAST, told
from bot.guides.items import Checkpoints, Item

ENGLISH = (("en", "How easy is it?"),)
ENDS = {"low_label": (("en", "hard"),), "high_label": (("en", "easy"),)}
TRACKED = Item("ease", 1, "scale", ("mentor", "mentee"), ("baseline", "midpoint", "final"), ENGLISH, **ENDS)
ONCE = Item("worth", 1, "scale", ("mentor", "mentee"), ("midpoint", "final"), ENGLISH, **ENDS)
PLAIN = Item("alone", 1, "scale", ("mentor", "mentee"), ("midpoint",), ENGLISH, **ENDS)
CHECKPOINTS = Checkpoints("a-guide", (TRACKED, ONCE, PLAIN))
POLLS = ("baseline", "midpoint", "final")
VALUES = ("1", "2", "3")
CHANGE = "change"
"""What of a question is told beside its polls: by how much each moved between start and end."""


# ── a program's life ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Life:
    """What happens in a program, in order: ("answer", group, person, poll, item, value), ("leave", group, person),
    ("close", group, poll). People of a group are numbered 0 and up; each belongs to one group."""

    sizes: tuple[int, ...]
    events: tuple[tuple[object, ...], ...]


NEARLY_ALWAYS, RARELY, SOMETIMES, VALUE = (
    st.integers(0, 7),
    st.integers(0, 9),
    st.integers(0, 2),
    st.sampled_from(VALUES),
)


@st.composite
def lives(draw: st.DrawFn, most_groups: int = 9) -> Life:
    sizes = tuple(draw(st.lists(st.sampled_from((2, 2, 2, 5, 6)), min_size=1, max_size=most_groups)))
    events: list[tuple[object, ...]] = []
    for poll in POLLS:
        order = draw(st.permutations(range(len(sizes))))
        split = draw(st.integers(0, len(sizes)))
        for wave in (order[:split], order[split:]):
            for group in wave:
                for person in range(sizes[group]):
                    for item in CHECKPOINTS.items:
                        if poll in item.polls and draw(NEARLY_ALWAYS):
                            value = draw(VALUE)
                            events.append(("answer", group, person, poll, item.key, value))
                            if not draw(RARELY):
                                changed = draw(VALUE)
                                events.append(("answer", group, person, poll, item.key, changed))
            events += [("close", group, poll) for group in wave]
            if sizes and not draw(SOMETIMES):
                group = draw(st.integers(0, len(sizes) - 1))
                events.append(("leave", group, draw(st.integers(0, sizes[group] - 1))))
    return Life(sizes, tuple(events))


def role(group_size: int, person: int) -> str:
    """In a pair the two are asked apart; a circle's are alike."""
    return ("mentor", "mentee")[person] if group_size == 2 else "mentor"


def who(group: int, person: int) -> int:
    return group * 10 + person


@dataclass
class World:
    """A program as it stands."""

    life: Life
    answers: dict[tuple[int, str, int, str], str] = field(default_factory=dict)
    closed: set[tuple[int, str]] = field(default_factory=set)
    left: set[int] = field(default_factory=set)
    counted: set[tuple[int, str, int, str]] = field(default_factory=set)

    def kept(self) -> Iterator[Answer]:
        for (group, poll, person, key), value in self.answers.items():
            size = self.life.sizes[group]
            item = CHECKPOINTS.item(key)
            assert item is not None
            part = role(size, person - group * 10)
            yield Answer(group, poll, person, part, key, item.wording("en"), value)


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Seen:
    """A figure as an attacker has it: of what (question and poll), who is in it, and how often each answer is in it."""

    about: tuple[str, ...]
    people: frozenset[int]
    counts: tuple[tuple[str, int], ...]


Show = Callable[[World, tuple[object, ...]], Iterable[Seen]]
"""Everything that can be seen, by whoever, after an event."""


def published(world: World, event: tuple[object, ...]) -> Iterator[Seen]:
    """Our rule: what is published when a poll has closed, as the service does it."""
    if event[0] != "close":
        return
    poll = str(event[2])
    cohort, now = Cohort(1, "a-guide", 1), datetime(2027, 1, 1, tzinfo=UTC)
    asked = {(group, asked) for group, asked, _, _ in world.answers} | world.closed
    calls = [
        Call(group, one, cohort, "closed" if (group, one) in world.closed else "open", now, now)  # type: ignore[arg-type]
        for group, one in sorted(asked)
    ]
    kept = [
        Kept(one, one.person not in world.left, (one.group, one.poll, one.person, one.question) in world.counted)
        for one in world.kept()
    ]
    found = publish(CHECKPOINTS, waiting(CHECKPOINTS, calls, kept, poll), poll)
    for answer in found.counted:
        this = (answer.group, answer.poll, answer.person, answer.question)
        assert this not in world.counted, "an answer is counted twice"
        world.counted.add(this)
    for figure in found.figures:
        yield from seen(figure, found.counted)


def seen(figure: Figure, counted: Iterable[Answer]) -> Iterator[Seen]:
    assert figure.batch is not None
    assert figure.batch.n >= LEAST
    ours = [a for a in counted if a.question == figure.question and a.role == figure.role]
    by_poll = {poll: frozenset(a.person for a in ours if a.poll == poll) for poll in POLLS}
    item = CHECKPOINTS.item(figure.question)
    both = by_poll[item.tracked[0]] & by_poll[item.tracked[1]] if item and item.tracked else frozenset[int]()
    people = both if figure.until else by_poll[figure.poll] - both
    assert len(people) == figure.batch.n
    for poll, counts in ((figure.poll, figure.batch.counts), (figure.until, figure.batch.later)):
        if poll is not None and counts is not None:
            yield Seen((figure.question, poll), people, counts)
    if figure.batch.changes is not None:
        yield Seen((figure.question, CHANGE), people, figure.batch.changes)


def naively(world: World, event: tuple[object, ...]) -> Iterator[Seen]:
    """At least five answers, at any time, of each group, each role and the whole program; and nothing more."""
    del event
    here = [answer for answer in world.kept() if answer.person not in world.left]
    for item in CHECKPOINTS.items:
        for poll in POLLS:
            ours = [answer for answer in here if answer.question == item.key and answer.poll == poll]
            parts = [ours]
            parts += [[a for a in ours if a.role == one] for one in ("mentor", "mentee")]
            parts += [[a for a in ours if a.group == group] for group in range(len(world.life.sizes))]
            for part in parts:
                if len(part) >= LEAST:
                    counts = tuple(sorted(Counter(answer.value for answer in part).items()))
                    yield Seen((item.key, poll), frozenset(answer.person for answer in part), counts)


# ── the attacker ─────────────────────────────────────────────────────────────────────────────────────────────────────


def everything_shown(life: Life, show: Show) -> tuple[World, set[Seen]]:
    world, found = World(life), set[Seen]()
    for event in life.events:
        match event:
            case ("answer", int(group), int(person), str(poll), str(key), str(value)):
                if (group, poll) not in world.closed and who(group, person) not in world.left:
                    world.answers[group, poll, who(group, person), key] = value
            case ("leave", int(group), int(person)):
                world.left.add(who(group, person))
            case ("close", int(group), str(poll)):
                world.closed.add((group, poll))
        found |= set(show(world, event))
    return world, found


def subtracted(figures: set[Seen], rounds: int = 2, most: int = 400) -> set[Seen]:
    """The figures and every difference of two, of one of which the people are among the other's."""
    known = set(figures)
    for _ in range(rounds):
        fresh: set[Seen] = set()
        for one, other in combinations(sorted(known, key=lambda seen_: (seen_.about, sorted(seen_.people))), 2):
            small, large = (one, other) if len(one.people) < len(other.people) else (other, one)
            if one.about == other.about and small.people < large.people:
                left = Counter(dict(large.counts))
                left.subtract(dict(small.counts))
                if min(left.values()) >= 0:
                    rest = tuple(sorted((value, n) for value, n in left.items() if n))
                    fresh.add(Seen(one.about, large.people - small.people, rest))
        if fresh <= known or len(known) > most:
            break
        known |= fresh
    return known


def answered(world: World, person: int, about: tuple[str, ...]) -> str | None:
    """What somebody answered, or by how much they moved."""
    key, poll = about
    ends = (POLLS[0], POLLS[-1]) if poll == CHANGE else (poll,)
    given = [world.answers.get((person // 10, one, person, key)) for one in ends]
    if poll == CHANGE and given[0] and given[1]:
        return str(int(given[1]) - int(given[0]))
    return given[0] if poll != CHANGE else None


def found_out(world: World, figures: set[Seen]) -> set[tuple[int, tuple[str, ...], str]]:
    """(person, what about, answer) of everybody whose answer an attacker is sure of, whoever the attacker is."""
    certain: set[tuple[int, tuple[str, ...], str]] = set()
    for one in subtracted(figures):
        for attacker in (None, *one.people):
            counts = Counter(dict(one.counts))
            others = set(one.people)
            if attacker is not None:
                own = answered(world, attacker, one.about)
                if own is None:
                    continue
                counts[own] -= 1
                others.remove(attacker)
            values = [value for value, n in counts.items() if n > 0]
            if others and len(values) == 1:
                certain |= {(person, one.about, values[0]) for person in others}
    return certain


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(life=lives())
def test_whoever_keeps_every_figure_and_subtracts_them_is_sure_of_nobodys_answer(life: Life) -> None:
    world, figures = everything_shown(life, published)

    assert found_out(world, figures) == set()


def test_with_a_naive_rule_the_same_attacker_finds_somebody_out() -> None:
    """So the test above can fail."""

    # An assertion that fails while ``find`` looks on is forgotten as soon as something is found.
    unanswered: list[tuple[int, str, str]] = []

    def somebody_is_found_out(life: Life) -> bool:
        world, figures = everything_shown(life, naively)
        certain = found_out(world, figures)
        for person, (key, poll), value in certain:
            given_ = any((p, who_, k) == (poll, person, key) for _, p, who_, k in world.answers)
            if poll != CHANGE and not given_:
                unanswered.append((person, key, poll))
            del value
        return bool(certain)

    try:
        # To explain a life would take as long again as to find it and to make it small: every line would be traced.
        phases = set(Phase) - {Phase.explain}
        found = find(lives(), somebody_is_found_out, settings=settings(max_examples=2000, phases=phases))
    except NoSuchExample:  # pragma: no cover
        pytest.fail("the attacker is too weak to find anybody out even without a rule")
    assert found.events
    assert unanswered == []


def test_the_attacker_finds_out_whoever_leaves_where_figures_are_drawn_anew() -> None:
    """The oldest trick: the mean before somebody left, and after."""
    answers = [("answer", group, 0, "midpoint", PLAIN.key, value) for group, value in enumerate("1222333")]
    life = Life((2,) * 7, (*answers, ("leave", 0, 0)))

    world, figures = everything_shown(life, naively)

    assert (0, ("alone@1", "midpoint"), "1") in found_out(world, figures)
    assert (
        found_out(*everything_shown(replace(life, events=(*life.events, ("close", 0, "midpoint"))), published)) == set()
    )


def test_the_attacker_finds_out_whoever_left_in_between_where_the_start_is_told_alone_and_again_with_the_end() -> None:
    """Why an answer that is compared with a later one waits for it."""
    start = dict(enumerate("12223334"))
    stayed = frozenset(start) - {7}
    world = World(Life((2,) * 8, ()), {(0, "baseline", person, "ease@1"): value for person, value in start.items()})
    alone = Seen(("ease@1", "baseline"), frozenset(start), told(list(start.values())) or ())
    again = Seen(("ease@1", "baseline"), stayed, told([start[person] for person in stayed]) or ())

    assert (7, ("ease@1", "baseline"), "4") in found_out(world, {alone, again})


def test_eight_pairs_that_answer_everything_are_told_of() -> None:
    """The rule does not protect by silence."""
    events = [
        event
        for place, poll in enumerate(POLLS)
        for event in (
            *(("answer", n // 2, n % 2, poll, "ease@1", str((n // 2 + n // 4 * place) % 3 + 1)) for n in range(16)),
            *(("close", group, poll) for group in range(8)),
        )
    ]

    _, figures = everything_shown(Life((2,) * 8, tuple(events)), published)

    told_of = {(seen_.about[1], len(seen_.people)) for seen_ in figures}
    assert told_of == {("baseline", 8), ("midpoint", 8), ("final", 8), (CHANGE, 8)}


# ── start, end and change together ───────────────────────────────────────────────────────────────────────────────────

Pairs = tuple[tuple[str, str], ...]
"""Start and end of each person, in any order."""

Told = Callable[[Pairs], object]


@cache
def by_our_rule(moves: Pairs) -> object:
    """All that is told of people who answered twice; that something is hidden is known too."""
    return batch([Given(n, n, start, end) for n, (start, end) in enumerate(moves)])


def each_for_itself(moves: Pairs) -> object:
    """Start, end and change, each hidden where it is too much alike, and none because of another."""
    starts, ends = zip(*moves, strict=True)
    return told(starts), told(ends), told([str(int(end) - int(start)) for start, end in moves])


def sure_of(moves: Pairs, rule: Told, values: tuple[str, ...]) -> set[tuple[str, str]]:
    """What one of these people, who knows their own two answers, is sure of about all others: of everything that could
    have been answered they keep what would look the same, and see what is the same in all of it."""
    shown, possible = rule(moves), []
    for worlds in combinations_with_replacement(tuple(product(values, values)), len(moves)):
        if rule(worlds) == shown:
            possible.append(Counter(worlds))
    found: set[tuple[str, str]] = set()
    for own in set(moves):
        others = [world - Counter([own]) for world in possible if world[own]]
        for name, of in MEASURES.items():
            seen_values = {of(*one) for world in others for one in world}
            if len(seen_values) == 1:
                found.add((name, seen_values.pop()))
    return found


MEASURES: dict[str, Callable[[str, str], str]] = {
    "start": lambda start, _: start,
    "end": lambda _, end: end,
    CHANGE: lambda start, end: str(int(end) - int(start)),
}


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(VALUES), st.sampled_from(VALUES)), min_size=LEAST, max_size=6))
def test_start_end_and_change_together_tell_nothing_of_anybody(moves: list[tuple[str, str]]) -> None:
    assert sure_of(tuple(moves), by_our_rule, VALUES) == set()


def test_where_everybody_moves_by_one_the_two_means_would_tell_it() -> None:
    """Why the end is hidden with the change."""
    moves = (("1", "2"), ("1", "2"), ("2", "3"), ("2", "3"), ("2", "3"))

    assert sure_of(moves, each_for_itself, VALUES) == {(CHANGE, "1")}
    assert sure_of(moves, by_our_rule, VALUES) == set()
    assert batch([Given(n, n, *one) for n, one in enumerate(moves)]).later is None


# ── the rule's own sentences ─────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=300)
@given(
    answers=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 30), st.sampled_from(VALUES)),
        max_size=25,
        unique_by=lambda a: a[:2],
    )
)
def test_a_batch_has_five_people_each_once_and_no_group_that_is_nearly_all_of_it(
    answers: list[tuple[int, int, str]],
) -> None:
    found = chosen(Given(*one) for one in answers)

    if not found:
        return
    people = [given_.person for given_ in found]
    assert len(people) == len(set(people)) >= LEAST
    assert max(Counter(given_.group for given_ in found).values()) * 3 <= len(people) * 2


@settings(max_examples=300)
@given(values=st.lists(st.sampled_from(VALUES), min_size=1, max_size=12))
def test_what_is_told_leaves_two_answers_possible_for_everybody_but_the_one_who_looks(values: list[str]) -> None:
    counts = told(values)

    if counts is None:
        assert len(values) < LEAST or max(Counter(values).values()) > len(values) - APART
        return
    for own, _ in counts:
        others = Counter(dict(counts))
        others[own] -= 1
        assert len([value for value, n in others.items() if n]) >= 2


@settings(max_examples=200)
@given(st.permutations([Given(n % 4, n, str(n % 3 + 1), str(n % 2 + 1)) for n in range(8)]))
def test_a_batch_is_the_same_whoever_of_its_people_gave_which_answer(order: list[Given]) -> None:
    given_ = [Given(n % 4, n, one.value, one.later) for n, one in enumerate(order)]

    assert batch(given_) == batch(sorted(order, key=lambda one: one.person))


def test_who_is_in_a_batch_does_not_depend_on_what_anybody_answered() -> None:
    rows = [Given(n % 3, n, "1") for n in range(7)]

    assert [one.person for one in chosen(rows)] == [
        one.person for one in chosen(replace(one, value=str(one.person % 5)) for one in rows)
    ]


@pytest.mark.parametrize(
    ("groups", "enough"),
    [
        ((0, 1, 2, 3, 4), True),
        ((0, 1, 2, 3), False),
        ((0, 0, 0, 0, 0), False),
        ((0, 0, 0, 0, 0, 1), False),
        ((0, 0, 0, 0, 0, 1, 1, 1), True),
        ((0, 0, 0, 0, 1), False),
    ],
)
def test_a_circle_is_never_told_alone_nor_with_one_stranger_in_it(groups: tuple[int, ...], enough: bool) -> None:
    assert bool(chosen(Given(group, n, "1") for n, group in enumerate(groups))) is enough


def test_all_alike_and_all_but_one_alike_are_not_told() -> None:
    assert told(["5"] * 5) is None
    assert told(["5"] * 5 + ["1"]) is None
    assert told(["5"] * 4 + ["1", "2"]) == (("1", 1), ("2", 1), ("5", 4))
    assert told(["1", "2", "3", "4"]) is None
