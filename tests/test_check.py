"""Predicates of expectations, against what the real Great Expectations says of dirty values."""

from __future__ import annotations

import datetime as dt
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.check import BUILDERS, value_check
from rdc.artifacts.expectation import Expectation

if TYPE_CHECKING:
    from collections.abc import Iterator

DIRTY: list[str | None] = [
    None, "", " ", "\n", "a\n", "12.0 oz", "12", "12.5", "-3", "1e2", "007", "\uff11\uff12", "N/A", "null", "None", "nan",
    "é", "İ", "ß", "\u00a012", "12\u2009", "2024-01-31", "31/01/2024", "2024-02-30", "Jan 5, 2018", "true", "True",
    '{"a": 1}', "[1, 2", "x" * 50, "a_b", "a%b", "A_B", "\t", "12\r\n",
]  # fmt: skip
CHECKS: list[tuple[str, dict[str, Any]]] = [
    ("expect_column_values_to_match_regex", {"regex": r"^\d+(\.\d+)?$"}),
    ("expect_column_values_to_match_regex", {"regex": "12"}),
    ("expect_column_values_to_match_regex", {"regex": r"^\S+\Z", "mostly": 0.5}),
    ("expect_column_values_to_match_regex", {"regex": "(?i)^n/a$"}),
    ("expect_column_values_to_not_match_regex", {"regex": r"\s"}),
    ("expect_column_values_to_match_regex_list", {"regex_list": [r"^\d+$", "^[a-z]"]}),
    ("expect_column_values_to_match_regex_list", {"regex_list": [r"\d", r"\."], "match_on": "all"}),
    ("expect_column_values_to_not_match_regex_list", {"regex_list": [r"^\d+$", "^[a-z]"]}),
    ("expect_column_values_to_be_in_set", {"value_set": ["12", "N/A", ""]}),
    ("expect_column_values_to_not_be_in_set", {"value_set": ["12", "N/A", ""]}),
    ("expect_column_value_lengths_to_be_between", {"min_value": 1, "max_value": 4}),
    ("expect_column_value_lengths_to_be_between", {"min_value": 2, "strict_min": True}),
    ("expect_column_value_lengths_to_be_between", {"max_value": 2, "strict_max": True}),
    ("expect_column_value_lengths_to_equal", {"value": 2}),
    ("expect_column_values_to_not_be_null", {}),
    ("expect_column_values_to_be_null", {}),
    ("expect_column_values_to_match_strftime_format", {"strftime_format": "%Y-%m-%d"}),
    ("expect_column_values_to_match_strftime_format", {"strftime_format": "%b %d, %Y"}),
    ("expect_column_values_to_be_json_parseable", {}),
]
NUMBERS: list[str | None] = ["1", "2.50", "-3", "1e2", "0", "7", None, "2.5"]
NUMBER_CHECKS: list[dict[str, Any]] = [
    {"min_value": 0, "max_value": 7},
    {"min_value": 0, "max_value": 7, "strict_min": True, "strict_max": True},
    {"min_value": 2.5},
    {"min_value": 2.5, "strict_min": True},
    {"max_value": 2.5, "strict_max": True},
]


@pytest.fixture(scope="module")
def great_expectations() -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx  # noqa: PLC0415 - its import takes seconds

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}  # type: ignore[assignment] # its own check wants this
        yield gx, context.data_sources.add_pandas("check").add_dataframe_asset("cells")


def unexpected(great_expectations: Any, column: Any, kind: str, kwargs: dict[str, Any]) -> list[int]:
    """The rows that the real library finds unexpected."""
    import pandas as pd  # type: ignore[import-untyped] # noqa: PLC0415 - its import takes long

    gx, asset = great_expectations
    name = f"batch{len(asset.batch_definitions)}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        batch = asset.add_batch_definition_whole_dataframe(name).get_batch(
            {"dataframe": pd.DataFrame({"cell": column})}
        )
        suite = gx.ExpectationSuite(name)
        suite.add_expectation_configuration(
            gx.expectations.expectation_configuration.ExpectationConfiguration(
                type=kind, kwargs={"column": "cell", **kwargs}
            )
        )
        result = batch.validate(suite, result_format="COMPLETE").results[0]
    assert not result.exception_info.get("exception_message"), result.exception_info
    return sorted(result.result["unexpected_index_list"])


def failing(kind: str, kwargs: dict[str, Any], cells: list[str | None]) -> list[int]:
    check = value_check(Expectation(type=kind, kwargs={"column": "cell", **kwargs}))
    assert check is not None
    return [row for row, cell in enumerate(cells) if not check(cell)]


