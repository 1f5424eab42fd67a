"""Examples of everything that is said around checkpoints."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from adapters.gallery.cast import CIRCLE, PAIR, T
from bot.checkpoints import forms, own, words
from bot.checkpoints.asking import Asked
from bot.checkpoints.disclosure import Given, batch
from bot.checkpoints.rules import Answer, Figure, Ideas
from bot.checkpoints.waves import Program
from bot.forms import Form
from bot.guides.items import Item
from bot.messages import Message

CLOSES = datetime(2027, 1, 27, 9, tzinfo=UTC)
ENDS = {"low_label": (("en", "very hard"),), "high_label": (("en", "very easy"),)}
EASE = Item(
    "ease",
    1,
    "scale",
    ("mentor", "mentee"),
    ("baseline", "midpoint", "final"),
    (("en", "How easy is it for you to **ask** for <@help>?"),),
    **ENDS,  # type: ignore[arg-type]
)
BLOCKED = Item(
    "blocked",
    1,
    "choice",
    ("mentor", "mentee"),
    ("midpoint",),
    (("en", "What gets in the way most often?"),),
    options=(
        ("time", (("en", "meetings are called off"),)),
        ("topic", (("en", "the topics are not ours"),)),
        ("nothing", (("en", "nothing, it goes well"),)),
    ),
)
TEN = replace(EASE, id="recommend", kind="zero-to-ten", polls=("midpoint",), low=0, high=10, licence="Owned", own=True)
HELP = Item(
    "help", 1, "text", ("mentor", "mentee"), ("midpoint",), (("en", "What should change?"),), read_by="organiser"
)
DIARY = replace(HELP, id="diary", text=(("en", "What do you want to remember?"),), read_by="nobody")
IDEAS = replace(HELP, id="ideas", kind="ideas", text=(("en", "Which ideas have come up?"),), read_by="facilitators")
MATCH = Item("match", 1, "fit", ("mentor", "mentee"), ("fit",), (("en", "Are the two of you a good fit?"),))
ITEMS = (EASE, BLOCKED, TEN, HELP, DIARY, IDEAS)
OWN = Ideas(("A board for `questions`", "Lunch with strangers"), named=True).kept()

MIDDLE = Asked(PAIR, "midpoint", ITEMS, {}, "Olga", CLOSES, "Europe/Berlin")
HALF = replace(MIDDLE, given={EASE.key: "4", HELP.key: "More *time*", IDEAS.key: OWN})
FIT = Asked(PAIR, "fit", (MATCH,), {MATCH.key: "bad"}, "Olga", CLOSES, "Europe/Berlin")
ANSWERS = tuple(
    Answer(PAIR.id, poll, 1, "mentor", question, "", value)
    for poll, question, value in (
        ("baseline", EASE.key, "2"),
        ("midpoint", EASE.key, "4"),
        ("midpoint", BLOCKED.key, "time"),
        ("midpoint", HELP.key, "More *time*"),
        ("midpoint", IDEAS.key, OWN),
    )
)


def _given(values: str, later: str = "") -> tuple[Given, ...]:
    return tuple(Given(n, n, value, later[n] if later else None) for n, value in enumerate(values))


def _told(item: Item, role: str, poll: str, values: str, until: str | None = None, later: str = "") -> Figure:
    return Figure(item.key, role, poll, batch(_given(values, later)), until, (), item.wordings)


FIGURES = (
    _told(EASE, "mentor", "baseline", "12232312", "final", "34444435"),
    _told(EASE, "mentee", "baseline", "11223214", "final", "33344425"),
    _told(EASE, "mentor", "midpoint", "23333423"),
    _told(EASE, "mentee", "midpoint", "22334324"),
    Figure(
        BLOCKED.key,
        "mentor",
        "midpoint",
        batch([Given(n, n, value) for n, value in enumerate(("time",) * 4 + ("nothing",) * 3 + ("topic",))]),
        wordings=BLOCKED.wordings,
    ),
    Figure(
        BLOCKED.key, "mentee", "midpoint", batch([Given(n, n, "time") for n in range(8)]), wordings=BLOCKED.wordings
    ),
    _told(TEN, "mentor", "midpoint", "78999876"),
    Figure(
        HELP.key,
        "mentor",
        "midpoint",
        batch([Given(n, n, text) for n, text in enumerate(("Guard the time", "More **topics**", "A", "B", "C"))]),
        wordings=HELP.wordings,
    ),
    Figure(IDEAS.key, "mentor", "midpoint", None, named=((1, "A board for `questions`"),), wordings=IDEAS.wordings),
)
ALIKE = _told(EASE, "mentor", "baseline", "12232312", "final", "23343423")
"""A second wave, of whom everybody moved by one: its end is not told, nor by how much all of them have moved."""
PROGRAM = Program(
    group=PAIR.id,
    title="Reverse mentoring",
    size=8,
    kind="pair",
    items=ITEMS,
    figures=FIGURES,
    closed=("baseline", "midpoint", "final"),
    organiser=True,
    names={1: "Ana"},
)
EMPTY = replace(PROGRAM, figures=(), closed=("baseline",))

CHECKPOINTS: dict[str, Message | Form] = {
    "checkpoints.form": forms.form(T, MIDDLE),
    "checkpoints.form: half answered": forms.form(T, HALF),
    "checkpoints.form: a first impression": forms.form(T, FIT),
    "checkpoints.request": words.request(T, MIDDLE),
    "checkpoints.request: the start": words.request(T, replace(MIDDLE, poll="baseline", items=(EASE,))),
    "checkpoints.nudge": words.nudge(T, MIDDLE, 1),
    "checkpoints.nudge: half answered": words.nudge(T, HALF, 2),
    "checkpoints.nudge: the last": words.nudge(T, MIDDLE, 2),
    "checkpoints.thanks": words.thanks(T, HALF),
    "checkpoints.thanks: closed": words.thanks(T, replace(HALF, open=False)),
    "checkpoints.thanks: not a good fit": words.thanks(T, FIT, may_tell=True),
    "checkpoints.thanks: nobody to tell": words.thanks(T, FIT, may_tell=False),
    "checkpoints.rematch_noted": words.rematch_noted(T, PAIR, "Olga"),
    "checkpoints.rematch": words.rematch(T, PAIR, 3),
    "checkpoints.privacy": own.privacy(T, "Olga", ITEMS),
    "checkpoints.privacy: no words of one's own": own.privacy(T, "Olga", (EASE, MATCH)),
    "checkpoints.mine": own.mine(T, PAIR, ITEMS, ANSWERS, HALF, lead=False),
    "checkpoints.mine: nothing yet": own.mine(T, CIRCLE, (), (), None, lead=True, former=(PAIR,)),
    "checkpoints.followup_set": words.followup_set(T, CIRCLE, CLOSES.date()),
    "checkpoints.followup_set: not wanted": words.followup_set(T, CIRCLE, None),
    "checkpoints.published": words.published(T, PAIR, "Reverse mentoring", "midpoint"),
    "checkpoints.which_program": words.which_program(T, [("Reverse mentoring", 8), ("Peer circle", 7)], "all"),
    "checkpoints.overview": words.overview(T, PROGRAM),
    "checkpoints.overview: some left out": words.overview(T, replace(PROGRAM, figures=(*FIGURES, ALIKE))),
    "checkpoints.overview: nothing to show": words.overview(T, EMPTY),
    "checkpoints.results": words.results(T, PROGRAM, "midpoint"),
    "checkpoints.results: the start": words.results(T, PROGRAM, "baseline"),
}
