"""A column's profile and its values -> what the checks of a finder ask for, and a finding of what they find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc.artifacts.profile import Finding, ValueCount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rdc.artifacts.profile import ColumnProfile

SHOWN = 10
"""Values that a finding shows."""
NUMERIC = 0.9
"""The share of a column's values that are numbers in some form, from which it is one of numbers."""
SCREENED = 200
"""How many values are looked at before all are."""


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column as the checks see it.

    Attributes:
        profile: what was measured.
        values: its distinct values that are neither null nor empty.
    """

    profile: ColumnProfile
    values: tuple[tuple[str, int], ...]

    @property
    def present(self) -> int:
        """Cells that hold something, null-like texts left out."""
        nothing = sum(token.count for token in self.profile.null_like)
        return self.profile.rows - self.profile.missing - self.profile.empty - nothing

    @property
    def shapes(self) -> dict[str, int]:
        """Cells by the shape of their number."""
        return {shape.value or "": shape.count for shape in self.profile.number_shapes}

    @property
    def is_numeric(self) -> bool:
        """Whether nearly all values are numbers in some form."""
        return self.present > 0 and sum(self.shapes.values()) >= NUMERIC * self.present

    @property
    def written(self) -> tuple[tuple[str, int], ...]:
        """Its values but for those that stand for nothing."""
        nothing = {token.value for token in self.profile.null_like}
        return tuple(item for item in self.values if item[0] not in nothing) if nothing else self.values

    def are_mostly(self, is_one: Callable[[str], object], share: float) -> bool:
        """Whether at least a share of the values is of a kind; a few are asked before all are."""
        written = self.written
        few = written[:: max(1, len(written) // SCREENED)]
        return bool(few) and all(
            sum(1 for value, _ in values if is_one(value)) >= share * len(values) for values in (few, written)
        )

    def finding(
        self, kind: str, fact: str, counts: Iterable[tuple[str, int]], count: int | None = None
    ) -> Finding:
        """A finding in this column; its count is that of its values where none is given."""
        found = sorted(counts, key=lambda item: (-item[1], item[0]))
        total = sum(n for _, n in found) if count is None else count
        values = tuple(ValueCount(value=value, count=n) for value, n in found[:SHOWN])
        cells = "1 cell" if total == 1 else f"{total:,} cells"
        return Finding(
            kind=kind, column=self.profile.name, count=total, fact=f"{fact}: {cells}.", values=values
        )
