"""Every block and field as Block Kit, and that any message and form at all is something that Slack takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.drawing import clean
from adapters.slack import parse
from adapters.slack.render import done_view, home_view, loading_view, message_payloads, view, view_errors
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
from bot.inbound import Actor
from bot.markup import Bold, Code, Italic, Link, Mention, Plain, Span, span_text
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
from tests import blocks
from tests.blocks import squeezed
from tests.slack.lint import payload_problems, view_problems

HI = (Plain("Hi"),)
FORM = Form(action("checkin", 17, 3), "Week 3", (TextInput("step", "Step"),), "Send")
CHART = Chart("bar", "Answers", ("1", "2"), (Series("n", (3.0, 0.5)),), "Three ones.", "rating", "n")


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def small(words: str) -> dict[str, Any]:
    return {"type": "context", "elements": [plain(words)]}


def blocks_of(*blocks: Block) -> list[dict[str, Any]]:
    (payload,) = message_payloads(Message(blocks))
    assert payload_problems(payload) == []
    return payload.blocks


def button(label: str, token: str, **more: str) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": token} | more


SPANS: list[tuple[Span, dict[str, Any]]] = [
    (Plain("<!channel> *b*"), text("<!channel> *b*")),
    (Bold("b"), text("b", bold=True)),
    (Italic("i"), text("i", italic=True)),
    (Code("c`"), text("c`", code=True)),
    (Link("l", "https://example.org"), {"type": "link", "url": "https://example.org", "text": "l"}),
    (Link("", "https://example.org"), {"type": "link", "url": "https://example.org", "text": "https://example.org"}),
    (Link("l", "javascript:x"), text("l (javascript:x)")),
    (Mention("U1", "Ana"), {"type": "user", "user_id": "U1"}),
    (Mention("ana", "Ana"), text("Ana")),
]

BLOCKS: list[tuple[Block, list[dict[str, Any]]]] = [
    (Text(HI), [rich(section(text("Hi")))]),
    (Text(HI, "quote"), [rich({"type": "rich_text_quote", "elements": [text("Hi")]})]),
    (Text((Plain("*a* "), Bold("b")), "quiet"), [small("*a* b")]),
    (Text((Plain("a "), Code("/c")), "quiet"), [rich(section(text("a "), text("/c", code=True)))]),
    (Heading(HI), [{"type": "header", "text": plain("Hi")}]),
    (Heading((Plain("x" * 151),)), [rich(section(text("x" * 151, bold=True)))]),
    (Text(()), []),
    (
        Facts((("When", HI), ("Who", ()))),
        [rich(section(text("When: ", bold=True), text("Hi")), section(text("Who: ", bold=True), text("–")))],
    ),
    (
        List((HI, ())),
        [
            rich(
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "indent": 0,
                    "elements": [section(text("Hi")), section(text("–"))],
                }
            )
        ],
    ),
    (
        List((HI,), ordered=True),
        [rich({"type": "rich_text_list", "style": "ordered", "indent": 0, "elements": [section(text("Hi"))]})],
    ),
    (
        Table("Who met", ("Who", ""), (((Mention("U1", "Ana"),), (Plain("<!here>"),)),)),
        [
            rich(section(text("Who met"))),
            {
                "type": "table",
                "column_settings": [{"is_wrapped": True}, {"is_wrapped": True}],
                "rows": [
                    [{"type": "raw_text", "text": "Who"}, {"type": "raw_text", "text": "–"}],
                    [rich(section({"type": "user", "user_id": "U1"})), {"type": "raw_text", "text": "<!here>"}],
                ],
            },
        ],
    ),
    (
        CHART,
        [
            {
                "type": "data_visualization",
                "title": "Answers",
                "chart": {
                    "type": "bar",
                    "series": [
                        {"name": "n", "data": [{"label": "1", "value": 3}, {"label": "2", "value": 0.5}]},
                    ],
                    "axis_config": {"categories": ["1", "2"], "x_label": "rating", "y_label": "n"},
                },
            },
            small("Three ones."),
        ],
    ),
    (Progress("Weeks done", 3, 12), [rich(section(text("Weeks done  ▰▰▱▱▱▱▱▱▱▱  3/12")))]),
    (Divider(), [{"type": "divider"}]),
    (Button("Go", action("go")), [{"type": "actions", "elements": [button("Go", "go")]}]),
    (Button("", action("go"), "danger"), [{"type": "actions", "elements": [button("…", "go", style="danger")]}]),
    (
        LinkButton("Guide", "https://example.org"),
        [{"type": "actions", "elements": [button("Guide", "open-link", url="https://example.org")]}],
    ),
    (LinkButton("Guide", "/guide"), [rich(section(text("Guide (/guide)")))]),
    (
        Ask("Check in", FORM, "primary"),
        [{"type": "actions", "elements": [button("Check in", "checkin:17:3", style="primary")]}],
    ),
]


@pytest.mark.parametrize(("span", "drawn"), SPANS)
def test_every_span_is_an_element_of_rich_text(span: Span, drawn: dict[str, Any]) -> None:
    assert blocks_of(Text((span,))) == [rich(section(drawn))]


@pytest.mark.parametrize(("block", "drawn"), BLOCKS, ids=lambda value: type(value).__name__)
def test_every_block_has_its_blocks(block: Block, drawn: list[dict[str, Any]]) -> None:
    assert blocks_of(block) == drawn


def test_the_tables_here_name_every_kind() -> None:
    assert {type(span) for span, _ in SPANS} == set(get_args(Span))
    assert {type(block) for block, _ in BLOCKS} == set(get_args(Block))
    assert {type(field) for field, _ in FIELDS} == set(get_args(Field))


# ── limits of messages ───────────────────────────────────────────────────────────────────────────────────────────────


def test_neighbouring_buttons_stand_side_by_side_25_to_a_row() -> None:
    rows = blocks_of(*(Button(str(n), action("go", n)) for n in range(26)), Divider(), Button("x", action("x")))

    assert [len(row.get("elements", ())) for row in rows] == [25, 1, 0, 1]


def test_a_button_that_comes_twice_has_two_ids_and_one_meaning() -> None:
    long = action("go", "x" * 251)
    (row,) = blocks_of(*(Button("Go", one) for one in (action("go", 1), long, action("go", 1), long)))
    ids = [pressed["action_id"] for pressed in row["elements"]]

    assert ids[0] == "go:1"
    assert ids[2] == "go:1#2"
    assert len(set(ids)) == 4
    for element, meant in zip(row["elements"], (action("go", 1), long) * 2, strict=True):
        pressed = parse.press({"container": {"channel_id": "D1"}, "actions": [element]}, Actor(1, "U1", "Ana"))
        assert pressed.token == meant.token


def test_a_label_that_is_too_long_for_a_button_stands_above_it() -> None:
    above, row = blocks_of(Button("Go " * 40, action("go")))

    assert above == small(("Go " * 40).strip())
    assert row["elements"][0]["text"]["text"].endswith("…")


def test_a_long_list_keeps_its_numbers_where_it_goes_on() -> None:
    parts = blocks_of(List(tuple((Plain(f"item {n} " + "x" * 100),) for n in range(60)), ordered=True))
    lists = [inner for part in parts for inner in part["elements"]]

    assert len(lists) > 1
    counted = 0
    for one in lists:
        assert one.get("offset", 0) == counted
        counted += len(one["elements"])
    assert counted == 60


def test_more_than_50_blocks_are_several_messages_that_say_so() -> None:
    payloads = message_payloads(Message(tuple(Text((Plain(f"line {n}"),)) for n in range(100))))

    assert [len(payload.blocks) for payload in payloads] == [49, 50, 5]
    assert payloads[0].blocks[-1] == small("… continued in the next message (1/3)")
    assert payloads[1].blocks[0] == small("… continued (2/3)")
    assert payloads[2].text == "\n".join(f"line {n}" for n in range(96, 100))


def test_a_very_long_text_goes_on_between_words() -> None:
    said = " ".join(f"word{n}" for n in range(3000))
    payloads = message_payloads(Message((Text((Plain(said),)),)))
    parts = [part for one in payloads for part in texts(one.blocks)]

    assert len(payloads) > 1
    assert all(payload_problems(payload) == [] for payload in payloads)
    assert "".join(parts) == said


def test_a_message_has_one_table_and_two_charts_at_most() -> None:
    table = Table("", ("a",), ((HI,),))
    payloads = message_payloads(Message((table, table, CHART, CHART, CHART)))

    assert [problem for payload in payloads for problem in payload_problems(payload)] == []
    assert len(payloads) == 3


def test_a_long_table_goes_on_under_the_same_head() -> None:
    rows = tuple(((Plain(f"row {n}"),),) for n in range(150))
    payloads = message_payloads(Message((Table("All", ("Who",), rows),)))
    tables = [block for payload in payloads for block in payload.blocks if block["type"] == "table"]

    assert [len(table["rows"]) for table in tables] == [100, 52]
    assert {table["rows"][0][0]["text"] for table in tables} == {"Who"}


def test_a_table_that_is_too_wide_is_a_list() -> None:
    wide = Table("", tuple(f"c{n}" for n in range(21)), (tuple((Plain(str(n)),) for n in range(21)),))
    (drawn,) = blocks_of(wide)

    said = "".join(element["text"] for element in drawn["elements"][0]["elements"][0]["elements"])
    assert said == " · ".join(f"c{n}: {n}" for n in range(21))


@pytest.mark.parametrize(
    "unfit",
    [
        Chart("line", "t", ("a",), (Series("n", (None,)),), "w"),
        Chart("line", "t", ("a",), (Series("n", (-1.0,)),), "w"),
        Chart("line", "t", ("a", "a"), (Series("n", (1.0, 2.0)),), "w"),
        Chart("line", "t" * 51, ("a",), (Series("n", (1.0,)),), "w"),
        Chart("line", "t", ("a" * 21,), (Series("n", (1.0,)),), "w"),
        Chart("line", "t", ("a",), (Series("n" * 21, (1.0,)),), "w"),
        Chart("line", "t", tuple(map(str, range(21))), (Series("n", (1.0,) * 21),), "w"),
        Chart("line", "t", ("a",), tuple(Series(str(n), (1.0,)) for n in range(7)), "w"),
    ],
)
def test_a_chart_that_slack_cannot_draw_is_a_table_of_its_values(unfit: Chart) -> None:
    caption, table, *_ = blocks_of(unfit)

    assert caption == rich(section(text(f"{unfit.title}: w")))
    assert table["type"] == "table"
    assert len(table["rows"]) == 1 + len(unfit.categories)


def test_an_empty_message_still_says_something() -> None:
    (payload,) = message_payloads(Message(()))

    assert (payload.text, payload.blocks) == ("…", [])


def test_the_text_of_a_message_cannot_ping_anybody() -> None:
    (payload,) = message_payloads(Message((Text((Plain("<!channel> & <@U1>"),)),)))

    assert payload.text == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────

NO_YES = {"text": plain("Yes"), "value": "yes"}


def option(label: str, value: str) -> dict[str, Any]:
    return {"text": plain(label), "value": value}


FIELDS: list[tuple[Field, dict[str, Any]]] = [
    (
        TextInput("a", "L", "v", limit=80),
        {"type": "plain_text_input", "multiline": False, "max_length": 80, "initial_value": "v"},
    ),
    (TextInput("a", "L", long=True, limit=9000), {"type": "plain_text_input", "multiline": True, "max_length": 3000}),
    (
        Choice("a", "L", (Option("1", "One"), Option("2", "Two")), "2"),
        {
            "type": "static_select",
            "options": [option("One", "1"), option("Two", "2")],
            "initial_option": option("Two", "2"),
        },
    ),
    (
        Scale("a", "L", 1, 3, "bad", "", 3),
        {
            "type": "radio_buttons",
            "options": [option("1 – bad", "1"), option("2", "2"), option("3", "3")],
            "initial_option": option("3", "3"),
        },
    ),
    (PeopleInput("a", "L", ("U1",)), {"type": "users_select", "initial_user": "U1"}),
    (
        PeopleInput("a", "L", ("U1", "U2"), most=12),
        {"type": "multi_users_select", "max_selected_items": 12, "initial_users": ["U1", "U2"]},
    ),
    (DateInput("a", "L", "2026-12-07"), {"type": "datepicker", "initial_date": "2026-12-07"}),
    (TimeInput("a", "L", "09:30"), {"type": "timepicker", "initial_time": "09:30"}),
    (YesNo("a", "L", True), {"type": "checkboxes", "options": [NO_YES], "initial_options": [NO_YES]}),
    (YesNo("a", "L"), {"type": "checkboxes", "options": [NO_YES]}),
    (
        MultiChoice("a", "L", (Option("1", "One"), Option("2", "Two")), ("2", "9")),
        {
            "type": "checkboxes",
            "action_id": "values",
            "options": [option("One", "1"), option("Two", "2")],
            "initial_options": [option("Two", "2")],
        },
    ),
    (
        MultiChoice("a", "L", tuple(Option(str(n), f"No {n}") for n in range(11))),
        {
            "type": "multi_static_select",
            "action_id": "values",
            "options": [option(f"No {n}", str(n)) for n in range(11)],
        },
    ),
]


def fields_of(*fields: Field) -> list[dict[str, Any]]:
    shown = view(Form(action("go"), "Title", fields, "Send"))
    assert view_problems(shown) == []
    return list(shown["blocks"])


@pytest.mark.parametrize(("field", "element"), FIELDS)
def test_every_field_is_an_input(field: Field, element: dict[str, Any]) -> None:
    (block,) = fields_of(field)

    assert block == {
        "type": "input",
        "block_id": "a",
        "label": plain("L"),
        "element": {"action_id": "value"} | element,
        "optional": True,
    }


def test_a_required_field_with_a_hint() -> None:
    (block,) = fields_of(TextInput("a", "L", required=True, hint="Few words"))

    assert block["optional"] is False
    assert block["hint"] == plain("Few words")


def test_a_form_is_a_modal_that_knows_where_it_belongs() -> None:
    shown = view(FORM, metadata='{"c":"C1"}')

    assert {key: value for key, value in shown.items() if key != "blocks"} == {
        "type": "modal",
        "callback_id": "checkin:17:3",
        "title": plain("Week 3"),
        "submit": plain("Send"),
        "private_metadata": '{"c":"C1"}',
    }


def test_a_title_that_is_too_long_stands_in_full_above() -> None:
    shown = view(Form(action("go"), "A title of more than 24 characters", (), "Send"))

    assert shown["title"] == plain("A title of more than 24…")
    assert shown["blocks"] == [{"type": "header", "text": plain("A title of more than 24 characters")}]


def test_more_than_a_hundred_options_are_in_groups() -> None:
    (block,) = fields_of(Choice("a", "L", tuple(Option(str(n), f"Zone {n}") for n in range(250)), "249"))
    groups = block["element"]["option_groups"]

    assert [group["label"]["text"] for group in groups] == ["1–100", "101–200", "201–250"]
    assert [len(group["options"]) for group in groups] == [100, 100, 50]
    assert block["element"]["initial_option"] == option("Zone 249", "249")


def test_options_that_no_list_can_hold_are_named_above() -> None:
    above, _ = fields_of(Choice("a", "L", tuple(Option(str(n), f"Zone {n}") for n in range(503))))

    assert above == small("… 3 more: Zone 500; Zone 501; Zone 502")


def test_a_long_option_goes_on_in_its_description() -> None:
    (block,) = fields_of(Choice("a", "L", (Option("1", "a" * 70 + " " + "b" * 30),)))
    (drawn,) = block["element"]["options"]

    assert drawn["text"]["text"] == "a" * 70 + " bbb…"
    assert drawn["description"]["text"] == "…" + "b" * 27


def test_a_choice_without_options_is_said_and_not_asked() -> None:
    assert fields_of(Choice("a", "Which?", ())) == [rich(section(text("Which?: ", bold=True), text("–")))]


def test_a_long_scale_is_a_list() -> None:
    (block,) = fields_of(Scale("a", "L", 0, 10, "not at all", "very", 7))

    assert block["element"]["type"] == "static_select"
    assert block["element"]["initial_option"] == option("7", "7")
    assert block["element"]["options"][-1] == option("10 – very", "10")


def test_what_was_typed_beyond_the_limit_stands_above_its_field() -> None:
    above, block = fields_of(TextInput("a", "L", "one two three", limit=8))

    assert above == rich({"type": "rich_text_quote", "elements": [text("one two three")]})
    assert block["element"]["initial_value"] == "one two…"


def test_questions_that_no_view_can_hold_are_named() -> None:
    blocks = fields_of(*(TextInput(f"f{n}", f"Question {n}") for n in range(102)))

    assert len(blocks) == 100
    assert blocks[-1] == small("… 3 more: Question 99; Question 100; Question 101")


@pytest.mark.parametrize(
    ("problems", "fields", "shown"),
    [
        ({"time": "When?"}, ("name", "time"), {"time": "When?"}),
        ({"": "Not now."}, ("name", "time"), {"name": "Not now."}),
        ({"gone": "No.", "name": "Name?", "": ""}, ("name",), {"name": "No. Name? "}),
        ({"": "Not now."}, (), {}),
        ({}, ("name",), {}),
    ],
)
def test_a_reason_stands_at_its_field_and_otherwise_at_the_first(
    problems: dict[str, str], fields: tuple[str, ...], shown: dict[str, str]
) -> None:
    assert view_errors(problems, fields) == shown


# ── other views ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_home_has_no_tables_and_charts_and_says_them() -> None:
    table = Table("Who", ("Who", "Met"), (((Plain("Ana"),), (Plain("yes"),)),))
    shown = home_view(Message((table, CHART)))

    assert view_problems(shown) == []
    assert [block["type"] for block in shown["blocks"]].count("rich_text") == len(shown["blocks"])
    assert "Answers: Three ones." in json.dumps(shown)


def test_home_names_what_it_cannot_hold() -> None:
    blocks = home_view(Message(tuple(Text((Plain(f"line {n}"),)) for n in range(102))))["blocks"]

    assert len(blocks) == 100
    assert blocks[-1] == small("… 3 more: line 99 line 100 line 101")


def test_waiting_and_done_are_modals_that_ask_nothing() -> None:
    assert view_problems(loading_view()) == []
    assert view_problems(done_view(Message((Text(HI),)), metadata="{}")) == []
    assert view_problems(done_view(Message(()))) == []


def test_somebody_without_a_name_is_shown_by_their_id_wherever_they_stand() -> None:
    nameless = (Mention("ana", ""),)
    wide = Table("Who", tuple(f"Column {n}" for n in range(21)), (((), nameless, *[HI] * 19),))
    (payload,) = message_payloads(Message((Facts((("Who", nameless),)), wide)))

    shown = "".join(texts(payload.blocks))
    assert "Who: ana" in shown
    assert "Column 0: – · Column 1: ana · Column 2: Hi" in shown


def test_an_address_whose_words_cannot_be_seen_is_said() -> None:
    (payload,) = message_payloads(Message((Text((Link("\x1b", "https://example.org"),)),)))

    assert payload_problems(payload) == []
    assert "https://example.org" in list(texts(payload.blocks))


# ── other languages ──────────────────────────────────────────────────────────────────────────────────────────────────


def notes(shown: Sequence[dict[str, Any]]) -> list[str]:
    return [block["elements"][0]["text"] for block in shown if block["type"] == "context"]


def test_a_reader_of_german_is_told_in_german_that_there_is_more() -> None:
    long = Message(tuple(Text((Plain(f"{n} {'x' * 2900}"),)) for n in range(120)), "de")
    first, *_, last = message_payloads(long)

    assert re.fullmatch(r"… geht in der nächsten Nachricht weiter \(1/\d+\)", *notes(first.blocks))
    assert re.fullmatch(r"… Fortsetzung \((\d+)/\1\)", *notes(last.blocks))
    assert notes(home_view(replace(long, language="de@formal"))["blocks"])[0].startswith("… 5")
    assert " weitere: " in notes(done_view(long)["blocks"])[0]


def test_a_reader_of_german_fills_in_a_form_in_german() -> None:
    options = tuple(Option(f"{n}", f"Ort {n}") for n in range(502))
    fields = (YesNo("share", "Teilen?", True), Choice("where", "Wo?", options))
    shown = view(Form(action("checkin", 17), "Woche 3", fields, "Senden", language="de"))

    tick, missing, _ = shown["blocks"]
    assert tick["element"]["options"] == [{"text": plain("Ja"), "value": "yes"}]
    assert tick["element"]["initial_options"] == tick["element"]["options"]
    assert notes([missing]) == ["… 2 weitere: Ort 500; Ort 501"]


def test_a_reader_of_german_sees_the_numbers_of_a_chart_as_they_are_written_there() -> None:
    twice = Chart("bar", "Zeit", ("Woche 1", "Woche 1"), (Series("Stunden", (1234.5, 3.0)),), "Viel.")
    (german,), (english,) = message_payloads(Message((twice,), "de")), message_payloads(Message((twice,)))

    assert [row[1]["text"] for row in german.blocks[-1]["rows"]] == ["Stunden", "1.234,5", "3"]
    assert [row[1]["text"] for row in english.blocks[-1]["rows"]] == ["Stunden", "1,234.5", "3"]


def test_a_view_that_waits_for_somebody_says_nothing_in_any_language() -> None:
    assert list(texts(loading_view())) == ["Circlet", "…"]


# ── anything at all ──────────────────────────────────────────────────────────────────────────────────────────────────

ANYTHING = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


SAID = {"text", "user_id", "title", "name", "label", "categories", "x_label", "y_label", "description", "hint"}


def texts(value: Any, key: str = "") -> Iterator[str]:
    """All that is shown, in order, without the renderer's notes between two messages."""
    match value:
        case str():
            yield from [value] if key in SAID else []
        case list():
            for inner in value:
                yield from texts(inner, key)
        case {"type": "plain_text", "text": str(said)} if said.startswith("… continued"):
            return
        case dict():
            for name, inner in value.items():
                yield from texts(inner, name)


