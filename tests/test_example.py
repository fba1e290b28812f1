"""The example's data are what its script makes, and a careful person could clean them."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from rdc.artifacts.check import value_check
from rdc.artifacts.cleaner import DependencyRule, DeriveRule, UniqueRule
from rdc.frontend.parser import parse_project
from rdc.frontend.schema import KINDS, json_schema

if TYPE_CHECKING:
    from types import ModuleType

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.project import Manifest

EXAMPLE = Path(__file__).parents[1] / "project_example"


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return parse_project(EXAMPLE, environ={})


@pytest.fixture(scope="module")
def score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("example_score", EXAMPLE / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _tables(score: ModuleType, name: str) -> tuple[Any, Any]:
    """The dirty and the true rows of one cleaner, by key."""
    [(key, feed, truth)] = [
        (key, feed, truth) for each, key, feed, truth, _ in score.CLEANERS if each == name
    ]
    return score.read_feed(EXAMPLE / feed, key), score.read_feed(EXAMPLE / truth, key)


def test_committed_data_are_what_the_script_makes() -> None:
    done = subprocess.run(
        [sys.executable, EXAMPLE / "make_data.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("same") == 4


def test_data_stay_small() -> None:
    size = sum(path.stat().st_size for folder in ("data", "truth") for path in (EXAMPLE / folder).iterdir())
    assert size < 2_500_000


def test_schemas_for_editors_are_those_of_the_package() -> None:
    for kind in KINDS:
        assert json.loads((EXAMPLE / "schemas" / f"{kind}.json").read_text(encoding="utf-8")) == json_schema(
            kind
        )


@pytest.mark.parametrize("name", ["orders", "products"])
def test_truth_meets_every_expectation(manifest: Manifest, score: ModuleType, name: str) -> None:
    _, truth = _tables(score, name)
    for column in manifest.cleaners[name].columns:
        for expectation in column.expectations:
            check = value_check(expectation.of(column.name))
            assert check is not None
            assert {
                row[column.name] for row in truth.values() if not check(row[column.name] or None)
            } == set()


@pytest.mark.parametrize("name", ["orders", "products"])
def test_columns_are_dirty_at_the_rate_of_real_feeds(score: ModuleType, name: str) -> None:
    dirty, truth = _tables(score, name)
    for column, result in score.score_columns(dirty, truth, truth).items():
        share = result.wrong / len(truth)
        assert share == 0 or 0.02 < share < 0.25, column


@pytest.mark.parametrize("name", ["orders", "products"])
def test_majorities_tell_the_truth_where_values_contradict_a_dependency(
    manifest: Manifest, score: ModuleType, name: str
) -> None:
    dirty, truth = _tables(score, name)
    [rule] = [rule for rule in manifest.cleaners[name].rules if isinstance(rule, DependencyRule)]
    [determinant] = rule.dependency.determinant
    for dependent in rule.dependency.dependent:
        groups: dict[str, Counter[str]] = defaultdict(Counter)
        for key, row in truth.items():
            groups[row[determinant]][dirty[key][dependent]] += 1
        wrong = {
            row[determinant]
            for row in truth.values()
            if groups[row[determinant]].most_common(1)[0][0] != row[dependent]
        }
        assert wrong == set()


def test_no_example_gives_away_a_row_of_the_data(manifest: Manifest) -> None:
    """Three examples a column at most: the goals carry the rest."""
    for cleaner in manifest.cleaners.values():
        assert max(len(column.examples) for column in cleaner.columns) <= 3


def test_the_project_shows_every_part_of_the_format(manifest: Manifest) -> None:
    def parts(cleaner: Cleaner) -> set[str]:
        kinds = {DependencyRule: "dependency", DeriveRule: "derive", UniqueRule: "unique"}
        shown = {kinds[type(rule)] for rule in cleaner.rules} | {cleaner.on_failure, cleaner.contract.types}
        shown |= {"function" for rule in cleaner.rules if rule.function}
        return shown | {"tests" for _ in cleaner.tests}

    shown = set().union(*map(parts, manifest.cleaners.values()))
    assert shown >= {"dependency", "derive", "unique", "function", "tests", "fail", "quarantine", "freeze"}


@pytest.mark.parametrize(
    ("published", "f1"), [("truth", 1.0), ("dirty", 0.0)], ids=["a perfect run", "a run that did nothing"]
)
def test_score_is_one_for_the_truth_and_zero_for_the_feed(
    score: ModuleType, tmp_path: Path, published: str, f1: float
) -> None:
    dirty, truth = _tables(score, "products")
    rows = {"truth": truth, "dirty": dirty}[published]
    source, output = tmp_path / "rows.jsonl", tmp_path / "rows.parquet"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows.values()), encoding="utf-8")
    read = f"SELECT * FROM read_json('{source}', columns = {dict.fromkeys(next(iter(truth.values())), 'VARCHAR')})"  # noqa: S608 - a path of the test's own
    duckdb.connect().execute(f"COPY ({read}) TO '{output}' (FORMAT parquet)")

    table, repeated = score.read_output(output, "product_code")
    total = score.total(score.score_columns(dirty, truth, table).values())

    assert repeated == 0
    assert total.f1 == f1
    assert total.damaged == 0


def test_score_tells_repairs_from_damage(score: ModuleType) -> None:
    truth = {"1": {"a": "x", "b": "y"}, "2": {"a": "x", "b": "y"}}
    dirty = {"1": {"a": "X", "b": "y"}, "2": {"a": "X", "b": "Y"}}
    output = {"1": {"a": "x", "b": "z"}}

    total = score.total(score.score_columns(dirty, truth, output).values())

    assert (total.wrong, total.changed, total.exact, total.damaged) == (3, 2, 1, 1)
    assert (total.precision, total.recall) == (0.5, pytest.approx(1 / 3))
