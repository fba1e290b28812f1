# ruff: noqa: ARG002, D102, S608  # a protocol's own arguments; names are the tables'
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import UniqueRule
from rdc.artifacts.module import Record
from rdc.artifacts.outcome import Outcome, RowOutcome
from rdc.artifacts.transform import MapEntry, Transform
from rdc.engines.duckdb import DuckDBEngine
from rdc.harness.sandbox import Sandbox
from rdc.lowering.pipeline import lower_record
from rdc.runtime.applier import Applied, FunctionError, apply_stages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdc.artifacts.plan import Cell, Row
    from rdc.artifacts.stage import Stage

AUTHOR = Author(kind="synthesis")
SOURCE: dict[str, list[Cell]] = {
    "id": ["1", "2", "2", "4"],
    "size": ["12 oz", None, "16", "boom"],
    "state": ["OR", "or", "or", "CA"],
    "place": ["Bend, OR", "Reno", "Reno", None],
}
SIZE = Transform(
    kind="column", name="clean_size", reads=("size",), writes=("size",), author=AUTHOR, goal="no unit"
)
STATE = Transform(
    kind="map",
    name="state_names",
    reads=("state",),
    writes=("state",),
    author=AUTHOR,
    goal="upper",
    entries=(MapEntry(value="or", becomes="OR", evidence="1 to 9"),),
)
PLACE = Transform(
    kind="row",
    name="split_place",
    reads=("place", "state"),
    writes=("place", "city"),
    author=AUTHOR,
    goal="split",
)
UNIQUE = Transform(
    kind="rule",
    name="unique_id",
    reads=("id",),
    writes=(),
    author=AUTHOR,
    goal="",
    rule=UniqueRule(unique=("id",)),
)
FUNCTIONS = {
    "clean_size": "def clean_size(value):\n    if value == 'boom':\n        raise ValueError(value)\n"
    "    return value and value.removesuffix(' oz')\n",
    "split_place": "def split_place(row):\n    if row['place'] is None:\n        return {'city': None}\n"
    "    return {'place': None, 'city': row['place'].split(',')[0]}\n",
}
TRANSFORMS = (SIZE, STATE, PLACE, UNIQUE)


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine()
    yield engine
    engine.close()


def lower(transforms: Sequence[Transform], columns: Sequence[str]) -> tuple[Stage, ...]:
    record = Record(
        cleaner="beers", columns=tuple(columns), types={}, transforms=tuple(transforms), expectations=()
    )
    return lower_record(record, columns)


def apply(engine: DuckDBEngine, transforms: Sequence[Transform], key: Sequence[str] = ()) -> Applied:
    staged = engine.load("source", SOURCE)
    with Sandbox() as sandbox:
        return apply_stages(engine, staged, lower(transforms, staged.columns), FUNCTIONS, sandbox, key=key)


def test_stages_are_applied_in_order_and_a_row_whose_value_raises_goes_no_further(
    engine: DuckDBEngine,
) -> None:
    applied = apply(engine, TRANSFORMS)
    assert applied.columns == ("id", "size", "state", "place", "city")
    assert engine.query(f"FROM {applied.table} ORDER BY __rdc_row") == [
        (0, "1", "12", "OR", None, "Bend"),
        (1, "2", None, "OR", None, "Reno"),
    ]
    assert engine.query(f"FROM {applied.failed}") == [(3, "clean_size: ValueError: boom")]
    assert applied.errors == (FunctionError("clean_size", 1, 1, "ValueError: boom"),)


def test_every_altered_cell_and_every_removed_row_is_reported_with_the_key_of_the_source(
    engine: DuckDBEngine,
) -> None:
    applied = apply(engine, TRANSFORMS, ("id", "size"))
    first, second = '{"id":"1","size":"12 oz"}', '{"id":"2","size":null}'
    third = '{"id":"2","size":"16"}'
    assert engine.query(f"FROM {applied.changes}") == [
        (0, first, "size", "12 oz", "12", "clean_size", 1),
        (1, second, "state", "or", "OR", "state_names", 1),
        (2, third, "state", "or", "OR", "state_names", 1),
        (0, first, "place", "Bend, OR", None, "split_place", 2),
        (1, second, "place", "Reno", None, "split_place", 2),
        (2, third, "place", "Reno", None, "split_place", 2),
    ]
    assert engine.query(f"FROM {applied.removed}") == [(2, third, "unique_id", 3)]
    assert applied.counts == {
        ("clean_size", "size"): 1,
        ("state_names", "state"): 2,
        ("split_place", "place"): 3,
    }


def test_without_stages_the_table_is_the_source(engine: DuckDBEngine) -> None:
    applied = apply(engine, ())
    assert applied.columns == tuple(SOURCE)
    assert engine.query(f"SELECT count(*) FROM {applied.table}") == [(4,)]
    assert engine.query("SELECT count(*) FROM source") == [(4,)]


class Counting:
    """An evaluator that counts the values that it is asked for."""

    def __init__(self) -> None:
        self.seen: list[Cell] = []

    def map_column(self, source: str, name: str, values: Sequence[Cell]) -> list[Outcome]:
        self.seen += values
        return [Outcome(value and value.upper()) for value in values]

    def map_rows(self, source: str, name: str, rows: Sequence[Row]) -> list[RowOutcome]:
        return [RowOutcome({}) for _ in rows]


def test_a_function_runs_once_for_each_distinct_value(engine: DuckDBEngine) -> None:
    staged = engine.load("source", {"size": ["a", None, "a", "b"] * 50})
    evaluator = Counting()
    applied = apply_stages(engine, staged, lower([SIZE], ["size"]), {"clean_size": ""}, evaluator)
    assert evaluator.seen == ["a", "b", None]
    assert engine.query(f"SELECT size, count(*) FROM {applied.table} GROUP BY ALL ORDER BY 1") == [
        ("A", 100),
        ("B", 50),
        (None, 50),
    ]


def test_a_row_function_that_leaves_a_column_unset_that_it_does_not_read_has_failed(
    engine: DuckDBEngine,
) -> None:
    staged = engine.load("source", {"place": ["x"], "state": ["y"]})
    applied = apply_stages(engine, staged, lower([PLACE], staged.columns), {"split_place": ""}, Counting())
    assert applied.errors == (FunctionError("split_place", 1, 1, "KeyError: it set no city"),)
    assert engine.query(f"SELECT count(*) FROM {applied.table}") == [(0,)]
