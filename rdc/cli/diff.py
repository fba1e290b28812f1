"""`rdc diff`: what a run would change, without changing it."""

from __future__ import annotations

from functools import partial

import click

from rdc.cli.options import Command
from rdc.cli.session import open_session


@click.command("diff", cls=Command)
@click.argument("cleaners", nargs=-1)
@click.option(
    "--examples",
    type=click.IntRange(0, 3),
    default=3,
    show_default=True,
    help="Changes to show of each transform.",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    help="Show only so many, the riskiest: largest share of cells without a finding.",
)
@click.pass_context
def command(context: click.Context, cleaners: tuple[str, ...], examples: int, top: int | None) -> int:
    """Show what a run would change, the riskiest first: cells by transform, with examples, and rows by key."""
    from rdc.cli.results import describe_diff  # noqa: PLC0415 - commands load what they use
    from rdc.runner import diff_project  # noqa: PLC0415 - commands load what they use

    with open_session(context) as session:
        manifest = session.manifest()
        names = session.names(manifest, *cleaners)
        results = diff_project(manifest, names, session.terminal.report)
        return session.conclude(results, partial(describe_diff, examples=examples, top=top))
