from __future__ import annotations

from typing import Any

import pytest

from rdc.artifacts.profile import ColumnProfile, PatternCount, TableProfile, ValueCount
from rdc.runtime.drift import find_drift


def column(**changes: Any) -> ColumnProfile:
    settings: dict[str, Any] = {
        "name": "state",
        "rows": 100,
        "distinct": 2,
        "missing": 0,
        "empty": 0,
        "min_length": 2,
        "max_length": 2,
        "classes": {"upper": 100},
        "patterns": (PatternCount(pattern="A+", count=100),),
        "frequent": (ValueCount(value="OR", count=60), ValueCount(value="CA", count=40)),
    }
    return ColumnProfile(**{**settings, **changes})


def table(*columns: ColumnProfile) -> TableProfile:
    return TableProfile(source="beers", rows=100, columns=columns)


CASES: list[tuple[dict[str, Any], list[tuple[str, int, str]]]] = [
    ({}, []),
    (
        {"patterns": (PatternCount(pattern="A+", count=97), PatternCount(pattern="a+", count=3))},
        [("pattern", 3, "never seen pattern 'a+'")],
    ),
    (
        {"distinct": 3, "frequent": (ValueCount(value="OR", count=95), ValueCount(value="WA", count=5))},
        [("category", 5, "never seen value 'WA'")],
    ),
    ({"max_length": 9}, [("length", 1, "up to 9 characters, before 2")]),
    ({"min_length": 1}, [("length", 1, "down to 1 characters, before 2")]),
    ({"classes": {"non_ascii": 4}}, [("class", 4, "non-ascii characters, before none")]),
    ({"missing": 4}, []),
    ({"missing": 4, "empty": 6}, [("missing", 10, "10.0% of the cells hold nothing, before 0.0%")]),
]


@pytest.mark.parametrize(("changes", "expected"), CASES)
def test_what_was_never_seen_is_named_and_counted(
    changes: dict[str, Any], expected: list[tuple[str, int, str]]
) -> None:
    found = find_drift(table(column()), table(column(**changes)))
    assert [(drift.kind, drift.count, drift.fact) for drift in found] == expected


def test_a_cut_list_of_patterns_accuses_only_what_would_have_been_on_it() -> None:
    known = column(patterns=(PatternCount(pattern="A+", count=80), PatternCount(pattern="9+", count=5)))
    patterns = (PatternCount(pattern="a+", count=6), PatternCount(pattern="-", count=5))
    assert [d.fact for d in find_drift(table(known), table(column(patterns=patterns)))] == [
        "never seen pattern 'a+'"
    ]


def test_without_values_only_patterns_are_compared() -> None:
    other = column(frequent=(ValueCount(value="WA", count=100),))
    assert find_drift(table(column(frequent=())), table(other)) == ()
    assert [d.kind for d in find_drift(table(column()), table(other))] == ["category"]


def test_columns_that_came_and_went_are_named() -> None:
    found = find_drift(table(column()), table(column(name="country")))
    assert [(drift.kind, drift.column) for drift in found] == [
        ("lost_column", "state"),
        ("new_column", "country"),
    ]
