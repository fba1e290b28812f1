"""`rdc ls`: the selected nodes, one name a line."""

from __future__ import annotations

import click

from rdc.cli.options import Command
from rdc.cli.session import open_session


@click.command("ls", cls=Command)
@click.option(
    "--resource-type", "kinds", type=click.Choice(["source", "cleaner"]), multiple=True, help="Only these."
)
@click.option(
    "--output",
    "output",
    type=click.Choice(["name", "path", "selector"]),
    default="selector",
    help="What to print of each.",
)
@click.pass_context
def command(context: click.Context, kinds: tuple[str, ...], output: str) -> int:
    """List what is selected, one name a line, each after those that it reads from."""
    with open_session(context) as session:
        manifest = session.manifest()
        for node in session.names(manifest):
            kind, _, name = node.partition(".")
            if not kinds or kind in kinds:
                shown = {"name": name, "path": manifest.files[node], "selector": node}
                session.terminal.line(shown[output], kind="node", unique_id=node, path=manifest.files[node])
    return 0
