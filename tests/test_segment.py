# ruff: noqa: S608  # names of our own
"""What one SELECT does is what each function would do by itself, one row after the other."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import UniqueRule
from rdc.artifacts.module import Record
from rdc.artifacts.transform import MapEntry, Transform
from rdc.engines.duckdb import DuckDBEngine
from rdc.engines.engine import StagedTable
from rdc.execution.lowerer import lower_functions
from rdc.harness.sandbox import Sandbox
from rdc.lowering.pipeline import lower_record
from rdc.runtime import planner
from rdc.runtime.applier import apply_stages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rdc.artifacts.plan import Cell
    from rdc.runtime.applier import Applied

AUTHOR = Author(kind="synthesis")
FUNCTIONS = {
    "trim_a": "def trim_a(value):\n    if value == 'boom':\n        raise ValueError(value)\n"
    "    return value.strip().lower() if value else None\n",
    "fill_a": "def fill_a(value):\n    return '' if value is None else value.replace('x', 'y')\n",
    "cut_a": "def cut_a(value):\n    if value == 'yy':\n        raise KeyError(value)\n    return value[:3]\n",
    "count_b": "def count_b(value):\n    return str(int(value))\n",
    "large_c": "def large_c(value):\n    return value.upper() if value else value\n",
    "split": "def split(row):\n    if row['c'] == 'bad':\n        raise ValueError('bad')\n"
    "    return {'c': row['a'], 'n': (row['a'] or '') + '/' + (row['c'] or '')}\n",
}
VALUES: tuple[Cell, ...] = (
    None, "", " ", "x", "xx", "XX ", "boom", "É", "ß", "İ", "a\u00a0b", "  a  b ", "yy", "YY", "12", "-7", "٣",
    "a'b", "\tq\n", "bad", "日本", "longer text here",
)  # fmt: skip
ENTRIES = (("x", "X!"), ("É", None), ("it's", "z"), ("", "empty"), ("12", "\n"))


def make(kind: Any, name: str, reads: str, writes: str | None = None, **extra: Any) -> Transform:
    written = tuple(reads if writes is None else writes)
    return Transform(
        kind=kind, name=name, reads=tuple(reads), writes=written, author=AUTHOR, goal="", **extra
    )


TRIM, FILL, CUT = (make("column", name, "a") for name in ("trim_a", "fill_a", "cut_a"))
COUNT, LARGE = make("column", "count_b", "b"), make("column", "large_c", "c")
NAMES = make(
    "map", "names", "b", entries=tuple(MapEntry(value=v, becomes=b, evidence="") for v, b in ENTRIES)
)
SPLIT = make("row", "split", "ac", "cn")
UNIQUE = make("rule", "once", "b", "", rule=UniqueRule(unique=("b",)))
CHAINS = {
    "three functions of one column, a map and another column": (TRIM, NAMES, FILL, CUT, LARGE),
    "a row function between functions of what it reads and writes": (TRIM, COUNT, SPLIT, FILL, LARGE),
    "a row function first": (SPLIT, TRIM, LARGE, NAMES),
    "a rule in between": (COUNT, TRIM, FILL, UNIQUE, CUT, LARGE),
}


class Follower:
    """The same in plain Python: rows, changes, rows that were taken out, and rows that failed."""

    def __init__(self, columns: dict[str, list[Cell]]) -> None:
        cells = enumerate(zip(*columns.values(), strict=True))
        self.rows = {at: dict(zip(columns, values, strict=True)) for at, values in cells}
        self.keys = {at: _write_key(row["b"]) for at, row in self.rows.items()}
        self.changes: list[tuple[Any, ...]] = []
        self.removed: list[tuple[Any, ...]] = []
        self.failed: list[tuple[int, str]] = []
        self.scope: dict[str, Any] = {}
        for source in FUNCTIONS.values():
            exec(source, self.scope)  # noqa: S102 - the functions above

    def take_step(self, step: int, transforms: Sequence[Transform]) -> None:
        """Do one stage."""
        made: list[tuple[int, str, str, Cell]] = []
        for transform in transforms:
            if transform.kind == "rule":
                self._keep_first(step, transform.name)
            for at, row in self.rows.items() if transform.kind != "rule" else ():
                try:
                    new = self._call(transform, row)
                except Exception as error:  # noqa: BLE001 - whatever a function raises
                    self.failed.append((at, f"{transform.name}: {type(error).__name__}: {error}"))
                else:
                    made += [(at, transform.name, name, value) for name, value in new.items()]
        for at, _ in self.failed:
            self.rows.pop(at, None)
        for at, transform_name, name, value in made:
            row = self.rows.get(at, {name: value})
            if name in row and row[name] != value:
                self.changes.append((at, self.keys[at], name, row[name], value, transform_name, step))
            row[name] = value

    def _call(self, transform: Transform, row: dict[str, Cell]) -> dict[str, Cell]:
        if transform.kind == "row":
            found: dict[str, Cell] = self.scope[transform.name]({name: row[name] for name in transform.reads})
            return found
        [name] = transform.reads
        if transform.kind == "map":
            return {name: transform.mapping.get(str(row[name]), row[name]) if row[name] is not None else None}
        return {name: self.scope[transform.name](row[name])}

    def _keep_first(self, step: int, name: str) -> None:
        seen: set[Cell] = set()
        for at, row in list(self.rows.items()):
            if row["b"] and row["b"] in seen:
                self.removed.append((at, self.keys[at], name, step))
                del self.rows[at]
            seen.add(row["b"])


def _write_key(value: Cell) -> str:
    return json.dumps({"b": value}, separators=(",", ":"), ensure_ascii=False)


def follow(transforms: Sequence[Transform], columns: dict[str, list[Cell]]) -> dict[str, Any]:
    record = Record(
        cleaner="t", columns=tuple(columns), types={}, transforms=tuple(transforms), expectations=()
    )
    follower = Follower(columns)
    for step, stage in enumerate(lower_record(record, tuple(columns)), 1):
        follower.take_step(step, stage.transforms)
    return {
        "rows": [(at, *row.values()) for at, row in follower.rows.items()],
        "changes": sorted(follower.changes, key=lambda change: (change[6], change[2], change[0])),
        "removed": follower.removed,
        "failed": sorted(follower.failed),
    }


def describe(engine: DuckDBEngine, applied: Applied) -> dict[str, Any]:
    return {
        "rows": engine.query(f"FROM {applied.table}"),
        "changes": engine.query(f"FROM {applied.changes}"),
        "removed": engine.query(f"FROM {applied.removed}"),
        "failed": engine.query(f"FROM {applied.failed} ORDER BY ALL"),
    }


ALL_NAMES = (
    "SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal"
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


WAYS: dict[str, dict[str, int]] = {
    "sql, held": {"planner.FEW": 0},
    "sql, joined": {"planner.FEW": 0, "answers.HELD": -1},
    "values, listed": {},
    "values, joined": {"answers.LOOKUP": 0},
}


def go(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "RESIDUAL", 1.0)
    for name, most in WAYS[way].items():
        monkeypatch.setattr(f"rdc.runtime.{name}", most)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("chain", CHAINS)
def test_segments_give_what_plain_python_gives(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sandbox: Sandbox, chain: str, way: str
) -> None:
    go(way, monkeypatch)
    draw, transforms = random.Random(chain), CHAINS[chain]  # noqa: S311 - the same each time
    columns = {name: draw.choices(VALUES, k=80) for name in ("a", "b", "c", "word", "item")}
    lowered = lower_functions(transforms, FUNCTIONS)
    record = Record(cleaner="t", columns=tuple(columns), types={}, transforms=transforms, expectations=())
    expected = follow(transforms, columns)
    options: list[dict[str, Any]] = [
        {"lowered": {}},
        {"lowered": lowered},
        {"lowered": lowered, "path": tmp_path / "c.parquet"},
    ]
    for chosen in options:
        engine = DuckDBEngine(scratch=tmp_path / "scratch")
        staged = engine.load("source", columns)
        stages = lower_record(record, staged.columns)
        applied = apply_stages(engine, staged, stages, FUNCTIONS, sandbox, key=("b",), **chosen)
        assert describe(engine, applied) == expected
        assert sum(applied.counts.values()) == len(expected["changes"])
        functions = [part for part in applied.plan if "names" not in part["transforms"]]
        assert {part["strategy"] for part in functions} == {
            "sql" if way.startswith("sql") and chosen["lowered"] else "values"
        }
        left = {name for (name,) in engine.query(ALL_NAMES)}
        read = applied.table.removesuffix("_out")
        reports = {applied.changes, applied.removed, applied.failed}
        assert {name for name in left if not name.startswith(read)} == {"source", *reports}
        engine.close()
        assert not (tmp_path / "scratch").exists()


@pytest.mark.parametrize("way", WAYS)
def test_many_rows_stay_in_their_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sandbox: Sandbox, way: str
) -> None:
    go(way, monkeypatch)
    engine = DuckDBEngine(threads=4, scratch=tmp_path / "scratch")
    value = "CASE WHEN range % 50 = 0 THEN 'É' || range % 700 ELSE ' v' || range % 900 END"
    engine.execute(
        f"CREATE TABLE source AS SELECT range AS __rdc_row, {value} AS a, 'x' AS b FROM range(700_000)"
    )
    staged = StagedTable("source", ("a", "b"), rows=700_000)
    record = Record(cleaner="t", columns=("a", "b"), types={}, transforms=(TRIM,), expectations=())
    applied = apply_stages(
        engine, staged, lower_record(record, staged.columns), FUNCTIONS, sandbox,
        lowered=lower_functions((TRIM,), FUNCTIONS), path=tmp_path / "changes.parquet",
    )  # fmt: skip
    for table, row in ((applied.table, "__rdc_row"), (applied.changes, '"row"')):
        late = f"SELECT count(*) FROM (SELECT {row} <= lag({row}) OVER () AS late FROM {table}) WHERE late"
        assert engine.query(late) == [(0,)]
    assert engine.query(f"SELECT count(*), count(DISTINCT a) FROM {applied.table}") == [(700_000, 896)]
    engine.close()


def test_a_table_without_rows_has_no_changes(sandbox: Sandbox) -> None:
    engine = DuckDBEngine()
    staged = engine.load("source", {"a": [], "b": [], "c": []})
    record = Record(cleaner="t", columns=staged.columns, types={}, transforms=(TRIM, NAMES), expectations=())
    stages = lower_record(record, staged.columns)
    applied = apply_stages(
        engine, staged, stages, FUNCTIONS, sandbox, lowered=lower_functions(record.transforms, FUNCTIONS)
    )
    assert describe(engine, applied) == {"rows": [], "changes": [], "removed": [], "failed": []}
    engine.close()


def test_a_function_that_may_not_be_used_is_not_lowered() -> None:
    assert sorted(lower_functions((TRIM, FILL), FUNCTIONS)) == ["fill_a", "trim_a"]
    assert lower_functions((TRIM, FILL), FUNCTIONS, lambda transform, *_: transform is FILL).keys() == {
        "fill_a"
    }
