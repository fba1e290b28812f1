"""A call -> what it returns: by a rule, by following the function, or by asking Python where all is known."""

from __future__ import annotations

import ast
import re
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from decimal import Decimal
from inspect import CO_VARARGS, CO_VARKEYWORDS
from typing import TYPE_CHECKING, Any

from rdc.lowering.functions.calls import CALLS, FOLDED, METHODS, PURE, WRAPPED
from rdc.lowering.functions.ir import Kind
from rdc.lowering.functions.trace import AlwaysRaisesError, describe
from rdc.lowering.functions.values import (
    Characters,
    Choice,
    Function,
    Known,
    Match,
    Method,
    Moment,
    Number,
    Record,
    Static,
    Symbol,
    Value,
)
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdc.lowering.functions.evaluation import Evaluation
    from rdc.lowering.functions.trace import Trace

LEFT_TO_PYTHON = frozenset({"_decode_all", "_unescape_all"})
"""Functions of recipes that few values come to, and that are long as SQL: those values take the Python path."""
PYTHON: Mapping[str, type] = {
    "text": str, "integer": int, "float": float, "boolean": bool, "match": re.Match, "number": Decimal,
}  # fmt: skip
"""By kind of value: its class, of which a method that it lacks raises."""
MAX_CALLS = 12
"""How deep functions may call each other."""


def call(
    expressions: Evaluation, function: Value, arguments: Sequence[Value], named: Mapping[str, Value]
) -> Value:
    """What a call returns.

    Raises:
        NotLowerableError: what is called has no rule.
        AlwaysRaisesError: Python raises whatever the input is.
    """
    trace = expressions.trace
    known = all(isinstance(value, Known) for value in (*arguments, *named.values()))
    if isinstance(function, Function):
        if known and function.python is not None:
            return fold(trace, function.python, arguments, named)
        if function.python is not None and getattr(function.node, "name", "") in LEFT_TO_PYTHON:
            trace.insist(trace.graph.false)
            raise AlwaysRaisesError
        return _run_function(expressions, function, arguments, named)
    if isinstance(function, Method):
        return trace.over(
            function.owner, lambda owner: _call_method(expressions, owner, function.name, arguments, named)
        )
    if not isinstance(function, Known):
        return trace.refuse(f"a call of {describe(function)}")
    target = function.value
    if known and is_in(target, PURE):
        return fold(trace, target, arguments, named)
    if is_in(target, WRAPPED):
        return _bind(WRAPPED[target], expressions, arguments, named)
    if not is_in(target, CALLS):
        # An unbound method, such as str.lower.
        owner = getattr(target, "__objclass__", None)
        if owner is str and arguments:
            return call(expressions, Method(arguments[0], target.__name__), arguments[1:], named)
        trace.refuse(f"a call of `{getattr(target, '__name__', target)}`")
    return _bind(CALLS[target], trace, arguments, named)


def _bind(
    rule: Callable[..., Value], first: Any, arguments: Sequence[Value], named: Mapping[str, Value]
) -> Value:
    code = rule.__code__
    allowed = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    takes_names, takes_more = code.co_flags & CO_VARKEYWORDS, code.co_flags & CO_VARARGS
    if (not takes_names and not named.keys() <= set(allowed)) or (
        len(arguments) > code.co_argcount - 1 and not takes_more
    ):
        raise NotLowerableError(f"these arguments of {rule.__name__.strip('_').replace('_', ' ')}")
    missing = code.co_argcount - 1 - len(rule.__defaults__ or ()) - len(arguments)
    if missing > len(named):
        raise AlwaysRaisesError
    return _apply(rule, first, arguments, named)


def _apply(
    rule: Callable[..., Value], first: Any, arguments: Sequence[Value], named: Mapping[str, Value]
) -> Value:
    """Apply a rule, or apply it to each of what an argument may be."""
    trace: Trace = getattr(first, "trace", first)
    at = next((at for at, argument in enumerate(arguments) if isinstance(argument, Choice)), None)
    if at is None:
        return rule(first, *arguments, **named)
    before, after = arguments[:at], arguments[at + 1 :]
    return trace.over(arguments[at], lambda value: _apply(rule, first, [*before, value, *after], named))


