"""`re.sub` by a function that looks at each match -> parts between marks, of which the marked ones are rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.comprehensions import Body, each
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.lists import join
from rdc.lowering.functions.texts import matches
from rdc.lowering.functions.values import Function, Known, Match, Symbol, Value

if TYPE_CHECKING:
    from rdc.engines.re2.regex import Regex
    from rdc.lowering.functions.evaluation import Evaluation
    from rdc.lowering.functions.ir import Node

EDGE, MATCHED, NEXT = "\x01", "\x02", "\x03"
"""Around every match, at its beginning, and between its groups. Text that holds one of them is Python's."""
MARKS = r"[\x01-\x03]"
LAST_GROUP = 9


def rewrite_each(
    expressions: Evaluation, regex: Regex, text: Node, function: Function, *, once: bool
) -> Value:
    """`re.sub(pattern, function, text)`, of a pattern that matches no empty text."""
    trace, graph = expressions.trace, expressions.trace.graph
    if regex.can_be_empty:
        trace.refuse("a function that replaces what can be empty")
    if regex.groups > LAST_GROUP:
        trace.refuse(f"a function that replaces more than {LAST_GROUP} groups")
    trace.insist(graph.negate(matches(trace, text, MARKS)))
    fields = NEXT.join(f"\\{number}" for number in range(regex.groups + 1))
    rewrite = graph.literal(f"{EDGE}{MATCHED}{fields}{EDGE}")
    options = "" if once or regex.anchored_start else "g"
    marked = graph.make("sub", Kind.TEXT, text, rewrite, value=(regex.text, options))
    parts = Symbol(graph.make("split", Kind.LIST, marked, value=EDGE))
    held: list[Value] = []

    def write() -> Value:
        part = trace.text(held[0])
        matched = graph.make("starts", Kind.BOOLEAN, part, graph.literal(MATCHED))
        with trace.given(matched):
            groups = _take_groups(expressions, regex, part)
            found = Match(text, regex, regex.text, graph.true, groups)
            written = trace.text(expressions.call(function, [found]))
        return trace.merge(matched, Symbol(written), Symbol(part))

    return join(
        trace, Known(""), each(trace, parts, Body(lambda part: held.__setitem__(slice(None), [part]), write))
    )


def _take_groups(expressions: Evaluation, regex: Regex, part: Node) -> tuple[Node, ...]:
    """The match and its groups, of a part that is one."""
    graph = expressions.trace.graph
    rest = graph.make("after", Kind.TEXT, part, graph.literal(1))
    if not regex.groups:
        return (rest,)
    fields = graph.make("split", Kind.LIST, rest, value=NEXT)
    return tuple(
        graph.make("item", Kind.TEXT, fields, graph.literal(number)) for number in range(regex.groups + 1)
    )
