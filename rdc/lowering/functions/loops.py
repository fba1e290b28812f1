"""A loop that gathers something from each item of a list -> what a comprehension makes. Other loops are refused."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rdc.lowering.functions.comprehensions import Body, bind_target, each
from rdc.lowering.functions.lists import join
from rdc.lowering.functions.trace import describe
from rdc.lowering.functions.values import Known, Symbol, Value
from rdc.lowering.functions.ways import Left

if TYPE_CHECKING:
    from rdc.lowering.functions.evaluation import Evaluation
    from rdc.lowering.functions.ways import Way

REASON = "a loop over data that does more than gather something from each item"


def comprehend_loop(expressions: Evaluation, node: ast.For, iterable: Value) -> Way:
    """Follow a loop whose body ends in one `items.append(…)` or `text += …`, perhaps behind conditions."""
    trace, gather = expressions.trace, _find_gathering(node.body)
    if gather is None:
        trace.refuse(REASON)
    name, element, conditions, before = gather
    start = trace.names.get(name)
    is_text = isinstance(start, Known) and start.value == ""
    if not (isinstance(start, Known) and (is_text or start.value == [])):
        trace.refuse(f"a loop that adds to {describe(start) if start is not None else 'nothing'}")
    outer = dict(trace.names)
    if name in {part.id for part in ast.walk(element) if isinstance(part, ast.Name)}:
        trace.refuse(REASON)

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
    trace.names = outer | {name: made}
    return Left("next", dict(trace.names), trace.facts)


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
