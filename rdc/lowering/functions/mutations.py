"""A method that changes a list, or a set, that one name holds -> what the name holds then."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from rdc.lowering.functions.few import drop, to_few, turn_round
from rdc.lowering.functions.growing import is_same, read_items
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.lists import join_lists, slice_list, sort, to_list
from rdc.lowering.functions.sequences import to_sequence
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Few, Known, Record, Static, Symbol, Unbound, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rdc.lowering.functions.trace import Trace


def change_list(trace: Trace, name: str, how: str, arguments: Sequence[Value]) -> None:
    """Give a name what its list is after `how`, unless somebody else sees the list.

    Args:
        trace: whose name it is.
        name: of the list.
        how: the method, one of `CHANGES`.
        arguments: that it takes.
    """
    owner = trace.names.get(name, Unbound())
    if is_shared(trace, name, owner):
        trace.refuse(f"`{how}` of a list that others see")
    if isinstance(owner, Symbol) and owner.node.kind is Kind.LIST and not owner.nullable:
        trace.names[name] = CHANGES[how](trace, owner, *arguments)
        return
    few = read_items(trace.graph, owner)
    if few is None or (few.kind is set) != (how == "add"):
        trace.refuse(f"`{how}` of {describe(owner)}")
    trace.names[name] = CHANGES[how](trace, few, *arguments)


def _inner(value: Value) -> Iterator[Value]:
    """All that is inside of a list or a dict, at any depth."""
    items: Iterable[Any] = ()
    if isinstance(value, Static | Few):
        items = value.items
    elif isinstance(value, Record):
        items = value.items.values()
    elif isinstance(value, Known) and isinstance(value.value, list | tuple | dict):
        items = map(Known, value.value.values() if isinstance(value.value, dict) else value.value)
    for item in items:
        yield item
        yield from _inner(item)


def is_shared(trace: Trace, name: str, owner: Value) -> bool:
    """Whether what a name holds may be seen by another name, in another list, or outside of the function.

    Equal constants are lists of their own, each made where it stands.
    """
    elsewhere = [value for other, value in trace.names.items() if other != name]
    seen = [*trace.borrowed, *elsewhere, *(item for value in elsewhere for item in _inner(value))]
    return any(value is owner or _is_one(value, owner) for value in seen)


def _is_one(value: Value, owner: Value) -> bool:
    """Whether two values may be one list or dict."""
    if isinstance(value, Known) and isinstance(owner, Known):
        return value.value is owner.value
    return isinstance(owner, Symbol) and is_same(owner, value)


def keep_shared(trace: Trace, merged: Mapping[str, Value], *ways: Mapping[str, Value]) -> None:
    """Two names that held one list on some way, and hold lists of their own since: neither may change."""
    for names in ways:
        lists = [name for name in merged if name in names and _is_list(names[name])]
        for one, other in combinations(lists, 2):
            if names[one] is names[other] and merged[one] is not merged[other]:
                trace.borrowed += (merged[one], merged[other])


def _is_list(value: Value) -> bool:
    if isinstance(value, Symbol):
        return value.node.kind is Kind.LIST
    return isinstance(value, Static | Few) or (isinstance(value, Known) and isinstance(value.value, list))


def _append(trace: Trace, owner: Symbol | Few, item: Value) -> Value:
    if isinstance(owner, Symbol):
        return join_lists(trace, owner, Static((item,), list))
    size = owner.size
    if size is not None and size.op == "literal":
        return _write([*owner.items, item], owner.kind)
    return Few((*owner.items, item), (*owner.present, trace.graph.true), owner.kind)


def _write(items: Sequence[Value], kind: type) -> Value:
    if kind is list and all(isinstance(item, Known) for item in items):
        return Known([item.value for item in items if isinstance(item, Known)])
    return Static(tuple(items), kind)


def _extend(trace: Trace, owner: Symbol | Few, iterable: Value) -> Value:
    if isinstance(owner, Symbol):
        return join_lists(trace, owner, to_list(trace, iterable))
    added = to_sequence(trace, iterable)
    if added is None:
        trace.refuse("`extend` by a list of unknown length")
    grown: Value = owner
    for item in added:
        few = read_items(trace.graph, grown)
        assert few is not None
        grown = _append(trace, few, item)
    return grown


def _reverse(trace: Trace, owner: Symbol | Few) -> Value:
    if isinstance(owner, Symbol):
        return slice_list(trace, owner, [Known(None), Known(None), Known(-1)])
    turned = turn_round(owner)
    return _write(turned.items, list) if owner.size is not None and owner.size.op == "literal" else turned


def _sort(trace: Trace, owner: Symbol | Few) -> Value:
    return sort(trace, owner)


def _pop(trace: Trace, owner: Symbol | Few, index: Value = Known(-1)) -> Value:
    at = trace.number(index, "a position")
    if at not in (0, -1):
        trace.refuse("`pop` from the middle of a list")
    few = to_few(trace, owner)
    assert few is not None
    trace.require(trace.graph.either(*few.present), IndexError)
    if isinstance(owner, Symbol):
        bounds = [Known(1), Known(None)] if at == 0 else [Known(None), Known(-1)]
        return slice_list(trace, owner, [*bounds, Known(None)])
    if owner.size is not None and owner.size.op == "literal":
        return _write(owner.items[1:] if at == 0 else owner.items[:-1], list)
    return drop(trace, owner, *((1, 0) if at == 0 else (0, 1)))


def _insert(trace: Trace, owner: Symbol | Few, index: Value, item: Value) -> Value:
    if trace.number(index, "a position") != 0:
        trace.refuse("`insert` in the middle of a list")
    if isinstance(owner, Symbol):
        return join_lists(trace, Static((item,), list), owner)
    if owner.size is not None and owner.size.op == "literal":
        return _write([item, *owner.items], list)
    return Few((item, *owner.items), (trace.graph.true, *owner.present))


CHANGES: Mapping[str, Callable[..., Value]] = {
    "append": _append, "add": _append, "extend": _extend, "reverse": _reverse, "sort": _sort, "pop": _pop,
    "insert": _insert,
}  # fmt: skip
"""By method: what a list is afterwards."""
