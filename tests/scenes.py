"""What stands in a database, as a value: taken from one, and set in one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Integer, Table, bindparam, func, select

from bot.storage import Store, metadata

Scene = dict[str, list[dict[str, Any]]]
"""The rows of all tables."""

EMPTY: Scene = {}


def scene(store: Store) -> Scene:
    with store.begin() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in metadata.sorted_tables
        }


def set_scene(store: Store, found: Scene) -> None:
    """Exactly these rows, and the numbers that the database gives go on after them.

    By DELETE: on tables as small as a test's, TRUNCATE takes twenty times as long.
    """
    with store.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        for table in metadata.sorted_tables:
            if rows := found.get(table.name):
                _insert(connection, table, rows)
        if connection.dialect.name == "postgresql":
            _number_after(connection, found)


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Somebody's manager may come after them: whom a row of the same table names is told when all are there."""
    own = [column.name for column in table.c if any(key.column.table is table for key in column.foreign_keys)]
    connection.execute(table.insert(), [{**row, **dict.fromkeys(own)} for row in rows])
    for name in own:
        if naming := [{"this": row["id"], "named": row[name]} for row in rows if row[name] is not None]:
            this = table.update().where(table.c.id == bindparam("this"))
            connection.execute(this.values({name: bindparam("named")}), naming)


def _number_after(connection: Connection, found: Scene) -> None:
    following = {
        table.name: max((row["id"] for row in found.get(table.name, [])), default=0) + 1
        for table in metadata.sorted_tables
        if _is_numbered(table)
    }
    set_all = [
        func.setval(func.pg_get_serial_sequence(name, "id"), number, False) for name, number in following.items()
    ]
    connection.execute(select(*set_all))


def _is_numbered(table: Table) -> bool:
    """Whether the database itself numbers the rows."""
    return "id" in table.c and isinstance(table.c.id.type, Integer)
