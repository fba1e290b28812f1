"""Python's comparisons -> conditions: order, equality, `in` and `is None`."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any

from rdc.lowering.functions.arithmetic import compare_numbers
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.membership import contains_text
from rdc.lowering.functions.trace import AlwaysRaisesError
from rdc.lowering.functions.values import Choice, Known, Match, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


def to_value(trace: Trace, condition: Node) -> Value:
    """A condition as a value: True or False where it is known."""
    condition = trace.simplify(condition)
    return Known(condition.value) if condition.op == "literal" else Symbol(condition)


def compare(trace: Trace, op: ast.cmpop, left: Value, right: Value) -> Node:
    """What `left op right` holds for."""
    if isinstance(op, ast.Is | ast.IsNot):
        same = _is_same(trace, left, right)
        return same if isinstance(op, ast.Is) else trace.graph.negate(same)
    if isinstance(left, Choice) or isinstance(right, Choice):
        compared = trace.over(
            left, lambda a: trace.over(right, lambda b: to_value(trace, compare(trace, op, a, b)))
        )
        return trace.truth(compared)
    if isinstance(left, Known) and isinstance(right, Known):
        try:
            return trace.graph.literal(value=bool(COMPARISONS[type(op)](left.value, right.value)))
        except TypeError:
            raise AlwaysRaisesError from None
    if isinstance(op, ast.In | ast.NotIn):
        within = contains_text(trace, left, right)
        return within if isinstance(op, ast.In) else trace.graph.negate(within)
    return compare_numbers(trace, type(op), left, right)


def _is_same(trace: Trace, left: Value, right: Value) -> Node:
    """`is`, which rdc knows of None, True and False alone."""
    graph = trace.graph
    if isinstance(left, Known):
        left, right = right, left
    if not (isinstance(right, Known) and (right.value is None or isinstance(right.value, bool))):
        trace.refuse("`is` between values other than None")
    if isinstance(left, Known):
        return graph.literal(value=left.value is right.value)
    if isinstance(left, Choice):
        return trace.truth(trace.over(left, lambda part: to_value(trace, _is_same(trace, part, right))))
    if right.value is None:
        if isinstance(left, Match):
            return graph.negate(trace.truth(left))
        nullable = isinstance(left, Symbol) and left.nullable
        return trace.is_null(left.node) if nullable and isinstance(left, Symbol) else graph.false
    if isinstance(left, Symbol) and left.node.kind is Kind.BOOLEAN and not left.nullable:
        return left.node if right.value else graph.negate(left.node)
    return trace.refuse("`is` between values other than None")
