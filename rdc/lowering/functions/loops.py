"""A loop that gathers something from each item of a list -> what a comprehension makes. Other loops are refused."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rdc.lowering.functions.comprehensions import Body, bind_target, each
from rdc.lowering.functions.lists import join
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Known, Symbol, Unbound, Value
from rdc.lowering.functions.ways import Left

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdc.lowering.functions.evaluation import Evaluation
    from rdc.lowering.functions.ways import Way

REASON = "a loop over data that does more than gather something from each item"


def comprehend_loop(expressions: Evaluation, node: ast.For, iterable: Value) -> Way:
    """Follow a loop whose body ends in one `items.append(…)` or `text += …`, perhaps behind conditions."""
    trace, gather = expressions.trace, _find_gathering(node.body)
    if gather is None:
        trace.refuse(REASON)
    name, element, conditions, before = gather
    targets = [node.target, *(statement.targets[0] for statement in before)]
    read = [element, *before, *(condition for condition, _ in conditions)]
    if name in _names(read, ast.Load) or _carries(node.target, before):
        trace.refuse(REASON)
    start = trace.names.get(name)
    is_text = isinstance(start, Known) and start.value == ""
    if not (isinstance(start, Known) and (is_text or start.value == [])):
        trace.refuse(f"a loop that adds to {describe(start) if start is not None else 'nothing'}")
    if is_text is not _adds_text(node.body):
        trace.refuse(REASON)
    outer = dict(trace.names)

    def bind(value: Value) -> None:
        bind_target(trace, node.target, value)
        for statement in before:
            bind_target(trace, statement.targets[0], expressions.evaluate(statement.value))

    def test() -> Value:
        holds = [
            condition if wanted else trace.graph.negate(condition)
            for expression, wanted in conditions
            for condition in (trace.truth(expressions.evaluate(expression)),)
        ]
        return Symbol(trace.graph.both(*holds))

    body = Body(bind, lambda: expressions.evaluate(element), test if conditions else None)
    made = each(trace, iterable, body)
    if is_text:
        made = join(trace, Known(""), made)
    # What the last turn left there is not known.
    trace.names = outer | dict.fromkeys(_names(targets, ast.Store), Unbound()) | {name: made}
    return Left("next", dict(trace.names), trace.facts)


def _names(nodes: Iterable[ast.AST], context: type[ast.expr_context]) -> set[str]:
    """The names that are read, or set, in some code."""
    parts = (part for node in nodes for part in ast.walk(node))
    return {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, context)}


def _carries(target: ast.expr, before: Iterable[ast.Assign]) -> bool:
    """Whether an assignment reads what the turn before left."""
    of_this_turn, set_here = _names([target], ast.Store), _names(before, ast.Store)
    for statement in before:
        if _names([statement.value], ast.Load) & set_here - of_this_turn:
            return True
        of_this_turn |= _names([statement], ast.Store)
    return False


def _adds_text(body: list[ast.stmt]) -> bool:
    """Whether it is `+=` that a loop ends in."""
    last = body[-1]
    return _adds_text(last.body) if isinstance(last, ast.If) else isinstance(last, ast.AugAssign)


Gathering = tuple[str, ast.expr, list[tuple[ast.expr, bool]], list[ast.Assign]]


def _find_gathering(body: list[ast.stmt]) -> Gathering | None:
    """The name that is added to, what is added, under which conditions, and the assignments before."""
    conditions: list[tuple[ast.expr, bool]] = []
    before: list[ast.Assign] = []
    while body:
        first, *rest = body
        if isinstance(first, ast.Assign) and rest and not conditions and len(first.targets) == 1:
            before.append(first)
        elif isinstance(first, ast.If) and not first.orelse and rest and _is_continue(first.body):
            conditions.append((first.test, False))
        elif isinstance(first, ast.If) and not first.orelse and not rest:
            conditions.append((first.test, True))
            rest = first.body
        elif not rest:
            added = _read_addition(first)
            return None if added is None else (*added, conditions, before)
        else:
            return None
        body = rest
    return None


def _is_continue(body: list[ast.stmt]) -> bool:
    return len(body) == 1 and isinstance(body[0], ast.Continue)


def _read_addition(node: ast.stmt) -> tuple[str, ast.expr] | None:
    """`name.append(element)` or `name += element`."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add) and isinstance(node.target, ast.Name):
        return node.target.id, node.value
    if (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr == "append"
        and isinstance(node.value.func.value, ast.Name)
        and len(node.value.args) == 1
    ):
        return node.value.func.value.id, node.value.args[0]
    return None
