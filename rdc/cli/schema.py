"""`rdc schema`: the JSON Schemas of the files that a project is made of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from rdc.cli.options import Command
from rdc.cli.session import open_session

if TYPE_CHECKING:
    from rdc.frontend.schema import SchemaKind

KINDS: tuple[SchemaKind, ...] = ("project", "source", "cleaner")


@click.command("schema", cls=Command)
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.pass_context
def command(context: click.Context, kind: SchemaKind | None) -> int:
    """Print the JSON Schema of one kind of file, or all three by kind."""
    from rdc.frontend.schema import json_schema  # noqa: PLC0415 - commands load what they use

    schema = json_schema(kind) if kind else {each: json_schema(each) for each in KINDS}
    with open_session(context) as session:
        if session.terminal.as_json:
            session.terminal.line(kind or "all", kind="schema", schema=schema)
        else:
            session.terminal.line(json.dumps(schema, indent=2, ensure_ascii=False))
    return 0
