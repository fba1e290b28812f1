"""Steps and rows in Python -> cleaned rows, without rdc's command; rules see the rows that are given together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from rdc.artifacts.stage import INPUT
from rdc.engines.engine import ROW, quote_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.artifacts.plan import Cell, Row, TransformKind


@dataclass(frozen=True, slots=True)
class Step:
    """One transform of a cleaner.

    Attributes:
        name: of the transform.
        kind: `column`, `row`, `map` or `rule`.
        reads: columns.
        writes: columns.
        function: of `column` and `row`.
        mapping: of `map`.
        sql: of `rule`, a SELECT over `input`, whose rows are numbered by `__rdc_row`.
    """

    name: str
    kind: TransformKind
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    function: Callable[[Cell], Cell] | Callable[[Row], Row] | None = None
    mapping: Mapping[str, Cell] | None = None
    sql: str | None = None


def apply_row(steps: Iterable[Step], row: Mapping[str, Cell]) -> Row:
    """Clean one row by all that needs no other row; a step whose columns the row lacks is passed over.

    >>> apply_row([Step("trim", "column", ("a",), ("a",), function=str.strip)], {"a": " x "})
    {'a': 'x'}
    """
    cleaned = dict(row)
    for step in steps:
        if step.kind != "rule" and all(column in cleaned for column in step.reads):
            cleaned |= _apply_step(step, cleaned)
    return cleaned


def apply_rows(steps: Sequence[Step], rows: Iterable[Mapping[str, Cell]]) -> list[Row]:
    """Clean a whole table, rules included; rows that a rule takes out are missing, the others keep their order.

    Every row must have the columns that the first one has.
    """
    table = [dict(row) for row in rows]
    for step in steps:
        if step.kind == "rule":
            table = _apply_rule(step, table)
        else:
            table = [apply_row((step,), row) for row in table]
    return table


def _apply_step(step: Step, row: Row) -> Row:
    """What one step sets."""
    if step.kind == "map":
        value = row[step.reads[0]]
        return {step.writes[0]: value if value is None else (step.mapping or {}).get(value, value)}
    if step.kind == "column":
        return {step.writes[0]: cast("Callable[[Cell], Cell]", step.function)(row[step.reads[0]])}
    made = cast("Callable[[Row], Row]", step.function)({column: row[column] for column in step.reads})
    return {column: made.get(column, row.get(column)) for column in step.writes}


def _apply_rule(step: Step, rows: list[Row]) -> list[Row]:
    """Run a rule's SQL over rows in memory; nothing to do where there are none, or they lack its columns."""
    if not rows or not step.sql or not all(column in rows[0] for column in step.reads):
        return rows
    from rdc.engines.duckdb import DuckDBEngine  # noqa: PLC0415 - a row function alone needs no engine

    engine = DuckDBEngine()
    try:
        columns = {column: [row.get(column) for row in rows] for column in rows[0]}
        engine.load(INPUT, columns)
        names = ", ".join(map(quote_name, columns))
        order = quote_name(ROW)
        found = engine.query(f"SELECT {names} FROM ({step.sql}) ORDER BY {order}")  # noqa: S608 - our own SQL
    finally:
        engine.close()
    return [dict(zip(columns, values, strict=True)) for values in found]
