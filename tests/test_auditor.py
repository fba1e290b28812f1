"""Which proposed expectations get in, and why others do not."""

from __future__ import annotations

from typing import Any

import pytest

from rdc.artifacts.cleaner import Example
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Sample
from rdc.harness.auditor import audit_expectations

DIRTY = Sample({
    "id": ["1", "2", "2", "4"],
    "size": ["12 oz", "16", None, "8.4"],
    "kind": ["ale", "Ale ", "stout", "ale"],
    "day": ["2024-01-31", "2024-02-01", "2024-02-02", "2024-02-03"],
})  # fmt: skip
CLEAN = DIRTY.with_columns(
    {"size": ["12", "16", None, "8.4"], "kind": ["ale", "ale", "stout", "ale"], "id": ["1", "2", "3", "4"]}
)
GOALS = ("The kind is ale, stout or porter.", "A code has two letters.")


def expect(kind: str, **kwargs: Any) -> Expectation:
    return Expectation(type=f"expect_{kind}", kwargs=kwargs)


def audit(expectation: Expectation, **known: Any) -> str:
    """The reason of a refusal, or nothing."""
    accepted, refused = audit_expectations([expectation], DIRTY, CLEAN, known.pop("goals", GOALS), **known)
    assert len(accepted) + len(refused) == 1
    return refused[0][1] if refused else ""


@pytest.mark.parametrize(
    "expectation",
    [
        expect("column_values_to_match_regex", column="size", regex=r"^\d+(\.\d+)?$"),
        expect("column_values_to_not_match_regex", column="size", regex="[a-z]"),
        expect("column_values_to_be_in_set", column="kind", value_set=["ale", "stout"]),
        expect("column_distinct_values_to_be_in_set", column="kind", value_set=["ale", "stout"]),
        expect("column_values_to_be_unique", column="id"),
        expect("compound_columns_to_be_unique", column_list=["id", "kind"]),
        expect("table_row_count_to_be_between", min_value=1),
    ],
)
def test_what_is_true_now_and_was_not_or_guards_the_table_gets_in(expectation: Expectation) -> None:
    dirty_ids = DIRTY.with_columns({"kind": ["ale", "ale", "ale", "stout"]})
    accepted, refused = audit_expectations([expectation], DIRTY, CLEAN, GOALS)
    if expectation.kwargs.get("column_list"):
        accepted, refused = audit_expectations([expectation], dirty_ids, CLEAN, GOALS)
    assert accepted == (expectation,), refused


@pytest.mark.parametrize(
    ("expectation", "reason"),
    [
        (expect("column_values_to_match_regex", column="size", regex=".*"), "it holds of any value"),
        (expect("column_value_lengths_to_be_between", column="size", min_value=0), "it holds of any value"),
        (expect("column_values_to_match_regex", column="size", regex="^[a-z]+$"), "it is not true of the cleaned sample: '12'"),
        (expect("column_values_to_not_be_null", column="size"), "it is not true of the cleaned sample: None"),
        (expect("column_values_to_not_be_null", column="kind"), "nothing in the data breaks it"),
        (expect("column_values_to_match_regex", column="day", regex="^[0-9-]+$"), "nothing in the data breaks it"),
        (expect("column_values_to_match_regex", column="no", regex="^[0-9-]+$"), "there is no column 'no'"),
        (expect("column_values_to_match_regex", column="day", regex="("), "it cannot be checked on the sample"),
        (expect("column_mean_to_be_between", column="size", min_value=1), "it cannot be checked on the sample"),
        (expect("column_values_to_be_in_set", column="id", value_set=[str(n) for n in range(40)]), "it lists 40 values"),
        (expect("column_values_to_be_unique", column="kind"), "it is not true of the cleaned sample: 'ale' is there 3 times"),
        (expect("column_distinct_values_to_equal_set", column="kind", value_set=["ale", "stout", "x"]), "'x' is missing"),
        (expect("table_row_count_to_be_between", min_value=9), "there are 4 rows"),
        (expect("table_row_count_to_be_between", min_value=1, max_value=9), "nothing in the data breaks it"),
    ],
)  # fmt: skip
def test_what_is_false_vacuous_or_unfounded_is_refused_with_the_reason(
    expectation: Expectation, reason: str
) -> None:
    assert reason in audit(expectation)


@pytest.mark.parametrize(
    ("expectation", "known"),
    [
        (expect("column_values_to_not_be_null", column="kind"), {"goals": ("The kind is never empty.",)}),
        (expect("column_values_to_be_unique", column="day"), {"goals": ("No duplicates.",)}),
        (expect("column_values_to_match_strftime_format", column="day", strftime_format="%Y-%m-%d"), {"types": {"day": "date"}}),
        (expect("column_value_lengths_to_equal", column="day", value=10), {"goals": ("ten characters",)}),
        (
            expect("column_values_to_match_regex", column="day", regex=r"^\d{4}-"),
            {"examples": {"day": [Example(given="1/31/24", expect="2024-01-31")]}},
        ),
        (expect("column_values_to_match_regex", column="size", regex=r"^[0-9]+$", mostly=0.6), {}),
    ],
)  # fmt: skip
def test_what_a_goal_an_example_or_a_type_implies_gets_in(
    expectation: Expectation, known: dict[str, Any]
) -> None:
    assert audit(expectation, **known) == ""


def test_a_copy_of_what_is_checked_already_is_refused() -> None:
    wanted = expect("column_values_to_match_regex", column="size", regex=r"^\d+(\.\d+)?$")
    weaker = expect("column_values_to_match_regex", column="size", regex=r"^\d")
    assert "is declared for the same column" in audit(weaker, declared=[wanted])
    accepted, refused = audit_expectations([wanted, weaker], DIRTY, CLEAN, ())
    assert accepted == (wanted,)
    assert [reason for _, reason in refused] == ["another of its type is accepted for the same column"]
