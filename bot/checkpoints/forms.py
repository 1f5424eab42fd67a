"""The form in which the questions of a poll are answered. Values in, a form out."""

from __future__ import annotations

from bot.actions import action
from bot.checkpoints.asking import Asked, answering, seen_by_others
from bot.checkpoints.rules import filled
from bot.checkpoints.terms import title
from bot.forms import Form
from bot.i18n import Translator
from bot.markup import literal


def form(t: Translator, asked: Asked) -> Form:
    """Every question may stay empty; what was given before stands in it, and the form knows which those are."""
    fields = tuple(field for item in asked.items for field in answering(t, item, asked))
    shown = filled(item for item in asked.items if item.key in asked.given)
    until = t("Leave out what you like, and change it until {when}. {seen}")
    return Form(
        action("checkpoint", asked.group.id, asked.poll, *([shown] if shown else [])),
        title(t, asked.poll),
        fields,
        t("Send"),
        literal(until.format(when=t.moment(asked.closes, asked.zone), seen=seen_by_others(t, asked.items))),
    )
