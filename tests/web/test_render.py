"""Every block, field, span and reply as the local chat's JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest

from adapters.web import render
from adapters.web.render import Entry
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
from bot.spoken import words

T = translator(ENGLISH)
HI = (Plain("Hi"),)
HI_JSON = [{"kind": "plain", "text": "Hi"}]
FORM = Form(action("checkin.answer", 17, 3), "Week 3", (PeopleInput("who", "Who", value=("ana",), most=2),), "Send", HI)
PEOPLE = (Option("ana", "Ana Silva"), Option("ben", "Ben Ito"))

SPANS: list[tuple[Span, dict[str, str]]] = [
    (Plain("<b>"), {"kind": "plain", "text": "<b>"}),
    (Bold("b"), {"kind": "bold", "text": "b"}),
    (Italic("i"), {"kind": "italic", "text": "i"}),
    (Code("c"), {"kind": "code", "text": "c"}),
    (Link("l", "https://example.org"), {"kind": "link", "text": "l", "url": "https://example.org"}),
    (Link("", "https://example.org"), {"kind": "link", "text": "https://example.org", "url": "https://example.org"}),
    (Mention("ana", "Ana"), {"kind": "mention", "text": "Ana", "person": "ana"}),
]

CHART = Chart("bar", "Answers", ("1", "2"), (Series("n", (3.0, None)),), "Three ones.", x_label="rating", y_label="n")

BLOCKS: list[tuple[Block, dict[str, object]]] = [
    (Text(HI), {"type": "text", "tone": "body", "spans": HI_JSON}),
    (Text(HI, "quote"), {"type": "text", "tone": "quote", "spans": HI_JSON}),
    (Heading(HI), {"type": "heading", "spans": HI_JSON}),
    (Facts((("When", HI),)), {"type": "facts", "rows": [{"label": "When", "spans": HI_JSON}]}),
    (List((HI, ()), ordered=True), {"type": "list", "ordered": True, "items": [HI_JSON, []]}),
    (
        Table("Roster", ("Name",), ((HI,),)),
        {"type": "table", "caption": "Roster", "columns": ["Name"], "rows": [[HI_JSON]]},
    ),
    (
        CHART,
        {
            "type": "chart",
            "kind": "bar",
            "title": "Answers",
            "x_label": "rating",
            "y_label": "n",
            "categories": ["1", "2"],
            "series": [{"name": "n", "values": [3.0, None]}],
            "words": "Three ones.",
            "language": "en",
        },
    ),
    (Progress("Week", 3, 12), {"type": "progress", "label": "Week", "value": 3, "total": 12, "words": "3 of 12"}),
    (
        Button("Leave", action("leave", 17), "danger"),
        {"type": "button", "label": "Leave", "token": "leave:17", "style": "danger"},
    ),
    (LinkButton("Guide", "https://example.org"), {"type": "link", "label": "Guide", "url": "https://example.org"}),
    (
        Ask("Check in", FORM, "primary"),
        {
            "type": "ask",
            "label": "Check in",
            "token": "checkin.answer:17:3",
            "style": "primary",
            "form": render.form_json(FORM, ()),
        },
    ),
    (Divider(), {"type": "divider"}),
]

A, B = Option("a", "Alpha"), Option("b", "Beta")
FIELDS: list[tuple[Field, dict[str, object]]] = [
    (
        TextInput("goal", "Goal", "x", required=True, hint="one line"),
        {"kind": "text", "options": [], "value": "x", "limit": 500, "required": True, "hint": "one line"},
    ),
    (TextInput("goal", "Goal", long=True, limit=80), {"kind": "longtext", "options": [], "value": "", "limit": 80}),
    (
        Choice("guide", "Guide", (A, B), "b"),
        {
            "kind": "choice",
            "options": [{"value": "a", "label": "Alpha"}, {"value": "b", "label": "Beta"}],
            "value": "b",
        },
    ),
    (
        Scale("rating", "How was it?", 1, 3, "poor", "great", 2),
        {
            "kind": "scale",
            "options": [{"value": n, "label": n} for n in "123"],
            "value": "2",
            "low": 1,
            "high": 3,
            "low_label": "poor",
            "high_label": "great",
        },
    ),
    (
        PeopleInput("who", "Who", ("ana",), most=3),
        {
            "kind": "people",
            "options": [{"value": "ana", "label": "Ana Silva"}, {"value": "ben", "label": "Ben Ito"}],
            "value": ["ana"],
            "most": 3,
        },
    ),
    (
        MultiChoice("fits", "Which fit?", (Option("0", "Mon"), Option("1", "Tue")), ("1",)),
        {
            "kind": "multichoice",
            "options": [{"value": "0", "label": "Mon"}, {"value": "1", "label": "Tue"}],
            "value": ["1"],
        },
    ),
    (DateInput("on", "Day", "2026-12-07"), {"kind": "date", "options": [], "value": "2026-12-07"}),
    (TimeInput("at", "Time", "10:00"), {"kind": "time", "options": [], "value": "10:00"}),
    (YesNo("share", "Share?", True), {"kind": "yesno", "options": [], "value": True}),
]


@pytest.mark.parametrize(("span", "expected"), SPANS, ids=lambda case: type(case).__name__)
def test_a_span_is_drawn_with_its_text_untouched(span: Span, expected: dict[str, str]) -> None:
    assert render.span_json(span) == expected


@pytest.mark.parametrize(("block", "expected"), BLOCKS, ids=lambda case: type(case).__name__)
def test_a_block_is_drawn(block: Block, expected: dict[str, object]) -> None:
    assert render.block_json(T, block) == expected


@pytest.mark.parametrize(("field", "expected"), FIELDS, ids=lambda case: type(case).__name__)
def test_a_field_is_drawn_with_everything_a_page_needs(field: Field, expected: dict[str, object]) -> None:
    form = Form(action("x"), "Title", (field,), "Send")
    common = {"id": field.id, "label": field.label, "required": False, "hint": ""}
    assert render.form_json(form, PEOPLE)["fields"] == [common | expected]


def test_a_reader_of_german_sees_how_far_along_in_german() -> None:
    progress, chart = render.draw(Message((Progress("Woche", 3, 12), CHART), "de@formal")).blocks

    assert progress["words"] == "3 von 12"
    assert chart["language"] == "de", "for the numbers that the page writes itself"


def test_a_scale_without_an_answer_has_an_empty_value() -> None:
    assert render.field_json(Scale("rating", "How was it?", 1, 5))["value"] == ""


def test_the_tables_above_leave_no_kind_out() -> None:
    assert {type(case) for case, _ in BLOCKS} == set(get_args(Block))
    assert {type(case) for case, _ in FIELDS} == set(get_args(Field))
    assert {type(case) for case, _ in SPANS} == set(get_args(Span))


def _entry(message: Message, seen_by: str | None = None) -> Entry:
    at = datetime(2026, 12, 7, 10, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    return Entry("7", "circle-1", at, "circlet", seen_by, render.draw(message), edited=False)


def test_a_message_carries_its_words_and_its_actions_in_order() -> None:
    message = Message(
        (Button("Skip", action("skip", 1)), Text(HI), Ask("Check in", FORM), LinkButton("Guide", "https://x"))
    )
    assert render.entry_json(_entry(message), PEOPLE) == {
        "id": "7",
        "at": "2026-12-07T08:00:00Z",
        "author": "circlet",
        "text": words(message),
        "blocks": [
            render.block_json(T, message.blocks[0]),
            render.block_json(T, message.blocks[1]),
            {**render.block_json(T, message.blocks[2]), "form": render.form_json(FORM, PEOPLE)},
            render.block_json(T, message.blocks[3]),
        ],
        "actions": [{"token": "skip:1", "label": "Skip"}, {"token": "checkin.answer:17:3", "label": "Check in"}],
        "private": False,
        "edited": False,
    }


def test_a_message_for_one_person_says_so() -> None:
    assert render.entry_json(_entry(Message(()), seen_by="ana"), ())["private"] is True


def test_a_kept_message_offers_the_people_of_today() -> None:
    kept = render.draw(Message((Ask("Invite", FORM),)))
    assert "Ana Silva" not in json.dumps(kept.blocks)
    shown = json.dumps(render.entry_json(_entry(Message((Ask("Invite", FORM),))), PEOPLE))
    assert "Ana Silva" in shown
    assert "Ben Ito" in shown


def test_a_form_in_a_message_is_found_by_its_token() -> None:
    blocks = render.draw(Message((Button("Open", FORM.action), Ask("Check in", FORM)))).blocks
    assert render.asks(blocks, "checkin.answer:17:3")
    assert not render.asks(blocks, "checkin.answer:17:4")
    assert not render.asks(blocks[:1], "checkin.answer:17:3")


def test_replies_are_drawn() -> None:
    entry = _entry(Message((Text(HI),)))
    drawn = render.entry_json(entry, ())
    assert render.said("say", entry, ()) == {"kind": "say", "conversation": "circle-1", "message": drawn}
    assert render.said("replace", entry, ()) == {"kind": "replace", "conversation": "circle-1", "message": drawn}
    assert render.opened(FORM, PEOPLE) == {
        "kind": "form",
        "token": "checkin.answer:17:3",
        "title": "Week 3",
        "intro": HI_JSON,
        "submit": "Send",
        "fields": render.form_json(FORM, PEOPLE)["fields"],
    }
    assert render.errors({"": "too late", "goal": "too long"}) == {
        "kind": "errors",
        "errors": {"": "too late", "goal": "too long"},
    }
    assert render.NOTHING == {"kind": "none"}


def test_instants_are_utc_with_a_z() -> None:
    assert render.instant(datetime(2026, 3, 1, 0, 30, tzinfo=UTC)) == "2026-03-01T00:30:00Z"
