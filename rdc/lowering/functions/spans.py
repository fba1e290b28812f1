"""Where in a text a match is -> whole numbers; of `re.match`, `re.search` and `re.fullmatch`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.patterns import take_group
from rdc.lowering.functions.texts import LONGEST, length
from rdc.lowering.functions.values import Known, Static, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace
    from rdc.lowering.functions.values import Match, Value


def find_start(trace: Trace, owner: Match, group: Value = Known(0)) -> Value:
    """`match.start()`."""
    return Symbol(_find(trace, owner, group)[0])


def find_end(trace: Trace, owner: Match, group: Value = Known(0)) -> Value:
    """`match.end()`."""
    return Symbol(_find(trace, owner, group)[1])


def find_span(trace: Trace, owner: Match, group: Value = Known(0)) -> Value:
    """`match.span()`."""
    return Static(tuple(map(Symbol, _find(trace, owner, group))), tuple)


def _find(trace: Trace, owner: Match, group: Value) -> tuple[Node, Node]:
    """The places before and behind the whole of a match."""
    graph, regex = trace.graph, owner.regex
    if owner.given is not None or group != Known(0):
        trace.refuse("the place of a group, or of one of several matches")
    size = length(trace, trace.text(take_group(trace, owner)))
    if regex.anchored_start or owner.pattern != regex.text:
        return graph.literal(0), size
    # The least that can stand before it ends where the first match begins.
    before = graph.make("extract", Kind.TEXT, owner.text, value=(rf"(?s)\A(.*?)(?-s:{regex.text})", 1))
    start = length(trace, before)
    return start, graph.make("add", Kind.INTEGER, start, size, bounds=(0, 2 * LONGEST))


SPAN_METHODS: dict[str, Callable[..., Value]] = {"start": find_start, "end": find_end, "span": find_span}
