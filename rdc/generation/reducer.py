"""A function's code -> the same with fewer steps; a function of more steps than can be tried is left as it is."""

from __future__ import annotations

import ast
import copy
from itertools import combinations
from typing import TYPE_CHECKING

from rdc import recipes

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_STEPS = 4


def reduce_function(source: str) -> tuple[str, ...]:
    r"""Leave out recipes that are called on one another's results, in every combination.

    A small model often adds a step that changes nothing. Which of the variants still does all is for the
    verifier to say; those with the fewest steps come first, and the function itself is not among them.

    >>> for variant in reduce_function("def clean_a(value):\n    return lower_case(strip_spaces(value))\n"):
    ...     print(variant.splitlines()[-1].strip())
    return strip_spaces(value)
    return lower_case(value)
    """
    tree = ast.parse(source)
    steps = list(_find_steps(tree))
    if not 1 < len(steps) <= MOST_STEPS:
        return ()
    variants = [
        _reduce(tree, dropped)
        for size in range(len(steps) - 1, 0, -1)
        for dropped in combinations(steps, size)
    ]
    return tuple(dict.fromkeys(variants))


def _reduce(tree: ast.Module, dropped: tuple[tuple[int, int], ...]) -> str:
    """The code without some of its calls."""
    reduced = _Reducer(dropped).visit(copy.deepcopy(tree))
    for node in ast.walk(reduced):
        if isinstance(node, ast.FunctionDef | ast.If | ast.For | ast.Try) and not node.body:
            node.body.append(ast.Pass())
    return ast.unparse(reduced) + "\n"


def _find_steps(tree: ast.AST) -> Iterator[tuple[int, int]]:
    """Where each call of a recipe stands; calls inside one another begin at different places."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_step(node):
            yield node.lineno, node.col_offset


def _is_step(node: ast.Call) -> bool:
    """Whether a call is one of a recipe on a value."""
    return (
        isinstance(node.func, ast.Name)
        and bool(node.args)
        and not isinstance(node.args[0], ast.Starred)
        and callable(getattr(recipes, node.func.id, None))
    )


class _Reducer(ast.NodeTransformer):
    """Puts what a call is made on in the place of the call."""

    def __init__(self, dropped: tuple[tuple[int, int], ...]) -> None:
        self._dropped = frozenset(dropped)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Leave a call out, or keep it; a method that is called on a recipe's result begins where the recipe does."""
        self.generic_visit(node)
        dropped = (node.lineno, node.col_offset) in self._dropped and _is_step(node)
        return node.args[0] if dropped else node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | None:
        """Leave out what then gives a name its own value."""
        self.generic_visit(node)
        return None if [ast.dump(target) for target in node.targets] == [_stored(node.value)] else node


def _stored(value: ast.expr) -> str:
    """A name that is read, as one that is written."""
    return ast.dump(ast.Name(value.id, ast.Store())) if isinstance(value, ast.Name) else ""
