# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""A planned segment -> one table of what it makes, of what was altered, and of what functions failed on.

What the engine cannot be trusted with is left as it was by the one SELECT, asked of Python, and put in its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdc.engines.engine import ROW, quote_name
from rdc.runtime.evaluation import ERROR, FAILED, output_names
from rdc.runtime.units import left, left_out, new_values, own_name, select_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdc.engines.engine import Engine
    from rdc.runtime.answers import Answers
    from rdc.runtime.units import Segment, Step, Unit

ROW_NAME = quote_name(ROW)
KEY = quote_name("__rdc_key")


@dataclass(frozen=True, slots=True)
class Part:
    """The cells of one column that one transform altered.

    Attributes:
        query: a SELECT of row, key, before and after, in the order of the rows.
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
        table: the relation that is made: the columns, and beside them what was altered, in the order of the rows.
        segment: with strategies.
        answers: of Python, which nothing was asked yet.
        key: SQL of a row's key in the table that is read; empty where it is to be looked up.
    """

    engine: Engine
    source: str
    columns: Sequence[str]
    table: str
    segment: Segment
    answers: Answers
    key: str = ""
    left: list[Unit] = field(default_factory=list)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The columns that there are afterwards, new ones last."""
        steps = (step for unit in self.segment.units for step in unit.steps)
        in_order = sorted(steps, key=lambda step: step.place)
        made = (column for step in in_order for column in step.transform.writes)
        return tuple(dict.fromkeys([*self.columns, *made]))

    @property
    def relations(self) -> tuple[str, str]:
        """What there is in the engine for as long as the table is read: what SQL made, and the table."""
        return f"{self.table}_made", self.table

    def apply(self) -> None:
        """Make the table."""
        for unit in self.segment.units:
            if unit.strategy != "sql":
                reads = ", ".join(map(quote_name, unit.reads))
                self.answers.ask(unit, f"SELECT DISTINCT {reads} FROM {quote_name(self.source)} ORDER BY ALL")
        made = self.relations[0]
        self.engine.make(made, self._select())
        guarded = [unit for unit in self.segment.units if unit.strategy == "sql" and left_out(unit)]
        counts = self._count((quote_name(left(unit)) for unit in guarded), made)
        for unit, count in zip(guarded, counts, strict=True):
            if count:
                self._ask_left(unit)
        self._mend()

    def marks(self) -> list[Mark]:
        """What there is of each transform that alters a column."""
        return [mark for unit in self.segment.units for mark in self._marks(unit)]

    def parts(self, identity: str, first: str = "") -> list[Part]:
        """The altered cells, by transform and column; those of rows that failed before are none.

        Args:
            identity: a SELECT of each row and its key, for a table that does not have the key.
            first: a table of `row` and `stage`, of the rows that failed; empty where none did.
        """
        marks = self.marks()
        key, joined = f"t.{KEY}", ""
        if not self.key:
            key, joined = 'k."key"', f' JOIN ({identity}) k ON k."row" = t.{ROW_NAME}'
        order = " ORDER BY 1" if joined or first else ""
        wheres = [f"t.{mark.name}{_before_failure(mark, first)}" for mark in marks]
        parts = []
        for mark, where, count in zip(marks, wheres, self._count(wheres, self.table), strict=True):
            query = (
                f'SELECT t.{ROW_NAME} AS "row", {key} AS "key", t.{mark.before} AS before, t.{mark.after} AS after '
                f"FROM {quote_name(self.table)} t{joined} WHERE {where}{order}"
            )
            if count:
                parts.append(Part(mark.stage, mark.transform, mark.column, query, count))
        return parts

    def failures(self) -> str:
        """A SELECT of every failure: row, stage, place, transform, given, error; empty where there is none."""
        return " UNION ALL ".join(self.answers.failures(unit, self.source) for unit in self.answers.failing)

    def drop_answers(self) -> None:
        """Let go of what was asked of Python, less what the table reads."""
        for unit in self.segment.units:
            self.answers.drop(unit)

    def _count(self, conditions: Iterable[str], relation: str) -> Sequence[int]:
        """How many rows of a relation hold each condition."""
        items = ", ".join(f"coalesce(count_if({condition}), 0)" for condition in conditions)
        return self.engine.query(f"SELECT {items} FROM {quote_name(relation)} t")[0] if items else ()

    def _select(self) -> str:
        """The one SELECT: what is made of all columns, which cells were altered, and which were left."""
        units = self.segment.units
        source = select_units([unit for unit in units if unit.strategy == "sql"], quote_name(self.source))
        asked = [unit for unit in units if unit.strategy != "sql"]
        joined = [unit for unit in asked if unit not in self.answers.listed]
        joins = "".join(self.answers.join(unit, [*map(quote_name, unit.reads)]) for unit in joined)
        for unit in asked:
            source = source if unit in joined else self.answers.look_up(unit, source)
        marks = self.marks()
        altered = "".join(f", {mark.condition} AS {mark.name}" for mark in marks)
        flags = [quote_name(left(unit)) for unit in units if unit.strategy == "sql" and left_out(unit)]
        made = {column: value for unit in units for column, value in self._made(unit).items()}
        items = [ROW_NAME, *(f"{made.get(c, quote_name(c))} AS {quote_name(c)}" for c in self.outputs)]
        items += [*(mark.name for mark in marks), *flags]
        items += [
            f"{value} AS {name}" for unit in units for name, value in self._past(unit, self._values(unit))
        ]
        items += [
            f"CASE WHEN {quote_name(left(unit))} THEN {quote_name(column)} END AS {given}"
            for unit in units
            if unit.strategy == "sql" and left_out(unit) and not unit.is_chain
            for column, given in zip(unit.reads, _name_given(unit), strict=True)
        ]
        if self.key:
            some = " OR ".join([*(mark.name for mark in marks), *flags]) or "false"
            items.append(f"CASE WHEN {some} THEN {self.key} END AS {KEY}")
        order = f" ORDER BY {ROW_NAME}" if joins else ""
        return f"SELECT {', '.join(items)} FROM (SELECT *{altered} FROM {source} s{joins}){order}"

    def _values(self, unit: Unit) -> list[str]:
        """What a unit reads and makes, step by step or column by column, in the SELECT."""
        if unit.strategy == "sql":
            made = [*map(quote_name, new_values(unit))]
            steps = [quote_name(text.column) for text in unit.lowered[1:]]
            return [quote_name(unit.reads[0]), *steps, *made] if unit.is_chain else made
        answers = [own_name(unit, name) for name in output_names(unit)]
        return [quote_name(unit.reads[0]), *answers] if unit.is_chain else answers

    def _made(self, unit: Unit) -> dict[str, str]:
        """What becomes of the columns that a unit writes; one that Python is to be asked about, or failed on, stays."""
        stays = ""
        if unit.strategy != "sql":
            stays = f"{own_name(unit, ERROR)} IS NOT NULL" if unit in self.answers.failing else ""
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
        elif unit in self.answers.failing and unit.strategy != "sql":
            failed = own_name(unit, FAILED)
        for at, (step, column, conditions) in enumerate(_alterations(unit, self.columns, values, failed)):
            condition = " AND ".join(filter(None, (guard, conditions)))
            after = own_name(unit, f"past_{at + 1}") if at + 1 < len(unit.steps) else quote_name(column)
            name, before = own_name(unit, f"altered_{at}"), own_name(unit, f"past_{at}")
            yield Mark(step.stage, step.transform.name, column, name, f"({condition})", before, after)

    def _past(self, unit: Unit, values: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The columns that hold what altered cells were, and between steps what they became."""
        marks = list(self._marks(unit))
        befores = values if unit.is_chain else [quote_name(mark.column) for mark in marks]
        for at, mark in enumerate(marks):
            names = [mark.name, marks[at - 1].name] if unit.is_chain and at else [mark.name]
            yield mark.before, f"CASE WHEN {' OR '.join(names)} THEN {befores[at]} END"

    def _ask_left(self, unit: Unit) -> None:
        """Ask Python about the values that SQL left."""
        given, made = ", ".join(_name_given(unit)), quote_name(self.relations[0])
        self.answers.ask(
            unit, f"SELECT DISTINCT {given} FROM {made} WHERE {quote_name(left(unit))} ORDER BY ALL"
        )
        self.left.append(unit)

    def _mend(self) -> None:
        """Make the table of what SQL made, with Python's answers where it left a value."""
        made, table = self.relations
        items = ", ".join(f"{sql} AS {name}" for unit in self.left for name, sql in self._mended(unit))
        joins = "".join(
            self.answers.join(
                unit, [f"t.{name}" for name in _name_given(unit)], f"t.{quote_name(left(unit))} AND "
            )
            for unit in self.left
            if unit not in self.answers.held
        )
        query = f"SELECT t.*{f' REPLACE ({items})' if items else ''} FROM {quote_name(made)} t{joins}"
        if joins:
            self.engine.make(table, f"{query} ORDER BY {ROW_NAME}")
        else:
            self.engine.define(table, query)

    def _mended(self, unit: Unit) -> Iterator[tuple[str, str]]:
        """Columns of the table, and what they are where SQL left a value of a unit."""
        flag, given = quote_name(left(unit)), _name_given(unit)
        found = {
            name: self.answers.call(unit, name, given) if unit in self.answers.held else own_name(unit, name)
            for name in self.answers.asked(unit)
        }
        fails = unit in self.answers.failing
        values = [*(given if unit.is_chain else ()), *(found[name] for name in output_names(unit))]
        held = f"{flag} AND {found[ERROR]} IS NULL" if fails else flag
        for name, value in zip(unit.writes, values[-len(unit.writes) :], strict=True):
            yield quote_name(name), _choose(held, value, quote_name(name))
        marks = list(self._marks(unit))
        befores = values if unit.is_chain else [quote_name(mark.column) for mark in marks]
        changed = [c for *_, c in _alterations(unit, self.columns, values, found[FAILED] if fails else "")]
        for at, (mark, condition) in enumerate(zip(marks, changed, strict=True)):
            first = at - 1 if unit.is_chain and at else at
            some = " OR ".join(f"({condition})" for condition in changed[first : at + 1])
            yield mark.name, _choose(flag, f"({condition})", mark.name)
            yield mark.before, _choose(flag, f"CASE WHEN {some} THEN {befores[at]} END", mark.before)


def _name_given(unit: Unit) -> list[str]:
    """The columns that hold what a unit reads where its SQL left it: other units may have altered the columns read."""
    if unit.is_chain:
        return [quote_name(unit.reads[0])]
    return [own_name(unit, f"given_{at}") for at in range(len(unit.reads))]


def _choose(condition: str, value: str, otherwise: str) -> str:
    """One value where a condition holds, and another where it does not."""
    return f"CASE WHEN {condition} THEN {value} ELSE {otherwise} END"


def _before_failure(mark: Mark, first: str) -> str:
    """The condition that a row had not failed when a transform altered it."""
    if not first:
        return ""
    return f' AND t.{ROW_NAME} NOT IN (SELECT "row" FROM {quote_name(first)} WHERE stage <= {mark.stage})'


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
