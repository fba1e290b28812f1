# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""Stages and functions -> the cleaned table, every change, and the values that a function failed on.

Functions run over distinct values, in the evaluator. A row whose value made a function raise goes no
further: it is named in `failed`, and whoever runs the stages keeps it back or refuses to publish.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from rdc.artifacts.stage import INPUT, map_table
from rdc.engines.engine import ROW, quote_name, quote_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Cell
    from rdc.artifacts.stage import Stage
    from rdc.artifacts.transform import Transform
    from rdc.engines.engine import Engine, StagedTable

BATCH = 50_000
"""Distinct values that are handed to the evaluator at once."""
ROW_NAME = quote_name(ROW)


@dataclass(frozen=True, slots=True)
class FunctionError:
    """A function that raised, or ran out of time or memory, on values of the source."""

    transform: str
    values: int
    rows: int
    message: str
    """Of the first value."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What the stages made, as tables of the engine.

    Attributes:
        table: the cleaned rows, every column as text.
        columns: of that table, less the row's number.
        changes: one row for each altered cell and transform: `row`, `key` (the source's key columns as
            JSON text, null where the cleaner has no key), `column`, `before`, `after`, `transform`,
            `step` (from 1). Cells of a column that a transform makes are no changes.
        removed: rows that a `unique` rule took out: `row`, `key`, `transform`, `step`.
        failed: rows that a function failed on: `row`, `reason`.
        errors: the same, counted.
    """

    table: str
    columns: tuple[str, ...]
    changes: str
    removed: str
    failed: str
    errors: tuple[FunctionError, ...]


def apply_stages(
    engine: Engine,
    staged: StagedTable,
    stages: Sequence[Stage],
    functions: Mapping[str, str],
    evaluator: Evaluator,
    *,
    key: Sequence[str] = (),
    name: str = "clean",
) -> Applied:
    """Apply stages in order.

    Args:
        engine: where the source is staged.
        staged: the source as it was read, or as the contract left it; its table stays as it is.
        stages: as lowered.
        functions: source by the name of the function, of every column and row function.
        evaluator: runs the functions.
        key: the cleaner's key.
        name: what the tables that are made begin with.
    """
    applied = _create_reports(engine, name, len(stages))
    identity = _identify(staged, key)
    before = f"{name}_step_0"
    engine.execute(
        f"CREATE OR REPLACE TABLE {quote_name(before)} AS SELECT * FROM {quote_name(staged.table)}"
    )
    errors: list[FunctionError] = []
    for step, stage in enumerate(stages, 1):
        after = f"{name}_step_{step}"
        for transform in stage.transforms:
            if transform.kind != "rule":
                _fill_map(engine, before, transform, functions, evaluator)
                errors += _collect_failures(engine, before, transform, applied.failed)
        _take_step(engine, before, after, stage, applied.failed)
        _record_step(engine, (before, after), stage.transforms, step, identity=identity, applied=applied)
        engine.execute(f"DROP TABLE {quote_name(before)}")
        before = after
    columns = tuple(column for column in engine.columns(applied.table) if column != ROW)
    return replace(applied, columns=columns, errors=tuple(errors))


def count_changes(engine: Engine, changes: str) -> dict[tuple[str, str], int]:
    """How many cells each transform altered in each column, in the order of the steps."""
    found = engine.query(
        f'SELECT transform, "column", count(*) FROM {quote_name(changes)} GROUP BY ALL ORDER BY min(step), 1, 2'
    )
    return {(transform, column): count for transform, column, count in found}


def _create_reports(engine: Engine, name: str, steps: int) -> Applied:
    """Make empty tables of changed cells, removed rows and failed rows."""
    applied = Applied(f"{name}_step_{steps}", (), f"{name}_changes", f"{name}_removed", f"{name}_failed", ())
    layouts = {
        applied.changes: '"row" BIGINT, "key" VARCHAR, "column" VARCHAR, before VARCHAR, after VARCHAR, '
        "transform VARCHAR, step INTEGER",
        applied.removed: '"row" BIGINT, "key" VARCHAR, transform VARCHAR, step INTEGER',
        applied.failed: '"row" BIGINT, reason VARCHAR',
    }
    for table, layout in layouts.items():
        engine.execute(f"CREATE OR REPLACE TABLE {quote_name(table)} ({layout})")
    return applied


def _identify(staged: StagedTable, key: Sequence[str]) -> str:
    """A SELECT of each row's number and of its key in the source."""
    pairs = ", ".join(f"{quote_text(column)}, {quote_name(column)}" for column in key)
    value = f"CAST(json_object({pairs}) AS VARCHAR)" if key else "CAST(NULL AS VARCHAR)"
    return f'SELECT {ROW_NAME} AS "row", {value} AS "key" FROM {quote_name(staged.table)}'


def _fill_map(
    engine: Engine, table: str, transform: Transform, functions: Mapping[str, str], evaluator: Evaluator
) -> None:
    """Make the map table of one transform: what it makes of each distinct value that the table holds."""
    reads = ", ".join(map(quote_name, transform.reads))
    values = iter(engine.query(f"SELECT DISTINCT {reads} FROM {quote_name(table)} ORDER BY ALL"))
    names = _map_columns(transform)
    columns: dict[str, list[Cell]] = {name: [] for name in (*names[0], *names[1], "error")}
    while batch := list(islice(values, BATCH)):
        for entry in _evaluate(transform, batch, functions, evaluator):
            for held, cell in zip(columns.values(), entry, strict=True):
                held.append(cell)
    engine.load(map_table(transform.name), columns)


