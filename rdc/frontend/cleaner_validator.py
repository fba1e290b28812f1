"""A cleaner's declaration -> what contradicts itself in it, own functions included; no data is read."""

from __future__ import annotations

import ast
import re
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

from rdc.artifacts.cleaner import DependencyRule, DeriveRule, UniqueRule
from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.frontend.expectation_validator import list_expectations, validate_expectation
from rdc.frontend.suggester import suggest_or_list

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.project import Manifest
    from rdc.frontend.expectation_validator import Locate

KeyPath = tuple[str | int, ...]
MAX_PRECISION = 38
"""Digits of a decimal that both DuckDB and Parquet hold."""


def validate_cleaner(manifest: Manifest, cleaner: Cleaner) -> Iterator[Diagnostic]:
    """All problems inside one cleaner."""
    locate = partial(manifest.place, f"cleaner.{cleaner.name}")
    yield from _check_duplicates(cleaner, locate)
    yield from _check_types(cleaner, locate)
    yield from _check_examples(cleaner, locate)
    yield from _check_overlaps(cleaner, locate)
    yield from _check_sources(cleaner, locate)
    yield from _check_tests(cleaner, locate)
    yield from _check_functions(manifest, cleaner, locate)
    for expectation, path in list_expectations(cleaner):
        column = cleaner.columns[int(path[1])].name if path[0] == "columns" else None
        yield from validate_expectation(expectation, column, partial(locate, *path))


def list_columns(cleaner: Cleaner) -> Iterator[tuple[KeyPath, tuple[str, ...]]]:
    """The lists of columns in the key and the rules, each with the path to it."""
    yield ("key",), cleaner.key
    for number, rule in enumerate(cleaner.rules):
        match rule:
            case DependencyRule(dependency=sides, source_column=source):
                yield ("rules", number, "dependency", "determinant"), sides.determinant
                yield ("rules", number, "dependency", "dependent"), sides.dependent
                if source is not None:
                    yield ("rules", number, "source_column"), (source,)
            case UniqueRule(unique=names):
                yield ("rules", number, "unique"), names
            case DeriveRule(derive=derivation):
                yield ("rules", number, "derive", "from"), derivation.from_


