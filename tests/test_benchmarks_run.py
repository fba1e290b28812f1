"""Tables of the speed benchmark are the same each time, all that clean them agree, and what a run takes is seen."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import duckdb
import pytest
from speed.measuring import MEBIBYTE, measure
from speed.project import CHECKS, count_failing, environment
from speed.reporting import take_medians
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
    sql = f"SELECT {count_failing()} FROM read_parquet(?)"  # noqa: S608 - the benchmark's own
    before, after = (duckdb.execute(sql, [str(path)]).fetchone() or () for path in (dirty, clean))
    assert len(CHECKS) == len(before) == 20
    assert max(after) < ROWS / 20
    assert sum(before) > ROWS


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
