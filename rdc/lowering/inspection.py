"""A function in a file -> its SQL, for which values it holds, and what a check of it found; else why it has none."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.errors import LoweringError
from rdc.lowering.adversary import RowSubject, Subject, gather_rows, gather_values
from rdc.lowering.dialects import translate_query
from rdc.lowering.domain import describe_domain
from rdc.lowering.equivalence import check, refuse_difference
from rdc.lowering.functions.compiler import lower_function
from rdc.lowering.interpreter import extract_code, run_function
from rdc.lowering.lowerer import refuse_empty, select_function
from rdc.lowering.names import DIALECT
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rdc.engines.engine import Engine
    from rdc.lowering.answers import Given
    from rdc.lowering.equivalence import Checked
    from rdc.lowering.functions.compiler import Lowered

ROW_TYPES = frozenset({"dict", "Dict", "Mapping", "Row"})
"""Names in the annotation of a parameter that is a row."""
HINT = "At run time such a function is run as Python, once for each distinct value."


@dataclass(frozen=True, slots=True)
class Inspected:
    """One function as SQL.

    Attributes:
        name: of the function.
        reads: the columns that the SQL is over: one called like the function's parameter, or those of a row function.
        writes: the columns that a row function sets; none of a function of a value.
        dialect: of the SQL.
        sql: a SELECT of what the function returns.
        domain: for which values it is exact, in phrases; none where it is for every value.
        domain_sql: a SELECT of the same.
        checked: on DuckDB, whatever the dialect is.
    """

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    dialect: str
    sql: str
    domain: tuple[str, ...]
    domain_sql: str
    checked: Checked


def inspect_function(path: Path, name: str, engine: Engine, dialect: str = DIALECT) -> Inspected:
    """Lower a function of a file, and check it.

    Raises:
        LoweringError: there is no such function, or it has no SQL that gives the same.
    """
    source, node = _read_function(path, name)
    parameter = node.args.args[0].arg if node.args.args else ""
    columns = list_columns(extract_code(source, name)) if takes_row(node) else None
    try:
        lowered = lower_function(source, name, columns)
        refuse_empty(lowered)
        checked = _check(lowered, source, name, columns, engine)
        refuse_difference(checked)
    except NotLowerableError as error:
        fact = f"{name} has no SQL: {error.reason}"
        place = Place(str(path), error.line or node.lineno)
        raise LoweringError(Diagnostic("RDC512", fact, HINT, place)) from None
    reads = {read: parameter if columns is None else read for read in lowered.reads}
    made = {name: lowered.outputs["value"]} if columns is None else lowered.outputs
    sql, domain_sql = (
        translate_query(select_function(nodes, reads, "input"), dialect)
        for nodes in (made, {"is_exact": lowered.domain})
    )
    phrases = describe_domain(
        lowered.domain, {key: exp.column(exp.to_identifier(read, quoted=True)) for key, read in reads.items()}
    )
    writes = () if columns is None else tuple(lowered.outputs)
    return Inspected(name, tuple(reads.values()), writes, dialect, sql, phrases, domain_sql, checked)


def _check(
    lowered: Lowered, source: str, name: str, columns: Sequence[str] | None, engine: Engine
) -> Checked:
    code = extract_code(source, name)
    given: Sequence[Given]
    if columns is None:
        [values] = gather_values([Subject(code)])
        given = [(value,) for value in values]
    else:
        [given] = gather_rows([RowSubject(code, len(columns))])
    return check(
        lowered,
        given,
        engine,
        lambda asked: run_function(source, name, asked, columns, tuple(lowered.outputs)),
    )


def takes_row(node: ast.FunctionDef) -> bool:
    """Whether a function's only parameter is a row: a dict by its type or, without one, by its name."""
    if len(node.args.args) != 1:
        return False
    [parameter] = node.args.args
    if parameter.annotation is None:
        return parameter.arg == "row"
    return any(isinstance(part, ast.Name) and part.id in ROW_TYPES for part in ast.walk(parameter.annotation))


def list_columns(code: str) -> tuple[str, ...]:
    """The columns that functions name of their parameters, by `row["a"]` or `row.get("a")`, in order.

    The name may be that of a loop over constants.
    """
    found: dict[str, None] = {}
    for function in ast.walk(ast.parse(code)):
        if isinstance(function, ast.FunctionDef):
            rows, parts = {argument.arg for argument in function.args.args}, list(ast.walk(function))
            loops = dict(loop for part in parts for loop in _read_loop(part))
            for owner, key in map(_read_key, parts):
                names = loops.get(key.id, ()) if isinstance(key, ast.Name) else _read_texts([key])
                found |= dict.fromkeys(names if owner in rows else ())
    return tuple(found)


def _read_key(part: ast.AST) -> tuple[str, ast.AST]:
    """The name and the key of `name[key]` and `name.get(key)`; no name of anything else."""
    match part:
        case ast.Subscript(value=ast.Name(id=owner), slice=key, ctx=ast.Load()):
            return owner, key
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="get"), args=[key, *_]):
            return owner, key
    return "", part


def _read_loop(part: ast.AST) -> Iterator[tuple[str, Sequence[str]]]:
    """The name of a loop over constants, and those that are text."""
    match part:
        case ast.For() | ast.comprehension():
            if isinstance(part.target, ast.Name) and isinstance(part.iter, ast.Tuple | ast.List):
                yield part.target.id, _read_texts(part.iter.elts)


def _read_texts(nodes: Sequence[ast.AST]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _read_function(path: Path, name: str) -> tuple[str, ast.FunctionDef]:
    """The source of a file, and the function of that name in it."""
    try:
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
    except (OSError, UnicodeDecodeError) as error:
        raise LoweringError(Diagnostic("RDC510", f"{path} cannot be read: {_reason(error)}")) from None
    except (SyntaxError, ValueError) as error:
        line = error.lineno or 0 if isinstance(error, SyntaxError) else 0
        raise LoweringError(
            Diagnostic("RDC510", f"it is no Python ({_reason(error)})", "", Place(str(path), line))
        ) from None
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if name not in functions:
        close = get_close_matches(name, functions, 1)
        known = ", ".join(functions) or "none"
        hint = f"Did you mean {close[0]!r}?" if close else f"Its functions: {known}."
        fact = f"there is no function {name!r} at the top of the file"
        raise LoweringError(Diagnostic("RDC511", fact, hint, Place(str(path))))
    return source, functions[name]


def _reason(error: Exception) -> str:
    """What went wrong, without the path that is told anyway."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return error.msg if isinstance(error, SyntaxError) else str(error)
