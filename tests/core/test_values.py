"""Action tokens, forms with what was typed, requests, names, instants: values that carry what people gave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from bot.actions import MAX_TOKEN, Action, action, fits, parse_token
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
    prefilled,
)
from bot.inbound import Actor, Place
from bot.people.rules import LONGEST_NAME, Person, Request, clean_name
from bot.storage import Instant, Store

# ── action tokens ────────────────────────────────────────────────────────────────────────────────────────────────────

texts = st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=15)


@given(st.sampled_from(["checkin", "run", "a.b"]), st.lists(texts, max_size=4))
def test_an_action_comes_back_from_its_token(verb: str, args: list[str]) -> None:
    meant = Action(verb, tuple(args))
    assume(fits(meant))

    assert parse_token(meant.token) == meant
    assert meant.token.isascii()
    assert len(meant.token) <= MAX_TOKEN


def test_a_token_is_readable() -> None:
    assert action("checkin", 17, 3).token == "checkin:17:3"
    assert action("run", "goal: speak up").token == "run:goal%3A%20speak%20up"


def test_what_does_not_fit_into_a_token_is_told() -> None:
    long = action("run", "ü" * 60)

    assert not fits(long)
    with pytest.raises(ValueError, match="at most 255"):
        _ = long.token


@pytest.mark.parametrize("token", ["", ":", ":17", "x" * 256, "checkin:ü", "goal:1:%00"])
def test_what_is_no_token_of_ours_is_none(token: str) -> None:
    assert parse_token(token) is None


@given(st.text(max_size=300) | st.from_regex(r"[a-z.]{1,9}(:[a-zA-Z0-9%._-]{0,9}){0,4}", fullmatch=True))
def test_any_text_is_no_token_or_one_that_means_the_same_when_it_is_written_again(token: str) -> None:
    meant = parse_token(token)

    assert meant is None or not fits(meant) or parse_token(meant.token) == meant


# ── forms with what was typed ────────────────────────────────────────────────────────────────────────────────────────

FIELDS: tuple[Field, ...] = (
    TextInput("name", "Name", "old"),
    Choice("day", "Day", (Option("0", "Monday"), Option("1", "Tuesday")), "0"),
    Scale("rating", "Rating", 1, 5, value=2),
    PeopleInput("people", "People", ("ana",), most=3),
    DateInput("start", "Start", "2026-12-07"),
    TimeInput("time", "Time", "10:00"),
    YesNo("share", "Share", True),
    MultiChoice("fits", "Which fit?", (Option("0", "Mon"), Option("1", "Tue")), ("0",)),
)
FORM = Form(action("x"), "Title", FIELDS, "Go")


def filled(**values: str | tuple[str, ...]) -> dict[str, object]:
    return {field.id: field.value for field in prefilled(FORM, values).fields}


def test_a_form_is_filled_in_with_what_is_known() -> None:
    assert filled(
        name="new",
        day="1",
        rating="5",
        people=("ben", "eve"),
        start="2027-01-04",
        time="09:00",
        share="no",
        fits=("1", "9"),
    ) == {
        "name": "new",
        "day": "1",
        "rating": 5,
        "people": ("ben", "eve"),
        "start": "2027-01-04",
        "time": "09:00",
        "share": False,
        "fits": ("1",),
    }


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"name": ""},
        {"name": ("ana",)},
        {"day": "7"},
        {"rating": "9"},
        {"rating": "²"},
        {"rating": "many"},
        {"people": "ana"},
        {"people": ()},
        {"unknown": "x"},
    ],
)
def test_a_value_that_does_not_fit_its_field_is_left_out(values: dict[str, str | tuple[str, ...]]) -> None:
    assert prefilled(FORM, values) == FORM


@given(st.dictionaries(st.sampled_from([field.id for field in FIELDS]), st.text() | st.tuples(st.text())))
def test_no_value_breaks_a_form(values: dict[str, str | tuple[str, ...]]) -> None:
    assert [field.id for field in prefilled(FORM, values).fields] == [field.id for field in FIELDS]


# ── requests and names ───────────────────────────────────────────────────────────────────────────────────────────────

ANA = Person(1, 1, "ana", "Ana")


def request(**values: str | tuple[str, ...]) -> Request:
    return Request(ANA, Place("dm-ana"), "command", values)


@pytest.mark.parametrize(
    ("value", "text", "people", "number", "has"),
    [
        ("  17 ", "17", ("17",), 17, True),
        ("ana ben", "ana ben", ("ana", "ben"), None, True),
        (("ana", "ben"), "ana ben", ("ana", "ben"), None, True),
        ("", "", (), None, False),
        ((), "", (), None, False),
        ("-1", "-1", ("-1",), None, True),
        ("1.5", "1.5", ("1.5",), None, True),
        ("²", "²", ("²",), None, True),
        ("٣", "٣", ("٣",), None, True),
        ("9999999999", "9999999999", ("9999999999",), None, True),
    ],
)
def test_a_value_of_a_request_is_read_as_what_is_asked_for(
    value: str | tuple[str, ...], text: str, people: tuple[str, ...], number: int | None, has: bool
) -> None:
    asked = request(it=value)

    assert (asked.text("it"), asked.people("it"), asked.number("it"), asked.has("it")) == (text, people, number, has)


def test_a_value_that_was_not_given_is_empty() -> None:
    assert (request().text("it"), request().people("it"), request().number("it")) == ("", (), None)


def test_further_values_leave_the_request_as_it_was() -> None:
    first = request(a="1")

    assert first.given(b="2").values == {"a": "1", "b": "2"}
    assert first.values == {"a": "1"}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Ana María", "Ana María"),
        ("  Ana \n\t María ", "Ana María"),
        ("Ana\u202egnp.exe", "Anagnp.exe"),
        ("\x00Ana\x1b[0m", "Ana[0m"),
        ("👩\u200d💻 Ana", "👩\u200d💻 Ana"),
        ("", "ana"),
        ("\u200b\u202e", "ana"),
        ("x" * 200, "x" * LONGEST_NAME),
    ],
)
def test_a_name_is_kept_without_what_would_disturb_other_text(name: str, kept: str) -> None:
    assert clean_name(Actor(1, "ana", name)) == kept


@given(st.text())
def test_a_name_is_never_empty_never_long_and_on_one_line(name: str) -> None:
    kept = clean_name(Actor(1, "ana", name))

    assert 0 < len(kept) <= LONGEST_NAME
    assert len(kept.splitlines()) == 1
    kept.encode()


# ── instants ─────────────────────────────────────────────────────────────────────────────────────────────────────────

instants = Table("tests_instants", MetaData(), Column("id", Integer, primary_key=True), Column("at", Instant))


def kept(store: Store, at: datetime | None) -> datetime | None:
    with store.begin() as connection:
        instants.create(connection, checkfirst=True)
        try:
            connection.execute(instants.insert().values(at=at))
            found: datetime | None = connection.execute(select(instants.c.at)).scalar_one()
            return found
        finally:
            if connection.in_transaction():
                instants.drop(connection)


def test_an_instant_comes_back_in_utc(store: Store) -> None:
    noon = datetime(2026, 12, 7, 12, 0, 0, 123456, tzinfo=UTC)
    tokyo = noon.astimezone(timezone(timedelta(hours=9)))

    assert kept(store, tokyo) == noon
    back = kept(store, noon)
    assert back is not None
    assert back.utcoffset() == timedelta(0)
    assert kept(store, None) is None


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="needs a time zone"):
        kept(store, datetime(2026, 12, 7, 12))  # noqa: DTZ001


def test_an_error_of_the_database_tells_nothing_of_what_people_typed(store: Store) -> None:
    with pytest.raises(DBAPIError) as failed, store.begin() as connection:
        connection.execute(text("INSERT INTO nowhere (said) VALUES (:said)"), {"said": "what nobody else may read"})

    assert "nowhere" in str(failed.value)
    assert "what nobody" not in str(failed.value)


def test_a_transaction_that_fails_keeps_nothing(store: Store) -> None:
    def half_way() -> None:
        with store.begin() as connection:
            instants.create(connection)
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        half_way()

    with store.begin() as connection:
        assert not store.engine.dialect.has_table(connection, instants.name)
