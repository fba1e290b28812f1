"""A cleaner's source and values -> where its SQL on DuckDB differs from CPython, and where it is not to be used."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from rdc.engines.duckdb import DuckDBEngine
from rdc.lowering.functions.compiler import lower_function
from rdc.lowering.functions.hoister import hoist

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Comparison:
    """What SQL and Python make of the same values.

    Attributes:
        differing: value, Python's result or exception, SQL's result; where SQL says that it is exact.
        outside: values that SQL leaves to Python.
    """

    differing: list[tuple[Any, Any, Any]]
    outside: list[Any]


def compare_with_python(header: str, body: str, values: Sequence[str | None]) -> Comparison:
    """Lower a function of `x`, run it on DuckDB for all values, and in CPython."""
    source = f"{header}\ndef clean_x(x):\n{indent(body.strip(), '    ')}\n"
    names: dict[str, Any] = {}
    exec(compile(source, "cleaner", "exec"), names)  # noqa: S102 - the test's own functions
    lowered = lower_function(source, "clean_x")
    nodes = {"result": lowered.outputs["value"], "domain": lowered.domain}
    hoisted = hoist(nodes, {"value": exp.column("cell")})
    wanted = [exp.column("cell"), *hoisted.results.values()]
    query = hoisted.select(exp.select(*wanted), exp.to_table("cells")).sql("duckdb")
    engine = DuckDBEngine()
    try:
        engine.load("cells", {"cell": list(values)})
        rows = engine.query(query)
    finally:
        engine.close()
    differing = []
    for cell, result, _ in (row for row in rows if row[2]):
        try:
            expected = names["clean_x"](cell)
        except Exception as error:  # noqa: BLE001 - SQL has no right to a result there
            expected = error
        if (type(expected), repr(expected)) != (type(result), repr(result)):
            differing.append((cell, expected, result))
    return Comparison(differing, [cell for cell, _, domain in rows if not domain])
