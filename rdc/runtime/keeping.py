# ruff: noqa: S608  # names are quoted, and conditions are written by `failures`
"""Rows that fail checks -> tables of the engine that number them, and the first of them as they are shown.

Those that one row alone shows are found in one scan, however many checks there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rdc.engines.engine import ROW, quote_name
from rdc.runtime.failures import SOURCE
from rdc.runtime.measures import SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rdc.runtime.failures import Failures

    Query = Callable[[str], Sequence[Sequence[Any]]]

ROW_NAME = quote_name(ROW)


@dataclass
class Keeper:
    """Keeps the rows that fail checks, each check's once.

    Attributes:
        query: runs SQL on the engine.
        over_source: makes a SELECT over the source one that knows it.
        tables: that were made.
    """

    query: Query
    over_source: Callable[[str], str]
    tables: list[str] = field(default_factory=list)
    _kept: dict[str, tuple[str, str]] = field(default_factory=dict)
    _shown: dict[str, list[Sequence[Any]]] = field(default_factory=dict)

    def keep(self, failures: Iterable[Failures]) -> None:
        """Find the rows that fail some checks, but for those that are kept."""
        new = {one.rows: one for one in failures if one.rows not in self._kept}
        alone = [rows for rows, one in new.items() if not one.query]
        if alone:
            flags = {rows: quote_name(f"fails_{at}") for at, rows in enumerate(alone)}
            told = ", ".join(
                f"coalesce({new[rows].condition}, FALSE) AS {flag}" for rows, flag in flags.items()
            )
            any_ = " OR ".join(flags.values())
            table = self._make(f'SELECT {ROW_NAME} AS "row", {told} FROM {SOURCE} WHERE {any_}')
            self._kept |= {rows: (table, flag) for rows, flag in flags.items()}
        for rows in new.keys() - set(alone):
            self._kept[rows] = (self._make(f'SELECT {ROW_NAME} AS "row" FROM ({rows})'), "TRUE")

    def name_rows(self, failures: Failures) -> str:
        """A SELECT of the numbers of the rows that fail a check, which is kept."""
        table, flag = self._kept[failures.rows]
        return f'SELECT "row" FROM {table} WHERE {flag}'

    def show(self, failures: Failures, others: Iterable[Failures]) -> list[Sequence[Any]]:
        """The first of the rows that fail a check: number and values of each.

        Args:
            failures: of the check, which is kept.
            others: that will be asked for, and are found beside it.
        """
        if _key(failures) not in self._shown:
            new = {_key(one): one for one in (failures, *others) if _key(one) not in self._shown}
            self._find_first(new)
        return self._shown[_key(failures)]

    def _find_first(self, failures: dict[str, Failures]) -> None:
        """Find the first rows of several checks, with the values of all."""
        firsts = (self._kept[one.rows] for one in failures.values())
        told = [f'(SELECT min("row", {SHOWN}) FROM {table} WHERE {flag})' for table, flag in firsts]
        (numbers,) = self.query(f"SELECT {', '.join(told)}")
        wanted = sorted({row for rows in numbers for row in rows or ()})
        columns = [*dict.fromkeys(value.sql for one in failures.values() for value in one.shown)]
        found = {}
        if wanted:
            among = f"{ROW_NAME} IN ({', '.join(map(str, wanted))})"
            sql = f"SELECT {', '.join([ROW_NAME, *columns])} FROM {SOURCE} WHERE {among}"
            found = {row: dict(zip(columns, cells, strict=True)) for row, *cells in self._run(sql)}
        for (key, one), rows in zip(failures.items(), numbers, strict=True):
            self._shown[key] = [[row, *(found[row][value.sql] for value in one.shown)] for row in rows or ()]

    def _make(self, sql: str) -> str:
        """Make a table of a SELECT over the source, and tell its name, quoted."""
        name = f"{ROW}_failing_{len(self.tables)}"
        self.query(f"CREATE OR REPLACE TABLE {quote_name(name)} AS {self.over_source(sql)}")
        self.tables.append(name)
        return quote_name(name)

    def _run(self, sql: str) -> Sequence[Sequence[Any]]:
        return self.query(self.over_source(sql))


def _key(failures: Failures) -> str:
    """Two checks of the same rows may show other columns."""
    return " ".join([failures.rows, *(value.sql for value in failures.shown)])
