"""A manifest -> what does not fit together in it: references, engines, paths, outputs, columns."""

from __future__ import annotations

import codecs
from itertools import chain
from os.path import normpath
from typing import TYPE_CHECKING

from rdc.artifacts.cleaner import DeriveRule
from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.source import DATABASE_FORMATS
from rdc.frontend.cleaner_validator import list_columns, validate_cleaner
from rdc.frontend.expectation_validator import columns_of, list_expectations
from rdc.frontend.lineage import find_cycle, output_path, table_name, trace_parents
from rdc.frontend.suggester import suggest_or_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.project import Manifest
    from rdc.artifacts.source import Source

# Declared in the format, and not built yet.
UNBUILT = frozenset({"postgres", "spark"})
_LOADABLE = "csv, jsonl, json, parquet, excel, duckdb, sqlite"


def validate_manifest(
    manifest: Manifest, *, declared: frozenset[str] = frozenset()
) -> tuple[Diagnostic, ...]:
    """All problems between the parts of a project, without looking at its data.

    Args:
        manifest: the project.
        declared: names of sources that exist but whose own declaration is wrong.
    """
    return tuple(
        chain(
            _check_target(manifest),
            _check_folders(manifest),
            chain.from_iterable(_check_source(manifest, source) for source in manifest.sources.values()),
            _check_references(manifest, declared),
            _check_outputs(manifest),
            _check_cycles(manifest),
            chain.from_iterable(validate_cleaner(manifest, item) for item in manifest.cleaners.values()),
        )
    )


def validate_columns(manifest: Manifest, cleaner: Cleaner, columns: Sequence[str]) -> tuple[Diagnostic, ...]:
    """Every column that a cleaner names and that its source does not have and no rule derives.

    Args:
        manifest: for places.
        cleaner: the cleaner.
        columns: of its source, in order.
    """
    derived = [rule.derive.column for rule in cleaner.rules if isinstance(rule, DeriveRule)]
    known = list(dict.fromkeys([*columns, *derived]))
    return tuple(
        Diagnostic(
            "RDC104",
            f"unknown column '{name}'",
            suggest_or_list(name, known, f"Columns of '{cleaner.source}'"),
            manifest.place(f"cleaner.{cleaner.name}", *path),
        )
        for name, path in _named_columns(cleaner)
        if name not in known
    )


