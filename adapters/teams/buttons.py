"""Buttons side by side: what each sends, what it opens, and what unfolds below it. Pure.

https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-actions
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, assert_never

from microsoft_teams.cards import Action, ActionSet, ExecuteAction, OpenUrlAction, ShowCardAction, SubmitAction

from adapters.drawing import Drawn, Json, drawn, line, reachable, size
from adapters.teams import rich
from adapters.teams.asking import MOST_LABEL, Surface, in_place, label
from adapters.teams.packing import MOST_CARD
from adapters.teams.rich import dump
from adapters.teams.text import weight
from bot.markup import Link, literal
from bot.messages import Ask, Button, LinkButton
from bot.verbs import opens_form

MOST_ACTIONS = 6
"""More in one row would go into an overflow menu: https://learn.microsoft.com/adaptive-cards/rendering-cards/host-config"""

MOST_ROW = 58
FRAME = 4
"""A row is about so many letters wide, of which a button's frame takes a few; in a fuller one labels would be cut."""

Pressable = Button | LinkButton | Ask
Style = Literal["positive", "destructive"]
STYLES: Mapping[str, Style] = {"primary": "positive", "danger": "destructive"}


def actions(buttons: Sequence[Pressable], surface: Surface, asked: int) -> Iterator[Drawn]:
    """Buttons side by side. ``asked`` forms of the card come before them."""
    row: list[tuple[Json, Pressable]] = []
    width = 0
    for button in buttons:
        if isinstance(button, LinkButton) and not reachable(button.url):
            yield from _row(row)
            row, width = [], 0
            yield from drawn(map(dump, rich.paragraphs((Link(button.label, button.url),))), button)
            continue
        asked += isinstance(button, Ask)
        action = _button(button, surface, asked)
        taken = len(label(button.label)) + FRAME
        full = width + taken > MOST_ROW or weight([one for one, _ in row]) + weight(action) > MOST_CARD // 2
        if row and (len(row) == MOST_ACTIONS or full):
            yield from _row(row)
            row, width = [], 0
        row.append((action, button))
        width += taken
    yield from _row(row)


def _row(row: list[tuple[Json, Pressable]]) -> Iterator[Drawn]:
    """A label that is too long for its button stands in full above."""
    for _, button in row:
        if size(line(button.label)) > MOST_LABEL:
            for element in rich.paragraphs(literal(line(button.label)), rich.QUIET):
                yield Drawn(dump(element))
    if row:
        actions = [action for action, _ in row]
        yield Drawn(dump(ActionSet(actions=[])) | {"actions": actions}, tuple(button for _, button in row))


def _button(button: Pressable, surface: Surface, number: int) -> Json:
    title = label(button.label)
    match button:
        case LinkButton(_, url):
            return dump(OpenUrlAction(title=title, url=url))
        case Button(_, action, style):
            return dump(_press(title, action.token, opens_form(action.verb), surface, STYLES.get(style)))
        case Ask(_, form, style):
            unfolded = None if surface.dialog else in_place(form, surface, number)
            if unfolded is None:
                return dump(_press(title, form.action.token, True, surface, STYLES.get(style)))
            return dump(ShowCardAction(title=title, style=STYLES.get(style))) | {"card": unfolded}
        case _:
            assert_never(button)


def _press(title: str, token: str, opens: bool, surface: Surface, style: Style | None) -> Action:
    """It sends nothing of what stands in the inputs of the card."""
    data: Json = {"t": token, **dict(surface.origin)}
    if surface.dialog:
        return SubmitAction(title=title, style=style, data=data, associated_inputs="none")
    if opens:
        asks = data | {"msteams": {"type": "task/fetch"}}
        return SubmitAction(title=title, style=style, data=asks, associated_inputs="none")
    return ExecuteAction(title=title, style=style, verb="press", data=data, associated_inputs="none")
