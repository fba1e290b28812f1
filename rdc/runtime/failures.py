# ruff: noqa: S608  # names and texts are quoted
"""A check of rows, as Great Expectations names its metric -> SQL of the rows that fail it, as pandas would find them.

What has no entry here, or raises UnsureError, is left to pandas: values as JSON schemas and types, outliers and
sums of several columns, whose floats depend on the order in which they are added.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from rdc.engines.engine import ROW, quote_name
from rdc.runtime.batch import FAMILIES
from rdc.runtime.conditions import EXACT, NUMBERS, TEXTS, UnsureError, Value, every, read_domain, some, within
from rdc.runtime.patterns import write_search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.runtime.conditions import Columns

SOURCE = "source"
"""The relation that all SQL here reads: the row, the columns as text, and each cast that is needed."""
NUMERIC = NUMBERS | {"moment"}


@dataclass(frozen=True, slots=True)
class Failures:
    """The rows that fail one check.

    Attributes:
        domain: the condition of the rows that are looked at; '' for all.
        fails: the condition of those that fail, null where nothing is to be checked; '' where one row alone does
            not show it.
        query: in its place, a SELECT of those that fail, whole.
        shown: the columns of the check.
        hint: an aggregate that is false or 0 only where no row fails, where `query` takes long.
        holds: an aggregate without which pandas may find other rows.
        doubtful: the condition of the values that Python alone may judge.
        judge: whether such a value fails.
        over: such a value fails nowhere but where `fails` says so.
        unknown: all values are doubtful.
    """

    domain: str
    fails: str
    shown: tuple[Value, ...]
    query: str = ""
    hint: str = ""
    holds: str = ""
    doubtful: str = ""
    judge: Callable[[str], bool] | None = None
    over: bool = False
    unknown: bool = False

    @property
    def rows(self) -> str:
        """A SELECT of the rows that fail."""
        return self.query or f"SELECT * FROM {SOURCE} WHERE {self.condition}"

    @property
    def condition(self) -> str:
        """That a row fails, where one row alone shows it."""
        return every([self.domain, self.fails])


def count_rows(condition: str) -> str:
    """The aggregate that counts rows."""
    return f"count(*) FILTER (WHERE {condition})" if condition else "count(*)"


def find_failures(
    metric: str, domain: Mapping[str, Any], arguments: Mapping[str, Any], columns: Columns
) -> Failures:
    """The rows that fail a check.

    Args:
        metric: Great Expectations' name, without the suffix.
        domain: which rows and columns are looked at.
        arguments: of the check.
        columns: of the table.

    Raises:
        UnsureError: pandas may find other rows.
    """
    condition = read_domain(domain, columns)
    if build := _OF_VALUES.get(metric):
        value = columns[domain.get("column")]
        return build(value, condition, arguments)
    if tell := _OF_NULLS.get(metric):
        value = columns[domain.get("column")]
        return Failures(condition, tell(value), (value,))
    if combine := _OF_ROWS.get(metric):
        names = domain.get("column_list") or [domain.get("column_A"), domain.get("column_B")]
        if len(set(names)) < len(names):
            raise UnsureError
        return combine({name: columns[name] for name in names}, condition, arguments)
    raise UnsureError


def _fail_unless(
    test: Callable[[Value, Mapping[str, Any]], str],
) -> Callable[[Value, str, Mapping[str, Any]], Failures]:
    """A check that one value shows, by the SQL of what it must meet."""

    def build(value: Value, domain: str, arguments: Mapping[str, Any]) -> Failures:
        return Failures(domain, f"NOT ({test(value, arguments)})", (value,))

    return build


def _between(value: Value, arguments: Mapping[str, Any]) -> str:
    low, high = arguments.get("min_value"), arguments.get("max_value")
    # pandas raises, and tells it.
    if low is not None and high is not None and low > high:
        raise UnsureError
    return within(value.sql, value, arguments)


def _in_set(value: Value, arguments: Mapping[str, Any]) -> str:
    return f"{value.sql} IN ({value.literals(arguments.get('value_set'))})"


def _length(value: Value, arguments: Mapping[str, Any]) -> str:
    number = Value(f"length({value.need(TEXTS).sql})", "number")
    if "value" in arguments:
        return f"{number.sql} = {number.literal(arguments['value'])}"
    return within(number.sql, number, arguments)


def _match(*, wanted: bool, key: str = "regex") -> Callable[[Value, str, Mapping[str, Any]], Failures]:
    """A check of a regular expression, or of several."""

    def build(value: Value, domain: str, arguments: Mapping[str, Any]) -> Failures:
        regexes = [arguments[key]] if key == "regex" else list(arguments[key])
        quantity = arguments.get("match_on") or "any"
        value.need(TEXTS)
        if key == "regex" and wanted and (companion := _companion(value, arguments)):
            return Failures(domain, companion, (value,))
        if quantity not in {"any", "all"} or not regexes:
            raise UnsureError
        try:
            searches = [re.compile(regex).search for regex in regexes]
        except re.error:
            # pandas raises, and tells it.
            raise UnsureError from None
        combine: Callable[[Iterable[bool]], bool] = any if quantity == "any" else all

        def judge(text: str) -> bool:
            return combine(search(text) is not None for search in searches) is not wanted

        found = [write_search(regex, value.sql) for regex in regexes]
        written = [search for search in found if search]
        if len(written) < len(found):
            return _left_to_python(value, domain, judge)
        join = some if quantity == "any" else every
        met = join(search.finds for search in written)
        doubtful = some(dict.fromkeys(search.doubtful for search in written if search.doubtful))
        fails = f"NOT ({met})" if wanted else met
        over = wanted and all(search.narrow for search in written)
        return Failures(domain, fails, (value,), doubtful=doubtful, judge=judge, over=over)

    return build


def _companion(value: Value, arguments: Mapping[str, Any]) -> str:
    """What fails the regular expression of a family, where the source has read it; '' for any other."""
    for family, known in value.known.items():
        if arguments == FAMILIES[family].kwargs:
            return f"{value.present} AND NOT {known}"
    return ""


def _left_to_python(value: Value, domain: str, judge: Callable[[str], bool], known: str = "") -> Failures:
    """A check that Python decides on each distinct value, but for those that are known to pass."""
    doubtful = every([value.present, f"NOT coalesce({known}, FALSE)" if known else ""])
    return Failures(domain, "FALSE", (value,), doubtful=doubtful, judge=judge, unknown=not known)


def _strftime(value: Value, domain: str, arguments: Mapping[str, Any]) -> Failures:
    value.need(TEXTS)
    date_format = arguments["strftime_format"]

    def judge(text: str) -> bool:
        try:
            dt.datetime.strptime(text, date_format)  # noqa: DTZ007 - only whether it parses matters
        except ValueError:
            return True
        return False

    known = value.known.get("date", "") if date_format == FAMILIES["date"].kwargs["strftime_format"] else ""
    return _left_to_python(value, domain, judge, known)


def _json(value: Value, domain: str, _: Mapping[str, Any]) -> Failures:
    def judge(text: str) -> bool:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return True
        return False

    value.need(TEXTS)
    return _left_to_python(value, domain, judge)


def _unique(value: Value, domain: str, _: Mapping[str, Any]) -> Failures:
    value.need(TEXTS)
    query = f"SELECT * FROM {SOURCE} WHERE {every([domain, value.present])} QUALIFY count(*) OVER (PARTITION BY {value.sql}) > 1"
    filter_ = f" FILTER (WHERE {domain})" if domain else ""
    hint = f"count({value.sql}){filter_} <> count(DISTINCT {value.sql}){filter_}"
    return Failures(domain, "", (value,), query, hint=hint)


def _ordered(sign: str) -> Callable[[Value, str, Mapping[str, Any]], Failures]:
    """A check of each value with the one before it; `sign` stands between those in the wrong order."""

    def build(value: Value, domain: str, arguments: Mapping[str, Any]) -> Failures:
        value.need(NUMERIC)
        before, row = quote_name(f"{ROW}:before"), quote_name(ROW)
        wrong = f"{sign}=" if arguments.get("strictly") else sign
        query = (
            f"SELECT * FROM (SELECT *, lag({value.sql}) OVER (ORDER BY {row}) AS {before} FROM {SOURCE} "
            f"WHERE {every([domain, value.present])}) WHERE {value.sql} {wrong} {before}"
        )
        return Failures(domain, "", (value,), query, holds=exact_numbers([value]))

    return build


def exact_numbers(values: Iterable[Value]) -> str:
    """The aggregate that numbers are told apart by floats, and that none is infinite; '' for other values."""
    return every(
        f"coalesce(max(abs(CAST({value.sql} AS DOUBLE))), 0) < {EXACT}"
        for value in values
        if value.family in NUMBERS
    )


def _pair_equal(values: Mapping[str, Value], domain: str, _: Mapping[str, Any]) -> Failures:
    one, other = (value.need(TEXTS) for value in values.values())
    return Failures(domain, f"NOT coalesce({one.sql} = {other.sql}, FALSE)", (one, other))


def _pair_greater(values: Mapping[str, Value], domain: str, arguments: Mapping[str, Any]) -> Failures:
    one, other = values.values()
    same = frozenset({"moment"}) if one.family == "moment" else NUMBERS
    sign = ">=" if arguments.get("or_equal") else ">"
    met = f"coalesce({one.need(same).sql} {sign} {other.need(same).sql}, FALSE)"
    return Failures(domain, f"NOT {met}", (one, other), holds=exact_numbers([one, other]))


def _pair_in_set(values: Mapping[str, Value], domain: str, arguments: Mapping[str, Any]) -> Failures:
    one, other = (value.need(TEXTS) for value in values.values())
    pairs = arguments.get("value_pairs_set")
    if not pairs or any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 - a pair
        raise UnsureError
    met = some(every([_is(one, a), _is(other, b)]) for a, b in pairs)
    return Failures(domain, f"NOT ({met})", (one, other))


def _is(value: Value, wanted: Any) -> str:
    return f"{value.sql} IS NOT DISTINCT FROM {'NULL' if wanted is None else value.literal(wanted)}"


def _all_equal(values: Mapping[str, Value], domain: str, _: Mapping[str, Any]) -> Failures:
    first, *rest = (value.need(TEXTS) for value in values.values())
    met = every(f"{value.sql} IS NOT DISTINCT FROM {first.sql}" for value in rest)
    return Failures(domain, f"NOT ({met})", (first, *rest))


def _all_different(values: Mapping[str, Value], domain: str, _: Mapping[str, Any]) -> Failures:
    shown = tuple(value.need(TEXTS) for value in values.values())
    fails = some(f"{a.sql} IS NOT DISTINCT FROM {b.sql}" for a, b in combinations(shown, 2))
    return Failures(domain, f"({fails})", shown)


def _compound(values: Mapping[str, Value], domain: str, _: Mapping[str, Any]) -> Failures:
    shown = tuple(value.need(TEXTS) for value in values.values())
    names = ", ".join(value.sql for value in shown)
    where = f"WHERE {domain}" if domain else ""
    query = f"SELECT * FROM {SOURCE} {where} QUALIFY count(*) OVER (PARTITION BY {names}) > 1"
    hint = f"{count_rows(domain)} <> count(DISTINCT row({names})){f' FILTER ({where})' if where else ''}"
    return Failures(domain, "", shown, query, hint=hint)


def _agree(values: Mapping[str, Value], domain: str, arguments: Mapping[str, Any]) -> Failures:
    """See `rdc.artifacts.agreement.find_disagreeing`: the same, as SQL."""
    keys = [values[name].need(TEXTS).sql for name in values if name in arguments["determinant"]]
    dependents = [values[name].need(TEXTS).sql for name in values if name not in arguments["determinant"]]
    selects = [_disagreeing(keys, dependent, domain) for dependent in dependents]
    row = quote_name(ROW)
    query = f"SELECT * FROM {SOURCE} WHERE {row} IN ({' UNION ALL '.join(selects)})"
    if not selects:
        return Failures(domain, "FALSE", tuple(values.values()))
    return Failures(domain, "", tuple(values.values()), query)


def _disagreeing(keys: Sequence[str], dependent: str, domain: str) -> str:
    """A SELECT of the rows whose value of one column is not that of most rows with the same key."""
    present = every([domain, *(f"{name} <> ''" for name in (*keys, dependent))])
    names = ", ".join([*keys, dependent])
    of_key = f"PARTITION BY {', '.join(keys)}" if keys else ""
    held, most = quote_name(f"{ROW}:held"), quote_name(f"{ROW}:most")
    losing = (
        f"SELECT * FROM (SELECT *, max({held}) OVER ({of_key}) AS {most} FROM "
        f"(SELECT {names}, count(*) AS {held} FROM {SOURCE} WHERE {present} GROUP BY {names})) "
        f"QUALIFY {held} < {most} OR count(*) FILTER (WHERE {held} = {most}) OVER ({of_key}) > 1"
    )
    return (
        f"SELECT {quote_name(ROW)} FROM {SOURCE} WHERE {present} "
        f"AND ({names}) IN (SELECT ({names}) FROM ({losing}))"
    )


_OF_VALUES: dict[str, Callable[[Value, str, Mapping[str, Any]], Failures]] = {
    "column_values.between": _fail_unless(_between),
    "column_values.in_set": _fail_unless(_in_set),
    "column_values.not_in_set": _fail_unless(lambda value, given: f"NOT ({_in_set(value, given)})"),
    "column_values.value_length.between": _fail_unless(_length),
    "column_values.value_length.equals": _fail_unless(_length),
    "column_values.match_regex": _match(wanted=True),
    "column_values.not_match_regex": _match(wanted=False),
    "column_values.match_regex_list": _match(wanted=True, key="regex_list"),
    "column_values.not_match_regex_list": _match(wanted=False, key="regex_list"),
    "column_values.match_strftime_format": _strftime,
    "column_values.json_parseable": _json,
    "column_values.unique": _unique,
    "column_values.increasing": _ordered("<"),
    "column_values.decreasing": _ordered(">"),
}
"""Checks of one column's values; nulls are passed over."""
_OF_NULLS: dict[str, Callable[[Value], str]] = {
    "column_values.nonnull": lambda value: f"{value.sql} IS NULL",
    "column_values.null": lambda value: value.present,
}
_OF_ROWS: dict[str, Callable[[Mapping[str, Value], str, Mapping[str, Any]], Failures]] = {
    "column_pair_values.equal": _pair_equal,
    "column_pair_values.a_greater_than_b": _pair_greater,
    "column_pair_values.in_set": _pair_in_set,
    "multicolumn_values.equal": _all_equal,
    "select_column_values.unique.within_record": _all_different,
    "compound_columns.unique": _compound,
    "columns.agree": _agree,
}
"""Checks of several columns of a row."""
METRICS = (*_OF_VALUES, *_OF_NULLS, *_OF_ROWS)
"""All checks of rows that are known here."""
