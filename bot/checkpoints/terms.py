"""The names of polls, roles and answers, which questions and results share. Values in, words out."""

from __future__ import annotations

from typing import assert_never

from babel.numbers import format_decimal

from bot.guides.items import Item, in_language
from bot.i18n import Translator


def title(t: Translator, poll: str) -> str:
    return {
        "baseline": t("Before you begin"),
        "fit": t("A first impression"),
        "midpoint": t("Half-way"),
        "final": t("Looking back"),
        "followup": t("Half a year later"),
    }[poll]


def when(t: Translator, poll: str) -> str:
    """The poll as a point on the way of a program."""
    return {
        "baseline": t("Start"),
        "fit": t("First meeting"),
        "midpoint": t("Middle"),
        "final": t("End"),
        "followup": t("Half a year later"),
    }[poll]


def role_plural(t: Translator, role: str) -> str:
    return {
        "participant": t("Participants"),
        "mentor": t("Mentors"),
        "mentee": t("Mentees"),
        "facilitator": t("Facilitators"),
    }[role]


def fit_words(t: Translator, value: str) -> str:
    return {"good": t("A good fit"), "unsure": t("Not sure yet"), "bad": t("Not a good fit")}[value]


def value_words(t: Translator, item: Item, value: str) -> str:
    """An answer as people say it: "4 of 5", "meetings are called off"; a dash where there is none."""
    if not value:
        return "–"
    match item.kind:
        case "scale" | "zero-to-ten":
            return t("{value} of {most}").format(value=value, most=item.high)
        case "choice":
            return in_language(dict(item.options).get(value, ()), t.language) or "–"
        case "fit":
            return fit_words(t, value)
        case "text" | "ideas":
            return value
        case _:
            assert_never(item.kind)


def decimal(t: Translator, value: float) -> str:
    """ "2.4", as the language writes it."""
    return str(format_decimal(value, "0.0", locale=t.locale))


def signed(t: Translator, value: float) -> str:
    """ "+1.5": how far something moved; "0.0", without a sign, where it did not."""
    if not round(value, 1):
        return decimal(t, 0)
    return str(format_decimal(value, "+0.0;\u22120.0", locale=t.locale))
