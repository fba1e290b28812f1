"""`rdc run`: stage, transform, gate, publish."""

from __future__ import annotations

import click

from rdc.cli.options import Command
from rdc.cli.session import open_session


@click.command("run", cls=Command)
@click.argument("cleaners", nargs=-1)
@click.pass_context
def command(context: click.Context, cleaners: tuple[str, ...]) -> int:
    """Stage, transform, check and publish the selected cleaners."""
    from rdc.runner import run_project  # noqa: PLC0415 - commands load what they use

    with open_session(context) as session:
        manifest = session.manifest()
        names = session.names(manifest, *cleaners)
        fail_fast = session.settings.fail_fast
        return session.conclude(run_project(manifest, names, session.terminal.report, fail_fast=fail_fast))
