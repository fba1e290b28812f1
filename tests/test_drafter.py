"""Which checks are drafted for a cleaned column."""

from __future__ import annotations

from typing import Any

import pytest

from rdc.artifacts.profile import ColumnProfile, ValueCount
from rdc.generation.drafter import draft_expectations

Drafts = list[tuple[str, Any, str]]


def draft(clean: dict[str | None, int], goals: list[str], kind: str = "text", **measured: Any) -> Drafts:
    dirty = ColumnProfile(name="x", **{"rows": 100, "distinct": 9, "missing": 0, "empty": 0} | measured)
    found = draft_expectations("x", dirty, clean, goals, kind)
    assert all(expectation.kwargs.pop("column") == "x" and expectation.origin for expectation in found)
    short = [(e.type.removeprefix("expect_column_values_to_"), e.kwargs, e.severity) for e in found]
    return [
        (name, next(iter(kwargs.values()), None) if len(kwargs) < 2 else kwargs, level)
        for name, kwargs, level in short
    ]


CASES: dict[str, tuple[dict[str | None, int], list[str], dict[str, Any], Drafts]] = {
    "a number without zeros": (
        {"12": 5, "8.4": 2, None: 1},
        ["A plain number, no trailing zeros."],
        {},
        [
            ("match_regex", "^-?[0-9]+([.][0-9]+)?$", "error"),
            ("not_match_regex", "^[+-]?[0-9]*[.]([0-9]*0)?$", "error"),
        ],
    ),
    "a goal that does not hold yet": ({"12 oz": 5}, ["A plain number."], {}, []),
    "times in the style of most": (
        {"7:10 a.m.": 5, "8:00 p.m.": 3},
        ["The time of departure."],
        {},
        [("match_regex", "^([1-9]|1[0-2]):[0-5][0-9] [ap][.]m[.]$", "error")],
    ),
    "spaces": ({"New York": 5}, ["No doubled spaces."], {}, [("not_match_regex", "^ | $|  ", "error")]),
    "a format": (
        {f"AL-{i:03d}": 1 for i in range(9)},
        [],
        {},
        [("match_regex", "^[A-Z]{2}-[0-9]{3}$", "warn")],
    ),
    "two formats": (
        {**{f"{i:05d}": 1 for i in range(9)}, "12345-6789": 1},
        [],
        {},
        [("match_regex", "^([0-9]{5}|[0-9]{5}-[0-9]{4})$", "warn")],
    ),
    "sizes": (
        {f"{i}.5": 2 for i in range(3, 32)},
        ["A plain number."],
        {},
        [
            ("match_regex", "^-?[0-9]+([.][0-9]+)?$", "error"),
            ("be_between", {"min_value": 0, "max_value": 50}, "warn"),
        ],
    ),
    "temperatures": (
        {str(i): 2 for i in range(-7, 12)},
        [],
        {},
        [
            ("match_regex", "^(-[0-9]|[0-9]+)$", "warn"),
            ("be_between", {"min_value": -10, "max_value": 20}, "warn"),
        ],
    ),
    "numbers that are names": (
        {str(i): 1 for i in range(1, 2000, 7)},
        [],
        {},
        [("match_regex", "^[0-9]+$", "warn")],
    ),
    "days": (
        {f"201{i}-0{i}-11": 2 for i in range(3, 9)},
        ["The date as YYYY-MM-DD."],
        {},
        [
            ("match_regex", "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "error"),
            ("be_between", "2010-01-01", "warn"),
        ],
    ),
    "codes of one length": (
        dict.fromkeys(("AB12", "9XYZ", "A1B2", "12-C", "ZZZZ"), 2),
        [],
        {},
        [("expect_column_value_lengths_to_equal", 4, "warn")],
    ),
    "free text": ({"a b c": 1, "Hello, World": 1, "x 1": 1, "y": 1, "Z!": 1}, [], {}, []),
    "a small set": ({"yes": 50, "no": 40}, [], {}, [("be_in_set", ["no", "yes"], "warn")]),
    "a set with a rare member": ({"yes": 50, "no": 40, "maybe": 1}, [], {}, []),
    "complete after cleaning": ({"a b": 10}, [], {"empty": 3}, [("not_be_null", None, "warn")]),
    "complete from the start": ({"a b": 10}, [], {}, []),
    "a range": (
        {"5": 1, "99": 1},
        ["A score between 0 and 100."],
        {},
        [("be_between", {"min_value": 0, "max_value": 100}, "error")],
    ),
    "a range that is broken": ({"5": 1, "101": 1}, ["A score between 0 and 100."], {}, []),
    "a key": ({"a": 1, "b": 1}, ["Unique within the file."], {}, [("be_unique", None, "error")]),
    "no key": ({"a": 1, "b": 2}, ["Unique within the file."], {}, []),
    "null tokens": (
        {"a b": 10, None: 2},
        ["Missing values are null."],
        {"null_like": (ValueCount(value="N/A", count=2),)},
        [("not_be_in_set", ["N/A"], "error")],
    ),
    "nothing left": ({None: 9}, ["A plain number."], {}, []),
}


@pytest.mark.parametrize("name", CASES)
def test_drafts_say_what_goals_and_clean_values_show(name: str) -> None:
    clean, goals, measured, expected = CASES[name]
    assert draft(clean, goals, **measured) == expected


def test_a_type_implies_a_format() -> None:
    assert draft({"2020-01-31": 2}, [], "date")[0][0] == "match_regex"
