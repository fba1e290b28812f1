"""The profile that a cleaner was compiled for and that of a run -> what the cleaner has never seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdc.artifacts.profile import ColumnProfile, TableProfile

CATEGORIES = 50
"""A column of so many distinct values at most is one of categories."""
NULL_SHARE = 0.05
"""By how much the share of nulls and empty cells may grow."""
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Drift:
    """Something that was not there when the cleaner was compiled.

    Attributes:
        kind: `pattern`, `category`, `length`, `class`, `missing`, `new_column` or `lost_column`.
        count: cells that have it, or rows.
        fact: one sentence.
    """

    kind: str
    column: str
    count: int
    fact: str


def find_drift(known: TableProfile, seen: TableProfile) -> tuple[Drift, ...]:
    """Compare two profiles; what may be shown must be the same in both (full, masked or none).

    Args:
        known: when the cleaner was compiled.
        seen: of this run.
    """
    before = {column.name: column for column in known.columns}
    after = {column.name: column for column in seen.columns}
    drift = [
        Drift("lost_column", name, known.rows, "the column is gone") for name in before if name not in after
    ]
    for name, column in after.items():
        if name not in before:
            drift.append(Drift("new_column", name, column.rows, "the column is new"))
        elif known.rows and seen.rows:
            drift += _compare_columns(before[name], column)
    return tuple(drift)


def _compare_columns(known: ColumnProfile, seen: ColumnProfile) -> Iterator[Drift]:
    """What is new in one column."""
    name = known.name
    if new := _new_patterns(known, seen):
        yield Drift("pattern", name, sum(new.values()), f"never seen pattern {_list(new)}")
    if new := _new_categories(known, seen):
        yield Drift("category", name, sum(new.values()), f"never seen value {_list(new)}")
    if known.max_length is not None and (seen.max_length or 0) > known.max_length:
        yield Drift("length", name, 1, f"up to {seen.max_length} characters, before {known.max_length}")
    if known.min_length is not None and seen.min_length is not None and seen.min_length < known.min_length:
        yield Drift("length", name, 1, f"down to {seen.min_length} characters, before {known.min_length}")
    for kind in ("control", "non_ascii"):
        if seen.classes.get(kind) and not known.classes.get(kind):
            yield Drift(
                "class", name, seen.classes[kind], f"{kind} characters, before none".replace("_", "-")
            )
    share, before = _empty_share(seen), _empty_share(known)
    if share > before + NULL_SHARE:
        count = seen.missing + seen.empty
        yield Drift("missing", name, count, f"{share:.1%} of the cells hold nothing, before {before:.1%}")


def _new_patterns(known: ColumnProfile, seen: ColumnProfile) -> dict[str, int]:
    """Patterns that were not there; of a cut list, only those that would have been on it."""
    listed = {entry.pattern: entry.count for entry in known.patterns}
    filled = known.rows - known.missing - known.empty
    rarest = min(listed.values(), default=0) / known.rows if sum(listed.values()) < filled else 0.0
    return {
        entry.pattern: entry.count
        for entry in seen.patterns
        if entry.pattern and entry.pattern not in listed and entry.count / seen.rows > rarest
    }


def _new_categories(known: ColumnProfile, seen: ColumnProfile) -> dict[str, int]:
    """Values that were not there, of a column with few; none where not all of them were written down."""
    listed = {entry.value for entry in (*known.frequent, *known.rare)} - {None}
    if not 0 < known.distinct <= CATEGORIES or len(listed) < known.distinct:
        return {}
    return {
        entry.value: entry.count
        for entry in (*seen.frequent, *seen.rare)
        if entry.value and entry.value not in listed
    }


def _empty_share(column: ColumnProfile) -> float:
    """The share of cells that hold nothing."""
    return (column.missing + column.empty) / column.rows if column.rows else 0.0


def _list(counts: Mapping[str, int]) -> str:
    """The most frequent of some names, and how many more there are."""
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    more = f" and {len(ordered) - SHOWN} more" if len(ordered) > SHOWN else ""
    return ", ".join(map(repr, ordered[:SHOWN])) + more
