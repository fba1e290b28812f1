"""`split` and `partition` of a text -> its parts around separators or between white space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.texts import LONGEST, SPACES, length
from rdc.lowering.functions.values import Few, Known, Static, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

WORD = "[^" + "".join(rf"\x{{{ord(space):x}}}" for space in SPACES) + "]+"

MOST_SPLITS = 4


def split(trace: Trace, owner: Symbol, sep: Value = Known(None), maxsplit: Value = Known(-1)) -> Value:
    """`text.split`: at every separator, at the first one, or at white space."""
    graph, text = trace.graph, owner.node
    times = trace.number(maxsplit, "a count of parts")
    if isinstance(sep, Known) and sep.value is None:
        if times >= 0:
            return _split_first_words(trace, text, times)
        return Symbol(graph.make("extract_all", Kind.LIST, text, value=(WORD, 0)))
    mark = trace.constant(sep, "a separator")
    if not mark:
        trace.require(graph.false, ValueError)
    if times < 0:
        return Symbol(graph.make("split", Kind.LIST, text, value=mark))
    if times != 1:
        return _split_first(trace, owner, sep, times)
    before, _, after = partition(trace, owner, sep).items
    return _one_or_two(trace, text, mark, before, after)


def rsplit(trace: Trace, owner: Symbol, sep: Value = Known(None), maxsplit: Value = Known(-1)) -> Value:
    """`text.rsplit`: at the last separator."""
    times = trace.number(maxsplit, "a count of parts")
    if times < 0:
        return split(trace, owner, sep)
    if isinstance(sep, Known) and sep.value is None and times == 1:
        return _split_last_word(trace, owner.node)
    mark = trace.constant(sep, "a separator")
    if times != 1 or not mark:
        trace.refuse("`rsplit` into a few parts")
    before, _, after = rpartition(trace, owner, sep).items
    return _one_or_two(trace, owner.node, mark, before, after)


def _split_first(trace: Trace, owner: Symbol, sep: Value, times: int) -> Few:
    """Parts of a text up to its first few separators, and the rest."""
    if times > MOST_SPLITS:
        trace.refuse("`split` into many parts")
    graph, rest, items, present = trace.graph, owner.node, list[Value](), [trace.graph.true]
    mark = graph.literal(trace.constant(sep, "a separator"))
    for _ in range(times):
        before, _, after = partition(trace, Symbol(rest), sep).items
        items.append(before)
        # Nothing is left where it was not found, so that it is not found again.
        present.append(graph.make("contains", Kind.BOOLEAN, rest, mark))
        rest = trace.node(after)
    return _count_first(trace, [*items, Symbol(rest)], present)


def _split_first_words(trace: Trace, text: Node, times: int) -> Few:
    """The first few words of a text, and what is behind them."""
    if times > MOST_SPLITS:
        trace.refuse("`split` into many parts")
    graph = trace.graph
    items: list[Value] = []
    present: list[Node] = []
    rest = graph.make("lstrip", Kind.TEXT, text, value=SPACES)
    for _ in range(times):
        word = graph.make("extract", Kind.TEXT, rest, value=(rf"\A{WORD}", 0))
        items.append(Symbol(word))
        present.append(graph.negate(graph.equal(rest, graph.literal(""))))
        behind = graph.make("after", Kind.TEXT, rest, length(trace, word))
        rest = graph.make("lstrip", Kind.TEXT, behind, value=SPACES)
    present.append(graph.negate(graph.equal(rest, graph.literal(""))))
    return _count_first(trace, [*items, Symbol(rest)], present)


def _split_last_word(trace: Trace, text: Node) -> Few:
    """The last word of a text, behind what is before it."""
    graph, empty = trace.graph, trace.graph.literal("")
    whole = graph.make("rstrip", Kind.TEXT, text, value=SPACES)
    word = graph.make("extract", Kind.TEXT, whole, value=(rf"{WORD}\z", 0))
    size = graph.make(
        "subtract", Kind.INTEGER, length(trace, whole), length(trace, word), bounds=(0, LONGEST)
    )
    before = graph.make("rstrip", Kind.TEXT, graph.make("first", Kind.TEXT, whole, size), value=SPACES)
    two = graph.negate(graph.equal(before, empty))
    first = Symbol(graph.choose(two, before, word))
    return _count_first(trace, [first, Symbol(word)], [graph.negate(graph.equal(whole, empty)), two])


def _count_first(trace: Trace, items: Sequence[Value], present: Sequence[Node]) -> Few:
    """Items of which each is there only where the one before is."""
    graph = trace.graph
    size = graph.literal(0)
    for place, holds in reversed(list(enumerate(present, 1))):
        beyond = size if size.op != "literal" or size.value else graph.literal(place)
        size = graph.choose(holds, beyond, graph.literal(place - 1))
    return Few(tuple(items), tuple(present), size=size)


def _one_or_two(trace: Trace, text: Node, mark: str, before: Value, after: Value) -> Value:
    """A list of what stands around a mark, or of the whole."""
    graph = trace.graph
    found = trace.simplify(graph.make("contains", Kind.BOOLEAN, text, graph.literal(mark)))
    if found is graph.true:
        return Static((before, after), list)
    whole = graph.make("list", Kind.LIST, text)
    parts = graph.make("list", Kind.LIST, trace.node(before), trace.node(after))
    return Symbol(graph.choose(found, parts, whole))


def partition(trace: Trace, owner: Symbol, sep: Value) -> Static:
    """`text.partition`."""
    graph, text, mark = trace.graph, owner.node, trace.constant(sep, "a separator")
    found = graph.make("contains", Kind.BOOLEAN, text, graph.literal(mark))
    at = graph.make("find", Kind.INTEGER, text, graph.literal(mark), bounds=(0, 2**31))
    return _around(trace, text, mark, trace.simplify(found), at, last=False)


def rpartition(trace: Trace, owner: Symbol, sep: Value) -> Static:
    """`text.rpartition`."""
    graph, text, mark = trace.graph, owner.node, trace.constant(sep, "a separator")
    found = graph.make("contains", Kind.BOOLEAN, text, graph.literal(mark))
    at = graph.make("rfind", Kind.INTEGER, text, value=mark, bounds=(0, 2**31))
    return _around(trace, text, mark, trace.simplify(found), at, last=True)


def _around(trace: Trace, text: Node, mark: str, found: Node, at: Node, *, last: bool) -> Static:
    graph, empty = trace.graph, trace.graph.literal("")
    before = graph.make("first", Kind.TEXT, text, at)
    behind = graph.make("add", Kind.INTEGER, at, graph.literal(len(mark)), bounds=(1, 2**32))
    after = graph.make("after", Kind.TEXT, text, behind)
    rest = (empty, empty, text) if last else (text, empty, empty)
    parts = (before, graph.literal(mark), after)
    chosen = (graph.choose(found, there, absent) for there, absent in zip(parts, rest, strict=True))
    return Static(tuple(map(Symbol, chosen)), tuple)
