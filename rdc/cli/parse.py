"""`rdc parse`: read and validate the project, and write the manifest."""

from __future__ import annotations

import click

from rdc.cli.options import Command
from rdc.cli.session import open_session


@click.command("parse", cls=Command)
@click.pass_context
def command(context: click.Context) -> int:
    """Read and validate the project, and write target/manifest.json."""
    from rdc.frontend.snapshot import write_snapshot  # noqa: PLC0415 - commands load what they use

    with open_session(context) as session:
        manifest = session.manifest()
        path = write_snapshot(manifest)
        counts = f"sources {len(manifest.sources)}, cleaners {len(manifest.cleaners)}"
        session.terminal.note(
            f"{manifest.project.name} is valid: {counts}; wrote {path.relative_to(manifest.root)}"
        )
    return 0
