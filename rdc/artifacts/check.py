"""Turn an expectation into a predicate of one text cell; what no single cell can show has none."""

from __future__ import annotations

import datetime as dt
import json
import operator
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rdc.artifacts.expectation import DeclaredExpectation
    from rdc.artifacts.plan import Cell

    Predicate = Callable[[str], bool]
    Builder = Callable[[Mapping[str, Any]], Predicate]

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
# With any of these the answer depends on other columns, not on the cell alone.
CONDITIONS = frozenset({"row_condition", "condition_parser"})


def value_check(expectation: DeclaredExpectation) -> Callable[[Cell], bool] | None:
    """Tell whether one cell meets an expectation, as Great Expectations' pandas engine does.

    Null meets everything but `not_be_null`. `mostly` is about the column, so it plays no part. Numbers are
    compared by value, also where the cell or the bound is text.

    Returns:
        The predicate, or None where the type or its arguments say nothing about one cell.

    >>> from rdc.artifacts.expectation import Expectation
    >>> holds = value_check(
    ...     Expectation(type="expect_column_values_to_be_between", kwargs={"min_value": 0, "max_value": 9.5})
    ... )
    >>> [holds("9.50"), holds("10"), holds("few"), holds(None)]
    [True, False, False, True]
    """
    if any(expectation.kwargs.get(name) is not None for name in CONDITIONS):
        return None
    if expectation.type == "expect_column_values_to_not_be_null":
        return lambda cell: cell is not None
    build = BUILDERS.get(expectation.type)
    if build is None:
        return None
    try:
        holds = build(expectation.kwargs)
    except (KeyError, TypeError, ValueError, re.error):
        return None
    return lambda cell: cell is None or holds(cell)


def parse_number(text: str) -> Decimal | None:
    """Read a plain number, without separators, spaces or symbols.

    >>> parse_number("1e3"), parse_number("1,000")
    (Decimal('1E+3'), None)
    """
    return Decimal(text) if NUMBER.fullmatch(text) else None


def _regex(kwargs: Mapping[str, Any]) -> Predicate:
    search = re.compile(kwargs["regex"]).search
    return lambda text: search(text) is not None


def _regex_list(kwargs: Mapping[str, Any]) -> Predicate:
    searches = [re.compile(regex).search for regex in kwargs["regex_list"]]
    quantify = {"any": any, "all": all}[kwargs.get("match_on") or "any"]
    return lambda text: quantify(search(text) is not None for search in searches)


def _like(kwargs: Mapping[str, Any]) -> Predicate:
    match = _like_pattern(kwargs["like_pattern"], kwargs.get("escape"))
    return lambda text: match.fullmatch(text) is not None


def _like_list(kwargs: Mapping[str, Any]) -> Predicate:
    patterns = [_like_pattern(pattern, kwargs.get("escape")) for pattern in kwargs["like_pattern_list"]]
    quantify = {"any": any, "all": all}[kwargs.get("match_on") or "any"]
    return lambda text: quantify(pattern.fullmatch(text) is not None for pattern in patterns)


def _like_pattern(pattern: str, escape: str | None) -> re.Pattern[str]:
    """A SQL LIKE pattern as a regular expression."""
    parts, characters = [], iter(pattern)
    for character in characters:
        if escape and character == escape:
            parts.append(re.escape(next(characters, escape)))
        else:
            parts.append({"%": ".*", "_": "."}.get(character, re.escape(character)))
    return re.compile("".join(parts), re.DOTALL)


def _in_set(kwargs: Mapping[str, Any]) -> Predicate:
    members = kwargs["value_set"]
    if members is None:
        return lambda _: True
    texts = {_text(member) for member in members if not _is_number(member)}
    numbers = {Decimal(str(member)) for member in members if _is_number(member)}
    return lambda text: text in texts or (bool(numbers) and parse_number(text) in numbers)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _text(value: object) -> str:
    """A value of YAML as the text of a cell: `true`, `2024-01-31`."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _between(kwargs: Mapping[str, Any]) -> Predicate:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is None and high is None:
        raise ValueError("no bound")
    low_text, high_text = (None if bound is None else _text(bound) for bound in (low, high))
    if any(text is not None and parse_number(text) is None for text in (low_text, high_text)):
        return _within(low_text, high_text, kwargs)
    low, high = (None if text is None else parse_number(text) for text in (low_text, high_text))
    holds = _within(low, high, kwargs)
    return lambda text: (number := parse_number(text)) is not None and holds(number)


def _within(low: Any, high: Any, kwargs: Mapping[str, Any]) -> Callable[[Any], bool]:
    """Whether something lies between two bounds, each of which may be missing."""
    above = operator.gt if kwargs.get("strict_min") else operator.ge
    below = operator.lt if kwargs.get("strict_max") else operator.le
    return lambda value: (low is None or above(value, low)) and (high is None or below(value, high))


def _lengths(kwargs: Mapping[str, Any]) -> Predicate:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is None and high is None:
        raise ValueError("no bound")
    holds = _within(low, high, kwargs)
    return lambda text: holds(len(text))


def _length(kwargs: Mapping[str, Any]) -> Predicate:
    length = int(kwargs["value"])
    return lambda text: len(text) == length


def _strftime(kwargs: Mapping[str, Any]) -> Predicate:
    date_format = str(kwargs["strftime_format"])

    def holds(text: str) -> bool:
        try:
            dt.datetime.strptime(text, date_format)  # noqa: DTZ007 - only whether it parses matters
        except ValueError:
            return False
        return True

    return holds


def _json(_: Mapping[str, Any]) -> Predicate:
    def holds(text: str) -> bool:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return False
        return True

    return holds


def _null(_: Mapping[str, Any]) -> Predicate:
    return lambda _: False


def _never(build: Builder) -> Builder:
    """The opposite of a check."""

    def build_opposite(kwargs: Mapping[str, Any]) -> Predicate:
        holds = build(kwargs)
        return lambda text: not holds(text)

    return build_opposite


def _any_regex(kwargs: Mapping[str, Any]) -> Predicate:
    return _regex_list({**kwargs, "match_on": "any"})


def _any_like(kwargs: Mapping[str, Any]) -> Predicate:
    return _like_list({**kwargs, "match_on": "any"})


BUILDERS: dict[str, Builder] = {
    "expect_column_values_to_match_regex": _regex,
    "expect_column_values_to_not_match_regex": _never(_regex),
    "expect_column_values_to_match_regex_list": _regex_list,
    "expect_column_values_to_not_match_regex_list": _never(_any_regex),
    "expect_column_values_to_match_like_pattern": _like,
    "expect_column_values_to_not_match_like_pattern": _never(_like),
    "expect_column_values_to_match_like_pattern_list": _like_list,
    "expect_column_values_to_not_match_like_pattern_list": _never(_any_like),
    "expect_column_values_to_be_in_set": _in_set,
    "expect_column_values_to_not_be_in_set": _never(_in_set),
    "expect_column_values_to_be_between": _between,
    "expect_column_value_lengths_to_be_between": _lengths,
    "expect_column_value_lengths_to_equal": _length,
    "expect_column_values_to_match_strftime_format": _strftime,
    "expect_column_values_to_be_json_parseable": _json,
    "expect_column_values_to_be_null": _null,
}
"""By the name of the expectation. `not_be_null` stands apart: null alone fails it."""
