"""A compiled cleaner -> its unit tests, examples and expectations, each with what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rdc.artifacts.diagnostic import Diagnostic
from rdc.errors import RunError
from rdc.execution.transformer import transform_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdc.artifacts.cleaner import Column, UnitTest
    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Cell
    from rdc.engines.engine import Engine
    from rdc.runtime.importer import Loaded


def check_unit_test(test: UnitTest, loaded: Loaded, engine: Engine, evaluator: Evaluator) -> None:
    """Clean the given rows, and compare the columns that the expected ones name.

    Raises:
        RunError: a cell is not what is expected, there are more or fewer rows, or the source has no such column.
    """
    known = {column.name for column in loaded.profile.columns}
    unknown = sorted({name for row in test.given for name in row} - known)
    if unknown:
        hint = f"There are {', '.join(sorted(known))}."
        raise RunError(
            *(Diagnostic("RDC752", f"the source has no column {name!r}", hint) for name in unknown)
        )
    made = transform_rows(loaded, engine, evaluator, test.given)
    if len(made) != len(test.expect):
        fact = f"{len(made)} rows came out, {len(test.expect)} are expected"
        raise RunError(Diagnostic("RDC750", fact))
    problems = [
        Diagnostic("RDC750", f"row {number}: {difference}")
        for number, (row, expected) in enumerate(zip(made, test.expect, strict=True), 1)
        for difference in _differences(row, expected)
    ]
    if problems:
        raise RunError(*problems)


def check_examples(column: Column, loaded: Loaded, engine: Engine, evaluator: Evaluator) -> None:
    """Put each example of a column through the transforms that read and write that column alone.

    Raises:
        RunError: one comes out otherwise.
    """
    alone = [t for t in loaded.record.transforms if t.reads == t.writes == (column.name,)]
    record = loaded.record.model_copy(update={"transforms": tuple(alone)})
    given = [{column.name: example.given} for example in column.examples]
    made = transform_rows(replace(loaded, record=record), engine, evaluator, given)
    problems = [
        Diagnostic("RDC751", f"{example.given!r} became {row[column.name]!r}, not {example.expect!r}")
        for example, row in zip(column.examples, made, strict=True)
        if row[column.name] != example.expect
    ]
    if problems:
        raise RunError(*problems)


def _differences(row: Mapping[str, Cell], expected: Mapping[str, Cell]) -> list[str]:
    """The cells that are not as expected."""
    return [
        f"{name} is {row.get(name)!r}, expected {cell!r}"
        for name, cell in expected.items()
        if row.get(name) != cell
    ]
