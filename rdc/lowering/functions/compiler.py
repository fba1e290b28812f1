"""A Python function's source -> an expression of SQL that gives the same, where its domain holds; or refused."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from inspect import getsource, isfunction
from types import ModuleType
from typing import TYPE_CHECKING

from rdc.lowering.functions.calls import MODULES
from rdc.lowering.functions.expressions import Expressions
from rdc.lowering.functions.ir import Graph, Kind, Node
from rdc.lowering.functions.lists import read_record
from rdc.lowering.functions.ordering import refuse_set_order
from rdc.lowering.functions.statements import run_function
from rdc.lowering.functions.trace import AlwaysRaisesError, Trace, describe
from rdc.lowering.functions.values import Choice, Function, Known, Record, Symbol, Value
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

IMPORTS = {module.__name__: module for module in MODULES if isinstance(module, ModuleType)}
RECIPES = "rdc.recipes"
HOPELESS: dict[type[Exception], str] = {
    AlwaysRaisesError: "a function that raises on every value",
    RecursionError: "a function that is nested too deeply",
}


@dataclass(frozen=True, slots=True)
class Lowered:
    """A function as expressions.

    Attributes:
        outputs: what it returns, by written column; a column function has one, called `value`.
        domain: for which inputs the outputs are exact.
        reads: the inputs.
    """

    outputs: Mapping[str, Node]
    domain: Node
    reads: tuple[str, ...]


def lower_function(
    source: str, name: str, reads: Sequence[str] | None = None, writes: Sequence[str] | None = None
) -> Lowered:
    """Lower a function of one value, or of one row.

    Args:
        source: of a module that defines it.
        name: of the function.
        reads: the columns of a row function; None where it takes a value.
        writes: the columns that are taken of what a row function returns, all of them text; one that it
            reads and does not set keeps its value. All that it sets, of any kind, where this is None.

    Raises:
        NotLowerableError: it has no SQL that is known to give the same.
    """
    scope = read_module(source)
    function = scope.get(name)
    if not isinstance(function, Function):
        raise NotLowerableError(f"no function `{name}` in the file")
    graph = Graph()
    trace = Trace(graph, {}, graph.true, line=function.node.lineno)
    columns = ("value",) if reads is None else tuple(reads)
    inputs = {
        column: Symbol(graph.make("read", Kind.TEXT, value=column), nullable=True) for column in columns
    }
    parameters = [argument.arg for argument in function.node.args.args]
    if len(parameters) != 1:
        raise NotLowerableError("a function of something else than one value", function.node.lineno)
    trace.row = {} if reads is None else inputs
    given: Value = inputs["value"] if reads is None else Record(inputs)
    try:
        value = run_function(trace, function, {parameters[0]: given})
        trace.line = function.node.lineno
        outputs = {"value": value} if reads is None else _outputs(trace, value, writes)
        nodes = {column: _result(trace, output) for column, output in outputs.items()}
    except (AlwaysRaisesError, RecursionError) as error:
        raise NotLowerableError(HOPELESS[type(error)], function.node.lineno) from None
    domain = _domain(trace)
    refuse_set_order([*nodes.values(), domain], function.node.lineno)
    return Lowered(nodes, domain, columns)


def _outputs(trace: Trace, value: Value, writes: Sequence[str] | None) -> dict[str, Value]:
    """The columns that a row function sets, or some of them; one that it may not set keeps its value."""
    items = (
        value.items if isinstance(value, Record) else read_record(trace, value, "a row function that returns")
    )
    outputs = {str(column): output for column, output in items.items()}
    if writes is None:
        return outputs
    if any(_result(trace, output).kind is not Kind.TEXT for output in outputs.values()):
        trace.refuse("a result that is no text")
    outputs = {**trace.row, **outputs}
    for column in writes:
        if column not in outputs:
            trace.refuse(f"a row that has no {column!r}")
    return {column: outputs[column] for column in writes}


def _result(trace: Trace, value: Value) -> Node:
    """What is returned, as one expression of one kind."""
    if isinstance(value, Known) and value.value is None:
        return trace.graph.null(Kind.TEXT)
    if isinstance(value, Known) and type(value.value) in (str, int, float, bool):
        return trace.graph.literal(value.value)
    if isinstance(value, Symbol) and value.node.kind is not Kind.LIST:
        return value.node
    if isinstance(value, Choice):
        trace.refuse("a result that is of one type here and of another there")
    return trace.refuse(f"a result that is {describe(value)}")


def _domain(trace: Trace) -> Node:
    """The inputs for which everything on the way is exact."""
    graph = trace.graph
    conditions = []
    for node in sorted(trace.ascii_inputs, key=lambda node: node.number):
        ascii_only = graph.make("is_ascii", Kind.BOOLEAN, node)
        conditions.append(graph.either(graph.make("is_null", Kind.BOOLEAN, node), ascii_only))
    by_condition: dict[Node, list[Node]] = {}
    for demand in trace.demands:
        by_condition.setdefault(demand.condition, []).append(demand.path)
    for condition, paths in by_condition.items():
        conditions.append(graph.either(graph.negate(graph.either(*paths)), condition))
    return graph.both(*conditions)


def read_module(source: str) -> dict[str, Value]:
    """The names of a module: its functions, what it imports, and constants.

    A constant that cannot be followed is left out, so that whoever uses it is refused.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise NotLowerableError(f"a syntax error ({error.msg})", error.lineno) from None
    scope: dict[str, Value] = {}
    for node in tree.body:
        followed: dict[str, Value] = {}
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            followed = {node.name: Function(node, scope)}
        elif isinstance(node, ast.Import | ast.ImportFrom):
            followed = _import(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            followed = _assign(node, scope)
        _forget(node, scope)
        scope.update(followed)
    for part in ast.walk(tree):
        for name in part.names if isinstance(part, ast.Global) else ():
            scope.pop(name, None)
    return scope


def _forget(node: ast.stmt, scope: dict[str, Value]) -> None:
    """Drop the names that a statement of a module sets or deletes: they no longer are what they were."""
    inner = [] if isinstance(node, ast.FunctionDef | ast.ClassDef) else list(ast.walk(node))
    for part in (node, *inner):
        if isinstance(part, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            scope.pop(part.name, None)
        elif isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            scope.pop(part.id, None)
        elif isinstance(part, ast.alias):
            if part.name == "*":
                scope.clear()
            scope.pop(part.asname or part.name.partition(".")[0], None)


def _import(node: ast.Import | ast.ImportFrom) -> dict[str, Value]:
    found: dict[str, Value] = {}
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name in IMPORTS:
                found[alias.asname or alias.name] = Known(IMPORTS[alias.name])
        return found
    recipes = read_recipes() if node.module == RECIPES else {}
    module = IMPORTS.get(node.module or "")
    for alias in node.names:
        name = alias.asname or alias.name
        if alias.name in recipes:
            found[name] = recipes[alias.name]
        elif module is not None and alias.name in MODULES[module]:
            found[name] = Known(getattr(module, alias.name))
    return found


def _assign(node: ast.Assign | ast.AnnAssign, scope: Mapping[str, Value]) -> dict[str, Value]:
    """A module's constant, as far as it can be followed."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if node.value is None or not all(isinstance(target, ast.Name) for target in targets):
        return {}
    graph = Graph()
    try:
        value = Expressions(Trace(graph, {}, graph.true), scope, run_function).evaluate(node.value)
    except (NotLowerableError, AlwaysRaisesError):
        return {}
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return dict.fromkeys(names, value) if isinstance(value, Known | Function) else {}


@lru_cache(maxsize=1)
def read_recipes() -> Mapping[str, Value]:
    """Every recipe, as a function that sees the names of its own module."""
    package = import_module(RECIPES)
    scopes: dict[str, dict[str, Value]] = {}
    found: dict[str, Value] = {}
    for name in package.__all__:
        recipe = getattr(package, name)
        if isfunction(recipe):
            found[name] = _read_scope(recipe.__module__, scopes)[name]
    return found


def _read_scope(module_name: str, scopes: dict[str, dict[str, Value]]) -> dict[str, Value]:
    """The names of a module of recipes: its functions to be followed, and everything else as it is."""
    if module_name in scopes:
        return scopes[module_name]
    module, scope = import_module(module_name), scopes.setdefault(module_name, {})
    functions = {
        node.name: node for node in ast.parse(getsource(module)).body if isinstance(node, ast.FunctionDef)
    }
    for name, value in vars(module).items():
        if not isfunction(value):
            if not name.startswith("__"):
                scope[name] = Known(value)
        elif value.__module__ == module_name:
            scope[name] = Function(functions[name], scope, value)
        elif value.__module__.startswith(RECIPES):
            scope[name] = _read_scope(value.__module__, scopes)[value.__name__]
    return scope
