"""What Great Expectations looks at -> SQL conditions: values as literals, rows that are looked at; None where unsure.

Comparisons are those of the pandas frame that Great Expectations would be given, not SQL's own.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rdc.engines.engine import quote_name, quote_text
from rdc.runtime.batch import FAMILIES, FILLED, TEXT, known_name, label

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

EXACT = 2**53
"""Beyond it a float, which pandas makes of integers beside nulls, no longer tells integers apart."""
TEXTS = frozenset({TEXT, FILLED})
NUMBERS = frozenset({"integer", "number"})


class UnsureError(Exception):
    """Nothing is known that surely counts as pandas does."""


@dataclass(frozen=True, slots=True)
class Value:
    """One column as a check reads it.

    Attributes:
        sql: the column of the source.
        family: what its text is cast to.
        name: of the column.
        known: by family, the column of the source that says where the text is surely of that kind.
    """

    sql: str
    family: str
    name: str = ""
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def present(self) -> str:
        """The condition that there is a value; not met, or null, where there is none."""
        return f"{quote_name(self.name)} <> ''" if self.family == FILLED else f"{self.sql} IS NOT NULL"

    def need(self, families: frozenset[str]) -> Value:
        """The same, where it is of one of some families."""
        if self.family in families:
            return self
        raise UnsureError

    def literal(self, value: Any) -> str:
        """A value of the check as SQL that this column is compared with."""
        for kind, families, write in _LITERALS:
            if type(value) is kind and self.family in families and (text := write(value)):
                return text
        raise UnsureError

    def literals(self, values: Any) -> str:
        """Values of the check, with commas."""
        if not isinstance(values, (list, tuple, set)) or not values:
            raise UnsureError
        return ", ".join(dict.fromkeys(self.literal(value) for value in values))


@dataclass(frozen=True)
class Columns:
    """The columns of a table, and what they are cast to.

    Attributes:
        names: of all columns.
        casts: columns and families that the source has.
    """

    names: Sequence[str]
    casts: Collection[tuple[str, str]] = ()

    def __getitem__(self, name: Any) -> Value:
        """A column, by its name, or by the label of its cast."""
        column, family = self._labels.get(name, (name, TEXT))
        if column not in self.names:
            raise UnsureError
        known = {kind: known_name(column, kind) for kind in FAMILIES if (column, kind) in self.casts}
        return Value(quote_name(name), family, column, known)

    @cached_property
    def _labels(self) -> dict[str, tuple[str, str]]:
        return {label(column, family): (column, family) for column, family in self.casts}


def _write_text(value: str) -> str:
    return "" if "\0" in value else quote_text(value)


def _write_number(value: float) -> str:
    if not math.isfinite(value) or (isinstance(value, int) and abs(value) >= EXACT):
        return ""
    # Integers are compared as such; beyond these, with a float, as pandas does.
    if value == int(value) and abs(value) < EXACT:
        return str(int(value))
    return f"CAST('{float(value)!r}' AS DOUBLE)"


def _write_moment(value: dt.datetime) -> str:
    return "" if value.tzinfo else f"TIMESTAMP '{value.isoformat(sep=' ')}'"


_LITERALS: list[tuple[type, frozenset[str], Callable[[Any], str]]] = [
    (str, TEXTS, _write_text),
    (int, NUMBERS, _write_number),
    (float, NUMBERS, _write_number),
    (bool, frozenset({"boolean"}), lambda value: str(value).upper()),
    (dt.date, frozenset({"date"}), lambda value: f"DATE '{value.isoformat()}'"),
    (dt.datetime, frozenset({"moment"}), _write_moment),
]


def within(sql: str, value: Value, arguments: Mapping[str, Any]) -> str:
    """The condition that something lies between `min_value` and `max_value`, each of which may be missing."""
    low, high = arguments.get("min_value"), arguments.get("max_value")
    if low is None and high is None:
        raise UnsureError
    above, below = (
        ">" if arguments.get("strict_min") else ">=",
        "<" if arguments.get("strict_max") else "<=",
    )
    bounds = [(above, low), (below, high)]
    return every(f"{sql} {sign} {value.literal(bound)}" for sign, bound in bounds if bound is not None)


def every(conditions: Iterable[str]) -> str:
    """All of some conditions; '' for none."""
    return " AND ".join(f"({condition})" for condition in conditions if condition)


def some(conditions: Iterable[str]) -> str:
    """Any of some conditions."""
    return " OR ".join(f"({condition})" for condition in conditions)


def read_domain(domain: Mapping[str, Any], columns: Columns) -> str:
    """The condition of the rows that a check looks at: its row condition, and those it ignores; '' for all.

    Raises:
        UnsureError: pandas may read the row condition in another way.
    """
    if domain.get("condition_parser") or domain.get("table"):
        raise UnsureError
    condition = domain.get("row_condition")
    kept = _read_condition(_as_data(condition), columns) if condition else ""
    ignored = domain.get("ignore_row_if")
    names = domain.get("column_list") or [domain.get("column_A"), domain.get("column_B")]
    if ignored is None or ignored in {"neither", "never"}:
        return kept
    if ignored not in _IGNORED:
        raise UnsureError
    present = [f"{columns[name].sql} IS NOT NULL" for name in names]
    return every([kept, _IGNORED[ignored](present)])


_IGNORED: dict[str, Callable[[Iterable[str]], str]] = {
    "both_values_are_missing": some,
    "all_values_are_missing": some,
    "either_value_is_missing": every,
    "any_value_is_missing": every,
}
"""By what is ignored, how many of the columns must be there."""


def _as_data(condition: Any) -> Any:
    """A row condition as data, whether or not Great Expectations has read it."""
    return condition.dict() if hasattr(condition, "dict") else condition


def _read_condition(condition: Any, columns: Columns) -> str:
    """A row condition as SQL that is never null; text alone is compared alike."""
    match condition:
        case {"type": "and" | "or" as kind, "conditions": list() as parts} if parts:
            join = every if kind == "and" else some
            return join(_read_condition(_as_data(part), columns) for part in parts)
        case {"type": "nullity", "column": {"name": name}, "is_null": bool() as is_null}:
            return f"{columns[name].sql} IS {'' if is_null else 'NOT '}NULL"
        case {"type": "comparison", "column": {"name": name}, "operator": operator, "parameter": parameter}:
            value = columns[name].need(frozenset({TEXT}))
            sign = getattr(operator, "value", operator)
            if sign in {"==", "!="}:
                met = f"{value.sql} = {value.literal(parameter)}"
            elif sign in {"IN", "NOT_IN"}:
                met = f"{value.sql} IN ({value.literals(parameter)})"
            else:
                raise UnsureError
            met = f"coalesce({met}, FALSE)"
            return met if sign in {"==", "IN"} else f"NOT {met}"
    raise UnsureError
