"""Operations on lists of text -> their SQL, each total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.lowering.functions.literals import INT64, call, cast, literal, plus, try_cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.lowering.functions.ir import Node


def _list(_: Node, *items: exp.Expr) -> exp.Expr:
    return exp.Array(expressions=list(items)) if items else cast(exp.Array(expressions=[]), "VARCHAR[]")


def _present(_: Node, *items: exp.Expr) -> exp.Expr:
    present = exp.Not(this=exp.Is(this=exp.column("item"), expression=exp.null()))
    return call(
        "LIST_FILTER", _list(_, *items), exp.Lambda(this=present, expressions=[exp.to_identifier("item")])
    )


def _item(node: Node, items: exp.Expr, at: exp.Expr) -> exp.Expr:
    place = at if isinstance(at, exp.Neg) else plus(at, 1)
    # A place of 128 bits is not one that the function takes.
    is_wide = max(-node.args[1].low, node.args[1].high) >= INT64
    return call("LIST_EXTRACT", items, try_cast(place, "BIGINT") if is_wide else place)


def _slice(node: Node, items: exp.Expr) -> exp.Expr:
    assert isinstance(node.value, tuple)
    size = call("LEN", items.copy())
    start, stop = (None if bound is None else int(str(bound)) for bound in node.value)
    first = literal(1) if not start else literal(start + 1)
    if start is not None and start < 0:
        first = plus(call("GREATEST", exp.Add(this=size.copy(), expression=literal(start)), 0), 1)
    last = size.copy() if stop is None else literal(stop)
    if stop is not None and stop < 0:
        last = call("GREATEST", exp.Add(this=size, expression=literal(stop)), 0)
    return call("LIST_SLICE", items, first, last)


def _first_of_each(_: Node, items: exp.Expr) -> exp.Expr:
    """Items that are not there before: the place of the first that is equal is their own."""
    place = call("LIST_POSITION", items.copy(), exp.column("item"))
    is_first = exp.EQ(this=place, expression=exp.column("place"))
    names = [exp.to_identifier("item"), exp.to_identifier("place")]
    return call("LIST_FILTER", items, exp.Lambda(this=is_first, expressions=names))


LIST_OPERATIONS: dict[str, Callable[..., exp.Expr]] = {
    "list": _list,
    "list_present": _present,
    "list_concat": lambda _, left, right: call("LIST_CONCAT", left, right),
    "count": lambda _, items: call("LEN", items),
    "item": _item,
    "slice": _slice,
    "reversed": lambda _, items: call("LIST_REVERSE", items),
    "sorted": lambda _, items: call("LIST_SORT", items),
    "first_of_each": _first_of_each,
    "distinct": lambda _, items: call("LIST_DISTINCT", items),
    "has_item": lambda _, items, text: call("LIST_CONTAINS", items, text),
    "join": lambda _, items, mark: call("ARRAY_TO_STRING", items, mark),
}
