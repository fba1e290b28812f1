"""A Python expression -> what it stands for. What has no rule is refused."""

from __future__ import annotations

import ast
import builtins
import operator
from typing import TYPE_CHECKING, Any, TypeGuard

from rdc.lowering.functions.arithmetic import OPERATORS
from rdc.lowering.functions.calling import call, fold, is_in
from rdc.lowering.functions.calls import METHODS, MODULES
from rdc.lowering.functions.comparing import compare, to_value
from rdc.lowering.functions.comprehensions import comprehend
from rdc.lowering.functions.formats import format_value, join_text
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.lists import keep_first, pick_text, read_record, slice_list, take_item
from rdc.lowering.functions.sequences import to_sequence
from rdc.lowering.functions.texts import slice_text
from rdc.lowering.functions.trace import AlwaysRaisesError, settle
from rdc.lowering.functions.values import (
    Carried,
    Choice,
    Function,
    Known,
    Match,
    Method,
    Moment,
    Record,
    Static,
    Symbol,
    Unbound,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace


ORDERED_TAKERS = frozenset({"list", "tuple", "join", "sorted", "len", "enumerate"})
"""What goes through keys, and does not ask for more."""


class Expressions:
    """Evaluates expressions on the way of a trace.

    Args:
        trace: where names stand and demands go.
        scope: the names outside of the function.
        run: evaluates a function's body with the names that it begins with.
        calls: functions around this one.
    """

    def __init__(
        self,
        trace: Trace,
        scope: Mapping[str, Value],
        run: Callable[[Trace, Function, Mapping[str, Value], int], Value],
        calls: int = 0,
    ) -> None:
        self.trace = trace
        self.scope = scope
        self.run = run
        self.calls = calls

    def evaluate(self, node: ast.expr) -> Value:
        """What an expression stands for.

        Raises:
            NotLowerableError: it, or a part of it, has no rule.
            AlwaysRaisesError: Python raises whatever the input is.
        """
        self.trace.line = getattr(node, "lineno", self.trace.line)
        self.trace.step()
        visit = getattr(self, f"_visit_{type(node).__name__.lower()}", None)
        if visit is None:
            self.trace.refuse(f"the syntax {type(node).__name__}")
        found: Value = visit(node)
        return found

    # Atoms

    def _visit_constant(self, node: ast.Constant) -> Value:
        return Known(node.value)

    def _visit_name(self, node: ast.Name) -> Value:
        for names in (self.trace.names, self.scope):
            if node.id in names:
                value = names[node.id]
                if isinstance(value, Unbound):
                    self.trace.refuse(f"`{node.id}`, which is not set on every way")
                if _is_carried(value):
                    self.trace.refuse(f"`{node.id}`, which an earlier turn of a loop may have set")
                return value
        if hasattr(builtins, node.id):
            return Known(getattr(builtins, node.id))
        return self.trace.refuse(f"the name `{node.id}`")

    def _visit_tuple(self, node: ast.Tuple) -> Value:
        return self._sequence(node.elts, tuple)

    def _visit_list(self, node: ast.List) -> Value:
        return self._sequence(node.elts, list)

    def _visit_set(self, node: ast.Set) -> Value:
        return self._sequence(node.elts, set)

    def _sequence(self, nodes: Sequence[ast.expr], kind: type) -> Value:
        items: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                spread = to_sequence(self.trace, self.evaluate(node.value))
                items += (
                    self.trace.refuse("`*` before a list of unknown length") if spread is None else spread
                )
            else:
                items.append(self.evaluate(node))
        known = [item.value for item in items if isinstance(item, Known)]
        return Known(kind(known)) if len(known) == len(items) else Static(tuple(items), kind)

    def _visit_dict(self, node: ast.Dict) -> Value:
        items: dict[Any, Value] = {}
        for key, part in zip(node.keys, node.values, strict=True):
            value = self.evaluate(part)
            if key is None:
                items |= read_record(self.trace, value, "`**` before")
                continue
            name = settle(self.evaluate(key))
            if not isinstance(name, Known):
                self.trace.refuse("a dict whose keys depend on the value")
            items[name.value] = value
        known = {name: value.value for name, value in items.items() if isinstance(value, Known)}
        return Known(known) if len(known) == len(items) else Record(items)

    def _visit_joinedstr(self, node: ast.JoinedStr) -> Value:
        return join_text(self.trace, [self.evaluate(part) for part in node.values])

    def _visit_formattedvalue(self, node: ast.FormattedValue) -> Value:
        spec = self.evaluate(node.format_spec) if node.format_spec else Known("")
        value = self.evaluate(node.value)
        if node.conversion == ord("s"):
            value = self.call(Known(str), [value])
        elif node.conversion != -1:
            self.trace.refuse("`!r` in an f-string")
        return format_value(self.trace, value, self.trace.constant(spec, "a format"))

    # Operations

    def _visit_unaryop(self, node: ast.UnaryOp) -> Value:
        value = self.evaluate(node.operand)
        if isinstance(node.op, ast.Not):
            return to_value(self.trace, self.trace.graph.negate(self.trace.truth(value)))
        return (
            OPERATORS[type(node.op)](self.trace, value) if type(node.op) in OPERATORS else self._stop(node.op)
        )

    def _visit_binop(self, node: ast.BinOp) -> Value:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        return self.operate(node.op, left, right)

    def operate(self, op: ast.operator, left: Value, right: Value) -> Value:
        """What an operator makes of two values."""
        if type(op) not in OPERATORS:
            return self._stop(op)
        apply = OPERATORS[type(op)]
        return self.trace.over(
            left, lambda one: self.trace.over(right, lambda other: apply(self.trace, one, other))
        )

    def _visit_boolop(self, node: ast.BoolOp) -> Value:
        """`and`, `or`: the first value that decides, or the last."""
        trace, is_and = self.trace, isinstance(node.op, ast.And)
        first = self.evaluate(node.values[0])
        rest = node.values[1:]
        if not rest:
            return first
        holds = trace.truth(first)
        goes_on = holds if is_and else trace.graph.negate(holds)
        if goes_on is trace.graph.false:
            return first
        after = ast.copy_location(ast.BoolOp(node.op, rest), node)
        with trace.given(goes_on):
            try:
                second = self._visit_boolop(after)
            except AlwaysRaisesError:
                if goes_on is trace.graph.true:
                    raise
                second = Unbound()
        if goes_on is trace.graph.true:
            return second
        # What `first` is where it decides is more than its truth: None, '' or 0 of `and`.
        with trace.given(trace.graph.negate(goes_on)):
            decided = self._settle(first, is_and=is_and)
        return trace.merge(goes_on, second, decided)

    def _settle(self, value: Value, *, is_and: bool) -> Value:
        """A value of which the truth is known."""
        if isinstance(value, Match) and is_and:
            return Known(None)
        if isinstance(value, Symbol) and value.node.kind is Kind.BOOLEAN and not value.nullable:
            return Known(not is_and)
        if isinstance(value, Symbol) and value.node.kind is Kind.TEXT and not value.nullable and is_and:
            return Known("")
        if isinstance(value, Symbol) and not is_and:
            return Symbol(value.node)
        return value

    def _visit_ifexp(self, node: ast.IfExp) -> Value:
        condition = self.trace.truth(self.evaluate(node.test))
        return self.branch(condition, lambda: self.evaluate(node.body), lambda: self.evaluate(node.orelse))

    def branch(self, condition: Node, then: Callable[[], Value], other: Callable[[], Value]) -> Value:
        """One of two values, each evaluated where it is needed."""
        trace = self.trace
        condition = trace.simplify(condition)
        if condition.op == "literal":
            return then() if condition.value else other()
        results: list[Value] = []
        for holds, evaluate in ((condition, then), (trace.graph.negate(condition), other)):
            with trace.given(holds):
                try:
                    results.append(evaluate())
                except AlwaysRaisesError:
                    results.append(Unbound())
        if all(isinstance(result, Unbound) for result in results):
            raise AlwaysRaisesError
        return trace.merge(condition, *results)

    def _visit_compare(self, node: ast.Compare) -> Value:
        left, conditions = self.evaluate(node.left), []
        for op, operand in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(operand)
            conditions.append(compare(self.trace, op, left, right))
            left = right
        return to_value(self.trace, self.trace.graph.both(*conditions))

    def _visit_subscript(self, node: ast.Subscript) -> Value:
        owner = self.evaluate(node.value)
        if isinstance(node.slice, ast.Slice):
            bounds = [
                Known(None) if part is None else self.evaluate(part)
                for part in (node.slice.lower, node.slice.upper, node.slice.step)
            ]
            return self.trace.over(owner, lambda value: self._slice(value, bounds))
        key = self.evaluate(node.slice)
        return self.trace.over(owner, lambda value: self._index(value, key))

    def _slice(self, owner: Value, bounds: Sequence[Value]) -> Value:
        if all(isinstance(part, Known) for part in (owner, *bounds)):
            return fold(
                self.trace,
                operator.getitem,
                [owner, Known(slice(*(b.value for b in bounds if isinstance(b, Known))))],
            )
        if isinstance(owner, Symbol) and owner.node.kind is Kind.TEXT:
            return slice_text(self.trace, owner, bounds)
        if isinstance(owner, Static) and all(isinstance(part, Known) for part in bounds):
            chosen = slice(*(b.value for b in bounds if isinstance(b, Known)))
            return Static(tuple(owner.items[chosen]), owner.kind)
        return slice_list(self.trace, owner, bounds)

    def _index(self, owner: Value, key: Value) -> Value:
        trace = self.trace
        if isinstance(owner, Known) and isinstance(key, Known):
            return fold(self.trace, operator.getitem, [owner, key])
        if isinstance(owner, Record):
            return METHODS["record"]["__getitem__"](trace, owner, key)
        if isinstance(owner, Known) and isinstance(owner.value, dict):
            return METHODS["dict"]["__getitem__"](trace, owner, key)
        if isinstance(owner, Match):
            return METHODS["match"]["group"](trace, owner, key)
        if isinstance(owner, Known) and isinstance(owner.value, tuple | list) and isinstance(key, Symbol):
            chosen = trace.node(key)
            if chosen.kind is Kind.BOOLEAN and len(owner.value) > 1:
                return trace.merge(chosen, Known(owner.value[1]), Known(owner.value[0]))
            if chosen.kind is Kind.INTEGER and all(isinstance(item, str) for item in owner.value):
                return pick_text(trace, owner.value, chosen)
        return take_item(trace, owner, trace.number(key, "a position"))

    # Calls

    def _visit_attribute(self, node: ast.Attribute) -> Value:
        owner = self.evaluate(node.value)
        if isinstance(owner, Known) and is_in(owner.value, MODULES):
            if node.attr not in MODULES[owner.value]:
                self.trace.refuse(f"`{owner.value.__name__}.{node.attr}`")
            return Known(getattr(owner.value, node.attr))
        if isinstance(owner, Known) and not hasattr(owner.value, node.attr):
            self.trace.require(self.trace.graph.false, AttributeError)
        if isinstance(owner, Moment):
            if node.attr not in owner.parts:
                return Method(owner, node.attr)
            return Symbol(owner.parts[node.attr])
        return Method(owner, node.attr)

    def _visit_call(self, node: ast.Call) -> Value:
        function = self.evaluate(node.func)
        arguments: list[Value] = []
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                spread = to_sequence(self.trace, self.evaluate(argument.value))
                arguments += self.trace.refuse("`*` in a call") if spread is None else spread
            elif _is_ordered_set(argument) and _name(node.func) in ORDERED_TAKERS:
                keys = argument.args[0]
                arguments.append(keep_first(self.trace, self.evaluate(keys)))
            else:
                arguments.append(self.evaluate(argument))
        named = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                self.trace.refuse("`**` in a call")
            named[keyword.arg] = self.evaluate(keyword.value)
        self.trace.line = node.lineno
        return self.call(function, arguments, named)

    def call(
        self, function: Value, arguments: Sequence[Value], named: Mapping[str, Value] | None = None
    ) -> Value:
        """What a call returns."""
        return call(self, function, arguments, named or {})

    def within(self, scope: Mapping[str, Value]) -> Expressions:
        """The same where other names are seen."""
        return Expressions(self.trace, scope, self.run, self.calls)

    def close(self, node: ast.FunctionDef | ast.Lambda) -> Function:
        """A function that is made here, with the names that stand here."""
        names = dict(self.trace.names)
        return Function(node, {**self.scope, **names}, captured=names)

    def _visit_lambda(self, node: ast.Lambda) -> Value:
        return self.close(node)

    def _visit_listcomp(self, node: ast.ListComp) -> Value:
        return comprehend(self, node)

    def _visit_setcomp(self, node: ast.SetComp) -> Value:
        found = comprehend(self, ast.copy_location(ast.ListComp(node.elt, node.generators), node))
        return self.call(Known(set), [found])

    def _visit_dictcomp(self, node: ast.DictComp) -> Value:
        pair = ast.copy_location(ast.Tuple([node.key, node.value], ast.Load()), node)
        return self._known_comprehension(
            node, ast.copy_location(ast.ListComp(pair, node.generators), node), dict
        )

    def _known_comprehension(self, node: ast.expr, pairs: ast.ListComp, kind: type) -> Value:
        found = comprehend(self, pairs)
        if not isinstance(found, Known):
            self.trace.refuse(f"a {kind.__name__} that depends on the value")
        self.trace.line = node.lineno
        return Known(kind(found.value))

    def _visit_generatorexp(self, node: ast.GeneratorExp) -> Value:
        return comprehend(self, node)

    def _visit_namedexpr(self, node: ast.NamedExpr) -> Value:
        value = self.evaluate(node.value)
        self.trace.names[node.target.id] = value
        return value

    def _stop(self, op: ast.AST) -> Value:
        return self.trace.refuse(f"the operator {type(op).__name__}")


def _is_ordered_set(node: ast.expr) -> TypeGuard[ast.Call]:
    """Whether it is `dict.fromkeys(items)`, whose keys are the items once each, in order."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "fromkeys"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "dict"
        and len(node.args) == 1
        and not node.keywords
        and not isinstance(node.args[0], ast.Starred)
    )


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_carried(value: Value) -> bool:
    """Whether a value may be what an earlier turn of a loop left."""
    if isinstance(value, Choice):
        return _is_carried(value.then) or _is_carried(value.other)
    return isinstance(value, Carried)
