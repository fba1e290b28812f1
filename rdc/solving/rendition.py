"""Modules -> their files in `generated/` and their entries in the lock, whole or not at all, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.lockfile import LockedCleaner, Lockfile
from rdc.artifacts.module import Completion, Module, Record
from rdc.artifacts.profile import TableProfile
from rdc.errors import RenderingError
from rdc.lowering.script import compose_script
from rdc.rendering.renderer import render_module, render_package
from rdc.rendering.writer import digest_files, next_version, read_lock, write_generated
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jinja2 import Environment

    from rdc.artifacts.project import Manifest


@dataclass(frozen=True, slots=True)
class Rendition:
    """What one cleaner's part of `generated/` becomes.

    Attributes:
        files: their text, by their path in the cleaner's folder.
        entry: of the lock.
    """

    files: Mapping[str, str]
    entry: LockedCleaner


def render_next(
    manifest: Manifest, module: Module, locked: LockedCleaner | None, inputs: Mapping[str, str]
) -> Rendition:
    """Render a module, in the next version where anything of it is another than what is locked.

    Args:
        manifest: the project.
        module: what the cleaner compiled to.
        locked: its entry in the lock so far.
        inputs: digests of what it was compiled from.
    """
    sql = (locked.sql if locked else {}) if module.sql is None else module.sql
    module = module.model_copy(update={"sql": sql})
    files = render_version(manifest, module, locked.version if locked else 1)
    version = next_version(locked, digest_files(files))
    if locked and version != locked.version:
        files = render_version(manifest, module, version)
    authors = {
        transform.name: " ".join(filter(None, [transform.author.kind, transform.author.name]))
        for transform in module.record.transforms
    }
    entry = LockedCleaner(
        version=version,
        inputs=dict(inputs),
        outputs=digest_files(files),
        authors=authors,
        sql=sql,
    )
    return Rendition(files, entry)


def render_version(manifest: Manifest, module: Module, version: int) -> dict[str, str]:
    """The files of a module, by their path in the cleaner's folder."""
    columns = [column.name for column in module.profile.columns]
    script = compose_script(module.record, columns, module.sql)
    return render_module(
        module,
        version,
        script.query,
        script.rules,
        open_templates(manifest),
        file=manifest.files.get(f"cleaner.{module.record.cleaner}"),
    )


def write_renditions(manifest: Manifest, made: Mapping[str, Rendition], *, force: bool = False) -> None:
    """Write what was rendered; cleaners that are no longer declared leave the folder and the lock.

    Raises:
        RenderingError: a person edited a file that would be overwritten, or the folder cannot be written.
    """
    # The lock is read again: another process may have compiled other cleaners meanwhile.
    before = read_cleaners(manifest, lenient=force)
    kept = {name: entry for name, entry in before.items() if name in manifest.cleaners}
    new = Lockfile(cleaners=kept | {name: rendition.entry for name, rendition in made.items()})
    if made or kept != before:
        files = {name: rendition.files for name, rendition in made.items()}
        package = render_package(open_templates(manifest))
        write_generated(manifest.generated, files, new, package=package, force=force)


def read_cleaners(manifest: Manifest, *, lenient: bool = False) -> dict[str, LockedCleaner]:
    """The lock's entries by cleaner; none where nothing is compiled yet.

    Raises:
        RenderingError: the lock cannot be read, and it is not to be overwritten.
    """
    try:
        lock = read_lock(manifest.generated)
    except RenderingError:
        if not lenient:
            raise
        lock = None
    return dict(lock.cleaners) if lock else {}


def open_templates(manifest: Manifest) -> Environment:
    """The templates, the project's own first."""
    return environment([manifest.root / path for path in manifest.project.template_paths])


def read_recorded(folder: Path) -> Module | None:
    """The module that a cleaner's folder records, or None where there is none.

    Raises:
        RenderingError: a file of it cannot be read.
    """
    try:
        record = Record.model_validate_json((folder / "evidence.json").read_bytes())
        profile = TableProfile.model_validate_json((folder / "profile.json").read_bytes())
        completions = [
            Completion.model_validate_json(path.read_bytes())
            for path in sorted((folder / "completions").glob("*.json"))
        ]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValidationError) as error:
        hint = "Take it from git again, or run `rdc compile --force`."
        fact = f"{folder.parent.name}/{folder.name} cannot be read"
        raise RenderingError(Diagnostic("RDC620", fact, hint)) from error
    return Module(record=record, profile=profile, completions=tuple(completions))
