"""The grammar of typed commands: what is read, what is told to be wrong, and that nothing ever breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import LONGEST, PROBLEM_LONG, Grammar, Typed, Unreadable, read
from bot.verbs import GRAMMARS, VERBS

CREATE = {"name": "Tuesday circle", "people": ("ana", "ben"), "on": "mon 10:00"}


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("", "home", {}),
        ("   ", "home", {}),
        ("agenda", "agenda", {}),
        ("  AGENDA  3 ", "agenda", {"week": "3"}),
        ("agenda week 3", "agenda", {"week": "week 3"}),
        ("agenda\n3", "agenda", {"week": "3"}),
        ("goal\tspeak up in meetings", "goal", {"text": "speak up in meetings"}),
        ('goal say "no" once a week', "goal", {"text": 'say "no" once a week'}),
        ('create "Tuesday circle" <@ana> <@ben> --on mon 10:00', "create", CREATE),
        ("create “Tuesday circle” <@ana>, <@ben> --on mon 10:00", "create", CREATE),
        ("create „Tuesday circle“ <@ana> <@ben> —on mon 10:00", "create", CREATE),
        ("create «Tuesday circle» <@ana> <@ben> –on mon 10:00", "create", CREATE),
        ("create Tuesday circle <@ana> <@ben> --on mon 10:00", "create", CREATE),
        ("create --on mon 10:00 <@ana|Ana> <@ben> <@ana>", "create", {"people": ("ana", "ben"), "on": "mon 10:00"}),
        ('create "" <@ana>', "create", {"people": ("ana",)}),
        (
            "create X <@ana> <@ben> --facilitator <@ben> --holidays none",
            "create",
            {"name": "X", "people": ("ana", "ben"), "facilitator": ("ben",), "holidays": "none"},
        ),
        ("pair <@ana> <@ben> --ON tue 16:00", "pair", {"people": ("ana", "ben"), "on": "tue 16:00"}),
        ('poll "When?" "Mon 10" “Tue 16”', "poll", {"question": "When?", "options": ("Mon 10", "Tue 16")}),
        (
            'poll Where shall we go? "Here" "There"',
            "poll",
            {"question": "Where shall we go?", "options": ("Here", "There")},
        ),
        ("poll Where shall we go?", "poll", {"question": "Where shall we go?"}),
        (
            'poll "Who?" <@ana> <@ben|Ben>, "both" --multiple --until fri 17:00 --anonymous',
            "poll",
            {
                "question": "Who?",
                "options": ("<@ana>", "<@ben|Ben>", "both"),
                "multiple": "yes",
                "until": "fri 17:00",
                "anonymous": "yes",
            },
        ),
        (
            'poll —multiple "Q?" "One" two words "Three"',
            "poll",
            {"question": "Q?", "options": ("One", "two words", "Three"), "multiple": "yes"},
        ),
        ("poll slot", "poll", {"question": "slot"}),
        ("move tue 15:00", "move", {"weekday": "tue", "time": "15:00"}),
        ("move tue at 15:00", "move", {"weekday": "tue", "time": "at 15:00"}),
        ("facilitator <@ben> until 2026-12-18", "facilitator", {"person": ("ben",), "until": "until 2026-12-18"}),
        ("pause me until 2026-12-18", "pause", {"until": "me until 2026-12-18"}),
    ],
)
def test_a_command_is_read(text: str, name: str, values: dict[str, object]) -> None:
    typed = read(text, GRAMMARS)

    assert isinstance(typed, Typed), typed
    assert (typed.name, {k: v for k, v in typed.values.items() if v}) == (name, values)


@pytest.mark.parametrize(
    ("text", "word", "suggestion"),
    [
        ("agneda 3", "agneda", "agenda 3"),
        ("CHECK-IN", "check-in", "checkin"),
        ("xyzzy", "xyzzy", ""),
        ('create "X <@ana>', '"', ""),
        ("roster now", "now", ""),
        ("agenda <@ana>", "<@ana>", ""),
        ("create X <@ana> --facilitator ben", "ben", ""),
        ("create X <@ana> --facilitator @ben", "@ben", ""),
        ("invite @nobody", "@nobody", ""),
        ('poll "Who?" @nobody', "@nobody", ""),
        ('poll "Q?" "One" "Two" --multple', "--multple", 'poll "Q?" "One" "Two" --multiple'),
    ],
)
def test_what_cannot_be_read_is_told_with_the_nearest_right_command(text: str, word: str, suggestion: str) -> None:
    found = read(text, GRAMMARS)

    assert isinstance(found, Unreadable), found
    assert (found.word, found.suggestion) == (word, suggestion)


def test_a_misspelt_flag_is_mended_in_the_whole_command() -> None:
    found = read("create X <@ana> --zon Europe/Berlin --on mon 10:00", GRAMMARS)

    assert isinstance(found, Unreadable)
    assert found.word == "--zon"
    assert isinstance(read(found.suggestion, GRAMMARS), Typed)
    assert "<@ana>" in found.suggestion


def test_a_command_that_is_far_too_long_is_told_so() -> None:
    found = read("goal " + "x" * LONGEST, GRAMMARS)

    assert isinstance(found, Unreadable)
    assert found.problem == PROBLEM_LONG


pieces = st.one_of(
    st.sampled_from([grammar.name for grammar in GRAMMARS]),
    st.sampled_from(
        ['"', "“", "”", "--on", "--facilitator", "—", "--", "<@ana>", "<@", "@", "@ana", "\n", "\t", " ", "«"]
    ),
    st.text(max_size=12),
)


@given(st.one_of(st.text(), st.lists(pieces, max_size=12).map(" ".join), st.lists(pieces, max_size=12).map("".join)))
def test_any_text_is_either_read_or_told_to_be_wrong(text: str) -> None:
    match read(text, GRAMMARS):
        case Typed(name, values):
            assert name in VERBS or name == "help"
            assert all(isinstance(value, str | tuple) for value in values.values())
        case Unreadable(problem, word):
            assert problem
            assert word


@given(st.lists(st.text(alphabet=st.characters(whitelist_categories=["L", "N"]), min_size=1), min_size=1, max_size=8))
def test_the_words_of_a_goal_all_arrive(words: list[str]) -> None:
    typed = read(f"goal {' '.join(words)}", GRAMMARS)

    assert isinstance(typed, Typed)
    assert str(typed.values["text"]).split() == " ".join(words).split()


def test_every_command_does_something_and_takes_the_values_that_it_names() -> None:
    for grammar in GRAMMARS:
        assert grammar.name in VERBS or grammar.name == "help"
        assert grammar.usage.startswith(grammar.name)
        assert grammar.summary


def test_what_a_verb_needs_can_be_typed() -> None:
    for grammar in GRAMMARS:
        typed = {*grammar.words, grammar.rest, grammar.people, *grammar.flags, *grammar.people_flags}
        needs = VERBS[grammar.name].needs if grammar.name in VERBS else ()
        # A check-in and a checkpoint are answered in their forms alone.
        assert set(needs) <= typed or grammar.name in ("checkin", "checkpoint")


def test_a_grammar_without_words_takes_none() -> None:
    plain = Grammar("ping", "ping", "says pong")

    assert read("ping", (plain,)) == Typed("ping", {})
    assert isinstance(read("ping pong", (plain,)), Unreadable)
