# ruff: noqa: S608  # names and texts are quoted
"""Checks -> what Great Expectations says of figures that the engine counted, in one scan; the unsure are left out.

Great Expectations decides as it would on pandas: it asks for the same figures and is given the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rdc.engines.engine import ROW, quote_name
from rdc.runtime.batch import batch_query, columns_of
from rdc.runtime.conditions import Columns, UnsureError, every
from rdc.runtime.failures import SOURCE, Failures, count_rows, find_failures
from rdc.runtime.measures import SHOWN, Measure, count_nulls, find_measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.runtime.batch import Check

    Query = Callable[[str], list[list[Any]]]

LEFT_TO_PANDAS: Mapping[str, str] = {
    "expect_column_kl_divergence_to_be_less_than": "its partitions are numpy's",
    "expect_column_most_common_value_to_be_in_set": "it wants all modes",
    "expect_column_quantile_values_to_be_between": "its interpolation is pandas' own",
    "expect_column_type_to_be": "types are those of the frame",
    "expect_column_value_z_scores_to_be_less_than": "a float's last digit would decide of single rows",
    "expect_column_values_to_be_dateutil_parseable": "a parser of Python's",
    "expect_column_values_to_be_in_type_list": "types are those of the frame",
    "expect_column_values_to_be_of_type": "types are those of the frame",
    "expect_column_values_to_match_json_schema": "a parser of Python's",
    "expect_column_values_to_not_be_outliers": "a float's last digit would decide of single rows",
    "expect_multicolumn_sum_to_equal": "floats are added in another order",
}
"""Expectations that only a frame can show, and why; `failures` and `measures` leave others for their arguments."""
DOUBTS = 10_000
"""Distinct values of a column that Python may judge one by one; beyond them a frame is read."""
COUNT, VALUES, PLACES, PLACES_QUERY, LOOKED_AT = (
    ".unexpected_count",
    ".unexpected_values",
    ".unexpected_index_list",
    ".unexpected_index_query",
    ".filtered_row_count",
)
QUIET = {"result_format": "BOOLEAN_ONLY"}
SHORT = {"result_format": "SUMMARY", "return_unexpected_index_query": False}


class RefusedError(Exception):
    """The engine refused a statement."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Great Expectations says of one check.

    Attributes:
        result: its own.
        failing: a SELECT of the numbers of the rows that fail; '' where there are none to name.
    """

    result: Any
    failing: str = ""


@dataclass
class Counter:
    """Counts what checks ask for, over one table.

    Attributes:
        query: runs SQL on the engine.
        table: with the columns as text, and the row's number.
        names: of its columns, in order.
        engine: Great Expectations' own of pandas, which says what figures are asked for.
    """

    query: Query
    table: str
    names: Sequence[str]
    engine: Any
    _known: dict[str, Any] = field(default_factory=dict)
    _source: str = ""

    def count(self, aggregates: Iterable[str]) -> list[Any]:
        """The values of aggregates over the table; those that are not known yet in one scan."""
        told = list(aggregates)
        new = [sql for sql in dict.fromkeys(told) if sql not in self._known]
        if new:
            (row,) = self.run(f"SELECT {', '.join(new)} FROM {SOURCE}")
            self._known |= zip(new, row, strict=True)
        return [self._known[sql] for sql in told]

    def run(self, sql: str) -> list[list[Any]]:
        """The rows of a SELECT over the source."""
        return self.query(self.over_source(sql))

    def over_source(self, sql: str) -> str:
        """A SELECT that knows the source."""
        return f"WITH {SOURCE} AS NOT MATERIALIZED ({self._source}) {sql}"

    def fillings(self, checks: Mapping[int, Check]) -> list[str]:
        """The aggregates of all rows, and of the values of each column that is named, in the columns' order."""
        named = {column for check in checks.values() for column in columns_of(check.expectation)}
        return ["count(*)", *(f"count({quote_name(column)})" for column in self.names if column in named)]

    def check(self, checks: Mapping[int, Check], expectations: Mapping[int, Any]) -> dict[int, Verdict]:
        """Great Expectations' verdicts of the checks that are sure, by position."""
        self._source = batch_query(self.table, self.names, checks.values())
        casts = frozenset(pair for check in checks.values() for pair in check.families.items())
        asked: dict[int, _Asked] = {}
        for at, check in checks.items():
            if check.expectation.type not in LEFT_TO_PANDAS:
                try:
                    asked[at] = _Asked(self, expectations[at], Columns(self.names, check.families, casts))
                except UnsureError:
                    continue
        self.count([*self.fillings(checks), *(sql for one in asked.values() for sql in one.aggregates())])
        verdicts = {}
        for at, one in asked.items():
            try:
                verdicts[at] = one.judge()
            except RefusedError:
                raise
            except Exception:  # noqa: BLE001, S112 - pandas is asked in its place, and tells what is wrong
                continue
        return verdicts


