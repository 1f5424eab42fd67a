"""What Slack refuses in a payload is found and named, and refused on the wire."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.limits import problems
from tests.fakes.slack.playing import with_slack

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(id: str, text: str = "Go", **more: Any) -> Json:
    return {"type": "button", "action_id": id, "text": plain(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def asked(id: str = "a", label: str = "Label", **element: Any) -> Json:
    inner = {"type": "plain_text_input", "action_id": "value", **element}
    return {"type": "input", "block_id": id, "label": plain(label), "element": inner}


def select(count: int, text: str = "t", value: str = "v", **more: Any) -> Json:
    options = [{"text": plain(text), "value": f"{value}{number}"} for number in range(count)]
    return {"type": "static_select", "action_id": "value", "options": options, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": list(blocks), **more}


def table(rows: int, columns: int, text: str = "x") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns for _ in range(rows)]}


def chart(categories: list[str], names: list[str], title: str = "Title", **more: Any) -> Json:
    data = [{"label": one, "value": 1} for one in categories]
    series = [{"name": name, "data": data} for name in names]
    body = {"type": "bar", "series": series, "axis_config": {"categories": categories}, **more}
    return {"type": "data_visualization", "title": title, "chart": body}


FINE: list[Any] = [
    [section("x" * 3000)] * 50,
    [section(fields=[plain("x" * 2000)] * 10, accessory=button("b"))],
    [actions(*(button(str(number), "x" * 75, value="v" * 2000) for number in range(25)))],
    [table(100, 20, "x" * 5)],
    [chart(["a", "b"], ["n" * 20], "t" * 50), chart(["a"], ["n"])],
    [{"type": "header", "text": plain("x" * 150)}, {"type": "divider"}],
    modal(asked("a"), asked("b", initial_value="x" * 3000), private_metadata="x" * 3000),
    modal({**asked("c"), "element": select(100, "t" * 75, "v" * 147)}),
    {"type": "home", "blocks": [section()] * 100},
]


@pytest.mark.parametrize("payload", FINE)
def test_what_just_fits_is_accepted(payload: Any) -> None:
    assert problems(payload) == []


REFUSED: list[tuple[Any, str]] = [
    ([section()] * 51, "blocks must be at most 50, are 51"),
    ([section("x" * 3001)], "blocks[0] (section).text.text must be at most 3000 characters"),
    ([section("")], "must be at least 1 characters"),
    ([section(fields=[plain("x" * 2001)])], "fields[0].text must be at most 2000"),
    ([section(fields=[plain("x")] * 11)], "fields must be 1 to 10"),
    ([{"type": "section"}], "needs text or fields"),
    ([section(colour="red")], "unsupported properties: colour"),
    ([section(block_id="a"), section(block_id="a")], "block_id must be unique: 'a' appears 2 times"),
    ([section(block_id="a" * 256)], "block_id must be at most 255"),
    ([{"type": "header", "text": plain("x" * 151)}], "at most 150"),
    ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "must be of type plain_text"),
    ([{"type": "carousel_of_mine"}], "has no block of type 'carousel_of_mine'"),
    ([actions(button("a", "x" * 76))], "text.text must be at most 75"),
    ([actions(button("a", value="x" * 2001))], "value must be at most 2000"),
    ([actions(button("a" * 256))], "action_id must be at most 255"),
    ([actions(button("a", style="loud"))], "style must be primary or danger"),
    ([actions(button("a"), button("a"))], "action_id must be unique"),
    ([actions(button("a")), section(accessory=button("a"))], "action_id must be unique"),
    ([actions(*(button(str(number)) for number in range(26)))], "must be 1 to 25 elements"),
    ([actions()], "must be 1 to 25 elements"),
    ([actions(button("a", url="no address"))], "url is not of the right form"),
    ([table(101, 2)], "rows must be 1 to 100 rows, are 101"),
    ([table(2, 21)], "1 to 20 cells"),
    ([table(1, 2, "")], "at least 1 characters"),
    ([table(100, 20, "x" * 6)], "at most 10000 characters in all"),
    ([table(1, 1), table(1, 1)], "only one table"),
    ([chart(["a"], ["n"])] * 3, "only two data_visualization"),
    ([chart(["a"], ["n"], "t" * 51)], "title must be at most 50"),
    ([chart(["a"], ["n" * 21])], "name must be at most 20"),
    ([chart(["a"], ["n", "n"])], "unique names"),
    ([chart(["a"], [str(number) for number in range(7)])], "must be 1 to 6 series"),
    ([chart(["a" * 21], ["n"])], "label must be at most 20"),
    ([chart(["a"], ["n"], axis_config={"categories": ["b"]})], "labels of axis_config.categories"),
    ([{"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": []}}], "must be 1 to 6"),
    (modal(asked(), title=plain("x" * 25)), "title.text must be at most 24"),
    (modal(asked(), submit=plain("x" * 25)), "submit.text must be at most 24"),
    (modal(asked(), private_metadata="x" * 3001), "private_metadata must be at most 3000"),
    ({"type": "modal", "title": plain("t"), "blocks": [asked()]}, "submit is required"),
    (modal(*[section()] * 101), "blocks must be at most 100"),
    (modal(table(1, 1)), "a modal has no block of type 'table'"),
    (modal(asked(label="x" * 2001)), "label.text must be at most 2000"),
    (modal(asked(max_length=5, initial_value="x" * 6)), "initial_value must be at most 5"),
    (modal({**asked(), "element": select(101)}), "must be 1 to 100 options, has 101"),
    (modal({**asked(), "element": select(1, "t" * 76)}), "text.text must be at most 75"),
    (modal({**asked(), "element": select(1, value="v" * 150)}), "value must be at most 150"),
    (
        modal({**asked(), "element": select(1, initial_option={"text": plain("o"), "value": "o"})}),
        "none of the options",
    ),
    (modal({**asked(), "element": select(11) | {"type": "radio_buttons"}}), "must be 1 to 10 options"),
    (modal(asked(type="datepicker", initial_date="7.12.2026")), "initial_date is not of the right form"),
    ({"type": "home", "blocks": [section()], "title": plain("t")}, "unsupported properties: title"),
]


@pytest.mark.parametrize(("payload", "finding"), REFUSED)
def test_what_does_not_fit_is_named(payload: Any, finding: str) -> None:
    assert any(finding in one for one in problems(payload)), problems(payload)


def test_a_bad_payload_is_refused_on_the_wire_and_remembered() -> None:
    async def play(fake: FakeSlack, slack: AsyncWebClient) -> None:
        with pytest.raises(SlackApiError) as error:
            await slack.chat_postMessage(channel="C1", text="x", blocks=[section("x" * 3001)])
        assert error.value.response["error"] == "invalid_blocks"
        assert "at most 3000" in error.value.response["response_metadata"]["messages"][0]
        with pytest.raises(SlackApiError) as error:
            await slack.views_publish(user_id="U1", view=modal(asked()))
        assert error.value.response["error"] == "invalid_arguments"
        assert len(fake.complaints) == 2
        assert fake.messages("C1") == []
        assert fake.home("U1") is None

    with_slack(play)
