"""Python code -> the constants, regular expressions and examples that it holds, those of the recipes that it calls too."""

from __future__ import annotations

import ast
import doctest
import re
import warnings
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

RECIPES = "rdc.recipes"
LONGEST, MOST = 200, 400
"""Of a text, and of texts, that are taken."""
SPECIAL = re.compile(r"[\\\[\](){}.*+?^$|]")


@dataclass(slots=True)
class Constants:
    """What a function is made of, in the order in which it was found.

    Attributes:
        texts: every text.
        patterns: regular expressions, with their flags; a text that reads as one counts.
        sizes: small whole numbers.
    """

    texts: dict[str, None] = field(default_factory=dict)
    patterns: dict[tuple[str, int], None] = field(default_factory=dict)
    sizes: dict[int, None] = field(default_factory=dict)

    def add(self, value: Any) -> None:
        """Take a constant in, and all that is inside of it."""
        if isinstance(value, str) and len(value) <= LONGEST and len(self.texts) < MOST:
            self.texts[value] = None
            if SPECIAL.search(value):
                self.patterns |= dict.fromkeys([(value, 0)] if _is_pattern(value) else [])
        elif isinstance(value, re.Pattern):
            self.patterns[str(value.pattern), value.flags & ~re.UNICODE] = None
        elif type(value) is int and 0 < value <= MOST:
            self.sizes[value] = None
        elif isinstance(value, dict):
            self.add(tuple(value.items()))
        elif isinstance(value, set | frozenset):
            self.add(tuple(sorted(value, key=repr)))
        elif isinstance(value, list | tuple):
            for item in value:
                self.add(item)


def read_constants(source: str) -> Constants:
    """The constants of code that parses; docstrings are none, but their examples are."""
    found, tree = Constants(), ast.parse(source)
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docstrings.add(first.value)
                _add_examples(found, str(first.value.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in docstrings:
            found.add(node.value)
    recipes = vars(import_module(RECIPES))
    for name in sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}):
        if isinstance(recipe := recipes.get(name), FunctionType):
            for value in _read_recipe(recipe):
                found.add(value)
    return found


@cache
def _read_recipe(recipe: FunctionType) -> tuple[Any, ...]:
    """The constants of a recipe, and of what it calls."""
    found, texts = [], Constants()
    seen: dict[FunctionType, None] = {recipe: None}
    for function in (pending := [recipe]):
        _add_examples(texts, function.__doc__ or "")
        for name in _names(function.__code__):
            value = function.__globals__.get(name)
            if isinstance(value, FunctionType) and value.__module__.startswith(RECIPES):
                if value not in seen:
                    seen[value] = None
                    pending.append(value)
            elif value is not None and name not in ("__name__", "__doc__"):
                found.append(value)
        found += [value for value in _constants(function.__code__) if value != function.__doc__]
    return (*texts.texts, *found)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield from _names(value)


def _constants(code: CodeType) -> Iterator[Any]:
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield from _constants(value)
        else:
            yield value


def _add_examples(found: Constants, docstring: str) -> None:
    """The texts of a docstring's examples: values that a function is made for."""
    try:
        examples = doctest.DocTestParser().get_examples(docstring)
    except ValueError:
        return
    for example in examples:
        try:
            nodes = list(ast.walk(ast.parse(example.source)))
        except SyntaxError:
            continue
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.texts[node.value] = None


def _is_pattern(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(text)
    except (re.error, OverflowError, RecursionError):
        return False
    return True
