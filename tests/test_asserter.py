"""Which expectations of several rows the suite gets, how strict they are, and where each is from."""

from __future__ import annotations

from typing import Any

import pytest

from rdc.artifacts.agreement import AGREE
from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import Cleaner, DependencyRule
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Sample
from rdc.artifacts.profile import NearDependency
from rdc.harness.auditor import audit_expectations
from rdc.solving.asserter import expect_dependencies, propose_table_checks
from rdc.solving.tabulator import state_rule

RULE = {"dependency": {"determinant": ["zip"], "dependent": ["city"]}}
UNIQUE = "expect_column_values_to_be_unique"
AGREEING = Sample({"zip": ["1", "1", "2", "2", "3"] * 10, "city": ["A", "A", "B", "B", None] * 10})
DISSENTING = AGREEING.with_columns({"city": ["A", "A", "B", "B", None] * 9 + ["A", "C", "B", "D", None]})
TIED = Sample({"zip": ["1", "1", "2", "2"], "city": ["A", "B", "C", "D"]})


def declare(**fields: Any) -> Cleaner:
    return Cleaner.model_validate({"name": "c", "source": "s"} | fields)


def expect(clean: Sample, rule: dict[str, Any], kind: Any = "human", *, whole: bool = True) -> list[Any]:
    cleaner = declare(rules=[RULE | rule])
    [declared] = cleaner.rules
    assert isinstance(declared, DependencyRule)
    transform = state_rule(declared, Author(kind=kind))
    found = expect_dependencies(cleaner, [transform] if transform else [], clean, whole=whole)
    assert all(e.kwargs["column_list"] == ["zip", "city"] for e in found)
    assert all(e.origin == "rule: dependency zip -> city" for e in found)
    return [(e.severity, e.kwargs.get("mostly", 1.0)) for e in found]


@pytest.mark.parametrize(
    ("clean", "rule", "options", "expected"),
    [
        (AGREEING, {"repair": "none"}, {}, [("error", 1.0)]),
        (DISSENTING, {"repair": "none"}, {}, [("error", 1.0)]),
        (AGREEING, {"repair": "none", "prefer": "zip = '1'"}, {}, []),
        (AGREEING, {}, {}, [("error", 1.0)]),
        (AGREEING, {}, {"whole": False}, [("error", 0.99)]),
        (AGREEING, {}, {"kind": "synthesis"}, [("warn", 1.0)]),
        (DISSENTING, {}, {}, [("error", 0.95)]),
        (TIED, {}, {}, []),
    ],
)
def test_a_repaired_dependency_must_hold_as_far_as_its_repair_leaves_it(
    clean: Sample, rule: dict[str, Any], options: dict[str, Any], expected: list[Any]
) -> None:
    assert expect(clean, rule, **options) == expected


NEAR = NearDependency(determinant=("zip",), dependent="city", support=40, violations=1)


def propose(clean: Sample, near: NearDependency = NEAR, known: Any = (), **cleaner: Any) -> list[Any]:
    keys = (("city",), ("zip_id",), ("other_id",))
    found = propose_table_checks(declare(**cleaner), keys, [near], clean, known)
    assert all(expectation.origin and expectation.author == "synthesis" for expectation in found)
    return [(e.type, e.severity, e.kwargs.get("column") or e.kwargs["column_list"]) for e in found]


@pytest.mark.parametrize(
    ("clean", "options", "expected"),
    [
        (AGREEING, {}, [(UNIQUE, "warn", "zip_id"), (AGREE, "warn", ["zip", "city"])]),
        (AGREEING, {"key": ["id"]}, [(UNIQUE, "error", "id"), (AGREE, "warn", ["zip", "city"])]),
        (AGREEING, {"rules": [{"unique": ["id"]}, RULE]}, []),
        (DISSENTING, {"key": ["id"]}, [(UNIQUE, "error", "id")]),
        (TIED, {"key": ["id"]}, [(UNIQUE, "error", "id")]),
        (
            AGREEING,
            {"near": NEAR.model_copy(update={"doubts": ("By chance.",)})},
            [(UNIQUE, "warn", "zip_id")],
        ),
        (
            AGREEING,
            {"known": [Expectation(type=UNIQUE, kwargs={"column": "zip_id"})]},
            [(AGREE, "warn", ["zip", "city"])],
        ),
    ],
)
def test_a_key_and_what_holds_exactly_without_doubt_are_checked_too(
    clean: Sample, options: dict[str, Any], expected: list[Any]
) -> None:
    assert propose(clean, **options) == expected


@pytest.mark.parametrize(
    ("kind", "kwargs", "accepted"),
    [
        (AGREE, {"column_list": ["zip", "city"], "determinant": ["zip"]}, True),
        (AGREE, {"column_list": ["id", "city"], "determinant": ["id"]}, False),
        (UNIQUE, {"column": "id"}, True),
        (UNIQUE, {"column": "zip"}, False),
    ],
)
def test_what_one_wrong_row_would_break_gets_in_and_what_none_can_break_does_not(
    kind: str, kwargs: dict[str, Any], *, accepted: bool
) -> None:
    clean = AGREEING.with_columns({"id": [str(number) for number in range(AGREEING.rows)]})
    expectation = Expectation(type=kind, kwargs=kwargs, author="synthesis", origin="measured")
    assert audit_expectations([expectation], clean, clean, ())[0] == ((expectation,) if accepted else ())
