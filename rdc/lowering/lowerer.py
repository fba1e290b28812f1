"""A column function's code -> its SQL, as a value and the inputs for which it holds; or refused, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.artifacts.lockfile import digest
from rdc.lowering.domain import describe_domain
from rdc.lowering.functions.compiler import IMPORTS, RECIPES, Lowered, lower_function, read_recipes
from rdc.lowering.functions.hoister import hoist
from rdc.lowering.functions.ir import Kind
from rdc.lowering.names import DIALECT, table
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdc.lowering.functions.ir import Node

ROUNDINGS = ("CEILING", "DOWN", "FLOOR", "HALF_DOWN", "HALF_EVEN", "HALF_UP", "UP")
NAMES = ("Decimal", "InvalidOperation", *(f"ROUND_{way}" for way in ROUNDINGS))


def lower_column(source: str, name: str) -> Lowered:
    """Lower a column function of a cleaner, whose code has no imports of its own.

    Raises:
        NotLowerableError: it has no SQL that is known to give the same, or does so for no value at all.
    """
    imports = [f"import {', '.join(sorted(IMPORTS))}", f"from decimal import {', '.join(NAMES)}"]
    imports.append(f"from {RECIPES} import {', '.join(sorted(read_recipes()))}")
    try:
        lowered = lower_function(f"{'; '.join(imports)}\n{source}", name)
    except NotLowerableError as error:
        raise NotLowerableError(error.reason, error.line and error.line - 1) from None
    if lowered.outputs["value"].kind is not Kind.TEXT:
        raise NotLowerableError("a result that is no text")
    refuse_empty(lowered)
    return lowered


def refuse_empty(lowered: Lowered) -> None:
    """Refuse what is exact for no input."""
    if lowered.domain.op == "literal" and not lowered.domain.value:
        raise NotLowerableError("a function of which no value is known to be exact in SQL")


def select_function(nodes: Mapping[str, Node], reads: Mapping[str, str], relation: str) -> exp.Select:
    """A SELECT of expressions.

    Args:
        nodes: by the name that each is given.
        reads: the column of the relation that each input is.
        relation: to select from.
    """
    columns = {name: exp.column(exp.to_identifier(read, quoted=True)) for name, read in reads.items()}
    hoisted = hoist(nodes, columns)
    results = [exp.alias_(made, name, quoted=True) for name, made in hoisted.results.items()]
    return hoisted.select(exp.select(*results), table(relation))


def digest_sql(lowered: Lowered) -> str:
    """What tells the SQL of one function from any other."""
    nodes = {**lowered.outputs, "domain": lowered.domain}
    query = select_function(nodes, {name: name for name in lowered.reads}, "input")
    return digest(query.sql(DIALECT))


@dataclass(frozen=True, slots=True)
class Shown:
    """A column function's SQL for people.

    Attributes:
        sql: a SELECT of what the function returns.
        domain: for which values it is exact, in phrases; none where it is for every value.
        digest: of it.
    """

    sql: str
    domain: tuple[str, ...]
    digest: str


def show_column(source: str, name: str, read: str) -> Shown | None:
    """The SQL of a column function of a cleaner over the column that it reads; None where it has none."""
    try:
        lowered = lower_column(source, name)
    except NotLowerableError:
        return None
    reads = dict.fromkeys(lowered.reads, read)
    query = select_function({read: lowered.outputs["value"]}, reads, "input")
    columns = {key: exp.column(exp.to_identifier(read, quoted=True)) for key in lowered.reads}
    return Shown(
        query.sql(DIALECT, pretty=True), describe_domain(lowered.domain, columns), digest_sql(lowered)
    )
