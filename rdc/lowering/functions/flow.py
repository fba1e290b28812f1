"""Ways of which several go on -> one that goes on, with names that hold what either held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.mutations import keep_shared
from rdc.lowering.functions.values import Unbound, Value
from rdc.lowering.functions.ways import Left, Split, Way, count_next, holds_next

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace


class Flow:
    """Leads ways on, from where they left off."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def go_on(self, way: Way, continuation: Callable[[], Way]) -> Way:
        """Put what comes next where a way goes on."""
        nexts = count_next(way)
        if nexts == 0:
            return way
        if nexts > 1:
            way = self._gather(way)
        return self._replace(way, continuation)

    def _replace(self, way: Way, continuation: Callable[[], Way]) -> Way:
        """Go on from the one leaf that does."""
        trace = self.trace
        if isinstance(way, Left) and way.how == "next":
            trace.names, trace.facts = dict(way.names), trace.facts | way.facts
            return continuation()
        if isinstance(way, Split):
            if holds_next(way.then):
                with trace.given(way.condition):
                    return Split(way.condition, self._replace(way.then, continuation), way.other)
            if holds_next(way.other):
                with trace.given(trace.graph.negate(way.condition)):
                    return Split(way.condition, way.then, self._replace(way.other, continuation))
        return way

    def _gather(self, way: Way) -> Way:
        """Make one leaf of all that go on, with names that hold what either held."""
        live, rest = self._live(way), self._without(way)
        names, facts = self._names(way)
        on = Left("next", names, facts)
        return on if rest is None else Split(live, on, rest)

    def _live(self, way: Way) -> Node:
        """The condition under which a way goes on."""
        graph = self.trace.graph
        if isinstance(way, Split):
            return graph.choose(way.condition, self._live(way.then), self._live(way.other))
        return graph.literal(value=isinstance(way, Left) and way.how == "next")

    def _without(self, way: Way) -> Way | None:
        """A way less the leaves that go on."""
        if isinstance(way, Split):
            then, other = self._without(way.then), self._without(way.other)
            if then is None or other is None:
                return then or other
            return Split(way.condition, then, other)
        return None if isinstance(way, Left) and way.how == "next" else way

    def _names(self, way: Way) -> tuple[dict[str, Value], frozenset[Node]]:
        """The names where a way goes on."""
        if isinstance(way, Left) and way.how == "next":
            return way.names, way.facts
        if isinstance(way, Split):
            parts = [self._names(part) for part in (way.then, way.other) if holds_next(part)]
            if len(parts) == 1:
                return parts[0]
            (then, known), (other, learnt) = parts
            # A name that one way did not touch need not be compared.
            merged = {
                name: self.trace.merge(way.condition, then[name], other[name])
                for name in then
                if name in other
            }
            keep_shared(self.trace, merged, then, other)
            lost = dict.fromkeys({*then, *other} - merged.keys(), Unbound())
            return merged | lost, known & learnt
        return {}, frozenset()
