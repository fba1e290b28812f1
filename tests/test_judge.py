"""What the gate says decides on what is published: rows are kept back, or nothing goes out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.cleaner import Cleaner
from rdc.artifacts.expectation import Expectation
from rdc.engines.duckdb import DuckDBEngine
from rdc.errors import RunError
from rdc.execution.judge import check_dependencies, describe, hold_share, judge_report
from rdc.runtime.quarantine import Quarantine
from rdc.runtime.report import CheckResult, GateReport

if TYPE_CHECKING:
    from collections.abc import Iterator

UNIQUE = Expectation(type="expect_column_values_to_be_unique", kwargs={"column": "id"})
COUNT = Expectation(type="expect_table_row_count_to_equal", kwargs={"value": 9})


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine()
    yield engine
    engine.close()


@pytest.fixture
def transformed(engine: DuckDBEngine) -> Any:
    """Four rows, three of which disagree about a city; two changes of one cell, and one of another."""
    source = engine.load("clean", {"id": ["1", "1", "1", "2"], "city": ["a", "a", "b", "c"]})
    engine.execute('CREATE TABLE changes AS SELECT unnest([0, 0, 1]) AS "row", \'city\' AS "column"')
    engine.execute(
        'CREATE TABLE row1 AS SELECT 1 AS "row"; CREATE TABLE row1row2 AS SELECT unnest([1, 2]) AS "row"'
    )
    applied = SimpleNamespace(table="clean", columns=("id", "city"), changes="changes")
    changes = {("clean_city", "city"): 2, ("fix_city", "city"): 1}
    return SimpleNamespace(source=source, applied=applied, changes=changes, quarantine=Quarantine(engine))


def declare(**declared: Any) -> Cleaner:
    return Cleaner.model_validate({"name": "c", "source": "s", **declared})


def failed(expectation: Expectation, *rows: int, **changes: Any) -> CheckResult:
    """A result whose rows stand in the table of that name, which `transformed` makes."""
    table = "".join(f"row{row}" for row in rows)
    return CheckResult(expectation, success=False, unexpected=len(rows), failing=table, **changes)


@pytest.mark.parametrize(
    ("on_failure", "results", "message", "left"),
    [
        ("fail", [failed(UNIQUE, 1, 2)], "RDC743 expect_column_values_to_be_unique id: 2 rows failed", 4),
        ("quarantine", [failed(UNIQUE, 1, 2)], "", 2),
        (
            "quarantine",
            [failed(COUNT, observed=4)],
            "RDC743 expect_table_row_count_to_equal (value=9): observed 4",
            4,
        ),
        (
            "quarantine",
            [failed(COUNT, error="no such column")],
            "RDC742 .* could not be checked: no such column",
            4,
        ),
        ("fail", [failed(UNIQUE.model_copy(update={"severity": "warn"}), 1)], "", 4),
        ("fail", [CheckResult(UNIQUE, success=True)], "", 4),
    ],
)
def test_a_failed_check_keeps_rows_back_or_stops_everything(
    engine: DuckDBEngine,
    transformed: Any,
    on_failure: str,
    results: list[CheckResult],
    message: str,
    *,
    left: int,
) -> None:
    cleaner = declare(on_failure=on_failure)
    if message:
        with pytest.raises(RunError, match=message.replace("(", r"\(").replace(")", r"\)")):
            judge_report(cleaner, GateReport(tuple(results)), transformed)
    else:
        judge_report(cleaner, GateReport(tuple(results)), transformed)
    assert engine.query("SELECT count(*) FROM clean") == [(left,)]


def test_rows_that_stop_a_publication_are_kept_with_their_reasons(transformed: Any) -> None:
    report = GateReport((failed(UNIQUE, 1, 2), failed(COUNT)))
    with pytest.raises(RunError) as caught:
        judge_report(declare(), report, transformed)
    assert len(caught.value.problems) == 2
    assert transformed.quarantine.reasons() == {"expect_column_values_to_be_unique id": 2}


@pytest.mark.parametrize(
    ("repair", "on_failure", "kept"),
    [("none", "quarantine", 3), ("none", "fail", 3), ("majority", "fail", 0)],
)
def test_only_a_dependency_without_repair_is_checked(
    engine: DuckDBEngine, transformed: Any, repair: str, on_failure: str, kept: int
) -> None:
    rule = {"dependency": {"determinant": ["id"], "dependent": ["city"]}, "repair": repair}
    cleaner = declare(rules=[rule], on_failure=on_failure)
    if kept and on_failure == "fail":
        with pytest.raises(RunError, match="RDC744 1 rows disagree with the dependency id -> city"):
            check_dependencies(cleaner, engine, transformed)
    else:
        check_dependencies(cleaner, engine, transformed)
    assert transformed.quarantine.count() == min(kept, 1)


@pytest.mark.parametrize(("max_changed", "allowed"), [(0.5, True), (0.49, False)])
def test_a_cell_that_two_transforms_changed_is_one_cell(
    engine: DuckDBEngine, transformed: Any, max_changed: float, *, allowed: bool
) -> None:
    cleaner = declare(max_changed=max_changed)
    if allowed:
        hold_share(cleaner, engine, transformed)
    else:
        with pytest.raises(
            RunError, match="RDC741 2 of 4 cells of 'city' would be changed, 50%; max_changed is 49%"
        ):
            hold_share(cleaner, engine, transformed)


def test_an_expectation_is_told_as_it_was_declared() -> None:
    expectation = Expectation(type="expect_x", kwargs={"column": "a", "value_set": ["b"], "mostly": 0.5})
    assert describe(CheckResult(expectation, success=True)) == "expect_x a (value_set=['b'], mostly=0.5)"
