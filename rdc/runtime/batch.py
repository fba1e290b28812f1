"""Expectations and declared types -> what each is checked on: the column's text, or its values as a type.

Great Expectations compares values of one type only and passes over nulls. So numbers and dates are checked
on a cast column, and beside such a check stands a companion on the text that fails on what did not cast.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rdc.engines.engine import ROW, quote_name
from rdc.runtime.casts import BOOLEAN, DAY, INTEGER, MOMENT, NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdc.artifacts.expectation import Expectation

REGEX = "expect_column_values_to_match_regex"


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of value that text is cast to for a check.

    Attributes:
        cast: of `{value}`, which is read once, whatever it is of.
        known: the condition of `{value}` and `{cast}` that the text is surely of this kind; read once too.
        sql: the value, of `{value}`, `{cast}` and `{known}`.
        companion, kwargs: the expectation that fails on text which is not of this kind.
        noun: for messages.
    """

    cast: str
    known: str
    sql: str
    companion: str
    kwargs: Mapping[str, Any]
    noun: str


def _shaped(regex: str, type_: str, noun: str, known: str = "") -> Family:
    """The family of texts that match a regular expression as a whole; `known` is a quicker test of most of them."""
    # Not formatted later, and a regular expression has braces of its own.
    shaped = f"regexp_full_match({{value}}, '{regex}')"
    return Family(
        f"TRY_CAST({{value}} AS {type_})",
        f"CASE WHEN {known} THEN TRUE ELSE {shaped} END" if known else shaped,
        "CASE WHEN {known} THEN {cast} END",
        REGEX,
        {"regex": rf"^({regex})\Z"},
        noun,
    )


