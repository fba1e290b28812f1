"""A function's SQL -> texts that people read, laid out in lines; what is too long to be read is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.artifacts.transform import WrittenSql
from rdc.lowering.functions.hoister import hoist
from rdc.lowering.lowerer import list_nodes, lower_transform
from rdc.lowering.names import DIALECT, column
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdc.artifacts.transform import Transform

LONGEST = 12_000
"""Characters of a function's SQL. Dates and numbers of many forms take up to two thirds of that; what is longer holds
long lists, such as all countries, of which nobody reads more than that they are there, and Python says that better."""

MAP_COLUMNS = ("in_", "out_")
"""What the columns of a map table begin with."""


def write_functions(
    transforms: Sequence[Transform], checked: Iterable[str], columns: Iterable[str]
) -> dict[str, WrittenSql]:
    """Write the SQL of functions, by name; those that are too long are left out.

    Args:
        transforms: as accepted.
        checked: names of the functions whose SQL was found to give what Python gives.
        columns: of the source.
    """
    names = {*columns, *(column for made in transforms for column in made.writes), *MAP_COLUMNS}
    wanted = {*checked}
    written = {made.name: write_function(made, names) for made in transforms if made.name in wanted}
    return {name: texts for name, texts in sorted(written.items()) if texts is not None}


def write_function(transform: Transform, columns: Iterable[str] = ()) -> WrittenSql | None:
    """Write the SQL of a function over `input`, or None where it has none, or one that is too long.

    Args:
        transform: that has code.
        columns: names that its parts may not have.
    """
    try:
        lowered = lower_transform(transform, transform.source)
    except NotLowerableError:
        return None
    prefix = f"{transform.name}_"
    if any(name.lower().startswith(prefix.lower()) for name in columns):
        prefix = f"__rdc_{prefix}"
    nodes = list_nodes(lowered)
    hoisted = hoist(nodes, dict(zip(lowered.reads, map(column, transform.reads), strict=True)), prefix)
    made = [*(made for level in hoisted.levels for made in level.values()), *hoisted.results.values()]
    if any(_holds_line(node) for each in made for node in each.walk()):
        return None
    levels = tuple(
        {name: made.sql(DIALECT, pretty=True) for name, made in level.items()} for level in hoisted.levels
    )
    *values, domain = (hoisted.results[name].sql(DIALECT, pretty=True) for name in nodes)
    everywhere = lowered.domain.op == "literal"
    texts = [
        *(text for level in levels for text in level.values()),
        *values,
        *([] if everywhere else [domain]),
    ]
    if sum(len(line.strip()) for text in texts for line in text.splitlines()) > LONGEST:
        return None
    return WrittenSql(levels=levels, values=tuple(values), domain=None if everywhere else domain)


def _holds_line(node: exp.Expr) -> bool:
    """Whether a text or a name goes over lines, which must not be set in."""
    return isinstance(node, exp.Literal | exp.Identifier) and "\n" in node.this
