"""Source of a candidate -> what it may not contain; all that is not listed here is refused."""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Literal

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.artifacts.display import DECEPTIVE
from rdc.harness.allowed import (
    BUILTINS,
    DECIMAL,
    FIELD,
    FORMAT_SPEC,
    HINTS,
    IMPORTS,
    METHODS,
    MODULES,
    NODES,
    PARAMETERS,
    REGEX_CALLS,
    REPEATED,
)
from rdc.harness.patterns import check_pattern, check_replacement, matches_empty
from rdc.harness.sandbox import read_recipes

if TYPE_CHECKING:
    from collections.abc import Iterator


def check_source(source: str, name: str, kind: Literal["column", "row"]) -> tuple[Diagnostic, ...]:
    r"""Say what keeps a candidate's source from being run.

    Args:
        source: of the whole candidate.
        name: of the function that is asked for.
        kind: `column` for `name(value)`, `row` for `name(row)`.

    Returns:
        A diagnostic for each thing, in the order of the lines; none where the source is allowed.

    >>> [str(problem) for problem in check_source("def f(value):\n    return eval(value)", "f", "column")]
    ["f:2:12: RDC401 the name 'eval' is not allowed."]
    """
    # Whoever reviews it must see what runs; the ends of lines alone are rewritten before it is rendered.
    if DECEPTIVE.search(source.replace("\r", "\n")):
        return (Diagnostic("RDC400", "the code holds invisible characters", place=Place(name)),)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except SyntaxError as error:
        place = Place(name, error.lineno or 0, error.offset or 0)
        return (Diagnostic("RDC400", f"the code does not parse: {error.msg}", place=place),)
    except (ValueError, RecursionError, MemoryError) as error:
        return (Diagnostic("RDC400", f"the code does not parse: {error}", place=Place(name)),)
    checker = _Checker(tree, name)
    problems = [*checker.check_signature(PARAMETERS[kind]), *checker.check_module(), *checker.check_nodes()]
    return tuple(sorted(set(problems), key=lambda problem: (problem.place or Place(name), problem.fact)))


@cache
def recipe_names() -> frozenset[str]:
    """The recipes' names, from `__all__` in their source."""
    for node in ast.parse(read_recipes()).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            return frozenset(ast.literal_eval(node.value))
    return frozenset()


