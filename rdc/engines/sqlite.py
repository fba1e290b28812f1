"""A table of a SQLite file -> columns of text and their types; a missing table is refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.engines.engine import quote_name
from rdc.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from rdc.artifacts.plan import Cell

TYPES = {int: "BIGINT", float: "DOUBLE", bytes: "BLOB"}
"""DuckDB's type of a column all of whose values SQLite stores in one way."""


def read_sqlite(
    path: Path, shown: str, table: str
) -> tuple[tuple[str, ...], list[list[Cell]], dict[str, str]]:
    """The names, rows and types of a table; SQLite types values, so a mixed column has none and stays text.

    Raises:
        SourceError: the file is no SQLite database, has no such table, or text in it is no UTF-8.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            _check_table(connection, shown, table)
            name = ".".join(map(quote_name, table.split(".")))
            cursor = connection.execute(f"SELECT * FROM {name}")  # noqa: S608  # the name is quoted
            names = tuple(column[0] for column in cursor.description)
            rows = cursor.fetchall()
    except sqlite3.Error as error:
        raise SourceError(
            Diagnostic("RDC240", f"SQLite cannot read table {table!r}: {error}", "", Place(shown))
        ) from None
    types = {}
    for index, column in enumerate(names):
        kinds = {type(row[index]) for row in rows if row[index] is not None}
        if len(kinds) == 1 and (kind := TYPES.get(kinds.pop())):
            types[column] = kind
    return names, [[_show(value) for value in row] for row in rows], types


def _check_table(connection: sqlite3.Connection, shown: str, table: str) -> None:
    """Refuse a table that is not there."""
    found = [
        row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    ]
    if table.removeprefix("main.").lower() not in map(str.lower, found):
        hint = f"It has {', '.join(sorted(found))}." if found else "It has none."
        raise SourceError(Diagnostic("RDC241", f"there is no table {table!r}", hint, Place(shown)))


def _show(value: Any) -> Cell:
    """A SQLite value as text that DuckDB casts back."""
    if isinstance(value, bytes):
        return "".join(f"\\x{byte:02X}" for byte in value)
    return value if value is None or isinstance(value, str) else str(value)
