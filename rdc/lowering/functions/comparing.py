"""Python's comparisons -> conditions: order, equality, `in` and `is None`."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any

from rdc.lowering.functions.arithmetic import compare_numbers
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.membership import contains_text
from rdc.lowering.functions.sequences import to_sequence
from rdc.lowering.functions.trace import AlwaysRaisesError, describe
from rdc.lowering.functions.values import Choice, Known, Match, Static, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    if isinstance(left, Static) or isinstance(right, Static):
        rows = [_read_row(trace, side) for side in (left, right)]
        return _compare_rows(trace, op, *rows)
    return compare_numbers(trace, type(op), left, right)


def _read_row(trace: Trace, value: Value) -> Sequence[Value]:
    """The items of a tuple that is compared with another."""
    items = to_sequence(trace, value)
    kind = (
        value.kind if isinstance(value, Static) else type(value.value) if isinstance(value, Known) else None
    )
    if items is None or kind is not tuple:
        trace.refuse(f"a comparison with {describe(value)}")
    return items


def _compare_rows(trace: Trace, op: ast.cmpop, left: Sequence[Value], right: Sequence[Value]) -> Node:
    """Two tuples of one length: the first items that differ decide."""
    graph = trace.graph
    if len(left) != len(right):
        trace.refuse("a comparison of tuples of different lengths")
    same = [compare(trace, ast.Eq(), one, other) for one, other in zip(left, right, strict=True)]
    if isinstance(op, ast.Eq | ast.NotEq):
        equal = graph.both(*same)
        return equal if isinstance(op, ast.Eq) else graph.negate(equal)
    strict = ast.Lt() if isinstance(op, ast.Lt | ast.LtE) else ast.Gt()
    decided = graph.literal(value=isinstance(op, ast.LtE | ast.GtE))
    for one, other, equal in reversed(list(zip(left, right, same, strict=True))):
        decided = graph.either(compare(trace, strict, one, other), graph.both(equal, decided))
    return decided


def _is_same(trace: Trace, left: Value, right: Value) -> Node:
    """`is`, which rdc knows of None, True and False alone."""
    graph = trace.graph
    if isinstance(left, Known) and (left.value is None or isinstance(left.value, bool)):
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
