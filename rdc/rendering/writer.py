"""Rendered files -> `generated/`, replaced whole or not at all; a file that a person edited is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.lockfile import LockedCleaner, Lockfile, digest
from rdc.errors import RenderingError
from rdc.rendering.renderer import HEADER
from rdc.rendering.swapper import hold_folder, recover_folder, successor, swap_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LOCK = "rdc.lock"
PACKAGE = "__init__.py"


def read_lock(folder: Path) -> Lockfile | None:
    """Read the lock of a generated folder; None where there is none yet.

    Raises:
        RenderingError: it is in the middle of a merge, or is no lock.
    """
    recover_folder(folder)
    return _read_lock(folder)


def digest_files(files: Mapping[str, str]) -> dict[str, str]:
    """Make the `outputs` of a cleaner's entry in the lock."""
    return {path: digest(files[path]) for path in sorted(files)}


def next_version(entry: LockedCleaner | None, outputs: Mapping[str, str]) -> int:
    """Count a cleaner's version up where its output changed.

    Args:
        entry: of the lock, None where the cleaner is new.
        outputs: digests of the files as rendered with the version of `entry`.
    """
    if entry is None:
        return 1
    return entry.version + (dict(outputs) != entry.outputs)


def write_generated(
    folder: Path,
    files: Mapping[str, Mapping[str, str]],
    lock: Lockfile,
    *,
    package: str = "",
    force: bool = False,
) -> tuple[str, ...]:
    """Write cleaners and the lock; remove what rdc once wrote and no longer does; leave all else.

    Args:
        folder: is made where it is missing.
        files: texts by cleaner, then by path in the cleaner's folder; cleaners that are in the lock alone stay.
        lock: of all cleaners.
        package: the text of the folder's own `__init__.py`, if it is rdc's.
        force: overwrite what a person edited, and a lock that can't be read.

    Returns:
        The paths that were written or removed, sorted, relative to the folder.

    Raises:
        RenderingError: a person edited a file that would be overwritten, or another process is writing.
    """
    new = {f"{cleaner}/{path}": text for cleaner, texts in files.items() for path, text in texts.items()}
    new[LOCK] = lock.text()
    with hold_folder(folder):
        if package and _is_ours(folder / PACKAGE):
            new[PACKAGE] = package
        old = _read_lock(folder, lenient=force)
        gone = _find_gone(old, files, lock) - set(new)
        _check_paths([*new, *gone])
        changed = _find_changed(folder, new, gone)
        if not force:
            refuse_edited(folder, old, changed)
        if changed:
            _replace(folder, new, gone)
    return changed


def read_bytes(path: Path) -> bytes | None:
    """Read a file, None where there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def find_edited(folder: Path, lock: Lockfile | None, paths: Iterable[str]) -> tuple[str, ...]:
    """Find files that are not what the lock says rdc wrote; a file that is missing was not edited."""
    cleaners = lock.cleaners if lock else {}
    known = {
        f"{name}/{path}": made for name, entry in cleaners.items() for path, made in entry.outputs.items()
    }
    edited = []
    for path in sorted(set(paths) - {LOCK, PACKAGE}):
        content = read_bytes(folder / path)
        if content is not None and digest(content) != known.get(path):
            edited.append(path)
    return tuple(edited)


def refuse_edited(folder: Path, lock: Lockfile | None, paths: Iterable[str]) -> None:
    """Refuse to go on where a person edited one of some files.

    Raises:
        RenderingError: names all of them.
    """
    hint = "`function:` in the cleaner's YAML takes code of your own; `rdc compile --force` throws the edit away."
    problems = [
        Diagnostic("RDC605", f"{folder.name}/{path} was edited by hand", hint)
        for path in find_edited(folder, lock, paths)
    ]
    if problems:
        raise RenderingError(*problems)


def _read_lock(folder: Path, *, lenient: bool = False) -> Lockfile | None:
    content = read_bytes(folder / LOCK)
    if content is None:
        return None
    fact = "is no lock"
    try:
        text = content.decode()
        if any(line.startswith(("<<<<<<<", ">>>>>>>")) for line in text.split("\n")):
            fact = "holds a merge conflict"
        return Lockfile.model_validate(json.loads(text))
    except ValueError:
        if lenient:
            return None
        hint = "Take one side of it (`git checkout --theirs`), then run `rdc compile --force`."
        raise RenderingError(Diagnostic("RDC603", f"{folder.name}/{LOCK} {fact}", hint)) from None


def _is_ours(path: Path) -> bool:
    """Whether a file is missing or begins as rdc's do."""
    content = read_bytes(path)
    return content is None or content.startswith(f"# {HEADER}".encode())


def _find_gone(old: Lockfile | None, files: Mapping[str, Mapping[str, str]], lock: Lockfile) -> set[str]:
    """Find what rdc wrote and no longer does: of cleaners that are written now, and of removed ones."""
    return {
        f"{name}/{path}"
        for name, entry in (old.cleaners if old else {}).items()
        if name in files or name not in lock.cleaners
        for path in entry.outputs
    }


def _find_changed(folder: Path, new: Mapping[str, str], gone: Iterable[str]) -> tuple[str, ...]:
    """Find what must be written or removed."""
    changed = {path for path, text in new.items() if read_bytes(folder / path) != text.encode()}
    return tuple(sorted(changed | {path for path in gone if read_bytes(folder / path) is not None}))


def _check_paths(paths: Iterable[str]) -> None:
    """Refuse paths that lead out of the folder."""
    problems = [
        Diagnostic("RDC604", f"{path!r} is no path inside the generated folder", "Is rdc.lock damaged?")
        for path in paths
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\0" in path
    ]
    if problems:
        raise RenderingError(*problems)


def _replace(folder: Path, new: Mapping[str, str], gone: Iterable[str]) -> None:
    """Make the folder anew beside the old one, then let it take its place."""
    target = successor(folder)
    try:
        if folder.exists():
            shutil.copytree(folder, target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        target.mkdir(parents=True, exist_ok=True)
        for path in gone:
            (target / path).unlink(missing_ok=True)
        for path, text in new.items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(text.encode())
        _remove_empty(target, gone)
        swap_folder(folder)
    except OSError as error:
        shutil.rmtree(target, ignore_errors=True)
        fact = f"{folder.name}/ cannot be written: {error.strerror or error}"
        raise RenderingError(Diagnostic("RDC606", fact, "It is as it was.")) from None


def _remove_empty(folder: Path, gone: Iterable[str]) -> None:
    """Remove the folders that held nothing but what is gone."""
    for path in sorted(gone, reverse=True):
        for parent in (folder / path).parents:
            if parent == folder or not parent.is_dir() or any(parent.iterdir()):
                break
            parent.rmdir()
