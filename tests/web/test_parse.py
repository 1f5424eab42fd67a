"""What the local chat accepts, and what it says about what it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web import parse
from adapters.web.parse import Advance, BadRequest, Next, To
from bot.inbound import Actor, Command, Place, Press, Submission

ANA, BEN, ANA_MARIA = (Actor(1, name.lower(), name) for name in ("Ana", "Ben", "Ana-Maria"))
PEOPLE = {actor.person: actor for actor in (ANA, BEN, ANA_MARIA)}
Read = Callable[[parse.Body, parse.People], Command | Press | Submission]
SENT: dict[str, object] = {"as": "ana", "conversation": "circle-17"}


def test_a_command_loses_its_slash_and_gains_mentions() -> None:
    data = SENT | {"text": "  /circle facilitator @ben "}
    assert parse.command(data, PEOPLE) == Command(ANA, Place("circle-17", "group"), "facilitator <@ben>", (BEN,))


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("/circle", ""),
        ("", ""),
        ("/CIRCLE help", "help"),
        ("/circle\thelp", "help"),
        ("/circlehelp", "/circlehelp"),
        ("help", "help"),
        ("goal /circle is fun", "goal /circle is fun"),
        ("/circle goal one\r\ntwo\x00\x1b[31m\ud83d", "goal one\ntwo[31m"),
    ],
)
def test_the_slash_is_optional_and_control_characters_go(typed: str, text: str) -> None:
    assert parse.command(SENT | {"text": typed}, PEOPLE).text == text


@pytest.mark.parametrize(
    ("typed", "marked", "meant"),
    [
        ("invite @ana", "invite <@ana>", (ANA,)),
        ("@ana, @ben and @ana.", "<@ana>, <@ben> and <@ana>.", (ANA, BEN)),
        ("@ana-maria", "<@ana-maria>", (ANA_MARIA,)),
        ("@ana-", "<@ana>-", (ANA,)),
        ("(@ben)", "(<@ben>)", (BEN,)),
        ("<@ben>", "<@ben>", (BEN,)),
        ("<@zoe>", "<@zoe>", ()),
        ("@zoe", "@zoe", ()),
        ("@anabel", "@anabel", ()),
        ("@ana-lena", "@ana-lena", ()),
        ("write to ben@ana.example or x.@ana", "write to ben@ana.example or x.@ana", ()),
        ("@ana@example.com", "@ana@example.com", ()),
        ("@", "@", ()),
        ("@@ana", "@@ana", ()),
    ],
)
def test_only_people_are_mentioned(typed: str, marked: str, meant: tuple[Actor, ...]) -> None:
    assert parse.mark_mentions(typed, PEOPLE) == (marked, meant)


def test_a_command_is_shown_as_it_was_meant() -> None:
    assert parse.shown(parse.command(SENT | {"text": "invite @ben"}, PEOPLE)) == "/circle invite @ben"
    assert parse.shown(parse.command(SENT | {"text": "/circle"}, PEOPLE)) == "/circle"


def test_a_press_knows_its_message_where_it_has_one() -> None:
    data = {"as": "ben", "conversation": "dm-ben", "token": "accept:17"}
    assert parse.press(data, PEOPLE) == Press(BEN, Place("dm-ben", "direct"), "accept:17")
    assert parse.press(data | {"message": "5"}, PEOPLE).place == Place("dm-ben", "direct", "5")


def test_values_become_texts_and_people() -> None:
    values = {
        "met": True,
        "share": False,
        "rating": 4,
        "exact": 4.0,
        "half": 4.5,
        "none": None,
        "step": "a\x07b\nc",
        "who": ["ben", "ana", "ben"],
        "nobody": [],
        "fits": {"chosen": ["1", "0", "1"]},
    }
    event = parse.submission(SENT | {"token": "t:1", "values": values}, PEOPLE)
    assert event.values == {
        "met": "yes",
        "share": "no",
        "rating": "4",
        "exact": "4",
        "half": "4.5",
        "none": "",
        "step": "ab\nc",
        "who": ("ben", "ana"),
        "nobody": (),
        "fits": ("1", "0"),
    }
    assert event.mentioned == (BEN, ANA)
    assert parse.submission(SENT | {"token": "t:1"}, PEOPLE) == Submission(ANA, Place("circle-17", "group"), "t:1")


COMMAND = SENT | {"text": "help"}
SUBMISSION = SENT | {"token": "t:1", "values": {}}


@pytest.mark.parametrize(
    ("read", "data", "error"),
    [
        (parse.command, COMMAND | {"as": "zoe"}, "as: no such person 'zoe'"),
        (parse.command, COMMAND | {"as": None}, "as: missing"),
        (parse.command, COMMAND | {"as": 7}, "as: a text is needed, not a number"),
        (parse.command, COMMAND | {"as": "a\x00"}, "as: 'a\\x00' is not an id"),
        (parse.command, COMMAND | {"conversation": ""}, "conversation: '' is not an id"),
        (parse.command, {"as": "ana", "text": "help"}, "conversation: missing"),
        (parse.command, SENT, "text: missing"),
        (parse.command, COMMAND | {"text": ["help"]}, "text: a text is needed, not a list"),
        (parse.command, COMMAND | {"text": "x" * 4001}, "text: at most 4000 characters, these are 4001"),
        (parse.press, SENT, "token: missing"),
        (parse.press, SENT | {"token": "é"}, "token: not the token of a button or a form"),
        (parse.press, SENT | {"token": "a" * 256}, "token: not the token of a button or a form"),
        (parse.press, SENT | {"token": "a", "message": 5}, "message: a text is needed, not a number"),
        (
            parse.submission,
            SUBMISSION | {"values": []},
            "values: an object of values by field id is needed, not a list",
        ),
        (
            parse.submission,
            SUBMISSION | {"values": {str(n): "" for n in range(51)}},
            "values: at most 50, these are 51",
        ),
        (parse.submission, SUBMISSION | {"values": {"": "x"}}, "values: '' is not an id"),
        (
            parse.submission,
            SUBMISSION | {"values": {"step": "x" * 4001}},
            "values.step: at most 4000 characters, these are 4001",
        ),
        (
            parse.submission,
            SUBMISSION | {"values": {"step": {}}},
            "values.step: a text, number, true, false, a list of people or "
            '{"chosen": [options]} is needed, not an object',
        ),
        (
            parse.submission,
            SUBMISSION | {"values": {"rating": float("inf")}},
            "values.rating: not a number that can be used",
        ),
        (
            parse.submission,
            SUBMISSION | {"values": {"who": ["ana", "zoe"]}},
            "values.who[1]: no such person 'zoe'",
        ),
        (
            parse.submission,
            SUBMISSION | {"values": {"who": ["ana", 3]}},
            "values.who[1]: a text is needed, not a number",
        ),
        (
            parse.submission,
            SUBMISSION | {"values": {"who": ["ana"] * 51}},
            "values.who: at most 50 people, these are 51",
        ),
    ],
)
def test_a_problem_names_its_field(read: Read, data: dict[str, object], error: str) -> None:
    with pytest.raises(BadRequest) as raised:
        read(data, PEOPLE)
    assert str(raised.value) == error


@pytest.mark.parametrize(
    ("data", "move"),
    [
        ({"advance": "P7D"}, Advance(timedelta(days=7))),
        ({"advance": "PT1H"}, Advance(timedelta(hours=1))),
        ({"advance": "P1DT2H30M"}, Advance(timedelta(days=1, hours=2, minutes=30))),
        ({"advance": "P2W"}, Advance(timedelta(weeks=2))),
        ({"advance": "PT0S"}, Advance(timedelta(0))),
        ({"to": "2026-12-07T09:00:00Z"}, To(datetime(2026, 12, 7, 9, tzinfo=UTC))),
        ({"to": "2026-12-07T10:00:00+01:00"}, To(datetime(2026, 12, 7, 9, tzinfo=UTC))),
        ({"next": True}, Next()),
    ],
)
def test_the_clock_is_moved_in_three_ways(data: dict[str, object], move: parse.Move) -> None:
    assert parse.move(data) == move


ONE = 'body: exactly one of "advance", "to" and "next" is needed'
DURATION = 'advance: an ISO 8601 duration such as "P7D" or "PT1H" is needed, not '
INSTANT = 'to: a UTC instant such as "2026-12-07T09:00:00Z" is needed, not '


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({}, ONE),
        ({"next": True, "advance": "P1D"}, ONE),
        ({"next": False}, "next: only true is possible"),
        ({"advance": "7 days"}, f"{DURATION}'7 days'"),
        ({"advance": "P"}, f"{DURATION}'P'"),
        ({"advance": 7}, f"{DURATION}a number"),
        ({"advance": "-P1D"}, "advance: the clock only goes forward"),
        ({"advance": "P6Y"}, "advance: at most five years at once"),
        ({"advance": "P99999999999D"}, f"{DURATION}'P99999999999D'"),
        ({"to": "2026-12-07T09:00:00"}, f"{INSTANT}'2026-12-07T09:00:00'"),
        ({"to": "tomorrow"}, f"{INSTANT}'tomorrow'"),
        ({"to": "0001-01-01T00:00:00+14:00"}, f"{INSTANT}'0001-01-01T00:00:00+14:00'"),
        ({"to": None}, f"{INSTANT}null"),
    ],
)
def test_a_wrong_move_is_explained(data: dict[str, object], error: str) -> None:
    with pytest.raises(BadRequest) as raised:
        parse.move(data)
    assert str(raised.value) == error


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", "body: not JSON"),
        (b"\xff", "body: not JSON"),
        (b"[" * 30_000, "body: not JSON"),
        (b"9" * 5_000, "body: not JSON"),
        (b"[]", "body: a JSON object is needed, not a list"),
        (b"true", "body: a JSON object is needed, not true or false"),
    ],
)
def test_a_body_is_a_json_object(raw: bytes, error: str) -> None:
    with pytest.raises(BadRequest) as raised:
        parse.body(raw)
    assert str(raised.value) == error


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["ana", "P1D", "t:1", "/circle"])
)
NESTED = LEAVES | st.lists(LEAVES, max_size=4) | st.dictionaries(st.text(max_size=8), LEAVES, max_size=4)
ANYTHING = NESTED | st.lists(NESTED, max_size=4) | st.dictionaries(st.text(max_size=8), NESTED, max_size=4)
KEYS = st.sampled_from(["as", "conversation", "text", "message", "token", "values", "advance", "to", "next"])


@given(st.dictionaries(KEYS, ANYTHING), st.sampled_from([parse.command, parse.press, parse.submission]))
def test_garbage_is_never_more_than_a_bad_request(data: dict[str, object], read: Read) -> None:
    try:
        event = read(SENT | {"token": "t:1"} | data, PEOPLE)
    except BadRequest as problem:
        assert ":" in str(problem)  # noqa: PT017 - either outcome is right
    else:
        json.dumps(str(event)).encode()
        assert event.actor in PEOPLE.values()


@given(st.dictionaries(st.sampled_from(["advance", "to", "next"]), ANYTHING, max_size=2))
def test_garbage_never_moves_the_clock_back(data: dict[str, object]) -> None:
    try:
        move = parse.move(data)
    except BadRequest:
        return
    assert not isinstance(move, Advance) or move.by >= timedelta(0)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_a_bad_request(raw: bytes) -> None:
    with suppress(BadRequest):
        assert isinstance(parse.body(raw), dict)


@given(st.text())
def test_marking_mentions_keeps_every_word(text: str) -> None:
    marked, meant = parse.mark_mentions(text, PEOPLE)
    assert marked == text or meant
    assert set(meant) <= set(PEOPLE.values())


@given(st.text(max_size=300))
def test_what_is_kept_can_be_stored_anywhere(text: str) -> None:
    kept = parse.clean(text)
    kept.encode("utf-8")
    assert "\x00" not in kept
    assert parse.clean(kept) == kept
