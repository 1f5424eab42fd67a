"""What must be true of everything for Teams: sizes, the elements and their rules, and that nothing typed is markup.

Written apart from the renderer, from Microsoft's documentation; with ``CIRCLET_CARD_SCHEMA`` also Microsoft's own JSON
Schema of version 1.5, to which Teams adds charts, the people picker and lists that can be searched.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from tests.schemas import at_hand, problems

MOST = 80_000
MARKS = set("\\`*_{}[]<>#|~$^")
COMMON = {"type", "spacing", "separator"}
INPUT = COMMON | {"id", "label", "isRequired", "errorMessage", "value"}
AXES = {"title", "showTitle", "showLegend", "xAxisTitle", "yAxisTitle", "data", "fallback"}
ELEMENTS: Mapping[str, set[str]] = {
    "TextBlock": COMMON | {"text", "size", "weight", "wrap", "style"},
    "RichTextBlock": COMMON | {"inlines"},
    "Container": COMMON | {"items", "style"},
    "ColumnSet": COMMON | {"columns"},
    "Column": {"type", "width", "items"},
    "Table": COMMON | {"columns", "rows"},
    "ActionSet": COMMON | {"actions"},
    "Input.Text": INPUT | {"isMultiline", "maxLength"},
    "Input.ChoiceSet": INPUT | {"style", "choices", "choices.data", "isMultiSelect", "wrap"},
    "Input.Date": INPUT,
    "Input.Time": INPUT,
    "Input.Toggle": COMMON | {"id", "title", "value", "valueOn", "valueOff", "wrap"},
    "Chart.VerticalBar": COMMON | AXES | {"showBarValues"},
    "Chart.VerticalBar.Grouped": COMMON | AXES | {"showBarValues"},
    "Chart.Line": COMMON | AXES,
}
RUN = {"type", "text", "size", "weight", "color", "isSubtle", "fontType", "italic", "selectAction"}
ACTION = {"type", "title", "style", "data", "associatedInputs"}
ACTIONS: Mapping[str, set[str]] = {
    "Action.Execute": ACTION | {"verb"},
    "Action.Submit": ACTION,
    "Action.OpenUrl": {"type", "title", "url"},
    "Action.ShowCard": {"type", "title", "style", "card"},
}
DATA = {"t", "s", "c", "m", "o", "msteams"}
PICKERS = ("graph.microsoft.com/users", "graph.microsoft.com/users?scope=currentContext")


def activity_problems(activity: Mapping[str, Any]) -> list[str]:
    """Of a message to be sent."""
    found = []
    if set(activity) != {"type", "summary", "attachments"} or activity["type"] != "message":
        found.append(f"an activity of {sorted(activity)}")
    if len(activity["attachments"]) != 1 or not activity["summary"].strip():
        found.append("a message has one card, and words for its notification")
    if (weight := _weight(activity)) > MOST:
        found.append(f"a message of {weight} bytes")
    return [*found, *_characters(activity["summary"], "summary"), *_attached(activity["attachments"][0])]


def dialog_problems(dialog: Mapping[str, Any]) -> list[str]:
    """Of a task module's content."""
    found = []
    if set(dialog) != {"title", "height", "width", "card"} or not 0 < len(dialog["title"]) <= 64:
        found.append(f"a dialog of {sorted(dialog)}")
    if {dialog["height"], dialog["width"]} - {"small", "medium", "large"}:
        found.append("a dialog's size")
    if (weight := _weight(dialog)) > MOST:
        found.append(f"a dialog of {weight} bytes")
    return [*found, *_attached(dialog["card"], dialog=True)]


def card_problems(card: Mapping[str, Any], *, dialog: bool = False) -> list[str]:
    """Of a bare card."""
    found = [*_card(card, "card", dialog=dialog, nested=False), *_text(card, "card")]
    ids = [one["id"] for one in inputs(card)]
    if len(set(ids)) < len(ids):
        found.append("two inputs have one id")
    if (valid := at_hand("CIRCLET_CARD_SCHEMA", "AdaptiveCard")) is not None:
        found += problems(_without_what_teams_adds(card), valid)
    return found


