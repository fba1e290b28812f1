"""Comprehensions, `map` and `filter` -> operations on each item; `any`, `all` and `sum` of them."""

from __future__ import annotations

import ast
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc.lowering.functions.arithmetic import OPERATORS
from rdc.lowering.functions.attempts import escape_with, undo_refused
from rdc.lowering.functions.characters import ASCII, count_true, holds_all, holds_any
from rdc.lowering.functions.few import to_few
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.sequences import to_sequence
from rdc.lowering.functions.shapes import tell_shape
from rdc.lowering.functions.trace import AlwaysRaisesError, describe
from rdc.lowering.functions.values import Characters, Choice, Few, Known, Static, Symbol, Unbound, Value
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdc.lowering.functions.evaluation import Evaluation
    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

MOST_FLOATS = 2
MOST_EXPANDED = 3_000
"""Operations on an item of a list, where nothing can be named and what is used twice is written twice."""


@dataclass(frozen=True, slots=True)
class Body:
    """What is done with each item.

    Attributes:
        bind: gives it its name.
        element: what is made of it.
        condition: whether it is kept.
    """

    bind: Callable[[Value], None]
    element: Callable[[], Value]
    condition: Callable[[], Value] | None = None


def comprehend(expressions: Evaluation, node: ast.ListComp | ast.GeneratorExp) -> Value:
    """`[element for target in iterable if condition]`; of several loops, all but the last go over known items."""
    trace = expressions.trace
    outer = dict(trace.names)
    # A name that is set by the way keeps what the last item left there.
    kept = [part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr)]
    after = outer | dict.fromkeys(kept, Unbound())
    try:
        with escape_with(trace, after):
            return _comprehend(expressions, node.elt, node.generators)
    finally:
        trace.names = after


def _comprehend(expressions: Evaluation, element: ast.expr, loops: list[ast.comprehension]) -> Value:
    trace, (loop, *inner) = expressions.trace, loops
    iterable = expressions.evaluate(loop.iter)

    def bind(value: Value) -> None:
        bind_target(trace, loop.target, value)

    def test() -> Value:
        conditions = []
        for condition in loop.ifs:
            holds = trace.truth(expressions.evaluate(condition))
            conditions.append(holds)
            if holds is trace.graph.false:
                break
        return Symbol(trace.graph.both(*conditions))

    if not inner:
        return each(
            trace, iterable, Body(bind, lambda: expressions.evaluate(element), test if loop.ifs else None)
        )
    gather = Body(bind, lambda: _comprehend(expressions, element, inner), test if loop.ifs else None)
    gathered = each(trace, iterable, gather)
    parts = [to_sequence(trace, part) for part in to_sequence(trace, gathered) or ()]
    if to_sequence(trace, gathered) is None or None in parts:
        trace.refuse("a comprehension of several loops")
    items = [item for part in parts if part for item in part]
    if all(isinstance(item, Known) for item in items):
        return Known([item.value for item in items if isinstance(item, Known)])
    return Static(tuple(items), list)


def bind_target(trace: Trace, target: ast.expr, value: Value) -> None:
    """Give the names of a loop to an item."""
    if isinstance(target, ast.Name):
        trace.names[target.id] = value
        return
    items = to_sequence(trace, value)
    if not isinstance(target, ast.Tuple) or items is None or len(items) != len(target.elts):
        trace.refuse(f"{describe(value)} taken apart in a loop")
    for part, item in zip(target.elts, items, strict=True):
        bind_target(trace, part, item)


def each(trace: Trace, iterable: Value, body: Body) -> Value:
    """What is made of each item for which a condition holds."""
    if isinstance(iterable, Choice):
        return trace.over(iterable, lambda part: each(trace, part, body))
    items = to_sequence(trace, iterable)
    if items is not None:
        return _each_known(trace, list(items), body)
    if isinstance(iterable, Characters):
        if any(text != character for character, text in iterable.written.items()):
            return _each_few(trace, iterable, body)
        try:
            with undo_refused(trace):
                return _each_character(trace, iterable.text, "".join(map(str, iterable.written)), body)
        except NotLowerableError as error:
            return _each_few(trace, iterable, body, error)
    if isinstance(iterable, Symbol) and iterable.node.kind in (Kind.TEXT, Kind.LIST):
        try:
            with undo_refused(trace):
                if iterable.node.kind is Kind.LIST:
                    return _each_item(trace, iterable.node, body)
                text = trace.text(iterable)
                possible = tell_shape(text, trace.facts).characters
                return _each_character(trace, text, "".join(sorted(possible or ASCII)), body)
        except NotLowerableError as error:
            return _each_few(trace, iterable, body, error)
    return _each_few(trace, iterable, body)


