# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""What Python made of the values that units read -> SQL that looks it up for a row, where that can be in the rows' order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdc.engines.engine import ROW, quote_name, quote_text
from rdc.runtime.evaluation import ERROR, FAILED, evaluate_unit, input_names, output_names
from rdc.runtime.units import own_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.artifacts.outcome import Evaluator
    from rdc.engines.engine import Engine
    from rdc.runtime.units import Unit

LOOKUP = 2_000
"""Values up to which answers are looked up in a list."""
HELD = 500_000
"""Values that SQL left up to which answers are held in Python; more are joined, and the rows are sorted again."""
BATCH = 50_000
"""Values that are handed to the evaluator at once."""


@dataclass(slots=True)
class Answers:
    """The answers about one segment.

    Args:
        engine: where they are kept.
        name: what the names of all that is kept begin with.
        functions: source by the name of the function.
        evaluator: runs them.

    Attributes:
        failing: units of which a function failed on a value.
        listed: units whose answers are lists, which are looked up by place.
        held: units whose answers are functions of SQL.
    """

    engine: Engine
    name: str
    functions: Mapping[str, str]
    evaluator: Evaluator
    failing: list[Unit] = field(default_factory=list)
    listed: list[Unit] = field(default_factory=list)
    held: list[Unit] = field(default_factory=list)

    def _table(self, unit: Unit) -> str:
        """The table of what Python made of values."""
        return f"{self.name}_{unit.name}"

    def ask(self, unit: Unit, query: str) -> None:
        """Put what a SELECT returns through a unit's functions, and keep the answers."""
        table, failed, known = self._table(unit), False, 0
        names = (*input_names(unit), *output_names(unit), FAILED, ERROR)
        self.engine.load(table, dict.fromkeys(names, ()))
        for batch in self.engine.batches(query, BATCH):
            columns = evaluate_unit(unit, batch, self.functions, self.evaluator)
            failed = failed or any(error is not None for error in columns[ERROR])
            known += len(batch)
            self.engine.append(table, columns)
        if failed:
            self.failing.append(unit)
        if unit.strategy == "sql":
            # Few rows ask. For all of them a call of Python costs more than to join, and to sort again.
            if known <= HELD:
                self._hold(unit)
        elif len(unit.reads) == 1 and 0 < known <= LOOKUP:
            self._list(unit)

    def _hold(self, unit: Unit) -> None:
        """Make the answers functions of SQL."""
        inputs = ", ".join(input_names(unit))
        for name in self.asked(unit):
            found = self.engine.query(f"SELECT {inputs}, {name} FROM {quote_name(self._table(unit))}")
            answers = {tuple(values): answer for *values, answer in found}
            self.engine.answer(self._kept(unit, name), answers)
        self.held.append(unit)

    def asked(self, unit: Unit) -> list[str]:
        """The answers that there are to be looked up."""
        return [*output_names(unit), *([FAILED, ERROR] if unit in self.failing else [])]

    def _list(self, unit: Unit) -> None:
        """Make the answers about few values lists that are looked up by place: a join would mix up the rows."""
        answers = quote_name(self._table(unit))
        order = f"SELECT in_0 FROM {answers} WHERE in_0 IS NOT NULL ORDER BY in_0"
        self.engine.execute(
            f"CREATE OR REPLACE TYPE {quote_name(self._kept(unit, 'values'))} AS ENUM ({order})"
        )
        for name in self.asked(unit):
            # What stands for null is the first of the list.
            self.engine.execute(
                f"SET VARIABLE {quote_name(self._kept(unit, name))} = (SELECT list({name} ORDER BY in_0 NULLS FIRST) "
                f"FROM (SELECT in_0, {name} FROM {answers} UNION ALL SELECT NULL, NULL WHERE NOT EXISTS "
                f"(FROM {answers} WHERE in_0 IS NULL)))"
            )
        self.listed.append(unit)

    def _kept(self, unit: Unit, name: str) -> str:
        """The name of what holds a unit's answers, or of the type of the values that they are about; not quoted."""
        return f"__rdc_{self.name}_{unit.name}_{name}"

    def look_up(self, unit: Unit, relation: str) -> str:
        """A relation with a unit's answers beside its columns, for one whose answers are lists."""
        values, place = quote_name(self._kept(unit, "values")), own_name(unit, "place")
        found = ", ".join(
            f"getvariable({quote_text(self._kept(unit, name))})[{place}] AS {own_name(unit, name)}"
            for name in self.asked(unit)
        )
        at = f"coalesce(enum_code(CAST({quote_name(unit.reads[0])} AS {values}))::INTEGER + 2, 1)"
        return f"(SELECT *, {found} FROM (SELECT *, {at} AS {place} FROM {relation}))"

    def call(self, unit: Unit, name: str, given: Sequence[str]) -> str:
        """One answer about what a unit reads, for one whose answers are functions.

        Args:
            unit: whose answers are looked up.
            name: of the answer.
            given: SQL of what it reads.
        """
        return f"{quote_name(self._kept(unit, name))}([{', '.join(given)}])"

    def join(self, unit: Unit, given: Sequence[str], where: str = "") -> str:
        """The join to a unit's answers, whose columns get names of their own."""
        names = (*input_names(unit), *output_names(unit), FAILED, ERROR)
        renamed = ", ".join(f"{name} AS {own_name(unit, name)}" for name in names)
        same = " AND ".join(
            f"{value} IS NOT DISTINCT FROM {own_name(unit, name)}"
            for value, name in zip(given, input_names(unit), strict=True)
        )
        return f" LEFT JOIN (SELECT {renamed} FROM {quote_name(self._table(unit))}) ON {where}{same}"

    def failures(self, unit: Unit, source: str) -> str:
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
            f'SELECT s.{quote_name(ROW)} AS "row", [{stages}][{at}] AS stage, [{places}][{at}] AS place, '
            f"[{names}][{at}] AS transform, {given} AS given, m.{ERROR} AS error FROM {quote_name(source)} s "
            f"JOIN {quote_name(self._table(unit))} m ON {same} WHERE m.{ERROR} IS NOT NULL"
        )

    def drop(self, unit: Unit) -> None:
        """Let go of a unit's answers, less what looks them up."""
        self.engine.drop(self._table(unit))
