"""A Python function as SQL: texts of expressions over one input column, and where they are exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class LoweredFunction:
    """A column function as SQL of the engine that it runs on.

    Every name in the texts belongs to this function alone, so that several functions fit into one query.

    Attributes:
        column: the name, not quoted, that the texts have for the input.
        levels: names, not quoted, and what they stand for, made of the input and of earlier levels.
        value: what the function returns, as text.
        domain: holds where `value` is what Python returns. Elsewhere, and where it is null, Python is asked.
    """

    column: str
    levels: tuple[Mapping[str, str], ...]
    value: str
    domain: str
