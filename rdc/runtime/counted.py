"""Checks -> what Great Expectations says of them on figures that the engine counts; the unsure are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rdc.engines.engine import quote_name
from rdc.runtime.batch import batch_query, columns_of, condition_columns, label
from rdc.runtime.counting import Counter
from rdc.runtime.frames import QUIET, error_of, validate_batch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.artifacts.expectation import Expectation
    from rdc.runtime.batch import Check
    from rdc.runtime.counting import Query

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
SHORT = {"result_format": "SUMMARY", "return_unexpected_index_query": True}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Great Expectations says of one check.

    Attributes:
        result: its own.
        failing: a SELECT of the numbers of the rows that fail; '' where there are none to name.
    """

    result: Any
    failing: str = ""


def make_counter(query: Query, table: str, names: Sequence[str], checks: Mapping[int, Check]) -> Counter:
    """What counts the figures of checks.

    Args:
        query: runs SQL on the engine.
        table: with the columns as text, and the row's number.
        names: of its columns, in order.
        checks: by position.
    """
    bounds: dict[str, list[float]] = {}
    for check in checks.values():
        for name in columns_of(_relabel(check)):
            kwargs = check.expectation.kwargs
            told = (kwargs.get("min_value"), kwargs.get("max_value"))
            bounds.setdefault(name, []).extend(float(b) for b in told if isinstance(b, (int, float)))
    return Counter(
        query,
        source=batch_query(table, names, checks.values()),
        names=names,
        casts=frozenset(pair for check in checks.values() for pair in check.families.items()),
        always=count_fillings(names, checks),
        bounds=bounds,
    )


def count_fillings(names: Sequence[str], checks: Mapping[int, Check]) -> list[str]:
    """The aggregates of all rows, and of the values of each column that is named, in the columns' order."""
    named = {column for check in checks.values() for column in columns_of(check.expectation)}
    return ["count(*)", *(f"count({quote_name(column)})" for column in names if column in named)]


def check_counted(
    batch: Any, counter: Counter, checks: Mapping[int, Check], configurations: Mapping[int, Any], *, name: str
) -> dict[int, Verdict]:
    """Great Expectations' verdicts of the checks that are sure, by position.

    Args:
        batch: of a data source whose engine asks a counter.
        counter: of the table.
        checks: by position.
        configurations: Great Expectations' own of each, to be named in its result.
        name: of the suite.
    """
    batch.data.execution_engine.counter = counter
    told = {at: _relabel(check) for at, check in checks.items() if _may_be_counted(check)}
    if not told:
        return {}
    found = {
        at: result for at, result in validate_batch(batch, told, name, QUIET).items() if not error_of(result)
    }
    failed = {at: told[at] for at, result in found.items() if not result.success}
    if failed:
        found |= validate_batch(batch, failed, name, SHORT)
    verdicts = {}
    for at, result in found.items():
        if not error_of(result):
            result.expectation_config = configurations[at]
            verdicts[at] = Verdict(result, (result.result or {}).pop("unexpected_index_query", ""))
    return verdicts


def _may_be_counted(check: Check) -> bool:
    """Whether figures may show what becomes of a check."""
    read = condition_columns(check.expectation.kwargs.get("row_condition"))
    return check.expectation.type not in LEFT_TO_PANDAS and not read & check.families.keys()


def _relabel(check: Check) -> Expectation:
    """The expectation with the labels of casts in place of columns."""

    def name(told: Any) -> Any:
        if isinstance(told, (list, tuple)):
            return [name(column) for column in told]
        return label(told, check.families[told]) if told in check.families else told

    kwargs = check.expectation.kwargs
    named = {
        key: name(kwargs[key]) for key in ("column", "column_A", "column_B", "column_list") if key in kwargs
    }
    return check.expectation.model_copy(update={"kwargs": {**kwargs, **named}})
