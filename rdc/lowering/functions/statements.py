"""A function's statements -> the value that it returns; loops are unrolled. What has no rule is refused."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rdc.lowering.functions.attempts import undo_refused
from rdc.lowering.functions.binding import bind, open_lists
from rdc.lowering.functions.cases import rewrite_cases
from rdc.lowering.functions.expressions import Expressions
from rdc.lowering.functions.few import to_few
from rdc.lowering.functions.flow import Flow
from rdc.lowering.functions.iterators import keeps_iterator
from rdc.lowering.functions.loops import comprehend_loop
from rdc.lowering.functions.mutations import CHANGES, change_list, keep_shared
from rdc.lowering.functions.sequences import to_sequence
from rdc.lowering.functions.trace import AlwaysRaisesError, Handler
from rdc.lowering.functions.values import Known, Unbound, Value
from rdc.lowering.functions.ways import Left, Raised, Returned, Split, holds_next, rename
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace
    from rdc.lowering.functions.values import Function
    from rdc.lowering.functions.ways import Way

MAX_WHILE = 3
"""Turns of a `while` that SQL does; where more are needed, Python does all of them."""
MAX_TURNS = 100
"""Turns of a loop that are unrolled."""


def run_function(trace: Trace, function: Function, names: Mapping[str, Value], calls: int = 0) -> Value:
    """What a function returns for arguments.

    Raises:
        NotLowerableError: something in it has no rule.
        AlwaysRaisesError: it raises whatever the input is.
    """
    outer, borrowed, line = trace.names, trace.borrowed, trace.line
    trace.names, trace.borrowed = dict(names), (*function.scope.values(), *(names.values() if calls else ()))
    try:
        if isinstance(function.node, ast.Lambda):
            return Expressions(trace, function.scope, run_function, calls).evaluate(function.node.body)
        return Statements(trace, function.scope, calls).value_of(function.node.body)
    except NotLowerableError as error:
        # A line of a recipe's own file says nothing to whoever calls the recipe.
        raise NotLowerableError(error.reason, line if function.python else error.line) from None
    finally:
        trace.names, trace.borrowed = outer, borrowed
        trace.line = line if function.python else trace.line


class Statements(Flow):
    """Evaluates statements on the way of a trace."""

    def __init__(self, trace: Trace, scope: Mapping[str, Value], calls: int) -> None:
        super().__init__(trace)
        self.scope = scope
        self.body: Sequence[ast.stmt] = ()
        self.expressions = Expressions(trace, scope, run_function, calls)

    def value_of(self, body: Sequence[ast.stmt]) -> Value:
        """What a body returns."""
        path, facts = self.trace.path, self.trace.facts
        self.body = body
        way = self.run(body)
        self.trace.path, self.trace.facts = path, facts
        value = self._value(way)
        if isinstance(value, Unbound):
            raise AlwaysRaisesError
        return value

    def _value(self, way: Way) -> Value:
        if isinstance(way, Returned):
            return way.value
        if isinstance(way, Left):
            return Known(None)
        if isinstance(way, Raised):
            return Unbound()
        return self.trace.merge(way.condition, self._value(way.then), self._value(way.other))

    def run(self, body: Sequence[ast.stmt]) -> Way:
        """Where a body leads from here."""
        way: Way = Left("next", self.trace.names, self.trace.facts)
        for statement in body:
            way = self.go_on(way, lambda statement=statement: self._run_statement(statement))  # type: ignore[misc]
            if not holds_next(way):
                break
        return way

    # Statements

    def _run_statement(self, node: ast.stmt) -> Way:
        self.trace.line = node.lineno
        self.trace.step()
        visit = getattr(self, f"_run_{type(node).__name__.lower()}", None)
        if visit is None:
            self.trace.refuse(f"the statement {type(node).__name__}")
        try:
            way: Way = visit(node)
        except AlwaysRaisesError:
            return Raised()
        return way

    def _next(self) -> Way:
        return Left("next", dict(self.trace.names), self.trace.facts)

    def _run_pass(self, _: ast.Pass) -> Way:
        return self._next()

    def _run_break(self, _: ast.Break) -> Way:
        return Left("break", dict(self.trace.names), self.trace.facts)

    def _run_continue(self, _: ast.Continue) -> Way:
        return Left("continue", dict(self.trace.names), self.trace.facts)

    def _run_return(self, node: ast.Return) -> Way:
        return Returned(Known(None) if node.value is None else self.expressions.evaluate(node.value))

    def _run_raise(self, node: ast.Raise) -> Way:
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        value = self.expressions.evaluate(raised) if raised is not None else Known(Exception)
        if not (isinstance(value, Known) and isinstance(value.value, type)):
            self.trace.refuse("a `raise` of something that is no exception's name")
        self.trace.require(self.trace.graph.false, value.value)
        return Raised()

    def _run_assign(self, node: ast.Assign) -> Way:
        if keeps_iterator(node, self.body):
            self.trace.refuse("an iterator that a name holds")
        value = self.expressions.evaluate(node.value)
        for target in node.targets:
            bind(self.expressions, target, value)
        return self._next()

    def _run_annassign(self, node: ast.AnnAssign) -> Way:
        if node.value is not None:
            bind(self.expressions, node.target, self.expressions.evaluate(node.value))
        return self._next()

    def _run_augassign(self, node: ast.AugAssign) -> Way:
        if not isinstance(node.target, ast.Name):
            self.trace.refuse("an assignment to something else than a name")
        left = self.expressions.evaluate(ast.copy_location(ast.Name(node.target.id, ast.Load()), node))
        bind(
            self.expressions,
            node.target,
            self.expressions.operate(node.op, left, self.expressions.evaluate(node.value)),
        )
        return self._next()

    def _run_expr(self, node: ast.Expr) -> Way:
        """A call for its effect: a list that grows, or nothing that a result depends on."""
        call = node.value
        function = call.func if isinstance(call, ast.Call) else None
        if isinstance(call, ast.Call) and isinstance(function, ast.Attribute) and function.attr in CHANGES:
            if not isinstance(function.value, ast.Name) or call.keywords:
                self.trace.refuse(f"`{function.attr}` of something else than a name")
            arguments = [self.expressions.evaluate(argument) for argument in call.args]
            change_list(self.trace, function.value.id, function.attr, arguments)
        elif not _is_printed(call):
            self.expressions.evaluate(call)
        return self._next()

    def _run_functiondef(self, node: ast.FunctionDef) -> Way:
        if node.decorator_list:
            self.trace.refuse("a decorator")
        self.trace.names[node.name] = self.expressions.close(node)
        return self._next()

    def _run_if(self, node: ast.If) -> Way:
        trace = self.trace
        open_lists(trace, node)
        condition = trace.truth(self.expressions.evaluate(node.test))
        if condition.op == "literal":
            return self.run(node.body if condition.value else node.orelse)
        names, ways = trace.names, []
        for holds, body in ((condition, node.body), (trace.graph.negate(condition), node.orelse)):
            trace.names = dict(names)
            with trace.given(holds):
                ways.append(self.run(body))
        return Split(condition, *ways)

    def _run_match(self, node: ast.Match) -> Way:
        # A name that no Python has.
        subject = f"subject {node.lineno}"
        self.trace.names[subject] = self.expressions.evaluate(node.subject)
        return self.run(rewrite_cases(node, subject, self.trace.refuse))

    def _run_for(self, node: ast.For) -> Way:
        open_lists(self.trace, node)
        iterable = self.expressions.evaluate(node.iter)
        items = to_sequence(self.trace, iterable)
        if items is None:
            return self._run_for_few(node, iterable)
        if len(items) > MAX_TURNS:
            self.trace.refuse(f"a loop of more than {MAX_TURNS} turns")
        way: Way = self._next()
        for value in items:
            way = self.go_on(way, lambda value=value: self._turn(node, value))  # type: ignore[misc]
            way = rename(way, "continue", "next")
            if not holds_next(way):
                break
        return self._end_loop(node, way)

    def _end_loop(self, node: ast.For, way: Way) -> Way:
        if node.orelse and holds_next(way):
            way = self.go_on(way, lambda: self.run(node.orelse))
        return rename(way, "break", "next")

    def _run_for_few(self, node: ast.For, iterable: Value) -> Way:
        """A loop that gathers something from each item of a list, or one over few items."""
        try:
            if node.orelse:
                self.trace.refuse("`else` of a loop over data")
            with undo_refused(self.trace):
                return comprehend_loop(self.expressions, self.run, node, iterable)
        except NotLowerableError:
            few = to_few(self.trace, iterable)
            if few is None:
                raise
        way: Way = self._next()
        for value, present in zip(few.items, few.present, strict=True):
            way = self.go_on(way, lambda at=(value, present): self._turn_if(node, *at))  # type: ignore[misc]
            way = rename(way, "continue", "next")
            if not holds_next(way):
                break
        return self._end_loop(node, way)

    def _turn_if(self, node: ast.For, value: Value, present: Node) -> Way:
        """A turn for an item that may be absent."""
        trace, names, ways = self.trace, self.trace.names, []
        present = trace.simplify(present)
        if present.op == "literal":
            return self._turn(node, value) if present.value else self._next()
        for holds in (present, trace.graph.negate(present)):
            trace.names = dict(names)
            with trace.given(holds):
                ways.append(self._turn(node, value) if holds is present else self._next())
        return Split(present, *ways)

    def _turn(self, node: ast.For, value: Value) -> Way:
        bind(self.expressions, node.target, value)
        return self.run(node.body)

    def _run_while(self, node: ast.While) -> Way:
        """A few turns; values that need more are Python's."""
        if node.orelse:
            self.trace.refuse("`else` of a loop")
        trace = self.trace
        way: Way = self._next()
        for turn in range(MAX_WHILE + 1):
            last = turn == MAX_WHILE
            way = self.go_on(way, lambda last=last: self._turn_while(node, last=last))  # type: ignore[misc]
            if not holds_next(way):
                break
        trace.line = node.lineno
        return rename(way, "break", "next")

    def _turn_while(self, node: ast.While, *, last: bool) -> Way:
        trace = self.trace
        goes_on = trace.truth(self.expressions.evaluate(node.test))
        if goes_on is trace.graph.false:
            return Left("break", dict(trace.names), trace.facts)
        if last:
            trace.insist(trace.graph.negate(goes_on))
            return Left("break", dict(trace.names), trace.facts)
        names, ways = trace.names, []
        for holds, body in ((goes_on, node.body), (trace.graph.negate(goes_on), None)):
            trace.names = dict(names)
            with trace.given(holds):
                turn = self.run(body) if body else Left("break", dict(trace.names), trace.facts)
                ways.append(rename(turn, "continue", "next"))
        return ways[0] if goes_on is trace.graph.true else Split(goes_on, *ways)

    def _run_try(self, node: ast.Try) -> Way:
        if node.finalbody:
            self.trace.refuse("`finally`")
        trace, path, facts = self.trace, self.trace.path, self.trace.facts
        handlers = [Handler(self._classes(h), [], trace.depth) for h in node.handlers]
        before = dict(trace.names)
        trace.handlers += reversed(handlers)
        try:
            way = self.run(node.body)
        finally:
            del trace.handlers[len(trace.handlers) - len(handlers) :]
        if node.orelse:
            way = self.go_on(way, lambda: self.run(node.orelse))
        for handler, clause in zip(handlers, node.handlers, strict=True):
            if not handler.escapes:
                continue
            escaped = trace.graph.either(*(condition for condition, _ in handler.escapes))
            trace.path, trace.facts = path, facts
            trace.names = self._merge_escapes(handler, before)
            caught = trace.simplify(escaped)
            with trace.given(caught):
                if clause.name:
                    trace.names[clause.name] = Unbound()
                ways = self.run(clause.body)
            way = ways if caught is trace.graph.true else Split(caught, ways, way)
        trace.path, trace.facts = path, facts
        return way

    def _merge_escapes(self, handler: Handler, before: dict[str, Value]) -> dict[str, Value]:
        """The names as they are where an exception was raised."""
        merged = dict(handler.escapes[-1][1])
        for condition, names in reversed(handler.escapes[:-1]):
            merged = {
                name: self.trace.merge(condition, names.get(name, Unbound()), merged.get(name, Unbound()))
                for name in {**names, **merged}
            }
            keep_shared(self.trace, merged, names)
        return {name: value for name, value in merged.items() if name in before} | {
            name: value for name, value in merged.items() if name not in before
        }

    def _classes(self, handler: ast.ExceptHandler) -> tuple[type[BaseException], ...]:
        if handler.type is None:
            return (Exception,)
        value = self.expressions.evaluate(handler.type)
        told = value.value if isinstance(value, Known) else None
        classes = told if isinstance(told, tuple) else (told,)
        if not all(isinstance(kind, type) and issubclass(kind, BaseException) for kind in classes):
            self.trace.refuse("an `except` of something that is no exception's name")
        return tuple(classes)


def _is_printed(node: ast.expr) -> bool:
    """Whether an expression only writes names, constants, or text with names, to the terminal."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"):
        return isinstance(node, ast.Constant)
    return (
        all(
            isinstance(part, ast.Constant | ast.Name | ast.Load | ast.JoinedStr | ast.FormattedValue)
            for argument in node.args
            for part in ast.walk(argument)
        )
        and not node.keywords
    )
