"""SQL as DuckDB runs it -> another dialect's, where every part of it is known to mean the same there; else refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp

from rdc.artifacts.diagnostic import Diagnostic
from rdc.errors import LoweringError
from rdc.lowering.names import DIALECT

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = frozenset({
    exp.Alias, exp.And, exp.Between, exp.Boolean, exp.Case, exp.Coalesce, exp.Column, exp.Concat, exp.DPipe, exp.EQ,
    exp.From, exp.Greatest, exp.GT, exp.GTE, exp.Identifier, exp.If, exp.In, exp.Is, exp.Least, exp.Length, exp.Literal,
    exp.Lower, exp.LT, exp.LTE, exp.Neg, exp.NEQ, exp.Not, exp.Null, exp.Nullif, exp.Or, exp.Paren, exp.Replace,
    exp.Select, exp.Star, exp.Subquery, exp.Substring, exp.Table, exp.TableAlias, exp.Tuple, exp.Upper,
})  # fmt: skip
"""What means the same wherever there is a type of truth values."""
PLACES = frozenset({exp.Left, exp.Right, exp.Reverse, exp.Add, exp.Sub, exp.StrPosition, exp.ByteLength})
DIALECTS = {
    "postgres": PLAIN | PLACES | {exp.Chr, exp.Trim},
    "snowflake": PLAIN | PLACES | {exp.Chr, exp.Trim, exp.StartsWith},
    "bigquery": PLAIN | PLACES | {exp.Chr, exp.Trim, exp.StartsWith},
    # Beyond a byte, CHR counts from the beginning again in these.
    "spark": PLAIN | PLACES | {exp.Trim, exp.StartsWith},
    "databricks": PLAIN | PLACES | {exp.Trim, exp.StartsWith},
    "redshift": PLAIN | PLACES | {exp.Trim},
    "sqlite": (PLAIN - {exp.Greatest, exp.Least}) | {exp.Add, exp.Sub},
}
"""What is known to mean the same in each dialect. Others compare text without regard to case, or have no truth values."""
KNOWN_AS: dict[str, type[exp.Func]] = {"STRLEN": exp.ByteLength}


def translate_query(query: exp.Select, dialect: str) -> str:
    """Print a query for people, in a dialect.

    Raises:
        LoweringError: there is no such dialect, or a part of the query is not known to mean the same in it.
    """
    if dialect == DIALECT:
        return query.sql(DIALECT, pretty=True)
    if dialect not in DIALECTS:
        known = ", ".join([DIALECT, *DIALECTS])
        raise LoweringError(Diagnostic("RDC513", f"no SQL is written for {dialect!r}", f"Known are {known}."))
    # Read again, calls are what sqlglot knows of them and no names of DuckDB's.
    parsed = sqlglot.parse_one(query.sql(DIALECT), read=DIALECT).transform(_name_known)
    missing = sorted(set(_list_unknown(parsed, DIALECTS[dialect])))
    if missing:
        fact = f"{', '.join(missing)} {'has' if len(missing) == 1 else 'have'} no counterpart in {dialect}"
        raise LoweringError(Diagnostic("RDC514", fact, "On DuckDB it is known to work: leave --dialect out."))
    if dialect != "bigquery":
        parsed = parsed.transform(_rename_length)
    return parsed.sql(dialect, pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE)


def _rename_length(node: exp.Expr) -> exp.Expr:
    """The number of bytes by its name in the standard."""
    is_length = isinstance(node, exp.ByteLength)
    return exp.Anonymous(this="OCTET_LENGTH", expressions=[node.this]) if is_length else node


def _name_known(node: exp.Expr) -> exp.Expr:
    """What sqlglot has a node for and does not read as one, or what only means the same by another name."""
    if isinstance(node, exp.Substring) and node.args["start"] == exp.Neg(this=exp.Literal.number(1)):
        return exp.Right(this=node.this, expression=exp.Literal.number(1))
    kind = KNOWN_AS.get(node.name.upper()) if isinstance(node, exp.Anonymous) else None
    return kind.from_arg_list(node.expressions) if kind else node


def _list_unknown(query: exp.Expr, known: frozenset[type[exp.Expr]]) -> Iterator[str]:
    """The names of all parts that are not known."""
    for node in query.walk(prune=_is_typed_null):
        if type(node) not in known and not _is_typed_null(node):
            named = isinstance(node, exp.Anonymous)
            yield (
                node.name.upper()
                if named
                else node.sql_name()
                if isinstance(node, exp.Func)
                else node.key.upper()
            )


def _is_typed_null(node: exp.Expr) -> bool:
    return isinstance(node, exp.Cast) and isinstance(node.this, exp.Null)
