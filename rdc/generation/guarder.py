"""A column function's code -> the same with None let through, where it surely takes every value for text."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CONDITIONS = (ast.If, ast.IfExp, ast.BoolOp, ast.Compare, ast.Try, ast.While, ast.Match)
"""What may be a guard already, or keep a step from being reached."""


def guard_null(source: str, name: str) -> str:
    r"""Begin a function with the guard that it lacks.

    A model that is told that None stays None still calls methods on it. A function with a condition is left as it
    is, since that may see to None; so is one that only calls recipes, which all let None through.

    >>> print(guard_null("def clean_a(value):\n    return value.upper()\n", "clean_a"))
    def clean_a(value):
        if value is None:
            return None
        return value.upper()
    <BLANKLINE>
    """
    with warnings.catch_warnings():
        # A model's "\d" in plain quotes is for the allow-list to judge.
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    if not _takes_text(function):
        return source
    lines = source.split("\n")
    indent = " " * function.body[0].col_offset
    guard = [f"{indent}if {_parameter(function)} is None:", f"{indent}{indent}return None"]
    lines[function.lineno : function.lineno] = guard
    return "\n".join(lines)


def _takes_text(function: ast.FunctionDef) -> bool:
    """Whether every value's attribute or part is asked for, whatever the value is."""
    nodes = [node for statement in function.body for node in ast.walk(statement)]
    if any(isinstance(node, CONDITIONS) for node in nodes):
        return False
    made = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return any({_parameter(function), *made} & {*_read(node)} for node in nodes if _asks(node))


def _parameter(function: ast.FunctionDef) -> str:
    """What the value is called."""
    return function.args.args[0].arg


def _asks(node: ast.AST) -> bool:
    """Whether a piece of code is a call of a method or a module's function, or takes a part of something."""
    return isinstance(node, ast.Subscript) or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )


def _read(node: ast.AST) -> Iterator[str]:
    """The names that stand in a piece of code."""
    yield from (child.id for child in ast.walk(node) if isinstance(child, ast.Name))
