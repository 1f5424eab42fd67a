"""The limits of text objects, options and interactive elements of Block Kit. Pure; every finding names where it is.

https://docs.slack.dev/reference/block-kit/block-elements and …/composition-objects
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

SELECTS = frozenset(
    f"{prefix}{kind}_select"
    for prefix in ("", "multi_")
    for kind in ("static", "users", "conversations", "channels", "external")
)
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
CHOICES = frozenset({"checkboxes", "radio_buttons"})
TYPED = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input"})
IN_ACTIONS = SELECTS | PICKERS | CHOICES | {"button", "overflow", "workflow_button"}
IN_SECTION = IN_ACTIONS - {"datetimepicker"} | {"image"}
IN_INPUT = SELECTS | PICKERS | CHOICES | TYPED | {"file_input"}
WITH_ACTION = IN_ACTIONS | IN_INPUT
MODALS_ONLY = frozenset({"file_input"})

_PROPERTIES: Mapping[str, frozenset[str]] = {
    "button": frozenset({"text", "url", "value", "style", "confirm", "accessibility_label"}),
    "plain_text_input": frozenset(
        {"initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"}
        | {"focus_on_load", "placeholder"}
    ),
    "datepicker": frozenset({"initial_date", "confirm", "focus_on_load", "placeholder"}),
    "timepicker": frozenset({"initial_time", "confirm", "focus_on_load", "placeholder", "timezone"}),
    "checkboxes": frozenset({"options", "initial_options", "confirm", "focus_on_load"}),
    "radio_buttons": frozenset({"options", "initial_option", "confirm", "focus_on_load"}),
    "static_select": frozenset(
        {"options", "option_groups", "initial_option", "confirm", "focus_on_load", "placeholder"}
    ),
    "multi_static_select": frozenset(
        {"options", "option_groups", "initial_options", "confirm", "focus_on_load", "placeholder", "max_selected_items"}
    ),
    "users_select": frozenset({"initial_user", "confirm", "focus_on_load", "placeholder"}),
    "multi_users_select": frozenset({"initial_users", "confirm", "focus_on_load", "placeholder", "max_selected_items"}),
    "overflow": frozenset({"options", "confirm"}),
    "image": frozenset({"image_url", "alt_text", "slack_file"}),
}


def string(value: object, where: str, most: int, least: int = 0) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{where} must be a string"
    elif len(value) < least:
        yield f"{where} must be at least {least} characters"
    elif len(value) > most:
        yield f"{where} must be at most {most} characters, is {len(value)}"


def text(value: object, where: str, most: int, kinds: Sequence[str] = ("plain_text",), least: int = 1) -> Iterator[str]:
    """A text object. Slack refuses an empty one nearly everywhere."""
    if not isinstance(value, Mapping):
        yield f"{where} must be a text object"
        return
    kind = value.get("type")
    if kind not in kinds:
        yield f"{where} must be of type {' or '.join(kinds)}, is {kind!r}"
    allowed = {"type", "text", "emoji"} if kind == "plain_text" else {"type", "text", "verbatim"}
    if extra := sorted(set(value) - allowed):
        yield f"{where} has unsupported properties: {', '.join(extra)}"
    yield from string(value.get("text"), f"{where}.text", most, least)


def element(value: object, where: str, allowed: frozenset[str], surface: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{where} must be an element"
        return
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        yield f"{where} must not be of type {kind!r}"
        return
    if kind in MODALS_ONLY and surface != "modal":
        yield f"{where}: {kind} is for modals only"
    known = _PROPERTIES.get(kind)
    if known is not None and (extra := sorted(set(value) - known - {"type", "action_id"})):
        yield f"{where} has unsupported properties: {', '.join(extra)}"
    if "action_id" in value:
        yield from string(value["action_id"], f"{where}.action_id", 255, 1)
    if "placeholder" in value:
        yield from text(value["placeholder"], f"{where}.placeholder", 150)
    if "confirm" in value:
        yield from _confirm(value["confirm"], f"{where}.confirm")
    yield from _of_kind(kind, value, where)


def _of_kind(kind: str, value: Json, where: str) -> Iterator[str]:
    match kind:
        case "button":
            yield from _button(value, where)
        case "image":
            yield from image(value, where)
        case "overflow":
            yield from _options(value, where, 5)
        case "checkboxes" | "radio_buttons":
            yield from _options(value, where, 10, ("plain_text", "mrkdwn"))
        case "static_select" | "multi_static_select":
            yield from _static(value, where)
        case "plain_text_input":
            yield from _typed(value, where)
        case "datepicker":
            yield from _shape(value, "initial_date", r"\d{4}-\d\d-\d\d", where)
        case "timepicker":
            yield from _shape(value, "initial_time", r"([01]\d|2[0-3]):[0-5]\d", where)
        case "users_select":
            yield from _shape(value, "initial_user", r"[UW][A-Z0-9]+", where)
        case "multi_users_select":
            for number, user in enumerate(value.get("initial_users", ())):
                yield from _shape({"initial_users": user}, "initial_users", r"[UW][A-Z0-9]+", f"{where}[{number}]")
            yield from _most_selected(value, "initial_users", where)
        case "number_input":
            if not isinstance(value.get("is_decimal_allowed"), bool):
                yield f"{where}.is_decimal_allowed is missing"
        case _:
            pass


def image(value: Json, where: str) -> Iterator[str]:
    if ("image_url" in value) == ("slack_file" in value):
        yield f"{where} needs either image_url or slack_file"
    if "image_url" in value:
        yield from string(value["image_url"], f"{where}.image_url", 3000, 1)
    yield from string(value.get("alt_text"), f"{where}.alt_text", 2000, 1)


def _button(value: Json, where: str) -> Iterator[str]:
    yield from text(value.get("text"), f"{where}.text", 75)
    if "value" in value:
        yield from string(value["value"], f"{where}.value", 2000)
    if "url" in value:
        yield from string(value["url"], f"{where}.url", 3000, 1)
        yield from _shape(value, "url", r"[a-z][a-z0-9+.-]*:\S+", where)
    if "accessibility_label" in value:
        yield from string(value["accessibility_label"], f"{where}.accessibility_label", 75)
    if "style" in value and value["style"] not in ("primary", "danger"):
        yield f"{where}.style must be primary or danger, is {value['style']!r}"


def _confirm(value: object, where: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{where} must be a confirmation object"
        return
    yield from text(value.get("title"), f"{where}.title", 100)
    yield from text(value.get("text"), f"{where}.text", 300)
    yield from text(value.get("confirm"), f"{where}.confirm", 30)
    yield from text(value.get("deny"), f"{where}.deny", 30)


def _static(value: Json, where: str) -> Iterator[str]:
    if ("options" in value) == ("option_groups" in value):
        yield f"{where} needs either options or option_groups"
    elif "options" in value:
        yield from _options(value, where, 100)
    else:
        groups = value["option_groups"]
        if not isinstance(groups, list) or not 1 <= len(groups) <= 100:
            yield f"{where}.option_groups must be 1 to 100 groups"
            return
        for number, group in enumerate(groups):
            yield from text(group.get("label"), f"{where}.option_groups[{number}].label", 75)
            yield from _options(group, f"{where}.option_groups[{number}]", 100)
    yield from _most_selected(value, "initial_options", where)


def _most_selected(value: Json, initial: str, where: str) -> Iterator[str]:
    most = value.get("max_selected_items", 1_000)
    if not isinstance(most, int) or most < 1:
        yield f"{where}.max_selected_items must be at least 1"
    elif len(value.get(initial, ())) > most:
        yield f"{where}.{initial} has more than max_selected_items ({most})"


def _options(value: Json, where: str, most: int, kinds: Sequence[str] = ("plain_text",)) -> Iterator[str]:
    options = value.get("options")
    if not isinstance(options, list) or not 1 <= len(options) <= most:
        count = len(options) if isinstance(options, list) else "no"
        yield f"{where}.options must be 1 to {most} options, has {count}"
        return
    values = set()
    for number, option in enumerate(options):
        at = f"{where}.options[{number}]"
        yield from _option(option, at, kinds)
        key = str(option.get("value")) if isinstance(option, Mapping) else at
        if key in values:
            yield f"{at}.value appears twice"
        values.add(key)
    chosen = list(value.get("initial_options", ()))
    chosen += [value["initial_option"]] if "initial_option" in value else []
    if "initial_options" in value and not chosen:
        yield f"{where}.initial_options must not be empty"
    for option in chosen:
        if option not in options:
            yield f"{where}: an initial option is none of the options"


def _option(value: object, where: str, kinds: Sequence[str]) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{where} must be an option"
        return
    if extra := sorted(set(value) - {"text", "value", "description", "url"}):
        yield f"{where} has unsupported properties: {', '.join(extra)}"
    yield from text(value.get("text"), f"{where}.text", 75, kinds)
    yield from string(value.get("value"), f"{where}.value", 150, 1)
    if "description" in value:
        yield from text(value["description"], f"{where}.description", 75, kinds)


def _typed(value: Json, where: str) -> Iterator[str]:
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    if not isinstance(least, int) or not 0 <= least <= 3000:
        yield f"{where}.min_length must be 0 to 3000"
    if not isinstance(most, int) or not 1 <= most <= 3000:
        yield f"{where}.max_length must be 1 to 3000"
    elif "initial_value" in value:
        yield from string(value["initial_value"], f"{where}.initial_value", most)


def _shape(value: Json, key: str, pattern: str, where: str) -> Iterator[str]:
    if key in value and not re.fullmatch(pattern, str(value[key])):
        yield f"{where}.{key} is not of the right form: {str(value[key])[:40]!r}"
