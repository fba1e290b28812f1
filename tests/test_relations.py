from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.source import Source
from rdc.engines.duckdb import DuckDBEngine
from rdc.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["memory", "scratch"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(scratch=tmp_path / "scratch" if request.param == "scratch" else None)
    yield made
    made.close()


def test_a_relation_is_made_of_what_it_was(engine: DuckDBEngine) -> None:
    engine.load("numbers", {"n": ["1", "2", None]})
    engine.make("numbers", "SELECT __rdc_row, n || '!' AS n FROM numbers WHERE n IS NOT NULL")
    engine.define("shown", "SELECT n FROM numbers")
    engine.make("numbers", "SELECT * FROM numbers ORDER BY n DESC")
    assert engine.query("FROM shown") == [("2!",), ("1!",)]
    engine.make("shown", "SELECT n || n AS n FROM shown")
    assert engine.query("FROM shown") == [("2!2!",), ("1!1!",)]
    engine.load("shown", {"n": ["table again"]})
    assert engine.query("SELECT n FROM shown") == [("table again",)]
    for name in ("shown", "numbers", "numbers"):
        engine.drop(name)
    with pytest.raises(SourceError, match="does not exist"):
        engine.query("FROM numbers")


def test_files_of_relations_go_with_them(tmp_path: Path) -> None:
    engine = DuckDBEngine(scratch=tmp_path / "scratch")
    engine.make("kept", "SELECT range AS n FROM range(10)")
    engine.make("kept", "SELECT n + 1 AS n FROM kept")
    assert len([*(tmp_path / "scratch").glob("*.parquet")]) == 1
    engine.drop("kept")
    assert not [*(tmp_path / "scratch").glob("*.parquet")]
    engine.close()


def test_answers_are_looked_up_by_several_texts(engine: DuckDBEngine) -> None:
    engine.answer("find", {("a", None): "1", ("a", "b"): None})
    engine.answer("find", {("a", None): "2", ("a", "b"): "3"})
    found = engine.query("SELECT find(['a', NULL]), find(['a', 'b']), find(['b', 'a'])")
    assert found == [("2", "3", None)]


@pytest.mark.parametrize(("columns", "limit"), [(3, "64.0 MiB"), (60, "320.0 MiB")])
def test_wide_rows_may_take_more_memory(tmp_path: Path, columns: int, limit: str) -> None:
    names = [f"c{number}" for number in range(columns)]
    (tmp_path / "wide.csv").write_text(f"{','.join(names)}\n{','.join(names)}\n", encoding="utf-8")
    engine = DuckDBEngine(scratch=tmp_path / "scratch", memory=64 << 20)
    assert engine.stage(Source(name="s", format="csv", path="wide.csv"), tmp_path, "wide").rows == 1
    assert engine.query("SELECT current_setting('memory_limit')") == [(limit,)]
    engine.close()
