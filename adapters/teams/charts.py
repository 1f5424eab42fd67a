"""Tables and charts: Teams' own where they fit, otherwise words that say the same. Pure.

Chart elements are newer than version 1.5 of the schema, so each carries a ``fallback``: its values in words.
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/charts-in-adaptive-cards
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any

from microsoft_teams.cards import (
    BarChartDataValue,
    CardElement,
    ColumnDefinition,
    Container,
    GroupedVerticalBarChart,
    GroupedVerticalBarChartData,
    LineChart,
    LineChartData,
    LineChartValue,
    Table,
    TableCell,
    TableRow,
    VerticalBarChart,
    VerticalBarChartDataValue,
)

from adapters.drawing import NOTHING, as_table, distinct, figure, row_as_line, short
from adapters.teams.rich import HEADING, QUIET, dump, facts, items, paragraphs
from adapters.teams.text import weight
from bot import messages
from bot.i18n import Translator
from bot.markup import Spans, literal
from bot.messages import Chart, Series

MOST_COLUMNS = 6
"""A card is as wide as a chat: more columns have no room for words."""

MOST_TABLE = 24_000
MOST_PICTURE = 30_000
"""What a picture and its fallback may take of a card."""

MOST_SERIES = 6
MOST_POINTS = 24
MOST_LABEL = 40
MOST_TITLE = 100


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def table(content: messages.Table) -> list[CardElement]:
    """The caption, then the table; several tables when it is long, and a list where it is too wide.

    The first row is the head without being told so; of the name of that property, schema and clients differ.
    """
    head = [literal(column) for column in content.columns]
    fits = 1 <= len(head) <= MOST_COLUMNS and all(len(row) == len(head) for row in content.rows)
    rows = [_row(row) for row in content.rows] if fits else []
    if not fits or any(weight(dump(row)) > MOST_TABLE // 2 for row in (_row(head), *rows)):
        return _listed(content)
    columns = [ColumnDefinition(width=1) for _ in head]
    tables = [Table(columns=columns, rows=[_row(head), *part]) for part in _divided(rows)]
    return [*paragraphs(literal(content.caption)), *tables]


def _row(cells: tuple[Spans, ...] | list[Spans]) -> TableRow:
    return TableRow(cells=[TableCell(items=paragraphs(cell) or paragraphs(literal(NOTHING))) for cell in cells])


def _divided(rows: list[TableRow]) -> Iterator[list[TableRow]]:
    """The rows in parts, each of which a table takes below its head. No rows are one part: the head alone."""
    part: list[TableRow] = []
    room = MOST_TABLE
    for row in rows:
        taken = weight(dump(row))
        if part and taken > room:
            yield part
            part, room = [], MOST_TABLE
        part.append(row)
        room -= taken
    yield part


def _listed(content: messages.Table) -> list[CardElement]:
    """A line each row, every value with the name of its column."""
    caption = paragraphs(literal(content.caption))
    if not content.rows:
        return [*caption, *paragraphs(literal(" · ".join(content.columns)), QUIET)]
    return [*caption, *items([row_as_line(content.columns, row) for row in content.rows], ordered=False)]


# ── charts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def chart(t: Translator, content: Chart) -> list[CardElement]:
    """The picture with its words below; a table of its values where Teams' charts cannot show it."""
    if _drawable(content):
        picture = _picture(content)
        picture.fallback = Container(items=[*paragraphs(literal(content.title), HEADING), *_values(t, content)])
        if weight(dump(picture)) <= MOST_PICTURE:
            return [picture, *paragraphs(literal(content.words), QUIET)]
    of_what = facts([("", literal(content.y_label))]) if content.y_label.strip() else []
    return [*table(as_table(t, content)), *of_what]


def _values(t: Translator, content: Chart) -> list[CardElement]:
    """Every value in words, a line each series: "met: Week 1 3, Week 2 5"."""
    rows: list[tuple[str, Spans]] = []
    for series in content.series:
        values = (f"{name} {figure(t, series, at)}" for at, name in enumerate(content.categories))
        rows.append((series.name, literal(", ".join(values))))
    return facts(rows)


def _drawable(content: Chart) -> bool:
    names = [series.name for series in content.series]
    return (
        1 <= len(names) <= MOST_SERIES
        and 1 <= len(content.categories) <= MOST_POINTS
        and distinct(names, MOST_LABEL)
        and distinct(content.categories, MOST_LABEL)
        and short(content.title, MOST_TITLE)
        and all(not label or short(label, MOST_TITLE) for label in (content.x_label, content.y_label))
        and all(_complete(series, content) for series in content.series)
    )


def _complete(series: Series, content: Chart) -> bool:
    """A line may have a gap; a bar that is missing would look like a nought."""
    known = [value for value in series.values if value is not None]
    gaps = content.kind == "line" and bool(known)
    return (
        len(series.values) == len(content.categories)
        and (gaps or len(known) == len(series.values))
        and all(isfinite(value) and 0 <= value < 1e15 for value in known)
    )


def _picture(content: Chart) -> VerticalBarChart | GroupedVerticalBarChart | LineChart:
    labels: dict[str, Any] = {
        "title": content.title,
        "show_title": True,
        "show_legend": len(content.series) > 1,
        "x_axis_title": content.x_label or None,
        "y_axis_title": content.y_label or None,
    }
    if content.kind == "line":
        lines = [
            LineChartData(
                legend=series.name, values=[LineChartValue(x=name, y=value) for name, value in _points(content, series)]
            )
            for series in content.series
        ]
        return LineChart(data=lines, **labels)
    if len(content.series) == 1:
        bars = [VerticalBarChartDataValue(x=name, y=value) for name, value in _points(content, content.series[0])]
        return VerticalBarChart(data=bars, show_bar_values=True, **labels)
    groups = [
        GroupedVerticalBarChartData(
            legend=series.name, values=[BarChartDataValue(x=name, y=value) for name, value in _points(content, series)]
        )
        for series in content.series
    ]
    return GroupedVerticalBarChart(data=groups, show_bar_values=True, **labels)


def _points(content: Chart, series: Series) -> Iterator[tuple[str, float]]:
    for name, value in zip(content.categories, series.values, strict=True):
        if value is not None:
            yield name, int(value) if value == int(value) else value
