"""A build compiles from what is recorded, then tests and runs one cleaner after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pytest

from rdc.builder import build_project
from rdc.compiler import compile_project
from rdc.frontend.parser import parse_project
from rdc.runtime.report import GateReport

if TYPE_CHECKING:
    from collections.abc import Callable

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
    monkeypatch.setattr("rdc.builder.GateProcess", LenientGate)


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


def test_a_build_tests_a_cleaner_on_what_the_one_before_it_published(manifest: Manifest) -> None:
    results = build_project(manifest, NODES)
    assert results.exit_code == 0
    assert [(result.phase, result.unique_id) for result in results.results] == [
        ("compile", "cleaner.raw"),
        ("compile", "cleaner.small"),
        ("compile", "cleaner.other"),
        ("test", "test.raw.cities are small"),
        ("test", "examples.raw.city"),
        ("test", "expectations.raw"),
        ("run", "cleaner.raw"),
        ("test", "expectations.small"),
        ("run", "cleaner.small"),
        ("test", "expectations.other"),
        ("run", "cleaner.other"),
    ]


def test_what_fails_a_step_of_a_build_goes_no_further(manifest: Manifest) -> None:
    spoil(manifest)
    results = build_project(manifest, NODES)
    assert results.exit_code == 1
    assert statuses(results)[3:] == [
        ("test", "test.raw.cities are small", "success"),
        ("test", "examples.raw.city", "success"),
        ("test", "expectations.raw", "fail"),
        ("run", "cleaner.raw", "skipped"),
        ("run", "cleaner.small", "skipped"),
        ("test", "expectations.other", "success"),
        ("run", "cleaner.other", "success"),
    ]
    assert not (manifest.root / "out/raw.csv").exists()


def test_what_is_not_recorded_is_asked_of_nobody(manifest: Manifest) -> None:
    path = manifest.root / "rdc_project.yml"
    path.write_text(
        path.read_text() + "model: {provider: openai, name: coder, base_url: 'http://127.0.0.1:9'}\n"
    )
    results = build_project(parse_project(manifest.root, environ={}), ["cleaner.raw"])
    assert statuses(results) == [("compile", "cleaner.raw", "fail"), ("run", "cleaner.raw", "skipped")]
    assert "RDC310" in results.results[0].message
    assert results.exit_code == 1
