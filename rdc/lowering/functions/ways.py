"""Where statements lead: a tree of conditions whose leaves return, raise, leave a loop, or go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.values import Value


@dataclass(frozen=True, slots=True)
class Split:
    """Two ways, told apart by a condition."""

    condition: Node
    then: Way
    other: Way


@dataclass(frozen=True, slots=True)
class Returned:
    """The way ends with a value."""

    value: Value


@dataclass(frozen=True, slots=True)
class Raised:
    """The way ends with an exception."""


@dataclass(frozen=True, slots=True)
class Left:
    """The way leaves the turn of a loop, or goes on: `next`, `break`, `continue`."""

    how: str
    names: dict[str, Value]
    facts: frozenset[Node]


Way = Split | Returned | Raised | Left


def count_next(way: Way) -> int:
    """How many leaves of a way go on."""
    if isinstance(way, Split):
        return count_next(way.then) + count_next(way.other)
    return int(isinstance(way, Left) and way.how == "next")


def holds_next(way: Way) -> bool:
    """Whether any leaf of a way goes on."""
    return count_next(way) > 0


def rename(way: Way, how: str, to: str) -> Way:
    """Let leaves that left a loop one way leave it another way."""
    if isinstance(way, Split):
        return Split(way.condition, rename(way.then, how, to), rename(way.other, how, to))
    if isinstance(way, Left) and way.how == how:
        return Left(to, way.names, way.facts)
    return way
