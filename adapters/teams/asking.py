"""A form as a card: in place, or in a dialog. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from microsoft_teams.cards import Action, ExecuteAction, SubmitAction

from adapters.drawing import CUT, NOTHING, Drawn, Json, cut, line, more, size
from adapters.teams import rich
from adapters.teams.forms import field_elements, problems_elsewhere
from adapters.teams.packing import MOST_CARD, bounded
from adapters.teams.rich import dump
from adapters.teams.text import inert, weight
from bot.forms import Form
from bot.i18n import translator
from bot.markup import literal

VERSION = "1.5"
MOST_LABEL = 80
MOST_FIELDS = 10
MOST_IN_PLACE = 16_000
"""Longer forms open as a dialog: a card that unfolds must not push the conversation away."""

Title = Literal["heading", "line", "none"]


@dataclass(frozen=True, slots=True)
class Surface:
    """What a card is drawn for.

    In a ``dialog`` there are other actions, and the data tells where it was opened. ``here``: people pickers offer only
    those of the conversation.
    """

    dialog: bool = False
    here: bool = False
    origin: tuple[tuple[str, str], ...] = ()


def whole(body: list[Json], actions: Sequence[Action] = ()) -> Json:
    """A card of these elements; an empty one says so."""
    shown = body or [dump(rich.note(CUT))]
    return {
        "type": "AdaptiveCard",
        "version": VERSION,
        "body": shown,
        **({"actions": [dump(one) for one in actions]} if actions else {}),
    }


def form_content(form: Form, problems: Mapping[str, str], surface: Surface, *, title: Title, number: int = 1) -> Json:
    """The card of a form, the ``number``-th in its card; ``title``: how it says what it is."""
    t = translator(form.language)
    elements = rich.heading(literal(form.title)) if title == "heading" else []
    elements += rich.paragraphs(literal(form.title), rich.STRONG) if title == "line" else []
    elements += [*rich.paragraphs(form.intro), *problems_elsewhere(problems, form.fields)]
    above = [dump(rich.note(form.submit))] if size(line(form.submit)) > MOST_LABEL else []
    body = bounded(t, [Drawn(dump(element)) for element in elements])
    room = MOST_CARD - sum(map(weight, body))
    for index, field in enumerate(form.fields):
        found = field_elements(t, field, problems.get(field.id, ""), number=number, here=surface.here)
        added = [dump(element) for element in found]
        room -= sum(map(weight, added))
        if room < 0:
            left = form.fields[index:]
            body.append(dump(rich.note(more(t, len(left), (one.label for one in left)))))
            break
        body += added
    return whole([*body, *above], [_submit(form, surface)])


def _submit(form: Form, surface: Surface) -> Action:
    """A dialog knows only Action.Submit, which sends ``task/submit``; elsewhere the answer comes in place."""
    title, data = label(form.submit), {"t": form.action.token, "s": 1, **dict(surface.origin)}
    if surface.dialog:
        return SubmitAction(title=title, style="positive", data=data)
    return ExecuteAction(title=title, style="positive", verb="submit", data=data)


def in_place(form: Form, surface: Surface, number: int) -> Json | None:
    """The form as a card that unfolds below its button; None where it is too large for that."""
    if len(form.fields) > MOST_FIELDS:
        return None
    content = form_content(form, {}, surface, title="line", number=number)
    return content if weight(content) <= MOST_IN_PLACE else None


def label(text: str) -> str:
    """A title of a button; one that is cut off is said in full elsewhere."""
    return inert(cut(line(text), MOST_LABEL)) or NOTHING
