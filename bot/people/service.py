"""A person's own settings: zone, quiet hours, language, reminders. Only ever their own."""

from __future__ import annotations

from datetime import datetime

from bot.errors import Invalid
from bot.forms import Form
from bot.i18n import read_language
from bot.messages import Reply, Say
from bot.people import store, words
from bot.people.rules import Request
from bot.schedule.reading import read_hours, read_time, read_zone, zone_suggestions
from bot.unit import Unit


def settings(unit: Unit, request: Request, now: datetime) -> Reply:
    del unit, now
    return Say(words.settings(request.t, request.person))


def zone_form(unit: Unit, request: Request, now: datetime) -> Form:
    del unit, now
    return words.zone_form(request.t, request.person)


def zone(unit: Unit, request: Request, now: datetime) -> Reply:
    named = request.text("zone")
    found = read_zone(named)
    if found is None:
        near = request.t.list(zone_suggestions(named)) or "Europe/Berlin"
        said = request.t("I don't know the time zone “{zone}”. Perhaps: {near}")
        raise Invalid({"zone": said.format(zone=named, near=near)})
    store.choose_zone(unit.connection, request.person, found)
    return _kept(unit, request, now)


def quiet_form(unit: Unit, request: Request, now: datetime) -> Form:
    del unit, now
    return words.quiet_form(request.t, request.person)


def quiet(unit: Unit, request: Request, now: datetime) -> Reply:
    """Typed as one span ("18:00-8:00"), in the form as two times."""
    if request.has("hours"):
        hours = read_hours(request.text("hours"))
        if hours is None:
            raise Invalid({"hours": request.t("From when until when? For example: 18:00-8:00")})
    else:
        start, end = read_time(request.text("from")), read_time(request.text("to"))
        if start is None or end is None:
            field = "from" if start is None else "to"
            raise Invalid({field: request.t("At what time? For example: 18:00")})
        hours = (start, end)
    store.choose_quiet(unit.connection, request.person, *hours)
    return _kept(unit, request, now)


def language_form(unit: Unit, request: Request, now: datetime) -> Form:
    del unit, now
    return words.language_form(request.t, request.person)


def language(unit: Unit, request: Request, now: datetime) -> Reply:
    wanted = read_language(request.text("language"))
    if wanted is None:
        raise Invalid({"language": words.i_speak(request.t)})
    store.choose_language(unit.connection, request.person, wanted)
    return _kept(unit, request, now)


def reminders(unit: Unit, request: Request, now: datetime) -> Reply:
    wanted = request.text("wanted").lower() or "on"
    if wanted not in ("on", "off"):
        raise Invalid({"wanted": request.t("On or off? For example: reminders on")})
    store.choose_reminders(unit.connection, request.person, wanted == "on")
    return _kept(unit, request, now)


def _kept(unit: Unit, request: Request, now: datetime) -> Reply:
    del now
    person = store.one(unit.connection, request.person.workspace, request.person.id)
    return Say(words.kept(person.t, person))
