"""What Slack sends, as it sends it, and what the core is asked; and that nothing else gets through."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import parse
from adapters.slack.parse import BadPayload
from adapters.slack.render import message_payloads, view, view_errors
from bot.actions import action
from bot.forms import Choice, DateInput, Form, MultiChoice, Option, PeopleInput, Scale, TextInput, TimeInput, YesNo
from bot.inbound import Actor, Command, Place, Press, Submission
from bot.messages import Button, LinkButton, Message

ANA, BEN = Actor(1, "U0ANA", "Ana"), Actor(1, "U0BEN", "Ben")
FIELDS = (
    TextInput("name", "Name"),
    Choice("guide", "Guide", (Option("peer-circle", "Peer circle"),)),
    Scale("rating", "How was it?", 1, 5),
    PeopleInput("facilitator", "Facilitator"),
    PeopleInput("people", "Who?", most=12),
    DateInput("start", "From"),
    TimeInput("time", "At"),
    YesNo("join", "I take part"),
    MultiChoice("fits", "Which fit?", (Option("0", "Mon"), Option("1", "Tue"))),
    MultiChoice("days", "Which days?", tuple(Option(str(n), f"Day {n}") for n in range(11))),
)


def typed(text: str | None, channel: str = "C0CIRCLE7") -> dict[str, Any]:
    """A slash command, as the form fields of its request."""
    return {
        "token": "gIkuvaNzQIHg97ATvDxqgjtO",
        "team_id": "T0TEAM",
        "team_domain": "example",
        "channel_id": channel,
        "channel_name": "directmessage" if channel.startswith("D") else "tuesday-club",
        "user_id": "U0ANA",
        "user_name": "ana",
        "command": "/circle",
        "text": text,
        "api_app_id": "A0APP",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T0TEAM/1/x",
        "trigger_id": "1.2.3",
    }


def pressed(*actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A button pressed in a message."""
    return {
        "type": "block_actions",
        "user": {"id": "U0ANA", "username": "ana", "name": "ana", "team_id": "T0TEAM"},
        "api_app_id": "A0APP",
        "token": "Shh_its_a_seekrit",
        "container": {
            "type": "message",
            "message_ts": "1796731200.000100",
            "channel_id": "C0CIRCLE7",
            "is_ephemeral": False,
        },
        "trigger_id": "1.2.3",
        "team": {"id": "T0TEAM", "domain": "example"},
        "channel": {"id": "C0CIRCLE7", "name": "privategroup"},
        "message": {"ts": "1796731200.000100", "text": "…"},
        "response_url": "https://hooks.slack.com/actions/T0TEAM/1/x",
        "actions": list(actions) or [button("checkin:7:1")],
    } | more


def button(action_id: str, **more: Any) -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Check in", "emoji": False}
    pressed = {"type": "button", "action_id": action_id, "block_id": "b1", "text": text, "action_ts": "1796731201.1"}
    return pressed | more


def sent(values: dict[str, Any], metadata: str = "", token: str = "create") -> dict[str, Any]:
    """A modal that was sent, its state by block and action."""
    shown = view(Form(action("create"), "Start a circle", FIELDS, "Invite"), metadata=metadata)
    elements = {block["block_id"]: block["element"]["action_id"] for block in shown["blocks"]}
    return {
        "type": "view_submission",
        "team": {"id": "T0TEAM", "domain": "example"},
        "user": {"id": "U0ANA", "username": "ana", "name": "ana", "team_id": "T0TEAM"},
        "api_app_id": "A0APP",
        "trigger_id": "1.2.3",
        "view": shown
        | {
            "id": "V0VIEW",
            "team_id": "T0TEAM",
            "hash": "1796731200.abc",
            "callback_id": token,
            "state": {"values": {name: {elements.get(name, "value"): state} for name, state in values.items()}},
        },
        "response_urls": [],
        "is_enterprise_install": False,
    }


