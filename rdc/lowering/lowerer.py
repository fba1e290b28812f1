"""The code of a column or row function -> its SQL, as values and the inputs for which they hold; or refused, with the reason."""

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
    from collections.abc import Mapping, Sequence

    from rdc.artifacts.transform import Transform
    from rdc.lowering.functions.ir import Node

ROUNDINGS = ("CEILING", "DOWN", "FLOOR", "HALF_DOWN", "HALF_EVEN", "HALF_UP", "UP")
NAMES = ("Decimal", "InvalidOperation", *(f"ROUND_{way}" for way in ROUNDINGS))


def lower_transform(transform: Transform, source: str) -> Lowered:
    """Lower a column or row function of a cleaner, whose code has no imports of its own.

    Args:
        transform: that was accepted.
        source: its code, as it is run.

    Raises:
        NotLowerableError: it has no SQL that is known to give the same, or does so for nothing at all.
    """
    if transform.kind == "row":
        return lower_row(source, transform.name, transform.reads, transform.writes)
    return lower_column(source, transform.name)


def lower_column(source: str, name: str) -> Lowered:
    """Lower a column function. Errors are those of `lower_transform`."""
    return _lower(source, name)


def lower_row(source: str, name: str, reads: Sequence[str], writes: Sequence[str]) -> Lowered:
    """Lower a row function. Errors are those of `lower_transform`.

    Args:
        source: its code.
        name: of the function.
        reads: its columns.
        writes: the columns that are taken of what it returns; one that it reads and does not set keeps its value.
    """
    return _lower(source, name, reads, writes)


def _lower(
    source: str, name: str, reads: Sequence[str] | None = None, writes: Sequence[str] | None = None
) -> Lowered:
    """Lower a function among what it finds imported, and refuse what is no text, or exact for nothing."""
    imports = [f"import {', '.join(sorted(IMPORTS))}", f"from decimal import {', '.join(NAMES)}"]
    imports.append(f"from {RECIPES} import {', '.join(sorted(read_recipes()))}")
    try:
        lowered = lower_function(f"{'; '.join(imports)}\n{source}", name, reads, writes)
    except NotLowerableError as error:
        raise NotLowerableError(error.reason, error.line and error.line - 1) from None
    if any(output.kind is not Kind.TEXT for output in lowered.outputs.values()):
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


def list_nodes(lowered: Lowered) -> dict[str, Node]:
    """The expressions of a function, by names that are no column's: what it makes, and `domain`."""
    values = lowered.outputs.values()
    names = ["value"] if len(values) == 1 else [f"value_{number}" for number in range(len(values))]
    return {**dict(zip(names, values, strict=True)), "domain": lowered.domain}


def digest_sql(lowered: Lowered) -> str:
    """What tells the SQL of one function from any other."""
    query = select_function(list_nodes(lowered), {name: name for name in lowered.reads}, "input")
    return digest(query.sql(DIALECT))


@dataclass(frozen=True, slots=True)
class Shown:
    """A function's SQL for people.

    Attributes:
        sql: a SELECT of what the function makes.
        domain: for which values it is exact, in phrases; none where it is for every value.
        digest: of it.
    """

    sql: str
    domain: tuple[str, ...]
    digest: str


def show_function(transform: Transform) -> Shown | None:
    """The SQL of a function of a cleaner over the columns that it reads; None where it has none."""
    try:
        lowered = lower_transform(transform, transform.source)
    except NotLowerableError:
        return None
    reads = dict(zip(lowered.reads, transform.reads, strict=True))
    made = dict(zip(transform.writes, lowered.outputs.values(), strict=True))
    query = select_function(made, reads, "input")
    columns = {key: exp.column(exp.to_identifier(read, quoted=True)) for key, read in reads.items()}
    return Shown(
        query.sql(DIALECT, pretty=True), describe_domain(lowered.domain, columns), digest_sql(lowered)
    )
