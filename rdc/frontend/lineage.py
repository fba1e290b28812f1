"""A manifest -> which node reads from which, and their order; a cycle is told, not resolved."""

from __future__ import annotations

from fnmatch import fnmatchcase
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from rdc.artifacts.project import DuckDBTarget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.project import Manifest
    from rdc.artifacts.source import Source


def output_path(manifest: Manifest, cleaner: Cleaner) -> Path | None:
    """The file that a cleaner writes: `<target-path>/<name>.<format>` unless it says; None for a table."""
    output = cleaner.output
    if output.format == "table":
        return None
    return manifest.root / (
        output.path or Path(manifest.project.target_path) / f"{cleaner.name}.{output.format}"
    )


def trace_parents(manifest: Manifest) -> dict[str, tuple[str, ...]]:
    """Node -> the nodes that it reads from: a cleaner its source, a source the cleaner that writes it."""
    parents: dict[str, tuple[str, ...]] = {
        f"source.{name}": tuple(
            f"cleaner.{cleaner.name}"
            for cleaner in manifest.cleaners.values()
            if _reads(manifest, source, cleaner)
        )
        for name, source in manifest.sources.items()
    }
    for name, cleaner in manifest.cleaners.items():
        known = cleaner.source in manifest.sources
        parents[f"cleaner.{name}"] = (f"source.{cleaner.source}",) if known else ()
    return parents


def sort_nodes(parents: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """All nodes, each after those that it reads from, otherwise as declared.

    >>> sort_nodes({"source.b": ("cleaner.a",), "source.a": (), "cleaner.a": ("source.a",)})
    ('source.a', 'cleaner.a', 'source.b')
    """
    ordered: dict[str, None] = {}
    entered: set[str] = set()

    def visit(node: str) -> None:
        if node not in entered:
            entered.add(node)
            for parent in parents[node]:
                visit(parent)
            ordered[node] = None

    for node in parents:
        visit(node)
    return tuple(ordered)


def find_cycle(parents: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The nodes of one cycle in the order of the data's way, or none.

    >>> find_cycle({"source.a": ("cleaner.a",), "cleaner.a": ("source.a",)})
    ('source.a', 'cleaner.a', 'source.a')
    """
    finished: set[str] = set()

    def visit(node: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if node in path:
            return (*path[path.index(node) :], node)
        if node not in finished:
            for parent in parents[node]:
                cycle = visit(parent, (*path, node))
                if cycle:
                    return cycle
            finished.add(node)
        return ()

    for node in parents:
        cycle = visit(node, ())
        if cycle:
            return cycle[::-1]
    return ()


def _reads(manifest: Manifest, source: Source, cleaner: Cleaner) -> bool:
    """Whether a source is what a cleaner writes."""
    if source.path is None:
        return False
    read = normpath(manifest.root / source.path)
    written = output_path(manifest, cleaner)
    if written is not None:
        return fnmatchcase(normpath(written), read)
    target = manifest.project.targets.get(manifest.project.target)
    if not isinstance(target, DuckDBTarget) or source.format != "duckdb" or not source.table:
        return False
    same_table = table_name(source.table) == table_name(cleaner.output.table or "")
    return same_table and read == normpath(manifest.root / target.path)


def table_name(name: str) -> str:
    """A table's name as it is compared: the default schema may be left out, case does not count.

    >>> table_name("main.Beers")
    'beers'
    """
    return name.casefold().removeprefix("main.")
