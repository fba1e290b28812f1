"""`rdc clean`: remove the target folder; a folder that may hold anything else is refused."""

from __future__ import annotations

import shutil
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rdc.artifacts.diagnostic import Diagnostic
from rdc.cli.options import Command
from rdc.cli.session import open_session
from rdc.errors import ProjectError

if TYPE_CHECKING:
    from rdc.artifacts.project import Manifest


@click.command("clean", cls=Command)
@click.pass_context
def command(context: click.Context) -> int:
    """Remove the target folder, which holds nothing that cannot be made again."""
    with open_session(context) as session:
        manifest = session.manifest()
        shown = manifest.project.target_path
        if reason := find_reason_to_keep(manifest):
            hint = "Give target-path a folder of its own inside the project, or remove it yourself."
            raise ProjectError(Diagnostic("RDC191", f"target-path {shown!r} {reason}", hint))
        if not manifest.target_folder.exists():
            session.terminal.note(f"{shown} is not there")
            return 0
        shutil.rmtree(manifest.target_folder)
        session.terminal.note(f"removed {shown}")
    return 0


def find_reason_to_keep(manifest: Manifest) -> str:
    """Why the target folder must not be removed; empty where it may be."""
    root, folder = manifest.root.absolute(), manifest.target_folder.absolute()
    project = manifest.project
    inside = Path(project.target_path).parts
    if ".." in inside or not folder.is_relative_to(root) or folder == root:
        return "is not inside the project"
    steps = [root.joinpath(*inside[: length + 1]) for length in range(len(inside))]
    if any(step.is_symlink() for step in steps):
        return "is a link, or leads over one"
    if folder.exists() and not folder.is_dir():
        return "is no folder"
    kept = {
        "sources": project.source_paths,
        "cleaners": project.cleaner_paths,
        "templates": project.template_paths,
        "generated code": (project.generated_path,),
        "data": tuple(source.path for source in manifest.sources.values() if source.path),
    }
    for what, paths in kept.items():
        if any(Path(normpath(root / path)).is_relative_to(folder) for path in paths):
            return f"holds the project's {what}"
    return ""