def _call_method(
    expressions: Evaluation, owner: Value, name: str, arguments: Sequence[Value], named: Mapping[str, Value]
) -> Value:
    trace = expressions.trace
    known = all(isinstance(value, Known) for value in (owner, *arguments, *named.values()))
    if isinstance(owner, Known) and owner.value is None:
        trace.require(trace.graph.false, AttributeError)
    if known and isinstance(owner, Known) and name in FOLDED.get(type(owner.value), ()):
        return fold(trace, getattr(owner.value, name), arguments, named)
    kind = _method_kind(owner)
    if kind == "text":
        owner = Symbol(trace.text(owner, AttributeError))
    rule = METHODS.get(kind, {}).get(name)
    if rule is None:
        if kind in PYTHON and not hasattr(PYTHON[kind], name):
            trace.require(trace.graph.false, AttributeError)
        if kind in ("text", "list", "match", "number", "moment", "dict"):
            trace.refuse(f"the method `{name}` of {describe(owner)}")
        trace.refuse(f"`{name}` of {describe(owner)}")
    if is_in(rule, WRAPPED):
        return _bind(WRAPPED[rule], expressions, [owner, *arguments], named)
    return _bind(rule, trace, [owner, *arguments], named)


def fold(
    trace: Trace,
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
    except Exception as error:
        trace.require(trace.graph.false, type(error))
        raise AlwaysRaisesError from error


def _run_function(
    expressions: Evaluation, function: Function, arguments: Sequence[Value], named: Mapping[str, Value]
) -> Value:
    trace = expressions.trace
    if expressions.calls > MAX_CALLS:
        trace.refuse("functions that call each other too deeply")
    if function.captured:
        _refuse_changed(trace, function, function.captured)
    spec = function.node.args
    if spec.kwarg or spec.posonlyargs:
        trace.refuse("a function that takes any number of named arguments")
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
            given[name] = _evaluate_default(expressions, function, defaults[name])
    return expressions.run(trace, function, given, expressions.calls + 1)


def _evaluate_default(expressions: Evaluation, function: Function, default: ast.expr) -> Value:
    """The default of an argument, which sees the names of the function and not those of who calls it."""
    trace, names = expressions.trace, expressions.trace.names
    trace.names = {}
    try:
        return expressions.within(function.scope).evaluate(default)
    finally:
        trace.names = names


def _refuse_changed(trace: Trace, function: Function, captured: Mapping[str, Value]) -> None:
    """A function sees the names around it as they are when it is called: here, as they were when it was made."""
    own = {argument.arg for argument in function.node.args.args}
    used = {part.id for part in ast.walk(function.node) if isinstance(part, ast.Name)} - own
    for name in sorted(used & captured.keys()):
        if trace.names.get(name) is not captured[name]:
            trace.refuse(f"a function that sees `{name}`, which is another one where it is called")


def _method_kind(owner: Value) -> str:
    """Which table of methods a value has."""
    if isinstance(owner, Symbol):
        return "list" if owner.node.kind is Kind.LIST else owner.node.kind.value
    if isinstance(owner, Known):
        names: dict[type, str] = {str: "text", dict: "dict", list: "list", tuple: "list"}
        return names.get(type(owner.value), type(owner.value).__name__.lower())
    table: dict[type, str] = {
        Record: "record", Match: "match", Number: "number", Moment: "moment", Static: "list", Characters: "list",
    }  # fmt: skip
    return table.get(type(owner), "")


def is_in(key: object, table: Mapping[Any, Any] | frozenset[Any]) -> bool:
    """Whether something that may not be hashable is a key."""
    try:
        return key in table
    except TypeError:
        return False
