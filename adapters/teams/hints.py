"""What the adapter itself has to say: a moment's patience, how to add the app. Pure."""

from __future__ import annotations

from bot.i18n import ENGLISH, Translator, translator
from bot.markup import fill
from bot.messages import Message, Text


def speak(language: str | None) -> Translator:
    return translator(language or ENGLISH)


def one_moment(t: Translator) -> str:
    return t("One moment, please.")


def in_our_chat(t: Translator) -> str:
    return t("The answer is in your chat with me.")


def not_now(t: Translator) -> str:
    return t("Teams takes no message from me at the moment. Please try again in a minute.")


def filled_in(t: Translator, name: str) -> Message:
    return Message((Text(fill(t("{name} has filled in the form that was here."), name=name), "quiet"),))


def not_reached(t: Translator) -> str:
    """After somebody's name, in the conversation where they were seen."""
    return t(
        "I cannot write to you yet. Open Apps in Teams, look for Circlet and choose Add; what is waiting for you comes "
        "then, in your own chat with me."
    )