def inputs(card: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All of a card, those that unfold too, in order."""
    for value in _inside(card):
        if str(value.get("type", "")).startswith("Input."):
            yield value


def _inside(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from _inside(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _inside(inner)


def _weight(value: Any) -> int:
    return max(len(json.dumps(value)), len(json.dumps(value, ensure_ascii=False).encode("utf-16-le", "replace")))


def _attached(attachment: Mapping[str, Any], *, dialog: bool = False) -> list[str]:
    known = attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    return [*([] if known else ["not a card"]), *card_problems(attachment["content"], dialog=dialog)]


# ── cards and elements ───────────────────────────────────────────────────────────────────────────────────────────────


def _card(card: Mapping[str, Any], at: str, *, dialog: bool, nested: bool) -> Iterator[str]:
    if set(card) - {"type", "version", "body", "actions"} or card["type"] != "AdaptiveCard":
        yield f"{at}: a card of {sorted(card)}"
    if card["version"] != "1.5" or not card["body"]:
        yield f"{at}: version {card['version']}, {len(card['body'])} elements"
    for number, element in enumerate(card["body"]):
        yield from _element(element, f"{at}.body[{number}]", dialog=dialog, nested=nested)
    yield from _actions(card.get("actions", []), f"{at}.actions", dialog=dialog, nested=nested)


def _element(element: Mapping[str, Any], at: str, *, dialog: bool, nested: bool) -> Iterator[str]:
    kind = element["type"]
    if unknown := set(element) - ELEMENTS.get(kind, set()):
        yield f"{at}: {kind} with {sorted(unknown)}"
    match kind:
        case "TextBlock":
            yield from _marked(element["text"], f"{at}.text")
            if not element.get("wrap") or not element["text"].strip():
                yield f"{at}: a blank text, or one that does not wrap"
        case "RichTextBlock":
            yield from _runs(element["inlines"], at)
        case "Container":
            yield from _all(element["items"], f"{at}.items", dialog=dialog, nested=nested)
        case "ColumnSet":
            for number, column in enumerate(element["columns"]):
                yield from _element(column, f"{at}.columns[{number}]", dialog=dialog, nested=nested)
        case "Column":
            yield from (_all(element["items"], f"{at}.items", dialog=dialog, nested=nested) if element["items"] else ())
        case "Table":
            yield from _table(element, at)
        case "ActionSet":
            yield from _actions(element["actions"], f"{at}.actions", dialog=dialog, nested=nested) or ()
            if not element["actions"]:
                yield f"{at}: no action"
        case _ if kind.startswith("Chart."):
            yield from _chart(element, at)
        case _ if kind.startswith("Input."):
            yield from _input(element, at)


def _all(elements: list[Any], at: str, *, dialog: bool, nested: bool) -> Iterator[str]:
    if not elements:
        yield f"{at}: empty"
    for number, element in enumerate(elements):
        yield from _element(element, f"{at}[{number}]", dialog=dialog, nested=nested)


def _runs(runs: list[Any], at: str) -> Iterator[str]:
    if not any(run["text"].strip() for run in runs):
        yield f"{at}: blank"
    for run in runs:
        if run["type"] != "TextRun" or set(run) - RUN or not run["text"] or "\n" in run["text"]:
            yield f"{at}: a run of {sorted(run)}"
        if "selectAction" in run:
            yield from _address(run["selectAction"]["url"], at)


def _table(table: Mapping[str, Any], at: str) -> Iterator[str]:
    width = len(table["columns"])
    if not 1 <= width <= 6 or not table["rows"]:
        yield f"{at}: a table of {width} columns"
    for row in table["rows"]:
        if len(row["cells"]) != width:
            yield f"{at}: a row of {len(row['cells'])}"
        for cell in row["cells"]:
            yield from _all(cell["items"], f"{at}.cell", dialog=False, nested=True)


def _chart(chart: Mapping[str, Any], at: str) -> Iterator[str]:
    points = [point for one in chart["data"] for point in one.get("values", [one])]
    if not points or not all(isinstance(one["x"], str) and isfinite(one["y"]) for one in points):
        yield f"{at}: a chart without points, or with one that is no number"
    fallback = chart.get("fallback")
    if not isinstance(fallback, Mapping):
        yield f"{at}: a chart without words"
    else:
        yield from _element(fallback, f"{at}.fallback", dialog=False, nested=True)


# ── inputs ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _input(element: Mapping[str, Any], at: str) -> Iterator[str]:
    if not re.fullmatch(r"[fpm]\d*\..+", element["id"], re.DOTALL):
        yield f"{at}: id {element['id']}"
    said = element["title"] if element["type"] == "Input.Toggle" else element["label"]
    if not said.strip():
        yield f"{at}: nothing says what is asked"
    if element.get("isRequired") and not element.get("errorMessage", "").strip():
        yield f"{at}: nothing says that it is missing"
    match element["type"]:
        case "Input.Toggle":
            yield from _marked(element["title"], f"{at}.title")
            if {element["value"], element["valueOn"], element["valueOff"]} - {"yes", "no"}:
                yield f"{at}: neither yes nor no"
        case "Input.ChoiceSet":
            yield from _choices(element, at)
        case "Input.Text" if len(element.get("value", "")) > element["maxLength"]:
            yield f"{at}: longer than it may be"
        case "Input.Date" if not re.fullmatch(r"\d{4}-\d\d-\d\d|", element.get("value", "")):
            yield f"{at}: no day"
        case "Input.Time" if not re.fullmatch(r"\d\d:\d\d|", element.get("value", "")):
            yield f"{at}: no time"


def _choices(element: Mapping[str, Any], at: str) -> Iterator[str]:
    choices, picker = element["choices"], element.get("choices.data")
    values = [one["value"] for one in choices]
    if picker is not None:
        if picker != {"type": "Data.Query", "dataset": picker["dataset"]} or picker["dataset"] not in PICKERS:
            yield f"{at}: looks in {picker}"
        return
    if not choices or len(set(values)) < len(values) or not all(value.strip() for value in values):
        yield f"{at}: no choice, or one of them twice"
    chosen = element.get("value", "").split(",") if element.get("isMultiSelect") else [element.get("value", "")]
    if set(filter(None, chosen)) - set(values):
        yield f"{at}: {chosen} cannot be chosen"
    if element.get("isMultiSelect") and any("," in value for value in values):
        yield f"{at}: a comma would part a value in two"
    for one in choices:
        if not one["title"].strip():
            yield f"{at}: a choice without a name"
        if element["style"] == "expanded":
            yield from _marked(one["title"], f"{at}.choices")


# ── actions ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _actions(actions: list[Any], at: str, *, dialog: bool, nested: bool) -> Iterator[str]:
    if len(actions) > 6:
        yield f"{at}: {len(actions)} in a row"
    for action in actions:
        kind = action["type"]
        if set(action) - ACTIONS.get(kind, set()) or not 0 < len(action["title"].strip()) <= 84:
            yield f"{at}: {kind} with {sorted(action)}"
        if action.get("style", "positive") not in ("positive", "destructive"):
            yield f"{at}: style {action['style']}"
        match kind:
            case "Action.OpenUrl":
                yield from _address(action["url"], at)
            case "Action.ShowCard" if dialog or nested:
                yield f"{at}: unfolds where nothing can"
            case "Action.ShowCard":
                yield from _card(action["card"], f"{at}.card", dialog=False, nested=True)
            case "Action.Execute" if dialog:
                yield f"{at}: a dialog knows only Submit"
            case _:
                yield from _sent(action, at, dialog=dialog)


def _sent(action: Mapping[str, Any], at: str, *, dialog: bool) -> Iterator[str]:
    data = action["data"]
    if set(data) - DATA or not 0 < len(data["t"]) <= 255:
        yield f"{at}: sends {sorted(data)}"
    if (data.get("s") == 1) == (action.get("associatedInputs") == "none"):
        yield f"{at}: a form sends its inputs, and a button none"
    if "msteams" in data and (dialog or data["msteams"] != {"type": "task/fetch"} or "s" in data):
        yield f"{at}: {data['msteams']}"
    if action["type"] == "Action.Submit" and not dialog and "msteams" not in data:
        yield f"{at}: answers in no place"


# ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _address(url: str, at: str) -> Iterator[str]:
    if not re.match(r"https?://|mailto:", url, re.IGNORECASE) or " " in url:
        yield f"{at}: leads to {url[:40]}"


def _marked(text: str, at: str) -> Iterator[str]:
    """Where a client reads Markdown there must be none."""
    if set(text) & MARKS or re.match(r"\s*([-+]|\d+[.)])\s", text) or re.search(r"://|www\.|&\w+;", text):
        yield f"{at}: could be read as markup"


def _text(value: Any, at: str) -> Iterator[str]:
    for one in _inside(value):
        for key, inner in one.items():
            if isinstance(inner, str):
                yield from _characters(inner, f"{at}.{key}")
            if key in ("text", "title", "label", "errorMessage") and re.search(
                r"\{\{(DATE|TIME)\(", inner, re.IGNORECASE
            ):
                yield f"{at}.{key}: a client would carry that out"


def _characters(text: str, at: str) -> Iterator[str]:
    # What is printable holds none, and is soon told.
    if not text.isprintable() and any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in text):
        yield f"{at}: control characters"


# ── Microsoft's schema, where it is at hand ──────────────────────────────────────────────────────────────────────────


def _without_what_teams_adds(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_what_teams_adds(inner) for inner in value]
    if not isinstance(value, Mapping):
        return value
    if str(value.get("type", "")).startswith("Chart."):
        return _without_what_teams_adds(value["fallback"])
    kept = {key: _without_what_teams_adds(inner) for key, inner in value.items() if key != "choices.data"}
    return kept | ({"style": "compact"} if kept.get("style") == "filtered" else {})
