"""`generated/<cleaner>/` and its lock -> record and functions, read and never executed; an edited file is refused."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import ValidationError

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.artifacts.lockfile import LockedCleaner, LockedSql, Lockfile, digest
from rdc.artifacts.module import Record
from rdc.artifacts.profile import TableProfile
from rdc.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FUNCTIONS = frozenset({"column", "row"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """A compiled cleaner.

    Attributes:
        functions: by name, the code of each function with the constants and functions that it needs.
        inputs: digests of what it was compiled from.
        lock: the digest of its entry in the lock.
        sql: what was checked of each column function's SQL, by name.
    """

    record: Record
    profile: TableProfile
    functions: dict[str, str]
    version: int
    lock: str
    inputs: dict[str, str]
    sql: dict[str, LockedSql] = field(default_factory=dict)


def read_lock(path: Path) -> Lockfile:
    """Read `rdc.lock`; where there is none, nothing is compiled.

    Raises:
        RunError: the file is no lock.
    """
    try:
        return Lockfile.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Lockfile(cleaners={})
    except (ValidationError, OSError) as error:
        hint = "Take it from git again, or remove it and run `rdc compile`."
        raise RunError(Diagnostic("RDC703", f"{path.name} cannot be read: {_first(error)}", hint)) from error


def read_module(folder: Path, entry: LockedCleaner | None) -> Loaded:
    """Read one compiled cleaner, exactly as it was locked.

    Args:
        folder: `generated/<cleaner>`.
        entry: of the lock, or None where the lock has none.

    Raises:
        RunError: it is not compiled, or a file is missing, edited or unreadable; all files are named.
    """
    shown = f"{folder.parent.name}/{folder.name}"
    if entry is None or not folder.is_dir():
        raise RunError(Diagnostic("RDC701", f"cleaner '{folder.name}' is not compiled", "Run `rdc compile`."))
    contents = _read_files(folder, entry)
    try:
        record = Record.model_validate_json(contents["evidence.json"])
        profile = TableProfile.model_validate_json(contents["profile.json"])
        names = [t.name for t in record.transforms if t.kind in FUNCTIONS]
        functions = read_functions(contents["transforms.py"].decode(), names) if names else {}
    except (KeyError, ValueError, SyntaxError) as error:
        hint = "It is of another version of rdc; run `rdc compile`."
        raise RunError(Diagnostic("RDC703", f"{shown} cannot be read: {_first(error)}", hint)) from error
    return Loaded(
        record,
        profile,
        functions,
        entry.version,
        digest(entry.model_dump(mode="json")),
        entry.inputs,
        entry.sql,
    )


def _read_files(folder: Path, entry: LockedCleaner) -> dict[str, bytes]:
    """The files of a cleaner, by name; all that are missing or edited are named."""
    shown = f"{folder.parent.name}/{folder.name}"
    contents: dict[str, bytes] = {}
    problems: list[Diagnostic] = []
    for name, expected in sorted(entry.outputs.items()):
        place = Place(f"{shown}/{name}")
        try:
            contents[name] = (folder / name).read_bytes()
        except OSError:
            problems.append(Diagnostic("RDC701", "the file is missing", "Run `rdc compile`.", place))
            continue
        if digest(contents[name]) != expected:
            hint = "`function:` in the cleaner's YAML takes code of your own; `rdc compile --force` throws the edit away."
            problems.append(Diagnostic("RDC702", "the file was edited", hint, place))
    if problems:
        raise RunError(*problems)
    return contents


def read_functions(text: str, names: Iterable[str]) -> dict[str, str]:
    r"""The code of functions of a file, each with what it needs of the file but without imports.

    Raises:
        KeyError: the file has no such function.

    >>> read_functions("import re\nA = 1\nB = 2\ndef f(v):\n    return A\n", ["f"])
    {'f': 'A = 1\n\n\ndef f(v):\n    return A\n'}
    """
    parts: dict[str, ast.stmt] = {}
    for node in ast.parse(text).body:
        parts |= dict.fromkeys(_defined(node), node)
    return {name: _with_needs(text, parts, name) for name in names}


def _with_needs(text: str, parts: dict[str, ast.stmt], name: str) -> str:
    """The code of one function and, before it, of all that it names, in the file's order."""
    wanted, open_names = {parts[name].lineno: parts[name]}, [parts[name]]
    while open_names:
        for node in ast.walk(open_names.pop()):
            needed = parts.get(node.id) if isinstance(node, ast.Name) else None
            if needed is not None and needed.lineno not in wanted:
                wanted[needed.lineno] = needed
                open_names.append(needed)
    pieces = (ast.get_source_segment(text, wanted[line]) or "" for line in sorted(wanted))
    return "\n\n\n".join(pieces) + "\n"


def _defined(node: ast.stmt) -> list[str]:
    """The names that a statement at the top of a file defines, imports left out."""
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _first(error: Exception) -> str:
    """The first line of what an error says."""
    return str(error).partition("\n")[0]
