"""An expectation -> what Great Expectations would refuse or ignore in it, by the catalog alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rdc.artifacts.catalog import EXPECTATIONS
from rdc.artifacts.diagnostic import Diagnostic
from rdc.frontend.suggester import suggest_or_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rdc.artifacts.catalog import ExpectationSpec
    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.diagnostic import Place
    from rdc.artifacts.expectation import DeclaredExpectation

    Locate = Callable[..., Place | None]

_COLUMN_KWARGS = ("column", "column_A", "column_B", "column_list")
_OPERATORS = frozenset({"==", "!=", "<", "<=", ">", ">=", "IN", "NOT_IN"})
_CONDITION = "{type: comparison, column: {name: country}, operator: '==', parameter: US}"


def list_expectations(cleaner: Cleaner) -> Iterator[tuple[DeclaredExpectation, tuple[str | int, ...]]]:
    """Every declared expectation, of columns first, and the path to it."""
    for position, column in enumerate(cleaner.columns):
        for number, expectation in enumerate(column.expectations):
            yield expectation, ("columns", position, "expectations", number)
    for number, expectation in enumerate(cleaner.expectations):
        yield expectation, ("expectations", number)


def columns_of(expectation: DeclaredExpectation) -> Iterator[tuple[str, str]]:
    """The columns that must exist for a check to run, each with the kwarg that names it."""
    spec = EXPECTATIONS.get(expectation.type)
    # What a check of the table itself names may be missing: that is what it checks.
    if spec is None or (spec.kind == "table" and "type_" not in spec.required):
        return
    for key in _COLUMN_KWARGS:
        named = expectation.kwargs.get(key, ())
        yield from ((name, key) for name in ([named] if isinstance(named, str) else named))
    condition = expectation.kwargs.get("row_condition")
    yield from ((name, "row_condition") for name in _condition_columns(condition))


def validate_expectation(
    expectation: DeclaredExpectation, column: str | None, locate: Locate
) -> Iterator[Diagnostic]:
    """All problems of one declared expectation.

    Args:
        expectation: as declared.
        column: the column that it is declared under; None for one of the table.
        locate: gives the place of a path inside the expectation.
    """
    spec = EXPECTATIONS.get(expectation.type)
    if spec is None:
        hint = suggest_or_list(expectation.type, EXPECTATIONS, "Great Expectations' core has")
        if len(hint) > 100:  # noqa: PLR2004  a line, not a catalog
            hint = "Use a type of Great Expectations' core."
        yield Diagnostic("RDC130", f"unknown expectation '{expectation.type}'", hint, locate("type"))
        return
    if spec.needs_sql:
        fact = f"'{expectation.type}' needs a query, and rdc checks rows before they are in a database"
        hint = "Use a regular expression." if spec.kind == "map" else "Say it with expectations of columns."
        yield Diagnostic("RDC133", fact, hint, locate("type"))
        return
    yield from _check_names(expectation, spec, column, locate)
    for key, value in expectation.kwargs.items():
        problem = _CHECKS[key](value) if key in _CHECKS and key in spec.kwargs else None
        if problem:
            yield Diagnostic("RDC132", *problem, locate("kwargs", key))
    yield from _check_range(expectation, locate)


def _check_names(
    expectation: DeclaredExpectation, spec: ExpectationSpec, column: str | None, locate: Locate
) -> Iterator[Diagnostic]:
    """Unknown and missing kwargs, and the column."""
    given = expectation.kwargs
    if column is not None and given.get("column", column) != column:
        fact = f"the expectation names column '{given['column']}', but stands under '{column}'"
        yield Diagnostic("RDC131", fact, "Take 'column' out.", locate("kwargs", "column"))
    elif column is not None and not spec.takes_column:
        fact = f"'{expectation.type}' is not about one column"
        hint = "Move it to the cleaner's own 'expectations'."
        yield Diagnostic("RDC131", fact, hint, locate("type"))
        return
    for key in given:
        if key not in spec.kwargs:
            hint = suggest_or_list(key, spec.kwargs, "It takes")
            yield Diagnostic("RDC131", f"unknown argument '{key}'", hint, locate("kwargs", key))
    for key in spec.required:
        if key not in given and not (key == "column" and column is not None):
            fact = f"'{expectation.type}' lacks '{key}'"
            yield Diagnostic("RDC131", fact, f"Add '{key}:' under kwargs.", locate("kwargs"))


def _check_range(expectation: DeclaredExpectation, locate: Locate) -> Iterator[Diagnostic]:
    if not expectation.type.endswith("_to_be_between") or "quantile" in expectation.type:
        return
    low, high = expectation.kwargs.get("min_value"), expectation.kwargs.get("max_value")
    if low is None and high is None:
        fact = f"'{expectation.type}' has no bounds"
        yield Diagnostic("RDC131", fact, "Give min_value, max_value or both.", locate("kwargs"))
    alike = (_is_number(low) and _is_number(high)) or (isinstance(low, str) and isinstance(high, str))
    if low is not None and high is not None and alike and low > high:
        fact = f"min_value {low} is above max_value {high}"
        yield Diagnostic("RDC132", fact, "Swap them.", locate("kwargs", "min_value"))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _condition_columns(condition: Any) -> Iterator[str]:
    """The columns that a condition reads."""
    if isinstance(condition, dict):
        column = condition.get("column")
        if isinstance(column, dict) and isinstance(column.get("name"), str):
            yield column["name"]
        parts = condition.get("conditions")
        for part in parts if isinstance(parts, list) else ():
            yield from _condition_columns(part)


Problem = tuple[str, str] | None


def _check_share(value: Any) -> Problem:
    if _is_number(value) and 0 <= value <= 1:
        return None
    return f"'mostly' must be a share from 0 to 1, but is {value}", "95 % is 0.95."


def _check_regex(value: Any) -> Problem:
    if not isinstance(value, str):
        return f"a regular expression must be text, but is {value}", "Quote it."
    try:
        re.compile(value)
    except re.error as error:
        return f"'{value}' is no regular expression: {error}", "Check its brackets and escapes."
    return None


def _check_regexes(value: Any) -> Problem:
    if not isinstance(value, list) or not value:
        return "'regex_list' must be a list of regular expressions", "Write [first, second]."
    return next(filter(None, map(_check_regex, value)), None)


def _check_values(value: Any) -> Problem:
    if isinstance(value, list) and value:
        return None
    return "'value_set' must be a list of values", "Write [first, second]."


def _check_column_name(value: Any) -> Problem:
    return None if isinstance(value, str) else (f"a column's name must be text, but is {value}", "Quote it.")


def _check_column_list(value: Any) -> Problem:
    if isinstance(value, list) and value and all(isinstance(name, str) for name in value):
        return None
    return "'column_list' must be a list of columns' names", "Write [first, second]."


def _check_flag(value: Any) -> Problem:
    return None if isinstance(value, bool) else (f"must be true or false, but is {value}", "")


def _check_condition(value: Any) -> Problem:
    """Great Expectations' own JSON form; its text form would be run as code."""
    problem = "'row_condition' must be a condition of Great Expectations", f"Such as {_CONDITION}."
    if value is None:
        return None
    if not isinstance(value, dict):
        return problem
    parts, column = value.get("conditions"), value.get("column")
    match value.get("type"):
        case "and" | "or":
            valid = isinstance(parts, list) and bool(parts) and not any(map(_check_condition, parts))
        case "comparison":
            operator = value.get("operator")
            valid = (
                isinstance(operator, str) and operator in _OPERATORS and value.get("parameter") is not None
            )
            valid = valid and isinstance(column, dict) and isinstance(column.get("name"), str)
        case "nullity":
            valid = isinstance(value.get("is_null"), bool)
            valid = valid and isinstance(column, dict) and isinstance(column.get("name"), str)
        case _:
            valid = False
    return None if valid else problem


_CHECKS: Mapping[str, Callable[[Any], Problem]] = {
    "mostly": _check_share,
    "regex": _check_regex,
    "regex_list": _check_regexes,
    "value_set": _check_values,
    "column": _check_column_name,
    "column_A": _check_column_name,
    "column_B": _check_column_name,
    "column_list": _check_column_list,
    "strict_min": _check_flag,
    "strict_max": _check_flag,
    "row_condition": _check_condition,
}
