"""A plan: the tasks of one round, each a column or a row function to be proposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.artifacts.cleaner import Example, RowExample
    from rdc.artifacts.expectation import Expectation
    from rdc.artifacts.profile import ColumnProfile, Finding

TransformKind = Literal["column", "row", "map", "rule"]
FunctionKind = Literal["column", "row"]
Row = dict[str, str | None]
Cell = str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of a source that proposals are verified on, column by column.

    Attributes:
        columns: by name; every list has the same length, and position i of each is row i.
    """

    columns: Mapping[str, Sequence[Cell]]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values()), ()))

    def with_columns(self, columns: Mapping[str, Sequence[Cell]]) -> Sample:
        """The same rows with some columns replaced or added."""
        return Sample({**self.columns, **columns})


@dataclass(frozen=True, slots=True)
class Task:
    """One function to be proposed: which column, and what clean means there.

    Attributes:
        kind: `column` (a column function or, where it does better, a value map) or `row`.
        column: the column that the task is about; of a row function, the first that it writes.
        reads, writes: columns. For `column` both are `(column,)`.
        goals: the column's own, then those of the table that its findings call for.
        type: what the column is cast to when it is published.
        profile, findings: of what earlier rounds left.
        profiles: of every column that is read, by name.
        solved: what accepted transforms of this column do, as sentences.
        round: from 1.
        failing: values that the best candidate so far still gets wrong, with what it made of them.
        function: a file and a function of the project's own, that stands in for proposals.
        refused: the gates that refused earlier candidates, the most frequent first.
        determinants: sets of columns that decide on the column, by a rule that is declared or accepted.
        label: what stands for the column in the function's name, where its own letters would not tell it apart.
    """

    kind: TransformKind
    cleaner: str
    column: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    goals: tuple[str, ...]
    type: str
    examples: tuple[Example, ...]
    row_examples: tuple[RowExample, ...]
    expectations: tuple[Expectation, ...]
    profile: ColumnProfile
    findings: tuple[Finding, ...]
    profiles: Mapping[str, ColumnProfile]
    solved: tuple[str, ...] = ()
    round: int = 1
    failing: tuple[tuple[str | None, str | None], ...] = ()
    function: str | None = None
    refused: tuple[str, ...] = ()
    determinants: tuple[tuple[str, ...], ...] = ()
    label: str = ""

    @property
    def name(self) -> str:
        """The name of the function that is asked for, such as `clean_ounces`; no other task has it."""
        verb = "derive" if self.kind == "row" else "clean"
        return f"{verb}_{self.label or identifier(self.column)}" + (
            f"_{self.round}" if self.round > 1 else ""
        )


def identifier(name: str) -> str:
    """A column's name as part of a Python identifier.

    >>> identifier("Unit Price (€)")
    'unit_price'
    """
    kept = "".join(c if c.isascii() and c.isalnum() else "_" for c in name.lower())
    return "_".join(part for part in kept.split("_") if part) or "column"


def label_column(name: str, columns: Sequence[str]) -> str:
    """`identifier`, told apart from those of the columns before it.

    >>> [label_column(name, ["unit price", "unit-price", "id"]) for name in ("unit price", "unit-price", "id")]
    ['unit_price', 'unit_price_c2', 'id']
    """
    label, position = identifier(name), columns.index(name)
    alike = any(identifier(other) == label for other in columns[:position])
    return f"{label}_c{position + 1}" if alike else label
