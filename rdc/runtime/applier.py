# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""Stages and functions -> the cleaned table, every change, and the values that a function failed on.

A row whose value made a function raise goes no further: it is named in `failed`, and whoever runs the
stages keeps it back or refuses to publish.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rdc.artifacts.stage import INPUT
from rdc.engines.engine import ROW, quote_name, quote_text
from rdc.runtime.planner import choose_strategies, plan_segments
from rdc.runtime.publisher import write_table
from rdc.runtime.segment import Part, SegmentRun
from rdc.runtime.units import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rdc.artifacts.lowered import LoweredFunction
    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.stage import Stage
    from rdc.artifacts.transform import Transform
    from rdc.engines.engine import Engine, StagedTable

ROW_NAME = quote_name(ROW)
LISTS = ("__rdc_columns", "__rdc_transforms")
"""Types of the names that changes have, while they are written."""
WRITTEN = "DICTIONARY_SIZE_LIMIT 1000"
"""Of a file of changes: most of its columns hold too many values for a dictionary to be of use."""
LAYOUT = {
    '"row"': "BIGINT", '"key"': "VARCHAR", '"column"': "VARCHAR", "before": "VARCHAR", "after": "VARCHAR",
    "transform": "VARCHAR", "step": "INTEGER",
}  # fmt: skip
"""Of changes."""


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
        counts: of `changes`, by transform and column in the order of the steps.
        plan: how each column was done, and why.
        ordered: whether the cleaned table's rows lie in the source's order.
        seconds: that writing the changes down took.
    """

    table: str
    columns: tuple[str, ...]
    changes: str
    removed: str
    failed: str
    errors: tuple[FunctionError, ...]
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    plan: tuple[Mapping[str, Any], ...] = ()
    ordered: bool = False
    seconds: float = 0.0


def apply_stages(
    engine: Engine,
    staged: StagedTable,
    stages: Sequence[Stage],
    functions: Mapping[str, str],
    evaluator: Evaluator,
    *,
    key: Sequence[str] = (),
    name: str = "clean",
    lowered: Mapping[str, LoweredFunction] | None = None,
    path: Path | None = None,
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
        lowered: SQL by the name of the function, of those that the engine may run itself.
        path: of a parquet file that the changes are written to; they are a table of the engine without one.
    """
    application = _Application(engine, staged, functions, evaluator, tuple(key), name)
    for number, part in plan_segments(stages, lowered or {}):
        if isinstance(part, Segment):
            application.apply_segment(number, part)
        else:
            application.apply_rule(number, part)
    return application.finish(path)


