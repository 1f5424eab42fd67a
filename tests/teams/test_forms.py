"""Every field of a form as an input, with what was typed and what is wrong with it."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from adapters.teams.forms import field_elements
from adapters.teams.render import dialog, form_card
from adapters.teams.rich import dump
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
from bot.i18n import ENGLISH, translator
from tests.plays import teams_client as client
from tests.teams.lint import card_problems

JSON = dict[str, Any]
SEVERAL = (Option("a", "A"), Option("b", "B"))
CHOICES = [{"title": "A", "value": "a"}, {"title": "B", "value": "b"}]


def drawn(field: Field) -> list[JSON]:
    return [dump(element) for element in field_elements(translator(ENGLISH), field)]


def form(*fields: Field) -> Form:
    return Form(action("checkin", 1), "Form", fields, "Send")


FIELDS: list[tuple[Field, JSON]] = [
    (TextInput("x", "L", "v", limit=80), {"type": "Input.Text", "maxLength": 80, "value": "v"}),
    (TextInput("x", "L", long=True, limit=80), {"type": "Input.Text", "maxLength": 80, "isMultiline": True}),
    (Choice("x", "L", SEVERAL, "b"), {"type": "Input.ChoiceSet", "style": "compact", "choices": CHOICES, "value": "b"}),
    (Choice("x", "L", SEVERAL, "gone"), {"type": "Input.ChoiceSet", "style": "compact", "choices": CHOICES}),
    (
        Scale("x", "L", 1, 2, "low", "", 2),
        {
            "type": "Input.ChoiceSet",
            "style": "expanded",
            "wrap": True,
            "value": "2",
            "choices": [{"title": "1 – low", "value": "1"}, {"title": "2", "value": "2"}],
        },
    ),
    (DateInput("x", "L", "2026-12-07"), {"type": "Input.Date", "value": "2026-12-07"}),
    (DateInput("x", "L", "soon"), {"type": "Input.Date"}),
    (TimeInput("x", "L", "09:30"), {"type": "Input.Time", "value": "09:30"}),
    (TimeInput("x", "L", "9:30"), {"type": "Input.Time"}),
]


@pytest.mark.parametrize(("field", "element"), FIELDS)
def test_every_field_is_an_input(field: Field, element: JSON) -> None:
    assert drawn(field) == [element | {"id": "f.x", "label": "L"}]


def test_a_tick_is_its_own_label() -> None:
    element = {
        "type": "Input.Toggle",
        "id": "f.x",
        "title": "Share it",
        "valueOn": "yes",
        "valueOff": "no",
        "wrap": True,
    }

    assert drawn(YesNo("x", "Share it", True)) == [element | {"value": "yes"}]
    assert drawn(YesNo("x", "Share it")) == [element | {"value": "no"}]


def test_a_tick_whose_label_could_be_read_as_markup_has_it_above() -> None:
    above, tick = drawn(YesNo("x", "Share with **7**"))

    assert client.text([above]) == "Share with **7**"
    assert tick["title"] == "✓"


def test_several_may_be_ticked_and_a_comma_parts_no_value() -> None:
    options = (Option("a,b", "One"), Option("50%", "Two"))
    (element,) = drawn(MultiChoice("x", "L", options, ("a,b", "50%")))

    assert element["id"] == "m.x"
    assert element["isMultiSelect"] is True
    assert element["style"] == "expanded"
    assert [one["value"] for one in element["choices"]] == ["a%2Cb", "50%25"]
    assert element["value"] == "a%2Cb,50%25"


def test_people_are_picked_by_their_ids() -> None:
    (one,), (several,) = drawn(PeopleInput("x", "L", ("a",))), drawn(PeopleInput("x", "L", ("a", "b"), most=2))

    assert one["id"] == "p.x"
    assert one["isMultiSelect"] is False
    assert one["value"] == "a"
    assert one["choices"] == []
    assert several["isMultiSelect"] is True
    assert several["value"] == "a,b"


def test_the_tables_here_name_every_kind() -> None:
    assert {type(field) for field, _ in FIELDS} | {YesNo, MultiChoice, PeopleInput} == set(get_args(Field))


def test_a_required_field_says_what_is_missing_in_its_own_words() -> None:
    (element,) = drawn(TextInput("x", "Your step", required=True))

    assert element["isRequired"] is True
    assert element["errorMessage"] == "⚠ Your step"


def test_a_hint_stands_below_and_a_problem_between() -> None:
    shown = form_card(form(TextInput("x", "L", hint="A hint")), {"x": "That is too long."}, {"x": "what was typed"})

    assert card_problems(shown) == []
    title, element, problem, hint = shown["body"]
    assert element["value"] == "what was typed"
    assert client.text([title, problem, hint]) == "Form\n⚠ That is too long.\nA hint"
    assert problem["inlines"][0]["color"] == "Attention"
    assert client.problems(shown) == {"x": "That is too long."}


def test_what_is_wrong_with_the_whole_or_with_a_field_that_is_not_there_stands_at_the_top() -> None:
    shown = dialog(form(TextInput("x", "L")), {"": "Nothing works.", "gone": "This neither.", "x": "Nor this."})

    assert client.problems(shown["card"]["content"]) == {"": "Nothing works. This neither.", "x": "Nor this."}


def test_a_long_list_can_be_searched() -> None:
    (element,) = drawn(Choice("x", "L", tuple(Option(str(n), f"Option {n}") for n in range(200))))

    assert element["style"] == "filtered"
    assert len(element["choices"]) == 200


def test_options_that_no_list_can_hold_are_named() -> None:
    more, element = drawn(Choice("x", "L", tuple(Option(str(n), f"Option {n}") for n in range(700))))

    left = 700 - len(element["choices"])
    assert left > 0
    assert client.text([more]).startswith(f"… {left} more: Option {700 - left}; ")


def test_a_long_option_stands_in_full_beside_its_list() -> None:
    above, element = drawn(Choice("x", "L", (Option("a", "word " * 60), Option("b", "B"))))

    assert client.text([above]) == ("word " * 60).strip()
    assert element["choices"][0]["title"].endswith("…")


def test_a_choice_without_options_is_said_and_not_asked() -> None:
    (said,) = drawn(Choice("x", "Which group?", ()))

    assert client.text([said]) == "Which group?: –"


def test_a_scale_that_is_long_or_whose_words_have_signs_is_a_list() -> None:
    assert drawn(Scale("x", "L", 1, 40))[0]["style"] == "filtered"
    assert drawn(Scale("x", "L", 1, 3, "*low*"))[0]["style"] == "compact"


def test_what_was_typed_beyond_the_limit_stands_above_its_field() -> None:
    quote, element = drawn(TextInput("x", "L", "abc" * 10, limit=10))

    assert client.text([quote]) == "abc" * 10
    assert element["value"] == "abcabcabc…"


def test_questions_that_no_dialog_can_hold_are_named() -> None:
    many = tuple(TextInput(f"q{n}", f"Question {n}", "ü" * 3000, limit=4000) for n in range(30))
    shown = dialog(form(*many))["card"]["content"]

    asked = sum(one["type"] == "Input.Text" for one in shown["body"])
    assert 0 < asked < 30
    assert f"… {30 - asked} more: Question {asked}; " in client.text(shown["body"])
