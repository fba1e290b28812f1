"""The way through a function: names, what holds on it, and for which inputs everything so far is exact."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from rdc.lowering.functions.growing import is_same, merge_lists, read_records
from rdc.lowering.functions.ir import Graph, Kind, Node
from rdc.lowering.functions.shapes import tell_shape
from rdc.lowering.functions.values import (
    Choice,
    Few,
    Known,
    Match,
    Moment,
    Number,
    Record,
    Static,
    Symbol,
    Unbound,
)
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rdc.lowering.functions.values import Value

KINDS = {str: Kind.TEXT, bool: Kind.BOOLEAN, int: Kind.INTEGER, float: Kind.FLOAT}
MAX_STEPS = 4_000
"""Statements and calls that are followed; a longer function makes SQL that nobody can read."""


class AlwaysRaisesError(Exception):
    """Python raises here whatever the input is. Nothing to be reported: that way ends."""


@dataclass(slots=True)
class Handler:
    """A `try` around the way.

    Attributes:
        classes: of exceptions that it catches.
        escapes: conditions under which one is raised, with the names as they are then.
        depth: of the comprehensions around it.
    """

    classes: tuple[type[BaseException], ...]
    escapes: list[tuple[Node, dict[str, Value]]]
    depth: int


@dataclass(slots=True)
class Demand:
    """Something that has to hold for the SQL to be exact."""

    path: Node
    condition: Node
    raises: type[BaseException] | None


@dataclass(slots=True)
class Trace:
    """One way through a function.

    Attributes:
        graph: of all expressions.
        names: the local names.
        path: what holds here, since the function began.
        facts: conditions that are known to hold here.
        demands: what has to hold for the SQL to be exact.
        handlers: the `try` statements around, the innermost last.
        depth: of comprehensions around.
        line: of the function's source.
        steps: statements and calls so far.
        ascii_inputs: inputs, and items of lists, that have to be ASCII text.
        row: the columns of a row function's row.
        borrowed: what is seen from outside of the function, and must not change.
    """

    graph: Graph
    names: dict[str, Value]
    path: Node
    facts: frozenset[Node] = frozenset()
    demands: list[Demand] = field(default_factory=list)
    handlers: list[Handler] = field(default_factory=list)
    depth: int = 0
    line: int | None = None
    steps: int = 0
    ascii_inputs: set[Node] = field(default_factory=set)
    row: Mapping[str, Value] = field(default_factory=dict)
    borrowed: tuple[Value, ...] = ()

    def refuse(self, reason: str) -> NoReturn:
        """Give up: there is no rule for this."""
        raise NotLowerableError(reason, self.line)

    def step(self) -> None:
        """Count what is followed."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            self.refuse("more steps than a readable query holds")

    # What holds

    def simplify(self, condition: Node) -> Node:
        """A condition, with what is known here put in."""
        found: dict[Node, Node] = {}
        for node in condition.walk() if condition.op in CONNECTORS else (condition,):
            found[node] = self._simplify(node, found)
        return found[condition]

    def _simplify(self, condition: Node, found: Mapping[Node, Node]) -> Node:
        if condition in self.facts:
            return self.graph.true
        if condition.kind is Kind.BOOLEAN and self.graph.negate(condition) in self.facts:
            return self.graph.false
        if condition.op in ("and", "or"):
            join = self.graph.both if condition.op == "and" else self.graph.either
            return join(*(found[part] for part in condition.args))
        return self.graph.negate(found[condition.args[0]]) if condition.op == "not" else condition

    def learn(self, condition: Node) -> None:
        """Take a condition for granted from here on."""
        self.facts |= frozenset(self._split(condition))

    def _split(self, condition: Node) -> Iterator[Node]:
        yield condition
        if condition.op == "and":
            for part in condition.args:
                yield from self._split(part)
        if condition.op == "not" and condition.args[0].op == "or":
            for part in condition.args[0].args:
                yield from self._split(self.graph.negate(part))

    @contextmanager
    def given(self, condition: Node) -> Iterator[None]:
        """Go on where a condition holds, and come back."""
        path, facts = self.path, self.facts
        self.path = self.graph.both(path, condition)
        self.learn(condition)
        try:
            yield
        except AlwaysRaisesError:
            # Another way may go on: whoever knows where to does not let it come as far as this.
            if condition is not self.graph.true:
                self.refuse("what raises on one of several ways")
            raise
        finally:
            self.path, self.facts = path, facts

    def require(self, condition: Node, raises: type[BaseException]) -> None:
        """Python raises unless a condition holds: that way leads to a handler, or out of what SQL does."""
        condition = self.simplify(condition)
        if condition is self.graph.true:
            return
        handler = next(
            (h for h in reversed(self.handlers) if h.depth == self.depth and issubclass(raises, h.classes)),
            None,
        )
        if handler is not None:
            escape = self.graph.both(self.path, self.graph.negate(condition))
            handler.escapes.append((escape, dict(self.names)))
            self.path = self.graph.both(self.path, condition)
        else:
            self.demands.append(Demand(self.path, condition, raises))
        if condition is self.graph.false:
            raise AlwaysRaisesError
        self.learn(condition)

    def insist(self, condition: Node) -> None:
        """SQL is exact only where a condition holds; Python may do anything elsewhere."""
        condition = self.simplify(condition)
        if condition is self.graph.true:
            return
        self.demands.append(Demand(self.path, condition, None))
        if condition is not self.graph.false:
            self.learn(condition)

    def insist_ascii(self, *nodes: Node) -> None:
        """SQL is exact only on text of ASCII characters: those that the text is made of."""
        for node in nodes:
            if tell_shape(node, self.facts).characters is not None:
                continue
            # The items of a loop that is inside are of lists that are walked through, too.
            bound = {part.args[-1] for part in node.walk() if part.op in ("keep", "each", "all")}
            for part in node.walk():
                if part in bound:
                    continue
                if part.op in ("read", "parameter") and part.kind in (Kind.TEXT, Kind.LIST):
                    self.ascii_inputs.add(part)
                if part.op == "literal" and part.kind is Kind.TEXT and not str(part.value).isascii():
                    self.insist_itself(node)
                    break

    def insist_itself(self, node: Node) -> None:
        """As `insist_ascii`, for text that a function puts other characters into."""
        self.insist(self.graph.make("is_ascii", Kind.BOOLEAN, node))

    # What values are

    def over(self, value: Value, apply: Callable[[Value], Value]) -> Value:
        """Apply something to a value, or to each of those that it may be."""
        if not isinstance(value, Choice):
            return apply(value)
        condition = self.simplify(value.condition)
        if condition.op == "literal":
            return self.over(value.then if condition.value else value.other, apply)
        results: list[Value] = []
        for holds, part in ((condition, value.then), (self.graph.negate(condition), value.other)):
            with self.given(holds):
                try:
                    results.append(self.over(part, apply))
                except AlwaysRaisesError:
                    results.append(Unbound())
        if all(isinstance(result, Unbound) for result in results):
            raise AlwaysRaisesError
        return self.merge(condition, *results)

    def node(self, value: Value) -> Node:
        """The expression of a value that is text, a number or a truth value, and never None here.

        Raises:
            NotLowerableError: it is something else.
        """
        if isinstance(value, Known) and type(value.value) in KINDS:
            return self.graph.literal(value.value)
        if isinstance(value, Symbol):
            if value.nullable:
                self.require(self.graph.negate(self.is_null(value.node)), TypeError)
            return value.node
        if isinstance(value, Match):
            self.refuse("a match where text or a number is needed")
        return self.refuse(f"{describe(value)} where text or a number is needed")

    def text(self, value: Value, raises: type[BaseException] = TypeError) -> Node:
        """The expression of a text; Python raises where it is something else."""
        if isinstance(value, Choice):
            value = self.over(value, lambda part: Symbol(self.text(part, raises)))
        if isinstance(value, Symbol) and value.node.kind is Kind.TEXT:
            if value.nullable:
                self.require(self.graph.negate(self.is_null(value.node)), raises)
            return value.node
        if isinstance(value, Known) and isinstance(value.value, str):
            return self.graph.literal(value.value)
        if isinstance(value, Known | Symbol):
            self.require(self.graph.false, raises)
        return self.refuse(f"{describe(value)} where text is needed")

    def constant(self, value: Value, what: str) -> str:
        """A text that is known."""
        value = settle(value)
        if isinstance(value, Known) and isinstance(value.value, str):
            return value.value
        return self.refuse(f"{what} that depends on the value")

    def number(self, value: Value, what: str) -> int:
        """A whole number that is known."""
        value = settle(value)
        if isinstance(value, Known) and type(value.value) is int:
            return value.value
        return self.refuse(f"{what} that depends on the value")

    def is_null(self, node: Node) -> Node:
        """Whether an expression is None."""
        if node.op == "null":
            return self.graph.true
        if node.op == "choose":
            condition, then, other = node.args
            return self.simplify(self.graph.choose(condition, self.is_null(then), self.is_null(other)))
        if node.op in NULLABLE:
            return self.simplify(self.graph.make("is_null", Kind.BOOLEAN, node))
        return self.graph.false

    def merge(self, condition: Node, then: Value, other: Value) -> Value:
        """A value that is one of two."""
        if isinstance(then, Unbound) or isinstance(other, Unbound):
            return other if isinstance(then, Unbound) else then
        if is_same(then, other):
            return then
        if condition.op == "literal":
            return then if condition.value else other
        lists = merge_lists(self.graph, self.merge, condition, then, other)
        if lists is not None:
            return lists
        records = read_records(then, other)
        if records:
            return self._merge_records(condition, *records)
        kinds = [self._kind(then), self._kind(other)]
        if None in kinds or len({kind for kind in kinds if kind != "none"}) != 1:
            return Choice(condition, then, other)
        kind = next(kind for kind in kinds if isinstance(kind, Kind))
        nodes = [self._nullable_node(value, kind) for value in (then, other)]
        nullable = any(
            (isinstance(value, Symbol) and value.nullable)
            or (isinstance(value, Known) and value.value is None)
            for value in (then, other)
        )
        return Symbol(self.graph.choose(condition, *nodes), nullable)

    def _merge_records(self, condition: Node, then: Record, other: Record) -> Record:
        """A dict that is one of two; what one of them lacks is a column that keeps what the row holds."""
        merged = {}
        for key in {**then.items, **other.items}:
            values = [record.items.get(key, self.row.get(key)) for record in (then, other)]
            one, another = (value if value is not None else Unbound() for value in values)
            if isinstance(one, Unbound) or isinstance(another, Unbound):
                self.refuse(f"the key {key!r}, which is not set on every way")
            merged[key] = self.merge(condition, one, another)
        return Record(merged, then.kept | other.kept | (then.items.keys() ^ other.items.keys()))

    def _kind(self, value: Value) -> Kind | str | None:
        if isinstance(value, Symbol):
            return value.node.kind
        if isinstance(value, Known):
            return "none" if value.value is None else KINDS.get(type(value.value))
        return None

    def _nullable_node(self, value: Value, kind: Kind) -> Node:
        if isinstance(value, Known):
            return self.graph.null(kind) if value.value is None else self.graph.literal(value.value)
        assert isinstance(value, Symbol)
        return value.node

    def truth(self, value: Value) -> Node:
        """Whether Python takes a value for true."""
        if isinstance(value, Known | Moment):
            return self.graph.literal(value=isinstance(value, Moment) or bool(value.value))
        if isinstance(value, Static) and value.kind in (list, tuple, set):
            return self.graph.literal(value=bool(value.items))
        if isinstance(value, Few):
            return self.simplify(self.graph.either(*value.present))
        if isinstance(value, Match):
            return self.simplify(value.found)
        if isinstance(value, Number):
            return self.graph.negate(self.graph.equal(value.coefficient, self.graph.literal(0)))
        if isinstance(value, Choice):
            holds = self.simplify(value.condition)
            parts = []
            for condition, part in ((holds, value.then), (self.graph.negate(holds), value.other)):
                with self.given(condition):
                    parts.append(self.truth(part))
            return self.graph.choose(holds, *parts)
        if isinstance(value, Symbol):
            there = self.graph.negate(self.is_null(value.node)) if value.nullable else self.graph.true
            return self.simplify(self.graph.both(there, self._is_something(value.node)))
        return self.refuse(f"the truth of {describe(value)}")

    def _is_something(self, node: Node) -> Node:
        if node.kind is Kind.BOOLEAN:
            return node
        if node.kind is Kind.LIST:
            return self.graph.negate(self.graph.equal(self.count(node), self.graph.literal(0)))
        zeros: dict[Kind, str | float] = {Kind.TEXT: "", Kind.INTEGER: 0, Kind.FLOAT: 0.0}
        empty = zeros[node.kind]
        return self.graph.negate(self.graph.equal(node, self.graph.literal(empty)))

    def count(self, items: Node) -> Node:
        """How many items a list has."""
        return self.graph.make("count", Kind.INTEGER, items, bounds=(0, 2**31))


CONNECTORS = frozenset({"and", "or", "not"})
NULLABLE = frozenset({"read", "lookup", "group_or_null"})
"""Operations whose result may be null."""


def settle(value: Value) -> Value:
    """A value that turned out to be a constant, as such."""
    return Known(value.node.value) if isinstance(value, Symbol) and value.node.op == "literal" else value


def describe(value: Value) -> str:
    """What a value is, in words of a refusal."""
    if isinstance(value, Known):
        return "None" if value.value is None else f"{type(value.value).__name__} {value.value!r}"
    if isinstance(value, Symbol):
        return {Kind.TEXT: "text", Kind.LIST: "a list"}.get(
            value.node.kind, f"a value of kind {value.node.kind}"
        )
    told: dict[type, str] = {
        Choice: "a value that is of one kind or of another",
        Unbound: "a name that is not set on every way",
        Few: "a list of a few items",
    }
    return told.get(type(value), f"a {type(value).__name__.lower()}")
