"""Any message and any form that the core could make, and many that it would not: for properties.

And what somebody might have typed of a message, all of which has to be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from hypothesis import strategies as st

from adapters.drawing import clean
from bot.actions import action
from bot.forms import (
    Choice,
    DateInput,
    Field,
    Form,
    MultiChoice,
    Option,
    PeopleInput,
    Scale,
    TextInput,
    TimeInput,
    YesNo,
)
from bot.markup import Bold, Code, Italic, Link, Mention, Plain, Span
from bot.messages import (
    Ask,
    Block,
    Button,
    Chart,
    Divider,
    Facts,
    Heading,
    LinkButton,
    List,
    Message,
    Progress,
    Series,
    Table,
    Text,
)

AWKWARD = (
    "",
    " ",
    "\n\n",
    "Ana",
    "<!channel> <!here|here> <@U1> <https://example.org|here>",
    "*bold* _italic_ ~gone~ `code` > quote &amp; :tada: @here #general",
    "\x00\x1b[31mred\x07\ud83d",
    "מעגל עמיתים שבועי \u202e‫עברית‬",
    "دائرة الأقران الأسبوعية",
    "👩‍👩‍👧‍👦🏳️‍🌈 " * 30,
    "Ana Maria de la Concepción " * 20,
    "Donaudampfschifffahrtsgesellschaft" * 100,
    '"quoted" \\ back\tslash\r\n' * 150,
)
URLS = (
    "https://example.org/a?b=c&d=%20",
    "javascript:alert(1)",
    "",
    "not an address",
    "https://example.org/" + "a" * 4000,
    "https://example.org/" + "é" * 2400,
    "https://example.org/" + "😀" * 1200,
)


class Crowd(tuple[Span, ...]):
    """Little to read, and much to send; told in a few words where a test fails."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} times about {self[0]!r:.40}>"


CROWDS = (
    Crowd(Link(f"page {n}", f"https://example.org/{n}/" + "a" * 2400) for n in range(60)),
    Crowd(Link("", "https://example.org/" + "é" * 2000 + str(n)) for n in range(8)),
    Crowd((Bold, Italic)[n % 2](chr(97 + n % 26)) for n in range(900)),
    Crowd([Plain("{{DATE(2026-12-07)}}" * 400)]),
)

texts = st.sampled_from(AWKWARD) | st.text(max_size=40)
short = st.sampled_from(("Ana", "Week 1", "<!channel>", "Δ", "met")) | st.text(max_size=8)
people = st.sampled_from(("U1", "W0ABC", "ana", "", "U1|x"))
spans = st.lists(
    st.one_of(
        st.builds(Plain, texts),
        st.builds(Bold, texts),
        st.builds(Italic, texts),
        st.builds(Code, texts),
        st.builds(Link, texts, st.sampled_from(URLS)),
        st.builds(Mention, people, texts),
    ),
    max_size=4,
).map(lambda found: tuple[Span, ...](found))
crowds = st.sampled_from(CROWDS)
brief = st.builds(Plain, short).map(lambda span: (span,))
actions = st.builds(action, st.sampled_from(("checkin", "nudge")), st.sampled_from((1, "é <!channel>", "x" * 240)))