PRINTED = "CAST({cast} AS VARCHAR) = {value}"
FAMILIES: dict[str, Family] = {
    "integer": _shaped(INTEGER, "BIGINT", "integer", PRINTED),
    "number": _shaped(NUMBER, "DOUBLE", "number"),
    "boolean": _shaped(BOOLEAN, "BOOLEAN", "boolean"),
    "moment": _shaped(MOMENT, "TIMESTAMP", "timestamp"),
    "date": Family(
        "TRY_CAST({value} AS DATE)",
        f"strlen({{value}}) = 10 AND {PRINTED}",
        # Python has no year 0.
        "CASE WHEN {known} THEN {cast} WHEN year(try_strptime({value}, '%Y-%m-%d')) > 0 "
        "THEN CAST(try_strptime({value}, '%Y-%m-%d') AS DATE) END",
        "expect_column_values_to_match_strftime_format",
        {"strftime_format": "%Y-%m-%d"},
        "date",
    ),
}
TEXT = "text"
FILLED = "filled"
"""The text of a column with a declared type, or of a key, where the empty string is a null."""
DECLARED = {
    "integer": "integer",
    "double": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "moment",
}
MEASURES = frozenset(
    f"expect_column_{name}"
    for name in (
        "mean_to_be_between",
        "median_to_be_between",
        "stdev_to_be_between",
        "sum_to_be_between",
        "quantile_values_to_be_between",
        "value_z_scores_to_be_less_than",
        "values_to_not_be_outliers",
    )
)
BOUNDS = frozenset(
    {
        "expect_column_values_to_be_between",
        "expect_column_max_to_be_between",
        "expect_column_min_to_be_between",
    }
)
ORDERS = frozenset({"expect_column_values_to_be_increasing", "expect_column_values_to_be_decreasing"})
SETS = frozenset(
    f"expect_column_{name}_set"
    for name in (
        "values_to_be_in",
        "values_to_not_be_in",
        "distinct_values_to_be_in",
        "distinct_values_to_contain",
        "distinct_values_to_equal",
        "most_common_value_to_be_in",
    )
)
TYPES = frozenset(
    {
        "expect_column_values_to_be_of_type",
        "expect_column_values_to_be_in_type_list",
        "expect_column_type_to_be",
    }
)
KEYS = frozenset({"expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"})
SEVERAL = frozenset({"expect_column_pair_values_a_to_be_greater_than_b", "expect_multicolumn_sum_to_equal"})


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation as it is handed to Great Expectations.

    Attributes:
        expectation: with arguments that fit the values.
        owner: the position of the declared expectation that it stands for.
        families: by column, what its text is cast to; the others are text.
    """

    expectation: Expectation
    owner: int
    families: Mapping[str, str] = field(default_factory=dict)


def plan_checks(expectations: Sequence[Expectation], types: Mapping[str, str]) -> tuple[Check, ...]:
    """What is to be checked: the expectations in their order, then their companions.

    Args:
        expectations: with their columns named.
        types: declared types of columns that are not text.
    """
    declared = {
        column: DECLARED[type_.partition("(")[0]] for column, type_ in types.items() if type_ != "text"
    }
    checks = []
    companions: list[Check] = []
    for owner, expectation in enumerate(expectations):
        families = _families(expectation, declared)
        checks.append(Check(_fit_bounds(expectation, families), owner, families))
        if expectation.type not in TYPES | KEYS:
            companions += (
                _companion(expectation, owner, column, family, column in declared)
                for column, family in families.items()
            )
    return (*checks, *companions)


def arrange(checks: Sequence[Check]) -> list[tuple[dict[str, str], list[int]]]:
    """Put checks together that can share a frame: the families of the frame, and positions of checks."""
    frames: list[tuple[dict[str, str], list[int]]] = [({}, [])]
    for position, check in enumerate(checks):
        read = columns_of(check.expectation) | condition_columns(
            check.expectation.kwargs.get("row_condition")
        )
        needs = {column: check.families.get(column, TEXT) for column in read}
        # Whoever casts nothing, or names no column, is at home among texts alone.
        homes = frames[1:] if check.families else frames[:1]
        home = next((frame for frame in homes if _agree(frame[0], needs)), None)
        if home is None:
            frames.append(home := ({}, []))
        home[0].update(needs)
        home[1].append(position)
    return [
        ({column: family for column, family in reads.items() if family != TEXT}, positions)
        for reads, positions in frames
        if positions
    ]


def batch_query(table: str, columns: Iterable[str], checks: Iterable[Check], *, ordered: bool = False) -> str:
    """The SELECT of all that the checks read: the row, the columns as text, and each cast that is needed."""
    names = list(columns)
    # A column that is missing is left for Great Expectations to tell.
    casts = sorted({pair for check in checks for pair in check.families.items() if pair[0] in names})
    items = [quote_name(ROW), *map(quote_name, names)]
    items += (f"{_cast(column, family)} AS {quote_name(label(column, family))}" for column, family in casts)
    read = [(column, family) for column, family in casts if family in FAMILIES]
    items += (known_name(column, family) for column, family in read if not ordered)
    order = f" ORDER BY {quote_name(ROW)}" if ordered else ""
    source = quote_name(table)
    # Each in a SELECT of its own, so that the next one finds it computed.
    for part in ("cast", "known"):
        told = [
            f"{_fill(getattr(FAMILIES[family], part), column, family)} AS {_name(part, column, family)}"
            for column, family in read
        ]
        source = f"(SELECT {', '.join(['*', *told])} FROM {source})"  # noqa: S608 - names are quoted
    return f"SELECT {', '.join(items)} FROM {source}{order}"  # noqa: S608 - the same


def label(column: str, family: str) -> str:
    """What the cast of a column is called in a batch.

    >>> label("ounces", "number")
    '__rdc_row:number:ounces'
    """
    return f"{ROW}:{family}:{column}"


def columns_of(expectation: Expectation) -> set[str]:
    """The columns that an expectation names; none for one of the whole table."""
    kwargs = expectation.kwargs
    named = {kwargs[key] for key in ("column", "column_A", "column_B") if isinstance(kwargs.get(key), str)}
    listed = kwargs.get("column_list")
    return named | set(listed if isinstance(listed, (list, tuple)) else ())


def condition_columns(condition: Any) -> set[str]:
    """The columns that a row condition reads."""
    if not isinstance(condition, dict):
        return set()
    column = condition.get("column")
    named = {column["name"]} if isinstance(column, dict) and isinstance(column.get("name"), str) else set()
    return named.union(*map(condition_columns, condition.get("conditions") or ()))


def _cast(column: str, family: str) -> str:
    """The SQL of one cast."""
    if family == FILLED:
        return f"NULLIF({quote_name(column)}, '')"
    return _fill(FAMILIES[family].sql, column, family)


def known_name(column: str, family: str) -> str:
    """The column of a batch that says where a text is surely of a kind."""
    return _name("known", column, family)


def _name(part: str, column: str, family: str) -> str:
    """The column of a batch that holds a part of a family."""
    return quote_name(f"{ROW}:{part}:{family}:{column}")


def _fill(sql: str, column: str, family: str) -> str:
    """The SQL of a family for one column."""
    parts = {f"{{{part}}}": _name(part, column, family) for part in ("cast", "known")}
    values = {"{value}": quote_name(column), **parts}
    return re.sub(r"\{(value|cast|known)\}", lambda found: values[found[0]], sql)


def _agree(reads: Mapping[str, str], needs: Mapping[str, str]) -> bool:
    """Whether a frame has, or may get, every column in the family that is needed."""
    return all(reads.get(column, family) == family for column, family in needs.items())


def _families(expectation: Expectation, declared: Mapping[str, str]) -> dict[str, str]:
    """What the columns of one expectation are cast to."""
    kind, column = expectation.type, expectation.column
    if kind in KEYS:
        # Two keys that are missing are not the same key.
        return dict.fromkeys(sorted(columns_of(expectation)), FILLED)
    if kind in SEVERAL:
        named = sorted(columns_of(expectation) & set(declared))
        return {name: "moment" if declared[name] == "date" else declared[name] for name in named}
    if column is None:
        return {}
    family = declared.get(column)
    if kind in TYPES:
        chosen = family
    elif kind in MEASURES:
        chosen = family if family == "integer" else "number"
    elif kind in ORDERS:
        chosen = {"date": "moment", None: "number"}.get(family, family)
    elif kind in BOUNDS:
        chosen = family or _family_of(_bounds(expectation))
    elif kind in SETS:
        members = expectation.kwargs.get("value_set") or ()
        chosen = _family_of(members) if not any(isinstance(member, str) for member in members) else None
    else:
        chosen = None
    return {column: chosen} if chosen else {}


def _bounds(expectation: Expectation) -> list[Any]:
    """The bounds that an expectation names."""
    kwargs = expectation.kwargs
    return [kwargs[key] for key in ("min_value", "max_value") if kwargs.get(key) is not None]


def _family_of(values: Iterable[Any]) -> str | None:
    """The family that all of some arguments belong to."""
    found = {_family(value) for value in values if value is not None}
    return found.pop() if len(found) == 1 else None


def _family(value: Any) -> str | None:
    """The family of one argument."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    shapes = {"number": NUMBER, "date": DAY, "moment": MOMENT}
    return next((name for name, shape in shapes.items() if re.fullmatch(shape, str(value))), None)


def _fit_bounds(expectation: Expectation, families: Mapping[str, str]) -> Expectation:
    """The expectation with days as bounds made moments where moments are compared."""
    if expectation.type not in BOUNDS or families.get(expectation.column or "") != "moment":
        return expectation
    fitted = {
        key: f"{value}T00:00:00"
        for key in ("min_value", "max_value")
        if re.fullmatch(DAY, str(value := expectation.kwargs.get(key)))
    }
    return expectation.model_copy(update={"kwargs": {**expectation.kwargs, **fitted}})


def _companion(expectation: Expectation, owner: int, column: str, family: str, filled: bool) -> Check:  # noqa: FBT001 - private
    """The check that fails on text which did not cast."""
    kwargs = {"column": column, **FAMILIES[family].kwargs}
    if "mostly" in expectation.kwargs:
        kwargs["mostly"] = expectation.kwargs["mostly"]
    told = expectation.model_copy(update={"type": FAMILIES[family].companion, "kwargs": kwargs})
    return Check(told, owner, {column: FILLED} if filled else {})
