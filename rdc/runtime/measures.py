# ruff: noqa: S608  # names and texts are quoted
"""A figure that Great Expectations asks of a column or the table -> SQL that counts it as pandas would.

What has no entry here, or raises UnsureError, is left to pandas: quantiles, modes, partitions and types.
"""

from __future__ import annotations

import datetime as dt
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rdc.runtime.batch import FILLED
from rdc.runtime.conditions import NUMBERS, TEXTS, UnsureError, every, read_domain
from rdc.runtime.failures import SOURCE, count_rows, exact_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rdc.runtime.conditions import Columns, Value

SHOWN = 20
"""Rows that are shown of those that fail a check; values of those that should not be there, or should."""


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Measure:
    """How one figure is counted.

    Attributes:
        aggregates: of the source.
        read: makes the figure of their values.
        query: in their place, a SELECT of one value, run where `hint` is not 0.
        none: the figure where it is 0.
        hint: an aggregate.
        holds: an aggregate without which pandas may count otherwise.
        slack: an aggregate: how far floats that are added in another order may be from this; where a bound is
            that near, pandas decides.
    """

    aggregates: tuple[str, ...] = ()
    read: Callable[..., Any] = _same
    query: str = ""
    none: Any = None
    hint: str = ""
    holds: str = ""
    slack: str = ""


def find_measure(
    metric: str, domain: Mapping[str, Any], arguments: Mapping[str, Any], columns: Columns
) -> Measure:
    """How a figure is counted.

    Args:
        metric: Great Expectations' name.
        domain: which rows and column are looked at.
        arguments: of the figure.
        columns: of the table.

    Raises:
        UnsureError: pandas may count otherwise.
    """
    condition = read_domain(domain, columns)
    if metric == "table.row_count":
        return Measure((count_rows(condition),))
    if metric in {"table.columns", "table.column_count"} and not condition:
        names = list(columns.names)
        figure = names if metric == "table.columns" else len(names)
        return Measure(read=lambda: figure)
    if build := _OF_COLUMN.get(metric):
        return build(columns[domain.get("column")], condition, arguments)
    raise UnsureError


def _filter(*conditions: str) -> str:
    """The clause that restricts an aggregate."""
    condition = every(conditions)
    return f" FILTER (WHERE {condition})" if condition else ""


def count_nulls(value: Value, condition: str) -> Measure:
    """How it is counted what is missing."""
    return Measure((count_rows(condition), _count_present(value, condition)), operator.sub)


def _count_present(value: Value, condition: str) -> str:
    """The aggregate of the values that are there."""
    if value.family == FILLED:
        return count_rows(every([condition, value.present]))
    return f"count({value.sql}){_filter(condition)}"


def _extreme(name: str) -> Callable[[Value, str, Mapping[str, Any]], Measure]:
    """The least or the greatest value."""

    def build(value: Value, condition: str, _: Mapping[str, Any]) -> Measure:
        value.need(NUMBERS | _READ.keys())
        filter_ = _filter(condition)
        holds = every([f"count({value.sql}){filter_} > 0", exact_numbers([value])])
        return Measure((f"{name}({value.sql}){filter_}",), _READ.get(value.family, _same), holds=holds)

    return build


_READ: dict[str, Callable[[str], Any]] = {
    "date": dt.date.fromisoformat,
    "moment": dt.datetime.fromisoformat,
}


def _statistic(sql: str, slack: str) -> Callable[[Value, str, Mapping[str, Any]], Measure]:
    """A figure of numbers, by its SQL."""

    def build(value: Value, condition: str, _: Mapping[str, Any]) -> Measure:
        number, filter_ = _as_float(value.need(NUMBERS)), _filter(condition)
        holds = every([f"count({value.sql}){filter_} > 1", exact_numbers([value])])
        figure, near = (text.format(value=number, filter=filter_) for text in (sql, slack))
        return Measure((figure,), holds=holds, slack=near)

    return build


def _as_float(value: Value) -> str:
    return f"CAST({value.sql} AS DOUBLE)" if value.family == "integer" else value.sql


