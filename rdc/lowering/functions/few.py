"""A list of a few items, of which some may be absent -> what is asked of it, item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.characters import write_characters
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.membership import look_up
from rdc.lowering.functions.sequences import item, to_sequence
from rdc.lowering.functions.texts import at_least, length, slice_text
from rdc.lowering.functions.values import Characters, Few, Known, Static, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

MOST_ITEMS, MOST_CHARACTERS = 8, 16
"""Of a list or a text that is gone through item by item; longer ones are Python's."""


def to_few(trace: Trace, value: Value) -> Few | None:
    """A list, or a text's characters, with a condition for each item; None where a value is neither."""
    if isinstance(value, Few):
        return value
    items = to_sequence(trace, value)
    if items is not None:
        size = trace.graph.literal(len(items))
        return Few(tuple(items), (trace.graph.true,) * len(items), size=size)
    if isinstance(value, Characters):
        return _read_characters(trace, value)
    if not isinstance(value, Symbol):
        return None
    if value.node.kind is Kind.LIST:
        size, most = trace.count(value.node), MOST_ITEMS
    elif value.node.kind is Kind.TEXT:
        size, most = length(trace, trace.text(value)), MOST_CHARACTERS
    else:
        return None
    return count_up(trace, size, most, lambda at: Symbol(_take(trace, value.node, at)))


def _read_characters(trace: Trace, value: Characters) -> Few:
    """The first characters that are kept, and what each of them is written as."""
    kept = write_characters(
        trace, Characters(value.text, {character: character for character in value.written})
    )
    few = to_few(trace, Symbol(kept))
    assert few is not None
    table = dict(value.written)
    changed = any(written != character for character, written in table.items())
    items = tuple(look_up(trace, table, item) for item in few.items) if changed else few.items
    return Few(items, few.present, size=few.size)


def _take(trace: Trace, node: Node, at: int) -> Node:
    if node.kind is Kind.LIST:
        return item(trace, node, trace.graph.literal(at))
    taken = slice_text(trace, Symbol(node), [Known(at), Known(at + 1), Known(None)])
    return trace.text(taken)


def count_up(trace: Trace, size: Node, most: int, make: Callable[[int], Value], step: int = 1) -> Few:
    """As many items as fit below a number, counted in steps, up to a number of them."""
    trace.insist(trace.graph.negate(at_least(trace, size, most * step + 1)))
    places = range(0, most * step, step)
    return Few(
        tuple(make(at) for at in places),
        tuple(at_least(trace, size, at + 1) for at in places),
        size=size if step == 1 else None,
    )


def holds_some(trace: Trace, few: Few) -> Node:
    """Whether a list has items."""
    return trace.graph.either(*few.present)


def count(trace: Trace, few: Few) -> Node:
    """How many items a list has."""
    if few.size is not None:
        return few.size
    graph, total = trace.graph, trace.graph.literal(0)
    for present in few.present:
        one = graph.choose(present, graph.literal(1), graph.literal(0))
        total = graph.make(
            "add", Kind.INTEGER, total, one, bounds=(total.low + one.low, total.high + one.high)
        )
    return total


def take_first(trace: Trace, few: Few, absent: Value) -> Value:
    """The first item that is there, or another value."""
    found = absent
    for value, present in zip(reversed(few.items), reversed(few.present), strict=True):
        found = trace.merge(trace.simplify(present), value, found)
    return found


def turn_round(few: Few) -> Few:
    """The same in the other order."""
    return Few(few.items[::-1], few.present[::-1])


def take_at(trace: Trace, few: Few, at: int) -> Value:
    """`items[at]`; Python raises where there are not as many."""
    if at < 0:
        return take_at(trace, turn_round(few), -at - 1)
    if few.size is not None and at < len(few.items):
        trace.require(few.present[at], IndexError)
        return few.items[at]
    rest = few
    for _ in range(at):
        rest = _drop_first(trace, rest)
    trace.require(holds_some(trace, rest), IndexError)
    last = max(place for place, present in enumerate(rest.present) if present is not trace.graph.false)
    return take_first(trace, Few(rest.items[:last], rest.present[:last]), rest.items[last])


def take_all(trace: Trace, few: Few, size: int) -> list[Value]:
    """The items of a list that has to have so many."""
    wanted = trace.graph.equal(count(trace, few), trace.graph.literal(size))
    trace.require(wanted, ValueError)
    return [take_at(trace, few, at) for at in range(size)]


def _drop_first(trace: Trace, few: Few) -> Few:
    """A list without the first item that is there."""
    before = trace.graph.false
    present = []
    for holds in few.present:
        present.append(trace.graph.both(holds, before))
        before = trace.graph.either(before, holds)
    return Few(few.items, tuple(present))


def drop(trace: Trace, few: Few, start: int, end: int) -> Few:
    """A list without so many of its first and of its last items."""
    for _ in range(start):
        few = _drop_first(trace, few)
    few = turn_round(few)
    for _ in range(end):
        few = _drop_first(trace, few)
    return turn_round(few)


def write_texts(trace: Trace, few: Few) -> Node:
    """A list of text, as an expression."""
    graph, absent = trace.graph, trace.graph.null(Kind.TEXT)
    nodes = []
    for value, present in zip(few.items, few.present, strict=True):
        if present is graph.false:
            continue
        with trace.given(present):
            nodes.append(graph.choose(present, trace.text(value), absent))
    return graph.make("list_present", Kind.LIST, *nodes)


def both_present(trace: Trace, rows: Sequence[Few]) -> Few:
    """`zip`: rows of items that are at the same place; only of lists of which the first items are there."""
    items = zip(*(few.items for few in rows), strict=False)
    present = zip(*(few.present for few in rows), strict=False)
    return Few(
        tuple(Static(row, tuple) for row in items), tuple(trace.graph.both(*holds) for holds in present)
    )
