# ruff: noqa: S608  # names are quoted, and rows are numbers
"""Rows that must not be published -> `quarantine.parquet`, each whole as it was read, with every reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.engines.engine import ROW, quote_name
from rdc.runtime.publisher import write_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rdc.engines.engine import Engine, StagedTable

ROW_NAME = quote_name(ROW)


class Quarantine:
    """The rows of one run that are kept back, in a table of the engine: `row`, `reason`."""

    def __init__(self, engine: Engine, table: str = "quarantined") -> None:
        self._engine = engine
        self._table = quote_name(table)
        engine.execute(f'CREATE OR REPLACE TABLE {self._table} ("row" BIGINT, reason VARCHAR)')

    def add(self, query: str) -> None:
        """Keep back what a SELECT of row and reason returns."""
        self._engine.execute(f"INSERT INTO {self._table} {query}")

    def add_rows(self, rows: Iterable[int], reason: str) -> None:
        """Keep back rows by their numbers, all for one reason."""
        self._engine.execute(f"INSERT INTO {self._table} SELECT unnest(?::BIGINT[]), ?", [list(rows), reason])

    def add_table(self, table: str, reason: str) -> None:
        """Keep back the rows that a table of `row` names, all for one reason."""
        self._engine.execute(f'INSERT INTO {self._table} SELECT "row", ? FROM {quote_name(table)}', [reason])

    def take_out(self, table: str) -> None:
        """Remove from a table the rows that are kept back."""
        inside = f'{ROW_NAME} IN (SELECT "row" FROM {self._table})'
        if self._engine.query(f"SELECT 1 FROM {quote_name(table)} WHERE {inside} LIMIT 1"):
            self._engine.make(
                table, f"SELECT * FROM {quote_name(table)} WHERE NOT {inside} ORDER BY {ROW_NAME}"
            )

    def count(self) -> int:
        """How many rows are kept back."""
        return int(self._engine.query(f'SELECT count(DISTINCT "row") FROM {self._table}')[0][0])

    def reasons(self) -> dict[str, int]:
        """How many rows each reason keeps back, most first."""
        sql = f'SELECT reason, count(DISTINCT "row") AS n FROM {self._table} GROUP BY ALL ORDER BY n DESC, reason'
        return dict(self._engine.query(sql))

    def write(self, staged: StagedTable, path: Path) -> int:
        """Write the rows as they were read, or remove the file of an earlier run where there is none.

        The columns are those of the source, as text, then `__rdc_row` and `__rdc_reasons`, a list.

        Args:
            staged: the source, as it was read.
            path: of the parquet file.

        Returns:
            How many rows were written.
        """
        if not (rows := self.count()):
            path.unlink(missing_ok=True)
            return 0
        names = ", ".join(f"s.{quote_name(column)}" for column in staged.columns)
        query = (
            f"SELECT {names}, s.{ROW_NAME}, q.reasons AS __rdc_reasons FROM {quote_name(staged.table)} s JOIN "
            f'(SELECT "row", list_sort(list(DISTINCT reason)) AS reasons FROM {self._table} GROUP BY ALL) q '
            f'ON s.{ROW_NAME} = q."row" ORDER BY s.{ROW_NAME}'
        )
        write_table(self._engine, query, path)
        return rows
