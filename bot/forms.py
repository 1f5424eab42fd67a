"""What the bot asks: neutral forms and their fields, as frozen values.

A renderer takes a field apart with ``match`` and ends in ``assert_never``, as it does with a block.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.actions import Action
from bot.i18n import ENGLISH
from bot.markup import Spans

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class TextInput:
    """One line, or several. ``limit`` is the most characters that are kept."""

    id: str
    label: str
    value: str = ""
    required: bool = False
    hint: str = ""
    long: bool = False
    limit: int = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several options, as a list to open."""

    id: str
    label: str
    options: tuple[Option, ...]
    value: str = ""
    required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MultiChoice:
    """Any number of several options, ticked; sent back as the tuple of their values."""

    id: str
    label: str
    options: tuple[Option, ...]
    value: tuple[str, ...] = ()
    required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """A whole number from ``low`` to ``high``, one tap."""

    id: str
    label: str
    low: int
    high: int
    low_label: str = ""
    high_label: str = ""
    value: int | None = None
    required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PeopleInput:
    """People of the workspace, by their platform ids; at most ``most`` of them."""

    id: str
    label: str
    value: tuple[str, ...] = ()
    required: bool = False
    hint: str = ""
    most: int = 1


@dataclass(frozen=True, slots=True)
class DateInput:
    """A calendar day, ISO 8601."""

    id: str
    label: str
    value: str = ""
    required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TimeInput:
    """A wall time, ``HH:MM``."""

    id: str
    label: str
    value: str = ""
    required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class YesNo:
    """A tick: "yes" or "no"."""

    id: str
    label: str
    value: bool = False
    hint: str = ""


Field = TextInput | Choice | MultiChoice | Scale | PeopleInput | DateInput | TimeInput | YesNo


@dataclass(frozen=True, slots=True)
class Form:
    """Sent back as a Submission with the token of ``action``. ``language``: as in a message."""

    action: Action
    title: str
    fields: tuple[Field, ...]
    submit: str
    intro: Spans = ()
    language: str = field(default=ENGLISH, compare=False)


def prefilled(form: Form, values: Mapping[str, str | tuple[str, ...]]) -> Form:
    """The form with what somebody has typed already; a value that does not fit its field is left out."""
    return replace(form, fields=tuple(_prefilled(field, values.get(field.id)) for field in form.fields))


def _prefilled(field: Field, value: str | tuple[str, ...] | None) -> Field:
    if not value:
        return field
    match field, value:
        case PeopleInput(), tuple():
            return replace(field, value=value)
        case MultiChoice(options=options), tuple():
            return replace(field, value=tuple(option.value for option in options if option.value in value))
        case TextInput(), str():
            return replace(field, value=value)
        case DateInput(), str() if _DAY.fullmatch(value):
            return replace(field, value=value)
        case TimeInput(), str() if _TIME.fullmatch(value):
            return replace(field, value=value)
        case Choice(options=options), str() if value in {option.value for option in options}:
            return replace(field, value=value)
        case Scale(low=low, high=high), str() if value.isdecimal() and low <= int(value) <= high:
            return replace(field, value=int(value))
        case YesNo(), str():
            return replace(field, value=value == "yes")
        case _:
            return field