def _map_columns(transform: Transform) -> tuple[list[str], list[str]]:
    """The columns of a map table that hold what is read, and what is written."""
    if transform.kind != "row":
        return ["before"], ["after"]
    reads, writes = range(len(transform.reads)), range(len(transform.writes))
    return [f"in_{number}" for number in reads], [f"out_{number}" for number in writes]


def _evaluate(
    transform: Transform,
    batch: Sequence[tuple[Cell, ...]],
    functions: Mapping[str, str],
    evaluator: Evaluator,
) -> Iterator[tuple[Cell, ...]]:
    """What a transform makes of some values: read, written, error."""
    if transform.kind == "map":
        mapping = transform.mapping
        for (value,) in batch:
            yield value, value if value is None else mapping.get(value, value), None
    elif transform.kind == "column":
        outcomes = evaluator.map_column(functions[transform.name], transform.name, [v for (v,) in batch])
        for (value,), outcome in zip(batch, outcomes, strict=True):
            yield value, value if outcome.error else outcome.value, outcome.error
    else:
        rows = [dict(zip(transform.reads, values, strict=True)) for values in batch]
        found = evaluator.map_rows(functions[transform.name], transform.name, rows)
        for row, made in zip(rows, found, strict=True):
            values, error = ({}, made.error) if made.error else (made.values, None)
            # A column that the function reads keeps its value where it is not set.
            unset = [column for column in transform.writes if column not in values and column not in row]
            if unset and not error:
                error = f"KeyError: it set no {', '.join(unset)}"
            yield *row.values(), *(values.get(c, row.get(c)) for c in transform.writes), error


def _collect_failures(engine: Engine, table: str, transform: Transform, failed: str) -> list[FunctionError]:
    """Name the rows whose values a function failed on; none, or one error."""
    mapped = quote_name(map_table(transform.name))
    found = engine.query(f"SELECT count(*), min_by(error, {ROW_NAME}) FROM {mapped} WHERE error IS NOT NULL")
    values, message = found[0]
    if not values:
        return []
    befores, _ = _map_columns(transform)
    same = " AND ".join(
        f"i.{quote_name(column)} IS NOT DISTINCT FROM m.{before}"
        for column, before in zip(transform.reads, befores, strict=True)
    )
    joined = f"{quote_name(table)} i JOIN {mapped} m ON {same} WHERE m.error IS NOT NULL"
    reason = f"{quote_text(transform.name + ': ')} || m.error"
    engine.execute(f"INSERT INTO {quote_name(failed)} SELECT i.{ROW_NAME}, {reason} FROM {joined}")
    rows = engine.query(f"SELECT count(*) FROM {joined}")[0][0]
    return [FunctionError(transform.name, values, rows, message)]


def _take_step(engine: Engine, before: str, after: str, stage: Stage, failed: str) -> None:
    """Make the table of one step, without the rows that failed."""
    engine.execute(
        f"CREATE OR REPLACE TABLE {quote_name(after)} AS WITH {INPUT} AS (SELECT * FROM {quote_name(before)} "
        f'WHERE {ROW_NAME} NOT IN (SELECT "row" FROM {quote_name(failed)})) {stage.sql}'
    )


def _record_step(
    engine: Engine,
    tables: tuple[str, str],
    transforms: Sequence[Transform],
    step: int,
    *,
    identity: str,
    applied: Applied,
) -> None:
    """Report what a step altered in the columns that it writes, and which rows it took out."""
    known = engine.columns(tables[0])
    for transform in transforms:
        columns = [column for column in transform.writes if column in known]
        for query in _changed_cells(tables, transform, columns, identity):
            engine.execute(f"INSERT INTO {quote_name(applied.changes)} SELECT *, {step} FROM ({query})")
        if transform.kind == "rule":
            query = _removed_rows(tables, transform, applied.failed, identity)
            engine.execute(f"INSERT INTO {quote_name(applied.removed)} SELECT *, {step} FROM ({query})")


def _changed_cells(
    tables: tuple[str, str], transform: Transform, columns: Sequence[str], identity: str
) -> Iterator[str]:
    """SELECTs of the cells that differ between two steps: row, key, column, before, after, transform."""
    before, after = map(quote_name, tables)
    for column in columns:
        cell = quote_name(column)
        yield (
            f'SELECT k."row", k."key", {quote_text(column)}, b.{cell}, a.{cell}, {quote_text(transform.name)} '
            f"FROM {before} b JOIN {after} a USING ({ROW_NAME}) "
            f'JOIN ({identity}) k ON k."row" = b.{ROW_NAME} '
            f'WHERE b.{cell} IS DISTINCT FROM a.{cell} ORDER BY k."row"'
        )


def _removed_rows(tables: tuple[str, str], transform: Transform, failed: str, identity: str) -> str:
    """A SELECT of the rows that a rule took out: row, key, transform."""
    before, after = map(quote_name, tables)
    return (
        f'SELECT k."row", k."key", {quote_text(transform.name)} '
        f'FROM {before} b JOIN ({identity}) k ON k."row" = b.{ROW_NAME} '
        f"WHERE b.{ROW_NAME} NOT IN (SELECT {ROW_NAME} FROM {after}) "
        f'AND b.{ROW_NAME} NOT IN (SELECT "row" FROM {quote_name(failed)}) ORDER BY k."row"'
    )
