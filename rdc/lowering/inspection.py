"""A function in a file -> its SQL, for which values it holds, and what a check of it found; else why it has none."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.errors import LoweringError
from rdc.lowering.adversary import Subject, gather_values
from rdc.lowering.dialects import translate_query
from rdc.lowering.domain import describe_domain
from rdc.lowering.equivalence import check, refuse_difference
from rdc.lowering.functions.compiler import lower_function
from rdc.lowering.interpreter import extract_code, run_function
from rdc.lowering.lowerer import refuse_empty, select_function
from rdc.lowering.names import DIALECT
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from pathlib import Path

    from rdc.engines.engine import Engine
    from rdc.lowering.equivalence import Checked
    from rdc.lowering.functions.compiler import Lowered

HINT = "At run time such a function is run as Python, once for each distinct value."


@dataclass(frozen=True, slots=True)
class Inspected:
    """One function as SQL.

    Attributes:
        name: of the function.
        column: that the SQL is over, called like the function's parameter.
        dialect: of the SQL.
        sql: a SELECT of what the function returns.
        domain: for which values it is exact, in phrases; none where it is for every value.
        domain_sql: a SELECT of the same.
        checked: on DuckDB, whatever the dialect is.
    """

    name: str
    column: str
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
    try:
        lowered = lower_function(source, name)
        refuse_empty(lowered)
        checked = _check(lowered, source, name, engine)
        refuse_difference(checked)
    except NotLowerableError as error:
        fact = f"{name} has no SQL: {error.reason}"
        place = Place(str(path), error.line or node.lineno)
        raise LoweringError(Diagnostic("RDC512", fact, HINT, place)) from None
    column = node.args.args[0].arg
    columns = {read: exp.column(exp.to_identifier(column, quoted=True)) for read in lowered.reads}
    queries = [
        select_function({named: made}, dict.fromkeys(lowered.reads, column), "input")
        for named, made in ((name, lowered.outputs["value"]), ("is_exact", lowered.domain))
    ]
    sql, domain_sql = (translate_query(query, dialect) for query in queries)
    phrases = describe_domain(lowered.domain, columns)
    return Inspected(name, column, dialect, sql, phrases, domain_sql, checked)


def _check(lowered: Lowered, source: str, name: str, engine: Engine) -> Checked:
    [values] = gather_values([Subject(extract_code(source, name))])
    return check(lowered, values, engine, lambda asked: run_function(source, name, asked))


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
