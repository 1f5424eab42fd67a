"""Any message and any form at all is something that Teams takes, and loses no words."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.teams.render import activities, dialog, form_card, said_dialog
from bot.actions import action
from bot.forms import Choice, Form, Option, PeopleInput
from bot.inbound import Place
from bot.markup import Link, Mention, Plain, Span, literal, span_text
from bot.messages import Chart, Heading, List, Message, Series, Text
from tests import blocks
from tests.blocks import squeezed
from tests.plays import teams_client as client
from tests.teams.lint import activity_problems, card_problems, dialog_problems

ANYTHING = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def as_said(span: Span) -> str:
    return span.name if isinstance(span, Mention) else span_text(span)


def shown_of(message: Message) -> str:
    """All that the cards say, without the renderer's notes between two of them."""
    lines = (line for one in client.cards(activities(message)) for line in client.text(one["body"]).split("\n"))
    return squeezed("".join(line for line in lines if not line.startswith("… continued")))


@ANYTHING
@given(blocks.messages)
def test_any_message_is_one_that_teams_takes_and_loses_no_words(message: Message) -> None:
    parts = activities(message)

    assert [problem for one in parts for problem in activity_problems(one)] == []
    seen = shown_of(message)
    for block in message.blocks:
        for value in blocks.values(block, as_said):
            assert squeezed(value) in seen


@ANYTHING
@given(blocks.messages)
def test_any_message_fits_into_a_dialog_or_says_that_there_is_more(message: Message) -> None:
    shown = said_dialog(message, place=Place("a:c", "direct", "1"))

    assert dialog_problems(shown) == []
    told = client.text(shown["card"]["content"]["body"])
    words = [squeezed(value) for block in message.blocks for value in blocks.values(block, as_said)]
    assert " more" in told or all(word in squeezed(told.replace("\n", "")) for word in words)


@ANYTHING
@given(blocks.forms())
def test_any_form_is_one_that_teams_takes_and_asks_everything_or_says_so(form: Form) -> None:
    place, in_place = dialog(form, place=Place("19:c", "group", "1")), form_card(form)

    assert dialog_problems(place) == []
    assert card_problems(in_place) == []
    for content in (place["card"]["content"], in_place):
        said = squeezed(client.text(content["body"]))
        asked = {client.field_of(one["id"]) for one in content["body"] if one["type"].startswith("Input.")}
        for field in form.fields:
            assert field.id in asked or squeezed(field.label)[:400] in said or " more" in client.text(content["body"])
        for span in form.intro:
            assert isinstance(span, Link | Mention) or squeezed(span.text)[:900] in said or "more" in said


CATEGORIES = tuple(f"{n} {'😀' * 18}" for n in range(24))
MUCH: dict[str, Message] = {
    name: Message((Text(crowd), List((crowd, crowd)), Text(crowd, "quote")))
    for name, crowd in zip(("links", "addresses", "letters", "functions"), blocks.CROWDS, strict=True)
} | {
    "six long series": Message(
        (Chart("bar", "Met", CATEGORIES, tuple(Series(f"{n} {'😀' * 18}", (3.5,) * 24) for n in range(6)), "All met."),)
    ),
    "a long question, answered": Message((Text((Plain("☃" * 30_000),)), Heading((Plain("☃" * 9_000),)))),
}


@pytest.mark.parametrize("message", MUCH.values(), ids=MUCH)
def test_what_is_short_to_read_and_long_to_send_is_divided(message: Message) -> None:
    parts = activities(message)

    assert [problem for one in parts for problem in activity_problems(one)] == []
    assert dialog_problems(said_dialog(message)) == []
    seen = shown_of(message)
    assert all(squeezed(value) in seen for block in message.blocks for value in blocks.values(block, as_said))
    charts = [one for card in client.cards(parts) for one in card["body"] if one["type"].startswith("Chart.")]
    assert charts == [], "a picture with so many words is a table"


def test_a_reader_of_german_is_told_in_german_that_there_is_more() -> None:
    lines = tuple(literal(f"{n} {'x' * 3000}") for n in range(30))
    first, *_, last = client.cards(activities(Message((List(lines),), "de")))

    assert re.search(r"^… geht in der nächsten Nachricht weiter \(1/\d\)$", client.text(first["body"]), re.MULTILINE)
    assert re.search(r"^… Fortsetzung \((\d)/\1\)$", client.text(last["body"]), re.MULTILINE)
    cut_off = client.text(said_dialog(Message((List(lines),), "de@formal"))["card"]["content"]["body"])
    assert re.search(r"^… \d+ weitere", cut_off, re.MULTILINE)
    options = tuple(Option(f"{n}", f"{n} {'x' * 180}") for n in range(200))
    asked = dialog(Form(action("checkin", 1), "Wo", (Choice("c", "Wo", options),), "Senden", language="de"))
    assert re.search(r"^… \d+ weitere: \d+ x", client.text(asked["card"]["content"]["body"]), re.MULTILINE)


def test_a_reader_of_german_sees_the_numbers_of_a_chart_as_they_are_written_there() -> None:
    chart = Chart("bar", "Zeit", ("Woche 1", "Woche 1"), (Series("Stunden", (1234.5, 3.0)),), "Viel.")
    (card,) = client.cards(activities(Message((chart,), "de")))

    assert "1.234,5" in client.text(card["body"])
    assert "1,234.5" in client.text(client.cards(activities(Message((chart,))))[0]["body"])


def test_forty_members_and_two_hundred_options_fit() -> None:
    people = tuple(f"6c1f0a5e-0000-4000-8000-{n:012}" for n in range(40))
    form = Form(
        action("checkin", 1),
        "Who, and where",
        (
            PeopleInput("people", "Who", people, most=40),
            *(
                Choice(f"c{n}", "Where", tuple(Option(f"{n}-{one}", f"Ort {one} ☃") for one in range(200)))
                for n in range(2)
            ),
        ),
        "Send",
    )
    shown = dialog(form)

    assert dialog_problems(shown) == []
    picker, *lists = shown["card"]["content"]["body"]
    assert picker["value"] == ",".join(people)
    assert [len(one["choices"]) for one in lists] == [200, 200]
