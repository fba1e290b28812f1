"""Cleaners are run after those that they read from, tested one by one, and compared without being run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import pytest

from rdc.artifacts.event import ignore_event
from rdc.compiler import compile_project
from rdc.frontend.parser import parse_project
from rdc.runner import diff_project, run_project
from rdc.runner import test_project as hold_project
from rdc.runtime.report import GateReport

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rdc.artifacts.project import Manifest
    from rdc.artifacts.result import RunResults

    MakeProject = Callable[..., Manifest]

CHAIN = """
  - name: raw
    source: orders
    columns:
      - name: city
        goals: [Lower case.]
        examples: [{given: YORK, expect: york}]
      - {name: id, type: integer}
    contract: {types: freeze}
    tests:
      - {name: cities are small, given: [{id: "1", city: HULL}], expect: [{city: hull}]}
    output: {format: csv, path: out/raw.csv}
  - name: small
    source: raw_again
    rules: [{unique: [city]}]
  - name: other
    source: orders
    rules: [{unique: [id]}]
"""
ORDERS = "id,city\n1,YORK\n2,leeds\n3,YORK\n"


class LenientGate:
    """Stands where Great Expectations would, which other tests load, and lets everything through."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, **_: object) -> None:
        """Prepare nothing."""

    def check(self, *_: object, **__: object) -> GateReport:
        """Find nothing."""
        return GateReport(())


@pytest.fixture(autouse=True)
def gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rdc.runner.GateProcess", LenientGate)


@pytest.fixture
def manifest(make_project: MakeProject) -> Manifest:
    """Two cleaners, one of which reads what the other writes, and a third."""
    root = make_project("\n  - {name: raw, source: orders}\n", {"orders": ORDERS}).root
    sources = root / "sources/all.yml"
    sources.write_text(sources.read_text() + "  - {name: raw_again, format: csv, path: out/raw.csv}\n")
    (root / "cleaners/all.yml").write_text("version: 1\ncleaners:\n" + CHAIN)
    (root / "out").mkdir()
    (root / "out/raw.csv").write_text("id,city\n1,york\n1,york\n")
    found = parse_project(root, environ={})
    assert compile_project(found, NODES).exit_code == 0
    (root / "out/raw.csv").unlink()
    return found


NODES = ["source.orders", "cleaner.raw", "source.raw_again", "cleaner.small", "cleaner.other"]


def statuses(results: RunResults) -> list[tuple[str, str, str]]:
    return [(result.phase, result.unique_id, result.status) for result in results.results]


def spoil(manifest: Manifest) -> None:
    """Let a row hold what its column's type refuses."""
    (manifest.root / "data/orders.csv").write_text(ORDERS + "three,leeds\n")


def test_a_cleaner_reads_what_another_one_published_before_it(manifest: Manifest) -> None:
    results = run_project(manifest, NODES)
    assert results.exit_code == 0
    assert [result.details["published"] for result in results.results] == [3, 2, 3]


def test_what_reads_from_a_failed_cleaner_is_skipped(manifest: Manifest) -> None:
    spoil(manifest)
    results = run_project(manifest, NODES)
    assert statuses(results) == [
        ("run", "cleaner.raw", "fail"),
        ("run", "cleaner.small", "skipped"),
        ("run", "cleaner.other", "success"),
    ]
    assert results.results[1].message == "cleaner.raw was not published"
    assert results.exit_code == 1
    assert [status for _, _, status in statuses(run_project(manifest, NODES, fail_fast=True))] == [
        "fail",
        "skipped",
        "skipped",
    ]


def test_a_cleaner_that_is_not_compiled_is_told_once(manifest: Manifest) -> None:
    (manifest.generated / "raw/transforms.py").write_text("# edited\n")
    results = hold_project(manifest, ["cleaner.raw"])
    assert statuses(results) == [("test", "cleaner.raw", "fail")]
    assert "RDC702" in results.results[0].message


def test_unit_tests_examples_and_expectations_are_told_one_by_one(manifest: Manifest) -> None:
    assert statuses(hold_project(manifest, ["cleaner.raw"])) == [
        ("test", "test.raw.cities are small", "success"),
        ("test", "examples.raw.city", "success"),
        ("test", "expectations.raw", "success"),
    ]


def test_a_diff_tells_what_a_run_would_change_and_changes_nothing(manifest: Manifest) -> None:
    [result] = diff_project(manifest, ["cleaner.raw"]).results
    assert result.message == "2 cells of 3 rows would be changed"
    [change] = result.details["transforms"]
    assert (change["column"], change["cells"], change["examples"]) == ("city", 2, [["YORK", "york", 2]])
    assert change["cells_without_finding"] == 0
    assert result.details["published"] is None
    assert not (manifest.root / "out/raw.csv").exists()

    run_project(manifest, NODES)
    (manifest.root / "data/orders.csv").write_text("id,city\n1,YORK\n2,hull\n")
    published: dict[str, Any] = diff_project(manifest, ["cleaner.raw"]).results[0].details["published"]
    assert published == {"added": 0, "removed": 1, "changed": 1, "same": 1}


def test_a_diff_shows_more_than_a_run_may_change(manifest: Manifest) -> None:
    path: Path = manifest.root / "cleaners/all.yml"
    path.write_text(
        path.read_text().replace("    output: {format: csv", "    max_changed: 0.1\n    output: {format: csv")
    )
    edited = parse_project(manifest.root, environ={})
    assert diff_project(edited, ["cleaner.raw"], ignore_event).exit_code == 0
    assert run_project(edited, ["cleaner.raw"]).exit_code == 1
