"""`rdc profile`: measure sources, print findings, write `generated/<cleaner>/profile.json`."""

from __future__ import annotations

import click

from rdc.cli.options import Command
from rdc.cli.session import open_session


@click.command("profile", cls=Command)
@click.pass_context
def command(context: click.Context) -> int:
    """Measure the selected cleaners' sources and print what looks wrong in them."""
    from rdc.compiler import profile_project  # noqa: PLC0415 - commands load what they use

    with open_session(context) as session:
        manifest = session.manifest()
        names = session.names(manifest)
        return session.conclude(profile_project(manifest, names, session.terminal.report))
