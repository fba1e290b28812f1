"""Two lists, one here and one there -> one list whose items are there under conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.values import Few, Known, Record, Static, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.lowering.functions.ir import Graph, Node

    Merge = Callable[[Node, Value, Value], Value]


def merge_lists(graph: Graph, merge: Merge, condition: Node, then: Value, other: Value) -> Value | None:
    """A list that is one of two, or None where it has to be told apart."""
    then, other = open_known(then, other), open_known(other, then)
    if (
        isinstance(then, Static)
        and isinstance(other, Static)
        and then.kind is other.kind
        and len(then.items) == len(other.items)
    ):
        pairs = zip(then.items, other.items, strict=True)
        return Static(tuple(merge(condition, a, b) for a, b in pairs), then.kind)
    texts = read_texts(graph, then, other)
    if texts:
        return Symbol(graph.choose(condition, *texts))
    return _merge_items(graph, merge, condition, then, other)


def _merge_items(graph: Graph, merge: Merge, condition: Node, then: Value, other: Value) -> Value | None:
    """Two lists item by item, of which one may go on where the other ends; None of other lists."""
    longer, shorter = read_items(graph, then), read_items(graph, other)
    if longer is None or shorter is None or longer.kind is not shorter.kind:
        return None
    if len(longer.items) < len(shorter.items):
        longer, shorter, condition = shorter, longer, graph.negate(condition)
    size = len(shorter.items)
    if all(isinstance(item, Known) for item in (*longer.items, *shorter.items)) and not all(
        map(is_same, shorter.items, longer.items)
    ):
        # Constants are better told apart.
        return None
    pairs = zip(longer.items, shorter.items, strict=False)
    items = (*(merge(condition, *pair) for pair in pairs), *longer.items[size:])
    present = [
        *(graph.choose(condition, *pair) for pair in zip(longer.present, shorter.present, strict=False)),
        *(graph.both(condition, holds) for holds in longer.present[size:]),
    ]
    # Of one size, and those that are there come first in both.
    size_of_both = longer.size if longer.size is shorter.size else None
    return Few(items, tuple(present), longer.kind, size_of_both)


def read_items(graph: Graph, value: Value) -> Few | None:
    """A list or a set that can grow, item by item."""
    if isinstance(value, Few):
        return value
    if isinstance(value, Static) and value.kind in (list, set):
        items = value.items
    elif isinstance(value, Known) and isinstance(value.value, list):
        items = tuple(map(Known, value.value))
    elif isinstance(value, Known) and isinstance(value.value, set) and not value.value:
        return Few((), (), set)
    else:
        return None
    kind = value.kind if isinstance(value, Static) else list
    return Few(items, (graph.true,) * len(items), kind, graph.literal(len(items)))


def read_texts(graph: Graph, *values: Value) -> list[Node] | None:
    """Lists of text, of which one has no known length, or None."""
    if not any(isinstance(value, Symbol) and value.node.kind is Kind.LIST for value in values):
        return None
    nodes = []
    for value in values:
        few = read_items(graph, value)
        if isinstance(value, Symbol) and value.node.kind is Kind.LIST:
            nodes.append(value.node)
        elif few is not None and few.size is not None and few.size.op == "literal" and few.kind is list:
            texts = [text for item in few.items for text in _read_text(graph, item)]
            if len(texts) == len(few.items):
                nodes.append(graph.make("list", Kind.LIST, *texts))
    return nodes if len(nodes) == len(values) else None


def _read_text(graph: Graph, value: Value) -> list[Node]:
    if isinstance(value, Known) and isinstance(value.value, str):
        return [graph.literal(value.value)]
    is_text = isinstance(value, Symbol) and value.node.kind is Kind.TEXT and not value.nullable
    return [value.node] if is_text and isinstance(value, Symbol) else []


def read_records(*values: Value) -> tuple[Record, Record] | None:
    """Two dicts whose keys are known, or None."""
    found = []
    for value in values:
        if isinstance(value, Known) and isinstance(value.value, dict):
            found.append(Record({key: Known(item) for key, item in value.value.items()}))
        elif isinstance(value, Record):
            found.append(value)
    return (found[0], found[1]) if len(found) > 1 else None


def open_known(value: Value, other: Value) -> Value:
    """A known list or tuple, item by item where the other one is."""
    if isinstance(value, Known) and isinstance(other, Static) and type(value.value) is other.kind is tuple:
        return Static(tuple(map(Known, value.value)), other.kind)
    return value


def is_same(one: Value, other: Value) -> bool:
    """Whether two values are known to be the same."""
    if isinstance(one, Known) and isinstance(other, Known):
        return type(one.value) is type(other.value) and repr(one.value) == repr(other.value)
    if isinstance(one, Symbol) and isinstance(other, Symbol):
        return one.node is other.node and one.nullable == other.nullable
    return one is other
