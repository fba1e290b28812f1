"""Typed expressions, each made once: equal ones are the same object, and constants are folded."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    Constant = str | int | float | bool | None

MOST_NODES = 20_000


class Kind(StrEnum):
    """What an expression is when it is not null."""

    TEXT = "text"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    LIST = "list"
    """Of text."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """An expression. Two that are equal are one object: `Graph` makes them.

    Attributes:
        op: a name of `rdc.lowering.functions.translator.OPERATIONS`, or literal, read, parameter, null.
        kind: of its values.
        args: what it is applied to.
        value: a literal's constant, a column's name, or what else the operation takes that is no expression.
        low: an integer is never less than this.
        high: an integer is never more than this.
        number: in the order of making, so that arguments come before what is made of them.
    """

    op: str
    kind: Kind
    args: tuple[Node, ...] = ()
    value: Constant | tuple[Constant, ...] = None
    low: int = 0
    high: int = 0
    number: int = field(default=0, repr=False)

    def walk(self) -> Iterator[Node]:
        """Every expression below this one and itself, once each, arguments first."""
        seen: set[int] = set()
        stack = [(self, False)]
        while stack:
            node, done = stack.pop()
            if done:
                yield node
            elif node.number not in seen:
                seen.add(node.number)
                stack.append((node, True))
                stack += [(argument, False) for argument in node.args]

    def expand(self) -> int:
        """How many operations are written where each is, as often as it is used."""
        sizes: dict[int, int] = {}
        for node in self.walk():
            args = () if node.op == "parameter" else node.args
            sizes[node.number] = 1 + sum(sizes[argument.number] for argument in args)
        return sizes[self.number]


@dataclass(slots=True)
class Graph:
    """All expressions of one function."""

    _known: dict[tuple[object, ...], Node] = field(default_factory=dict)

    @property
    def true(self) -> Node:
        """What always holds."""
        return self.literal(value=True)

    @property
    def false(self) -> Node:
        """What never holds."""
        return self.literal(value=False)

    def literal(self, value: str | float | bool) -> Node:  # noqa: FBT001 - it is the value
        """A constant."""
        kinds = {str: Kind.TEXT, bool: Kind.BOOLEAN, int: Kind.INTEGER, float: Kind.FLOAT}
        bounds = (int(value), int(value)) if isinstance(value, int) else (0, 0)
        return self._make("literal", kinds[type(value)], (), value, bounds)

    def null(self, kind: Kind) -> Node:
        """Python's None where a value of this kind stands otherwise."""
        return self._make("null", kind, (), None)

    def make(
        self,
        op: str,
        kind: Kind,
        *args: Node,
        value: Constant | tuple[Constant, ...] = None,
        bounds: tuple[int, int] = (0, 0),
    ) -> Node:
        """An operation on expressions."""
        return self._make(op, kind, args, value, bounds)

    def negate(self, node: Node) -> Node:
        """What holds where a condition does not."""
        if node.op == "literal":
            return self.literal(value=not node.value)
        return node.args[0] if node.op == "not" else self.make("not", Kind.BOOLEAN, node)

    def both(self, *nodes: Node) -> Node:
        """What holds where all conditions do."""
        return self._join("and", self.true, self.false, nodes)

    def either(self, *nodes: Node) -> Node:
        """What holds where any condition does."""
        return self._join("or", self.false, self.true, nodes)

    def choose(self, condition: Node, then: Node, other: Node) -> Node:
        """One of two expressions of a kind."""
        if condition.op == "literal":
            return then if condition.value else other
        if then is other:
            return then
        if condition.op == "not":
            return self.choose(condition.args[0], other, then)
        # What may be null stays a choice, so that it is still known where.
        null = _may_be_null(then) or _may_be_null(other)
        if then.kind is Kind.BOOLEAN and {then.op, other.op} & {"literal"} and not null:
            return self._choose_condition(condition, then, other)
        bounds = (min(then.low, other.low), max(then.high, other.high))
        return self.make("choose", then.kind, condition, then, other, bounds=bounds)

    def equal(self, left: Node, right: Node) -> Node:
        """Whether two expressions of a kind, neither of them null, are equal."""
        if left is right:
            return self.true
        if left.op == right.op == "literal":
            return self.literal(value=left.value == right.value)
        if left.op == "literal":
            left, right = right, left
        if left.kind is Kind.INTEGER and (left.high < right.low or right.high < left.low):
            return self.false
        return self.make("equal", Kind.BOOLEAN, left, right)

    def _choose_condition(self, condition: Node, then: Node, other: Node) -> Node:
        if then.op == "literal":
            rest = self.either(condition, other) if then.value else self.both(self.negate(condition), other)
        else:
            rest = self.either(self.negate(condition), then) if other.value else self.both(condition, then)
        return rest

    def _join(self, op: str, neutral: Node, absorbing: Node, nodes: tuple[Node, ...]) -> Node:
        parts: list[Node] = []
        for node in nodes:
            parts += node.args if node.op == op else [node]
        parts = [part for part in dict.fromkeys(parts) if part is not neutral]
        if absorbing in parts or any(self.negate(part) in parts for part in parts if part.op != "literal"):
            return absorbing
        if not parts:
            return neutral
        return parts[0] if len(parts) == 1 else self.make(op, Kind.BOOLEAN, *parts)

    def _make(
        self,
        op: str,
        kind: Kind,
        args: tuple[Node, ...],
        value: Constant | tuple[Constant, ...],
        bounds: tuple[int, int] = (0, 0),
    ) -> Node:
        # 1, 1.0 and True are equal, and -0.0 is 0.0: told apart by their type and their text.
        key = (op, kind, *(argument.number for argument in args), type(value), repr(value), bounds)
        if key not in self._known:
            if len(self._known) >= MOST_NODES:
                raise NotLowerableError("more expressions than a readable query holds")
            self._known[key] = Node(op, kind, args, value, *bounds, len(self._known))
        return self._known[key]


def _may_be_null(node: Node) -> bool:
    """Whether a choice, or what it is of, is null somewhere."""
    return node.op == "null" or (node.op == "choose" and any(map(_may_be_null, node.args[1:])))