def _each_few(trace: Trace, iterable: Value, body: Body, refusal: NotLowerableError | None = None) -> Value:
    """Item by item, of a list of few; the first reason counts where that has no rule, either."""
    few = to_few(trace, iterable)
    if few is None or trace.depth:
        raise refusal or NotLowerableError(f"a loop over {describe(iterable)}", trace.line)
    kept: list[tuple[Node, Value]] = []
    for item, present in zip(few.items, few.present, strict=True):
        # Where it is there and raises, Python has raised.
        with trace.given(present), suppress(AlwaysRaisesError):
            body.bind(item)
            holds = trace.truth(body.condition()) if body.condition else trace.graph.true
            with trace.given(holds), suppress(AlwaysRaisesError):
                kept.append((trace.graph.both(present, holds), body.element()))
    holding = tuple(holds for holds, _ in kept)
    size = few.size if holding == few.present else None
    return Few(tuple(value for _, value in kept), holding, size=size)


def _each_known(trace: Trace, items: list[Value], body: Body) -> Value:
    kept: list[tuple[Node, Value]] = []
    for item in items:
        body.bind(item)
        holds = trace.truth(body.condition()) if body.condition else trace.graph.true
        if holds is not trace.graph.false:
            with trace.given(holds):
                try:
                    kept.append((holds, body.element()))
                except AlwaysRaisesError:
                    if holds is trace.graph.true:
                        raise
    if all(holds is trace.graph.true for holds, _ in kept):
        values = [value for _, value in kept]
        if all(isinstance(value, Known) for value in values):
            return Known([value.value for value in values if isinstance(value, Known)])
        return Static(tuple(values), list)
    if not all(_is_text(value) for _, value in kept):
        return Few(tuple(value for _, value in kept), tuple(holds for holds, _ in kept))
    absent = trace.graph.null(Kind.TEXT)
    nodes = [trace.graph.choose(holds, trace.text(value), absent) for holds, value in kept]
    return Symbol(trace.graph.make("list_present", Kind.LIST, *nodes))


def _is_text(value: Value) -> bool:
    if isinstance(value, Symbol):
        return value.node.kind is Kind.TEXT and not value.nullable
    return isinstance(value, Known) and isinstance(value.value, str)


def _each_character(
    trace: Trace,
    text: Node,
    characters: str,
    body: Body,
) -> Value:
    """Ask Python of each ASCII character; other text is Python's."""
    trace.insist_ascii(text)
    written: dict[str, str | int] = {}
    steps = trace.steps
    for character in characters:
        body.bind(Known(character))
        trace.steps = steps
        try:
            if body.condition and _known(trace, body.condition()) is False:
                continue
            written[character] = _known(trace, body.element())
        except AlwaysRaisesError:
            trace.refuse("characters of which some raise")
    return Characters(text, written)


def _known(trace: Trace, value: Value) -> str | int:
    if isinstance(value, Known) and isinstance(value.value, str | int):
        return value.value
    if isinstance(value, Symbol) and value.node.op == "literal" and isinstance(value.node.value, str | int):
        return value.node.value
    return trace.refuse("characters told apart by more than what they are")


def _each_item(trace: Trace, items: Node, body: Body) -> Value:
    graph = trace.graph
    parameter = graph.make("parameter", Kind.TEXT, items, value=f"item_{items.number}_{trace.depth}")
    holds = graph.true
    with _inside(trace, items, parameter):
        body.bind(Symbol(parameter))
        if body.condition:
            holds = trace.truth(body.condition())
        with trace.given(holds):
            made = body.element()
            if isinstance(made, Known) and isinstance(made.value, str):
                made = Symbol(graph.literal(made.value))
            if isinstance(made, Symbol) and made.nullable:
                made = Symbol(trace.node(made))
    if not isinstance(made, Symbol) or made.node.kind not in (Kind.TEXT, Kind.BOOLEAN):
        trace.refuse(f"a list of {describe(made)}")
    if max(made.node.expand(), holds.expand()) > MOST_EXPANDED:
        trace.refuse("more work on each item of a list than a readable query holds")
    if holds is not graph.true:
        items = graph.make("keep", Kind.LIST, items, holds, parameter)
    if made.node.kind is Kind.BOOLEAN:
        # A list of truth values is only ever asked for any, all or how many.
        return Static((Symbol(items), Symbol(made.node), Symbol(parameter)), Each)
    return Symbol(
        items if made.node is parameter else graph.make("each", Kind.LIST, items, made.node, parameter)
    )


class Each:
    """Marks truth values of items: the list, the condition, and the item in it."""


@contextmanager
def _inside(trace: Trace, items: Node, parameter: Node) -> Iterator[None]:
    """What an item demands is demanded of all items."""
    graph, demands, path, facts = trace.graph, trace.demands, trace.path, trace.facts
    trace.demands, trace.path, trace.depth = [], graph.true, trace.depth + 1
    try:
        yield
        inner = trace.demands
    except AlwaysRaisesError:
        trace.refuse("what raises for every item of a list, which may have none")
    finally:
        trace.demands, trace.path, trace.facts, trace.depth = demands, path, facts, trace.depth - 1
    if parameter in trace.ascii_inputs:
        trace.ascii_inputs.discard(parameter)
        trace.insist_ascii(items)
    for demand in inner:
        wanted = graph.either(graph.negate(demand.path), demand.condition)
        of_all = graph.make("all", Kind.BOOLEAN, items, wanted, parameter)
        if demand.raises:
            trace.require(of_all, demand.raises)
        else:
            trace.insist(of_all)


