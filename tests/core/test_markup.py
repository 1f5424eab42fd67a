"""Spans: templates are markup, values never are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup import Bold, Code, Italic, Link, Mention, Plain, Spans, fill, join, literal, plain

NASTY = st.one_of(
    st.text(),
    st.sampled_from(
        ["<!channel>", "**bold**", "_it_", "`code`", "{name}", "{0}", "<@U1>", "*", "[a](http://x)", "{{x}}"]
    ),
)


@pytest.mark.parametrize(
    ("template", "spans"),
    [
        ("", ()),
        ("plain", (Plain("plain"),)),
        ("a **b** c", (Plain("a "), Bold("b"), Plain(" c"))),
        ("_a_ b", (Italic("a"), Plain(" b"))),
        ("snake_case_name", (Plain("snake_case_name"),)),
        ("type `/circle help`", (Plain("type "), Code("/circle help"))),
        ("2 * 3 ** 4", (Plain("2 * 3 ** 4"),)),
        ("an {unclosed", (Plain("an {unclosed"),)),
    ],
)
def test_a_template_is_taken_apart(template: str, spans: Spans) -> None:
    assert fill(template) == spans


def test_placeholders_are_filled_inside_of_bold_italic_and_code() -> None:
    assert fill("**{a}** _{a}_ `{a}`", a="x") == (Bold("x"), Plain(" "), Italic("x"), Plain(" "), Code("x"))


def test_bold_around_a_value_is_one_bold_text() -> None:
    assert fill("**Week {n} of {all}**", n=3, all=12) == (Bold("Week 3 of 12"),)
    assert fill("_about {n}_", n=3) == (Italic("about 3"),)


def test_a_mention_or_a_link_in_bold_stays_what_it_is() -> None:
    ana, page = Mention("U1", "Ana"), Link("here", "https://example.org")

    assert fill("**{who}**, see **{page}**", who=ana, page=page) == (ana, Plain(", see "), page)


def test_a_placeholder_without_a_value_is_a_bug() -> None:
    with pytest.raises(KeyError):
        fill("Hello {name}")


@given(NASTY)
def test_a_value_is_never_markup(value: str) -> None:
    assert fill("{value}", value=value) == literal(value)
    assert fill("a {value} b", value=value) == (Plain(f"a {value} b"),)
    assert fill("**{value}**", value=value) == ((Bold(value),) if value else ())


@given(NASTY, NASTY)
def test_the_words_hold_every_value_verbatim(one: str, other: str) -> None:
    spans = fill("**{one}** said: _{other}_ (`{one}`)", one=one, other=other)

    assert plain(spans) == f"{one} said: {other} ({one})"


@given(NASTY)
def test_a_value_with_braces_reaches_for_no_other_value(value: str) -> None:
    assert plain(fill("{value}|{secret}", value=value, secret="s")) == f"{value}|s"


@given(st.lists(NASTY, max_size=5), NASTY)
def test_joining_puts_the_separator_between(parts: list[str], separator: str) -> None:
    assert plain(join([literal(part) for part in parts], separator)) == separator.join(parts)


@given(NASTY, NASTY)
def test_neighbouring_plain_texts_are_one_and_empty_ones_none(one: str, other: str) -> None:
    spans = join([literal(one), literal(other)], "")

    assert spans == literal(one + other)


def test_numbers_and_spans_are_values_too() -> None:
    assert fill("{n} of {who}", n=3, who=(Mention("U1", "Ana"), Plain("!"))) == (
        Plain("3 of "),
        Mention("U1", "Ana"),
        Plain("!"),
    )


def test_a_link_without_a_text_reads_as_its_address() -> None:
    assert plain((Link("", "https://example.org"),)) == "https://example.org"
