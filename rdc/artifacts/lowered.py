"""A Python function as SQL: texts of expressions over what it reads, and where they are exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class LoweredFunction:
    """A function as SQL of the engine that it runs on; one of a value has one input and one value.

    Every name in the texts belongs to this function alone, so that several functions fit into one query.

    Attributes:
        columns: the names, not quoted, that the texts have for the inputs, in the order that they are read.
        levels: names, not quoted, and what they stand for, made of the inputs and of earlier levels.
        values: what the function makes of each column that it writes, in their order, as text.
        domain: holds where `values` are what Python makes. Elsewhere, and where it is null, Python is asked.
    """

    columns: tuple[str, ...]
    levels: tuple[Mapping[str, str], ...]
    values: tuple[str, ...]
    domain: str

    @property
    def column(self) -> str:
        """The only input of a function of one value."""
        [column] = self.columns
        return column

    @property
    def value(self) -> str:
        """What a function of one value makes of it."""
        [value] = self.values
        return value
