"""Repairs are scored by the convention, the table of a small data folder is as it should be, and parts come out."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import duckdb
import pytest
from ablation import PARTS, Cripple, measure_parts, take_out
from attempts import Attempt, Entry, attempt, list_entries, prepare_project
from cells import Score, read_table, score_cells, score_columns
from measure import HEAD, describe, describe_columns

from rdc.harness import gates, verifier

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADER = ("id", "ounces", "abv", "ibu", "city", "state")
SIZES = ("12.0 oz", "16.0 oz.", "12.0 ounce", "8.4 OZ.", "19.2 oz", "24.0 oz")


def test_cells_are_counted_by_the_convention() -> None:
    dirty = ["a", "b", "c", "d", "e"]
    clean = ["a", "B", "C", "D", "e"]
    repaired = ["x", "B", "?", "d", "e"]
    score = score_cells(dirty, clean, repaired)
    assert score == Score(wrong=3, changed=3, exact=1, damaged=1)
    assert [score.precision, score.recall, score.f1] == pytest.approx([1 / 3] * 3)
    assert score.damage == pytest.approx(1 / 3)


def test_nothing_wrong_and_nothing_changed_scores_zero() -> None:
    assert (Score().precision, Score().recall, Score().f1, Score().damage) == (0.0, 0.0, 0.0, 0.0)


def test_columns_are_aligned_by_position_and_named_as_in_the_dirty_table(tmp_path: Path) -> None:
    dirty = _write(tmp_path / "dirty.csv", [("a", "b"), ("1", ""), ("2", "x")])
    clean = _write(tmp_path / "clean.csv", [("A", "B"), ("1", ""), ("2", "y")])
    output = tmp_path / "output.parquet"
    duckdb.execute(f"COPY (SELECT * FROM (VALUES ('1', NULL), ('3', 'y')) AS t(a, b)) TO '{output}'")  # noqa: S608 - a path of this test's own
    scores = score_columns(read_table(dirty), read_table(clean), read_table(output))
    assert scores == {"a": Score(0, 1, 0, 1), "b": Score(1, 1, 1, 0)}


def test_tables_of_other_shapes_are_refused(tmp_path: Path) -> None:
    dirty = read_table(_write(tmp_path / "dirty.csv", [("a",), ("1",), ("2",)]))
    fewer = read_table(_write(tmp_path / "fewer.csv", [("a",), ("1",)]))
    with pytest.raises(ValueError, match="1 columns and 2 rows, 1 columns and 2 rows, 1 columns and 1 rows"):
        score_columns(dirty, dirty, fewer)


def test_each_data_set_is_measured_with_goals_and_with_nothing() -> None:
    found = {(entry.name, entry.help, entry.data) for entry in list_entries()}
    goals = {(name, "goals", data) for name, data in NAMES.items()}
    assert found == goals | {(name, "nothing", name) for name in set(NAMES.values())}


NAMES = {"beers": "beers", "flights": "flights", "flights_authority": "flights", "hospital": "hospital"}


def test_a_project_is_laid_out_with_its_proposers_alone(tmp_path: Path) -> None:
    entry = _find_entry("beers")
    data = _make_data(tmp_path)
    prepare_project(entry, "synthesis", data, tmp_path / "alone")
    prepare_project(entry, "synthesis + model", data, tmp_path / "both")
    assert "provider: synthesis" in (tmp_path / "alone" / "rdc_project.yml").read_text()
    assert not (tmp_path / "alone" / "generated").exists()
    assert "provider: mlx" in (tmp_path / "both" / "rdc_project.yml").read_text()
    assert (tmp_path / "both" / "data" / "dirty.csv").read_bytes() == (
        data / "beers" / "dirty.csv"
    ).read_bytes()


def test_a_small_data_folder_is_measured_and_a_kind_that_is_taken_out_costs(tmp_path: Path) -> None:
    entry, data = _find_entry("beers"), _make_data(tmp_path)
    whole = attempt(entry, "synthesis", data, Cripple(""))
    assert whole.columns["ounces"] == Score(wrong=60, changed=60, exact=60, damaged=0)
    assert whole.score.damaged == 0
    assert whole.authors.keys() == {"synthesis"}
    row = describe(entry, "synthesis", whole)
    assert row.startswith("| beers | goals | synthesis | 1.000 |")
    assert row.count("|") == HEAD.splitlines()[0].count("|")
    assert any(line.startswith("| ounces | 60 | 60 | 60 | 0 | 1.000 |") for line in describe_columns(whole))
    less = dict(measure_parts(Entry("beers", "goals", "beers", entry.folder), ["kind column"], data))[
        "kind column"
    ]
    assert isinstance(less, Attempt)
    assert less.columns["ounces"].exact == 0


@pytest.mark.parametrize("part", PARTS)
def test_every_part_can_be_taken_out_and_comes_back(part: str) -> None:
    with take_out(part):
        names = [name for name, _ in vars(verifier)["FUNCTION_GATES"]]
        assert part.removeprefix("gate ") not in names
    assert vars(verifier)["FUNCTION_GATES"] is gates.FUNCTION_GATES


def _find_entry(name: str) -> Entry:
    return next(entry for entry in list_entries() if entry.name == name and entry.help == "goals")


def _write(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def _make_data(folder: Path) -> Path:
    """Sixty rows in which the sizes have units; all else is clean."""
    data = folder / "data"
    (data / "beers").mkdir(parents=True)
    sizes = [(SIZES[number % len(SIZES)], str(number)) for number in range(60)]
    dirty = [(number, size, "0.05", "35", "Bend", "OR") for size, number in sizes]
    clean = [(row[0], f"{float(row[1].split()[0]):g}", *row[2:]) for row in dirty]
    _write(data / "beers" / "dirty.csv", [HEADER, *dirty])
    _write(data / "beers" / "clean.csv", [HEADER, *clean])
    return data
