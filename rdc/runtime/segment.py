# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""A planned segment -> one table of what it makes, of what was altered, and of what functions failed on.

What the engine cannot be trusted with is left as it was by the one SELECT, asked of Python, and put in its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdc.engines.engine import ROW, quote_name, quote_text
from rdc.runtime.evaluation import ERROR, FAILED, evaluate_unit, input_names, output_names
from rdc.runtime.units import left, left_out, new_value, select_chains

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rdc.artifacts.outcome import Evaluator
    from rdc.engines.engine import Engine
    from rdc.runtime.units import Segment, Step, Unit

LOOKUP = 2_000
"""Values up to which answers are looked up in a list."""
BATCH = 50_000
"""Values that are handed to the evaluator at once."""
ROW_NAME = quote_name(ROW)
KEY = quote_name("__rdc_key")


@dataclass(frozen=True, slots=True)
class Part:
    """The cells of one column that one transform altered.

    Attributes:
        query: a SELECT of row, key, before and after, in the order of the rows where the table has that.
        count: how many there are.
    """

    stage: int
    transform: str
    column: str
    query: str
    count: int


@dataclass(frozen=True, slots=True)
class Mark:
    """What a segment's table says of the cells of one column that one transform altered: all are SQL.

    Attributes:
        name: of the column that is true for them.
        condition: that makes it so.
        before: the name of the column that holds what they were.
        after: and what they are.
    """

    stage: int
    transform: str
    column: str
    name: str
    condition: str
    before: str
    after: str


