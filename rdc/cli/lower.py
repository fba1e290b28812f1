"""`rdc lower`: a Python function -> its SQL, for which values it is exact, and what was checked; or why it has none."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rdc.cli.layout import read_width, wrap
from rdc.cli.options import Command
from rdc.cli.session import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.lowering.inspection import Inspected


@click.command("lower", cls=Command)
@click.argument("reference", metavar="FILE::FUNCTION")
@click.option("--dialect", default="duckdb", show_default=True, help="Of the SQL, as sqlglot names it.")
@click.pass_context
def command(context: click.Context, reference: str, *, dialect: str) -> int:
    """Print the SQL of one Python function, and on how many values it gave the same."""
    from rdc.engines.duckdb import DuckDBEngine  # noqa: PLC0415 - `--help` needs none of them
    from rdc.lowering.inspection import inspect_function  # noqa: PLC0415 - as above

    file, found, name = reference.partition("::")
    if not (file and found and name.isidentifier()):
        raise click.BadParameter("write a file and a function, such as sizes.py::clean_ounces")
    with open_session(context) as session:
        engine = DuckDBEngine(threads=session.settings.threads)
        try:
            inspected = inspect_function(Path(file), name, engine, dialect.lower())
        finally:
            engine.close()
        if session.terminal.as_json:
            session.terminal.line(inspected.sql, kind="lowered", **asdict(inspected))
            return 0
        for line in describe_inspected(inspected, read_width()):
            session.terminal.line(line)
    return 0


def describe_inspected(inspected: Inspected, width: int) -> Iterator[str]:
    """A lowered function as lines."""
    made = f" -> {', '.join(inspected.writes)}" if inspected.writes else ""
    yield f"{inspected.name}({', '.join(inspected.reads)}){made} in {inspected.dialect}"
    yield from ("", *_indent(inspected.sql))
    yield from ("", "Exact for")
    for phrase in inspected.domain or ("every value",):
        yield from wrap(phrase, width, "    ", "      ")
    if inspected.domain:
        yield from ("", *_indent(inspected.domain_sql))
    checked = inspected.checked
    tried = f"{checked.values:,} {'rows' if inspected.writes else 'values'} gave what Python gives on {checked.engine} {checked.version}"
    if checked.residual:
        tried += f"; {checked.residual:,} of them took the Python path"
    yield from ("", "Checked")
    yield from wrap(tried, width, "    ", "    ")
    if inspected.dialect != checked.engine:
        yield f"    not checked on {inspected.dialect}"


def _indent(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield f"    {line}".rstrip()
