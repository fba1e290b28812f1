"""`rdc test`: unit tests, examples and expectations on the sample."""

from __future__ import annotations

import click

from rdc.cli.options import Command
from rdc.cli.session import open_session


@click.command("test", cls=Command)
@click.argument("cleaners", nargs=-1)
@click.pass_context
def command(context: click.Context, cleaners: tuple[str, ...]) -> int:
    """Run the unit tests, examples and expectations of the selected cleaners."""
    from rdc.runner import test_project  # noqa: PLC0415 - commands load what they use

    with open_session(context) as session:
        manifest = session.manifest()
        names = session.names(manifest, *cleaners)
        fail_fast = session.settings.fail_fast
        return session.conclude(test_project(manifest, names, session.terminal.report, fail_fast=fail_fast))
