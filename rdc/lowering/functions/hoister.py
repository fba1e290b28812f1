"""Expressions -> levels of named ones, so that what is used twice is made once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.lowering.functions.translator import Translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdc.lowering.functions.ir import Node

CHEAP = frozenset({
    "literal", "read", "null", "parameter", "is_null", "not", "at_least", "within", "length", "count", "item",
    "equal", "less", "negative", "integer_text",
})  # fmt: skip
"""What costs less to make again than to keep."""


@dataclass(frozen=True, slots=True)
class Hoisted:
    """Expressions in the order that they have to be made.

    Attributes:
        levels: names and what they stand for, made of the input and of earlier levels.
        results: what was asked for, made of the input and of all levels.
    """

    levels: tuple[Mapping[str, exp.Expr], ...]
    results: Mapping[str, exp.Expr]

    def select(self, query: exp.Select, relation: exp.Query | exp.Table) -> exp.Select:
        """Put the levels between a query, which names the results, and what it selects from."""
        source: exp.Query | exp.Table = relation
        for number, level in enumerate(self.levels, start=1):
            made = [exp.alias_(made, name, quoted=False) for name, made in level.items()]
            below = source if isinstance(source, exp.Table) else source.subquery(f"level_{number - 1}")
            source = exp.select("*", *made).from_(below)
        return query.from_(
            source if isinstance(source, exp.Table) else source.subquery(f"level_{len(self.levels)}")
        )


def hoist(nodes: Mapping[str, Node], columns: Mapping[str, exp.Expr], prefix: str = "_") -> Hoisted:
    """Give what is used more than once a name.

    Args:
        nodes: what is asked for, by name.
        columns: the SQL of each input, by name.
        prefix: of the names that are given.
    """
    uses = _count_uses(nodes.values())
    shared: dict[Node, str] = {}
    heights: dict[Node, int] = {}
    order = {node: None for root in nodes.values() for node in root.walk()}
    free = _find_free(order)
    for node in order:
        below = max((heights[argument] for argument in node.args), default=0)
        is_shared = uses[node] > 1 and node.op not in CHEAP and not free[node]
        heights[node] = below + is_shared
        if is_shared:
            shared[node] = f"{prefix}{len(shared) + 1}"
    names = {node: exp.column(name) for node, name in shared.items()}
    translator = Translator(columns, names)
    levels: list[dict[str, exp.Expr]] = [
        {} for _ in range(max((heights[node] for node in shared), default=0))
    ]
    for node, name in shared.items():
        levels[heights[node] - 1][name] = translator.translate(node, inside=True)
    return Hoisted(tuple(levels), {name: translator.translate(node) for name, node in nodes.items()})


def _count_uses(roots: Iterable[Node]) -> Counter[Node]:
    """How often each expression is written, if each is written out once."""
    uses: Counter[Node] = Counter()
    seen: set[Node] = set()
    for root in roots:
        uses[root] += 1
        for node in root.walk():
            if node not in seen:
                seen.add(node)
                uses.update(node.args)
    return uses


def _find_free(order: Iterable[Node]) -> dict[Node, frozenset[Node]]:
    """Which items of lists each expression is about, outside of which it has no meaning; arguments come first."""
    free: dict[Node, frozenset[Node]] = {}
    for node in order:
        if node.op == "parameter":
            free[node] = frozenset({node})
        elif node.op in ("keep", "each", "all"):
            items, body, parameter = node.args
            free[node] = free[items] | (free[body] - {parameter})
        else:
            free[node] = frozenset().union(*(free[argument] for argument in node.args))
    return free
