"""Vote, change one's mind, take one's vote along. What is chosen in an anonymous poll is sealed before it is stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.cipher import Cipher
from bot.errors import ConfigError, Invalid, Refused
from bot.forms import Form
from bot.groups import store as groups
from bot.groups.rules import Group, may_lead
from bot.messages import Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import key
from bot.people.rules import Person, Request
from bot.polls import forms, store, words
from bot.polls.rules import Poll, Vote
from bot.unit import Unit


def the_poll(unit: Unit, request: Request, now: datetime, *, lock: bool = False) -> tuple[Poll, Group]:
    """The poll that is meant, for those who are in its group or may lead it. For all others it does not exist."""
    try:
        poll = store.load(unit.connection, request.person.workspace, request.number("poll") or 0, lock=lock)
    except KeyError:
        poll = None
    group = groups.load(unit.connection, request.person.workspace, poll.group) if poll else None
    me = request.person.id
    if poll is None or group is None or not (group.is_in(me) or may_lead(group, me, now)):
        raise Refused(request.t("I know no poll of yours like this. It may be gone, or you have left its group."))
    return poll, group


def vote(unit: Unit, request: Request, now: datetime) -> Reply:
    """One choice, in one tap."""
    poll, group = _voting(unit, request, now)
    number = request.number("option")
    if poll.several or number is None or number >= poll.size:
        raise Refused(request.t("I can't read this button any more. The poll itself has those that work."))
    return _keep(unit, request, poll, group, (number,), now)


def tick_form(unit: Unit, request: Request, now: datetime) -> Form:
    poll, group = _voting(unit, request, now)
    before = store.chosen(unit.connection, poll).get(request.person.id)
    chosen = _opened(unit, poll, before) if before is not None else ()
    return forms.tick_form(request.t, poll, group, request.person, chosen, now)


def tick(unit: Unit, request: Request, now: datetime) -> Reply:
    """As many as somebody likes; none at all is an answer too."""
    poll, group = _voting(unit, request, now)
    given = request.values.get("chosen", ())
    numbers = {int(one) for one in (given.split() if isinstance(given, str) else given) if one.isdecimal()}
    if not poll.several or not numbers <= set(range(poll.size)):
        raise Invalid({"chosen": request.t("Choose from the options that are there.")})
    return _keep(unit, request, poll, group, tuple(sorted(numbers)), now)


def _voting(unit: Unit, request: Request, now: datetime) -> tuple[Poll, Group]:
    poll, group = the_poll(unit, request, now, lock=True)
    if not group.is_in(request.person.id):
        raise Refused(request.t("Only those who are in {group} vote.").format(group=group.name))
    if not poll.is_open(now):
        raise Refused(request.t("This poll is closed. Its result stands where it was asked."))
    return poll, group


def _keep(unit: Unit, request: Request, poll: Poll, group: Group, chosen: tuple[int, ...], now: datetime) -> Reply:
    me = request.person.id
    before = store.chosen(unit.connection, poll).get(me)
    if before is None or _opened(unit, poll, before) != chosen:
        store.keep(unit.connection, poll, me, _sealed(unit, poll, chosen), now)
        _show(unit, poll, now)
    return Say(words.voted(request.t, poll, group, chosen, lead=may_lead(group, me, now)))


def _show(unit: Unit, poll: Poll, now: datetime) -> None:
    """The message in the home shows it. Votes that come while it waits for its turn are one and the same edit."""
    outbox.refresh(unit.connection, poll.workspace, key("poll", poll.group, poll.id), now)


def secrecy(unit: Unit, request: Request, now: datetime) -> Reply:
    return Say(words.secrecy(request.t, *the_poll(unit, request, now)))


def withdraw(unit: Unit, group: Group, person: Person, now: datetime) -> None:
    """Somebody has left: their votes in what is still open go with them."""
    for poll in store.open_of(unit.connection, group.workspace, group.id, now):
        store.take_back(unit.connection, poll, person.id)
        _show(unit, poll, now)


# ── what is stored ───────────────────────────────────────────────────────────────────────────────────────────────────


def votes_of(unit: Unit, poll: Poll) -> Iterable[Vote]:
    """All that was voted, opened."""
    kept = store.chosen(unit.connection, poll)
    return tuple(Vote(person, _opened(unit, poll, text)) for person, text in sorted(kept.items()))


def _sealed(unit: Unit, poll: Poll, chosen: tuple[int, ...]) -> str:
    """A digit for every option: a sealed text is as long for one choice as for all of them."""
    text = "".join(str(int(n in chosen)) for n in range(poll.size))
    if not poll.anonymous:
        return text
    return _cipher(unit).seal(text)


def _opened(unit: Unit, poll: Poll, text: str) -> tuple[int, ...]:
    if poll.anonymous:
        text = _cipher(unit).open(text)
    return tuple(n for n, digit in enumerate(text) if digit == "1")


def _cipher(unit: Unit) -> Cipher:
    if unit.cipher is None:
        raise ConfigError("anonymous votes are stored, and the key that opens them is not set")
    return unit.cipher
