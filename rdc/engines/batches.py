"""Columns held in Python -> what DuckDB takes rows from, each with its number; Arrow refuses what is no text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdc.engines.engine import ROW, quote_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.plan import Cell


SMALL = 20_000
"""Rows up to which it is quicker to hand lists over than to load pyarrow, and pandas with it."""


def insert_lists(table: str, count: int, first: int) -> str:
    """The statement that adds rows of so many columns, each a parameter; the rows are numbered from `first`."""
    lists = "".join(f", unnest(${at}::VARCHAR[])" for at in range(1, count + 1))
    row = f"{first} + generate_subscripts($1::VARCHAR[], 1) - 1"
    return f"INSERT INTO {quote_name(table)} SELECT {row}{lists}"


def make_table(names: Sequence[str], columns: Sequence[Sequence[Cell]], first: int) -> Any:
    """Make a table of columns of one length, its rows numbered from `first`."""
    import pyarrow as pa  # noqa: PLC0415  # slow to load, and not needed for what DuckDB reads itself

    arrays = [pa.array(range(first, first + len(columns[0])), pa.int64())]
    arrays += [pa.array(column, pa.large_string()) for column in columns]
    return pa.Table.from_arrays(arrays, names=[ROW, *names])
