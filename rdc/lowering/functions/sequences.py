"""A value that can be gone through -> its items, where its length is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.values import Few, Known, Static, Symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace
    from rdc.lowering.functions.values import Value


def to_sequence(trace: Trace, value: Value) -> Sequence[Value] | None:
    """The items of a value whose length is known, or None."""
    if isinstance(value, Static):
        if value.kind not in (list, tuple):
            trace.refuse(
                "the order of a set" if value.kind is set else "a list of truth values, item by item"
            )
        return value.items
    if isinstance(value, Few):
        return value.items if all(holds is trace.graph.true for holds in value.present) else None
    if isinstance(value, Known) and isinstance(value.value, str | list | tuple | dict | range):
        return [Known(item) for item in value.value]
    if isinstance(value, Known) and isinstance(value.value, set | frozenset):
        trace.refuse("the order of a set")
    if isinstance(value, Symbol) and value.node.kind is Kind.LIST:
        counted = trace.count(value.node)
        for fact in trace.facts:
            if fact.op == "equal" and fact.args[0] is counted and fact.args[1].op == "literal":
                length = fact.args[1].value
                assert isinstance(length, int)
                return [Symbol(item(trace, value.node, trace.graph.literal(at))) for at in range(length)]
    if isinstance(value, Symbol) and value.node.kind is Kind.TEXT and not value.nullable:
        return _characters(trace, value.node)
    return None


def _characters(trace: Trace, text: Node) -> Sequence[Value] | None:
    """The characters of a text whose length was tested."""
    size = trace.graph.make("length", Kind.INTEGER, text, bounds=(0, 2**31))
    for fact in trace.facts:
        if fact.op == "equal" and fact.args[0] is size and fact.args[1].op == "literal":
            length = fact.args[1].value
            assert isinstance(length, int)
            places = [map(trace.graph.literal, (at, at + 1)) for at in range(length)]
            return [Symbol(trace.graph.make("between", Kind.TEXT, text, *place)) for place in places]
    return None


def item(trace: Trace, items: Node, at: Node) -> Node:
    """An item of a list that has it, counted from 0."""
    return trace.graph.make("item", Kind.TEXT, items, at)
