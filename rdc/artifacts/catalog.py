"""The expectation types of Great Expectations and one of rdc's own, with their arguments, known without importing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rdc.artifacts.agreement import AGREE

if TYPE_CHECKING:
    from collections.abc import Mapping

ExpectationKind = Literal["map", "aggregate", "pair", "multicolumn", "table", "query"]


@dataclass(frozen=True, slots=True)
class ExpectationSpec:
    """What one expectation type takes.

    Attributes:
        kind: what is checked: each value of a column (`map`), one figure of a column (`aggregate`), each
            row's values of two columns (`pair`) or of several (`multicolumn`), the table, or a query.
        required, optional: the names of its kwargs.
        needs_sql: Great Expectations checks it inside a database alone, never on a frame.
    """

    kind: ExpectationKind
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    needs_sql: bool = False

    @property
    def kwargs(self) -> tuple[str, ...]:
        """All that it takes, required ones first."""
        return self.required + self.optional

    @property
    def takes_column(self) -> bool:
        """Whether it is about one column, named by `column`."""
        return "column" in self.required


def _map(required: str = "", optional: str = "", *, needs_sql: bool = False) -> ExpectationSpec:
    """An expectation of each value of a column."""
    return ExpectationSpec(
        "map",
        ("column", *required.split()),
        (*optional.split(), "mostly", "row_condition"),
        needs_sql=needs_sql,
    )


def _aggregate(required: str = "", optional: str = "") -> ExpectationSpec:
    """An expectation of one figure of a column."""
    return ExpectationSpec("aggregate", ("column", *required.split()), (*optional.split(), "row_condition"))


def _pair(required: str = "", optional: str = "") -> ExpectationSpec:
    """An expectation of each row's values of two columns."""
    return ExpectationSpec(
        "pair",
        ("column_A", "column_B", *required.split()),
        (*optional.split(), "ignore_row_if", "mostly", "row_condition"),
    )


def _multicolumn(required: str = "") -> ExpectationSpec:
    """An expectation of each row's values of several columns."""
    return ExpectationSpec(
        "multicolumn", ("column_list", *required.split()), ("ignore_row_if", "mostly", "row_condition")
    )


def _table(required: str = "", optional: str = "") -> ExpectationSpec:
    """An expectation of the table."""
    return ExpectationSpec("table", tuple(required.split()), tuple(optional.split()))


def _query(required: str, optional: str = "") -> ExpectationSpec:
    """An expectation of what a query returns."""
    return ExpectationSpec("query", tuple(required.split()), tuple(optional.split()), needs_sql=True)


_RANGE = "min_value max_value strict_min strict_max"

EXPECTATIONS: Mapping[str, ExpectationSpec] = {
    "expect_column_distinct_values_to_be_in_set": _aggregate("value_set"),
    "expect_column_distinct_values_to_contain_set": _aggregate("value_set"),
    "expect_column_distinct_values_to_equal_set": _aggregate("value_set"),
    "expect_column_kl_divergence_to_be_less_than": _aggregate(
        "",
        "partition_object threshold internal_weight_holdout tail_weight_holdout bucketize_data"
        " min_value max_value",
    ),
    "expect_column_max_to_be_between": _aggregate("", _RANGE),
    "expect_column_mean_to_be_between": _aggregate("", _RANGE),
    "expect_column_median_to_be_between": _aggregate("", _RANGE),
    "expect_column_min_to_be_between": _aggregate("", _RANGE),
    "expect_column_most_common_value_to_be_in_set": _aggregate("value_set", "ties_okay"),
    "expect_column_pair_values_a_to_be_greater_than_b": _pair("", "or_equal"),
    "expect_column_pair_values_to_be_equal": _pair(),
    "expect_column_pair_values_to_be_in_set": _pair("value_pairs_set"),
    "expect_column_proportion_of_non_null_values_to_be_between": _aggregate("", _RANGE),
    "expect_column_proportion_of_unique_values_to_be_between": _aggregate("", _RANGE),
    "expect_column_quantile_values_to_be_between": _aggregate("quantile_ranges", "allow_relative_error"),
    "expect_column_stdev_to_be_between": _aggregate("", _RANGE),
    "expect_column_sum_to_be_between": _aggregate("", _RANGE),
    "expect_column_to_exist": _table("column", "column_index"),
    "expect_column_type_to_be": _table("column type_"),
    "expect_column_unique_value_count_to_be_between": _aggregate("", _RANGE),
    "expect_column_value_lengths_to_be_between": _map("", _RANGE),
    "expect_column_value_lengths_to_equal": _map("value"),
    "expect_column_value_z_scores_to_be_less_than": _map("threshold double_sided"),
    "expect_column_values_to_be_between": _map("", _RANGE),
    "expect_column_values_to_be_dateutil_parseable": _map(),
    "expect_column_values_to_be_decreasing": _map("", "strictly"),
    "expect_column_values_to_be_in_set": _map("value_set"),
    "expect_column_values_to_be_in_type_list": _map("", "type_list"),
    "expect_column_values_to_be_increasing": _map("", "strictly"),
    "expect_column_values_to_be_json_parseable": _map(),
    "expect_column_values_to_be_null": _map(),
    "expect_column_values_to_be_of_type": _map("type_"),
    "expect_column_values_to_be_unique": _map(),
    "expect_column_values_to_match_json_schema": _map("json_schema"),
    "expect_column_values_to_match_like_pattern": _map("like_pattern", "escape", needs_sql=True),
    "expect_column_values_to_match_like_pattern_list": _map(
        "like_pattern_list", "match_on escape", needs_sql=True
    ),
    "expect_column_values_to_match_regex": _map("", "regex"),
    "expect_column_values_to_match_regex_list": _map("regex_list", "match_on"),
    "expect_column_values_to_match_strftime_format": _map("strftime_format"),
    "expect_column_values_to_not_be_in_set": _map("value_set"),
    "expect_column_values_to_not_be_null": _map(),
    "expect_column_values_to_not_be_outliers": _map("", "method multiplier"),
    "expect_column_values_to_not_match_like_pattern": _map("like_pattern", "escape", needs_sql=True),
    "expect_column_values_to_not_match_like_pattern_list": _map(
        "like_pattern_list", "escape", needs_sql=True
    ),
    "expect_column_values_to_not_match_regex": _map("regex"),
    "expect_column_values_to_not_match_regex_list": _map("regex_list"),
    AGREE: _multicolumn("determinant"),
    "expect_compound_columns_to_be_unique": _multicolumn(),
    "expect_multicolumn_sum_to_equal": _multicolumn("sum_total"),
    "expect_multicolumn_values_to_be_equal": _multicolumn(),
    "expect_query_results_to_match_comparison": _query(
        "base_query comparison_data_source_name comparison_query", "mostly"
    ),
    "expect_select_column_values_to_be_unique_within_record": _multicolumn(),
    "expect_table_column_count_to_be_between": _table("", "min_value max_value"),
    "expect_table_column_count_to_equal": _table("value"),
    "expect_table_columns_to_match_ordered_list": _table("", "column_list"),
    "expect_table_columns_to_match_set": _table("", "column_set exact_match"),
    "expect_table_row_count_to_be_between": _table("", f"{_RANGE} row_condition"),
    "expect_table_row_count_to_equal": _table("value", "row_condition"),
    "expect_table_row_count_to_equal_other_table": _query("other_table_name", "row_condition"),
    "unexpected_rows_expectation": _query("unexpected_rows_query"),
}
