"""What is said between somebody who would like to join and whoever looks after the circle. Values in, messages out."""

from __future__ import annotations

from bot.actions import action
from bot.groups.rules import Group
from bot.groups.words import note
from bot.i18n import Translator
from bot.markup import fill, literal
from bot.messages import Button, Message, Text
from bot.people.rules import Person


def asked(t: Translator) -> Message:
    """To somebody who has asked. Not a word about the circle: a number can be guessed."""
    return note(
        literal(t("I have passed it on to whoever looks after this circle. You hear from me when they have answered.")),
        Text(literal(t("You are in nothing until then.")), "quiet"),
    )


def asks(t: Translator, group: Group, person: Person) -> Message:
    """To whoever looks after the circle."""
    said = t("{person} would like to join **{group}**.")
    return note(
        fill(said, person=person.mention, group=literal(group.name)),
        Text(
            literal(t("Whoever is in reads what the circle shares in its conversation. You decide together.")), "quiet"
        ),
        Button(t("Let {name} in").format(name=person.name), action("letin", group.id, person.id), "primary"),
        Button(t("Not now"), action("notnow", group.id, person.id)),
    )


def let_in(t: Translator, group: Group, person: Person) -> Message:
    return note(fill(t("{person} is in **{group}** now."), person=person.mention, group=literal(group.name)))


def not_now(t: Translator, group: Group, person: Person) -> Message:
    said = t("{person} is not in **{group}**. I have told them, in kind words.")
    return note(
        fill(said, person=person.mention, group=literal(group.name)),
        Button(t("Let {name} in after all").format(name=person.name), action("letin", group.id, person.id)),
    )


def refused(t: Translator) -> Message:
    """To somebody who was not let in."""
    return note(
        literal(t("The circle that you asked about takes in nobody else for now. That is about the circle, not you."))
    )