@dataclass(slots=True)
class SegmentRun:
    """One segment that is being applied.

    Args:
        engine: where everything is.
        source: the table that is read; it stays as it is.
        columns: of that table, less the row's number.
        table: that is made: the columns, and beside them what was altered.
        segment: with strategies.
        functions: source by the name of the function.
        evaluator: runs them.
        key: SQL of a row's key in the table that is read; empty where it is to be looked up.
    """

    engine: Engine
    source: str
    columns: Sequence[str]
    table: str
    segment: Segment
    functions: Mapping[str, str]
    evaluator: Evaluator
    key: str = ""
    failing: list[Unit] = field(default_factory=list)
    indexed: list[Unit] = field(default_factory=list)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The columns that there are afterwards, new ones last."""
        steps = (step for unit in self.segment.units for step in unit.steps)
        in_order = sorted(steps, key=lambda step: step.place)
        made = (column for step in in_order for column in step.transform.writes)
        return tuple(dict.fromkeys([*self.columns, *made]))

    def apply(self) -> None:
        """Make the table."""
        for unit in self.segment.units:
            if unit.strategy != "sql":
                reads = ", ".join(map(quote_name, unit.reads))
                self._ask(unit, f"SELECT DISTINCT {reads} FROM {quote_name(self.source)} ORDER BY ALL")
        self.engine.execute(f"CREATE OR REPLACE TABLE {quote_name(self.table)} AS {self._select()}")
        guarded = [unit for unit in self.segment.units if unit.strategy == "sql" and left_out(unit)]
        for unit, count in zip(guarded, self._count(quote_name(left(unit)) for unit in guarded), strict=True):
            if count:
                self._mend(unit)

    def marks(self) -> list[Mark]:
        """What there is of each transform that alters a column."""
        return [mark for unit in self.segment.units for mark in self._marks(unit)]

    def parts(self, identity: str) -> list[Part]:
        """The altered cells, by transform and column; those of rows that failed before are none.

        Args:
            identity: a SELECT of each row and its key, for a table that does not have the key.
        """
        marks = self.marks()
        key, joined = f"t.{KEY}", ""
        if not self.key:
            key, joined = 'k."key"', f' JOIN ({identity}) k ON k."row" = t.{ROW_NAME}'
        parts = []
        for mark, count in zip(marks, self._count(mark.name for mark in marks), strict=True):
            query = (
                f'SELECT t.{ROW_NAME} AS "row", {key} AS "key", t.{mark.before} AS before, t.{mark.after} AS after '
                f"FROM {quote_name(self.table)} t{joined} WHERE t.{mark.name}"
            )
            if count:
                parts.append(Part(mark.stage, mark.transform, mark.column, query, count))
        return parts

    def failures(self) -> str:
        """A SELECT of every failure: row, stage, place, transform, given, error; empty where there is none."""
        return " UNION ALL ".join(map(self._failures, self.failing))

    def forget_failed(self, first: str) -> None:
        """Take back what was altered in rows from the stage on that they failed in.

        Args:
            first: a table of `row` and `stage`.
        """
        items = ", ".join(f"{m.name} = t.{m.name} AND {m.stage} < f.stage" for m in self.marks())
        if items:
            self.engine.execute(
                f"UPDATE {quote_name(self.table)} t SET {items} FROM {quote_name(first)} f "
                f'WHERE t.{ROW_NAME} = f."row"'
            )

    def drop_answers(self) -> None:
        """Let go of what was asked of Python."""
        for unit in self.segment.units:
            self.engine.execute(f"DROP TABLE IF EXISTS {quote_name(self._answers(unit))}")
        for unit in self.indexed:
            self.engine.execute(f"DROP TYPE {_own(unit, 'values')}")
            for name in (*output_names(unit), FAILED, ERROR):
                self.engine.execute(f"RESET VARIABLE {_own(unit, name)}")

    def _count(self, conditions: Iterable[str]) -> Sequence[int]:
        """How many rows of the table hold each condition."""
        items = ", ".join(f"coalesce(count_if({condition}), 0)" for condition in conditions)
        return self.engine.query(f"SELECT {items} FROM {quote_name(self.table)}")[0] if items else ()

    def _answers(self, unit: Unit) -> str:
        """The table of what Python made of values."""
        return f"{self.table}_{unit.name}"

    def _ask(self, unit: Unit, query: str) -> None:
        """Put what a SELECT returns through a unit's functions, and keep the answers."""
        table, failed = self._answers(unit), False
        names = (*input_names(unit), *output_names(unit), FAILED, ERROR)
        self.engine.load(table, dict.fromkeys(names, ()))
        for batch in self.engine.batches(query, BATCH):
            columns = evaluate_unit(unit, batch, self.functions, self.evaluator)
            failed = failed or any(error is not None for error in columns[ERROR])
            self.engine.append(table, columns)
        if failed:
            self.failing.append(unit)
        if unit.strategy == "values" and len(unit.reads) == 1:
            self._index(unit)

    def _index(self, unit: Unit) -> None:
        """Make the answers about few values lists that are looked up by place: a join would mix up the rows."""
        answers = quote_name(self._answers(unit))
        known = self.engine.query(f"SELECT count(*) FROM {answers} WHERE in_0 IS NOT NULL")[0][0]
        if not 0 < known <= LOOKUP:
            return
        order = "(SELECT in_0 FROM {} WHERE in_0 IS NOT NULL ORDER BY in_0)"
        self.engine.execute(f"CREATE OR REPLACE TYPE {_own(unit, 'values')} AS ENUM {order.format(answers)}")
        for name in (*output_names(unit), FAILED, ERROR):
            # What stands for null is the first of the list.
            self.engine.execute(
                f"SET VARIABLE {_own(unit, name)} = (SELECT list({name} ORDER BY in_0 NULLS FIRST) FROM "
                f"(SELECT in_0, {name} FROM {answers} UNION ALL SELECT NULL, NULL WHERE {known} = "
                f"(SELECT count(*) FROM {answers})))"
            )
        self.indexed.append(unit)

    def _select(self) -> str:
        """The one SELECT: what is made of all columns, which cells were altered, and which were left."""
        units = self.segment.units
        source = select_chains([unit for unit in units if unit.strategy == "sql"], quote_name(self.source))
        asked = [unit for unit in units if unit.strategy != "sql"]
        joins = "".join(self._join(unit) for unit in asked if unit not in self.indexed)
        for unit in self.indexed:
            source = self._look_up(unit, source)
        marks = self.marks()
        altered = "".join(f", {mark.condition} AS {mark.name}" for mark in marks)
        flags = [quote_name(left(unit)) for unit in units if unit.strategy == "sql" and left_out(unit)]
        made = {column: value for unit in units for column, value in self._made(unit).items()}
        items = [ROW_NAME, *(f"{made.get(c, quote_name(c))} AS {quote_name(c)}" for c in self.outputs)]
        items += [*(mark.name for mark in marks), *flags]
        items += [
            f"{value} AS {name}" for unit in units for name, value in self._past(unit, self._values(unit))
        ]
        if self.key:
            some = " OR ".join([*(mark.name for mark in marks), *flags]) or "false"
            items.append(f"CASE WHEN {some} THEN {self.key} END AS {KEY}")
        return f"SELECT {', '.join(items)} FROM (SELECT *{altered} FROM {source} s{joins})"

    def _look_up(self, unit: Unit, relation: str) -> str:
        """A relation with a unit's answers beside its columns, for one whose answers are lists."""
        place, reads = _own(unit, "place"), quote_name(unit.reads[0])
        at = f"coalesce(enum_code(CAST({reads} AS {_own(unit, 'values')}))::INTEGER + 2, 1)"
        names = [*output_names(unit), *([FAILED, ERROR] if unit in self.failing else [])]
        found = ", ".join(
            f"getvariable({quote_text(f'__rdc_{unit.name}_{name}')})[{place}] AS {_own(unit, name)}"
            for name in names
        )
        return f"(SELECT *, {found} FROM (SELECT *, {at} AS {place} FROM {relation}))"

    def _join(self, unit: Unit) -> str:
        """The join to a unit's answers, whose columns get names of their own."""
        names = (*input_names(unit), *output_names(unit), FAILED, ERROR)
        renamed = ", ".join(f"{name} AS {_own(unit, name)}" for name in names)
        same = " AND ".join(
            f"{quote_name(column)} IS NOT DISTINCT FROM {_own(unit, name)}"
            for column, name in zip(unit.reads, input_names(unit), strict=True)
        )
        return f" LEFT JOIN (SELECT {renamed} FROM {quote_name(self._answers(unit))}) ON {same}"

    def _values(self, unit: Unit) -> list[str]:
        """What a unit reads and makes, step by step or column by column, in the SELECT."""
        if unit.strategy == "sql":
            named = [*(text.column for text in unit.lowered[1:]), new_value(unit)]
            return [quote_name(unit.reads[0]), *map(quote_name, named)]
        answers = [_own(unit, name) for name in output_names(unit)]
        return [quote_name(unit.reads[0]), *answers] if unit.is_chain else answers

    def _made(self, unit: Unit) -> dict[str, str]:
        """What becomes of the columns that a unit writes; one that Python is to be asked about, or failed on, stays."""
        stays = ""
        if unit.strategy != "sql":
            stays = f"{_own(unit, ERROR)} IS NOT NULL" if unit in self.failing else ""
        elif left_out(unit):
            stays = quote_name(left(unit))
        values = self._values(unit)[-len(unit.writes) :]
        made = {}
        for column, value in zip(unit.writes, values, strict=True):
            before = quote_name(column) if column in self.columns else "NULL"
            made[column] = f"CASE WHEN {stays} THEN {before} ELSE {value} END" if stays else value
        return made

    def _marks(self, unit: Unit) -> Iterator[Mark]:
        """What there is of each of a unit's transforms and columns."""
        values, failed, guard = self._values(unit), "", ""
        if unit.strategy == "sql" and left_out(unit):
            guard = f"NOT {quote_name(left(unit))}"
        elif unit in self.failing and unit.strategy != "sql":
            failed = _own(unit, FAILED)
        for at, (step, column, conditions) in enumerate(_alterations(unit, self.columns, values, failed)):
            condition = " AND ".join(filter(None, (guard, conditions)))
            after = _own(unit, f"past_{at + 1}") if at + 1 < len(unit.steps) else quote_name(column)
            name, before = _own(unit, f"altered_{at}"), _own(unit, f"past_{at}")
            yield Mark(step.stage, step.transform.name, column, name, f"({condition})", before, after)

    def _past(self, unit: Unit, values: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The columns that hold what altered cells were, and between steps what they became."""
        marks = list(self._marks(unit))
        befores = values if unit.is_chain else [quote_name(mark.column) for mark in marks]
        for at, mark in enumerate(marks):
            names = [mark.name, marks[at - 1].name] if unit.is_chain and at else [mark.name]
            yield mark.before, f"CASE WHEN {' OR '.join(names)} THEN {befores[at]} END"

    def _mend(self, unit: Unit) -> None:
        """Ask Python about the values that SQL left, and put its answers in their place."""
        table, column, flag = quote_name(self.table), quote_name(unit.writes[0]), quote_name(left(unit))
        self._ask(unit, f"SELECT DISTINCT {column} FROM {table} WHERE {flag} ORDER BY ALL")
        values = [f"m.{name}" for name in (*input_names(unit), *output_names(unit))]
        marks = list(self._marks(unit))
        changed = [c for _, _, c in _alterations(unit, self.columns, values, f"m.{FAILED}")]
        items = [f"{column} = CASE WHEN m.{ERROR} IS NULL THEN {values[-1]} ELSE t.{column} END"]
        items += [f"{mark.name} = ({condition})" for mark, condition in zip(marks, changed, strict=True)]
        for at, mark in enumerate(marks):
            some = " OR ".join(f"({condition})" for condition in changed[max(at - 1, 0) : at + 1])
            items.append(f"{mark.before} = CASE WHEN {some} THEN {values[at]} END")
        self.engine.execute(
            f"UPDATE {table} t SET {', '.join(items)} FROM {quote_name(self._answers(unit))} m "
            f"WHERE t.{flag} AND t.{column} IS NOT DISTINCT FROM m.in_0"
        )

    def _failures(self, unit: Unit) -> str:
        """A SELECT of what the functions of one unit failed on."""
        befores = [f"m.{name}" for name in input_names(unit)]
        at = f"m.{FAILED}::INTEGER"
        if unit.is_chain:
            befores += [f"m.{name}" for name in output_names(unit)]
        given = f"[[{'], ['.join(befores)}]][{at}]" if unit.is_chain else f"[{', '.join(befores)}]"
        stages = ", ".join(str(step.stage) for step in unit.steps)
        places = ", ".join(str(step.place) for step in unit.steps)
        names = ", ".join(quote_text(step.transform.name) for step in unit.steps)
        same = " AND ".join(
            f"s.{quote_name(column)} IS NOT DISTINCT FROM m.{name}"
            for column, name in zip(unit.reads, input_names(unit), strict=True)
        )
        return (
            f'SELECT s.{ROW_NAME} AS "row", [{stages}][{at}] AS stage, [{places}][{at}] AS place, '
            f"[{names}][{at}] AS transform, {given} AS given, m.{ERROR} AS error FROM {quote_name(self.source)} s "
            f"JOIN {quote_name(self._answers(unit))} m ON {same} WHERE m.{ERROR} IS NOT NULL"
        )


def _own(unit: Unit, name: str) -> str:
    """The name of a column that belongs to one unit."""
    return quote_name(f"__rdc_{unit.name}_{name}")


def _alterations(
    unit: Unit, columns: Sequence[str], values: Sequence[str], failed: str
) -> Iterator[tuple[Step, str, str]]:
    """Each step and column that a unit may alter, and the condition that it did.

    Args:
        unit: a chain, or one function.
        columns: that there are before; what is made anew is not altered.
        values: of a chain what is read and what each step makes, else what each column becomes.
        failed: SQL of the step that failed; empty where none did.
    """
    if unit.is_chain:
        for at, step in enumerate(unit.steps):
            condition = f"{values[at]} IS DISTINCT FROM {values[at + 1]}"
            reached = f"coalesce({failed}::INTEGER > {at + 1}, true) AND " if failed else ""
            yield step, unit.writes[0], reached + condition
        return
    for column, value in zip(unit.writes, values, strict=True):
        if column in columns:
            condition = f"{quote_name(column)} IS DISTINCT FROM {value}"
            yield unit.steps[0], column, f"{failed} IS NULL AND {condition}" if failed else condition
