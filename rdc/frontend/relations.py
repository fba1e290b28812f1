"""A profile and its values -> problems of rows and of columns together; what chance explains is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdc.artifacts.profile import Finding, ValueCount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdc.artifacts.profile import ColumnProfile, NearDependency, TableProfile

KEY_NAME = re.compile(r"(^|[_ ])(id|key|uuid|guid|sku|isbn|ean|upc|code|number|no|nr)$", re.IGNORECASE)
NEARLY_UNIQUE = 0.95
SEPARATORS = (", ", "; ", " - ", " / ", ",", "/", "|", " ")
CONFIDENCE = 0.95
MAX_CATEGORIES = 300
MIN_ROWS = 10
MIN_MERGED = 5
SHOWN = 10


def find_table_problems(
    profile: TableProfile, values: Mapping[str, Sequence[ValueCount]]
) -> tuple[Finding, ...]:
    """Suspect problems that no column shows alone."""
    return (
        *find_shared_problems(profile, values),
        *_find_repeated(profile),
        *_find_violations(profile),
    )


def find_shared_problems(
    profile: TableProfile, values: Mapping[str, Sequence[ValueCount]]
) -> tuple[Finding, ...]:
    """Those that the columns' own counts and values show, without a look at whole rows."""
    return (*_find_merged(profile, values), *_find_double_keys(profile))


def _find_merged(profile: TableProfile, values: Mapping[str, Sequence[ValueCount]]) -> Iterable[Finding]:
    """Values that end on a value of another column, about as many as that column lacks."""
    for other in profile.columns:
        lacking = other.missing + other.empty + sum(token.count for token in other.null_like)
        endings = _categories(other, values)
        if not lacking or not endings:
            continue
        for column in profile.columns:
            if column.name == other.name:
                continue
            held = [(v.value, v.count) for v in values.get(column.name, ()) if v.value]
            merged = [item for item in held if _ends_on(item[0], endings)]
            count = sum(n for _, n in merged)
            if count >= MIN_MERGED and lacking / 2 <= count <= lacking and count < 0.5 * column.rows:
                fact = (
                    f"Values that end on one of column {other.name!r}, which lacks as many: {_cells(count)}."
                )
                shown = tuple(ValueCount(value=value, count=n) for value, n in merged[:SHOWN])
                yield Finding(
                    kind="merged_field",
                    column=column.name,
                    count=count,
                    fact=fact,
                    values=shown,
                    other=other.name,
                )


def _categories(column: ColumnProfile, values: Mapping[str, Sequence[ValueCount]]) -> frozenset[str]:
    """The repeated values of a column of few values, if they hold letters."""
    nulls = {token.value for token in column.null_like}
    held = [v for v in values.get(column.name, ()) if v.value and v.value not in nulls]
    if len(held) > MAX_CATEGORIES or len(held) * 5 > column.rows:
        return frozenset()
    return frozenset(
        v.value
        for v in held
        if v.value and v.count > 1 and len(v.value) > 1 and re.search(r"[^\W\d]", v.value)
    )


def _ends_on(value: str, endings: frozenset[str]) -> bool:
    """Whether a value is something, a separator and one of the endings."""
    parts = (value.rpartition(separator) for separator in SEPARATORS)
    return any(head.strip() and tail.strip() in endings for head, _, tail in parts)


def _find_repeated(profile: TableProfile) -> Iterable[Finding]:
    """Rows that repeat others, in a table whose rows are things of their own."""
    varied = any(column.distinct > 0.5 * profile.rows for column in profile.columns)
    if profile.rows > MIN_ROWS and 0 < profile.repeated_rows < 0.5 * profile.rows and varied:
        count = profile.repeated_rows
        rows = "1 row" if count == 1 else f"{count:,} rows"
        fact = f"Rows that are equal to an earlier one in every column: {rows}."
        yield Finding(kind="duplicate_rows", column=None, count=count, fact=fact)


def _find_double_keys(profile: TableProfile) -> Iterable[Finding]:
    """Columns that are named like a key, and nearly are one."""
    for column in profile.columns:
        nothing = bool(column.empty)
        present = column.rows - column.missing - column.empty
        double = present - (column.distinct - nothing)
        if (
            KEY_NAME.search(column.name)
            and 0 < double <= (1 - NEARLY_UNIQUE) * present
            and present > MIN_ROWS
        ):
            shown = tuple(value for value in column.frequent if value.count > 1 and value.value)[:SHOWN]
            fact = f"Values of what looks like a key that an earlier row has too: {_cells(double)}."
            yield Finding(kind="duplicate_key", column=column.name, count=double, fact=fact, values=shown)


def _find_violations(profile: TableProfile) -> Iterable[Finding]:
    """For each column the dependency on another that holds best, where a few rows break it."""
    best: dict[str, NearDependency] = {}
    for near in profile.dependencies:
        if near.confidence < CONFIDENCE or near.doubts[1:] or len(near.determinant) > 1:
            continue
        if near.support < 3 * profile.column(near.determinant[0]).distinct:
            continue
        known = best.get(near.dependent)
        if known is None or _rank(near) > _rank(known):
            best[near.dependent] = near
    for column in profile.columns:
        found = best.get(column.name)
        if found and found.violations:
            fact = (
                f"Values that differ from most of the rows with the same {found.determinant[0]!r}:"
                f" {_cells(found.violations)}."
            )
            yield Finding(
                kind="dependency_violation",
                column=column.name,
                count=found.violations,
                fact=fact,
                other=found.determinant[0],
            )


def _rank(near: NearDependency) -> tuple[bool, float]:
    """What is not doubted first, then what holds best."""
    return not near.doubts, near.confidence


def _cells(count: int) -> str:
    """A count of cells in words."""
    return "1 cell" if count == 1 else f"{count:,} cells"
