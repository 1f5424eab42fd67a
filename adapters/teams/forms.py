"""The fields of a form as inputs of an Adaptive Card. Pure.

An input's id is the field's with a prefix (``f.step``, ``f2.step`` for the second form of a card, ``p.people`` for a
people picker, ``m.days`` for several choices), so that nothing that is typed can overrule the token beside it. What an
input has no room for stands in full beside it, or is named in a "more". A problem stands below its input, in words.
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/people-picker
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, assert_never

from microsoft_teams.cards import CardElement, ChoiceSetInput, QueryData, ToggleInput
from microsoft_teams.cards import Choice as CardChoice
from microsoft_teams.cards import DateInput as DayInput
from microsoft_teams.cards import TextInput as TypedInput
from microsoft_teams.cards import TimeInput as ClockInput

from adapters.drawing import NOTHING, clean, cut, line, more, size
from adapters.teams.rich import PROBLEM, QUIET, facts, note, paragraphs, quotes
from adapters.teams.text import inert, is_plain, weight
from bot.forms import Choice, DateInput, Field, MultiChoice, Option, PeopleInput, Scale, TextInput, TimeInput, YesNo
from bot.i18n import Translator
from bot.markup import literal

MOST_LABEL = 400
MOST_OPTION = 200
MOST_OPTIONS = 500
MOST_WEIGHT = 24_000
"""What the options of one list may take of a card."""

MOST_LONG = 5
"""So many options that are too long for their list stand beside it in full."""

MOST_OPEN = 10
MOST_LISTED = 15
"""Longer lists can be searched by typing."""

MOST_TYPED = 4000
TICK = "✓"
"""Beside a box whose label might be read as Markdown there."""

ANYBODY = "graph.microsoft.com/users"
HERE = f"{ANYBODY}?scope=currentContext"
"""Where a people picker looks: in the whole organisation, or among those of this conversation."""

_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
_PERSON = re.compile(r"[^\s,]+")


def input_id(field: Field, number: int = 1) -> str:
    """The id of a field's input in the card's first, second … form."""
    kind = "p" if isinstance(field, PeopleInput) else "m" if isinstance(field, MultiChoice) else "f"
    return f"{kind}{number if number > 1 else ''}.{field.id}"


def field_elements(
    t: Translator, field: Field, problem: str = "", *, number: int = 1, here: bool = False
) -> list[CardElement]:
    """The input between what would not fit into it and what is wrong with it."""
    match field:
        case TextInput():
            found = _typed(field, number)
        case Choice(options=options, value=value):
            found = _chosen(t, field, options, value, number)
        case MultiChoice():
            found = _ticks(t, field, number)
        case Scale():
            found = _scale(t, field, number)
        case PeopleInput():
            found = _people(t, field, number, here)
        case DateInput(value=value):
            found = [DayInput(value=value if _is_day(value) else None, **_named(field, number))]
        case TimeInput(value=value):
            found = [ClockInput(value=value if _TIME.fullmatch(value) else None, **_named(field, number))]
        case YesNo():
            found = [_tick(field, number)]
        case _:
            assert_never(field)
    label = line(field.label)
    above = paragraphs(literal(label)) if size(label) > MOST_LABEL or _unnamed(field) else []
    hint = paragraphs(literal(field.hint), QUIET, "None")
    wrong = paragraphs(literal(f"⚠ {line(problem)}"), PROBLEM, "Small") if line(problem) else []
    return [*above, *found, *wrong, *hint]


def _unnamed(field: Field) -> bool:
    """A tick whose label cannot be its title has it above."""
    return isinstance(field, YesNo) and bool(line(field.label)) and not _titled(field)


def _named(field: Field, number: int) -> dict[str, Any]:
    """What every input has. A client says the label again where an answer is missing: it knows no word of ours."""
    label = inert(cut(line(field.label), MOST_LABEL)) or NOTHING
    required = not isinstance(field, YesNo) and field.required
    wanted: dict[str, Any] = {"is_required": True, "error_message": f"⚠ {label}"} if required else {}
    return {"id": input_id(field, number), "label": label, **wanted}


def _typed(field: TextInput, number: int) -> list[CardElement]:
    most = max(1, min(field.limit, MOST_TYPED))
    value = clean(field.value) if field.long else line(field.value)
    shown = TypedInput(
        is_multiline=field.long or None,
        max_length=most,
        value=cut(value, most) if value.strip() else None,
        **_named(field, number),
    )
    return [*(quotes(literal(value)) if size(value) > most else []), shown]


# ── options ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _option(option: Option) -> CardChoice:
    return CardChoice(title=inert(cut(line(option.label), MOST_OPTION)) or NOTHING, value=option.value)


def _shown(options: Sequence[Option]) -> list[Option]:
    """Those that a list can carry: every value once, as many as there is room for."""
    known = {option.value: option for option in reversed(options) if _carried(option.value)}
    shown: list[Option] = []
    room = MOST_WEIGHT
    for option in dict.fromkeys(options):
        room -= weight([option.label[:MOST_OPTION], option.value]) + 60
        if known.get(option.value) is not option or len(shown) == MOST_OPTIONS or room < 0:
            continue
        shown.append(option)
    return shown


def _carried(value: str) -> bool:
    return bool(value.strip()) and value.isprintable() and len(value) <= MOST_LABEL


def _chosen(
    t: Translator, field: Choice | Scale, options: Sequence[Option], value: str, number: int
) -> list[CardElement]:
    """A list to open, below what it cannot show."""
    shown, beside = _offered(t, options)
    if not shown:
        return [*facts([(field.label, ())]), *beside]
    chosen = value if any(option.value == value for option in shown) else None
    style: Literal["filtered", "compact"] = "filtered" if len(shown) > MOST_LISTED else "compact"
    choices = [_option(option) for option in shown]
    return [*beside, ChoiceSetInput(style=style, choices=choices, value=chosen, **_named(field, number))]


def _ticks(t: Translator, field: MultiChoice, number: int) -> list[CardElement]:
    """Boxes to tick; a list to open where they are many, or where a word has signs. Values are parted by commas."""
    shown, beside = _offered(t, field.options)
    if not shown:
        return [*facts([(field.label, ())]), *beside]
    chosen = ",".join(in_several(option.value) for option in shown if option.value in field.value)
    is_open = len(shown) <= MOST_OPEN and all(_open(option.label) for option in shown)
    boxes = ChoiceSetInput(
        style="expanded" if is_open else "compact",
        choices=[_option(Option(in_several(option.value), option.label)) for option in shown],
        value=chosen or None,
        is_multi_select=True,
        wrap=True if is_open else None,
        **_named(field, number),
    )
    return [*beside, boxes]


def in_several(value: str) -> str:
    """A value that can stand among others; ``parse`` takes it back."""
    return value.replace("%", "%25").replace(",", "%2C")


def _offered(t: Translator, options: Sequence[Option]) -> tuple[list[Option], list[CardElement]]:
    """The options that a list can carry, and in words what it cannot show."""
    shown = _shown(options)
    hidden = [option for option in options if option not in shown]
    missing = [note(more(t, len(hidden), (option.label for option in hidden)))] if hidden else []
    long = list(dict.fromkeys(line(option.label) for option in shown if size(line(option.label)) > MOST_OPTION))
    in_full = [element for label in long[:MOST_LONG] for element in paragraphs(literal(label), QUIET)]
    unsaid = [note(more(t, len(long) - MOST_LONG, long[MOST_LONG:]))] if len(long) > MOST_LONG else []
    return shown, [*missing, *in_full, *unsaid]


def _scale(t: Translator, field: Scale, number: int) -> list[CardElement]:
    """Open choices, the ends with their words; a list to open where there are too many, or where a word has signs."""
    ends = {field.low: field.low_label, field.high: field.high_label}
    steps = range(field.low, min(field.high, field.low + MOST_OPTIONS - 1) + 1)
    options = [Option(str(n), f"{n} – {line(ends[n])}" if line(ends.get(n, "")) else str(n)) for n in steps]
    value = "" if field.value is None else str(field.value)
    if not 1 <= len(options) <= MOST_OPEN or not all(_open(option.label) for option in options):
        return _chosen(t, field, options, value, number)
    chosen = value if any(option.value == value for option in options) else None
    choices = [_option(option) for option in options]
    return [ChoiceSetInput(style="expanded", choices=choices, value=chosen, wrap=True, **_named(field, number))]


def _open(label: str) -> bool:
    return is_plain(label) and size(label) <= MOST_OPTION


# ── ticks, people, days ──────────────────────────────────────────────────────────────────────────────────────────────


def _titled(field: YesNo) -> bool:
    label = line(field.label)
    return bool(label) and size(label) <= MOST_LABEL and is_plain(label)


def _tick(field: YesNo, number: int) -> CardElement:
    title = line(field.label) if _titled(field) else TICK
    return ToggleInput(
        id=input_id(field, number),
        title=title,
        value="yes" if field.value else "no",
        value_on="yes",
        value_off="no",
        wrap=True,
    )


def _people(t: Translator, field: PeopleInput, number: int, here: bool) -> list[CardElement]:
    """Teams' own people picker. It gives back their ids in its directory, which are ours too."""
    known = [person for person in dict.fromkeys(field.value) if _PERSON.fullmatch(person) and len(person) < MOST_OPTION]
    chosen = known[: max(1, field.most)]
    hidden = [person for person in dict.fromkeys(field.value) if person not in chosen]
    missing = [note(more(t, len(hidden), hidden))] if hidden else []
    picker = ChoiceSetInput(
        choices=[],
        choices_data=QueryData(dataset=HERE if here else ANYBODY),
        is_multi_select=field.most > 1,
        value=",".join(chosen) or None,
        **_named(field, number),
    )
    return [*missing, picker]


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def problems_elsewhere(problems: Mapping[str, str], fields: Sequence[Field]) -> list[CardElement]:
    """What is wrong with the whole form, or with a field that is not shown."""
    shown = {field.id for field in fields}
    found = [line(problem) for name, problem in problems.items() if name not in shown and line(problem)]
    return [element for problem in found for element in paragraphs(literal(f"⚠ {problem}"), PROBLEM)]
