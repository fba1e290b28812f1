"""A stage: one SELECT of the pipeline, and the transforms that it applies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdc.artifacts.transform import Transform

INPUT = "input"
"""The relation that a stage selects from."""


def map_table(transform: str) -> str:
    """The table that holds what a function or value map made of each distinct value.

    For a column function or value map it has the columns `before` and `after`; for a row function
    `in_0`, `in_1`, … (what it reads, in order) and `out_0`, … (what it writes, in order). It has one row
    for each distinct value (or tuple) of the input, so a join to it neither loses nor multiplies rows,
    and what comes out is the column's new value, changed or not. Whoever selects from it names its
    columns, since it may have more.
    """
    return f"map_{transform}"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a cleaner.

    Attributes:
        sql: one SELECT over `input`, which returns `__rdc_row` and the table's columns in order. Columns
            that are made here come last.
        transforms: what it applies. No two of them write the same column.
    """

    sql: str
    transforms: tuple[Transform, ...]
