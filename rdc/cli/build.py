"""`rdc build`: `compile --locked`, `test` and `run`, in order; what fails in one goes no further."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rdc.cli.options import Command
from rdc.cli.session import open_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.result import RunResults


@click.command("build", cls=Command)
@click.pass_context
def command(context: click.Context) -> int:
    """Compile from what is recorded, test and run the selected cleaners."""
    from rdc.compiler import Settings, compile_project  # noqa: PLC0415 - commands load what they use
    from rdc.runner import run_project, test_project  # noqa: PLC0415 - as above

    with open_session(context) as session:
        manifest, report = session.manifest(), session.terminal.report
        names, fail_fast = session.names(manifest), session.settings.fail_fast
        compiled = compile_project(manifest, names, Settings("locked", fail_fast=fail_fast), report)
        worst = session.conclude(compiled)
        names = passing(names, compiled)
        for step in (test_project, run_project):
            if worst and fail_fast:
                break
            results = step(manifest, names, report)
            worst = max(worst, session.conclude(results))
            names = passing(names, results)
    return worst


def passing(names: Sequence[str], results: RunResults) -> tuple[str, ...]:
    """The nodes that nothing failed of: neither they themselves nor a test of theirs."""
    failed = {tuple(result.unique_id.split(".", 2))[1] for result in results.results if result.failed}
    return tuple(name for name in names if name.partition(".")[2] not in failed or name.startswith("source."))