class _Checker:
    """Walks one module."""

    def __init__(self, tree: ast.Module, name: str) -> None:
        self._tree = tree
        self._name = name
        self._parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        self._functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        self._constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        self._given = BUILTINS | DECIMAL | recipe_names() | frozenset(MODULES)
        self._bound = set(self._functions) | {
            *(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not _is_load(node)),
            *(node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)),
            *(node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name),
        }

    def _refuse(self, node: ast.AST, fact: str, hint: str = "") -> Diagnostic:
        place = Place(self._name, getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1)
        return Diagnostic("RDC401", fact, hint, place)

    def check_signature(self, parameter: str) -> Iterator[Diagnostic]:
        """The asked function is there and takes one argument of the right name."""
        function = self._functions.get(self._name)
        if function is None:
            yield self._refuse(self._tree, f"there is no function {self._name}")
            return
        arguments = function.args
        names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
        if (
            names != [parameter]
            or arguments.vararg
            or arguments.kwarg
            or arguments.kwonlyargs
            or arguments.defaults
        ):
            yield self._refuse(function, f"its signature is not {self._name}({parameter})")

    def check_module(self) -> Iterator[Diagnostic]:
        """The module holds imports, constants and functions, and shadows nothing that is given."""
        for node in self._tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign):
                if node.value is not None and not _is_constant(node.value):
                    yield self._refuse(node, "a constant is neither a literal nor a compiled pattern")
            elif not (isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom) or _is_docstring(node)):
                yield self._refuse(node, f"{_describe(node)} is not allowed outside a function")
        for name in sorted(self._bound & (self._given | set(dir(builtins)))):
            yield self._refuse(self._tree, f"the name {name!r} is taken, and given a new meaning")

    def _check_import(self, node: ast.Import | ast.ImportFrom) -> Iterator[Diagnostic]:
        if node not in self._tree.body:
            yield self._refuse(node, "an import inside a function is not allowed")
        names = [alias.name for alias in node.names]
        modules = names if isinstance(node, ast.Import) else [node.module or ""]
        for module in modules:
            if module not in IMPORTS:
                yield self._refuse(node, f"the module {module!r} is not allowed")
        for alias in node.names:
            if alias.asname:
                yield self._refuse(node, f"{alias.name!r} is imported by another name")

    def check_nodes(self) -> Iterator[Diagnostic]:
        """Every node is of a listed kind, and its own check holds."""
        for node in ast.walk(self._tree):
            kind = type(node).__name__
            if kind not in NODES:
                yield self._refuse(node, f"{_describe(node)} is not allowed", HINTS.get(kind, ""))
                continue
            check = getattr(self, f"_check_{kind.lower()}", None)
            if check is not None:
                yield from check(node)

    def _check_functiondef(self, node: ast.FunctionDef) -> Iterator[Diagnostic]:
        if node not in self._tree.body:
            yield self._refuse(node, "a function inside a function is not allowed")
        if node.decorator_list:
            yield self._refuse(node, "a decorator is not allowed")
        if node.name.startswith("_") and not node.name.strip("_"):
            yield self._refuse(node, "a function has no name")

    _check_importfrom = _check_import

    def _check_name(self, node: ast.Name) -> Iterator[Diagnostic]:
        if node.id.startswith("__"):
            yield self._refuse(node, f"the name {node.id!r} is not allowed")
        elif _is_load(node) and node.id not in self._given | self._bound and not self._is_annotation(node):
            yield self._refuse(node, f"the name {node.id!r} is not allowed", HINTS.get(node.id, ""))
        elif node.id in MODULES and not isinstance(self._parents.get(node), ast.Attribute):
            yield self._refuse(node, f"the module {node.id!r} is used as a value")
        elif node.id == "set" and not self._is_annotation(node):
            yield from self._check_unordered(self._parents[node])

    def _is_annotation(self, node: ast.AST) -> bool:
        """Whether a node stands in an annotation, which nothing evaluates."""
        child, parent = node, self._parents.get(node)
        while parent is not None and not isinstance(parent, ast.stmt):
            if isinstance(parent, ast.arg):
                return True
            child, parent = parent, self._parents.get(parent)
        return child in (getattr(parent, "annotation", None), getattr(parent, "returns", None))

    def _check_attribute(self, node: ast.Attribute) -> Iterator[Diagnostic]:
        parent = self._parents.get(node)
        module = node.value.id if isinstance(node.value, ast.Name) else ""
        if module in MODULES and module not in self._bound:
            if node.attr not in MODULES[module]:
                yield self._refuse(node, f"{module}.{node.attr} is not allowed", HINTS.get(node.attr, ""))
        elif node.attr not in METHODS:
            yield self._refuse(node, f"the method {node.attr!r} is not allowed", HINTS.get(node.attr, ""))
        elif not (isinstance(parent, ast.Call) and parent.func is node):
            yield self._refuse(node, f"the method {node.attr!r} is used as a value")

    def _check_call(self, node: ast.Call) -> Iterator[Diagnostic]:
        function = node.func
        if not isinstance(function, ast.Name | ast.Attribute):
            yield self._refuse(node, "only a function or a method may be called")
        elif isinstance(function, ast.Attribute):
            if isinstance(function.value, ast.Name) and function.value.id == "re":
                yield from self._check_regex_call(node, function.attr)
            elif function.attr == "format":
                yield from self._check_format(node, function.value)
            elif function.attr == "sub":
                yield from self._check_replacement(node, node.args[0] if node.args else None, None)
        if any(word.arg is None for word in node.keywords):
            yield self._refuse(node, "`**` in a call is not allowed")

    def _check_regex_call(self, node: ast.Call, function: str) -> Iterator[Diagnostic]:
        if function not in REGEX_CALLS:
            return
        pattern = self._literal(node.args[0]) if node.args else None
        if pattern is None:
            yield self._refuse(node, f"the pattern of re.{function} is no literal")
            return
        reasons = list(check_pattern(pattern))
        for reason in reasons:
            yield self._refuse(node, f"the pattern {pattern!r} {reason}")
        if function in REPEATED and not reasons and matches_empty(pattern):
            yield self._refuse(node, f"the pattern {pattern!r} of re.{function} may match no text")
        if function == "sub":
            yield from self._check_replacement(node, node.args[1] if len(node.args) > 1 else None, pattern)
        allowed = {"sub": 4, "split": 3, "compile": 1}.get(function, 2)
        if len(node.args) > allowed or any(word.arg not in {"count", "maxsplit"} for word in node.keywords):
            yield self._refuse(node, f"re.{function} takes no flags here", "Lower the value first.")

    def _check_replacement(
        self, node: ast.Call, given: ast.expr | None, pattern: str | None
    ) -> Iterator[Diagnostic]:
        replacement = None if given is None else self._literal(given)
        if replacement is None:
            yield self._refuse(node, "the replacement of sub is no literal text")
            return
        for reason in check_replacement(replacement, pattern):
            yield self._refuse(node, f"the replacement {replacement!r} {reason}")

    def _literal(self, node: ast.expr) -> str | None:
        """The text of a literal, or of a constant of the module that is one."""
        if isinstance(node, ast.Name):
            node = self._constants.get(node.id, node)
        return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None

    def _check_format(self, node: ast.Call, template: ast.expr) -> Iterator[Diagnostic]:
        text = self._literal(template)
        if text is None:
            yield self._refuse(node, "format is only allowed of literal text")
        elif re.search(r"[{}]", FIELD.sub("", text)):
            yield self._refuse(node, f"the format {text!r} holds more than names and simple formats")
        else:
            for match in FIELD.finditer(text):
                if match[2] and not FORMAT_SPEC.fullmatch(match[2]):
                    yield self._refuse(node, f"the format {match[2]!r} is not allowed")

    def _check_formattedvalue(self, node: ast.FormattedValue) -> Iterator[Diagnostic]:
        if node.conversion != -1:
            yield self._refuse(node, "a conversion in an f-string is not allowed")
        if isinstance(node.format_spec, ast.JoinedStr):
            parts = node.format_spec.values
            spec = parts[0].value if len(parts) == 1 and isinstance(parts[0], ast.Constant) else "{}"
            if not FORMAT_SPEC.fullmatch(str(spec)):
                yield self._refuse(node, f"the format {spec!r} is not allowed")

    def _check_lambda(self, node: ast.Lambda) -> Iterator[Diagnostic]:
        parent = self._parents.get(node)
        if not (isinstance(parent, ast.keyword) and parent.arg == "key"):
            yield self._refuse(node, "a lambda is not allowed", HINTS["Lambda"])

    def _check_set(self, node: ast.Set) -> Iterator[Diagnostic]:
        yield from self._check_unordered(node)

    def _check_unordered(self, node: ast.AST) -> Iterator[Diagnostic]:
        """A set has no order, so it may be asked for members, counted and sorted only."""
        parent = self._parents.get(node)
        if isinstance(parent, ast.Compare) and node in parent.comparators:
            return
        if (
            isinstance(parent, ast.Call)
            and isinstance(parent.func, ast.Name)
            and parent.func.id in {"sorted", "len"}
        ):
            return
        if isinstance(parent, ast.Assign) and parent in self._tree.body:
            names = {target.id for target in parent.targets if isinstance(target, ast.Name)}
            uses = (use for use in ast.walk(self._tree) if isinstance(use, ast.Name) and use.id in names)
            if all(isinstance(self._parents[use], ast.Compare) for use in uses if _is_load(use)):
                return
        yield self._refuse(node, "a set is used where its order may matter", "Use a list, or sorted().")

    def _check_constant(self, node: ast.Constant) -> Iterator[Diagnostic]:
        if not isinstance(node.value, str | int | float | None) or isinstance(node.value, bytes):
            yield self._refuse(node, f"{type(node.value).__name__} literals are not allowed")

    def _check_binop(self, node: ast.BinOp) -> Iterator[Diagnostic]:
        if isinstance(node.op, ast.BitOr) and not self._is_annotation(node):
            yield self._refuse(node, "`|` is not allowed")
        if isinstance(node.op, ast.Mod) and self._literal(node.left) is not None:
            yield self._refuse(node, "`%` of text is not allowed", "Use an f-string.")


def _is_load(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_constant(node: ast.expr) -> bool:
    """A literal, or a call of re.compile, which is checked where it stands."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr == "compile"
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return False
    return True


def _describe(node: ast.AST) -> str:
    """A node in the words of a person."""
    return f"`{type(node).__name__.removesuffix('Def').lower()}`"
