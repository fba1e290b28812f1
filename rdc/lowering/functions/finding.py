"""`re.findall` of several groups and `re.finditer` -> a few matches, each with its groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.few import MOST_ITEMS, count_up
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.sequences import item
from rdc.lowering.functions.values import Few, Match, Static, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.engines.re2.regex import Regex
    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace
    from rdc.lowering.functions.values import Value


def find_rows(trace: Trace, regex: Regex, text: Node) -> Few:
    """The group, or the groups, of each match; '' where one is missing."""

    def write(groups: tuple[Node, ...]) -> Value:
        held = tuple(map(Symbol, groups[1:]))
        return held[0] if len(held) == 1 else Static(held, tuple)

    return _find(trace, regex, text, write)


def find_matches(trace: Trace, regex: Regex, text: Node) -> Few:
    """The matches themselves."""
    return _find(trace, regex, text, lambda groups: Match(text, regex, regex.text, trace.graph.true, groups))


def _find(trace: Trace, regex: Regex, text: Node, make: Callable[[tuple[Node, ...]], Value]) -> Few:
    if regex.can_be_empty:
        trace.refuse("a search for all of what can be empty")
    graph, empty = trace.graph, trace.graph.literal("")
    if regex.anchored_start:
        # The engine's next search would take the rest for a text of its own.
        found = graph.make("matches", Kind.BOOLEAN, text, value=regex.text)
        groups = [
            graph.make("extract", Kind.TEXT, text, value=(regex.text, at)) for at in range(regex.groups + 1)
        ]
        return Few(
            (make(tuple(groups)),), (found,), size=graph.choose(found, graph.literal(1), graph.literal(0))
        )
    columns = [
        graph.make("extract_all", Kind.LIST, text, value=(regex.text, at)) for at in range(regex.groups + 1)
    ]

    def take(at: int) -> Value:
        groups = [item(trace, column, graph.literal(at)) for column in columns]
        # The engine has null where a group is missing.
        return make(
            tuple(graph.choose(graph.make("is_null", Kind.BOOLEAN, group), empty, group) for group in groups)
        )

    return count_up(trace, trace.count(columns[0]), MOST_ITEMS, take)