@dataclass(slots=True)
class _Application:
    """Stages that are being applied: the relation that they have come to, and what there is to report."""

    engine: Engine
    staged: StagedTable
    functions: Mapping[str, str]
    evaluator: Evaluator
    key: tuple[str, ...]
    name: str
    relation: str = ""
    columns: tuple[str, ...] = ()
    last: SegmentRun | None = None
    made: list[tuple[str, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    errors: list[FunctionError] = field(default_factory=list)
    plan: list[Mapping[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.relation, self.columns = self.staged.table, self.staged.columns
        layouts = {
            self._table("removed"): '"row" BIGINT, "key" VARCHAR, transform VARCHAR, step INTEGER',
            self._table("failed"): '"row" BIGINT, reason VARCHAR',
        }
        for table, layout in layouts.items():
            self.engine.execute(f"CREATE OR REPLACE TABLE {quote_name(table)} ({layout})")

    def apply_segment(self, number: int, segment: Segment) -> None:
        """Do what one SELECT does."""
        planned = choose_strategies(self.engine, self.relation, self.staged.rows, segment)
        self.plan += (unit.describe() for unit in planned.units)
        key = self._key() if self.relation == self.staged.table else ""
        run = SegmentRun(
            self.engine, self.relation, self.columns, self._table(f"step_{number}"), planned,
            self.functions, self.evaluator, key,
        )  # fmt: skip
        run.apply()
        self._made("TABLE", run.table)
        if run.failing:
            self._report_failures(run)
        run.drop_answers()
        self.parts += run.parts(self._identity())
        self.last, self.columns, self.relation = run, run.outputs, f"{run.table}_out"
        names = ", ".join([ROW_NAME, *map(quote_name, run.outputs)])
        self.engine.execute(
            f"CREATE OR REPLACE VIEW {quote_name(self.relation)} AS SELECT {names} FROM {quote_name(run.table)} "
            f'WHERE {ROW_NAME} NOT IN (SELECT "row" FROM {quote_name(self._table("failed"))})'
        )
        self._made("VIEW", self.relation)

    def apply_rule(self, number: int, stage: Stage) -> None:
        """Do what a table rule does."""
        before, after = self.relation, self._table(f"step_{number}")
        self.engine.execute(
            f"CREATE OR REPLACE TABLE {quote_name(after)} AS "
            f"WITH {INPUT} AS (SELECT * FROM {quote_name(before)}) {stage.sql}"
        )
        self._made("TABLE", after)
        for transform in stage.transforms:
            self._report_rule(before, after, transform, number)
        self.relation, self.last = after, None

    def finish(self, path: Path | None) -> Applied:
        """Write down what was changed, and let go of everything but the cleaned table and the reports."""
        changes, failed = self._table("changes"), self._table("failed")
        start = time.perf_counter()
        ordered = self._write_changes(changes, path)
        seconds = time.perf_counter() - start
        if self.last is not None:
            self.engine.execute(
                f"DELETE FROM {quote_name(self.last.table)} "
                f'WHERE {ROW_NAME} IN (SELECT "row" FROM {quote_name(failed)})'
            )
            self.relation = self.last.table
        elif self.relation == self.staged.table:
            self.relation = self._table("step_0")
            self.engine.execute(
                f"CREATE OR REPLACE TABLE {quote_name(self.relation)} AS FROM {quote_name(self.staged.table)}"
            )
        for kind, made in reversed(self.made):
            if made != self.relation:
                self.engine.execute(f"DROP {kind} {quote_name(made)}")
        if self.last is not None:
            for column in self.engine.columns(self.relation):
                if column not in {ROW, *self.columns}:
                    self.engine.execute(
                        f"ALTER TABLE {quote_name(self.relation)} DROP COLUMN {quote_name(column)}"
                    )
        by_step = sorted(self.parts, key=lambda part: (part.stage, part.transform, part.column))
        counts = {(part.transform, part.column): part.count for part in by_step}
        return Applied(
            self.relation, self.columns, changes, self._table("removed"), failed, tuple(self.errors),
            counts, tuple(self.plan), ordered, seconds,
        )  # fmt: skip

    def _table(self, what: str) -> str:
        return f"{self.name}_{what}"

    def _made(self, kind: str, name: str) -> None:
        """Remember what is to be dropped at the end."""
        self.made.append((kind, name))

    def _key(self) -> str:
        """SQL of a row's key in the source, as JSON."""
        pairs = ", ".join(f"{quote_text(column)}, {quote_name(column)}" for column in self.key)
        return f"CAST(json_object({pairs}) AS VARCHAR)" if pairs else "CAST(NULL AS VARCHAR)"

    def _identity(self) -> str:
        """A SELECT of each row's number and of its key in the source."""
        return f'SELECT {ROW_NAME} AS "row", {self._key()} AS "key" FROM {quote_name(self.staged.table)}'

    def _report_failures(self, run: SegmentRun) -> None:
        """Name the rows whose values a function failed on, each by what it failed on first."""
        table, first = quote_name(self._table("failures")), quote_name(self._table("first"))
        self.engine.execute(f"CREATE OR REPLACE TABLE {table} AS {run.failures()}")
        self.engine.execute(
            f'CREATE OR REPLACE TABLE {first} AS SELECT "row", min(stage) AS stage FROM {table} GROUP BY ALL'
        )
        told = f'{table} JOIN {first} USING ("row", stage)'
        self.engine.execute(
            f"INSERT INTO {quote_name(self._table('failed'))} "
            f'SELECT "row", transform || \': \' || error FROM {told} ORDER BY place, "row"'
        )
        found = self.engine.query(
            f"SELECT transform, count(DISTINCT given), count(*), min_by(error, given) FROM {told} "
            "GROUP BY transform, place ORDER BY place"
        )
        self.errors += (FunctionError(*row) for row in found)
        run.forget_failed(self._table("first"))
        for name in (table, first):
            self.engine.execute(f"DROP TABLE {name}")

    def _report_rule(self, before: str, after: str, transform: Transform, step: int) -> None:
        """Report what a rule altered in the columns that it writes, and which rows it took out."""
        columns = [column for column in transform.writes if column in self.columns]
        if columns:
            self._report_altered(before, after, transform, columns, step)
        self.engine.execute(
            f"INSERT INTO {quote_name(self._table('removed'))} "
            f'SELECT k."row", k."key", {quote_text(transform.name)}, {step} '
            f'FROM {quote_name(before)} b JOIN ({self._identity()}) k ON k."row" = b.{ROW_NAME} '
            f"WHERE b.{ROW_NAME} NOT IN (SELECT {ROW_NAME} FROM {quote_name(after)}) ORDER BY 1"
        )

    def _report_altered(
        self, before: str, after: str, transform: Transform, columns: Sequence[str], step: int
    ) -> None:
        """Keep the cells that a rule altered, all of its columns by one join."""
        table = self._table(f"altered_{step}")
        pairs = [(f"b.{quote_name(c)}", f"a.{quote_name(c)}") for c in columns]
        items = ", ".join(f"{b} AS b_{at}, {a} AS a_{at}" for at, (b, a) in enumerate(pairs))
        some = " OR ".join(f"{b} IS DISTINCT FROM {a}" for b, a in pairs)
        self.engine.execute(
            f'CREATE OR REPLACE TABLE {quote_name(table)} AS SELECT {ROW_NAME} AS "row", {items} '
            f"FROM {quote_name(before)} b JOIN {quote_name(after)} a USING ({ROW_NAME}) WHERE {some}"
        )
        self._made("TABLE", table)
        for at, column in enumerate(columns):
            changed = f"{quote_name(table)} t WHERE b_{at} IS DISTINCT FROM a_{at}"
            count = int(self.engine.query(f"SELECT count(*) FROM {changed}")[0][0])
            query = (
                f'SELECT t."row", k."key", t.b_{at} AS before, t.a_{at} AS after FROM {quote_name(table)} t '
                f'JOIN ({self._identity()}) k USING ("row") WHERE b_{at} IS DISTINCT FROM a_{at} ORDER BY t."row"'
            )
            if count:
                self.parts.append(Part(step, transform.name, column, query, count))

    def _write_changes(self, changes: str, path: Path | None) -> bool:
        """Write down every altered cell by step, column and row; whether the cleaned rows lie in order."""
        self.parts.sort(key=lambda part: (part.stage, part.column))
        ordered = (
            self.last is not None
            and not self.engine.query(
                f"SELECT count(*) FROM {quote_name(self.last.table)} WHERE rowid <> {ROW_NAME}"
            )[0][0]
        )
        if path is None or not self.parts:
            query = self._select_changes("VARCHAR", "VARCHAR", ordered=ordered)
        else:
            # Few texts that are known beforehand are written in a fraction of the time.
            for name, texts in zip(
                LISTS, ({p.column for p in self.parts}, {p.transform for p in self.parts}), strict=True
            ):
                listed = ", ".join(map(quote_text, sorted(texts)))
                self.engine.execute(f"CREATE OR REPLACE TYPE {name} AS ENUM ({listed})")
            query = self._select_changes(*LISTS, ordered=ordered)
        if path is None:
            self.engine.execute(f"CREATE OR REPLACE TABLE {quote_name(changes)} AS {query}")
            return ordered
        write_table(self.engine, query, path, WRITTEN)
        self.engine.execute(
            f"CREATE OR REPLACE VIEW {quote_name(changes)} AS FROM read_parquet({quote_text(str(path))})"
        )
        for name in LISTS:
            self.engine.execute(f"DROP TYPE IF EXISTS {name}")
        return ordered

    def _select_changes(self, column: str, transform: str, *, ordered: bool) -> str:
        """A SELECT of every altered cell; the names of columns and transforms are of types of their own."""
        selects = [
            f'SELECT "row", "key", {quote_text(part.column)}::{column} AS "column", before, after, '
            f"{quote_text(part.transform)}::{transform} AS transform, {part.stage}::INTEGER AS step FROM ({part.query}"
            f"{'' if ordered or 'ORDER BY' in part.query else ' ORDER BY 1'})"
            for part in self.parts
        ]
        empty = ", ".join(f"NULL::{type_} AS {name}" for name, type_ in LAYOUT.items())
        return " UNION ALL ".join(selects or [f"SELECT {empty} WHERE false"])
