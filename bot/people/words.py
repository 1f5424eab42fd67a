"""What is said about a person's own settings. Values in, messages out."""

from __future__ import annotations

from bot.actions import action
from bot.forms import Choice, Form, Option, TextInput, TimeInput
from bot.i18n import Translator, language_name, languages, translator
from bot.markup import fill, literal
from bot.messages import Ask, Button, Facts, Heading, Message, Text
from bot.people.rules import Person


def zone_form(t: Translator, person: Person) -> Form:
    hint = t("A name like Europe/Berlin; a big city is often enough.")
    field = TextInput("zone", t("Your time zone"), person.zone, required=True, hint=hint, limit=60)
    return Form(action("zone"), t("Your time zone"), (field,), t("Keep it"))


def quiet_form(t: Translator, person: Person) -> Form:
    return Form(
        action("quiet"),
        t("Your quiet hours"),
        (
            TimeInput("from", t("No messages from"), t.time(person.quiet_from), required=True),
            TimeInput("to", t("until"), t.time(person.quiet_to), required=True),
        ),
        t("Keep them"),
        literal(t("In your own time zone. On weekends and public holidays I am quiet anyway.")),
    )


def language_form(t: Translator, person: Person) -> Form:
    field = language_choice(t("Language"), person.language)
    return Form(action("language"), t("Your language"), (field,), t("Keep it"))


def language_choice(label: str, language: str, name: str = "language", hint: str = "") -> Choice:
    """The languages that the bot speaks, each by its own name. One that it does not speak is shown as English."""
    options = tuple(Option(tag, language_name(tag)) for tag in languages())
    return Choice(name, label, options, translator(language).language, required=True, hint=hint)


def i_speak(t: Translator) -> str:
    """Which languages can be asked for, and how."""
    known = (f"{language_name(tag)} ({tag})" for tag in languages())
    return t("I speak: {languages}.").format(languages=t.list(tuple(known)))


def settings(t: Translator, person: Person) -> Message:
    """All of somebody's settings at a glance, each with its form."""
    quiet = t("{start} to {end}").format(start=t.time(person.quiet_from), end=t.time(person.quiet_to))
    if person.quiet_from == person.quiet_to:
        quiet = t("none")
    toggle = (
        Button(t("No more reminders"), action("reminders", "off"))
        if person.reminders
        else Button(t("Remind me an hour before"), action("reminders", "on"))
    )
    return Message(
        (
            Heading(literal(t("Your settings"))),
            Facts(
                (
                    (t("Time zone"), literal(person.zone)),
                    (t("Quiet hours"), literal(quiet)),
                    (t("Language"), literal(language_name(person.language))),
                    (t("Reminder an hour before a meeting"), literal(t("yes") if person.reminders else t("no"))),
                )
            ),
            Ask(t("Time zone"), zone_form(t, person)),
            Ask(t("Quiet hours"), quiet_form(t, person)),
            Ask(t("Language"), language_form(t, person)),
            toggle,
        )
    )


def kept(t: Translator, person: Person) -> Message:
    """After a change: the settings as they are now, beneath a word that it worked."""
    return Message((Text(fill(t("**Kept.** This is how I treat you now:"))), *settings(t, person).blocks[1:]))
