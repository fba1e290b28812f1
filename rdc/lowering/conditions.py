"""A condition as text -> an expression over one row of `input`; what looks beyond the row is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from rdc.artifacts.diagnostic import Diagnostic
from rdc.errors import LoweringError
from rdc.lowering.names import DIALECT, column, name_unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

# What a condition may not hold: it is asked of one row at a time, without parameters.
REFUSED_NODES: tuple[tuple[type[exp.Expr], str], ...] = (
    (exp.Query, "a subquery"),
    (exp.AggFunc, "an aggregate"),
    (exp.Window, "a window function"),
    (exp.Placeholder, "a parameter"),
    (exp.Parameter, "a parameter"),
    (exp.Star, "a star"),
)


def parse_condition(text: str, columns: Sequence[str]) -> exp.Expr:
    """Read a SQL condition that is asked of one row, its columns made those of `input`.

    Raises:
        LoweringError: it doesn't parse, names an unknown column, or looks beyond the row.
    """
    hint = "`prefer` is a SQL condition on the columns of one row, such as src = 'owner'."
    try:
        condition = sqlglot.parse_one(text, into=exp.Condition, dialect=DIALECT)
    except (SqlglotError, RecursionError):
        raise LoweringError(Diagnostic("RDC502", f"no SQL condition: {text!r}", hint)) from None
    problems = [
        Diagnostic("RDC503", f"the condition {text!r} holds {name}", hint)
        for kind, name in REFUSED_NODES
        if condition.find(kind)
    ]
    known = {name.lower(): name for name in columns}
    for node in condition.find_all(exp.Column):
        name = node.sql(DIALECT) if node.table else node.name
        if name.lower() not in known:
            problems.append(name_unknown(name, columns, f"the condition {text!r}"))
    if problems:
        raise LoweringError(*problems)
    for part in condition.walk():
        part.pop_comments()
    return condition.transform(
        lambda node: column(known[node.name.lower()]) if isinstance(node, exp.Column) else node
    )
