# ruff: noqa: S608  # names and texts are quoted
"""Figures that Great Expectations asks for -> what the engine counts, all in one scan; the unsure are left out.

They are those that it would find on pandas, so it decides in the same way.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from rdc.runtime.conditions import Columns, UnsureError, every
from rdc.runtime.failures import SOURCE, Failures, count_rows, find_failures
from rdc.runtime.keeping import Keeper
from rdc.runtime.measures import Measure, count_nulls, find_measure

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    Query = Callable[[str], Sequence[Sequence[Any]]]

DOUBTS = 10_000
"""Distinct values of a column that Python may judge one by one; beyond them a frame is read."""
COUNT, VALUES, PLACES, QUERY, LOOKED_AT = (
    ".unexpected_count",
    ".unexpected_values",
    ".unexpected_index_list",
    ".unexpected_index_query",
    ".filtered_row_count",
)


class RefusedError(Exception):
    """The engine refused a statement."""


class Figure(NamedTuple):
    """A figure that is asked for.

    Attributes:
        name: Great Expectations' own.
        domain: which rows and columns are looked at.
        arguments: of the check.
    """

    name: str
    domain: Mapping[str, Any]
    arguments: Mapping[str, Any]


@dataclass
class Counter:
    """Counts what checks ask for, over one table.

    Attributes:
        query: runs SQL on the engine.
        source: the SELECT of all that the checks read.
        names: of the table's columns, in order.
        casts: columns and families that the source has.
        always: aggregates that the first scan counts, whatever is asked for.
        bounds: by column as it is asked for, the numbers that checks compare its figures with.
    """

    query: Query
    source: str
    names: Sequence[str]
    casts: Collection[tuple[str, str]] = ()
    always: Sequence[str] = ()
    bounds: Mapping[str, Sequence[float]] = field(default_factory=dict)
    _counts: dict[str, Any] = field(default_factory=dict)
    _settled: dict[str, Failures] = field(default_factory=dict)
    _keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        self._keeper = Keeper(self.query, self._over_source)

    @property
    def tables(self) -> Sequence[str]:
        """Those that were made, for rows that fail."""
        return self._keeper.tables

    def find(self, asked: Mapping[Any, Figure]) -> dict[Any, Any]:
        """The figures that are sure, by whatever key they are asked for.

        Raises:
            RefusedError: the engine refused a statement.
        """
        columns = Columns(self.names, self.casts)
        plans: dict[Any, Measure | Failures] = {}
        for key, figure in asked.items():
            with suppress(UnsureError):
                plans[key] = _plan(figure, columns)
        self.count([*self.always, *(sql for plan in plans.values() for sql in _aggregates(plan))])
        failing = {key: one for key, one in plans.items() if isinstance(one, Failures)}
        # What only matters where something fails is asked for together too.
        self.count(
            _count_doubts(one) for one in failing.values() if one.over and self.count([_count(one)])[0]
        )
        settled: dict[Any, Failures] = {}
        for key, one in failing.items():
            with suppress(UnsureError):
                settled[key] = self._settle(asked[key], one)
        shown = [one for key, one in settled.items() if not asked[key].name.endswith(COUNT)]
        self._keeper.keep(shown)
        found: dict[Any, Any] = {}
        for key, plan in plans.items():
            with suppress(UnsureError):
                if key in settled:
                    found[key] = self._tell(asked[key], settled[key], shown)
                elif isinstance(plan, Measure):
                    found[key] = self._measure(asked[key], plan)
        return found

    def count(self, aggregates: Iterable[str]) -> list[Any]:
        """The values of aggregates over the table; those that are not known yet in one scan."""
        told = list(aggregates)
        new = [sql for sql in dict.fromkeys(told) if sql not in self._counts]
        if new:
            (row,) = self.run(f"SELECT {', '.join(new)} FROM {SOURCE}")
            self._counts |= zip(new, row, strict=True)
        return [self._counts[sql] for sql in told]

    def run(self, sql: str) -> Sequence[Sequence[Any]]:
        """The rows of a SELECT over the source."""
        return self.query(self._over_source(sql))

    def _over_source(self, sql: str) -> str:
        """A SELECT that knows the source."""
        return f"WITH {SOURCE} AS NOT MATERIALIZED ({self.source}) {sql}"

    def _measure(self, figure: Figure, plan: Measure) -> Any:
        """The value of one figure of a column or the table."""
        self._hold(plan)
        if plan.query:
            (asked,) = self.count([plan.hint])
            return self.run(plan.query)[0][0] if asked else plan.none
        value = plan.read(*self.count(plan.aggregates))
        if plan.slack:
            (slack,) = self.count([plan.slack])
            if any(not abs(value - bound) > slack for bound in self.bounds.get(figure.domain["column"], ())):
                raise UnsureError
        return value

    def _hold(self, plan: Measure | Failures) -> None:
        if plan.holds and not self.count([plan.holds])[0]:
            raise UnsureError

    def _count_failures(self, failures: Failures) -> int:
        if failures.hint and not self.count([failures.hint])[0]:
            return 0
        if failures.query:
            self._keeper.keep([failures])
            return int(self.query(f"SELECT count(*) FROM ({self._keeper.name_rows(failures)})")[0][0])
        return int(self.count([_count(failures)])[0])

    def _settle(self, figure: Figure, failures: Failures) -> Failures:
        """The same failures with the doubtful values, if there are any, judged by Python."""
        self._hold(failures)
        if not failures.doubtful or (failures.over and not self.count([_count(failures)])[0]):
            return failures
        if not failures.unknown and not self.count([_count_doubts(failures)])[0]:
            return failures
        key = json.dumps([figure.name.rpartition(".")[0], figure.domain, figure.arguments], default=str)
        if key not in self._settled:
            self._settled[key] = self._judge(failures)
        return self._settled[key]

    def _judge(self, failures: Failures) -> Failures:
        (value,) = failures.shown
        where = every([failures.domain, failures.doubtful])
        found = self.run(f"SELECT DISTINCT {value.sql} FROM {SOURCE} WHERE {where} LIMIT {DOUBTS + 1}")
        if len(found) > DOUBTS or failures.judge is None:
            raise UnsureError
        bad = [text for (text,) in found if failures.judge(text)]
        among = f"{value.sql} IN ({value.literals(bad)})" if bad else "FALSE"
        fails = f"CASE WHEN {failures.doubtful} THEN {among} ELSE {failures.fails} END"
        return replace(failures, fails=fails, doubtful="", judge=None, unknown=False)

    def _tell(self, figure: Figure, failures: Failures, others: Sequence[Failures]) -> Any:
        """How many rows fail; the first of them, their values or numbers; or how to find all of them."""
        if figure.name.endswith(COUNT):
            return self._count_failures(failures)
        if figure.name.endswith(QUERY):
            return self._keeper.name_rows(failures)
        found = self._keeper.show(failures, others)
        if figure.name.endswith(PLACES):
            return [at for at, *_ in found]
        if figure.domain.get("column_list"):
            names = [value.name for value in failures.shown]
            return [dict(zip(names, values, strict=True)) for _, *values in found]
        return [tuple(values) if len(values) > 1 else values[0] for _, *values in found]


def _plan(figure: Figure, columns: Columns) -> Measure | Failures:
    """How one figure is counted."""
    name, domain, arguments = figure
    metric, dot, suffix = name.rpartition(".")
    if name == "column_values.nonnull" + COUNT:
        nulls = find_failures(metric, domain, {}, columns)
        return count_nulls(nulls.shown[0], nulls.domain)
    if dot + suffix in {COUNT, VALUES, PLACES, QUERY}:
        return find_failures(metric, domain, arguments, columns)
    if dot + suffix == LOOKED_AT:
        return Measure((count_rows(find_failures(metric, domain, arguments, columns).domain),))
    return find_measure(name, domain, arguments, columns)


def _aggregates(plan: Measure | Failures) -> list[str]:
    """What one figure wants of the scan."""
    if isinstance(plan, Measure):
        return [sql for sql in (*plan.aggregates, plan.hint, plan.holds, plan.slack) if sql]
    counted = "" if plan.query or plan.unknown else _count(plan)
    doubts = _count_doubts(plan) if plan.doubtful and not (plan.unknown or plan.over) else ""
    return [sql for sql in (counted, plan.hint, plan.holds, doubts) if sql]


def _count(failures: Failures) -> str:
    return count_rows(every([failures.domain, failures.fails]))


def _count_doubts(failures: Failures) -> str:
    return count_rows(every([failures.domain, failures.doubtful]))
