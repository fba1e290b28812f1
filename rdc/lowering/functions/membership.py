"""`in` of text, lists, tables and ranges -> conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.texts import at_least
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Known, Static, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace


def contains_text(trace: Trace, left: Value, right: Value) -> Node:
    """`left in right`."""
    graph = trace.graph
    if isinstance(right, Known) and isinstance(right.value, list | tuple | set | frozenset | dict):
        return _is_among(trace, left, [*right.value])
    if isinstance(right, Known) and isinstance(right.value, range):
        return _is_within(trace, left, right.value)
    if isinstance(right, Static):
        parts = [graph.equal(trace.node(left), trace.node(item)) for item in right.items]
        return graph.either(*parts)
    if isinstance(right, Symbol) and right.node.kind is Kind.LIST:
        return graph.make("has_item", Kind.BOOLEAN, right.node, trace.text(left))
    if isinstance(right, Known | Symbol):
        whole, part = trace.text(right), trace.text(left)
        return graph.make("contains", Kind.BOOLEAN, whole, part)
    return trace.refuse(f"`in` {describe(right)}")


def _is_within(trace: Trace, value: Value, known: range) -> Node:
    """Whether a whole number is one of a range."""
    number = trace.node(value)
    if number.kind is not Kind.INTEGER or known.step != 1:
        trace.refuse(f"{describe(value)} looked for in a range")
    if not known:
        return trace.graph.false
    below = trace.graph.negate(at_least(trace, number, known.start))
    return trace.simplify(trace.graph.negate(trace.graph.either(below, at_least(trace, number, known.stop))))


def _is_row(trace: Trace, value: Static, row: Sequence[object]) -> Node:
    """Whether every item of a tuple is that of a known one."""
    pairs = zip(value.items, row, strict=True)
    return trace.graph.both(*(contains_text(trace, item, Known((wanted,))) for item, wanted in pairs))


def _is_among(trace: Trace, value: Value, known: Sequence[object]) -> Node:
    """Whether a value is one of several known ones."""
    graph = trace.graph
    if isinstance(value, Static):
        rows = [row for row in known if isinstance(row, tuple) and value.kind is tuple]
        return graph.either(*(_is_row(trace, value, row) for row in rows if len(row) == len(value.items)))
    if not isinstance(value, Symbol):
        trace.refuse(f"{describe(value)} looked for in a collection")
    types = {Kind.TEXT: str, Kind.INTEGER: int, Kind.FLOAT: float, Kind.BOOLEAN: bool}
    wanted = types.get(value.node.kind)
    same = [item for item in known if type(item) is wanted]
    if (
        any(type(item) in (int, float, bool) for item in known)
        and wanted is not str
        and len(same) < len(known)
    ):
        trace.refuse("numbers of several kinds in one collection")
    found = graph.false
    if same:
        # The order that they were written in would make two expressions of one.
        constants = tuple(sorted(dict.fromkeys(same)))  # type: ignore[type-var]
        found = graph.make("among", Kind.BOOLEAN, value.node, value=constants)  # type: ignore[arg-type]
    if value.nullable:
        null = trace.is_null(value.node)
        absent = null if None in known else graph.false
        found = graph.either(absent, graph.both(graph.negate(null), found))
    return found
