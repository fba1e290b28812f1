"""A loop that gathers something from each item of a list -> what a comprehension makes. Other loops are refused."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc.lowering.functions.attempts import escape_with
from rdc.lowering.functions.comprehensions import Body, bind_target, each
from rdc.lowering.functions.growing import read_items
from rdc.lowering.functions.lists import join
from rdc.lowering.functions.mutations import CHANGES, is_shared
from rdc.lowering.functions.texts import concatenate
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Carried, Known, Symbol, Unbound, Value
from rdc.lowering.functions.ways import Left, Raised, Split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.lowering.functions.evaluation import Evaluation
    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace
    from rdc.lowering.functions.ways import Way

REASON = "a loop over data that does more than gather something from each item"
MOST_GATHERED = 3
"""Names that a loop adds to; it is gone through for each of them."""


def comprehend_loop(
    expressions: Evaluation, follow: Callable[[Sequence[ast.stmt]], Way], node: ast.For, iterable: Value
) -> Way:
    """Follow a loop that appends to lists, or adds to texts, without looking at them.

    Args:
        expressions: where names stand.
        follow: says where statements lead.
        node: the loop.
        iterable: what it goes through.
    """
    trace = expressions.trace
    starts = {name: trace.names.get(name, Unbound()) for name in _find_gathered(trace, node.body)}
    for name, start in starts.items():
        # Of lists, only those that are empty: what stands there already is no part of a text.
        if not (_is_text(start) or (isinstance(start, Known) and start.value == [])):
            trace.refuse(f"a loop that adds to {describe(start)}")
        if not _is_text(start) and is_shared(trace, name, start):
            trace.refuse("`append` of a list that others see")
    outer, set_here = dict(trace.names), _names([node.target, *node.body], ast.Store) - starts.keys()
    empty = {name: Known("" if _is_text(start) else []) for name, start in starts.items()}
    before = outer | dict.fromkeys(set_here, Carried()) | empty
    made = {}
    for name, start in starts.items():
        turn = _Turn(trace, follow, node, before, name)
        body = Body(turn.bind, lambda turn=turn: turn.added, turn.run)  # type: ignore[misc]
        with escape_with(trace, outer | dict.fromkeys({*set_here, *starts}, Carried())):
            made[name] = each(trace, iterable, body)
        if _is_text(start):
            added = trace.text(join(trace, Known(""), made[name]))
            made[name] = Symbol(concatenate(trace, trace.text(start), added))
    # What the last turn left there is not known.
    trace.names = outer | dict.fromkeys(set_here, Unbound()) | made
    return Left("next", dict(trace.names), trace.facts)


@dataclass(slots=True)
class _Turn:
    """One turn for any item, as far as it goes for one name.

    Attributes:
        trace: where names stand.
        follow: says where statements lead.
        node: the loop.
        names: as they are before a turn; what an earlier turn may have left can't be used.
        name: that is added to.
        added: by the last turn that was followed.
    """

    trace: Trace
    follow: Callable[[Sequence[ast.stmt]], Way]
    node: ast.For
    names: Mapping[str, Value]
    name: str
    added: Value = Unbound()  # noqa: RUF009 - it never changes

    def bind(self, value: Value) -> None:
        """Begin with an item."""
        self.trace.names = dict(self.names)
        bind_target(self.trace, self.node.target, value)

    def run(self) -> Value:
        """Whether something is added."""
        path, facts = self.trace.path, self.trace.facts
        way = self.follow(self.node.body)
        self.trace.path, self.trace.facts = path, facts
        holds, self.added = self._read(way)
        return Symbol(self.trace.simplify(holds))

    def _read(self, way: Way) -> tuple[Node, Value]:
        graph = self.trace.graph
        if isinstance(way, Split):
            (one, then), (another, other) = self._read(way.then), self._read(way.other)
            return graph.choose(way.condition, one, another), self.trace.merge(way.condition, then, other)
        if isinstance(way, Raised):
            return graph.false, Unbound()
        if not isinstance(way, Left) or way.how == "break":
            self.trace.refuse(REASON)
        added = way.names[self.name]
        if _is_text(added):
            return graph.true, added
        few = read_items(graph, added)
        if few is None or len(few.items) > 1:
            self.trace.refuse(REASON)
        return (few.present[0], few.items[0]) if few.items else (graph.false, Unbound())


def _is_text(value: Value) -> bool:
    if isinstance(value, Symbol):
        return value.node.kind == "text" and not value.nullable
    return isinstance(value, Known) and isinstance(value.value, str)


def _names(nodes: Iterable[ast.AST], context: type[ast.expr_context]) -> set[str]:
    """The names that are read, or set, in some code."""
    parts = (part for node in nodes for part in ast.walk(node))
    return {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, context)}


def _find_gathered(trace: Trace, body: Sequence[ast.stmt]) -> Sequence[str]:
    """The names that a body adds to, in order, which it uses for nothing else."""
    parts = [part for statement in body for part in ast.walk(statement)]
    added = [found for part in parts for found in _read_addition(part)]
    owners = {id(owner) for owner in added if owner is not None}
    names = list(dict.fromkeys(owner.id for owner in added if owner is not None))
    uses = [part for part in parts if isinstance(part, ast.Name) and part.id in names]
    if not names or len(names) > MOST_GATHERED or None in added or any(id(use) not in owners for use in uses):
        trace.refuse(REASON)
    return names


def _read_addition(node: ast.AST) -> Sequence[ast.Name | None]:
    """What is used of the name that something is added to; None of what else changes a value."""
    if isinstance(node, ast.AugAssign):
        of_name = isinstance(node.target, ast.Name) and isinstance(node.op, ast.Add)
        return [node.target if of_name and isinstance(node.target, ast.Name) else None]
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
        left, target = node.value.left, node.targets[0]
        if (
            isinstance(node.value.op, ast.Add)
            and isinstance(left, ast.Name)
            and isinstance(target, ast.Name)
            and left.id == target.id
        ):
            return [left, target]
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        return [None]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
        owner = node.func.value
        return [owner if isinstance(owner, ast.Name) and node.func.attr == "append" else None]
    return ()
