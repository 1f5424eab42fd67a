"""Every block and field as Adaptive Cards."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from adapters.teams.render import activities, activity, card, dialog, form_card, said_dialog
from bot.actions import action
from bot.forms import Form, PeopleInput, TextInput
from bot.inbound import Place
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
from tests.plays import teams_client as client
from tests.teams.lint import activity_problems, card_problems, dialog_problems, inputs

JSON = dict[str, Any]
HI = (Plain("Hi"),)
FORM = Form(action("checkin", 17, 3), "Week 3", (TextInput("step", "Step", limit=80),), "Send")
CHART = Chart("bar", "Answers", ("1", "2"), (Series("n", (3.0, 0.5)),), "Three ones.", "rating", "n")


def body_of(*blocks: Block) -> list[JSON]:
    (one,) = card(Message(blocks))
    assert card_problems(one) == []
    body: list[JSON] = one["body"]
    return body


def run(words: str, **style: Any) -> JSON:
    return {"type": "TextRun", "text": words, **style}


def rich(*runs: JSON, **more: Any) -> JSON:
    return {"type": "RichTextBlock", **more, "inlines": list(runs)}


def actions_of(*blocks: Block) -> list[JSON]:
    rows = [element for element in body_of(*blocks) if element["type"] == "ActionSet"]
    return [one for row in rows for one in row["actions"]]


SPANS: list[tuple[Span, JSON]] = [
    (Plain("<at>x</at> *b*"), run("<at>x</at> *b*")),
    (Bold("b"), run("b", weight="Bolder")),
    (Italic("i"), run("i", italic=True)),
    (Code("c`"), run("c`", fontType="Monospace")),
    (
        Link("l", "https://example.org"),
        run("l", selectAction={"type": "Action.OpenUrl", "url": "https://example.org"}),
    ),
    (
        Link("", "mailto:a@example.org"),
        run("mailto:a@example.org", selectAction={"type": "Action.OpenUrl", "url": "mailto:a@example.org"}),
    ),
    (Link("l", "javascript:x"), run("l (javascript:x)")),
    (Mention("6c1f", "Ana"), run("Ana", weight="Bolder")),
    (Mention("6c1f", ""), run("6c1f", weight="Bolder")),
]


@pytest.mark.parametrize(("span", "drawn"), SPANS)
def test_every_span_is_a_run_and_nobody_is_notified(span: Span, drawn: JSON) -> None:
    assert body_of(Text((span,))) == [rich(drawn)]


def sign(text: str, words: str, width: str = "14px") -> JSON:
    columns = [
        {"type": "Column", "items": [rich(run(text))], "width": width},
        {"type": "Column", "items": [rich(run(words))], "width": "stretch"},
    ]
    return {"type": "ColumnSet", "spacing": "Small", "columns": columns}


BLOCKS: list[tuple[Block, list[JSON]]] = [
    (Text(HI), [rich(run("Hi"))]),
    (Text(HI, "quote"), [{"type": "Container", "style": "emphasis", "items": [rich(run("Hi"))]}]),
    (Text((Plain("*a*"),), "quiet"), [rich(run("*a*", size="Small", isSubtle=True))]),
    (Text((Plain("one\ntwo\n\nthree"),)), [rich(run("one")), rich(run("two"), spacing="None"), rich(run("three"))]),
    (
        Heading(HI),
        [{"type": "TextBlock", "text": "Hi", "size": "Medium", "weight": "Bolder", "wrap": True, "style": "heading"}],
    ),
    (Heading((Plain("1. *Hi*"),)), [rich(run("1. *Hi*", size="Medium", weight="Bolder"))]),
    (
        Facts((("When", HI), ("Who", ()))),
        [
            rich(run("When: ", weight="Bolder"), run("Hi")),
            rich(run("Who: ", weight="Bolder"), run("–"), spacing="Small"),
        ],
    ),
    (List((HI, ())), [sign("•", "Hi"), sign("•", "–")]),
    (List((HI,), ordered=True), [sign("1.", "Hi", "22px")]),
    (Progress("Weeks", 1, 2), [rich(run("Weeks  ▰▱  1/2"))]),
    (Divider(), [rich(run("…", size="Small", isSubtle=True))]),
]


@pytest.mark.parametrize(("block", "drawn"), BLOCKS)
def test_every_block_has_its_elements(block: Block, drawn: list[JSON]) -> None:
    assert [dict(sorted(one.items())) for one in body_of(block)] == [dict(sorted(one.items())) for one in drawn]


def test_the_tables_here_name_every_kind() -> None:
    assert {type(span) for span, _ in SPANS} == set(get_args(Span))
    assert {type(block) for block, _ in BLOCKS} | {Table, Chart, Button, LinkButton, Ask} == set(get_args(Block))


# ── tables and charts ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_table_has_its_caption_above() -> None:
    caption, table = body_of(Table("Who met", ("Who", "Met"), ((HI, (Bold("yes"),)), (HI, ()))))

    assert caption == rich(run("Who met"))
    cells = [[cell["items"][0]["inlines"][0]["text"] for cell in row["cells"]] for row in table["rows"]]
    assert cells == [["Who", "Met"], ["Hi", "yes"], ["Hi", "–"]]
    assert len(table["columns"]) == 2


def test_a_table_that_is_too_wide_is_a_list() -> None:
    seven = tuple(f"c{n}" for n in range(7))
    said = client.text(body_of(Table("Wide", seven, ((HI,) * 7,))))

    assert said == "Wide\n• " + " · ".join(f"c{n}: Hi" for n in range(7))
    assert client.text(body_of(Table("Wide", seven, ()))) == "Wide\n" + " · ".join(seven)


def test_a_long_table_goes_on_under_the_same_head() -> None:
    rows = tuple(((Plain(f"row {n} " + "x" * 300),),) for n in range(60))
    tables = [one for one in body_of(Table("Long", ("Head",), rows)) if one["type"] == "Table"]

    assert len(tables) > 1
    assert {client.text([table]).split("\n")[0] for table in tables} == {"Head"}
    assert sum(len(table["rows"]) - 1 for table in tables) == 60


def test_a_chart_is_native_with_its_words_below_and_its_values_where_it_is_unknown() -> None:
    picture, words = body_of(CHART)

    assert picture["type"] == "Chart.VerticalBar"
    assert (picture["title"], picture["showTitle"], picture["xAxisTitle"]) == ("Answers", True, "rating")
    assert picture["data"] == [{"x": "1", "y": 3}, {"x": "2", "y": 0.5}]
    assert client.text([picture["fallback"]]) == "Answers\nn: 1 3, 2 0.5"
    assert words == rich(run("Three ones.", size="Small", isSubtle=True))


def test_several_series_stand_beside_each_other_and_lines_may_have_gaps() -> None:
    two = (Series("met", (1.0, 2.0)), Series("missed", (0.0, 1.0)))
    (bars, _) = body_of(Chart("bar", "Two", ("a", "b"), two, "Words."))
    (lines, _) = body_of(Chart("line", "Gap", ("a", "b"), (Series("met", (None, 2.0)),), "Words."))

    assert bars["type"] == "Chart.VerticalBar.Grouped"
    assert [one["legend"] for one in bars["data"]] == ["met", "missed"]
    assert bars["showLegend"] is True
    assert lines["type"] == "Chart.Line"
    assert lines["data"] == [{"legend": "met", "values": [{"x": "b", "y": 2}]}]


@pytest.mark.parametrize(
    "unfit",
    [
        Chart("bar", "", ("1",), (Series("n", (1.0,)),), "Words."),
        Chart("bar", "T", (), (), "Words."),
        Chart("bar", "T", ("1",), (Series("n", (None,)),), "Words."),
        Chart("bar", "T", ("1",), (Series("n", (-1.0,)),), "Words."),
        Chart("bar", "T", ("1",), (Series("n", (float("nan"),)),), "Words."),
        Chart("bar", "T", ("1", "1"), (Series("n", (1.0, 1.0)),), "Words."),
        Chart("line", "T", ("1",), (Series("n", ()),), "Words."),
        Chart("bar", "T", ("1",), tuple(Series(f"n{n}", (1.0,)) for n in range(7)), "Words."),
    ],
)
def test_a_chart_that_teams_cannot_draw_is_a_table_or_a_list_of_its_values(unfit: Chart) -> None:
    body = body_of(unfit)

    assert not [one for one in body if one["type"].startswith("Chart.")]
    assert "Words." in client.text(body)


# ── buttons ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_button_is_answered_in_place_and_sends_no_inputs() -> None:
    (one,) = actions_of(Button("Agenda", action("agenda", 17), "primary"))

    assert one == {
        "type": "Action.Execute",
        "title": "Agenda",
        "style": "positive",
        "verb": "press",
        "data": {"t": "agenda:17"},
        "associatedInputs": "none",
    }


def test_a_button_whose_deed_begins_with_a_form_opens_its_dialog() -> None:
    goal, mend, unknown = actions_of(
        Button("Goal", action("goal", 17)), Button("Mend", action("mend", "x")), Button("Old", action("gone"))
    )

    assert goal["type"] == mend["type"] == "Action.Submit"
    assert goal["data"] == {"t": "goal:17", "msteams": {"type": "task/fetch"}}
    assert unknown["type"] == "Action.Execute"


def test_an_ask_unfolds_its_form_where_it_stands() -> None:
    (one,) = actions_of(Ask("Check in", FORM, "primary"))
    inner = one["card"]

    assert one["type"] == "Action.ShowCard"
    assert [element["type"] for element in inner["body"]] == ["RichTextBlock", "Input.Text"]
    assert inner["actions"] == [
        {
            "type": "Action.Execute",
            "title": "Send",
            "style": "positive",
            "verb": "submit",
            "data": {"t": "checkin:17:3", "s": 1},
        }
    ]


def test_a_form_that_is_too_large_to_unfold_opens_as_a_dialog() -> None:
    many = Form(FORM.action, "Many", tuple(TextInput(f"f{n}", f"Question {n}") for n in range(11)), "Send")
    long = Form(FORM.action, "Long", (TextInput("a", "A", "x" * 9000, long=True, limit=9000),), "Send", HI * 4000)
    for form in (many, long):
        (one,) = actions_of(Ask("Answer", form))
        assert one["data"] == {"t": "checkin:17:3", "msteams": {"type": "task/fetch"}}


def test_two_forms_in_one_card_have_inputs_of_their_own() -> None:
    (one,) = card(Message((Ask("A", FORM), Text(HI), Ask("B", FORM))))

    assert card_problems(one) == []
    assert [each["id"] for each in inputs(one)] == ["f.step", "f2.step"]


def test_a_row_holds_as_many_buttons_as_can_be_read() -> None:
    body = body_of(*(Button(label, action("agenda", n)) for n, label in enumerate(("Short",) * 8 + ("x" * 80,))))
    rows = [len(row["actions"]) for row in body if row["type"] == "ActionSet"]

    assert rows == [6, 2, 1]


def test_a_label_that_is_too_long_stands_in_full_above_its_button() -> None:
    above, row = body_of(Button("long " * 30, action("agenda", 1)))

    assert client.text([above]) == ("long " * 30).strip()
    assert row["actions"][0]["title"].endswith("…")


def test_a_link_opens_its_page_and_one_that_leads_nowhere_is_said() -> None:
    assert actions_of(LinkButton("Open", "https://example.org")) == [
        {"type": "Action.OpenUrl", "title": "Open", "url": "https://example.org"}
    ]
    assert body_of(LinkButton("Open", "javascript:x")) == [rich(run("Open (javascript:x)"))]


def test_a_divider_is_a_line_above_what_follows() -> None:
    first, second, row = body_of(
        Text(HI), Divider(), Divider(), Text(HI), Divider(), Button("A", action("agenda")), Divider()
    )

    assert "separator" not in first
    assert second["separator"] is True
    assert row["separator"] is True


# ── messages, dialogs ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_message_is_one_card_and_no_text_with_words_for_its_notification() -> None:
    (one,) = activities(Message((Heading(HI), Text((Plain("<at>there</at> " * 60),)))))

    assert "text" not in one
    assert one["summary"].startswith("Hi <at>there</at>")
    assert len(one["summary"]) <= 300
    assert activity_problems(one) == []


def test_an_empty_message_still_says_something() -> None:
    (one,) = activities(Message(()))

    assert activity_problems(one) == []
    assert client.text(one["attachments"][0]["content"]["body"]) == "…"


def test_a_message_that_is_too_long_goes_on_in_the_next() -> None:
    parts = activities(Message(tuple(Text((Plain(f"line {n} " + "ü" * 2000),)) for n in range(60))))
    said = [client.text(one["body"]) for one in client.cards(parts)]

    assert len(parts) > 1
    assert [problem for one in parts for problem in activity_problems(one)] == []
    assert said[0].endswith(f"… continued in the next message (1/{len(parts)})")
    assert said[1].startswith(f"… continued (2/{len(parts)})")
    assert all(f"line {n} " in "".join(said) for n in range(60))


def test_a_dialog_sends_where_it_was_opened() -> None:
    shown = dialog(FORM, place=Place("19:c@thread.tacv2;messageid=1", "group", "17"))

    assert dialog_problems(shown) == []
    assert shown["title"] == "Week 3"
    (send,) = shown["card"]["content"]["actions"]
    assert send["type"] == "Action.Submit"
    assert send["data"] == {"t": "checkin:17:3", "s": 1, "c": "19:c@thread.tacv2;messageid=1", "m": "17"}


def test_people_are_looked_for_in_the_conversation_or_everywhere() -> None:
    form = Form(FORM.action, "Who", (PeopleInput("who", "Who", most=3),), "Send")

    def dataset(content: JSON) -> str:
        (picker,) = inputs(content)
        return str(picker["choices.data"]["dataset"])

    here = "graph.microsoft.com/users?scope=currentContext"
    assert dataset(form_card(form)) == "graph.microsoft.com/users"
    assert dataset(form_card(form, here=True)) == here
    assert dataset(dialog(form, place=Place("19:c", "group"))["card"]["content"]) == here
    assert dataset(dialog(form, place=Place("a:c", "direct"))["card"]["content"]) == "graph.microsoft.com/users"
    assert dataset(card(Message((Ask("Invite", form),)), here=True)[0]) == here


def test_a_title_that_is_too_long_stands_in_full_in_the_dialog() -> None:
    shown = dialog(Form(FORM.action, "long " * 30, FORM.fields, "Send"))

    assert shown["title"].endswith("…")
    assert client.text(shown["card"]["content"]["body"][:1]) == ("long " * 30).strip()


def test_a_form_as_a_message_says_its_title() -> None:
    one = activity(form_card(FORM), FORM.title)

    assert activity_problems(one) == []
    assert one["summary"] == "Week 3"
    assert client.text(one["attachments"][0]["content"]["body"]).startswith("Week 3\n")


def test_a_dialog_that_says_something_has_buttons_that_dialogs_know() -> None:
    message = Message((Text(HI), Button("Agenda", action("agenda", 1)), Ask("Check in", FORM)))
    shown = said_dialog(message, place=Place("a:c", "direct", "17"))

    assert dialog_problems(shown) == []
    row = shown["card"]["content"]["body"][1]["actions"]
    assert [one["data"] for one in row] == [{"t": t, "c": "a:c", "m": "17"} for t in ("agenda:1", "checkin:17:3")]


def test_a_dialog_names_what_it_cannot_hold() -> None:
    shown = said_dialog(Message(tuple(Text((Plain(f"line {n}"),)) for n in range(152))))

    assert dialog_problems(shown) == []
    assert client.text(shown["card"]["content"]["body"]).endswith("… 2 more: line 150 line 151")


def test_a_date_that_a_client_would_write_anew_stays_as_it_was_typed() -> None:
    typed = "{{DATE(2026-12-07T06:08:39Z, SHORT)}}"
    (block,) = body_of(Text((Plain(typed),)))

    assert "".join(one["text"] for one in block["inlines"]) == typed
    assert not any("{{" in one["text"] for one in block["inlines"])
    assert "{{" not in json.dumps(form_card(Form(FORM.action, typed, (TextInput("a", typed),), typed)))
