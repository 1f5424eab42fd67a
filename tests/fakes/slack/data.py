"""The limits of tables and charts. Pure.

https://docs.slack.dev/reference/block-kit/blocks/table-block and …/data-visualization-block
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.fakes.slack.elements import Json, string


def table(block: Json, where: str) -> Iterator[str]:
    rows = block.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= 100:
        yield f"{where}.rows must be 1 to 100 rows, are {len(rows) if isinstance(rows, list) else 'none'}"
        return
    widths = {len(row) if isinstance(row, list) else -1 for row in rows}
    if len(widths) != 1 or not 1 <= widths.copy().pop() <= 20:
        yield f"{where}.rows must be equally long, 1 to 20 cells"
        return
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            yield from _cell(cell, f"{where}.rows[{y}][{x}]")
    if sum(_length(rows)) > 10_000:
        yield f"{where} must have at most 10000 characters in all, has {sum(_length(rows))}"
    settings = block.get("column_settings", ())
    if len(settings) > 20:
        yield f"{where}.column_settings must be at most 20"
    for number, setting in enumerate(settings):
        if setting is not None and setting.get("align", "left") not in ("left", "center", "right"):
            yield f"{where}.column_settings[{number}].align must be left, center or right"


def _length(value: Any) -> Iterator[int]:
    """The lengths of all text inside."""
    if isinstance(value, Mapping):
        if isinstance(value.get("text"), str):
            yield len(value["text"])
        for inner in value.values():
            yield from _length(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _length(inner)


def _cell(cell: object, where: str) -> Iterator[str]:
    if not isinstance(cell, Mapping) or cell.get("type") not in ("raw_text", "rich_text"):
        yield f"{where} must be a cell of type raw_text or rich_text"
    elif cell["type"] == "raw_text":
        if extra := sorted(set(cell) - {"type", "text"}):
            yield f"{where} has unsupported properties: {', '.join(extra)}"
        yield from string(cell.get("text"), f"{where}.text", 10_000, 1)
    elif not isinstance(cell.get("elements"), list) or not cell["elements"]:
        yield f"{where}.elements must not be empty"


def chart(block: Json, where: str) -> Iterator[str]:
    yield from string(block.get("title"), f"{where}.title", 50, 1)
    body = block.get("chart")
    if not isinstance(body, Mapping):
        yield f"{where}.chart is missing"
        return
    match body.get("type"):
        case "pie":
            yield from _points(body.get("segments"), f"{where}.chart.segments", 6, above_zero=True)
        case "bar" | "line" | "area":
            yield from _axes(body, f"{where}.chart")
        case kind:
            yield f"{where}.chart.type must be pie, bar, line or area, is {kind!r}"


def _axes(body: Json, where: str) -> Iterator[str]:
    axis = body.get("axis_config")
    categories = axis.get("categories") if isinstance(axis, Mapping) else None
    if not isinstance(axis, Mapping) or not isinstance(categories, list) or not 1 <= len(categories) <= 20:
        yield f"{where}.axis_config.categories must be 1 to 20 categories"
        return
    if extra := sorted(set(axis) - {"categories", "x_label", "y_label"}):
        yield f"{where}.axis_config has unsupported properties: {', '.join(extra)}"
    for name in ("x_label", "y_label"):
        if name in axis:
            yield from string(axis[name], f"{where}.axis_config.{name}", 50, 1)
    if len(set(map(str, categories))) != len(categories):
        yield f"{where}.axis_config.categories must be unique"
    series = body.get("series")
    if not isinstance(series, list) or not 1 <= len(series) <= 6:
        yield f"{where}.series must be 1 to 6 series, are {len(series) if isinstance(series, list) else 'none'}"
        return
    names = [str(one.get("name")) for one in series if isinstance(one, Mapping)]
    if len(set(names)) != len(names):
        yield f"{where}.series must have unique names"
    for number, one in enumerate(series):
        yield from _series(one, f"{where}.series[{number}]", categories)


def _series(one: Any, where: str, categories: Sequence[str]) -> Iterator[str]:
    if not isinstance(one, Mapping):
        yield f"{where} must be a series"
        return
    yield from string(one.get("name"), f"{where}.name", 20, 1)
    yield from _points(one.get("data"), f"{where}.data", 20)
    data = one.get("data")
    labels = [point.get("label") for point in data if isinstance(point, Mapping)] if isinstance(data, list) else []
    if labels != list(categories):
        yield f"{where}.data must have the labels of axis_config.categories, in their order"


def _points(points: Any, where: str, most: int, *, above_zero: bool = False) -> Iterator[str]:
    if not isinstance(points, list) or not 1 <= len(points) <= most:
        yield f"{where} must be 1 to {most}, are {len(points) if isinstance(points, list) else 'none'}"
        return
    for number, point in enumerate(points):
        at = f"{where}[{number}]"
        if not isinstance(point, Mapping):
            yield f"{at} must be a label and a value"
            continue
        yield from string(point.get("label"), f"{at}.label", 20, 1)
        value = point.get("value")
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            yield f"{at}.value must be a number"
        elif above_zero and value <= 0:
            yield f"{at}.value must be above 0"