def chosen(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": "…", "emoji": False}, "value": value}


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_command_says_who_where_and_what() -> None:
    payload = typed("facilitator <@U0BEN|ben>")

    assert parse.user_ids(payload) == ("U0BEN",)
    assert parse.command(payload, ANA, (BEN,)) == Command(
        ANA, Place("C0CIRCLE7", "group"), "facilitator <@U0BEN>", (BEN,)
    )


@pytest.mark.parametrize(("channel", "kind"), [("D0DIRECT", "direct"), ("C0CHANNEL", "group"), ("G0SEVERAL", "group")])
def test_only_a_conversation_of_two_is_direct(channel: str, kind: str) -> None:
    assert parse.command(typed("", channel), ANA).place == Place(channel, kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (None, ""),
        ("", ""),
        ("  help ", "help"),
        ("invite <@U0BEN|ben> <@W0CHLOE>", "invite <@U0BEN> <@W0CHLOE>"),
        ("goal a &amp; b &lt; c &amp;lt; d", "goal a & b < c &lt; d"),
        (
            "goal see <https://example.org/a|example.org/a> <https://example.org>",
            "goal see example.org/a https://example.org",
        ),
        ("goal <mailto:a@example.org|a@example.org>", "goal a@example.org"),
        ("goal in <#C0GENERAL|general> <#C0OTHER>", "goal in #general #C0OTHER"),
        ("goal <!channel> <!here|here> <!subteam^S0TEAM|@team>", "goal @channel here @team"),
        ("goal one\r\ntwo\x00\x1b[31m\ud83d", "goal one\ntwo[31m"),
        ("goal a\tb", "goal a b"),
    ],
)
def test_the_text_is_what_the_person_saw_and_people_are_ids(text: str | None, read: str) -> None:
    assert parse.command(typed(text), ANA).text == read


def test_a_command_that_is_too_long_stays_too_long_for_the_core() -> None:
    assert len(parse.command(typed("goal " + "x" * 9000), ANA).text) == 4001


