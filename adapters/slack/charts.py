"""Tables and charts: Slack's own where they fit, otherwise words that say the same. Pure.

https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block and …/table-block; both in messages only.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from adapters.drawing import NOTHING, Json, as_table, distinct, line, row_as_line, short
from adapters.slack.rich import facts, items, paragraphs, pieces, small_print
from adapters.slack.text import cost
from bot.i18n import Translator
from bot.markup import Plain, Spans, literal, plain
from bot.messages import Chart, Series, Table

MOST_COLUMNS = 20
MOST_ROWS = 100
MOST_TABLE = 9000
"""What one table may take; Slack allows its cells 10,000 characters, and a message must hold it."""

MOST_ROW = 4000
MOST_SERIES = 6
MOST_POINTS = 20
MOST_LABEL = 20
MOST_TITLE = 50


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def table(content: Table, native: bool) -> list[Json]:
    """The caption, then the table; several tables when it is long, and a list where it is too wide."""
    head = [_cell(literal(column)) for column in content.columns]
    rows = [[_cell(value) for value in row] for row in content.rows]
    fits = 1 <= len(head) <= MOST_COLUMNS and all(
        len(row) == len(head) and cost(row) <= MOST_ROW for row in (head, *rows)
    )
    if not native or not fits:
        return _listed(content)
    blocks = [_table([head, *part]) for part in _divided(rows, MOST_TABLE - cost(head))]
    return [*paragraphs(literal(content.caption)), *blocks]


def _table(rows: list[list[Json]]) -> Json:
    return {"type": "table", "column_settings": [{"is_wrapped": True} for _ in rows[0]], "rows": rows}


def _cell(value: Spans) -> Json:
    if all(isinstance(span, Plain) for span in value):
        return {"type": "raw_text", "text": line(plain(value)) or NOTHING}
    elements = [element for piece in pieces(value) for element in piece]
    if not elements:
        return {"type": "raw_text", "text": NOTHING}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _divided(rows: list[list[Json]], most: int) -> Iterator[list[list[Json]]]:
    """The rows in parts, each of which a table takes below its head. No rows are one part: the head alone."""
    part: list[list[Json]] = []
    room = most
    for row in rows:
        if part and (len(part) == MOST_ROWS - 1 or cost(row) > room):
            yield part
            part, room = [], most
        part.append(row)
        room -= cost(row)
    yield part


def _listed(content: Table) -> list[Json]:
    """A line each row, every value with the name of its column."""
    caption = paragraphs(literal(content.caption))
    if not content.rows:
        return [*caption, *small_print(literal(" · ".join(content.columns)))]
    return [*caption, *items((row_as_line(content.columns, row) for row in content.rows), ordered=False)]


# ── charts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def chart(t: Translator, content: Chart, native: bool) -> list[Json]:
    """The picture with its words below; a table of its values where Slack's charts cannot show it."""
    picture = _picture(content)
    if native and _drawable(content) and cost(picture) <= MOST_TABLE:
        return [picture, *small_print(literal(content.words))]
    of_what = facts([("", literal(content.y_label))]) if content.y_label.strip() else []
    return [*table(as_table(t, content), native), *of_what]


def _drawable(content: Chart) -> bool:
    names = [series.name for series in content.series]
    return (
        1 <= len(names) <= MOST_SERIES
        and 1 <= len(content.categories) <= MOST_POINTS
        and all(distinct(texts, MOST_LABEL) for texts in (names, content.categories))
        and short(content.title, MOST_TITLE)
        and all(not label or short(label, MOST_TITLE) for label in (content.x_label, content.y_label))
        and all(_complete(series, len(content.categories)) for series in content.series)
    )


def _complete(series: Series, count: int) -> bool:
    """Gaps and negative values are not documented, so they are not tried."""
    values = series.values
    return len(values) == count and all(value is not None and isfinite(value) and value >= 0 for value in values)


def _picture(content: Chart) -> Json:
    series = [
        {"name": one.name, "data": [_point(*point) for point in zip(content.categories, one.values, strict=False)]}
        for one in content.series
    ]
    axes: Json = {"categories": list(content.categories)}
    axes |= {"x_label": content.x_label} if content.x_label else {}
    axes |= {"y_label": content.y_label} if content.y_label else {}
    return {
        "type": "data_visualization",
        "title": content.title,
        "chart": {"type": content.kind, "series": series, "axis_config": axes},
    }


def _point(label: str, value: float | None) -> Json:
    return {"label": label, "value": int(value) if value is not None and value == value // 1 else value}
