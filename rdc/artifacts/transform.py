"""A transform: an accepted candidate, with the evidence that it was accepted on."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import DependencyRule, UniqueRule
from rdc.artifacts.plan import TransformKind
from rdc.artifacts.strict import Strict


class Change(Strict):
    """A value before and after, and how many cells of the sample that is."""

    before: str | None
    after: str | None
    count: int = 1


class Verdict(Strict):
    """What one gate of the verifier said."""

    gate: str
    """A stable name, such as `signature`, `idempotent`, `examples`."""
    passed: bool
    detail: str = ""
    """A count where it passed, the reason with a value where it did not."""


class Evidence(Strict):
    """What a transform did to the sample."""

    rows: int = 0
    """Rows of the sample."""
    cells_changed: int = 0
    values_changed: int = 0
    """Distinct values (for a row function: distinct tuples of what it reads)."""
    cells_with_finding: int = 0
    """Changed cells whose value had a finding, or failed an expectation, and does not any more; and those whose
    change a goal's own check or an example's pattern asks for."""
    cells_by_column: dict[str, int] = Field(default_factory=dict)
    """Changed cells of each written column; empty where they were not told apart."""
    rows_removed: int = 0
    """By a rule that keeps one row of several."""
    passing_before: Annotated[float, Field(ge=0, le=1)] = 0.0
    """The share of cells that met all of the column's checkable expectations."""
    passing_after: Annotated[float, Field(ge=0, le=1)] = 0.0
    changes: tuple[Change, ...] = ()
    """The most frequent changes, most first."""
    verdicts: tuple[Verdict, ...] = ()

    @property
    def cells_without_finding(self) -> int:
        """Changed cells that nothing explains."""
        return max(0, self.cells_changed - self.cells_with_finding)


class MapEntry(Strict):
    """One pair of a value map."""

    value: str
    becomes: str | None
    evidence: str


class WrittenSql(Strict):
    """A function's SQL for people, in DuckDB's dialect, laid out in lines.

    Its texts read columns of a relation `input`.
    """

    levels: tuple[dict[str, str], ...] = ()
    """Parts that are used more than once, by names of their own, each made of the input and of earlier levels."""
    values: tuple[str, ...]
    """What the function makes of each column that it writes."""
    domain: str | None = None
    """Where that is what Python makes; None where it is so everywhere."""


class Transform(Strict):
    """An accepted candidate."""

    kind: TransformKind
    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    author: Author
    goal: str
    source: str = ""
    """Of a column or row function: its code."""
    entries: tuple[MapEntry, ...] = ()
    """Of a value map: its pairs, grouped by what they become."""
    rule: DependencyRule | UniqueRule | None = None
    """Of a table rule: what is repaired."""
    evidence: Evidence = Evidence()

    @property
    def mapping(self) -> dict[str, str | None]:
        """A value map as a dictionary."""
        return {entry.value: entry.becomes for entry in self.entries}


class Refusal(Strict):
    """A candidate that was not accepted, and why."""

    name: str
    column: str
    author: Author
    gate: str
    reason: str
    source: str = ""
