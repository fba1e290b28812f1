"""Tables of the speed benchmark are the same each time, all that clean them agree, and what a run takes is seen."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import duckdb
import pytest
from run import Round
from speed.guarding import time_guard
from speed.measuring import MEBIBYTE, measure
from speed.project import CHECKS, Project, count_checks, count_failing, environment
from speed.reporting import print_report, take_medians
from speed.tables import KINDS, count_differences, make_table, name_columns

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 3_000


def _clean(name: str, dirty: Path, clean: Path) -> None:
    """Let a contender do its work in a process of its own, as the benchmark does."""
    command = [sys.executable, "-m", "speed.contenders", name, str(dirty), str(clean)]
    assert measure(command, environment(), clean.parent, seconds=120, memory=1 << 40).failure == ""


@pytest.mark.parametrize("format_", ["parquet", "csv"])
def test_contenders_make_what_plain_python_makes(tmp_path: Path, format_: str) -> None:
    dirty, expected, found = (tmp_path / f"{stem}.{format_}" for stem in ("dirty", "expected", "found"))
    make_table(dirty, ROWS, len(KINDS))
    _clean("python", dirty, expected)
    assert count_differences(expected, dirty).keys() == {*KINDS}
    for name in ("duckdb", "pandas", *(["polars"] if find_spec("polars") else [])):
        _clean(name, dirty, found)
        assert count_differences(expected, found) == {}, name


def test_a_table_is_the_same_each_time_and_rarely_holds_what_is_not_ascii(tmp_path: Path) -> None:
    paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for path in paths:
        make_table(path, ROWS, 10)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    rows = duckdb.execute(f"SELECT * FROM read_csv('{paths[0]}', all_varchar = true)").fetchall()  # noqa: S608 - a path of this test's own
    foreign = sum(any(not (cell or "").isascii() for cell in row) for row in rows)
    assert 0 < foreign < ROWS * len(name_columns(10)) / 100


def test_checks_hold_for_most_clean_values_and_not_for_dirty_ones(tmp_path: Path) -> None:
    dirty, clean = tmp_path / "dirty.parquet", tmp_path / "clean.parquet"
    make_table(dirty, ROWS, len(KINDS))
    _clean("duckdb", dirty, clean)
    sql = f"SELECT {count_failing(8)} FROM read_parquet(?)"  # noqa: S608 - the benchmark's own
    before, after = (duckdb.execute(sql, [str(path)]).fetchone() or () for path in (dirty, clean))
    assert len(CHECKS) == len(before) == 20
    assert max(after) < ROWS / 20
    assert sum(before) > ROWS


def test_columns_that_are_made_again_have_the_same_checks() -> None:
    assert count_checks(8) == 20
    assert count_checks(60) == count_failing(60).count("count_if") == 150
    assert "count_if(NOT (length(name_2) BETWEEN 3 AND 60))" in count_failing(9)
    assert "TRY_CAST(date_2 AS DATE)" in count_failing(13)


def test_memory_of_children_is_seen_and_a_limit_ends_them(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("memory is read from /proc")
    child = "x = bytearray(60 * 1024 * 1024); import time; time.sleep(0.3)"
    command = [
        sys.executable,
        "-c",
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])",
    ]
    usage = measure(command, os.environ, tmp_path, seconds=60, memory=1 << 40)
    assert usage.failure == ""
    assert usage.peak > 60 * MEBIBYTE
    assert "over 30 MiB" in measure(command, os.environ, tmp_path, seconds=60, memory=30 * MEBIBYTE).failure


def test_a_failed_run_has_no_median() -> None:
    run = {"wall": 2.0, "cpu": 1.0, "peak": 5, "failure": ""}
    phases = [{"stage": 1.0}, {"stage": 3.0}]
    assert take_medians({"runs": [run, run | {"wall": 4.0}], "phases": phases}) == {
        "wall": 3.0, "cpu": 1.0, "peak": 5, "stage": 2.0,
    }  # fmt: skip
    assert take_medians({"runs": [run | {"failure": "over 3 s"}], "phases": []}) is None


def test_what_rdc_is_compared_with_is_measured_on_its_own_project(tmp_path: Path) -> None:
    found = {
        result.contender: result for result in Round(tmp_path, (ROWS, 8, "csv"), ["rdc"], 1 << 40).run(1)
    }
    assert [usage.failure for result in found.values() for usage in result.runs] == [""] * 4
    assert found["rdc"].differences == {}
    assert found["import"].runs[0].cpu < found["rdc"].runs[0].cpu
    assert found["checks"].phases[0]["query"] > 0
    assert found["guard"].phases[0].keys() >= {"guarded", "unguarded CPU", "residual"}


def test_a_guard_leaves_few_values_to_python(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", "parquet", 8)
    figures = time_guard(project.folder, turns=1)
    assert 4 <= figures["functions"] <= 8
    assert 0 < figures["residual"] <= figures["most residual"] < 0.01
    assert min(figures[name] for name in ("guarded", "unguarded", "guarded CPU", "unguarded CPU")) > 0


def test_a_report_tells_ratios_and_growth(capsys: pytest.CaptureFixture[str]) -> None:
    cpu = {"copy": 1.0, "rdc": 5.0, "recursive-cleaner": 12.0, "import": 2.0}
    guard = {
        "functions": 6, "residual": 0.002, "most residual": 0.005,
        "unguarded": 1.0, "guarded": 1.05, "unguarded CPU": 2.0, "guarded CPU": 2.2,
    }  # fmt: skip
    results = [
        {
            "rows": rows, "columns": 8, "format": "csv", "contender": name, "differences": None,
            "runs": [{"wall": seconds * rows / 10, "cpu": seconds * rows / 10, "peak": 1 << 20, "failure": ""}],
            "phases": [guard] if name == "guard" else [],
        }
        for rows in (10, 100)
        for name, seconds in (cpu | {"guard": 9.0}).items()
    ]  # fmt: skip
    machine = {
        "versions": {},
        "cores": 2,
        "cpu": "x",
        "memory": 1 << 30,
        "system": "y",
        "python": "3",
        "load": [0.0],
    }
    print_report(machine, results)
    lines = capsys.readouterr().out.splitlines()
    assert "| 10 x 8, csv |  | 5.00 |  | 2.40 | 4.00 | 1.00 |" in lines
    assert "| 10 x 8, csv | 6 | 0.20% | 0.50% | 1.000 | 1.050 | 1.05 | 2.000 | 2.200 | 1.10 |" in lines
    assert "| `rdc run` | csv x 8, 10 to 100 | x 10.0 | x 10.0 | x 1.0 |" in lines
    assert not [line for line in lines if "guarded and unguarded" in line]
