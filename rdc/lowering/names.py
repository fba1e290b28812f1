"""Names of columns and relations -> nodes and texts of SQL; a column that a table lacks is told as a problem."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.stage import INPUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DIALECT = "duckdb"


def column(name: str, table: str = INPUT) -> exp.Column:
    """Build the name of a column, quoted unless it is rdc's own."""
    return exp.column(exp.to_identifier(name, quoted=not name.startswith("__rdc_")), exp.to_identifier(table))


def columns_of(names: Iterable[str], table: str = INPUT) -> list[exp.Column]:
    """Build the names of columns of one relation."""
    return [column(name, table) for name in names]


def table(name: str, alias: str | None = None) -> exp.Table:
    """Build the name of a relation of rdc's own, under another name where one is given."""
    named = exp.TableAlias(this=exp.to_identifier(alias)) if alias else None
    return exp.Table(this=exp.to_identifier(name), alias=named)


def join_left(query: exp.Select, relation: exp.Table, conditions: Iterable[exp.Expr]) -> None:
    """Put a relation beside a query's rows where all conditions hold, in place: a copy costs as much as the query."""
    on = exp.and_(*conditions, copy=False)
    query.append("joins", exp.Join(this=relation, on=on, side="LEFT"))


def put_before(query: exp.Select, relations: Iterable[tuple[str, exp.Query]]) -> None:
    """Put relations before a query, by their names, in place."""
    for name, relation in relations:
        query.with_(exp.to_identifier(name), relation, copy=False)


def present(names: Iterable[str]) -> exp.Condition:
    """Build the condition that no cell is null or empty."""
    return exp.and_(*(column(name).neq(exp.Literal.string("")) for name in names))


def missing(name: str) -> exp.Condition:
    """Build the condition that a cell is null or empty."""
    return exp.or_(column(name).is_(exp.null()), column(name).eq(exp.Literal.string("")))


def write_names(names: Iterable[str], table: str = INPUT) -> str:
    """Write the names of columns of one relation as a list, for a text of SQL."""
    return ", ".join(node.sql(DIALECT) for node in columns_of(names, table))


def write_number(number: float) -> str:
    """Write a number as a decimal literal, so that it is compared exactly."""
    return f"{number:.12f}".rstrip("0").rstrip(".")


def name_unknown(name: str, columns: Sequence[str], what: str) -> Diagnostic:
    """Say that a column is unknown, and which may be meant."""
    close = get_close_matches(name, columns, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else f"There are {', '.join(map(repr, columns))}."
    return Diagnostic("RDC504", f"{what} names the unknown column {name!r}", hint)