def several(
    strategy: st.SearchStrategy[Any], most: int = 4, many: tuple[int, ...] = ()
) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few, or one of them repeated so many times."""
    few = st.lists(strategy, max_size=most).map(tuple)
    return few | st.tuples(strategy, st.sampled_from(many)).map(lambda one: (one[0],) * one[1]) if many else few


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────

options = st.one_of(
    st.lists(st.builds(Option, st.text(max_size=20), texts), max_size=5).map(tuple),
    st.tuples(st.sampled_from((1, 11, 100, 200, 700)), texts).map(
        lambda found: tuple(Option(str(n), f"{n} {found[1]}") for n in range(found[0]))
    ),
)
days = st.sampled_from(("", "2026-12-07", "2026-02-30", "soon"))
times = st.sampled_from(("", "09:30", "23:59", "24:00", "9:30"))


@st.composite
def inputs(draw: st.DrawFn, number: int) -> Field:
    name, label, hint, required = f"f{number}", draw(texts), draw(texts), draw(st.booleans())
    low = draw(st.integers(-2, 1))
    offered = draw(options)
    value = draw(st.sampled_from([option.value for option in offered] or [""]))
    made: tuple[Field, ...] = (
        TextInput(name, label, draw(texts), required, hint, draw(st.booleans()), draw(st.sampled_from((1, 80, 9000)))),
        Choice(name, label, offered, value, required, hint),
        MultiChoice(name, label, offered, (value, "else"), required, hint),
        Scale(
            name,
            label,
            low,
            low + draw(st.sampled_from((0, 4, 9, 10, 150))),
            draw(texts),
            draw(texts),
            draw(st.none() | st.integers(-3, 8)),
            required,
            hint,
        ),
        PeopleInput(name, label, draw(several(people)), required, hint, draw(st.sampled_from((1, 2, 40)))),
        DateInput(name, label, draw(days), required, hint),
        TimeInput(name, label, draw(times), required, hint),
        YesNo(name, label, draw(st.booleans()), hint),
    )
    return draw(st.sampled_from(made))


@st.composite
def forms(draw: st.DrawFn) -> Form:
    count = draw(st.sampled_from((0, 1, 3, 120)))
    few = tuple(draw(inputs(number)) for number in range(min(count, 3)))
    many = tuple(TextInput(f"g{number}", f"Question {number}") for number in range(count - len(few)))
    return Form(draw(actions), draw(texts), (*few, *many), draw(texts), draw(spans))


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width, height = draw(st.sampled_from((1, 4, 20, 21))), draw(st.sampled_from((0, 1, 40, 120)))
    cells = tuple(draw((spans | crowds) if height < 2 else spans if height < 40 else brief) for _ in range(3))
    rows = tuple(tuple(cells[(x + y) % 3] for x in range(width)) for y in range(height))
    return Table(draw(texts), tuple(draw(short) for _ in range(width)), rows)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    each = draw(st.sampled_from(("", " ☃☃☃☃☃", " " + "😀" * 16)))
    count = draw(st.sampled_from((1, 20, 24, 25)))
    labels = tuple(draw(st.lists(short, min_size=0, max_size=6))) or tuple(f"{n}{each}" for n in range(count))
    value = st.none() | st.sampled_from((0.0, 3.0, 2.5, -1.0, float("nan"), 1e300))
    series = tuple(
        Series(f"{n}{each}" if each else draw(short | texts), tuple(draw(value) for _ in labels))
        for n in range(draw(st.sampled_from((0, 1, 2, 6, 7))))
    )
    kinds: tuple[Literal["bar", "line"], ...] = ("bar", "line")
    return Chart(
        draw(st.sampled_from(kinds)), draw(short | texts), labels, series, draw(texts), draw(short), draw(short)
    )


blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Text, spans | crowds, st.sampled_from(("body", "quiet", "quote"))),
    st.builds(Heading, spans | crowds),
    st.builds(Facts, several(st.tuples(texts, spans | crowds)) | several(st.tuples(short, brief), many=(40,))),
    st.builds(List, several(spans | crowds) | several(brief, many=(40, 300)), st.booleans()),
    tables(),
    charts(),
    st.builds(Progress, texts, st.integers(-1, 14), st.integers(-1, 13)),
    st.builds(Button, texts, actions, st.sampled_from(("plain", "primary", "danger"))),
    st.builds(LinkButton, texts, st.sampled_from(URLS)),
    st.builds(Ask, texts, forms(), st.sampled_from(("plain", "primary"))),
    st.just(Divider()),
)
small = st.one_of(
    st.builds(Text, brief, st.sampled_from(("body", "quiet", "quote"))),
    st.builds(Heading, brief),
    st.builds(Button, short, actions),
    st.just(Divider()),
)
messages = st.builds(Message, several(blocks, most=6) | several(small, many=(30, 120)))


# ── what was typed ───────────────────────────────────────────────────────────────────────────────────────────────────


def values(block: Block, said: Callable[[Span], str]) -> Iterator[str]:
    """Every value of a block that somebody might have typed; ``said``: what a platform shows of a span."""
    found: list[Span] = []
    match block:
        case Text(spans) | Heading(spans):
            found += spans
        case Facts(rows):
            found += [span for _, value in rows for span in value]
            yield from (label for label, _ in rows)
        case List(items):
            found += [span for item in items for span in item]
        case Table(caption, columns, lines):
            yield from (caption, *columns)
            found += [span for line in lines for cell in line for span in cell]
        case Chart():
            yield from (block.title, block.words, *block.categories, *(series.name for series in block.series))
        case Button(label) | LinkButton(label) | Ask(label) | Progress(label):
            yield label
        case Divider():
            pass
    yield from map(said, found)


def squeezed(text: str) -> str:
    """Without blanks, which change where a text is divided or put into one line, and what parts a function."""
    return "".join(clean(text).replace("\u200b", "").split())
