"""`match` with its cases -> the `if` statements that do the same; of patterns, constants, names and `_`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn


def rewrite_cases(node: ast.Match, subject: str, refuse: Callable[[str], NoReturn]) -> Sequence[ast.stmt]:
    """Write a `match` as conditions on a name that holds its subject.

    Args:
        node: the statement.
        subject: the name.
        refuse: is told which pattern has no rule.
    """
    rest: list[ast.stmt] = []
    for case in reversed(node.cases):
        rest = _rewrite_case(case, subject, rest, refuse)
    for statement in rest:
        ast.fix_missing_locations(ast.copy_location(statement, node))
    return rest


def _rewrite_case(
    case: ast.match_case, subject: str, rest: list[ast.stmt], refuse: Callable[[str], NoReturn]
) -> list[ast.stmt]:
    pattern = case.pattern
    names: list[str] = []
    while isinstance(pattern, ast.MatchAs):
        if pattern.name is not None:
            names.append(pattern.name)
        if pattern.pattern is None:
            break
        pattern = pattern.pattern
    binding: list[ast.stmt] = [
        ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], _read(subject)), case.pattern)
        for name in names
    ]
    inner = list(case.body)
    if case.guard is not None:
        inner = [ast.copy_location(ast.If(case.guard, inner, rest), case.pattern)]
    if isinstance(pattern, ast.MatchAs):
        return binding + inner
    if case.guard is not None and names:
        refuse("a `case` with a name and a guard")
    test = _write_test(pattern, subject, refuse)
    return [ast.copy_location(ast.If(test, binding + inner, rest), case.pattern)]


def _read(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _write_test(pattern: ast.pattern, subject: str, refuse: Callable[[str], NoReturn]) -> ast.expr:
    """The condition of a pattern that gives no names."""
    if isinstance(pattern, ast.MatchValue):
        return ast.Compare(_read(subject), [ast.Eq()], [pattern.value])
    if isinstance(pattern, ast.MatchSingleton):
        return ast.Compare(_read(subject), [ast.Is()], [ast.Constant(pattern.value)])
    if isinstance(pattern, ast.MatchOr):
        return ast.BoolOp(ast.Or(), [_write_test(part, subject, refuse) for part in pattern.patterns])
    return refuse(f"the pattern {type(pattern).__name__.removeprefix('Match')} of a `case`")
