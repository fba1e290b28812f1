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
from rdc.runtime.answers import Answers
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
SORTED = 1_000_000
"""Altered cells up to which they are written in order."""
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
    made: list[tuple[str, ...]] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
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
        table = self._table(f"step_{number}")
        answers = Answers(self.engine, table, self.functions, self.evaluator)
        run = SegmentRun(self.engine, self.relation, self.columns, table, planned, answers, key)
        run.apply()
        first = self._report_failures(run, number) if answers.failing else ""
        run.drop_answers()
        self.parts += run.parts(self._identity(), first)
        self.columns, self.relation = run.outputs, f"{run.table}_out"
        names = ", ".join([ROW_NAME, *map(quote_name, run.outputs)])
        query = f"SELECT {names} FROM {quote_name(run.table)}"
        if first:
            failed = f'SELECT "row" FROM {quote_name(self._table("failed"))}'
            self.engine.make(self.relation, f"{query} WHERE {ROW_NAME} NOT IN ({failed}) ORDER BY {ROW_NAME}")
        else:
            self.engine.define(self.relation, query)
        self.made.append((*run.relations, self.relation))

    def apply_rule(self, number: int, stage: Stage) -> None:
        """Do what a table rule does."""
        before, after = self.relation, self._table(f"step_{number}")
        ruled = f"WITH {INPUT} AS (SELECT * FROM {quote_name(before)}) {stage.sql}"
        self.engine.make(after, f"SELECT * FROM ({ruled}) ORDER BY {ROW_NAME}")
        for transform in stage.transforms:
            self._report_rule(before, after, transform, number)
        self.relation = after
        self.made.append((after,))

    def finish(self, path: Path | None) -> Applied:
        """Write down what was changed, and let go of everything but the cleaned table and the reports."""
        changes, failed = self._table("changes"), self._table("failed")
        start = time.perf_counter()
        self._write_changes(changes, path)
        seconds = time.perf_counter() - start
        if self.relation == self.staged.table:
            self.relation = self._table("step_0")
            names = ", ".join([ROW_NAME, *map(quote_name, self.columns)])
            self.engine.define(self.relation, f"SELECT {names} FROM {quote_name(self.staged.table)}")
        for relation in (*(name for names in self.made[:-1] for name in names), *self.reports):
            self.engine.drop(relation)
        by_step = sorted(self.parts, key=lambda part: (part.stage, part.transform, part.column))
        counts = {(part.transform, part.column): part.count for part in by_step}
        return Applied(
            self.relation, self.columns, changes, self._table("removed"), failed, tuple(self.errors),
            counts, tuple(self.plan), seconds,
        )  # fmt: skip

    def _table(self, what: str) -> str:
        return f"{self.name}_{what}"

    def _key(self) -> str:
        """SQL of a row's key in the source, as JSON."""
        pairs = ", ".join(f"{quote_text(column)}, {quote_name(column)}" for column in self.key)
        return f"CAST(json_object({pairs}) AS VARCHAR)" if pairs else "CAST(NULL AS VARCHAR)"

    def _identity(self) -> str:
        """A SELECT of each row's number and of its key in the source."""
        return f'SELECT {ROW_NAME} AS "row", {self._key()} AS "key" FROM {quote_name(self.staged.table)}'

    def _report_failures(self, run: SegmentRun, number: int) -> str:
        """Name the rows whose values a function failed on, each by what it failed on first; returns the table of those."""
        name = self._table(f"first_{number}")
        table, first = quote_name(self._table("failures")), quote_name(name)
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
        self.engine.drop(self._table("failures"))
        self.reports.append(name)
        return name

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
        self.engine.make(
            table,
            f'SELECT {ROW_NAME} AS "row", {items} FROM {quote_name(before)} b '
            f"JOIN {quote_name(after)} a USING ({ROW_NAME}) WHERE {some}",
        )
        self.reports.append(table)
        for at, column in enumerate(columns):
            changed = f"{quote_name(table)} t WHERE b_{at} IS DISTINCT FROM a_{at}"
            count = int(self.engine.query(f"SELECT count(*) FROM {changed}")[0][0])
            query = (
                f'SELECT t."row", k."key", t.b_{at} AS before, t.a_{at} AS after FROM {quote_name(table)} t '
                f'JOIN ({self._identity()}) k USING ("row") WHERE b_{at} IS DISTINCT FROM a_{at} ORDER BY t."row"'
            )
            if count:
                self.parts.append(Part(step, transform.name, column, query, count))

    def _write_changes(self, changes: str, path: Path | None) -> None:
        """Write down every altered cell by step, column and row; in any order where there are very many."""
        self.parts.sort(key=lambda part: (part.stage, part.column))
        if path is None or not self.parts:
            query = self._select_changes("VARCHAR", "VARCHAR")
        else:
            # Few texts that are known beforehand are written in a fraction of the time.
            for name, texts in zip(
                LISTS, ({p.column for p in self.parts}, {p.transform for p in self.parts}), strict=True
            ):
                listed = ", ".join(map(quote_text, sorted(texts)))
                self.engine.execute(f"CREATE OR REPLACE TYPE {name} AS ENUM ({listed})")
            query = self._select_changes(*LISTS)
        if path is None:
            self.engine.make(changes, query)
            return
        ordered = sum(part.count for part in self.parts) <= SORTED
        write_table(self.engine, query, path, WRITTEN, ordered=ordered)
        self.engine.define(changes, f"FROM read_parquet({quote_text(str(path))})")
        for name in LISTS:
            self.engine.execute(f"DROP TYPE IF EXISTS {name}")

    def _select_changes(self, column: str, transform: str) -> str:
        """A SELECT of every altered cell; the names of columns and transforms are of types of their own."""
        selects = [
            f'SELECT "row", "key", {quote_text(part.column)}::{column} AS "column", before, after, '
            f"{quote_text(part.transform)}::{transform} AS transform, {part.stage}::INTEGER AS step FROM ({part.query})"
            for part in self.parts
        ]
        empty = ", ".join(f"NULL::{type_} AS {name}" for name, type_ in LAYOUT.items())
        return " UNION ALL ".join(selects or [f"SELECT {empty} WHERE false"])
