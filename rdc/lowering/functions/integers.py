"""Whole numbers -> whole numbers: what is known is folded, and how large results get is kept with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.ir import Kind

if TYPE_CHECKING:
    from rdc.lowering.functions.ir import Graph, Node
    from rdc.lowering.functions.trace import Trace

WIDEST = 10**37
"""Whole numbers are kept below what engines hold in 128 bits."""
MOST_DIGITS = 37


def constant(node: Node) -> int | None:
    """The number that a node always is, or None."""
    return node.value if node.op == "literal" and isinstance(node.value, int) else None


def add(graph: Graph, left: Node, right: Node) -> Node:
    """`left + right`."""
    return _combine(graph, "add", left, right, (left.low + right.low, left.high + right.high), neutral=0)


def subtract(graph: Graph, left: Node, right: Node, least: int | None = None) -> Node:
    """`left - right`, which is known to be no less than a number."""
    low = left.low - right.high if least is None else max(least, left.low - right.high)
    return _combine(graph, "subtract", left, right, (low, left.high - right.low), neutral=0)


def multiply(graph: Graph, left: Node, right: Node) -> Node:
    """`left * right`."""
    ends = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    return _combine(graph, "multiply", left, right, (min(ends), max(ends)), neutral=1)


def floor_divide(graph: Graph, left: Node, right: Node) -> Node:
    """`left // right`, of which the first is not negative and the second is positive."""
    return _combine(graph, "floor_divide", left, right, (0, left.high // max(right.low, 1)), neutral=1)


def modulo(graph: Graph, left: Node, right: Node) -> Node:
    """`left % right`, of which the first is not negative and the second is positive."""
    if constant(right) == 1:
        return graph.literal(0)
    return _combine(graph, "modulo", left, right, (0, min(left.high, right.high - 1)), neutral=None)


FOLDS = {
    "add": int.__add__,
    "subtract": int.__sub__,
    "multiply": int.__mul__,
    "floor_divide": int.__floordiv__,
    "modulo": int.__mod__,
}


def _combine(
    graph: Graph, op: str, left: Node, right: Node, bounds: tuple[int, int], *, neutral: int | None
) -> Node:
    one, other = constant(left), constant(right)
    if one is not None and other is not None:
        return graph.literal(FOLDS[op](one, other))
    if other is not None and other == neutral:
        return left
    if one is not None and one == neutral and op in ("add", "multiply"):
        return right
    return graph.make(op, Kind.INTEGER, left, right, bounds=bounds)


def negative(graph: Graph, node: Node) -> Node:
    """`-node`."""
    known = constant(node)
    if known is not None:
        return graph.literal(-known)
    if node.op == "negative":
        return node.args[0]
    return graph.make("negative", Kind.INTEGER, node, bounds=(-node.high, -node.low))


def magnitude(graph: Graph, node: Node) -> Node:
    """`abs(node)`."""
    known = constant(node)
    if known is not None:
        return graph.literal(abs(known))
    if node.op == "negative":
        return magnitude(graph, node.args[0])
    if node.op == "choose" and negative(graph, node.args[2]) is node.args[1]:
        return magnitude(graph, node.args[2])
    if node.low >= 0:
        return node
    return graph.make("absolute", Kind.INTEGER, node, bounds=(0, max(-node.low, node.high)))


def less(graph: Graph, left: Node, right: Node) -> Node:
    """`left < right`."""
    if left.high < right.low:
        return graph.true
    if left.low >= right.high:
        return graph.false
    return graph.make("less", Kind.BOOLEAN, left, right)


def greater(graph: Graph, left: Node, right: Node) -> Node:
    """The greater of two."""
    bounds = (max(left.low, right.low), max(left.high, right.high))
    return _pick(graph, less(graph, left, right), right, left, bounds)


def above_zero(graph: Graph, node: Node) -> Node:
    """The number, or 0 where it is negative."""
    return greater(graph, node, graph.literal(0))


def _pick(graph: Graph, condition: Node, then: Node, other: Node, bounds: tuple[int, int]) -> Node:
    """`Graph.choose`, of numbers whose condition keeps them within closer bounds."""
    if condition.op == "literal":
        return then if condition.value else other
    return graph.make("choose", Kind.INTEGER, condition, then, other, bounds=bounds)


def give_sign(graph: Graph, number: Node, is_negative: Node) -> Node:
    """A number that is not negative, or what is left of zero by as much."""
    return graph.choose(is_negative, negative(graph, number), number)


def write(graph: Graph, number: Node) -> Node:
    """`str(number)`."""
    known = constant(number)
    return graph.make("integer_text", Kind.TEXT, number) if known is None else graph.literal(str(known))


def power_of_ten(trace: Trace, exponent: Node) -> Node:
    """`10 ** exponent`, of an exponent that is not negative."""
    known = constant(exponent)
    if exponent.high > MOST_DIGITS:
        trace.refuse("numbers of more than 37 digits")
    if known is not None:
        return trace.graph.literal(10**known)
    bounds = (10 ** max(exponent.low, 0), 10**exponent.high)
    return trace.graph.make("power_of_ten", Kind.INTEGER, exponent, bounds=bounds)


def narrow(trace: Trace, number: Node, limit: int) -> Node:
    """A number that is within a limit wherever SQL is exact, and never raises beyond it elsewhere."""
    if max(-number.low, number.high) <= limit:
        return number
    inside = trace.graph.make("within", Kind.BOOLEAN, number, value=limit)
    trace.insist(inside)
    bounds = (max(number.low, -limit), min(number.high, limit))
    return _pick(trace.graph, inside, number, trace.graph.literal(0), bounds)


def shift(trace: Trace, number: Node, places: Node) -> Node:
    """`number * 10 ** places`, of places that are not negative; SQL is exact where that has up to 37 digits."""
    if constant(places) == 0 or constant(number) == 0:
        return number
    graph, power = trace.graph, power_of_ten(trace, places)
    if max(-number.low, number.high) * power.high <= WIDEST:
        return multiply(graph, number, power)
    room = power_of_ten(trace, subtract(graph, graph.literal(MOST_DIGITS), places))
    fits = less(graph, magnitude(graph, number), room)
    trace.insist(fits)
    fitting = _pick(graph, fits, number, graph.literal(0), (number.low, number.high))
    bounds = (-WIDEST if number.low < 0 else 0, WIDEST)
    return graph.make("multiply", Kind.INTEGER, fitting, power, bounds=bounds)