def _repeated(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Position and name of each that stood before."""
    seen: set[str] = set()
    for position, name in enumerate(names):
        if name in seen:
            yield position, name
        seen.add(name)


def _check_duplicates(cleaner: Cleaner, locate: Locate) -> Iterator[Diagnostic]:
    for position, name in _repeated(column.name for column in cleaner.columns):
        hint = "Merge the two entries."
        yield Diagnostic("RDC140", f"duplicate column '{name}'", hint, locate("columns", position, "name"))
    for path, names in list_columns(cleaner):
        for position, name in _repeated(names):
            fact = f"column '{name}' is named twice in '{path[-1]}'"
            yield Diagnostic("RDC140", fact, "Name it once.", locate(*path, position))
    for position, name in _repeated(test.name for test in cleaner.tests):
        hint = "Give each test a name of its own."
        yield Diagnostic("RDC143", f"duplicate test '{name}'", hint, locate("tests", position, "name"))


def _check_types(cleaner: Cleaner, locate: Locate) -> Iterator[Diagnostic]:
    for position, column in enumerate(cleaner.columns):
        digits = [int(number) for number in re.findall(r"\d+", column.type)]
        if digits and not (1 <= digits[0] <= MAX_PRECISION and digits[1] <= digits[0]):
            fact = f"'{column.type}' is no decimal that can be stored"
            hint = f"decimal(p,s) has p digits, 1 to {MAX_PRECISION}, and s of them after the point."
            yield Diagnostic("RDC113", fact, hint, locate("columns", position, "type"))


def _check_examples(cleaner: Cleaner, locate: Locate) -> Iterator[Diagnostic]:
    for position, column in enumerate(cleaner.columns):
        pairs = [(example.given, example.expect) for example in column.examples]
        yield from _check_pairs(pairs, partial(locate, "columns", position, "examples"))
    for position, rule in enumerate(cleaner.rules):
        if isinstance(rule, DeriveRule):
            rows = [(example.given, example.expect) for example in rule.examples]
            yield from _check_pairs(rows, partial(locate, "rules", position, "examples"))


def _check_pairs(pairs: Iterable[tuple[Any, Any]], locate: Locate) -> Iterator[Diagnostic]:
    """Examples that ask for different results of one value."""
    first: dict[Hashable, tuple[Any, Place | None]] = {}
    for position, (given, expect) in enumerate(pairs):
        key = tuple(sorted(given.items())) if isinstance(given, dict) else given
        expected, place = first.setdefault(key, (expect, locate(position)))
        if expected != expect:
            fact = (
                f"examples disagree: {_shown(given)} becomes {_shown(expect)} here, {_shown(expected)} before"
            )
            hint = f"The other one stands at {place}." if place else ""
            yield Diagnostic("RDC142", fact, hint, locate(position))


def _shown(value: Any) -> str:
    return "null" if value is None else repr(value)


def _check_overlaps(cleaner: Cleaner, locate: Locate) -> Iterator[Diagnostic]:
    for number, rule in enumerate(cleaner.rules):
        if isinstance(rule, DependencyRule):
            for position, name in enumerate(rule.dependency.dependent):
                if name in rule.dependency.determinant:
                    fact = f"column '{name}' cannot both determine and depend"
                    place = locate("rules", number, "dependency", "dependent", position)
                    yield Diagnostic("RDC141", fact, "Take it out of one of the two lists.", place)


def _check_sources(cleaner: Cleaner, locate: Locate) -> Iterator[Diagnostic]:
    """What is said of sources must be needed, and enough: `repair: weighted` and `source_column` go together."""
    for number, rule in enumerate(cleaner.rules):
        if not isinstance(rule, DependencyRule):
            continue
        source, sides = rule.source_column, rule.dependency
        if rule.repair == "weighted" and source is None:
            hint = "Add `source_column`, the column that says where a row comes from."
            place = locate("rules", number, "repair")
            yield Diagnostic("RDC144", "'repair: weighted' needs a source_column", hint, place)
        elif rule.repair != "weighted" and source is not None:
            hint = "Say `repair: weighted`, or take `source_column` out."
            place = locate("rules", number, "source_column")
            yield Diagnostic("RDC144", f"'repair: {rule.repair}' weighs no sources", hint, place)
        elif source in (*sides.determinant, *sides.dependent):
            place = locate("rules", number, "source_column")
            hint = "Where a row comes from is another column than what it says."
            yield Diagnostic("RDC144", f"column '{source}' is both a source and a side", hint, place)


def _check_tests(cleaner: Cleaner, locate: Locate) -> Iterator[Diagnostic]:
    drops_rows = any(isinstance(rule, UniqueRule) and rule.keep != "none" for rule in cleaner.rules)
    for position, test in enumerate(cleaner.tests):
        given, expect = len(test.given), len(test.expect)
        if given != expect and not (drops_rows and expect < given):
            fact = f"test '{test.name}' gives {_count(given)} and expects {_count(expect)}"
            hint = "Only a 'unique' rule takes rows out, and nothing adds any."
            yield Diagnostic("RDC143", fact, hint, locate("tests", position, "expect"))
        elif not given:
            fact = f"test '{test.name}' has no rows"
            yield Diagnostic("RDC143", fact, "Give at least one.", locate("tests", position, "given"))


def _count(rows: int) -> str:
    return f"{rows} row" if rows == 1 else f"{rows} rows"


def _check_functions(manifest: Manifest, cleaner: Cleaner, locate: Locate) -> Iterator[Diagnostic]:
    for kind in ("columns", "rules"):
        for position, item in enumerate(getattr(cleaner, kind)):
            if item.function is not None:
                place = locate(kind, position, "function")
                yield from _check_function(manifest, item.function, place)


def _check_function(manifest: Manifest, reference: str, place: Place | None) -> Iterator[Diagnostic]:
    """Whether a file of the project defines the function that is referred to."""
    file, _, name = reference.partition("::")
    path = (manifest.root / file).resolve()
    if not path.is_relative_to(manifest.root.resolve()):
        yield Diagnostic("RDC126", f"'{file}' is outside the project", "Move it into the project.", place)
        return
    if not path.is_file():
        hint = "Paths are relative to rdc_project.yml."
        yield Diagnostic("RDC126", f"there is no file '{file}'", hint, place)
        return
    try:
        with warnings.catch_warnings():
            # An odd escape in somebody's string is not what is asked here.
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_bytes(), filename=file)
    except SyntaxError as error:
        where = Place(file, error.lineno or 0, error.offset or 0)
        yield Diagnostic("RDC126", f"Python syntax: {error.msg}", f"It is referred to at {place}.", where)
        return
    except ValueError as error:
        yield Diagnostic("RDC126", f"'{file}' is no Python: {error}", "", place)
        return
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if name not in defined:
        hint = suggest_or_list(name, defined, "It defines")
        yield Diagnostic("RDC126", f"'{file}' defines no function '{name}'", hint, place)