def any_of(trace: Trace, iterable: Value) -> Value:
    """`any`."""
    if isinstance(iterable, Characters):
        return Symbol(holds_any(trace, iterable))
    if isinstance(iterable, Static) and iterable.kind is Each:
        return Symbol(trace.graph.negate(_of_all(trace, iterable, negated=True)))
    if isinstance(iterable, Symbol) and iterable.node.kind is Kind.LIST:
        return Symbol(trace.graph.negate(_are_empty(trace, iterable.node)))
    return Symbol(trace.graph.either(*(trace.graph.both(*pair) for pair in _truths(trace, iterable))))


def all_of(trace: Trace, iterable: Value) -> Value:
    """`all`."""
    if isinstance(iterable, Characters):
        return Symbol(holds_all(trace, iterable))
    if isinstance(iterable, Static) and iterable.kind is Each:
        return Symbol(_of_all(trace, iterable, negated=False))
    graph = trace.graph
    if isinstance(iterable, Symbol) and iterable.node.kind is Kind.LIST:
        return Symbol(graph.negate(graph.make("has_item", Kind.BOOLEAN, iterable.node, graph.literal(""))))
    pairs = _truths(trace, iterable)
    return Symbol(graph.both(*(graph.either(graph.negate(present), holds) for present, holds in pairs)))


def _are_empty(trace: Trace, items: Node) -> Node:
    """Whether every item of a list of text is empty."""
    graph = trace.graph
    parameter = graph.make("parameter", Kind.TEXT, items, value=f"item_{items.number}_{trace.depth}")
    return graph.make("all", Kind.BOOLEAN, items, graph.equal(parameter, graph.literal("")), parameter)


def _of_all(trace: Trace, each_one: Static, *, negated: bool) -> Node:
    items, condition, parameter = (trace.node(part) for part in each_one.items)
    holds = trace.graph.negate(condition) if negated else condition
    return trace.graph.make("all", Kind.BOOLEAN, items, holds, parameter)


def _truths(trace: Trace, iterable: Value) -> list[tuple[Node, Node]]:
    """Which items are there, and of which of them the truth is."""
    few = to_few(trace, iterable)
    if few is None:
        trace.refuse(f"`any` or `all` of {describe(iterable)}")
    truths = []
    for item, present in zip(few.items, few.present, strict=True):
        with trace.given(present):
            truths.append((present, trace.truth(item)))
    return truths


def total(trace: Trace, iterable: Value) -> Value:
    """`sum`, of characters that count or of values of known number."""
    if isinstance(iterable, Characters) and set(iterable.written.values()) <= {0, 1}:
        return Symbol(count_true(trace, iterable))
    if isinstance(iterable, Static) and iterable.kind is Each:
        items, condition, parameter = (trace.node(part) for part in iterable.items)
        return Symbol(trace.count(trace.graph.make("keep", Kind.LIST, items, condition, parameter)))
    few = to_few(trace, iterable)
    if few is None:
        trace.refuse(f"`sum` of {describe(iterable)}")
    floats = [isinstance(item, Symbol) and item.node.kind is Kind.FLOAT for item in few.items]
    if any(floats):
        # Of more floats, the versions of Python make different sums.
        for present in few.present[MOST_FLOATS:]:
            trace.insist(trace.graph.negate(present))
        few = Few(few.items[:MOST_FLOATS], few.present[:MOST_FLOATS])
    result: Value = Known(0.0 if floats and all(floats) else 0)
    for item, present in zip(few.items, few.present, strict=True):
        with trace.given(present):
            more = trace.over(result, lambda so_far, item=item: OPERATORS[ast.Add](trace, so_far, item))  # type: ignore[misc]
        result = trace.merge(trace.simplify(present), more, result)
    some = trace.simplify(trace.graph.either(*few.present))
    return trace.merge(some, result, Known(0))


def apply_map(expressions: Evaluation, function: Value, iterable: Value) -> Value:
    """`map(function, items)`."""
    held: list[Value] = []
    body = Body(lambda value: _hold(held, value), lambda: expressions.call(function, held))
    return each(expressions.trace, iterable, body)


def apply_filter(expressions: Evaluation, function: Value, iterable: Value) -> Value:
    """`filter(function, items)`."""
    held: list[Value] = []

    def test() -> Value:
        if isinstance(function, Known) and function.value is None:
            return held[0]
        return Symbol(expressions.trace.truth(expressions.call(function, held)))

    return each(expressions.trace, iterable, Body(lambda value: _hold(held, value), lambda: held[0], test))


def _hold(held: list[Value], value: Value) -> None:
    held[:] = [value]
