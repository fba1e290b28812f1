"""`rdc build`: `compile --locked`, `test` and `run`, in order; what fails in one goes no further."""

from __future__ import annotations

import click

from rdc.cli.options import Command
from rdc.cli.session import open_session


@click.command("build", cls=Command)
@click.argument("cleaners", nargs=-1)
@click.pass_context
def command(context: click.Context, cleaners: tuple[str, ...]) -> int:
    """Compile from what is recorded, test and run the selected cleaners."""
    from rdc.builder import build_project  # noqa: PLC0415 - commands load what they use

    with open_session(context) as session:
        manifest = session.manifest()
        names = session.names(manifest, *cleaners)
        fail_fast = session.settings.fail_fast
        return session.conclude(build_project(manifest, names, session.terminal.report, fail_fast=fail_fast))
