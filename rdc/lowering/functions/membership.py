"""`in` of text, lists, tables and ranges -> conditions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.texts import at_least
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Few, Known, Static, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace


MOST_CHOICES = 40
"""Values of a table that are told apart one by one."""
FEW = 8
"""A table of fewer keys is shorter as a list of them."""


def contains_text(trace: Trace, left: Value, right: Value) -> Node:
    """`left in right`."""
    graph = trace.graph
    if isinstance(right, Known) and isinstance(right.value, dict) and len(right.value) > FEW:
        table = _read_table(right.value)
        if table is not None and isinstance(left, Symbol) and left.node.kind is Kind.TEXT:
            # What is looked up where it is there need not be looked for by a list of its own.
            return graph.negate(trace.is_null(_find(trace, table, left.node)))
    if isinstance(right, Known) and isinstance(right.value, list | tuple | set | frozenset | dict):
        return _is_among(trace, left, [*right.value])
    if isinstance(right, Known) and isinstance(right.value, range):
        return _is_within(trace, left, right.value)
    if isinstance(right, Static):
        return graph.either(*(_is_equal(trace, left, item) for item in right.items))
    if isinstance(right, Few):
        return graph.either(
            *(
                graph.both(present, _is_equal(trace, left, value))
                for value, present in zip(right.items, right.present, strict=True)
            )
        )
    if isinstance(right, Symbol) and right.node.kind is Kind.LIST:
        return graph.make("has_item", Kind.BOOLEAN, right.node, trace.text(left))
    if isinstance(right, Known | Symbol):
        whole, part = trace.text(right), trace.text(left)
        return graph.make("contains", Kind.BOOLEAN, whole, part)
    return trace.refuse(f"`in` {describe(right)}")


def _is_equal(trace: Trace, left: Value, right: Value) -> Node:
    """Whether two values, neither of them None, are equal."""
    one, other = trace.node(left), trace.node(right)
    if one.kind is other.kind is not Kind.LIST:
        return trace.graph.equal(one, other)
    if Kind.TEXT in (one.kind, other.kind) and Kind.LIST not in (one.kind, other.kind):
        return trace.graph.false
    return trace.refuse(f"{describe(left)} looked for among others")


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


def look_up(trace: Trace, table: Mapping[str, Any], key: Value) -> Value:
    """What stands behind a key that is there."""
    if not table:
        return Known(None)
    read = _read_table(table)
    if read is not None and isinstance(key, Symbol):
        return Symbol(_find(trace, read, key.node))
    if not isinstance(key, Symbol) or len(table) > MOST_CHOICES or not all(map(_is_plain, table.values())):
        trace.refuse("a dict of something else than text to texts or numbers")
    found, *others = reversed(list(table.items()))
    value: Value = Known(found[1])
    for name, other in others:
        value = trace.merge(contains_text(trace, key, Known((name,))), Known(other), value)
    return value


def _is_plain(value: object) -> bool:
    """Whether a value is one that nobody can change."""
    return value is None or isinstance(value, str | int | float | Decimal)


def find_place(trace: Trace, owner: Known, value: Value) -> Value:
    """`texts.index(text)` of known texts."""
    places = {text: at for at, text in reversed(list(enumerate(owner.value)))}
    if not all(isinstance(text, str) for text in places):
        trace.refuse("a place among more than texts")
    trace.require(contains_text(trace, value, owner), ValueError)
    return look_up(trace, places, value)


Table = tuple[Kind, tuple[str | int | float, ...], tuple[int, int]]


def _read_table(table: Mapping[Any, Any]) -> Table | None:
    """The kind of the values, keys and values in turn, and the bounds; None where it is of other things."""
    kinds = {str: Kind.TEXT, int: Kind.INTEGER, float: Kind.FLOAT}
    values = {type(value) for value in table.values()}
    if len(values) != 1 or not values <= kinds.keys() or {type(key) for key in table} != {str}:
        return None
    numbers = [value for value in table.values() if isinstance(value, int)] or [0]
    flat = tuple(part for pair in sorted(table.items()) for part in pair)
    return kinds[values.pop()], flat, (min(numbers), max(numbers))


def _find(trace: Trace, table: Table, key: Node) -> Node:
    """What a table says of a key, or null."""
    kind, flat, bounds = table
    # Of its own, so that it is written once however often it is asked.
    whole = trace.graph.make("table", Kind.LIST, value=flat)
    return trace.graph.make("lookup", kind, key, whole, bounds=bounds)
