"""An assignment's target and a value -> the names, or the parts of lists and dicts, that hold it then."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rdc.lowering.functions.few import drop, take_all, to_few
from rdc.lowering.functions.lists import copy_record, slice_list, take_item
from rdc.lowering.functions.mutations import is_shared
from rdc.lowering.functions.sequences import to_sequence
from rdc.lowering.functions.texts import at_least
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Few, Known, Record, Static, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.lowering.functions.evaluation import Evaluation
    from rdc.lowering.functions.trace import Trace


def bind(expressions: Evaluation, target: ast.expr, value: Value) -> None:
    """Give a name, or several, to a value."""
    if isinstance(target, ast.Name):
        expressions.trace.names[target.id] = value
    elif isinstance(target, ast.Tuple | ast.List) and any(
        isinstance(part, ast.Starred) for part in target.elts
    ):
        _bind_starred(expressions, target.elts, value)
    elif isinstance(target, ast.Tuple | ast.List):
        for part, item in zip(target.elts, _unpack(expressions.trace, value, len(target.elts)), strict=True):
            bind(expressions, part, item)
    elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        _bind_item(expressions, target, value)
    else:
        expressions.trace.refuse("an assignment to something else than a name")


def _bind_starred(expressions: Evaluation, targets: Sequence[ast.expr], value: Value) -> None:
    """`first, *rest = items`."""
    trace = expressions.trace
    at = next(place for place, part in enumerate(targets) if isinstance(part, ast.Starred))
    behind = len(targets) - at - 1
    items = to_sequence(trace, value)
    if items is not None:
        if len(items) < at + behind:
            trace.require(trace.graph.false, ValueError)
        rest: Value = Static(tuple(items[at : len(items) - behind]), list)
    elif isinstance(value, Symbol) and value.node.kind == "list":
        trace.require(at_least(trace, trace.count(value.node), at + behind), ValueError)
        rest = slice_list(trace, value, [Known(at), Known(-behind or None), Known(None)])
    elif isinstance(value, Few) and value.size is not None:
        trace.require(at_least(trace, value.size, at + behind), ValueError)
        rest = drop(trace, value, at, behind)
    else:
        trace.refuse(f"{describe(value)} taken apart")
    for place, part in enumerate(targets):
        if isinstance(part, ast.Starred):
            bind(expressions, part.value, rest)
        else:
            bind(expressions, part, take_item(trace, value, place if place < at else place - len(targets)))


def _bind_item(expressions: Evaluation, target: ast.Subscript, value: Value) -> None:
    """`items[1] = value`, of a list whose length is known, or of a dict that nobody else sees."""
    assert isinstance(target.value, ast.Name)
    owner = expressions.evaluate(target.value)
    names, name = expressions.trace.names, target.value.id
    if isinstance(owner, Record) or (isinstance(owner, Known) and isinstance(owner.value, dict)):
        if name not in names or is_shared(expressions.trace, name, owner):
            expressions.trace.refuse("an assignment to a part of a dict that others see")
        key = expressions.trace.constant(expressions.evaluate(target.slice), "a key")
        record = copy_record(expressions.trace, owner)
        names[name] = Record({**record.items, key: value}, record.kept - {key})
        return
    if isinstance(owner, Symbol) and to_sequence(expressions.trace, owner) is None:
        open_lists(expressions.trace, target)
        owner = expressions.evaluate(target.value)
    if isinstance(owner, Few) and owner.size is not None and owner.kind is list:
        _bind_place(expressions, name, owner, target, value)
        return
    items = (
        None
        if isinstance(owner, Known) and not isinstance(owner.value, list)
        else to_sequence(expressions.trace, owner)
    )
    if items is None or is_shared(expressions.trace, name, owner):
        expressions.trace.refuse(f"an assignment to a part of {describe(owner)}")
    at = expressions.trace.number(expressions.evaluate(target.slice), "a position")
    if not -len(items) <= at < len(items):
        expressions.trace.require(expressions.trace.graph.false, IndexError)
    changed = list(items)
    changed[at] = value
    names[name] = Static(tuple(changed), list)


def _bind_place(expressions: Evaluation, name: str, owner: Few, target: ast.Subscript, value: Value) -> None:
    """`items[1] = value`, of a list of a few items of which those that are there come first."""
    trace = expressions.trace
    at = trace.number(expressions.evaluate(target.slice), "a position")
    if is_shared(trace, name, owner):
        trace.refuse("an assignment to a part of a list that others see")
    if at < 0:
        trace.refuse("an assignment to an item from the end of a list")
    trace.require(owner.present[at] if at < len(owner.items) else trace.graph.false, IndexError)
    items = (*owner.items[:at], value, *owner.items[at + 1 :])
    trace.names[name] = Few(items, owner.present, size=owner.size)


def open_lists(trace: Trace, node: ast.AST) -> None:
    """Write lists item by item of which some code sets items, so that every way through it knows them."""
    for part in ast.walk(node):
        if not (isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store)):
            continue
        name = part.value.id if isinstance(part.value, ast.Name) else ""
        owner = trace.names.get(name)
        if isinstance(owner, Symbol) and owner.node.kind == "list" and not owner.nullable:
            few = None if is_shared(trace, name, owner) else to_few(trace, owner)
            trace.names[name] = few or owner


def _unpack(trace: Trace, value: Value, count: int) -> Sequence[Value]:
    items = to_sequence(trace, value)
    if items is None and isinstance(value, Symbol) and value.node.kind == "list":
        size = trace.count(value.node)
        trace.require(trace.graph.equal(size, trace.graph.literal(count)), ValueError)
        items = to_sequence(trace, value)
    if items is None and isinstance(value, Few):
        items = take_all(trace, value, count)
    if items is None:
        trace.refuse(f"{describe(value)} taken apart")
    if len(items) != count:
        trace.require(trace.graph.false, ValueError)
    return items
