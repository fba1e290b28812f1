"""A Python expression -> what it stands for. What has no rule is refused."""

from __future__ import annotations

import ast
import builtins
import operator
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from typing import TYPE_CHECKING, Any

from rdc.lowering.functions.arithmetic import OPERATORS, compare_numbers
from rdc.lowering.functions.calls import CALLS, FOLDED, METHODS, MODULES, PURE, WRAPPED
from rdc.lowering.functions.comprehensions import comprehend
from rdc.lowering.functions.formats import format_value, join_text
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.lists import slice_list
from rdc.lowering.functions.texts import contains_text, slice_text
from rdc.lowering.functions.trace import AlwaysRaisesError, describe, item, to_sequence
from rdc.lowering.functions.values import (
    Characters,
    Choice,
    Function,
    Known,
    Match,
    Method,
    Moment,
    Number,
    Static,
    Symbol,
    Unbound,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdc.lowering.functions.ir import Node
    from rdc.lowering.functions.trace import Trace

MAX_CALLS = 12
"""How deep functions may call each other."""
COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


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
        self._run = run
        self._calls = calls

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
        pairs = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                self.trace.refuse("`**` in a dict")
            pairs.append((self.evaluate(key), self.evaluate(value)))
        if all(isinstance(k, Known) and isinstance(v, Known) for k, v in pairs):
            return Known(
                {k.value: v.value for k, v in pairs if isinstance(k, Known) and isinstance(v, Known)}
            )
        return self.trace.refuse("a dict whose values depend on the value")

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
            return self._condition(self.trace.graph.negate(self.trace.truth(value)))
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
            conditions.append(self._compare(op, left, right))
            left = right
        return self._condition(self.trace.graph.both(*conditions))

    def _condition(self, condition: Node) -> Value:
        condition = self.trace.simplify(condition)
        return Known(condition.value) if condition.op == "literal" else Symbol(condition)

    def _compare(self, op: ast.cmpop, left: Value, right: Value) -> Node:
        trace = self.trace
        if isinstance(op, ast.Is | ast.IsNot):
            same = self._is_same(left, right)
            return same if isinstance(op, ast.Is) else trace.graph.negate(same)
        if isinstance(left, Choice) or isinstance(right, Choice):
            compared = trace.over(
                left, lambda a: trace.over(right, lambda b: self._condition(self._compare(op, a, b)))
            )
            return trace.truth(compared)
        if isinstance(left, Known) and isinstance(right, Known):
            try:
                return trace.graph.literal(value=bool(COMPARISONS[type(op)](left.value, right.value)))
            except TypeError:
                raise AlwaysRaisesError from None
        if isinstance(op, ast.In | ast.NotIn):
            within = contains_text(trace, left, right)
            return within if isinstance(op, ast.In) else trace.graph.negate(within)
        return compare_numbers(trace, type(op), left, right)

    def _is_same(self, left: Value, right: Value) -> Node:
        """`is`, which rdc knows of None, True and False alone."""
        graph = self.trace.graph
        if isinstance(left, Known):
            left, right = right, left
        if not (isinstance(right, Known) and (right.value is None or isinstance(right.value, bool))):
            self.trace.refuse("`is` between values other than None")
        if isinstance(left, Known):
            return graph.literal(value=left.value is right.value)
        if isinstance(left, Choice):
            return self.trace.truth(
                self.trace.over(left, lambda part: self._condition(self._is_same(part, right)))
            )
        if right.value is None:
            if isinstance(left, Match):
                return graph.negate(self.trace.truth(left))
            nullable = isinstance(left, Symbol) and left.nullable
            return self.trace.is_null(left.node) if nullable and isinstance(left, Symbol) else graph.false
        if isinstance(left, Symbol) and left.node.kind is Kind.BOOLEAN and not left.nullable:
            return left.node if right.value else graph.negate(left.node)
        return self.trace.refuse("`is` between values other than None")

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
            return self.fold(
                operator.getitem, [owner, Known(slice(*(b.value for b in bounds if isinstance(b, Known))))]
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
            return self.fold(operator.getitem, [owner, key])
        if isinstance(owner, Known) and isinstance(owner.value, dict):
            return METHODS["dict"]["__getitem__"](trace, owner, key)
        if isinstance(owner, Match):
            return METHODS["match"]["group"](trace, owner, key)
        if isinstance(owner, Known) and isinstance(owner.value, tuple | list) and isinstance(key, Symbol):
            at, size = trace.node(key), len(owner.value)
            if at.kind is Kind.BOOLEAN and size == 2:
                return trace.merge(at, Known(owner.value[1]), Known(owner.value[0]))
        at = trace.number(key, "a position")
        items = to_sequence(trace, owner)
        if items is not None and isinstance(owner, Static | Symbol):
            if not -len(items) <= at < len(items):
                trace.require(trace.graph.false, IndexError)
            return items[at]
        if isinstance(owner, Symbol) and owner.node.kind is Kind.LIST:
            size = trace.count(owner.node)
            needed = at + 1 if at >= 0 else -at
            trace.require(trace.graph.make("at_least", Kind.BOOLEAN, size, value=needed), IndexError)
            place = trace.graph.literal(at)
            return Symbol(item(trace, owner.node, place))
        text = trace.text(owner)
        needed = at + 1 if at >= 0 else -at
        size = trace.graph.make("length", Kind.INTEGER, text, bounds=(0, 2**31))
        trace.require(trace.graph.make("at_least", Kind.BOOLEAN, size, value=needed), IndexError)
        return slice_text(trace, Symbol(text), [Known(at), Known(at + 1 or None), Known(None)])

    # Calls

    def _visit_attribute(self, node: ast.Attribute) -> Value:
        owner = self.evaluate(node.value)
        if isinstance(owner, Known) and _is_in(owner.value, MODULES):
            if node.attr not in MODULES[owner.value]:
                self.trace.refuse(f"`{owner.value.__name__}.{node.attr}`")
            return Known(getattr(owner.value, node.attr))
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
            elif isinstance(argument, ast.GeneratorExp):
                arguments.append(comprehend(self, argument))
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
        named = named or {}
        known = all(isinstance(value, Known) for value in (*arguments, *named.values()))
        if isinstance(function, Function):
            if known and function.python is not None:
                return self.fold(function.python, arguments, named)
            return self._run_function(function, arguments, named)
        if isinstance(function, Method):
            return self.trace.over(
                function.owner, lambda owner: self._call_method(owner, function.name, arguments, named)
            )
        if not isinstance(function, Known):
            return self.trace.refuse(f"a call of {describe(function)}")
        target = function.value
        if known and _is_in(target, PURE):
            return self.fold(target, arguments, named)
        if _is_in(target, WRAPPED):
            return self._bind(WRAPPED[target], self, arguments, named)
        if not _is_in(target, CALLS):
            # An unbound method, such as str.lower.
            owner = getattr(target, "__objclass__", None)
            if owner is str and arguments:
                return self.call(Method(arguments[0], target.__name__), arguments[1:], named)
            self.trace.refuse(f"a call of `{getattr(target, '__name__', target)}`")
        rule = CALLS[target]
        if len(arguments) == 1 and not named and isinstance(arguments[0], Choice):
            return self.trace.over(arguments[0], lambda value: self._bind(rule, self.trace, [value], {}))
        return self._bind(rule, self.trace, arguments, named)

    def _bind(
        self, rule: Callable[..., Value], first: Any, arguments: Sequence[Value], named: Mapping[str, Value]
    ) -> Value:
        code = rule.__code__
        allowed = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        if not named.keys() <= set(allowed) or (
            len(arguments) > code.co_argcount - 1 and not code.co_flags & 0x04
        ):
            self.trace.refuse(f"these arguments of {rule.__name__.strip('_').replace('_', ' ')}")
        missing = code.co_argcount - 1 - len(rule.__defaults__ or ()) - len(arguments)
        if missing > len(named):
            raise AlwaysRaisesError
        return rule(first, *arguments, **named)

    def _call_method(
        self, owner: Value, name: str, arguments: Sequence[Value], named: Mapping[str, Value]
    ) -> Value:
        trace = self.trace
        known = all(isinstance(value, Known) for value in (owner, *arguments, *named.values()))
        if isinstance(owner, Known) and owner.value is None:
            trace.require(trace.graph.false, AttributeError)
        if known and isinstance(owner, Known) and name in FOLDED.get(type(owner.value), ()):
            return self.fold(getattr(owner.value, name), arguments, named)
        kind = _method_kind(owner)
        if kind == "text":
            owner = Symbol(trace.text(owner, AttributeError))
        rule = METHODS.get(kind, {}).get(name)
        if rule is None:
            if kind in ("text", "list", "match", "number", "moment", "dict"):
                trace.refuse(f"the method `{name}` of {describe(owner)}")
            trace.refuse(f"`{name}` of {describe(owner)}")
        if _is_in(rule, WRAPPED):
            return self._bind_method(WRAPPED[rule], self, owner, arguments, named)
        return self._bind_method(rule, trace, owner, arguments, named)

    def _bind_method(
        self,
        rule: Callable[..., Value],
        first: Any,
        owner: Value,
        arguments: Sequence[Value],
        named: Mapping[str, Value],
    ) -> Value:
        return self._bind(rule, first, [owner, *arguments], named)

    def fold(
        self,
        function: Callable[..., Any],
        arguments: Sequence[Value],
        named: Mapping[str, Value] | None = None,
    ) -> Value:
        """What Python itself returns for known values."""
        values = [argument.value for argument in arguments if isinstance(argument, Known)]
        keywords = {name: value.value for name, value in (named or {}).items() if isinstance(value, Known)}
        try:
            found = function(*values, **keywords)
            # What can be gone through once is kept.
            return Known(
                list(found) if isinstance(found, Iterator | ValuesView | KeysView | ItemsView) else found
            )
        except Exception as error:  # noqa: BLE001 - whatever Python raises for these values
            self.trace.require(self.trace.graph.false, type(error))
            raise AlwaysRaisesError from error

    def _run_function(
        self, function: Function, arguments: Sequence[Value], named: Mapping[str, Value]
    ) -> Value:
        if self._calls > MAX_CALLS:
            self.trace.refuse("functions that call each other too deeply")
        spec = function.node.args
        if spec.kwarg or spec.posonlyargs:
            self.trace.refuse("a function that takes any number of named arguments")
        names = [argument.arg for argument in spec.args]
        given = dict(zip(names, arguments, strict=False)) | dict(named)
        if spec.vararg:
            rest = arguments[len(names) :]
            known = [value.value for value in rest if isinstance(value, Known)]
            given[spec.vararg.arg] = (
                Known(tuple(known)) if len(known) == len(rest) else Static(tuple(rest), tuple)
            )
        elif len(arguments) > len(names):
            raise AlwaysRaisesError
        defaults = dict(zip(names[len(names) - len(spec.defaults) :], spec.defaults, strict=True))
        defaults |= {
            argument.arg: default
            for argument, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
            if default is not None
        }
        for name in (*names, *(argument.arg for argument in spec.kwonlyargs)):
            if name not in given:
                if name not in defaults:
                    raise AlwaysRaisesError
                given[name] = Expressions(self.trace, function.scope, self._run).evaluate(defaults[name])
        return self._run(self.trace, function, given, self._calls + 1)

    def _visit_lambda(self, node: ast.Lambda) -> Value:
        return Function(node, {**self.scope, **self.trace.names})

    def _visit_listcomp(self, node: ast.ListComp) -> Value:
        return comprehend(self, node)

    def _visit_setcomp(self, node: ast.SetComp) -> Value:
        return self._known_comprehension(
            node, ast.copy_location(ast.ListComp(node.elt, node.generators), node), set
        )

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


def _method_kind(owner: Value) -> str:
    """Which table of methods a value has."""
    if isinstance(owner, Symbol):
        return "list" if owner.node.kind is Kind.LIST else owner.node.kind.value
    if isinstance(owner, Known):
        names = {str: "text", dict: "dict", list: "list", tuple: "list"}
        return names.get(type(owner.value), type(owner.value).__name__.lower())
    table: dict[type, str] = {
        Match: "match", Number: "number", Moment: "moment", Static: "list", Characters: "list",
    }  # fmt: skip
    return table.get(type(owner), "")


def _is_in(key: object, table: Mapping[Any, Any] | frozenset[Any]) -> bool:
    """Whether something that may not be hashable is a key."""
    try:
        return key in table
    except TypeError:
        return False
