"""Answers of the gate's process -> one result an expectation, and the doubts that a success leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rdc.engines.engine import quote_name
from rdc.runtime.batch import columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.artifacts.expectation import Expectation
    from rdc.engines.engine import Engine
    from rdc.runtime.batch import Check


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What became of one expectation.

    Attributes:
        unexpected: how many rows failed; 0 for a check of a whole column or table.
        failing: the table of those rows in the engine, by their number in the source; '' where there are none.
        observed: what was measured of a whole column or table.
        error: why the check could not be done; None where it was.
    """

    expectation: Expectation
    success: bool
    unexpected: int = 0
    failing: str = ""
    observed: Any = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class GateReport:
    """What became of all expectations, in their order, and what makes a success say little."""

    results: tuple[CheckResult, ...]
    warnings: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """Those of severity `error` that failed."""
        return tuple(r for r in self.results if not r.success and r.expectation.severity == "error")

    @property
    def warned(self) -> tuple[CheckResult, ...]:
        """Those of severity `warn` that failed."""
        return tuple(r for r in self.results if not r.success and r.expectation.severity == "warn")


def merge_answers(
    engine: Engine,
    expectations: Sequence[Expectation],
    checks: Sequence[Check],
    answers: Sequence[Mapping[str, Any]],
) -> tuple[CheckResult, ...]:
    """One result an expectation, its companions' failures counted as its own.

    Args:
        engine: gets a table of the rows that fail each expectation.
        expectations: as they are declared.
        checks: that stand for them.
        answers: one a check.
    """
    results = []
    for owner, expectation in enumerate(expectations):
        mine = [answers[at] for at, check in enumerate(checks) if check.owner == owner]
        failing = [answer for answer in mine if not answer["success"]]
        errors = [answer["error"] for answer in mine if answer["error"]]
        table = f"failing_{owner}"
        unexpected = _keep_rows(engine, table, failing)
        results.append(
            CheckResult(
                expectation=expectation,
                success=not failing,
                unexpected=unexpected,
                failing=table if unexpected else "",
                observed=mine[0]["observed"],
                error=errors[0] if errors else None,
            )
        )
    return tuple(results)


def _keep_rows(engine: Engine, table: str, failing: Sequence[Mapping[str, Any]]) -> int:
    """Put the rows that fail into a table of the engine, and count them."""
    queries = [answer["failing"] for answer in failing if answer["failing"]]
    numbers = [row for answer in failing for row in answer["rows"]]
    if not queries and not numbers:
        return 0
    name = quote_name(table)
    parts = [f"({query})" for query in queries] + ['SELECT unnest(?::BIGINT[]) AS "row"'] * bool(numbers)
    # No query names a row twice, but two may name the same.
    union = " UNION ".join(parts)
    engine.execute(f"CREATE OR REPLACE TABLE {name} AS {union}", [numbers] * bool(numbers))
    return int(engine.query(f"SELECT count(*) FROM {name}")[0][0])  # noqa: S608 - quoted


def find_doubts(expectations: Sequence[Expectation], rows: int, hollow: Sequence[str]) -> tuple[str, ...]:
    """Why success may mean nothing: there was no value to check."""
    if not rows:
        return ("the table is empty, so checks of its values say nothing",)
    checked = {column for expectation in expectations for column in columns_of(expectation)}
    return tuple(
        f"column '{column}' holds no value, so checks of its values say nothing"
        for column in hollow
        if column in checked
    )