@pytest.mark.parametrize(("kind", "kwargs"), CHECKS)
def test_a_check_says_of_dirty_text_what_great_expectations_says(
    great_expectations: Any, kind: str, kwargs: dict[str, Any]
) -> None:
    import pandas as pd  # noqa: PLC0415 - its import takes long

    expected = unexpected(great_expectations, pd.Series(DIRTY, dtype=object), kind, kwargs)
    assert failing(kind, kwargs, DIRTY) == expected


@pytest.mark.parametrize("kwargs", NUMBER_CHECKS)
def test_bounds_say_of_numbers_in_text_what_great_expectations_says_of_the_numbers(
    great_expectations: Any, kwargs: dict[str, Any]
) -> None:
    numbers = [None if text is None else float(text) for text in NUMBERS]
    kind = "expect_column_values_to_be_between"
    assert failing(kind, kwargs, NUMBERS) == unexpected(great_expectations, numbers, kind, kwargs)


@pytest.mark.parametrize(
    ("kind", "kwargs", "cell", "holds"),
    [
        ("expect_column_values_to_be_between", {"min_value": 0, "max_value": "9"}, "9.0", True),
        ("expect_column_values_to_be_between", {"min_value": 0}, "12 oz", False),
        ("expect_column_values_to_be_between", {"min_value": 0}, "nan", False),
        ("expect_column_values_to_be_between", {"min_value": 0}, "1_0", False),
        ("expect_column_values_to_be_between", {"min_value": 0}, "\uff11\uff12", False),
        ("expect_column_values_to_be_between", {"min_value": "2024-01-01"}, "2024-01-31", True),
        ("expect_column_values_to_be_between", {"min_value": "2024-01-01"}, "2023-12-31", False),
        ("expect_column_values_to_be_between", {"min_value": dt.date(2024, 1, 1)}, "2024-01-31", True),
        ("expect_column_values_to_be_in_set", {"value_set": [1, 2]}, "1.0", True),
        ("expect_column_values_to_be_in_set", {"value_set": [1, 2]}, "one", False),
        ("expect_column_values_to_be_in_set", {"value_set": [True, False]}, "true", True),
        ("expect_column_values_to_be_in_set", {"value_set": None}, "anything", True),
        ("expect_column_values_to_match_like_pattern", {"like_pattern": "a_%"}, "abc\n", True),
        ("expect_column_values_to_match_like_pattern", {"like_pattern": "a_%"}, "a", False),
        (
            "expect_column_values_to_match_like_pattern",
            {"like_pattern": r"a\_b", "escape": "\\"},
            "axb",
            False,
        ),
        ("expect_column_values_to_not_match_like_pattern", {"like_pattern": "a%"}, "ba", True),
        ("expect_column_values_to_match_like_pattern_list", {"like_pattern_list": ["a%", "b%"]}, "ba", True),
        (
            "expect_column_values_to_not_match_like_pattern_list",
            {"like_pattern_list": ["a%", "b%"]},
            "ba",
            False,
        ),
        ("expect_column_values_to_be_json_parseable", {}, "[" * 100_000, False),
    ],
)
def test_a_check_of_one_cell(kind: str, kwargs: dict[str, Any], cell: str, holds: bool) -> None:  # noqa: FBT001 - a table
    check = value_check(Expectation(type=kind, kwargs=kwargs))
    assert check is not None
    assert check(cell) is holds


@pytest.mark.parametrize("kind", sorted({*BUILDERS} - {"expect_column_values_to_not_be_null"}))
def test_null_meets_every_check_but_not_null(kind: str) -> None:
    kwargs = {
        "regex": "a", "regex_list": ["a"], "like_pattern": "a", "like_pattern_list": ["a"], "value_set": ["a"],
        "min_value": 1, "value": 1, "strftime_format": "%Y",
    }  # fmt: skip
    check = value_check(Expectation(type=kind, kwargs=kwargs))
    assert check is not None
    assert check(None)


@pytest.mark.parametrize(
    ("kind", "kwargs"),
    [
        ("expect_column_values_to_be_unique", {"column": "a"}),
        ("expect_table_row_count_to_be_between", {"min_value": 1}),
        ("expect_column_values_to_match_regex", {"regex": "("}),
        ("expect_column_values_to_match_regex", {}),
        ("expect_column_values_to_match_regex", {"regex": 5}),
        ("expect_column_values_to_be_between", {}),
        ("expect_column_value_lengths_to_be_between", {}),
        ("expect_column_values_to_be_in_set", {"value_set": 5}),
        ("expect_column_values_to_match_regex", {"regex": "a", "row_condition": 'col("b") == 1'}),
        ("expect_column_values_to_match_regex_list", {"regex_list": ["a"], "match_on": "some"}),
    ],
)
def test_what_one_cell_cannot_show_has_no_check(kind: str, kwargs: dict[str, Any]) -> None:
    assert value_check(Expectation(type=kind, kwargs=kwargs)) is None