def values(block: Block) -> Iterator[str]:
    """In a heading somebody is there by name, or as a mention."""
    if isinstance(block, Heading):
        block = Heading(tuple(span for span in block.spans if not isinstance(span, Mention)))
    return blocks.values(block, shown)


def shown(span: Span) -> str:
    match span:
        case Mention(person) if person in ("U1", "W0ABC"):
            return person
        case Mention("U1|x" | "ana" | "" as person, name):
            return name or person
        case _:
            return span_text(span)


@ANYTHING
@given(blocks.messages)
def test_any_message_is_one_that_slack_takes_and_loses_no_words(message: Message) -> None:
    payloads = message_payloads(message)

    assert [problem for payload in payloads for problem in payload_problems(payload)] == []
    seen = squeezed("".join(text for payload in payloads for text in texts(payload.blocks)))
    for block in message.blocks:
        for value in values(block):
            assert squeezed(value) in seen
    if len(payloads) == 1 and len(words(message)) < 7000:
        told = clean(payloads[0].text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert squeezed(told) == squeezed(words(message)) or told == "…"


@ANYTHING
@given(blocks.messages)
def test_any_message_fits_into_a_view_or_says_that_there_is_more(message: Message) -> None:
    for shown in (home_view(message), done_view(message)):
        assert view_problems(shown) == []
        seen = squeezed("".join(texts(shown["blocks"])))
        if "more" not in seen:
            assert all(squeezed(value) in seen for block in message.blocks for value in values(block))


@ANYTHING
@given(blocks.forms())
def test_any_form_is_one_that_slack_takes_and_loses_no_words(form: Form) -> None:
    drawn = view(form, metadata="{}")

    assert view_problems(drawn) == []
    seen = squeezed("".join(texts(drawn)))
    for said in (form.title, form.submit, *(shown(span) for span in form.intro)):
        assert squeezed(said) in seen
    for field in form.fields:
        assert squeezed(field.label) in seen or "more:" in seen
