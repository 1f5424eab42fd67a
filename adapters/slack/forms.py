"""The fields of a form as Slack's input blocks. Pure.

Every input has the field's id as ``block_id`` and "value" as ``action_id``, or "values" where several options may be
ticked: nothing else tells an unticked list from an unticked yes. What Slack has no room for stands in full
above its field, or is named in a "more".
https://docs.slack.dev/reference/block-kit/blocks/input-block
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import assert_never

from adapters.drawing import CUT, NOTHING, Json, clean, cut, line, more, size
from adapters.slack.rich import PERSON, facts, note, paragraphs, quotes
from adapters.slack.text import plain_text
from bot.forms import Choice, DateInput, Field, MultiChoice, Option, PeopleInput, Scale, TextInput, TimeInput, YesNo
from bot.i18n import Translator
from bot.markup import literal

ANSWER = "value"
"""The ``action_id`` of every input but a list to tick."""

ANSWERS = "values"
"""The ``action_id`` of a list to tick."""

MOST_LABEL = 2000
MOST_OPTIONS = 100
MOST_CHOICES = 500
"""Slack allows 100 groups of 100, which nobody would read and a view could not carry."""

MOST_RADIOS = 10
MOST_CHECKBOXES = 10
MOST_OPTION = 75
MOST_OPTION_VALUE = 150
MOST_TYPED = 3000

_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)


def field_blocks(t: Translator, field: Field) -> list[Json]:
    """The input, below what would not fit into it."""
    match field:
        case TextInput():
            return _typed(field)
        case Choice(options=options, value=value):
            return _chosen(t, field, options, value)
        case MultiChoice():
            return _ticked(t, field)
        case Scale():
            return _scale(t, field)
        case PeopleInput():
            return _people(t, field)
        case DateInput(value=value):
            return _input(field, {"type": "datepicker"} | ({"initial_date": value} if _is_day(value) else {}))
        case TimeInput(value=value):
            initial = {"initial_time": value} if _TIME.fullmatch(value) else {}
            return _input(field, {"type": "timepicker"} | initial)
        case YesNo(value=value):
            yes = _option(Option("yes", t("Yes")))
            return _input(
                field, {"type": "checkboxes", "options": [yes]} | ({"initial_options": [yes]} if value else {})
            )
        case _:
            assert_never(field)


def _input(field: Field, element: Json, *above: Json) -> list[Json]:
    long = [text for text in (field.label, field.hint) if size(line(text)) > MOST_LABEL]
    block: Json = {
        "type": "input",
        "block_id": field.id,
        "label": plain_text(field.label, MOST_LABEL),
        "element": {**element, "action_id": ANSWERS if isinstance(field, MultiChoice) else ANSWER},
        "optional": isinstance(field, YesNo) or not field.required,
    }
    hint = {"hint": plain_text(field.hint, MOST_LABEL)} if line(field.hint) else {}
    return [*(block for text in long for block in paragraphs(literal(text))), *above, block | hint]


def _typed(field: TextInput) -> list[Json]:
    most = max(1, min(field.limit, MOST_TYPED))
    value = clean(field.value) if field.long else line(field.value)
    element: Json = {"type": "plain_text_input", "multiline": field.long, "max_length": most}
    element |= {"initial_value": cut(value, most)} if value.strip() else {}
    return _input(field, element, *(quotes(literal(value)) if size(value) > most else []))


# ── options ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _option(option: Option) -> Json:
    """What does not fit into its text goes on in its description, as far as there is room."""
    label = line(option.label) or NOTHING
    if size(label) <= MOST_OPTION:
        return {"text": plain_text(label, MOST_OPTION), "value": option.value}
    short = cut(label, MOST_OPTION)
    rest = label[len(short) - len(CUT) :]
    return {
        "text": plain_text(short, MOST_OPTION),
        "description": plain_text(f"{CUT}{rest.strip()}", MOST_OPTION),
        "value": option.value,
    }


def _chosen(t: Translator, field: Choice | Scale, options: Sequence[Option], value: str) -> list[Json]:
    """A list to open."""
    drawn, missing = _offered(t, options)
    if not drawn:
        return [*facts([(field.label, ())]), *missing]
    chosen = [option for option in drawn if option["value"] == value]
    initial = {"initial_option": chosen[0]} if chosen else {}
    return _input(field, {"type": "static_select"} | _listed(drawn) | initial, *missing)


def _ticked(t: Translator, field: MultiChoice) -> list[Json]:
    """Boxes to tick; a list to open where there are too many of them."""
    drawn, missing = _offered(t, field.options)
    if not drawn:
        return [*facts([(field.label, ())]), *missing]
    chosen = [option for option in drawn if option["value"] in field.value]
    initial = {"initial_options": chosen} if chosen else {}
    kind = "checkboxes" if len(drawn) <= MOST_CHECKBOXES else "multi_static_select"
    return _input(field, {"type": kind} | _listed(drawn) | initial, *missing)


def _offered(t: Translator, options: Sequence[Option]) -> tuple[list[Json], list[Json]]:
    """The options that Slack can offer, each once, and a line about those that it cannot."""
    known = {option.value: option for option in options if _carried(option.value)}
    shown = list(known.values())[:MOST_CHOICES]
    hidden = [option for option in options if option not in shown]
    missing = [note(more(t, len(hidden), (option.label for option in hidden)))] if hidden else []
    return [_option(option) for option in shown], missing


def _listed(drawn: list[Json]) -> Json:
    """In groups of a hundred when there are more."""
    if len(drawn) <= MOST_OPTIONS:
        return {"options": drawn}
    return {"option_groups": [_group(drawn, start) for start in range(0, len(drawn), MOST_OPTIONS)]}


def _carried(value: str) -> bool:
    return bool(value.strip()) and value.isprintable() and size(value) <= MOST_OPTION_VALUE


def _group(options: list[Json], start: int) -> Json:
    members = options[start : start + MOST_OPTIONS]
    return {"label": plain_text(f"{start + 1}–{start + len(members)}", MOST_OPTION), "options": members}


def _scale(t: Translator, field: Scale) -> list[Json]:
    """Radio buttons, the ends with their words; a list where there are too many of them."""
    ends = {field.low: field.low_label, field.high: field.high_label}
    steps = range(field.low, min(field.high, field.low + MOST_CHOICES - 1) + 1)
    options = [Option(str(n), f"{n} – {ends[n]}" if line(ends.get(n, "")) else str(n)) for n in steps]
    if not 1 <= len(options) <= MOST_RADIOS:
        return _chosen(t, field, options, "" if field.value is None else str(field.value))
    drawn = [_option(option) for option in options]
    chosen = [option for option in drawn if option["value"] == str(field.value)]
    element: Json = {"type": "radio_buttons", "options": drawn}
    return _input(field, element | ({"initial_option": chosen[0]} if chosen else {}))


# ── people, days ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _people(t: Translator, field: PeopleInput) -> list[Json]:
    known = [person for person in dict.fromkeys(field.value) if PERSON.fullmatch(person)]
    chosen = known[: max(1, field.most)]
    hidden = [person for person in field.value if person not in chosen]
    missing = [note(more(t, len(hidden), hidden))] if hidden else []
    if field.most <= 1:
        initial = {"initial_user": chosen[0]} if chosen else {}
        return _input(field, {"type": "users_select"} | initial, *missing)
    element: Json = {"type": "multi_users_select", "max_selected_items": field.most}
    return _input(field, element | ({"initial_users": chosen} if chosen else {}), *missing)


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
