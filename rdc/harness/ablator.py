"""Source -> the same with one step left out; what must stand, such as a return or a docstring, stays."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc.harness.allowlist import recipe_names

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = ast.Assign | ast.AugAssign | ast.AnnAssign | ast.If | ast.For | ast.Try | ast.Expr | ast.FunctionDef
METHODS = frozenset(
    {"capitalize", "casefold", "lower", "lstrip", "removeprefix", "removesuffix", "replace", "rstrip", "strip",
     "title", "upper", "zfill"}
)  # fmt: skip
BLOCKS = ("body", "orelse", "finalbody")


@dataclass(frozen=True, slots=True)
class Variant:
    """A source without one of its steps.

    Attributes:
        line: of the step, in the whole source.
        step: its code, on one line.
    """

    line: int
    step: str
    source: str


def leave_out(source: str, name: str) -> tuple[Variant, ...]:
    r"""Every variant of a source that lacks one statement, or one call around a value.

    >>> [variant.step for variant in leave_out("def f(value):\n    value = value.strip()\n    return value", "f")]
    ['value = value.strip()', 'value.strip()']
    """
    tree = ast.parse(source)
    found = [*_without_statement(tree, name), *_without_call(tree)]
    return tuple(Variant(line, step, text) for line, step, text in found)


def _without_statement(tree: ast.Module, name: str) -> Iterator[tuple[int, str, str]]:
    for index, node in enumerate(ast.walk(tree)):
        for block in BLOCKS:
            statements = getattr(node, block, None)
            for position, statement in enumerate(statements if isinstance(statements, list) else ()):
                if not isinstance(statement, STEPS) or _stays(statement, name):
                    continue
                variant = copy.deepcopy(tree)
                kept = getattr(list(ast.walk(variant))[index], block)
                kept[position : position + 1] = [] if len(kept) > 1 or block != "body" else [ast.Pass()]
                yield (
                    statement.lineno,
                    _first_line(statement),
                    ast.unparse(ast.fix_missing_locations(variant)),
                )


def _stays(statement: ast.stmt, name: str) -> bool:
    """The asked function, docstrings, and bare annotations are no steps."""
    if isinstance(statement, ast.FunctionDef):
        return statement.name == name
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _without_call(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    for index, node in enumerate(ast.walk(tree)):
        inner = _inner_value(node)
        if isinstance(node, ast.Call) and inner is not None:
            replacer = _Replacer(index)
            variant = replacer.replace(copy.deepcopy(tree))
            yield node.lineno, _first_line(node), ast.unparse(ast.fix_missing_locations(variant))


def _inner_value(node: ast.AST) -> ast.expr | None:
    """What a call cleans: `x` of `x.strip()`, `strip_unit(x, "oz")` and `re.sub("a", "", x)`."""
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    if isinstance(function, ast.Name) and function.id in recipe_names() and node.args:
        return node.args[0]
    if isinstance(function, ast.Attribute):
        if isinstance(function.value, ast.Name) and function.value.id == "re":
            return node.args[2] if function.attr == "sub" and len(node.args) > 2 else None  # noqa: PLR2004 - pattern, replacement, text
        return function.value if function.attr in METHODS else None
    return None


class _Replacer(ast.NodeTransformer):
    """Puts a call's inner value in its place."""

    def __init__(self, index: int) -> None:
        self._index = index
        self._target: ast.AST | None = None

    def replace(self, tree: ast.Module) -> ast.AST:
        self._target = list(ast.walk(tree))[self._index]
        replaced: ast.AST = self.visit(tree)
        return replaced

    def visit_Call(self, node: ast.Call) -> ast.AST:
        inner = _inner_value(node)
        if node is self._target and inner is not None:
            return inner
        return self.generic_visit(node)


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0]