class _Asked:
    """One check: the figures that Great Expectations asks for."""

    def __init__(self, counter: Counter, expectation: Any, columns: Columns) -> None:
        self._counter = counter
        self._expectation = expectation
        self._columns = columns
        self._main: Failures | None = None
        self._asked = self._ask(QUIET)
        self._plans = {name: self._plan(figure) for name, figure in self._asked.items()}

    def _ask(self, detail: Mapping[str, Any]) -> dict[str, Any]:
        """The figures that are asked for, by name."""
        dependencies = self._expectation.get_validation_dependencies(
            execution_engine=self._counter.engine, runtime_configuration={"result_format": dict(detail)}
        )
        return dict(dependencies.metric_configurations)

    def _plan(self, figure: Any) -> Measure | Failures:
        """How one figure is counted."""
        name, domain, arguments = figure.metric_name, figure.metric_domain_kwargs, figure.metric_value_kwargs
        if name == "column_values.nonnull" + COUNT:
            nulls = find_failures("column_values.nonnull", domain, {}, self._columns)
            if self._expectation.map_metric == "column_values.nonnull":
                self._main = nulls
            return count_nulls(nulls.shown[0], nulls.domain)
        if name.endswith(COUNT):
            self._main = find_failures(name.removesuffix(COUNT), domain, arguments, self._columns)
            return self._main
        if name.endswith(LOOKED_AT):
            failures = find_failures(name.removesuffix(LOOKED_AT), domain, arguments, self._columns)
            return Measure((count_rows(failures.domain),))
        return find_measure(name, domain, arguments, self._columns)

    def aggregates(self) -> list[str]:
        """What is to be counted in the one scan."""
        return [sql for plan in self._plans.values() for sql in _aggregates(plan)]

    def judge(self) -> Verdict:
        """What Great Expectations says."""
        figures = {name: self._resolve(plan) for name, plan in self._plans.items()}
        result = self._decide(figures)
        if result.success:
            return Verdict(result)
        asked = self._ask(SHORT)
        figures |= {name: self._detail(figure) for name, figure in asked.items() if name not in figures}
        result = self._validate(asked, figures, SHORT)
        if self._main is None:
            return Verdict(result)
        rows = f'SELECT {quote_name(ROW)} AS "row" FROM ({self._main.rows})'
        return Verdict(result, self._counter.over_source(rows))

    def _decide(self, figures: Mapping[str, Any]) -> Any:
        """Whether the expectation is met, without what it found."""
        # Its public way asks for all figures again, which takes longer than to decide.
        decided = self._expectation._validate(  # noqa: SLF001 - what each expectation overrides
            metrics=figures,
            execution_engine=self._counter.engine,
            runtime_configuration={"result_format": dict(QUIET)},
        )
        told = {"success": decided["success"], "result": {}}
        result = self._expectation._build_evr(raw_response=told)  # noqa: SLF001 - the same
        result.expectation_config = self._expectation.configuration
        return result

    def _validate(
        self, asked: Mapping[str, Any], figures: Mapping[str, Any], detail: Mapping[str, Any]
    ) -> Any:
        """What Great Expectations says of figures by their name."""
        result = self._expectation.metrics_validate(
            metrics={figure.id: figures[name] for name, figure in asked.items()},
            execution_engine=self._counter.engine,
            runtime_configuration={"result_format": dict(detail)},
        )
        result.expectation_config = self._expectation.configuration
        return result

    def _resolve(self, plan: Measure | Failures) -> Any:
        """The value of one figure."""
        if plan.holds and not self._counter.count([plan.holds])[0]:
            raise UnsureError
        if isinstance(plan, Failures):
            return self._count_failures(plan)
        if plan.query:
            (asked,) = self._counter.count([plan.hint])
            return self._counter.run(plan.query)[0][0] if asked else plan.none
        value = plan.read(*self._counter.count(plan.aggregates))
        if plan.slack:
            (slack,) = self._counter.count([plan.slack])
            given = self._expectation.configuration.kwargs
            for bound in (given.get("min_value"), given.get("max_value")):
                if bound is not None and not abs(value - float(bound)) > slack:
                    raise UnsureError
        return value

    def _count_failures(self, failures: Failures) -> int:
        count = count_rows(every([failures.domain, failures.fails]))
        if failures.over and not self._counter.count([count])[0]:
            return 0
        if failures.unknown or (failures.doubtful and self._counter.count([_count_doubts(failures)])[0]):
            self._main = failures = self._settle(failures)
        if failures.hint and not self._counter.count([failures.hint])[0]:
            return 0
        if failures.query:
            return int(self._counter.run(f"SELECT count(*) FROM ({failures.query})")[0][0])
        return int(self._counter.count([count_rows(every([failures.domain, failures.fails]))])[0])

    def _settle(self, failures: Failures) -> Failures:
        """The same failures with the doubtful values judged by Python."""
        (value,) = failures.shown
        where = every([failures.domain, failures.doubtful])
        found = self._counter.run(
            f"SELECT DISTINCT {value.sql} FROM {SOURCE} WHERE {where} LIMIT {DOUBTS + 1}"
        )
        if len(found) > DOUBTS or failures.judge is None:
            raise UnsureError
        bad = [text for (text,) in found if failures.judge(text)]
        among = f"{value.sql} IN ({value.literals(bad)})" if bad else "FALSE"
        fails = f"CASE WHEN {failures.doubtful} THEN {among} ELSE {failures.fails} END"
        return replace(failures, fails=fails, doubtful="", judge=None, unknown=False)

    def _detail(self, figure: Any) -> Any:
        """What is shown of the rows that fail."""
        assert self._main is not None
        if figure.metric_name.endswith(PLACES_QUERY):
            return None
        shown = ", ".join(value.sql for value in self._main.shown)
        row = quote_name(ROW)
        found = self._counter.run(
            f"SELECT {row}, {shown} FROM ({self._main.rows}) ORDER BY {row} LIMIT {SHOWN}"
        )
        if figure.metric_name.endswith(PLACES):
            return [at for at, *_ in found]
        names = figure.metric_domain_kwargs.get("column_list")
        if names:
            return [dict(zip(names, values, strict=True)) for _, *values in found]
        return [tuple(values) if len(values) > 1 else values[0] for _, *values in found]


def _aggregates(plan: Measure | Failures) -> list[str]:
    """What one figure wants of the scan."""
    if isinstance(plan, Measure):
        return [sql for sql in (*plan.aggregates, plan.hint, plan.holds, plan.slack) if sql]
    counted = "" if plan.query or plan.unknown else count_rows(every([plan.domain, plan.fails]))
    doubts = _count_doubts(plan) if plan.doubtful and not (plan.unknown or plan.over) else ""
    return [sql for sql in (counted, plan.hint, plan.holds, doubts) if sql]


def _count_doubts(failures: Failures) -> str:
    return count_rows(every([failures.domain, failures.doubtful]))
