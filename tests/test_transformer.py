"""Compiled cleaners are applied to sources and to rows held in Python, with the target's threads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from rdc.compiler import compile_project
from rdc.errors import RunError
from rdc.execution.differ import compare_published, list_changes
from rdc.execution.tester import check_examples, check_unit_test
from rdc.execution.transformer import load_cleaner, open_engine, transform_rows, transform_source
from rdc.frontend.parser import parse_project
from rdc.harness.sandbox import Sandbox
from rdc.runtime.publisher import Publication, publish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.artifacts.project import Manifest
    from rdc.engines.duckdb import DuckDBEngine
    from rdc.runtime.importer import Loaded

CLEANER = """
version: 1
cleaners:
  - name: a
    source: a
    key: [id]
    columns: [{name: size, goals: [A number without its unit.], examples: [{given: 5 oz, expect: "5"}]}]
    rules: [{unique: [id]}]
"""
FILES = {
    "rdc_project.yml": "name: shop\nconfig-version: 1\ntargets: {dev: {engine: duckdb, threads: 1}}\n",
    "sources/a.yml": "version: 1\nsources: [{name: a, format: csv, path: data/a.csv}]\n",
    "cleaners/a.yml": CLEANER,
    "data/a.csv": "id,size,city\n1,12 oz,York\n2,7 oz,Hull\n2,7 oz,Hull\n",
}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    root = tmp_path_factory.mktemp("shop")
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    manifest = parse_project(root, environ={})
    assert compile_project(manifest, ["cleaner.a"]).exit_code == 0
    return manifest


@pytest.fixture(scope="module")
def loaded(manifest: Manifest) -> Loaded:
    return load_cleaner(manifest, "a")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def engine(manifest: Manifest) -> Iterator[DuckDBEngine]:
    engine = open_engine(manifest)
    yield engine
    engine.close()


def test_the_engine_has_the_threads_of_the_target(engine: DuckDBEngine) -> None:
    assert engine.query("SELECT current_setting('threads')") == [(1,)]


def test_a_source_is_transformed_and_stays_as_it_was_read(
    manifest: Manifest, loaded: Loaded, engine: DuckDBEngine, sandbox: Sandbox
) -> None:
    done = transform_source(manifest, manifest.cleaners["a"], loaded, engine, sandbox)
    table = done.applied.table
    rows = engine.query(f"SELECT id, size FROM {table} ORDER BY __rdc_row")  # noqa: S608 - its own name
    assert rows == [
        ("1", "12"),
        ("2", "7"),
    ]
    assert engine.query(f'SELECT count(*) FROM "{done.source.table}"') == [(3,)]  # noqa: S608 - the table's own name
    assert done.changes == {("clean_size", "size"): 3}
    assert (done.discarded, done.warnings, done.drift) == ({"rows": 0, "values": 0}, (), ())
    assert list_changes(engine, done, loaded.record) == [
        {
            "transform": "clean_size",
            "column": "size",
            "cells": 3,
            "cells_without_finding": 0,
            "examples": [["7 oz", "7", 2], ["12 oz", "12", 1]],
        }
    ]


def test_a_column_that_is_needed_and_missing_is_told(
    manifest: Manifest, loaded: Loaded, engine: DuckDBEngine, sandbox: Sandbox
) -> None:
    edited = manifest.root / "data/edited.csv"
    edited.write_text("id,city\n1,York\n", encoding="utf-8")
    source = manifest.sources["a"].model_copy(update={"path": "data/edited.csv"})
    with pytest.raises(RunError, match="RDC721 column 'size' is missing"):
        transform_source(
            replace(manifest, sources={"a": source}), manifest.cleaners["a"], loaded, engine, sandbox
        )


def test_rows_in_python_come_out_as_those_of_a_source(
    loaded: Loaded, engine: DuckDBEngine, sandbox: Sandbox
) -> None:
    rows = [{"id": "1", "size": "5 oz"}, {"id": "1", "size": "6 oz"}, {"id": "2", "city": "York"}]
    assert transform_rows(loaded, engine, sandbox, rows) == [
        {"id": "1", "size": "5", "city": None},
        {"id": "2", "size": None, "city": "York"},
    ]


@pytest.mark.parametrize(
    ("test", "problems"),
    [
        ({"given": [{"id": "1", "size": "5 oz"}], "expect": [{"size": "5"}]}, []),
        (
            {"given": [{"id": "1", "size": "5 oz"}], "expect": [{"size": "6", "sise": "5"}]},
            ["RDC750 row 1: size is '5', expected '6'.", "RDC750 row 1: sise is None, expected '5'."],
        ),
        (
            {"given": [{"id": "1"}, {"id": "1"}], "expect": [{}, {}]},
            ["RDC750 1 rows came out, 2 are expected."],
        ),
        (
            {"given": [{"ident": "1"}], "expect": [{}]},
            ["RDC752 the source has no column 'ident'. There are city, id, size."],
        ),
    ],
)
def test_a_unit_test_tells_every_difference(
    manifest: Manifest,
    loaded: Loaded,
    engine: DuckDBEngine,
    sandbox: Sandbox,
    test: dict[str, Any],
    *,
    problems: list[str],
) -> None:
    declared = manifest.cleaners["a"].model_validate(
        {"name": "a", "source": "a", "tests": [{"name": "t", **test}]}
    )
    try:
        check_unit_test(declared.tests[0], loaded, engine, sandbox)
        found: list[str] = []
    except RunError as error:
        found = [str(problem) for problem in error.problems]
    assert found == problems


def test_an_example_that_does_not_hold_any_more_is_told(
    manifest: Manifest, loaded: Loaded, engine: DuckDBEngine, sandbox: Sandbox
) -> None:
    column = manifest.cleaners["a"].column("size")
    check_examples(column, loaded, engine, sandbox)
    wrong = column.model_copy(update={"examples": (column.examples[0].model_copy(update={"expect": "6"}),)})
    with pytest.raises(RunError, match="RDC751 '5 oz' became '5', not '6'"):
        check_examples(wrong, loaded, engine, sandbox)


@pytest.mark.parametrize(
    ("key", "counts"),
    [
        (["id"], {"added": 1, "removed": 1, "changed": 1, "same": 1}),
        ([], {"added": 0, "removed": 0, "changed": 2, "same": 1}),
        (["nowhere"], None),
    ],
)
def test_a_table_is_compared_with_what_would_be_published(
    manifest: Manifest, engine: DuckDBEngine, key: list[str], counts: dict[str, int] | None
) -> None:
    database = manifest.root / f"{len(key)}{key}.duckdb"
    cleaner = manifest.cleaners["a"].model_validate(
        {"name": "a", "source": "a", "key": key, "output": {"format": "table"}}
    )
    engine.load("before", {"id": ["1", "2", "3"], "city": ["York", "Hull", "Leeds"]})
    engine.load("after", {"id": ["1", "2", "4"], "city": ["York", "Hull ", "Leeds"]})
    assert compare_published(engine, cleaner, Publication("a", "after", ("id", "city")), database) is None
    publish(
        engine,
        Publication("a", "before", ("id", "city")),
        cleaner.output,
        root=manifest.root,
        folder=manifest.root,
        database=database.name,
    )
    assert compare_published(engine, cleaner, Publication("a", "after", ("id", "city")), database) == counts
