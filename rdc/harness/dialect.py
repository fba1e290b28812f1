"""Python -> Python that the sandbox's interpreter runs as CPython does; what it already runs so is left."""

from __future__ import annotations

import ast
import re
import warnings

SPACE = "\\t\\n\\x0b\\x0c\\r\\x1c-\\x1f \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
PATTERN_FUNCTIONS = frozenset(
    {"compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"}
)

# The interpreter reads ASCII digits alone, where CPython reads every decimal digit.
SHIMS = """
def __rdc_digits(value):
    if not isinstance(value, str) or value.isascii():
        return value
    return "".join([str(Decimal(c)) if c.isdecimal() and not c.isascii() else c for c in value])

def __rdc_int(value=0):
    return int(__rdc_digits(value))

def __rdc_float(value=0.0):
    return float(__rdc_digits(value))
"""
CALLS = {"int": "__rdc_int", "float": "__rdc_float"}


def adapt_source(source: str) -> str:
    r"""Rewrite what the interpreter reads otherwise: `\s`, `$` in a replacement, `int` of other digits.

    Source that does not parse is left, for the interpreter to say so.

    >>> adapt_source("re.sub('a[^\\\\s]', '', int(x))").count("__rdc_int")
    1
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            return ast.unparse(ast.fix_missing_locations(_Adapter().visit(tree)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source


def spell_pattern(pattern: str) -> str:
    r"""Write `\s`, `\S` and `$` of a pattern as what they stand for in CPython.

    >>> spell_pattern("a\\s") == "a[" + SPACE + "]", spell_pattern("[^\\s,]") == "[^" + SPACE + ",]"
    (True, True)
    >>> spell_pattern("\\\\s")
    '\\\\s'
    """
    parts: list[str] = []
    inside = False
    for part in re.findall(r"\\.|\[\^?\]?|[^\\]|\\", pattern, re.DOTALL):
        if part == r"\s":
            parts.append(SPACE if inside else f"[{SPACE}]")
        elif part == r"\S" and not inside:
            parts.append(f"[^{SPACE}]")
        elif part == "$" and not inside:
            parts.append(r"(?=\n?\Z)")
        else:
            parts.append(part)
            inside = (inside or part.startswith("[")) and part != "]"
    return "".join(parts)


class _Adapter(ast.NodeTransformer):
    """Rewrites patterns and calls in place."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        function = node.func
        if (
            isinstance(function, ast.Name)
            and function.id in CALLS
            and not node.keywords
            and len(node.args) == 1
        ):
            function.id = CALLS[function.id]
        elif (
            isinstance(function, ast.Attribute)
            and isinstance(function.value, ast.Name)
            and function.value.id == "re"
            and function.attr in PATTERN_FUNCTIONS
            and node.args
        ):
            node.args[0] = self._adapt_pattern(node.args[0])
        return node

    def _adapt_pattern(self, pattern: ast.expr) -> ast.expr:
        if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str):
            return ast.copy_location(ast.Constant(spell_pattern(pattern.value)), pattern)
        return pattern
