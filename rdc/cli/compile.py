"""`rdc compile`: propose, verify, lower, render and lock; or check what is rendered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from rdc.cli.options import Command
from rdc.cli.session import open_session

if TYPE_CHECKING:
    from typing import Literal

    from rdc.artifacts.project import Manifest
    from rdc.artifacts.result import NodeResult
    from rdc.cli.results import Told


@click.command("compile", cls=Command)
@click.option(
    "--check", is_flag=True, help="No model, no data: render anew, compare bytes; 1 on a difference."
)
@click.option("--locked", is_flag=True, help="Never call a model; 1 if a completion is not recorded.")
@click.option("--refresh", is_flag=True, help="Ask the model anew, whatever is recorded.")
@click.option("--profile", is_flag=True, help="Measure the sources anew.")
@click.option("--force", is_flag=True, help="Overwrite files of generated/ that a person edited.")
@click.pass_context
def command(
    context: click.Context, *, check: bool, locked: bool, refresh: bool, profile: bool, force: bool
) -> int:
    """Propose, verify and render the selected cleaners, and lock them."""
    given = [name for name, on in (("--check", check), ("--locked", locked), ("--refresh", refresh)) if on]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} exclude each other", context)
    mode: Literal["normal", "locked", "refresh"] = "locked" if locked else "refresh" if refresh else "normal"
    from rdc.compiler import Settings, check_project, compile_project  # noqa: PLC0415 - commands load what they use

    with open_session(context) as session:
        manifest = session.manifest()
        names = session.names(manifest)
        if check:
            return session.conclude(check_project(manifest, names, session.terminal.report))
        settings = Settings(mode, profile=profile, force=force, fail_fast=session.settings.fail_fast)
        results = compile_project(manifest, names, settings, session.terminal.report)
        return session.conclude(results, partial(describe_compiled, manifest))


def describe_compiled(manifest: Manifest, result: NodeResult, width: int) -> Told:
    """What a compilation has to tell: the account of what stands in `generated/` now."""
    from rdc.cli.results import describe_result  # noqa: PLC0415 - as above
    from rdc.cli.summary import count_authors, summarize  # noqa: PLC0415 - as above
    from rdc.solving.rendition import read_recorded  # noqa: PLC0415 - as above

    name = result.unique_id.removeprefix("cleaner.")
    module = None if result.failed or result.status == "skipped" else read_recorded(manifest.generated / name)
    if module is None:
        return describe_result(result, width)
    accepted = manifest.cleaners[name].accept
    return count_authors(module.record), [*summarize(module, width, accepted), ""]
