"""What code made of a value when it ran in the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.plan import Cell, Row


@dataclass(frozen=True, slots=True)
class Outcome:
    """A column function's answer for one value.

    Attributes:
        value: what it returned; None where it raised.
        error: `TypeError: …` where it raised, ran out of time or returned something that is no text.
    """

    value: Cell
    error: str | None = None


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """A row function's answer for one row: the columns that it set, or an error."""

    values: Row
    error: str | None = None


class Evaluator(Protocol):
    """Runs functions on values without trusting them."""

    def map_column(self, source: str, name: str, values: Sequence[Cell]) -> list[Outcome]:
        """Call `name`, which `source` defines, once with each value."""
        ...

    def map_rows(self, source: str, name: str, rows: Sequence[Row]) -> list[RowOutcome]:
        """Call `name`, which `source` defines, once with each row."""
        ...
