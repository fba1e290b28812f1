"""An assignment -> whether it keeps an iterator, which is true when it is empty, and empty once it was gone through."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAKERS = frozenset({"map", "filter", "zip", "reversed", "enumerate", "iter", "finditer"})
TAKERS = frozenset({"join", "list", "tuple", "set", "sorted", "sum", "any", "all", "min", "max", "dict"})
"""Functions that go through all of an iterator."""


def keeps_iterator(node: ast.Assign, body: Sequence[ast.stmt]) -> bool:
    """Whether what a name holds is an iterator, and is used for more than being gone through once."""
    target = node.targets[0]
    if not (isinstance(target, ast.Name) and _makes_iterator(node.value)):
        return False
    parts = [part for statement in body for part in ast.walk(statement)]
    used = [part for part in parts if isinstance(part, ast.Name) and part.id == target.id]
    loaded = [part for part in used if isinstance(part.ctx, ast.Load)]
    taken = {id(part) for whole in parts for part in _take_whole(whole)}
    looped = any(node in ast.walk(part) for part in parts if isinstance(part, ast.For | ast.While))
    return (
        len(used) != len(loaded) + 1
        or len(loaded) > 1
        or looped
        or any(id(part) not in taken for part in loaded)
    )


def _makes_iterator(node: ast.expr) -> bool:
    if isinstance(node, ast.GeneratorExp):
        return True
    if not isinstance(node, ast.Call):
        return False
    return _name(node.func) in MAKERS


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _take_whole(node: ast.AST) -> Sequence[ast.AST]:
    """What a piece of code goes through, once."""
    if isinstance(node, ast.Call) and _name(node.func) in TAKERS and len(node.args) == 1:
        return node.args
    return ()
