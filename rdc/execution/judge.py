"""A transformed source and the gate's report -> what is kept back; what may not be left out stops the publication."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rdc.artifacts.agreement import AGREE
from rdc.artifacts.cleaner import DependencyRule
from rdc.artifacts.diagnostic import Diagnostic
from rdc.engines.engine import quote_name
from rdc.errors import RunError
from rdc.lowering.rules import violations_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.expectation import Expectation
    from rdc.engines.engine import Engine
    from rdc.execution.transformer import Transformed
    from rdc.runtime.report import CheckResult, GateReport

HINT = "The output is as it was. Look at validation.json and quarantine.parquet in the target folder."


def judge_report(cleaner: Cleaner, report: GateReport, transformed: Transformed) -> None:
    """Put the rows that failed an `error` expectation into the quarantine, whether or not that is enough.

    Raises:
        RunError: such an expectation failed and the cleaner says `on_failure: fail`, or no row can be named.
    """
    broken = [result for result in report.results if result.error]
    if broken:
        raise RunError(
            *(Diagnostic("RDC742", f"{describe(r)} could not be checked: {r.error}") for r in broken)
        )
    for result in report.failed:
        if result.failing:
            transformed.quarantine.add_table(result.failing, describe(result))
    stopping = [r for r in report.failed if not r.unexpected or cleaner.on_failure == "fail"]
    if stopping:
        raise RunError(*(Diagnostic("RDC743", f"{describe(r)}: {count_failing(r)}", HINT) for r in stopping))
    transformed.quarantine.take_out(transformed.applied.table)


def hold_share(cleaner: Cleaner, engine: Engine, transformed: Transformed) -> None:
    """Refuse to change a larger share of a column than the cleaner allows.

    Raises:
        RunError: names each such column.
    """
    rows, most = transformed.source.rows, Counter[str]()
    for (_, column), count in transformed.changes.items():
        most[column] += count
    if all(count <= cleaner.max_changed * rows for count in most.values()):
        return
    # A cell that two transforms change is one cell.
    changes = quote_name(transformed.applied.changes)
    found = engine.query(f'SELECT "column", count(DISTINCT "row") FROM {changes} GROUP BY ALL ORDER BY 1')  # noqa: S608 - quoted
    problems = [
        Diagnostic(
            "RDC741",
            f"{count} of {rows} cells of '{column}' would be changed, {count / rows:.0%}; "
            f"max_changed is {cleaner.max_changed:.0%}",
            "Look at `rdc diff`; raise `max_changed` if this is right.",
        )
        for column, count in found
        if count > cleaner.max_changed * rows
    ]
    if problems:
        raise RunError(*problems)


def check_dependencies(
    cleaner: Cleaner, engine: Engine, transformed: Transformed, suite: Sequence[Expectation] = ()
) -> None:
    """Hold the dependencies that are declared with `repair: none`, but for those that the suite has held.

    Raises:
        RunError: rows disagree with one, and the cleaner says `on_failure: fail`.
    """
    problems = []
    held = [expectation.kwargs["column_list"] for expectation in suite if expectation.type == AGREE]
    for rule in cleaner.rules:
        if not isinstance(rule, DependencyRule) or rule.repair != "none":
            continue
        if rule.prefer is None and [*rule.dependency.determinant, *rule.dependency.dependent] in held:
            continue
        query = violations_query(rule, transformed.applied.columns)
        table = transformed.applied.table
        sql = f'WITH "input" AS (SELECT * FROM "{table}") {query}'  # noqa: S608 - our own name
        rows = [int(row) for (row,) in engine.query(sql)]
        columns = f"{', '.join(rule.dependency.determinant)} -> {', '.join(rule.dependency.dependent)}"
        transformed.quarantine.add_rows(rows, f"dependency {columns}")
        if rows and cleaner.on_failure == "fail":
            fact = f"{len(rows)} rows disagree with the dependency {columns}"
            problems.append(Diagnostic("RDC744", fact, HINT))
    if problems:
        raise RunError(*problems)
    transformed.quarantine.take_out(transformed.applied.table)


def describe(result: CheckResult) -> str:
    """An expectation in a line.

    The arguments stand behind its name as they were declared, the column first.
    """
    expectation = result.expectation
    if expectation.type == AGREE:
        names, determinant = expectation.kwargs["column_list"], expectation.kwargs["determinant"]
        dependents = [name for name in names if name not in determinant]
        return f"dependency {', '.join(determinant)} -> {', '.join(dependents)}"
    rest = {name: value for name, value in expectation.kwargs.items() if name != "column"}
    arguments = ", ".join(f"{name}={value!r}" for name, value in rest.items())
    column = f" {expectation.column}" if expectation.column else ""
    return f"{expectation.type}{column}" + (f" ({arguments})" if arguments else "")


def count_failing(result: CheckResult) -> str:
    """How a check failed, in a few words."""
    if result.unexpected:
        return f"{result.unexpected} rows failed"
    return f"observed {result.observed!r}" if result.observed is not None else "it does not hold"
