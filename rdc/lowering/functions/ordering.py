"""Expressions -> refused where a result depends on the order of a set, which is another one each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.ir import Kind
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdc.lowering.functions.ir import Node

KEEPING = frozenset({"distinct", "keep", "each", "list_concat", "choose", "reversed"})
"""Operations that make a list of which the order is no more known than that of the one before."""
ORDERLESS = frozenset({"sorted", "count", "has_item", "all", "parameter"})
"""Operations that don't ask for the order of a list."""


def refuse_set_order(nodes: Iterable[Node], line: int) -> None:
    """Refuse expressions that take the items of a set in some order.

    Raises:
        NotLowerableError: one does.
    """
    unordered: set[int] = set()
    for node in (part for whole in nodes for part in whole.walk()):
        asked = any(argument.number in unordered for argument in node.args)
        if node.op == "distinct" or (asked and node.op in KEEPING and node.kind is Kind.LIST):
            unordered.add(node.number)
        elif asked and node.op not in ORDERLESS:
            raise NotLowerableError("the order of a set", line)
