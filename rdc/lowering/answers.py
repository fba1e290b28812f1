"""A function and who runs it -> what Python makes of what it is given; errors are answers, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Cell
    from rdc.artifacts.transform import Transform

Given = tuple["Cell", ...]
"""What a function is given: one value, or the columns that a row function reads."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Python made of what it was given.

    Attributes:
        values: one, or the columns that a row function writes.
        error: that it raised in place of them.
    """

    values: tuple[Any, ...]
    error: str | None = None


Evaluate = Callable[[Sequence[Given]], Sequence[Answer]]
"""Runs a Python function once with each of what it is given."""


def ask_value(evaluator: Evaluator, source: str, name: str) -> Evaluate:
    """Run a column function."""

    def evaluate(given: Sequence[Given]) -> list[Answer]:
        outcomes = evaluator.map_column(source, name, [value for (value,) in given])
        return [Answer((outcome.value,), outcome.error) for outcome in outcomes]

    return evaluate


def ask_row(
    evaluator: Evaluator, source: str, name: str, reads: Sequence[str], writes: Sequence[str]
) -> Evaluate:
    """Run a row function; a column that it reads and does not set keeps its value."""

    def evaluate(given: Sequence[Given]) -> list[Answer]:
        rows = [dict(zip(reads, cells, strict=True)) for cells in given]
        outcomes = evaluator.map_rows(source, name, rows)
        return [
            tell_row({**row, **made.values}, made.error, writes)
            for row, made in zip(rows, outcomes, strict=True)
        ]

    return evaluate


def tell_row(row: Mapping[str, Any], error: str | None, writes: Sequence[str]) -> Answer:
    """An answer from the columns that there are after a row function."""
    missing = [column for column in writes if column not in row]
    if error is None and missing:
        error = f"KeyError: it set no {', '.join(missing)}"
    return Answer((), error) if error is not None else Answer(tuple(row[column] for column in writes))


def ask_transform(evaluator: Evaluator, transform: Transform, source: str) -> Evaluate:
    """Run a function of a cleaner."""
    if transform.kind == "row":
        return ask_row(evaluator, source, transform.name, transform.reads, transform.writes)
    return ask_value(evaluator, source, transform.name)
