"""Lists whose length depends on the input -> expressions on arrays of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdc.lowering.functions.characters import write_characters
from rdc.lowering.functions.few import (
    both_present,
    drop,
    take_at,
    to_few,
    write_texts,
)
from rdc.lowering.functions.few import (
    turn_round as turn_few,
)
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.membership import contains_text, find_place, look_up
from rdc.lowering.functions.sequences import to_sequence
from rdc.lowering.functions.splitting import partition, rpartition, rsplit, split
from rdc.lowering.functions.texts import at_least, concatenate, length, slice_text
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Characters, Few, Known, Record, Static, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

STAND_IN = "\ue001"
"""Stands between items for a text that depends on the value."""


def join(trace: Trace, owner: Value, iterable: Value) -> Value:
    """`separator.join(items)`."""
    graph, mark = trace.graph, trace.text(owner)
    if isinstance(iterable, Characters):
        if not (mark.op == "literal" and mark.value == ""):
            trace.refuse("characters with something between them")
        return Symbol(write_characters(trace, iterable))
    items = to_sequence(trace, iterable)
    if isinstance(iterable, Few) and items is None:
        return Symbol(graph.make("join", Kind.TEXT, _list(trace, iterable, "`join`"), mark))
    if items is not None:
        parts: list[Node] = []
        for item in items:
            parts += [mark, trace.text(item)] if parts else [trace.text(item)]
        return Symbol(concatenate(trace, *parts))
    if isinstance(iterable, Symbol) and iterable.node.kind is Kind.LIST:
        if iterable.node.op == "distinct":
            trace.refuse("the order of a set")
        return Symbol(_join_list(trace, iterable.node, mark))
    if (
        isinstance(iterable, Symbol)
        and iterable.node.kind is Kind.TEXT
        and mark.op == "literal"
        and not mark.value
    ):
        return iterable
    return trace.refuse(f"`join` of {describe(iterable)}")


def _join_list(trace: Trace, items: Node, mark: Node) -> Node:
    """The items of a list with a text between them, which engines want to be constant."""
    graph = trace.graph
    if mark.op == "literal":
        return graph.make("join", Kind.TEXT, items, mark)
    stand_in = graph.literal(STAND_IN)
    held = graph.make(
        "contains", Kind.BOOLEAN, graph.make("join", Kind.TEXT, items, graph.literal("")), stand_in
    )
    trace.insist(graph.negate(held))
    return graph.make("replace", Kind.TEXT, graph.make("join", Kind.TEXT, items, stand_in), stand_in, mark)


def slice_list(trace: Trace, owner: Value, bounds: Sequence[Value]) -> Value:
    """`items[start:stop]`, or all of them backwards."""
    if isinstance(owner, Few):
        return _slice_few(trace, owner, bounds)
    if isinstance(owner, Characters) and bounds[2] not in (Known(None), Known(1), Known(-1)):
        few = to_few(trace, owner)
        assert few is not None
        return _slice_few(trace, few, bounds)
    if isinstance(owner, Characters):
        # What is left out of the text can't be counted; what the rest is written as can wait.
        kept = Characters(owner.text, {character: character for character in owner.written})
        return Characters(_slice_characters(trace, kept, bounds), owner.written)
    graph, items = trace.graph, _list(trace, owner, "a slice")
    start, stop, step = (
        bound.value if isinstance(bound, Known) else trace.number(bound, "a bound") for bound in bounds
    )
    if step == -1 and start is None and stop is None:
        return Symbol(graph.make("reversed", Kind.LIST, items))
    if step not in (None, 1):
        trace.refuse("a slice of a list with a step")
    return Symbol(graph.make("slice", Kind.LIST, items, value=(start, stop)))


def _slice_characters(trace: Trace, kept: Characters, bounds: Sequence[Value]) -> Node:
    """The text that a slice of characters makes."""
    return trace.text(slice_text(trace, Symbol(write_characters(trace, kept)), bounds))


def _slice_few(trace: Trace, owner: Few, bounds: Sequence[Value]) -> Value:
    """`items[start:]`, `items[:-end]` or `items[::-1]`; `items[:stop]` where those that are there come first."""
    start, stop, step = (
        bound.value if isinstance(bound, Known) else trace.number(bound, "a bound") for bound in bounds
    )
    if (start, stop, step) == (None, None, -1):
        return turn_few(owner)
    if isinstance(step, int) and step > 1 and owner.size is not None and min(start or 0, stop or 0) >= 0:
        taken = slice(start, stop, step)
        return Few(owner.items[taken], owner.present[taken])
    if step not in (None, 1) or (start or 0) < 0:
        trace.refuse("a slice of a list with a step, or from its end")
    if stop is not None and stop >= 0:
        if owner.size is None:
            trace.refuse("a slice of the first of some items")
        owner = Few(owner.items[:stop], owner.present[:stop])
        stop = None
    return drop(trace, owner, start or 0, -(stop or 0))


def take_item(trace: Trace, owner: Value, at: int) -> Value:
    """`owner[at]`, an item of a list or a character of a text."""
    graph = trace.graph
    items = to_sequence(trace, owner)
    if items is not None and isinstance(owner, Static | Symbol):
        if not -len(items) <= at < len(items):
            trace.require(graph.false, IndexError)
        return items[at]
    if isinstance(owner, Characters):
        owner = to_few(trace, owner) or owner
    if isinstance(owner, Few):
        return take_at(trace, owner, at)
    needed = at + 1 if at >= 0 else -at
    if isinstance(owner, Symbol) and owner.node.kind is Kind.LIST:
        trace.require(at_least(trace, trace.count(owner.node), needed), IndexError)
        return Symbol(graph.make("item", Kind.TEXT, owner.node, graph.literal(at)))
    text = trace.text(owner)
    trace.require(at_least(trace, length(trace, text), needed), IndexError)
    return slice_text(trace, Symbol(text), [Known(at), Known(at + 1 or None), Known(None)])


def pick_text(trace: Trace, texts: Sequence[str], at: Node) -> Value:
    """`texts[at]` of known texts, at a position that depends on the value; from the end it is Python's."""
    graph = trace.graph
    trace.insist(at_least(trace, at, 0))
    trace.require(graph.negate(at_least(trace, at, len(texts))), IndexError)
    items = graph.make("list", Kind.LIST, *map(graph.literal, texts))
    return Symbol(graph.make("item", Kind.TEXT, items, at))


