"""`rdc init`: write the files of a new project; files that are there already are refused, all of them at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.cli.options import Command
from rdc.cli.session import open_session
from rdc.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command("init", cls=Command)
@click.argument("name", required=False)
@click.option(
    "--from",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE…",
    help="Draft a source and a cleaner from each of these; they stay where they are.",
)
@click.option(
    "--accept-dependencies",
    "accept",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="STRENGTH",
    help="With --from: repair what columns of this strength and more determine, where nothing speaks against it.",
)
@click.pass_context
def command(context: click.Context, name: str | None, files: tuple[Path, ...], accept: float | None) -> int:
    """Make a new project in the folder NAME, or here; with --from, drafted from data."""
    if accept is not None and not files:
        raise click.UsageError("--accept-dependencies goes with --from")
    from rdc.frontend.starter import draft_project, start_project  # noqa: PLC0415 - commands load what they use

    with open_session(context) as session:
        around = session.settings.project_dir or Path.cwd()
        folder = around / name if name else around
        project = read_name(folder)
        written = draft_project(project, folder, files, accept) if files else start_project(project)
        write_files(folder, written)
        for path in written:
            session.terminal.note(f"wrote {Path(name or '.') / path}")
        go = f"cd {name} && " if name else ""
        session.terminal.note(f"Next: {go}rdc compile; then rdc diff and rdc build.")
    return 0


def read_name(folder: Path) -> str:
    """A project's name from its folder's."""
    name = re.sub(r"\W+", "_", folder.resolve().name, flags=re.ASCII).strip("_")
    if not name or not name[0].isalpha():
        hint = "Begin it with a letter; digits, letters and _ may follow."
        raise ProjectError(Diagnostic("RDC197", f"'{folder.resolve().name}' is no name for a project", hint))
    return name


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write all files, or none where one of them is there already."""
    problems = [
        Diagnostic("RDC195", "is there already", "Nothing was written.", Place(path))
        for path in files
        if (folder / path).exists()
    ]
    if problems:
        raise ProjectError(*problems)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
