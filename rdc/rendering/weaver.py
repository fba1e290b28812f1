"""Candidates' code -> one module's code: docstrings put in, helpers' names kept apart, imports found.

The formatting of the code stays as it was written. Code that is not what it looks like is refused.
"""

from __future__ import annotations

import ast
import symtable
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.display import DECEPTIVE
from rdc.errors import RenderingError
from rdc.rendering.formatter import INDENT, WIDTH, format_docstring, layout_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MODULES = ("datetime", "decimal", "json", "math", "re", "unicodedata")
ROUNDINGS = ("CEILING", "DOWN", "FLOOR", "HALF_DOWN", "HALF_EVEN", "HALF_UP", "UP")
NAMES = {
    **dict.fromkeys(("Decimal", "InvalidOperation"), "decimal"),
    **{f"ROUND_{way}": "decimal" for way in ROUNDINGS},
    "Cell": "rdc.artifacts.plan",
    "Row": "rdc.artifacts.plan",
}
"""What code may use without an import of its own, and where it is imported from."""


def parse_code(source: str, name: str) -> ast.Module:
    """Parse the code of one function.

    Raises:
        RenderingError: it is no Python, doesn't define the function, or holds invisible characters.
    """
    fact = None
    if DECEPTIVE.search(source):
        fact = f"the code of {name} holds invisible characters"
    else:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            fact = f"the code of {name} is no Python"
        else:
            if name in defined_names(tree):
                return tree
            fact = f"the code of {name} doesn't define it"
    raise RenderingError(Diagnostic("RDC601", fact, "Run `rdc compile --refresh` for another proposal."))


def tidy_code(source: str) -> str:
    """Give code one kind of newline and one of them at its end; no space before them."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    return "\n".join(lines).rstrip() + "\n"


def defined_names(tree: ast.Module) -> list[str]:
    """List the names that code defines at its top level, in order."""
    names: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        else:
            names += [
                part.id
                for part in ast.walk(node)
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
            ]
    return list(dict.fromkeys(names))


def document_function(source: str, name: str, text: str) -> str:
    """Put a docstring into a function, in place of its own where it has one."""
    tree = parse_code(source, name)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    first = function.body[0]
    lines = [line.encode() for line in source.split("\n")]
    row, start = first.lineno - 1, first.col_offset
    signature, statement = lines[row][:start], lines[row][start:]
    indent = INDENT if signature.strip() else signature.decode()
    body = [indent.encode() + statement]
    head = [signature.rstrip()] if signature.strip() else []
    end = row + 1
    if ast.get_docstring(function, clean=False) is not None:
        end = first.end_lineno or end
        rest = lines[end - 1][first.end_col_offset :].lstrip(b"; ")
        body = [indent.encode() + rest] if rest else [indent.encode() + b"pass"] * (len(function.body) == 1)
    # Comments between the signature and the first statement stay with the statement.
    while not head and (not lines[row - 1].strip() or lines[row - 1].lstrip().startswith(b"#")):
        row -= 1
        body.insert(0, lines[row])
    docstring = f"{indent}{format_docstring(text, indent)}".encode()
    lines[row:end] = [*head, docstring, *body]
    return b"\n".join(lines).decode()


def separate_names(source: str, name: str, taken: Iterable[str]) -> str:
    """Rename helpers and constants of a function's code that are called like something else in the module.

    Raises:
        RenderingError: the code uses such a name for two things at once.
    """
    reserved = {*taken, *MODULES, *NAMES, *recipes.__all__} - {name}
    clashing = [other for other in defined_names(parse_code(source, name)) if other in reserved]
    if not clashing:
        return source
    renamed = rename_names(source, {other: f"_{name}_{other.strip('_')}" for other in clashing})
    if set(clashing) & {*defined_names(parse_code(renamed, name)), *_global_names(renamed)}:
        fact = f"the code of {name} calls more than one thing {clashing[0]}"
        raise RenderingError(Diagnostic("RDC601", fact, "Give its helper another name."))
    return renamed


def find_imports(code: str) -> list[str]:
    """Write the imports that code needs, in the order that linters ask for."""
    used = _global_names(code) - set(defined_names(ast.parse(code)))
    wanted = {"rdc.recipes": sorted(used & set(recipes.__all__))}
    for name, module in NAMES.items():
        if name in used:
            wanted.setdefault(module, []).append(name)
    lines = [f"import {name}" for name in MODULES if name in used]
    if "decimal" in wanted:
        lines.append(_import_names("decimal", wanted.pop("decimal")))
    own = [_import_names(module, names) for module, names in sorted(wanted.items()) if names]
    return [*lines, *([""] if lines and own else []), *own]


def _import_names(module: str, names: Iterable[str]) -> str:
    """Write one import, in parentheses where it is long."""
    # Constants before classes before functions, as linters sort them.
    ordered = sorted(names, key=lambda name: (not name.isupper(), name[:1].islower(), name))
    single = f"from {module} import {', '.join(ordered)}"
    return single if len(single) <= WIDTH else layout_items(f"from {module} import (", ordered, ")")


def _global_names(code: str) -> set[str]:
    """Find the names that code looks up in its module or among the builtins."""
    tables = [symtable.symtable(code, "<code>", "exec")]
    names = set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        outermost = table.get_type() == "module"
        names |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (outermost or symbol.is_global())
        }
    return names


def rename_names(source: str, names: Mapping[str, str]) -> str:
    """Give names of the top level other names, wherever code refers to them."""
    lines = [line.encode() for line in source.split("\n")]
    # From the end, so that the places before stay true.
    for row, start, name in sorted(set(_find_references(ast.parse(source), set(names))), reverse=True):
        line, old = lines[row - 1], name.encode()
        at = line.index(old, start)
        lines[row - 1] = line[:at] + names[name].encode() + line[at + len(old) :]
    return b"\n".join(lines).decode()


def _find_references(node: ast.AST, names: set[str]) -> Iterator[tuple[int, int, str]]:
    """Find where code refers to names of the top level: line, column at or before it, name."""
    inner = names
    if isinstance(node, ast.Name) and node.id in names:
        yield node.lineno, node.col_offset, node.id
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        inner = names - _bound_names(node)
    if isinstance(node, ast.FunctionDef) and node.name in names:
        yield node.lineno, node.col_offset + len("def"), node.name
    for child in ast.iter_child_nodes(node):
        yield from _find_references(child, inner)


def _bound_names(function: ast.FunctionDef | ast.Lambda) -> set[str]:
    """Find a function's own arguments and variables, without those of functions inside it."""
    names = {part.arg for part in ast.walk(function.args) if isinstance(part, ast.arg)}
    left: list[ast.AST] = list(function.body) if isinstance(function, ast.FunctionDef) else []
    while left:
        node = left.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif not isinstance(node, ast.Lambda):
            left += ast.iter_child_nodes(node)
    return names
