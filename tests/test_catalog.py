"""The catalog against the real library."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import pytest

from rdc.artifacts.agreement import AGREE
from rdc.artifacts.catalog import EXPECTATIONS, ExpectationSpec
from rdc.runtime.extension import extend_expectations

# What every expectation takes, what only its own server reads, and the older of two ways to say a condition.
COMMON = {"batch_id", "condition_parser", "library_metadata"}
KINDS = {
    "ColumnMapExpectation": "map",
    "ColumnAggregateExpectation": "aggregate",
    "ColumnPairMapExpectation": "pair",
    "MulticolumnMapExpectation": "multicolumn",
}
LIKE = {name for name in EXPECTATIONS if "_like_pattern" in name}


@pytest.fixture(scope="module")
def library() -> dict[str, Any]:
    """Every expectation class of the library's core and the one that rdc adds, by type."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from great_expectations.expectations import core  # noqa: PLC0415  takes seconds, so only where it is needed
        from great_expectations.expectations.expectation import Expectation  # noqa: PLC0415  takes seconds, so only where it is needed
        from great_expectations.expectations.registry import get_expectation_impl  # noqa: PLC0415  takes seconds, so only where it is needed

        extend_expectations()
    classes = [
        item for item in vars(core).values() if inspect.isclass(item) and issubclass(item, Expectation)
    ]
    classes.append(get_expectation_impl(AGREE))
    common = COMMON | set(Expectation.__fields__)
    # One class of the core has no type: it is a deprecated name that the library itself cannot look up.
    return {
        item.expectation_type: (item, {k: f for k, f in item.__fields__.items() if k not in common})
        for item in classes
        if item.expectation_type
    }


def test_every_core_type_of_the_library_is_known_and_no_other(library: dict[str, Any]) -> None:
    assert sorted(library) == sorted(EXPECTATIONS)


@pytest.mark.parametrize("name", sorted(EXPECTATIONS))
def test_arguments_are_those_of_the_library(name: str, library: dict[str, Any]) -> None:
    _, fields = library[name]
    spec = EXPECTATIONS[name]
    assert set(spec.required) == {key for key, field in fields.items() if field.required}
    assert set(spec.optional) == {key for key, field in fields.items() if not field.required}


@pytest.mark.parametrize("name", sorted(EXPECTATIONS))
def test_kind_is_that_of_the_library(name: str, library: dict[str, Any]) -> None:
    item, fields = library[name]
    from_class = next((KINDS[parent.__name__] for parent in item.__mro__ if parent.__name__ in KINDS), None)
    about_queries = any("query" in key or "other_table" in key for key in fields)
    assert EXPECTATIONS[name].kind == (from_class or ("query" if about_queries else "table"))


def test_like_patterns_and_queries_have_no_implementation_on_frames(library: dict[str, Any]) -> None:
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine  # noqa: PLC0415  takes seconds, so only where it is needed
    from great_expectations.expectations.registry import get_metric_provider  # noqa: PLC0415  takes seconds, so only where it is needed

    engine = PandasExecutionEngine()
    refused = set()
    for name, (item, _) in library.items():
        metric = getattr(item, "map_metric", None)
        if EXPECTATIONS[name].kind == "map" and isinstance(metric, str):
            try:
                get_metric_provider(f"{metric}.condition", engine)
            except Exception:  # noqa: BLE001  the library raises several kinds
                refused.add(name)
    assert refused == LIKE
    assert {name for name, spec in EXPECTATIONS.items() if spec.needs_sql} == LIKE | {
        name for name, spec in EXPECTATIONS.items() if spec.kind == "query"
    }


def test_kwargs_are_required_ones_first() -> None:
    spec = ExpectationSpec("map", ("column", "value"), ("mostly",))
    assert spec.kwargs == ("column", "value", "mostly")
    assert spec.takes_column
    assert not ExpectationSpec("table", ("value",)).takes_column


COMPARISON = {"type": "comparison", "column": {"name": "b"}, "operator": "==", "parameter": "US"}
NULLITY = {"type": "nullity", "column": {"name": "b"}, "is_null": True}
CONDITIONS: list[dict[str, Any]] = [
    COMPARISON,
    NULLITY,
    {"type": "and", "conditions": [COMPARISON, NULLITY]},
    {"type": "or", "conditions": [COMPARISON, NULLITY]},
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_may_be_given_to_the_library_as_data(
    condition: dict[str, Any], library: dict[str, Any]
) -> None:
    expectation, _ = library["expect_column_values_to_be_null"]
    assert expectation(column="a", row_condition=condition).row_condition.dict() == condition


def test_other_data_is_no_condition_to_the_library(library: dict[str, Any]) -> None:
    expectation, _ = library["expect_column_values_to_be_null"]
    with pytest.raises(ValueError, match="row_condition"):
        expectation(column="a", row_condition={"column": "b", "equals": "US"})
