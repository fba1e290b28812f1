"""Parsed code -> one function with what it needs, in rdc's signature; the rest is left out."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.artifacts.plan import FunctionKind

ROW = "dict[str, str | None]"
SIGNATURES: dict[FunctionKind, tuple[str, str]] = {"column": ("value", "str | None"), "row": ("row", ROW)}
"""By kind of function: the name of its parameter, and the type that goes in and comes out."""


def find_function(tree: ast.Module, name: str) -> ast.FunctionDef | None:
    """The function of this name, or the only one of its shape that no other one calls."""
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and _takes_one(node)]
    named = [function for function in functions if function.name == name]
    if named:
        return named[-1]
    called = {
        used for node in tree.body if isinstance(node, ast.FunctionDef) for used in _names(node) - {node.name}
    }
    left = [function for function in functions if function.name not in called]
    return left[0] if len(left) == 1 else None


def _takes_one(function: ast.FunctionDef) -> bool:
    """Whether a function can be called with one value."""
    arguments = function.args
    needed = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    needs_keyword = any(default is None for default in arguments.kw_defaults)
    return bool(arguments.args) and needed <= 1 and not needs_keyword


def trim_function(
    code: str, tree: ast.Module, function: ast.FunctionDef, name: str, kind: FunctionKind
) -> str:
    """Write a function anew with what it needs.

    Args:
        code: its text, which is kept but for the head where no name in it changes.
        tree: the code, parsed.
        function: one of the tree's functions.
        name: what it shall be called.
        kind: which signature it shall have.
    """
    parameter, _ = SIGNATURES[kind]
    old = function.args.args[0].arg
    bound = _names(function) | {argument.arg for argument in function.args.args}
    renamed = {function.name: name} if function.name != name else {}
    if old != parameter and parameter not in bound:
        renamed[old] = parameter
    modules = _imported(tree)
    kept = _needed(tree, function)
    # The hints of the function itself are written anew, so what they name doesn't matter.
    texts = [part for node in kept for part in (function.body if node is function else [node])]
    used = {used for part in texts for used in _names(part)}
    simple = not renamed and not used & modules.keys() and all(map(_stands_alone, kept))
    parts = [
        _edit(code, node, function, kind) if simple else _rewrite(node, function, kind, renamed, modules)
        for node in kept
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _names(node: ast.AST) -> set[str]:
    """All names that stand in a piece of code."""
    return {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}


def _imported(tree: ast.Module) -> dict[str, str]:
    """Names that an import gave to something, and what they stand for: `{"datetime": "datetime.datetime"}`."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update({alias.asname: alias.name for alias in node.names if alias.asname})
        if isinstance(node, ast.ImportFrom) and node.module and "recipes" not in node.module:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def _needed(tree: ast.Module, function: ast.FunctionDef) -> list[ast.stmt]:
    """The function and all definitions that it refers to, in their order."""
    defined = {name: node for node in tree.body for name in _defines(node) if node is not function}
    needed, open_ = {id(function)}, [function]
    while open_:
        for name in _names(open_.pop()):
            node = defined.get(name)
            if node is not None and id(node) not in needed:
                needed.add(id(node))
                open_.append(node)  # type: ignore[arg-type]  # any statement has names
    return [node for node in tree.body if id(node) in needed]


def _defines(node: ast.stmt) -> list[str]:
    """The names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets: Sequence[ast.expr] = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return [name for target in targets for name in _names(target)]


def _imports(node: ast.AST) -> list[ast.stmt]:
    return [child for child in ast.walk(node) if isinstance(child, ast.Import | ast.ImportFrom)]


def _stands_alone(node: ast.stmt) -> bool:
    """Whether a statement's lines can be taken as they are: no import inside, no body beside the head."""
    if isinstance(node, ast.FunctionDef):
        return not _imports(node) and node.body[0].lineno > node.lineno and not node.decorator_list
    return True


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _head(function: ast.FunctionDef, kind: FunctionKind) -> str:
    """The line of `def`, with rdc's types."""
    _, hint = SIGNATURES[kind]
    head = copy.deepcopy(function)
    head.args.args[0].annotation = head.returns = ast.parse(hint, mode="eval").body
    head.body, head.decorator_list = [ast.Pass()], []
    return ast.unparse(head).splitlines()[0]


def _edit(code: str, node: ast.stmt, function: ast.FunctionDef, kind: FunctionKind) -> str:
    """A statement's own text; the function that was asked for gets its head, and loses its docstring."""
    lines = code.split("\n")
    if node is not function:
        return "\n".join(lines[node.lineno - 1 : node.end_lineno])
    first = (
        function.body[1] if _is_docstring(function.body[0]) and len(function.body) > 1 else function.body[0]
    )
    # A comment above the first statement belongs to it.
    above = [line for line in lines[function.lineno : first.lineno - 1] if line.lstrip().startswith("#")]
    return "\n".join([_head(function, kind), *above, *lines[first.lineno - 1 : function.end_lineno]])


class _Rewriter(ast.NodeTransformer):
    """Gives names their new form, and drops imports, hints and decorators."""

    def __init__(self, renamed: Mapping[str, str], modules: Mapping[str, str]) -> None:
        self._names = {**modules, **renamed}
        self._renamed = renamed

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if isinstance(node.ctx, ast.Load) or node.id in self._renamed:
            written = ast.parse(self._names.get(node.id, node.id), mode="eval").body
            if isinstance(written, ast.Name):
                written.ctx = node.ctx
            return ast.copy_location(written, node)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(self._renamed.get(node.arg, node.arg))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns, node.decorator_list = None, []
        node.name = self._renamed.get(node.name, node.name)
        self.generic_visit(node)
        node.body = node.body or [ast.Pass()]
        return node

    def visit_Import(self, node: ast.Import) -> None:
        """Drop it."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Drop it."""


def _rewrite(
    node: ast.stmt,
    function: ast.FunctionDef,
    kind: FunctionKind,
    renamed: Mapping[str, str],
    modules: Mapping[str, str],
) -> str:
    """A statement as Python writes it, with names replaced and imports left out."""
    rewritten = _Rewriter(renamed, modules).visit(copy.deepcopy(node))
    if node is function:
        if _is_docstring(rewritten.body[0]) and len(rewritten.body) > 1:
            del rewritten.body[0]
        text = ast.unparse(ast.fix_missing_locations(rewritten))
        return "\n".join([_head(rewritten, kind), *text.splitlines()[1:]])
    return ast.unparse(ast.fix_missing_locations(rewritten))
