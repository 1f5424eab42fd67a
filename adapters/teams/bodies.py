"""What an invoke is answered with, and which message is short enough for it. Pure.

https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters.teams.connector import Json
from adapters.teams.render import CARD, activity, form_card
from bot.forms import Form
from bot.markup import Link, literal, plain
from bot.messages import Button, Message, Text

MOST_TOAST = 200
"""Letters of what can be said beside a card: it is gone after a few seconds."""

ALONE = "o"
"""In the data of a form that stands alone in its message."""

OWN, VIEW = 1, 2
"""The message is the form, and becomes what is said when it was taken; or somebody sees the form in its place."""

NOTED = "✓"

Typed = Mapping[str, str | tuple[str, ...]]
NOTHING_TYPED: Typed = {}
NO_PROBLEMS: Mapping[str, str] = {}


def card(shown: Json) -> Json:
    """What the card becomes for whoever pressed it; the others see it when the message is changed."""
    return {"statusCode": 200, "type": CARD, "value": shown["attachments"][0]["content"]}


def toast(words: str) -> Json:
    """A word beside the card, which stays as it is."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": words}


def shown(content: Json) -> Json:
    return {"task": {"type": "continue", "value": content}}


def told(words: str) -> Json:
    """Words in place of a dialog."""
    return {"task": {"type": "message", "value": words}}


def marked(form: Json, how: int) -> Json:
    """A form that stands alone, and says so when it is sent."""
    actions = [{**one, "data": {**one.get("data", {}), ALONE: how}} for one in form.get("actions", ())]
    return {**form, "actions": actions}


def short(message: Message) -> str | None:
    """The words of a message that is little more than a sentence, for beside a card; None where it is more than that.

    A plain button only offers what is found elsewhere, too.
    """
    texts = [block for block in message.blocks if isinstance(block, Text)]
    others = [block for block in message.blocks if not isinstance(block, Text)]
    if any(not isinstance(block, Button) or block.style != "plain" for block in others):
        return None
    if any(isinstance(span, Link) for block in texts for span in block.spans):
        return None
    said = " ".join(plain(block.spans) for block in texts)
    return said if texts and len(said) <= MOST_TOAST else None


def standing(
    form: Form, problems: Mapping[str, str] = NO_PROBLEMS, typed: Typed = NOTHING_TYPED, *, here: bool = False
) -> Json:
    """A form as a message of its own."""
    return activity(marked(form_card(form, problems, typed, here=here), OWN), form.title)


def listed(problems: Mapping[str, str]) -> Message:
    return Message(tuple(Text(literal(problem)) for problem in problems.values()))