def join_lists(trace: Trace, left: Value, right: Value) -> Value:
    """`left + right`."""
    nodes = [_list(trace, side, "`+`") for side in (left, right)]
    return Symbol(trace.graph.make("list_concat", Kind.LIST, *nodes))


def _list(trace: Trace, value: Value, what: str) -> Node:
    if isinstance(value, Symbol) and value.node.kind is Kind.LIST:
        return value.node
    if isinstance(value, Few):
        return write_texts(trace, value)
    items = to_sequence(trace, value)
    if items is None or isinstance(value, Known):
        trace.refuse(f"{what} of {describe(value)}")
    return trace.graph.make("list", Kind.LIST, *(trace.text(item) for item in items))


def sort(trace: Trace, iterable: Value, reverse: Value = Known(value=False)) -> Value:
    """`sorted(items)`, by code points."""
    if not (isinstance(reverse, Known) and isinstance(reverse.value, bool)):
        trace.refuse("an order that depends on the value")
    if reverse.value:
        return slice_list(trace, sort(trace, iterable), [Known(None), Known(None), Known(-1)])
    if isinstance(iterable, Characters):
        trace.refuse("characters in order")
    return Symbol(trace.graph.make("sorted", Kind.LIST, _list(trace, iterable, "`sorted`")))


def keep_first(trace: Trace, iterable: Value) -> Value:
    """`dict.fromkeys(items)`, which is only gone through: each item where it is for the first time."""
    if isinstance(iterable, Symbol) and iterable.node.kind is Kind.LIST:
        return Symbol(trace.graph.make("first_of_each", Kind.LIST, iterable.node))
    few = to_few(trace, iterable)
    if few is None or not all(_is_text(item) for item in few.items):
        trace.refuse(f"`fromkeys` of {describe(iterable)}")
    return Symbol(trace.graph.make("first_of_each", Kind.LIST, write_texts(trace, few)))


def _is_text(value: Value) -> bool:
    if isinstance(value, Symbol):
        return value.node.kind is Kind.TEXT and not value.nullable
    return isinstance(value, Known) and isinstance(value.value, str)


def deduplicate(trace: Trace, iterable: Value = Known(())) -> Value:
    """`set(items)`, of which the order is nobody's."""
    items = _list(trace, iterable, "`set`")
    return Symbol(trace.graph.make("distinct", Kind.LIST, items))


def turn_round(trace: Trace, sequence: Value) -> Value:
    """`reversed(items)`."""
    items = to_sequence(trace, sequence)
    if items is not None:
        return Static(tuple(reversed(items)), list)
    if isinstance(sequence, Symbol) and sequence.node.kind is Kind.TEXT:
        backwards = slice_text(trace, sequence, [Known(None), Known(None), Known(-1)])
        return to_list(trace, backwards)
    if isinstance(sequence, Few):
        return turn_few(sequence)
    return Symbol(trace.graph.make("reversed", Kind.LIST, _list(trace, sequence, "`reversed`")))


def to_list(trace: Trace, iterable: Value = Known(())) -> Value:
    """`list(items)`."""
    return _to_kind(trace, iterable, list)


def to_tuple(trace: Trace, iterable: Value = Known(())) -> Value:
    """`tuple(items)`."""
    return _to_kind(trace, iterable, tuple)