def _named_columns(cleaner: Cleaner) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Every column that is named, and where."""
    for position, column in enumerate(cleaner.columns):
        yield column.name, ("columns", position, "name")
    for path, names in list_columns(cleaner):
        yield from ((name, (*path, position)) for position, name in enumerate(names))
    for expectation, path in list_expectations(cleaner):
        for name, key in columns_of(expectation):
            # A column's own expectations may name it, and it was looked at above.
            if (path[0], key) != ("columns", "column"):
                yield name, (*path, "kwargs", key)
    for number, test in enumerate(cleaner.tests):
        for side, rows in (("given", test.given), ("expect", test.expect)):
            for position, row in enumerate(rows):
                yield from ((name, ("tests", number, side, position, name)) for name in row)


def _check_target(manifest: Manifest) -> Iterator[Diagnostic]:
    project = manifest.project
    place = manifest.place("project", "target")
    target = project.targets.get(project.target)
    if target is None:
        hint = suggest_or_list(project.target, project.targets, "Declared targets")
        yield Diagnostic("RDC122", f"unknown target '{project.target}'", hint, place)
    elif target.engine in UNBUILT:
        yield Diagnostic(
            "RDC123",
            f"target '{project.target}' runs on {target.engine}, which rdc cannot do yet",
            "Use a target with engine: duckdb.",
            manifest.place("project", "targets", project.target, "engine"),
        )


def _check_folders(manifest: Manifest) -> Iterator[Diagnostic]:
    """What rdc replaces or removes must hold nothing that a person wrote."""
    project, root = manifest.project, manifest.root.resolve()
    precious = {"the project": root}
    precious |= {f"'{folder}'": (root / folder).resolve() for folder in project.source_paths}
    precious |= {f"'{folder}'": (root / folder).resolve() for folder in project.cleaner_paths}
    written = {
        "generated-path": (root / project.generated_path).resolve(),
        "target-path": (root / project.target_path).resolve(),
    }
    holds = {
        key: next((name for name, inside in precious.items() if inside.is_relative_to(folder)), None)
        for key, folder in written.items()
    }
    for key, name in holds.items():
        if name is not None:
            fact = f"'{key}' holds {name}, and rdc replaces that folder"
            place = manifest.place("project", key)
            yield Diagnostic("RDC109", fact, "Give it a folder of its own.", place)
    generated, target = written.values()
    nested = generated.is_relative_to(target) or target.is_relative_to(generated)
    if nested and not any(holds.values()):
        yield Diagnostic(
            "RDC109",
            "'generated-path' and 'target-path' lie in one another",
            "Give each a folder of its own: one is for git, the other is not.",
            manifest.place("project", "generated-path"),
        )


def _check_source(manifest: Manifest, source: Source) -> Iterator[Diagnostic]:
    node = f"source.{source.name}"
    at_format = manifest.place(node, "format")
    if source.format in UNBUILT:
        fact = f"source '{source.name}' is read from {source.format}, which rdc cannot do yet"
        yield Diagnostic("RDC123", fact, f"Formats that can be read: {_LOADABLE}.", at_format)
        return
    database = source.format in DATABASE_FORMATS
    if not source.path:
        hint = "Give the database file: 'path: …'." if database else "Give the file: 'path: …'."
        yield Diagnostic("RDC124", f"source '{source.name}' has no path", hint, manifest.place(node))
    if database and not source.table:
        fact = f"source '{source.name}' has no table"
        yield Diagnostic("RDC124", fact, "Give the table in the database: 'table: …'.", manifest.place(node))
    if source.table and not database:
        fact = f"a {source.format} file has no table"
        yield Diagnostic("RDC124", fact, "Take 'table' out.", manifest.place(node, "table"))
    if len(source.options.delimiter) != 1:
        fact = f"the delimiter must be one character, but is '{source.options.delimiter}'"
        place = manifest.place(node, "options", "delimiter")
        yield Diagnostic("RDC125", fact, 'A tab is "\\t" in double quotes.', place)
    if not _is_text_encoding(source.options.encoding):
        fact = f"unknown encoding '{source.options.encoding}'"
        known = ("utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "ascii")
        hint = suggest_or_list(source.options.encoding, known, "Some that are known")
        yield Diagnostic("RDC125", fact, hint, manifest.place(node, "options", "encoding"))


def _is_text_encoding(name: str) -> bool:
    """Whether Python reads text in this encoding; `base64` and the like make no text."""
    try:
        "".encode(codecs.lookup(name).name)
    except (LookupError, ValueError):
        return False
    return True


def _check_references(manifest: Manifest, declared: frozenset[str]) -> Iterator[Diagnostic]:
    known = {*manifest.sources, *declared}
    for cleaner in manifest.cleaners.values():
        if cleaner.source not in known:
            yield Diagnostic(
                "RDC121",
                f"unknown source '{cleaner.source}'",
                suggest_or_list(cleaner.source, sorted(known), "Declared sources"),
                manifest.place(f"cleaner.{cleaner.name}", "source"),
            )


def _check_outputs(manifest: Manifest) -> Iterator[Diagnostic]:
    taken: dict[str, str] = {}
    for cleaner in manifest.cleaners.values():
        node, output = f"cleaner.{cleaner.name}", cleaner.output
        place = manifest.place(node, "output")
        path = output_path(manifest, cleaner)
        if path is None and not output.table:
            yield Diagnostic("RDC127", "an output of format table needs 'table'", "Add 'table: …'.", place)
            continue
        wrong = "table" if path is not None else "path"
        if getattr(output, wrong) is not None:
            fact = f"an output of format {output.format} has no {wrong}"
            hint = "Take it out, or write 'format: table'." if wrong == "table" else "Take 'path' out."
            yield Diagnostic("RDC127", fact, hint, manifest.place(node, "output", wrong))
        where = f"file {normpath(path)}" if path is not None else f"table {table_name(output.table or '')}"
        if where in taken:
            fact = (
                f"cleaners '{taken[where]}' and '{cleaner.name}' write the same {where.split(maxsplit=1)[0]}"
            )
            yield Diagnostic("RDC128", fact, "Give each an output of its own.", place)
        taken.setdefault(where, cleaner.name)


def _check_cycles(manifest: Manifest) -> Iterator[Diagnostic]:
    cycle = find_cycle(trace_parents(manifest))
    if cycle:
        cleaner = next(node for node in cycle if node.startswith("cleaner."))
        place = manifest.place(cleaner, "output") or manifest.place(cleaner)
        fact = f"a cleaner reads what it makes: {' -> '.join(cycle)}"
        yield Diagnostic("RDC129", fact, "Write to another path.", place)
