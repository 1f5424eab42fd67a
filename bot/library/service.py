"""Finding and reading articles. Everybody may; nothing is kept of who reads what."""

from __future__ import annotations

from datetime import datetime

from bot.errors import Invalid, Refused
from bot.forms import Form
from bot.groups import store as groups
from bot.groups.rules import may_lead
from bot.library import words
from bot.messages import Reply, Say
from bot.people.rules import Request
from bot.unit import Unit

MOST_FOUND = 6


def library(unit: Unit, request: Request, now: datetime) -> Reply:
    """What is written for the person's roles or, with words, what is written about them."""
    t, shelf = request.t, unit.guides.library
    wanted = " ".join(request.text("words").split())
    if not shelf.all:
        raise Refused(t("This installation has no library."))
    if not wanted:
        roles = _roles(unit, request, now)
        shelves = [(name, articles) for name in roles if (articles := shelf.for_audience(name, t.language))]
        return Say(words.topics(t, shelves, len({one.slug for one in shelf.all})))
    if len(wanted) > words.LONGEST_SEARCH:
        raise Invalid({"words": t("That is long. What is it about, in a word or two?")})
    articles = shelf.find(wanted, t.language)
    if not articles:
        return Say(words.nothing_found(t, wanted))
    return Say(words.found(t, wanted, articles[:MOST_FOUND], max(0, len(articles) - MOST_FOUND)))


def search_form(unit: Unit, request: Request, now: datetime) -> Form:
    del unit, now
    return words.search_form(request.t)


def article(unit: Unit, request: Request, now: datetime) -> Reply:
    """One article in the person's language."""
    del now
    t, shelf = request.t, unit.guides.library
    one = shelf.get(request.text("slug"), t.language)
    if one is None:
        raise Refused(t("That article is not in the library any more."))
    further = [other for slug in one.links if (other := shelf.get(slug, t.language)) is not None]
    return Say(words.article(t, one, further))


def _roles(unit: Unit, request: Request, now: datetime) -> tuple[str, ...]:
    """Whom the person may want to read for: their roles in groups, and what they look after."""
    person = request.person
    found: list[str] = []
    for group in groups.of_person(unit.connection, person.workspace, person.id):
        if group.kind == "circle" and group.is_in(person.id) and may_lead(group, person.id, now):
            found.append("facilitator")
        if group.organiser == person.id:
            found.append("organiser")
        role = group.role(person.id)
        if role is not None and group.is_in(person.id):
            found.append(role)
    return tuple(dict.fromkeys(found)) or ("participant",)
