"""Typed words as days, times and zones. None means: not understood, or could mean two things. It never guesses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from unicodedata import combining, normalize

from bot.schedule.cadence import LAST
from bot.schedule.calendar import zone_names

_WEEKDAYS = (
    ("mon", "mo", "montags", "montag", "monday"),
    ("tue", "tues", "di", "dienstags", "dienstag", "tuesday"),
    ("wed", "weds", "mi", "mittwochs", "mittwoch", "wednesday"),
    ("thu", "thur", "thurs", "do", "donnerstags", "donnerstag", "thursday"),
    ("fri", "fr", "freitags", "freitag", "friday"),
    ("sat", "sa", "samstags", "samstag", "sonnabend", "saturday"),
    ("sun", "so", "sonntags", "sonntag", "sunday"),
)
_WEEKDAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in (*names, names[-1] + "s")}
_PLACES = {
    1: ("1st", "1.", "first", "erster", "ersten", "erste"),
    2: ("2nd", "2.", "second", "zweiter", "zweiten", "zweite"),
    3: ("3rd", "3.", "third", "dritter", "dritten", "dritte"),
    4: ("4th", "4.", "fourth", "vierter", "vierten", "vierte"),
    LAST: ("last", "letzter", "letzten", "letzte"),
}
_PLACE = {name: place for place, names in _PLACES.items() for name in names}
_OF_THE_MONTH = re.compile(r"\b(of (the|each|every) month|im monat|des monats)\b")
_BEFORE_TIME = re.compile(r"^(at|um)\s+")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(am|pm|a\.m\.|p\.m\.|h|uhr)?|([0-9]{1,2})h([0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DOTTED = re.compile(r"([0-9]{1,2})\.\s*([0-9]{1,2})\.\s*([0-9]{4})")
_RANGE = re.compile(r"(.+?)(?:\s*[-\u2010-\u2015\u2212]\s*|\s+(?:to|bis)\s+)(.+)")  # hyphens, dashes, the minus sign
_LONGEST = 64
_BACKWARDS = "etc/"
"""Only to be had by the full name: "Etc/GMT+2" is two hours *behind* Greenwich."""
_YEARS_AWAY = 10
"""A date further off is a slip of the finger: no circle is planned for 2206."""


def read_weekday(text: str) -> int | None:
    """0 for Monday: "Mon", "mondays"."""
    return _WEEKDAY.get(_plain(text).removesuffix("."))


def read_time(text: str) -> time | None:
    """A time of the day: "10", "10:00", "10.30", "4pm", "4:30 p.m.", "16h", "16h30"."""
    found = _TIME.fullmatch(_plain(text))
    if found is None:
        return None
    hour, minute = int(found[1] or found[4]), int(found[2] or found[5] or 0)
    half = (found[3] or "").replace(".", "")
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_slot(text: str) -> tuple[int | None, int | None, time | None]:
    """Which one of the month, the weekday and the time, as far as each can be read: "mon 10:00", "second Tuesday at
    18:00", "letzter Freitag 16 Uhr", "10:00 mon". "Every second Tuesday" is not read: it could be every other one."""
    words = _plain(_OF_THE_MONTH.sub(" ", _plain(text))).split(" ")
    nth = _PLACE.get(words[0]) if len(words) > 1 and read_weekday(words[1]) is not None else None
    if nth is not None:
        words = words[1:]
    if (weekday := read_weekday(words[0])) is not None:
        return nth, weekday, _time_of(words[1:])
    if len(words) > 1 and (weekday := read_weekday(words[-1])) is not None:
        nth = _PLACE.get(words[-2]) if len(words) > 2 else None
        return nth, weekday, _time_of(words[: -1 if nth is None else -2])
    return None, None, _time_of(words)


def _time_of(words: list[str]) -> time | None:
    return read_time(_BEFORE_TIME.sub("", " ".join(words)))


def read_date(text: str, today: date) -> date | None:
    """A day: "2026-12-07", "7.12.2026", "today", "tomorrow", or a weekday, which is the next one after today. With
    slashes it is not read: 7/12 is another day in London than in New York. Nor is a year more than ten away."""
    words = _plain(text)
    if words in ("today", "heute"):
        return today
    if words in ("tomorrow", "morgen"):
        return today + timedelta(days=1)
    if (weekday := read_weekday(words)) is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if found := _ISO.fullmatch(words):
        year, month, day = found.groups()
    elif found := _DOTTED.fullmatch(words):
        day, month, year = found.groups()
    else:
        return None
    if abs(int(year) - today.year) > _YEARS_AWAY:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_hours(text: str) -> tuple[time, time] | None:
    """From and to, in the order given: "18:00-8:00", "18-8", "6pm to 8am"."""
    found = _RANGE.fullmatch(_plain(text))
    if found is None:
        return None
    start, end = read_time(found[1]), read_time(found[2])
    return None if start is None or end is None else (start, end)


def read_zone(text: str) -> str | None:
    """The name that is kept for a zone: "europe/berlin", "US/Eastern", "new york". An abbreviation ("EST") is none."""
    words = _zone_words(text)
    if (name := _full_names().get(words)) is not None:
        return name
    cities = _cities().get(words, ())
    return cities[0] if len(cities) == 1 else None


def zone_suggestions(text: str) -> tuple[str, ...]:
    """Up to three zones whose name or city is spelled most like the text, the likeliest first."""
    full = {words: name for words, name in _full_names().items() if not words.startswith(_BACKWARDS)}
    cities = _cities()
    close = get_close_matches(_zone_words(text), {**full, **cities}, n=6)
    names = (name for words in close for name in ((full[words],) if words in full else cities[words]))
    return tuple(dict.fromkeys(names))[:3]


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _zone_words(text: str) -> str:
    """Without accents, and with a space for whatever else the database puts between the words of a name."""
    bare = "".join(char for char in normalize("NFKD", text[:_LONGEST]) if not combining(char))
    return _plain(re.sub(r"[_\-.\s]+", " ", bare)).replace(" / ", "/")


@lru_cache(maxsize=1)
def _full_names() -> Mapping[str, str]:
    return {_zone_words(name): kept for name, kept in zone_names().items()}


@lru_cache(maxsize=1)
def _cities() -> Mapping[str, tuple[str, ...]]:
    """The zones whose last part is this."""
    cities: dict[str, tuple[str, ...]] = {}
    for name, kept in zone_names().items():
        area, _, city = name.rpartition("/")
        city = _zone_words(city)
        if area and area != "Etc" and kept not in cities.get(city, ()):
            cities[city] = (*cities.get(city, ()), kept)
    return cities