@pytest.mark.parametrize("missing", [{"channel_id": None}, {"channel_id": 3}, {"text": ["help"]}])
def test_a_command_without_its_parts_is_none(missing: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        parse.command(typed("help") | missing, ANA)


# ── presses ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_press_says_which_button_of_which_message() -> None:
    place = Place("C0CIRCLE7", "group", "1796731200.000100")

    assert parse.press(pressed(), ANA) == Press(ANA, place, "checkin:7:1")


@pytest.mark.parametrize(
    ("action_id", "more", "token"),
    [
        ("checkin:7:1#2", {}, "checkin:7:1"),
        ("checkin:a%23b#13", {}, "checkin:a%23b"),
        ("~1", {"value": "go:" + "x" * 250}, "go:" + "x" * 250),
        ("~1", {}, "~1"),
    ],
)
def test_the_number_of_a_repeated_button_is_no_part_of_its_token(
    action_id: str, more: dict[str, Any], token: str
) -> None:
    assert parse.press(pressed(button(action_id, **more)), ANA).token == token


def test_what_is_drawn_is_what_is_pressed() -> None:
    meant = (action("nudge", 7), action("checkin", 7, "é <!channel>#2"), action("nudge", 7))
    (payload,) = message_payloads(Message(tuple(Button("Go", one) for one in meant)))

    read = [parse.press(pressed(element), ANA).token for element in payload.blocks[0]["elements"]]
    assert read == [one.token for one in meant]


def test_a_link_button_asks_nothing() -> None:
    (payload,) = message_payloads(Message((LinkButton("Guide", "https://example.org"),) * 2))

    assert all(parse.opens_link(pressed(element)) for element in payload.blocks[0]["elements"])
    assert not parse.opens_link(pressed())
    assert not parse.opens_link({"actions": None})


def test_a_press_in_the_home_has_no_conversation() -> None:
    home = {
        "container": {"type": "view", "view_id": "V1"},
        "channel": None,
        "view": {"type": "home", "private_metadata": ""},
    }

    assert parse.press(pressed(**home), ANA).place == Place("", "direct")


def test_a_press_in_a_modal_belongs_to_where_the_modal_does() -> None:
    metadata = '{"c":"C0CIRCLE7","m":null,"k":"group"}'
    modal = {"container": {"type": "view"}, "channel": None, "view": {"type": "modal", "private_metadata": metadata}}

    assert parse.press(pressed(**modal), ANA).place == Place("C0CIRCLE7", "group")


@pytest.mark.parametrize(
    "broken",
    [
        {"actions": []},
        {"actions": None},
        {"actions": ["go"]},
        {"actions": [{"type": "static_select", "action_id": "value"}]},
        {"actions": [{"type": "button"}]},
        {"actions": [button("x" * 256)]},
        {"container": []},
        {"container": {"channel_id": 3}},
        {"container": {"channel_id": "C1", "message_ts": 3}},
    ],
)
def test_a_press_without_its_parts_is_none(broken: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        parse.press(pressed() | broken, ANA)


# ── submissions ──────────────────────────────────────────────────────────────────────────────────────────────────────

STATES: dict[str, dict[str, Any]] = {
    "name": {"type": "plain_text_input", "value": "Tuesday <@U0BEN> & \x07club"},
    "guide": {"type": "static_select", "selected_option": chosen("peer-circle")},
    "rating": {"type": "radio_buttons", "selected_option": chosen("4")},
    "facilitator": {"type": "users_select", "selected_user": "U0BEN"},
    "people": {"type": "multi_users_select", "selected_users": ["U0BEN", "W0CHLOE", "U0BEN"]},
    "start": {"type": "datepicker", "selected_date": "2026-12-07"},
    "time": {"type": "timepicker", "selected_time": "09:30"},
    "join": {"type": "checkboxes", "selected_options": [chosen("yes")]},
    "fits": {"type": "checkboxes", "selected_options": [chosen("1"), chosen("0")]},
    "days": {"type": "multi_static_select", "selected_options": [chosen("7")]},
}
VALUES: dict[str, str | tuple[str, ...]] = {
    "name": "Tuesday <@U0BEN> & club",
    "guide": "peer-circle",
    "rating": "4",
    "facilitator": ("U0BEN",),
    "people": ("U0BEN", "W0CHLOE"),
    "start": "2026-12-07",
    "time": "09:30",
    "join": "yes",
    "fits": ("1", "0"),
    "days": ("7",),
}
EMPTY = {
    "name": {"type": "plain_text_input", "value": None},
    "guide": {"type": "static_select", "selected_option": None},
    "rating": {"type": "radio_buttons", "selected_option": None},
    "facilitator": {"type": "users_select", "selected_user": None},
    "people": {"type": "multi_users_select", "selected_users": []},
    "start": {"type": "datepicker", "selected_date": None},
    "time": {"type": "timepicker", "selected_time": None},
    "join": {"type": "checkboxes", "selected_options": []},
    "fits": {"type": "checkboxes", "selected_options": []},
    "days": {"type": "multi_static_select", "selected_options": []},
}


def test_a_form_says_its_values_and_where_it_belongs_to() -> None:
    payload = sent(STATES, '{"c":"D0DIRECT","m":"1796731200.000100","k":"direct"}')

    assert parse.user_ids(payload) == ("U0BEN", "W0CHLOE")
    assert parse.submission(payload, ANA, (BEN,)) == Submission(
        ANA, Place("D0DIRECT", "direct", "1796731200.000100"), "create", VALUES, (BEN,)
    )


def test_what_was_left_open_is_empty() -> None:
    empty: dict[str, str | tuple[str, ...]] = dict.fromkeys(EMPTY, "")

    values = parse.submission(sent(EMPTY), ANA).values
    assert values == empty | {"facilitator": (), "people": (), "join": "no", "fits": (), "days": ()}


def test_every_input_is_one_that_can_be_read() -> None:
    drawn = {block["block_id"]: block["element"]["type"] for block in sent({})["view"]["blocks"]}

    assert drawn == {name: state["type"] for name, state in STATES.items()}


@pytest.mark.parametrize(
    ("metadata", "place"),
    [
        ("", Place("", "direct")),
        ("nonsense", Place("", "direct")),
        ("[" * 5000, Place("", "direct")),
        ('["C1"]', Place("", "direct")),
        ('{"c":"C1","k":"elsewhere"}', Place("", "direct")),
        ('{"c":"C1","m":null,"k":"group"}', Place("C1", "group")),
        ('{"c":"C1","m":7,"k":"group"}', Place("C1", "group")),
    ],
)
def test_a_form_without_origin_belongs_nowhere(metadata: str, place: Place) -> None:
    assert parse.submission(sent({}, metadata), ANA).place == place


def test_a_reason_finds_its_input() -> None:
    fields = parse.fields(sent(STATES))

    assert fields == tuple(field.id for field in FIELDS)
    assert view_errors({"time": "When?", "": "Not now."}, fields) == {"time": "When?", "name": "Not now."}


@pytest.mark.parametrize(
    "broken",
    [
        {"view": None},
        {"view": {"callback_id": ""}},
        {"view": {"callback_id": "create", "state": ["create"]}},
        {"view": {"callback_id": "create", "state": {"values": {"name": {"value": {"type": "number_input"}}}}}},
        {"view": {"callback_id": "create", "state": {"values": {"name": {"value": "Ana"}}}}},
        {
            "view": {
                "callback_id": "create",
                "state": {"values": {"name": {"value": {"type": "plain_text_input", "value": 3}}}},
            }
        },
    ],
)
def test_a_form_without_its_parts_is_none(broken: dict[str, Any]) -> None:
    with pytest.raises(BadPayload):
        parse.submission(sent(STATES) | broken, ANA)


def test_a_problem_never_repeats_what_was_sent() -> None:
    with pytest.raises(BadPayload) as problem:
        parse.command(typed("help") | {"channel_id": "sec\x00ret"}, ANA)

    assert "ret" not in str(problem.value)


# ── anything at all ──────────────────────────────────────────────────────────────────────────────────────────────────

KEYS = st.sampled_from(
    (
        *("actions", "action_id", "block_id", "callback_id", "channel", "channel_id", "container", "id", "k", "c", "m"),
        *("message_ts", "private_metadata", "state", "text", "type", "user", "value", "values", "view"),
        *("selected_option", "selected_options", "selected_user", "selected_users"),
    )
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=30)
    | st.sampled_from(["button", "plain_text_input", "users_select", "<@U1|", "C1", "create", '{"c":{}}'])
)
GARBAGE = st.dictionaries(
    KEYS,
    st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5)),
    max_size=8,
)
READ = (parse.command, parse.press, parse.submission)


@given(GARBAGE, GARBAGE)
def test_garbage_is_refused_and_nothing_worse(payload: dict[str, Any], view: dict[str, Any]) -> None:
    for given_ in (payload, payload | {"view": view}, payload | {"view": {"state": {"values": view}}}):
        for read in READ:
            with suppress(BadPayload):
                made = read(given_, ANA)
                assert made.actor == ANA
                json.dumps(made.place.conversation).encode()
        for look in (parse.user_ids, parse.fields, parse.opens_link):
            with suppress(BadPayload):
                look(given_)


@given(st.text(alphabet=st.sampled_from("<>@#!|&;U0ltgampx \n\x00\t"), max_size=60))
def test_any_text_can_be_read_and_names_only_ids(text: str) -> None:
    payload = typed(text)
    read = parse.command(payload, ANA).text

    assert "\x00" not in read
    for person in parse.user_ids(payload):
        assert f"<@{person}" in read