def _to_kind(trace: Trace, iterable: Value, kind: type) -> Value:
    if isinstance(iterable, Symbol) and iterable.node.kind is Kind.TEXT:
        return Characters(iterable.node, {chr(code): chr(code) for code in range(128)})
    if isinstance(iterable, Symbol | Characters | Few):
        return iterable
    items = to_sequence(trace, iterable)
    return (
        Static(tuple(items), kind) if items is not None else trace.refuse(f"a list of {describe(iterable)}")
    )


def pair_up(trace: Trace, *iterables: Value, strict: Value = Known(value=False)) -> Value:
    """`zip`, of which `strict` matters only where it would raise."""
    if any(to_sequence(trace, iterable) is None for iterable in iterables):
        return both_present(trace, [_few_items(trace, iterable, "`zip`") for iterable in iterables])
    sequences = [_known_items(trace, iterable, "`zip`") for iterable in iterables]
    if isinstance(strict, Known) and strict.value and len({len(items) for items in sequences}) > 1:
        trace.require(trace.graph.false, ValueError)
    return Static(tuple(Static(tuple(row), tuple) for row in zip(*sequences, strict=False)), list)


def number_items(trace: Trace, iterable: Value, start: Value = Known(0)) -> Value:
    """`enumerate`."""
    first = trace.number(start, "a first number")
    if to_sequence(trace, iterable) is None:
        few = _few_items(trace, iterable, "`enumerate`")
        pairs = tuple(Static((Known(at), item), tuple) for at, item in enumerate(few.items, first))
        return Few(pairs, few.present, size=few.size)
    items = _known_items(trace, iterable, "`enumerate`")
    return Static(tuple(Static((Known(at), item), tuple) for at, item in enumerate(items, first)), list)


def _few_items(trace: Trace, value: Value, what: str) -> Few:
    """The items of a list of which those that are there come first."""
    few = to_few(trace, value)
    if few is None or few.size is None:
        trace.refuse(f"{what} of {describe(value)}, whose length is not known")
    return few


def _known_items(trace: Trace, value: Value, what: str) -> Sequence[Value]:
    items = to_sequence(trace, value)
    return trace.refuse(f"{what} of {describe(value)}, whose length is not known") if items is None else items


def get(trace: Trace, owner: Known, key: Value, default: Value = Known(None)) -> Value:
    """`table.get(key, default)`."""
    found = trace.simplify(contains_text(trace, key, owner))
    return trace.merge(found, look_up(trace, owner.value, key), default)


def get_item(trace: Trace, owner: Known, key: Value) -> Value:
    """`table[key]`."""
    trace.require(contains_text(trace, key, owner), KeyError)
    return look_up(trace, owner.value, key)


def index(trace: Trace, owner: Value, value: Value) -> Value:
    """`texts.index(text)`, of texts that are known."""
    if isinstance(owner, Known) and isinstance(owner.value, list | tuple):
        return find_place(trace, owner, value)
    return trace.refuse(f"`index` of {describe(owner)}")


def read_record(trace: Trace, value: Value, what: str) -> dict[Any, Value]:
    """The items of a dict whose keys are known."""
    if isinstance(value, Record):
        _refuse_kept(trace, value, value.kept)
        return dict(value.items)
    if isinstance(value, Known) and isinstance(value.value, dict):
        return {name: Known(item) for name, item in value.value.items()}
    return trace.refuse(f"{what} {describe(value)}")


def _refuse_kept(trace: Trace, owner: Record, names: Collection[str]) -> None:
    """Refuse to read what may not be set."""
    for name in sorted(owner.kept.intersection(names)):
        trace.refuse(f"the key {name!r}, which is not set on every way")


def get_field(trace: Trace, owner: Record, key: Value, default: Value = Known(None)) -> Value:
    """`row.get(name)`."""
    name = trace.constant(key, "a column")
    _refuse_kept(trace, owner, [name])
    return owner.items.get(name, default)


def get_set_field(trace: Trace, owner: Record, key: Value) -> Value:
    """`row[name]`."""
    name = trace.constant(key, "a column")
    _refuse_kept(trace, owner, [name])
    if name not in owner.items:
        trace.require(trace.graph.false, KeyError)
    return owner.items[name]


def copy_record(trace: Trace, owner: Value) -> Record:
    """`row.copy()`, `dict(row)`."""
    if isinstance(owner, Record):
        return Record(owner.items, owner.kept)
    return Record(read_record(trace, owner, "a copy of"))


LIST_METHODS: dict[str, Callable[..., Value]] = {"copy": to_list, "index": index}
DICT_METHODS: dict[str, Callable[..., Value]] = {"get": get, "__getitem__": get_item}
RECORD_METHODS: dict[str, Callable[..., Value]] = {
    "get": get_field, "__getitem__": get_set_field, "copy": copy_record,
}  # fmt: skip
SPLIT_METHODS: dict[str, Callable[..., Value]] = {
    "split": split, "rsplit": rsplit, "partition": partition, "rpartition": rpartition, "join": join,
}  # fmt: skip
