"""Python's operators and comparisons -> expressions that don't overflow and never divide by zero."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from rdc.lowering.functions import decimals, durations, integers
from rdc.lowering.functions.formats import format_percent
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.lists import join_lists
from rdc.lowering.functions.sequences import to_sequence
from rdc.lowering.functions.texts import concatenate
from rdc.lowering.functions.trace import AlwaysRaisesError, describe
from rdc.lowering.functions.values import Days, Known, Number, Static, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

WIDEST = 10**37
"""Integers are kept below what engines hold in 128 bits."""
MOST_REPEATS = 1_000
FOLDS: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "floor_divide": lambda a, b: a // b,
    "modulo": lambda a, b: a % b,
    "power": lambda a, b: a**b,
}


def _calculate(op: str) -> Callable[[Trace, Value, Value], Value]:
    def apply(trace: Trace, left: Value, right: Value) -> Value:
        if isinstance(left, Known) and isinstance(right, Known):
            return _fold(trace, op, left, right)
        if isinstance(left, Number) or isinstance(right, Number):
            return decimals.calculate(trace, op, left, right)
        if isinstance(right, Days) and op in ("add", "subtract"):
            return durations.shift(trace, left, right, back=op == "subtract")
        if isinstance(left, Days) and op == "add":
            return durations.shift(trace, right, left)
        one, other = trace.node(left), trace.node(right)
        if not {one.kind, other.kind} <= {Kind.INTEGER, Kind.FLOAT, Kind.BOOLEAN}:
            trace.require(trace.graph.false, TypeError)
        if Kind.BOOLEAN in (one.kind, other.kind):
            trace.refuse("arithmetic with truth values")
        return Symbol(combine(trace, op, one, other))

    return apply


def _fold(trace: Trace, op: str, left: Known, right: Known) -> Value:
    try:
        return Known(FOLDS[op](left.value, right.value))
    except Exception as error:
        trace.require(trace.graph.false, type(error))
        raise AlwaysRaisesError from error


def combine(trace: Trace, op: str, left: Node, right: Node) -> Node:
    """An operator on two numbers."""
    graph = trace.graph
    if op in ("divide", "floor_divide", "modulo"):
        zero = graph.literal(0 if right.kind is Kind.INTEGER else 0.0)
        trace.require(graph.negate(graph.equal(right, zero)), ZeroDivisionError)
    if Kind.FLOAT in (left.kind, right.kind) or op == "divide":
        if op not in ("add", "subtract", "multiply", "divide"):
            trace.refuse(f"the operator {op} on floats")
        return graph.make(op, Kind.FLOAT, to_float(trace, left), to_float(trace, right))
    if op == "power":
        trace.refuse("a power that depends on the value")
    if op in ("floor_divide", "modulo"):
        if left.low < 0 < right.low:
            return _divide_negative(trace, op, left, right)
        if left.low < 0 or right.low < 0:
            trace.refuse("a division of whole numbers that may be negative")
        high = left.high if op == "floor_divide" else right.high - 1
        return graph.make(op, Kind.INTEGER, left, right, bounds=(0, high))
    ends = [FOLDS[op](a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    low, high = min(ends), max(ends)
    if max(-low, high) > WIDEST:
        trace.refuse("whole numbers of more than 37 digits")
    return graph.make(op, Kind.INTEGER, left, right, bounds=(low, high))


def _divide_negative(trace: Trace, op: str, left: Node, right: Node) -> Node:
    """`//` and `%` of what may be less than zero, which Python rounds down."""
    graph = trace.graph
    lifted = integers.subtract(graph, integers.subtract(graph, right, graph.literal(1)), left, least=0)
    below = integers.negative(graph, integers.floor_divide(graph, lifted, right))
    above = graph.make("floor_divide", Kind.INTEGER, left, right, bounds=(0, max(left.high, 0)))
    divided = graph.choose(integers.less(graph, left, graph.literal(0)), below, above)
    if op == "floor_divide":
        return divided
    whole = integers.multiply(graph, divided, right)
    return graph.make("subtract", Kind.INTEGER, left, whole, bounds=(0, right.high - 1))


def to_float(trace: Trace, node: Node) -> Node:
    """A number as a float, as Python makes one of an int."""
    if node.kind is Kind.FLOAT:
        return node
    if node.op == "literal":
        return trace.graph.literal(float(node.value))  # type: ignore[arg-type]
    if max(-node.low, node.high) > 2**53:
        trace.insist(trace.graph.make("within", Kind.BOOLEAN, node, value=2**53))
    return trace.graph.make("to_float", Kind.FLOAT, node)


def _add(trace: Trace, left: Value, right: Value) -> Value:
    """`+`: numbers, texts or lists."""
    if isinstance(left, Known) and isinstance(right, Known):
        return _fold(trace, "add", left, right)
    if _is_text(left) or _is_text(right):
        return Symbol(concatenate(trace, trace.text(left), trace.text(right)))
    if isinstance(left, Static) or isinstance(right, Static):
        items = [to_sequence(trace, side) for side in (left, right)]
        if None not in items:
            return Static(tuple(value for side in items if side for value in side), list)
    if any(isinstance(side, Symbol) and side.node.kind is Kind.LIST for side in (left, right)):
        return join_lists(trace, left, right)
    return _calculate("add")(trace, left, right)


def _multiply(trace: Trace, left: Value, right: Value) -> Value:
    """`*`: numbers, or a text so many times."""
    if _is_text(right):
        left, right = right, left
    if not _is_text(left) or (isinstance(left, Known) and isinstance(right, Known)):
        return _calculate("multiply")(trace, left, right)
    times = trace.node(right)
    if times.kind is not Kind.INTEGER:
        trace.require(trace.graph.false, TypeError)
    if times.high > MOST_REPEATS:
        trace.insist(
            trace.graph.negate(trace.graph.make("at_least", Kind.BOOLEAN, times, value=MOST_REPEATS + 1))
        )
    return Symbol(trace.graph.make("repeat", Kind.TEXT, trace.text(left), times, value=MOST_REPEATS))


def _modulo(trace: Trace, left: Value, right: Value) -> Value:
    """`%`: numbers, or a format."""
    if isinstance(left, Known) and isinstance(left.value, str) and not isinstance(right, Known):
        return format_percent(trace, left.value, right)
    return _calculate("modulo")(trace, left, right)


def _minus(trace: Trace, value: Value) -> Value:
    """`-x`."""
    if isinstance(value, Known):
        return _fold(trace, "subtract", Known(0), value) if value.value != 0 else Known(-value.value)
    if isinstance(value, Number):
        return decimals.negate(trace, value)
    node = trace.node(value)
    if node.kind not in (Kind.INTEGER, Kind.FLOAT):
        trace.require(trace.graph.false, TypeError)
    return Symbol(trace.graph.make("negative", node.kind, node, bounds=(-node.high, -node.low)))


def _is_text(value: Value) -> bool:
    if isinstance(value, Symbol):
        return value.node.kind is Kind.TEXT
    return isinstance(value, Known) and isinstance(value.value, str)


def compare_numbers(trace: Trace, op: type[ast.cmpop], left: Value, right: Value) -> Node:
    """`==`, `!=`, `<`, `<=`, `>`, `>=` of numbers or texts, of which one may be None where it is not ordered."""
    graph = trace.graph
    if op is ast.NotEq:
        return graph.negate(compare_numbers(trace, ast.Eq, left, right))
    if isinstance(left, Number) or isinstance(right, Number):
        return decimals.compare(trace, op, left, right)
    if op is ast.Eq:
        return _equal(trace, left, right)
    one, other = trace.node(left), trace.node(right)
    if (one.kind is Kind.TEXT) != (other.kind is Kind.TEXT):
        trace.require(graph.false, TypeError)
    one, other = _align(trace, one, other)
    if op in (ast.Gt, ast.LtE):
        one, other = other, one
    less = graph.make("less", Kind.BOOLEAN, one, other)
    if one.kind is Kind.INTEGER:
        if one.high < other.low:
            less = graph.true
        elif one.low >= other.high:
            less = graph.false
    return graph.negate(less) if op in (ast.LtE, ast.GtE) else less


def _equal(trace: Trace, left: Value, right: Value) -> Node:
    graph = trace.graph
    if all(isinstance(value, Symbol) and value.nullable for value in (left, right)):
        return _equal_nullable(trace, left, right)
    sides = []
    present = graph.true
    for value in (left, right):
        if isinstance(value, Known) and value.value is None:
            other = right if value is left else left
            nullable = isinstance(other, Symbol) and other.nullable
            return trace.is_null(other.node) if nullable and isinstance(other, Symbol) else graph.false
        if isinstance(value, Symbol) and value.nullable:
            present = graph.both(present, graph.negate(trace.is_null(value.node)))
            value = Symbol(value.node)  # noqa: PLW2901 - the same, where it is there
        if not isinstance(value, Known | Symbol):
            trace.refuse(f"a comparison with {describe(value)}")
        if isinstance(value, Known) and not isinstance(value.value, str | int | float | bool):
            trace.refuse(f"a comparison with {describe(value)}")
        sides.append(trace.node(value))
    first, second = sides
    if Kind.LIST in (first.kind, second.kind):
        trace.refuse("a comparison with a list")
    if (first.kind is Kind.TEXT) != (second.kind is Kind.TEXT):
        return graph.false
    return trace.simplify(graph.both(present, graph.equal(*_align(trace, first, second))))


def _equal_nullable(trace: Trace, left: Value, right: Value) -> Node:
    """Whether two values that may be None are equal, or both None."""
    graph = trace.graph
    assert isinstance(left, Symbol)
    assert isinstance(right, Symbol)
    absent = [trace.is_null(value.node) for value in (left, right)]
    same = _equal(trace, Symbol(left.node), Symbol(right.node))
    present = graph.both(*map(graph.negate, absent), same)
    return trace.simplify(graph.either(graph.both(*absent), present))


def _align(trace: Trace, one: Node, other: Node) -> tuple[Node, Node]:
    """Two numbers of one kind."""
    if one.kind is other.kind:
        return one, other
    if Kind.BOOLEAN in (one.kind, other.kind):
        trace.refuse("a comparison of a number with a truth value")
    return to_float(trace, one), to_float(trace, other)


def divide_with_rest(trace: Trace, left: Value, right: Value) -> Value:
    """`divmod`."""
    return Static(tuple(_calculate(op)(trace, left, right) for op in ("floor_divide", "modulo")), tuple)


OPERATORS: dict[type[ast.AST], Callable[..., Value]] = {
    ast.Add: _add,
    ast.Sub: _calculate("subtract"),
    ast.Mult: _multiply,
    ast.Div: _calculate("divide"),
    ast.FloorDiv: _calculate("floor_divide"),
    ast.Mod: _modulo,
    ast.Pow: _calculate("power"),
    ast.USub: _minus,
}
