"""Great Expectations -> the same with one expectation more: that columns determine others."""

from __future__ import annotations

from functools import cache
from typing import Any

from rdc.artifacts.agreement import find_disagreeing


@cache
def extend_expectations() -> None:
    """Make `expect_columns_to_determine_others` known, on pandas; a class that is defined is registered.

    A row fails where it holds another value than most rows with the same `determinant`, in any other column of
    `column_list`, and where a tie leaves its group without a winner. Missing values fail nothing.
    """
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine  # noqa: PLC0415 - takes seconds
    from great_expectations.expectations.expectation import (  # noqa: PLC0415 - the same
        MulticolumnMapExpectation,
    )
    from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (  # noqa: PLC0415 - the same
        multicolumn_condition_partial,
    )
    from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (  # noqa: PLC0415 - the same
        MulticolumnMapMetricProvider,
    )

    class ColumnsAgree(MulticolumnMapMetricProvider):
        """Whether a row holds what most rows with the same determinant hold."""

        condition_metric_name = "columns.agree"
        condition_value_keys = ("determinant",)

        @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator] # it has no types
        def _pandas(cls: Any, column_list: Any, **kwargs: Any) -> Any:  # noqa: N805 - it is called on the class
            return mark_agreeing(column_list, kwargs["determinant"])

    class ExpectColumnsToDetermineOthers(MulticolumnMapExpectation):
        """Expect rows that agree on `determinant` to agree on the other columns of `column_list`."""

        determinant: list[str]
        map_metric = "columns.agree"
        success_keys = ("determinant", "mostly")
        args_keys = ("column_list", "determinant")


def mark_agreeing(frame: Any, determinant: list[str]) -> Any:
    """A pandas series that says of each row of a frame whether it agrees with its group."""
    cells = frame.astype(object).where(frame.notna(), None)
    sides: tuple[list[list[Any]], list[list[Any]]] = ([], [])
    for name in cells.columns:
        sides[name not in determinant].append(cells[name].tolist())
    agreeing = frame.iloc[:, 0].notna().copy()
    if len(agreeing):
        agreeing[:] = [not wrong for wrong in find_disagreeing(*sides)]
    return agreeing
