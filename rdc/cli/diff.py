"""`rdc diff`: what a run would change, without changing it."""

from __future__ import annotations

import click

from rdc.cli.options import Command
from rdc.cli.session import open_session


@click.command("diff", cls=Command)
@click.argument("cleaners", nargs=-1)
@click.pass_context
def command(context: click.Context, cleaners: tuple[str, ...]) -> int:
    """Show what a run would change: cells by transform, with examples, and rows by key."""
    from rdc.runner import diff_project  # noqa: PLC0415 - commands load what they use

    with open_session(context) as session:
        manifest = session.manifest()
        names = session.names(manifest, *cleaners)
        return session.conclude(diff_project(manifest, names, session.terminal.report))
