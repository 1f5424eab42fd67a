"""Local days and hours as instants, and public holidays. Nothing else in the bot touches a time zone.

A wall time that happens twice is the first of the two; one that does not exist moves forward by the length of the gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import holidays
from babel.core import get_global

from bot.i18n import ENGLISH


def to_utc(day: date, at: time, zone: str) -> datetime:
    """The instant at which clocks in ``zone`` read ``at`` on ``day``. Raises KeyError for an unknown zone.

    With ``fold=0`` zoneinfo reads a time inside a gap with the offset before it: 02:30 becomes what is then 03:30.
    """
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), _zone(zone)).astimezone(UTC)


def wall(instant: datetime, zone: str) -> datetime:
    """The aware local time that clocks in ``zone`` read at ``instant``. Raises KeyError for an unknown zone."""
    return instant.astimezone(_zone(zone))


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


_NO_PLACES = frozenset({"Factory", "localtime", "CET", "EET", "EST", "HST", "MET", "MST", "WET"})
"""Names no one is asked to live in. An abbreviation is left out because the database's idea of it is rarely what was
meant: its "EST" knows no summer time, and its "CET" is Brussels, with the holidays of Belgium."""

_PLAINER = {"Etc/UTC": "UTC", "Etc/GMT": "GMT"}


@lru_cache(maxsize=1)
def zone_names() -> Mapping[str, str]:
    """Every zone name a person may give, as the database spells it, and the name that is kept for it: "US/Eastern" is
    kept as "America/New_York"."""
    names = available_timezones() - _NO_PLACES
    aliases = get_global("zone_aliases")
    kept = {name: str(aliases.get(name, name)) for name in sorted(names)}
    kept = {name: target if target in names else name for name, target in kept.items()}
    return {name: _PLAINER.get(target, target) for name, target in kept.items()}


@lru_cache(maxsize=1024)
def territory_of(zone: str) -> str | None:
    """The country of a zone ("DE"), where it has just one and its public holidays are known; otherwise None."""
    name = get_global("zone_aliases").get(zone, zone)
    territory = get_global("zone_territories").get(name)
    return str(territory) if territory in _territories() else None


@lru_cache(maxsize=1)
def _territories() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries(include_aliases=False))


def is_territory(code: str) -> bool:
    """Whether the public holidays of this country code ("DE") are known."""
    return code in _territories()


def holiday_name(day: date, territory: str | None, language: str = ENGLISH) -> str | None:
    """The name of the country-wide public holiday on ``day``, or None; English where it has none in this language.
    A territory whose holidays are not known has none: that must not stop a circle."""
    return None if territory is None else _holidays(territory, day.year, language).get(day)


@lru_cache(maxsize=1024)
def _holidays(territory: str, year: int, language: str) -> Mapping[date, str]:
    if territory not in _territories():
        return {}
    known = _languages(territory) if language != ENGLISH else ()
    named = next((one for one in known if one.partition("_")[0] == language), "en_US")
    return dict(holidays.country_holidays(territory, years=year, language=named, expand=False))


@lru_cache(maxsize=256)
def _languages(territory: str) -> tuple[str, ...]:
    """In which languages the holidays of a territory are named."""
    return tuple(holidays.list_localized_countries(include_aliases=False).get(territory, ()))
