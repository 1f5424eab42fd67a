"""What people type, press and send: read, done by its verb, and answered. A deed is one transaction.

Who is acting is kept in one of its own before it, since the deed may be refused. A BotError becomes an answer here.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from itertools import takewhile

from bot import commands
from bot.actions import Action
from bot.commands import Unreadable
from bot.errors import Invalid, Refused
from bot.forms import Form, prefilled
from bot.founding.words import mistaken
from bot.groups.rights import as_heard
from bot.groups.rules import WhichGroup
from bot.groups.words import which_group
from bot.home import words
from bot.inbound import Actor, Command, Press, Submission
from bot.messages import FixForm, OpenForm, Reply, Say
from bot.people import store as people
from bot.people.rules import Person, Request
from bot.spoken import reply_in
from bot.unit import Unit, Units
from bot.verbs import GRAMMARS, VERBS, Verb


def command(units: Units, event: Command, now: datetime, *, mend: bool = False) -> Reply:
    """Carry a typed command out; to ``mend`` it, open its form with what was typed."""
    typed = commands.read(event.text, GRAMMARS)
    with units.begin() as unit:
        person = meet(unit, event.actor, event.mentioned)
        named = (people.find(unit.connection, person.workspace, one) for one in commands.mentions(event.text))
        names = {other.external: other.name for other in named if other is not None}
    text = event.text.strip()
    if isinstance(typed, Unreadable):
        shown = partial(commands.with_names, names=names)
        reply: Reply = Say(words.unreadable(person.t, typed, text, _usage(text), shown))
    else:
        values = {name: commands.all_with_names(value, names) for name, value in typed.values.items()}
        request = Request(person, event.place, "command", values, text, commands.with_names(text, names))
        helps = typed.name == "help"
        reply = _help(request) if helps else _do(units, VERBS[typed.name], typed.name, request, now, mend=mend)
    return reply_in(reply, person.workspace, person.language)


def pressed(units: Units, event: Press | Submission, meant: Action | None, now: datetime) -> Reply:
    """Do what a button or a form stands for. ``meant``: its token, where that is one of ours."""
    with units.begin() as unit:
        mentioned = event.mentioned if isinstance(event, Submission) else ()
        person = meet(unit, event.actor, mentioned)
    return reply_in(_meant(units, event, person, meant, now), person.workspace, person.language)


def meet(unit: Unit, actor: Actor, mentioned: tuple[Actor, ...]) -> Person:
    """Somebody and those they named, as the platform knows them; nobody of another workspace can be named."""
    named = {other.person: other for other in mentioned if other.workspace == actor.workspace}
    # Always in one order: two who name each other at the same time must not wait for each other.
    met = [people.meet(unit.connection, one) for _, one in sorted({**named, actor.person: actor}.items())]
    return next(person for person in met if person.external == actor.person)


def _usage(text: str) -> str:
    name = text.split(maxsplit=1)[0].lower() if text.split() else ""
    return next((grammar.usage for grammar in GRAMMARS if grammar.name == name), "")


def _help(request: Request) -> Reply:
    wanted = request.text("command").lower()
    grammar = next((one for one in GRAMMARS if one.name == wanted), None)
    if grammar is not None:
        return Say(words.help_with(request.t, grammar))
    return Say(words.help_(request.t, GRAMMARS))


def _meant(units: Units, event: Press | Submission, person: Person, meant: Action | None, now: datetime) -> Reply:
    if meant is not None and meant.verb == "help":
        return _help(Request(person, event.place, "press"))
    verb = VERBS.get(meant.verb) if meant else None
    if meant is None or verb is None or len(meant.args) > len(verb.args):
        return Say(words.old_button(person.t))
    values: dict[str, str | tuple[str, ...]] = dict(zip(verb.args, meant.args, strict=False))
    if isinstance(event, Press):
        return _do(units, verb, meant.verb, Request(person, event.place, "press", values), now)
    # What the token names cannot be overruled by a field of the same name.
    request = Request(person, event.place, "form", {**event.values, **values})
    return _do(units, verb, meant.verb, request, now)


def _do(units: Units, verb: Verb, name: str, request: Request, now: datetime, *, mend: bool = False) -> Reply:
    try:
        with units.begin() as unit:
            request = as_heard(unit, request, about_a_group=verb.args[:1] == ("group",))
            if verb.form is not None and (mend or _wants_form(verb, request)):
                return OpenForm(prefilled(verb.form(unit, request, now), request.values))
            return verb.run(unit, request, now)
    except Refused as refused:
        return Say(words.refused(str(refused)))
    except WhichGroup as which:
        return _which(units, verb, name, request, which, now)
    except Invalid as invalid:
        return _invalid(units, verb, request, invalid, now)


def _wants_form(verb: Verb, request: Request) -> bool:
    """A press opens the form; a command does so when something is missing; a sent form never does."""
    match request.via:
        case "press":
            return True
        case "command":
            return any(not request.has(name) for name in verb.needs)
        case "form":
            return False


def _which(units: Units, verb: Verb, name: str, request: Request, which: WhichGroup, now: datetime) -> Reply:
    """Ask which group; where a form can carry what was typed, the form asks."""
    form = _again(units, verb, request, now) if request.values else None
    if form is not None:
        return OpenForm(form)
    rest = tuple(takewhile(bool, (request.text(arg) for arg in verb.args[1:])))
    return Say(which_group(request.t, name, which.groups, rest))


def _invalid(units: Units, verb: Verb, request: Request, invalid: Invalid, now: datetime) -> Reply:
    form = _again(units, verb, request, now)
    if request.via == "form":
        return FixForm(invalid.problems, form)
    if verb.form is None:
        return Say(words.refused(str(invalid)))
    problems = tuple(invalid.problems.values())
    if form is None:
        return Say(words.refused(*problems))
    return Say(mistaken(request.t, problems, request, form))


def _again(units: Units, verb: Verb, request: Request, now: datetime) -> Form | None:
    """The form of what was asked for, with what was typed; None where it has none, or cannot be opened now."""
    if verb.form is None:
        return None
    try:
        with units.begin() as unit:
            return prefilled(verb.form(unit, request, now), request.values)
    except (Refused, WhichGroup):
        return None
