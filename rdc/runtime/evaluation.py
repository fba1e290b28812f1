"""Values that a unit reads -> what its functions make of them, one step after the other, in the evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rdc.artifacts.outcome import Evaluator, Outcome
    from rdc.artifacts.plan import Cell
    from rdc.artifacts.transform import Transform
    from rdc.runtime.units import Unit

FAILED, ERROR = "failed", "error"
"""Columns of a table of answers: at which step, from 1, a function raised, and what it said."""


def input_names(unit: Unit) -> list[str]:
    """The columns of a table of answers that hold what is read."""
    return [f"in_{number}" for number in range(len(unit.reads))]


def output_names(unit: Unit) -> list[str]:
    """The columns that hold what is made: by each step of a chain, or for each written column."""
    return [f"out_{number}" for number in range(len(unit.steps) if unit.is_chain else len(unit.writes))]


def evaluate_unit(
    unit: Unit, tuples: Sequence[tuple[Cell, ...]], functions: Mapping[str, str], evaluator: Evaluator
) -> dict[str, list[Cell]]:
    """What the functions of a unit make of some values, as columns of a table of answers."""
    answers = _follow_chain if unit.is_chain else _call_once
    names = [*input_names(unit), *output_names(unit), FAILED, ERROR]
    columns: dict[str, list[Cell]] = {name: [] for name in names}
    for answer in answers(unit, tuples, functions, evaluator):
        for held, cell in zip(columns.values(), answer, strict=True):
            held.append(cell)
    return columns


def _follow_chain(
    unit: Unit, tuples: Sequence[tuple[Cell, ...]], functions: Mapping[str, str], evaluator: Evaluator
) -> Iterator[tuple[Cell, ...]]:
    """Put values through the steps of a chain; one that fails goes no further."""
    made: list[list[Cell]] = [[value] for (value,) in tuples]
    errors: dict[int, tuple[str, str]] = {}
    for number, step in enumerate(unit.steps, 1):
        alive = [at for at in range(len(made)) if at not in errors]
        values = list(dict.fromkeys(made[at][-1] for at in alive))
        outcomes = dict(zip(values, _call(step.transform, values, functions, evaluator), strict=True))
        for at in alive:
            value, error = outcomes[made[at][-1]]
            made[at].append(value)
            if error is not None:
                errors[at] = (str(number), error)
    length = len(unit.steps) + 1
    for at, values in enumerate(made):
        yield *values, *[None] * (length - len(values)), *errors.get(at, (None, None))


def _call(
    transform: Transform, values: Sequence[Cell], functions: Mapping[str, str], evaluator: Evaluator
) -> Iterator[tuple[Cell, str | None]]:
    """What one function or value map makes of values, and what went wrong."""
    if transform.kind == "map":
        mapping = transform.mapping
        for value in values:
            yield value if value is None else mapping.get(value, value), None
        return
    outcomes: list[Outcome] = evaluator.map_column(functions[transform.name], transform.name, values)
    for outcome in outcomes:
        yield (None if outcome.error else outcome.value), outcome.error


def _call_once(
    unit: Unit, tuples: Sequence[tuple[Cell, ...]], functions: Mapping[str, str], evaluator: Evaluator
) -> Iterator[tuple[Cell, ...]]:
    """Put tuples through one function that reads or writes several columns, or another than it reads."""
    transform = unit.steps[0].transform
    if transform.kind != "row":
        found = _call(transform, [value for (value,) in tuples], functions, evaluator)
        for (value,), (made, error) in zip(tuples, found, strict=True):
            yield value, made, "1" if error else None, error
        return
    rows = [dict(zip(transform.reads, values, strict=True)) for values in tuples]
    answers = evaluator.map_rows(functions[transform.name], transform.name, rows)
    for row, answer in zip(rows, answers, strict=True):
        values, error = ({}, answer.error) if answer.error else (answer.values, None)
        # A column that the function reads keeps its value where it is not set.
        unset = [column for column in transform.writes if column not in values and column not in row]
        if unset and not error:
            error = f"KeyError: it set no {', '.join(unset)}"
        cells = (values.get(column, row.get(column)) for column in transform.writes)
        yield *row.values(), *cells, "1" if error else None, error