def _distinct(value: Value, condition: str, _: Mapping[str, Any]) -> Measure:
    return Measure((f"count(DISTINCT {value.need(TEXTS).sql}){_filter(condition)}",))


def _unique_share(value: Value, condition: str, _: Mapping[str, Any]) -> Measure:
    filter_ = _filter(condition)
    name = value.need(TEXTS).sql
    return Measure((f"count(DISTINCT {name}){filter_}", f"count({name}){filter_}"), _divide)


def _filled_share(value: Value, condition: str, _: Mapping[str, Any]) -> Measure:
    return Measure((f"count({value.sql}){_filter(condition)}", count_rows(condition)), _divide)


def _divide(part: int, whole: int) -> float:
    return part / whole if whole else 0


def _unwanted_count(value: Value, condition: str, arguments: Mapping[str, Any]) -> Measure:
    outside = _outside(value, condition, arguments)
    query = f"SELECT count(DISTINCT {value.sql}) FROM {SOURCE} WHERE {outside}"
    return Measure(query=query, none=0, hint=count_rows(outside))


def _unwanted(value: Value, condition: str, arguments: Mapping[str, Any]) -> Measure:
    outside = _outside(value, condition, arguments)
    query = (
        f"SELECT list(v) FROM (SELECT DISTINCT {value.sql} AS v FROM {SOURCE} "
        f"WHERE {outside} ORDER BY v LIMIT {SHOWN})"
    )
    return Measure(query=query, none=[], hint=count_rows(outside))


def _outside(value: Value, condition: str, arguments: Mapping[str, Any]) -> str:
    """The condition of rows whose value is not in the set, written as the check of rows writes it."""
    members = value.need(TEXTS).literals(arguments["value_set"])
    return every([condition, f"NOT ({value.sql} IN ({members}))"])


def _missing_count(value: Value, condition: str, arguments: Mapping[str, Any]) -> Measure:
    return Measure((_count_missing(value, condition, arguments),))


def _count_missing(value: Value, condition: str, arguments: Mapping[str, Any]) -> str:
    wanted = value.need(TEXTS).literals(arguments["value_set"])
    inside = _filter(condition, f"{value.sql} IN ({wanted})")
    return f"{len(set(arguments['value_set']))} - count(DISTINCT {value.sql}){inside}"


def _missing(value: Value, condition: str, arguments: Mapping[str, Any]) -> Measure:
    wanted = value.literals(arguments["value_set"])
    present = f"SELECT {value.sql} FROM {SOURCE} WHERE {every([condition, f'{value.sql} IN ({wanted})'])}"
    query = f"SELECT list(v) FROM (SELECT unnest([{wanted}]) AS v EXCEPT {present} ORDER BY v LIMIT {SHOWN})"
    return Measure(query=query, none=[], hint=_count_missing(value, condition, arguments))


_OF_COLUMN: dict[str, Callable[[Value, str, Mapping[str, Any]], Measure]] = {
    "column.max": _extreme("max"),
    "column.min": _extreme("min"),
    "column.mean": _statistic("avg({value}){filter}", "1e-9 * max(abs({value})){filter}"),
    "column.sum": _statistic(
        "sum({value}){filter}", "1e-9 * max(abs({value})){filter} * count({value}){filter}"
    ),
    "column.median": _statistic("median({value}){filter}", "1e-9 * max(abs({value})){filter}"),
    "column.standard_deviation": _statistic(
        "stddev_samp({value}){filter}", "1e-6 * max(abs({value})){filter}"
    ),
    "column.distinct_values.count": _distinct,
    "column.unique_proportion": _unique_share,
    "column.non_null_proportion": _filled_share,
    "column.distinct_values.not_in_set.count": _unwanted_count,
    "column.distinct_values.not_in_set": _unwanted,
    "column.distinct_values.missing_from_column.count": _missing_count,
    "column.distinct_values.missing_from_column": _missing,
}
METRICS = ("table.row_count", "table.columns", "table.column_count", *_OF_COLUMN)
"""All figures that are known here."""
